"""Images, scripts, styles and fonts that pages point to: the smallest valid body of each type.

A client of text must never ask for them. They are answered all the same, so that a test which forbids such requests
fails by what it finds in the log and not by an error that hides the request.
"""

from functools import cache
from pathlib import Path, PurePosixPath

_FOLDER = Path(__file__).parent / "stand_ins"
_TYPES = {
    ".png": "image/png",
    ".gif": "image/gif",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".webp": "image/webp",
    ".avif": "image/avif",
    ".ico": "image/x-icon",
    ".svg": "image/svg+xml",
    ".css": "text/css",
    ".js": "text/javascript",
    ".mjs": "text/javascript",
    ".woff": "font/woff",
    ".woff2": "font/woff2",
    ".ttf": "font/ttf",
}
_SAME = {".jpeg": ".jpg", ".mjs": ".js"}


def stand_in(path: str) -> tuple[str, bytes] | None:
    """Content type and body for such a path; None if it looks like none of them."""
    suffix = PurePosixPath(path).suffix.lower()
    return (_TYPES[suffix], _body(_SAME.get(suffix, suffix))) if suffix in _TYPES else None


@cache
def _body(suffix: str) -> bytes:
    return (_FOLDER / f"tiny{suffix}").read_bytes()
