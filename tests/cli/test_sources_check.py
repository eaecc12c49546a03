"""`presswatch sources check` and `discover`, against a small web on loopback."""

import subprocess
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.builders import NOW, make_rss
from tests.scenarios.loopback import Document, SmallWeb

from .calling import Called, here

HOME = "http://herald.press.test/"
HEAD = """\
monitor: {name: Harbour watch, contact: desk@monitor.example, host_gap_seconds: 0, request_seconds: 3}
terms: {law: {en: [law]}}
topics: [{id: law, name: The law, query: law}]
publishers: [{id: harbour, name: Harbour Media}]
outlets:
"""
RSS = "application/rss+xml"


def rss(*titles: str, at: datetime = NOW) -> bytes:
    date = f"<pubDate>{at:%a, %d %b %Y %H:%M:%S} GMT</pubDate>"
    return make_rss(*((t, f"http://herald.press.test/n/{n}") for n, t in enumerate(titles)), inside=date)


WEB = {
    "http://fine.press.test/rss": Document(rss("A law is agreed"), RSS),
    "http://empty.press.test/rss": Document(make_rss(), RSS),
    "http://stale.press.test/rss": Document(rss("An old law", at=NOW - timedelta(days=50)), RSS),
    "http://walled.press.test/rss": Document(b"No.", "text/plain", 403),
    "http://page.press.test/rss": Document(b"<html><body>Welcome</body></html>", "text/html"),
    "http://lost.press.test/rss": Document(b"", "text/plain", 404),
    "http://gone.press.test/rss": Document(b"", "text/plain", 410),
    "http://broken.press.test/rss": Document(b"", "text/plain", 500),
    "http://old.press.test/rss": Document(b"", "text/plain", 301, location="http://fine.press.test/new"),
    "http://fine.press.test/new": Document(rss("A law is agreed"), RSS),
}
VERDICTS = {
    "fine": "OK", "empty": "empty", "stale": "stale", "walled": "blocked", "page": "not a feed", "lost": "dead",
    "gone": "dead", "broken": "unreachable", "old": "moved",
}  # fmt: skip


@pytest.fixture
def web() -> Iterator[SmallWeb]:
    with SmallWeb(dict(WEB)) as served:
        yield served


class Desk:
    """A file of sources and a warehouse, looked after by the command."""

    def __init__(self, folder: Path, web: SmallWeb) -> None:
        self.folder, self.web, self.now = folder, web, NOW
        outlets = [
            f"  - {{id: {name}, name: {name.title()}, publisher: harbour, country: IE, language: en, tier: 2,\n"
            f"     feeds: [{{id: {name}, url: 'http://{name}.press.test/rss'}}]}}  # {name}\n"
            for name in VERDICTS
        ]
        (folder / "sources.yaml").write_text(HEAD + "".join(outlets))

    def call(self, *arguments: str) -> Called:
        env = {
            "PRESSWATCH_SOURCES": str(self.folder / "sources.yaml"),
            "PRESSWATCH_WAREHOUSE": str(self.folder / "warehouse"),
            "PRESSWATCH_HOSTS": f"press.test=127.0.0.1:{self.web.port}",
            "PRESSWATCH_NOW": self.now.isoformat(),
        }
        return here(*arguments, env=env, cwd=self.folder)

    def checked(self, *feeds: str) -> dict[str, Any]:
        found: dict[str, Any] = self.call("--json", "sources", "check", *feeds).succeeded().json()
        return found


@pytest.fixture
def desk(tmp_path: Path, web: SmallWeb) -> Desk:
    return Desk(tmp_path, web)


def test_every_feed_has_its_verdict_and_what_is_wrong_has_something_to_do(desk: Desk) -> None:
    rows = {r["feed"]: r for r in desk.checked()["feeds"]}
    assert {i: r["verdict"] for i, r in rows.items()} == VERDICTS
    assert [i for i, r in rows.items() if bool(r["to_do"]) == (r["verdict"] == "OK")] == []
    assert rows["lost"]["seen"] == "HTTP 404"
    assert "http://fine.press.test/new" in rows["old"]["seen"]


def test_each_feed_is_asked_once_and_again_only_when_manners_allow(desk: Desk) -> None:
    first = desk.checked()
    asked = len(desk.web.log)
    assert asked == len(VERDICTS) + 1  # and one redirect
    desk.now = NOW + timedelta(minutes=20)
    assert {r["feed"]: r["verdict"] for r in desk.checked()["feeds"]} == {
        r["feed"]: r["verdict"] for r in first["feeds"]
    }
    assert len(desk.web.log) == asked
    desk.now = NOW + timedelta(minutes=61)
    desk.checked()
    later = desk.web.log[asked:]
    assert len(later) == asked - 1  # 410 is for good
    assert all(r.is_conditional for r in later if r.url.startswith("http://fine.press.test/rss"))


def test_what_a_check_lists_is_kept_for_the_next_run(desk: Desk) -> None:
    desk.checked("fine")
    assert len(desk.web.log) == 1
    told = desk.call("--json", "run").succeeded().json()
    assert told["stages"]["poll"]["polled"] == len(VERDICTS) - 1


def test_a_move_that_has_stood_for_seven_days_is_proposed_as_a_difference_that_applies(desk: Desk) -> None:
    assert desk.checked("old")["diff"] == ""
    desk.now = NOW + timedelta(days=8)
    told = desk.checked("old")
    (desk.folder / "move.diff").write_text(told["diff"])
    subprocess.run(["git", "apply", "move.diff"], cwd=desk.folder, check=True)
    text = (desk.folder / "sources.yaml").read_text()
    assert "{id: old, url: 'http://fine.press.test/new'}" in text
    assert "http://old.press.test" not in text
    assert text.count("#") == len(VERDICTS)
    assert "new" in desk.call("--json", "sources", "list").succeeded().out


def test_for_people_it_tells_the_worst_first_and_counts(desk: Desk) -> None:
    lines = desk.call("sources", "check").succeeded().lines()
    assert lines[0].split("\t") == ["feed", "verdict", "seen", "to_do"]
    assert lines[len(VERDICTS)].split("\t")[:2] == ["fine", "OK"]
    assert "2 dead" in lines[len(VERDICTS) + 1]


def test_a_feed_that_is_not_watched_is_named(desk: Desk) -> None:
    called = desk.call("sources", "check", "fine", "nosuch")
    assert called.code == 2
    assert "nosuch" in called.err
    assert desk.web.log == []


# discover


def found(desk: Desk, url: str = HOME) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = desk.call("--json", "sources", "discover", url).succeeded().json()
    return rows


def site(**more: Document) -> dict[str, Document]:
    head = (
        '<link rel="alternate" type="application/rss+xml" title="All" href="/all.rss">'
        '<link rel="alternate" type="application/atom+xml" href="http://fine.press.test/rss">'
        '<link rel="alternate" hreflang="fr" href="/fr/">'
        '<link rel="alternate" type="application/rss+xml" href="/no.rss">'
    )
    news = f"<url><loc>{HOME}1</loc></url>"
    news = f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{news}</urlset>'
    return {
        HOME: Document(f"<html><head>{head}</head><body>Harbour Herald</body></html>".encode()),
        f"{HOME}robots.txt": Document(b"User-agent: *\nSitemap: http://herald.press.test/news.xml\n", "text/plain"),
        f"{HOME}all.rss": Document(rss("A law", "Another law"), RSS),
        f"{HOME}news.xml": Document(news.encode(), "application/xml"),
        **{HOME + k: v for k, v in more.items()},
    }


def test_the_feeds_and_news_sitemaps_of_a_site_are_found_and_each_is_asked_once(tmp_path: Path) -> None:
    with SmallWeb(site()) as web:
        rows = found(Desk(tmp_path, web))
        assert [(r["url"], r["kind"], r["entries"], r["is_watched"]) for r in rows] == [
            (f"{HOME}all.rss", "feed", 2, False),
            ("http://fine.press.test/rss", "feed", 0, True),
            (f"{HOME}no.rss", "feed", 0, False),
            (f"{HOME}news.xml", "news_sitemap", 1, False),
        ]
        assert rows[0]["title"] == "All"
        assert rows[2]["trouble"] == "HTTP 404"
        assert [r.url for r in web.log] == [
            f"{HOME}robots.txt",
            HOME,
            f"{HOME}all.rss",
            f"{HOME}no.rss",
            f"{HOME}news.xml",
        ]


def test_a_feeds_own_address_is_found_as_itself(tmp_path: Path) -> None:
    with SmallWeb(site()) as web:
        [row] = found(Desk(tmp_path, web), f"{HOME}all.rss")
        assert (row["url"], row["entries"]) == (f"{HOME}all.rss", 2)


def test_a_site_that_robots_close_is_left_alone(tmp_path: Path) -> None:
    closed = {**site(), f"{HOME}robots.txt": Document(b"User-agent: *\nDisallow: /\n", "text/plain")}
    with SmallWeb(closed) as web:
        called = Desk(tmp_path, web).call("sources", "discover", HOME)
        assert called.code == 1
        assert "robots.txt: disallowed" in called.err
        assert [r.url for r in web.log] == [f"{HOME}robots.txt"]


@pytest.mark.parametrize(("url", "code"), [("ftp://herald.press.test/", 2), ("herald", 2), (f"{HOME}nothing", 1)])
def test_an_address_without_a_page_is_told_in_one_line(desk: Desk, url: str, code: int) -> None:
    called = desk.call("sources", "discover", url)
    assert called.code == code
    assert "Traceback" not in called.err
