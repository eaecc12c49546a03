"""Anybody's WARC files, read as a stream: ours, Common Crawl's, those of other crawlers (warcio).

bytes | members of gzip, or plain | records | responses: 200, HTML | Capture, its body still packed

A damaged or torn record is counted and passed over; what stands behind it is found again. Nothing is read whole.
Bodies are unpacked by `unpacked`, which belongs into a worker: what a small body unpacks to knows no bounds.
"""

import contextlib
import io
import re
import sys
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

import brotli
from warcio.bufferedreaders import BufferedReader, ChunkedDataReader
from warcio.exceptions import ArchiveLoadFailed
from warcio.statusandheaders import StatusAndHeaders, StatusAndHeadersParser, StatusAndHeadersParserException

from pipelines.core.errors import ArchiveError
from pipelines.core.nouns import Response
from pipelines.core.reasons import Reason, Rejected
from pipelines.core.url_key import is_http

MOST_RECORD = 32_000_000  # bytes as stored: no page is longer
MOST_BODY = 32_000_000  # bytes unpacked
_MOST_HEAD = 65_536
_CHUNK = 65_536
_STEP = 4_096  # compressed bytes at once: what stands before a damage in them is lost with it
_MOST_AT_ONCE = 1_000_000  # decompressed from one chunk: a bomb comes in pieces
_MOST_KEPT = 4_000_000  # compressed bytes of a member, kept to look behind a damage
_GZIP = b"\x1f\x8b\x08"
_BEGINNING = re.compile(rb"WARC/[01]\.\d+\r?\n")
_END_OF_HEAD = re.compile(rb"\r?\n\r?\n")
_LENGTH = re.compile(rb"^content-length:[ \t]*(\d{1,15})[ \t]*\r?$", re.IGNORECASE | re.MULTILINE)
_TYPE = re.compile(rb"^warc-type:[ \t]*(\w+)[ \t]*\r?$", re.IGNORECASE | re.MULTILINE)
_KNOWN_TYPES = frozenset({"warcinfo", "request", "metadata", "revisit", "resource", "conversion", "continuation"})
_HTML = frozenset({"text/html", "application/xhtml+xml"})
_OK = 200
_ENCODINGS = {"gzip": "zlib", "x-gzip": "zlib", "deflate": "zlib", "br": "brotli", "identity": None, "": None}
_RECORD_HEADS = StatusAndHeadersParser(["WARC/1.0", "WARC/1.1", "WARC/0.17", "WARC/0.18"])
_HTTP_HEADS = StatusAndHeadersParser(["HTTP/1.0", "HTTP/1.1", "HTTP/2", "HTTP/3"], verify=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """A page as a WARC file holds it.

    Attributes:
        offset: of the record, or of the gzip member that it opens.
        url: the address that answered.
        captured_at: as the record says; None if it does not.
        purpose: what our own fetching asked for (`archive.Record`); None of other crawlers.
        subject: the entry or article, and the fetch, that it was asked for; None of other crawlers.
        body: as it travelled: perhaps chunked, perhaps compressed.
    """

    offset: int
    url: str
    captured_at: datetime | None
    purpose: str | None
    subject: str | None
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def is_packed(self) -> bool:
        """True where `unpacked` has something to do."""
        return bool({"content-encoding", "transfer-encoding"} & self.headers.keys())


@dataclass(frozen=True, slots=True, kw_only=True)
class WarcFile:
    """A file to be replayed.

    Attributes:
        path: None: standard input.
        within: its name under our own archive folder; None: it is somebody's.
    """

    name: str
    path: Path | None
    within: str | None = None

    @contextlib.contextmanager
    def opened(self) -> Iterator[BinaryIO]:
        """The bytes of the file.

        Raises:
            ArchiveError: it cannot be read.
        """
        if self.path is None:
            yield sys.stdin.buffer
            return
        try:
            with self.path.open("rb") as file:
                yield file
        except OSError as refused:
            raise ArchiveError(f"{self.path}: cannot be read: {refused.strerror}") from refused


def captures(stream: BinaryIO, counts: Counter[str]) -> Iterator[Capture]:
    """The pages of a WARC file, in its order; everything else is counted.

    Args:
        stream: from the file's first byte on; need not be seekable.
        counts: of `records` that are whole, of `broken`, `torn` and `too_large` ones, of `not_ok` and `not_html`
            responses, and of records of other kinds by their names.
    """
    for offset, block in _Cutter(stream, counts).blocks():
        captured = _capture(offset, block, counts)
        if captured is not None:
            counts["pages"] += 1
            yield captured


def unpacked(captured: Capture) -> Response | Rejected:
    """The response as a client would have seen it; `Rejected` where its body cannot be unpacked. For a worker."""
    said = captured.headers.get("content-encoding", "").strip().lower()
    if said not in _ENCODINGS:
        return Rejected(reason=Reason.BAD_ENCODING, detail=said[:100])
    is_chunked = "chunked" in captured.headers.get("transfer-encoding", "").lower()
    # What is not chunked, or not compressed, is taken for what it is: archives often keep a header whose work they
    # have undone.
    reader = ChunkedDataReader if is_chunked else BufferedReader
    try:
        body = _read(reader(io.BytesIO(captured.body)))
        if body is not None:
            body = _without(_ENCODINGS[said], body)
    except Exception as failed:  # noqa: BLE001 (zlib, brotli and warcio have their own; it is this body's failure alone)
        return Rejected(reason=Reason.BAD_ENCODING, detail=f"{type(failed).__name__}: {failed}"[:200])
    if body is None:
        return Rejected(reason=Reason.TOO_LARGE, detail=f"more than {MOST_BODY:,} bytes")
    return Response(
        url=captured.url, final_url=captured.url, status=captured.status, headers=captured.headers, body=body
    )


def _read(reader: BufferedReader) -> bytes | None:
    """All of it; None if that is too much."""
    whole = bytearray()
    while part := reader.read(_CHUNK):
        whole += part
        if len(whole) > MOST_BODY:
            return None
    return bytes(whole)


def _without(method: str | None, body: bytes) -> bytes | None:
    """The body unpacked as far as it goes; None if that is too much. What is HTML already stays as it is.

    Not by warcio's own readers: they take a damage for the end, and do not go with brotli 1.2.
    """
    if method is None or body.lstrip()[:1] == b"<":
        return body
    whole = bytearray()
    for part in _inflated(body) if method == "zlib" else _unbrotlied(body):
        whole += part
        if len(whole) > MOST_BODY:
            return None
    return bytes(whole)


def _inflated(body: bytes) -> Iterator[bytes]:
    """Of gzip and of deflate, with zlib's header or, as some servers send it, without."""
    has_header = body[:2] == _GZIP[:2] or (body[:1] == b"\x78" and int.from_bytes(body[:2]) % 31 == 0)
    inflate = zlib.decompressobj(wbits=47 if has_header else -15)
    while body and not inflate.eof:
        yield inflate.decompress(body, _MOST_AT_ONCE)
        body = inflate.unconsumed_tail


def _unbrotlied(body: bytes) -> Iterator[bytes]:
    unpack = brotli.Decompressor()
    part = unpack.process(body, output_buffer_limit=_MOST_AT_ONCE)
    while part:
        yield part
        part = b"" if unpack.is_finished() else unpack.process(b"", output_buffer_limit=_MOST_AT_ONCE)


def _capture(offset: int, block: bytes, counts: Counter[str]) -> Capture | None:
    """A whole response record as a page; None, and counted, where it is none."""
    file = io.BytesIO(block)
    try:
        about = _RECORD_HEADS.parse(file)
        url = (about.get_header("WARC-Target-URI") or "").strip().strip("<>")
        if not is_http(url):
            counts["not_http"] += 1
            return None
        answer = _HTTP_HEADS.parse(file)
        status, headers = int(answer.get_statuscode()), {k.lower(): v.strip() for k, v in answer.headers}
    except (StatusAndHeadersParserException, ArchiveLoadFailed, EOFError, ValueError, IndexError, AttributeError):
        counts["broken"] += 1
        counts["records"] -= 1
        return None
    if status != _OK:
        counts["not_ok"] += 1
        return None
    if headers.get("content-type", "text/html").partition(";")[0].strip().lower() not in _HTML:
        counts["not_html"] += 1
        return None
    return Capture(
        offset=offset, url=url, captured_at=_moment(about), purpose=about.get_header("WARC-Presswatch-Purpose"),
        subject=about.get_header("WARC-Presswatch-Subject"), status=status, headers=headers, body=file.read(),
    )  # fmt: skip


def _moment(about: StatusAndHeaders) -> datetime | None:
    try:
        moment = datetime.fromisoformat(about.get_header("WARC-Date") or "")
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


class _Ended(Exception):
    """There is nothing more."""


class _Interrupted(Exception):
    """What comes next does not continue what came before; `at`, in the buffer, begins another record."""

    def __init__(self, at: int) -> None:
        self.at = at


@dataclass(slots=True)
class _Cutter:
    """Cuts a stream into records. The buffer holds no more than the record being looked at, and a chunk."""

    stream: BinaryIO
    counts: Counter[str]
    _buffer: bytearray = field(default_factory=bytearray)
    _position: int = 0  # of the buffer's first byte, in the stream without compression
    _source: Iterator[tuple[int, bytes] | None] = field(default_factory=lambda: iter(()))
    _starts: list[tuple[int, int]] = field(default_factory=list)  # where members begin: such a position, file offset

    def blocks(self) -> Iterator[tuple[int, bytes]]:
        """Every whole response record with its offset in the file."""
        self._source = _parts(self.stream)
        try:
            while True:
                try:
                    block = self._next()
                except _Interrupted as other:
                    self.counts["broken"] += 1
                    self._drop(other.at)
                    self._seek(0)
                    continue
                if block is not None:
                    yield block
        except _Ended:
            if self._buffer.strip():
                self.counts["torn"] += 1

    def _next(self) -> tuple[int, bytes] | None:
        """The next record if it is a whole response; None for any other."""
        self._skip_blank()
        if not _BEGINNING.match(self._buffer) and not self._begins():
            self.counts["broken"] += 1
            self._seek(0)
            return None
        head = self._head()
        length = _LENGTH.search(head) if head else None
        if head is None or length is None:
            self.counts["broken"] += 1
            self._seek(5)
            return None
        size = len(head) + int(length[1])
        if int(length[1]) > MOST_RECORD:
            self._pass_over(size)
            return None
        return self._whole(head, size)

    def _begins(self) -> bool:
        with contextlib.suppress(_Ended):
            self._need(16)
        return _BEGINNING.match(self._buffer) is not None

    def _whole(self, head: bytes, size: int) -> tuple[int, bytes] | None:
        offset = self._offset()
        try:
            self._need(size)
            is_sound = self._ends_at(size)
        except _Ended:  # perhaps its length is wrong, and other records stand in what was taken for its own
            if not self._has_another(len(head)):
                raise
            is_sound = False
        if not is_sound:
            self.counts["broken"] += 1
            self._seek(len(head))
            return None
        block = bytes(self._buffer[:size])
        self._drop(size)
        self.counts["records"] += 1
        kind = _TYPE.search(head)
        name = kind[1].decode("ascii").lower() if kind else "other"
        if name == "response":
            return offset, block
        self.counts[name if name in _KNOWN_TYPES else "other"] += 1
        return None

    def _pass_over(self, size: int) -> None:
        """Leave a record out that is too long to be a page, without holding it."""
        while size > len(self._buffer):
            size -= len(self._buffer)
            self._drop(len(self._buffer))
            start = len(self._starts)
            self._need(1)
            if len(self._starts) > start and self._begins():  # a member of its own: the length was wrong
                self.counts["broken"] += 1
                return
        self._drop(size)
        self.counts["too_large"] += 1

    def _ends_at(self, size: int) -> bool:
        """True where what follows a record is another, or nothing."""
        try:
            self._need(size + 12, unbroken=size)
        except _Ended:
            pass
        except _Interrupted:
            self.counts["broken"] += 1
        rest = bytes(self._buffer[size : size + 12]).lstrip(b"\r\n")
        return b"WARC/1.0\r\n".startswith(rest[:7]) if rest else True

    def _has_another(self, start: int) -> bool:
        return re.compile(rb"\n" + _BEGINNING.pattern).search(self._buffer, start) is not None

    def _head(self) -> bytes | None:
        """The record's own headers with the empty line; None if none ends within reason."""
        while True:
            found = _END_OF_HEAD.search(self._buffer, 0, _MOST_HEAD)
            if found:
                return bytes(self._buffer[: found.end()])
            if len(self._buffer) >= _MOST_HEAD:
                return None
            self._need(len(self._buffer) + 1)

    def _skip_blank(self) -> None:
        while True:
            self._need(1)
            blank = len(self._buffer) - len(self._buffer.lstrip(b"\r\n"))
            self._drop(blank)
            if self._buffer:
                return

    def _seek(self, start: int) -> None:
        """Go on to where a record seems to begin."""
        self._drop(start)
        while True:
            found = _BEGINNING.search(self._buffer)
            if found:
                self._drop(found.start())
                return
            self._drop(max(0, len(self._buffer) - 16))
            try:
                self._need(len(self._buffer) + 1)
            except _Interrupted as other:  # one damage is one broken record
                self._drop(other.at)
            except _Ended:
                self._drop(len(self._buffer))
                raise

    def _need(self, size: int, unbroken: int | None = None) -> None:
        """Have at least so many bytes in the buffer; of them `unbroken` (all) belong to one record.

        Raises:
            _Interrupted: another record begins before.
            _Ended: there are no more.
        """
        whole = size if unbroken is None else unbroken
        while len(self._buffer) < size:
            try:
                part = next(self._source)
            except StopIteration:
                raise _Ended from None
            begun = len(self._buffer)
            if part is None:
                raise _Interrupted(begun)
            offset, content = part
            self._buffer += content
            if offset < 0:
                continue
            self._starts.append((self._position + begun, offset))
            if begun < whole and content.startswith(b"WARC/") and self._buffer[:begun].strip(b"\r\n"):
                raise _Interrupted(begun)

    def _drop(self, size: int) -> None:
        del self._buffer[:size]
        self._position += size
        while len(self._starts) > 1 and self._starts[1][0] <= self._position:
            del self._starts[0]

    def _offset(self) -> int:
        """Where the record stands in the file: its member, or, in a file without any, itself."""
        if not self._starts or self._starts[0][0] > self._position:
            return self._position
        return self._starts[0][1]


def _parts(stream: BinaryIO) -> Iterator[tuple[int, bytes] | None]:
    """The file's content in pieces without compression, each with the offset of the member that it opens, else -1.

    None stands for a damage: what comes next does not continue what came before.
    """
    head = stream.read(_CHUNK)
    if head.startswith(_GZIP[:2]):
        yield from _members(head, stream)
        return
    while head:
        yield -1, head
        head = stream.read(_CHUNK)


def _members(head: bytes, stream: BinaryIO) -> Iterator[tuple[int, bytes] | None]:
    """The members of a gzip file. Behind a damaged one the next is looked for that holds a record."""
    raw, start = head, 0  # `raw` begins at `start` in the file
    while True:
        while raw[:1] == b"\0":  # some writers pad
            raw, start = raw.lstrip(b"\0"), start + len(raw) - len(raw.lstrip(b"\0"))
        if not raw:
            raw = stream.read(_CHUNK)
        if not raw:
            return
        member = _Member(raw, stream)
        is_first = True
        try:
            for content in member.contents():
                yield (start if is_first else -1), content
                is_first = False
            raw, start = member.rest, start + member.size
        except zlib.error:
            yield None
            found = _next_member(member.kept, stream)
            if found is None:
                return
            raw, start = found[1], start + member.size_dropped + found[0]


@dataclass(slots=True)
class _Member:
    """One gzip member.

    Attributes:
        kept: its newest bytes as stored, up to some megabytes, to look behind a damage.
        size_dropped: of those before.
        rest: what was read beyond its end.
    """

    head: bytes
    stream: BinaryIO
    kept: bytearray = field(default_factory=bytearray)
    size_dropped: int = 0
    rest: bytes = b""
    size: int = 0

    def contents(self) -> Iterator[bytes]:
        """Unpacked, in pieces. A file that ends within the member ends these, too."""
        inflate, data = zlib.decompressobj(wbits=31), self.head
        while data:
            self.size += len(data)
            self._keep(data)
            for start in range(0, len(data), _STEP):
                todo = data[start : start + _STEP]
                while todo and not inflate.eof:
                    content = inflate.decompress(todo, _MOST_AT_ONCE)
                    todo = inflate.unconsumed_tail
                    if content:
                        yield content
                if inflate.eof:
                    self.rest = inflate.unused_data + data[start + _STEP :]
                    self.size -= len(self.rest)
                    return
            data = self.stream.read(_CHUNK)

    def _keep(self, data: bytes) -> None:
        if len(self.kept) > _MOST_KEPT:
            self.size_dropped += len(self.kept)
            self.kept.clear()
        self.kept += data


def _next_member(raw: bytearray, stream: BinaryIO) -> tuple[int, bytes] | None:
    """Behind a damage: how far on the next member that opens a record begins, and the bytes from there."""
    data, passed, at = bytes(raw), 0, 1
    while True:
        at = data.find(_GZIP, at)
        if at < 0 or len(data) - at < _CHUNK // 8:
            more = stream.read(_CHUNK)
            if at < 0 and not more:
                return None
            keep = at if at >= 0 else max(0, len(data) - 2)
            passed, data, at = passed + keep, data[keep:] + more, 0
            at = data.find(_GZIP)
            if at < 0:
                continue
        with contextlib.suppress(zlib.error):
            if zlib.decompressobj(wbits=31).decompress(data[at : at + _CHUNK], 16).startswith(b"WARC/"):
                return passed + at, data[at:]
        at += 1
