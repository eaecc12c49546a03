"""The URL key: one string for all the addresses of one page. It is for comparing, never for fetching.

The rules are data (core/url_rules.py). Paths are never lower-cased, and unknown query parameters stay, because
outlets identify stories by them.
"""

import re
import unicodedata
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from pipelines.core.url_rules import (
    HASH_ROUTE,
    HOST_FORMS,
    PAGE_PART,
    PARAMETERS,
    PATH_FORMS,
    PATH_WRAPPERS,
    RULE_VERSION,
    WRAPPERS,
    Form,
    Parameters,
)

__all__ = ["RULE_VERSION", "is_http", "is_same_site", "page_key", "url_key"]

_MOST_ROUNDS = 8  # forms within forms: an AMP cache of a redirector to a print page
_BROKEN_SCHEME = re.compile(r"^(https?):/*", re.IGNORECASE)  # "http:/www.mysite.com/", "http:\\\\www…"
_CDATA = re.compile(r"^<!\[CDATA\[(.*)\]\]>$", re.DOTALL)  # feeds that escape twice
_ESCAPED_AND = re.compile(r"&(?:amp|#0*38|#x0*26);", re.IGNORECASE)  # the same feeds, and WordPress
_SAFE_IN_PATH = "!$&'()*+,;=:@/~"
_DEFAULT_PORTS = {"http": 80, "https": 443}
# IDNA 2003, which Python's codec speaks, makes "ss" of these; in 2008 they are letters of their own (RFC 5894 7.2).
_OF_2008 = frozenset("ßς\u200c\u200d")


def _by_name(rules: tuple[Parameters, ...]) -> tuple[dict[str, list[Parameters]], list[tuple[str, Parameters]]]:
    """The rules by parameter, and those for whatever begins with some letters."""
    exact: dict[str, list[Parameters]] = {}
    prefixes = []
    for rule in rules:
        for name in rule.names:
            if name.endswith("*"):
                prefixes.append((name[:-1], rule))
            else:
                exact.setdefault(name, []).append(rule)
    return exact, prefixes


_EXACT, _PREFIXES = _by_name(PARAMETERS)


def url_key(url: str) -> str | None:
    """The key of an http or https URL, `host/path?query`, or None if it is not one.

    Idempotent when the key is read as a URL again (`url_key("http://" + key) == key`): the rules are applied until
    they change nothing, and an address that they never come to rest on has no key.
    """
    if any("\ud800" <= c <= "\udfff" for c in url):  # half a character cannot be stored
        return None
    key = _key_of(url)
    for _ in range(_MOST_ROUNDS):
        again = _key_of(f"http://{key}") if key else None
        if key is None or again == key:
            return key
        key = again
    return None


def _key_of(url: str) -> str | None:
    """One round of all rules."""
    repaired = _repaired(url)
    try:
        parts = urlsplit(repaired)
        host, port = parts.hostname, parts.port
    except ValueError:  # a broken IPv6 literal or port
        return None
    scheme = parts.scheme.lower()
    if scheme not in _DEFAULT_PORTS or not host:
        return None
    target = _wrapped(host, parts.path, parts.query)
    if target:
        return target.partition("://")[2]
    key_host = (f"[{host}]" if ":" in host else _host(host)) + (
        f":{port}" if port and port not in _DEFAULT_PORTS.values() else ""
    )
    query = _query(parts.query, key_host)
    tells = HASH_ROUTE.match(parts.fragment) or PAGE_PART.match(parts.fragment)
    fragment = f"#{parts.fragment}" if tells else ""
    return key_host + _path(parts.path) + (f"?{query}" if query else "") + fragment


def page_key(key: str) -> str:
    """The key of the page that a key's address is on: without the part that it names of a running page."""
    page, mark, fragment = key.partition("#")
    return page if mark and PAGE_PART.match(fragment) else key


def is_http(url: str) -> bool:
    """True for an absolute http or https URL with a host."""
    try:
        parts = urlsplit(url)
        return parts.scheme in _DEFAULT_PORTS and bool(parts.hostname)
    except ValueError:
        return False


def is_same_site(one: str, other: str) -> bool:
    """True where two URLs share a host but for the forms of `www.`, `m.` and `amp.`."""
    hosts = [urlsplit(u).hostname for u in (one, other)]
    return None not in hosts and len({_host(h) for h in hosts if h}) == 1


def _repaired(url: str) -> str:
    url = url.strip()
    cdata = _CDATA.match(url)
    url = (cdata.group(1) if cdata else url).strip().replace("\\", "/")
    url = _ESCAPED_AND.sub("&", re.sub(r"[\t\r\n]", "", url))
    return _BROKEN_SCHEME.sub(lambda m: m.group(1).lower() + "://", url)


def _wrapped(host: str, path: str, query: str) -> str | None:
    """The address that this one holds, in a parameter or in its path; None: none."""
    for wrapper in WRAPPERS:
        if wrapper.host.fullmatch(host) and path.startswith(wrapper.path):
            values = dict(parse_qsl(query))
            return next((values[name] for name in wrapper.names if is_http(values.get(name, ""))), None)
    for hosts, paths, _ in PATH_WRAPPERS:
        found = paths.match(path) if hosts.fullmatch(host) else None
        if found:
            return f"https://{found.group(1)}{found.group(2) or '/'}?{query}"
    return None


def _host(host: str) -> str:
    host = ".".join(_label(label) for label in host.rstrip(".").lower().split("."))
    while (shorter := _changed(host, HOST_FORMS)) != host:
        host = shorter
    return host


def _label(label: str) -> str:
    """A label of a host as it is asked for; one that no rule encodes stays as written."""
    if label.isascii():
        return label
    try:
        if _OF_2008 & set(label):
            return "xn--" + unicodedata.normalize("NFC", label).encode("punycode").decode("ascii")
        return label.encode("idna").decode("ascii")
    except UnicodeError:
        return label


def _changed(text: str, forms: tuple[Form, ...]) -> str:
    for form in forms:
        text = form.pattern.sub(form.instead, text)
    return text


def _path(path: str) -> str:
    path = unicodedata.normalize("NFC", unquote(path, errors="surrogateescape"))
    path = quote(path.strip(), safe=_SAFE_IN_PATH, errors="surrogateescape")
    return _changed(_without_dots(path), PATH_FORMS).rstrip("/")


def _without_dots(path: str) -> str:
    """Without the segments that lead nowhere, as every client asks for it (RFC 3986 5.2.4)."""
    if "/." not in path:
        return path
    kept: list[str] = []
    for segment in path.split("/"):
        if segment == "..":
            kept = kept[:-1] if len(kept) > 1 else kept
        elif segment != ".":
            kept.append(segment)
    return "/".join(kept)


def _query(query: str, host: str) -> str:
    pairs = parse_qsl(query, keep_blank_values=True)
    said = [(unicodedata.normalize("NFC", k), unicodedata.normalize("NFC", v)) for k, v in pairs]
    kept = sorted((k, v) for k, v in said if not _says_nothing(k, v, host))
    return "&".join(f"{quote(k, safe='')}={quote(v, safe='')}" if v else quote(k, safe="") for k, v in kept)


def _says_nothing(name: str, value: str, host: str) -> bool:
    """True for a parameter that tells no two pages apart."""
    lower = name.lower()
    rules = [*_EXACT.get(lower, ()), *(rule for prefix, rule in _PREFIXES if lower.startswith(prefix))]
    return any(
        (rule.host is None or rule.host == host) and (rule.values is None or rule.values.search(value))
        for rule in rules
    )
