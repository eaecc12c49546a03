"""`presswatch judge` on a demo of its own: what a person decides wins, survives a replay, and can be taken back."""

import json
from typing import Any

import pytest

from pipelines.adapters.warehouse import Published

from .conftest import Demo

CHECKS = ("conservation", "manners", "orphans", "rollups", "uniqueness")

TOPICS = "select topic, method, score, is_about from mentions where known_to is null and article_id = {} order by all"


def rows(demo: Demo, query: str) -> list[dict[str, Any]]:
    with Published.open(demo.warehouse) as published:
        return published.sql(query)


def one(demo: Demo, where: str) -> dict[str, Any]:
    """An article, the same for every run."""
    return rows(demo, f"select * from articles where {where} order by article_id limit 1")[0]  # noqa: S608


def judge(demo: Demo, *arguments: str) -> dict[str, Any]:
    told: dict[str, Any] = demo.call("--json", "judge", *arguments).succeeded().json()
    return told


def state(demo: Demo, article: dict[str, Any]) -> str:
    return str(one(demo, f"article_id = {article['article_id']}")["state"])


def topics(demo: Demo, article: dict[str, Any]) -> list[dict[str, Any]]:
    return rows(demo, TOPICS.format(article["article_id"]))


def must_hold(demo: Demo) -> None:
    with Published.open(demo.warehouse) as published:
        assert {c: published.query(f"checks/{c}") for c in CHECKS} == {c: [] for c in CHECKS}


def would_change(demo: Demo) -> set[int]:
    return set(json.loads(demo.call("--json", "replay", "--all", "--diff").succeeded().out)["would_change"].values())


def test_an_article_judged_irrelevant_leaves_at_once_stays_away_and_comes_back_when_undone(spare: Demo) -> None:
    article = one(spare, "state = 'kept' and not is_partial and gone_at is null and revision = 1")
    before = topics(spare, article)
    told = judge(spare, "add", article["url"], "irrelevant", "--who", "Ada Quill")
    assert told["judgement"] == 1
    assert (state(spare, article), topics(spare, article)) == ("off_topic", [])
    (entry,) = rows(spare, f"select state, reason from entries where entry_id = {article['entry_id']}")  # noqa: S608
    assert entry == {"state": "off_topic", "reason": "no_match"}
    must_hold(spare)
    assert would_change(spare) == {0}
    assert judge(spare, "undo", "1")["judgement"] == 1
    assert (state(spare, article), topics(spare, article)) == ("kept", before)
    must_hold(spare)
    assert would_change(spare) == {0}


@pytest.mark.parametrize(
    "which", ["extractor like 'trafilatura%' and not is_partial", "extractor = 'screened'", "is_partial"]
)
def test_an_article_judged_relevant_is_kept_with_its_words_whatever_it_was_decided_on(spare: Demo, which: str) -> None:
    article = one(spare, f"state = 'off_topic' and gone_at is null and {which}")
    judge(spare, "add", article["url"], "relevant", "--topic", "summit")
    assert state(spare, article) == "kept"
    assert topics(spare, article) == [{"topic": "summit", "method": "judgement", "score": 1.0, "is_about": True}]
    (text,) = rows(spare, f"select * from article_texts where article_id = {article['article_id']}")  # noqa: S608
    assert len(text["text"].split()) > 5
    assert text["is_partial"] == article["is_partial"]
    assert one(spare, f"article_id = {article['article_id']}")["extractor"] != "screened"
    must_hold(spare)
    assert would_change(spare) == {0}
    judge(spare, "undo", "1")
    assert (state(spare, article), topics(spare, article)) == ("off_topic", [])
    must_hold(spare)


def test_an_article_may_be_taken_from_one_topic_and_keep_the_others(spare: Demo) -> None:
    several = "article_id in (select article_id from mentions where known_to is null group by all having count(*) > 1)"
    article = one(spare, f"state = 'kept' and not is_partial and gone_at is null and revision = 1 and {several}")
    before = topics(spare, article)
    judge(spare, "add", article["url"], "irrelevant", "--topic", before[0]["topic"])
    assert topics(spare, article) == before[1:]
    assert state(spare, article) == "kept"
    must_hold(spare)


def test_the_rules_may_agree_and_then_nothing_changes(spare: Demo) -> None:
    article = one(spare, "state = 'kept' and not is_partial and gone_at is null and revision = 1")
    told = judge(spare, "add", article["url"], "relevant")
    assert told["stages"]["judge"] == {}


def test_the_list_tells_what_stands_what_was_undone_and_the_closest_calls(spare: Demo) -> None:
    calls = judge(spare, "list")["close_calls"]
    assert calls
    assert [c["share"] for c in calls] == sorted((c["share"] for c in calls), reverse=True)
    judge(spare, "add", calls[0]["url"], "irrelevant", "--who", "Ada Quill")
    judge(spare, "add", calls[0]["url"], "relevant", "--who", "Ada Quill")
    judge(spare, "undo", "1")
    listed = judge(spare, "list")
    assert [(j["judgement_id"], j["after"], j["undone_at"] is None) for j in listed["judgements"]] == [
        (2, "relevant", True), (1, "not relevant", False)]  # fmt: skip
    assert calls[0]["url"] not in [c["url"] for c in listed["close_calls"]]
    lines = spare.call("judge", "list", "--most", "3").succeeded().out
    assert "1 judgements stand" in lines
    assert "Ada Quill" in lines


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["add", "http://nordwire.press.test/no/such", "relevant"], "no feed has ever listed it"),
        (
            ["add", "{kept}", "relevant", "--topic", "weather"],
            "'weather' is no topic of sources.yaml; these are:",
        ),
        (["add", "{rejected}", "relevant"], "only articles can be judged"),
        (["undo", "7"], "judgement 7 does not exist"),
    ],
)
def test_what_cannot_be_judged_is_told_and_nothing_is_kept(spare: Demo, arguments: list[str], said: str) -> None:
    urls = {
        "kept": rows(spare, "select url from articles where state = 'kept' order by all limit 1")[0]["url"],
        "rejected": rows(spare, "select url from entries where state = 'rejected' order by all limit 1")[0]["url"],
    }
    refused = spare.call("judge", *(a.format(**urls) for a in arguments))
    assert refused.code == 1
    assert said in refused.err
    assert judge(spare, "list")["judgements"] == []


def test_a_judgement_is_undone_once(spare: Demo) -> None:
    url = rows(spare, "select url from articles where state = 'kept' and not is_partial order by all limit 1")[0]["url"]
    judge(spare, "add", url, "irrelevant")
    judge(spare, "undo", "1")
    again = spare.call("judge", "undo", "1")
    assert again.code == 1
    assert "was undone already" in again.err


def test_the_days_close_calls_stand_in_the_digests_json_until_they_are_judged(demo: Demo) -> None:
    listed = {c["url"]: c for c in judge(demo, "list", "--most", "500")["close_calls"]}
    told = []
    for path in sorted((demo.warehouse / "digests").glob("2026-11-??.json")):
        told += json.loads(path.read_text(encoding="utf-8"))["close_calls"]
    assert told
    assert {c["url"] for c in told} <= set(listed)
    for call in told:
        again = listed[call["url"]]
        assert [again[k] for k in ("title", "outlet", "topic", "share", "lacks")] == [
            call[k] for k in ("title", "outlet", "topic", "share", "lacks")
        ]
