"""How these tests ask the press, and read what it says."""

import io
import json
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import feedparser
from lxml import etree

from pipelines.demo.press import Item, Outlet, Press, Request, Response
from pipelines.demo.world import moment

END = moment("d5 20:00")
NEWS = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "n": "http://www.google.com/schemas/sitemap-news/0.9"}


def get(press: Press, url: str, now: datetime, **headers: str) -> Response:
    parts = urlsplit(url)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return press.respond(Request(parts.netloc, parts.path, parts.query, named), now)


def feed_url(press: Press, feed_id: str) -> str:
    return next(c.url for outlet in press.outlets for c in outlet.feeds if c.feed_id == feed_id)


def get_feed(press: Press, feed_id: str, at: str, **headers: str) -> Response:
    return get(press, feed_url(press, feed_id), moment(at), **headers)


def links(response: Response) -> list[str]:
    """The addresses that a feed document lists, whatever its format."""
    kind = response.header("Content-Type") or ""
    if "json" in kind:
        return [item["url"] for item in json.loads(response.body)["items"]]
    if b"<urlset" in response.body:
        return [str(loc) for loc in etree.fromstring(response.body).xpath("//s:url/s:loc/text()", namespaces=NEWS)]
    return [entry.link for entry in parsed(response).entries]


def parsed(response: Response) -> Any:
    return feedparser.parse(
        io.BytesIO(response.body), response_headers={"content-type": response.header("Content-Type")}
    )


def outlet_of(press: Press, item: Item) -> Outlet:
    return next(outlet for outlet in press.outlets if outlet.outlet_id == item.outlet_id)


def all_requests(press: Press) -> list[Request]:
    paths = {
        o.host: [c.path for c in o.feeds] + ["/", "/robots.txt", "/.well-known/tdmrep.json"] for o in press.outlets
    }
    for item in press.articles:
        paths[urlsplit(item.url).netloc].append(item.path)
    return [Request(host, path, "", {}) for host, of_host in paths.items() for path in of_host]
