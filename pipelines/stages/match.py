"""Match, as a pipe:

drafts | the query | undecided? its meaning | kept: article, text, mentions, quotations, terms, revisit
                                            | off topic: a narrow row, the trends' denominator; close calls
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from pipelines.adapters.warehouse import as_json, chunks
from pipelines.core.details import Lookout, close_call_row, details_of, mention_row, quote_rows, term_rows
from pipelines.core.fetching import next_revisit
from pipelines.core.matching import Verdict, Watch
from pipelines.core.nouns import Counted, TopicMatch
from pipelines.core.reasons import Reason, State
from pipelines.core.screening import SCREENED
from pipelines.core.text import words_of
from pipelines.core.url_key import RULE_VERSION
from pipelines.stages.protocols import Row, Writer
from pipelines.stages.second_opinion import SecondOpinion, Text, decide

_BATCH = 200
_SAME_AS_DRAFT = (
    "article_id", "entry_id", "url", "canonical_url", "outlet_id", "title", "authors", "published_at",
    "published_day", "published_precision", "published_raw", "date_source", "modified_at", "language",
    "language_source", "is_paywalled", "is_partial", "quality", "is_tdm_reserved", "extractor", "content_hash",
    "section", "tags", "licence", "wire", "correction", "title_source", "authors_source", "flags", "original_url",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Matched:
    draft: Row
    verdict: Verdict

    @property
    def topics(self) -> Sequence[TopicMatch]:
        """The topics that hold; empty: off topic."""
        return self.verdict.topics


def match_drafts(
    warehouse: Writer, watch: Watch, lookout: Lookout, now: datetime, opinion: SecondOpinion | None = None
) -> Counted:
    """Decide for every draft whether it is on the topic.

    Returns:
        Counts of kept and off topic and of each topic, of articles kept by another method than the query, and
        `meaning_failed` where the embedder is of no use; a row for each article kept.
    """
    counts: Counter[str] = Counter()
    rows: list[Row] = []
    for batch in chunks(warehouse.query("match/drafts"), _BATCH):
        texts = [Text(title=d["title"], text=d["text"], language=d["language"]) for d in batch]
        verdicts = decide(watch, opinion, texts)
        matched = [_Matched(d, v) for d, v in zip(batch, verdicts, strict=True)]
        _record(warehouse, matched, lookout, now)
        for one in matched:
            counts["kept" if one.topics else "off_topic"] += 1
            counts.update(t.topic for t in one.topics)
            counts.update({f"by_{t.method}" for t in one.topics if t.method != "query"})
            if one.topics:
                rows.append(_told(one))
    if opinion is not None and opinion.lost is not None:
        counts["meaning_failed"] = 1
    return Counted(stage="match", counts=dict(sorted(counts.items())), rows=tuple(rows))


def _record(warehouse: Writer, matched: Sequence[_Matched], lookout: Lookout, now: datetime) -> None:
    kept = [m for m in matched if m.topics]
    with warehouse.transaction() as tx:
        tx.run("match/add_articles", rows=[_article_row(m, now) for m in matched])
        tx.run("match/add_keys", rows=_key_rows(matched, now))
        tx.run("extract/add_texts", rows=[_text_row(m.draft, now) for m in kept])
        tx.run("match/add_mentions", rows=[mention_row(_id(m), t, now) for m in kept for t in m.topics])
        close = [close_call_row(_id(m), m.verdict.close_call, now) for m in matched if m.verdict.close_call]
        tx.run("match/add_close_calls", rows=close)
        quotes, terms = [], []
        for one in kept:
            draft = one.draft
            details = details_of(draft["text"], draft["language"], lookout)
            quotes += quote_rows(draft["article_id"], 1, details, now)
            terms += term_rows(draft["article_id"], 1, draft["language"], details, now)
        tx.run("extract/add_quotes", rows=quotes)
        tx.run("extract/add_terms", rows=terms)
        tx.run("fetch/save_revisits", rows=[_revisit_row(m.draft, now) for m in kept if m.draft["fetch_id"]])
        tx.run("match/move_entries", rows=[_move_row(m, now) for m in matched])
        tx.run("match/name_duplicates")
        tx.run("match/name_same_ids")
        tx.run("match/name_findings")
        tx.run("match/drop_drafts", ids=as_json([m.draft["entry_id"] for m in matched]))


def _id(one: _Matched) -> int:
    article_id: int = one.draft["article_id"]
    return article_id


def _article_row(one: _Matched, now: datetime) -> Row:
    draft = one.draft
    return {
        **{name: draft[name] for name in _SAME_AS_DRAFT},
        "words": None if draft["extractor"] == SCREENED else len(words_of(draft["text"])),
        "state": State.KEPT if one.topics else State.OFF_TOPIC,
        "revision": 1,
        "first_seen_at": now,
        "updated_at": now,
        "gone_at": None,
    }


def _key_rows(matched: Sequence[_Matched], now: datetime) -> list[Row]:
    keys: dict[str, int] = {}
    for one in matched:
        for key in (one.draft["url_key"], one.draft["canonical_key"], one.draft["final_key"]):
            if key:
                keys.setdefault(key, one.draft["article_id"])
    return [
        {"url_key": key, "article_id": article_id, "rule_version": RULE_VERSION, "added_at": now}
        for key, article_id in keys.items()
    ]


def _text_row(draft: Row, now: datetime) -> Row:
    same = ("article_id", "published_day", "title", "text", "content_hash", "is_partial", "fetch_id")
    return {**{name: draft[name] for name in same}, "revision": 1, "seen_at": now}


def _revisit_row(draft: Row, now: datetime) -> Row:
    step, next_at = next_revisit(0, now, now)
    return {"article_id": draft["article_id"], "url": draft["url"], "step": step, "next_at": next_at,
            "etag": draft["etag"], "last_modified": draft["last_modified"]}  # fmt: skip


def _move_row(one: _Matched, now: datetime) -> Row:
    return {
        "entry_id": one.draft["entry_id"],
        "state": State.KEPT if one.topics else State.OFF_TOPIC,
        "reason": None if one.topics else Reason.NO_MATCH,
        "decided_at": now,
        "rule_version": one.verdict.version,
    }


def _told(one: _Matched) -> Row:
    best = max(one.topics, key=lambda t: t.score)
    return {"title": one.draft["title"], "outlet": one.draft["outlet_id"], "language": one.draft["language"],
            "topics": ", ".join(t.topic for t in one.topics), "score": best.score}  # fmt: skip
