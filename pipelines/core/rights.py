"""What a host reserves of text and data mining: the TDM Reservation Protocol (W3C community report, 2024-05).

Three places say so: `/.well-known/tdmrep.json`, a response header and a meta element. Whoever reserves is heard.
"""

import json
import re
from collections.abc import Iterable
from urllib.parse import urlsplit

PERMITTED = "tdm-permitted"  # the value of `rights` in sources.yaml for outlets that gave their permission
RESERVED = "tdm-reserved"  # and for those whose terms reserve it, whatever their servers say
_MOST_RULES = 1_000
_MOST_PATTERN = 2_000
_MOST_WILDCARDS = 5


def reservation(body: str | None, url: str) -> bool | None:
    """Whether a `tdmrep.json` reserves an address.

    The longest matching `location` decides, as the longest path does in robots.txt (RFC 9309 2.2.2).

    Args:
        body: the file; None if the host has none.
        url: the page's address.

    Returns:
        None where the file says nothing about it, or cannot be read.
    """
    parts = urlsplit(url)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    matching = [(len(location), reserved) for location, reserved in _rules(body) if _matches(location, path)]
    return max(matching)[1] if matching else None


def _rules(body: str | None) -> Iterable[tuple[str, bool]]:
    try:
        listed = json.loads(body or "[]")
    except (ValueError, RecursionError):
        return
    for rule in (listed if isinstance(listed, list) else [listed])[:_MOST_RULES]:
        if not isinstance(rule, dict):
            continue
        location, reserved = rule.get("location"), rule.get("tdm-reservation")
        if isinstance(location, str) and len(location) <= _MOST_PATTERN and reserved in {0, 1, "0", "1"}:
            yield location, reserved in {1, "1"}


def _matches(location: str, path: str) -> bool:
    """`*` stands for anything and a last `$` for the end, as in robots.txt."""
    pieces = re.split(r"\*+", location.removesuffix("$"))
    if len(pieces) > _MOST_WILDCARDS:
        return True  # nobody writes so; whoever does is heard
    pattern = ".*?".join(re.escape(piece) for piece in pieces)
    return re.match(pattern + ("$" if location.endswith("$") else ""), path) is not None
