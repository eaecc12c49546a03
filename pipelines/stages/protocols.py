"""What the stages need of the world, as narrow as their calls."""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any, Protocol

from pipelines.adapters.archive import Place, Record
from pipelines.core.nouns import Response
from pipelines.core.reasons import Rejected

Row = dict[str, Any]
__all__ = ["Archiving", "Http", "Row", "Transaction", "Writer"]


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
        self,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        accept: str = ...,
        types: frozenset[str] | None = None,
        gap: float | None = None,
    ) -> Response | Rejected:
        """One document, or why there is none."""
        ...


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
