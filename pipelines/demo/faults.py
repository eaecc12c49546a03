"""What goes wrong in the invented press: where, when, and to which article.

Each fault is a function of the simulated time alone. The articles it strikes are chosen by a rule, never by name, so
that texts can be rewritten freely; and they are chosen before any fault is switched off, so that a test finds the same
victim with and without its fault.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from pipelines.demo.world import Item, Kind, moment


class Fault(StrEnum):
    """One thing that the real web does to a client. All but LYING_304 are on by default."""

    THROTTLED_SECONDS = "throttled_seconds"  # the diario-puerto feed: 429, Retry-After in seconds
    THROTTLED_DATE = "throttled_date"  # two polderpost pages: 429, Retry-After as a date
    SERVER_ERROR = "server_error"  # the courrier-du-canal feed and one rheinblatt page: 500
    PRIVATE_REDIRECT = "private_redirect"  # a harbour-herald page points into a private network
    PERMANENT_REDIRECT = "permanent_redirect"  # the gazzetta-lido feed moves for good
    BROKEN_FEED = "broken_feed"  # the kurier-wislany feed ends inside a tag
    SLOW_DRIP = "slow_drip"  # a gazzetta-lido page comes byte by byte
    WRONG_CHARSET = "wrong_charset"  # a gazzetta-lido page says utf-8 and is windows-1252
    CONSENT_WALL = "consent_wall"  # a jornal-do-cabo page shows a consent form instead of the article
    PAYWALL = "paywall"  # a rheinblatt page shows its first paragraph only
    TRACKING_AND_AMP = "tracking_and_amp"  # the second feed of meridian-en links with utm_* and to AMP twins
    SYNDICATION = "syndication"  # copies of agency text exist
    CORRECTION = "correction"  # articles change after publication
    REMOVED = "removed"  # articles are taken back: 410
    SILENT_FEED = "silent_feed"  # the harbour-herald feed lists nothing newer than noon of day 2
    NO_DATE = "no_date"  # an entry of polderpost has no date
    NO_TITLE = "no_title"  # an entry of harbour-herald has no title
    ROBOTS_REFUSAL = "robots_refusal"  # robots.txt of kurier-wislany forbids one article
    LYING_304 = "lying_304"  # the polderpost feed says "not modified" to any conditional request


ALL_FAULTS = frozenset(Fault) - {Fault.LYING_304}
NO_FAULTS: frozenset[Fault] = frozenset()


@dataclass(frozen=True, slots=True)
class Window:
    """A span of simulated time, its end excluded."""

    start: datetime
    end: datetime

    def holds(self, now: datetime) -> bool:
        """True if `now` lies in the span."""
        return self.start <= now < self.end


THROTTLED_FEED = Window(moment("d2 05:00"), moment("d2 10:00"))
THROTTLED_PAGES = Window(moment("d1 11:00"), moment("d1 14:00"))
FAILING_FEED = Window(moment("d2 11:00"), moment("d2 14:00"))
PAGE_MENDED_AT = moment("d2 15:00")
FEED_MOVED_AT = moment("d3 00:00")
TRUNCATED_FEED = Window(moment("d3 05:00"), moment("d3 10:00"))
SILENT_SINCE = moment("d2 12:00")

# The feed that a fault strikes. SERVER_ERROR strikes a page besides.
FEED_OF: Mapping[Fault, str] = {
    Fault.THROTTLED_SECONDS: "diario-puerto-portada",
    Fault.SERVER_ERROR: "courrier-du-canal-infos",
    Fault.PERMANENT_REDIRECT: "gazzetta-lido-notizie",
    Fault.BROKEN_FEED: "kurier-wislany-wiadomosci",
    Fault.TRACKING_AND_AMP: "meridian-en-europe",
    Fault.SILENT_FEED: "harbour-herald-news",
    Fault.LYING_304: "polderpost-nieuws",
}

# A page is struck while readers first see it: these are the latest articles before the pass of 12:30.
_NOON_D1 = moment("d1 12:30")
_NOON_D2 = moment("d2 12:30")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rule:
    """Which articles of an outlet a fault strikes: the first `count`, or the `latest` ones, that are `fit`."""

    outlet_id: str
    fit: Callable[[Item], bool]
    count: int = 1
    latest: bool = False


def _is(kind: Kind) -> Callable[[Item], bool]:
    return lambda item: item.kind is kind


def _before(limit: datetime) -> Callable[[Item], bool]:
    return lambda item: item.published_at < limit


def _has_accents(item: Item) -> bool:
    """True if windows-1252 writes the text in bytes that are not those of utf-8."""
    return any("\x80" <= letter <= "\xff" for letter in item.text)


# In this order: an article that one fault has struck is left out by the next, so that each can be seen alone.
_RULES: Mapping[Fault, _Rule] = {
    Fault.SERVER_ERROR: _Rule(outlet_id="rheinblatt", fit=_before(_NOON_D2), latest=True),
    Fault.PAYWALL: _Rule(outlet_id="rheinblatt", fit=_is(Kind.NEAR_MISS)),
    Fault.THROTTLED_DATE: _Rule(outlet_id="polderpost", fit=_before(_NOON_D1), count=2, latest=True),
    Fault.PRIVATE_REDIRECT: _Rule(outlet_id="harbour-herald", fit=_is(Kind.NEAR_MISS)),
    Fault.NO_TITLE: _Rule(outlet_id="harbour-herald", fit=_is(Kind.OFF_TOPIC)),
    Fault.SLOW_DRIP: _Rule(outlet_id="gazzetta-lido", fit=_is(Kind.OFF_TOPIC)),
    Fault.WRONG_CHARSET: _Rule(outlet_id="gazzetta-lido", fit=_has_accents),
    Fault.CONSENT_WALL: _Rule(outlet_id="jornal-do-cabo", fit=_is(Kind.OFF_TOPIC)),
    Fault.NO_DATE: _Rule(outlet_id="polderpost", fit=_is(Kind.OFF_TOPIC)),
    Fault.ROBOTS_REFUSAL: _Rule(outlet_id="kurier-wislany", fit=_is(Kind.NEAR_MISS)),
}


class Victims:
    """Which articles each fault strikes, whether it is switched on or not."""

    def __init__(self, items: Iterable[Item]) -> None:
        everything = tuple(items)
        self._by_fault = {**_chosen(everything), **_written(everything)}

    def of(self, fault: Fault) -> tuple[Item, ...]:
        """The articles that a fault strikes, in order of publication; none where it strikes a feed as a whole."""
        return self._by_fault.get(fault, ())

    def holds(self, fault: Fault, item: Item) -> bool:
        """True if the fault strikes this article."""
        return any(victim.key == item.key for victim in self.of(fault))


def _chosen(items: tuple[Item, ...]) -> dict[Fault, tuple[Item, ...]]:
    chosen: dict[Fault, tuple[Item, ...]] = {}
    struck: set[str] = set()
    for fault, rule in _RULES.items():
        fit = [i for i in items if i.outlet_id == rule.outlet_id and _is_plain(i) and i.key not in struck]
        fit = [i for i in fit if rule.fit(i)]
        chosen[fault] = tuple(fit[-rule.count :] if rule.latest else fit[: rule.count])
        struck |= {item.key for item in chosen[fault]}
    return chosen


def _is_plain(item: Item) -> bool:
    return item.copy_of is None and item.correction is None and item.removed_at is None


def _written(items: tuple[Item, ...]) -> dict[Fault, tuple[Item, ...]]:
    """The faults that the text files themselves declare."""
    return {
        Fault.SYNDICATION: tuple(item for item in items if item.copy_of is not None),
        Fault.CORRECTION: tuple(item for item in items if item.correction is not None),
        Fault.REMOVED: tuple(item for item in items if item.removed_at is not None),
    }


def without_switched_off(items: Iterable[Item], faults: frozenset[Fault]) -> tuple[Item, ...]:
    """The articles as they are when only `faults` are on: no copies, no corrections, no removals unless asked for."""
    kept = (item for item in items if item.copy_of is None or Fault.SYNDICATION in faults)
    return tuple(
        replace(
            item,
            correction=item.correction if Fault.CORRECTION in faults else None,
            removed_at=item.removed_at if Fault.REMOVED in faults else None,
        )
        for item in kept
    )
