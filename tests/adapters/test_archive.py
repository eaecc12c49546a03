"""The archive: every document as served, and nothing lost when a run dies."""

import gzip
import json
import os
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator

from pipelines.adapters import archive as archive_module
from pipelines.adapters.archive import Archive, Place
from pipelines.core.errors import ArchiveError
from pipelines.core.nouns import Response
from tests.builders import NOW, make_response

PAGE = make_response(
    "https://herald.example/n/1", body=b"<p>Hello</p>", headers={"content-type": "text/html", "etag": '"a"'}
)
PURPOSES = frozenset({"poll", "first", "revisit", "robots"})


def page(n: int, size: int = 10) -> Response:
    return make_response(f"https://herald.example/n/{n}", body=os.urandom(size), headers={"content-type": "text/html"})


def files(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.warc.gz"))


def test_a_document_comes_back_as_it_was(tmp_path: Path) -> None:
    archive = Archive.open(tmp_path, NOW)
    moved = make_response(
        "https://herald.example/n/1",
        body=b"\x00\xff<p>",
        headers={"content-type": "text/html; charset=x"},
        final_url="https://herald.example/n/2",
        redirects=("https://herald.example/n/2",),
        permanent=True,
    )
    places = [archive.write(d, purpose="first", subject=str(n)) for n, d in enumerate((PAGE, moved, PAGE))]
    archive.close(settled=True)
    for place, document in zip(places, (PAGE, moved, PAGE), strict=True):
        found = Archive.open(tmp_path, NOW).read(place)
        assert (found.url, found.final_url, found.status, found.body) == (
            document.url,
            document.final_url,
            document.status,
            document.body,
        )
        assert (found.redirects, found.permanent, found.charset) == (
            document.redirects,
            document.permanent,
            document.charset,
        )
        assert found.headers.get("etag") == document.headers.get("etag")


bodies = st.binary(max_size=300)
header_values = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp"]), max_size=20).map(
    str.strip
)


@given(bodies, header_values)
def test_any_body_and_any_validator_come_back_unchanged(
    tmp_path_factory: pytest.TempPathFactory, body: bytes, etag: str
) -> None:
    archive = Archive.open(tmp_path_factory.mktemp("a"), NOW)
    place = archive.write(make_response(body=body, headers={"etag": etag}), purpose="poll", subject="s")
    found = archive.read(place)
    archive.close(settled=True)
    assert (found.body, found.headers["etag"]) == (body, etag)


@pytest.mark.parametrize("etag", ['"ol\udce9"', '"ol\xe9"'])
def test_a_header_in_another_charset_does_not_stop_the_archive(tmp_path: Path, etag: str) -> None:
    archive = Archive.open(tmp_path, NOW)
    place = archive.write(make_response(body=b"x", headers={"etag": etag}), purpose="poll", subject="s")
    assert archive.read(place).body == b"x"
    archive.close(settled=True)


def test_packed_transfer_is_told_under_another_name_and_the_length_is_that_of_the_body(tmp_path: Path) -> None:
    archive = Archive.open(tmp_path, NOW)
    packed = make_response(
        body=b"x" * 50, headers={"content-encoding": "gzip", "content-length": "7", "transfer-encoding": "chunked"}
    )
    headers = archive.read(archive.write(packed, purpose="poll", subject="s")).headers
    archive.close(settled=True)
    assert headers == {
        "x-archive-orig-content-encoding": "gzip",
        "x-archive-orig-content-length": "7",
        "x-archive-orig-transfer-encoding": "chunked",
        "content-length": "50",
    }


def test_every_record_can_be_read_by_others(tmp_path: Path) -> None:
    archive = Archive.open(tmp_path, NOW)
    for n in range(5):
        archive.write(page(n), purpose="first", subject=str(n))
    archive.close(settled=True)
    [path] = files(tmp_path)
    assert path.relative_to(tmp_path).as_posix() == "2026/11/24/presswatch-20261124-0001.warc.gz"
    with path.open("rb") as file:
        records = [
            (r.rec_type, r.rec_headers.get_header("WARC-Target-URI"), r.content_stream().read())
            for r in ArchiveIterator(file)
        ]
    assert [kind for kind, _, _ in records] == ["warcinfo"] + ["response"] * 5
    assert [url for _, url, _ in records[1:]] == [f"https://herald.example/n/{n}" for n in range(5)]
    with gzip.open(path) as whole:
        assert whole.read().startswith(b"WARC/1.0")


def test_a_place_is_where_its_record_begins(tmp_path: Path) -> None:
    archive = Archive.open(tmp_path, NOW)
    places = [archive.write(page(n), purpose="first", subject=str(n)) for n in range(3)]
    archive.close(settled=True)
    data = files(tmp_path)[0].read_bytes()
    assert all(data[p.offset : p.offset + 2] == b"\x1f\x8b" for p in places)
    assert len({p.offset for p in places}) == 3


def test_the_next_run_of_a_day_appends(tmp_path: Path) -> None:
    for run in range(3):
        archive = Archive.open(tmp_path, NOW + timedelta(hours=run))
        archive.write(page(run), purpose="first", subject=str(run))
        archive.close(settled=True)
    assert len(files(tmp_path)) == 1
    with files(tmp_path)[0].open("rb") as file:
        assert [r.rec_type for r in ArchiveIterator(file)] == ["warcinfo", "response", "response", "response"]


def test_a_run_without_a_document_writes_no_file(tmp_path: Path) -> None:
    Archive.open(tmp_path, NOW).close(settled=True)
    assert list(tmp_path.rglob("*")) == []


@pytest.mark.parametrize(
    "place",
    [
        Place("2026/11/24/none.warc.gz", 0),
        Place("2026/11/24/presswatch-20261124-0001.warc.gz", 3),
        Place("2026/11/24/presswatch-20261124-0001.warc.gz", 10**9),
    ],
)
def test_a_place_without_a_record_is_a_named_error(tmp_path: Path, place: Place) -> None:
    archive = Archive.open(tmp_path, NOW)
    archive.write(PAGE, purpose="first", subject="1")
    archive.close(settled=True)
    with pytest.raises(ArchiveError, match=r"warc\.gz at"):
        archive.read(place)


def test_a_file_is_followed_by_the_next_number_at_its_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive_module, "ROTATE_AT_BYTES", 3_000)
    archive = Archive.open(tmp_path, NOW)
    places = [archive.write(page(n, 1_000), purpose="first", subject=str(n)) for n in range(9)]
    archive.close(settled=True)
    names = [p.name for p in files(tmp_path)]
    assert names == [f"presswatch-20261124-{n:04d}.warc.gz" for n in range(1, len(names) + 1)]
    assert len(names) > 2
    assert [archive.read(p).url for p in places] == [f"https://herald.example/n/{n}" for n in range(9)]


def died(folder: Path, count: int, purpose: str = "first") -> list[Place]:
    """A run that wrote and ended without closing."""
    archive = Archive.open(folder, NOW)
    places = [archive.write(page(n), purpose=purpose, subject=f"s{n}") for n in range(count)]
    archive.sync()
    return places


def test_a_run_that_settled_leaves_no_orphan(tmp_path: Path) -> None:
    archive = Archive.open(tmp_path, NOW)
    archive.write(PAGE, purpose="first", subject="1")
    archive.close(settled=True)
    following = Archive.open(tmp_path, NOW)
    assert following.earliest_orphan(PURPOSES) is None
    assert following.orphans(PURPOSES, frozenset()) == []


def test_what_a_run_that_died_had_archived_is_handed_over_once(tmp_path: Path) -> None:
    places = died(tmp_path, 3)
    archive = Archive.open(tmp_path, NOW + timedelta(hours=1))
    assert archive.earliest_orphan(PURPOSES) == NOW
    found = archive.orphans(PURPOSES, frozenset({places[0]}))
    assert [(r.place, r.purpose, r.subject, r.response.url) for r in found] == [
        (places[1], "first", "s1", "https://herald.example/n/1"),
        (places[2], "first", "s2", "https://herald.example/n/2"),
    ]
    assert archive.orphans(PURPOSES, frozenset()) == []
    archive.close(settled=True)
    assert Archive.open(tmp_path, NOW).earliest_orphan(PURPOSES) is None


def test_orphans_of_another_stage_stay_for_it(tmp_path: Path) -> None:
    died(tmp_path, 2, "first")
    polling = Archive.open(tmp_path, NOW)
    assert polling.orphans(frozenset({"poll"}), frozenset()) == []
    polling.close(settled=True)
    fetching = Archive.open(tmp_path, NOW)
    assert [r.subject for r in fetching.orphans(frozenset({"first"}), frozenset())] == ["s0", "s1"]


def test_a_run_that_dies_while_it_mends_loses_nothing(tmp_path: Path) -> None:
    died(tmp_path, 2)
    second = Archive.open(tmp_path, NOW)
    second.write(page(7), purpose="first", subject="s7")
    second.sync()
    third = Archive.open(tmp_path, NOW)
    assert [r.subject for r in third.orphans(PURPOSES, frozenset())] == ["s0", "s1", "s7"]


@pytest.mark.parametrize("cut", [1, 5, 20, 60])
def test_a_torn_last_record_is_cut_off_and_the_earlier_ones_recovered(tmp_path: Path, cut: int) -> None:
    places = died(tmp_path, 3)
    path = files(tmp_path)[0]
    os.truncate(path, path.stat().st_size - cut)
    archive = Archive.open(tmp_path, NOW)
    assert [r.place for r in archive.orphans(PURPOSES, frozenset())] == places[:2]
    assert path.stat().st_size == places[2].offset
    again = archive.write(PAGE, purpose="first", subject="again")
    archive.close(settled=True)
    assert again.offset == places[2].offset
    with path.open("rb") as file:
        assert [r.rec_type for r in ArchiveIterator(file)] == ["warcinfo", "response", "response", "response"]


def test_records_over_two_files_are_recovered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive_module, "ROTATE_AT_BYTES", 1_500)
    places = died(tmp_path, 6)
    assert len(files(tmp_path)) > 1
    assert [r.place for r in Archive.open(tmp_path, NOW).orphans(PURPOSES, frozenset())] == places


def test_what_was_settled_before_is_no_orphan_of_the_run_that_died(tmp_path: Path) -> None:
    archive = Archive.open(tmp_path, NOW)
    archive.write(page(0), purpose="first", subject="settled")
    archive.close(settled=True)
    died(tmp_path, 1)
    assert [r.subject for r in Archive.open(tmp_path, NOW).orphans(PURPOSES, frozenset())] == ["s0"]


def test_a_broken_note_of_an_interrupted_run_is_not_the_end(tmp_path: Path) -> None:
    died(tmp_path, 1)
    (tmp_path / "unfinished.json").write_text("{")
    archive = Archive.open(tmp_path, NOW)
    assert json.loads((tmp_path / "unfinished.json").read_text())["offset"] > 0
    archive.close(settled=True)


def test_a_folder_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "archive").write_text("x")
    with pytest.raises(ArchiveError, match="cannot be written"):
        Archive.open(tmp_path / "archive", NOW)


def test_a_damaged_record_cuts_off_nothing_that_stands_behind_it(tmp_path: Path) -> None:
    archive = Archive.open(tmp_path, NOW)
    places = [archive.write(make_response(body=bytes([n]) * 3_000), purpose="poll", subject=str(n)) for n in range(4)]
    archive.close(settled=False)
    path = tmp_path / places[0].file
    sound = bytearray(path.read_bytes())
    sound[places[1].offset + 40] ^= 0xFF
    path.write_bytes(sound)
    Archive.open(tmp_path, NOW)
    assert path.stat().st_size == len(sound)
    assert Archive(tmp_path, NOW).read(places[3]).body == bytes([3]) * 3_000
