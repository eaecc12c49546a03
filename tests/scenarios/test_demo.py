"""The demo as a whole: nothing lost, every fault by its name, digests that tell the truth and nothing twice."""

import email
import email.policy
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from lxml import html

from pipelines.adapters.warehouse import Published
from pipelines.core.digest import Content
from pipelines.core.reasons import Reason, State
from pipelines.core.url_key import url_key
from pipelines.demo.play import prepare, schedule
from pipelines.demo.press import Fault, Item, Kind, Press
from pipelines.demo.world import moment
from pipelines.stages.digest import differing_digests

from .conftest import Played
from .playing import Row

# Whose page can never be read as an article: the fault, and the reason that its entry must show.
NEVER_READ = {Fault.PRIVATE_REDIRECT: Reason.PRIVATE_ADDRESS, Fault.CONSENT_WALL: Reason.CONSENT_WALL}
# Whose page can never be had, but whose feed says enough to stand for it.
FROM_THE_FEED = {Fault.SLOW_DRIP: Reason.TIMEOUT, Fault.ROBOTS_REFUSAL: Reason.ROBOTS}
CAST = {
    "Marta Lindqvist", "Elena Marchetti", "Tomaž Kovačič", "Claire Fontanel", "Ines Duarte", "Jonas Beck",
    "Aoife Brennan", "Pieter van Dorp", "Lukas Hartmann",
}  # fmt: skip


def entries_of(reader: Published, item: Item) -> list[Row]:
    return reader.sql("select * from entries where url_key = $key order by feed_id", {"key": url_key(item.url)})


def first_entry(reader: Published, item: Item) -> Row:
    """The entry that was fetched: the one that is no duplicate of another."""
    (entry,) = [e for e in entries_of(reader, item) if e["state"] != State.DUPLICATE]
    return entry


def fetches_of(reader: Published, item: Item) -> list[Row]:
    entry = first_entry(reader, item)
    return reader.sql("select * from fetches where entry_id = $id order by started_at", {"id": entry["entry_id"]})


def told_items(content: Content) -> Iterator[tuple[str, Content]]:
    """Section and item of everything a digest tells at length."""
    for section in ("top_stories", "elsewhere", "late"):
        yield from ((section, item) for item in content[section])
    for group in content["by_topic"]:
        yield from (("by_topic", item) for item in group["items"])


def told_articles(content: Content) -> list[Content]:
    """Every article that a digest mentions, in a section or as also seen."""
    return [a for _, item in told_items(content) for a in item["articles"]] + list(content["also_seen"])


# --- conservation


def test_no_statement_that_must_be_empty_gives_a_row_after_any_step(played: Played) -> None:
    assert [s["at"] for s in played.steps] == [str(s.at) for s in schedule()]
    assert [s for s in played.steps if s["offending"]] == []


def test_every_entry_ends_in_exactly_one_final_state_with_its_reason(reader: Published, press: Press) -> None:
    rows = reader.sql("select entry_id, feed_id, url_key, state, reason, stage from entries")
    assert len({r["entry_id"] for r in rows}) == len(rows)
    final = set(State) - {State.LISTED, State.WAITING}
    assert [r for r in rows if r["state"] not in final or r["stage"] is not None] == []
    assert [r for r in rows if (r["reason"] is None) != (r["state"] == State.KEPT)] == []
    assert {r["url_key"] for r in rows} == {url_key(i.url) for i in press.articles}


def test_the_sums_of_the_view_are_the_entries(reader: Published) -> None:
    (sums,) = reader.sql(
        "select sum(listed)::int as listed, sum(working)::int as working,"
        " sum(kept + duplicate + off_topic + rejected + gone + given_up)::int as ended from conservation"
    )
    (count,) = reader.sql("select count(*)::int as n, (select sum(new)::int from polls) as listed from entries")
    assert sums == {"listed": count["listed"], "ended": count["n"], "working": 0}


def test_each_feed_has_listed_all_that_the_press_put_in_it(reader: Published, press: Press) -> None:
    listed = {f: set[str]() for o in press.outlets for f in (c.feed_id for c in o.feeds)}
    for step in schedule():
        if not step.is_digest:
            for feed_id, urls in listed.items():
                urls |= {url_key(i.url) or "" for i in press.listed(feed_id, step.at)}
    found: dict[str, set[str]] = {feed_id: set() for feed_id in listed}
    for row in reader.sql("select feed_id, url_key from entries"):
        found[row["feed_id"]].add(row["url_key"])
    assert found == listed


# --- relevance


def test_kept_is_what_the_press_calls_on_topic(reader: Published, press: Press) -> None:
    kept = {url_key(r["url"]) for r in reader.sql("select url from articles where state = 'kept'")}
    never = {press.victim(f).key for f in NEVER_READ}
    wanted = {url_key(i.url) for i in press.articles if i.kind is Kind.ON_TOPIC and i.key not in never}
    assert kept - wanted == set(), "kept, but not on topic"
    assert wanted - kept == set(), "on topic, but not kept"


def test_all_other_articles_are_off_topic_but_for_the_pages_that_could_not_be_read(
    reader: Published, press: Press
) -> None:
    held = {url_key(r["url"]): r["state"] for r in reader.sql("select url, state from articles")}
    missing = {i.key for i in press.articles if url_key(i.url) not in held}
    assert missing == {press.victim(fault).key for fault in NEVER_READ}
    others = [i for i in press.articles if i.kind is not Kind.ON_TOPIC and i.key not in missing]
    assert [i.key for i in others if held[url_key(i.url)] != "off_topic"] == []


def test_the_topics_of_a_kept_article_share_one_with_the_truth(reader: Published, press: Press) -> None:
    found: dict[str | None, set[str]] = {}
    for row in reader.sql("select a.url, m.topic from articles as a join mentions as m using (article_id)"):
        found.setdefault(url_key(row["url"]), set()).add(row["topic"])
    on_topic = [i for i in press.articles if i.kind is Kind.ON_TOPIC]
    apart = [i.key for i in on_topic if not set(i.topics) & found[url_key(i.url)]]
    assert len(apart) <= len(on_topic) * 0.1, apart


# --- faults


@pytest.mark.parametrize(("fault", "reason"), NEVER_READ.items(), ids=str)
def test_a_page_that_can_never_be_read_is_rejected_by_its_name(
    reader: Published, press: Press, fault: Fault, reason: Reason
) -> None:
    entry = first_entry(reader, press.victim(fault))
    assert (entry["state"], entry["reason"]) == (State.REJECTED, reason)
    assert entry["detail"]


@pytest.mark.parametrize(("fault", "reason"), FROM_THE_FEED.items(), ids=str)
def test_a_page_that_cannot_be_had_is_stood_for_by_the_words_of_its_feed(
    reader: Published, press: Press, fault: Fault, reason: Reason
) -> None:
    item = press.victim(fault)
    entry = first_entry(reader, item)
    assert {f["reason"] for f in fetches_of(reader, item)} == {reason}
    assert f"page: {reason}" in entry["detail"]
    (article,) = reader.sql("select is_partial from articles where article_id = $id", {"id": entry["article_id"]})
    assert article["is_partial"]


def test_a_dripping_page_is_given_up_after_four_attempts(reader: Published, press: Press) -> None:
    assert len(fetches_of(reader, press.victim(Fault.SLOW_DRIP))) == 4


def test_robots_refuses_only_the_pages_it_names(reader: Published, press: Press) -> None:
    refused = {r["url"] for r in reader.sql("select url from fetches where outcome = 'refused' and reason = 'robots'")}
    assert refused == {i.url for i in press.victims(Fault.ROBOTS_REFUSAL)}


def test_an_outlet_that_reserves_text_and_data_mining_is_told_in_its_feeds_own_words(reader: Published) -> None:
    asked = reader.sql("select url from requests where host = 'courrier-du-canal.press.test' and purpose = 'page'")
    assert asked == []
    articles = reader.sql("select is_partial, is_tdm_reserved from articles where outlet_id = 'courrier-du-canal'")
    assert articles
    assert {(a["is_partial"], a["is_tdm_reserved"]) for a in articles} == {(True, True)}


@pytest.mark.parametrize(
    ("fault", "status", "reason"),
    [(Fault.THROTTLED_DATE, 429, Reason.THROTTLED), (Fault.SERVER_ERROR, 500, Reason.SERVER_ERROR)],
    ids=str,
)
def test_a_page_that_fails_for_a_while_is_read_later(
    reader: Published, press: Press, fault: Fault, status: int, reason: Reason
) -> None:
    victims = press.victims(fault)
    assert victims
    for item in victims:
        entry, requests = first_entry(reader, item), fetches_of(reader, item)
        assert requests[-1]["outcome"] == "page"
        assert entry["state"] in {State.KEPT, State.OFF_TOPIC}
        failed = [(f["status"], f["reason"]) for f in requests[:-1]]
        # The second page of a throttled host may wait out the pause without a request of its own.
        assert failed in ([(status, reason)], []) if fault is Fault.THROTTLED_DATE else failed == [(status, reason)]
    first = {f["reason"] for item in victims for f in fetches_of(reader, item)[:-1]}
    assert first == {reason}


@pytest.mark.parametrize(
    ("feed_id", "status", "reason"),
    [("diario-puerto-portada", 429, Reason.THROTTLED), ("courrier-du-canal-infos", 500, Reason.SERVER_ERROR)],
)
def test_a_feed_that_fails_once_is_polled_again_and_loses_nothing(
    reader: Published, feed_id: str, status: int, reason: Reason
) -> None:
    polls = reader.sql("select * from polls where feed_id = $f order by started_at", {"f": feed_id})
    failed = [p for p in polls if p["outcome"] == "failed"]
    assert [(p["status"], p["reason"]) for p in failed] == [(status, reason)]
    after = [p for p in polls if p["started_at"] > failed[0]["started_at"]]
    assert after[0]["outcome"] in {"new", "unchanged"}


def test_a_feed_cut_off_inside_a_tag_gives_what_stood_before_and_the_rest_later(
    reader: Published, press: Press
) -> None:
    at = {"from": moment("d3 05:00"), "to": moment("d3 13:00")}
    cut, whole = reader.sql(
        "select * from polls where feed_id = 'kurier-wislany-wiadomosci' and started_at between $from and $to "
        "order by started_at",
        at,
    )
    before = press.listed("kurier-wislany-wiadomosci", cut["started_at"])
    assert 0 < cut["listed"] < len(before)
    assert whole["listed"] == len(press.listed("kurier-wislany-wiadomosci", whole["started_at"]))
    assert {cut["outcome"], whole["outcome"]} <= {"new", "unchanged"}
    listed = {url_key(i.url) for i in press.articles if i.outlet_id == "kurier-wislany"}
    found = {r["url_key"] for r in reader.sql("select url_key from entries where outlet_id = 'kurier-wislany'")}
    assert found == listed


def test_a_permanent_redirect_is_followed_and_proposed_but_not_adopted(reader: Published) -> None:
    (state,) = reader.sql("select * from feed_states where feed_id = 'gazzetta-lido-notizie'")
    assert state["url"].endswith("/feeds/notizie.xml")
    assert state["redirect_url"].endswith("/feeds/nuovo.xml")
    assert state["redirect_since"].isoformat() == "2026-11-11T05:30:00+00:00"
    assert state["failures"] == 0


def test_a_page_in_another_charset_than_it_says_is_read_right(reader: Published, press: Press) -> None:
    item = press.victim(Fault.WRONG_CHARSET)
    article_id = first_entry(reader, item)["article_id"]
    (article,) = reader.sql("select title, text from article_texts where article_id = $id", {"id": article_id})
    assert article["title"] == item.title
    assert " ".join(item.text.split()) in " ".join(article["text"].split())


def test_a_paywalled_page_is_marked(reader: Published, press: Press) -> None:
    article_id = first_entry(reader, press.victim(Fault.PAYWALL))["article_id"]
    (article,) = reader.sql("select is_paywalled from articles where article_id = $id", {"id": article_id})
    assert article["is_paywalled"] is True


def test_an_entry_without_a_date_takes_the_date_of_its_page_and_never_that_of_the_pass(
    reader: Published, press: Press
) -> None:
    item = press.victim(Fault.NO_DATE)
    entry = first_entry(reader, item)
    assert (entry["published_at"], entry["published_on"], entry["date_source"]) == (None, None, None)
    (article,) = reader.sql("select published_at from articles where article_id = $id", {"id": entry["article_id"]})
    assert article["published_at"] == item.published_at


def test_an_entry_without_a_title_takes_the_title_of_its_page(reader: Published, press: Press) -> None:
    item = press.victim(Fault.NO_TITLE)
    entry = first_entry(reader, item)
    assert not entry["title"]
    (article,) = reader.sql("select title from articles where article_id = $id", {"id": entry["article_id"]})
    assert article["title"] == item.title


def test_tracking_forms_and_amp_twins_are_duplicates(reader: Published) -> None:
    rows = reader.sql(
        "select url, state, reason, article_id from entries where url like '%utm_%' or url like '%/amp/%'"
    )
    assert any("/amp/" in r["url"] for r in rows)
    assert any("utm_" in r["url"] for r in rows)
    assert [r for r in rows if (r["state"], r["reason"]) != (State.DUPLICATE, Reason.SAME_URL)] == []


def test_a_duplicate_names_the_article_that_it_doubles(reader: Published) -> None:
    rows = reader.sql(
        "select e.url, e.article_id, k.article_id as wanted from entries as e join article_keys as k using (url_key) "
        "where e.state = 'duplicate'"
    )
    assert rows
    assert [r["url"] for r in rows if r["article_id"] != r["wanted"]] == []


def test_an_article_in_two_feeds_of_one_outlet_is_one_article(reader: Published) -> None:
    rows = reader.sql(
        "select url_key, count(*) as entries, count(*) filter (state <> 'duplicate') as firsts from entries "
        "where outlet_id in ('rheinblatt', 'meridian-en') group by url_key having count(*) > 1"
    )
    assert rows
    assert [r for r in rows if r["firsts"] != 1] == []


def test_the_three_copies_point_to_their_agency_originals(reader: Published, press: Press) -> None:
    by_key = {i.key: url_key(i.url) for i in press.articles}
    wanted = {(by_key[i.key], by_key[i.copy_of or ""]) for i in press.victims(Fault.SYNDICATION)}
    assert len(wanted) == 3
    rows = reader.sql(
        "select c.*, a.url as copy, o.url as original, a.state from copies as c join articles as a using (article_id) "
        "join articles as o on o.article_id = c.original_id where c.known_to is null"
    )
    assert {(url_key(r["copy"]), url_key(r["original"])) for r in rows} == wanted
    assert {r["state"] for r in rows} == {State.KEPT}, "a syndicated copy is kept, and counted as a copy"
    assert min(r["containment"] for r in rows) > 0.5


def test_a_corrected_article_is_a_revision_with_figures_before_and_after(reader: Published, press: Press) -> None:
    item = press.victim(Fault.CORRECTION)
    assert item.correction is not None
    article_id = first_entry(reader, item)["article_id"]
    texts = reader.sql("select * from article_texts where article_id = $id order by revision", {"id": article_id})
    assert [t["title"] for t in texts] == [item.title, item.correction.title]
    assert [t["revision"] for t in texts] == [1, 2]
    changes = reader.sql("select * from revisions where article_id = $id", {"id": article_id})
    (figures,) = [c for c in changes if c["kind"] == "figures"]
    assert figures["before"] in texts[0]["text"]
    assert figures["after"] in texts[1]["text"]
    assert ("1.82 million" in figures["before"], "1.28 million" in figures["after"]) == (True, True)


def test_a_removed_page_leaves_its_article_kept_and_marked_gone(reader: Published, press: Press) -> None:
    item = press.victim(Fault.REMOVED)
    article_id = first_entry(reader, item)["article_id"]
    (article,) = reader.sql("select state, gone_at from articles where article_id = $id", {"id": article_id})
    assert article["state"] == State.KEPT
    assert article["gone_at"] >= item.removed_at
    changes = reader.sql("select kind, before from revisions where article_id = $id", {"id": article_id})
    assert changes == [{"kind": "removed", "before": item.title}]
    (others,) = reader.sql("select count(*) as n from articles where gone_at is not null")
    assert others["n"] == 1


def test_a_silent_feed_is_an_outage_and_no_other_feed_is_in_one(reader: Published) -> None:
    rows = reader.sql("select feed_id, kind, from_at, to_at from outages")
    assert [(r["feed_id"], r["kind"], r["to_at"]) for r in rows] == [("harbour-herald-news", "silent", None)]


# --- quotations


def test_every_quotation_is_exactly_the_text_at_its_offsets(reader: Published) -> None:
    rows = reader.sql(
        "select q.text as quote, q.start_offset, q.end_offset, t.text from quotes as q "
        "join article_texts as t using (article_id, revision)"
    )
    (count,) = reader.sql("select count(*) as n from quotes")
    assert len(rows) == count["n"] > 50
    assert [r["quote"] for r in rows if r["text"][r["start_offset"] : r["end_offset"]] != r["quote"]] == []


def test_a_member_of_the_cast_is_named_as_a_speaker_by_the_whole_name_alone(reader: Published) -> None:
    given = {name.split()[0] for name in CAST}
    speakers = {r["speaker"] for r in reader.sql("select distinct speaker from quotes where speaker is not null")}
    assert {s for s in speakers if given & set(s.split())} <= CAST


# --- digests


def test_a_digest_is_told_each_morning(digests: list[Content], played: Played) -> None:
    assert [d["day"] for d in digests] == [f"2026-11-{day:02d}" for day in range(9, 15)]
    names = {p.name for p in (played.warehouse / "digests").iterdir()}
    assert names == {f"{d['day']}.{suffix}" for d in digests for suffix in ("html", "txt", "json", "eml")}


def test_changed_shows_the_correction_and_the_removal_once_each(digests: list[Content], press: Press) -> None:
    correction, removal = press.victim(Fault.CORRECTION), press.victim(Fault.REMOVED)
    told = Counter((url_key(c["url"]), c["kind"]) for d in digests for c in d["changed"])
    assert told[url_key(correction.url), "figures"] == 1
    assert told[url_key(correction.url), "headline"] == 1
    assert told[url_key(removal.url), "removed"] == 1
    assert {key for key, _ in told} == {url_key(correction.url), url_key(removal.url)}
    assert set(told.values()) == {1}


def test_a_change_is_told_only_after_its_article(digests: list[Content]) -> None:
    told: set[str] = set()
    changes = 0
    for content in digests:
        assert [c["url"] for c in content["changed"] if c["url"] not in told] == []
        changes += len(content["changed"])
        told |= {a["url"] for a in told_articles(content)}
    assert changes == 3


def test_every_kept_article_is_in_exactly_one_digest_at_one_place(digests: list[Content], reader: Published) -> None:
    kept = {r["article_id"] for r in reader.sql("select article_id from articles where state = 'kept'")}
    told = Counter(a["article_id"] for d in digests for a in told_articles(d))
    assert set(told) == kept
    assert [i for i, n in told.items() if n > 1] == []


def test_the_items_of_a_digest_are_what_the_table_holds(digests: list[Content], reader: Published) -> None:
    rows = reader.sql("select digest_id, article_id, told from digest_items")
    wanted = {(d["day"], a["article_id"], a["title"]) for d in digests for a in told_articles(d)}
    assert {tuple(r.values()) for r in rows} == wanted
    assert len(rows) == len(wanted)


def test_every_extract_and_quotation_of_a_digest_is_exactly_the_text_of_its_article(
    digests: list[Content], reader: Published
) -> None:
    texts = texts_by_url(reader)
    extracts = [(item["url"], item["sentence"]) for d in digests for _, item in told_items(d) if item["sentence"]]
    extracts += [(q["url"], q) for d in digests for q in d["quotes"]]
    assert len(extracts) > 20
    assert [e for url, e in extracts if not any(t[e["start"] : e["end"]] == e["text"] for t in texts[url])] == []
    assert [e for _, e in extracts if len(e["text"]) > 280] == []


def texts_by_url(reader: Published) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for row in reader.sql("select a.url, t.text from article_texts as t join articles as a using (article_id)"):
        found.setdefault(row["url"], []).append(row["text"])
    return found


def test_every_link_of_a_digest_is_the_address_of_a_kept_article(
    digests: list[Content], reader: Published, played: Played
) -> None:
    kept = {r["url"] for r in reader.sql("select url from articles where state = 'kept'")}
    left_out = {r["url"] for r in reader.sql("select url from articles where state = 'off_topic'")}
    assert {u for d in digests for u in links_in({**d, "close_calls": []})} <= kept
    assert {u for d in digests for u in links_in(d["close_calls"])} <= left_out
    for path in (played.warehouse / "digests").glob("*.html"):
        page = path.read_text(encoding="utf-8")
        links = {part.split('"')[0] for part in page.split('href="')[1:]}
        assert {u for u in links if u.startswith("http")} <= kept
        assert not any(tag in page for tag in ("<img", "<script", "<link", "<iframe", "@import"))
        assert page.count("url(") == page.count("url(#gap)")


def links_in(value: Any) -> Iterator[str]:
    """Every `url` anywhere in a digest."""
    if isinstance(value, dict):
        yield from ([value["url"]] if isinstance(value.get("url"), str) else [])
        for inner in value.values():
            yield from links_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from links_in(inner)


def test_digests_composed_again_from_the_tables_of_then_are_equal(
    digests: list[Content], reader: Published, played: Played
) -> None:
    editions = prepare(played.folder / "again", 9).editions()
    assert differing_digests(reader, editions) == []
    assert len(reader.query("digest/all")) == len(digests)


def test_the_numbers_of_each_digest_are_those_of_the_tables(digests: list[Content], reader: Published) -> None:
    for content in digests:
        current = current_articles(reader, content["day"])
        numbers = content["numbers"]
        assert numbers["articles"] == len(current)
        assert numbers["outlets"] == len({r["outlet"] for r in current})
        assert numbers["publishers"] == len({r["publisher"] for r in current})
        assert numbers["copies"] == sum(r["is_copy"] for r in current)
        assert named(numbers["by_language"], "language") == Counter(r["language"] for r in current)
        assert named(numbers["by_topic"], "topic") == Counter(t for r in current for t in r["topics"])


def test_whose_voice_is_heard_what_ran_when_and_which_terms_were_said_are_counts_of_the_tables(
    digests: list[Content], reader: Published
) -> None:
    heard = Counter[str]()
    for content in digests:
        ids = [r["article_id"] for r in current_articles(reader, content["day"]) if not r["is_copy"]]
        quoted = reader.sql(
            "select coalesce(v.voice, if(q.speaker is null, 'unnamed', 'named')) as voice, count(*) as n "
            "from quotes as q left join voices as v on v.name = q.speaker and v.valid_to is null "
            "where q.revision = 1 and list_contains($ids::bigint[], q.article_id) group by all",
            {"ids": ids},
        )
        told = {v["voice"]: v["quotations"] for v in content["numbers"]["voices"]}
        assert told == {r["voice"]: r["n"] for r in quoted}
        heard.update(told)
        for day in content["numbers"]["volume"]:
            (row,) = reader.sql(
                "select count(*) as n from articles as a, digests as d where d.digest_day = $on and a.state = 'kept' "
                "and a.published_day = $day and a.first_seen_at <= d.as_of",
                {"on": content["day"], "day": day["day"]},
            )
            assert day["articles"] == row["n"]
        new = {a["article_id"] for a in told_articles(content)}
        uses = reader.sql("select article_id, term, count(*) as n from terms_used where revision = 1 group by all")
        assert {(t["article_id"], t["term"], t["uses"]) for t in content["terminology"]} == {
            tuple(r.values()) for r in uses if r["article_id"] in new
        }
    assert {"institution", "police", "industry", "ngo", "survivors"} <= set(heard)


def test_coverage_counts_feeds_as_the_tables_have_them(digests: list[Content], reader: Published) -> None:
    (watched,) = reader.sql("select count(*) as n from feeds where valid_to is null")
    for content in digests:
        coverage = content["coverage"]
        assert coverage["feeds"] == watched["n"] == coverage["sound"] + len(coverage["troubled"])
    assert {u["outlet"] for d in digests for u in d["coverage"]["unread"]} >= {"Le Courrier du Canal"}
    gaps = [d["day"] for d in digests[-1]["numbers"]["volume"] if d["is_gap"]]
    assert gaps == ["2026-11-11", "2026-11-12", "2026-11-13"], "one feed of fourteen had fallen silent on the tenth"


@pytest.mark.parametrize("suffix", ["html", "txt", "json", "eml"])
def test_no_more_than_300_characters_in_a_row_are_taken_from_an_article(
    reader: Published, played: Played, suffix: str
) -> None:
    texts = [" ".join(str(r["text"]).split()) for r in reader.sql("select text from article_texts")]
    for path in (played.warehouse / "digests").glob(f"*.{suffix}"):
        told = " ".join(as_read(path).split())
        assert max((longest_run(text, told) for text in texts), default=0) <= 300


def as_read(path: Path) -> str:
    """The words of a file, as a reader has them."""
    if path.suffix == ".eml":
        mail = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        return "\n".join(p.get_content() for p in mail.walk() if p.get_content_type() == "text/plain")
    text = path.read_text(encoding="utf-8")
    return html.document_fromstring(text).text_content() if path.suffix == ".html" else text


def longest_run(text: str, told: str, step: int = 60) -> int:
    """Characters of the longest piece of a text that stands in what was told; pieces under two steps may be missed."""
    longest = 0
    for start in range(0, len(text) - step, step):
        at = told.find(text[start : start + step])
        if at >= 0:
            alike = common(text[start:], told[at:]) + common(text[:start][::-1], told[:at][::-1])
            longest = max(longest, alike)
    return longest


def common(one: str, other: str) -> int:
    """How many characters two texts begin with alike."""
    return next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def current_articles(reader: Published, day: str) -> list[Row]:
    """What came to be known between two digests and was not published before the window opened."""
    return reader.sql(
        """
        select a.article_id, a.language, o.name as outlet, o.publisher, c.article_id is not null as is_copy,
          (select list(m.topic) from mentions as m where m.article_id = a.article_id
             and m.known_from <= d.as_of and (m.known_to is null or m.known_to > d.as_of)) as topics
        from digests as d
        join articles as a on a.state = 'kept' and a.first_seen_at <= d.as_of
          and (d.known_after is null or a.first_seen_at > d.known_after) and (a.gone_at is null or a.gone_at > d.as_of)
        join outlets as o on o.outlet_id = a.outlet_id and o.valid_to is null
        left join copies as c on c.article_id = a.article_id and c.known_to is null
        where d.digest_day = $day and (a.published_at is null or a.published_at >= d.window_from)
        """,
        {"day": day},
    )


def named(rows: Iterable[Content], key: str) -> Counter[str]:
    return Counter({r[key]: r["articles"] for r in rows})


def test_the_counts_of_a_story_are_those_of_its_articles(digests: list[Content], reader: Published) -> None:
    outlets = {
        r["name"]: r["publisher"] for r in reader.sql("select name, publisher from outlets where valid_to is null")
    }
    for content in digests:
        for _, item in told_items(content):
            names = [a["outlet"] for a in item["articles"]]
            told = item["counts"]
            assert (told["articles"], told["outlets"]) == (len(names), len(set(names)))
            own = {outlets[a["outlet"]] for a in item["articles"] if not a["is_copy"]}
            assert told["publishers"] == len(own), "a copy is no further voice"


def test_a_quiet_day_says_so_and_is_not_padded(digests: list[Content]) -> None:
    quiet = digests[-1]
    assert quiet["is_quiet"]
    assert (quiet["top_stories"], quiet["by_topic"], quiet["elsewhere"], quiet["quotes"]) == ([], [], [], [])
    assert not any(d["is_quiet"] for d in digests[:-1])


def test_the_digest_says_which_feed_had_fallen_silent(digests: list[Content]) -> None:
    troubled = {f["feed"]: f["trouble"] for f in digests[-1]["coverage"]["troubled"]}
    assert troubled == {"harbour-herald-news": "silent"}
    assert digests[0]["coverage"]["troubled"] == []


def test_at_most_three_top_stories_and_no_article_of_another_day_among_them(digests: list[Content]) -> None:
    assert max(len(d["top_stories"]) for d in digests) == 3
    for content in digests:
        start = content["window"]["opens_at"]
        early = [i for i in content["top_stories"] if i["published"] and i["published"] < start[: len(i["published"])]]
        assert early == []
