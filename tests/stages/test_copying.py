"""Copies in a real warehouse: order, batches and runs decide nothing, and what arrives late turns a group round."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.adapters.warehouse import Warehouse, as_json
from pipelines.core.duplicates import HOT_ARTICLES, candidate_pairs
from pipelines.core.nouns import ClusterItem
from pipelines.core.resemblance import LEAST_SAMPLED_SHARE, SHORT_SAMPLE
from pipelines.stages.copying import leave, place_copies
from tests.builders import make_item, prose

FIRST = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)
STEP = timedelta(minutes=15)
Rows = list[dict[str, Any]]

STORE = """
insert into articles by name
select r.* exclude (text, publisher, outlet_kind, outlet_name, source_name, key), 'kept' as state,
  article_id as entry_id, first_seen_at as updated_at
from (select unnest(from_json_strict($rows, $form), max_depth := 2)) as r
"""
TEXTS = """
insert into article_texts by name
select article_id, 1 as revision, title, text, is_partial, first_seen_at as seen_at
from (select unnest(from_json_strict($rows, $form), max_depth := 2)) as r
"""
BESIDE = """
insert into entries by name
select article_id as entry_id, source_name as publisher_name, first_seen_at as first_listed_at
from (select unnest(from_json_strict($rows, $form), max_depth := 2)) as r
"""
OUTLETS = """
insert into outlets by name
select outlet_id, outlet_name as name, publisher, outlet_kind as kind, '2026-01-01'::timestamptz as valid_from
from (select unnest(from_json_strict($rows, $form), max_depth := 2)) as r
where outlet_id not in (select outlet_id from outlets)
qualify row_number() over (partition by outlet_id) = 1
"""
KEYS = """
insert into article_keys by name
select key as url_key, article_id, first_seen_at as added_at
from (select unnest(from_json_strict($rows, $form), max_depth := 2)) as r
"""
FORM = (
    '[{"article_id":"BIGINT","outlet_id":"VARCHAR","title":"VARCHAR","text":"VARCHAR","published_at":"TIMESTAMPTZ",'
    '"published_day":"DATE","first_seen_at":"TIMESTAMPTZ","language":"VARCHAR","wire":["VARCHAR"],'
    '"original_url":"VARCHAR","is_partial":"BOOLEAN","publisher":"VARCHAR","outlet_kind":"VARCHAR",'
    '"outlet_name":"VARCHAR","source_name":"VARCHAR","key":"VARCHAR"}]'
)


def store(warehouse: Warehouse, items: Sequence[ClusterItem], original_urls: dict[int, str] | None = None) -> None:
    """Articles as `match` leaves them: kept, with a text, a key and an entry."""
    rows = [
        {"article_id": i.article_id, "outlet_id": i.outlet_id, "title": i.title, "text": i.text,
         "published_at": i.published_at, "published_day": i.published_day, "first_seen_at": i.first_seen_at,
         "language": i.language, "wire": list(i.wire), "original_url": (original_urls or {}).get(i.article_id),
         "is_partial": i.is_partial, "publisher": i.publisher, "outlet_kind": i.outlet_kind,
         "outlet_name": i.outlet_name or i.outlet_id, "source_name": i.source_name,
         "key": f"{i.outlet_id}.example/{i.article_id}"}
        for i in items
    ]  # fmt: skip
    for statement in (STORE, TEXTS, BESIDE, OUTLETS, KEYS):
        warehouse.sql(statement, {"rows": as_json(rows), "form": FORM})


def place(warehouse: Warehouse, items: Sequence[ClusterItem], now: datetime) -> int:
    with warehouse.transaction() as tx:
        return len(place_copies(tx, [i.article_id for i in items], now))


def copies(warehouse: Warehouse) -> Rows:
    return warehouse.sql(
        "select * exclude (known_from, known_to) from copies where known_to is null order by article_id"
    )


def pairs(warehouse: Warehouse) -> Rows:
    return warehouse.sql("select * exclude (known_from, known_to) from copy_pairs where known_to is null order by all")


def originals(warehouse: Warehouse) -> dict[int, int]:
    return {r["article_id"]: r["original_id"] for r in copies(warehouse)}


@pytest.fixture
def warehouse(tmp_path: Path) -> Iterator[Warehouse]:
    with Warehouse.open(tmp_path) as opened:
        yield opened


def seen(article_id: int, text: str, at: datetime, **over: Any) -> ClusterItem:
    """An article first seen at a time, and published an hour before unless said otherwise."""
    published = over.pop("published_at", at - timedelta(hours=1))
    day = published.date() if published else None
    return make_item(article_id, text, **{"published_at": published, "published_day": day, "first_seen_at": at, **over})


def a_month(random: Random) -> list[ClusterItem]:
    """Twelve agency texts, each carried by several outlets with cuts and additions, at any time of thirty days."""
    items: list[ClusterItem] = []
    for text in range(12):
        begun = FIRST + timedelta(minutes=15 * random.randrange(2_200))
        for _ in range(random.randint(1, 6)):
            number = len(items) + 1
            published = begun + timedelta(minutes=random.randrange(4_000))
            words = prose(text * 9, random.choice((8, 12, 16))) + random.choice(("", " " + prose(200 + number, 3)))
            at = published + timedelta(minutes=random.randrange(600))
            when = random.choice((published, published, None))
            items.append(seen(number, words, at, published_at=when, outlet_id=f"outlet-{random.randrange(9)}",
                              title=f"Report number {text} of the council", wire=random.choice(((), ("Nordwire",))),
                              outlet_kind="media"))  # fmt: skip
    return items


def stepwise(warehouse: Warehouse, items: Sequence[ClusterItem]) -> None:
    """A pass every quarter of an hour in which something is seen, over the whole month."""
    passes: dict[int, list[ClusterItem]] = {}
    for item in items:
        assert item.first_seen_at is not None
        passes.setdefault(-((FIRST - item.first_seen_at) // STEP), []).append(item)
    for number in sorted(passes):
        place(warehouse, passes[number], FIRST + (number + 1) * STEP)


@settings(max_examples=6)
@given(st.integers(0, 10_000))
def test_a_month_in_one_go_gives_the_copies_of_a_month_in_quarters_of_an_hour(
    tmp_path_factory: pytest.TempPathFactory, seed: int
) -> None:
    items = a_month(Random(seed))
    found = []
    for way in ("at once", "stepwise"):
        with Warehouse.open(tmp_path_factory.mktemp("copies")) as opened:
            store(opened, items)
            if way == "at once":
                place(opened, items, FIRST + timedelta(days=40))
            else:
                stepwise(opened, items)
            found.append((copies(opened), pairs(opened)))
    assert found[0][0]
    assert found[0] == found[1]


@settings(max_examples=6)
@given(st.integers(0, 10_000))
def test_order_within_a_day_and_batches_decide_nothing(tmp_path_factory: pytest.TempPathFactory, seed: int) -> None:
    random = Random(seed)
    items = [seen(i.article_id, i.text, FIRST, published_at=i.published_at) for i in a_month(random)]
    found = []
    for _ in range(2):
        random.shuffle(items)
        cuts = sorted({0, len(items), *(random.randrange(len(items)) for _ in range(4))})
        with Warehouse.open(tmp_path_factory.mktemp("copies")) as opened:
            store(opened, items)
            for start, end in pairwise(cuts):
                place(opened, items[start:end], FIRST)
            found.append((copies(opened), pairs(opened)))
    assert found[0] == found[1]


def test_the_warehouse_finds_the_candidates_of_the_core(warehouse: Warehouse) -> None:
    items = [
        seen(i.article_id, i.text, FIRST, published_at=i.published_at, outlet_id=i.outlet_id, title=i.title)
        for i in a_month(Random(7))
    ]
    store(warehouse, items)
    place(warehouse, items, FIRST)
    ids = as_json([i.article_id for i in items])
    found = warehouse.query(
        "cluster/candidates", ids=ids, batch=ids, day=FIRST.date(), since=FIRST.date(), until=FIRST.date(),
        title_days=7, hot=HOT_ARTICLES, short=SHORT_SAMPLE, share=LEAST_SAMPLED_SHARE,
    )  # fmt: skip
    assert {(r["one"], r["other"]) for r in found} == candidate_pairs(items)


def test_a_copy_keeps_its_row_and_says_of_whom_by_which_rule_and_why(warehouse: Warehouse) -> None:
    items = [seen(1, prose(1), FIRST, outlet_kind="agency"), seen(2, f"{prose(1)} {prose(90, 4)}", FIRST)]
    store(warehouse, items)
    assert place(warehouse, items, FIRST) == 1
    (row,) = copies(warehouse)
    assert (row["article_id"], row["original_id"], row["rule"], row["why"]) == (2, 1, "near_copy", "agency")
    assert 0.1 < row["added_share"] < 0.4
    (pair,) = pairs(warehouse)
    assert pair["shared"] / pair["other_shingles"] == pytest.approx(1 - row["added_share"], abs=1e-4)
    assert warehouse.sql("select count(*) as n from articles where state = 'kept'") == [{"n": 2}]


def test_twice_is_once(warehouse: Warehouse) -> None:
    items = [seen(n, prose(1), FIRST) for n in (1, 2, 3)]
    store(warehouse, items)
    place(warehouse, items, FIRST)
    before = copies(warehouse), pairs(warehouse), warehouse.sql("select * from fingerprints order by all")
    assert place(warehouse, items, FIRST + STEP) == 0
    assert (copies(warehouse), pairs(warehouse), warehouse.sql("select * from fingerprints order by all")) == before
    assert warehouse.sql("select count(*) as n from copies where known_to is not null") == [{"n": 0}]


def test_a_text_that_arrives_late_and_was_first_turns_its_group_round_and_the_past_stays_true(
    warehouse: Warehouse,
) -> None:
    early = [seen(1, prose(1), FIRST), seen(2, prose(1), FIRST, published_at=FIRST)]
    late = [seen(3, prose(1), FIRST + STEP, published_at=FIRST - timedelta(hours=5))]
    store(warehouse, [*early, *late])
    place(warehouse, early, FIRST)
    assert originals(warehouse) == {2: 1}
    place(warehouse, late, FIRST + STEP)
    assert originals(warehouse) == {1: 3, 2: 3}
    then = warehouse.sql("select article_id, original_id, known_to from copies where known_from = $t", {"t": FIRST})
    assert then == [{"article_id": 2, "original_id": 1, "known_to": FIRST + STEP}]


def test_a_page_that_names_an_original_elsewhere_is_its_copy_whichever_arrives_first(warehouse: Warehouse) -> None:
    original, copy = (
        seen(1, prose(1), FIRST),
        seen(2, "The ministers agreed, a partner reports.", FIRST, is_partial=True),
    )
    store(warehouse, [original, copy], {2: "https://www.outlet-1.example/1?utm_source=feed"})
    place(warehouse, [copy], FIRST)
    assert originals(warehouse) == {}
    place(warehouse, [original], FIRST)
    assert [(r["original_id"], r["rule"], r["why"]) for r in copies(warehouse)] == [(1, "declared", "declared")]


def test_a_feed_that_names_its_source_and_a_byline_that_credits_one_are_believed(warehouse: Warehouse) -> None:
    items = [
        seen(1, prose(1), FIRST, published_at=FIRST - timedelta(hours=9), wire=("dpa",)),
        seen(2, prose(1), FIRST, published_at=FIRST - timedelta(hours=8), source_name="DPA"),
        seen(3, prose(1), FIRST, outlet_id="dpa-english", outlet_name="dpa"),
    ]
    store(warehouse, items)
    place(warehouse, items, FIRST)
    assert [(r["article_id"], r["original_id"], r["why"]) for r in copies(warehouse)] == [
        (1, 3, "credited"), (2, 3, "source"),
    ]  # fmt: skip


def test_articles_thirty_days_apart_are_compared_and_later_ones_are_not(warehouse: Warehouse) -> None:
    month = timedelta(days=30)
    items = [seen(1, prose(1), FIRST), seen(2, prose(1), FIRST + month), seen(3, prose(50), FIRST),
             seen(4, prose(50), FIRST + month + timedelta(days=1))]  # fmt: skip
    store(warehouse, items)
    place(warehouse, items, FIRST + month)
    assert originals(warehouse) == {2: 1}


def test_a_formula_of_the_days_before_makes_no_candidates_and_one_of_today_does(warehouse: Warehouse) -> None:
    formula = prose(1)
    crowd = [seen(n, formula, FIRST) for n in range(1, HOT_ARTICLES + 2)]
    tomorrow = [seen(1_001, formula, FIRST + timedelta(days=1))]
    store(warehouse, [*crowd, *tomorrow])
    place(warehouse, crowd, FIRST)
    assert len(originals(warehouse)) == HOT_ARTICLES, "the counters stood at nothing when the day began"
    place(warehouse, tomorrow, FIRST + timedelta(days=1))
    assert 1_001 not in originals(warehouse)


def test_what_leaves_the_topic_is_copied_by_none_and_those_left_point_to_each_other(warehouse: Warehouse) -> None:
    items = [seen(n, prose(1), FIRST + n * STEP) for n in (1, 2, 3)]
    store(warehouse, items)
    place(warehouse, items, FIRST)
    assert originals(warehouse) == {2: 1, 3: 1}
    with warehouse.transaction() as tx:
        leave(tx, [1], FIRST + STEP)
    assert originals(warehouse) == {3: 2}


def test_what_comes_back_to_the_topic_finds_the_copies_that_came_after_it(warehouse: Warehouse) -> None:
    items = [seen(1, prose(1), FIRST), seen(2, prose(1), FIRST + timedelta(days=2))]
    store(warehouse, items)
    place(warehouse, items[1:], FIRST + timedelta(days=2))
    place(warehouse, items[:1], FIRST + timedelta(days=3))
    assert originals(warehouse) == {2: 1}


def test_the_day_of_a_sight_is_the_utc_day(warehouse: Warehouse) -> None:
    item = seen(1, prose(1), datetime(2026, 11, 3, 0, 30, tzinfo=UTC))
    store(warehouse, [item])
    place(warehouse, [item], datetime(2026, 11, 5, tzinfo=UTC))
    assert warehouse.sql("select distinct seen_day from fingerprints") == [{"seen_day": date(2026, 11, 3)}]
