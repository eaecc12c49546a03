"""Exact and near copies. Candidates by sampled shingles (SQL joins them), then verified on the full texts.

    text --sample--> fingerprints --join on 2 or more--> candidate pairs --judge_pair--> Copy or None

The numbers-and-names guard is what keeps look-alike reports apart: court and police news share their wording
and differ in figures and names (docs/decisions/0005).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

from pipelines.core.nouns import ClusterItem, Copy
from pipelines.core.text import folded, hash_of, names_of, numbers_of, shingles

RULE_VERSION = "copies-2"  # 2: a decimal is another number than its digits
SAMPLE_ONE_IN = 16
WINDOW_DAYS = 30
LEAST_SHARED = 2  # sampled shingles that make a candidate
HOT_SHINGLE_ARTICLES = 200  # a shingle in more articles than this is a formula, not a text
LEAST_CONTAINMENT = 0.5
SURE_CONTAINMENT = 0.9
LEAST_GUARD = 0.6
_FEWEST_SHINGLES = 8
_UNKNOWN_TIME = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class _Fingerprint:
    shingles: frozenset[int]
    numbers: frozenset[str]
    names: frozenset[str]


def sample(text: str) -> frozenset[int]:
    """The sampled shingles of a text: those that 16 divides, about 34 of a usual article.

    A short text of which none is sampled is represented by its smallest, so that it can be found at all.
    """
    every = shingles(text)
    chosen = frozenset(s for s in every if s % SAMPLE_ONE_IN == 0)
    return chosen if len(chosen) >= LEAST_SHARED else chosen | frozenset(sorted(every)[:LEAST_SHARED])


@lru_cache(maxsize=4096)
def _fingerprint(text: str) -> _Fingerprint:
    return _Fingerprint(shingles(text), numbers_of(text), names_of(text))


def judge_pair(copy: ClusterItem, original: ClusterItem) -> Copy | None:
    """Whether one article carries the other's text, with the numbers that say so; None if not.

    Containment is the share of the shorter text's shingles that stand in the other. From 0.9 on it suffices;
    from 0.5 on, numbers and names must agree too.
    """
    mine, theirs = _fingerprint(copy.text), _fingerprint(original.text)
    fewer = min(len(mine.shingles), len(theirs.shingles))
    if fewer < _FEWEST_SHINGLES:
        return None
    shared = len(mine.shingles & theirs.shingles)
    containment = shared / fewer
    numbers, names = overlap(mine.numbers, theirs.numbers), overlap(mine.names, theirs.names)
    is_guarded = containment < SURE_CONTAINMENT
    if containment < LEAST_CONTAINMENT or (is_guarded and min(numbers, names) < LEAST_GUARD):
        return None
    return Copy(
        article_id=copy.article_id,
        original_id=original.article_id,
        rule="same_text" if folded(copy.text) == folded(original.text) else "near_copy",
        containment=round(containment, 4),
        numbers_overlap=round(numbers, 4),
        names_overlap=round(names, 4),
        added_share=round(1 - shared / len(mine.shingles), 4),
    )


def overlap(one: frozenset[str], other: frozenset[str]) -> float:
    """Shared over the fewer; 1 where either has none: nothing speaks against."""
    return len(one & other) / min(len(one), len(other)) if one and other else 1.0


def find_copies(items: Sequence[ClusterItem], pairs: Iterable[tuple[int, int]], known: Mapping[int, int]) -> list[Copy]:
    """The copies among articles, each pointing to the original of its group.

    Args:
        items: all articles that occur in the pairs.
        pairs: candidates by article id, in any order.
        known: earlier decisions, copy -> original; they stand.

    Returns:
        One `Copy` for each article that is one and was not known to be; order and batching do not matter,
        because the likelier original is decided by the articles alone.
    """
    by_id = {i.article_id: i for i in items}
    original_of = dict(known)
    found: dict[int, Copy] = {}
    verified = []
    for one, other in sorted({(min(p), max(p)) for p in pairs}):
        if one in by_id and other in by_id:
            copy, original = sorted((by_id[one], by_id[other]), key=originality, reverse=True)
            verdict = judge_pair(copy, original)
            if verdict is not None:
                verified.append((originality(original), originality(copy), verdict))
    for _, _, verdict in sorted(verified, key=lambda v: (v[0], v[1])):
        if verdict.article_id in original_of or verdict.article_id in found:
            continue
        root = _root(verdict.original_id, original_of, found)
        if root == verdict.article_id:
            continue
        again = verdict if root == verdict.original_id else _towards(by_id, verdict, root)
        found[verdict.article_id] = again
    return list(found.values())


def _root(article_id: int, known: Mapping[int, int], found: Mapping[int, Copy]) -> int:
    seen = {article_id}
    while True:
        step = known.get(article_id) or (found[article_id].original_id if article_id in found else None)
        if step is None or step in seen:
            return article_id
        seen.add(step)
        article_id = step


def _towards(by_id: Mapping[int, ClusterItem], verdict: Copy, root: int) -> Copy:
    """The same verdict, pointing to its group's original, measured against it where its text is at hand."""
    direct = judge_pair(by_id[verdict.article_id], by_id[root]) if root in by_id else None
    if direct is not None:
        return direct
    return Copy(
        article_id=verdict.article_id, original_id=root, rule=verdict.rule, containment=verdict.containment,
        numbers_overlap=verdict.numbers_overlap, names_overlap=verdict.names_overlap,
        added_share=verdict.added_share,
    )  # fmt: skip


def originality(item: ClusterItem) -> tuple[bool, datetime, bool, datetime, int]:
    """Smaller is likelier the original: an agency's text, then the earliest published, then the earliest seen."""
    return (
        item.outlet_kind != "agency",
        item.published_at or _UNKNOWN_TIME,
        item.published_at is None,
        item.first_seen_at or _UNKNOWN_TIME,
        item.article_id,
    )


def content_hash(title: str | None, text: str) -> int:
    """One number for what an article says: two texts that differ only in case and spacing share it."""
    return hash_of(f"{folded(title or '')}\n{folded(text)}")


def candidate_pairs(items: Sequence[ClusterItem]) -> set[tuple[int, int]]:
    """Candidates among articles at hand, by the rule that the warehouse joins by."""
    holders: dict[int, list[int]] = {}
    for item in items:
        for shingle in sample(item.text):
            holders.setdefault(shingle, []).append(item.article_id)
    shared: dict[tuple[int, int], int] = {}
    for ids in holders.values():
        if 1 < len(ids) <= HOT_SHINGLE_ARTICLES:
            for i, one in enumerate(ids):
                for other in ids[i + 1 :]:
                    pair = (min(one, other), max(one, other))
                    shared[pair] = shared.get(pair, 0) + 1
    return {pair for pair, n in shared.items() if n >= LEAST_SHARED}
