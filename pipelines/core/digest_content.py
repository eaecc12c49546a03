"""What a digest says, as values: the nouns of its content, in the order of its page.

`dataclasses.asdict` makes them the JSON that is stored and rendered; docs/digest.schema.json is made from them.
Instants are ISO 8601 in UTC, days `YYYY-MM-DD`, languages ISO 639; unknown is null.
"""

from dataclasses import dataclass, field
from typing import Any, Literal

Content = dict[str, Any]  # a `Digest` as plain values: what is stored, and what templates are given
Section = Literal["quotes", "by_topic", "elsewhere", "changed", "late", "numbers", "terminology", "coverage",
                  "also_seen"]  # fmt: skip
ChangeKind = Literal["headline", "figures", "quotes", "text", "removed"]
AlsoWhy = Literal["more", "backlog", "removed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """The half-open time [opens_at, closes_at) that a digest is about."""

    opens_at: str
    closes_at: str
    time_zone: str  # the readers'


@dataclass(frozen=True, slots=True, kw_only=True)
class Extract:
    """One sentence of an article: its text from `start` to `end`, exactly; `is_cut`: it goes on after that."""

    text: str
    start: int
    end: int
    is_cut: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """Why a story is here: the topic, and the words that matched it in the headline and in the text."""

    topic: str
    name: str
    in_title: list[str]
    in_text: list[str]
    is_about: bool  # false: mentioned in passing


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """How widely something ran: three numbers that are never mixed up, and how many of the articles are copies."""

    articles: int
    outlets: int
    publishers: int  # independent: a copy is no further voice
    copies: int
    languages: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """An article of a story."""

    article_id: int
    story_id: int
    title: str
    url: str
    outlet: str
    language: str | None
    is_copy: bool
    is_partial: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A story: the article that tells it, in short, and all articles of it that are new, that one first."""

    line_id: int
    headline: str
    url: str
    outlet: str
    country: str
    language: str | None
    published: str | None  # an instant, or a day where no more is known
    sentence: Extract | None
    why: Why
    day_number: int  # counted from the first digest that told of the story
    counts: Spread
    articles: list[Listed]


@dataclass(frozen=True, slots=True, kw_only=True)
class Quotation:
    """A quotation: the article's text from `start` to `end`, exactly."""

    text: str
    speaker: str | None
    voice: str | None  # whose voice the speaker is, as sources.yaml says
    outlet: str
    url: str
    language: str | None
    article_id: int
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicItems:
    """The stories of one topic."""

    topic: str
    name: str
    items: list[Item]


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """What changed in an article that an earlier digest told of."""

    article_id: int
    kind: ChangeKind
    before: str | None
    after: str | None
    seen_at: str
    revision: int
    url: str
    outlet: str
    language: str | None
    told: str  # its headline in that digest


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicCount:
    """Articles of one topic; one of two topics counts for both."""

    topic: str
    articles: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageCount:
    """Articles in one language."""

    language: str
    articles: int


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceCount:
    """Whose voice is heard: quotations of speakers of one kind, and how many speakers these are."""

    voice: str  # institution, police, industry, ngo, survivors, other; named: of no kind; unnamed: no speaker
    quotations: int
    speakers: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DayCount:
    """Kept articles published on a day, and what of the feeds was not seen then."""

    day: str
    articles: int
    feeds_out: int  # silent or failing on that day
    is_gap: bool  # so much was not seen that a fall is no quiet


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """What is usual: mean of kept articles a day, over the days before the window on which any feed answered."""

    mean: float
    days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers(Spread):
    """The window in numbers; late arrivals are not in them, but for `late`."""

    late: int
    undated: int
    by_topic: list[TopicCount]
    by_language: list[LanguageCount]
    voices: list[VoiceCount]
    baseline_7: Baseline | None
    baseline_28: Baseline | None
    volume: list[DayCount]


@dataclass(frozen=True, slots=True, kw_only=True)
class TermSeen:
    """A watched term in an article."""

    said: str
    term: str
    preferred: str
    language: str
    outlet: str
    title: str
    url: str
    article_id: int
    uses: int
    is_quoted: bool  # every use stands in a quotation


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """A feed that was not fully seen."""

    feed: str
    outlet: str
    last_answer_at: str | None
    trouble: Literal["late", "failing", "silent", "never"]
    detail: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread:
    """Pages of an outlet that could not be had."""

    outlet: str
    reason: str
    pages: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """What was seen and what not."""

    feeds: int
    sound: int
    is_blind: bool  # no feed answered: nobody may take that for silence
    troubled: list[Trouble]
    unread: list[Unread]


@dataclass(frozen=True, slots=True, kw_only=True)
class NearMiss:
    """An article that was left out and came near a topic: for a person to judge (`presswatch judge`)."""

    url: str
    title: str | None
    outlet: str
    language: str | None
    topic: str
    share: float  # 0..1 of what the topic asks for
    lacks: list[str]  # what would have let it in


@dataclass(frozen=True, slots=True, kw_only=True)
class Also:
    """An article that is only listed: beyond what a section holds, from before the watch, or removed since."""

    article_id: int
    story_id: int
    title: str
    url: str
    outlet: str
    language: str | None
    why: AlsoWhy


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """The report of one window for one circle of readers."""

    composer: str
    digest_id: str
    edition: str
    language: str  # of the digest's own words
    sections: list[Section]  # that these readers want; the content is always whole
    languages: list[str]  # that they read, the first first
    title: str
    day: str
    window: Period
    is_first: bool
    is_quiet: bool
    top_stories: list[Item] = field(default_factory=list)
    quotes: list[Quotation] = field(default_factory=list)
    by_topic: list[TopicItems] = field(default_factory=list)
    elsewhere: list[Item] = field(default_factory=list)
    changed: list[Changed] = field(default_factory=list)
    late: list[Item] = field(default_factory=list)
    numbers: Numbers
    terminology: list[TermSeen] = field(default_factory=list)
    coverage: Coverage
    also_seen: list[Also] = field(default_factory=list)
    close_calls: list[NearMiss] = field(default_factory=list)
