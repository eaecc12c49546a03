"""The texts that are grouped: the real set with its truth, or invented ones where it is not there."""

import gzip
import json
import random
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from pipelines.core.resemblance import without_repeated

_SYLLABLES = ("ba", "del", "fo", "gri", "ka", "lun", "me", "nor", "pi", "ras", "so", "tem", "ul", "ve", "win", "zo")
_WORDS = 8_000  # drawn as in a language: the nth word about 1/n as often as the first
_TOWNS = ("Aldmouth", "Brackwater", "Cedarhythe", "Dunmere", "Eastfold", "Fernwick", "Greyhaven", "Holmstead")
_OUTLETS = ("Herald", "Courier", "Gazette", "Tribune", "Post")


@dataclass(frozen=True, slots=True, kw_only=True)
class Texts:
    """Texts, each with `origin`, `kind`, `outlet`, `lang`, `text`, and `bare`: without its outlet's repeated lines."""

    source: str
    rows: list[dict[str, str]]

    def write(self, folder: Path) -> None:
        """Where contestants look for them."""
        lines = (json.dumps(row) + "\n" for row in self.rows)
        (folder / "texts.jsonl").write_text("".join(lines), encoding="ascii")

    def digest(self) -> str:
        """Of the texts, short."""
        return sha256("\n".join(r["text"] for r in self.rows).encode()).hexdigest()[:16]


def of_file(path: Path) -> Texts:
    """The real set: JSON lines, gzipped."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    return _texts(str(path), rows)


def invented(count: int = 240, seed: int = 1) -> Texts:
    """A third each of texts, copies with a cut or an addition, and look-alike notices with figures of their own.

    They are easy: their figures say that all runs, not who is better.
    """
    chance, rows = random.Random(seed), list[dict[str, str]]()
    for origin in range(count // 3):
        text = prose(chance, 14)
        cut = "\n".join(text.split("\n")[: chance.randint(7, 14)])
        rows.append({"origin": f"text-{origin}", "kind": "base", "text": text})
        rows.append({"origin": f"text-{origin}", "kind": "copy", "text": f"{cut}\n{prose(chance, 2)}"})
        rows.append({"origin": f"notice-{origin}", "kind": "template", "text": notice(chance, origin)})
    return _texts("the invented press", [r | {"outlet": chance.choice(_OUTLETS), "lang": "en"} for r in rows])


def prose(chance: random.Random, sentences: int) -> str:
    """Words of no language, a sentence a line, with names and numbers in between."""
    return "\n".join(
        f"{' '.join(_words(chance, 14))} {chance.choice(_TOWNS)} {chance.randint(10, 9_999)} "
        f"{' '.join(_words(chance, 10))} {_words(chance, 1)[0].title()}."
        for _ in range(sentences)
    )


def _words(chance: random.Random, count: int) -> list[str]:
    return [_word(int(_WORDS ** chance.random())) for _ in range(count)]


def _word(number: int) -> str:
    return "".join(_SYLLABLES[number >> shift & 15] for shift in (0, 4, 8, 12) if number >> shift or not shift)


def notice(chance: random.Random, number: int) -> str:
    """A notice whose wording all share and whose figures and names are the news."""
    town, other = _TOWNS[number % 8], f"{chance.choice(_TOWNS)}-{chance.randint(10, 99)}"
    return (
        f"The district court of {town} has fined a company {chance.randint(1_000, 99_999)} euros for late reports.\n"
        f"According to the clerk of room {other} the company had not filed its assessment within {number + 2} months.\n"
        "The court held that the duty to report had been known since the regulation took effect.\n"
        "The company can appeal within four weeks of the written judgment.\n"
        f"The regulator of {other} welcomed the decision and said that {chance.randint(3, 90)} cases were pending."
    )


def _texts(source: str, rows: list[dict[str, str]]) -> Texts:
    bare = without_repeated([(r["outlet"], r["text"]) for r in rows])
    names = ("outlet", "lang", "kind", "text")
    kept = [
        {"origin": str(r["origin"]), **{n: r[n] for n in names}, "bare": b} for r, b in zip(rows, bare, strict=True)
    ]
    return Texts(source=source, rows=kept)
