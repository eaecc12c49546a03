"""Fetching: robots first, each page once, and a removed page is believed the second time."""

import asyncio
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from pipelines.adapters.archive import Archive, Place
from pipelines.adapters.warehouse import Warehouse
from pipelines.core.fetching import MOST_PAGES_PER_HOST
from pipelines.core.nouns import Counted
from pipelines.core.reasons import Reason, Rejected
from pipelines.stages.asking import Desk as PollDesk
from pipelines.stages.fetch import fetch
from pipelines.stages.poll import poll
from tests.builders import (
    FEED_URL,
    NOW,
    Answer,
    Died,
    DyingWriter,
    FakeHttp,
    Inline,
    make_feed,
    make_page,
    make_response,
    make_rss,
)

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
SITE = "https://herald.example"
ROBOTS = f"{SITE}/robots.txt"
RIGHTS = f"{SITE}/.well-known/tdmrep.json"
PAGE = make_page()
Answers = dict[str, Answer | Callable[[], Answer]]


def page(url: str, **headers: str) -> Answer:
    return make_response(
        url, body=PAGE, headers={"content-type": "text/html", **{k.replace("_", "-"): v for k, v in headers.items()}}
    )


class Desk:
    """A warehouse with entries that were listed, whose pages can be asked for."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.warehouse = Warehouse.open(folder)
        self.asked = FakeHttp()

    def listed(
        self, *urls: str, summary: str = "", now: datetime = NOW, feed_id: str = "herald-all", guid: str = ""
    ) -> None:
        feed = make_feed(feed_id=feed_id, url=f"{FEED_URL}?{feed_id}")
        inside = f"<description>{summary}</description>" + (f"<guid>{guid}</guid>" if guid else "")
        body = make_rss(*((f"Story at {u}", u) for u in urls), inside=inside)
        archive = Archive.open(self.folder / "archive", now)
        http = FakeHttp({feed.url: make_response(feed.url, body=body)})
        asyncio.run(poll(self.warehouse, PollDesk(http=http, archive=archive, reading=Inline()), [feed], now))
        archive.close(settled=True)

    def fetch(self, answers: Answers, now: datetime = NOW) -> Counted:
        self.asked = FakeHttp(answers)
        archive = Archive.open(self.folder / "archive", now)
        counted = asyncio.run(fetch(self.warehouse, self.asked, archive, now))
        archive.close(settled=True)
        return counted

    def entry(self, url: str) -> dict[str, Any]:
        return next(r for r in self.warehouse.sql("select * from entries order by first_listed_at") if r["url"] == url)

    def rows(self, sql: str) -> list[dict[str, Any]]:
        return self.warehouse.sql(sql)

    def table(self, name: str) -> list[dict[str, Any]]:
        return self.warehouse.sql(f"select * from {name} order by all")  # noqa: S608 (a table named by a test)

    def keep(self, article_id: int = 7, url: str = f"{SITE}/n/1", etag: str | None = '"a"') -> None:
        """A kept article, due for its first revisit."""
        with self.warehouse.transaction() as tx:
            tx.sql(
                "insert into articles (article_id, url, state, revision, title, first_seen_at) "
                "values ($id, $url, 'kept', 1, 'T', $now)",
                {"id": article_id, "url": url, "now": NOW},
            )
            tx.sql(
                "insert into revisits values ($id, $url, 0, $at, $etag, null)",
                {"id": article_id, "url": url, "at": NOW + HOUR, "etag": etag},
            )


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path / "w")
    yield made
    made.warehouse.close()


def test_a_page_is_archived_and_waits_to_be_read(desk: Desk) -> None:
    url = f"{SITE}/n/1"
    desk.listed(url)
    counted = desk.fetch({url: page(url, etag='"a"')})
    assert desk.asked.urls() == [ROBOTS, RIGHTS, url]
    entry = desk.entry(url)
    assert (entry["state"], entry["stage"], entry["attempts"], entry["reason"]) == ("listed", "extract", 1, None)
    [row] = desk.rows("select * from fetches")
    assert (row["outcome"], row["status"], row["robots"], row["etag"], row["is_conditional"]) == (
        "page",
        200,
        "allowed",
        '"a"',
        False,
    )
    assert row["fetch_id"] == entry["fetch_id"]
    archive = Archive.open(desk.folder / "archive", NOW)
    assert archive.read(Place(row["warc_file"], row["warc_offset"])).body == PAGE
    archive.close(settled=True)
    assert counted.counts["first_page"] == 1


def test_a_page_is_never_asked_for_a_second_time(desk: Desk) -> None:
    url = f"{SITE}/n/1"
    desk.listed(url)
    desk.fetch({url: page(url)})
    desk.fetch({url: page(url)}, NOW + 5 * HOUR)
    assert desk.asked.asked == []


@pytest.mark.parametrize("twin", ["?utm_source=feed", "/amp", "?amp=1", "#comments", "/"])
def test_one_identity_is_fetched_once_and_its_twin_is_a_duplicate(desk: Desk, twin: str) -> None:
    url = f"{SITE}/n/1"
    desk.listed(url, feed_id="one")
    desk.listed(url + twin, feed_id="two")
    desk.fetch({url: page(url)})
    assert desk.asked.urls() == [ROBOTS, RIGHTS, url]
    entry = desk.entry(url + twin)
    assert (entry["state"], entry["reason"], entry["stage"]) == ("duplicate", "same_url", None)
    assert entry["detail"] == "herald.example/n/1", "the key that says so"


@pytest.mark.parametrize(
    ("guid", "outcome"),
    [
        ("https://herald.example/?p=17", ("duplicate", "same_id", "id:https://herald.example/?p=17")),
        ("tag:herald.example,2026:17", ("duplicate", "same_id", "id:tag:herald.example,2026:17")),
        ("17", ("listed", None, None)),
    ],
)
def test_one_id_in_two_feeds_of_an_outlet_is_one_item_unless_it_is_a_bare_number(
    desk: Desk, guid: str, outcome: tuple[str, str | None, str | None]
) -> None:
    desk.listed(f"{SITE}/n/1", guid=guid)
    desk.listed(f"{SITE}/sport/n/1?section=sport", guid=guid, now=NOW + HOUR, feed_id="herald-sport")
    desk.fetch({f"{SITE}/n/1": page(f"{SITE}/n/1"), f"{SITE}/sport/n/1?section=sport": page(f"{SITE}/n/2")}, NOW + HOUR)
    second = desk.entry(f"{SITE}/sport/n/1?section=sport")
    assert (second["state"], second["reason"], second["detail"]) == outcome
    assert desk.entry(f"{SITE}/n/1")["reason"] is None


def test_what_is_fetched_is_the_address_as_the_feed_gives_it(desk: Desk) -> None:
    url = "https://www.herald.example/n/amp/1?utm_source=feed&amp=1&PHPSESSID=2#entry-4"
    desk.listed(url.replace("&", "&amp;"))
    desk.fetch({})
    assert desk.asked.urls()[-1] == url


def test_parts_of_a_running_page_are_read_with_the_page_which_is_fetched_once(desk: Desk) -> None:
    live = f"{SITE}/live"
    desk.listed(f"{live}#entry-100", f"{live}#entry-101", f"{live}#/route/1")
    desk.fetch({f"{live}#entry-100": page(live), f"{live}#/route/1": page(live)})
    assert sorted(desk.asked.urls()[2:]) == [f"{live}#/route/1", f"{live}#entry-100"]
    part = desk.entry(f"{live}#entry-101")
    assert (part["state"], part["reason"], part["detail"]) == ("duplicate", "same_url", "herald.example/live")
    desk.listed(live, f"{live}#entry-102", now=NOW + HOUR, feed_id="herald-live")
    desk.rows("insert into article_keys by name select 'herald.example/live' as url_key, 7 as article_id")
    desk.fetch({}, NOW + HOUR)
    later = [desk.entry(url) for url in (live, f"{live}#entry-102")]
    assert [(e["state"], e["article_id"]) for e in later] == [("duplicate", 7)] * 2
    with desk.warehouse.transaction() as tx:
        tx.run("match/name_duplicates")
    assert desk.entry(f"{live}#entry-101")["article_id"] == 7


def test_after_a_change_of_the_rules_what_is_known_is_found_by_the_new_keys_once(desk: Desk) -> None:
    desk.keep(url=f"{SITE}/n/1?mod=rss_main")
    desk.rows(
        "insert into article_keys by name "
        "select 'herald.example/n/1?mod=rss_main' as url_key, 7 as article_id, 'url-1' as rule_version"
    )
    desk.listed(f"{SITE}/n/1")
    desk.fetch({})
    assert [r["url_key"] for r in desk.table("article_keys")] == [
        "herald.example/n/1",
        "herald.example/n/1?mod=rss_main",
    ]
    assert (desk.entry(f"{SITE}/n/1")["reason"], desk.entry(f"{SITE}/n/1")["article_id"]) == ("same_url", 7)
    desk.fetch({}, NOW + HOUR)
    assert len(desk.table("article_keys")) == 2


def test_a_twin_by_its_id_leads_to_the_article_once_that_has_arrived(desk: Desk) -> None:
    guid = "https://herald.example/?p=17"
    desk.listed(f"{SITE}/n/1", guid=guid)
    desk.listed(f"{SITE}/n/1-sport", guid=guid, feed_id="herald-sport")
    desk.fetch({f"{SITE}/n/1": page(f"{SITE}/n/1")})
    assert desk.entry(f"{SITE}/n/1-sport")["article_id"] is None
    with desk.warehouse.transaction() as tx:
        tx.sql("update entries set article_id = 7 where url = $url", {"url": f"{SITE}/n/1"})
        tx.run("match/name_same_ids")
    assert desk.entry(f"{SITE}/n/1-sport")["article_id"] == 7


def test_of_twins_listed_together_the_plainest_is_fetched(desk: Desk) -> None:
    plain, tracked = f"{SITE}/n/1", f"{SITE}/n/1?utm_source=feed"
    desk.listed(tracked, feed_id="a-first")
    desk.listed(plain, feed_id="b-second")
    desk.fetch({plain: page(plain)})
    assert desk.asked.urls() == [ROBOTS, RIGHTS, plain]
    assert desk.entry(tracked)["state"] == "duplicate"


def test_robots_are_asked_once_a_host_and_kept_for_a_day(desk: Desk) -> None:
    desk.listed(f"{SITE}/n/1", f"{SITE}/n/2", "https://kurier.example/n/1")
    desk.fetch({})
    assert desk.asked.urls().count(ROBOTS) == 1
    assert desk.asked.urls().count("https://kurier.example/robots.txt") == 1
    desk.listed(f"{SITE}/n/3", now=NOW + 20 * HOUR)
    desk.fetch({}, NOW + 20 * HOUR)
    assert desk.asked.urls() == [f"{SITE}/n/3"]
    desk.listed(f"{SITE}/n/4", now=NOW + 30 * HOUR)
    desk.fetch({}, NOW + 30 * HOUR)
    assert desk.asked.urls() == [ROBOTS, f"{SITE}/n/4"]


def test_a_page_that_robots_close_is_never_asked_for(desk: Desk) -> None:
    open_, closed = f"{SITE}/n/1", f"{SITE}/closed/1"
    desk.listed(open_, closed)
    desk.fetch({ROBOTS: make_response(ROBOTS, body=b"User-agent: *\nDisallow: /closed"), open_: page(open_)})
    assert desk.asked.urls() == [ROBOTS, RIGHTS, open_]
    entry = desk.entry(closed)
    assert (entry["state"], entry["reason"], entry["stage"]) == ("rejected", "robots", None)


def test_robots_that_cannot_be_had_close_everything_for_now(desk: Desk) -> None:
    url = f"{SITE}/n/1"
    desk.listed(url)
    desk.fetch({ROBOTS: make_response(ROBOTS, 503)})
    assert desk.asked.urls() == [ROBOTS]
    assert (desk.entry(url)["state"], desk.entry(url)["reason"]) == ("waiting", "robots_unavailable")
    desk.fetch({ROBOTS: make_response(ROBOTS, 404), url: page(url)}, NOW + 2 * HOUR)
    assert desk.asked.urls() == [ROBOTS, RIGHTS, url]
    assert desk.entry(url)["stage"] == "extract"


@pytest.mark.parametrize(
    ("answer", "state", "reason"),
    [
        (make_response(status=404), "gone", "not_found"),
        (make_response(status=410), "gone", "removed"),
        (make_response(status=403), "rejected", "client_error"),
        (make_response(status=500), "waiting", "server_error"),
        (make_response(status=429), "waiting", "throttled"),
        (Rejected(reason=Reason.TIMEOUT), "waiting", "timeout"),
        (Rejected(reason=Reason.PRIVATE_ADDRESS), "rejected", "private_address"),
        (Rejected(reason=Reason.NOT_HTML), "rejected", "not_html"),
        (Rejected(reason=Reason.TOO_LARGE), "rejected", "too_large"),
        (make_response(status=204), "rejected", "client_error"),
    ],
)
def test_every_failure_has_its_state_and_reason(desk: Desk, answer: Answer, state: str, reason: str) -> None:
    url = f"{SITE}/n/1"
    desk.listed(url)
    desk.fetch({url: answer})
    entry = desk.entry(url)
    assert (entry["state"], entry["reason"], entry["attempts"]) == (state, reason, 1)
    assert (entry["stage"] is None) == (state in {"gone", "rejected"})


def test_a_page_that_failed_falls_back_to_the_feeds_own_text(desk: Desk) -> None:
    url = f"{SITE}/n/1"
    desk.listed(url, summary="The ministers of eleven coastal states agreed on a joint pledge after a long night.")
    desk.fetch({url: make_response(status=403)})
    entry = desk.entry(url)
    assert (entry["state"], entry["stage"], entry["fetch_id"]) == ("listed", "extract", None)


def test_patience_has_an_end(desk: Desk) -> None:
    url = f"{SITE}/n/1"
    desk.listed(url)
    asked = 0
    for day in range(9):
        desk.fetch({url: make_response(status=500)}, NOW + timedelta(days=day))
        asked += desk.asked.urls().count(url)
    assert asked == 4
    assert (desk.entry(url)["state"], desk.entry(url)["reason"]) == ("given_up", "server_error")


def test_a_429_pauses_the_host_for_the_next_run(desk: Desk) -> None:
    one, other = f"{SITE}/n/1", "https://kurier.example/n/1"
    desk.listed(one, other)
    desk.fetch({one: make_response(one, 429, headers={"retry-after": "10800"}), other: page(other)})
    desk.listed(f"{SITE}/n/2", now=NOW + HOUR)
    desk.fetch({}, NOW + 2 * HOUR)
    assert [u for u in desk.asked.urls() if u.startswith(SITE)] == []
    desk.fetch({one: page(one)}, NOW + 4 * HOUR)
    assert one in desk.asked.urls()


def test_a_reservation_in_the_response_is_recorded(desk: Desk) -> None:
    reserved, free, silent = (f"{SITE}/n/{n}" for n in (1, 2, 3))
    desk.listed(reserved, free, silent)
    desk.fetch(
        {reserved: page(reserved, tdm_reservation="1"), free: page(free, tdm_reservation="0"), silent: page(silent)}
    )
    seen = {r["url"]: r["is_tdm_reserved"] for r in desk.rows("select url, is_tdm_reserved from fetches")}
    assert seen == {reserved: True, free: False, silent: None}


@pytest.mark.parametrize(
    "headers", [{"etag": '"ol\udce9"'}, {"content-type": "text/html; charset=\udce9"}, {"retry-after": "9" * 5_000}]
)
def test_no_header_of_one_page_ends_the_run_of_all(desk: Desk, headers: dict[str, str]) -> None:
    one, other = f"{SITE}/n/1", "https://kurier.example/n/1"
    desk.listed(one, other)
    status = 503 if "retry-after" in headers else 200
    desk.fetch({one: make_response(one, status, body=PAGE, headers=headers), other: page(other)})
    assert desk.entry(other)["stage"] == "extract"


@pytest.mark.parametrize(
    "headers", [{"content-type": "text/plain; charset=undefined"}, {"content-type": "text/plain; charset=idna"}]
)
def test_a_robots_file_in_no_charset_ends_no_run(desk: Desk, headers: dict[str, str]) -> None:
    url = f"{SITE}/n/1"
    desk.listed(url)
    desk.fetch(
        {
            ROBOTS: make_response(ROBOTS, body=b"# ol\xe9\nUser-agent: *\nDisallow: /closed", headers=headers),
            url: page(url),
        }
    )
    assert desk.entry(url)["stage"] == "extract"


# what hosts reserve, and how they refuse


def test_robots_that_cannot_be_had_today_are_those_of_yesterday(desk: Desk) -> None:
    desk.listed(f"{SITE}/n/1")
    rules = make_response(ROBOTS, body=b"User-agent: *\nDisallow: /closed", headers={"etag": '"r"'})
    desk.fetch({ROBOTS: rules, f"{SITE}/n/1": page(f"{SITE}/n/1")})
    later = NOW + 30 * HOUR
    desk.listed(f"{SITE}/n/2", f"{SITE}/closed/2", now=later)
    desk.fetch({ROBOTS: make_response(ROBOTS, 500), f"{SITE}/n/2": page(f"{SITE}/n/2")}, later)
    assert desk.asked.asked == [(ROBOTS, {"If-None-Match": '"r"'}), (f"{SITE}/n/2", {})]
    assert desk.entry(f"{SITE}/closed/2")["reason"] == "robots"
    desk.listed(f"{SITE}/n/3", now=NOW + timedelta(days=40))
    desk.fetch({ROBOTS: make_response(ROBOTS, 500)}, NOW + timedelta(days=40))
    assert desk.entry(f"{SITE}/n/3")["reason"] == "robots_unavailable"


def test_robots_that_are_unchanged_hold_for_another_day(desk: Desk) -> None:
    desk.listed(f"{SITE}/n/1")
    rules = make_response(ROBOTS, body=b"User-agent: *\nDisallow: /closed", headers={"etag": '"r"'})
    desk.fetch({ROBOTS: rules})
    for hours in (30, 50):
        desk.listed(f"{SITE}/closed/{hours}", now=NOW + hours * HOUR)
        desk.fetch({ROBOTS: make_response(ROBOTS, 304)}, NOW + hours * HOUR)
        assert desk.entry(f"{SITE}/closed/{hours}")["reason"] == "robots"
        assert (ROBOTS in desk.asked.urls()) is (hours == 30)


RESERVING = b'[{"location": "/paid", "tdm-reservation": 1}, {"location": "/paid/free", "tdm-reservation": 0}]'
TOLD = "The ministers of eleven coastal states agreed on a joint pledge after a long night."


def describe(desk: Desk, rights: str | None) -> None:
    """Say in the warehouse what sources.yaml says of the outlet."""
    with desk.warehouse.transaction() as tx:
        tx.sql("insert into outlets values ('herald', 'Herald', 'harbour', 2, 'IE', 'en', 'media', $r, $now, null)",
               {"r": rights, "now": NOW})  # fmt: skip


def test_a_page_whose_host_reserves_it_is_not_asked_for_and_told_in_the_feeds_words(desk: Desk) -> None:
    free, paid = f"{SITE}/paid/free/1", f"{SITE}/paid/1"
    desk.listed(free, paid, summary=TOLD)
    desk.fetch({RIGHTS: make_response(RIGHTS, body=RESERVING), free: page(free), paid: page(paid)})
    assert desk.asked.urls() == [ROBOTS, RIGHTS, free]
    entry = desk.entry(paid)
    assert (entry["state"], entry["stage"], entry["reason"]) == ("listed", "extract", "tdm_reserved")
    assert entry["fetch_id"] is None


def test_an_outlet_that_permits_it_is_read_whatever_its_host_reserves(desk: Desk) -> None:
    describe(desk, "tdm-permitted")
    paid = f"{SITE}/paid/1"
    desk.listed(paid)
    desk.fetch({RIGHTS: make_response(RIGHTS, body=RESERVING), paid: page(paid, tdm_reservation="1")})
    assert desk.asked.urls() == [ROBOTS, paid]
    assert desk.rows("select outcome, is_tdm_reserved from fetches") == [{"outcome": "page", "is_tdm_reserved": True}]


def test_an_outlet_whose_terms_reserve_it_is_not_read_whatever_its_host_says(desk: Desk) -> None:
    describe(desk, "tdm-reserved")
    desk.listed(f"{SITE}/n/1")
    desk.fetch({f"{SITE}/n/1": page(f"{SITE}/n/1")})
    assert f"{SITE}/n/1" not in desk.asked.urls()
    assert desk.rows("select outcome, reason from fetches") == [{"outcome": "refused", "reason": "tdm_reserved"}]


def test_rights_are_asked_for_once_a_week_and_a_page_in_their_place_is_no_reservation(desk: Desk) -> None:
    asked = []
    for day in range(9):
        at = NOW + timedelta(days=day)
        desk.listed(f"{SITE}/n/{day}", now=at)
        desk.fetch({RIGHTS: make_response(RIGHTS, body=b"<html>Not found</html>")}, at)
        asked.append(RIGHTS in desk.asked.urls())
    assert asked == [True, *[False] * 6, True, False]
    assert desk.rows("select body from rights_files") == [{"body": None}]


@pytest.mark.parametrize("status", [403, 503])
def test_a_guard_against_robots_is_a_state_of_its_own(desk: Desk, status: int) -> None:
    url = f"{SITE}/n/1"
    desk.listed(url)
    desk.fetch({url: make_response(url, status, headers={"cf-mitigated": "challenge"})})
    assert (desk.entry(url)["state"], desk.entry(url)["reason"]) == ("waiting", "challenge")


def test_a_way_that_ends_at_a_consent_host_is_a_consent_wall_and_archives_nothing(desk: Desk) -> None:
    url, wall = f"{SITE}/n/1", "https://consent.herald.example/collect"
    desk.listed(url)
    desk.fetch({url: make_response(url, final_url=wall, redirects=(wall,), body=PAGE)})
    assert (desk.entry(url)["state"], desk.entry(url)["reason"]) == ("rejected", "consent_wall")
    assert desk.rows("select warc_file from fetches") == [{"warc_file": None}]


def test_a_page_that_was_not_asked_for_because_its_host_wants_a_pause_stays_as_it_is(desk: Desk) -> None:
    url = f"{SITE}/n/1"
    desk.listed(url)
    desk.fetch({url: Rejected(reason=Reason.HOST_PAUSED)})
    assert (desk.entry(url)["state"], desk.entry(url)["attempts"]) == ("listed", 0)
    assert desk.rows("select * from fetches") == []


def test_a_503_that_names_a_time_pauses_its_host_and_one_that_does_not_waits_alone(desk: Desk) -> None:
    one, other = f"{SITE}/n/1", "https://kurier.example/n/1"
    desk.listed(one, other)
    desk.fetch({one: make_response(one, 503, headers={"retry-after": "7200"}), other: make_response(other, 503)})
    assert [r["host"] for r in desk.rows("select host from host_pauses")] == ["herald.example"]


def test_one_pass_asks_a_host_for_no_more_pages_than_its_gap_leaves_time_for(desk: Desk) -> None:
    urls = [f"{SITE}/n/{n}" for n in range(MOST_PAGES_PER_HOST + 3)]
    desk.listed(*urls, "https://kurier.example/n/1")
    desk.fetch({u: make_response(u, 404) for u in urls})
    assert len([u for u in desk.asked.urls() if u in urls]) == MOST_PAGES_PER_HOST
    assert "https://kurier.example/n/1" in desk.asked.urls()
    desk.fetch({u: make_response(u, 404) for u in urls}, NOW + MINUTE)
    assert len([u for u in desk.asked.urls() if u in urls]) == 3


# findings of search services


GOOGLE = make_feed(feed_id="google-x", url="https://news.google.com/rss/search?q=x", kind="query", outlet_id="google")


def list_finding(desk: Desk, title: str, now: datetime = NOW) -> None:
    body = (
        f"<rss version='2.0'><channel><item><title>{title} - Herald</title><link>https://news.google.com/rss/articles/1"
        "</link><source url='https://herald.example'>Herald</source></item></channel></rss>"
    ).encode()
    archive = Archive.open(desk.folder / "archive", now)
    http = FakeHttp({GOOGLE.url: make_response(GOOGLE.url, body=body)})
    polling = PollDesk(http=http, archive=archive, reading=Inline(), sites={"herald.example": "herald"})
    asyncio.run(poll(desk.warehouse, polling, [GOOGLE], now))
    archive.close(settled=True)


def finding(desk: Desk) -> dict[str, Any]:
    return desk.rows("select state, reason, stage from entries where feed_id = 'google-x'")[0]


def test_a_finding_is_the_story_that_the_outlets_own_feed_lists(desk: Desk) -> None:
    list_finding(desk, f"STORY at {SITE}/n/1")
    desk.fetch({}, NOW + HOUR)
    assert finding(desk)["stage"] == "resolve"
    desk.listed(f"{SITE}/n/1", now=NOW + 2 * HOUR)
    desk.fetch({f"{SITE}/n/1": page(f"{SITE}/n/1")}, NOW + 2 * HOUR)
    assert finding(desk) == {"state": "duplicate", "reason": "same_title", "stage": None}


def test_a_finding_that_no_feed_of_ours_lists_ends_after_two_days(desk: Desk) -> None:
    list_finding(desk, "Ministers agree on new duties")
    desk.fetch({}, NOW + 47 * HOUR)
    assert finding(desk)["stage"] == "resolve"
    desk.fetch({}, NOW + 49 * HOUR)
    assert finding(desk) == {"state": "rejected", "reason": "unresolved", "stage": None}
    assert not [u for u in desk.asked.urls() if "google" in u]


# revisits


def test_a_revisit_is_conditional_and_a_304_goes_on_to_the_next_step(desk: Desk) -> None:
    url = f"{SITE}/n/1"
    desk.keep()
    desk.fetch({url: make_response(url, 304)}, NOW + HOUR)
    assert desk.asked.asked[-1] == (url, {"If-None-Match": '"a"'})
    [row] = desk.rows("select step, next_at, etag from revisits")
    assert (row["step"], row["next_at"], row["etag"]) == (1, NOW + 6 * HOUR, '"a"')
    assert desk.rows("select outcome, is_conditional from fetches") == [
        {"outcome": "unchanged", "is_conditional": True}
    ]


def test_a_revisit_that_brings_a_page_takes_over_its_validators(desk: Desk) -> None:
    url = f"{SITE}/n/1"
    desk.keep()
    desk.fetch({url: page(url, last_modified="now")}, NOW + HOUR)
    [row] = desk.rows("select etag, last_modified from revisits")
    assert (row["etag"], row["last_modified"]) == (None, "now")


def gone(desk: Desk) -> datetime | None:
    found = desk.rows("select gone_at from articles")[0]["gone_at"]
    return found.astimezone(UTC) if found else None


def test_a_404_at_a_revisit_is_believed_the_second_time_only(desk: Desk) -> None:
    url = f"{SITE}/n/1"
    desk.keep()
    desk.fetch({url: make_response(url, 404)}, NOW + HOUR)
    assert gone(desk) is None
    desk.fetch({url: make_response(url, 404)}, NOW + 6 * HOUR)
    assert gone(desk) == NOW + 6 * HOUR
    assert [r["kind"] for r in desk.rows("select kind from revisions")] == ["removed"]
    assert desk.rows("select state from articles") == [{"state": "kept"}]


def test_a_404_that_was_a_mishap_is_forgotten_when_the_page_is_back(desk: Desk) -> None:
    url = f"{SITE}/n/1"
    desk.keep()
    desk.fetch({url: make_response(url, 404)}, NOW + HOUR)
    desk.fetch({url: page(url)}, NOW + 6 * HOUR)
    desk.fetch({url: make_response(url, 404)}, NOW + 24 * HOUR)
    assert gone(desk) is None


def test_a_410_at_a_revisit_is_believed_at_once_and_told_once(desk: Desk) -> None:
    url = f"{SITE}/n/1"
    desk.keep()
    desk.fetch({url: make_response(url, 410)}, NOW + HOUR)
    assert gone(desk) == NOW + HOUR
    desk.fetch({url: make_response(url, 410)}, NOW + 6 * HOUR)
    assert desk.asked.asked == []
    assert len(desk.rows("select * from revisions")) == 1


@pytest.mark.parametrize(
    "answer", [make_response(status=500), Rejected(reason=Reason.TIMEOUT), make_response(status=403)]
)
def test_a_failing_revisit_takes_nothing_away(desk: Desk, answer: Answer) -> None:
    desk.keep()
    desk.fetch({f"{SITE}/n/1": answer}, NOW + HOUR)
    assert gone(desk) is None
    assert desk.rows("select etag, step from revisits") == [{"etag": '"a"', "step": 1}]


def test_a_page_archived_by_a_run_that_died_is_not_asked_for_again(desk: Desk) -> None:
    url = f"{SITE}/n/1"
    desk.listed(url)
    archive = Archive.open(desk.folder / "archive", NOW)
    with pytest.raises(Died):
        asyncio.run(fetch(DyingWriter(desk.warehouse, at=2), FakeHttp({url: page(url)}), archive, NOW))
    assert desk.entry(url)["attempts"] == 0
    desk.fetch({}, NOW + HOUR)
    assert url not in desk.asked.urls()
    assert (desk.entry(url)["state"], desk.entry(url)["stage"]) == ("listed", "extract")
    [row] = desk.rows("select warc_file, warc_offset from fetches")
    reading = Archive.open(desk.folder / "archive", NOW)
    assert reading.read(Place(row["warc_file"], row["warc_offset"])).body == PAGE
    reading.close(settled=True)


def test_fetching_twice_at_one_time_is_fetching_once(desk: Desk) -> None:
    urls = [f"{SITE}/n/{n}" for n in range(3)]
    desk.listed(*urls)
    answers: Answers = {
        urls[0]: page(urls[0]),
        urls[1]: make_response(urls[1], 500),
        urls[2]: make_response(urls[2], 404),
    }
    desk.fetch(answers)
    tables = ("entries", "fetches", "robots_files", "revisits", "host_pauses")
    before = [desk.table(t) for t in tables]
    desk.fetch(answers)
    assert desk.asked.asked == []
    assert [desk.table(t) for t in tables] == before
