"""Entries of real feeds say what their document says: read a second time, by another parser, item by item."""

from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urljoin
from xml.etree import ElementTree as ET

import pytest

from pipelines.adapters.feeds import parse_feed
from pipelines.core.nouns import Entry, ParsedFeed
from tests.quality.corpora import real_data

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
BASE = "http://feeds.example/feed"
Pairs = list[tuple[str, ET.Element, Entry]]


def _local(name: object) -> str:
    return str(name).rsplit("}", 1)[-1]


def _said(item: ET.Element, *names: str) -> list[str]:
    """The texts of an item's own elements of these names, in any namespace."""
    found = (" ".join((child.text or "").split()) for child in item if _local(child.tag) in names)
    return [text for text in found if text]


def _pairs() -> Iterator[tuple[str, ET.Element, Entry]]:
    """Every item of a well-formed XML feed, as the standard library reads it, beside our entry."""
    for path in sorted((real_data() / "feeds").glob("*")):
        body = path.read_bytes()
        try:
            root = ET.fromstring(body)  # noqa: S314 (the files are known)
        except (ET.ParseError, ValueError):  # not well-formed, or in an encoding that expat does not have
            continue
        items = [e for e in root.iter() if _local(e.tag) in {"item", "entry"}]
        parsed = parse_feed(body, url=BASE, now=NOW)
        assert isinstance(parsed, ParsedFeed), path.name
        assert len(parsed.entries) == len(items), path.name
        yield from ((path.name, item, entry) for item, entry in zip(items, parsed.entries, strict=True))


@pytest.fixture(scope="module")
def pairs() -> Pairs:
    if not (real_data() / "feeds").is_dir():
        pytest.skip(f"no real feeds in {real_data()}; set PRESSWATCH_EVAL to the folder of real data")
    found = list(_pairs())
    assert len(found) > 1_000
    return found


def test_ids_are_those_of_the_document(pairs: Pairs) -> None:
    said = [(name, _said(item, "guid", "id"), entry.declared_id) for name, item, entry in pairs]
    assert [told for told in said if told[1] and told[2] not in told[1]] == []


def test_links_are_those_of_the_document(pairs: Pairs) -> None:
    wrong = []
    for name, item, entry in pairs:
        links = _said(item, "link") + [c.get("href", "") for c in item if _local(c.tag) == "link" and c.get("href")]
        stand_in = _said(item, "guid", "id")  # a permalink where there is no link
        if (entry.url or "") not in ({urljoin(BASE, link) for link in links} or {*stand_in, ""}):
            wrong.append((name, links, entry.url))
    assert wrong == []


def test_an_entry_has_a_date_where_its_item_has_one_that_can_be_read(pairs: Pairs) -> None:
    names = ("pubDate", "published", "updated", "date", "issued", "modified", "created")
    dated = [(name, _said(item, *names), entry) for name, item, entry in pairs]
    assert [(n, said) for n, said, e in dated if any(map(_is_date, said)) and e.published.precision is None] == []


def _is_date(text: str) -> bool:
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            return 1995 <= read(text).year <= NOW.year
        except (ValueError, TypeError):
            continue
    return False
