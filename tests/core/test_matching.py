"""Matching: what an article is about, with evidence that can be looked up."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.core.lexicon import lexicons
from pipelines.core.matching import EVIDENCE_KEPT, Scoring, Topic, Verdict, Watch, match
from pipelines.core.nouns import TopicMatch
from pipelines.core.query import Expression

TERMS = {
    "summit": {"en": ["summit", "global summit"], "de": ["gipfel*"], "any": ["WPGA"]},
    "law": {"en": ["regulation", "draft regulation"], "de": ["verordnung*"]},
    "sport": {"en": ["football"], "de": ["fussball"]},
}


def group(name: str) -> Expression:
    return Expression(kind="group", group=name)


def combined(kind: str, *parts: Expression, within: int = 0) -> Expression:
    return Expression(kind=kind, parts=parts, within=within)


def watch_for(query: Expression, topic_id: str = "t") -> Watch:
    topic = Topic(topic_id=topic_id, name=topic_id, query=query)
    return Watch(topics=(topic,), lexicons=lexicons(TERMS), version="v")


SUMMIT = watch_for(group("summit"))
NEAR = watch_for(combined("near", group("summit"), group("law"), within=6))
ALL = watch_for(combined("all", group("summit"), group("law")))


def matched(watch: Watch, text: str, title: str = "", language: str | None = "en") -> list[TopicMatch]:
    return list(match(watch, title=title, text=text, language=language).topics)


def test_an_article_off_topic_matches_nothing() -> None:
    assert matched(SUMMIT, "The harbour was repainted.") == []
    assert matched(SUMMIT, "") == []


def test_terms_are_those_of_the_articles_language() -> None:
    assert matched(SUMMIT, "Der Gipfel beginnt.", language="de")
    assert not matched(SUMMIT, "Der Gipfel beginnt.", language="en")
    assert matched(SUMMIT, "The WPGA met.", language="de")


def test_a_text_whose_language_is_not_known_is_read_with_the_terms_of_all() -> None:
    assert matched(SUMMIT, "Der Gipfel beginnt.", language=None)
    assert matched(SUMMIT, "The summit begins.", language=None)


def test_a_language_without_terms_is_read_with_the_names_that_are_the_same_everywhere() -> None:
    assert matched(SUMMIT, "WPGA alkoi.", language="fi")
    assert not matched(SUMMIT, "The summit begins.", language="fi")


def test_topics_come_in_the_order_of_the_watch() -> None:
    topics = tuple(
        Topic(topic_id=t, name=t, query=group(g)) for t, g in (("z", "summit"), ("a", "law"), ("m", "summit"))
    )
    watch = Watch(topics=topics, lexicons=lexicons(TERMS), version="v")
    assert [m.topic for m in matched(watch, "The summit on the regulation.")] == ["z", "a", "m"]


def test_evidence_stands_exactly_at_its_offsets() -> None:
    title, text = "The Global Summit", "Ministers met. At the summit, the Draft  Regulation was read.\nA second summit."
    for hit in matched(ALL, text, title)[0].evidence:
        source = {"title": title, "text": text}[hit.part]
        assert source[hit.start : hit.end] == hit.words
        assert hit.sentence_start <= hit.start < hit.end <= hit.sentence_end
    words = [(h.part, h.words) for h in matched(ALL, text, title)[0].evidence]
    assert words == [("title", "Global Summit"), ("text", "summit"), ("text", "Draft  Regulation"), ("text", "summit")]


def test_hits_that_overlap_are_counted_once_by_the_longest() -> None:
    overlapping = matched(SUMMIT, "The global summit began.")[0]
    assert [h.words for h in overlapping.evidence] == ["global summit"]
    alone = matched(watch_for(group("law")), "The regulation began.")[0]
    assert overlapping.score == alone.score


def test_a_phrase_does_not_reach_from_the_title_into_the_text() -> None:
    assert [h.words for h in matched(SUMMIT, "summit", "Global")[0].evidence] == ["summit"]
    assert not matched(NEAR, "regulation", "summit")


def test_a_title_weighs_more_than_a_lead_and_a_lead_more_than_the_rest() -> None:
    far = "Nothing of note was said there. " * 40
    scores = [
        matched(SUMMIT, far, "Summit")[0],
        matched(SUMMIT, "The summit. " + far)[0],
        matched(SUMMIT, far + "The summit.")[0],
    ]
    assert scores[0].score > scores[1].score > scores[2].score
    assert [s.is_about for s in scores] == [True, False, False]


def test_repeating_one_word_is_weak_evidence() -> None:
    many = matched(ALL, "summit " * 200 + "regulation")[0]
    varied = matched(ALL, "summit global summit regulation draft regulation WPGA")[0]
    assert many.score < varied.score
    assert many.score < 1


def test_evidence_is_capped_and_the_score_stays_below_one() -> None:
    found = matched(SUMMIT, "summit. " * 20_000)[0]
    assert len(found.evidence) == EVIDENCE_KEPT
    assert 0 < found.score < 1


unrelated = st.lists(
    st.sampled_from(["harbour", "paint", "boats", "weather", "lamp", "museum", "river", "12"]), max_size=40
).map(" ".join)
fragments = st.lists(
    st.sampled_from(["the summit", "a draft regulation", "global", "football", "ministers met", "WPGA", "in May"]),
    max_size=12,
).map(". ".join)


@given(st.sampled_from([SUMMIT, NEAR, ALL]), fragments, unrelated)
def test_a_match_still_matches_when_unrelated_text_is_appended(watch: Watch, text: str, more: str) -> None:
    before = matched(watch, text)
    after = matched(watch, f"{text}\n{more}")
    assert [m.topic for m in after] == [m.topic for m in before]
    assert [m.score for m in after] == [m.score for m in before]


@given(fragments, st.permutations(["summit", "law", "sport"]))
def test_the_order_of_groups_in_all_and_any_changes_nothing(text: str, order: list[str]) -> None:
    for kind in ("all", "any"):
        one = watch_for(combined(kind, *map(group, sorted(order))))
        other = watch_for(combined(kind, *map(group, order)))
        assert matched(one, text) == matched(other, text)


def test_the_order_of_groups_in_near_changes_neither_score_nor_evidence() -> None:
    text = "The summit read the regulation, and the draft regulation at that."
    one = matched(watch_for(combined("near", group("summit"), group("law"), within=9)), text)
    other = matched(watch_for(combined("near", group("law"), group("summit"), within=9)), text)
    assert one == other


@given(fragments)
def test_a_none_part_can_only_take_away(text: str) -> None:
    strict = watch_for(combined("all", group("summit"), combined("none", group("sport"))))
    assert bool(matched(strict, text)) == (bool(matched(SUMMIT, text)) and "football" not in text)


@given(st.text(max_size=300), st.text(max_size=60))
def test_any_text_can_be_matched_and_its_evidence_is_exact(text: str, title: str) -> None:
    for found in matched(ALL, f"{text} summit regulation {text}", f"{title} summit"):
        for hit in found.evidence:
            source = f"{title} summit" if hit.part == "title" else f"{text} summit regulation {text}"
            assert source[hit.start : hit.end] == hit.words


PASSING = "The harbour was repainted in May. " * 12


@pytest.mark.parametrize(
    ("title", "text", "is_about"),
    [
        ("The summit begins", PASSING, True),
        ("News in brief", f"The summit opens today. Delegates of the summit speak. {PASSING[:200]}", True),
        ("News in brief", f"{PASSING * 2} And a summit was held.", False),  # the last item of a round-up
        ("News in brief", "The summit ends. " + PASSING * 8, False),
        ("", "A summit. A global summit. The summit again.", True),
    ],
)
def test_an_article_is_about_what_carries_it_and_mentions_what_stands_at_its_end(
    title: str, text: str, *, is_about: bool
) -> None:
    [found] = matched(SUMMIT, text, title)
    assert found.is_about is is_about
    assert (found.aboutness >= 0.5) is is_about


def test_a_group_that_weighs_more_scores_more() -> None:
    watch = SUMMIT
    heavy = Watch(topics=watch.topics, lexicons=watch.lexicons, version="v", scoring=Scoring(weights={"summit": 3.0}))
    assert matched(heavy, "A summit.")[0].score > matched(watch, "A summit.")[0].score


def verdict(watch: Watch, text: str, title: str = "") -> Verdict:
    return match(watch, title=title, text=text, language="en")


def test_an_article_left_out_says_how_near_it_came_and_what_it_lacks() -> None:
    call = verdict(NEAR, "The summit was held in May.").close_call
    assert call is not None
    assert (call.topic, call.lacks) == ("t", ("a word of law",))
    assert 0 < call.share < 1
    assert [e.words for e in call.evidence] == ["summit"]


def test_what_is_too_far_apart_is_told_as_that() -> None:
    call = verdict(NEAR, "The summit was held. " + "x " * 10 + "A regulation followed.").close_call
    assert call is not None
    assert call.lacks == ("summit and law within 6 words",)


def test_an_article_that_a_word_kept_out_says_which() -> None:
    strict = watch_for(combined("all", group("summit"), combined("none", group("sport"))))
    call = verdict(strict, "A football summit.").close_call
    assert call is not None
    assert call.lacks == ("without words of sport",)


def test_an_article_with_nothing_of_a_topic_is_no_close_call() -> None:
    assert verdict(NEAR, "The harbour was repainted.") == Verdict(version=ALL.version)


def test_light_words_alone_are_no_close_call() -> None:
    light = Watch(topics=NEAR.topics, lexicons=NEAR.lexicons, version="v", scoring=Scoring(weights={"summit": 0.5}))
    assert verdict(light, "The summit was held.").close_call is None
    assert verdict(light, "The regulation.").close_call is not None


@given(fragments)
def test_an_article_matches_or_came_near_and_never_both(text: str) -> None:
    for watch in (SUMMIT, NEAR, ALL):
        found = verdict(watch, text)
        assert not (found.topics and found.close_call)
        if found.close_call:
            assert found.close_call.lacks
            assert 0 < found.close_call.share < 1


@pytest.mark.parametrize(
    "text",
    ["summit " * 150_000, "\u200f\u202e" * 200_000 + "summit", "summit" + "\u0301" * 400_000, "é\u0301" * 200_000],
    ids=["one word", "marks of direction", "marks on a letter", "letters with marks"],
)
def test_a_megabyte_of_nonsense_is_matched_like_any_text(text: str) -> None:
    match(ALL, title=text[:1000], text=text, language="en")
