"""What changed between two readings of one article, in the kinds that readers are told of.

    two readings | sentences gone and come | paired by their words | figures, quotations, other text

Words alone count: order, spaces, marks, capitals and the way a number is grouped are no change, and neither is one
sentence made two.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from pipelines.core.nouns import Quote
from pipelines.core.text import folded, numbers_of, sentences_of, ungrouped

_SHOWN = 280
_MOST = 10  # changes of one kind, and
_MOST_TEXTS = 3  # changes of other text: a digest tells that a text was rewritten, it does not reprint it
_MOST_PAIRED = 300  # sentences on either side that are held against each other; a longer rewrite is told unpaired
_LEAST_WORDS = 2  # a word in common pairs nothing by itself
_SAME_SENTENCE = 0.7  # of the words of the longer: a sentence with another figure is still that sentence
_SAME_MATTER = 0.6  # of the words of the shorter: half a sentence that was split is still that matter
_LEAD = 100  # characters shown before the first difference


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One change. `kind` is headline, figures, quotes, text or removed; None: nothing there."""

    kind: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One revision as far as changes are told."""

    title: str | None
    text: str
    quotes: Sequence[Quote] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sentence:
    text: str
    key: str  # what sentences are compared by
    anchor: str  # the key of the sentence before it that stands in both readings
    place: int

    @property
    def words(self) -> frozenset[str]:
        return frozenset(w for w in self.key.split() if not w.isdecimal())


@dataclass(slots=True)
class _Passage:
    """Sentences that stood and sentences that stand for them now."""

    gone: list[_Sentence] = field(default_factory=list)
    come: list[_Sentence] = field(default_factory=list)

    @property
    def weight(self) -> int:
        return sum(len(s.key) for s in (*self.gone, *self.come))


REMOVED = Change(kind="removed", before=None, after=None)


def changes(before: Reading, after: Reading) -> list[Change]:
    """Headline, then sentences with other figures, then quotations gone or new; other text if there is none of these.

    Of each kind the first ten are told, of other text the three passages that weigh most, in the order of the text.
    """
    found = []
    if _key(before.title or "") != _key(after.title or ""):
        found.append(Change(kind="headline", before=before.title, after=after.title))
    passages = [p for p in _passages(*_gone_and_come(before.text, after.text)) if not _is_same(p)]
    figures = [p for p in passages if _is_other_figure(p)]
    found += [_change("figures", p) for p in figures[:_MOST]]
    gone, come = _missing(before.quotes, after), _missing(after.quotes, before)
    found += [Change(kind="quotes", before=q[:_SHOWN], after=None) for q in list(gone.values())[:_MOST]]
    found += [Change(kind="quotes", before=None, after=q[:_SHOWN]) for q in list(come.values())[:_MOST]]
    if found:
        return found  # a corrected figure brings its notice and its reworded lead along: one correction, told once
    heaviest = sorted(passages, key=lambda p: p.weight, reverse=True)[:_MOST_TEXTS]
    return [_change("text", p) for p in passages if any(p is h for h in heaviest)]


def _key(text: str) -> str:
    """The words, with numbers as one word each, however they are grouped: "1 000" and "1,000" are 1000."""
    return folded(ungrouped(text))


def _missing(quotes: Iterable[Quote], other: Reading) -> dict[str, str]:
    """Quotations whose words the other reading does not have, be it in other marks."""
    elsewhere = f" {_key(other.text)} "
    kept = {_key(q.text) for q in other.quotes}
    return {k: q.text for q in quotes if (k := _key(q.text)) not in kept and f" {k} " not in elsewhere}


def _gone_and_come(before: str, after: str) -> tuple[list[_Sentence], list[_Sentence]]:
    old, new = _sentences(before), _sentences(after)
    return list(_only_in(old, new)), list(_only_in(new, old))


def _sentences(text: str) -> dict[str, str]:
    cut = (text[s.start : s.end] for s in sentences_of(text))
    return {key: sentence for sentence in cut if (key := _key(sentence))}


def _only_in(one: Mapping[str, str], other: Mapping[str, str]) -> Iterator[_Sentence]:
    anchor = ""
    for place, (key, text) in enumerate(one.items()):
        if key in other:
            anchor = key
        else:
            yield _Sentence(text=text, key=key, anchor=anchor, place=place)


def _passages(gone: list[_Sentence], come: list[_Sentence]) -> list[_Passage]:
    """What belongs together: first by common words, then by standing in the same place."""
    paired = _paired(gone[:_MOST_PAIRED], come[:_MOST_PAIRED])
    old = {s.place for p in paired for s in p.gone}
    new = {s.place for p in paired for s in p.come}
    rest: dict[str, _Passage] = {}
    for sentence in gone:
        if sentence.place not in old:
            rest.setdefault(sentence.anchor, _Passage()).gone.append(sentence)
    for sentence in come:
        if sentence.place not in new:
            rest.setdefault(sentence.anchor, _Passage()).come.append(sentence)
    return sorted([*paired, *rest.values()], key=lambda p: min(s.place for s in (*p.come, *p.gone)))


def _paired(gone: Sequence[_Sentence], come: Sequence[_Sentence]) -> list[_Passage]:
    """Each sentence that came goes with the one gone that it is most like: both halves of one go with it.

    What is gone and went with nothing may be the half of one that came.
    """
    passages = {g.place: _Passage(gone=[g]) for g in gone}
    words = {s: s.words for s in (*gone, *come)}
    for new in come:
        likeness, place = max(((_likeness(words[g], words[new]), -g.place) for g in gone), default=(0.0, 0))
        if likeness >= _SAME_MATTER:
            passages[-place].come.append(new)
    matched = [p for p in passages.values() if p.come]
    for old in gone:
        if not passages[old.place].come:
            whole = [(_likeness(words[old], words[c]), n) for n, p in enumerate(matched) for c in p.come]
            likeness, n = max(whole, default=(0.0, 0))
            if likeness >= _SAME_MATTER:
                matched[n].gone.append(old)
    for passage in matched:
        passage.gone.sort(key=lambda s: s.place)
    return matched


def _likeness(one: frozenset[str], other: frozenset[str]) -> float:
    shared = len(one & other)
    return shared / min(len(one), len(other)) if shared >= _LEAST_WORDS else 0.0


def _is_same(passage: _Passage) -> bool:
    """A sentence made two or two made one, in the same words."""
    return _joined(passage.gone) == _joined(passage.come)


def _joined(sentences: Iterable[_Sentence]) -> str:
    return " ".join(s.key for s in sentences)


def _is_other_figure(passage: _Passage) -> bool:
    """The same sentence but for its numbers."""
    old, new = _words(passage.gone), _words(passage.come)
    return (
        bool(old and new)
        and len(old & new) >= _SAME_SENTENCE * max(len(old), len(new))
        and _numbers(passage.gone) != _numbers(passage.come)
    )


def _words(sentences: Iterable[_Sentence]) -> frozenset[str]:
    return frozenset().union(*(s.words for s in sentences))


def _numbers(sentences: Iterable[_Sentence]) -> frozenset[str]:
    return frozenset().union(*(numbers_of(s.text) for s in sentences))


def _change(kind: str, passage: _Passage) -> Change:
    before, after = (" ".join(s.text for s in part) for part in (passage.gone, passage.come))
    first = _first_difference(before, after) if before and after else 0
    return Change(kind=kind, before=_extract(before, first) or None, after=_extract(after, first) or None)


def _first_difference(one: str, other: str) -> int:
    return next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _extract(text: str, place: int) -> str:
    """So much of a passage that its first difference is in it, cut between words."""
    if len(text) <= _SHOWN:
        return text
    start = text.rfind(" ", 0, place - _LEAD) + 1 if place > _LEAD else 0
    head = "…" if start else ""
    room = _SHOWN - len(head)
    if len(text) - start <= room:
        return head + text[start:]
    cut = text.rfind(" ", start + _LEAD, start + room)
    return head + text[start : cut if cut > place else start + room - 1] + "…"
