"""A small chart as shapes on a plane: where bars, gaps, lines and labels stand, whoever draws them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal

WIDTH, HEIGHT = 360, 132
_LEFT, _TOP, _FLOOR = 24.0, 14.0, 110.0  # of the field in which bars stand
_NICE = (1, 2, 5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A rectangle from its upper left corner."""

    kind: Literal["bar", "newest", "gap"]
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A level line over the whole field."""

    kind: Literal["floor", "grid", "usual"]
    y: float
    x: float = _LEFT
    width: float = WIDTH - _LEFT


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """Words beside the field: figures and numeric dates, which any font has."""

    text: str
    x: float
    y: float
    anchor: Literal["start", "middle", "end"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """Shapes in the order in which they are drawn, on a plane of so many units."""

    width: int = WIDTH
    height: int = HEIGHT
    boxes: list[Box] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    labels: list[Label] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One day of a volume: `is_gap`: so little was seen that its height says nothing."""

    day: str
    value: int
    is_gap: bool


def volume_chart(bars: Sequence[Bar], usual: float | None, named: Callable[[str], str]) -> Chart | None:
    """Bars day by day against what is usual, with hatched gaps; None without any bar.

    Args:
        named: a day as it is written on the axis.
    """
    if not bars:
        return None
    top = ceiling(max([b.value for b in bars] + ([round(usual)] if usual else [])))
    step = (WIDTH - _LEFT) / len(bars)
    rules = [Rule(kind="grid", y=_height(top, top)), Rule(kind="floor", y=_FLOOR)]
    if usual is not None:
        rules.append(Rule(kind="usual", y=_height(usual, top)))
    return Chart(
        boxes=[box for n, b in enumerate(bars) for box in _boxes(b, n, step, top, is_newest=n == len(bars) - 1)],
        rules=rules,
        labels=[_on_axis(top, _height(top, top)), _on_axis(0, _FLOOR), *_days(bars, step, named)],
    )


def _boxes(bar: Bar, place: int, step: float, top: int, *, is_newest: bool) -> list[Box]:
    x, gap = round(_LEFT + place * step, 2), []
    if bar.is_gap:
        gap = [Box(kind="gap", x=x, y=_TOP, width=round(step, 2), height=_FLOOR - _TOP)]
    y = _height(bar.value, top)
    width = round(step * 0.7, 2)
    drawn = Box(kind="newest" if is_newest else "bar", x=round(x + step * 0.15, 2), y=y, width=width, height=_FLOOR - y)
    return [*gap, drawn] if bar.value else gap


def _height(value: float, top: int) -> float:
    return round(_FLOOR - (_FLOOR - _TOP) * value / top, 2)


def _on_axis(value: int, y: float) -> Label:
    return Label(text=str(value), x=_LEFT - 5, y=y + 4, anchor="end")


def _days(bars: Sequence[Bar], step: float, named: Callable[[str], str]) -> list[Label]:
    """The first, the middle and the last day; of few days the last alone would overlap the others."""
    places = sorted({0, len(bars) // 2, len(bars) - 1}) if len(bars) > 4 else [0, len(bars) - 1][: len(bars)]  # noqa: PLR2004 (labels that fit)
    anchors: dict[int, Literal["start", "middle", "end"]] = {0: "start", len(bars) - 1: "end"}
    x_of = {"start": 0.0, "middle": 0.5, "end": 1.0}
    labels = []
    for place in places:
        anchor = anchors.get(place, "middle")
        x = round(_LEFT + (place + x_of[anchor]) * step, 2)
        labels.append(Label(text=named(bars[place].day), x=x, y=_FLOOR + 16, anchor=anchor))
    return labels


def ceiling(value: int) -> int:
    """The least of 1, 2, 5, 10, 20, 50 and so on that is not below a value."""
    power = 1
    while True:
        for nice in _NICE:
            if nice * power >= value:
                return nice * power
        power *= 10
