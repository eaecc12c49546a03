"""`presswatch inspect` on input that nobody wanted: an object for each, and whatever comes after is read as well."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from .calling import Called, here

ROOT = Path(__file__).parents[2]
NASTY = Path(os.environ.get("PRESSWATCH_EVAL") or ROOT.parent / "shared" / "eval") / "nasty_pages.py"
MOST_BYTES = 2_000_000
COSTLY = "attrs100k"  # 100,000 attributes in one tag: half a minute of parsing; with the slow tests
RULE = "The council voted on Tuesday to approve round {n} of the budget for the schools and bridges of the town."
TEXT = "\n".join(RULE.format(n=n) for n in range(12))


def inspect(what: str, *rows: object) -> Called:
    """A call with JSON lines on standard input; text is taken as a line as it is."""
    lines = [row if isinstance(row, str) else json.dumps(row, ensure_ascii=False) for row in rows]
    return here("inspect", what, "-", stdin="\n".join(lines).encode("utf-8", "surrogatepass"))


def article(**over: Any) -> dict[str, Any]:
    return {"id": "a", "url": "http://herald.test/1", "outlet": "herald", "publisher": "press", "lang": "en",
            "title": "Council approves budget", "text": TEXT,
            "published_at": "2026-11-10T10:00:00Z", **over}  # fmt: skip


WRONG_VALUES: list[tuple[str, object]] = [
    ("published_at", 5),
    ("published_at", ["2026-11-10"]),
    ("published_at", "no date"),
    ("published_at", "9999-12-31T23:59:59-23:00"),
    ("title", 5),
    ("title", ["a"]),
    ("text", 5),
    ("text", {"a": 1}),
    ("text", "a\x00b"),
    ("lang", 5),
    ("lang", ["en"]),
    ("url", 5),
    ("url", "http://[::1"),
    ("outlet", ["a"]),
    ("id", None),
    ("id", {"k": 1}),
]


@pytest.mark.parametrize(("field", "value"), WRONG_VALUES, ids=lambda v: json.dumps(v)[:30])
def test_an_article_with_a_wrong_value_takes_no_other_with_it(field: str, value: object) -> None:
    other = article(id="other", url="http://herald.test/2", title="Regatta", text="Rain ended the regatta. " * 20)
    called = inspect("cluster", article(**{field: value}), other).succeeded()
    assert len(called.objects()) == 2
    (fine,) = [found for found in called.objects() if found["id"] == "other"]
    assert "error" not in fine
    assert fine["duplicate_of"] is None


@pytest.mark.parametrize(("field", "value"), [w for w in WRONG_VALUES if w[0] in {"title", "text", "lang", "id"}],
                         ids=lambda v: json.dumps(v)[:30])  # fmt: skip
def test_an_item_with_a_wrong_value_takes_no_other_with_it(field: str, value: object) -> None:
    item = {"id": "a", "lang": "en", "title": "t", "text": TEXT}
    first, fine = inspect("match", {**item, field: value}, {**item, "id": "other"}).succeeded().objects()
    assert first["id"] == (value if field == "id" else "a")
    assert fine == {"id": "other", "relevant": False, "score": 0.0, "topics": [], "evidence": []}


@pytest.mark.parametrize("what", ["match", "cluster"])
@pytest.mark.parametrize("line", ["nonsense", "[1]", "5", "null", "[" * 50_000, '{"id": ' + "9" * 5000 + "}", "{"])
def test_a_line_that_is_no_object_gives_an_error_and_the_rest_goes_on(what: str, line: str) -> None:
    found = inspect(what, line, article()).succeeded().objects()
    assert sorted("error" in row for row in found) == [False, True]


@pytest.mark.parametrize("what", ["match", "cluster"])
def test_no_input_gives_no_output(what: str) -> None:
    assert inspect(what, "", "  ").succeeded().out == ""


@pytest.mark.parametrize("what", ["match", "cluster"])
@pytest.mark.parametrize("separator", ["\u2028", "\u2029", "\u0085", "\x7f", "\u00a0"])
def test_a_line_ends_only_where_json_lines_end(what: str, separator: str) -> None:
    (found,) = inspect(what, article(text=f"{TEXT}{separator}{TEXT}")).succeeded().objects()
    assert found["id"] == "a"
    assert "error" not in found


@pytest.mark.parametrize("what", ["match", "cluster"])
def test_half_a_surrogate_pair_is_echoed_and_stops_nothing(what: str) -> None:
    broken = json.dumps(article(id="\ud800", title="\ud800 Council"))
    found = (
        inspect(what, broken, article(id="b", url="http://herald.test/2", text="Other words.")).succeeded().objects()
    )
    assert [row["id"] for row in found] == ["\ud800", "b"]


def test_bytes_that_are_no_utf_8_stop_nothing() -> None:
    called = here("inspect", "url", "-", stdin=b"http://herald.test/\xed\xa0\x80\xff\nhttp://herald.test/2\n")
    assert [row["canonical"] for row in called.succeeded().objects()][1:] == ["herald.test/2"]
    row = json.dumps(article()).encode()
    called = here("inspect", "match", "-", stdin=row.replace(b"Council", b"Conseil g\xe9n\xe9ral") + b"\n" + row)
    assert len(called.succeeded().objects()) == 2


def test_unknown_dates_and_languages_are_no_obstacle_to_finding_a_copy() -> None:
    original = article(id=1, published_at=None, lang="tlh")
    copy = article(id=2, published_at=None, lang="tlh", url="http://kurier.test/9", outlet="kurier", publisher="other")
    first, second = inspect("cluster", original, copy).succeeded().objects()
    assert (first["duplicate_of"], second["duplicate_of"]) == (None, 1)
    assert second["rule"] == "same_text"
    assert first["story"] == second["story"]


def test_articles_of_one_id_get_an_object_each_and_are_not_one_story_for_it() -> None:
    found = inspect(
        "cluster", article(), article(url="http://herald.test/2", title="Regatta", text="Rain ended the regatta. " * 20)
    )
    first, second = found.succeeded().objects()
    assert [first["id"], second["id"]] == ["a", "a"]
    assert (first["duplicate_of"], second["duplicate_of"]) == (None, None)
    assert first["story"] != second["story"]


def test_a_date_is_told_as_it_is_declared(tmp_path: Path) -> None:
    for declared in ("2026-11-24", "2026-11-24T10:00:00+02:00", None):
        meta = f'<meta property="article:published_time" content="{declared}">' if declared else ""
        path = tmp_path / "page.html"
        path.write_text(f"<html><head><title>t</title>{meta}</head><body><p>{TEXT}</p></body></html>", encoding="utf-8")
        (found,) = here("inspect", "page", path).succeeded().objects()
        assert found["published_at"] == declared
        assert (found["date_source"] is None) == (declared is None)


RUSSIAN = "Во вторник городской совет после долгих дебатов одобрил бюджет номер {n} для школ и мостов города."
JAPANESE = "市議会は火曜日、長い議論の末に学校と橋のための第{n}号予算案を可決した。議員らは計画を評価した。"
POLISH = "We wtorek rada miasta po długiej debacie przyjęła budżet numer {n} na szkoły i mosty, źródło żółte."


DECLARED = {"windows-1251": RUSSIAN, "koi8-r": RUSSIAN, "shift_jis": JAPANESE, "euc-jp": JAPANESE, "iso-8859-2": POLISH}


@pytest.mark.parametrize(
    "declaration",
    ['<meta charset="{}">', "<meta charset={}>", '<meta http-equiv="Content-Type" content="text/html; charset={}">'],
    ids=["quoted", "bare", "http-equiv"],
)
def test_the_charset_that_a_page_declares_is_believed(declaration: str, tmp_path: Path) -> None:
    for encoding, sentence in DECLARED.items():
        head = f"<html><head>{declaration.format(encoding)}<title>t</title></head><body><article>"
        body = "".join(f"<p>{sentence.format(n=n)}</p>" for n in range(12))
        (tmp_path / encoding).write_bytes(f"{head}{body}</article></body></html>".encode(encoding))
    found = here("inspect", "page", *DECLARED, cwd=tmp_path).succeeded().objects()
    assert {row["file"]: DECLARED[row["file"]].format(n=3) in (row["text"] or "") for row in found} == dict.fromkeys(
        DECLARED, True
    )


@pytest.mark.parametrize("encoding", ["utf-8", "iso-8859-1"])
def test_a_page_that_begins_as_xml_is_a_page(encoding: str, tmp_path: Path) -> None:
    paragraphs = "".join(f"<p>{line}</p>" for line in TEXT.splitlines())
    path = tmp_path / "page.xhtml"
    path.write_text(
        f'<?xml version="1.0" encoding="{encoding}"?>\n<!DOCTYPE html>\n'
        f"<html><head><title>t</title></head><body><article>{paragraphs}</article></body></html>",
        encoding=encoding,
    )
    (found,) = here("inspect", "page", path).succeeded().objects()
    assert found["rejected"] is None
    assert RULE.format(n=3) in found["text"]


@pytest.mark.parametrize("body", [b"\x00\x01\x02" * 5000, b"%PDF-1.7\n" + bytes(range(256)) * 400,
                                  b"\x89PNG\r\n\x1a\n" + bytes(range(255, 0, -1)) * 400])  # fmt: skip
def test_what_is_no_text_is_no_article(body: bytes, tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_bytes(body)
    (found,) = here("inspect", "page", path).succeeded().objects()
    assert found["rejected"] is not None


@pytest.fixture(scope="module")
def nasty(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The hostile pages that are small enough to be read in a default run."""
    if not NASTY.exists():
        pytest.skip(f"{NASTY} is not here; PRESSWATCH_EVAL names the folder")
    folder = tmp_path_factory.mktemp("nasty")
    subprocess.run([sys.executable, NASTY, folder], check=True, stdout=subprocess.DEVNULL)
    small: list[Path] = []
    for path in sorted(folder.iterdir()):
        if path.stat().st_size < MOST_BYTES:
            small.append(path)
        else:
            path.unlink()
    return small


def test_a_hostile_page_gives_an_object_like_any_other(nasty: list[Path]) -> None:
    pages = [path for path in nasty if path.name != COSTLY]
    assert len(pages) > 40
    found = here("inspect", "page", *pages).succeeded().objects()
    assert [row["file"] for row in found] == [str(path) for path in pages]
    assert [row for row in found if "error" in row] == []
    assert next(row for row in found if row["file"].endswith("/normal"))["rejected"] is None


@pytest.mark.slow
def test_a_page_of_a_hundred_thousand_attributes_gives_an_object_too(nasty: list[Path]) -> None:
    (page,) = [path for path in nasty if path.name == COSTLY]
    (found,) = here("inspect", "page", page).succeeded().objects()
    assert found["title"] == "Council approves budget" or found["rejected"]


def test_feeds_of_hostile_pages_are_errors_and_no_crash(nasty: list[Path]) -> None:
    found = here("inspect", "feed", *[path for path in nasty if path.name != COSTLY]).succeeded().objects()
    assert all(list(row) == ["file", "format", "entries", "error"] for row in found)
    assert [Path(row["file"]).name for row in found if row["error"] is None] == ["xml_rss"]
