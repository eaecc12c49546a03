"""The feeds of every outlet at a simulated moment, and what goes wrong with them.

request | trouble of the feed | listed articles -> entries | render | truncate | answer
"""

from datetime import datetime

from pipelines.demo import formats
from pipelines.demo.faults import FAILING_FEED, FEED_MOVED_AT, SILENT_SINCE, THROTTLED_FEED, TRUNCATED_FEED, Fault
from pipelines.demo.messages import Request, Response, answer, is_conditional, note
from pipelines.demo.stock import Stock, last_change
from pipelines.demo.world import Channel, Item, Outlet

_MOVED_TO = "/feeds/nuovo.xml"
_SECTION_FEEDS = {"meridian-en-europe": "europe"}  # feed id: the one section that it lists
_AMP_EVERY = 3  # every third link of a feed with AMP links leads to an AMP twin


class FeedDesk:
    """Answers requests for feeds."""

    def __init__(self, stock: Stock) -> None:
        self._stock = stock

    def serves(self, channel: Channel, path: str, now: datetime) -> bool:
        """True if this path is the feed's: its own, or the one that it has moved to."""
        return path == channel.path or (path == _MOVED_TO and self._has_moved(channel, now))

    def respond(self, outlet: Outlet, channel: Channel, request: Request, now: datetime) -> Response:
        """The feed, "not modified", or its trouble."""
        trouble = self._trouble(channel, request, now)
        if trouble is not None:
            return trouble
        seen_at = self._seen_at(channel, now)
        entries = [self._entry(outlet, channel, item, seen_at) for item in self.listed(outlet, channel, now)]
        changed_at = last_change(self._told(outlet, channel), seen_at)
        content = formats.render(outlet, channel, entries, changed_at)
        if self._stock.strikes(Fault.BROKEN_FEED, channel) and TRUNCATED_FEED.holds(now):
            content = formats.truncated(content)
        return answer(request, content)

    def listed(self, outlet: Outlet, channel: Channel, now: datetime) -> tuple[Item, ...]:
        """The articles that a feed lists at `now`, newest first, were it not cut off."""
        told = self._told(outlet, channel)
        public = (item for item in self._stock.public(outlet, self._seen_at(channel, now)) if item in told)
        return tuple(public)[: formats.LISTED_AT_MOST]

    def _trouble(self, channel: Channel, request: Request, now: datetime) -> Response | None:
        """The answer in place of the feed, if a fault has one now."""
        if self._stock.strikes(Fault.THROTTLED_SECONDS, channel) and THROTTLED_FEED.holds(now):
            return note(429, "Too many requests.", ("Retry-After", "3600"))
        if self._stock.strikes(Fault.SERVER_ERROR, channel) and FAILING_FEED.holds(now):
            return note(500, "Internal server error.")
        if self._has_moved(channel, now) and request.path != _MOVED_TO:
            return note(301, "Moved permanently.", ("Location", _MOVED_TO))
        if self._stock.strikes(Fault.LYING_304, channel) and is_conditional(request):
            return _lie(request)
        return None

    def _has_moved(self, channel: Channel, now: datetime) -> bool:
        return self._stock.strikes(Fault.PERMANENT_REDIRECT, channel) and now >= FEED_MOVED_AT

    def _seen_at(self, channel: Channel, now: datetime) -> datetime:
        """The moment whose state a feed shows: now, or when it fell silent."""
        return min(now, SILENT_SINCE) if self._stock.strikes(Fault.SILENT_FEED, channel) else now

    def _told(self, outlet: Outlet, channel: Channel) -> tuple[Item, ...]:
        """The articles of all time that are this feed's subject."""
        section = _SECTION_FEEDS.get(channel.feed_id)
        return tuple(item for item in self._stock.of(outlet) if section in {None, item.section})

    def _entry(self, outlet: Outlet, channel: Channel, item: Item, seen_at: datetime) -> formats.Entry:
        version = item.version(seen_at)
        return formats.Entry(
            item=item,
            version=version,
            url=self._link(outlet, channel, item),
            title=None if self._stock.strikes(Fault.NO_TITLE, item) else version.title,
            published_at=None if self._stock.strikes(Fault.NO_DATE, item) else item.published_at,
        )

    def _link(self, outlet: Outlet, channel: Channel, item: Item) -> str:
        if not self._stock.strikes(Fault.TRACKING_AND_AMP, channel):
            return item.url
        # Counted over all time: an entry's link must not change when newer ones come.
        place = self._told(outlet, channel).index(item) + 1
        return formats.tracked_url(item, amp=place % _AMP_EVERY == 0)


def _lie(request: Request) -> Response:
    """A 304 with the client's own validator: the true one would give the lie away."""
    known = request.headers.get("if-none-match")
    return Response(status=304, headers=(("ETag", known),) if known else ())
