"""Which of the things a page, a feed and an extractor say is believed."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.core.dates import dated
from pipelines.core.metadata import choose_authors, choose_canonical, choose_date, choose_title, date_in_url
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
        (["dpa"], ("dpa",)),
        (["Ana Novak, dpa"], ("Ana Novak",)),
        (["Ana Novak Associated Press"], ("Ana Novak",)),
        (["By ANA NOVAK The Associated Press"], ("ANA NOVAK",)),
        (["The Associated Press"], ("The Associated Press",)),
        (["Thomson Reuters"], ("Thomson Reuters",)),
        (["Redaktion"], ()),
        (["admin"], ()),
        (["webredactie"], ()),
        (["desk@herald.example"], ()),
        (["https://herald.example/ana"], ()),
        (["Reuters Staff"], ("Reuters Staff",)),
        (["ana novak"], ("ana novak",)),
        (["Novak"], ("Novak",)),
        (["amw"], ("amw",)),
        (["Harbour Herald"], ("Harbour Herald",)),
        (["De Croo Alexander"], ("De Croo Alexander",)),
        (["Ana Novak (Brussels)"], ("Ana Novak",)),
        (["Ana Novak, Political editor"], ("Ana Novak",)),
        (["Kommentar von Karl Weiss"], ("Karl Weiss",)),
        (["Av Kari Nordmann og Ola Berg"], ("Kari Nordmann", "Ola Berg")),
        (["Írta: Kovács Anna és Nagy Béla"], ("Kovács Anna", "Nagy Béla")),
        (["Kirjoittaja Aino Virtanen ja Matti Laine"], ("Aino Virtanen", "Matti Laine")),
        (["Автор: Иван Петров"], ("Иван Петров",)),
        (["박준석 기자"], ("박준석",)),
        (["牛镛"], ("牛镛",)),
        ([""], ()),
        ([], ()),
        (["Ana Novak | Piet Maas / Rosa Lind; Olga Baran"], ("Ana Novak", "Piet Maas", "Rosa Lind", "Olga Baran")),
    ],
)
def test_authors_are_names_without_bylines_roles_and_mailboxes(raw: list[str], names: tuple[str, ...]) -> None:
    assert choose_authors([("jsonld", raw)], ["Harbour Herald"]) == names


@pytest.mark.parametrize(
    ("shown", "names"),
    [
        ("By Ana Novak", ("Ana Novak",)),
        ("By Ana Novak December 18, 2025", ("Ana Novak",)),
        ("Ana Novak Jul 18, 2025 7 min", ("Ana Novak",)),
        ("von Karl Weiss, MDR THÜRINGEN", ("Karl Weiss",)),
        ("Written by", ()),
        ("Harbour desk", ()),
        ("Novak", ()),
        ("Share on Facebook", ()),
        ("AFP", ("AFP",)),
    ],
)
def test_a_byline_on_the_page_is_prose_and_one_word_in_it_is_no_name(shown: str, names: tuple[str, ...]) -> None:
    assert choose_authors([("byline", [shown])]) == names


def test_names_in_the_pages_byline_complete_a_field_that_names_some_of_them() -> None:
    field = ("jsonld", ["Ana Novak"])
    assert choose_authors([field, ("byline", ["Piet Maas", "Ana Novak"])]) == ("Piet Maas", "Ana Novak")
    assert choose_authors([field, ("byline", ["By Dr. Ana Novak, Piet Maas"])]) == ("Dr. Ana Novak", "Piet Maas")
    assert choose_authors([field, ("byline", ["Piet Maas", "Rosa Lind"])]) == ("Ana Novak",)
    assert choose_authors([field, ("byline", ["Ana Novak, About Ana Novak"])]) == ("Ana Novak",)
    assert choose_authors([field, ("byline", ["Ana Novak, Special to the Herald"])]) == ("Ana Novak",)


@pytest.mark.parametrize(
    "shown",
    [
        "Written by Ana Novak | Edited by Piet Maas",
        "Ana Novak, medically reviewed by Piet Maas",
        "Ana Novak Fotos: Piet Maas",
        "von Ana Novak, geprüft von Piet Maas",
    ],
)
def test_who_checked_a_text_or_took_its_pictures_is_no_author(shown: str) -> None:
    assert choose_authors([("byline", [shown])]) == ("Ana Novak",)


@pytest.mark.parametrize("said", ["https://social.example/Harbour.Page", "undefined", "x7harbour2q", "harbour9desk"])
def test_an_address_or_an_account_names_nobody(said: str) -> None:
    assert choose_authors([("jsonld", [said]), ("meta", [said])]) == ()


def test_an_outlet_of_two_names_is_no_person_and_its_host_may_be_its_name() -> None:
    assert choose_authors([("jsonld", ["Novak & Maas"])], ["Novak & Maas"]) == ("Novak & Maas",)
    assert choose_authors([("jsonld", ["Herald.example"])], ["herald.example"]) == ("Herald.example",)


def test_people_come_before_desks_and_desks_before_the_outlet_itself() -> None:
    people, desk, own = ("meta", ["Ana Novak"]), ("meta", ["dpa"]), ("jsonld", ["Harbour Herald"])
    assert choose_authors([own, desk, people], ["Harbour Herald"]) == ("Ana Novak",)
    assert choose_authors([own, desk], ["Harbour Herald"]) == ("dpa",)
    assert choose_authors([own], ["Harbour Herald"]) == ("Harbour Herald",)
    assert choose_authors([("meta", ["Harbour Herald"])], ["Harbour Herald"]) == ()


@pytest.mark.parametrize(
    ("candidates", "title"),
    [
        ([("jsonld", "All you need"), ("only_h1", "States sign"), ("og", "All you need")], "All you need"),
        ([("jsonld", "For engines"), ("only_h1", "States sign"), ("article_h1", "States sign")], "States sign"),
        ([("title", "States sign | Herald"), ("only_h1", "States sign")], "States sign"),
        ([("only_h1", "Herald"), ("title", "States sign - Herald")], "States sign"),
        ([("only_h1", "States SIGN!"), ("og", "States sign")], "States SIGN!"),
    ],
)  # fmt: skip
def test_a_title_is_what_most_places_say(candidates: list[tuple[str, str]], title: str) -> None:
    assert choose_title(candidates, ["Herald"]) == title


@pytest.mark.parametrize(
    ("candidates", "title"),
    [
        # The title tag's own words again, site and all, are no second witness.
        ([("jsonld", "Best pledges 2026"), ("only_h1", "States sign a pledge"), ("og", "Best pledges 2026"),
          ("title", "Best pledges 2026")], "States sign a pledge"),
        ([("jsonld", "Best pledges"), ("only_h1", "States sign a pledge"), ("og", "Best pledges"),
          ("title", "Best pledges | Herald")], "Best pledges"),
        # A logo or an appeal shares no word with the title.
        ([("only_h1", "Support our newsroom"), ("article_h1", "Support our newsroom"), ("og", "States sign pledge"),
          ("title", "States sign pledge | Herald")], "States sign pledge"),
        ([("only_h1", "A word from the founder of the Herald"), ("og", "States sign pledge"),
          ("title", "States sign pledge - Herald")], "States sign pledge"),
        ([("og", "States sign pledge-Politics | Herald")], "States sign pledge"),
        ([("og", "States sign pledge | Politics | Herald")], "States sign pledge"),
        ([("og", "Herald | States sign pledge")], "States sign pledge"),
        ([("og", "States sign – Ministers do not")], "States sign – Ministers do not"),
        ([("only_h1", "Politics")], "Politics"),
    ],
)  # fmt: skip
def test_a_title_is_told_from_its_echoes_and_from_what_stands_around_it(
    candidates: list[tuple[str, str]], title: str
) -> None:
    assert choose_title(candidates, ["Herald"], ["Politics"]) == title


@given(
    st.lists(
        st.tuples(st.sampled_from(["jsonld", "only_h1", "og", "byline", "meta", "x"]), st.text(max_size=40)), max_size=8
    )
)
def test_any_candidates_give_a_choice(candidates: list[tuple[str, str]]) -> None:
    title = choose_title(candidates, ["Herald"])
    assert title is None or title.strip()
    authors = choose_authors([(who, [said]) for who, said in candidates], ["Herald"])
    assert len(authors) == len(set(authors)) <= 10
    assert all(author.strip() for author in authors)


@pytest.mark.parametrize(
    ("url", "day"),
    [
        ("https://herald.example/2025/04/01/pledge", "2025-04-01"),
        ("https://herald.example/news/2025-04-01/pledge", "2025-04-01"),
        ("https://herald.example/2025/04/01", "2025-04-01"),
        ("https://herald.example/n1/2025/0401/c1-2.html", "2025-04-01"),
        ("https://herald.example/20250401/pledge", "2025-04-01"),
        ("https://herald.example/article/A2025040114320005196", "2025-04-01"),
        ("https://herald.example/article/A2025040199", None),
        ("https://herald.example/news/20250401995196", None),
        ("https://herald.example/2025/13/01/x", None),
        ("https://herald.example/2025/04/01/2024/05/06/x", None),
        ("https://herald.example/1.2025/04", None),
        (None, None),
    ],
)
def test_a_day_in_an_address_is_the_last_resort(url: str | None, day: str | None) -> None:
    assert date_in_url(url) == ([("url", day)] if day else [])


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


def test_the_first_day_decides_and_a_later_place_may_only_tell_its_time() -> None:
    local = ("jsonld", "2026-11-24T23:30:00")  # of no zone: a day
    assert choose_date([local, ("meta", "2026-11-25T04:30:00Z")], UNDATED, NOW).declared == "2026-11-25T04:30:00+00:00"
    assert choose_date([local, ("time", "2026-11-20T04:30:00Z")], UNDATED, NOW).declared == "2026-11-24"
    late = dated(datetime(2026, 11, 21, 7, 0, tzinfo=UTC), source="feed:iso")
    assert choose_date([local], late, NOW).declared == "2026-11-24"


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
