"""What a page says beside its words: section, tags, licence, agencies, corrections, and who said what."""

import re
from collections.abc import Iterable, Sequence

from pipelines.core.agencies import agency_of
from pipelines.core.text import Span, folded, one_line, sentences_of

_MOST_SECTION_CHARS = 80
_MOST_TAG_CHARS = 80
_MOST_TAGS = 30
_MOST_LICENCE_CHARS = 300
_MOST_NOTICE_CHARS = 500

_CREDIT_PARTS = re.compile(r"\s*[,;/|()\[\]+&·]\s*|\s+(?:and|und|et|en|y|e|i|og|och|with|mit|avec|con|z|by|von)\s+")
# "BRUSSELS (Reuters) - ...", "Brüssel (dpa/AFP) – ...": a dateline; "... (dpa)": the end of a text.
_DATELINE = re.compile(r"^[^().!?]{0,60}\(([^()]{2,40})\)\s*[-–—]")
_AT_END = re.compile(r"[(\[]([^()\[\]]{2,40})[)\]]\W*$")

# A label opens its notice: "Correction:", "Rettelse (12. maj):". Without its colon it is a word like others:
# "Oprava mostů" is the repair of bridges.
_LABEL = re.compile(
    r"^\W*(?:corrections?(?:\s+and\s+clarifications?)?|clarification|corrigendum|errat(?:um|a)|korrektur(?:hinweis)?|"
    r"berichtigung|richtigstellung|rectificatif|mise au point|fe de errores|corrección|rectificación|errata corrige|"
    r"correzione|rettifica|correção|correcção|erramos|correctie|rectificatie|sprostowanie|korekta|rättelse|korrigering|"
    r"rettelse|berigtigelse|retting|oikaisu|helyreigazítás|helyesbítés|oprava|upřesnění|erată|rectificare|corecție|"
    r"поправка|корекция|виправлення|διόρθωση|διευκρίνιση|ispravak|ispravka|popravek|parandus|õiendus|labojums|"
    r"precizējums|pataisymas|patikslinimas|ceartúchán|korrezzjoni)"
    r"(?:[\s,(\[][^:]{0,30}\d[^:]{0,12})?\s*:",
    re.IGNORECASE,
)
# The text speaks of its own earlier version; "an earlier version of the bill" is news.
_THIS = r"(?:article|story|report|piece|column|headline|page|post)"
_OF_ITSELF = re.compile(
    "|".join(
        (
            rf"\bthis {_THIS} (?:was|has been) (?:\w+ )?(?:amended|corrected)\b",
            rf"\b(?:earlier|previous|original) version of this {_THIS}\b",
            r"\bin einer (?:früheren|vorherigen|ersten|ursprünglichen) (?:version|fassung) (?:hieß es|stand)\b",
            r"\b(?:version|fassung) (?:dieses|dieser|des) (?:artikels|textes|beitrags) (?:hieß es|stand)\b",
            r"\b(?:première|précédente|antérieure) version de (?:cet article|ce texte)\b",
            r"\bversion (?:précédente|antérieure|initiale) de (?:cet article|ce texte)\b",
            r"\bcet article a été (?:corrigé|rectifié)\b",
            r"\bversión (?:anterior|previa) de est[ea] (?:artículo|texto|noticia|información)\b",
            r"\b(?:precedente|prima) versione di questo (?:articolo|testo)\b",
            r"\bquesto articolo è stato corretto\b",
            r"\bversão anterior dest[ea] (?:artigo|texto|notícia)\b",
            r"\beerdere versie van (?:dit|het) (?:artikel|bericht|verhaal|stuk)\b",
            r"\bdit artikel is gecorrigeerd\b",
            r"\b(?:wcześniejszej|poprzedniej|pierwotnej) wersji (?:tego )?(?:artykułu|tekstu)\b",
            r"\btidigare version av (?:artikeln|texten|den här artikeln)\b",
            r"\btidligere (?:version|versjon) av (?:denne|artiklen|artikkelen|saken)\b",
            r"\b(?:jutun|artikkelin|tekstin) aiemmassa versiossa\b",
            r"\bcikk(?:ünk)? korábbi (?:változatában|verziójában)\b",
            r"\b(?:předchozí|původní) verzi (?:tohoto )?(?:článku|textu)\b",
            r"\b(?:predchádzajúcej|pôvodnej) verzii (?:tohto )?článku\b",
            r"\bversiune anterioară a (?:acestui|articolului|textului)\b",
            r"\bпредишна версия на (?:тази|този|статията|текста)\b",
            r"\bпопередній версії (?:цієї|статті|тексту)\b",
            r"\bπροηγούμενη έκδοση (?:αυτού )?του (?:άρθρου|κειμένου)\b",
            r"\b(?:ranijoj|prethodnoj) verziji (?:ovog )?(?:članka|teksta)\b",
            r"\bprejšnji različici (?:tega )?(?:članka|besedila)\b",
            r"\b(?:artikli|loo) varasemas versioonis\b",
            r"\braksta iepriekšējā versijā\b",
            r"\bankstesnėje (?:straipsnio|teksto) versijoje\b",
        )
    ),
    re.IGNORECASE,
)


def choose_section(candidates: Sequence[tuple[str, str]]) -> str | None:
    """The first section named; an address or a sentence is none."""
    said = (one_line(what) for _, what in candidates)
    return next((s for s in said if s and len(s) <= _MOST_SECTION_CHARS and "://" not in s), None)


def choose_tags(candidates: Sequence[tuple[str, Sequence[str]]]) -> tuple[str, ...]:
    """The tags of the first place that names any, one by one, each once."""
    for _, said in candidates:
        tags: dict[str, str] = {}
        for part in (p for text in said for p in re.split(r"[,;\n]", text)):
            tag = one_line(part)
            if tag and len(tag) <= _MOST_TAG_CHARS and folded(tag):
                tags.setdefault(folded(tag), tag)
        if tags:
            return tuple(tags.values())[:_MOST_TAGS]
    return ()


def choose_licence(candidates: Sequence[tuple[str, str]]) -> str | None:
    """The licence as declared: mostly the address of one."""
    said = (one_line(what) for _, what in candidates)
    return next((s for s in said if s and len(s) <= _MOST_LICENCE_CHARS), None)


def wire_credits(credited: Iterable[str], text: str) -> tuple[str, ...]:
    """The news agencies that an article draws on, each once, as bylines write them.

    Args:
        credited: what fields and bylines say of authors and providers.
        text: its first line may have a dateline, its last lines a credit in brackets.
    """
    lines = [line for line in text.split("\n") if line.strip()]
    places = [*lines[:1], *lines[-2:]]
    bracketed = [m[1] for line in places[:1] for m in [_DATELINE.search(line)] if m]
    bracketed += [m[1] for line in places[1:] for m in [_AT_END.search(line)] if m]
    return tuple(dict.fromkeys(name for said in (*credited, *bracketed) for name in _agencies_in(said)))


def _agencies_in(said: str) -> list[str]:
    parts = [part for part in _CREDIT_PARTS.split(said) if part]
    return [name for part in parts if (name := agency_of(part))]


def correction_in(text: str) -> str | None:
    """The first notice of a correction, an exact substring of the text; None where there is none."""
    for line in text.split("\n"):
        label = _LABEL.search(line)
        found = label or _OF_ITSELF.search(line)
        if not found:
            continue
        if len(line) <= _MOST_NOTICE_CHARS and label:
            return line.strip()
        return _cut(line, next(s for s in sentences_of(line) if s.end > found.start()))
    return None


def _cut(line: str, sentence: Span) -> str:
    return line[sentence.start : sentence.end][:_MOST_NOTICE_CHARS].strip()


def who_said(candidates: Sequence[tuple[str, Sequence[str]]], chosen: Sequence[str]) -> str | None:
    """The first of the candidates that says all that was chosen; None where nobody does."""
    wanted = [f" {folded(c)} " for c in chosen]
    for who, said in candidates if wanted else ():
        all_said = f" {' '.join(folded(s) for s in said)} "
        if all(w in all_said for w in wanted):
            return who
    return None
