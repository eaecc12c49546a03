"""The press: what every outlet answers to every request at a simulated moment.

    Request | host -> outlet | path -> stand-in, feed desk, robots.txt, tdmrep.json, page desk | Response

A response is a function of the request and of `now` alone. Nothing is remembered between requests, so that clients may
be killed and resumed, and requests come in any order, without changing what the press says.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

from pipelines.demo import formats, world
from pipelines.demo.faults import ALL_FAULTS, NO_FAULTS, Fault
from pipelines.demo.feed_desk import FeedDesk
from pipelines.demo.messages import Content, Request, Response, answer, http_date, note
from pipelines.demo.page_desk import PageDesk
from pipelines.demo.stand_ins import stand_in
from pipelines.demo.stock import OPENED_AT, Stock
from pipelines.demo.world import FIRST_DAY, TEXTS_FOLDER, ZONE, Channel, Item, Kind, Outlet

__all__ = [
    "ALL_FAULTS",
    "FIRST_DAY",
    "NO_FAULTS",
    "ZONE",
    "Fault",
    "Item",
    "Kind",
    "Outlet",
    "Press",
    "Request",
    "Response",
]

_WITHOUT_ROBOTS = frozenset({"harbour-herald"})
_CRAWL_DELAYS = {"meridian-de": 1}  # seconds
_RESERVING = frozenset({"courrier-du-canal"})  # reserve text and data mining (TDMRep, a W3C community report)


class Press:
    """The invented press, with the faults it was loaded with.

    Attributes:
        outlets: in the order of outlets.yaml.
        articles: in order of publication. Without the fault SYNDICATION there are no copies among them, without
            CORRECTION and REMOVED none of them changes or goes.
        faults: the faults that are on.
    """

    def __init__(self, outlets: Iterable[Outlet], items: Iterable[Item], faults: frozenset[Fault]) -> None:
        self._stock = Stock(outlets, items, faults)
        self._feed_desk = FeedDesk(self._stock)
        self._page_desk = PageDesk(self._stock)
        self.outlets = self._stock.outlets
        self.articles = self._stock.articles
        self.faults = faults
        self._hosts = {outlet.host: outlet for outlet in self.outlets}

    @classmethod
    def load(cls, faults: Iterable[Fault] = ALL_FAULTS, texts: Path = TEXTS_FOLDER) -> "Press":
        """Read outlets and texts from the files of this package.

        Raises:
            WorldError: a file is wrong; says which item, and what.
        """
        outlets = world.load_outlets()
        return cls(outlets, world.load_items(outlets, texts), frozenset(faults))

    @staticmethod
    def day(number: int) -> date:
        """The date of simulated day `number`; day 0 is FIRST_DAY."""
        return world.day(number)

    def victim(self, fault: Fault) -> Item:
        """The first article that a fault strikes, whether the fault is on or not.

        Raises:
            LookupError: the fault strikes a feed as a whole, or no text fits its rule yet.
        """
        struck = self.victims(fault)
        if not struck:
            raise LookupError(f"{fault} strikes no article")
        return struck[0]

    def victims(self, fault: Fault) -> tuple[Item, ...]:
        """Every article that a fault strikes, in order of publication, as its text file has it."""
        return self._stock.victims(fault)

    def listed(self, feed_id: str, now: datetime) -> tuple[Item, ...]:
        """The articles that a feed lists at `now`, newest first. What the broken feed cuts off counts as listed.

        Raises:
            LookupError: there is no such feed.
        """
        outlet, channel = self._feed(feed_id)
        return self._feed_desk.listed(outlet, channel, now)

    def respond(self, request: Request, now: datetime) -> Response:
        """What the press says to a request at a simulated moment."""
        response = self._respond(request, now)
        # The date is the simulated one: a client that reckons Retry-After against it must not meet two clocks.
        return replace(response, headers=(("Date", http_date(now)), ("Server", "demo-press"), *response.headers))

    def _respond(self, request: Request, now: datetime) -> Response:
        outlet = self._hosts.get(_hostname(request.host))
        if outlet is None:
            return note(404, "No outlet of this name.")
        found = stand_in(request.path)
        if found is not None:
            content_type, body = found
            return Response(status=200, headers=(("Content-Type", content_type),), body=body)
        for channel in outlet.feeds:
            if self._feed_desk.serves(channel, request.path, now):
                return self._feed_desk.respond(outlet, channel, request, now)
        if request.path == "/robots.txt":
            return self._robots(outlet, request)
        if request.path == "/.well-known/tdmrep.json":
            return _tdm_reservation(outlet, request)
        return self._page_desk.respond(outlet, request, now)

    def _feed(self, feed_id: str) -> tuple[Outlet, Channel]:
        for outlet in self.outlets:
            for channel in outlet.feeds:
                if channel.feed_id == feed_id:
                    return outlet, channel
        raise LookupError(f"no feed {feed_id!r}")

    def _robots(self, outlet: Outlet, request: Request) -> Response:
        if outlet.outlet_id in _WITHOUT_ROBOTS:
            return note(404, "Not found.")
        refused = [item for item in self._stock.of(outlet) if self._stock.strikes(Fault.ROBOTS_REFUSAL, item)]
        lines = ["User-agent: *", "Disallow: /search", "Disallow: /intern/"]
        lines += [f"Disallow: {item.path}" for item in refused]
        if outlet.outlet_id in _CRAWL_DELAYS:
            lines.append(f"Crawl-delay: {_CRAWL_DELAYS[outlet.outlet_id]}")
        lines += [f"\nSitemap: {channel.url}" for channel in outlet.feeds if formats.is_sitemap(channel)]
        return answer(request, _fixed("\n".join(lines) + "\n", "text/plain; charset=utf-8"))


def _hostname(host: str) -> str:
    """The name in a Host header: without a port, in lower case."""
    return host.partition(":")[0].lower()


def _tdm_reservation(outlet: Outlet, request: Request) -> Response:
    if outlet.outlet_id not in _RESERVING:
        return note(404, "Not found.")
    return answer(request, _fixed('[{"location": "/", "tdm-reservation": 1}]\n', "application/json"))


def _fixed(text: str, content_type: str) -> Content:
    """A document that is the same at all times."""
    return Content(body=text.encode(), content_type=content_type, changed_at=OPENED_AT)
