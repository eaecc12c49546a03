"""What a feed lists, as rows of `entries`: each in its first state."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from pipelines.core import discovery
from pipelines.core.nouns import Entry, Feed, ParsedFeed
from pipelines.core.reasons import Reason, Stage, State
from pipelines.core.text import hash_of
from pipelines.core.url_key import RULE_VERSION, url_key
from pipelines.stages.protocols import Row

_NO_LANGUAGE = frozenset({"mul", "und"})  # ISO 639-2: several, and not known


def entry_rows(
    feed: Feed, parsed: ParsedFeed, sites: Mapping[str, str], now: datetime, *, is_backlog: bool
) -> list[Row]:
    """Every entry of a document.

    Args:
        feed: it stands for its outlet; a search service's findings stand for the outlets they are of.
        parsed: the document.
        sites: outlet ids by site.
        now: the time of the run.
        is_backlog: the feed is new to us.
    """
    place = _found if feed.is_query else _listed
    return [_row(e, feed, parsed.language, now) | {"is_backlog": is_backlog} | place(e, feed, sites)
            for e in parsed.entries]  # fmt: skip


def found_outlet_rows(rows: Sequence[Row]) -> list[Row]:
    """The outlets of new entries that sources.yaml does not describe."""
    return [
        {
            "outlet_id": r["outlet_id"],
            "name": r["publisher_name"] or r["outlet_id"].removeprefix("site:"),
            "publisher": r["outlet_id"].removeprefix("site:"),
            "language": r["language"],
        }
        for r in rows
        if r["outlet_id"].startswith("site:")
    ]


def _row(entry: Entry, feed: Feed, feed_language: str | None, now: datetime) -> Row:
    language, said_by = _language(entry, feed, feed_language)
    return {
        "entry_id": hash_of(f"{feed.feed_id}\n{entry.identity}"),
        "feed_id": feed.feed_id,
        "identity": entry.identity,
        "identity_kind": entry.identity_kind,
        "title": entry.title,
        "title_key": discovery.title_key(entry.title, entry.publisher_name if feed.is_query else None),
        "summary": entry.summary,
        "author": entry.author,
        "publisher_name": entry.publisher_name,
        "publisher_url": entry.publisher_url,
        "published_raw": entry.published.raw,
        "published_at": entry.published.at,
        "published_on": entry.published.day,
        "date_source": entry.published.source,
        "language": language,
        "language_source": said_by,
        "first_listed_at": now,
        "listed_day": now.astimezone(UTC).date(),
        "attempts": 0,
        "decided_at": now,
    }


def _language(entry: Entry, feed: Feed, feed_language: str | None) -> tuple[str | None, str | None]:
    """The language and who says so: the item itself, then our editors, then the document."""
    said = (("entry", entry.language), ("sources.yaml", None if feed.language in _NO_LANGUAGE else feed.language),
            ("feed", feed_language))  # fmt: skip
    return next(((language, source) for source, language in said if language), (None, None))


def _listed(entry: Entry, feed: Feed, _: Mapping[str, str]) -> Row:
    """An entry of an outlet's own feed: its page is fetched."""
    refused = None if entry.url_key else Reason.NOT_HTTP if entry.url else Reason.NO_LINK
    return {
        "outlet_id": feed.outlet_id,
        "url": entry.url,
        "url_key": entry.url_key,
        "state": State.REJECTED if refused else State.LISTED,
        "reason": refused,
        "detail": (entry.url or "")[:200] if refused else None,
        "stage": None if refused else Stage.FETCH,
        "rule_version": RULE_VERSION,
    }


def _found(entry: Entry, feed: Feed, sites: Mapping[str, str]) -> Row:
    """A search service's finding: its page where the service names it, else what the outlet's own feed lists."""
    found = discovery.finding(entry, sites)
    if found.url is not None and found.outlet_id is not None:
        return _listed(entry, feed, sites) | {
            "outlet_id": found.outlet_id, "url": found.url, "url_key": url_key(found.url),
        }  # fmt: skip
    is_hopeful = found.is_configured and discovery.title_key(entry.title, entry.publisher_name) is not None
    return {
        "outlet_id": found.outlet_id if found.is_configured else feed.outlet_id,
        "url": entry.url,
        "url_key": None,
        "state": State.LISTED if is_hopeful else State.REJECTED,
        "reason": None if is_hopeful else Reason.UNRESOLVED,
        "detail": None if is_hopeful else f"{entry.publisher_name or 'unknown publisher'} ({found.site or 'no site'})",
        "stage": Stage.RESOLVE if is_hopeful else None,
        "rule_version": discovery.RULE_VERSION,
    }
