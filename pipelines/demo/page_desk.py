"""The pages of every outlet at a simulated moment, and what goes wrong with them.

request | absence | trouble of the page | sheet | draw | answer
"""

from dataclasses import replace
from datetime import datetime

from pipelines.demo import formats, pages
from pipelines.demo.faults import PAGE_MENDED_AT, THROTTLED_PAGES, Fault
from pipelines.demo.messages import Content, Request, Response, answer, http_date, note
from pipelines.demo.stock import Stock, last_change
from pipelines.demo.world import Item, Outlet

_DRIP_SECONDS = 0.3
_PRIVATE_ADDRESS = "http://10.0.0.1/admin"


class PageDesk:
    """Answers requests for articles, AMP twins and indexes."""

    def __init__(self, stock: Stock) -> None:
        self._stock = stock

    def respond(self, outlet: Outlet, request: Request, now: datetime) -> Response:
        """The page at a path, or why there is none."""
        item = self._stock.at(outlet, request.path)
        if item is not None:
            return self._article(outlet, item, request, now)
        if request.path.startswith("/amp/") and pages.has_amp(outlet):
            return self._amp(outlet, request, now)
        return self._index(outlet, request, now)

    def _article(self, outlet: Outlet, item: Item, request: Request, now: datetime) -> Response:
        missing = _absence(item, now) or self._trouble(item, now)
        if missing is not None:
            return missing
        if self._stock.strikes(Fault.CONSENT_WALL, item):
            return answer(request, _html(pages.consent_page(outlet, self._stock.sections(outlet)), item.published_at))
        sheet = self._sheet(outlet, item, now)
        content = _html(pages.article_page(sheet), sheet.version.changed_at)
        if self._stock.strikes(Fault.SLOW_DRIP, item):
            content = replace(content, drip=_DRIP_SECONDS)
        return answer(request, content)

    def _trouble(self, item: Item, now: datetime) -> Response | None:
        """The answer in place of a page, if a fault has one now."""
        if self._stock.strikes(Fault.THROTTLED_DATE, item) and THROTTLED_PAGES.holds(now):
            return note(429, "Too many requests.", ("Retry-After", http_date(THROTTLED_PAGES.end)))
        if self._stock.strikes(Fault.SERVER_ERROR, item) and now < PAGE_MENDED_AT:
            return note(500, "Internal server error.")
        if self._stock.strikes(Fault.PRIVATE_REDIRECT, item):
            return note(302, "Found.", ("Location", _PRIVATE_ADDRESS))
        return None

    def _sheet(self, outlet: Outlet, item: Item, now: datetime) -> pages.Sheet:
        items = self._stock.of(outlet)
        place = items.index(item)
        return pages.Sheet(
            outlet=outlet,
            item=item,
            version=item.version(now),
            sections=self._stock.sections(outlet),
            teasers=items[max(0, place - pages.TEASERS) : place],
            encoding="windows-1252" if self._stock.strikes(Fault.WRONG_CHARSET, item) else "utf-8",
            is_paywalled=self._stock.strikes(Fault.PAYWALL, item),
        )

    def _amp(self, outlet: Outlet, request: Request, now: datetime) -> Response:
        item = self._stock.at(outlet, request.path.removeprefix("/amp"))
        if item is None:
            return note(404, "Not found.")
        sheet = self._sheet(outlet, item, now)
        return _absence(item, now) or answer(request, _html(pages.amp_page(sheet), sheet.version.changed_at))

    def _index(self, outlet: Outlet, request: Request, now: datetime) -> Response:
        """The front page at `/`, or the page of a section."""
        section, sections = request.path.strip("/"), self._stock.sections(outlet)
        if section and section not in sections:
            return note(404, "Not found.")
        shown = [item for item in self._stock.public(outlet, now) if section in {"", item.section}]
        body = pages.index_page(outlet, shown[: formats.LISTED_AT_MOST], sections, now)
        return answer(request, _html(body, last_change(self._stock.of(outlet), now)))


def _absence(item: Item, now: datetime) -> Response | None:
    if not item.is_published(now):
        return note(404, "Not found.")
    return note(410, "This article has been removed.") if item.is_removed(now) else None


def _html(body: bytes, changed_at: datetime) -> Content:
    return Content(body=body, content_type="text/html; charset=utf-8", changed_at=changed_at)
