"""Discover, as a pipe:

    a home page | the feeds it declares, the news sitemaps of its robots.txt | each asked once | what it lists

A feed that is watched already is not asked: its polls are counted elsewhere.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime

from pipelines.adapters.feeds import parse_feed
from pipelines.adapters.http import FEED, HOME, ROBOTS
from pipelines.adapters.markup import FeedLink, decoded, feed_links
from pipelines.adapters.robots import ask_robots, sitemaps_of
from pipelines.core.errors import PresswatchError
from pipelines.core.nouns import ParsedFeed, Response
from pipelines.core.reasons import Reason, Rejected
from pipelines.core.url_key import is_http, url_key
from pipelines.stages.hosts import origin_of
from pipelines.stages.protocols import Http, Reading

_MOST_ASKED = 12


class NothingThere(PresswatchError):
    """A page to discover feeds on could not be had."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A feed that a site has.

    Attributes:
        kind: as sources.yaml has it: feed or news_sitemap.
        trouble: why it could not be read; None: it could.
    """

    url: str
    kind: str
    title: str | None = None
    format: str | None = None
    language: str | None = None
    entries: int = 0
    newest_at: datetime | None = None
    is_watched: bool = False
    trouble: str | None = None


async def discover(http: Http, reading: Reading, url: str, watched: Collection[str], now: datetime) -> list[Candidate]:
    """The feeds of a site, at most twelve, each asked once.

    Args:
        http: the network, with its manners.
        reading: what reads documents within limits.
        url: a home page, or a feed itself.
        watched: URL keys of the feeds that sources.yaml has.
        now: the time of the run.

    Raises:
        NothingThere: the page could not be had, or robots.txt forbids it.
    """
    rules = await http.get(f"{origin_of(url)}/robots.txt", want=ROBOTS)
    body = decoded(rules.body, rules.charset) if isinstance(rules, Response) and rules.is_ok else None
    status = rules.status if isinstance(rules, Response) else None
    robots = ask_robots(status, body, url)
    if not robots.is_allowed:
        raise NothingThere(f"{url}: robots.txt: {robots.verdict}; look at the site yourself, and add its feed by hand")
    links = await _links(http, reading, url, robots.crawl_delay)
    is_page = [link.url for link in links] != [url]
    maps = [m for m in sitemaps_of(body) if is_page and "news" in m.lower() and is_http(m)]
    named = [*links, *(FeedLink(url=m, title=None, media_type="application/xml") for m in maps)]
    found: dict[str, Candidate] = {}
    for link in named[:_MOST_ASKED]:
        key = url_key(link.url)
        if key is not None and key not in found:
            kind = "news_sitemap" if link.url in maps else "feed"
            candidate = Candidate(url=link.url, kind=kind, title=link.title, is_watched=key in watched)
            found[key] = candidate if candidate.is_watched else await _asked(http, reading, candidate, now)
    return list(found.values())


async def _links(http: Http, reading: Reading, url: str, gap: float) -> list[FeedLink]:
    """The feeds that the page declares; the address itself where it is no page."""
    home = await http.get(url, want=HOME, gap=gap)
    if isinstance(home, Rejected):
        if home.reason is Reason.NOT_HTML:
            return [FeedLink(url=url, title=None, media_type="")]
        raise NothingThere(f"{url}: {home.reason}: {home.detail}; correct the address")
    if not home.is_ok:
        raise NothingThere(f"{url}: HTTP {home.status}; correct the address")
    found = await reading.run(feed_links, home.body, home.charset, home.final_url)
    if isinstance(found, Rejected):
        raise NothingThere(f"{url}: {found.reason}: {found.detail}; add the feed by hand")
    return [link for link in found if is_http(link.url)]


async def _asked(http: Http, reading: Reading, candidate: Candidate, now: datetime) -> Candidate:
    answer = await http.get(candidate.url, want=FEED)
    if isinstance(answer, Rejected):
        return replace(candidate, trouble=f"{answer.reason}: {answer.detail}")
    if not answer.is_ok:
        return replace(candidate, trouble=f"HTTP {answer.status}")
    parsed = await reading.run(parse_feed, answer.body, url=answer.final_url, headers=answer.headers, now=now)
    if isinstance(parsed, Rejected):
        return replace(candidate, trouble=f"{parsed.reason}: {parsed.detail}")
    return _read(candidate, parsed)


def _read(candidate: Candidate, parsed: ParsedFeed) -> Candidate:
    is_map = parsed.format in {"news_sitemap", "sitemap_index"}
    return replace(
        candidate,
        kind="news_sitemap" if is_map else "feed",
        format=parsed.format,
        language=parsed.language,
        entries=len(parsed.entries) or len(parsed.parts),
        newest_at=max((e.published.at for e in parsed.entries if e.published.at is not None), default=None),
    )
