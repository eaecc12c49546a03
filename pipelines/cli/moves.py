"""A feed's new address as an edit of `sources.yaml`: one line, everything else as it was."""

import re
from collections.abc import Iterator, Mapping

import yaml

from pipelines.cli.importing import Edit, Plan
from pipelines.config import parse_sources, read_yaml

_WIDE = 1_000_000  # YAML would break long addresses


def readdressed(text: str, moves: Mapping[str, str], name: str) -> Plan:
    """The file with new addresses for feeds.

    Args:
        text: the file of sources.
        moves: feed id and new address.
        name: stands before each line number of an error.

    Raises:
        ConfigError: the file would not load then, say because the new address stands in it already.
    """
    root, _, _ = read_yaml(text, name)
    before = tuple(re.findall(r"[^\n]*\n|[^\n]+", text))
    edits = tuple(_edit(before, node, moves[feed_id]) for feed_id, node in _addresses(root) if feed_id in moves)
    plan = Plan(before=before, edits=edits)
    parse_sources(plan.after, name)
    return plan


def _addresses(root: yaml.Node | None) -> Iterator[tuple[str, yaml.Node]]:
    """The id of every feed with the node of its address."""
    for outlet in _items(_held(root).get("outlets")):
        for feed in _items(_held(outlet).get("feeds")):
            held = _held(feed)
            if isinstance(held.get("id"), yaml.ScalarNode) and isinstance(held.get("url"), yaml.ScalarNode):
                yield str(held["id"].value), held["url"]


def _held(node: yaml.Node | None) -> dict[str, yaml.Node]:
    return {k.value: v for k, v in node.value} if isinstance(node, yaml.MappingNode) else {}


def _items(node: yaml.Node | None) -> list[yaml.Node]:
    return list(node.value) if isinstance(node, yaml.SequenceNode) else []


def _edit(before: tuple[str, ...], node: yaml.Node, url: str) -> Edit:
    at, old = node.start_mark.line, before[node.start_mark.line]
    written = yaml.safe_dump([url], default_flow_style=True, width=_WIDE).strip()[1:-1]
    return Edit(at=at, old=(old,), new=(old[: node.start_mark.column] + written + old[node.end_mark.column :],))
