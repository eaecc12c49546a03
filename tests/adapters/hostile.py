"""Feed documents made to cost their reader, by name. Each is made when it is asked for: some have megabytes."""

from collections.abc import Callable

MB = 1_000_000


SOUND = b"<title>Ministers agree</title><link>https://herald.example/n/1</link>"


def rss(inside: bytes = b"", *, item: bytes = SOUND, prolog: bytes = b"", attributes: bytes = b"") -> bytes:
    """An RSS document of one item, with `inside` before it in the channel."""
    return (
        b'<?xml version="1.0"?>' + prolog + b'<rss version="2.0"' + attributes + b"><channel><title>Herald</title>"
        b"%s<item>%s</item></channel></rss>" % (inside, item)
    )


def atom(item: bytes) -> bytes:
    return (
        b'<feed xmlns="http://www.w3.org/2005/Atom"><title>Herald</title><entry><id>1</id><title>Ministers</title>'
        b'<link href="https://herald.example/n/1"/>%s</entry></feed>' % item
    )


def json_feed(items: bytes, rest: bytes = b"") -> bytes:
    return b'{"version": "https://jsonfeed.org/version/1.1", "title": "Herald"%s, "items": [%s]}' % (rest, items)


def sitemap(urls: bytes, prolog: bytes = b"") -> bytes:
    return (
        b'%s<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
        b' xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">%s</urlset>' % (prolog, urls)
    )


def laughs(levels: int = 9) -> bytes:
    """Each entity is ten of the one before: ten to the ninth of the first."""
    named = b"".join(b'<!ENTITY e%d "%s">' % (n, (b"&e%d;" % (n - 1)) * 10 if n else b"ha") for n in range(levels + 1))
    return b"<!DOCTYPE rss [%s]>" % named


def quadratic() -> bytes:
    """One long entity, named many times: no nesting that a guard could count."""
    return b'<!DOCTYPE rss [<!ENTITY a "%s">]>' % (b"x" * 50_000)


def namespaces(many: int) -> bytes:
    return b"".join(b' xmlns:n%d="https://n.example/%d"' % (n, n) for n in range(many))


ATOM_PERSON = b"<author><name>%s</name></author>"
URL = b"<url><loc>https://herald.example/n/%d</loc></url>"

HOSTILE: dict[str, Callable[[], bytes]] = {
    "author of 64 kB": lambda: rss(item=SOUND + b"<author>%s</author>" % (b"a" * 64_000)),
    "author of 64 kB of spaces": lambda: rss(item=SOUND + b"<author>a%sb</author>" % (b" " * 64_000)),
    "author of 64 kB that looks like addresses": lambda: rss(
        item=SOUND + b"<author>%s</author>" % (b"a@b.c " * 11_000)
    ),
    "author of 64 kB of one address": lambda: rss(item=SOUND + b"<author>%s@</author>" % (b"a" * 64_000)),
    "author of 64 kB of brackets": lambda: rss(item=SOUND + b"<author>a@b.example %s</author>" % (b"(" * 64_000)),
    "author of 1 MB": lambda: rss(item=SOUND + b"<author>%s</author>" % (b"a" * MB)),
    "author of 5 MB": lambda: rss(item=SOUND + b"<author>%s</author>" % (b"a" * 5 * MB)),
    "creator of 1 MB": lambda: rss(
        item=SOUND + b"<dc:creator>%s</dc:creator>" % (b"a" * MB),
        attributes=b' xmlns:dc="http://purl.org/dc/elements/1.1/"',
    ),
    "atom author of 64 kB": lambda: atom(ATOM_PERSON % (b"a" * 64_000)),
    "atom author of 1 MB": lambda: atom(ATOM_PERSON % (b"a" * MB)),
    "channel editor of 1 MB": lambda: rss(b"<managingEditor>%s</managingEditor>" % (b"a" * MB)),
    "500 authors of 10 kB": lambda: rss((b"<item><author>%s</author></item>" % (b"a" * 10_000)) * 500),
    "50,000 authors of one entry": lambda: atom(ATOM_PERSON % b"a" * 50_000),
    "a million RSS items": lambda: rss(b"<item/>" * MB),
    "700,000 RSS items": lambda: rss(b"<item/>" * 700_000),
    "60,000 whole RSS items": lambda: rss(
        b"".join(b"<item><title>N %d</title><link>https://h.example/%d</link></item>" % (n, n) for n in range(60_000))
    ),
    "a million JSON items": lambda: json_feed(b",".join([b'{"id":1}'] * MB)),
    "a million sitemap urls": lambda: sitemap(b"<url/>" * MB),
    "100,000 whole sitemap urls": lambda: sitemap(b"".join(URL % n for n in range(100_000))),
    "100,000 nested tags": lambda: rss(b"<a>" * 100_000 + b"</a>" * 100_000),
    "100,000 nested tags never closed": lambda: rss(b"<a>" * 100_000),
    "100,000 nested items": lambda: rss(b"<item>" * 100_000),
    "100,000 nested tags in a title": lambda: rss(
        item=b"<title>%s%s</title>" % (b"&lt;b&gt;" * 100_000, b"&lt;/b&gt;" * 100_000)
    ),
    "100,000 nested tags of XHTML": lambda: atom(
        b'<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">%s%s</div></content>'
        % (b"<b>" * 100_000, b"</b>" * 100_000)
    ),
    "100,000 nested tags of a sitemap": lambda: sitemap(b"<url>" * 100_000),
    "5 MB of &lt; in a summary": lambda: rss(item=SOUND + b"<description>%s</description>" % (b"&lt;" * 1_250_000)),
    "5 MB of &lt; in a title": lambda: rss(item=b"<title>%s</title>" % (b"&lt;" * 1_250_000)),
    "5 MB of &amp;lt; in a title": lambda: rss(item=b"<title>%s</title>" % (b"&amp;lt;" * 625_000)),
    "5 MB of < in CDATA of a title": lambda: rss(item=b"<title><![CDATA[%s]]></title>" % (b"<" * 5 * MB)),
    "5 MB of <! in CDATA of a title": lambda: rss(item=b"<title><![CDATA[%s]]></title>" % (b"<!" * 2_500_000)),
    "5 MB of <a in CDATA of a title": lambda: rss(item=b"<title><![CDATA[%s]]></title>" % (b"<a " * 1_666_666)),
    "5 MB of <!-- in CDATA of a title": lambda: rss(item=b"<title><![CDATA[%s]]></title>" % (b"<!--" * 1_250_000)),
    "5 MB of &# in CDATA of a title": lambda: rss(item=b"<title><![CDATA[%s]]></title>" % (b"&#" * 2_500_000)),
    "100,000 attributes in CDATA of a title": lambda: rss(
        item=b"<title><![CDATA[<p %s>x</p>]]></title>" % b" ".join(b"a%d=1" % n for n in range(100_000))
    ),
    "10 MB of CDATA in a title": lambda: rss(item=b"<title><![CDATA[%s]]></title>" % (b"word " * 2 * MB)),
    "a title of 5 MB": lambda: rss(item=b"<title>%s</title>" % (b"word " * MB)),
    "a link of 5 MB": lambda: rss(item=b"<link>https://herald.example/%s</link>" % (b"a" * 5 * MB)),
    "a link of 5 MB of dots": lambda: rss(item=b"<link>https://herald.example/%s</link>" % (b"../" * 1_666_666)),
    "a link of a million parameters": lambda: rss(item=b"<link>https://h.example/?%s</link>" % (b"a=1&amp;" * 500_000)),
    "a guid of 5 MB": lambda: rss(item=SOUND + b"<guid>%s</guid>" % (b"a" * 5 * MB)),
    "a date of 5 MB": lambda: rss(item=SOUND + b"<pubDate>%s</pubDate>" % (b"1" * 5 * MB)),
    "a date of 5 MB of words": lambda: rss(item=SOUND + b"<pubDate>%s</pubDate>" % (b"Tue, " * MB)),
    "a date of 64 kB of dashes": lambda: rss(item=SOUND + b"<pubDate>%s</pubDate>" % (b"1-" * 32_000)),
    "2,000 dates of 2 kB": lambda: rss(
        (b"<item><title>x</title><pubDate>%s</pubDate></item>" % (b"one day in may " * 130)) * 2000
    ),
    "2,000 dates in words": lambda: rss(
        b"".join(
            b"<item><title>x</title><pubDate>%d jours avant la Saint %d</pubDate></item>" % (n, n) for n in range(2000)
        )
    ),
    "a language of 5 MB": lambda: rss(b"<language>%s</language>" % (b"e" * 5 * MB)),
    "50,000 categories": lambda: rss(item=SOUND + b"<category>a</category>" * 50_000),
    "50,000 links of one entry": lambda: atom(b'<link href="https://h.example/"/>' * 50_000),
    "50,000 enclosures": lambda: rss(item=SOUND + b'<enclosure url="https://h.example/"/>' * 50_000),
    "200,000 titles of one item": lambda: rss(item=b"<title>a</title>" * 200_000),
    "a table of 100,000 cells": lambda: rss(item=SOUND + b"<description>%s</description>" % (b"&lt;td&gt;" * 100_000)),
    "an attribute of 5 MB": lambda: rss(attributes=b' a="%s"' % (b"x" * 5 * MB)),
    "an attribute of 5 MB of &lt;": lambda: rss(attributes=b' a="%s"' % (b"&lt;" * 1_250_000)),
    "100,000 attributes": lambda: rss(attributes=b"".join(b' a%d=""' % n for n in range(100_000))),
    "100,000 attributes of a broken document": lambda: rss(
        attributes=b"".join(b' a%d=""' % n for n in range(100_000)), item=SOUND + b"</wrong>"
    ),
    "100,000 namespaces": lambda: rss(attributes=namespaces(100_000)),
    "100,000 namespaces of a sitemap": lambda: sitemap(b"<url><loc>https://h.example/</loc></url>").replace(
        b"<urlset", b"<urlset" + namespaces(100_000)
    ),
    "a namespace of 5 MB": lambda: rss(attributes=b' xmlns:a="%s"' % (b"x" * 5 * MB)),
    "a tag's name of 5 MB": lambda: rss(b"<%s/>" % (b"a" * 5 * MB)),
    "a comment of 5 MB": lambda: rss(b"<!--%s-->" % (b"-a" * 2_500_000)),
    "an instruction of 5 MB": lambda: rss(b"<?a %s?>" % (b"?a" * 2_500_000)),
    "a document type of 5 MB": lambda: rss(prolog=b"<!DOCTYPE rss [%s]>" % (b"<!-- a -->" * 500_000)),
    "a document type never closed": lambda: b'<?xml version="1.0"?><!DOCTYPE rss [' + b"<!ENTITY a 'b'>" * 300_000,
    "declarations never closed": lambda: b"<!" * 2_500_000,
    "brackets alone": lambda: b"<" * 5 * MB,
    "ampersands alone": lambda: b"<rss>" + b"&" * 5 * MB,
    "spaces and brackets": lambda: b"<rss><channel><item>" + b"< " * 2_500_000,
    "a broken document of 5 MB": lambda: rss((b"<item><title>a & b</title><p>x</item>") * 130_000),
    "billion laughs": lambda: rss(prolog=laughs(), item=b"<title>&e9;</title>"),
    "billion laughs, broken": lambda: rss(prolog=laughs(), item=b"<title>&e9;</title></wrong>"),
    "billion laughs in a sitemap": lambda: sitemap(
        b"<url><loc>&e9;</loc></url>", prolog=laughs().replace(b"rss", b"urlset")
    ),
    "quadratic entities": lambda: rss(prolog=quadratic(), item=b"<title>%s</title>" % (b"&a;" * 50_000)),
    "quadratic entities in a sitemap": lambda: sitemap(
        b"<url><loc>%s</loc></url>" % (b"&a;" * 50_000), prolog=quadratic().replace(b"rss", b"urlset")
    ),
    "an entity of itself": lambda: rss(
        prolog=b'<!DOCTYPE rss [<!ENTITY a "&b;"><!ENTITY b "&a;">]>', item=b"<title>&a;</title>"
    ),
    "deep JSON": lambda: json_feed(b'{"id": %s1%s}' % (b"[" * MB, b"]" * MB)),
    "deep JSON objects": lambda: b'{"items":' * 500_000,
    "numbers of a million digits": lambda: json_feed(b'{"id": %s}' % (b"9" * MB)),
    "1,000 numbers of 4,000 digits": lambda: json_feed(b",".join([b'{"id": %s}' % (b"9" * 4_000)] * 1000)),
    "numbers beyond every range": lambda: json_feed(b'{"id": 1e999999, "title": -1e-999999, "url": NaN}'),
    "5 MB of \\u0000 in JSON": lambda: json_feed(b'{"id": "1", "title": "%s"}' % (rb"\u0000" * 800_000)),
    "5 MB of < in a JSON title": lambda: json_feed(b'{"id": "1", "title": "%s"}' % (b"<" * 5 * MB)),
    "a million keys in JSON": lambda: json_feed(
        b"{%s}" % b",".join(b'"k%d":1' % n for n in range(400_000)), b', "language": "%s"' % (b"e" * MB)
    ),
    "nothing but a byte order mark": lambda: b"\xef\xbb\xbf" * 1_600_000,
    "5 MB of zeros": lambda: bytes(5 * MB),
    "5 MB of UTF-16 without an end": lambda: b"\xff\xfe" + b"<\x00" * 2_500_000,
    "a charset that does not exist": lambda: rss().replace(b'"1.0"', b'"1.0" encoding="%s"' % (b"x" * MB)),
    "UTF-7": lambda: rss().replace(b'"1.0"', b'"1.0" encoding="utf-7"'),
    "a charset that unpacks": lambda: rss().replace(b'"1.0"', b'"1.0" encoding="zlib_codec"'),
    "a charset that is slow to decode": lambda: rss(b"a" * 2 * MB).replace(b'"1.0"', b'"1.0" encoding="punycode"'),
    "a charset of names": lambda: rss(b"a." * MB).replace(b'"1.0"', b'"1.0" encoding="idna"'),
}
