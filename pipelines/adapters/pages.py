"""The one door to trafilatura: a page's text, and an article from it and from what the page declares.

Page | decoded, parsed | declared -> title, authors, dates, canonical
                       | trafilatura -> text -> Article, or Article beside Rejected
"""

import logging
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice

import trafilatura

from pipelines.adapters.clutter import take_out
from pipelines.adapters.language import language_of
from pipelines.adapters.leads import before_the_text
from pipelines.adapters.loose_dates import read_loosely
from pipelines.adapters.markup import Declared, Tree, declared, mend_texts, paragraphs, parse_page
from pipelines.adapters.mojibake import may_be_in, mended
from pipelines.adapters.shapes import shape_of
from pipelines.core.credits import (
    choose_licence,
    choose_section,
    choose_tags,
    correction_in,
    who_said,
    wire_credits,
)
from pipelines.core.dates import read_date
from pipelines.core.lines import cleaned, instead, put_back, remembered, with_lead, with_updates, without
from pipelines.core.metadata import (
    choose_authors,
    choose_canonical,
    choose_date,
    choose_original,
    choose_title,
    date_in_url,
    host_names,
)
from pipelines.core.nouns import Article, Dated, Entry, Page
from pipelines.core.page_kinds import Shape, foreign, may_be_foreign, no_article, quality
from pipelines.core.reasons import Reason, Rejected
from pipelines.core.text import one_line, tidy

# The figure behind the library's is ours, and rises with what this module and those it calls read otherwise: what a
# page then says anew is a re-reading of ours and no change of the outlet's.
EXTRACTOR = f"trafilatura-{trafilatura.__version__}+2"
FEED_TEXT = "feed"
_MOST_ELEMENTS = 40_000
_MOST_LOOSE = 3
_MOST_CHARS = 500_000  # a novel; more is a dump that the page carries, and costs each later stage the same again
_TEXT = bytes(b for b in range(256) if chr(b) >= " " or b in b"\t\n\r\f\x1b")  # \x1b: ISO-2022-JP
# Every trouble comes back as a value; its own log lines would only repeat it without the address.
logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
logging.getLogger("htmldate").setLevel(logging.CRITICAL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """An article as far as it could be read, and why it is none, if it is none.

    Attributes:
        lines: what is remembered of the page's lines, those included that were dropped.
    """

    article: Article
    rejected: Rejected | None = None
    lines: tuple[int, ...] = ()


def read_page(
    page: Page, entry: Entry | None, *, prior: str | None, now: datetime, drop: Collection[int] = ()
) -> Reading:
    """Title, text, authors, dates and language of a page; a named reason where it is not an article.

    Args:
        page: bytes as served, or gunzipped.
        entry: the feed's item, believed where the page says nothing; None for a page alone.
        prior: the feed's language.
        now: dates later than a day ahead of it are not believed.
        drop: keys of the lines that the outlet repeats.
    """
    if _is_binary(page.body):
        return Reading(article=_nothing(), rejected=Rejected(reason=Reason.NOT_HTML, detail="bytes that are no text"))
    tree = parse_page(page.body, page.charset) if page.body.strip() else None
    if tree is None:
        return Reading(article=_nothing(), rejected=Rejected(reason=Reason.NO_TEXT, detail="no HTML"))
    if _is_too_costly(tree):
        return Reading(article=_nothing(), rejected=Rejected(reason=Reason.TOO_COSTLY, detail="too many elements"))
    if may_be_in(page.body):
        mend_texts(tree, mended)
    said = declared(tree, page.final_url or None)
    shape = shape_of(tree, said, page.final_url, len(page.body))  # before trafilatura, which changes the tree
    ahead = before_the_text(tree)
    take_out(tree, is_live="LiveBlogPosting" in shape.kinds)
    in_page = paragraphs(tree)
    try:
        text = trafilatura.extract(tree, include_comments=False, include_tables=True, with_metadata=False) or ""
    except Exception as failed:  # noqa: BLE001 (whatever a hostile page does to it is that page's failure alone)
        detail = f"{type(failed).__name__}: {failed}"[:200]
        return Reading(article=_nothing(), rejected=Rejected(reason=Reason.EXTRACTOR_FAILED, detail=detail))
    if len(text) > _MOST_CHARS:
        return Reading(
            article=_nothing(), rejected=Rejected(reason=Reason.TOO_COSTLY, detail=f"{len(text)} characters")
        )
    text = with_updates(instead(with_lead(put_back(tidy(text), in_page), ahead), said.body), said.updates)
    return _read(said, shape, text, Assignment(page=page, entry=entry, prior=prior, now=now, drop=drop))


def _foreign(article: Article, said: Declared, prior: str | None) -> Rejected | None:
    if not may_be_foreign(article.text, said.language, prior):
        return None
    language, _ = language_of(article.text)
    return foreign(language, said.language)


def _is_too_costly(tree: Tree) -> bool:
    """True for more elements than any article has: reading them costs trafilatura the square of their number."""
    return next(islice(tree.iter(), _MOST_ELEMENTS, None), None) is not None


def _is_binary(body: bytes) -> bool:
    """True where more than one byte in fifty of the first 4 kB is a control character; UTF-16 says so itself."""
    head = body[:4096]
    return not head.startswith((b"\xff\xfe", b"\xfe\xff")) and len(head.translate(None, _TEXT)) * 50 > len(head)


def _read(said: Declared, shape: Shape, text: str, task: "Assignment") -> Reading:
    page, entry, now = task.page, task.entry, task.now
    site_names = (*said.site_names, *host_names(page.final_url))
    sections = [section for _, section in said.sections]
    title = choose_title(said.titles, site_names, sections) or (mended(entry.title) if entry and entry.title else None)
    language_said = said.language or task.prior
    dates = [*_readable(said.published, language_said, now), *date_in_url(page.final_url)]
    authors = choose_authors(_author_lists(said, entry), site_names)
    credited = [name for _, names in said.authors for name in names]
    wire = wire_credits([*credited, *said.providers], text)  # a credit on a line of its own may be cleaned away
    correction = correction_in(text)
    whole = cleaned(text, titles=[t for _, t in said.titles] + [title or ""], authors=authors)
    text, dropped = without(whole, task.drop)
    published = choose_date(dates, entry.published if entry else Dated(), now)
    language, language_source = language_of(f"{title or ''}\n{text}", language_said)
    article = Article(
        title=title,
        text=text,
        authors=authors,
        published=published,
        modified=choose_date(said.modified, Dated(), now),
        language=language,
        language_source=language_source,
        canonical_url=choose_canonical([url for _, url in said.canonical], page.final_url or None),
        original_url=choose_original([url for _, url in said.canonical], page.final_url or None),
        is_paywalled=None if said.is_free is None else not said.is_free,
        is_tdm_reserved=said.tdm_reserved,
        quality=quality(text, has_title=title is not None, has_date=published.precision is not None),
        extractor=EXTRACTOR,
        section=choose_section(said.sections),
        tags=choose_tags(said.tags),
        licence=choose_licence(said.licences),
        wire=wire,
        correction=correction,
        dropped_lines=dropped,
        is_beyond_parser=shape.is_beyond_parser,
    )
    article = replace(article, sources=_who_said(said, entry, article))
    rejected = no_article(shape, text) or _foreign(article, said, task.prior)
    return Reading(article=article, rejected=rejected, lines=remembered(whole))


def _author_lists(said: Declared, entry: Entry | None) -> list[tuple[str, Sequence[str]]]:
    feed = [("feed", (entry.author,))] if entry and entry.author else []
    return [*said.authors, *feed]


def _who_said(said: Declared, entry: Entry | None, article: Article) -> tuple[tuple[str, str], ...]:
    """Who said each field of an article; one that nobody says, or not all of it, is left out."""
    feed_title = mended(entry.title) if entry and entry.title else ""
    titles = [*((who, (what,)) for who, what in said.titles), ("feed", (feed_title,))]
    return _sources(
        title=who_said(titles, [article.title] if article.title else []),
        authors=who_said(_author_lists(said, entry), article.authors),
        published=article.published.source,
        modified=article.modified.source,
        section=next((who for who, what in said.sections if one_line(what) == article.section), None),
        licence=next((who for who, what in said.licences if one_line(what) == article.licence), None),
        canonical=next((who for who, url in said.canonical if url == article.canonical_url), None),
        paywall="jsonld" if said.is_free is not None else None,
    )


def _sources(**fields: str | None) -> tuple[tuple[str, str], ...]:
    return tuple((name, who) for name, who in fields.items() if who)


def _readable(dates: Sequence[tuple[str, str]], language: str | None, now: datetime) -> list[tuple[str, str]]:
    """Dates; where none can be read, the first in words ("Dec 03, 2025", as Webflow writes its JSON-LD) as ISO.

    dateparser costs as much as the whole page, so it is asked last.
    """
    if any(read_date(raw, now, source=who).precision for who, raw in dates):
        return list(dates)
    for who, raw in dates[:_MOST_LOOSE]:
        loose = read_loosely(raw, language)
        if loose is not None:
            return [(who, loose.isoformat())]
    return list(dates)


def read_feed_text(entry: Entry, *, prior: str | None) -> Reading:
    """The feed's own words as a partial article, for a page that could not be had."""
    text = tidy(mended(entry.summary or ""))
    title = mended(entry.title) if entry.title else None
    language, language_source = language_of(f"{title or ''}\n{text}", prior)
    authors = choose_authors([("feed", (entry.author,))] if entry.author else [])
    article = Article(
        title=title,
        text=text,
        authors=authors,
        published=entry.published,
        language=language,
        language_source=language_source,
        is_partial=True,
        quality=quality(text, has_title=entry.title is not None, has_date=entry.published.precision is not None) / 2,
        extractor=FEED_TEXT,
        sources=_sources(
            title="feed" if entry.title else None,
            authors="feed" if authors else None,
            published=entry.published.source,
        ),
    )
    missing = not (article.title or "").strip() or not text
    return Reading(article=article, rejected=Rejected(reason=Reason.NO_TEXT) if missing else None)


def _nothing() -> Article:
    return Article(title=None, text="", extractor=EXTRACTOR)


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """A page to be read, with what is known of it beforehand: what a worker is handed (`read_assigned`)."""

    page: Page
    entry: Entry | None
    prior: str | None
    now: datetime
    drop: Collection[int] = ()


def read_assigned(task: Assignment) -> Reading:
    """`read_page`, as a worker calls it."""
    return read_page(task.page, task.entry, prior=task.prior, now=task.now, drop=task.drop)


def unread(rejected: Rejected) -> Reading:
    """For a page that no article was read from, because a limit was met before."""
    return Reading(article=_nothing(), rejected=rejected)
