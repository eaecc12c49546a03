"""Which of the things a page, a feed and an extractor say is believed."""

from datetime import UTC, date, datetime

import pytest

from pipelines.core.dates import dated
from pipelines.core.metadata import choose_authors, choose_canonical, choose_date, choose_title
from pipelines.core.nouns import UNDATED, Dated
from tests.builders import NOW


@pytest.mark.parametrize(
    ("candidates", "sites", "title"),
    [
        ([("og", "Ministers agree | Harbour Herald")], ["Harbour Herald"], "Ministers agree"),
        ([("og", "Ministers agree – Harbour Herald")], ["harbour herald"], "Ministers agree"),
        ([("title", "Ministers agree - World - Herald"), ("h1", "Ministers agree")], ["Herald"], "Ministers agree"),
        ([("og", "Ministers agree – but not on all"), ("title", "x")], ["Herald"], "Ministers agree – but not on all"),
        ([("og", "Chat-control: a primer")], ["primer"], "Chat-control: a primer"),
        ([("jsonld", "First"), ("h1", "Second")], [], "First"),
        ([("og", "  Two \n lines ")], [], "Two lines"),
        ([], ["Herald"], None),
    ],
)
def test_a_title_is_the_first_without_its_sites_name(
    candidates: list[tuple[str, str]], sites: list[str], title: str | None
) -> None:
    assert choose_title(candidates, sites) == title


@pytest.mark.parametrize(
    ("raw", "names"),
    [
        (["By Ana Novak"], ("Ana Novak",)),
        (["von Karl Weiss"], ("Karl Weiss",)),
        (["Par Rosa Lind et Piet Maas"], ("Rosa Lind", "Piet Maas")),
        (["Ana Novak, Piet Maas and Rosa Lind"], ("Ana Novak", "Piet Maas", "Rosa Lind")),
        (["Ana Novak", "Ana Novak"], ("Ana Novak",)),
        (["Jean-Paul van den Berg"], ("Jean-Paul van den Berg",)),
        (["dpa"], ()),
        (["Redaktion"], ()),
        (["desk@herald.example"], ()),
        (["https://herald.example/ana"], ()),
        (["Reuters Staff"], ()),
        (["ana novak"], ()),
        (["Novak"], ()),
        (["Harbour Herald"], ()),
        ([""], ()),
        ([], ()),
        (["Ana Novak | Piet Maas / Rosa Lind; Olga Baran"], ("Ana Novak", "Piet Maas", "Rosa Lind", "Olga Baran")),
    ],
)
def test_authors_are_names_without_bylines_roles_and_mailboxes(raw: list[str], names: tuple[str, ...]) -> None:
    assert choose_authors([("jsonld", raw)], ["Harbour Herald"]) == names


@pytest.mark.parametrize(
    "name",
    ["Byron Katz", "Apolline Dumas", "Andy Pappas", "Parvati Rao", "Stafford Hale", "Pappas Andy", "Anselm Frei"],
)
def test_a_name_that_begins_like_a_byline_or_an_agency_is_a_name(name: str) -> None:
    assert choose_authors([("jsonld", [name])]) == (name,)


def test_authors_are_of_the_first_source_that_names_any() -> None:
    assert choose_authors([("jsonld", ["dpa"]), ("meta", ["Ana Novak"]), ("feed", ["Piet Maas"])]) == ("Ana Novak",)
    assert choose_authors([]) == ()


ENTRY = dated(datetime(2026, 11, 24, 7, 0, tzinfo=UTC), source="feed:iso")
DAY_ONLY = dated(date(2026, 11, 23), source="feed:iso")


def test_the_pages_instant_is_believed_before_the_feeds() -> None:
    found = choose_date([("jsonld", "2026-11-24T06:00:00Z"), ("meta", "2026-11-20T06:00:00Z")], ENTRY, NOW)
    assert (found.at, found.source) == (datetime(2026, 11, 24, 6, 0, tzinfo=UTC), "jsonld:iso")


def test_an_instant_of_the_feed_is_believed_before_a_bare_date_of_the_page() -> None:
    assert choose_date([("meta", "2026-11-24")], ENTRY, NOW) == ENTRY
    assert choose_date([("meta", "2026-11-24")], DAY_ONLY, NOW).day == date(2026, 11, 24)
    assert choose_date([], DAY_ONLY, NOW) == DAY_ONLY


def test_an_unknown_date_stays_unknown() -> None:
    assert choose_date([("meta", "soon"), ("time", "0000-00-00")], UNDATED, NOW) == UNDATED
    assert choose_date([], Dated(raw="soon"), NOW) == UNDATED


def test_a_date_of_the_future_is_not_believed() -> None:
    assert (
        choose_date([("jsonld", "2031-01-01T00:00:00Z"), ("meta", "2026-11-24T06:00:00Z")], UNDATED, NOW).source
        == "meta:iso"
    )


PAGE = "https://www.harbour-herald.example/n/1?utm_source=x"


@pytest.mark.parametrize(
    ("candidates", "canonical"),
    [
        (["https://harbour-herald.example/n/1"], "https://harbour-herald.example/n/1"),
        (["https://other.example/n/1", "https://m.harbour-herald.example/n/1"], "https://m.harbour-herald.example/n/1"),
        (["https://harbour-herald.example/"], None),
        (["https://harbour-herald.example"], None),
        (["/n/1"], None),
        (["javascript:void(0)"], None),
        (["https://[::1"], None),
        ([""], None),
        ([], None),
    ],
)
def test_a_canonical_is_a_page_of_the_same_site(candidates: list[str], canonical: str | None) -> None:
    assert choose_canonical(candidates, PAGE) == canonical


def test_a_page_alone_is_believed_on_its_own_address() -> None:
    assert choose_canonical(["https://harbour-herald.example/n/1"], None) == "https://harbour-herald.example/n/1"
