"""Floors under the measured values: `floors.json` read, compared and raised.

One object per set of real data: how it is measured, the digest of its files, the floors, and each lowering with
its reason.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from math import floor
from pathlib import Path

FLOORS = Path(__file__).with_name("floors.json")
_THOUSAND = 1000
_ROUNDING = 1e-9  # 0.29 * 1000 is 289.99…


@dataclass(frozen=True, slots=True, kw_only=True)
class Lowered:
    """A floor that was lowered on purpose; `after` is None where it was given up."""

    measure: str
    before: float
    after: float | None
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Floors:
    """The floors of one set of real data."""

    how: str
    corpus: str
    floors: Mapping[str, float]
    lowered: tuple[Lowered, ...] = ()


def read(path: Path = FLOORS) -> dict[str, Floors]:
    """All floors by the name of their set; none where there is no file yet."""
    stored = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return {
        name: Floors(
            how=of["how"],
            corpus=of["corpus"],
            floors=of["floors"],
            lowered=tuple(Lowered(**one) for one in of["lowered"]),
        )
        for name, of in stored.items()
    }


def write(floors: Mapping[str, Floors], path: Path = FLOORS) -> None:
    """Store all floors."""
    path.write_text(json.dumps({n: asdict(f) for n, f in floors.items()}, indent=2) + "\n", encoding="utf-8")


def rounded(value: float) -> float:
    """A value cut to three decimals: what a floor is."""
    return floor(value * _THOUSAND + _ROUNDING) / _THOUSAND


def fallen(floors: Mapping[str, float], values: Mapping[str, float]) -> list[str]:
    """One sentence for each measure that is under its floor or is not measured at all."""
    return [
        f"{measure} is {values[measure]:.4f}, under its floor of {least}"
        if measure in values
        else f"{measure} is not measured, and has a floor of {least}"
        for measure, least in floors.items()
        if measure not in values or rounded(values[measure]) < least
    ]


def raised(before: Floors | None, now: Floors, reason: str | None) -> Floors:
    """The floors after a measurement; those that fell are recorded with the reason.

    Raises:
        ValueError: a floor would fall and no reason was given.
    """
    if before is None:
        return now
    falls = fallen(before.floors, now.floors)
    if falls and not reason:
        raise ValueError("; ".join(falls))
    lowered = tuple(
        Lowered(measure=measure, before=least, after=now.floors.get(measure), reason=reason or "")
        for measure, least in before.floors.items()
        if now.floors.get(measure, -1.0) < least
    )
    return Floors(how=now.how, corpus=now.corpus, floors=now.floors, lowered=before.lowered + lowered)
