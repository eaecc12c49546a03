"""The URL key: one string for all the addresses of one page. It is for comparing, never for fetching.

Rules are data, and each carries the outlet or specification that forced it. Paths are never lower-cased, and
unknown query parameters stay, because outlets identify stories by them.
"""

import contextlib
import re
from urllib.parse import parse_qsl, quote, unquote, urlsplit

RULE_VERSION = "url-1"
_MOST_ROUNDS = 8  # forms within forms: an AMP cache of a redirector to a print page

# Parameters that say how a reader came, not what is read.
_TRACKING_PREFIXES = (
    "utm_", "at_", "pk_", "piwik_", "matomo_", "mtm_", "hsa_", "stm_", "wt_", "ns_", "sc_", "ga_", "__twitter_",
    "_hs", "vero_", "oly_", "trk_", "nr_",
)  # fmt: skip
_TRACKING = frozenset({
    "fbclid", "gclid", "dclid", "gbraid", "wbraid", "msclkid", "yclid", "twclid", "igshid", "igsh", "mc_cid", "mc_eid",
    "mkt_tok", "rss", "cmp",
    "cmpid", "icid", "ito", "xtor", "wtrid", "wtmc", "origin", "taid", "index_ref", "smid", "smtyp",
    "spm", "ftag", "ocid", "ncid", "sr_share", "share", "shareid", "socialreferrer", "sh", "via",
    "this_affiliate", "affiliate", "partner", "referrer", "referer", "mbid", "guccounter", "guce_referrer",
    "sref", "intcmp", "intcid", "traffic_source", "campaign", "campaign_id", "echobox", "_ga", "_gl",
    "sessionid", "phpsessid", "jsessionid", "sid_session", "cx_ref", "feature_ref", "pos", "outputtype",
})  # fmt: skip
# `ref` is a story id on some outlets (article.jsp?ref=11) and a trace on others (repubblica.it: ref=RHLF-BG-I1).
_REF_TRACE = re.compile(r"[A-Za-z_-]")
# The same story in another form: amp=1, print=true (generic), seite=all (heise.de), view=print.
_FORMS: dict[str, set[str] | None] = {
    "amp": None, "print": None, "printable": None, "printview": None, "mobile": None, "outputmode": None,
    "seite": {"all", "1"}, "page": {"all"}, "view": {"print", "amp", "all"}, "output": {"amp"}, "singlepage": None,
}  # fmt: skip

_HOST_PREFIX = re.compile(r"^(?:www\d?|amp|m|mobile|mobil)\.")  # amp.dw.com, m.bild.de, mobile.nytimes.com
_HOST_LANGUAGE_MOBILE = re.compile(r"^([a-z]{2})\.m\.")  # de.m.wikipedia.org
_AMP_CDN = re.compile(r"^/(?:[cv]/)?(?:s/)?([^/]+\.[^/]+)(/.*)?$")  # cdn.ampproject.org/c/s/www.politico.eu/…
_AMP_FIRST = re.compile(r"^/amp/(?=.)")
_AMP_SEGMENT = re.compile(r"(?<=/)amp/(?=[^/])")  # bbc.com/news/amp/technology-…
_AMP_LAST = re.compile(r"(?:/(?:amp|print|index\.amp\.html)/?|-amp|\.amp)$")  # spiegel.de …-amp, g4media.ro ….html/amp
_AMP_HTML = re.compile(r"\.amp(?=\.html?$)")
_SESSION_PATH = re.compile(r";(?:jsessionid|phpsessid)=[^/?]*", re.IGNORECASE)
_INDEX = re.compile(r"(?<=/)(?:index|default)\.(?:html?|php|aspx?|jsp)$", re.IGNORECASE)
_BROKEN_SCHEME = re.compile(r"^(https?):/*", re.IGNORECASE)  # "http:/www.mysite.com/", "http:\\www…"
_CDATA = re.compile(r"^<!\[CDATA\[(.*)\]\]>$", re.DOTALL)  # feeds that escape twice
_SAFE_IN_PATH = "!$&'()*+,;=:@/~"
_REDIRECTORS = {"www.google.com": ("/url", ("q", "url")), "l.facebook.com": ("/l.php", ("u",))}
_DEFAULT_PORTS = {"http": 80, "https": 443}
# A fragment is an address of its own only in hash routes ("#!/article/10", "#/article/10").
_HASH_ROUTE = re.compile(r"^!?/")


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
    target = _behind_redirector(host, parts.path, parts.query) or _behind_amp_cdn(host, parts.path, parts.query)
    if target:
        return target.partition("://")[2]
    key_host = (f"[{host}]" if ":" in host else _host(host)) + (
        f":{port}" if port and port not in _DEFAULT_PORTS.values() else ""
    )
    query = _query(parts.query)
    fragment = f"#{parts.fragment}" if _HASH_ROUTE.match(parts.fragment) else ""
    return key_host + _path(parts.path) + (f"?{query}" if query else "") + fragment


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
    url = re.sub(r"[\t\r\n]", "", url)
    return _BROKEN_SCHEME.sub(lambda m: m.group(1).lower() + "://", url)


def _behind_redirector(host: str, path: str, query: str) -> str | None:
    rule = _REDIRECTORS.get(host)
    if rule is None or path != rule[0]:
        return None
    values = dict(parse_qsl(query))
    return next((values[name] for name in rule[1] if is_http(values.get(name, ""))), None)


def _behind_amp_cdn(host: str, path: str, query: str) -> str | None:
    if not host.endswith(".cdn.ampproject.org"):
        return None
    found = _AMP_CDN.match(path)
    return f"https://{found.group(1)}{found.group(2) or '/'}?{query}" if found else None


def _host(host: str) -> str:
    host = host.rstrip(".").lower()
    with contextlib.suppress(UnicodeError):  # a label that IDNA refuses stays as written
        host = host.encode("idna").decode("ascii")
    host = _HOST_LANGUAGE_MOBILE.sub(r"\1.", host)
    while (shorter := _HOST_PREFIX.sub("", host)) != host and "." in shorter:
        host = shorter
    return host


def _path(path: str) -> str:
    path = _SESSION_PATH.sub("", path)
    path = quote(unquote(path, errors="surrogateescape"), safe=_SAFE_IN_PATH, errors="surrogateescape")
    path = re.sub(r"/{2,}", "/", path)
    path = _AMP_HTML.sub("", _AMP_LAST.sub("", _AMP_SEGMENT.sub("", _AMP_FIRST.sub("/", path))))
    path = _INDEX.sub("", path)
    return path.rstrip("/")


def _query(query: str) -> str:
    pairs = parse_qsl(query, keep_blank_values=True)
    kept = sorted((k, v) for k, v in pairs if not _is_trace(k, v) and not _is_form(k, v))
    return "&".join(f"{quote(k, safe='')}={quote(v, safe='')}" if v else quote(k, safe="") for k, v in kept)


def _is_trace(name: str, value: str) -> bool:
    lower = name.lower()
    if lower in {"ref", "ref_src", "source"}:
        return lower == "ref_src" or bool(_REF_TRACE.search(value))
    return lower in _TRACKING or lower.startswith(_TRACKING_PREFIXES)


def _is_form(name: str, value: str) -> bool:
    if name.lower() not in _FORMS:
        return False
    values = _FORMS[name.lower()]
    return values is None or value.lower() in values
