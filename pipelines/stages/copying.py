"""Copies, as a pipe:

    new articles | fingerprints, keys | candidates, day by day | judged on full texts: pairs
    what the pairs join | groups | the likeliest original of each, anew | copies that differ are replaced

A pair is judged once. Who copies whom follows from the whole group, so that a text that arrives late and was first
turns its group round. Work is proportional to what is new, its window and its groups, never to history.
"""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace
from datetime import UTC, date, datetime

from pipelines.adapters.warehouse import as_json
from pipelines.core import duplicates, originals
from pipelines.core.discovery import title_key
from pipelines.core.nouns import ClusterItem, Copy, CopyPair
from pipelines.core.resemblance import LEAST_SAMPLED_SHARE, SHORT_SAMPLE, sample, text_hash
from pipelines.core.url_key import url_key
from pipelines.stages.protocols import Row, Transaction


def place_copies(tx: Transaction, ids: Sequence[int], now: datetime) -> list[Copy]:
    """Find what these new articles share texts with, and say anew who copies whom.

    Returns:
        The copies that are new, or point elsewhere than before.
    """
    asked = as_json(ids)
    (first,) = tx.query("cluster/first_read", ids=asked)
    if first["at"] is None:
        return []
    new = tx.query("cluster/new_bearers", ids=asked, since=first["at"])
    since = first["at"].astimezone(UTC).date()
    samples = [sorted(sample(r["text"])) for r in new]
    tx.run(
        "cluster/add_fingerprints",
        rows=[_fingerprints(r, s) for r, s in zip(new, samples, strict=True) if s],
        since=since,
    )
    tx.run("cluster/add_copy_keys", rows=[_keys(r, len(s)) for r, s in zip(new, samples, strict=True)], since=since)
    touched: set[int] = set()
    for day in sorted({_day(r) for r in new}):
        pairs = _judged(tx, [r["article_id"] for r in new if _day(r) == day], ids, day)
        standing = {"version": duplicates.RULE_VERSION, "known_from": now, "known_to": None}
        tx.run("cluster/add_copy_pairs", rows=[asdict(pair) | standing for pair in pairs])
        touched.update(i for pair in pairs for i in (pair.one_id, pair.other_id))
    return point_anew(tx, touched, now)


def point_anew(tx: Transaction, touched: Iterable[int], now: datetime) -> list[Copy]:
    """Say for the groups of these articles who copies whom. Twice is once.

    Returns:
        The copies that are new, or point elsewhere than before.
    """
    members, pairs = _groups(tx, set(touched))
    if not members:
        return []
    before = {r["article_id"]: Copy(**r) for r in tx.query("cluster/standing_copies", ids=as_json(sorted(members)))}
    copies = originals.point(_bearers(tx, members), pairs)
    changed = [c for c in copies if before.get(c.article_id) != c]
    ended = {c.article_id for c in changed} | (before.keys() - {c.article_id for c in copies})
    tx.run("cluster/close_copies", ids=as_json(sorted(ended & before.keys())), now=now)
    standing = {"version": duplicates.RULE_VERSION, "known_from": now, "known_to": None}
    tx.run("cluster/add_copies", rows=[asdict(c) | standing for c in changed])
    return changed


def leave(tx: Transaction, ids: Iterable[int], now: datetime) -> None:
    """Articles that are not kept any more copy nothing and are copied by none; who is left is pointed anew."""
    gone = set(ids)
    pairs = [CopyPair(**r) for r in tx.query("cluster/pairs_of", ids=as_json(sorted(gone)))]
    tx.run("cluster/close_copy_pairs", ids=as_json(sorted(gone)), now=now)
    tx.run("cluster/close_copies", ids=as_json(sorted(gone)), now=now)
    point_anew(tx, {i for p in pairs for i in (p.one_id, p.other_id)} - gone, now)


def _day(row: Row) -> date:
    seen: datetime = row["first_seen_at"]
    return seen.astimezone(UTC).date()


def _fingerprints(row: Row, shingles: Sequence[int]) -> Row:
    seen = {"article_id": row["article_id"], "published_day": row["published_day"], "seen_day": _day(row)}
    return seen | {"shingles": shingles}


def _keys(row: Row, sampled: int) -> Row:
    return {
        "article_id": row["article_id"],
        "outlet_id": row["outlet_id"],
        "seen_day": _day(row),
        "title_key": title_key(row["title"]),
        "text_hash": text_hash(row["text"]),
        "sampled": sampled,
        "original_key": url_key(row["original_url"]) if row["original_url"] else None,
        "source_name": row["source_name"],
    }


def _judged(tx: Transaction, ids: Sequence[int], batch: Sequence[int], day: date) -> list[CopyPair]:
    found = tx.query(
        "cluster/candidates",
        ids=as_json(ids),
        batch=as_json(batch),
        day=day,
        since=day - duplicates.WINDOW,
        until=day + duplicates.WINDOW,
        title_days=duplicates.TITLE_WINDOW.days,
        hot=duplicates.HOT_ARTICLES,
        short=SHORT_SAMPLE,
        share=LEAST_SAMPLED_SHARE,
    )
    pairs = [(r["one"], r["other"]) for r in found]
    wanted = {i for pair in pairs for i in pair}
    texts = {r["article_id"]: r["text"] for r in _asked(tx, "cluster/texts", wanted)}
    return duplicates.judge_pairs([replace(b, text=texts[b.article_id]) for b in _bearers(tx, wanted)], pairs)


def _bearers(tx: Transaction, ids: Iterable[int]) -> list[ClusterItem]:
    return [ClusterItem(**r | {"wire": tuple(r["wire"] or ())}) for r in _asked(tx, "cluster/bearers", ids)]


def _asked(tx: Transaction, name: str, ids: Iterable[int]) -> list[Row]:
    """Rows of these articles, looked for no further back than the first of them was seen."""
    asked = as_json(sorted(ids))
    if asked == "[]":
        return []
    (first,) = tx.query("cluster/first_seen", ids=asked)
    return tx.query(name, ids=asked, since=first["day"])


def _groups(tx: Transaction, touched: set[int]) -> tuple[set[int], list[CopyPair]]:
    """All articles that pairs join to these, and these pairs."""
    members, fresh, found = set(touched), touched, dict[tuple[int, int], CopyPair]()
    while fresh:
        pairs = [CopyPair(**r) for r in tx.query("cluster/pairs_of", ids=as_json(sorted(fresh)))]
        found.update({(p.one_id, p.other_id): p for p in pairs})
        fresh = {i for p in pairs for i in (p.one_id, p.other_id)} - members
        members |= fresh
    return members, list(found.values())
