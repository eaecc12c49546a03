"""The digest: nothing lost, nothing padded, nothing redistributed."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.core.digest import Told, compose, rows_of
from pipelines.core.digest_extracts import LONGEST_EXTRACT
from pipelines.core.digest_numbers import Seen
from pipelines.core.nouns import Quote
from pipelines.core.windows import window_of
from tests.builders import make_brief, make_known, make_record, make_seen_feed, make_told

WINDOW = window_of(date(2026, 11, 24), time(7, 0), ZoneInfo("Europe/Brussels"))
BEFORE = WINDOW.start - timedelta(hours=3)
BRIEF = make_brief()


def composed(new: list[Told], *, is_first: bool = False, **known: Any) -> dict[str, Any]:
    return compose(make_known(new, **known), WINDOW, BRIEF, is_first=is_first)


def shown(content: dict[str, Any]) -> list[int]:
    """Ids of all articles of a digest, as often as it shows them."""
    groups = [content["top_stories"], content["elsewhere"], content["late"], *(g["items"] for g in content["by_topic"])]
    told = [a["article_id"] for items in groups for i in items for a in i["articles"]]
    return sorted([*told, *(a["article_id"] for a in content["also_seen"])])


def extracts(content: dict[str, Any]) -> list[str]:
    items = [
        *content["top_stories"],
        *content["elsewhere"],
        *content["late"],
        *(i for g in content["by_topic"] for i in g["items"]),
    ]
    return [i["sentence"]["text"] for i in items if i["sentence"]] + [q["text"] for q in content["quotes"]]


SENTENCE = "“The pledge binds every platform to report within a day”"
topics = st.sampled_from(["summit", "regulation", "evidence"])


@st.composite
def articles(draw: st.DrawFn, topic: st.SearchStrategy[str] = st.sampled_from(["summit", "regulation"])) -> list[Told]:  # noqa: B008
    made = []
    for article_id in range(draw(st.integers(0, 30))):
        text = draw(
            st.sampled_from(
                [
                    "Ministers of the coastal states agreed on a joint pledge.",
                    f"{SENTENCE}, said Ana Novak.",
                    "word " * 400,
                    "",
                    "Short.",
                ]
            )
        )
        start = text.find("The pledge")
        quote = Quote(text=SENTENCE[1:-1], start=start, end=start + len(SENTENCE) - 2, speaker="Ana Novak")
        made.append(
            make_told(
                article_id,
                line_id=draw(st.integers(0, 12)),
                publisher=draw(st.sampled_from(["p1", "p2", "p3"])),
                language=draw(st.sampled_from(["en", "fr", "pl", None])),
                published_at=draw(st.sampled_from([BEFORE, WINDOW.start, WINDOW.end, None])),
                published_day=draw(st.sampled_from([date(2026, 11, 1), date(2026, 11, 24), None])),
                is_tdm_reserved=draw(st.booleans()),
                is_partial=draw(st.booleans()),
                original_id=draw(st.sampled_from([None, 0])),
                text=text,
                topics=((draw(topic), draw(st.sampled_from([0.2, 0.9])), draw(st.booleans())),),
                quotes=(quote,) if start >= 0 else (),
            )
        )
    return made


@given(articles(), st.booleans())
def test_every_new_article_is_in_exactly_one_place(new: list[Told], is_first: bool) -> None:  # noqa: FBT001
    assert shown(composed(new, is_first=is_first)) == [a.article_id for a in new]


@given(articles(topics), st.booleans())
def test_an_article_of_a_topic_that_is_no_longer_watched_is_not_lost(new: list[Told], is_first: bool) -> None:  # noqa: FBT001
    assert shown(composed(new, is_first=is_first)) == [a.article_id for a in new]


@given(articles(), st.booleans())
def test_rows_hold_every_article_once_with_its_section(new: list[Told], is_first: bool) -> None:  # noqa: FBT001
    rows = rows_of(composed(new, is_first=is_first))
    assert sorted(r["article_id"] for r in rows) == [a.article_id for a in new]
    assert {r["section"] for r in rows} <= {"top_stories", "by_topic", "elsewhere", "late", "also_seen"}


@given(articles())
def test_no_extract_is_long_and_each_is_exactly_in_its_text(new: list[Told]) -> None:
    content = composed(new)
    assert all(len(text) <= LONGEST_EXTRACT for text in extracts(content))
    by_id = {a.article_id: a for a in new}
    for quote in content["quotes"]:
        assert by_id[quote["article_id"]].text[quote["start"] : quote["end"]] == quote["text"]
    for item in content["top_stories"]:
        if item["sentence"]:
            text = by_id[item["articles"][0]["article_id"]].text
            assert text[item["sentence"]["start"] : item["sentence"]["end"]] == item["sentence"]["text"]


@given(articles())
def test_reserved_pages_are_never_quoted_beyond_the_headline(new: list[Told]) -> None:
    reserved = {a.article_id for a in new if a.is_tdm_reserved}
    content = composed(new)
    items = [
        *content["top_stories"],
        *content["elsewhere"],
        *content["late"],
        *(i for g in content["by_topic"] for i in g["items"]),
    ]
    assert all(i["sentence"] is None for i in items if i["articles"][0]["article_id"] in reserved)
    assert not {q["article_id"] for q in content["quotes"]} & reserved


@given(articles(), st.randoms(use_true_random=False))
def test_a_digest_does_not_depend_on_the_order_of_articles(new: list[Told], random: Any) -> None:
    turned = list(new)
    random.shuffle(turned)
    assert composed(turned) == composed(new)


@given(articles())
def test_at_most_three_stories_are_at_the_top(new: list[Told]) -> None:
    content = composed(new)
    assert len(content["top_stories"]) <= 3
    assert all(i["why"]["is_about"] for i in content["top_stories"])


@given(articles())
def test_the_three_counts_are_of_the_window_and_never_mixed_up(new: list[Told]) -> None:
    content = composed(new)
    current = [a for a in new if not _is_late(a)]
    numbers = content["numbers"]
    assert numbers["articles"] == len(current)
    assert numbers["outlets"] == len({a.outlet for a in current})
    assert numbers["publishers"] == len({a.publisher for a in current if a.original_id is None})
    assert numbers["late"] == len(new) - len(current)


def _is_late(article: Told) -> bool:
    if article.published_at:
        return article.published_at < WINDOW.start
    return article.published_day is not None and article.published_day < WINDOW.start.date()


def test_a_quiet_day_is_said_and_not_padded() -> None:
    content = composed([])
    assert content["is_quiet"]
    assert [content[k] for k in ("top_stories", "by_topic", "elsewhere", "late", "quotes", "changed", "also_seen")] == [
        []
    ] * 7
    assert content["numbers"]["articles"] == 0


def test_a_watch_that_saw_nothing_is_blind_and_not_quiet() -> None:
    blind = [make_seen_feed(trouble="failing", detail="HTTP 500")]
    content = composed([], feeds=blind)
    assert content["coverage"]["is_blind"]
    assert not content["is_quiet"]


def test_a_day_of_late_arrivals_alone_is_quiet_and_tells_them() -> None:
    content = composed([make_told(1, published_at=BEFORE)])
    assert content["is_quiet"]
    assert [i["headline"] for i in content["late"]] == ["Headline 1"]


def test_late_is_before_the_window_and_unknown_is_not_late() -> None:
    late = {
        1: make_told(1, published_at=WINDOW.start - timedelta(seconds=1)),
        2: make_told(2, published_at=None, published_day=date(2026, 11, 22)),
    }
    current = {
        3: make_told(3, published_at=WINDOW.start),
        4: make_told(4, published_at=None, published_day=date(2026, 11, 23)),
        5: make_told(5, published_at=None, published_day=None),
    }
    content = composed([*late.values(), *current.values()])
    assert {i["articles"][0]["article_id"] for i in content["late"]} == set(late)
    assert content["numbers"]["articles"] == len(current)
    assert content["numbers"]["undated"] == 1


def test_what_was_there_before_the_first_digest_is_backlog_and_no_news() -> None:
    content = composed([make_told(1, published_at=BEFORE), make_told(2)], is_first=True)
    assert content["late"] == []
    assert [(a["article_id"], a["why"]) for a in content["also_seen"]] == [(1, "backlog")]


def test_impact_orders_stories_and_time_does_not() -> None:
    small = make_told(1, line_id=1, published_at=WINDOW.end, tier=1)
    wide = [make_told(n, line_id=2, published_at=WINDOW.start, publisher=f"p{n}", tier=3) for n in (2, 3, 4)]
    content = composed([small, *wide])
    assert [i["line_id"] for i in content["top_stories"]] == [2, 1]
    assert content["top_stories"][0]["counts"] == {
        "articles": 3,
        "outlets": 3,
        "publishers": 3,
        "copies": 0,
        "languages": ["en"],
    }


def test_a_copy_is_an_article_and_an_outlet_but_no_independent_publisher() -> None:
    content = composed([make_told(n, line_id=1, original_id=None if n == 1 else 1) for n in (1, 2, 3)])
    assert content["top_stories"][0]["counts"] == {
        "articles": 3,
        "outlets": 3,
        "publishers": 1,
        "copies": 2,
        "languages": ["en"],
    }


def test_an_event_is_told_by_a_whole_original_in_the_readers_first_language() -> None:
    rivals = [
        make_told(1, line_id=1, is_partial=True, tier=1),
        make_told(2, line_id=1, original_id=4, tier=1),
        make_told(3, line_id=1, language="fr", tier=1),
        make_told(4, line_id=1, tier=3),
    ]
    assert composed(rivals)["top_stories"][0]["headline"] == "Headline 4"


def test_what_only_other_languages_tell_stands_elsewhere() -> None:
    content = composed([make_told(1, language="pl"), make_told(2, language="en")])
    assert [i["language"] for i in content["elsewhere"]] == ["pl"]
    assert [i["language"] for i in content["top_stories"]] == ["en"]


def test_a_mention_in_passing_is_never_at_the_top() -> None:
    content = composed([make_told(1, topics=(("summit", 0.9, False),))])
    assert content["top_stories"] == []
    assert [g["topic"] for g in content["by_topic"]] == ["summit"]


def test_one_publisher_does_not_fill_the_top_alone() -> None:
    content = composed([make_told(n, publisher="one") for n in (1, 2, 3)] + [make_told(4, publisher="two", tier=3)])
    assert len({a["outlet"] for i in content["top_stories"] for a in i["articles"]}) == 3
    assert 4 in {a["article_id"] for i in content["top_stories"] for a in i["articles"]}


@pytest.mark.parametrize(("first_told", "day"), [(None, 1), (date(2026, 11, 23), 2), (date(2026, 11, 20), 5)])
def test_a_story_that_goes_on_says_its_day(first_told: date | None, day: int) -> None:
    content = composed([make_told(1)], told_lines={1: first_told} if first_told else {})
    assert content["top_stories"][0]["day_number"] == day


def quoted(article_id: int, words: str, speaker: str | None = "Ana Novak", **over: Any) -> Told:
    return make_told(
        article_id, text=words, quotes=(Quote(text=words, start=0, end=len(words), speaker=speaker),), **over
    )


LONG_ENOUGH = "The pledge binds every platform to report within a day"


def test_key_quotes_have_a_telling_length_and_a_speaker_only_where_one_is_known() -> None:
    new = [
        quoted(1, LONG_ENOUGH),
        quoted(2, LONG_ENOUGH, None),
        quoted(3, "Too short to tell", "Piet Maas"),
        quoted(4, "word " * 70, "Rosa Lind"),
        quoted(5, LONG_ENOUGH, "Karl Weiss", original_id=1),
    ]
    assert [(q["article_id"], q["speaker"]) for q in composed(new)["quotes"]] == [
        (1, "Ana Novak"),
        (2, None),
    ]


def test_a_quotation_with_a_speaker_comes_before_one_without() -> None:
    same_line = [quoted(1, LONG_ENOUGH, None, line_id=7), quoted(2, LONG_ENOUGH, line_id=7)]
    assert [(q["article_id"], q["speaker"]) for q in composed(same_line)["quotes"]] == [(2, "Ana Novak")]


def test_share_of_voice_counts_quotations_by_whose_they_are_and_a_copy_adds_none() -> None:
    new = [
        quoted(1, LONG_ENOUGH),
        quoted(2, LONG_ENOUGH, original_id=1),
        quoted(3, LONG_ENOUGH),
        quoted(4, LONG_ENOUGH, "Piet Maas"),
        quoted(5, LONG_ENOUGH, None),
        quoted(6, LONG_ENOUGH, "Rosa Lind"),
    ]
    content = composed(new, voices={"Ana Novak": "survivors", "Rosa Lind": "police"})
    assert content["numbers"]["voices"] == [
        {"voice": "survivors", "quotations": 2, "speakers": 1},
        {"voice": "named", "quotations": 1, "speakers": 1},
        {"voice": "police", "quotations": 1, "speakers": 1},
        {"voice": "unnamed", "quotations": 1, "speakers": 0},
    ]
    assert {q["speaker"]: q["voice"] for q in content["quotes"]}["Ana Novak"] == "survivors"


def test_a_speaker_is_quoted_once() -> None:
    assert len(composed([quoted(1, LONG_ENOUGH), quoted(2, LONG_ENOUGH + " too")])["quotes"]) == 1


def test_a_baseline_needs_its_days() -> None:
    daily = {date(2026, 11, d): 2 for d in range(1, 23)}
    numbers = composed([], record=make_record(daily=daily, watching_since=date(2026, 11, 10)))["numbers"]
    assert (numbers["baseline_7"], numbers["baseline_28"]) == ({"mean": 2.0, "days": 7}, None)
    assert composed([], record=make_record(daily=daily, watching_since=None))["numbers"]["baseline_7"] is None
    long = composed([], record=make_record(daily=daily, watching_since=date(2026, 1, 1)))["numbers"]
    assert long["baseline_28"] == {"mean": round(44 / 28, 1), "days": 28}


def test_a_day_on_which_nothing_answered_is_no_quiet_day_in_what_is_usual() -> None:
    blind = {date(2026, 11, 20), date(2026, 11, 21)}
    days = {date(2026, 11, d) for d in range(1, 25)} - blind
    record = make_record(
        daily=dict.fromkeys(days, 5), seen={d: Seen(feeds_out=0, feeds_answered=1) for d in days}, feeds=1
    )
    numbers = composed([], record=record)["numbers"]
    assert numbers["baseline_7"] == {"mean": 5.0, "days": 5}
    assert {d["day"] for d in numbers["volume"] if d["is_gap"]} == {d.isoformat() for d in blind}


def test_the_volume_ends_on_the_day_before_and_marks_days_with_many_feeds_out() -> None:
    seen = {date(2026, 11, d): Seen(feeds_out=2 * (d == 22), feeds_answered=18) for d in range(1, 25)}
    volume = composed([], record=make_record(daily={date(2026, 11, 23): 4}, seen=seen, feeds=20))["numbers"]["volume"]
    assert [d["day"] for d in volume] == [f"2026-11-{d:02d}" for d in range(1, 24)]
    assert volume[-1] == {"day": "2026-11-23", "articles": 4, "feeds_out": 0, "is_gap": False}
    assert [d["day"] for d in volume if d["is_gap"]] == ["2026-11-22"]


def test_coverage_names_the_feeds_that_were_not_seen() -> None:
    feeds = [make_seen_feed(feed="a"), make_seen_feed(feed="b", trouble="failing", detail="HTTP 500")]
    coverage = composed([], feeds=feeds)["coverage"]
    assert (coverage["feeds"], coverage["sound"]) == (2, 1)
    assert [f["feed"] for f in coverage["troubled"]] == ["b"]


def test_the_window_is_stated_with_its_zone() -> None:
    content = composed([])
    assert content["window"] == {
        "opens_at": "2026-11-23T06:00+00:00",
        "closes_at": "2026-11-24T06:00+00:00",
        "time_zone": "Europe/Brussels",
    }
    assert content["day"] == "2026-11-24"


def test_a_published_moment_is_shown_as_exactly_as_it_is_known() -> None:
    moments = [
        (WINDOW.start, None, "2026-11-23T06:00+00:00"),
        (None, date(2026, 11, 24), "2026-11-24"),
        (None, None, None),
    ]
    for at, day, expected in moments:
        content = composed([make_told(1, published_at=at, published_day=day)])
        assert content["top_stories"][0]["published"] == expected
    assert datetime(2026, 11, 23, 6, 0, tzinfo=UTC) == WINDOW.start


# --- order


def test_no_publisher_has_three_stories_in_a_row_in_any_section() -> None:
    new = [make_told(n, publisher="one", topics=(("regulation", 0.9, False),), tier=1) for n in range(6)]
    new += [make_told(9, publisher="two", topics=(("regulation", 0.2, False),), tier=3)]
    (group,) = composed(new)["by_topic"]
    publishers = [new[min(i["line_id"], 6)].publisher for i in group["items"]]
    assert publishers == ["one", "one", "two", "one", "one"]
    assert shown(composed(new)) == [0, 1, 2, 3, 4, 5, 9], "the sixth is only listed, and not lost"


def test_an_event_in_which_the_topic_is_only_mentioned_comes_after_those_that_it_carries() -> None:
    new = [make_told(n, line_id=1, publisher=f"p{n}", tier=1, topics=(("summit", 0.9, False),)) for n in range(5)]
    new += [make_told(10 + n, tier=3) for n in range(4)]
    content = composed(new)
    assert [i["why"]["is_about"] for i in content["top_stories"]] == [True] * 3
    assert [i["line_id"] for i in content["by_topic"][0]["items"]] == [13, 1]


def test_of_two_stories_as_good_the_newer_leads_and_one_that_was_told_stands_back() -> None:
    older = make_told(1, published_at=WINDOW.start + timedelta(hours=1))
    newer = make_told(2, published_at=WINDOW.start + timedelta(hours=9))
    assert [i["line_id"] for i in composed([older, newer])["top_stories"]] == [2, 1]
    told = {2: date(2026, 11, 23)}
    assert [i["line_id"] for i in composed([older, newer], told_lines=told)["top_stories"]] == [1, 2]


# --- extracts


def first_sentence(text: str, **over: Any) -> dict[str, Any] | None:
    told = composed([make_told(1, text=text, **over)])["top_stories"][0]["sentence"]
    assert told is None or text[told["start"] : told["end"]] == told["text"]
    found: dict[str, Any] | None = told
    return found


def test_the_sentence_is_the_first_that_names_what_matched() -> None:
    text = "It was a long day for all who had come by train. The ministers signed a pledge at the summit on Friday."
    assert (first_sentence(text) or {})["text"].startswith("The ministers signed")
    assert (first_sentence(text, in_text=("harbour",)) or {})["text"].startswith("It was a long day")


def test_a_dateline_is_no_part_of_the_sentence() -> None:
    text = "LJUBLJANA (Nordwire) - The global summit of the alliance opened in the harbour hall on Monday."
    assert (first_sentence(text) or {})["text"].startswith("The global summit")


def test_a_sentence_too_long_to_show_is_cut_between_words_and_says_so() -> None:
    text = "The summit " + "and the ministers " * 40 + "went home."
    told = first_sentence(text) or {}
    assert told["is_cut"]
    assert len(told["text"]) <= LONGEST_EXTRACT
    assert text[told["end"]] == " "


def test_why_it_is_here_names_each_word_once_and_the_headline_s_first() -> None:
    (item,) = composed([make_told(1, in_title=("Summit",), in_text=("summit", "pledge", "Pledge", "a", "b", "c"))])[
        "top_stories"
    ]
    assert item["why"] == {
        "topic": "summit", "name": "The summit", "in_title": ["Summit"], "in_text": ["pledge", "a", "b"],
        "is_about": True,
    }  # fmt: skip


def test_a_day_of_five_thousand_articles_is_told_in_the_same_few_lines() -> None:
    new = [make_told(n, line_id=n % 900, topics=((("summit", "regulation")[n % 2], 0.5, True),)) for n in range(5000)]
    content = composed(new)
    assert len(content["top_stories"]) == 3
    assert max(len(g["items"]) for g in content["by_topic"]) == 6
    assert len(shown(content)) == 5000
