"""Search services only discover: whose story is it, and where does the outlet itself list it?

Google News wraps its links so that only undocumented calls would open them; we do not make those. Such a finding
is resolved by title and publisher to the outlet's own entry. Other services link to the page itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

from pipelines.core.nouns import Entry
from pipelines.core.text import folded, hash_of
from pipelines.core.url_key import is_http

RULE_VERSION = "discovery-1"
PATIENCE = timedelta(hours=48)  # for the outlet's own feed to list what a search service found
_LEAST_TITLE_WORDS = 4
_OPAQUE_HOSTS = frozenset({"news.google.com"})
# Bing's news feed links to itself, with the page's address as it is in a parameter.
_WRAPPED = {("www.bing.com", "/news/apiclick.aspx"): "url"}
_PREFIXES = ("www.", "m.", "amp.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What a search service found.

    Attributes:
        url: the page itself; None: the service does not say.
        site: the publisher's host without `www.`; None: unknown.
        outlet_id: of sources.yaml, `site:HOST` for one that it does not describe, None where the site is unknown.
        is_configured: `outlet_id` is of sources.yaml.
    """

    url: str | None
    site: str | None
    outlet_id: str | None
    is_configured: bool


def finding(entry: Entry, sites: Mapping[str, str]) -> Finding:
    """Whose story an entry of a query feed is.

    Args:
        entry: as the service lists it.
        sites: outlet ids by site, as sources.yaml has them (`site_of` their home).
    """
    url = _address(entry.url) if entry.url else None
    site = site_of(url or entry.publisher_url or "")
    outlet = outlet_of(site, sites) if site else None
    known = outlet is not None
    return Finding(url=url, site=site, outlet_id=outlet or (f"site:{site}" if site else None), is_configured=known)


def outlet_of(site: str, sites: Mapping[str, str]) -> str | None:
    """The outlet whose site this is, or lies under; the most exact one wins. None: no outlet of ours."""
    labels = site.split(".")
    return next((sites[s] for n in range(len(labels) - 1) if (s := ".".join(labels[n:])) in sites), None)


def site_of(url: str) -> str | None:
    """The host of an address without `www.` and its like; None if there is none."""
    if not is_http(url):
        return None
    host = (urlsplit(url).hostname or "").rstrip(".")
    return next((host.removeprefix(p) for p in _PREFIXES if host.startswith(p)), host) or None


def title_key(title: str | None, publisher: str | None = None) -> int | None:
    """One number for a title, whatever its case and marks; None for fewer than four words.

    A search service ends its titles with " - Publisher": that part is left out.
    """
    if not title:
        return None
    words = folded(_without_publisher(title, publisher))
    return hash_of(words) if len(words.split()) >= _LEAST_TITLE_WORDS else None


def _without_publisher(title: str, publisher: str | None) -> str:
    head, dash, tail = title.rpartition(" - ")
    return head if dash and publisher and folded(tail) == folded(publisher) else title


def _address(url: str) -> str | None:
    """The page that a service's link leads to; None where the link does not say."""
    if not is_http(url):
        return None
    parts = urlsplit(url)
    if parts.hostname in _OPAQUE_HOSTS:
        return None
    wrapped = _WRAPPED.get((parts.hostname or "", parts.path))
    if wrapped is None:
        return url
    inner = parse_qs(parts.query).get(wrapped, [""])[0]
    return inner if is_http(inner) else None
