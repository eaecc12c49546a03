"""Copies: the ladder that says of two articles whether they carry one text.

    sample, title, hash --candidates (SQL joins them)--> pairs --judge_pair--> CopyPair --originals.point--> Copy

Below it stand the rungs of one address, which are settled before any text is read: the same id in a feed, the same URL
key, the same canonical address (stages poll, fetch and extract). Above it stands the rewrite, which is no copy: it
meets its original in a story (docs/decisions/0005, 0018).
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from pipelines.core import originals
from pipelines.core.discovery import title_key
from pipelines.core.nouns import ClusterItem, Copy, CopyPair
from pipelines.core.originals import originality
from pipelines.core.resemblance import (
    Resemblance,
    may_share_a_text,
    resemblance,
    sample,
    text_hash,
    without_repeated,
)
from pipelines.core.text import folded, hash_of

__all__ = ["LADDER", "RULE_VERSION", "candidate_pairs", "content_hash", "find_copies", "judge_pair", "originality"]

RULE_VERSION = "copies-3"  # 2: a decimal is another number than its digits; 3: a ladder, names word by word
WINDOW = timedelta(days=30)
TITLE_WINDOW = timedelta(days=7)
HOT_ARTICLES = 200  # what more articles have by the start of a day is a formula, not a text
LEAST_CONTAINMENT = 0.5
SURE_CONTAINMENT = 0.9
LEAST_GUARD = 0.65
LEAST_TITLE_GUARD = 0.5  # a daily column has one title and each day another text; court reports may share both
FEWEST_SHINGLES = 8


@dataclass(frozen=True, slots=True)
class Rung:
    """A rule of the ladder: `score` gives 0..1 where it holds of two articles, None where it does not."""

    name: str
    says: str
    score: Callable[[ClusterItem, ClusterItem, Resemblance], float | None]


def _declared(one: ClusterItem, other: ClusterItem, alike: Resemblance) -> float | None:
    is_named = one.named_id == other.article_id or other.named_id == one.article_id
    return 1.0 if is_named and (_is_partial(one, other) or alike.containment >= LEAST_CONTAINMENT) else None


def _same_title(one: ClusterItem, other: ClusterItem, alike: Resemblance) -> float | None:
    key = title_key(one.title)
    is_same = one.outlet_id == other.outlet_id and key is not None and key == title_key(other.title)
    return 1.0 if is_same and (_is_partial(one, other) or _is_alike(alike, LEAST_TITLE_GUARD)) else None


def _same_text(one: ClusterItem, other: ClusterItem, alike: Resemblance) -> float | None:
    is_whole = alike.shared == alike.one == alike.other >= FEWEST_SHINGLES
    return 1.0 if is_whole and text_hash(one.text) == text_hash(other.text) else None


def _near_copy(_one: ClusterItem, _other: ClusterItem, alike: Resemblance) -> float | None:
    is_long = min(alike.one, alike.other) >= FEWEST_SHINGLES
    return alike.containment if is_long and _is_alike(alike, LEAST_GUARD) else None


def _is_alike(alike: Resemblance, guard: float) -> bool:
    """Half of the shorter text with its numbers and names, or nearly all of it."""
    agrees = alike.containment >= SURE_CONTAINMENT or min(alike.numbers, alike.names) >= guard
    return alike.containment >= LEAST_CONTAINMENT and agrees


def _is_partial(one: ClusterItem, other: ClusterItem) -> bool:
    """True where a feed's own words are compared: they need not stand in the page's text."""
    return one.is_partial or other.is_partial


LADDER = (
    Rung("declared", "one page gives the other's address, on another site, as its canonical one", _declared),
    Rung("same_title", "one outlet, one title of four words or more within seven days, no other text", _same_title),
    Rung("same_text", "word for word, but for case and marks", _same_text),
    Rung("near_copy", "half of the shorter text and its numbers and names, or nine tenths of it", _near_copy),
)


def judge_pair(one: ClusterItem, other: ClusterItem) -> CopyPair | None:
    """The first rung that holds of two articles, with the numbers that say so; None where none does."""
    if one.article_id > other.article_id:
        one, other = other, one
    alike = resemblance(one.text, other.text)
    for rung in LADDER:
        score = rung.score(one, other, alike)
        if score is not None:
            return CopyPair(
                one_id=one.article_id,
                other_id=other.article_id,
                rule=rung.name,
                score=round(score, 4),
                containment=round(alike.containment, 4),
                numbers_overlap=round(alike.numbers, 4),
                names_overlap=round(alike.names, 4),
                shared=alike.shared,
                one_shingles=alike.one,
                other_shingles=alike.other,
            )
    return None


def judge_pairs(items: Iterable[ClusterItem], pairs: Iterable[tuple[int, int]]) -> list[CopyPair]:
    """The pairs that carry one text, of candidates by article id; in the order of ids."""
    by_id = {i.article_id: i for i in items}
    wanted = sorted({(min(p), max(p)) for p in pairs if p[0] != p[1]})
    judged = (judge_pair(by_id[one], by_id[other]) for one, other in wanted if one in by_id and other in by_id)
    return [pair for pair in judged if pair is not None]


def find_copies(items: Sequence[ClusterItem]) -> list[Copy]:
    """The copies among articles at hand, whose texts are as they came: lines that an outlet repeats are left out."""
    texts = without_repeated([(i.outlet_id, i.text) for i in items])
    bare = [replace(i, text=text) for i, text in zip(items, texts, strict=True)]
    return originals.point(bare, judge_pairs(bare, candidate_pairs(bare)))


def candidate_pairs(items: Sequence[ClusterItem]) -> set[tuple[int, int]]:
    """Candidates among articles at hand, by the rules that the warehouse joins by, each the smaller id first."""
    samples = {i.article_id: sample(i.text) for i in items}
    shared: defaultdict[tuple[int, int], int] = defaultdict(int)
    for pair in _sharing(items, lambda i: samples[i.article_id], WINDOW):
        shared[pair] += 1
    found = {(a, b) for (a, b), n in shared.items() if may_share_a_text(n, len(samples[a]), len(samples[b]))}
    found.update(_sharing(items, lambda i: {text_hash(i.text)} - {None}, WINDOW))
    found.update(_sharing(items, lambda i: {(i.outlet_id, key)} if (key := title_key(i.title)) else (), TITLE_WINDOW))
    ids = samples.keys()
    named = ((i.article_id, i.named_id) for i in items if i.named_id is not None and i.named_id in ids)
    found.update((min(pair), max(pair)) for pair in named)
    return found


def _sharing(
    items: Sequence[ClusterItem], signs: Callable[[ClusterItem], Iterable[object]], window: timedelta
) -> Iterable[tuple[int, int]]:
    """Pairs for every sign that they share within a window, unless so many have it that it is a formula."""
    holders: defaultdict[object, list[ClusterItem]] = defaultdict(list)
    for item in items:
        for sign in signs(item):
            holders[sign].append(item)
    for having in holders.values():
        for n, one in enumerate(having if len(having) <= HOT_ARTICLES else ()):
            for other in having[n + 1 :]:
                if _within(one, other, window):
                    yield min(one.article_id, other.article_id), max(one.article_id, other.article_id)


def _within(one: ClusterItem, other: ClusterItem, window: timedelta) -> bool:
    """An unknown day counts as inside."""
    days = one.published_day, other.published_day
    return days[0] is None or days[1] is None or abs(days[0] - days[1]) <= window


def content_hash(title: str | None, text: str) -> int:
    """One number for what an article says: two texts that differ only in case and spacing share it."""
    return hash_of(f"{folded(title or '')}\n{folded(text)}")
