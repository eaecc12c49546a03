"""Everything that happened to one URL, and why, from the published copy."""

import json
from datetime import datetime
from typing import Any

from pipelines.adapters.warehouse import Reader, Row, as_json
from pipelines.core.deciding import PROMPT
from pipelines.core.reasons import State
from pipelines.core.url_key import url_key

Life = dict[str, Any]


def explain(reader: Reader, url: str) -> Life:
    """The whole life of a URL: entries, requests, article, topics, copies, story, changes, digests.

    An address that no feed has listed has no entries and nothing else.
    """
    key = url_key(url)
    entries = reader.query("explain/entries", url_key=key, url=url)
    articles = sorted({e["article_id"] for e in entries if e["article_id"] is not None})
    ids = as_json(articles)
    mentions = reader.query("explain/mentions", articles=ids)
    close_calls = reader.query("explain/close_calls", articles=ids)
    return {
        "url": url,
        "url_key": key,
        "entries": entries,
        "fetches": reader.query("explain/fetches", entries=as_json([e["entry_id"] for e in entries]), articles=ids),
        "articles": reader.query("explain/articles", articles=ids),
        "topics": [{**m, "evidence": json.loads(m["evidence"])} for m in mentions],
        "close_calls": [{**c, "evidence": json.loads(c["evidence"])} for c in close_calls],
        "copies": reader.query("explain/copies", articles=ids),
        "story": reader.query("explain/story", articles=ids),
        "changes": reader.query("explain/revisions", articles=ids),
        "digests": reader.query("explain/digests", articles=ids),
    }


def as_lines(life: Life) -> list[str]:
    """The life as lines for a person."""
    if not life["entries"]:
        return [f"{life['url']}: no feed has ever listed it (key {life['url_key']})"]
    return [
        life["url"],
        f"  key {life['url_key']}",
        *(line for entry in life["entries"] for line in _entry(entry)),
        *(_fetch(f) for f in life["fetches"]),
        *(line for article in life["articles"] for line in _article(article)),
        *(_topic(t) for t in life["topics"]),
        *(line for c in life["close_calls"] for line in _close_call(c)),
        *(_copy(c) for c in life["copies"]),
        *(_story(s) for s in life["story"]),
        *(f"  changed ({c['kind']}) seen {_at(c['seen_at'])}: {c['before']} → {c['after']}" for c in life["changes"]),
        *(f"  told in the digest of {d['digest_day']} ({d['section']} {d['position']})" for d in life["digests"]),
    ]


def _entry(entry: Row) -> list[str]:
    listed = f"  listed by {entry['feed_id']} ({entry['outlet']}) on {_at(entry['first_listed_at'])}"
    why = f", {entry['reason']}" if entry["reason"] else ""
    detail = f" ({entry['detail']})" if entry["detail"] else ""
    lines = [
        listed + (", backlog" if entry["is_backlog"] else ""),
        f"    {entry['state']}{why} since {_at(entry['decided_at'])} by {entry['rule_version']}{detail}",
    ]
    if entry["next_attempt_at"] and entry["state"] == State.WAITING:
        lines.append(f"    to be tried again at {_at(entry['next_attempt_at'])}")
    return lines


def _article(article: Row) -> list[str]:
    when = _at(article["published_at"]) if article["published_at"] else article["published_day"] or "unknown"
    partial = ", partial" if article["is_partial"] else ""
    dated = f"published {when} (said {article['date_source'] or 'nobody'})"
    titled = f" (said {article['title_source']})" if article["title_source"] else ""
    return [
        f"  article {article['article_id']}: {article['title']}{titled}",
        f"    {dated}, {article['language']}, {article['words']} words, read by {article['extractor']}{partial}",
        *(f"    {name} {said}" for name, said in _beside(article) if said),
    ]


def _beside(article: Row) -> list[tuple[str, str | None]]:
    """What is known of an article beside its words, by what it is called; None where nothing is."""
    authors = ", ".join(article["authors"] or ())
    return [
        ("by", f"{authors} (said {article['authors_source'] or 'nobody'})" if authors else None),
        ("in section", article["section"]),
        ("tagged", ", ".join(article["tags"] or ())),
        ("credits", ", ".join(article["wire"] or ())),
        ("licence", article["licence"]),
        ("corrected:", article["correction"]),
        ("known to be wrong:", ", ".join(_known_wrong(article))),
        ("its page was removed, seen", _at(article["gone_at"]) if article["gone_at"] else None),
    ]


def _known_wrong(article: Row) -> list[str]:
    """The flags; what is said of a wall only where the outlet does not say the same of every page."""
    return [f for f in article["flags"] or () if f != "paywalled" or article["paywall_is_telling"]]


def _topic(topic: Row) -> str:
    about = "about" if topic["is_about"] else "mentioned"
    said = f"{topic['score']:.2f} ({about}, by {topic['method']})"
    return f"  topic {topic['topic']} {said}: {_words(topic)}{_meant(topic)}"


def _close_call(call: Row) -> list[str]:
    nearest = f"nearest to {call['topic']} ({call['share']:.0%} of it)"
    near = f"  left out by {call['method']}, {nearest}: {_words(call)}{_meant(call)}"
    return [near, f"    what would have let it in: {'; '.join(call['lacks'])}"]


def _words(row: Row) -> str:
    """What stands in the article."""
    return ", ".join(dict.fromkeys(f"“{e['words']}”" for e in row["evidence"] if e["part"] != PROMPT))


def _meant(row: Row) -> str:
    """What its title and lead were found to come closest to, of the sentences in sources.yaml."""
    prompts = [e["words"] for e in row["evidence"] if e["part"] == PROMPT]
    return f"; no query holds; closest in meaning to the sentence “{prompts[0]}” ({row['version']})" if prompts else ""


def _copy(copy: Row) -> str:
    why = f", original by {copy['why']}" if copy["why"] else ""
    via = f" through article {copy['via_id']}" if copy["via_id"] else ""
    said = f"{copy['rule']}, containment {copy['containment']:.2f}, added {copy['added_share']:.0%}{why}"
    return f"  copy ({said}): {copy['copy_url']} of {copy['original_url']}{via}"


def _story(story: Row) -> str:
    line = f", line {story['line_id']} ({story['line_reason']})" if story["line_id"] else ""
    placed = f"{story['reason']}, {story['similarity']:.2f}; {story['articles']} articles"
    return f"  story {story['story_id']} ({placed}){line}"


def _fetch(f: Row) -> str:
    status = f" {f['status']}" if f["status"] else ""
    why = f" ({f['reason']}: {f['detail']})" if f["reason"] else ""
    where = f", archived in {f['warc_file']} at {f['warc_offset']}" if f["warc_file"] else ""
    return f"  {f['purpose']} request {_at(f['started_at'])}:{status} {f['outcome']}{why}{where}"


def _at(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"
