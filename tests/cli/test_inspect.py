"""`presswatch inspect`: the fields of the contract, and one bad input that takes no other with it."""

import gzip
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from pipelines.cli.main import main
from tests.builders import make_page, prose

RSS = b"""<?xml version="1.0"?><rss version="2.0"><channel><title>Herald</title>
<item><guid>1</guid><title>A pledge</title><link>https://herald.example/n/1</link>
<pubDate>Tue, 24 Nov 2026 10:00:00 +0100</pubDate><description>Ministers meet.</description></item></channel></rss>"""
SENTENCE = "The ministers agreed on Tuesday that hotlines will share one way of reporting child sexual abuse material. "
PAGE = f"""<!doctype html><html lang="en"><head><title>A pledge | Herald</title></head><body><article><h1>A pledge</h1>
{"".join(f"<p>{SENTENCE * 2}Round {n} ends.</p>" for n in range(4))}</article></body></html>""".encode()


def inspect(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[dict[str, Any]]:
    """The objects printed, one a line, by a call that succeeds."""
    with pytest.raises(SystemExit) as ended:
        main(["inspect", *arguments])
    assert ended.value.code == 0
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_a_feed_gives_its_entries(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "feed.xml").write_bytes(RSS)
    (found,) = inspect(capsys, "feed", str(tmp_path / "feed.xml"))
    assert list(found) == ["file", "format", "entries", "error"]
    assert found["format"] == "rss20"
    assert found["error"] is None
    assert found["entries"] == [
        {
            "id": "1",
            "url": "https://herald.example/n/1",
            "title": "A pledge",
            "summary": "Ministers meet.",
            "published_at": "2026-11-24T10:00:00+01:00",
            "date_source": "feed:published:rfc822",
            "author": None,
        }
    ]


def test_a_bad_file_gives_an_error_and_the_rest_goes_on(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "good.xml").write_bytes(RSS)
    (tmp_path / "bad.xml").write_bytes(b"no feed at all")
    missing, bad, good = inspect(
        capsys, "feed", str(tmp_path / "none.xml"), str(tmp_path / "bad.xml"), str(tmp_path / "good.xml")
    )
    assert "FileNotFoundError" in missing["error"]
    assert bad["error"].startswith("not_a_feed")
    assert len(good["entries"]) == 1


def test_a_page_gives_an_article_with_the_fields_of_the_contract(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "page.html.gz").write_bytes(gzip.compress(PAGE))
    (found,) = inspect(capsys, "page", str(tmp_path / "page.html.gz"), "--url", "https://herald.example/n/1")
    assert list(found) == ["file", "title", "text", "authors", "published_at", "date_source", "language",
                           "canonical_url", "paywalled", "quality", "rejected"]  # fmt: skip
    assert found["title"] == "A pledge"
    assert "one way of reporting" in found["text"]
    assert found["language"] == "en"
    assert (found["published_at"], found["paywalled"], found["rejected"]) == (None, None, None)


def test_pages_are_listed_as_json_lines(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "page.html").write_bytes(PAGE)
    (tmp_path / "short.html").write_bytes(b"<html><body><p>Too little.</p></body></html>")
    lines = [json.dumps({"file": str(tmp_path / n), "url": f"https://herald.example/{n}"}) for n in
             ("page.html", "short.html")]  # fmt: skip
    (tmp_path / "pages.jsonl").write_text("\n".join([lines[0], "{broken", lines[1]]), encoding="utf-8")
    page, broken, short = inspect(capsys, "page", str(tmp_path / "pages.jsonl"))
    assert page["rejected"] is None
    assert "not JSON" in broken["error"]
    assert short["rejected"] in {"too_short", "no_text"}


def test_lines_that_two_pages_of_a_host_share_are_not_of_their_texts(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    motto = "Harbour Herald has told the coast what happens since the first ferry."
    for name, seed in (("one", 1), ("two", 31)):
        text = "\n".join([prose(seed, 4), prose(seed + 7, 4), prose(seed + 14, 4), motto])
        (tmp_path / name).write_bytes(make_page(title=f"Page {name} of the Herald", text=text))
    (alone,) = inspect(capsys, "page", str(tmp_path / "one"), "--url", "https://herald.example/1")
    assert motto in alone["text"]
    found = inspect(capsys, "page", str(tmp_path / "one"), str(tmp_path / "two"), "--url", "https://herald.example/1")
    assert [motto in page["text"] for page in found] == [False, False]
    assert prose(31, 4) in found[1]["text"]
    apart = inspect(capsys, "page", str(tmp_path / "one"), str(tmp_path / "two"))  # of whom is not known
    assert [motto in page["text"] for page in apart] == [True, True]


def test_a_url_is_echoed_unchanged_beside_its_key(capsys: pytest.CaptureFixture[str]) -> None:
    url = "https://www.herald.example/n/1?utm_source=x#top"
    assert inspect(capsys, "url", url, "nonsense") == [
        {"url": url, "canonical": "herald.example/n/1"},
        {"url": "nonsense", "canonical": None},
    ]


def test_match_tells_topics_with_evidence(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    rows = [
        {"id": "a", "lang": "en", "title": "Pledge", "text": SENTENCE},
        {"id": "b", "lang": "xx", "title": "Regatta", "text": "The regatta ended in the rain."},
        {"id": "a", "lang": None, "title": None, "text": None},
    ]
    lines = "\n".join([*(json.dumps(r) for r in rows), "[1]"])
    (tmp_path / "items.jsonl").write_text(lines, encoding="utf-8")
    on, off, empty, bad = inspect(capsys, "match", str(tmp_path / "items.jsonl"))
    assert list(on) == ["id", "relevant", "score", "topics", "evidence"]
    assert on["relevant"]
    assert set(on["topics"]) <= {"summit", "regulation", "industry", "enforcement", "evidence", "survivors"}
    hit = on["evidence"][0]
    assert SENTENCE[hit["start"] : hit["end"]] == hit["words"]
    assert (off["relevant"], off["score"], empty["relevant"]) == (False, 0.0, False)
    assert "not an object" in bad["error"]


def test_cluster_tells_copies_and_stories(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    text = " ".join(f"Delegate {n} of the harbour towns spoke for measure {n * 7}." for n in range(40))
    other = " ".join(f"The orchestra played piece {n} to an empty hall tonight." for n in range(40))
    base = {"outlet": "o", "publisher": "p", "lang": "en", "title": "Towns meet", "published_at": None}
    rows = [
        {**base, "id": "one", "url": "https://herald.example/1", "text": text},
        {**base, "id": "twin", "url": "https://amp.herald.example/1?utm_source=x", "text": text},
        {**base, "id": "copy", "url": "https://kurier.example/9", "text": text + " One line more."},
        {**base, "id": "other", "url": "https://kurier.example/8", "title": "Concert", "text": other},
    ]
    (tmp_path / "a.jsonl").write_text("\n".join(json.dumps(r) for r in rows), encoding="utf-8")
    found = {r["id"]: r for r in inspect(capsys, "cluster", str(tmp_path / "a.jsonl"))}
    assert list(found["one"]) == ["id", "duplicate_of", "rule", "score", "story"]
    assert [found[n]["duplicate_of"] for n in ("one", "twin", "copy", "other")] == [None, "one", "one", None]
    assert (found["twin"]["rule"], found["copy"]["rule"]) == ("same_url", "near_copy")
    assert found["one"]["story"] == found["copy"]["story"] == found["twin"]["story"] != found["other"]["story"]


@pytest.mark.parametrize("what", ["feed", "page", "match", "cluster", "url"])
def test_a_dash_is_standard_input(what: str) -> None:
    given = {"feed": RSS, "page": PAGE, "url": b"https://herald.example/n/1\n"}.get(
        what, json.dumps({"id": 1, "lang": "en", "title": "t", "text": SENTENCE}).encode()
    )
    command: list[str | Path] = [Path(sys.executable).with_name("presswatch"), "inspect", what, "-"]
    ended = subprocess.run(command, input=given, capture_output=True, check=False)
    assert ended.returncode == 0, ended.stderr
    (line,) = ended.stdout.splitlines()
    assert not json.loads(line).get("error")


GOOD = {"id": "good", "lang": "en", "title": "Towns meet", "text": "They met."}
WRONG_TYPES = [{"lang": ["q"]}, {"title": 5}, {"text": ["y"]}]


@pytest.mark.parametrize("what", ["match", "cluster"])
@pytest.mark.parametrize("wrong", WRONG_TYPES, ids=str)
def test_a_field_of_a_wrong_type_spoils_its_own_line_only(
    what: str, wrong: dict[str, Any], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "a.jsonl").write_text(json.dumps({**GOOD, "id": "bad", **wrong}) + "\n" + json.dumps(GOOD))
    found = {row["id"]: row for row in inspect(capsys, what, str(tmp_path / "a.jsonl"))}
    assert "TypeError" in found["bad"]["error"]
    assert "error" not in found["good"]


@pytest.mark.parametrize("field", ["url", "published_at"])
def test_an_article_s_address_or_date_of_a_wrong_type_spoils_its_own_line_only(
    field: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "a.jsonl").write_text(json.dumps({**GOOD, "id": "bad", field: 5}) + "\n" + json.dumps(GOOD))
    found = {row["id"]: row for row in inspect(capsys, "cluster", str(tmp_path / "a.jsonl"))}
    assert "TypeError" in found["bad"]["error"]
    assert found["good"]["story"] == "good"


def test_a_page_s_address_of_a_wrong_type_spoils_its_own_line_only(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "page.html").write_bytes(PAGE)
    rows = [{"file": str(tmp_path / "page.html"), "url": 5}, {"file": None}, {"file": str(tmp_path / "page.html")}]
    (tmp_path / "a.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    wrong, nameless, good = inspect(capsys, "page", str(tmp_path / "a.jsonl"))
    assert "TypeError" in wrong["error"]
    assert nameless == {"file": None, "error": "no file in this line"}
    assert good["rejected"] is None


@pytest.mark.parametrize("separator", ["\u2028", "\u2029", "\u0085"], ids=ascii)
@pytest.mark.parametrize("what", ["match", "cluster"])
def test_a_line_ends_at_a_line_feed_only(
    what: str, separator: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    line = json.dumps({**GOOD, "text": f"They met.{separator}They spoke."}, ensure_ascii=False)
    (tmp_path / "a.jsonl").write_text(line, encoding="utf-8")
    (found,) = inspect(capsys, what, str(tmp_path / "a.jsonl"))
    assert found["id"] == "good"
    assert "error" not in found
