"""The pages to be read, with what is true of them: a folder of real ones, or those of the demo press.

FOLDER/truth.jsonl.gz and the files that it names, or the press | Pages, and `pages.jsonl` for the contestants
"""

import gzip
import json
import random
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from benchmarks.extracting.contest import unpacked
from pipelines.demo import pages
from pipelines.demo.press import NO_FAULTS, Item, Press, Request
from pipelines.demo.world import moment

Row = dict[str, Any]
_LAST_EVENING = moment("d5 20:00")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pages:
    """What all contestants read.

    Attributes:
        truths: a row a page, with `id`, `corpus`, `path` and `url`, and what is known of it.
        source: where they come from.
    """

    truths: list[Row]
    source: str

    def digest(self) -> str:
        """Over the bytes of all pages."""
        return sha256(b"".join(sha256(Path(t["path"]).read_bytes()).digest() for t in self.truths)).hexdigest()[:16]

    def size(self) -> int:
        """Bytes, unpacked."""
        return sum(len(unpacked(Path(t["path"]))) for t in self.truths)

    def sample(self, most: int | None) -> "Pages":
        """That many, drawn the same in every run; all for None."""
        if most is None or most >= len(self.truths):
            return self
        return Pages(truths=random.Random(0).sample(self.truths, most), source=self.source)

    def write(self, folder: Path) -> None:
        """For the contestants: identity, place and address of each page, and nothing of its truth."""
        told = ({"id": t["id"], "path": t["path"], "url": t["url"]} for t in self.truths)
        (folder / "pages.jsonl").write_text("".join(json.dumps(t) + "\n" for t in told), encoding="utf-8")


def of_folder(folder: Path) -> Pages:
    """A set of real pages."""
    lines = gzip.decompress((folder / "truth.jsonl.gz").read_bytes()).decode().split("\n")
    rows = [json.loads(line) for line in lines if line.strip()]
    truths = [{**r, "path": str((folder / r["file"]).resolve()), "url": r.get("url") or ""} for r in rows]
    return Pages(truths=truths, source=str(folder))


def of_press(folder: Path) -> Pages:
    """Every page of the demo press in which nothing goes wrong, written into a folder."""
    press = Press.load(NO_FAULTS)
    templates = {outlet.outlet_id: pages.template_of(outlet) for outlet in press.outlets}
    return Pages(truths=list(_drawn(press, press.articles, templates, folder)), source="the demo press")


def _drawn(press: Press, items: Iterable[Item], templates: dict[str, str], folder: Path) -> Iterable[Row]:
    for number, item in enumerate(items):
        path = folder / f"{number:04}.html"
        parts = urlsplit(item.url)
        path.write_bytes(press.respond(Request(parts.netloc, parts.path, parts.query, {}), _LAST_EVENING).body)
        yield {
            "id": item.key, "corpus": templates[item.outlet_id], "path": str(path), "url": item.url,
            "title": item.title, "author": list(item.authors), "date": item.published_at.isoformat(),
            "text": "\n".join(item.version(_LAST_EVENING).paragraphs), "optional": [item.lead],
        }  # fmt: skip
