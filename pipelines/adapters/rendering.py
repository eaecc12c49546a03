"""The one door to Jinja: a digest's content as a page, as mail and as plain text. The same content, the same bytes.

content | wording of its language | chart | one set of templates | page, mail (styles inlined, pictures) or text
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from pipelines.adapters.charts import as_png
from pipelines.adapters.inlining import inlined
from pipelines.adapters.letters import Letter, as_eml
from pipelines.adapters.wording import Wording, direction, wording
from pipelines.core.charts import Bar, Chart, volume_chart

FORMATS = {"html": "html", "txt": "text", "json": "json", "eml": "eml"}  # by file suffix
LARGEST_MAIL = 100_000  # bytes of HTML: Gmail clips at 102 kB
_VOLUME = "volume"  # the picture's content id


@dataclass(frozen=True, slots=True)
class _Room:
    """How many lines of lists a mail shows, so that it is not clipped; the text beside it always has all."""

    also: int
    articles: int
    troubled: int


_PAGE = _Room(10**9, 10**9, 10**9)
_MAILS = (_Room(40, 10, 20), _Room(15, 4, 10), _Room(0, 1, 5), _Room(0, 0, 0))


def render_digest(content: Mapping[str, Any], kind: str) -> bytes:
    """A digest as `html`, `text`, `json` or `eml`."""
    if kind == "json":
        return (json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False) + "\n").encode()
    if kind == "eml":
        return as_eml(letter_of(content))
    name = {"html": "digest.html.j2", "text": "digest.txt.j2"}[kind]
    return _rendered(content, name, medium="page", room=_PAGE).encode()


def _rfc822(iso: str) -> str:
    """`Thu, 12 Nov 2026 06:00:00 +0000`, as RSS wants it."""
    return format_datetime(datetime.fromisoformat(iso))


def letter_of(content: Mapping[str, Any]) -> Letter:
    """A digest as mail; its HTML is under `LARGEST_MAIL` bytes."""
    words = wording(content["language"])
    chart = _chart(content, words)
    html = ""
    for room in _MAILS:
        html = inlined(_rendered(content, "digest.html.j2", medium="mail", room=room))
        if len(html.encode()) < LARGEST_MAIL:
            break
    return Letter(
        letter_id=content["digest_id"],
        subject=f"{content['title']}: {words.day(content['day'])}",
        language=content["language"],
        written_at=datetime.fromisoformat(content["window"]["closes_at"]),
        text=_rendered(content, "digest.txt.j2", medium="mail", room=_PAGE),
        html=html,
        pictures={_VOLUME: as_png(chart)} if chart and "numbers" in content["sections"] else {},
    )


def alert_letter(content: Mapping[str, Any]) -> Letter:
    """An alert as mail: a few lines of text."""
    text = environment(content["language"]).get_template("alert.txt.j2").render(d=content)
    return Letter(
        letter_id=content["alert_id"],
        subject=f"{content['title']}: {content['stories'][0]['headline']}",
        language=content["language"],
        written_at=datetime.fromisoformat(content["raised_at"]),
        text=text,
        html="",
    )


def _chart(content: Mapping[str, Any], words: Wording) -> Chart | None:
    numbers = content["numbers"]
    bars = [Bar(day=d["day"], value=d["articles"], is_gap=d["is_gap"]) for d in numbers["volume"]]
    usual = numbers["baseline_28"] or numbers["baseline_7"]
    return volume_chart(bars, usual["mean"] if usual else None, words.numeric_day)


def _rendered(content: Mapping[str, Any], name: str, *, medium: str, room: _Room) -> str:
    return filled(content, name, medium=medium, room=room, heading=wording(content["language"]).day(content["day"]))


def filled(content: Mapping[str, Any], name: str, **more: Any) -> str:  # noqa: ANN401 (whatever a template names)
    """A template with a digest's content, in its language and its readers' zone.

    Args:
        more: names of the template: `site` on pages of the archive site, `medium` and `room` for mail.
    """
    words = wording(content["language"])
    given = {"medium": "page", "room": _PAGE, "site": None, **more}
    template = environment(content["language"]).get_template(name)
    return template.render(
        d=content, zone=ZoneInfo(content["window"]["time_zone"]), chart=_chart(content, words), **given
    )


@cache
def environment(language: str) -> Environment:
    """Templates with the words, dates and numbers of a language."""
    made = Environment(
        loader=PackageLoader("pipelines", "templates"),
        autoescape=select_autoescape(["html.j2", "xml.j2"], default=False),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        extensions=["jinja2.ext.i18n"],
    )
    words = wording(language)
    made.install_gettext_translations(words.translations, newstyle=True)  # type: ignore[attr-defined]
    made.filters |= {
        "day": words.day, "short_day": words.short_day, "moment": words.moment, "language": words.language_name,
        "number": words.number, "direction": direction, "rfc822": _rfc822,
    }  # fmt: skip
    made.globals |= {"share": words.share}
    return made
