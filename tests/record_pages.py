"""The recorded pages of `tests/corpus/pages`: what the demo press shows, beside what `presswatch inspect page` reads.

    python -m tests.record_pages

    the press on its last evening | one page an outlet, and the special ones | NAME.html, NAME.expected.json

Both files are rewritten, and the difference is to be reviewed like any code: a changed expectation is a change of what
readers get. Says on the way where a reading departs from what the press itself knows to be true.
"""

import io
import json
import os
import sys
from collections.abc import Iterator
from contextlib import redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pipelines.cli.main import main as presswatch
from pipelines.demo import pages
from pipelines.demo.press import ZONE, Fault, Item, Outlet, Press, Request
from pipelines.demo.world import moment

PAGES = Path(__file__).parent / "corpus" / "pages"
EVENING = moment("d5 20:00")  # everything is out, mended and corrected
Row = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """One page to be recorded.

    Attributes:
        name: of its files.
        item: the article that it shows; None: it shows none.
    """

    name: str
    url: str
    body: bytes
    item: Item | None = None

    @property
    def page(self) -> Path:
        """The bytes as served."""
        return PAGES / f"{self.name}.html"

    @property
    def expected(self) -> Path:
        """The address, and what is read there."""
        return PAGES / f"{self.name}.expected.json"


def recorded(press: Press) -> Iterator[Recorded]:
    """Every page worth recording, chosen by rule: a text that is rewritten changes pages, not the list of them."""
    for outlet in press.outlets:
        yield _shown(press, f"{pages.template_of(outlet)}-{outlet.outlet_id}", _signed(press, outlet))
    amp = next(_signed(press, outlet) for outlet in press.outlets if pages.has_amp(outlet))
    yield _shown(press, "amp", amp, amp.url.replace(amp.path, f"/amp{amp.path}"))
    for fault, name in (
        (Fault.PAYWALL, "paywall"),
        (Fault.CORRECTION, "corrected"),
        (Fault.WRONG_CHARSET, "windows-1252"),
    ):
        yield _shown(press, name, press.victim(fault))
    consent = press.victim(Fault.CONSENT_WALL)
    yield _plain(press, "consent", consent.url)
    yield _plain(press, "index", _home(amp))
    yield _plain(press, "index-of-section", f"{_home(amp)}{amp.section}")


def _signed(press: Press, outlet: Outlet) -> Item:
    """Of an outlet's articles in which nothing goes wrong, the first with the most authors."""
    struck = {item.key for fault in Fault for item in press.victims(fault)}
    own = [i for i in press.articles if i.outlet_id == outlet.outlet_id and i.key not in struck]
    return max(own, key=lambda item: len(item.authors))


def _home(item: Item) -> str:
    return f"http://{urlsplit(item.url).netloc}/"


def _shown(press: Press, name: str, item: Item, url: str | None = None) -> Recorded:
    return Recorded(name=name, url=url or item.url, body=_body(press, url or item.url), item=item)


def _plain(press: Press, name: str, url: str) -> Recorded:
    return Recorded(name=name, url=url, body=_body(press, url))


def _body(press: Press, url: str) -> bytes:
    parts = urlsplit(url)
    response = press.respond(Request(parts.netloc, parts.path, parts.query, {}), EVENING)
    if response.status != 200:
        raise LookupError(f"{url}: {response.status}")
    return response.body


def inspected(page: Path, url: str) -> Row:
    """What the command says of a page, without the name of its file."""
    said = io.StringIO()
    try:
        with redirect_stdout(said):
            presswatch(["inspect", "page", str(page), "--url", url])
    except SystemExit as ended:
        if ended.code:
            raise
    (line,) = said.getvalue().splitlines()
    answer: Row = json.loads(line)
    del answer["file"]
    return answer


def departures(item: Item, answer: Row) -> list[str]:
    """Where a reading is not what the press knows of its article."""
    version = item.version(EVENING)
    text = answer["text"] or ""
    found = [f"lost: {paragraph[:60]}" for paragraph in version.paragraphs if paragraph not in text]
    day = (answer["published_at"] or "")[:10]
    read = {
        "title": answer["title"],
        "authors": answer["authors"],
        "canonical_url": answer["canonical_url"],
        "day": day,
    }
    true = {"title": version.title, "authors": list(item.authors), "canonical_url": item.url, "day": local_day(item)}
    return found + [f"{what}: {read[what]!r}, in truth {true[what]!r}" for what in true if read[what] != true[what]]


def local_day(item: Item) -> str:
    """The day of publication, as the outlet's readers call it."""
    return item.published_at.astimezone(ZONE).date().isoformat()


def main() -> None:
    """Rewrite all files."""
    os.environ["PRESSWATCH_NOW"] = EVENING.isoformat()  # dates ahead of the clock would not be believed
    PAGES.mkdir(parents=True, exist_ok=True)
    for old in PAGES.iterdir():
        old.unlink()
    for one in recorded(Press.load()):
        one.page.write_bytes(one.body)
        answer = inspected(one.page, one.url)
        text = json.dumps({"url": one.url, **answer}, ensure_ascii=False, indent=1)
        one.expected.write_text(text + "\n", encoding="utf-8")
        for departure in departures(one.item, answer) if one.item else ():
            sys.stdout.write(f"{one.name}: {departure}\n")


if __name__ == "__main__":
    main()
