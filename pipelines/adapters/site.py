"""The archive of digests as a folder of pages that any web server serves, or none: every link in it is relative.

digests | index, a page a digest, a page a story, trends, RSS
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pipelines.adapters.rendering import filled
from pipelines.adapters.wording import wording
from pipelines.core.digest_archive import stories_of, summed


@dataclass(frozen=True, slots=True)
class _Site:
    """Where a page stands: the way up to the index, its neighbours, and the stories that have a page."""

    up: str
    stories: frozenset[int]
    beside: tuple[tuple[str, str], ...] = ()


def site_pages(digests: Sequence[Mapping[str, Any]], base_url: str | None = None) -> Iterator[tuple[str, str]]:
    """Every file of the site: its path in the folder, and its text.

    Args:
        digests: contents of one edition, oldest first; at least one.
        base_url: where the site is served, for the links of its RSS.
    """
    newest_first = list(reversed(digests))
    newest, contents = newest_first[0], [dict(d) for d in digests]
    stories = stories_of(contents)
    known = frozenset(s.line_id for s in stories)
    words = wording(newest["language"])
    base = f"{base_url.rstrip('/')}/" if base_url else ""
    given: dict[str, Any] = {"site": _Site("", known), "digests": newest_first, "heading": words.day(newest["day"])}
    yield "index.html", filled(newest, "site_index.html.j2", **given)
    yield (
        "trends.html",
        filled(
            newest,
            "site_trends.html.j2",
            by_language=summed(contents, "by_language", "language", "articles"),
            voices=summed(contents, "voices", "voice", "quotations"),
            **given,
        ),
    )
    yield "feed.xml", filled(newest, "feed.xml.j2", digests=newest_first, base=base)
    for place, digest in enumerate(digests):
        site = _Site("../", known, tuple(_beside(digests, place)))
        heading = wording(digest["language"]).day(digest["day"])
        yield f"digests/{digest['digest_id']}.html", filled(digest, "digest.html.j2", site=site, heading=heading)
    for story in stories:
        told: dict[str, Any] = {"site": _Site("../", frozenset()), "story": story, "heading": story.headline}
        yield f"stories/{story.line_id}.html", filled(newest, "site_story.html.j2", **told)


def _beside(digests: Sequence[Mapping[str, Any]], place: int) -> Iterator[tuple[str, str]]:
    for other in (place - 1, place + 1):
        if 0 <= other < len(digests):
            yield f"{digests[other]['digest_id']}.html", digests[other]["day"]
