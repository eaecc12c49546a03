"""Fetching: robots first, each page once, and a removed page is believed the second time."""

import asyncio
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from pipelines.adapters.archive import Archive, Place
from pipelines.adapters.warehouse import Warehouse
from pipelines.core.nouns import Counted
from pipelines.core.reasons import Reason, Rejected
from pipelines.stages.fetch import fetch
from pipelines.stages.poll import poll
from tests.builders import (
    FEED_URL,
    NOW,
    Answer,
    Died,
    DyingWriter,
    FakeHttp,
    make_feed,
    make_page,
    make_response,
    make_rss,
)

HOUR = timedelta(hours=1)
SITE = "https://herald.example"
ROBOTS = f"{SITE}/robots.txt"
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

    def listed(self, *urls: str, summary: str = "", now: datetime = NOW, feed_id: str = "herald-all") -> None:
        feed = make_feed(feed_id=feed_id, url=f"{FEED_URL}?{feed_id}")
        inside = f"<description>{summary}</description>"
        body = make_rss(*((f"Story at {u}", u) for u in urls), inside=inside)
        archive = Archive.open(self.folder / "archive", now)
        asyncio.run(
            poll(self.warehouse, FakeHttp({feed.url: make_response(feed.url, body=body)}), archive, [feed], now)
        )
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
    assert desk.asked.urls() == [ROBOTS, url]
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
    assert desk.asked.urls() == [ROBOTS, url]
    entry = desk.entry(url + twin)
    assert (entry["state"], entry["reason"], entry["stage"]) == ("duplicate", "same_url", None)


def test_of_twins_listed_together_the_plainest_is_fetched(desk: Desk) -> None:
    plain, tracked = f"{SITE}/n/1", f"{SITE}/n/1?utm_source=feed"
    desk.listed(tracked, feed_id="a-first")
    desk.listed(plain, feed_id="b-second")
    desk.fetch({plain: page(plain)})
    assert desk.asked.urls() == [ROBOTS, plain]
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
    assert desk.asked.urls() == [ROBOTS, open_]
    entry = desk.entry(closed)
    assert (entry["state"], entry["reason"], entry["stage"]) == ("rejected", "robots", None)


def test_robots_that_cannot_be_had_close_everything_for_now(desk: Desk) -> None:
    url = f"{SITE}/n/1"
    desk.listed(url)
    desk.fetch({ROBOTS: make_response(ROBOTS, 503)})
    assert desk.asked.urls() == [ROBOTS]
    assert (desk.entry(url)["state"], desk.entry(url)["reason"]) == ("waiting", "robots_unavailable")
    desk.fetch({ROBOTS: make_response(ROBOTS, 404), url: page(url)}, NOW + 2 * HOUR)
    assert desk.asked.urls() == [ROBOTS, url]
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
