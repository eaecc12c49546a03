"""Of the articles that carry one text, which is the original, and what says so.

    pairs --groups--> members, the likeliest original first --point--> copy -> original, with the reason

An article is a copy of an earlier one that it shares a text with. Whatever is decided follows from the group alone, so
neither the order of arrival nor batches play a role; what arrives later may turn a group round.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, time, timedelta
from enum import IntEnum

from pipelines.core.nouns import ClusterItem, Copy, CopyPair
from pipelines.core.text import folded

MOSTLY_ADDED = 0.5  # a copy that adds more than this is a text of its own: what copies it need not copy its original
_UNKNOWN_TIME = datetime.max.replace(tzinfo=UTC)
_LONGEST_DAY = timedelta(hours=38)  # a day alone ends somewhere on earth 38 hours after it began in UTC+14


class Named(IntEnum):
    """Who else in the group says that an article is the original, the strongest first."""

    DECLARED = 0  # a copy's page gives its address as canonical
    CREDITED = 1  # a copy credits its outlet, in the byline or in the text
    SOURCE = 2  # a copy's feed names its outlet as <source>
    AGENCY = 3  # its outlet is an agency
    NOBODY = 4


def originality(item: ClusterItem) -> tuple[bool, datetime, bool, datetime, int]:
    """Smaller is likelier the original: an agency's text, then the earliest published, then the earliest seen."""
    first_seen = item.first_seen_at or _UNKNOWN_TIME
    return (item.outlet_kind != "agency", _time(item), item.published_at is None, first_seen, item.article_id)


def _time(item: ClusterItem) -> datetime:
    """When it was published at the latest: what is seen has been published."""
    if item.published_at is not None:
        return item.published_at
    seen = item.first_seen_at or _UNKNOWN_TIME
    if item.published_day is None:
        return seen
    return min(datetime.combine(item.published_day, time(), UTC) + _LONGEST_DAY, seen)


def point(members: Sequence[ClusterItem], pairs: Iterable[CopyPair]) -> list[Copy]:
    """The copies among articles.

    Args:
        members: all articles of whole groups: with an article, every one that a pair joins to it, and so on.
        pairs: those between them.

    Returns:
        One `Copy` for each article that shares a text with a likelier original.
    """
    pair_of: dict[tuple[int, int], CopyPair] = {}
    neighbours: defaultdict[int, list[int]] = defaultdict(list)
    for pair in pairs:
        pair_of[pair.one_id, pair.other_id] = pair_of[pair.other_id, pair.one_id] = pair
        neighbours[pair.one_id].append(pair.other_id)
        neighbours[pair.other_id].append(pair.one_id)
    named = _named(members, neighbours)
    ordered = sorted(members, key=lambda m: (named[m.article_id], originality(m)))
    place = {m.article_id: n for n, m in enumerate(ordered)}
    by_id = {m.article_id: m for m in members}
    copies: dict[int, Copy] = {}
    for member in ordered:
        mine = member.article_id
        earlier = [n for n in neighbours[mine] if place[n] < place[mine]]
        steps = sorted(_step(mine, pair_of[mine, n], copies, place) for n in earlier if _leads_on(n, copies))
        if steps:
            _, _, through, original = steps[0]
            copy = _copy(member, pair_of[mine, through], by_id[original], named[original])
            copies[mine] = copy
    return list(copies.values())


def _leads_on(article_id: int, copies: Mapping[int, Copy]) -> bool:
    """True for an original, and for a copy that adds little: whoever carries its text carries the original's."""
    copy = copies.get(article_id)
    return copy is None or copy.added_share <= MOSTLY_ADDED


def _step(
    mine: int, pair: CopyPair, copies: Mapping[int, Copy], place: Mapping[int, int]
) -> tuple[int, float, int, int]:
    """How good a way to an original this pair is, the smaller the better, through whom, and to whom it leads."""
    through = pair.other_id if pair.one_id == mine else pair.one_id
    copy = copies.get(through)
    original = copy.original_id if copy else through
    return (int(copy is not None), -pair.share_of(mine) if copy is None else place[through], through, original)


def _copy(member: ClusterItem, pair: CopyPair, original: ClusterItem, named: Named) -> Copy:
    mine, theirs = member.article_id, original.article_id
    is_direct = theirs in {pair.one_id, pair.other_id}
    return Copy(
        article_id=mine,
        original_id=theirs,
        rule=pair.rule,
        score=pair.score,
        containment=pair.containment,
        numbers_overlap=pair.numbers_overlap,
        names_overlap=pair.names_overlap,
        added_share=round(1 - pair.share_of(mine), 4),
        why=_why(member, original, named),
        via_id=None if is_direct else (pair.other_id if pair.one_id == mine else pair.one_id),
    )


def _why(copy: ClusterItem, original: ClusterItem, named: Named) -> str:
    """What says that the one is the original of the other, the copy's own word first."""
    own = _says(copy, original)
    if own is not None:
        return own.name.lower()
    if named is not Named.NOBODY:
        return "agency" if named is Named.AGENCY else f"{named.name.lower()}_by_others"
    is_dated = copy.published_at is not None and original.published_at is not None
    return "earliest_published" if is_dated and copy.published_at != original.published_at else "earliest_seen"


def _named(members: Sequence[ClusterItem], neighbours: Mapping[int, Iterable[int]]) -> dict[int, Named]:
    """For each article the strongest word of those it shares a text with."""
    by_id = {m.article_id: m for m in members}
    said: dict[int, Named] = {}
    for member in members:
        own = Named.AGENCY if member.outlet_kind == "agency" else Named.NOBODY
        words = (_says(by_id[n], member) for n in neighbours.get(member.article_id, ()))
        said[member.article_id] = min((w for w in (*words, own) if w is not None), default=own)
    return said


def _says(copy: ClusterItem, original: ClusterItem) -> Named | None:
    """What a copy says of another article of its group; None: nothing."""
    if copy.named_id == original.article_id:
        return Named.DECLARED
    if copy.outlet_id == original.outlet_id:
        return None
    names = {folded(name) for name in (original.outlet_id, original.outlet_name, original.publisher)} - {""}
    if any(folded(name) in names for name in copy.wire):
        return Named.CREDITED
    return Named.SOURCE if copy.source_name and folded(copy.source_name) in names else None
