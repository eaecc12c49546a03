"""Polling: attempts before requests, entries before validators, and one feed's trouble is its own."""

import asyncio
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from pipelines.adapters.archive import Archive
from pipelines.adapters.archive import Place as Spot
from pipelines.adapters.feeds import parse_feed
from pipelines.adapters.http import Http, Manners
from pipelines.adapters.warehouse import Warehouse
from pipelines.core.nouns import Counted, Feed, FeedState, ParsedFeed, Response
from pipelines.core.reasons import Reason, Rejected
from pipelines.stages.poll import next_state, poll, poll_id
from tests.adapters.loopback import answered, serving
from tests.builders import (
    FEED_URL,
    NOW,
    Answer,
    Died,
    DyingWriter,
    FakeHttp,
    make_feed,
    make_response,
    make_rss,
    make_state,
)

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
RSS = make_rss(("Ministers agree", "https://herald.example/n/1"), ("Envoys leave", "https://herald.example/n/2"))
EMPTY = ParsedFeed(format="rss20", entries=())
BROKEN = Rejected(reason=Reason.NOT_A_FEED)
FEED = make_feed()
OTHER = make_feed(feed_id="kurier-alle", url="https://kurier.example/rss", outlet_id="kurier")


# what is remembered


def remembered(
    response: Answer, parsed: ParsedFeed | Rejected | None = None, *, new: int = 0, **state: Any
) -> FeedState:
    before = make_state(etag='"old"', last_modified="old", last_attempt_at=NOW, failures=3, **state)
    return next_state(before, FEED, response, parsed, new, NOW)


def test_validators_are_replaced_together_by_a_document_that_was_read() -> None:
    after = remembered(make_response(headers={"etag": '"new"'}), EMPTY)
    assert (after.etag, after.last_modified, after.failures, after.last_success_at) == ('"new"', None, 0, NOW)
    assert remembered(make_response(), EMPTY).etag is None


def test_validators_are_not_saved_when_a_feed_could_not_be_parsed() -> None:
    after = remembered(make_response(headers={"etag": '"new"', "last-modified": "new"}), BROKEN)
    assert '"new"' not in {after.etag, after.last_modified}
    assert (after.failures, after.last_success_at) == (4, None)


def test_a_304_keeps_the_validators_and_renews_those_it_brings() -> None:
    kept = remembered(make_response(status=304))
    assert (kept.etag, kept.last_modified, kept.failures, kept.last_success_at) == ('"old"', "old", 0, NOW)
    renewed = remembered(make_response(status=304, headers={"etag": '"new"'}))
    assert (renewed.etag, renewed.last_modified) == ('"new"', "old")


@pytest.mark.parametrize(
    "answer",
    [
        Rejected(reason=Reason.TIMEOUT),
        make_response(status=500),
        make_response(status=404),
        make_response(status=429),
        make_response(status=403),
        make_response(status=204),
    ],
)
def test_a_failure_keeps_the_validators_and_waits_longer(answer: Answer) -> None:
    after = remembered(answer)
    assert (after.etag, after.last_modified, after.failures) == ('"old"', "old", 4)
    assert after.next_poll_at is not None
    assert after.next_poll_at >= NOW + 5 * HOUR
    assert after.stopped_reason is None


def test_410_stops_a_feed_with_its_reason_and_nothing_else_does() -> None:
    assert remembered(make_response(status=410)).stopped_reason == "gone"
    assert remembered(make_response(status=404)).stopped_reason is None


def test_a_feed_that_comes_back_starts_afresh() -> None:
    after = remembered(make_response(), EMPTY, new=2)
    assert (after.failures, after.last_new_at) == (0, NOW)
    assert remembered(make_response(), EMPTY, last_new_at=NOW - HOUR).last_new_at == NOW - HOUR


@pytest.mark.parametrize("status", [200, 304, 429, 500])
def test_what_the_server_asks_is_obeyed_on_any_answer(status: int) -> None:
    for headers in ({"retry-after": "36000"}, {"cache-control": "max-age=36000"}):
        after = remembered(make_response(status=status, headers=headers), EMPTY if status == 200 else None)
        assert after.next_poll_at is not None
        assert after.next_poll_at >= NOW + 10 * HOUR


def test_ttl_counts_where_headers_say_nothing() -> None:
    after = remembered(make_response(), ParsedFeed(format="rss20", entries=(), ttl_minutes=300))
    assert after.next_poll_at is not None
    assert after.next_poll_at >= NOW + 5 * HOUR


def test_a_permanent_redirect_is_noted_since_when_and_never_followed_in_silence() -> None:
    moved = make_response(permanent=True, final_url="https://new.example/rss", redirects=("https://new.example/rss",))
    first = remembered(moved, EMPTY)
    assert (first.url, first.redirect_url, first.redirect_since) == (FEED_URL, "https://new.example/rss", NOW)
    later = next_state(first, FEED, moved, EMPTY, 0, NOW + HOUR)
    assert later.redirect_since == NOW
    back = next_state(later, FEED, make_response(), EMPTY, 0, NOW + 2 * HOUR)
    assert (back.redirect_url, back.redirect_since) == (None, None)


# the stage


class Place:
    """A warehouse and an archive in a folder, polled as often as a test likes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.warehouse = Warehouse.open(folder)

    def poll(
        self, answers: Mapping[str, Any], *feeds: Feed, now: datetime = NOW, http: FakeHttp | None = None
    ) -> Counted:
        asked = http or FakeHttp(answers)
        self.asked = asked
        archive = Archive.open(self.folder / "archive", now)
        counted = asyncio.run(poll(self.warehouse, asked, archive, feeds or (FEED,), now))
        archive.close(settled=True)
        return counted

    def rows(self, sql: str) -> list[dict[str, Any]]:
        return self.warehouse.sql(sql)

    def table(self, name: str) -> list[dict[str, Any]]:
        return self.warehouse.sql(f"select * from {name} order by all")  # noqa: S608 (a table named by a test)

    def state(self, feed_id: str = "herald-all") -> dict[str, Any]:
        return next(r for r in self.rows("select * from feed_states") if r["feed_id"] == feed_id)


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    made = Place(tmp_path / "w")
    yield made
    made.warehouse.close()


def test_a_first_poll_lists_everything_as_backlog(place: Place) -> None:
    counted = place.poll({FEED_URL: make_response(body=RSS, headers={"etag": '"a"'})})
    assert counted.counts == {"feeds": 1, "polled": 1, "unchanged": 0, "failed": 0, "listed": 2, "new": 2, "known": 0}
    assert place.asked.asked == [(FEED_URL, {})]
    entries = place.rows("select url, state, stage, is_backlog, listed_day from entries order by url")
    assert [(e["url"], e["state"], e["stage"], e["is_backlog"]) for e in entries] == [
        ("https://herald.example/n/1", "listed", "fetch", True),
        ("https://herald.example/n/2", "listed", "fetch", True),
    ]
    assert place.state()["etag"] == '"a"'


def test_a_second_poll_is_conditional_and_what_it_adds_is_no_backlog(place: Place) -> None:
    place.poll({FEED_URL: make_response(body=RSS, headers={"etag": '"a"', "last-modified": "then"})})
    more = make_rss(("Third", "https://herald.example/n/3"), ("Ministers agree", "https://herald.example/n/1"))
    counted = place.poll({FEED_URL: make_response(body=more)}, now=NOW + 2 * HOUR)
    assert place.asked.asked == [(FEED_URL, {"If-None-Match": '"a"', "If-Modified-Since": "then"})]
    assert (counted.counts["new"], counted.counts["known"]) == (1, 1)
    assert place.rows("select url from entries where not is_backlog") == [{"url": "https://herald.example/n/3"}]


def test_a_feed_is_not_asked_again_within_the_hour(place: Place) -> None:
    place.poll({FEED_URL: make_response(body=RSS)})
    for later in (MINUTE, 30 * MINUTE, 59 * MINUTE):
        place.poll({FEED_URL: make_response(body=RSS)}, now=NOW + later)
        assert place.asked.asked == []


def test_an_attempt_is_recorded_before_its_request_leaves(place: Place) -> None:
    seen: list[tuple[list[dict[str, Any]], datetime]] = []
    http = FakeHttp({FEED_URL: make_response(body=RSS)})
    http.before_each = lambda _: seen.append(
        (place.rows("select feed_id, outcome, started_at from polls"), place.state()["next_poll_at"])
    )
    place.poll({}, http=http)
    [(polls, next_poll_at)] = seen
    assert polls == [{"feed_id": "herald-all", "outcome": "started", "started_at": NOW}]
    assert next_poll_at >= NOW + HOUR


def test_a_run_that_dies_at_the_request_is_no_early_second_poll(place: Place) -> None:
    http = FakeHttp({FEED_URL: make_response(body=RSS)})

    def die(_: str) -> None:
        raise Died

    http.before_each = die
    with pytest.raises(Died):
        place.poll({}, http=http)
    place.poll({FEED_URL: make_response(body=RSS)}, now=NOW + 10 * MINUTE)
    assert place.asked.asked == []
    assert place.rows("select outcome, reason from polls") == [{"outcome": "interrupted", "reason": "interrupted"}]
    place.poll({FEED_URL: make_response(body=RSS)}, now=NOW + 2 * HOUR)
    assert len(place.rows("select * from entries")) == 2


def test_a_document_archived_by_a_run_that_died_is_not_asked_for_again(place: Place) -> None:
    archive = Archive.open(place.folder / "archive", NOW)
    http = FakeHttp({FEED_URL: make_response(body=RSS, headers={"etag": '"a"'})})
    with pytest.raises(Died):
        asyncio.run(poll(DyingWriter(place.warehouse, at=2), http, archive, (FEED,), NOW))
    assert place.rows("select * from entries") == []
    counted = place.poll({}, now=NOW + 5 * MINUTE)
    assert place.asked.asked == []
    assert counted.counts["new"] == 2
    assert [r["outcome"] for r in place.rows("select outcome from polls")] == ["new"]
    assert place.state()["etag"] == '"a"'


def test_polling_twice_at_one_time_is_polling_once(place: Place) -> None:
    tables = ("polls", "entries", "feed_states", "host_pauses")
    place.poll({FEED_URL: make_response(body=RSS)})
    before = [place.table(t) for t in tables]
    place.poll({FEED_URL: make_response(body=RSS)})
    assert [place.table(t) for t in tables] == before


def test_an_unparsable_feed_saves_no_validator_so_that_nothing_is_skipped(place: Place) -> None:
    place.poll({FEED_URL: make_response(body=b"<html>maintenance</html>", headers={"etag": '"a"'})})
    assert place.state()["etag"] is None
    assert place.rows("select outcome, reason from polls") == [{"outcome": "failed", "reason": "not_a_feed"}]
    place.poll({FEED_URL: make_response(body=RSS)}, now=NOW + 5 * HOUR)
    assert place.asked.asked == [(FEED_URL, {})]
    assert len(place.rows("select * from entries")) == 2


def test_a_304_changes_nothing_but_the_time(place: Place) -> None:
    place.poll({FEED_URL: make_response(body=RSS, headers={"etag": '"a"'})})
    counted = place.poll({FEED_URL: make_response(status=304)}, now=NOW + 2 * HOUR)
    assert (counted.counts["unchanged"], counted.counts["listed"]) == (1, 0)
    assert (place.state()["etag"], place.state()["last_success_at"]) == ('"a"', NOW + 2 * HOUR)
    assert place.state()["last_new_at"] == NOW


def test_a_changed_address_drops_the_validators(place: Place) -> None:
    place.poll({FEED_URL: make_response(body=RSS, headers={"etag": '"a"'})})
    moved = make_feed(url="https://herald.example/new-rss")
    place.poll({moved.url: make_response(moved.url, body=RSS)}, moved, now=NOW + 2 * HOUR)
    assert place.asked.asked == [(moved.url, {})]


@pytest.mark.parametrize(
    "broken",
    [
        Rejected(reason=Reason.TIMEOUT),
        Rejected(reason=Reason.PRIVATE_ADDRESS),
        make_response(status=500),
        make_response(status=404),
        make_response(body=b""),
        make_response(body=b"\x00\xff"),
        make_response(body=b"{"),
    ],
)
def test_one_failing_feed_does_not_delay_the_entries_of_others(place: Place, broken: Answer) -> None:
    counted = place.poll({FEED_URL: broken, OTHER.url: make_response(OTHER.url, body=RSS)}, FEED, OTHER)
    assert (counted.counts["failed"], counted.counts["new"]) == (1, 2)
    assert {r["feed_id"] for r in place.rows("select feed_id from entries")} == {"kurier-alle"}
    assert [r["feed"] for r in counted.rows] == ["herald-all", "kurier-alle"]
    assert place.state()["failures"] == 1


HOSTILE: dict[str, Response] = {
    "a number as authors": make_response(body=b'{"items": [{"id": "1", "authors": 5}]}'),
    "half a character": make_response(
        body=b'{"items": [{"id": "1", "authors": [{"name": "A\\ud800"}], "url": "https://h.example/1"}]}'
    ),
    "a document as title": make_response(body=make_rss(("<html></html>", "https://h.example/1"))),
    "a year beyond the calendar": make_response(
        body=make_rss(("a", "https://h.example/1"), inside="<pubDate>1 Jan 99999999999999999999 00:00:00</pubDate>")
    ),
    "redirectors without end": make_response(body=make_rss(("a", "https://www.google.com/url?q=" * 2_000))),
    "a broken link": make_response(body=make_rss(("a", "http://[::1"))),
    "retry-after beyond measure": make_response(status=429, headers={"retry-after": "9" * 5_000}),
    "max-age beyond measure": make_response(body=RSS, headers={"cache-control": f"max-age={'9' * 5_000}"}),
    "expires beyond measure": make_response(
        body=RSS, headers={"expires": "Mon, 01 Jan 99999999999999999999 00:00:00 GMT"}
    ),
    "an etag in another charset": make_response(body=RSS, headers={"etag": '"ol\udce9"'}),
    "a type in another charset": make_response(body=RSS, headers={"content-type": "text/xml; ol\udce9"}),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_no_answer_of_one_feed_ends_the_run_of_all(place: Place, name: str) -> None:
    place.poll({FEED_URL: HOSTILE[name], OTHER.url: make_response(OTHER.url, body=RSS)}, FEED, OTHER)
    assert len(place.rows("select * from entries where feed_id = 'kurier-alle'")) == 2
    assert place.rows("select * from polls where outcome = 'started'") == []
    assert place.state()["next_poll_at"] >= NOW + HOUR


def test_a_real_server_with_headers_in_another_charset_ends_no_run(place: Place) -> None:
    async def run() -> None:
        body = make_rss(("One", "https://herald.example/n/1"))
        async with serving({"/rss": answered(body, ETag='"ol\xe9"', Content_Type="text/xml")}) as site:
            archive = Archive.open(place.folder / "archive", NOW)
            async with Http(Manners(contact="desk@monitor.example", gap=0), site.hosts()) as http:
                await poll(place.warehouse, http, archive, (make_feed(url="http://press.test/rss"),), NOW)
            archive.close(settled=True)

    asyncio.run(run())
    assert len(place.rows("select * from entries")) == 1


def test_a_429_pauses_that_exact_host_and_no_neighbour(place: Place) -> None:
    same = make_feed(feed_id="herald-world", url="https://feeds.harbour-herald.example/world")
    near = make_feed(feed_id="herald-sport", url="https://sport.harbour-herald.example/rss")
    place.poll({FEED_URL: make_response(status=429, headers={"retry-after": "7200"})})
    place.poll({near.url: make_response(near.url, body=RSS)}, same, near, now=NOW + HOUR)
    assert place.asked.urls() == [near.url]
    place.poll({same.url: make_response(same.url, body=RSS)}, same, now=NOW + 3 * HOUR)
    assert place.asked.urls() == [same.url]


def test_a_gone_feed_is_not_asked_again(place: Place) -> None:
    place.poll({FEED_URL: make_response(status=410)})
    place.poll({}, now=NOW + timedelta(days=9))
    assert place.asked.asked == []
    assert place.state()["stopped_reason"] == "gone"


def test_an_entry_without_a_usable_link_is_rejected_with_its_reason(place: Place) -> None:
    body = (
        b"<rss version='2.0'><channel><item><title>No link</title></item>"
        b"<item><title>Mail</title><link>mailto:desk@herald.example</link></item></channel></rss>"
    )
    place.poll({FEED_URL: make_response(body=body)})
    rows = place.rows("select title, state, reason, stage from entries order by title")
    assert [(r["title"], r["state"], r["reason"], r["stage"]) for r in rows] == [
        ("Mail", "rejected", "not_http", None),
        ("No link", "rejected", "no_link", None),
    ]


def test_what_feeds_listed_adds_up(place: Place) -> None:
    for hours, count in ((0, 2), (2, 3), (5, 5)):
        body = make_rss(*((f"Item {n}", f"https://herald.example/n/{n}") for n in range(count)))
        place.poll({FEED_URL: make_response(body=body)}, now=NOW + hours * HOUR)
    assert place.rows("select sum(new)::int as n from polls") == [{"n": 5}]
    assert place.rows("select count(*) as n from entries") == [{"n": 5}]
    assert place.rows("select listed - known - new as left_over from polls") == [{"left_over": 0}] * 3


def test_the_order_of_feeds_changes_nothing(tmp_path: Path) -> None:
    answers = {FEED_URL: make_response(body=RSS), OTHER.url: make_response(OTHER.url, body=RSS)}
    seen = []
    for name, feeds in (("a", (FEED, OTHER)), ("b", (OTHER, FEED))):
        place = Place(tmp_path / name)
        place.poll(answers, *feeds)
        seen.append(place.rows("select * from entries order by entry_id"))
        place.warehouse.close()
    assert seen[0] == seen[1]


def test_an_attempt_has_one_id_for_a_feed_and_a_run() -> None:
    assert poll_id("a", NOW) == poll_id("a", NOW)
    assert len({poll_id(f, t) for f in "ab" for t in (NOW, NOW + MINUTE)}) == 4


def test_a_document_is_kept_where_its_poll_says(place: Place) -> None:
    place.poll({FEED_URL: make_response(body=RSS)})
    [row] = place.rows("select warc_file, warc_offset, bytes from polls")
    archive = Archive.open(place.folder / "archive", NOW)
    document = archive.read(Spot(row["warc_file"], row["warc_offset"]))
    archive.close(settled=True)
    assert document.body == RSS
    assert row["bytes"] == len(RSS)
    assert isinstance(parse_feed(document.body, url=FEED_URL, now=NOW), ParsedFeed)
