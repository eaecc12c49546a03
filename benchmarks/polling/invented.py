"""Feeds as outlets write them, all of it invented: RSS with CDATA, RSS with whole texts, Atom; 20 to 40 kB each.

The same for the same number, on every machine, so that a digest of all of them names the input.
"""

import random
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from html import escape

START = datetime(2026, 11, 23, 6, 30, tzinfo=UTC)  # of the first round, on the contestants' simulated clocks

_TOWNS = ("Aldhaven", "Brückfeld", "Saint-Orme", "Corvale", "Norderlund", "Miraval", "Eastmere", "Königsau")
_DOERS = ("council", "ministry", "regulator", "committee", "commissioner’s office", "assembly", "harbour authority")
_DEEDS = ("adopted", "postponed", "debated", "published", "questioned", "welcomed", "amended", "referred back")
_THINGS = ("the draft regulation", "a joint pledge", "the annual report", "new reporting duties", "the budget")
_WHYS = ("after a long sitting", "in spite of doubts", "as had been expected", "at the request of the envoys")
_NAMES = ("A. Morel", "Ines Halloran", "Jörg Petersen", "Livia Brandt", "T. Okonjo", "Ruth Castell")
_SECTIONS = ("Politics", "Europe", "Technology", "Society", "Law & Courts")
_ENTRIES = (26, 34)


def feed(number: int, base: str) -> bytes:
    """The document of one feed.

    Args:
        number: which one; every third is Atom, every third RSS with the whole text of each entry.
        base: address of its outlet, without a slash at the end.
    """
    draw = random.Random(number)
    write = (_rss_with_summaries, _atom, _rss_with_texts)[number % 3]
    return write(draw, base, number).encode()


def _rss_with_summaries(draw: random.Random, base: str, number: int) -> str:
    items = "".join(
        f"<item>\n      <title><![CDATA[{_title(draw)}]]></title>\n      <link>{_link(base, number, n, draw)}</link>\n"
        f'      <guid isPermaLink="false">{number}-{n}</guid>\n      <pubDate>{format_datetime(at)}</pubDate>\n'
        f"      <dc:creator>{draw.choice(_NAMES)}</dc:creator>\n{_categories(draw)}"
        f"      <description><![CDATA[{_markup(draw, base, 3)}]]></description>\n"
        f'      <media:thumbnail url="{base}/img/{number}-{n}.jpg" width="640" height="360"/>\n    </item>\n    '
        for n, at in _times(draw)
    )
    return _rss(number, base, items)


def _rss_with_texts(draw: random.Random, base: str, number: int) -> str:
    items = "".join(
        f"<item>\n      <title>{escape(_title(draw))}</title>\n      <link>{_link(base, number, n, draw)}</link>\n"
        f"      <guid>{base}/?p={number}{n:03}</guid>\n      <pubDate>{format_datetime(at)}</pubDate>\n"
        f"      <dc:creator><![CDATA[{draw.choice(_NAMES)}]]></dc:creator>\n{_categories(draw)}"
        f"      <description>{escape(_sentence(draw))}</description>\n"
        f"      <content:encoded><![CDATA[{_markup(draw, base, 4)}]]></content:encoded>\n    </item>\n    "
        for n, at in _times(draw)
    )
    return _rss(number, base, items)


def _rss(number: int, base: str, items: str) -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"'
        ' xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:media="http://search.yahoo.com/mrss/"'
        ' xmlns:atom="http://www.w3.org/2005/Atom">\n  <channel>\n'
        f"    <title>Paper {number}</title>\n    <link>{base}/</link>\n    <description>All the news</description>\n"
        f"    <language>en-gb</language>\n    <lastBuildDate>{format_datetime(START)}</lastBuildDate>\n"
        f'    <atom:link href="{base}/feed" rel="self" type="application/rss+xml"/>\n    {items}</channel>\n</rss>\n'
    )


def _atom(draw: random.Random, base: str, number: int) -> str:
    entries = "".join(
        f"<entry>\n    <title>{escape(_title(draw))}</title>\n"
        f'    <link rel="alternate" type="text/html" href="{_link(base, number, n, draw)}"/>\n'
        f"    <id>tag:press.test,2026:{number}/{n}</id>\n    <published>{at.isoformat()}</published>\n"
        f"    <updated>{(at + timedelta(minutes=9)).isoformat()}</updated>\n"
        f"    <author><name>{draw.choice(_NAMES)}</name></author>\n"
        f'    <category term="{escape(draw.choice(_SECTIONS))}"'
        f'/>\n    <summary type="html">{escape(_markup(draw, base, 3))}</summary>\n  </entry>\n  '
        for n, at in _times(draw)
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en">\n'
        f"  <title>Paper {number}</title>\n  <id>tag:press.test,2026:{number}</id>\n"
        f'  <link href="{base}/"/>\n  <updated>{START.isoformat()}</updated>\n  {entries}</feed>\n'
    )


def _times(draw: random.Random) -> list[tuple[int, datetime]]:
    """Numbers and times of the entries, the newest first, the last some days old."""
    return [(n, START - timedelta(minutes=40 * n + draw.randrange(40))) for n in range(draw.randint(*_ENTRIES))]


def _link(base: str, number: int, n: int, draw: random.Random) -> str:
    words = "-".join(draw.choice(_THINGS).split())
    return f"{base}/2026/11/{words}-{number}-{n}.html?utm_source=rss&amp;utm_medium=feed"


def _categories(draw: random.Random) -> str:
    chosen = draw.sample(_SECTIONS, 2)
    return "".join(f"      <category>{escape(name)}</category>\n" for name in chosen)


def _title(draw: random.Random) -> str:
    return f"{draw.choice(_TOWNS)}: the {draw.choice(_DOERS)} {draw.choice(_DEEDS)} {draw.choice(_THINGS)}"


def _sentence(draw: random.Random) -> str:
    return (
        f"In {draw.choice(_TOWNS)} the {draw.choice(_DOERS)} {draw.choice(_DEEDS)} {draw.choice(_THINGS)}"
        f" {draw.choice(_WHYS)}, {draw.randrange(2, 90)} to {draw.randrange(2, 90)}."
    )


def _markup(draw: random.Random, base: str, sentences: int) -> str:
    """A paragraph or two as an editorial system writes them, with a link and a line that asks to read on."""
    told = " ".join(_sentence(draw) for _ in range(sentences))
    return (
        f'<p class="lead">{told} <a href="/themes/{draw.randrange(90)}">More on this &amp; other themes</a></p>'
        f'<p>Read on at <a href="{base}/" rel="nofollow">our pages</a>.</p>'
    )
