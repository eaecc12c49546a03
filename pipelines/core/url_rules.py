"""The rules of the URL key, as data: what of an address says how a reader came, or in which form a page is shown.

Each rule carries the outlet, service or specification that forced it. Parameters that no rule names stay, because
outlets tell stories apart by them (`?id=`, `?p=`, `?sid=`).
"""

import re
from dataclasses import dataclass

RULE_VERSION = (
    "url-2"  # 2: forms of more outlets, values that tell a trace from an id, IDNA 2008, parts of running pages
)


@dataclass(frozen=True, slots=True)
class Parameters:
    """Query parameters that are no part of a page's identity.

    Attributes:
        names: in lower case; a `*` at the end stands for any rest.
        forced_by: who uses them.
        values: only where the value matches; None: whatever it is.
        host: only on this host; None: everywhere.
    """

    names: tuple[str, ...]
    forced_by: str
    values: re.Pattern[str] | None = None
    host: str | None = None


@dataclass(frozen=True, slots=True)
class Wrapper:
    """An address that holds another in a parameter.

    Attributes:
        host: matches the whole host.
        path: matches the beginning of the path.
        names: the parameters, the likeliest first.
    """

    host: re.Pattern[str]
    path: str
    names: tuple[str, ...]
    forced_by: str


@dataclass(frozen=True, slots=True)
class Form:
    """A form of a page by its host or path: what matches is replaced."""

    pattern: re.Pattern[str]
    instead: str
    forced_by: str


def _rule(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


_WITH_LETTERS = _rule(r"[a-z_-]")  # "RHLF-BG-I1" is a trace; "11" is a story's number
_CHANNEL = _rule(
    r"^(?:rss|feed|atom|twitter|tw|facebook|fb|linkedin|whatsapp|telegram|bluesky|mastodon|reddit|instagram|threads|google"
    r"|bing|yahoo|msn|flipboard|e?mail|newsletter|nl|push|app|social|soc|share|sharing|homepage|home|hp|teaser|related"
    r"|search|desktop|mobile)(?![a-z])"
)
_OF_ALL = _rule(r"^(?:all|alles|toutes?|full)$")
_FORM_NAMES = _rule(r"^(?:amp|print|printable|printer|mobile)$")

PARAMETERS = (
    Parameters(("utm_*", "utm"), "every newsletter (Urchin, Google Analytics)"),
    Parameters(("ga_*", "_ga", "_gl", "gclid", "dclid", "gbraid", "wbraid", "gclsrc", "gad_*", "srsltid"),
               "google.com"),
    Parameters(("fbclid", "fb_*"), "facebook.com"),
    Parameters(("msclkid", "ocid", "cvid"), "bing.com, msn.com"),
    Parameters(("yclid", "_openstat"), "yandex.ru"),
    Parameters(("twclid", "__twitter_*", "ref_src", "ref_url"), "twitter.com"),
    Parameters(("igshid", "igsh"), "instagram.com"),
    Parameters(("ttclid", "li_fat_id", "rdt_cid", "epik", "wickedid"),
               "tiktok.com, linkedin.com, reddit.com, pinterest.com"),
    Parameters(("guccounter", "guce_*", "ncid", "soc_*", ".tsrc"), "yahoo.com"),
    Parameters(("mc_cid", "mc_eid"), "Mailchimp"),
    Parameters(("mkt_tok", "trk_*", "trkcampaign", "vero_*", "oly_*", "elq", "elqtrackid", "sfmc_*", "dm_i", "_ke",
                "nlid"),
               "newsletters by Marketo, Vero, Omeda, Eloqua, Salesforce, dotdigital, Klaviyo"),
    Parameters(("_hs*", "__hs*", "hsa_*"), "HubSpot"),
    Parameters(("pk_*", "piwik_*", "matomo_*", "mtm_*"), "Matomo (epd.de, taz.de)"),
    Parameters(("at_*", "xtor", "xtref", "xtcr"), "bbc.com, lemonde.fr, francetvinfo.fr (AT Internet)"),
    Parameters(("wt_*", "wtrid", "wtmc"), "zeit.de, welt.de, tagesschau.de (Webtrekk)"),
    Parameters(("stm_*", "sc_*", "s_cid", "s_kwcid", "ns_*"), "spiegel.de, bbc.co.uk (Adobe, Comscore)"),
    Parameters(("cmp", "cmpid", "icid", "icmp", "intcmp", "intcid", "xcmp", "cx_ref", "feature_ref"),
               "theguardian.com, cnn.com, aljazeera.com"),
    Parameters(("ito",), "dailymail.co.uk"),
    Parameters(("taid",), "reuters.com"),
    Parameters(("nr_*", "pos"), "politico.eu"),
    Parameters(("maca",), "dw.com"),
    Parameters(("index_ref",), "index.hr"),
    Parameters(("smid", "smtyp", "emc"), "nytimes.com"),
    Parameters(("reflink",), "wsj.com"),
    Parameters(("mbid",), "wired.com, vogue.com"),
    Parameters(("ftag", "spm", "sr_share", "shareid", "socialreferrer", "sharetype"),
               "cbsnews.com, alibaba.com, ft.com"),
    Parameters(("traffic_source", "campaign_id", "echobox"), "al-monitor.com, france24.com (Echobox)"),
    Parameters(("this_affiliate", "affiliate", "referrer", "referer", "sref", "rss"),
               "affiliates and feeds of many shops"),
    Parameters(("ref", "source", "origin", "share", "via", "sh", "partner", "campaign"),
               "repubblica.it (ref), yle.fi (origin), nytimes.com (partner), forbes.com (sh)", _WITH_LETTERS),
    Parameters(("from", "src", "feed", "mod", "medium", "channel"),
               "marketwatch.com, wsj.com (mod=rss_markets)", _CHANNEL),
    Parameters(("oc", "hl", "gl", "ceid"), "news.google.com", host="news.google.com"),
    Parameters(("phpsessid", "jsessionid", "sessionid", "session_id", "sessid", "sid_session", "aspsessionid*", "cfid",
                "cftoken", "oscsid", "zenid"), "servers that keep sessions in addresses (PHP, Java, ASP, ColdFusion)"),
    Parameters(("replytocom",), "WordPress: the page with its form opened"),
    Parameters(("amp", "amp_*", "_amp", "usqp"), "AMP (cnn.com, ampproject.org)"),
    Parameters(("print", "printable", "printview", "printer", "printerfriendly", "mobile"), "print and mobile forms"),
    Parameters(("outputtype",), "afp.com (Arc Publishing)"),
    Parameters(("outputmode",), "liberation.fr"),
    Parameters(("view", "mode", "output", "layout", "format", "display", "type"), "print and AMP forms", _FORM_NAMES),
    Parameters(("tmpl",), "Joomla: tmpl=component is its print form", _rule("^component$")),
    Parameters(("singlepage", "onepage"), "slate.com, vanityfair.com"),
    Parameters(("seite",), "heise.de: the whole story on one page, or its first", _rule("^(?:all|1)$")),
    Parameters(("page", "view"), "stories on one page (nzz.ch, golem.de)", _OF_ALL),
)  # fmt: skip

_GOOGLE = _rule(r"(?:www\.|news\.url\.)?google(?:\.[a-z]{2,3}){1,2}")
WRAPPERS = (
    Wrapper(_GOOGLE, "/url", ("q", "url"), "google.com"),
    Wrapper(_rule(r"(?:l|lm)\.facebook\.com"), "/l.php", ("u",), "facebook.com"),
    Wrapper(_rule(r"l\.(?:instagram|threads)\.(?:com|net)"), "/", ("u",), "instagram.com"),
    Wrapper(_rule(r"www\.bing\.com"), "/news/apiclick.aspx", ("url",), "bing.com"),
    Wrapper(_rule(r"(?:www\.)?duckduckgo\.com"), "/l/", ("uddg",), "duckduckgo.com"),
    Wrapper(_rule(r"(?:www\.)?linkedin\.com"), "/redir/redirect", ("url",), "linkedin.com"),
    Wrapper(_rule(r"out\.reddit\.com"), "/", ("url",), "reddit.com"),
    Wrapper(_rule(r"vk\.com"), "/away.php", ("to",), "vk.com"),
    Wrapper(_rule(r"slack-redir\.net"), "/link", ("url",), "slack.com"),
)
# Hosts whose path holds another address: cdn.ampproject.org/c/s/www.politico.eu/…, google.com/amp/s/www.rtl.de/…
PATH_WRAPPERS = (
    (_rule(r"(?:.+\.)?cdn\.ampproject\.org"), _rule(r"^/(?:[cv]/)?(?:s/)?([^/]+\.[^/]+)(/.*)?$"), "the AMP cache"),
    (_GOOGLE, _rule(r"^/amp/(?:s/)?([^/]+\.[^/]+)(/.*)?$"), "google.com shows AMP pages under its own host"),
)

HOST_FORMS = (
    Form(_rule(r"^(?:www\d?|amp|m|mobile|mobil|mobi|touch|wap)\.(?=.+\.)"), "",
         "amp.dw.com, m.bild.de, mobile.nytimes.com, m.delfi.lt"),
    Form(_rule(r"^([a-z]{2})\.m\."), r"\1.", "de.m.wikipedia.org"),
)  # fmt: skip
# In this order. A page and its form are one address; two stories never differ by these parts alone.
PATH_FORMS = (
    Form(_rule(r";(?:jsessionid|phpsessid)=[^/?]*"), "", "Java servers"),
    Form(_rule(r"^/\([A-Z]\([a-z0-9]{20,}\)\)(?=/)"), "", "ASP.NET sessions without cookies"),
    Form(re.compile(r"/{2,}"), "/", "templates that join paths carelessly"),
    Form(re.compile(r"^/(?:amp|print)/(?=.)"), "/", "theguardian.com, hurriyet.com.tr"),
    Form(re.compile(r"(?<=/)amp/(?=[^/])"), "", "bbc.com/news/amp/technology-…"),
    Form(re.compile(r"(?:/(?:amp|print|(?:index\.)?amp\.html|print\.html)/?|[-_.]amp)$"), "",
         "spiegel.de …-amp, g4media.ro ….html/amp"),
    Form(re.compile(r"[-_.]amp(?=\.html?$)"), "", "euronews.com, elpais.com"),
    Form(_rule(r"(?<=/)(?:index|default)\.(?:s?html?|php|aspx?|jsp|cfm)$"), "", "cnn.com …/index.html"),
)  # fmt: skip

# A fragment is an address of its own in hash routes, and where it names a part of a running page by a number. Others
# scroll, or say how a reader came ("#s=BoxOpMT" of gazeta.pl, "#xtor=RSS-1" of lemonde.fr).
HASH_ROUTE = re.compile(r"^!?/")
PAGE_PART = _rule(
    r"^(?:[a-z]+[-_])*(?:entry|eintrag|post|update|block|item|meldung|beitrag)[-_]?(?=[0-9a-f-]*\d)[0-9a-f-]{2,}$"
)
