"""`presswatch inspect`: single steps on files, for debugging and for measuring quality. JSON lines out."""

import gzip
import io
import json
import sys
import zlib
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from pipelines.adapters.feeds import parse_feed
from pipelines.adapters.pages import read_page
from pipelines.adapters.warehouse import as_json
from pipelines.cli.call import call
from pipelines.config import Sources, load_sources
from pipelines.core import duplicates, stories
from pipelines.core.dates import read_date
from pipelines.core.deciding import PROMPT
from pipelines.core.lines import LineMemory, without
from pipelines.core.matching import Watch
from pipelines.core.metadata import host_names
from pipelines.core.nouns import ClusterItem, Page
from pipelines.core.page_kinds import quality, too_short
from pipelines.core.reasons import Rejected
from pipelines.core.url_key import url_key
from pipelines.monitor import opinion_of
from pipelines.shipped import shipped
from pipelines.stages.second_opinion import SecondOpinion, Text, decide

inspect_app = typer.Typer(no_args_is_help=True, help="Single steps on files. `-` is standard input.")
Row = dict[str, Any]
_MOST_FILE_BYTES = 20_000_000
Files = Annotated[list[str], typer.Argument(help="Files; - is standard input.")]


@inspect_app.command(epilog="Example: presswatch inspect feed news.xml", name="feed")
def inspect_feed(files: Files) -> None:
    """Feed documents, bytes as served, to entries."""
    _each(files, _feed)


@inspect_app.command(epilog="Example: presswatch inspect page page.html.gz --url https://example.org/1", name="page")
def inspect_page(files: Files, url: Annotated[str | None, typer.Option(help="Address of the page.")] = None) -> None:
    """HTML pages (.gz allowed, or JSON lines of file and url) to articles.

    Lines that two pages of one host share are not the articles': so all are read before the first is told.
    """
    read = [_page_row(file, address) for file, address in _pages(files, url)]
    memories: defaultdict[str, LineMemory] = defaultdict(LineMemory)
    for host, row in read:
        if host and row.get("text"):
            memories[host].add(row["text"])
    repeated = {host: memory.repeated() for host, memory in memories.items()}
    for host, row in read:
        _write(_without_repeated(row, repeated.get(host or "", frozenset())))


@inspect_app.command(epilog="Example: presswatch inspect url https://amp.example.org/news/1?utm_source=x", name="url")
def inspect_url(
    urls: Annotated[list[str], typer.Argument(help="Addresses; - reads them from standard input.")],
) -> None:
    """Addresses to their canonical form, by which they are compared."""
    for url in _arguments(urls):
        _write({"url": url, "canonical": url_key(url)})


@inspect_app.command(epilog="Example: presswatch inspect match items.jsonl", name="match")
def inspect_match(files: Files) -> None:
    """Items of id, lang, title, text to topics with evidence, by the topics of --sources."""
    sources = _sources()
    watch, opinion = sources.watch(), opinion_of(sources)
    for row, error in _json_lines(files):
        if row is None:
            _write({"id": None, "error": error})
        else:
            _emit({"id": row.get("id")}, partial(_matched, watch, opinion, row))


@inspect_app.command(epilog="Example: presswatch inspect cluster articles.jsonl", name="cluster")
def inspect_cluster(files: Files) -> None:
    """Articles to duplicates and stories."""
    items: list[tuple[Any, ClusterItem]] = []
    for row, error in _json_lines(files):
        if row is None:
            _write({"id": None, "error": error})
            continue
        try:
            items.append((row.get("id"), _cluster_item(row, len(items) + 1)))
        except (TypeError, ValueError, KeyError) as wrong:
            _write({"id": row.get("id"), "error": f"{type(wrong).__name__}: {wrong}"})
    for answer in _clustered(items):
        _write(answer)


def _each(files: Iterable[str], read: Callable[[str], Row]) -> None:
    for file in files:
        _emit({"file": file}, partial(read, file))


def _emit(named: Row, work: Callable[[], Row]) -> None:
    _write({**named, **_answer(work)})


def _answer(work: Callable[[], Row]) -> Row:
    """One object for one input; what goes wrong with it is in `error`, and the rest goes on."""
    try:
        return work()
    except (OSError, ValueError, EOFError, TypeError, zlib.error) as failed:
        return {"error": f"{type(failed).__name__}: {failed}"[:300]}


def _write(row: Row) -> None:
    # Half a character cannot be written as UTF-8; escaped, as `main` has standard output do, it is JSON and the same.
    sys.stdout.write(as_json(row) + "\n")


def _bytes(file: str) -> bytes:
    """A file's bytes, unpacked if they are gzip, up to a limit: a bomb is not unpacked beyond it."""
    raw = sys.stdin.buffer.read(_MOST_FILE_BYTES) if file == "-" else _read_file(file)
    if raw[:2] == b"\x1f\x8b":
        with gzip.open(io.BytesIO(raw), "rb") as packed:
            raw = packed.read(_MOST_FILE_BYTES)
    return raw[:_MOST_FILE_BYTES]


def _read_file(file: str) -> bytes:
    with Path(file).open("rb") as opened:
        return opened.read(_MOST_FILE_BYTES)


def _feed(file: str) -> Row:
    now = datetime.now(UTC)
    parsed = parse_feed(_bytes(file), url="", now=now)
    if isinstance(parsed, Rejected):
        return {"format": None, "entries": [], "error": f"{parsed.reason}: {parsed.detail}"}
    entries = [
        {"id": e.declared_id, "url": e.url, "title": e.title, "summary": e.summary,
         "published_at": e.published.declared, "date_source": e.published.source, "author": e.author}
        for e in parsed.entries
    ]  # fmt: skip
    return {"format": parsed.format, "entries": entries, "error": None}


def _pages(files: Iterable[str], url: str | None) -> Iterator[tuple[str | None, str | None]]:
    """Files and their addresses; for a line that names no file, None and what is wrong with it."""
    for file in files:
        if not file.endswith((".jsonl", ".ndjson")):
            yield file, url
            continue
        for row, error in _json_lines([file]):
            if row is None:
                yield None, error
                continue
            try:
                named, address = _text(row, "file"), _text(row, "url")
            except TypeError as wrong:
                yield None, f"TypeError: {wrong}"
                continue
            yield (None, "no file in this line") if named is None else (named, address)


def _page_row(file: str | None, address: str | None) -> tuple[str | None, Row]:
    """The host whose page it is, as far as that is known, and what is told of it."""
    if file is None:
        return None, {"file": None, "error": address}
    answer = _answer(partial(_page, file, address))
    names = host_names(address or answer.get("canonical_url") or "")
    return names[0] if names else None, {"file": file, **answer}


def _without_repeated(row: Row, drop: Collection[int]) -> Row:
    """A page without the lines that its host repeats, judged again by what is left."""
    before = row.get("text") or ""
    text, _ = without(before, drop)
    if text == before:
        return row
    short = too_short(text)
    worth = quality(text, has_title=row["title"] is not None, has_date=row["published_at"] is not None)
    rejected = row["rejected"] or (short.reason if short else None)
    return {**row, "text": text or None, "quality": worth, "rejected": rejected}


def _page(file: str, url: str | None) -> Row:
    body = _bytes(file)
    reading = read_page(Page(url=url or "", final_url=url or "", body=body), None, prior=None, now=datetime.now(UTC))
    a = reading.article
    return {
        "title": a.title,
        "text": a.text or None,
        "authors": list(a.authors),
        "published_at": a.published.declared,
        "date_source": a.published.source,
        "language": a.language,
        "canonical_url": a.canonical_url,
        "paywalled": a.is_paywalled,
        "quality": a.quality,
        "rejected": reading.rejected.reason if reading.rejected else None,
    }


def _sources() -> Sources:
    """The sources named, or the shipped ones where there is no such file here."""
    path = call.settings.sources
    return load_sources(path if path.exists() else shipped("sources.yaml"))


def _matched(watch: Watch, opinion: SecondOpinion | None, row: Row) -> Row:
    text = Text(title=row.get("title"), text=row.get("text") or "", language=row.get("lang"))
    (verdict,) = decide(watch, opinion, [text])
    topics = verdict.topics
    return {
        "relevant": bool(topics),
        "score": max((t.score for t in topics), default=0.0),
        "topics": [t.topic for t in topics],
        "evidence": [
            {"topic": t.topic, "words": e.words, "part": e.part, "start": e.start, "end": e.end}
            for t in topics
            for e in t.evidence
            if e.part != PROMPT  # it stands nowhere in the item
        ],
    }


def _text(row: Row, name: str) -> str | None:
    """A field that is text, or absent.

    Raises:
        TypeError: it is something else.
    """
    value = row.get(name)
    if value is not None and not isinstance(value, str):
        raise TypeError(f"{name} is no text but {type(value).__name__}")
    return value


def _cluster_item(row: Row, number: int) -> ClusterItem:
    published = read_date(_text(row, "published_at"), datetime.now(UTC), "given")
    url = _text(row, "url")
    return ClusterItem(
        article_id=number,
        outlet_id=str(row.get("outlet") or ""),
        publisher=str(row.get("publisher") or ""),
        language=_text(row, "lang"),
        title=_text(row, "title") or "",
        text=_text(row, "text") or "",
        published_at=published.at,
        published_day=published.day or (published.at.date() if published.at else None),
        url_key=(url_key(url) or "") if url else "",
    )


def _clustered(items: list[tuple[Any, ClusterItem]]) -> Iterator[Row]:
    """Twins by URL key, then copies by text, then stories of each language."""
    names = {item.article_id: name for name, item in items}
    first: dict[str, int] = {}
    twins = {i.article_id: first.setdefault(i.url_key, i.article_id) for _, i in items if i.url_key}
    twins = {one: other for one, other in twins.items() if one != other}
    articles = [i for _, i in items if i.article_id not in twins]
    copies = {c.article_id: c for c in duplicates.find_copies(articles)}
    story_of: dict[int, int] = {}
    for language in sorted({i.language for i in articles}, key=str):
        links = stories.cluster([i for i in articles if i.language == language]).links
        story_of |= {link.article_id: link.story_id for link in links}
    labels = _labels(names)
    for name, item in items:
        twin, copy = twins.get(item.article_id), copies.get(item.article_id)
        original = twin if twin is not None else copy.original_id if copy else None
        yield {
            "id": name,
            "duplicate_of": names[original] if original is not None else None,
            "rule": "same_url" if twin is not None else copy.rule if copy else None,
            "score": 1.0 if twin is not None else copy.score if copy else None,
            "story": labels[story_of[twin if twin is not None else item.article_id]],
        }


def _labels(names: dict[int, Any]) -> dict[int, str]:
    """A story is named after its first article; where ids repeat, with that article's place in the input."""
    often = Counter(str(name) for name in names.values())
    return {number: str(name) if often[str(name)] == 1 else f"{name}#{number}" for number, name in names.items()}


def _arguments(values: Iterable[str]) -> Iterator[str]:
    for value in values:
        if value == "-":
            yield from (line.rstrip("\n") for line in sys.stdin if line.strip())
        else:
            yield value


def _json_lines(files: Iterable[str]) -> Iterator[tuple[Row | None, str | None]]:
    """Objects of JSON lines; for a line that is none, what is wrong with it."""
    for file in files:
        try:
            text = sys.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8", errors="replace")
        except OSError as failed:
            yield None, f"{file}: {failed.strerror}"
            continue
        # Not splitlines: U+2028 and U+0085 may stand inside a JSON text.
        for number, line in enumerate(text.split("\n"), 1):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
            except (ValueError, RecursionError) as wrong:
                yield None, f"{file}:{number}: not JSON: {wrong}"
                continue
            yield (row, None) if isinstance(row, dict) else (None, f"{file}:{number}: not an object")
