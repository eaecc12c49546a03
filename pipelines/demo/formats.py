"""Feeds in the formats of the web: RSS 2.0 and 1.0, Atom 1.0, JSON Feed 1.1 and the news sitemap.

    Item + Version -> Entry -> render(outlet, channel, entries, changed_at) -> Content

What a format looks like stands in `templates/`; which feed speaks which dialect of it stands here.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from pipelines.demo.drawing import draw, iso
from pipelines.demo.messages import Content
from pipelines.demo.world import Channel, Item, Outlet, Version

LISTED_AT_MOST = 25

_JSON_FEED = "application/feed+json"
_RSS = "application/rss+xml"
_SITEMAP = "application/xml"
_SITEMAP_TEMPLATE = "news_sitemap.xml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """How one feed writes its format.

    Attributes:
        template: the file that draws it; "json" for JSON Feed, which needs none.
        guid: RSS only: "permalink", "opaque" or "none" (RSS does not demand one).
        zone_name: RSS dates end in "CET" instead of "+0100": outlets write it, and many parsers read it as UTC.
        ttl: RSS `<ttl>` in minutes.
        max_age: of Cache-Control, in seconds.
    """

    template: str
    content_type: str
    encoding: str = "utf-8"
    guid: str = "permalink"
    zone_name: bool = False
    full_text: bool = False
    ttl: int | None = None
    max_age: int | None = None


_DIALECTS = {
    "nordwire-news": Dialect(template="json", content_type=_JSON_FEED, max_age=600),
    "meridian-en-news": Dialect(template="rss20.xml", content_type=_RSS, guid="opaque", ttl=30, max_age=900),
    "meridian-en-europe": Dialect(template="rss20.xml", content_type=_RSS, guid="opaque", ttl=30, max_age=900),
    "harbour-herald-news": Dialect(template="rss20.xml", content_type="text/xml", ttl=60),
    "meridian-fr-une": Dialect(template="rss20.xml", content_type=_RSS, guid="opaque", full_text=True, max_age=900),
    "courrier-du-canal-infos": Dialect(template="rss10.xml", content_type="application/rdf+xml"),
    "meridian-de-aktuell": Dialect(template="atom10.xml", content_type="application/atom+xml", max_age=1800),
    "rheinblatt-alle": Dialect(template="rss20.xml", content_type=_RSS),
    "rheinblatt-sitemap": Dialect(template=_SITEMAP_TEMPLATE, content_type=_SITEMAP, max_age=300),
    "gazzetta-lido-notizie": Dialect(template="rss20.xml", content_type=_RSS, encoding="iso-8859-1"),
    "diario-puerto-portada": Dialect(template="atom10.xml", content_type="application/atom+xml"),
    "polderpost-nieuws": Dialect(template="rss20.xml", content_type=_RSS, guid="none"),
    "kurier-wislany-wiadomosci": Dialect(template="rss20.xml", content_type=_RSS, zone_name=True),
    "jornal-do-cabo-sitemap": Dialect(template=_SITEMAP_TEMPLATE, content_type=_SITEMAP),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of a feed: an article, and how this feed speaks of it."""

    item: Item
    version: Version
    url: str
    title: str | None
    published_at: datetime | None

    @property
    def image(self) -> str:
        """The picture that goes with it; clients of text must never ask for it."""
        return image_url(self.item)

    @property
    def opaque_id(self) -> str:
        """An identity that is no address, and the same in every feed of the outlet."""
        return self.item.key.replace("/", ":")


def image_url(item: Item) -> str:
    """The address of an article's picture."""
    return item.url.removesuffix(item.path) + f"/images/{item.slug}.jpg"


def amp_path(item: Item) -> str:
    """The path of an article's AMP twin."""
    return f"/amp{item.path}"


def tracked_url(item: Item, *, amp: bool) -> str:
    """An article's address as feeds for marketing write it: tagged, and now and then the AMP twin's."""
    path = amp_path(item) if amp else item.path
    return f"{item.url.removesuffix(item.path)}{path}?utm_source=rss&utm_medium=feed"


def dialect(channel: Channel) -> Dialect:
    """How this feed is written."""
    return _DIALECTS[channel.feed_id]


def is_sitemap(channel: Channel) -> bool:
    """True if robots.txt is to name this feed."""
    return dialect(channel).template == _SITEMAP_TEMPLATE


def render(outlet: Outlet, channel: Channel, entries: Iterable[Entry], changed_at: datetime) -> Content:
    """The feed document as bytes."""
    spoken, listed = dialect(channel), tuple(entries)
    if spoken.template == "json":
        text = _json_feed(outlet, channel, listed)
    else:
        text = draw(
            spoken.template, outlet=outlet, channel=channel, entries=listed, dialect=spoken, changed_at=changed_at
        )
    return Content(
        # Letters that ISO-8859-1 lacks (Kovačič) become character references, which every XML reader resolves.
        body=text.encode(spoken.encoding, errors="xmlcharrefreplace"),
        content_type=f"{spoken.content_type}; charset={spoken.encoding}",
        changed_at=changed_at,
        max_age=spoken.max_age,
    )


def truncated(content: Content) -> Content:
    """The document cut off inside a tag of an item in its middle, as a full disk or a killed writer leaves it."""
    tag = b"<pubDate"
    pieces = content.body.split(tag)
    kept = tag.join(pieces[: max(1, len(pieces) // 2)]) + tag[:-3]
    return Content(body=kept, content_type=content.content_type, changed_at=content.changed_at, max_age=content.max_age)


def _json_feed(outlet: Outlet, channel: Channel, entries: tuple[Entry, ...]) -> str:
    document = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": outlet.name,
        "home_page_url": outlet.home,
        "feed_url": channel.url,
        "language": outlet.language,
        "items": [_json_item(entry) for entry in entries],
    }
    return json.dumps(document, ensure_ascii=False, indent=1)


def _json_item(entry: Entry) -> dict[str, object]:
    optional: dict[str, object] = {
        "title": entry.title,
        "date_published": iso(entry.published_at) if entry.published_at else None,
        "date_modified": iso(entry.version.changed_at) if entry.published_at else None,
        "authors": [{"name": author} for author in entry.item.authors],
    }
    return {
        "id": entry.opaque_id,
        "url": entry.url,
        **{key: value for key, value in optional.items() if value},
        "summary": entry.item.lead,
        "content_text": entry.item.lead,
        "image": entry.image,
        "attachments": [{"url": entry.image, "mime_type": "image/jpeg"}],
        "tags": [entry.item.section],
    }
