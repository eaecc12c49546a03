"""`presswatch digest`: as it was told, byte for byte; as of another moment; in every format."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from pipelines.adapters.warehouse import Warehouse
from pipelines.demo.press import Press
from pipelines.demo.world import moment
from tests.mail.post_office import PostOffice, opened

from .conftest import Demo

DAY = Press.day(3).isoformat()
FILES = {"html": "html", "text": "txt", "json": "json", "eml": "eml"}


@pytest.mark.parametrize(("name", "suffix"), FILES.items())
def test_a_digest_given_again_equals_its_file_byte_for_byte(name: str, suffix: str, demo: Demo) -> None:
    told = (demo.warehouse / "digests" / f"{DAY}.{suffix}").read_bytes()
    for _ in range(2):
        again = demo.command("digest", "--date", DAY, "--format", name).succeeded()
        assert again.out.encode("utf-8") == told
    assert len(told) > 2000


@pytest.mark.parametrize(("name", "suffix"), FILES.items())
def test_a_digest_is_written_where_it_is_wanted(name: str, suffix: str, demo: Demo, tmp_path: Path) -> None:
    wanted = tmp_path / "new folder" / "digest"
    called = demo.call("digest", "--date", DAY, "--format", name, "--out", wanted).succeeded()
    assert called.out == ""
    assert wanted.read_bytes() == (demo.warehouse / "digests" / f"{DAY}.{suffix}").read_bytes()
    assert [path.name for path in wanted.parent.iterdir()] == ["digest"]


def test_text_is_what_is_printed_and_json_on_demand(demo: Demo) -> None:
    plain = demo.call("digest", "--date", DAY).succeeded()
    assert plain.out == demo.call("digest", "--date", DAY, "--format", "text").succeeded().out
    assert "TOP STORIES" in plain.out
    content = demo.call("--json", "digest", "--date", DAY).succeeded().json()
    assert content == json.loads((demo.warehouse / "digests" / f"{DAY}.json").read_text(encoding="utf-8"))
    assert content["day"] == DAY


def test_without_a_date_the_digest_is_that_of_the_window_that_closed_last(demo: Demo) -> None:
    told = demo.call("digest", PRESSWATCH_NOW=moment("d3 20:00").isoformat()).succeeded().out
    assert told == (demo.warehouse / "digests" / f"{DAY}.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("later", [timedelta(0), timedelta(hours=9), timedelta(days=30)])
def test_as_of_its_own_moment_or_later_a_digest_is_what_was_told(later: timedelta, demo: Demo) -> None:
    as_of = (moment("d3 07:30") + later).isoformat()
    again = demo.call("digest", "--date", DAY, "--as-of", as_of, "--format", "json").succeeded()
    assert again.out == (demo.warehouse / "digests" / f"{DAY}.json").read_text(encoding="utf-8")


def test_as_of_an_earlier_moment_a_digest_knows_less_and_nothing_else(demo: Demo) -> None:
    whole = demo.call("--json", "digest", "--date", DAY).succeeded().json()
    partly = demo.call("--json", "digest", "--date", DAY, "--as-of", moment("d2 12:35").isoformat()).succeeded().json()
    assert 0 < partly["numbers"]["articles"] < whole["numbers"]["articles"]
    assert partly["window"] == whole["window"]
    assert _urls(partly) < _urls(whole)


def _urls(content: object) -> set[str]:
    """The addresses of every item, at whatever depth."""
    if isinstance(content, dict):
        own = {content["url"]} if isinstance(content.get("url"), str) else set()
        return own.union(*map(_urls, content.values()))
    if isinstance(content, list):
        return set().union(*map(_urls, content))
    return set()


def test_a_digest_as_of_another_moment_is_not_remembered(spare: Demo) -> None:
    before = {path: path.read_bytes() for path in (spare.warehouse / "digests").iterdir()}
    told = spare.one("select count(*) from digests")
    publishes = spare.one("select count(*) from publishes")
    spare.call("digest", "--date", DAY, "--as-of", moment("d2 12:35").isoformat()).succeeded()
    assert {path: path.read_bytes() for path in (spare.warehouse / "digests").iterdir()} == before
    assert spare.one("select count(*) from digests") == told
    assert spare.one("select count(*) from publishes") == publishes


def test_as_of_needs_no_writer_s_lock(spare: Demo) -> None:

    with Warehouse.open(spare.warehouse, who="a long run"):
        spare.call("digest", "--date", DAY, "--as-of", moment("d3 07:30").isoformat()).succeeded()


def test_a_digest_that_was_told_is_given_again_while_a_run_writes(spare: Demo) -> None:

    with Warehouse.open(spare.warehouse, who="a long run"):
        again = spare.call("digest", "--date", DAY)
    assert again.code == 0, again.err
    assert again.out == (spare.warehouse / "digests" / f"{DAY}.txt").read_text(encoding="utf-8")


def test_a_day_of_which_nothing_was_known_is_no_quiet_day(demo: Demo) -> None:
    line = demo.call("digest", "--date", "2020-01-11").failed_with_one_line()
    assert "nothing was known by 2020-01-11" in line


def test_a_day_that_has_not_come_has_no_digest(demo: Demo) -> None:
    line = demo.call("digest", "--date", "2027-01-11", PRESSWATCH_NOW=moment("d3 20:00").isoformat())
    assert "a time that has not come" in line.failed_with_one_line()


def test_a_digest_after_days_without_a_poll_does_not_take_blindness_for_silence(spare: Demo) -> None:
    told = spare.call("digest", PRESSWATCH_NOW="2026-11-24T08:00:00+01:00").succeeded().out
    assert "Tuesday 24 November 2026" in told
    assert "A quiet day" not in told
    assert "feeds answered in time" not in told or "0 of " in told
    assert "none of 14 feeds answered in time" in told


def test_all_digests_become_a_folder_of_pages(demo: Demo, tmp_path: Path) -> None:
    told = demo.call("digest", "--site", tmp_path / "site").succeeded().lines()
    files = {str(p.relative_to(tmp_path / "site")) for p in (tmp_path / "site").rglob("*") if p.is_file()}
    assert {"index.html", "trends.html", "feed.xml", f"digests/{DAY}.html"} < files
    assert told == [f"{len(files)} files: {tmp_path / 'site' / 'index.html'}"]
    assert any(name.startswith("stories/") for name in files)


def test_sending_without_readers_or_a_server_says_what_to_set(spare: Demo) -> None:
    assert "no recipients" in spare.call("digest", "--date", DAY, "--send").failed_with_one_line()
    sources = spare.folder / "sources.yaml"
    text = sources.read_text(encoding="utf-8")
    sources.write_text(text.replace("recipients: []", "recipients: [desk@readers.example]"), encoding="utf-8")
    assert "PRESSWATCH_SMTP" in spare.call("digest", "--date", DAY, "--send").failed_with_one_line()


def test_a_digest_is_sent_once_and_the_table_says_so(spare: Demo) -> None:
    sources = spare.folder / "sources.yaml"
    text = sources.read_text(encoding="utf-8")
    sources.write_text(text.replace("recipients: []", "recipients: [desk@readers.example]"), encoding="utf-8")
    office = PostOffice()
    with opened(office) as port:
        for _ in range(2):
            sent = spare.call("digest", "--date", DAY, "--send", PRESSWATCH_SMTP=f"smtp://127.0.0.1:{port}")
            assert sent.succeeded().out == f"digest {DAY}: 1 sent\n"
    (mail,) = office.arrived
    assert mail["To"] == "desk@readers.example"
    assert spare.one("select state from deliveries") == "sent"


@pytest.mark.parametrize("wrong", [["--again"], ["--send", "--as-of", "2026-11-12T07:00+01:00"]])
def test_options_that_do_not_go_together_are_refused(demo: Demo, wrong: list[str]) -> None:
    assert demo.call("digest", *wrong).code == 2
