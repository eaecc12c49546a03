"""Article pages, their AMP twins, index pages and consent walls, as HTML bytes.

Four templates, because the web has at least four ways to tell who wrote what and when: JSON-LD, microdata, Open Graph,
and plain words. Each outlet uses one. Around the article stands what stands around articles: navigation, teasers of
other stories, a share bar, a prompt for the newsletter, a line on cookies.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

import yaml

from pipelines.demo.drawing import draw, iso
from pipelines.demo.formats import amp_path, image_url
from pipelines.demo.world import Item, Outlet, Version

TEASERS = 4

_FURNITURE = Path(__file__).parent / "furniture.yaml"
_TEMPLATES = {
    "nordwire": "opengraph",
    "meridian-en": "jsonld",
    "harbour-herald": "plain",
    "meridian-fr": "jsonld",
    "courrier-du-canal": "microdata",
    "meridian-de": "jsonld",
    "rheinblatt": "jsonld",
    "gazzetta-lido": "opengraph",
    "diario-puerto": "microdata",
    "polderpost": "opengraph",
    "kurier-wislany": "plain",
    "jornal-do-cabo": "microdata",
}
_WITH_AMP = frozenset({"meridian-en"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What an article page is drawn from.

    Attributes:
        teasers: the stories that the outlet published just before; fixed, so that a page does not change with the news.
        encoding: what the page is encoded in. It says utf-8 in any case: some pages are wrong about themselves.
        is_paywalled: only the first paragraph is shown.
    """

    outlet: Outlet
    item: Item
    version: Version
    sections: tuple[str, ...]
    teasers: tuple[Item, ...] = ()
    encoding: str = "utf-8"
    is_paywalled: bool = False


def template_of(outlet: Outlet) -> str:
    """Which of the four templates an outlet uses: jsonld, microdata, opengraph or plain."""
    return _TEMPLATES[outlet.outlet_id]


def has_amp(outlet: Outlet) -> bool:
    """True if the outlet's articles have AMP twins."""
    return outlet.outlet_id in _WITH_AMP


def article_page(sheet: Sheet) -> bytes:
    """An article's page."""
    return _article(f"page_{template_of(sheet.outlet)}.html", sheet)


def amp_page(sheet: Sheet) -> bytes:
    """An article's AMP twin; its canonical link names the page itself."""
    return _article("page_amp.html", sheet)


def index_page(outlet: Outlet, items: Iterable[Item], sections: tuple[str, ...], now: datetime) -> bytes:
    """The front page or one of a section: titles and leads, newest first."""
    listed = [(item, item.version(now)) for item in items]
    return _drawn("index.html", outlet, sections=sections, listed=listed)


def consent_page(outlet: Outlet, sections: tuple[str, ...]) -> bytes:
    """What stands in an article's place until somebody agrees."""
    return _drawn("consent.html", outlet, sections=sections)


def _article(template: str, sheet: Sheet) -> bytes:
    paragraphs = sheet.version.paragraphs
    return _drawn(
        template,
        sheet.outlet,
        encoding=sheet.encoding,
        sections=sheet.sections,
        item=sheet.item,
        version=sheet.version,
        paragraphs=paragraphs[:1] if sheet.is_paywalled else paragraphs,
        is_paywalled=sheet.is_paywalled,
        teasers=sheet.teasers,
        image=image_url(sheet.item),
        amp=amp_path(sheet.item) if has_amp(sheet.outlet) else None,
        jsonld=_jsonld(sheet),
    )


def _drawn(template: str, outlet: Outlet, *, encoding: str = "utf-8", **values: object) -> bytes:
    html = draw(template, outlet=outlet, words=_words()[outlet.language], **values)
    # Letters that windows-1252 lacks become character references, as old publishing systems write them.
    return html.encode(encoding, errors="xmlcharrefreplace")


def _jsonld(sheet: Sheet) -> dict[str, object]:
    """The schema.org NewsArticle of a page."""
    item, version = sheet.item, sheet.version
    free: dict[str, object] = {"isAccessibleForFree": not sheet.is_paywalled}
    if sheet.is_paywalled:
        free["hasPart"] = {"@type": "WebPageElement", "isAccessibleForFree": False, "cssSelector": ".subscribers-only"}
    return {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "mainEntityOfPage": {"@type": "WebPage", "@id": item.url},
        "headline": version.title,
        "description": item.lead,
        "image": [image_url(item)],
        "author": [{"@type": "Person", "name": author} for author in item.authors],
        "datePublished": iso(item.published_at),
        "dateModified": iso(version.changed_at),
        "inLanguage": sheet.outlet.language,
        "articleSection": item.section,
        "publisher": {
            "@type": "NewsMediaOrganization",
            "name": sheet.outlet.name,
            "logo": {"@type": "ImageObject", "url": f"{sheet.outlet.home}static/logo.svg"},
        },
        **free,
    }


@cache
def _words() -> dict[str, dict[str, str]]:
    words: dict[str, dict[str, str]] = yaml.safe_load(_FURNITURE.read_text(encoding="utf-8"))
    return words
