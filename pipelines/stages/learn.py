"""Learn, as a pipe:

    judgements that stand | changed since the last lesson? | articles, query, vectors | lesson, or why none

A lesson is kept, so that a run without new judgements embeds nothing, and a replay decides as the run before it.
"""

from collections.abc import Sequence
from datetime import datetime

from pipelines.adapters.warehouse import Reader
from pipelines.core.errors import EmbedderFailed
from pipelines.core.learning import LEAST_JUDGEMENTS, Judged, Learned, NotLearned, learn, learned_from
from pipelines.core.matching import Watch, match
from pipelines.stages.protocols import Row, Writer
from pipelines.stages.second_opinion import Question, SecondOpinion, Text, query_score

_MOST_JUDGEMENTS = 500  # the newest: some forty CPU-seconds, once for each day of judging


def take_lesson(reader: Reader | Writer, opinion: SecondOpinion) -> None:
    """From now on the opinion decides by what was learned last."""
    rows = reader.query("learn/newest", basis=opinion.basis)
    opinion.take(learned_from(rows[0]["lesson"]) if rows and rows[0]["lesson"] else None)


def learn_anew(warehouse: Writer, watch: Watch, opinion: SecondOpinion, now: datetime) -> None:
    """Keep a lesson of the judgements that stand, where they are enough and others than last time."""
    (standing,) = warehouse.query("learn/standing")
    judged = f"{standing['judgements']} to {standing['newest']}, {watch.version}"
    last = [row["judged"] for row in warehouse.query("learn/newest", basis=opinion.basis)]
    is_enough = standing["judgements"] >= LEAST_JUDGEMENTS or last  # those that were undone are no longer to count
    if opinion.lost is not None or not is_enough or last == [judged]:
        return
    try:
        examples = _examples(watch, opinion, warehouse.query("learn/judged", most=_MOST_JUDGEMENTS))
    except EmbedderFailed as failed:
        opinion.lost = str(failed)
        return
    found = learn(examples, basis=opinion.basis, trained_at=now)
    with warehouse.transaction() as tx:
        tx.run("learn/add_lesson", rows=[_lesson_row(found, opinion.basis, judged, now)])


def _examples(watch: Watch, opinion: SecondOpinion, rows: Sequence[Row]) -> list[Judged]:
    """Articles that were judged, with all that the query and the prompts say of them."""
    texts = [Text(title=r["title"], text=r["text"], language=r["language"]) for r in rows]
    verdicts = [match(watch, title=t.title, text=t.text, language=t.language) for t in texts]
    questions = [Question(text=t, query_score=query_score(v)) for t, v in zip(texts, verdicts, strict=True)]
    return opinion.judged([r["article_id"] for r in rows], questions, [r["is_relevant"] for r in rows])


def _lesson_row(found: Learned | NotLearned, basis: str, judged: str, now: datetime) -> Row:
    row: Row = {"learned_at": now, "basis": basis, "judged": judged, "version": None, "lesson": None, "refused": None}
    if isinstance(found, NotLearned):
        return {**row, "refused": found.reason}
    return {**row, "version": found.version, "lesson": found.kept()}
