"""WARC files of every make, whole and broken: what is read, what is passed over, and that nothing ends a run."""

import gzip
import io
import tracemalloc
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from pipelines.adapters.warc_reading import MOST_BODY, MOST_RECORD, Capture, WarcFile, captures, unpacked
from pipelines.core.errors import ArchiveError
from pipelines.core.nouns import Response
from pipelines.core.reasons import Reason, Rejected

PAGES = 6


def page(number: int) -> bytes:
    """An invented page; no two pack alike."""
    words = " ".join(f"pledge {number * 7919 + n}" for n in range(60))
    return f"<html><title>Harbour council {number}</title><p>{words}</p></html>".encode()


class Made:
    """A WARC file in the making, as warcio writes them."""

    def __init__(self, *, packed: bool = True, version: str = "1.0") -> None:
        self.file = io.BytesIO()
        self.writer = WARCWriter(self.file, gzip=packed, warc_version=version)
        self.offsets: list[int] = []
        self.writer.write_record(self.writer.create_warcinfo_record("made.warc.gz", {"software": "a crawler"}))

    def add(
        self, body: bytes, *, number: int = 0, kind: str = "response", status: str = "200 OK", **headers: str
    ) -> "Made":
        """Append one record."""
        said = {"Content-Type": "text/html; charset=utf-8"} | {k.replace("_", "-"): v for k, v in headers.items()}
        http = StatusAndHeaders(status, list(said.items()), protocol="HTTP/1.1")
        if kind == "request":
            http = StatusAndHeaders(f"GET /{number} HTTP/1.1", [("Host", "herald.test")], is_http_request=True)
        self.offsets.append(self.file.tell())
        self.writer.write_record(
            self.writer.create_warc_record(
                f"http://herald.test/{number}",
                kind,
                payload=io.BytesIO(body),
                length=len(body),
                http_headers=http if kind in {"response", "request", "revisit"} else None,
                warc_headers_dict={"WARC-Date": "2026-10-01T08:00:00Z"},
            )
        )
        return self

    @property
    def bytes(self) -> bytes:
        return self.file.getvalue()


def made(pages: int = PAGES, *, packed: bool = True, version: str = "1.0") -> Made:
    """A file of pages."""
    file = Made(packed=packed, version=version)
    for number in range(pages):
        file.add(page(number), number=number)
    return file


def read(content: bytes) -> tuple[list[int], Counter[str]]:
    """The numbers of the pages that were read whole, and what was counted."""
    counts: Counter[str] = Counter()
    found = list(captures(io.BytesIO(content), counts))
    numbers = [int(c.url.rpartition("/")[2]) for c in found]
    bodies = [unpacked(c) for c in found]
    assert [b.body for b in bodies if isinstance(b, Response)] == [page(n) for n in numbers]
    return numbers, counts


FORMS: dict[str, Callable[[], bytes]] = {
    "a gzip member a record": lambda: made().bytes,
    "version 1.1": lambda: made(version="1.1").bytes,
    "not packed": lambda: made(packed=False).bytes,
    "packed as a whole": lambda: gzip.compress(made(packed=False).bytes),
    "packed in members that cut records": lambda: b"".join(
        gzip.compress(part) for part in _cut(made(packed=False).bytes, 700)
    ),
    "padded with zero bytes": lambda: made().bytes + b"\0" * 512,
}


def _cut(content: bytes, size: int) -> Iterator[bytes]:
    return (content[n : n + size] for n in range(0, len(content), size))


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS.keys())
def test_pages_are_read_out_of_every_form(form: Callable[[], bytes]) -> None:
    numbers, counts = read(form())
    assert numbers == list(range(PAGES))
    assert counts == Counter(records=PAGES + 1, warcinfo=1, pages=PAGES)


@pytest.mark.parametrize("packed", [True, False])
def test_a_page_knows_its_place_address_and_time(packed: bool) -> None:  # noqa: FBT001
    file = made(packed=packed)
    found = list(captures(io.BytesIO(file.bytes), Counter()))
    assert [c.offset for c in found] == file.offsets
    assert {str(c.captured_at) for c in found} == {"2026-10-01 08:00:00+00:00"}
    assert {(c.status, c.purpose, c.subject) for c in found} == {(200, None, None)}


def test_what_is_no_page_is_passed_over_and_counted() -> None:
    file = made(2)
    file.add(b"", number=2, kind="request").add(b"", number=3, kind="revisit").add(b"seen", kind="metadata")
    file.add(b"gone", number=4, status="404 Not Found").add(b"%PDF", number=5, Content_Type="application/pdf")
    numbers, counts = read(file.bytes)
    assert numbers == [0, 1]
    told = {k: counts[k] for k in ("request", "revisit", "metadata", "not_ok", "not_html", "warcinfo", "pages")}
    assert told == {"request": 1, "revisit": 1, "metadata": 1, "not_ok": 1, "not_html": 1, "warcinfo": 1, "pages": 2}


def _chunked(body: bytes) -> bytes:
    return b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in _cut(body, 99)) + b"0\r\n\r\n"


PAYLOADS: dict[str, tuple[Callable[[bytes], bytes], dict[str, str]]] = {
    "chunked": (_chunked, {"Transfer_Encoding": "chunked"}),
    "gzip": (gzip.compress, {"Content_Encoding": "gzip"}),
    "deflate": (zlib.compress, {"Content_Encoding": "deflate"}),
    "deflate without zlib's header": (lambda b: zlib.compress(b, wbits=-15), {"Content_Encoding": "deflate"}),
    "br": (brotli.compress, {"Content_Encoding": "br"}),
    "gzip, chunked": (
        lambda b: _chunked(gzip.compress(b)), {"Content_Encoding": "gzip", "Transfer_Encoding": "chunked"}),
    "unpacked already, under the old headers": (
        lambda b: b, {"Content_Encoding": "gzip", "Transfer_Encoding": "chunked"}),
}  # fmt: skip


@pytest.mark.parametrize(("pack", "headers"), PAYLOADS.values(), ids=PAYLOADS.keys())
def test_bodies_are_unpacked_as_their_headers_say(pack: Callable[[bytes], bytes], headers: dict[str, str]) -> None:
    file = Made()
    partial(file.add, pack(page(3)), number=3)(**headers)  # type: ignore[arg-type]
    assert read(file.bytes)[0] == [3]


def _captured(body: bytes, **headers: str) -> Capture:
    return next(captures(io.BytesIO(Made().add(body, **headers).bytes), Counter()))  # type: ignore[arg-type]


def test_a_body_that_cannot_be_unpacked_is_a_named_rejection() -> None:
    broken = gzip.compress(page(1))
    broken = broken[:-6] + b"\xff\xff" + broken[-4:]  # within the checksum
    answers = [unpacked(_captured(broken, Content_Encoding="gzip")), unpacked(_captured(b"x", Content_Encoding="zip"))]
    assert [a.reason for a in answers if isinstance(a, Rejected)] == [Reason.BAD_ENCODING] * 2


@pytest.mark.parametrize(("pack", "encoding"), [(gzip.compress, "gzip"), (brotli.compress, "br")])
def test_a_body_that_unpacks_to_too_much_is_left_out(pack: Callable[[bytes], bytes], encoding: str) -> None:
    answer = unpacked(_captured(pack(b"a" * (MOST_BODY + 1)), Content_Encoding=encoding))
    assert isinstance(answer, Rejected)
    assert answer.reason is Reason.TOO_LARGE


def _flipped(content: bytes, at: int) -> bytes:
    return content[:at] + bytes([content[at] ^ 0xFF]) + content[at + 1 :]


@pytest.mark.parametrize("within", [0, 2, 40, -5], ids=["magic", "method", "middle", "checksum"])
def test_a_damaged_member_costs_its_record_alone(within: int) -> None:
    file = made()
    at = (file.offsets[3] if within >= 0 else file.offsets[4]) + within
    numbers, counts = read(_flipped(file.bytes, at))
    assert numbers == [0, 1, 2, 4, 5]
    assert counts["broken"] == 1


def test_a_page_behind_a_damage_still_knows_its_place() -> None:
    file = made()
    found = captures(io.BytesIO(_flipped(file.bytes, file.offsets[1] + 40)), Counter())
    assert [c.offset for c in found] == [file.offsets[n] for n in (0, 2, 3, 4, 5)]


def test_a_damage_far_into_a_long_file_costs_one_record() -> None:
    file = made(400)
    damaged = _flipped(_flipped(file.bytes, file.offsets[100] + 50), file.offsets[300] + 50)
    numbers, counts = read(damaged)
    assert numbers == [n for n in range(400) if n not in {100, 300}]
    assert counts["broken"] == 2


def test_bytes_missing_from_the_middle_cost_the_record_they_belong_to() -> None:
    file = made()
    numbers, counts = read(file.bytes[: file.offsets[2] + 50] + file.bytes[file.offsets[4] :])
    assert numbers == [0, 1, 4, 5]
    assert counts["broken"] == 1


@pytest.mark.parametrize("packed", [True, False])
def test_a_torn_last_record_is_counted_and_those_before_are_read(packed: bool) -> None:  # noqa: FBT001
    numbers, counts = read(made(packed=packed).bytes[:-30])
    assert numbers == list(range(PAGES - 1))
    assert (counts["torn"], counts["broken"]) == (1, 0)


def _with_length(content: bytes, number: int, change: Callable[[int], int]) -> bytes:
    """The file with another Content-Length in the record of one page."""
    start = content.index(b"Content-Length: ", content.index(b"http://herald.test/%d" % number)) + 16
    end = content.index(b"\r", start)
    return content[:start] + b"%d" % change(int(content[start:end])) + content[end:]


WRONG_LENGTHS: dict[str, Callable[[int], int]] = {
    "too short": lambda n: n - 100,
    "a little too long": lambda n: n + 30,
    "into the next record": lambda n: n + 500,
    "beyond the file": lambda n: n + 100_000,
}


@pytest.mark.parametrize("change", WRONG_LENGTHS.values(), ids=WRONG_LENGTHS.keys())
@pytest.mark.parametrize("packed", ["not", "each", "whole"])
def test_a_wrong_length_costs_its_record_alone(packed: str, change: Callable[[int], int]) -> None:
    plain = made(packed=False)
    parts = [plain.bytes[a:b] for a, b in zip([0, *plain.offsets], [*plain.offsets, None], strict=True)]
    parts[3] = _with_length(parts[3], 2, change)
    pack: dict[str, Callable[[list[bytes]], bytes]] = {
        "not": b"".join,
        "each": lambda ps: b"".join(map(gzip.compress, ps)),
        "whole": lambda ps: gzip.compress(b"".join(ps)),
    }
    numbers, counts = read(pack[packed](parts))
    assert numbers == [0, 1, 3, 4, 5]
    assert counts["broken"] == 1


def test_a_record_without_length_or_without_http_costs_itself_alone() -> None:
    plain = made(3, packed=False).bytes
    unsaid = plain.replace(b"Content-Length", b"Content-Latitude", 3).replace(
        b"HTTP/1.1 200 OK", b"HXXP 200 OK xxxx", 2
    )
    numbers, counts = read(unsaid)
    assert numbers == [2]
    assert counts["broken"] >= 2


def test_a_record_that_is_too_long_for_a_page_is_passed_over_without_being_held() -> None:
    file = made(1).add(b"b" * (MOST_RECORD + 1), number=1).add(page(2), number=2)
    content = file.bytes
    tracemalloc.start()
    numbers, counts = read(content)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert numbers == [0, 2]
    assert counts["too_large"] == 1
    assert peak < MOST_RECORD / 2


def test_ten_thousand_records_are_streamed_in_bounded_memory(tmp_path: Path) -> None:
    path = tmp_path / "many.warc.gz"
    with path.open("wb") as file:
        for _ in range(50):
            file.write(made(200).bytes)
    counts: Counter[str] = Counter()
    furthest = 0
    with WarcFile(name=path.name, path=path).opened() as stream:
        for captured in captures(stream, counts):
            furthest = max(furthest, stream.tell() - captured.offset)
    assert (counts["pages"], counts["records"], counts["broken"]) == (10_000, 10_050, 0)
    assert furthest < 300_000  # of some four million bytes: no more is held than what was read ahead


@pytest.mark.parametrize(
    "content", [b"", b"\0" * 99, b"no archive at all\n" * 9_000, b"\x1f\x8b\x08 nor this", b"\x1f\x8b"]
)
def test_what_is_no_warc_file_holds_no_record(content: bytes) -> None:
    assert read(content)[0] == []


@given(st.lists(st.tuples(st.integers(0, 10_000), st.binary(min_size=0, max_size=40)), max_size=6), st.booleans())
def test_no_damage_ends_the_reading(damages: list[tuple[int, bytes]], packed: bool) -> None:  # noqa: FBT001
    content = made(packed=packed).bytes
    for at, put in damages:
        place = at % len(content)
        content = content[:place] + put + content[place + len(put) // 2 :]
    for captured in captures(io.BytesIO(content), Counter()):
        assert isinstance(unpacked(captured), (Response, Rejected))


def test_a_file_that_is_not_there_is_an_error_with_its_name(tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match=r"nosuch\.warc"), WarcFile(name="x", path=tmp_path / "nosuch.warc").opened():
        pass
