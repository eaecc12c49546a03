"""What an OPML document adds to `sources.yaml`: text at the right places, every line and comment as it was.

Listed | new? http? | by site: outlets and publishers | edits of lines | the result loads? -> Plan, or ConfigError
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import yaml

from pipelines.adapters.opml import Listed, ListedFeed
from pipelines.config import parse_sources, read_yaml
from pipelines.core.errors import ConfigError
from pipelines.core.text import one_line
from pipelines.core.url_key import is_http, url_key

NOTE = "imported, to be checked"
_MOST_FEEDS = 2000  # each is polled every hour, and the file is for people to read
_MOST_NAME_CHARS = 200
_CONTEXT = 3  # lines around a change, as `diff -u` has them
_HOST_PREFIX = re.compile(r"^(?:www\d?|feeds?|rss|newsfeed)\.(?=[^.]+\.)")
_LANGUAGE = re.compile(r"^([a-z]{2,3})(?:[-_].*)?$")
_WIDE = 1_000_000  # YAML would break long addresses and names

Item = dict[str, Any]  # a publisher, an outlet or a feed, as YAML has it


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """Lines that take the place of others. `at` is the first of the old ones, counted from 0."""

    at: int
    old: tuple[str, ...] = ()
    new: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What an import would do.

    Attributes:
        added: new outlets, as they will stand in the file.
        skipped: address and reason of each outline that is left out.
        before: the lines of the file, with their ends.
    """

    added: tuple[Item, ...] = ()
    skipped: tuple[tuple[str, str], ...] = ()
    before: tuple[str, ...] = ()
    edits: tuple[Edit, ...] = ()

    @property
    def after(self) -> str:
        """The file as it would be."""
        lines = list(self.before)
        for edit in sorted(self.edits, key=lambda e: e.at, reverse=True):
            lines[edit.at : edit.at + len(edit.old)] = edit.new
        return "".join(lines)

    def diff(self, name: str) -> str:
        """As a unified diff, for `git apply` and `patch -p1`."""
        if not self.edits:
            return ""
        return "".join([f"--- a/{name}\n", f"+++ b/{name}\n", *_hunks(self.before, self.edits)])


def plan_import(text: str, listed: Listed, name: str) -> Plan:
    """Work out what a list of feeds adds to a file of sources. `name` stands before each line number.

    Raises:
        ConfigError: the list is too long, or the file cannot be added to.
    """
    root, values, _ = read_yaml(text, name)
    known = _Known.of(values if isinstance(values, dict) else {})
    wanted, skipped = _sifted(listed, known)
    if len(wanted) > _MOST_FEEDS:
        raise ConfigError(
            [f"{len(wanted):,} new feeds at once; an import takes {_MOST_FEEDS:,} at most, split the list"]
        )
    before = tuple(re.findall(r"[^\n]*\n|[^\n]+", text))
    if not wanted:
        return Plan(skipped=skipped, before=before)
    publishers, outlets = _described(wanted, known)
    edits = _edits(root, before, {"publishers": publishers, "outlets": outlets}, name)
    plan = Plan(added=tuple(outlets), skipped=skipped, before=before, edits=edits)
    _check(plan, text, {"publishers": publishers, "outlets": outlets}, name)
    return plan


@dataclass(slots=True, kw_only=True)
class _Known:
    """What the file has already; grows with what is added to it."""

    ids: dict[str, set[str]]
    keys: dict[str, str]  # URL key of a feed, and its address as written
    publishers: dict[str, str]  # site, and who publishes there

    @classmethod
    def of(cls, values: Item) -> "_Known":
        outlets = _mappings(values.get("outlets"))
        feeds = [(feed, outlet) for outlet in outlets for feed in _mappings(outlet.get("feeds"))]
        addresses = [str(f["url"]) for f, _ in feeds if is_http(str(f.get("url")))]
        homes = [(str(o["home"]), o) for o in outlets if is_http(str(o.get("home")))]
        places = [*homes, *((str(f["url"]), o) for f, o in feeds if is_http(str(f.get("url"))))]
        return cls(
            ids={
                "publishers": {str(p.get("id")) for p in _mappings(values.get("publishers"))},
                "outlets": {str(o.get("id")) for o in outlets},
                "feeds": {str(f.get("id")) for f, _ in feeds},
            },
            keys={url_key(url) or url: url for url in reversed(addresses)},
            publishers={_site(url): str(o.get("publisher")) for url, o in reversed(places)},
        )

    def fresh(self, kind: str, wish: str) -> str:
        """An id that nothing of this kind has yet; taken from now on."""
        taken, name, n = self.ids[kind], wish, 1
        while name in taken:
            n += 1
            name = f"{wish}-{n}"
        taken.add(name)
        return name


def _mappings(value: object) -> list[Item]:
    return [x for x in value if isinstance(x, dict)] if isinstance(value, list) else []


def _site(url: str) -> str:
    """The host without what outlets put before their name for readers and for feeds."""
    host = (urlsplit(url).hostname or "").rstrip(".").lower()
    return _HOST_PREFIX.sub("", host)


def _sifted(listed: Listed, known: _Known) -> tuple[list[ListedFeed], tuple[tuple[str, str], ...]]:
    """The feeds to add, and what is left out with its reason."""
    wanted, skipped = [], []
    for feed in listed.feeds:
        held = known.keys.get(url_key(feed.url) or feed.url)
        if not is_http(feed.url):
            skipped.append((feed.url, "not an http or https address"))
        elif held is not None:
            skipped.append((feed.url, "already in the file" + (f" as {held}" if held != feed.url else "")))
        else:
            wanted.append(feed)
    skipped += [(url, "another list of feeds; import it on its own") for url in listed.lists]
    skipped += [(url, "a page without a feed") for url in listed.pages]
    skipped += [(title, "its address is blank") for title in listed.unaddressed]
    return wanted, tuple((one_line(url) or "", reason) for url, reason in skipped)


def _described(wanted: Sequence[ListedFeed], known: _Known) -> tuple[list[Item], list[Item]]:
    """Publishers and outlets for new feeds, one a site; a site that is known keeps its publisher."""
    by_site: dict[str, list[ListedFeed]] = defaultdict(list)
    for feed in wanted:
        by_site[_site(feed.url)].append(feed)
    publishers, outlets = [], []
    for site, feeds in by_site.items():
        slug = re.sub(r"[^a-z0-9]+", "-", _ascii(site)).strip("-") or "site"
        name = next((f.title for f in feeds if f.title), site)[:_MOST_NAME_CHARS]
        publisher = known.publishers.get(site)
        if publisher is None:
            publisher = known.fresh("publishers", slug)
            publishers.append({"id": publisher, "name": name})
        outlets.append(_outlet(known.fresh("outlets", slug), name, publisher, feeds, known))
    return publishers, outlets


def _ascii(host: str) -> str:
    try:
        return host.encode("idna").decode("ascii")
    except UnicodeError:  # a label that IDNA refuses
        return host


def _outlet(outlet_id: str, name: str, publisher: str, feeds: Sequence[ListedFeed], known: _Known) -> Item:
    language = next((_language(f) for f in feeds if _language(f)), None) or "und"
    home = next((f.home for f in feeds if f.home and is_http(f.home)), None)
    return {
        "id": outlet_id,
        "name": name,
        "publisher": publisher,
        "country": "EU",
        "language": language,
        "kind": "media",
        "tier": 3,
        **({"home": home} if home else {}),
        "feeds": [_feed(known.fresh("feeds", outlet_id), feed, language) for feed in feeds],
    }


def _feed(feed_id: str, feed: ListedFeed, language: str) -> Item:
    own = _language(feed)
    return {
        "id": feed_id,
        "url": feed.url,
        **({"kind": "news_sitemap"} if feed.is_sitemap else {}),
        **({"language": own} if own and own != language else {}),
        "poll_minutes": 60,
        "note": NOTE,
    }


def _language(feed: ListedFeed) -> str | None:
    """`en-US` as `en`; None if it is not declared, or is no language."""
    found = _LANGUAGE.match((feed.language or "").strip().lower())
    return found.group(1) if found else None


class _Dumper(yaml.SafeDumper):
    """YAML as the shipped file has it: items of a list stand further in than its key."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002, FBT001, FBT002 (as yaml calls it)
        super().increase_indent(flow, False)  # noqa: FBT003 (positional in yaml)


def _written(key: str, items: list[Item], indent: int, end: str) -> tuple[str, ...]:
    """Items of a list as lines: publishers on one line each, outlets as blocks."""
    if key == "publishers":
        flow = (
            yaml.safe_dump(i, default_flow_style=True, sort_keys=False, allow_unicode=True, width=_WIDE) for i in items
        )
        lines = [f"- {item}" for item in "".join(flow).split("\n") if item]
    else:
        block = yaml.dump(items, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=_WIDE)
        lines = block.rstrip("\n").split("\n")
    return tuple(f"{' ' * indent}{line}{end}" for line in lines)


def _edits(
    root: yaml.Node | None, before: tuple[str, ...], added: dict[str, list[Item]], name: str
) -> tuple[Edit, ...]:
    end = "\r\n" if before and before[0].endswith("\r\n") else "\n"
    pairs = root.value if isinstance(root, yaml.MappingNode) and not root.flow_style else []
    held = {key.value: (key, value) for key, value in pairs}
    return tuple(_edit(held.get(key), before, (key, items, end), name) for key, items in added.items() if items)


def _edit(
    held: tuple[yaml.Node, yaml.Node] | None,
    before: tuple[str, ...],
    addition: tuple[str, list[Item], str],
    name: str,
) -> Edit:
    """The lines that put items at the end of a list, be it empty or not there yet."""
    key, items, end = addition
    if held is None:
        return _after(before, len(before) - 1, (f"{key}:{end}", *_written(key, items, 2, end)), end)
    head, node = held
    if isinstance(node, yaml.SequenceNode) and node.value and not node.flow_style:
        first, last = before[node.value[0].start_mark.line], _last_line(node, before)
        return _after(before, last, _written(key, items, len(first) - len(first.lstrip(" ")), end), end)
    line = before[head.end_mark.line]
    bare = re.fullmatch(r"""(["']?\w+["']?\s*:)(?:[ \t]*(?:\[\s*\]|null|~))?([ \t]*(?:#[^\n]*)?\r?\n?)""", line)
    is_empty = not node.value or node.tag == "tag:yaml.org,2002:null"
    if bare is None or not is_empty:
        at = f"{name}:{head.start_mark.line + 1}"
        raise ConfigError([f"{at}: {key}: write this list with one line or block for each item, each after a dash"])
    kept = bare.group(1) + bare.group(2).rstrip("\r\n") + end
    new = (kept, *_written(key, items, 2, end))
    return Edit(at=head.end_mark.line, old=(line,), new=_ended_as(line, new))


def _after(before: tuple[str, ...], last: int, new: tuple[str, ...], end: str) -> Edit:
    """New lines behind a line; where that is the last and has no end, it gets one and the new last has none."""
    if last < 0 or before[last].endswith("\n"):
        return Edit(at=last + 1, new=new)
    return Edit(at=last, old=(before[last],), new=_ended_as(before[last], (before[last] + end, *new)))


def _ended_as(line: str, new: tuple[str, ...]) -> tuple[str, ...]:
    return new if line.endswith("\n") else (*new[:-1], new[-1].rstrip("\r\n"))


def _last_line(node: yaml.Node, before: tuple[str, ...]) -> int:
    """The last line of what a node says. YAML's own end of a block lies behind the comments that follow it."""
    while isinstance(node, yaml.CollectionNode) and node.value and not node.flow_style:
        last = node.value[-1]
        node = last[1] if isinstance(last, tuple) else last
    mark = node.end_mark
    line = mark.line if mark.column else mark.line - 1  # a text behind | or > ends where the next line begins
    while line > node.start_mark.line and not before[line].strip():
        line -= 1
    return line


def _check(plan: Plan, text: str, added: dict[str, list[Item]], name: str) -> None:
    """Refuse a result that does not load, or that changes what stood there."""
    try:
        parse_sources(plan.after, name)
    except ConfigError:
        parse_sources(text, name)  # then it is told with the lines that the reader sees
        raise
    was, now = yaml.safe_load(text), yaml.safe_load(plan.after)
    if now != {**was, **{key: [*(was.get(key) or []), *items] for key, items in added.items() if items}}:
        raise ConfigError([f"{name}: adding to it would change what it says; add the feeds by hand"])


def _hunks(before: tuple[str, ...], edits: Iterable[Edit]) -> Iterator[str]:
    """Groups of edits that share context, as `diff -u` writes them."""
    groups: list[list[Edit]] = []
    for edit in sorted(edits, key=lambda e: e.at):
        if groups and edit.at - _end(groups[-1][-1]) <= 2 * _CONTEXT:
            groups[-1].append(edit)
        else:
            groups.append([edit])
    shift = 0
    for group in groups:
        yield from _hunk(before, group, shift)
        shift += sum(len(e.new) - len(e.old) for e in group)


def _end(edit: Edit) -> int:
    return edit.at + len(edit.old)


def _hunk(before: tuple[str, ...], group: list[Edit], shift: int) -> Iterator[str]:
    start, stop = max(0, group[0].at - _CONTEXT), min(len(before), _end(group[-1]) + _CONTEXT)
    lines: list[str] = []
    at = start
    for edit in group:
        lines += [f" {line}" for line in before[at : edit.at]]
        lines += [f"-{line}" for line in edit.old] + [f"+{line}" for line in edit.new]
        at = _end(edit)
    lines += [f" {line}" for line in before[at:stop]]
    old, new = sum(line[0] != "+" for line in lines), sum(line[0] != "-" for line in lines)
    yield f"@@ -{start + (old > 0)},{old} +{start + shift + (new > 0)},{new} @@\n"
    yield from (line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)
