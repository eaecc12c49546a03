"""Who is named beside a quotation, at a verb of saying. A name that is only near names nobody.

    masked text | mentions of people | around a quotation: what follows it, what leads to it | verb beside name

Text inside marks is masked out, so that nobody who is only spoken of in a quotation can be taken for its speaker.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from pipelines.core.speech_words import (
    AFTER_NAME,
    ASKING,
    ATTRIBUTION,
    ATTRIBUTION_BEHIND,
    BARE_ATTRIBUTION,
    CHANGED_NAMES,
    CLAUSE,
    GERMAN_OFFICE,
    GERMAN_SAYING,
    NOT_PEOPLE,
    OF_WHAT,
    OPENERS,
    PASSIVE,
    PLACES,
    PRONOUN_FIRST,
    PRONOUNS,
    ROLES,
    SAYING,
    TO_WHOM,
    VICTIMS,
)

_TOKEN = re.compile(r"[^\W\d_]+(?:[’'-][^\W\d_]+)*")
_IN_NAMES = "van von de da dos di der den del della la le ter ten te zu zur al bin ibn af av du"
_PARTICLES = frozenset(_IN_NAMES.split())
_BEFORE_ARTICLE = frozenset({"van", "von", "aan", "op", "in", "zu", "de"})
_IN_NAMES_ARTICLES = frozenset({"der", "den", "la", "le"})  # "von der Leyen", but "Coach der Mannschaft"
_GENITIVE = re.compile(r"[’']s\Z")
_DETERMINING = "der die das dem den des ein eine einen einem einer sein seine seinem ihr ihre ihrem"
_DETERMINERS = frozenset(_DETERMINING.split())
_LINKS = frozenset({"de", "da", "dos", "di", "du", "del", "della", "des"})  # in a name, or between a name and a body
_WHOLE_CAPITALS = frozenset({"Ó", "Ní", "Nic", "Mac", "Uí"})
_GAP = re.compile(r"\s+|\s*\.\s+")  # "J. Beck"
_ARTICLES = frozenset({"la", "le", "der", "das", "na"})
_NOT_BEFORE_SPEAKER = (TO_WHOM | OF_WHAT | PLACES) - _ARTICLES
_MOST_NAMES = 4
_FEW, _SOME, _MANY = 3, 10, 26  # words that may stand between a verb and a name, by what they are
_ASIDE = re.compile(r"\s*(?:[,(–—-].*[,)–—-]\s*)?\Z", re.DOTALL)
_AGE = re.compile(r"[,(]\s*(\d{1,2})\b")
_ADULT = 18
_VICTIM_REACH = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A person of the gazetteer: shown as a speaker under `name`, recognised by any alias."""

    name: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A person named in a text: where, and under which name shown."""

    start: int
    end: int
    name: str
    is_known: bool = False  # of the gazetteer
    is_whole: bool = True  # False: the surname of somebody named before


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    folded: str
    start: int
    end: int

    @property
    def is_capital(self) -> bool:
        return self.text[0].isupper() and (not self.text.isupper() or self.text in _WHOLE_CAPITALS)


def mentions_of(text: str, people: Sequence[Known]) -> list[Mention]:
    """Everybody named in a text, in order: people of the gazetteer, whole names, and surnames of whole names before."""
    known = list(_known_in(text, tuple(people)))
    taken = {p for m in known for p in range(m.start, m.end)}
    tokens = [_token(f) for f in _TOKEN.finditer(text)]
    whole = [m for m in _whole_names(text, tokens) if not taken.intersection(range(m.start, m.end))]
    taken.update(p for m in whole for p in range(m.start, m.end))
    named = sorted([*known, *whole], key=lambda m: m.start)
    return sorted([*named, *_surnames(tokens, named, taken)], key=lambda m: m.start)


def _token(found: re.Match[str]) -> _Token:
    """One word; the English genitive is none of it, so that "Novak’s" names Novak."""
    text = _GENITIVE.sub("", found.group())
    return _Token(text, text.replace("’", "'").casefold(), found.start(), found.start() + len(text))


def _known_in(text: str, people: tuple[Known, ...]) -> Iterator[Mention]:
    pattern, names = _gazetteer(people)
    for found in pattern.finditer(text) if names else ():
        yield Mention(start=found.start(), end=found.end(), name=names[found.group()], is_known=True)


@lru_cache(maxsize=8)
def _gazetteer(people: tuple[Known, ...]) -> tuple[re.Pattern[str], dict[str, str]]:
    names = {alias: person.name for person in reversed(people) for alias in (*person.aliases, person.name)}
    longest_first = sorted(names, key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)"), names


def _whole_names(text: str, tokens: Sequence[_Token]) -> Iterator[Mention]:
    n = 0
    while n < len(tokens):
        run = _run(text, tokens, n)
        n += max(1, len(run))
        name = _person(text, run)
        if name:
            start, end = name[0].start, name[-1].end
            yield Mention(start=start, end=end, name=" ".join(text[start:end].split()))


def _run(text: str, tokens: Sequence[_Token], n: int) -> list[_Token]:
    """Capitalised words side by side, particles between them included."""
    run: list[_Token] = []
    kept = 0
    for place in range(n, len(tokens)):
        token = tokens[place]
        joined = not run or (token.start > run[-1].end and _is_gap(text, run[-1], token))
        if not joined or not (token.is_capital or _is_initial(token) or (run and _is_particle(token, run[-1]))):
            break
        run.append(token)
        kept = len(run) if token.is_capital else kept
    return run[:kept]


def _is_particle(token: _Token, before: _Token) -> bool:
    return token.text in _PARTICLES and (token.text not in _IN_NAMES_ARTICLES or before.folded in _BEFORE_ARTICLE)


def _is_gap(text: str, one: _Token, other: _Token) -> bool:
    gap = text[one.end : other.start]
    return "\n" not in gap and (gap.isspace() or (_is_initial(one) and _GAP.fullmatch(gap) is not None))


def _is_initial(token: _Token) -> bool:
    return len(token.text) == 1 and token.text.isupper()


def _person(text: str, run: Sequence[_Token]) -> Sequence[_Token]:
    """The part of a run that names a person: without titles and first words of sentences; nothing for a body."""
    titles = [n for n, t in enumerate(run) if _is_title(t)]
    run = run[titles[-1] + 1 :] if titles and titles[-1] + 2 < len(run) else run  # "European Commissioner Ana Novak"
    while run and (_is_title(run[0]) or run[0].folded in OPENERS or not run[0].is_capital):
        run = run[1:]
    run = _without_body(run)
    capitals = [t for t in run if t.is_capital and len(t.text) > 1]
    if not 2 <= len(capitals) <= _MOST_NAMES or any(map(_is_no_name, capitals)):  # noqa: PLR2004
        return ()
    if len(run) == len(capitals) and _is_german(text, run):
        # Any German noun may stand before a name: "Sprecher Jonas Beck", and "der Sprecher Beck" is half a name.
        return () if len(run) == 2 and _is_determined(text, run[0]) else run[-2:]  # noqa: PLR2004
    return run


def _is_title(token: _Token) -> bool:
    return token.folded in ROLES or token.folded.endswith(GERMAN_OFFICE)


def _is_no_name(token: _Token) -> bool:
    return _is_title(token) or any(part in NOT_PEOPLE for part in (token.folded, *token.folded.split("-")))


def _is_determined(text: str, token: _Token) -> bool:
    return bool(_DETERMINERS & set(_words(text[max(0, token.start - 12) : token.start])[-1:]))


def _without_body(run: Sequence[_Token]) -> Sequence[_Token]:
    """Cut where a particle leads to a body: "Ana Novak de la Commission"."""
    for n, token in enumerate(run):
        if n >= 2 and token.text in _LINKS and any(t.folded in NOT_PEOPLE for t in run[n:]):  # noqa: PLR2004
            return run[:n]
    return run


def _is_german(text: str, run: Sequence[_Token]) -> bool:
    around = text[max(0, run[0].start - _VICTIM_REACH) : run[-1].end + _VICTIM_REACH]
    return any(t.group() in GERMAN_SAYING for t in _TOKEN.finditer(around))


def _surnames(tokens: Sequence[_Token], named: Sequence[Mention], taken: set[int]) -> Iterator[Mention]:
    """Surnames alone, of the one person of that surname who was named before."""
    bearers: dict[str, set[str]] = {}
    place = 0
    for token in tokens:
        while place < len(named) and named[place].start <= token.start:
            surname = named[place].name.split()[-1]
            bearers.setdefault(surname, set()).add(named[place].name)
            place += 1
        if token.is_capital and token.start not in taken and len(found := bearers.get(token.text, set())) == 1:
            yield Mention(start=token.start, end=token.end, name=next(iter(found)), is_whole=False)


class Cast:
    """Everybody named in one masked text, and who among them speaks in a part of it."""

    def __init__(self, masked: str, people: Sequence[Known]) -> None:
        self._text = masked
        self._mentions = mentions_of(masked, people)
        self._starts = [m.start for m in self._mentions]
        self._never = _victims(masked, self._mentions)

    def named(self, start: int, end: int) -> list[Mention]:
        """Who is named from `start` to `end`."""
        return [
            m
            for m in self._mentions[bisect_left(self._starts, start) : bisect_right(self._starts, end)]
            if m.end <= end
        ]

    def shown(self, name: str | None) -> str | None:
        """The name, unless it is a victim's."""
        return None if name in self._never else name

    def speaker(self, start: int, end: int) -> str | None:
        """The one person named in this part who stands at a verb of saying."""
        everybody = self.named(start, end)
        own = [m for m in everybody if not self._is_of_another(m, everybody)]
        if len({m.name for m in own}) != 1:
            return None
        verbs = list(self._verbs(start, end))
        return next((m.name for m in own for v in verbs if self._speaks(m, v, start, end)), None)

    def is_said_by_pronoun(self, start: int, end: int) -> bool:
        """Somebody speaks here who is only "she" or "he"."""
        if self.named(start, end):
            return False
        tokens = [_token(f) for f in _TOKEN.finditer(self._text, start, end)]
        for n, token in enumerate(tokens):
            if token.folded.endswith(("-elle", "-il", "-t-elle", "-t-il")):
                return True
            beside = tokens[n + 1 : n + 3] + ([] if token.folded in PRONOUN_FIRST else tokens[max(0, n - 1) : n])
            if token.folded in PRONOUNS and any(t.folded in SAYING for t in beside):
                return True
        return False

    def is_verb_alone(self, start: int, end: int) -> bool:
        """A verb of saying and nobody: many languages need no pronoun for who spoke before."""
        words = _words(self._text[start:end])
        return len(words) == 1 and words[0] in SAYING

    def antecedent(self, start: int, end: int) -> str | None:
        """Whom "she" means: the one person named here, where people are introduced; None in doubt."""
        everybody = self.named(start, end)
        own = [m for m in everybody if not self._is_of_another(m, everybody)]
        if len({m.name for m in own}) != 1 or self._has_office(own[-1].end, end):
            return None
        name = own[0].name
        return name if any(self._is_introduced(m) for m in self.named(0, end) if m.name == name) else None

    def has_office(self, start: int, end: int) -> bool:
        """Somebody is spoken of by office alone: "the minister"."""
        return self._has_office(start, end)

    def _has_office(self, start: int, end: int) -> bool:
        after_aside = self._text[start:end].lstrip()
        if after_aside.startswith(","):  # what follows the name tells of the same person
            stop = re.search(r"[.!?\n]", self._text[start:end])
            start = start + stop.end() if stop else end
        return any(_token(f).folded in ROLES for f in _TOKEN.finditer(self._text, start, end))

    def _is_introduced(self, mention: Mention) -> bool:
        lead = self._text[max(0, mention.start - 30) : mention.start]
        before, after = _words(lead), self._text[mention.end : mention.end + 1]
        beside = _words(self._text[mention.end : mention.end + 40])[:_FEW] + before[-_FEW:]
        return (
            mention.is_known or after in {",", "("} or lead.endswith(", ")
            or any(w in SAYING or w in ROLES for w in beside)
        )  # fmt: skip

    def _is_of_another(self, mention: Mention, everybody: Sequence[Mention]) -> bool:
        """A name behind "of" or "from" that follows another name tells whom that one speaks for."""
        before = [_token(f) for f in _TOKEN.finditer(self._text, max(0, mention.start - 12), mention.start)]
        return (
            not mention.is_known and mention is not everybody[0] and bool(before) and before[-1].folded in OF_WHAT
            and self._text[before[-1].end : mention.start].isspace()
        )  # fmt: skip

    def _verbs(self, start: int, end: int) -> Iterator[_Token]:
        for found in _TOKEN.finditer(self._text, start, end):
            token = _token(found)
            if token.folded in ATTRIBUTION or token.folded in AFTER_NAME or self._says(token):
                yield token

    def _says(self, token: _Token) -> bool:
        """A verb of saying that is not in the passive, or the last word of an attribution like "de acordo com"."""
        lead = _words(self._text[max(0, token.start - 12) : token.start])[-1:]
        if token.folded in ATTRIBUTION_BEHIND:
            return lead == [ATTRIBUTION_BEHIND[token.folded]]
        return token.folded in SAYING and not PASSIVE.intersection(lead)

    def _speaks(self, mention: Mention, verb: _Token, start: int, end: int) -> bool:
        if verb.end <= mention.start:
            return self._is_inverted(mention, verb, start, end)
        if mention.end <= verb.start and verb.folded not in ATTRIBUTION | ATTRIBUTION_BEHIND.keys():
            return self._is_subject(mention, verb)
        return False

    def _is_inverted(self, mention: Mention, verb: _Token, start: int, end: int) -> bool:
        """As in "said Ana Novak", "a déclaré la ministre, Ana Novak", "according to Ana Novak"."""
        between = _words(self._text[verb.end : mention.start])
        if verb.folded in ATTRIBUTION or verb.folded in ATTRIBUTION_BEHIND:
            after = self._text[mention.end : end].lstrip()
            is_all = after == "" or not (after[0].isalnum() and verb.folded in BARE_ATTRIBUTION)
            return len(between) <= _FEW + 1 and is_all
        if verb.folded in AFTER_NAME or len(between) > _SOME or _is_to_whom(between):
            return False
        return verb.folded not in ASKING or not _words(self._text[start : verb.start])

    def _is_subject(self, mention: Mention, verb: _Token) -> bool:
        """As in "Ana Novak said", "Ana Novak of the agency, who chairs the group, told"; "Novak Ana szerint"."""
        gap = self._text[mention.end : verb.start]
        if verb.folded in AFTER_NAME:
            return not _words(gap)
        lead = _words(self._text[max(0, mention.start - 12) : mention.start])[-1:]
        if not mention.is_known and _NOT_BEFORE_SPEAKER & set(lead):
            return False  # "in Tel Aviv officials said"
        return not gap.startswith(("’s", "'s")) and _leads_to_verb(gap)


def _leads_to_verb(gap: str) -> bool:
    """Few words, or of whom the name is, or an aside that ends before the verb."""
    between = _words(gap)
    if len(between) > _MANY:
        return False
    if not re.search(r"[,;:.]", gap):
        most = 2 * _FEW if OF_WHAT & set(between[:1]) else _FEW
        return (len(between) <= most and not CLAUSE & set(between)) or _is_bracketed(gap)
    first, comma, aside = gap.partition(",")
    of_whom = _words(first)
    is_short = not of_whom or (of_whom[0] in OF_WHAT and len(of_whom) <= _SOME)
    is_aside = bool(comma) and is_short and "," in aside and len(_words(aside.rpartition(",")[2])) <= _FEW
    return is_aside or _is_bracketed(gap)


def _is_to_whom(between: Sequence[str]) -> bool:
    """The name is that of the one spoken to; Portuguese "a ministra" and "o ministro" are articles and an office."""
    is_article = between[:1] in (["a"], ["o"]) and len(between) > 1 and between[1] in ROLES
    if (
        is_article
    ):  # an office may follow an article, and somebody else may follow the office: "a spokesperson for Ana Novak"
        return bool(_NOT_BEFORE_SPEAKER & set(between[-1:]))
    return bool(TO_WHOM & set(between[:2]) or CLAUSE & set(between) or _NOT_BEFORE_SPEAKER & set(between[-1:]))


def _is_bracketed(gap: str) -> bool:
    return bool(re.match(r"\s*[(–—]", gap)) and len(_words(re.split(r"[)–—]", gap)[-1])) <= _FEW


def _words(text: str) -> list[str]:
    return [_token(f).folded for f in _TOKEN.finditer(text)]


def _victims(text: str, mentions: Sequence[Mention]) -> frozenset[str]:
    """Names that the text introduces as a victim's, a minor's or a survivor's without any office of their own."""
    found: dict[str, list[bool]] = {}
    for mention in mentions:
        if not mention.is_known:
            found.setdefault(mention.name, []).append(_is_victim(text, mention))
    roles = {m.name for m in mentions if _has_role(text, m)}
    minors = {m.name for m in mentions if not m.is_known and (_is_minor(text, m) or _is_changed(text, m))}
    return frozenset(minors.union(name for name, told in found.items() if any(told) and name not in roles))


def _around(text: str, mention: Mention) -> tuple[list[str], list[str]]:
    """The last words before a name in its sentence, and what is told of it up to its verb of saying."""
    before = re.split(r"[.!?:;\n]", text[max(0, mention.start - _VICTIM_REACH) : mention.start])[-1]
    after = re.split(r"[.!?:;\n]", text[mention.end : mention.end + _VICTIM_REACH])[0]
    told: list[str] = []
    for word in _words(after):
        if word in SAYING:
            break
        told.append(word)
    return _words(before)[-4:], told


def _is_victim(text: str, mention: Mention) -> bool:
    before, after = _around(text, mention)
    return any(w in VICTIMS for w in (*before, *after))


def _is_changed(text: str, mention: Mention) -> bool:
    """The text says of the name, at once behind it, that it is another than the person's own."""
    told = re.split(r"[.!?\n]", text[mention.end : mention.end + _VICTIM_REACH])[0]
    return any(f" {words} " in f" {' '.join(_words(told))} " for words in CHANGED_NAMES)


def _is_minor(text: str, mention: Mention) -> bool:
    age = _AGE.match(text[mention.end : mention.end + 6].lstrip())
    return age is not None and int(age.group(1)) < _ADULT


def _has_role(text: str, mention: Mention) -> bool:
    before, after = _around(text, mention)
    return any(w in ROLES or w.endswith(GERMAN_OFFICE) for w in (*before, *after))
