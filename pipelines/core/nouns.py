"""The nouns, in the order in which data flows. Different moments are different types (docs/architecture.md).

Feed | FeedState -> Response -> ParsedFeed of Entry -> Page -> Article -> Mention -> Copy -> Story -> Digest
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from pipelines.core.reasons import Reason


class Precision(StrEnum):
    """How exactly a moment is known."""

    SECOND = "second"
    DAY = "day"


@dataclass(frozen=True, slots=True, kw_only=True)
class Dated:
    """A moment as somebody declared it. Unknown is None; nothing is ever filled in.

    Attributes:
        declared: ISO 8601 as declared, a date alone or with the declared offset; None if unknown.
        at: the instant in UTC, None for a date without a time.
        day: the day as declared for a date alone; None where `at` decides it.
        source: who said it, e.g. `feed:iso`, `jsonld`, `meta`.
        raw: the string as found.
    """

    declared: str | None = None
    at: datetime | None = None
    day: date | None = None
    source: str | None = None
    raw: str | None = None

    @property
    def precision(self) -> Precision | None:
        """`second` for an instant, `day` for a date alone, None if unknown."""
        if self.at is not None:
            return Precision.SECOND
        return Precision.DAY if self.day is not None else None


UNDATED = Dated()


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """One URL of an outlet that lists entries, as configured. `kind` is feed, news_sitemap or query."""

    feed_id: str
    url: str
    outlet_id: str
    publisher: str
    tier: int
    language: str
    poll_minutes: int
    kind: str = "feed"

    @property
    def is_query(self) -> bool:
        """True for a search service's answer: it lists other outlets' stories, and only discovers."""
        return self.kind == "query"


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedState:
    """What we remember of a feed between polls.

    Attributes:
        url: the address that the validators belong to; they are dropped when it changes.
        etag: opaque, sent back as it came.
        last_modified: opaque, sent back as it came.
        validators_url: the address that gave them, where redirects led; they are sent to it alone.
        last_attempt_at: counted from for the floor between attempts, also after a crash.
        next_poll_at: None: never polled.
        not_before: what the server asked for by Retry-After, max-age or Expires; a person's poll obeys it too.
        failures: failed attempts in a row.
        back_off: intervals that they add to the wait, by their severity.
        allowed_age_seconds: the feed's own freshness as last stated; None if it states none.
        poll_minutes: the interval as learned; None: as configured.
        drift: polls on time in a row that found the interval too slow (below 0) or too fast (above 0).
        unchanged_polls: answers 304 in a row.
        empty_polls: documents in a row that listed nothing.
        unconditional_at: when it was last asked without validators: first, or because its 304s were doubted.
        was_cut: the last document ended early, and its validators were not taken over.
        redirect_url: where a permanent redirect has pointed since `redirect_since`.
        stopped_reason: why it is not asked at all (410); None: it is.
    """

    feed_id: str
    url: str
    etag: str | None = None
    last_modified: str | None = None
    validators_url: str | None = None
    last_attempt_at: datetime | None = None
    last_success_at: datetime | None = None
    last_new_at: datetime | None = None
    next_poll_at: datetime | None = None
    not_before: datetime | None = None
    failures: int = 0
    back_off: float = 0.0
    allowed_age_seconds: int | None = None
    poll_minutes: float | None = None
    drift: int = 0
    unchanged_polls: int = 0
    empty_polls: int = 0
    unconditional_at: datetime | None = None
    was_cut: bool = False
    redirect_url: str | None = None
    redirect_since: datetime | None = None
    stopped_reason: str | None = None

    @property
    def allowed_age(self) -> timedelta | None:
        """The feed's own freshness as a span."""
        return None if self.allowed_age_seconds is None else timedelta(seconds=self.allowed_age_seconds)


_LEAST_BATCHES = 3  # less is no rhythm


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """How often a feed brought something new, over the 28 days before its last news.

    Attributes:
        batches: polls that listed something new, from `first_at` to `last_at`.
        entries: what they listed, without the first of them.
    """

    batches: int
    first_at: datetime
    last_at: datetime
    entries: int = 0

    @property
    def gap(self) -> timedelta | None:
        """The mean time between two of them; None where there are too few to tell."""
        if self.batches < _LEAST_BATCHES:
            return None
        return (self.last_at - self.first_at) / (self.batches - 1)

    @property
    def spacing(self) -> timedelta | None:
        """The mean time between two new entries: unlike `gap` it does not grow with the time between polls."""
        if self.batches < _LEAST_BATCHES or not self.entries:
            return None
        return (self.last_at - self.first_at) / self.entries


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One item of a feed, as the feed tells it. Nothing here has been checked against the page."""

    identity: str
    identity_kind: str  # id | link | link_date | link_title
    url: str | None
    url_key: str | None = None  # of the link; None: it is no web address
    title: str | None = None
    summary: str | None = None
    author: str | None = None
    published: Dated = UNDATED
    language: str | None = None
    publisher_name: str | None = None  # <source>: whose text it is, where the feed says so
    publisher_url: str | None = None  # its address
    declared_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedFeed:
    """A feed document as values.

    Attributes:
        format: e.g. `rss20`, `atom10`, `rss10`, `json11`, `news_sitemap`, `sitemap_index`.
        ttl_minutes: RSS `<ttl>`, or the period of the syndication module; None if not given.
        parts: further documents that it names: the sitemaps of an index, the newest first.
        older_url: the document with the entries before these (RFC 5005); None if it names none.
        is_cut: the document ends before its root does; what may be half an entry is left out.
    """

    format: str
    entries: tuple[Entry, ...]
    language: str | None = None
    ttl_minutes: int | None = None
    parts: tuple["Part", ...] = ()
    older_url: str | None = None
    is_cut: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A sitemap that an index names. `modified_raw` is its `<lastmod>` as written, None if there is none."""

    url: str
    modified_raw: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """The bytes a server sent for an entry's URL.

    Attributes:
        url: the address asked for.
        final_url: the address that answered, after redirects.
        charset: as the Content-Type header declares it, None if it does not.
    """

    url: str
    final_url: str
    body: bytes
    charset: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """Title, text, authors, dates and language read out of a page (or, `is_partial`, out of a feed entry)."""

    title: str | None
    text: str
    authors: tuple[str, ...] = ()
    published: Dated = UNDATED
    modified: Dated = UNDATED
    language: str | None = None
    language_source: str | None = None
    canonical_url: str | None = None
    original_url: str | None = None  # on another site, and given as canonical: whose text it is
    is_paywalled: bool | None = None  # None: the page does not say
    is_partial: bool = False
    is_tdm_reserved: bool | None = None  # text and data mining; None: the page does not say
    quality: float = 0.0  # 0..1, see core.quality
    extractor: str = ""
    section: str | None = None
    tags: tuple[str, ...] = ()
    licence: str | None = None  # as declared, mostly an address
    wire: tuple[str, ...] = ()  # news agencies credited
    correction: str | None = None  # its notice, as it stood on the page
    sources: tuple[tuple[str, str], ...] = ()  # (field, who said it)
    dropped_lines: int = 0  # left out of the text because the outlet repeats them
    is_beyond_parser: bool = False  # its page is nested deeper, or a node larger, than is read: the text may be cut


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One hit of a topic's query: what stands at which characters of the title or text.

    Of a meaning it is the topic's sentence that the article came closest to, and stands nowhere: 0 to 0.
    """

    group: str
    words: str
    part: str  # title | text | prompt
    start: int
    end: int
    sentence_start: int
    sentence_end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicMatch:
    """An article's match with one topic.

    Attributes:
        score: 0..1, rises with the number and place of the hits.
        aboutness: 0..1, by title, lead and the share of the text that is on the topic.
        is_about: the topic carries the article; False: it is mentioned in passing.
        method: who decided: query, meaning, learned or judgement.
        version: of whatever decided.
    """

    topic: str
    score: float
    aboutness: float
    is_about: bool
    evidence: tuple[Evidence, ...]
    method: str = "query"
    version: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseCall:
    """The topic that an article left out came nearest to.

    Attributes:
        share: 0..1 of what the topic asks for.
        lacks: what would have let it in, in plain words.
    """

    topic: str
    share: float
    lacks: tuple[str, ...]
    evidence: tuple[Evidence, ...]
    method: str = "query"
    version: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """A quotation: `text` is exactly the article's text from `start` to `end`."""

    text: str
    start: int
    end: int
    speaker: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TermUse:
    """A watched term in an article, with the term that is agreed instead."""

    term: str
    preferred: str
    start: int
    end: int
    is_quoted: bool  # inside a quotation: the outlet reports somebody's words


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterItem:
    """What duplicates and stories need of an article."""

    article_id: int
    outlet_id: str
    publisher: str
    language: str | None
    title: str
    text: str
    published_at: datetime | None = None
    published_day: date | None = None
    first_seen_at: datetime | None = None
    url_key: str = ""
    outlet_kind: str = "media"
    outlet_name: str = ""
    is_partial: bool = False  # the feed's own words
    wire: tuple[str, ...] = ()  # agencies that it credits
    source_name: str | None = None  # RSS <source>: whose item it is
    named_id: int | None = None  # the article, of another site, whose address its page gives as canonical


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyPair:
    """Two articles that carry one text, by which rule, and the numbers that say so.

    Attributes:
        one_id, other_id: the smaller id first: who is the original is another question.
        score: 0..1, how sure the rule is: 1 where keys are equal.
        containment: share of the shorter text's shingles that stand in the other.
        shared, one_shingles, other_shingles: what it is computed of.
    """

    one_id: int
    other_id: int
    rule: str
    score: float
    containment: float
    numbers_overlap: float
    names_overlap: float
    shared: int
    one_shingles: int
    other_shingles: int

    def share_of(self, article_id: int) -> float:
        """How much of one of the two stands in the other, 0..1."""
        whole = self.one_shingles if article_id == self.one_id else self.other_shingles
        return self.shared / whole if whole else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """An article that copies another, and the numbers that say so.

    Attributes:
        added_share: of its shingles, those that the original (or the copy between) has not: added reporting.
        why: what says that the other is the original.
        via_id: the copy through which it was found; None: compared with the original itself.
    """

    article_id: int
    original_id: int
    rule: str
    score: float
    containment: float
    numbers_overlap: float
    names_overlap: float
    added_share: float
    why: str
    via_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryLink:
    """An article's place in a story."""

    article_id: int
    story_id: int
    similarity: float
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryTie:
    """What a story has to do with another one.

    Attributes:
        similarity: 0..1, on the scale of the method.
        reason: what they share.
        method: words (of one language), names (names, numbers and acts across languages) or meaning (vectors).
        is_one_line: the same event told on other days or in another language; False: possibly related, no more.
    """

    story_id: int
    other_id: int
    similarity: float
    reason: str
    method: str
    is_one_line: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PollOutcome:
    """What one poll brought, as stored in `polls`."""

    status: int | None
    outcome: str  # new | unchanged | failed | paused
    reason: Reason | None = None
    detail: str = ""
    listed: int = 0
    new: int = 0
    known: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One request that left, for the politeness ledger; a redirect is a request of its own.

    Attributes:
        status: None: no answer.
        size: bytes of the body after decompression, None if none was read.
        gap_seconds: since this process's last request to the host; None for its first.
    """

    url: str
    host: str
    purpose: str  # poll | part | page | revisit | robots | rights | discover
    is_conditional: bool
    status: int | None = None
    size: int | None = None
    gap_seconds: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """What a stage did, for the terminal, the run's metadata and the tests."""

    stage: str
    counts: dict[str, int] = field(default_factory=dict)
    rows: tuple[Mapping[str, object], ...] = ()  # a table of what happened, the most telling first


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """What a server sent, after redirects and decompression.

    Attributes:
        url: the address asked for.
        final_url: the address that answered.
        headers: names in lower case; of a repeated header the last.
        permanent: every redirect on the way was permanent (301 or 308).
    """

    url: str
    final_url: str
    status: int
    headers: dict[str, str]
    body: bytes = b""
    redirects: tuple[str, ...] = ()
    permanent: bool = False

    @property
    def is_unchanged(self) -> bool:
        """304: what we have is current."""
        return self.status == 304  # noqa: PLR2004 (RFC 9110 15.4.5)

    @property
    def is_ok(self) -> bool:
        """200, the only status whose body is read."""
        return self.status == 200  # noqa: PLR2004 (RFC 9110 15.3.1)

    @property
    def etag(self) -> str | None:
        """The validator, to be sent back as it came; None where it could not be."""
        return _sendable(self.headers.get("etag"))

    @property
    def last_modified(self) -> str | None:
        """The other validator, as opaque as the first."""
        return _sendable(self.headers.get("last-modified"))

    @property
    def media_type(self) -> str:
        """Of Content-Type, in lower case, without parameters; empty if there is none."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def charset(self) -> str | None:
        """As Content-Type declares it, None if it does not."""
        for parameter in self.headers.get("content-type", "").split(";")[1:]:
            name, _, value = parameter.partition("=")
            if name.strip().lower() == "charset":
                return value.strip().strip("\"'").lower() or None
        return None

    @property
    def is_tdm_reserved(self) -> bool | None:
        """The header of the TDM Reservation Protocol (W3C TDMRep 6.1); None if it says nothing."""
        value = self.headers.get("tdm-reservation", "").strip()
        return value == "1" if value in {"0", "1"} else None

    @property
    def wants_pause(self) -> bool:
        """True for 429, and for a 503 that says for how long: the host is to be left alone, not only this address."""
        return self.status == 429 or (self.status == 503 and "retry-after" in self.headers)  # noqa: PLR2004

    def rejection(self) -> Reason | None:
        """Why this answer holds no document; None where it does (200 and 304)."""
        if self.is_ok or self.is_unchanged:
            return None
        return _REASON_BY_STATUS.get(self.status) or (
            Reason.SERVER_ERROR if self.status >= 500 else Reason.CLIENT_ERROR  # noqa: PLR2004
        )


def _sendable(value: str | None) -> str | None:
    """A header's value if it can be given back as it came; the door to the network drops what it could not."""
    return value if value and value.isprintable() else None


_REASON_BY_STATUS = {404: Reason.NOT_FOUND, 410: Reason.REMOVED, 429: Reason.THROTTLED}
