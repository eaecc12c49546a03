"""The one door to protego: what a host's robots.txt allows us (RFC 9309)."""

from dataclasses import dataclass

from protego import Protego

PRODUCT = "Presswatch"
MAX_CRAWL_DELAY = 30.0  # seconds; a larger delay would only mean that a day's pages never end


@dataclass(frozen=True, slots=True, kw_only=True)
class RobotsAnswer:
    """Whether a page may be fetched, by which rule, and the pause the host wants.

    Attributes:
        verdict: allowed, disallowed or unavailable.
        crawl_delay: seconds, 0 if none is asked for.
    """

    verdict: str
    crawl_delay: float = 0.0

    @property
    def is_allowed(self) -> bool:
        """True where the page may be fetched. `unavailable` is complete disallow (RFC 9309 2.3.1.4)."""
        return self.verdict == "allowed"


def ask_robots(status: int | None, body: str | None, url: str) -> RobotsAnswer:
    """Read a robots.txt for one address.

    4xx means that everything is allowed, no answer or 5xx that nothing is (RFC 9309 2.3.1.3 and 2.3.1.4).
    """
    if status is None or status >= 500:  # noqa: PLR2004
        return RobotsAnswer(verdict="unavailable")
    if status != 200 or not body:  # noqa: PLR2004
        return RobotsAnswer(verdict="allowed")
    rules = Protego.parse(body[:512_000])  # RFC 9309 2.5: at least 500 KiB are read
    delay = min(float(rules.crawl_delay(PRODUCT) or 0.0), MAX_CRAWL_DELAY)
    return RobotsAnswer(verdict="allowed" if rules.can_fetch(url, PRODUCT) else "disallowed", crawl_delay=delay)


def sitemaps_of(body: str | None) -> list[str]:
    """The sitemaps that a robots.txt names (sitemaps.org, "Specifying the Sitemap location")."""
    return list(dict.fromkeys(Protego.parse(body[:512_000]).sitemaps)) if body else []
