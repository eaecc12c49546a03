"""HTTP as values: a request, a response, and the rules that join them (validators, 304, gzip).

Content + Request -> answer() -> Response
"""

import gzip
import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime, parsedate_to_datetime

_WORTH_COMPRESSING = 200  # bytes; below, gzip only makes a body longer


@dataclass(frozen=True, slots=True)
class Request:
    """A GET as the press sees it. Header names are lower-case."""

    host: str
    path: str
    query: str = ""
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Response:
    """What the press says. `drip` is the pause in seconds after each byte of the body; 0 sends it at once."""

    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    drip: float = 0.0

    def header(self, name: str) -> str | None:
        """The first header of that name, in any case."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """A document before anybody asked for it: its bytes, their type and the moment of its last change."""

    body: bytes
    content_type: str
    changed_at: datetime
    max_age: int | None = None  # seconds
    drip: float = 0.0


def answer(request: Request, content: Content) -> Response:
    """200 with the content, or 304 if the request's validators say that the client has it."""
    zipped = _accepts_gzip(request) and len(content.body) > _WORTH_COMPRESSING
    etag = _etag(content.body, zipped=zipped)
    validators = _validators(content, etag)
    if _is_fresh(request, etag, content.changed_at):
        return Response(status=304, headers=validators)
    headers = (("Content-Type", content.content_type), *validators)
    if not zipped:
        return Response(status=200, headers=headers, body=content.body, drip=content.drip)
    # mtime=0: the same content is the same bytes at any real time.
    body = gzip.compress(content.body, mtime=0)
    return Response(status=200, headers=(*headers, ("Content-Encoding", "gzip")), body=body, drip=content.drip)


def note(status: int, text: str, *headers: tuple[str, str]) -> Response:
    """A short plain answer, without validators: errors and redirects."""
    return Response(
        status=status,
        headers=(("Content-Type", "text/plain; charset=utf-8"), *headers),
        body=f"{text}\n".encode(),
    )


def is_conditional(request: Request) -> bool:
    """True if the client asks for news only."""
    return "if-none-match" in request.headers or "if-modified-since" in request.headers


def http_date(moment: datetime) -> str:
    """An aware UTC moment as HTTP writes it, e.g. `Tue, 10 Nov 2026 17:30:00 GMT`."""
    return format_datetime(moment, usegmt=True)


def _validators(content: Content, etag: str) -> tuple[tuple[str, str], ...]:
    headers = (("ETag", etag), ("Last-Modified", http_date(content.changed_at)), ("Vary", "Accept-Encoding"))
    if content.max_age is None:
        return headers
    return (*headers, ("Cache-Control", f"max-age={content.max_age}"))


def _etag(body: bytes, *, zipped: bool) -> str:
    """A strong validator. It names the bytes sent, so the compressed form has its own (RFC 9110, 8.8.3)."""
    digest = hashlib.sha256(body).hexdigest()[:20]
    return f'"{digest}-gzip"' if zipped else f'"{digest}"'


def _is_fresh(request: Request, etag: str, changed_at: datetime) -> bool:
    """RFC 9110, 13.2.2: If-Modified-Since counts only where there is no If-None-Match."""
    known = request.headers.get("if-none-match")
    if known is not None:
        tags = {tag.strip().removeprefix("W/") for tag in known.split(",")}
        return "*" in tags or etag in tags
    since = _read_http_date(request.headers.get("if-modified-since"))
    return since is not None and changed_at <= since


def _read_http_date(raw: str | None) -> datetime | None:
    try:
        read = parsedate_to_datetime(raw) if raw else None
    except ValueError:
        return None
    return read if read is not None and read.tzinfo is not None else None


def _accepts_gzip(request: Request) -> bool:
    for offer in request.headers.get("accept-encoding", "").lower().split(","):
        name, _, weight = offer.partition(";")
        if name.strip() in {"gzip", "x-gzip", "*"}:
            return weight.replace(" ", "") not in {"q=0", "q=0.0", "q=0.00", "q=0.000"}
    return False
