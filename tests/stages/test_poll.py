"""Polling: attempts before requests, entries before validators, and one feed's trouble is its own."""

import asyncio
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from pipelines.adapters.archive import Archive
from pipelines.adapters.archive import Place as Spot
from pipelines.adapters.http import Http, Manners
from pipelines.adapters.warehouse import Warehouse
from pipelines.core.nouns import Counted, Feed, Response
from pipelines.core.reasons import Reason, Rejected
from pipelines.stages.asking import Desk, poll_id
from pipelines.stages.poll import poll
from tests.adapters.loopback import answered, serving
from tests.builders import (
    FEED_URL,
    NOW,
    Answer,
    Died,
    DyingWriter,
    FakeHttp,
    Inline,
    make_feed,
    make_response,
    make_rss,
)

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
RSS = make_rss(("Ministers agree", "https://herald.example/n/1"), ("Envoys leave", "https://herald.example/n/2"))
FEED = make_feed()
SITES = {"harbour-herald.example": "herald", "kurier.example": "kurier"}
OTHER = make_feed(feed_id="kurier-alle", url="https://kurier.example/rss", outlet_id="kurier")


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
        desk = Desk(http=asked, archive=archive, reading=Inline(), sites=SITES)
        counted = asyncio.run(poll(self.warehouse, desk, feeds or (FEED,), now))
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
    desk = Desk(http=http, archive=archive, reading=Inline())
    with pytest.raises(Died):
        asyncio.run(poll(DyingWriter(place.warehouse, at=2), desk, (FEED,), NOW))
    archive.close(settled=False)
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
                desk = Desk(http=http, archive=archive, reading=Inline())
                await poll(place.warehouse, desk, (make_feed(url="http://press.test/rss"),), NOW)
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


# sitemaps and their indexes, older pages


INDEX_URL = "https://herald.example/sitemap.xml"
INDEX_FEED = make_feed(feed_id="herald-map", url=INDEX_URL, kind="news_sitemap")


def make_index(*parts: tuple[str, str]) -> bytes:
    listed = "".join(f"<sitemap><loc>{url}</loc><lastmod>{modified}</lastmod></sitemap>" for url, modified in parts)
    return f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{listed}</sitemapindex>'.encode()


def make_sitemap(*urls: str) -> bytes:
    listed = "".join(f"<url><loc>{url}</loc></url>" for url in urls)
    return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{listed}</urlset>'.encode()


NEWS, PAST = "https://herald.example/news.xml", "https://herald.example/2020.xml"


def test_an_index_is_followed_to_its_sitemaps_each_with_its_own_validators(place: Place) -> None:
    index = make_index((NEWS, "2026-11-24"), (PAST, "2020-01-01"))
    answers = {
        INDEX_URL: make_response(INDEX_URL, body=index, headers={"etag": '"i"'}),
        NEWS: make_response(NEWS, body=make_sitemap("https://herald.example/n/1"), headers={"etag": '"n"'}),
        PAST: make_response(PAST, body=make_sitemap("https://herald.example/o/1")),
    }
    counted = place.poll(answers, INDEX_FEED)
    assert counted.counts["new"] == 2
    assert place.asked.urls() == [INDEX_URL, NEWS, PAST]
    answers[INDEX_URL] = make_response(INDEX_URL, body=make_index((NEWS, "2026-11-25"), (PAST, "2020-01-01")))
    answers[NEWS] = make_response(NEWS, body=make_sitemap("https://herald.example/n/2"))
    assert place.poll(answers, INDEX_FEED, now=NOW + 2 * HOUR).counts["new"] == 1
    assert place.asked.asked == [(INDEX_URL, {"If-None-Match": '"i"'}), (NEWS, {"If-None-Match": '"n"'})]


def test_of_an_index_that_is_new_to_us_only_the_newest_sitemaps_are_asked_for_ever(place: Place) -> None:
    parts = [(f"https://herald.example/map-{n}.xml", f"2026-11-{n + 1:02}") for n in range(20)]
    answers = {url: make_response(url, body=make_sitemap(f"{url}/story")) for url, _ in parts}
    answers[INDEX_URL] = make_response(INDEX_URL, body=make_index(*parts))
    place.poll(answers, INDEX_FEED)
    assert place.asked.urls() == [INDEX_URL, *(url for url, _ in reversed(parts[-5:]))]
    place.poll(answers, INDEX_FEED, now=NOW + 2 * HOUR)
    assert place.asked.urls() == [INDEX_URL]


def test_a_sitemap_that_could_not_be_had_is_owed_even_if_its_index_says_nothing_new(place: Place) -> None:
    answers: dict[str, Answer] = {
        INDEX_URL: make_response(INDEX_URL, body=make_index((NEWS, "2026-11-24")), headers={"etag": '"i"'}),
        NEWS: Rejected(reason=Reason.TIMEOUT),
    }
    assert place.poll(answers, INDEX_FEED).counts["new"] == 0
    [poll_] = place.rows("select outcome, detail, parts from polls")
    assert (poll_["parts"], poll_["detail"]) == (1, f"1 of 1 parts failed: {NEWS}: timeout")
    answers = {INDEX_URL: make_response(INDEX_URL, 304), NEWS: make_response(NEWS, body=make_sitemap(f"{NEWS}/1"))}
    assert place.poll(answers, INDEX_FEED, now=NOW + 2 * HOUR).counts["new"] == 1
    place.poll({INDEX_URL: make_response(INDEX_URL, 304)}, INDEX_FEED, now=NOW + 5 * HOUR)
    assert place.asked.urls() == [INDEX_URL]


def test_sitemaps_archived_by_a_run_that_died_are_not_asked_for_again(place: Place) -> None:
    answers = {
        INDEX_URL: make_response(INDEX_URL, body=make_index((NEWS, "2026-11-24"))),
        NEWS: make_response(NEWS, body=make_sitemap(f"{NEWS}/1"), headers={"etag": '"n"'}),
    }
    archive = Archive.open(place.folder / "archive", NOW)
    desk = Desk(http=FakeHttp(answers), archive=archive, reading=Inline())
    with pytest.raises(Died):
        asyncio.run(poll(DyingWriter(place.warehouse, at=2), desk, (INDEX_FEED,), NOW))
    archive.close(settled=False)
    assert place.poll({}, INDEX_FEED, now=NOW + 5 * MINUTE).counts["new"] == 1
    assert place.asked.asked == []
    assert place.rows("select etag, is_pending from feed_parts") == [{"etag": '"n"', "is_pending": False}]


def paged(number: int, *, day: int) -> bytes:
    following = f'<link rel="prev-archive" href="https://herald.example/atom?page={number + 1}"/>'
    return (
        f'<feed xmlns="http://www.w3.org/2005/Atom"><title>Herald</title>{following}<entry><id>urn:{number}</id>'
        f'<title>Number {number}</title><link href="https://herald.example/n/{number}"/>'
        f"<updated>2026-11-{day:02}T10:00:00Z</updated></entry></feed>"
    ).encode()


def test_a_first_poll_follows_the_pages_before_back_to_a_week_and_no_later_poll_does(place: Place) -> None:
    first = "https://herald.example/atom"
    feed = make_feed(url=first)
    urls = {1: first, **{n: f"{first}?page={n}" for n in (2, 3, 4)}}
    answers = {urls[n]: make_response(urls[n], body=paged(n, day=28 - 4 * n)) for n in urls}
    assert place.poll(answers, feed).counts["new"] == 3  # the third reaches back eight days
    assert place.asked.urls() == [urls[1], urls[2], urls[3]]
    assert place.rows("select distinct is_backlog from entries") == [{"is_backlog": True}]
    place.poll(answers, feed, now=NOW + 2 * HOUR)
    assert place.asked.urls() == [first]


# the watchdog


def test_a_feed_silent_for_five_of_its_gaps_is_asked_once_a_day_without_validators(place: Place) -> None:
    at = NOW
    for n in range(6):
        body = make_rss(*((f"Item {i}", f"https://herald.example/n/{i}") for i in range(n + 1)))
        at = NOW + n * 2 * HOUR
        place.poll({FEED_URL: make_response(body=body, headers={"etag": '"a"'})}, now=at)
    asked = []
    for hour in range(3, 60):
        place.poll({FEED_URL: make_response(status=304)}, now=at + hour * HOUR)
        asked += [(hour, bool(headers)) for _, headers in place.asked.asked]
    doubted = [hour for hour, is_conditional in asked if not is_conditional]
    assert len(doubted) == 2
    assert doubted[0] >= 12
    assert doubted[1] - doubted[0] >= 24
    assert place.rows("select count(*)::int as n from polls where is_watchdog") == [{"n": 2}]


# findings of search services


QUERY_URL = "https://news.google.com/rss/search?q=x"
QUERY = make_feed(feed_id="google-x", url=QUERY_URL, kind="query", outlet_id="google-news", language="en")


def found(title: str, link: str, name: str, site: str) -> bytes:
    return (
        f"<rss version='2.0'><channel><title>Search</title><item><title>{title} - {name}</title><link>{link}</link>"
        f'<source url="{site}">{name}</source></item></channel></rss>'
    ).encode()


def test_a_finding_without_an_address_waits_for_the_outlets_own_entry(place: Place) -> None:
    body = found("Ministers agree on new duties", "https://news.google.com/rss/articles/CBMi1", "Harbour Herald",
                 "https://www.harbour-herald.example")  # fmt: skip
    place.poll({QUERY_URL: make_response(QUERY_URL, body=body)}, QUERY)
    [row] = place.rows("select outlet_id, state, stage, url_key from entries")
    assert row == {"outlet_id": "herald", "state": "listed", "stage": "resolve", "url_key": None}
    own = make_rss(("Ministers agree on NEW duties!", "https://harbour-herald.example/n/1"))
    place.poll({FEED_URL: make_response(body=own)})
    assert len(place.rows("select distinct title_key from entries")) == 1


def test_a_finding_of_an_outlet_that_is_not_watched_ends_with_its_reason(place: Place) -> None:
    body = found("Ministers agree on new duties", "https://news.google.com/rss/articles/CBMi2", "Far Gazette",
                 "https://far-gazette.example")  # fmt: skip
    place.poll({QUERY_URL: make_response(QUERY_URL, body=body)}, QUERY)
    [row] = place.rows("select outlet_id, state, reason, detail from entries")
    assert row == {"outlet_id": "google-news", "state": "rejected", "reason": "unresolved",
                   "detail": "Far Gazette (far-gazette.example)"}  # fmt: skip


def test_a_finding_that_names_its_page_is_fetched_there_for_its_outlet(place: Place) -> None:
    wrapped = "http://www.bing.com/news/apiclick.aspx?ref=x&amp;url=https%3a%2f%2ffar-gazette.example%2fn%2f7&amp;c=1"
    place.poll({QUERY_URL: make_response(QUERY_URL, body=found("Short", wrapped, "Bing", ""))}, QUERY)
    [row] = place.rows("select outlet_id, url, state, stage from entries")
    assert row == {"outlet_id": "site:far-gazette.example", "url": "https://far-gazette.example/n/7",
                   "state": "listed", "stage": "fetch"}  # fmt: skip
    [outlet] = place.rows("select outlet_id, publisher, kind, country from outlets")
    assert outlet == {"outlet_id": "site:far-gazette.example", "publisher": "far-gazette.example", "kind": "found",
                      "country": None}  # fmt: skip


# the ledger


def test_every_request_is_in_the_ledger_with_the_entries_it_brought(place: Place) -> None:
    place.poll({FEED_URL: make_response(body=RSS, headers={"etag": '"a"'})})
    place.poll({FEED_URL: make_response(status=304)}, now=NOW + 2 * HOUR)
    rows = place.rows("select requested_at, host, purpose, status, is_conditional from requests order by 1")
    assert [(r["requested_at"], r["host"], r["purpose"], r["status"], r["is_conditional"]) for r in rows] == [
        (NOW, "feeds.harbour-herald.example", "poll", 200, False),
        (NOW + 2 * HOUR, "feeds.harbour-herald.example", "poll", 304, True),
    ]
