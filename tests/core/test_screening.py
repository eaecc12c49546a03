"""Screening: what a reading would keep is never left unread."""

import html
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.adapters.markup import decoded
from pipelines.adapters.pages import read_page
from pipelines.core.lexicon import lexicons
from pipelines.core.matching import Topic, Watch, match
from pipelines.core.nouns import Page
from pipelines.core.query import Expression
from pipelines.core.screening import Screen, canonical_in, introduced, is_surely_article, shown
from tests.builders import NOW

TERMS = {
    "act": {
        "en": ["safety act", "~exploit"],
        "fr": ["loi sécurité*"],
        "de": ["schutz+gesetz*"],
        "pl": ["ustaw* o ochron*"],
        "el": ["νόμο* ασφάλεια*"],
    },
    "child": {"en": ["child*"], "fr": ["enfant*"], "de": ["kind*"], "pl": ["dzieci*"], "el": ["παιδι*"]},
}
QUERY = Expression(
    kind="near",
    within=8,
    parts=(Expression(kind="group", group="act"), Expression(kind="group", group="child")),
)
WATCH = Watch(topics=(Topic(topic_id="t", name="t", query=QUERY),), lexicons=lexicons(TERMS), version="v")
SCREEN = Screen.of(WATCH)
FILLER = "<p>" + "The harbour of the small town was repainted in the spring by its people. " * 12 + "</p>"
SENTENCES = {
    "en": "Ministers say the Safety Act protects each child.",
    "fr": "La loi sécurité protège chaque enfant, disent-ils.",
    "de": "Das Schutz-Gesetz schützt jedes Kind, sagen sie.",
    "pl": "Ustawa o ochronie chroni każde dziecko i dzieci.",
    "el": "Ο νόμος ασφάλειας προστατεύει τα παιδιά.",
}


def page(inner: str, language: str = "en", head: str = "") -> str:
    return (
        f'<html lang="{language}"><head><title>News</title>{head}</head><body><article>{inner}</article></body></html>'
    )


def may_match(source: str) -> bool:
    return SCREEN.may_match(shown(source))


def is_kept(source: str, language: str) -> bool:
    article = read_page(
        Page(url="https://press.test/1", final_url="https://press.test/1", body=source.encode(), charset="utf-8"),
        None,
        prior=language,
        now=NOW,
    ).article
    return bool(match(WATCH, title=article.title, text=article.text, language=article.language).topics)


@pytest.mark.parametrize("language", sorted(SENTENCES))
def test_a_page_on_the_topic_passes_in_every_language_and_an_other_does_not(language: str) -> None:
    assert may_match(page(f"{FILLER}<p>{SENTENCES[language]}</p>{FILLER}", language))
    assert not may_match(page(FILLER * 2, language))


@pytest.mark.parametrize(
    "words",
    [
        "Safety<br>Act child",
        "Saf<b>ety</b> <i>A</i>ct chi<!-- -->ld",
        "<p>Safety</p><p>Act</p><div>child</div>",
        "Safety&nbsp;Act &#99;hild",
        "Saf&shy;ety Act chil\u00addren",
        'Safety <a href="/x" title="y">Act</a> <span class="z">child</span>',
        "SAFETY ACT CHILDREN",
    ],
)
def test_markup_within_and_between_words_hides_nothing(words: str) -> None:
    assert may_match(page(words))


@pytest.mark.parametrize(
    "head",
    [
        '<meta property="og:title" content="Safety Act and a child">',
        "<title>Safety Act and a child</title>",
        '<script type="application/ld+json">{"articleBody": "On the Safety\\nAct\\u0020for a child"}</script>',
    ],
)
def test_what_a_page_declares_is_looked_through_too(head: str) -> None:
    assert may_match(page(FILLER, head=head))


@pytest.mark.parametrize(
    "hidden",
    ["<script>safety act child</script>", "<style>.safety{} /* act child */</style>", "<!-- safety act child -->"],
)
def test_what_no_reader_sees_passes_nothing(hidden: str) -> None:
    assert not may_match(page(f"{FILLER}{hidden}"))


inline = st.sampled_from(["", "<b>", "</b>", "<i></i>", "<!-- x -->", "&shy;", '<span class="a">', "</span>"])
between = st.sampled_from([" ", "<br>", "&nbsp;", "</p><p>", "\n", " <em> </em> ", "&#32;"])


@given(st.sampled_from(sorted(SENTENCES)), st.data())
def test_a_page_that_is_kept_has_passed(language: str, data: st.DataObject) -> None:
    words = SENTENCES[language].split()
    pieces = []
    for word in words:
        cut = data.draw(st.integers(0, len(word)))
        as_entities = data.draw(st.booleans())
        letters = "".join(f"&#{ord(c)};" for c in word[cut:]) if as_entities else html.escape(word[cut:])
        pieces += [word[:cut], data.draw(inline), letters, data.draw(between)]
    source = page(f"{FILLER}<p>{''.join(pieces)}</p>{FILLER}", language)
    assert may_match(source) or not is_kept(source, language)


@pytest.mark.parametrize("charset", ["utf-8", "utf-16", "windows-1252", "iso-8859-2", "iso-8859-7"])
def test_the_charset_of_a_page_hides_nothing(charset: str) -> None:
    language = {"iso-8859-2": "pl", "iso-8859-7": "el"}.get(charset, "fr")
    body = page(f"<p>{SENTENCES[language]}</p>", language).encode(charset)
    assert SCREEN.may_match(shown(decoded(body, charset)))


@pytest.mark.parametrize(
    "hidden",
    [
        "<!-- safety act child",
        "<script>safety act child",
        "<style>x</style><style>safety act child",
        "<script src='a>b'",
    ],
)
def test_what_a_page_leaves_open_is_looked_through(hidden: str) -> None:
    assert may_match(page(f"{FILLER}{hidden} Safety Act child"))


@pytest.mark.parametrize(
    "piece", ["<!--", "<script", "<script>", "<style>", "<", "<a ", "<link ", "&", "\\u", "<meta "]
)
def test_a_page_of_one_piece_over_and_over_is_looked_through_in_bounded_time(piece: str) -> None:
    source = piece * (2_000_000 // len(piece))
    words = shown(source)
    assert not SCREEN.may_match(words)
    assert not is_surely_article(source, words)
    assert canonical_in(source) is None


@pytest.mark.parametrize(
    ("link", "found"),
    [
        ('<link rel="canonical" href="https://a.example/x?a=1&amp;b=2">', "https://a.example/x?a=1&b=2"),
        ("<LINK HREF=https://a.example/x REL=canonical />", "https://a.example/x"),
        ('<link rel="alternate" href="https://a.example/amp/x">', None),
        ('<a rel="canonical" href="https://a.example/x">', None),
    ],
)
def test_the_canonical_address_is_found_in_the_source(link: str, found: str | None) -> None:
    assert canonical_in(page(FILLER, head=f'<link rel="icon" href="i.ico">{link}')) == found


@given(st.text(max_size=400))
def test_any_source_can_be_screened(source: str) -> None:
    assert may_match(source) in {True, False}


def test_a_wider_net_takes_what_another_opinion_is_to_be_asked_on() -> None:
    wide = Screen.of(WATCH, is_undecided=lambda groups: "child" in groups)
    assert wide.may_be_asked("a child at the harbour")
    assert not wide.may_be_asked("a boat at the harbour")
    assert not wide.may_match("a child at the harbour")


@pytest.mark.parametrize(
    "source",
    [
        "<title>A child at the harbour</title>",
        "<h1 class=x><span>A child</span> at the harbour</h1>",
        "<meta property='og:description' content='A child&#39;s harbour'>",
        '<META NAME="Description" CONTENT="Of a CHILD">',
        '<meta content="Of a child" name="twitter:title">',
    ],
)
def test_a_second_opinion_is_asked_on_what_a_page_says_of_itself(source: str) -> None:
    wide = Screen.of(WATCH, is_undecided=lambda groups: "child" in groups)
    assert wide.may_be_asked(introduced(source))


@pytest.mark.parametrize("source", ["<p>A child</p>", '<meta name="title child" content="boat">', "<a title='child'>"])
def test_what_a_page_says_elsewhere_is_no_introduction(source: str) -> None:
    wide = Screen.of(WATCH, is_undecided=lambda groups: "child" in groups)
    assert not wide.may_be_asked(introduced(source))


@given(st.text(max_size=400))
def test_any_source_has_an_introduction(source: str) -> None:
    assert isinstance(introduced(source), str)


@pytest.mark.parametrize(
    ("head", "words", "is_sure"),
    [
        ('<meta property="og:type" content="article">', 40, True),
        ('<meta content="article" property="og:type">', 40, True),
        (f'<script type="application/ld+json">{json.dumps({"@type": ["NewsArticle"]})}</script>', 40, True),
        ('<meta property="og:type" content="website">', 40, False),  # what it is, a reading tells
        ('<meta property="og:type" content="article">', 1, False),  # a wall, perhaps
    ],
)
def test_only_a_declared_article_with_its_words_is_left_unread(head: str, words: int, *, is_sure: bool) -> None:
    source = page("The harbour was repainted in the spring. " * words, head=head)
    assert is_surely_article(source, shown(source)) is is_sure
