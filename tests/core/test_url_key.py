"""The URL key: the same page has one key, two pages have two."""

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.core.url_key import is_http, is_same_site, page_key, url_key
from pipelines.core.url_rules import HOST_FORMS, PARAMETERS, PATH_FORMS, Form, Parameters

SAME = [
    # rule, an address, and the plain address of the same page
    (
        "a tracking tail (every newsletter)",
        "https://herald.example/n/1?utm_source=x&utm_medium=y",
        "herald.example/n/1",
    ),
    ("at_ campaign (bbc.com)", "https://herald.example/n/1?at_medium=RSS&at_campaign=rss", "herald.example/n/1"),
    ("xtor (lemonde.fr)", "https://herald.example/n/1.html?xtor=RSS-3208", "herald.example/n/1.html"),
    ("fbclid (facebook)", "https://herald.example/n/1?fbclid=abc", "herald.example/n/1"),
    ("wtrid (tagesschau, ard)", "https://herald.example/n/1?wtrid=rss.all", "herald.example/n/1"),
    ("a ref that is a trace (repubblica.it)", "https://herald.example/n/1?ref=RHLF-BG-I1", "herald.example/n/1"),
    ("session parameters (aspx shops of old)", "https://herald.example/n?PHPSESSID=1&id=4", "herald.example/n?id=4"),
    ("a session in the path (jsp)", "https://herald.example/n;jsessionid=AB12?id=4", "herald.example/n?id=4"),
    ("www", "https://www.herald.example/n/1", "herald.example/n/1"),
    ("mobile host (m.bild.de)", "https://m.herald.example/n/1", "herald.example/n/1"),
    ("mobile host (mobile.nytimes.com)", "https://mobile.herald.example/n/1", "herald.example/n/1"),
    ("amp host (amp.dw.com)", "https://amp.herald.example/n/1", "herald.example/n/1"),
    ("a mobile host of a language (de.m.wikipedia.org)", "https://de.m.lexicon.example/w", "de.lexicon.example/w"),
    ("amp in the path (bbc.com/news/amp)", "https://herald.example/news/amp/summit-1", "herald.example/news/summit-1"),
    ("amp first (theguardian style)", "https://herald.example/amp/news/1", "herald.example/news/1"),
    ("amp last (g4media.ro)", "https://herald.example/n/1.html/amp", "herald.example/n/1.html"),
    ("amp suffix (spiegel.de)", "https://herald.example/n/summit-a-77-amp", "herald.example/n/summit-a-77"),
    ("amp before the extension", "https://herald.example/n/1.amp.html", "herald.example/n/1.html"),
    ("amp parameter", "https://herald.example/n/1?amp=1", "herald.example/n/1"),
    ("amp parameter without a value", "https://herald.example/n/1?amp", "herald.example/n/1"),
    ("outputType (afp, arc publishing)", "https://herald.example/n/1/?outputType=amp", "herald.example/n/1"),
    ("print form", "https://herald.example/n/1?print=true", "herald.example/n/1"),
    ("print in the path", "https://herald.example/n/1/print", "herald.example/n/1"),
    ("all on one page (heise.de)", "https://herald.example/n/1?seite=all", "herald.example/n/1"),
    ("the AMP cache", "https://herald-example.cdn.ampproject.org/c/s/herald.example/n/1", "herald.example/n/1"),
    (
        "a redirector (google.com/url)",
        "https://www.google.com/url?q=https%3A%2F%2Fherald.example%2Fn%2F1&sa=U",
        "herald.example/n/1",
    ),
    (
        "a redirector (l.facebook.com)",
        "https://l.facebook.com/l.php?u=https%3A%2F%2Fherald.example%2Fn%2F1",
        "herald.example/n/1",
    ),
    ("http and https", "http://herald.example/n/1", "herald.example/n/1"),
    ("a default port", "https://herald.example:443/n/1", "herald.example/n/1"),
    ("host letters", "https://Herald.EXAMPLE/n/1", "herald.example/n/1"),
    ("a trailing dot of the host", "https://herald.example./n/1", "herald.example/n/1"),
    ("an international host", "https://münchen.example/n", "xn--mnchen-3ya.example/n"),
    ("a slash at the end", "https://herald.example/n/1/", "herald.example/n/1"),
    ("doubled slashes", "https://herald.example//n///1", "herald.example/n/1"),
    ("an index page", "https://herald.example/n/index.html", "herald.example/n"),
    ("order of parameters", "https://herald.example/n?b=2&a=1", "herald.example/n?a=1&b=2"),
    ("escapes of plain letters", "https://herald.example/%6E/%7Eone", "herald.example/n/~one"),
    ("letters that ought to be escaped", "https://herald.example/é", "herald.example/%C3%A9"),
    ("a fragment that only scrolls", "https://herald.example/n/1#comments", "herald.example/n/1"),
    ("backslashes (a feed written on Windows)", "https:\\\\herald.example\\n\\1", "herald.example/n/1"),
    ("one slash after the scheme", "http:/herald.example/n/1", "herald.example/n/1"),
    ("spaces and line breaks around", " \n https://herald.example/n/1 \n", "herald.example/n/1"),
    ("a CDATA left by escaping twice", "<![CDATA[https://herald.example/n/1]]>", "herald.example/n/1"),
    ("google.com shows an AMP page", "https://www.google.com/amp/s/www.herald.example/n/1/amp/", "herald.example/n/1"),
    ("traces of an AMP cache", "https://herald.example/n/1?amp_js_v=0.1&usqp=mq331", "herald.example/n/1"),
    ("amp before the extension, with a dash", "https://herald.example/n/1-amp.html", "herald.example/n/1.html"),
    ("amp as a mode", "https://herald.example/n/1?mode=amp", "herald.example/n/1"),
    ("mobile host (touch)", "https://touch.herald.example/n/1", "herald.example/n/1"),
    ("print as a page", "https://herald.example/n/1/print.html", "herald.example/n/1"),
    ("print first", "https://herald.example/print/n/1", "herald.example/n/1"),
    ("print of Joomla", "https://herald.example/n/1?tmpl=component&print=1", "herald.example/n/1"),
    ("a mode of a feed (wsj.com)", "https://herald.example/n/1?mod=rss_markets_main", "herald.example/n/1"),
    ("a sender that is a channel", "https://herald.example/n/1?from=newsletter", "herald.example/n/1"),
    ("a comment's form (WordPress)", "https://herald.example/n/1?replytocom=55", "herald.example/n/1"),
    ("an escaped and", "https://herald.example/n?a=1&amp;b=2", "herald.example/n?a=1&b=2"),
    ("an escaped and, by number", "https://herald.example/n?a=1&#038;b=2", "herald.example/n?a=1&b=2"),
    ("segments that lead nowhere", "https://herald.example/a/../n/./1", "herald.example/n/1"),
    ("segments that lead above the top", "https://herald.example/../n/1", "herald.example/n/1"),
    ("letters composed otherwise", "https://herald.example/cafe%CC%81?q=e%CC%81", "herald.example/caf%C3%A9?q=%C3%A9"),
    ("a space at the end", "https://herald.example/n/1%20", "herald.example/n/1"),
    (
        "a session of ASP.NET in the path",
        "https://herald.example/(S(abcdefghijklmnopqrstuvwx))/n/1.aspx",
        "herald.example/n/1.aspx",
    ),
    ("an index page of SSI", "https://herald.example/n/index.shtml", "herald.example/n"),
    (
        "a redirector (google.de)",
        "https://www.google.de/url?sa=t&url=https%3A%2F%2Fherald.example%2Fn%2F1",
        "herald.example/n/1",
    ),
    (
        "a redirector (bing.com)",
        "https://www.bing.com/news/apiclick.aspx?c=1&url=https%3A%2F%2Fherald.example%2Fn%2F1",
        "herald.example/n/1",
    ),
    (
        "languages of news.google.com",
        "https://news.google.com/rss/articles/C1?oc=5&hl=en",
        "news.google.com/rss/articles/C1",
    ),
    ("a fragment that says how a reader came", "https://herald.example/n/1#xtor=RSS-1", "herald.example/n/1"),
    ("a comment of the page", "https://herald.example/n/1#comment-1234", "herald.example/n/1"),
    ("a name and password", "https://reader:pass@herald.example/n/1", "herald.example/n/1"),
]


@pytest.mark.parametrize(("address", "key"), [s[1:] for s in SAME], ids=[s[0] for s in SAME])
def test_every_form_of_a_page_has_the_plain_key(address: str, key: str) -> None:
    assert url_key(address) == key


DISTINCT = [
    ("ids in a query", "https://herald.example/n?id=11", "https://herald.example/n?id=12"),
    (
        "a ref that is a story's number",
        "https://herald.example/article.jsp?ref=11",
        "https://herald.example/article.jsp?ref=12",
    ),
    ("v of a video page", "https://herald.example/watch?v=aB1", "https://herald.example/watch?v=aB2"),
    ("letters of a path", "https://herald.example/n/AbC", "https://herald.example/n/abc"),
    ("letters of an id", "https://herald.example/n?id=AbC", "https://herald.example/n?id=abc"),
    ("names of parameters", "https://herald.example/n?p=1", "https://herald.example/n?q=1"),
    ("pages of a list", "https://herald.example/n?page=2", "https://herald.example/n?page=3"),
    ("hash routes", "https://herald.example/#!/article/10", "https://herald.example/#!/article/11"),
    ("other ports", "https://herald.example:8080/n", "https://herald.example:8081/n"),
    ("parts of a running page", "https://herald.example/live#entry-100", "https://herald.example/live#entry-101"),
    ("a part and its page", "https://herald.example/live#block-65530f3e8f08", "https://herald.example/live"),
    ("parts of two pages", "https://herald.example/live#entry-100", "https://herald.example/other#entry-100"),
    ("hosts of IDNA 2008", "https://straße.example/n", "https://strasse.example/n"),
    ("modes that are no forms", "https://herald.example/n?mode=1", "https://herald.example/n?mode=2"),
    ("senders that are numbers", "https://herald.example/n?from=11", "https://herald.example/n?from=12"),
    ("kinds of a thing", "https://herald.example/n?type=news&id=5", "https://herald.example/n?type=video&id=5"),
    ("origins that are numbers", "https://herald.example/n?origin=5", "https://herald.example/n?origin=6"),
    ("languages elsewhere", "https://herald.example/n?hl=en", "https://herald.example/n?hl=fr"),
    ("views that are no forms", "https://herald.example/n?view=list", "https://herald.example/n?view=map"),
    ("a site whose name is a form", "https://mobile.example/n", "https://print.example/n"),
    ("subdomains", "https://fr.herald.example/n", "https://de.herald.example/n"),
    ("a word that only begins with amp", "https://herald.example/n/ample", "https://herald.example/n/le"),
    ("an escaped question mark", "https://herald.example/n%3Fid=1", "https://herald.example/n?id=1"),
    ("an escaped hash", "https://herald.example/n%23a", "https://herald.example/n"),
    ("an escaped ampersand in a value", "https://herald.example/n?a=1%26b=2", "https://herald.example/n?a=1&b=2"),
]


@pytest.mark.parametrize(("one", "other"), [d[1:] for d in DISTINCT], ids=[d[0] for d in DISTINCT])
def test_two_pages_have_two_keys(one: str, other: str) -> None:
    assert None not in {url_key(one), url_key(other)}
    assert url_key(one) != url_key(other)


_A_VALUE = ("1", "rss", "all", "amp", "component", "aB-1")


@pytest.mark.parametrize("rule", PARAMETERS, ids=lambda rule: rule.names[0])
def test_every_parameter_of_a_rule_tells_nothing_and_somebody_forced_it(rule: Parameters) -> None:
    assert rule.forced_by
    host = rule.host or "herald.example"
    for name in rule.names:
        value = next(v for v in _A_VALUE if rule.values is None or rule.values.search(v))
        written = name.replace("*", "x1")
        for form in (written, written.upper()):
            assert url_key(f"https://{host}/n?id=7&{form}={value}") == f"{host}/n?id=7"


@pytest.mark.parametrize("form", [*HOST_FORMS, *PATH_FORMS], ids=lambda form: form.forced_by)
def test_every_form_was_forced_by_somebody(form: Form) -> None:
    assert form.forced_by


def test_the_page_of_a_part_is_its_key_without_the_part() -> None:
    assert page_key("herald.example/live#entry-100") == page_key("herald.example/live") == "herald.example/live"
    assert page_key("herald.example/#!/article/10") == "herald.example/#!/article/10"


@pytest.mark.parametrize(
    "address",
    [
        "",
        " ",
        "herald.example/n",
        "/n/1",
        "mailto:desk@herald.example",
        "ftp://herald.example/n",
        "javascript:void(0)",
        "https://",
        "https:///",
        "https://[::1",
        "https://herald.example:port/",
        "https://herald.example:99999/",
        "data:text/plain,a",
        "urn:uuid:1",
    ],
)
def test_what_is_no_web_address_has_no_key(address: str) -> None:
    assert url_key(address) is None


segments = st.text(st.sampled_from("aZé09-_.~%;=+ üβ"), min_size=1, max_size=8)
wrapped = st.sampled_from(
    ["amp", "print", "..", ".", "index.html", "index.php", "n", "a-amp", "1.amp.html", "x;jsessionid=9"]
)
names = st.sampled_from(["id", "ref", "utm_source", "amp", "page", "v", "é", "q"])
hosts = st.sampled_from(
    ["herald.example", "www.herald.example", "m.herald.example", "de.m.herald.example", "a.b.example"]
)


@st.composite
def addresses(draw: st.DrawFn) -> str:
    path = "/".join(quote(p, safe=";=+") for p in draw(st.lists(segments | wrapped, max_size=4)))
    pairs = draw(st.lists(st.tuples(names, segments), max_size=3))
    query = "&".join(f"{quote(k)}={quote(v)}" for k, v in pairs)
    fragment = draw(st.sampled_from(["", "#top", "#!/a/1", "#/b", "#entry-12"]))
    return f"https://{draw(hosts)}/{path}" + (f"?{query}" if query else "") + fragment


@given(addresses())
def test_a_key_read_as_an_address_is_its_own_key(address: str) -> None:
    key = url_key(address)
    assert key is not None
    assert url_key("http://" + key) == key


@pytest.mark.parametrize(
    "address",
    [
        "https://herald.example/n/print/print",
        "https://herald.example/index.php/index.php",
        "https://herald.example/n-amp-amp",
        "https://herald.example/n%3Bjsessionid=1/b",
        "https://m.de.m.herald.example/n",
        "https://[2606:4700::1111]/n",
    ],
)
def test_the_key_of_a_nested_form_is_its_own_key(address: str) -> None:
    key = url_key(address)
    assert key is not None
    assert url_key("http://" + key) == key


@given(st.text(st.characters(categories=["Lu", "Ll"], max_codepoint=127), min_size=1, max_size=20))
def test_letters_of_a_path_are_never_lowered(word: str) -> None:
    assert url_key(f"https://herald.example/n/{word}/end") == f"herald.example/n/{word}/end".replace("/amp/", "/")


@given(st.integers(0, 10**12), st.integers(0, 10**12))
def test_distinct_numbers_stay_distinct_in_path_and_query(one: int, other: int) -> None:
    for form in ("https://herald.example/n/{}", "https://herald.example/n?id={}", "https://herald.example/n/{}-amp"):
        assert (url_key(form.format(one)) == url_key(form.format(other))) == (one == other)


@given(st.text())
def test_any_text_has_a_key_or_none(text: str) -> None:
    for address in (text, f"https://herald.example/{text}", f"https://{text}/", f"https://herald.example/?{text}"):
        key = url_key(address)
        assert key is None or isinstance(key, str)


@pytest.mark.parametrize("place", ["https://herald.example/?a={}", "https://herald.example/{}", "https://{}.example/"])
def test_half_a_character_gives_a_key_that_can_be_stored_or_none(place: str) -> None:
    key = url_key(place.format("\ud800"))
    assert key is None or key.encode()


@pytest.mark.parametrize(
    "address",
    ["https://www.google.com/url?q=" * 3_000, "https://" + "x.cdn.ampproject.org/c/" * 3_000],
    ids=["redirector", "amp cache"],
)
def test_redirectors_nested_without_end_have_a_key_or_none(address: str) -> None:
    key = url_key(f"{address}herald.example/n/1")
    assert key is None or isinstance(key, str)


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://herald.example/", True),
        ("http://herald.example", True),
        ("ftp://herald.example/", False),
        ("//herald.example/", False),
        ("https://", False),
        ("https://[::1", False),
        ("", False),
    ],
)
def test_only_http_and_https_with_a_host_are_web_addresses(address: str, *, expected: bool) -> None:
    assert is_http(address) is expected


def test_one_site_is_one_host_but_for_its_forms() -> None:
    assert is_same_site("https://www.herald.example/a", "http://m.herald.example/b")
    assert not is_same_site("https://herald.example/a", "https://other.example/a")
    assert not is_same_site("https://fr.herald.example/a", "https://de.herald.example/a")
    assert not is_same_site("/a", "/a")
