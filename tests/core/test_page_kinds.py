"""What is no article, by name."""

from dataclasses import replace

import pytest

from pipelines.core.page_kinds import Shape, foreign, may_be_foreign, no_article
from pipelines.core.reasons import Reason
from tests.builders import prose

LONG = "\n".join(prose(n, 4) for n in range(4))
TEASERS = "\n".join(prose(n, 1) for n in range(8))
FEW = "Ministers agree on a pledge."
PLAIN = Shape(heads=("Ministers agree on a pledge",), visible_text=LONG)
INDEX = replace(PLAIN, heads=("Politics",), articles=9, headlines=12)
LOGIN = replace(PLAIN, visible_text="Sign in to read. Forgot your password?")


def reason(shape: Shape, text: str) -> Reason | None:
    found = no_article(shape, text)
    return found.reason if found else None


@pytest.mark.parametrize(
    ("shape", "text", "expected"),
    [
        (PLAIN, LONG, None),
        (PLAIN, FEW, Reason.TOO_SHORT),
        (PLAIN, "", Reason.NO_TEXT),
        (INDEX, TEASERS, Reason.INDEX_PAGE),
        (replace(INDEX, articles=0, is_front=True), TEASERS, Reason.INDEX_PAGE),
        (replace(INDEX, articles=0, kinds=frozenset({"CollectionPage"})), TEASERS, Reason.INDEX_PAGE),
        (replace(PLAIN, heads=("Page not found | Harbour Herald",)), TEASERS, Reason.SOFT_404),
        (replace(PLAIN, heads=("Seite nicht gefunden",)), FEW, Reason.SOFT_404),
        (LOGIN, FEW, Reason.LOGIN_WALL),
        (replace(LOGIN, visible_text="Log in", has_password=True), "", Reason.LOGIN_WALL),
        (replace(PLAIN, og_type="video.other"), FEW, Reason.VIDEO_PAGE),
        (replace(PLAIN, has_player=True), FEW, Reason.VIDEO_PAGE),
        (replace(PLAIN, kinds=frozenset({"VideoObject"})), FEW, Reason.VIDEO_PAGE),
        (replace(PLAIN, pictures=14), FEW, Reason.GALLERY),
        (replace(PLAIN, scripts=3, visible_text="Please enable JavaScript."), "", Reason.SCRIPT_ONLY),
        (replace(PLAIN, is_beyond_parser=True), "", Reason.UNPARSABLE),
    ],
)
def test_a_page_is_named_by_what_it_is(shape: Shape, text: str, expected: Reason | None) -> None:
    assert reason(shape, text) is expected


@pytest.mark.parametrize(
    "shape",
    [
        replace(INDEX, og_type="article"),
        replace(INDEX, kinds=frozenset({"NewsArticle", "CollectionPage"})),
        INDEX,  # its text is long paragraphs: teasers of others stand below
        replace(PLAIN, has_player=True, pictures=20, scripts=40, has_password=True),
        replace(PLAIN, heads=("Not found guilty: what the court said",)),
        replace(PLAIN, is_beyond_parser=True),
    ],
)
def test_an_article_with_teasers_players_or_pictures_around_it_stays_one(shape: Shape) -> None:
    assert reason(shape, LONG) is None


@pytest.mark.parametrize(
    ("text", "declared", "prior"),
    [
        (LONG, "pl", "pl"),  # a theme may declare another language than the outlet writes
        (FEW, "en", "en"),
        (FEW, "pl", "en"),  # the feed of an outlet's English edition
        (FEW, "pl", None),
        (FEW, None, "pl"),
    ],
)
def test_a_text_is_not_foreign_for_what_one_place_declares(text: str, declared: str | None, prior: str | None) -> None:
    assert not may_be_foreign(text, declared, prior)


def test_a_short_english_text_on_a_page_in_another_language_is_none_of_its_articles() -> None:
    assert may_be_foreign(FEW, "pl", "pl")
    found = foreign("en", "pl")
    assert found is not None
    assert found.reason is Reason.WRONG_LANGUAGE
    assert foreign("cs", "pl") is None  # near languages are told apart in long texts only
    assert foreign(None, "pl") is None
