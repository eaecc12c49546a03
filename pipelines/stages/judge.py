"""Judge, as a pipe:

    a person's decision | the articles it is about | kept as a judgement | the articles decided on anew

What the rules said is not overwritten: it is asked again on every run, and people's decisions are laid over it. So a
decision taken back leaves everything as the rules have it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from pipelines.adapters.warehouse import Reader
from pipelines.core.errors import PresswatchError
from pipelines.core.rulings import Ruling
from pipelines.core.url_key import url_key
from pipelines.stages.protocols import Row, Writer


class CannotJudge(PresswatchError):
    """A decision that is about nothing the warehouse knows, or a number that no standing decision has."""


class Said(StrEnum):
    """What a person may say of an article."""

    RELEVANT = "relevant"
    IRRELEVANT = "irrelevant"


_AFTER = {Said.RELEVANT: "relevant", Said.IRRELEVANT: "not relevant"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """A decision as a person gives it. `topic`: the one it speaks of; None: of all."""

    url: str
    said: Said
    topic: str | None
    who: str


def rulings_of(reader: Reader | Writer, topics: Sequence[str]) -> dict[int, list[Ruling]]:
    """The decisions on relevance that stand, by article. One on a topic that is no longer watched says nothing."""
    found: dict[int, list[Ruling]] = {}
    for row in reader.query("judge/rulings"):
        if topics and (row["topic"] is None or row["topic"] in topics):
            ruling = Ruling(number=row["judgement_id"], topic=row["topic"], is_relevant=row["is_relevant"],
                            fallback=topics[-1])  # fmt: skip
            found.setdefault(row["article_id"], []).append(ruling)
    return found


def add(warehouse: Writer, decision: Decision, now: datetime) -> tuple[int, int]:
    """Keep a decision on the relevance of an article.

    Raises:
        CannotJudge: no article is known by the address.

    Returns:
        The number of the judgement, and the article it is about.
    """
    article = article_at(warehouse, decision.url)
    number: int = warehouse.query("judge/next_number")[0]["number"]
    subject = f"{article['article_id']} {decision.topic or ''}".strip()
    row = {"judgement_id": number, "kind": "relevance", "subject": subject, "before": article["article_state"],
           "after": _AFTER[decision.said], "who": decision.who, "decided_at": now, "undone_at": None}  # fmt: skip
    with warehouse.transaction() as tx:
        tx.run("judge/add_judgements", rows=[row])
    return number, article["article_id"]


def undo(warehouse: Writer, number: int, now: datetime) -> int:
    """Take a decision back.

    Raises:
        CannotJudge: no standing decision has the number.

    Returns:
        The article it was about.
    """
    held = warehouse.query("judge/one", number=number)
    if not held or held[0]["undone_at"] is not None:
        state = "was undone already" if held else "does not exist"
        raise CannotJudge(f"judgement {number} {state}; presswatch judge list tells which stand")
    with warehouse.transaction() as tx:
        tx.run("judge/undo", number=number, now=now)
    return int(held[0]["subject"].split(" ")[0])


def article_at(reader: Reader | Writer, url: str) -> Row:
    """The article that an address leads to.

    Raises:
        CannotJudge: there is none.
    """
    rows = reader.query("judge/article", url=url, url_key=url_key(url))
    if not rows:
        raise CannotJudge(f"{url}: no feed has ever listed it, so there is nothing to judge")
    if rows[0]["article_id"] is None or rows[0]["article_state"] is None:
        why = f"was rejected: {rows[0]['reason']}" if rows[0]["reason"] else "has not been read yet"
        raise CannotJudge(f"{url}: it {why}; only articles can be judged")
    return rows[0]
