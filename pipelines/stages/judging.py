"""A person's decisions over stories, as a pipe:

    stories that judgements touch, or touched | the rules' places | judged | places that have changed

What the rules decided is kept beside, so that a judgement undone leaves the rules' places.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from pipelines.adapters.warehouse import Reader, as_json
from pipelines.core import judgements
from pipelines.core.judgements import Judgement
from pipelines.core.nouns import StoryLink
from pipelines.stages.placing import add_places
from pipelines.stages.protocols import Row, Transaction


@dataclass(frozen=True, slots=True)
class Judged:
    """How many places changed, the days of these articles, the stories they left and came into."""

    places: int
    days: tuple[date, ...]
    touched: frozenset[int]


def differing(reader: Reader, decided: Sequence[Judgement]) -> list[tuple[Row, StoryLink]]:
    """Articles that stand elsewhere than rules and judgements together want them, with the place they should have."""
    if not decided and not reader.query("cluster/is_judged"):
        return []
    rows = reader.query("cluster/judged_places", ids=as_json(sorted(judgements.touched(decided))))
    wanted = judgements.judged({r["article_id"]: r["rule_story_id"] for r in rows}, decided)
    return [(r, _link(r, wanted[r["article_id"]])) for r in rows if wanted[r["article_id"]] != r["story_id"]]


def judge(tx: Transaction, decided: Sequence[Judgement], now: datetime) -> Judged:
    """Bring the stories that judgements touch to what a person decided; undone ones back to the rules."""
    changed = differing(tx, decided)
    links = [link for _, link in changed]
    languages = {r["article_id"]: r["language"] for r, _ in changed}
    add_places(tx, links, frozenset(languages), languages, now, judgements.RULE_VERSION)
    return Judged(
        places=len(changed),
        days=tuple(sorted({r["day"] for r, _ in changed})),
        touched=frozenset(s for r, link in changed for s in (r["story_id"], link.story_id)),
    )


def _link(row: Row, story_id: int) -> StoryLink:
    if story_id == row["rule_story_id"]:
        similarity, reason = row["rule_similarity"], row["rule_reason"]
        return StoryLink(article_id=row["article_id"], story_id=story_id, similarity=similarity, reason=reason)
    return StoryLink(article_id=row["article_id"], story_id=story_id, similarity=1.0, reason="judged")
