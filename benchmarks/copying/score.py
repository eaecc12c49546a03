"""How right groups of texts are: pairs within one group, held against the pairs that have one origin."""

from collections import Counter
from collections.abc import Hashable, Sequence

Texts = Sequence[dict[str, str]]


def scores(texts: Texts, groups: Sequence[int]) -> dict[str, float]:
    """Precision over all texts, recall with and without heavy rewrites, and look-alike reports that were merged."""
    light = [n for n, t in enumerate(texts) if t["kind"] != "rewrite"]
    alike = [groups[n] for n, t in enumerate(texts) if t["kind"] == "template"]
    return {
        "precision": _shares([t["origin"] for t in texts], groups)[0],
        "recall": _shares([texts[n]["origin"] for n in light], [groups[n] for n in light])[1],
        "recall_all": _shares([t["origin"] for t in texts], groups)[1],
        "merged": float(len(alike) - len(set(alike))),
    }


def _shares(origins: Sequence[Hashable], groups: Sequence[Hashable]) -> tuple[float, float]:
    right = _pairs(list(zip(origins, groups, strict=True)))
    return right / max(1, _pairs(groups)), right / max(1, _pairs(origins))


def _pairs(named: Sequence[Hashable]) -> int:
    return sum(n * (n - 1) // 2 for n in Counter(named).values())
