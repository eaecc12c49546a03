"""Digests over sixty generated days: nothing lost, nothing twice, changes once, and the same bytes a month later."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest

from pipelines.adapters.rendering import FORMATS, render_digest
from pipelines.adapters.warehouse import Warehouse
from pipelines.core.digest import Content
from pipelines.core.errors import NothingKnown, OlderComposer
from pipelines.stages.digest import Edition, compose_from, differing_digests, scope_of, stored_content, tell
from tests.builders import make_brief

from .many_days import FIRST, ZONE, Days

DAYS = 60
EDITIONS = [
    Edition(closes_at=time(7, 0), zone=ZONE, brief=make_brief()),
    # The hour that the clock repeats in October and skips in March.
    Edition(closes_at=time(2, 30), zone=ZONE, brief=make_brief(edition="night", language="fr", languages=("fr",))),
    Edition(closes_at=time(18, 0), zone=ZONE, topics=("summit",), brief=make_brief(edition="summit", language="de")),
]


@dataclass
class Watched:
    """Sixty days, and what was told of them.

    Attributes:
        bytes_then: each digest in each format, as on its day.
    """

    days: Days
    told: dict[str, list[Content]] = field(default_factory=dict)
    bytes_then: dict[tuple[str, str], bytes] = field(default_factory=dict)
    last_as_of: dict[str, datetime] = field(default_factory=dict)


@pytest.fixture(scope="module", params=[1, pytest.param(2, marks=pytest.mark.slow)])
def watched(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    with Warehouse.open(tmp_path_factory.mktemp("days") / "warehouse") as warehouse:
        found = Watched(Days(warehouse, request.param))
        for now in found.days.moments(DAYS):
            found.days.take(now)
            for edition in EDITIONS:
                if found.days.random.random() < 0.45:  # whenever somebody asks; some days nobody does
                    _tell(found, edition, now + timedelta(minutes=5))
        yield found


def _tell(found: Watched, edition: Edition, now: datetime) -> None:
    warehouse = found.days.warehouse
    told = found.told.setdefault(edition.edition_id, [])
    try:
        scope = scope_of(warehouse, edition, now)
    except NothingKnown:  # on the first day only: nothing had been published when its window closed
        assert not told
        return
    content = tell(warehouse, edition, now)
    if told and content["day"] == told[-1]["day"]:
        assert content == told[-1]
        return
    told.append(content)
    found.last_as_of[edition.edition_id] = scope.as_of
    for kind in FORMATS.values():
        found.bytes_then[content["digest_id"], kind] = render_digest(content, kind)


def items(content: Content) -> list[Content]:
    by_topic = [i for group in content["by_topic"] for i in group["items"]]
    return [*content["top_stories"], *by_topic, *content["elsewhere"], *content["late"]]


def articles(content: Content) -> list[int]:
    return [a["article_id"] for i in items(content) for a in i["articles"]] + [
        a["article_id"] for a in content["also_seen"]
    ]


def wanted(found: Watched, edition: Edition) -> set[int]:
    as_of = found.last_as_of[edition.edition_id]
    topic = {r["article_id"]: r["topic"] for r in found.days.warehouse.sql("select article_id, topic from mentions")}
    return {a for a, at in found.days.kept.items() if at <= as_of and topic[a] in (edition.topics or topic.values())}


@pytest.mark.parametrize("edition", EDITIONS, ids=lambda e: e.edition_id)
def test_every_kept_article_is_told_in_exactly_one_digest_of_an_edition(watched: Watched, edition: Edition) -> None:
    told = Counter(a for content in watched.told[edition.edition_id] for a in articles(content))
    assert len(watched.told[edition.edition_id]) > 30
    assert set(told) == wanted(watched, edition)
    assert [a for a, n in told.items() if n > 1] == []


@pytest.mark.parametrize("edition", EDITIONS, ids=lambda e: e.edition_id)
def test_each_change_of_what_was_told_is_told_once_and_never_before_its_article(
    watched: Watched, edition: Edition
) -> None:
    told_before: set[int] = set()
    seen: list[tuple[int, str, str]] = []
    for content in watched.told[edition.edition_id]:
        assert {c["article_id"] for c in content["changed"]} <= told_before
        seen += [(c["article_id"], c["kind"], c["after"]) for c in content["changed"]]
        told_before |= set(articles(content))
    assert len(seen) == len(set(seen)) > 3


def test_digests_composed_anew_at_the_end_equal_what_was_told(watched: Watched) -> None:
    assert differing_digests(watched.days.warehouse, EDITIONS) == []


def test_a_digest_of_weeks_ago_is_the_same_bytes_in_every_format(watched: Watched) -> None:
    for edition in EDITIONS:
        for content in watched.told[edition.edition_id][::6]:
            again = stored_content(watched.days.warehouse, edition, datetime.fromisoformat(content["day"]).date())
            assert again is not None
            for kind in FORMATS.values():
                assert render_digest(again, kind) == watched.bytes_then[content["digest_id"], kind]


def test_as_of_its_own_moment_a_digest_is_what_was_told(watched: Watched) -> None:
    edition, warehouse = EDITIONS[0], watched.days.warehouse
    for content in watched.told["daily"][3::9]:
        day = datetime.fromisoformat(content["day"]).date()
        as_of = datetime.fromisoformat(content["window"]["closes_at"])
        scope = scope_of(warehouse, edition, as_of + timedelta(days=30), day, as_of)
        assert compose_from(warehouse, edition, scope) == content


def test_every_quotation_and_extract_stands_in_its_text_and_is_short(watched: Watched) -> None:
    texts = {
        r["article_id"]: r["text"] for r in watched.days.warehouse.sql("select article_id, text from article_texts")
    }
    found: list[tuple[int, Any]] = []
    for content in watched.told["daily"]:
        found += [(q["article_id"], q) for q in content["quotes"]]
        found += [(i["articles"][0]["article_id"], i["sentence"]) for i in items(content) if i["sentence"]]
    assert len(found) > 60
    assert [e for a, e in found if texts[a][e["start"] : e["end"]] != e["text"] or len(e["text"]) > 280] == []


def test_days_on_which_the_machine_was_off_are_gaps_and_no_others(watched: Watched) -> None:
    off = {(FIRST + timedelta(days=n)).date().isoformat() for n in range(7, DAYS, 13)}
    gaps = {d["day"] for c in watched.told["daily"] for d in c["numbers"]["volume"] if d["is_gap"]}
    assert gaps <= off
    assert len(gaps) > 2


def test_a_story_that_goes_on_counts_its_days_from_the_first_digest_that_told_of_it(watched: Watched) -> None:
    first: dict[int, str] = {}
    days = 0
    for content in watched.told["daily"]:
        for item in items(content):
            since = first.get(item["line_id"])
            if since is not None:
                days += 1
                passed = datetime.fromisoformat(content["day"]) - datetime.fromisoformat(since)
                assert item["day_number"] == passed.days + 1
        for item in items(content):
            first.setdefault(item["line_id"], content["day"])
        for story in (a["story_id"] for a in content["also_seen"]):
            first.setdefault(story, content["day"])
    assert days > 5


def test_what_another_version_told_is_not_rendered_by_guess(tmp_path: Path) -> None:
    with Warehouse.open(tmp_path / "warehouse") as warehouse:
        warehouse.sql(
            "insert into digests by name select '2026-01-01' as digest_id, date '2026-01-01' as digest_day,"
            " 'daily' as edition, 'digest-1' as composer, '{}'::json as content"
        )
        with pytest.raises(OlderComposer, match="digests/"):
            stored_content(warehouse, EDITIONS[0], datetime(2026, 1, 1, tzinfo=ZONE).date())
        assert differing_digests(warehouse, EDITIONS) == []
