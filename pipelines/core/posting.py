"""Decisions on mail: what may be sent, when an attempt is repeated, and when it is given up.

prepared | sending | sent                       a server took it
                   | waiting | sending ...      not now; nothing of it was taken
                   | refused                    never
                   | uncertain                  it may have arrived: sent again only on command
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from pipelines.core.text import hash_of

_FIRST_PAUSE = timedelta(minutes=5)
_LONGEST_PAUSE = timedelta(hours=4)
GIVEN_UP_AFTER = timedelta(hours=24)  # a digest of yesterday is no news


class Outcome(StrEnum):
    """What became of an attempt to send."""

    SENT = "sent"
    WAITING = "waiting"  # the server was not there, or wants us to come again
    REFUSED = "refused"
    UNCERTAIN = "uncertain"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the server said."""

    outcome: Outcome
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """What is written down of an attempt."""

    state: str
    detail: str
    next_attempt_at: datetime | None = None


def may_send(state: str, next_attempt_at: datetime | None, now: datetime, *, again: bool) -> bool:
    """True where sending cannot be a second mail by itself. `again`: a person wants what is uncertain sent again."""
    if state == "uncertain":
        return again
    return state == "prepared" or (state == "waiting" and (next_attempt_at is None or next_attempt_at <= now))


def settled(answer: Answer, attempts: int, prepared_at: datetime, now: datetime) -> Settled:
    """What follows from an answer: a server that is not there is asked again, in growing pauses, for a day."""
    if answer.outcome is not Outcome.WAITING:
        return Settled(state=answer.outcome.value, detail=answer.detail)
    if now - prepared_at >= GIVEN_UP_AFTER:
        return Settled(state=Outcome.REFUSED.value, detail=f"given up after a day: {answer.detail}")
    pause = min(_FIRST_PAUSE * 2 ** min(attempts - 1, 10), _LONGEST_PAUSE)
    return Settled(state=Outcome.WAITING.value, detail=answer.detail, next_attempt_at=now + pause)


def recipient_key(address: str) -> int:
    """What an address is known by in the warehouse."""
    return hash_of(address.casefold())


def masked(address: str) -> str:
    """`a…@example.org`: enough to tell two readers apart, too little to write to."""
    name, _, domain = address.rpartition("@")
    return f"{name[:1]}…@{domain}"


def message_id(letter_id: str, address: str, sender: str) -> str:
    """The same for every attempt at one letter to one reader, so that a mail server may know it again."""
    return f"<{letter_id}.{recipient_key(address) % 16**16:016x}@{sender.rpartition('@')[2]}>"
