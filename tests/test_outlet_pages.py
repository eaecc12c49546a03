"""A recorded page of every outlet of the demo press, beside what `presswatch inspect page` is to read from it.

`python -m tests.record_pages` records both anew; the difference is reviewed.
"""

import json

import pytest

from pipelines.demo import pages
from pipelines.demo.press import Press
from tests.record_pages import EVENING, PAGES, Recorded, Row, inspected, local_day, recorded

RECORDED = {one.name: one for one in recorded(Press.load())}
SHOWING = sorted(name for name, one in RECORDED.items() if one.item)


def expected(one: Recorded) -> Row:
    answer: Row = json.loads(one.expected.read_text(encoding="utf-8"))
    return answer


@pytest.mark.parametrize("name", sorted(RECORDED))
def test_a_recorded_page_reads_as_expected(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRESSWATCH_NOW", EVENING.isoformat())
    one = RECORDED[name]
    wanted = expected(one)
    assert wanted.pop("url") == one.url
    assert inspected(one.page, one.url) == wanted


@pytest.mark.parametrize("name", sorted(RECORDED))
def test_a_recorded_page_is_what_the_press_shows(name: str) -> None:
    one = RECORDED[name]
    assert one.page.read_bytes() == one.body, "python -m tests.record_pages"


@pytest.mark.parametrize("name", SHOWING)
def test_what_is_expected_is_true(name: str) -> None:
    one = RECORDED[name]
    assert one.item is not None
    wanted, version = expected(one), one.item.version(EVENING)
    assert wanted["title"] == version.title
    assert wanted["canonical_url"] == one.item.url
    assert wanted["text"]
    shown = version.paragraphs[:1] if name == "paywall" else version.paragraphs
    assert [part for part in shown if part not in wanted["text"]] == []
    assert set(wanted["authors"]) <= set(one.item.authors)
    assert (wanted["published_at"] or local_day(one.item)).startswith(local_day(one.item))


def test_every_page_has_its_pair_and_every_outlet_and_template_its_page() -> None:
    assert {p.name for p in PAGES.iterdir()} == {p.name for one in RECORDED.values() for p in (one.page, one.expected)}
    shown = {one.item.outlet_id for one in RECORDED.values() if one.item}
    assert shown == {outlet.outlet_id for outlet in Press.load().outlets}
    templates = {pages.template_of(outlet) for outlet in Press.load().outlets}
    assert {name.partition("-")[0] for name in RECORDED} >= templates | {"amp", "consent", "index", "paywall"}


def test_a_consent_wall_is_named() -> None:
    assert expected(RECORDED["consent"])["rejected"] == "consent_wall"
