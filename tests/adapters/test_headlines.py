"""What is told from around a headline, on small invented pages: its words, who wrote, and when."""

import pytest

from pipelines.adapters.headlines import bylines, headline, own_head, rel_authors, shown_date, text_of
from pipelines.adapters.markup import Tree, parse_page
from tests.builders import prose

TITLE = "ministers agree on a pledge"  # folded, as the other titles of a page are handed over


def tree(body: str) -> Tree:
    found = parse_page(f"<html><body>{body}</body></html>".encode(), None)
    assert found is not None
    return found


def head_of(markup: str, *titles: str) -> str | None:
    return headline(next(tree(markup).iter("h1")), list(titles))


@pytest.mark.parametrize(
    "kicker",
    ["kicker", "article-kicker", "headline__overline", "Dachzeile", "eyebrow", "antetítulo", "occhiello", "sub-title"],
)
def test_a_kicker_is_left_out_of_a_headline_by_its_class(kicker: str) -> None:
    heading = f'<h1><span class="{kicker}">Harbours:</span> <em>Ministers</em> agree</h1>'
    assert head_of(heading) == "Ministers agree"
    assert head_of(f'<h1>Ministers agree <small class="{kicker}">- a look back</small></h1>') == "Ministers agree"


@pytest.mark.parametrize("cls", ["title", "kick", "subtitled", "headline", ""])
def test_a_class_that_is_no_kickers_leaves_a_headline_whole(cls: str) -> None:
    assert head_of(f'<h1><span class="{cls}">Harbours</span> Ministers agree</h1>') == "Harbours Ministers agree"


def test_a_kicker_stays_where_the_page_calls_itself_so_elsewhere_or_there_is_nothing_else() -> None:
    heading = '<h1><span class="kicker">Harbours</span> Ministers agree</h1>'
    assert head_of(heading, "harbours ministers agree herald") == "Harbours Ministers agree"
    assert head_of('<h1><span class="kicker">Harbours</span></h1>') == "Harbours"


def test_what_is_longer_than_any_headline_is_not_looked_into() -> None:
    long = prose(1, 8)
    assert head_of(f'<h1><span class="kicker">Harbours</span> {long}</h1>') == f"Harbours {long}"
    assert head_of("<h1></h1>") is None


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("<h1>Herald</h1><h1>Ministers agree on a pledge</h1>", "Ministers agree on a pledge"),
        ("<h1>Support our newsroom</h1><h2>Ministers agree on a pledge</h2>", "Ministers agree on a pledge"),
        ("<h1>Ministers agree on a pledge: all of it</h1><h2>Ministers agree on a pledge</h2>",
         "Ministers agree on a pledge: all of it"),
        ("<h1>Herald</h1><h2>On another matter</h2>", "Herald"),
        ("<h2>Ministers agree on another pledge</h2>", None),
    ],
)  # fmt: skip
def test_the_headline_is_the_heading_that_says_what_the_page_is_called(body: str, words: str | None) -> None:
    head = own_head(tree(body), [TITLE])
    assert (text_of(head) if head is not None else None) == words


def test_a_short_title_is_found_in_too_many_headings_to_tell_one() -> None:
    assert text_of(own_head(tree("<h1>Herald</h1><h2>The pledge</h2>"), ["pledge"])) == "Herald"


def after_headline(rest: str, before: str = "") -> Tree:
    return tree(f"<header>{before}<h1>Ministers agree on a pledge</h1></header>{rest}")


def who(rest: str, before: str = "") -> list[str | None]:
    page = after_headline(rest, before)
    return bylines(page, next(page.iter("h1")))


@pytest.mark.parametrize(
    ("rest", "names"),
    [
        ('<p class="byline">By Ana Novak</p>', ["By Ana Novak"]),
        ('<div id="author">Ana Novak</div>', ["Ana Novak"]),
        ('<p class="Autor">Ana Novak</p>', ["Ana Novak"]),
        ('<p class="byline"><a>Ana Novak</a> <a>Piet Maas</a></p>', ["Ana Novak", "Piet Maas"]),
        ('<b class="author">Ana Novak</b><b class="author">Piet Maas</b>', ["Ana Novak", "Piet Maas"]),
        ('<b class="author">Ana Novak</b><b class="author-role">Desk</b>', ["Ana Novak"]),
        ('<p class="byline"><a>Ana Novak</a>, reviewed by <a>Piet Maas</a></p>', ["Ana Novak ,"]),
        ('<p class="author-bio">Ana Novak</p>', []),
        ('<p class="comment-author">Ana Novak</p>', []),
        ('<p class="authority">Ana Novak</p>', []),
        (f'<p class="author">{prose(1, 2)}</p>', []),
        ("<p>Ana Novak</p>", []),
    ],
)
def test_a_byline_is_the_short_text_behind_the_headline_whose_name_promises_one(rest: str, names: list[str]) -> None:
    assert [n.strip() for n in who(rest) if n] == names


def test_a_byline_may_stand_just_before_the_headline_and_not_far_behind_it() -> None:
    assert who("", before='<p class="byline">Ana Novak</p>') == ["Ana Novak"]
    assert who("<p>text</p>" * 300 + '<p class="byline">Ana Novak</p>') == []


def test_a_page_without_a_headline_has_its_byline_read_from_its_top() -> None:
    page = tree('<p class="byline">Ana Novak</p>')
    assert bylines(page, None) == ["Ana Novak"]


def test_the_first_link_to_an_author_and_those_beside_it_count() -> None:
    own = '<p><a rel="author">Ana Novak</a> <a rel="nofollow author">Piet Maas</a></p>'
    assert rel_authors(tree(f'{own}<p><a rel="author">Rosa Lind</a></p>')) == ["Ana Novak", "Piet Maas"]
    assert rel_authors(tree("<a rel='authors'>Rosa Lind</a>")) == []


def shown(rest: str) -> str | None:
    return shown_date(next(after_headline(rest).iter("h1")))


@pytest.mark.parametrize(
    ("rest", "date"),
    [
        ("<time>24 November 2026</time>", "24 November 2026"),
        ('<p class="date">24.11.2026, 10:00</p>', "24.11.2026, 10:00"),
        ('<p class="post-date">Ana Novak | 24 November 2026 | 5 min</p>', "24 November 2026"),
        ('<p class="published">Published: 24 November 2026</p>', "24 November 2026"),
        ('<p class="date"><i class="date">24 November 2026</i> Europe</p>', "24 November 2026"),
        ('<p class="date">Updated 23 November 2026</p><p class="date">22 November 2026</p>', "22 November 2026"),
        ('<p class="date">Stand: 24.11.2026</p>', None),
        ('<p class="date">Aggiornato il 24/11/2026</p>', None),
        ('<p class="date">10:00</p>', None),
        ('<p class="date">2026 10:00</p>', None),
        ('<p class="update">24 November 2026</p>', None),
        (f'<p class="date">24 November 2026 {prose(1, 1)}</p>', None),
        ("<p>24 November 2026</p>", None),
    ],
)
def test_a_shown_date_is_one_of_publication_with_a_year_and_a_day(rest: str, date: str | None) -> None:
    assert shown(rest) == date


def test_a_page_without_a_headline_shows_no_date_beside_it() -> None:
    assert shown_date(None) is None
