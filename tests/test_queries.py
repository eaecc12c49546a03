"""The analysts' questions of `warehouse/queries/`: on a new warehouse, and on a few rows with known answers."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from pipelines.adapters.warehouse import Warehouse

QUERIES = Path(__file__).parents[1] / "warehouse" / "queries"
Row = dict[str, Any]

COLUMNS = {
    "delay_to_first_sight": ["outlet", "measured", "median_minutes", "p90_minutes", "undated", "backlog", "ahead"],
    "entries_by_state": [
        "feed_id", "listed", "working", "kept", "duplicate", "off_topic", "rejected", "gone", "given_up", "forgotten",
        "missing", "kept_share",
    ],
    "extraction_by_outlet": [
        "outlet", "last_day", "departs", "articles", "articles_before", "partial_share", "partial_before",
        "median_words", "words_before", "undated_share", "undated_before", "unsigned_share", "unsigned_before",
        "untitled_share", "untitled_before", "rejected", "rejected_before", "rejected_by", "answers",
        "forbidden_share", "forbidden_before", "extractors",
    ],
    "originals_and_copies": [
        "title", "outlet", "publisher", "published_day", "copies", "outlets", "other_publishers",
        "least_containment", "carried_by",
    ],
    "outages": ["feed_id", "outlet", "kind", "from_at", "to_at", "noticed_at", "hours", "detail", "kept_before"],
    "outlets_to_add": ["publisher", "site", "findings", "unresolved", "last_found_at"],
    "politeness": [
        "host", "days", "requests", "feeds", "pages", "conditional_share", "watchdog", "unchanged_share", "bytes",
        "smallest_gap_seconds", "throttled", "broken", "robots_refused", "rights_refused",
    ],
    "share_by_country": [
        "country", "articles", "originals", "outlets", "publishers", "share_of_topic", "share_of_output",
    ],
    "spread_of_a_line": [
        "headline", "articles", "copies", "outlets", "publishers", "countries", "languages", "first_day", "days",
        "first_told_by", "line_id",
    ],
    "terminology_by_outlet": [
        "outlet", "language", "term", "preferred", "own_words", "quoted", "articles", "of_articles", "last_day",
    ],
    "volume_by_day_and_topic": [
        "published_day", "topic", "articles", "originals", "outlets", "publishers", "outlets_out",
    ],
}  # fmt: skip

# Two outlets of one publisher (one.wire, one.post) and one of another (two.blatt). Articles 1 to 5 are kept: 2 copies 1
# inside the publisher, 3 copies it outside, 4 has no date and 5 is backlog. Article 6 is off topic. Articles 1, 2, 3
# and 5 are one line. two.blatt's feed was silent from the afternoon of the 9th on.
SEED = """
insert into outlets by name
select unnest([
  {'outlet_id': 'wire', 'name': 'Wire', 'publisher': 'one', 'country': 'BE', 'language': 'en'},
  {'outlet_id': 'post', 'name': 'Post', 'publisher': 'one', 'country': 'BE', 'language': 'en'},
  {'outlet_id': 'blatt', 'name': 'Blatt', 'publisher': 'two', 'country': 'DE', 'language': 'de'}], max_depth := 2);
insert into feeds by name
select outlet_id || '-feed' as feed_id, outlet_id from outlets;
insert into articles by name
select 10 + article_id as entry_id, article_id, outlet_id, title, published_at::timestamptz as published_at,
  published_at::date as published_day, language, state, revision, '2026-11-08 09:00:00+00'::timestamptz as first_seen_at
from (values
  (1, 'wire', 'A vote', '2026-11-08 08:00:00+00', 'en', 'kept', 1),
  (2, 'post', 'The vote', '2026-11-08 08:30:00+00', 'en', 'kept', 2),
  (3, 'blatt', 'Die Wahl', '2026-11-08 08:40:00+00', 'de', 'kept', 1),
  (4, 'wire', 'Undated', null, 'en', 'kept', 1),
  (5, 'blatt', 'Die Folgen', '2026-11-10 07:00:00+00', 'de', 'kept', 1),
  (6, 'blatt', 'Wetter', '2026-11-10 07:00:00+00', 'de', 'off_topic', 1)
) as t(article_id, outlet_id, title, published_at, language, state, revision);
insert into entries by name
select entry_id, outlet_id || '-feed' as feed_id, outlet_id, state, article_id, article_id = 5 as is_backlog,
  if(state = 'off_topic', 'no_match', null) as reason, first_seen_at as first_listed_at, date '2026-11-08' as listed_day
from articles;
insert into entries by name
select 20 as entry_id, 'wire-feed' as feed_id, 'wire' as outlet_id, 'duplicate' as state, 'same_url' as reason,
  1 as article_id, false as is_backlog, timestamptz '2026-11-08 09:00:00+00' as first_listed_at,
  date '2026-11-08' as listed_day;
insert into polls by name
select feed_id, timestamptz '2026-11-08 09:00:00+00' as started_at, timestamptz '2026-11-08 09:00:00+00' as finished_at,
  count(*)::integer as new
from entries group by feed_id;
insert into mentions by name
select article_id, 'regulation' as topic, 0.5 as score, first_seen_at as known_from from articles where state = 'kept';
insert into copies by name
select *, 1.0 as numbers_overlap, 0.8 as names_overlap, 'earliest_published' as why
from (values (2, 1, 'same_text', 1.0, 0.9, 0.0), (3, 1, 'near_copy', 0.75, 0.75, 0.4))
  as t(article_id, original_id, rule, score, containment, added_share);
insert into story_articles by name
select * from (values (1, 1), (1, 2), (3, 3), (4, 4), (5, 5)) as t(story_id, article_id);
insert into story_lines by name
select * from (values (1, 1), (1, 3), (4, 4), (1, 5)) as t(line_id, story_id);
insert into terms_used by name
select *, 'old term' as term, 'agreed term' as preferred, 'en' as language
from (values (1, 1, false), (1, 1, true), (2, 1, false)) as t(article_id, revision, is_quoted);
insert into outages by name
select 'blatt-feed' as feed_id, 'silent' as kind, 'nothing new' as detail,
  timestamptz '2026-11-09 15:00:00+00' as from_at, timestamptz '2026-11-10 15:00:00+00' as known_from;
insert into feeds by name select 'search-feed' as feed_id, 'search' as outlet_id, 'query' as kind;
insert into entries by name
select entry_id, 'search-feed' as feed_id, 'search' as outlet_id, 'rejected' as state, reason, publisher_name,
  publisher_url, timestamptz '2026-11-10 09:00:00+00' as first_listed_at, date '2026-11-10' as listed_day
from (values
  (30, 'unresolved', 'Far Gazette', 'https://far.example'), (31, 'unresolved', 'Far Gazette', 'https://far.example'),
  (32, 'same_title', 'Wire', 'https://wire.example')) as t(entry_id, reason, publisher_name, publisher_url);
insert into polls by name
select 'search-feed' as feed_id, timestamptz '2026-11-10 09:00:00+00' as started_at,
  timestamptz '2026-11-10 09:00:00+00' as finished_at, 3 as new;
insert into requests by name
select timestamptz '2026-11-10 09:00:00+00' + to_hours(hours) as requested_at, 'wire.example' as host, purpose, status,
  100 as bytes, is_conditional, gap as gap_seconds
from (values
  (0, 'poll', 200, false, null), (1, 'poll', 304, true, null), (2, 'poll', 304, true, 2.5),
  (2, 'robots', 200, false, 2.0), (2, 'page', 429, false, 3.0), (3, 'page', 200, false, 4.0))
  as t(hours, purpose, status, is_conditional, gap);
insert into host_pauses by name
select 'wire.example' as host, timestamptz '2026-11-10 13:00:00+00' as until_at,
  timestamptz '2026-11-10 11:00:00+00' as known_from;
insert into polls by name
select 'wire-feed' as feed_id, 'https://wire.example/rss' as url, is_watchdog, 'unchanged' as outcome,
  timestamptz '2026-11-10 09:00:00+00' + to_hours(hours) as started_at, retry_at::timestamptz as retry_at
from (values (0, false, '2026-11-10 10:30:00+00'), (1, false, null), (2, true, null))
  as t(hours, is_watchdog, retry_at);
insert into publishes by name
select 1 as publish_id, timestamptz '2026-11-10 18:30:00+00' as published_at;
"""


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Warehouse]:
    with Warehouse.open(tmp_path, who="test_queries") as warehouse:
        yield warehouse


@pytest.fixture(scope="module")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    with Warehouse.open(tmp_path_factory.mktemp("seeded"), who="test_queries") as warehouse:
        warehouse.sql(SEED)
        yield warehouse


def question(name: str) -> str:
    return (QUERIES / f"{name}.sql").read_text(encoding="utf-8")


def asked(warehouse: Warehouse, name: str) -> list[Row]:
    return warehouse.sql(question(name))


def picked(rows: list[Row], *names: str) -> list[tuple[object, ...]]:
    return [tuple(r[n] for n in names) for r in rows]


def test_every_question_is_tested_and_every_tested_question_exists() -> None:
    assert {p.stem for p in QUERIES.glob("*.sql")} == set(COLUMNS)


@pytest.mark.parametrize("name", sorted(COLUMNS))
def test_a_question_begins_with_a_question_and_says_what_the_answer_means(name: str) -> None:
    lines = question(name).splitlines()
    comment = [line for line in lines if line.startswith("-- ")]
    assert lines[0].startswith("-- ")
    assert lines[0].endswith("?")
    assert any(line.startswith("-- One row: ") for line in comment)
    assert max(map(len, lines)) <= 120


@pytest.mark.parametrize("name", sorted(COLUMNS))
def test_a_new_warehouse_answers_with_no_row(empty: Warehouse, name: str) -> None:
    assert asked(empty, name) == []


@pytest.mark.parametrize("name", sorted(COLUMNS))
def test_an_answer_has_the_documented_columns(seeded: Warehouse, name: str) -> None:
    rows = asked(seeded, name)
    assert rows
    assert list(rows[0]) == COLUMNS[name]


def test_articles_are_originals_and_copies_and_publishers_are_never_more_than_outlets(seeded: Warehouse) -> None:
    for name in [*COLUMNS, "topic_daily", "syndications"]:
        for row in asked(seeded, name) if name in COLUMNS else seeded.sql(f"from {name}"):
            counted = [row[n] for n in ("publishers", "outlets", "articles") if isinstance(row.get(n), int)]
            assert counted == sorted(counted), (name, row)
            if {"articles", "originals", "copies"} <= row.keys():
                assert row["articles"] == row["originals"] + row["copies"]
            assert row.get("originals", 0) <= row.get("articles", row.get("originals", 0))
            assert row.get("copies", 0) <= row.get("articles", row.get("copies", 0))
    assert seeded.query("checks/counts") == []


def test_a_syndication_counts_articles_outlets_and_publishers_apart(seeded: Warehouse) -> None:
    (row,) = seeded.sql("from syndications")
    assert picked([row], "original_id", "articles", "originals", "copies") == [(1, 3, 1, 2)]
    assert picked([row], "outlets", "carrying_publishers", "other_publishers") == [(3, 2, 1)]
    assert picked([row], "least_added", "most_added") == [(0.0, 0.4)]


def test_every_decision_on_a_duplicate_has_its_rule_score_and_evidence(seeded: Warehouse) -> None:
    rows = seeded.sql("from duplicate_decisions order by what, id")
    assert picked(rows, "what", "id", "of_article_id", "rule", "score") == [
        ("article", 2, 1, "same_text", 1.0),
        ("article", 3, 1, "near_copy", 0.75),
        ("entry", 20, 1, "same_url", 1.0),
    ]
    assert rows[1]["evidence"] == (
        "containment 0.75, numbers 1.0, names 0.8, added 0.4, original by earliest_published"
    )


COUNTS_THAT_CONTRADICT = (
    "insert into topic_daily by name select 1 as articles, 2 as outlets, 1 as publishers, 0 as copies",
    "insert into outlet_daily by name select 2 as articles, 1 as kept, 0 as off_topic, 0 as copies",
    "insert into copies by name select 1 as article_id, 4 as original_id",
    "insert into copy_pairs by name select 4 as one_id, 5 as other_id, 9 as one_shingles, 9 as other_shingles",
)


@pytest.mark.parametrize("statement", COUNTS_THAT_CONTRADICT)
def test_counts_that_contradict_each_other_are_found(empty: Warehouse, statement: str) -> None:
    empty.sql(SEED)
    assert empty.query("checks/counts") == []
    empty.sql(statement)
    assert empty.query("checks/counts")


def test_volume_has_a_row_for_a_day_without_articles_and_says_that_an_outlet_was_out(seeded: Warehouse) -> None:
    rows = asked(seeded, "volume_by_day_and_topic")
    assert picked(rows, "published_day", "articles", "originals", "outlets", "publishers", "outlets_out") == [
        (date(2026, 11, 8), 3, 1, 3, 1, 0),
        (date(2026, 11, 9), 0, 0, 0, 0, 1),
        (date(2026, 11, 10), 1, 1, 1, 1, 1),
        (None, 1, 1, 1, 1, 0),
    ]


def test_an_article_without_a_date_is_in_no_day_of_the_volume(seeded: Warehouse) -> None:
    rows = asked(seeded, "volume_by_day_and_topic")
    assert sum(r["articles"] for r in rows) == 5
    assert sum(r["articles"] for r in rows if r["published_day"] is not None) == 4


def test_shares_of_countries_add_up_and_know_their_output(seeded: Warehouse) -> None:
    rows = asked(seeded, "share_by_country")
    assert picked(rows, "country", "articles", "originals", "outlets", "publishers") == [
        ("BE", 3, 2, 2, 1),
        ("DE", 2, 1, 1, 1),
    ]
    assert picked(rows, "share_of_topic", "share_of_output") == [(60.0, 100.0), (40.0, 66.7)]


def test_a_copy_inside_the_publisher_is_not_independent(seeded: Warehouse) -> None:
    (row,) = asked(seeded, "originals_and_copies")
    assert (row["title"], row["copies"], row["outlets"], row["other_publishers"]) == ("A vote", 2, 2, 1)
    assert (row["least_containment"], row["carried_by"]) == (0.75, "Blatt, Post")


def test_terms_of_a_text_that_was_corrected_do_not_count(seeded: Warehouse) -> None:
    (row,) = asked(seeded, "terminology_by_outlet")
    assert (row["outlet"], row["own_words"], row["quoted"], row["articles"]) == ("Wire", 1, 1, 1)
    assert (row["of_articles"], row["last_day"]) == (2, date(2026, 11, 8))


def test_delays_leave_out_what_has_no_instant_or_was_backlog(seeded: Warehouse) -> None:
    rows = asked(seeded, "delay_to_first_sight")
    assert picked(rows, "outlet", "measured", "median_minutes", "undated", "backlog", "ahead") == [
        ("Wire", 1, 60.0, 1, 0, 0),
        ("Post", 1, 30.0, 0, 0, 0),
        ("Blatt", 1, 20.0, 0, 1, 0),
    ]


def test_a_line_is_counted_over_outlets_publishers_languages_and_days(seeded: Warehouse) -> None:
    (row,) = asked(seeded, "spread_of_a_line")
    assert (row["headline"], row["articles"], row["copies"]) == ("A vote", 4, 2)
    assert (row["outlets"], row["publishers"]) == (3, 2)
    assert (row["countries"], row["languages"], row["first_day"], row["days"]) == (2, 2, date(2026, 11, 8), 3)
    assert row["first_told_by"] == "Wire"


def test_a_lasting_outage_is_measured_up_to_the_last_publish(seeded: Warehouse) -> None:
    (row,) = asked(seeded, "outages")
    assert (row["feed_id"], row["outlet"], row["kind"], row["to_at"]) == ("blatt-feed", "Blatt", "silent", None)
    assert row["from_at"] == datetime(2026, 11, 9, 15, tzinfo=UTC)
    assert (row["hours"], row["kept_before"]) == (27.5, 2)


def test_entries_by_state_add_up_for_every_feed(seeded: Warehouse) -> None:
    rows = asked(seeded, "entries_by_state")
    assert picked(rows, "feed_id", "listed", "kept", "duplicate", "off_topic", "missing", "kept_share") == [
        ("blatt-feed", 3, 2, 0, 1, 0, 66.7),
        ("post-feed", 1, 1, 0, 0, 0, 100.0),
        ("search-feed", 3, 0, 0, 0, 0, 0.0),
        ("wire-feed", 3, 2, 1, 0, 0, 100.0),
    ]


def test_an_entry_that_was_lost_shows_as_missing(empty: Warehouse) -> None:
    empty.sql(SEED)
    empty.sql("delete from entries where entry_id = 20")
    rows = {r["feed_id"]: r["missing"] for r in asked(empty, "entries_by_state")}
    assert rows == {"blatt-feed": 0, "post-feed": 0, "search-feed": 0, "wire-feed": 1}


def test_politeness_shows_each_host_with_what_it_saw_and_every_rule_that_was_broken(seeded: Warehouse) -> None:
    [row] = [r for r in asked(seeded, "politeness") if r["host"] == "wire.example"]
    assert (row["requests"], row["feeds"], row["pages"], row["bytes"], row["throttled"]) == (6, 3, 2, 600, 1)
    assert (row["conditional_share"], row["unchanged_share"], row["watchdog"]) == (0.667, 1.0, 1)
    assert row["smallest_gap_seconds"] == 2.0
    assert row["broken"] == 2  # a page inside the pause, and a poll before its Retry-After had passed


def test_outlets_to_add_are_those_that_only_search_services_list(seeded: Warehouse) -> None:
    found = picked(asked(seeded, "outlets_to_add"), "publisher", "site", "findings", "unresolved")
    assert found == [("Far Gazette", "https://far.example", 2, 2)]


# Ten days of Wire at four articles a day, whole, dated and signed; on the eleventh five, of which four are the feed's
# own words, three undated, two unsigned and one without a title; two pages rejected, and half of the answers 403.
# Blatt had one article on the first of these days, and Post is only in the outlets.
CHANGED_TEMPLATE = """
insert into outlets by name
select unnest([{'outlet_id': 'wire', 'name': 'Wire'}, {'outlet_id': 'blatt', 'name': 'Blatt'},
  {'outlet_id': 'post', 'name': 'Post'}], max_depth := 2);
insert into articles by name
select 'wire' as outlet_id, 100 * d + n as article_id, 'A vote' as title, ['A. Writer'] as authors,
  date '2026-11-01' + d::integer as published_day, false as is_partial, 400 + n as words, 'reader-1' as extractor,
  'kept' as state, timestamptz '2026-11-01 23:30:00+00' + to_days(d::integer) as first_seen_at
from range(10) as days(d), range(4) as of_day(n);
insert into articles by name
select 'wire' as outlet_id, 2000 + n as article_id, if(n = 0, ' ', 'A vote') as title,
  if(n < 2, [], ['A. Writer']) as authors, if(n < 3, null, date '2026-11-11') as published_day, n < 4 as is_partial,
  if(n < 4, 20, 900) as words, if(n < 4, 'feed', 'reader-2') as extractor, 'off_topic' as state,
  timestamptz '2026-11-11 00:30:00+00' as first_seen_at
from range(5) as of_day(n);
insert into articles by name
select 'blatt' as outlet_id, 3000 as article_id, 'Die Wahl' as title, date '2026-11-01' as published_day,
  timestamptz '2026-11-01 12:00:00+00' as first_seen_at;
insert into entries by name
select 4000 + n as entry_id, 'wire' as outlet_id, 'rejected' as state,
  ['too_short', 'consent_wall', 'unresolved'][n + 1] as reason, timestamptz '2026-11-11 00:30:00+00' as decided_at
from range(3) as of_day(n);
insert into fetches by name
select 5000 + n as fetch_id, if(n < 4, 4000, null) as entry_id, if(n < 4, null, 2000) as article_id,
  [403, 403, 403, 200, 200, 200, null][n + 1] as status, timestamptz '2026-11-11 00:30:00+00' as started_at
from range(7) as of_day(n);
insert into fetches by name
select 6000 as fetch_id, 100 as article_id, 200 as status, timestamptz '2026-11-02 12:00:00+00' as started_at;
"""


def test_an_outlet_whose_template_changed_departs_from_its_own_days(empty: Warehouse) -> None:
    empty.sql(CHANGED_TEMPLATE)
    wire, blatt = asked(empty, "extraction_by_outlet")
    assert wire["departs"] == ["partial", "undated", "unsigned", "untitled", "words", "rejected", "forbidden"]
    assert (wire["outlet"], wire["last_day"]) == ("Wire", date(2026, 11, 11))
    assert (wire["articles"], wire["articles_before"]) == (5, 4.0)
    assert (wire["partial_share"], wire["partial_before"]) == (0.8, 0.0)
    assert (wire["undated_share"], wire["unsigned_share"], wire["untitled_share"]) == (0.6, 0.4, 0.2)
    assert (wire["median_words"], wire["words_before"]) == (900.0, 401.5)
    assert (wire["rejected"], wire["rejected_by"]) == (2, {"consent_wall": 1, "too_short": 1})
    assert (wire["answers"], wire["forbidden_share"], wire["forbidden_before"]) == (6, 0.5, 0.0)
    assert wire["extractors"] == {"feed": 4, "reader-2": 1}
    assert (blatt["outlet"], blatt["departs"]) == ("Blatt", [])
    assert (blatt["articles"], blatt["articles_before"], blatt["partial_share"]) == (0, 0.1, None)
    assert blatt["unsigned_before"] == 1.0


def test_extraction_is_compared_with_28_days_and_no_more(empty: Warehouse) -> None:
    empty.sql(CHANGED_TEMPLATE)
    empty.sql("update articles set first_seen_at = first_seen_at - interval 20 days where article_id < 900")
    rows = asked(empty, "extraction_by_outlet")
    assert picked(rows, "articles", "articles_before") == [(5, round(8 * 4 / 28, 1)), (0, 0.1)]


def test_reading_is_counted_by_outlet_and_utc_day(empty: Warehouse) -> None:
    empty.sql(CHANGED_TEMPLATE)
    rows = empty.sql("select * from outlet_extraction where outlet_id = 'wire' order by day")
    assert [(r["day"].day, r["articles"]) for r in rows] == [*((d, 4) for d in range(1, 11)), (11, 5)]
    assert (rows[1]["answers"], rows[1]["forbidden_share"]) == (1, 0.0)
    assert (rows[0]["answers"], rows[0]["forbidden_share"], rows[0]["rejected"]) == (0, None, 0)
