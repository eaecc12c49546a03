"""Stories in a real warehouse: of a month in one go as of a month in steps, with ids that stay and people's say."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from benchmarks.clustering.invented import Told, invent
from pipelines.adapters.warehouse import Warehouse
from pipelines.core.judgements import Judgement, Verdict
from pipelines.core.nouns import Counted
from pipelines.core.story_lines import Vectors
from pipelines.stages.cluster import cluster
from pipelines.stages.protocols import Row, Transaction
from tests.quality.scores import b_cubed

STEP = timedelta(minutes=15)


def put(warehouse: Warehouse, articles: Sequence[Told], seen_at: datetime | None = None) -> None:
    """Kept articles as matching leaves them; seen when they were, or all at one time."""
    if not articles:
        return
    with warehouse.transaction() as tx:
        tx.run("match/add_articles", rows=[_article(a, seen_at or a.seen_at) for a in articles])
        tx.run("extract/add_texts", rows=[_text(a, seen_at or a.seen_at) for a in articles])
        tx.run("match/add_mentions",
               rows=[{"article_id": a.number, "topic": "summit", "score": 0.5, "aboutness": 0.5, "is_about": True,
                      "evidence": "[]", "method": "query", "version": "t", "known_from": a.seen_at, "known_to": None}
                     for a in articles])  # fmt: skip
        outlets = {(a.outlet, a.language) for a in articles}
        tx.run("poll/add_found_outlets", now=seen_at or articles[0].seen_at,
               rows=[{"outlet_id": o, "name": o, "publisher": o, "language": language}
                     for o, language in sorted(outlets)])  # fmt: skip


def _article(article: Told, seen_at: datetime) -> Row:
    day = article.published_at.date()
    return {
        "article_id": article.number, "entry_id": None, "url": f"https://{article.outlet}.press.test/{article.number}",
        "canonical_url": None, "outlet_id": article.outlet, "title": article.title, "authors": [],
        "published_at": article.published_at, "published_day": day, "published_precision": "second",
        "published_raw": None, "date_source": "feed:iso", "modified_at": None, "language": article.language,
        "language_source": "page", "is_paywalled": None, "is_partial": False, "quality": 1.0, "is_tdm_reserved": None,
        "words": 200, "extractor": "t", "content_hash": article.number, "state": "kept", "revision": 1,
        "first_seen_at": seen_at, "updated_at": seen_at, "gone_at": None, "section": None, "tags": [], "licence": None,
        "wire": [], "correction": None, "title_source": None, "authors_source": None, "flags": [],
        "original_url": None,
    }  # fmt: skip


def _text(article: Told, seen_at: datetime) -> Row:
    return {
        "article_id": article.number, "revision": 1, "published_day": article.published_at.date(),
        "title": article.title, "text": article.text, "content_hash": article.number, "is_partial": False,
        "fetch_id": None, "seen_at": seen_at,
    }  # fmt: skip


def places(warehouse: Warehouse) -> dict[int, int]:
    rows = warehouse.sql("select article_id, story_id from story_articles where known_to is null order by 1")
    return {r["article_id"]: r["story_id"] for r in rows}


def agreement(one: dict[int, int], other: dict[int, int]) -> float:
    assert one.keys() == other.keys()
    return b_cubed([one[a] for a in sorted(one)], [other[a] for a in sorted(one)]).f1


def in_steps(warehouse: Warehouse, articles: Sequence[Told]) -> Iterator[datetime]:
    """A pass every 15 minutes in which something came; yields the time of each after it."""
    waiting = list(articles)
    now = waiting[0].seen_at.replace(minute=0, second=0, microsecond=0)
    while waiting:
        now += STEP
        came = [a for a in waiting if a.seen_at <= now]
        if came:
            waiting = waiting[len(came) :]
            put(warehouse, came)
            cluster(warehouse, {}, now)
            yield now


@dataclass(slots=True)
class Month:
    """The same month taken in two ways."""

    articles: list[Told]
    stepped: dict[int, int]
    whole: dict[int, int]
    passes: int
    problems: dict[str, list[Row]]
    moves: int = 0
    settled: dict[int, int] = field(default_factory=dict)  # places as they stood when their day had been over


@pytest.fixture(scope="module")
def month(tmp_path_factory: pytest.TempPathFactory) -> Month:
    return taken(tmp_path_factory.mktemp("month"), a_day=9)


def taken(folder: Path, a_day: int) -> Month:
    articles = invent(days=30, a_day=a_day, languages=("en", "de", "fr"), words=90)
    with Warehouse.open(folder / "steps") as warehouse:
        times = list(in_steps(warehouse, articles))
        stepped = places(warehouse)
        problems = {n: warehouse.query(f"checks/{n}") for n in ("uniqueness", "orphans")}
        (moves,) = warehouse.sql("select count(*) as n from story_articles where known_to is not null")
        settled = warehouse.sql(
            "select s.article_id, s.story_id from story_articles as s join articles as a using (article_id)"
            " where s.known_from < date_trunc('day', a.first_seen_at) + interval 1 day"
            " and (s.known_to is null or s.known_to >= date_trunc('day', a.first_seen_at) + interval 1 day)"
        )
    with Warehouse.open(folder / "whole") as warehouse:
        now = times[-1] + STEP
        put(warehouse, articles, seen_at=now)
        cluster(warehouse, {}, now)
        whole = places(warehouse)
    return Month(
        articles=articles, stepped=stepped, whole=whole, passes=len(times), problems=problems, moves=moves["n"],
        settled={r["article_id"]: r["story_id"] for r in settled},
    )  # fmt: skip


def check(month: Month) -> None:
    assert month.passes > 6 * 30
    assert agreement(month.stepped, month.whole) >= 0.95
    events = {a.number: hash((a.language, a.event)) for a in month.articles}
    assert min(agreement(month.stepped, events), agreement(month.whole, events)) >= 0.9


def test_a_month_in_one_go_gives_the_stories_of_a_month_in_steps_of_15_minutes(month: Month) -> None:
    check(month)


@pytest.mark.slow
def test_a_busy_month_in_one_go_gives_the_stories_of_its_steps(tmp_path: Path) -> None:
    check(taken(tmp_path, a_day=50))


def test_steps_leave_no_key_twice_and_nothing_without_its_article(month: Month) -> None:
    assert month.problems == {"uniqueness": [], "orphans": []}


def test_what_a_day_decided_stays_when_it_is_over(month: Month) -> None:
    assert month.moves > 0
    assert len(month.settled) > 0.9 * len(month.stepped)
    assert month.settled == {a: month.stepped[a] for a in month.settled}


NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)


@pytest.fixture
def warehouse(tmp_path: Path) -> Iterator[Warehouse]:
    with Warehouse.open(tmp_path / "warehouse") as opened:
        yield opened


def some(count: int, *, days: int = 1, languages: Sequence[str] = ("en",)) -> list[Told]:
    return invent(days=days, a_day=count // days, languages=languages, words=90)


class Reading:
    """A warehouse that notes how many rows each statement read."""

    def __init__(self, warehouse: Warehouse) -> None:
        self._warehouse = warehouse
        self._within: Transaction | None = None
        self.rows: Counter[str] = Counter()

    @contextmanager
    def transaction(self) -> Iterator["Reading"]:
        with self._warehouse.transaction() as self._within:
            yield self
        self._within = None

    def run(self, name: str, **parameters: object) -> None:
        assert self._within is not None
        self._within.run(name, **parameters)

    def query(self, name: str, **parameters: object) -> list[Row]:
        rows = self._warehouse.query(name, **parameters)
        self.rows[name] += len(rows)
        return rows


def test_a_batch_reads_the_window_and_never_the_history(warehouse: Warehouse) -> None:
    months_ago = [replace(a, number=a.number + 1000, published_at=a.published_at - timedelta(days=90))
                  for a in some(400, days=40)]  # fmt: skip
    put(warehouse, months_ago, seen_at=NOON - timedelta(days=80))
    cluster(warehouse, {}, NOON - timedelta(days=80))
    put(warehouse, [replace(a, published_at=NOON) for a in some(40)], seen_at=NOON)
    reading = Reading(warehouse)
    counted = cluster(reading, {}, NOON)
    assert counted.counts["placed"] == 40
    assert (reading.rows["cluster/window"], reading.rows["cluster/items"]) == (40, 80)  # copies read the new ones too


def test_a_pass_with_nothing_new_writes_nothing(warehouse: Warehouse) -> None:
    put(warehouse, some(10))
    cluster(warehouse, {}, NOON)
    changes = warehouse.changes
    assert cluster(warehouse, {}, NOON + STEP).counts == {"placed": 0}
    assert warehouse.changes == changes


def test_an_old_article_does_not_widen_the_window_of_the_new_ones(warehouse: Warehouse) -> None:
    years_ago = replace(some(1)[0], number=5000, published_at=NOON - timedelta(days=900))
    between = [replace(a, number=a.number + 1000, published_at=a.published_at - timedelta(days=60)) for a in some(30)]
    put(warehouse, between)
    cluster(warehouse, {}, NOON - timedelta(days=60))
    put(warehouse, [years_ago, *(replace(a, published_at=NOON) for a in some(20))], seen_at=NOON)
    reading = Reading(warehouse)
    cluster(reading, {}, NOON)
    assert reading.rows["cluster/window"] == 21


def test_a_story_that_a_digest_told_of_is_not_decided_again(warehouse: Warehouse) -> None:
    articles = some(30)
    put(warehouse, articles[:15])
    cluster(warehouse, {}, NOON)
    before = places(warehouse)
    with warehouse.transaction() as tx:
        tx.run("digest/add_items",
               rows=[{"digest_id": "2026-11-02", "section": "by_topic", "position": n, "story_id": s, "article_id": a,
                      "told": "Headline"} for n, (a, s) in enumerate(before.items())])  # fmt: skip
    put(warehouse, articles[15:])
    cluster(warehouse, {}, NOON + STEP)
    after = places(warehouse)
    assert {a: after[a] for a in before} == before


def test_every_story_has_a_headline_a_line_and_a_reason_for_each_place(warehouse: Warehouse) -> None:
    articles = some(60, languages=("en", "de"))
    put(warehouse, articles)
    cluster(warehouse, {}, NOON)
    stories = set(places(warehouse).values())
    titles = {a.number: a.title for a in articles}
    headlines = warehouse.sql("select story_id, article_id, headline from story_headlines where known_to is null")
    assert {h["story_id"] for h in headlines} == stories
    assert all(h["headline"] == titles[h["article_id"]] for h in headlines)
    lines = warehouse.sql("select story_id, similarity, reason from story_lines where known_to is null")
    assert {r["story_id"] for r in lines} == stories
    assert all(0 < r["similarity"] <= 1 and r["reason"] for r in lines)
    links = warehouse.sql("select similarity, reason, version from story_articles where known_to is null")
    assert all(0 < r["similarity"] <= 1 and r["reason"] in {"opened", "similar"} and r["version"] for r in links)


def test_a_story_that_goes_on_for_days_is_one_line(warehouse: Warehouse) -> None:
    first = some(1)[0]
    for day in range(9):
        later = replace(first, number=first.number + day, published_at=NOON + timedelta(days=day),
                        text=f"{first.text} {some(9)[day].text[:200]}")  # fmt: skip
        put(warehouse, [later], seen_at=NOON + timedelta(days=day))
        cluster(warehouse, {}, NOON + timedelta(days=day, hours=1))
    found = places(warehouse)
    assert list(found.values()) == [1] * 7 + [8] * 2
    lines = warehouse.sql("select story_id, line_id, other_id, method from story_lines where known_to is null")
    assert sorted((r["story_id"], r["line_id"], r["other_id"], r["method"]) for r in lines) == [
        (1, 1, None, None), (8, 1, 1, "words"),
    ]  # fmt: skip


class Accented:
    """Vectors that say what an article is about, and, much louder, in which language."""

    version = "accented-1"

    def __init__(self, articles: Sequence[Told], meanings: Callable[[Told], int]) -> None:
        self._of = {a.title: (a, meanings(a)) for a in articles}
        self.asked = 0

    def vectors(self, texts: Sequence[str]) -> Vectors:
        self.asked += len(texts)
        rows = []
        for text in texts:
            article, meaning = self._of[text.split("\n")[0]]
            row = np.random.default_rng(meaning).normal(size=64)
            row[{"en": 0, "fr": 1}[article.language]] += 40
            rows.append(row / np.linalg.norm(row))
        return np.array(rows, np.float32)


def bilingual() -> list[Told]:
    """Five single reports in English, and five in French that have their numbers and no other word in common."""
    english = [replace(a, number=n, event=n, published_at=NOON) for n, a in enumerate(_of_different_events("en"), 1)]
    french = _of_different_events("fr")
    return english + [
        replace(f, number=e.number + 100, event=e.event, published_at=NOON, text=f"{f.text} {_numbers(e)}")
        for e, f in zip(english, french, strict=True)
    ]


def _of_different_events(language: str) -> list[Told]:
    by_event = {a.event: a for a in some(400, languages=("en", "fr")) if a.language == language}
    return [by_event[e] for e in sorted(by_event)[:5]]


def _numbers(article: Told) -> str:
    return " ".join(w for w in article.text.split() if w.strip(".").isdigit())


def test_with_vectors_lines_follow_the_meaning_and_no_text_is_asked_for_twice(warehouse: Warehouse) -> None:
    articles = bilingual()
    meaning = Accented(articles, lambda a: a.event)
    put(warehouse, articles[:-1], seen_at=NOON)
    cluster(warehouse, {}, NOON, meaning=meaning)
    asked = meaning.asked
    assert asked == 9
    put(warehouse, articles[-1:], seen_at=NOON)
    cluster(warehouse, {}, NOON + STEP, meaning=meaning)
    assert meaning.asked == asked + 1
    rows = warehouse.sql("select story_id, line_id, method, reason from story_lines where known_to is null")
    lines = {r["story_id"]: r["line_id"] for r in rows}
    assert lines == {a.number: lines[a.event] for a in articles}
    assert len(set(lines.values())) == 5
    assert {r["method"] for r in rows} == {None, "meaning"}


def test_other_vectors_make_no_line_of_what_shares_numbers(warehouse: Warehouse) -> None:
    articles = bilingual()
    put(warehouse, articles, seen_at=NOON)
    cluster(warehouse, {}, NOON, meaning=Accented(articles, lambda a: a.number))
    rows = warehouse.sql("select line_id from story_lines where known_to is null group by all having count(*) > 1")
    assert rows == []


def split(number: int, one: int, other: int) -> Judgement:
    return Judgement(number=number, verdict=Verdict.SPLIT, one=one, other=other)


def join(number: int, one: int, other: int) -> Judgement:
    return Judgement(number=number, verdict=Verdict.JOIN, one=one, other=other)


def pair_of(found: dict[int, int], *, is_one: bool) -> tuple[int, int]:
    return next((a, b) for a in found for b in found if a < b and (found[a] == found[b]) is is_one)


@pytest.mark.parametrize("verdict", Verdict)
def test_a_persons_decision_wins_on_every_later_run_until_it_is_undone(warehouse: Warehouse, verdict: Verdict) -> None:
    articles = some(60)
    put(warehouse, articles[:30])
    cluster(warehouse, {}, NOON)
    rules = places(warehouse)
    one, other = pair_of(rules, is_one=verdict is Verdict.SPLIT)
    decided = [Judgement(number=1, verdict=verdict, one=one, other=other)]

    def is_obeyed() -> bool:
        found = places(warehouse)
        return (found[one] == found[other]) is (verdict is Verdict.JOIN)

    counted = cluster(warehouse, {}, NOON + STEP, judgements=decided)
    assert counted.counts["judged"] > 0
    assert is_obeyed()
    for n, start in enumerate((30, 40, 50)):
        put(warehouse, articles[start : start + 10])
        cluster(warehouse, {}, NOON + (n + 2) * STEP, judgements=decided)
        assert is_obeyed()
    cluster(warehouse, {}, NOON + 9 * STEP)
    assert not is_obeyed()
    undone = places(warehouse)
    assert {a: undone[a] for a in rules if rules[a] in (rules[one], rules[other])} == {
        a: s for a, s in rules.items() if s in (rules[one], rules[other])
    }
    assert warehouse.query("checks/uniqueness") == []


def test_a_decision_that_changes_nothing_more_writes_nothing_more(warehouse: Warehouse) -> None:
    put(warehouse, some(30))
    cluster(warehouse, {}, NOON)
    one, other = pair_of(places(warehouse), is_one=True)
    cluster(warehouse, {}, NOON + STEP, judgements=[split(1, one, other)])
    changes = warehouse.changes
    cluster(warehouse, {}, NOON + 2 * STEP, judgements=[split(1, one, other)])
    assert warehouse.changes == changes


def test_a_story_made_or_emptied_by_a_person_has_its_line_and_headline_or_none(warehouse: Warehouse) -> None:
    put(warehouse, some(40))
    cluster(warehouse, {}, NOON)
    found = places(warehouse)
    apart, one = pair_of(found, is_one=False), pair_of(found, is_one=True)
    cluster(warehouse, {}, NOON + STEP, judgements=[split(1, *one), join(2, *apart)])
    stories = set(places(warehouse).values())
    for table in ("story_lines", "story_headlines"):
        rows = warehouse.sql(f"select story_id from {table} where known_to is null")  # noqa: S608
        assert {r["story_id"] for r in rows} == stories


def test_counts_say_what_was_done(warehouse: Warehouse) -> None:
    put(warehouse, some(30))
    counted: Counted = cluster(warehouse, {}, NOON)
    found = places(warehouse)
    assert counted.counts == {
        "placed": 30, "moved": 0, "copies": 0, "stories": len(set(found.values())), "lines": 0, "judged": 0,
    }  # fmt: skip
