"""What the desks of the press share: the articles of each outlet, and which faults are on and whom they strike."""

from collections.abc import Iterable
from datetime import UTC, datetime, time

from pipelines.demo.faults import FEED_OF, Fault, Victims, without_switched_off
from pipelines.demo.world import FIRST_DAY, ZONE, Channel, Item, Outlet

OPENED_AT = datetime.combine(FIRST_DAY, time(), tzinfo=ZONE).astimezone(UTC)  # nothing in the press is older


class Stock:
    """The articles as they are with the faults that are on."""

    def __init__(self, outlets: Iterable[Outlet], items: Iterable[Item], faults: frozenset[Fault]) -> None:
        everything = tuple(items)
        self.outlets = tuple(outlets)
        self.faults = faults
        self.articles = without_switched_off(everything, faults)
        self._victims = Victims(everything)
        self._by_outlet = {
            outlet.outlet_id: tuple(item for item in self.articles if item.outlet_id == outlet.outlet_id)
            for outlet in self.outlets
        }
        self._by_path = {(item.outlet_id, item.path): item for item in self.articles}

    def of(self, outlet: Outlet) -> tuple[Item, ...]:
        """An outlet's articles of all time, in order of publication."""
        return self._by_outlet[outlet.outlet_id]

    def at(self, outlet: Outlet, path: str) -> Item | None:
        """The article at a path of an outlet."""
        return self._by_path.get((outlet.outlet_id, path))

    def public(self, outlet: Outlet, now: datetime) -> list[Item]:
        """What an outlet shows of itself at `now`, newest first."""
        return [item for item in reversed(self.of(outlet)) if item.is_published(now) and not item.is_removed(now)]

    def sections(self, outlet: Outlet) -> tuple[str, ...]:
        """An outlet's sections of all time: its navigation, and so its pages, do not change with the news."""
        return tuple(sorted({item.section for item in self.of(outlet)}))

    def victims(self, fault: Fault) -> tuple[Item, ...]:
        """The articles that a fault strikes when it is on."""
        return self._victims.of(fault)

    def strikes(self, fault: Fault, target: Item | Channel) -> bool:
        """True if the fault is on and strikes this article or this feed."""
        if fault not in self.faults:
            return False
        return self._victims.holds(fault, target) if isinstance(target, Item) else FEED_OF.get(fault) == target.feed_id


def last_change(items: Iterable[Item], now: datetime) -> datetime:
    """The last moment up to `now` at which one of the articles came, changed or went."""
    return max((moment for item in items for moment in item.changes(now)), default=OPENED_AT)
