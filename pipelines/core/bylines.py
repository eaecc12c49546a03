"""Names out of what pages say of their authors: one by one, without the words around them."""

import re
import unicodedata
from collections.abc import Collection

from pipelines.core.agencies import is_agency
from pipelines.core.text import folded, one_line

# Words before a name, in the languages of our outlets. Those that are also a part of names ("De Croo", "Von der
# Leyen", "Di Maio", "Van Rompuy") go only where they are written small.
_BEFORE = re.compile(
    r"^(?:(?i:(?:written|reported|posted|published|words|story|analysis|opinion)\s+by|by|text|texte|testo|texto|"
    r"interview|autore?n?|auteurs?|autora?s?|författare|forfatter|kirjoittaja|szerző|autorzy|avtor|автор|κείμενο|door|"
    r"tekst|teksti|skrevet\s+av|skriven\s+av|opracowa[łl]a?|przygotowa[łl]a?|réd(?:igé)?\s+par|propos\s+recueillis\s+par|"
    r"(?:eine?\s+)?(?:analyse|kommentar|gastbeitrag|essay|bericht|interview|porträt|reportage)\s+von|from|quelle|source)"
    r"\s*[:\-–]?|"
    r"(?:Von|Par|Por|Od|Av|Af|Írta|Napsala?|von|par|por|de|di|da|do|od|af|av|van|przez|írta|napsala?|scris)\s*:?)\s+"
    r"(?=[^\W\d_])"
)
_PARTICLES_THAT_STAY = re.compile(r"^(?:De|Da|Di|Do|Van)\s+[^\W\d_]")
_BETWEEN = re.compile(
    r"\s*(?:[,;|/•·‧、]|\n|\s[–—]\s|\s-\s|\s&\s|\s\+\s|\b(?:and|und|et|en|y|e|i|og|och|ja|és|a|și|si|in|και|и|та)\b(?=\s+[^\W\d_]))\s*"
)
_SMALL_JOINER = re.compile(r"\s(?:and|und|et|en|y|e|i|og|och|ja|és|și|και|и|та)\s")
# "Maria Lange Jul 18, 2025", "Maria Lange 18. Juli 2025", "Maria Lange 12:40": what follows a name is no name.
_DATE_TAIL = re.compile(r"[\s,|·•-]+(?:[^\W\d_]{3,9}\.?\s+)?\d{1,4}(?:[.:/,\s-].*)?$")
# Who checked a text, or made its pictures, did not write it.
_NOT_BY = re.compile(
    r"(?:^|\W)(?:(?:medically|clinically|technically|fact|legally)[\s-]*)?(?:reviewed|edited|checked|verified|translated|illustrated|"
    r"photographed|photos?|photographs?|photography|images?|illustrations?)\s+by\b.*|"
    r"\b(?:fotos?|photos?|bilder|bild|foto's|zdjęcia|übersetzung|traduction|traducción|traduzione|vertaling)\s*:.*|"
    r"\b(?:redigiert|geprüft|übersetzt|bearbeitet)\s+von\b.*|\b(?:relu|traduit|révisé)\s+par\b.*",
    re.IGNORECASE | re.DOTALL,
)
_DEGREE = re.compile(r"^(?:(?:Dr|Prof|Professor|Mag|Dipl|Ing|DDr|Doc|Mgr|PhDr|JUDr|MUDr|RNDr)\b\.?[\s-]*)+(?=\S)")
_ADDRESS = re.compile(r"^\W*(?:https?:|www\.)", re.IGNORECASE)
_BRACKETS = re.compile(r"\s*[(\[{<][^)\]}>]*[)\]}>]?")
_NO_NAME = re.compile(
    r"https?:|www\.|@|\.(?:com|org|net|de|fr|at|it|es|pl|nl|is|tr)\b|\d{2}|^\W*$|"
    r"\b(?:profiles?|disclosure|fact|cite|webpage|log ?in|sesión|tips|twitter|facebook|linkedin|instagram|social|"
    r"artikel|newsletter|min(?:ute)?s? read|updated|published|posted|follow|share|subscribe|comments?|read more|"
    r"view all|all posts|stand:|uhr|copyright|all rights)\b", re.IGNORECASE,
)  # fmt: skip
_ACCOUNT = re.compile(
    r"^(?:admin\w*|administrator|webmaster|web\s?redact\w+|web\s?redaktion|online\s?redaktion|editor\w*|developer|root|"
    r"user|guest|gast|anonymous|unknown|undefined|none|null|nan|n/a|\w*[a-z]\d\w*[a-z]\w*|team|staff|content\s+team|(?:written|reported|posted)?\s?by|web\s?team|author|autor|default)$",
    re.IGNORECASE,
)
_ROLE = re.compile(
    r"\b(?:editor|correspondent|reporter|journalist|columnist|contributor|writer|producer|analyst|chief|director|expert|"
    r"redakteur(?:in)?|redaktør|korrespondent(?:in)?|volontär(?:in)?|journaliste|rédact(?:eur|rice)|correspondant(?:e)?|"
    r"redactor(?:a)?|periodista|corresponsal|giornalista|inviat[oa]|caporedattore|redattore|dziennikar(?:z|ka)|"
    r"redaktion|redakcja|redactie|rédaction|redazione|redacción|redação|agenturen|nachrichtenagentur|ressort|desk|team|"
    r"editorial|rankings|staff|special to|about|"
    r"jornalista|toimittaja|újságíró|reportér(?:ka)?|redaktor(?:ka)?|dopisovatel|novinář(?:ka)?|기자|記者)\b|"
    r"(?:기자|記者)$", re.IGNORECASE,
)  # fmt: skip
_REPORTER_SUFFIX = re.compile(r"\s*(?:기자|記者|특파원).*$")
# "Ana Novak Associated Press": how members of that agency print its bylines, the line break lost.
_AGENCY_BEHIND = re.compile(r"^(\S+\s+\S.*?)\s+(?:The\s+)?(?:Associated Press|Agence France-Presse|Reuters)$")
_MOST_NAME_CHARS = 60
_MOST_NAME_WORDS = 6
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3]")


def names_in(text: str, leave_out: Collection[str] = (), *, is_field: bool) -> list[str]:
    """The people that a byline names, in its order.

    Args:
        text: what stands in a field for authors, or in a byline on the page.
        leave_out: folded names that are no author: the site's own.
        is_field: a field that is meant for one author's name: one word will do, and small letters.

    Returns:
        Names as written; agencies, accounts of the CMS, roles, addresses and dates left out.
    """
    text = without_checkers(_DATE_TAIL.sub("", one_line(text) or ""))
    if _ADDRESS.match(text) or folded(text) in leave_out:
        return []
    parts = (_trimmed(part) for part in _BETWEEN.split(_without_lead(text)))
    return [
        p for p in parts if p and folded(p) not in leave_out and not is_agency(p) and _is_person(p, is_field=is_field)
    ]


def without_checkers(text: str) -> str:
    """A byline up to where it says who reviewed, edited, translated or photographed."""
    return _NOT_BY.sub("", text)


def without_degree(name: str) -> str:
    """A name without the academic titles before it, to compare two spellings by."""
    return _DEGREE.sub("", name)


def organisation_in(text: str, leave_out: Collection[str] = ()) -> list[str]:
    """The organisations that a field for authors names where it names nobody: agencies and desks."""
    whole = _without_lead(without_checkers(one_line(text) or ""))
    parts = [] if _NO_NAME.search(whole) else [_trimmed(part) for part in re.split(r"\s*[,;|]\s*", whole)]
    return [p for p in parts if p and folded(p) not in leave_out and _is_organisation(p)]


def _is_organisation(name: str) -> bool:
    if len(name) > _MOST_NAME_CHARS or _NO_NAME.search(name) or _ACCOUNT.match(name):
        return False
    return _ROLE.fullmatch(name) is None  # "Redaktion" alone says nothing


def _without_lead(text: str) -> str:
    if _PARTICLES_THAT_STAY.match(text):
        return text
    return _BEFORE.sub("", text, count=1)


def _trimmed(part: str) -> str:
    part = _REPORTER_SUFFIX.sub("", _BRACKETS.sub("", part)).strip(" .:-–—*\u200b\"'")
    return _AGENCY_BEHIND.sub(r"\1", _without_lead(part))


def _is_person(name: str, *, is_field: bool) -> bool:
    if len(name) > _MOST_NAME_CHARS or _NO_NAME.search(name) or _ACCOUNT.match(name) or _ROLE.search(name):
        return False
    words = name.split()
    if len(words) > _MOST_NAME_WORDS:
        return False
    if _UNSPACED.search(name):
        return len(name) > 1
    if len(words) < 2:  # noqa: PLR2004 (a first name and a last one)
        return is_field and len(name) > 2 and name[0].isupper() and not name.isupper()  # noqa: PLR2004
    if name.isupper():
        return is_field  # "MDR THÜRINGEN": capitals throughout are a station as often as a person
    capitals = sum(unicodedata.category(w[0]) == "Lu" for w in words)
    return is_field or capitals * 2 >= len(words)
