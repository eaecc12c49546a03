"""What another reading of an archived page would change, field by field."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

FIELDS = (
    "decision", "topics", "title", "text", "authors", "date", "language", "section", "tags", "licence", "wire",
    "correction", "sources", "flags",
)  # fmt: skip
_SHOWN = 160


@dataclass(frozen=True, slots=True, kw_only=True)
class Dating:
    """When an article was published, as far as it is known."""

    at: datetime | None = None
    day: date | None = None

    def __str__(self) -> str:
        """As readers are shown it: the instant, else the day."""
        return self.at.isoformat() if self.at else self.day.isoformat() if self.day else "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """What is held to be so of one page; None: nothing is said of that field here.

    Attributes:
        decision: kept, off_topic, or rejected with its reason.
        topics: each with whether it carries the article.
        text: None too where it is not the same and has not been kept.
        sources: who said what, of the fields that this page gives.
        flags: what is known to be wrong with the record.
    """

    decision: str | None = None
    topics: frozenset[tuple[str, bool]] | None = None
    title: str | None = None
    text: str | None = None
    authors: tuple[str, ...] | None = None
    dating: Dating | None = None
    language: str | None = None
    section: str | None = None
    tags: tuple[str, ...] = ()
    licence: str | None = None
    wire: tuple[str, ...] = ()
    correction: str | None = None
    sources: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One field that another reading would change."""

    field: str
    before: str | None
    after: str | None


def differences(before: Account, after: Account, fields: frozenset[str]) -> list[Difference]:
    """The fields, of those asked for, in which two accounts differ, in the order of `FIELDS`."""
    pairs = {f: (getattr(before, _held_as(f)), getattr(after, _held_as(f))) for f in FIELDS}
    return [
        Difference(field=f, before=_shown(pairs[f][0]), after=_shown(pairs[f][1]))
        for f in FIELDS
        if f in fields and pairs[f][0] != pairs[f][1]
    ]


def _held_as(field: str) -> str:
    return "dating" if field == "date" else field


def shortened(difference: Difference) -> tuple[str | None, str | None]:
    """Before and after for people: of long texts only the surroundings of the first character that differs."""
    before, after = difference.before, difference.after
    if before is None or after is None:
        return _cut(before, 0), _cut(after, 0)
    same = next(
        (n for n, (a, b) in enumerate(zip(before, after, strict=False)) if a != b), min(map(len, (before, after)))
    )
    start = max(0, same - _SHOWN // 4) if max(len(before), len(after)) > _SHOWN else 0
    return _cut(before, start), _cut(after, start)


def _cut(text: str | None, start: int) -> str | None:
    if text is None:
        return None
    shown = text[start : start + _SHOWN]
    return f"{'…' if start else ''}{shown}{'…' if start + _SHOWN < len(text) else ''}"


def _shown(value: object) -> str | None:
    if value is None:
        return None
    if isinstance(value, frozenset):
        return ", ".join(topic if is_about else f"{topic} (in passing)" for topic, is_about in sorted(value)) or "none"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ", ".join(value) or "none"
    return str(value)
