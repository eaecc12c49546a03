"""What the stages need of the world, as narrow as their calls."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any, ParamSpec, Protocol, TypeVar

from pipelines.adapters.archive import Place, Record
from pipelines.adapters.http import Want
from pipelines.core.nouns import Asked, Response
from pipelines.core.reasons import Rejected

P = ParamSpec("P")
T = TypeVar("T")
Row = dict[str, Any]


class Transaction(Protocol):
    """Statements that hold together."""

    def run(self, name: str, **parameters: object) -> None:
        """Execute a statement file."""
        ...

    def query(self, name: str, **parameters: object) -> list[Row]:
        """Rows of a statement file."""
        ...


class Writer(Protocol):
    """The warehouse as a stage sees it."""

    def transaction(self) -> AbstractContextManager[Transaction]:
        """All or nothing."""
        ...

    def query(self, name: str, **parameters: object) -> list[Row]:
        """Rows of a statement file."""
        ...


class Http(Protocol):
    """What polling and fetching need of the network."""

    async def get(
        self, url: str, *, headers: Mapping[str, str] | None = None, valid_at: str | None = None, want: Want = ...,
        gap: float | None = None,
    ) -> Response | Rejected:  # fmt: skip
        """One document, or why there is none."""
        ...

    def pause(self, hosts: Iterable[str]) -> None:
        """Leave these exact hosts alone for this run."""
        ...

    def take_asked(self) -> list[Asked]:
        """The requests that left since the last call."""
        ...


class Reading(Protocol):
    """What reads untrusted documents within limits."""

    async def run(self, function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T | Rejected:
        """The function's result, or the limit that it met."""
        ...

    def map(self, function: Callable[..., T], items: Iterable[tuple[Any, ...]]) -> Iterator[T | Rejected]:
        """The results for the arguments of each item, in their order."""
        ...


def request_rows(http: Http) -> list[Row]:
    """The requests that left since the last call, as rows of the politeness ledger."""
    return [
        {
            "host": a.host,
            "purpose": a.purpose,
            "url": a.url,
            "status": a.status,
            "bytes": a.size,
            "is_conditional": a.is_conditional,
            "gap_seconds": a.gap_seconds,
        }
        for a in http.take_asked()
    ]


class Archiving(Protocol):
    """What stages need of the archive."""

    def orphans(self, purposes: frozenset[str], known: frozenset[Place]) -> list[Record]:
        """Hand over the records of an interrupted run that have no row."""
        ...

    def earliest_orphan(self, purposes: frozenset[str]) -> datetime | None:
        """When the first of them was archived."""
        ...

    def write(self, response: Response, *, purpose: str, subject: str) -> Place:
        """Append one document."""
        ...

    def sync(self) -> None:
        """Have the disk hold everything written."""
        ...

    def read(self, place: Place) -> Response:
        """The document at a place."""
        ...
