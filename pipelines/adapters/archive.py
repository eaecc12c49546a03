"""The one door to WARC files: every document as served, before any row points to it (warcio).

    archive/YYYY/MM/DD/presswatch-YYYYMMDD-NNNN.warc.gz, one gzip member a record, appended, rotated by size

A run that dies leaves `archive/unfinished.json`, which says where it began to write. The next run reads from
there what was archived and has no row yet (`orphans`), cuts off a record that was torn, and asks no server twice.
"""

import contextlib
import io
import json
import os
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, Self

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from pipelines import __version__
from pipelines.core.errors import ArchiveError
from pipelines.core.nouns import Response

ROTATE_AT_BYTES = 200_000_000
_PURPOSE = "WARC-Presswatch-Purpose"
_SUBJECT = "WARC-Presswatch-Subject"
_ASKED = "WARC-Presswatch-Asked"
_REDIRECTS = "WARC-Presswatch-Redirects"
_BEYOND_ASCII = "WARC-Presswatch-Headers"  # as JSON: what a header of the record itself cannot hold
_UNFINISHED = "unfinished.json"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a record stands: a file under the archive folder and the offset of its gzip member."""

    file: str
    offset: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """An archived document with what it was asked for.

    Attributes:
        purpose: poll, first, revisit or robots.
        subject: the feed, entry, article or host it was asked for.
    """

    place: Place
    purpose: str
    subject: str
    archived_at: datetime
    response: Response


@dataclass(slots=True)
class Archive:
    """Writes for one stage of one run; reads at any time."""

    folder: Path
    now: datetime
    _file: BinaryIO | None = None
    _path: Path | None = None
    _orphans: list[Record] = field(default_factory=list)

    @classmethod
    def open(cls, folder: Path, now: datetime) -> Self:
        """Look after what an interrupted run left, then stand ready to append.

        Raises:
            ArchiveError: the folder cannot be written.
        """
        archive = cls(folder=folder, now=now)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            archive._orphans = archive._recovered()
            archive._mark()
        except OSError as refused:
            raise ArchiveError(f"{folder}: cannot be written: {refused.strerror}") from refused
        return archive

    def orphans(self, purposes: frozenset[str], known: frozenset[Place]) -> list[Record]:
        """Hand over the records of an interrupted run for these purposes that no row points to."""
        mine = [r for r in self._orphans if r.purpose in purposes]
        self._orphans = [r for r in self._orphans if r.purpose not in purposes]
        return [r for r in mine if r.place not in known]

    def earliest_orphan(self, purposes: frozenset[str]) -> datetime | None:
        """When the first record for these purposes that an interrupted run left was archived; None: it left none."""
        return min((r.archived_at for r in self._orphans if r.purpose in purposes), default=None)

    def write(self, response: Response, *, purpose: str, subject: str) -> Place:
        """Append one document. It is on disk only after `sync`.

        Raises:
            ArchiveError: the disk refused; what was there before is whole.
        """
        file, path = self._appending()
        offset = None
        try:
            offset = file.seek(0, os.SEEK_END)
            WARCWriter(file, gzip=True).write_record(_record(response, purpose, subject, self.now))
            file.flush()
        except OSError as refused:
            if offset is not None:
                with contextlib.suppress(OSError):
                    file.truncate(offset)
            raise ArchiveError(f"{path}: could not be written: {refused.strerror}") from refused
        return Place(path.relative_to(self.folder).as_posix(), offset)

    def sync(self) -> None:
        """Have the disk hold everything written so far. Call before the rows that point to it."""
        if self._file is not None:
            try:
                self._file.flush()
                os.fsync(self._file.fileno())
            except OSError as refused:
                raise ArchiveError(f"{self._path}: could not be written: {refused.strerror}") from refused

    def close(self, *, settled: bool) -> None:
        """End the stage; `settled` says that every record written has its row.

        What an interrupted run left for another stage stays noted.
        """
        self.sync()
        if self._file is not None:
            self._file.close()
            self._file = None
        if settled and not self._orphans:
            (self.folder / _UNFINISHED).unlink(missing_ok=True)

    def read(self, place: Place) -> Response:
        """The document at a place.

        Raises:
            ArchiveError: there is no readable record.
        """
        path = self.folder / place.file
        try:
            with path.open("rb") as file:
                file.seek(place.offset)
                for record in _records(file, place.file, place.offset):
                    return record.response
        except (OSError, ArchiveLoadFailed, ValueError, TypeError, AttributeError, EOFError, zlib.error) as broken:
            # TypeError and AttributeError: bytes that warcio takes for a record, without the headers of one.
            raise ArchiveError(f"{path} at {place.offset}: {broken}") from broken
        raise ArchiveError(f"{path} at {place.offset}: no record there")

    def _appending(self) -> tuple[BinaryIO, Path]:
        if self._file is not None and self._path is not None and self._file.tell() < ROTATE_AT_BYTES:
            return self._file, self._path
        self.sync()
        try:
            if self._file is not None:
                self._file.close()
            path = self._current()
            path.parent.mkdir(parents=True, exist_ok=True)
            is_new = not path.exists() or path.stat().st_size == 0
            self._file, self._path = path.open("ab"), path
            if is_new:
                _write_warcinfo(self._file, path.name, self.now)
        except OSError as refused:
            raise ArchiveError(f"{self.folder}: cannot be written: {refused.strerror}") from refused
        return self._file, path

    def _current(self) -> Path:
        """The day's file to append to: the newest below the size limit, else the next number."""
        day = self.now.astimezone(UTC)
        folder = self.folder / f"{day:%Y/%m/%d}"
        number = 1
        while (path := folder / f"presswatch-{day:%Y%m%d}-{number:04d}.warc.gz").exists():
            if path.stat().st_size < ROTATE_AT_BYTES:
                return path
            number += 1
        return path

    def _mark(self) -> None:
        """Note where this run begins to write, unless an earlier note still has unsettled records."""
        note = self.folder / _UNFINISHED
        if note.exists() and self._orphans:
            return
        path = self._current()
        size = path.stat().st_size if path.exists() else 0
        partial = note.with_suffix(".partial")
        partial.write_text(json.dumps({"file": path.relative_to(self.folder).as_posix(), "offset": size}))
        partial.replace(note)

    def _recovered(self) -> list[Record]:
        try:
            note = json.loads((self.folder / _UNFINISHED).read_text())
        except (FileNotFoundError, ValueError):
            return []
        found: list[Record] = []
        for path in sorted(self.folder.rglob("*.warc.gz")):
            name = path.relative_to(self.folder).as_posix()
            if name >= note["file"]:
                found.extend(_whole_records(path, name, note["offset"] if name == note["file"] else 0))
        return found


def _record(response: Response, purpose: str, subject: str, now: datetime):  # type: ignore[no-untyped-def]  # noqa: ANN202
    # The body is kept decoded, so its transfer headers no longer hold; they are kept under another name,
    # as other web archives do.
    renamed = {"content-encoding", "transfer-encoding", "content-length"}
    headers = [(f"X-Archive-Orig-{k}" if k in renamed else k, _ascii(v)) for k, v in response.headers.items()]
    headers.append(("Content-Length", str(len(response.body))))
    beyond = {k: v for k, v in response.headers.items() if not v.isascii()}
    return WARCWriter(io.BytesIO(), gzip=True).create_warc_record(
        response.final_url,
        "response",
        payload=io.BytesIO(response.body),
        length=len(response.body),  # without it warcio copies the body into a temporary file that nobody closes
        http_headers=StatusAndHeaders(f"{response.status} OK", headers, protocol="HTTP/1.1"),
        warc_headers_dict={
            "WARC-Date": f"{now.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
            _PURPOSE: purpose,
            _SUBJECT: subject,
            _ASKED: response.url,
            _REDIRECTS: json.dumps([list(response.redirects), response.permanent]),
            **({_BEYOND_ASCII: json.dumps(beyond)} if beyond else {}),
        },
    )


def _ascii(value: str) -> str:
    return value.encode("ascii", "replace").decode("ascii")


def _write_warcinfo(file: BinaryIO, name: str, now: datetime) -> None:
    writer = WARCWriter(file, gzip=True)
    about = {"software": f"presswatch/{__version__}", "format": "WARC File Format 1.0"}
    record = writer.create_warcinfo_record(name, about)
    record.rec_headers.replace_header("WARC-Date", f"{now.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}")
    writer.write_record(record)
    file.flush()


def _records(file: BinaryIO, name: str, base: int) -> Iterator[Record]:
    """Response records of ours from the file's position on; `base` is that position."""
    iterator = ArchiveIterator(file)
    for record in iterator:
        body = record.content_stream().read()
        offset = base + iterator.get_record_offset() if base == 0 else iterator.get_record_offset()
        if record.rec_type != "response":
            continue
        headers = record.rec_headers
        redirects, permanent = json.loads(headers.get_header(_REDIRECTS) or "[[], false]")
        final_url = headers.get_header("WARC-Target-URI")
        yield Record(
            place=Place(name, offset),
            purpose=headers.get_header(_PURPOSE) or "",
            subject=headers.get_header(_SUBJECT) or "",
            archived_at=datetime.fromisoformat(headers.get_header("WARC-Date")),
            response=Response(
                url=headers.get_header(_ASKED) or final_url,
                final_url=final_url,
                status=int(record.http_headers.get_statuscode()),
                headers={k.lower(): v for k, v in record.http_headers.headers}
                | json.loads(headers.get_header(_BEYOND_ASCII) or "{}"),
                body=body,
                redirects=tuple(redirects),
                permanent=permanent,
            ),
        )


def _whole_records(path: Path, name: str, start: int) -> list[Record]:
    """All whole records from an offset on. A torn last record is cut off, so that appending stays sound.

    Only what ends before its time is torn. A damaged byte is another matter: nothing is cut then, and what stands
    behind it is still found by the offsets that rows hold.
    """
    found: list[Record] = []
    good_end = start
    with path.open("rb") as file:
        while True:
            file.seek(good_end)
            try:
                end = _member_end(file)
            except zlib.error:
                return found
            if end is None:
                break
            file.seek(good_end)
            member = io.BytesIO(file.read(end - good_end))
            found += [replace(r, place=Place(name, good_end)) for r in _records(member, name, 0)]
            good_end = end
    if good_end < path.stat().st_size:
        os.truncate(path, good_end)
    return found


def _member_end(file: BinaryIO) -> int | None:
    """Where the gzip member at the file's position ends; None if the file ends before.

    Raises:
        zlib.error: the member is damaged.
    """
    position = file.tell()
    inflate = zlib.decompressobj(wbits=31)
    while chunk := file.read(65_536):
        inflate.decompress(chunk)
        position += len(chunk)
        if inflate.eof:
            return position - len(inflate.unused_data)
    return None
