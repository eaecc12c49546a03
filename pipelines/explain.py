"""Everything that happened to one URL, and why, from the published copy."""

import json
from typing import Any

from pipelines.adapters.warehouse import Reader, as_json
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
    return {
        "url": url,
        "url_key": key,
        "entries": entries,
        "fetches": reader.query("explain/fetches", entries=as_json([e["entry_id"] for e in entries]), articles=ids),
        "articles": reader.query("explain/articles", articles=ids),
        "topics": [{**m, "evidence": json.loads(m["evidence"])} for m in mentions],
        "copies": reader.query("explain/copies", articles=ids),
        "story": reader.query("explain/story", articles=ids),
        "changes": reader.query("explain/revisions", articles=ids),
        "digests": reader.query("explain/digests", articles=ids),
    }


def as_lines(life: Life) -> list[str]:
    """The life as lines for a person."""
    if not life["entries"]:
        return [f"{life['url']}: no feed has ever listed it (key {life['url_key']})"]
    lines = [f"{life['url']}", f"  key {life['url_key']}"]
    for e in life["entries"]:
        where = f"  listed by {e['feed_id']} ({e['outlet']}) on {_at(e['first_listed_at'])}"
        lines.append(where + (", backlog" if e["is_backlog"] else ""))
        why = f", {e['reason']}" if e["reason"] else ""
        lines.append(f"    {e['state']}{why} since {_at(e['decided_at'])} by {e['rule_version']}"
                     + (f" ({e['detail']})" if e["detail"] else ""))  # fmt: skip
        if e["next_attempt_at"]:
            lines.append(f"    to be tried again at {_at(e['next_attempt_at'])}")
    lines += [_fetch(f) for f in life["fetches"]]
    for a in life["articles"]:
        when = _at(a["published_at"]) if a["published_at"] else a["published_day"] or "unknown"
        lines.append(f"  article {a['article_id']}: {a['title']}")
        lines.append(f"    published {when} (said {a['date_source'] or 'nobody'}), {a['language']}, {a['words']} words, "
                     f"read by {a['extractor']}" + (", partial" if a["is_partial"] else ""))  # fmt: skip
        if a["gone_at"]:
            lines.append(f"    its page was removed, seen {_at(a['gone_at'])}")
    for t in life["topics"]:
        words = ", ".join(dict.fromkeys(f"“{x['words']}”" for x in t["evidence"]))
        lines.append(f"  topic {t['topic']} {t['score']:.2f} ({'about' if t['is_about'] else 'mentioned'}): {words}")
    for c in life["copies"]:
        lines.append(
            f"  copy ({c['rule']}, containment {c['containment']:.2f}): {c['copy_url']} of {c['original_url']}"
        )
    for s in life["story"]:
        line = f", line {s['line_id']} ({s['line_reason']})" if s["line_id"] else ""
        lines.append(f"  story {s['story_id']} ({s['reason']}, {s['similarity']:.2f}; {s['articles']} articles){line}")
    lines += [
        f"  changed ({c['kind']}) seen {_at(c['seen_at'])}: {c['before']} → {c['after']}" for c in life["changes"]
    ]
    lines += [f"  told in the digest of {d['digest_day']} ({d['section']} {d['position']})" for d in life["digests"]]
    return lines


def _fetch(f: dict[str, Any]) -> str:
    status = f" {f['status']}" if f["status"] else ""
    why = f" ({f['reason']}: {f['detail']})" if f["reason"] else ""
    where = f", archived in {f['warc_file']} at {f['warc_offset']}" if f["warc_file"] else ""
    return f"  {f['purpose']} request {_at(f['started_at'])}:{status} {f['outcome']}{why}{where}"


def _at(moment: Any) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"
