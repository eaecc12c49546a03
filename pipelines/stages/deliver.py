"""Deliver, as a pipe:

    what an interrupted run was sending | uncertain
    a letter, its readers | a row for each | sending | the server's answer | settled

Every arrow is a commit: wherever a run is killed, the next one knows what may have left.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from pipelines.core.nouns import Counted
from pipelines.core.posting import Answer, Outcome, masked, may_send, message_id, recipient_key, settled
from pipelines.stages.protocols import Row, Writer


class Post(Protocol):
    """What delivering needs of a mail server."""

    def send(self, letter: bytes, sender: str, recipient: str, about_to: Callable[[], None]) -> Answer:
        """Send one letter; call `about_to` before any of its text leaves."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailing:
    """One letter for several readers.

    Attributes:
        written: the letter's bytes for a recipient and a Message-ID.
    """

    letter_id: str
    sender: str
    recipients: Sequence[str]
    written: Callable[[str, str], bytes]


def deliver(warehouse: Writer, mailing: Mailing, post: Post, now: datetime, *, again: bool = False) -> Counted:
    """Send a letter to those of its readers who may be sent it now.

    Args:
        again: send also what may have arrived already.

    Returns:
        Counts of all deliveries of the letter by state, and a row for each that is not `sent`.
    """
    doubt(warehouse, now)
    _prepare(warehouse, mailing, now)
    by_key = {recipient_key(r): r for r in mailing.recipients}
    for row in warehouse.query("deliver/of_letter", letter_id=mailing.letter_id):
        address = by_key.get(row["recipient_key"])
        if address is not None and may_send(row["state"], row["next_attempt_at"], now, again=again):
            _send(warehouse, mailing, post, row, address, now)
    return _counted(warehouse, mailing.letter_id)


def doubt(warehouse: Writer, now: datetime) -> None:
    """Whatever a run was sending when it ended is uncertain."""
    with warehouse.transaction() as tx:
        tx.run("deliver/doubt", now=now)


def _prepare(warehouse: Writer, mailing: Mailing, now: datetime) -> None:
    rows = [
        {"message_id": message_id(mailing.letter_id, r, mailing.sender), "letter_id": mailing.letter_id,
         "recipient_key": recipient_key(r), "recipient": masked(r)}
        for r in {recipient_key(r): r for r in mailing.recipients}.values()
    ]  # fmt: skip
    with warehouse.transaction() as tx:
        tx.run("deliver/prepare", rows=rows, now=now)


def _send(warehouse: Writer, mailing: Mailing, post: Post, row: Row, address: str, now: datetime) -> None:
    def about_to() -> None:
        with warehouse.transaction() as tx:
            tx.run("deliver/begin", message_id=row["message_id"], now=now)

    letter = mailing.written(address, row["message_id"])
    answer = post.send(letter, mailing.sender, address, about_to)
    attempts = row["attempts"] + 1
    after = settled(answer, attempts, row["prepared_at"], now)
    with warehouse.transaction() as tx:
        tx.run("deliver/settle", message_id=row["message_id"], state=after.state, detail=after.detail,
               attempts=attempts, next_attempt_at=after.next_attempt_at, now=now)  # fmt: skip


def _counted(warehouse: Writer, letter_id: str) -> Counted:
    rows = warehouse.query("deliver/of_letter", letter_id=letter_id)
    counts = {state.value: sum(r["state"] == state for r in rows) for state in Outcome}
    open_ = [{"letter": letter_id, "recipient": r["recipient"], "state": r["state"], "detail": r["detail"]}
             for r in rows if r["state"] != Outcome.SENT]  # fmt: skip
    return Counted(stage="deliver", counts=counts, rows=tuple(open_))
