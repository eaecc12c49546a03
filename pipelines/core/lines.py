"""Lines of a page that are not of its article: by what they are, and by how often the outlet shows them.

An extractor keeps what stands among the paragraphs: share bars, prompts to embed a video, teasers of other stories,
newsletters. Rules here are for whole lines, and short ones; a sentence of the article that speaks of a newsletter
stays. What no rule knows shows by repetition: a line on two pages of an outlet is the outlet's, not the article's.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from pipelines.core.text import folded, hash_of, shingles, words_of

RULE_VERSION = "lines-1"
REPEATED_ON = 2  # pages of one outlet
VERSIONS_SHARE = 0.5  # of their lines: two pages that have so many in common are versions of one story
REMEMBERED_DAYS = 28  # of pages: a line that none of so many days has is forgotten
_MOST_REMEMBERED = 50  # lines at either end of a page, which is where outlets repeat themselves
_MOST_WORDS = 25  # of a line that a rule may call clutter
_LONG_WORDS = 25  # of a paragraph that is missed: shorter ones are captions and bylines as often
_MOST_CAPTION_WORDS = 60
_SAME_SHARE = 0.3  # of a paragraph's shingles in the text: it was taken
_TAKEN_BESIDE = 2
_LEAST_DECLARED_WORDS = 60  # shorter bodies are leads
_MOST_TEASERS = 8
_MOST_HEADLINE_WORDS = 20
_START_CHARS = 60
_LEAD_ENDS = re.compile(r"(?<!\.)[.!?。…][^\w.]*$")  # a sentence, not a line of a list; not cut off ("...")
# Of a line that is remembered: an outlet heads paragraphs ("What we know so far") and opens stories ("BRUSSELS,
# Belgium") with the same few words, and they are the article's. Characters of unspaced scripts count as words.
_LEAST_WORDS = 6

# Words that stand on buttons, alone or in rows. A line of nothing else is a bar.
_BUTTONS = (
    "share", "share this", "share this article", "share this story", "share this page", "share article", "comments",
    "comment", "comments closed", "close", "close button", "copy link", "copy to clipboard", "copied", "print",
    "print article", "email", "e-mail", "save", "save article", "listen", "listen to this article", "facebook",
    "twitter", "x", "whatsapp", "linkedin", "telegram", "reddit", "bluesky", "threads", "pinterest", "messenger",
    "instagram", "flipboard", "advertisement", "partager", "partager cet article", "commentaires", "commentaire",
    "imprimer", "copier le lien", "écouter", "publicité", "teilen", "kommentare", "kommentar", "kommentar abgeben",
    "drucken", "merken", "anhören", "anzeige", "link kopieren", "mehr infos", "compartir", "comentarios",
    "comentario", "imprimir", "guardar", "escuchar", "publicidad", "copiar enlace", "condividi", "commenti",
    "commenta", "stampa", "ascolta", "pubblicità", "copia link", "delen", "reacties", "reactie", "afdrukken",
    "bewaren", "luister", "advertentie", "kopieer link", "udostępnij", "komentarze", "komentarz", "drukuj",
    "posłuchaj", "reklama", "kopiuj link", "partilhar", "comentários", "comentário", "ouvir", "publicidade", "dela",
    "kommentarer", "skriv ut", "lyssna", "annons", "del", "kommentér", "lyt", "annonce", "jaa", "kommentit",
    "kuuntele", "mainos", "sdílet", "zdieľať", "megosztás", "distribuie", "comentarii", "tipărește", "κοινοποίηση",
    "σχόλια", "сподели", "коментари",
)  # fmt: skip
_BUTTON = "|".join(sorted(_BUTTONS, key=len, reverse=True))
_BAR = re.compile(rf"(?:\W*(?:{_BUTTON})\W*\d*\W*)+", re.IGNORECASE)
# What leads to another story: behind it a colon, a dash or nothing.
_LEADS = (
    "read more", "read also", "read next", "also read", "see also", "related", "related posts?",
    "related stor(?:y|ies)", "related articles?", "related content", "more on this", r"more from \w+", "recommended",
    "recommended for you", "you (?:might|may) also like", "don.t miss", "watch", "watch now", "watch also",
    r"also on \S+", r"popular on \S+", "lire aussi", "lire également", "lire plus", "à lire", "à lire aussi",
    "voir aussi", "lesen sie auch", "lesen sie mehr", "lesen sie hier", "mehr zum thema", "auch interessant",
    "mehr lesen", "mehr dazu", "siehe auch", "passend dazu", "das könnte sie auch interessieren", "lea también",
    "lea más", "lee también", "lee más", "te puede interesar", "más información", "leggi anche", "leggi di più",
    "leggi tutto", "approfondisci", "potrebbe interessarti", "lees ook", "lees meer", "lees verder", "bekijk ook",
    "czytaj też", "czytaj także", "czytaj więcej", "zobacz też", "zobacz także", "przeczytaj (?:też|także|więcej)",
    "leia também", "leia mais", "veja também", "läs också", "läs även", "läs mer", "les også", "læs også",
    "læs mere", "lue myös", "lue lisää", "čtěte také", "čtěte více", "čítajte tiež", "čítajte viac", "olvassa? el",
    "olvass tovább", "kapcsolódó", "citește și", "citește mai mult", "vezi și",
    "διαβάστε (?:επίσης|ακόμη|περισσότερα)", "прочетете още", "вижте още", "pročitajte i", "pročitajte još",
    "preberite (?:še|tudi)", "skaitykite (?:taip pat|daugiau)", "lasiet (?:arī|vairāk)", "loe (?:ka|veel|lisaks)",
)  # fmt: skip
_LEADS_ON = re.compile(rf"^\W*(?:{'|'.join(_LEADS)})\s*(?:[:：>»|–—-]|$)", re.IGNORECASE)
# Calls to do something for the outlet, and what it says of itself. Looked for in short lines only.
_CALLED = (
    "video embed link", "copied to clipboard", "copy/paste", "click here to (?:subscribe|sign)",
    "sign up (?:for|to) (?:our|the|get)", r"subscrib\w+ to (?:our|the|my)", "delivered to your inbox",
    "our (?:daily |weekly |free )?newsletter", "all rights reserved", "thank you for reading",
    "support our journalism", "tell us what you think", "join the (?:conversation|discussion)", "abonnez-vous ",
    "inscrivez-vous ", "notre newsletter", "tous droits réservés", "réservé aux abonnés", "newsletter abonnieren",
    "newsletter anmelden", "unseren newsletter", "alle rechte vorbehalten", "externe inhalte? angezeigt",
    "suscr[ií]bete", "nuestra newsletter", "todos los derechos reservados", "sólo para suscriptores",
    "tu suscripción", "iscriviti alla", "iscriviti a ", "tutti i diritti riservati", "meld je aan",
    "onze nieuwsbrief", "alle rechten voorbehouden", "zapisz się", "naszego newslettera",
    "wszelkie prawa zastrzeżone", "subscreva", "todos os direitos reservados", "alla rättigheter",
    "alle rettigheder", "kaikki oikeudet", "všechna práva", "všetky práva", "minden jog fenntartva",
    "toate drepturile", "无断转载", "無断転載", "무단전재",
)  # fmt: skip
_CALLS = re.compile("|".join(_CALLED), re.IGNORECASE)
_COPYRIGHT = re.compile(r"^\W*(?:©|\(c\)\s|ⓒ|copyright\b)", re.IGNORECASE)
# Whose picture it is, at the end of its caption: a name without a sentence behind it.
_PICTURED = re.compile(
    r"\s\(?(?:copyright|©|\(c\)|(?:photos?|photographs?|pictures?|fotos?|bild|foto\w*|crédits?|image credits?)\s?[:/])"
    r"\s?(?:[^.:;!?]|\b\w\.){2,60}$",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"^\W*(?:https?://\S+|[\w.+-]+@[\w.-]+)\W*$")


def cleaned(text: str, *, titles: Iterable[str] = (), authors: Iterable[str] = ()) -> str:
    """A text without the lines that are by their own words not of the article.

    Args:
        text: lines as the extractor gives them.
        titles: the page's title in every form that it shows: lines that only repeat one go.
        authors: lines that only name them go.
    """
    names = {folded(a) for a in authors} | {f"by {folded(a)}" for a in authors}
    said = {folded(t) for t in titles} | names
    lines = _without_teasers(text.split("\n"))
    said |= _captions(lines)
    return _joined(line for line in lines if not _goes(line, said))


def without(text: str, drop: Collection[int]) -> tuple[str, int]:
    """A text without the lines that the outlet repeats, by their `line_key`s, and how many these were."""
    if not drop:
        return text, 0
    lines = text.split("\n")
    kept = [line for line in lines if line_key(line) not in drop]
    return (_joined(kept), len(lines) - len(kept)) if len(kept) < len(lines) else (text, 0)


def _joined(lines: Iterable[str]) -> str:
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _captions(lines: Sequence[str]) -> set[str]:
    """The folded captions of pictures, with whose they are and without it, as screen readers are told them."""
    found = set()
    for line in lines:
        credit = _PICTURED.search(line) if line.count(" ") <= _MOST_CAPTION_WORDS else None
        if credit:
            found |= {folded(line), folded(line[: credit.start()])}
    return found - {""}


def _without_teasers(lines: Sequence[str]) -> Sequence[str]:
    """The lines before a last heading such as "You might also like", if only headlines stand below it."""
    for at in range(len(lines) - 1, -1, -1):
        if lines[at].strip() and _LEADS_ON.fullmatch(lines[at].strip()):
            below = [line for line in lines[at + 1 :] if line.strip()]
            return lines[:at] if len(below) <= _MOST_TEASERS and all(map(_is_headline, below)) else lines
    return lines


def _is_headline(line: str) -> bool:
    return len(line.split()) <= _MOST_HEADLINE_WORDS and not line.rstrip().endswith((".", "!", '."', ".”", ".»"))


def put_back(text: str, paragraphs: Sequence[tuple[int, str]]) -> str:
    """A text with the long paragraphs that the extractor left out from among those that it took.

    A paragraph that stands in one element with two that were taken, and is no clutter, is the article's; it comes
    back behind the one before it.

    Args:
        text: as extracted, a paragraph a line.
        paragraphs: of the page, in its order: the element that each stands in, and its text.
    """
    whole = folded(text)
    held: frozenset[int] | None = None
    long = [(place, said, folded(said)) for place, said in paragraphs if said.count(" ") >= _LONG_WORDS]
    taken = []
    for _, said, words in long:
        is_there = words[:_START_CHARS] in whole
        if not is_there:
            held = shingles(text) if held is None else held
            grams = shingles(said)
            is_there = len(grams & held) >= _SAME_SHARE * len(grams)
        taken.append(is_there)
    if all(taken):
        return text
    places = Counter(place for (place, _, _), is_taken in zip(long, taken, strict=True) if is_taken)
    lines = text.split("\n")
    before: dict[int, str] = {}
    for (place, said, words), is_taken in zip(long, taken, strict=True):
        if is_taken:
            before[place] = words
        elif places[place] >= _TAKEN_BESIDE and place in before and not _CALLS.search(said):
            at = _line_of(before[place], lines)
            if at is not None:
                lines.insert(at + 1, said)
                before[place] = words
    return "\n".join(lines)


def with_lead(text: str, ahead: Sequence[tuple[bool, str]]) -> str:
    """A text with the lead that stands ahead of it in the page, where the extractor left it out.

    Args:
        text: as extracted.
        ahead: what stands behind the headline, in order, each with whether the page calls it a lead. Behind the first
            that is in the text no lead is looked for.
    """
    whole = folded(text) if any(is_lead for is_lead, _ in ahead) else ""
    for is_lead, said in ahead if whole else ():
        if folded(said)[:_START_CHARS] in whole:
            return text
        if is_lead and _LEAD_ENDS.search(said):
            grams = shingles(said)
            return text if len(grams & shingles(text)) >= _SAME_SHARE * len(grams) else f"{said}\n{text}"
    return text


def instead(text: str, declared: str) -> str:
    """The body that the page declares, where hardly anything of it is in the extracted text; else the text.

    Declared bodies have lost paragraphs, lists and links on many sites, so that they are no better than what was
    extracted; but where the two have nothing in common, the extractor took another part of the page.
    """
    if len(declared.split()) < _LEAST_DECLARED_WORDS:
        return text
    if folded(text) == folded(declared):
        return declared  # trafilatura's own last resort is this body, with its paragraphs run together
    grams = shingles(declared)
    return declared if len(grams & shingles(text)) < _SAME_SHARE * len(grams) else text


def with_updates(text: str, updates: Sequence[str]) -> str:
    """A text of a live blog with the declared updates that are not in it, in their order, at its end."""
    held = shingles(text) if updates else frozenset()
    missed = [said for said in updates if len((grams := shingles(said)) & held) < _SAME_SHARE * len(grams)]
    return "\n".join([text, *missed]) if text else "\n".join(missed)


def _line_of(paragraph: str, lines: Sequence[str]) -> int | None:
    """The last line that holds the beginning of a folded paragraph."""
    start = paragraph[:_START_CHARS]
    return next((i for i in range(len(lines) - 1, -1, -1) if start in folded(lines[i])), None)


def _goes(line: str, said: Collection[str]) -> bool:
    return bool(line.strip()) and (folded(line) in said or is_clutter(line))


def is_clutter(line: str) -> bool:
    """True for a line of buttons, a teaser of another story, a call to subscribe, an address or a copyright alone."""
    if len(line.split()) > _MOST_WORDS:
        return False
    return any(
        (
            _BAR.fullmatch(line.strip()),
            _LEADS_ON.match(line),
            _CALLS.search(line),
            _COPYRIGHT.match(line),
            _ADDRESS.match(line),
        )
    )


def line_key(line: str) -> int | None:
    """What a line is remembered by; None for one too short to tell."""
    words = folded(line)
    return hash_of(words) if len(words_of(words)) >= _LEAST_WORDS else None


def line_keys(text: str) -> frozenset[int]:
    """The keys of a text's lines."""
    return frozenset(key for line in text.split("\n") if (key := line_key(line)) is not None)


def remembered(text: str) -> tuple[int, ...]:
    """The keys of the lines that are remembered of a page, each once: at most the first 50 and the last 50."""
    keys = tuple(dict.fromkeys(key for line in text.split("\n") if (key := line_key(line)) is not None))
    return keys if len(keys) <= 2 * _MOST_REMEMBERED else keys[:_MOST_REMEMBERED] + keys[-_MOST_REMEMBERED:]


@dataclass(slots=True)
class LineMemory:
    """The lines of an outlet's pages, for as long as it lives: for one call of `inspect page`, or one test.

    The warehouse keeps the same in `page_lines` and `repeated_lines`, as it stood at the start of the day.
    """

    pages: list[frozenset[int]] = field(default_factory=list)

    def add(self, text: str) -> None:
        """Remember a page, unless it is a version of one that is remembered."""
        keys = line_keys(text)
        if keys and not any(are_versions(keys, other) for other in self.pages):
            self.pages.append(keys)

    def repeated(self) -> frozenset[int]:
        """Lines seen on two pages or more."""
        return repeated_in(self.pages)


def are_versions(one: Collection[int], other: Collection[int]) -> bool:
    """True for two pages that have half of their lines in common: an update, an AMP twin, a second edition."""
    shared = len(set(one) & set(other))
    return shared >= VERSIONS_SHARE * min(len(one), len(other))


def repeated_in(pages: Sequence[Collection[int]]) -> frozenset[int]:
    """Lines that stand on two of the pages or more."""
    counts: dict[int, int] = {}
    for page in pages:
        for key in set(page):
            counts[key] = counts.get(key, 0) + 1
    return frozenset(key for key, pages_with in counts.items() if pages_with >= REPEATED_ON)
