"""What is not an article, by name. A 200 is no promise: consent walls and shells answer with it too."""

from dataclasses import dataclass

from pipelines.core.reasons import Reason, Rejected
from pipelines.core.text import count_words, folded

LEAST_WORDS = 40
_WALL_AT_MOST_WORDS = 220
# Words of consent pages in the languages watched. Three different ones in a short page make a wall.
_CONSENT = (
    "consent", "cookies", "accept all", "reject all", "privacy", "partners", "personal data",
    "einwilligung", "alle akzeptieren", "datenschutz", "zustimmen", "consentement", "tout accepter",
    "confidentialité", "partenaires", "consentimiento", "aceptar todo", "privacidad", "consentimento", "aceitar tudo",
    "aceitar e continuar", "privacidade", "parceiros", "consenso", "accetta", "toestemming", "alles accepteren",
    "zgoda", "zgody", "akceptuję", "prywatności", "partnerzy", "dados pessoais", "definições",
)  # fmt: skip


def wall(visible_text: str) -> Rejected | None:
    """A consent page instead of the article, or None."""
    if count_words(visible_text, _WALL_AT_MOST_WORDS) > _WALL_AT_MOST_WORDS:
        return None
    text = f" {folded(visible_text)} "
    seen = [w for w in _CONSENT if f" {folded(w)} " in text]
    if len(seen) >= 3:  # noqa: PLR2004 (one word alone stands in every footer)
        return Rejected(reason=Reason.CONSENT_WALL, detail="says: " + ", ".join(seen[:5]))
    return None


# What guards against robots show, in English wherever they stand. Two of these in a short page are such a guard.
_CHALLENGE = (
    "checking your browser", "just a moment", "enable javascript and cookies to continue", "verify you are human",
    "verifying you are human", "ddos protection by", "ray id", "are you a robot", "attention required",
    "please enable cookies", "performance security by cloudflare", "complete the security check",
)  # fmt: skip


def challenge(visible_text: str) -> Rejected | None:
    """A guard against robots instead of the article, or None."""
    if count_words(visible_text, _WALL_AT_MOST_WORDS) > _WALL_AT_MOST_WORDS:
        return None
    text = f" {folded(visible_text)} "
    seen = [w for w in _CHALLENGE if f" {folded(w)} " in text]
    if len(seen) > 1:
        return Rejected(reason=Reason.CHALLENGE, detail="says: " + ", ".join(seen[:5]))
    return None


def too_short(text: str) -> Rejected | None:
    """Fewer words than an article has, or None. Characters of unspaced scripts count as words."""
    words = count_words(text, LEAST_WORDS)
    if words == 0:
        return Rejected(reason=Reason.NO_TEXT, detail="no text was found in the page")
    return Rejected(reason=Reason.TOO_SHORT, detail=f"{words} words") if words < LEAST_WORDS else None


_FOREIGN_AT_MOST_WORDS = 120


def may_be_foreign(text: str, declared: str | None, prior: str | None) -> bool:
    """True for a short text on a page that says that it is in the language of its feed, and not in English."""
    one = declared is not None and declared == prior and declared != "en"
    return one and count_words(text, _FOREIGN_AT_MOST_WORDS) < _FOREIGN_AT_MOST_WORDS


def foreign(language: str | None, declared: str | None) -> Rejected | None:
    """Why a text that `may_be_foreign` is no article, once its own language is known; or None.

    What stands in place of an article (a notice, a licence, an error of the server) is in English wherever it stands.
    Longer texts are articles: themes that declare another language than the outlet writes are not rare.
    """
    if language != "en":
        return None
    return Rejected(reason=Reason.WRONG_LANGUAGE, detail=f"text in {language}, page in {declared}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """What a page is built of, as far as its kind is told by it."""

    kinds: frozenset[str] = frozenset()  # every `@type` of its JSON-LD
    og_type: str = ""
    heads: tuple[str, ...] = ()  # its title, in each form that it shows
    visible_text: str = ""
    is_front: bool = False  # the address has no path
    articles: int = 0  # `article` elements with a link in them
    headlines: int = 0  # links of four words or more in headings of the second to fourth order
    pictures: int = 0
    has_player: bool = False
    has_password: bool = False
    scripts: int = 0
    is_beyond_parser: bool = False  # nested deeper, or a node larger, than libxml2 reads

    @property
    def is_declared_article(self) -> bool:
        """True where the page itself says that it is an article."""
        return self.og_type == "article" or any(k.endswith(("Article", "BlogPosting", "Posting")) for k in self.kinds)


_MOST_ERROR_WORDS = 150
_MOST_TITLE_WORDS = 9
# What a page says in its title that was served with 200 in place of a 404.
_NOT_FOUND = (
    "404", "page not found", "not found", "page cannot be found", "page can not be found", "page doesn t exist",
    "page does not exist", "page no longer exists", "page unavailable", "error 404", "seite nicht gefunden",
    "seite existiert nicht", "page introuvable", "page non trouvée", "página no encontrada", "pagina non trovata",
    "pagina niet gevonden", "strona nie istnieje", "nie znaleziono strony", "página não encontrada",
    "sidan hittades inte", "siden blev ikke fundet", "siden finnes ikke", "sivua ei löytynyt", "stránka nenalezena",
    "stránka nebola nájdená", "az oldal nem található", "pagina nu a fost găsită", "η σελίδα δεν βρέθηκε",
    "страницата не е намерена", "stranica nije pronađena", "strani ni mogoče najti", "puslapis nerastas",
    "lapa nav atrasta", "lehte ei leitud",
)  # fmt: skip
_LOGIN = (
    "log in", "login", "sign in", "subscribe to continue", "already a subscriber", "create an account",
    "forgot password", "forgot your password", "register to continue", "anmelden", "einloggen", "passwort vergessen",
    "jetzt abonnieren", "se connecter", "identifiez vous", "déjà abonné", "iniciar sesión", "ya eres suscriptor",
    "accedi", "hai dimenticato la password", "inloggen", "wachtwoord vergeten", "zaloguj się", "nie pamiętasz hasła",
    "iniciar sessão", "já é assinante", "logga in", "log ind", "logg inn", "kirjaudu sisään", "přihlásit se",
    "prihlásiť sa", "bejelentkezés", "autentificare", "σύνδεση",
)  # fmt: skip
_ARTICLES_OF_AN_INDEX = 6
_HEADLINES_OF_AN_INDEX = 10
_PICTURES_OF_A_GALLERY = 6
_PARAGRAPH_WORDS = 40
_PARAGRAPHS_OF_AN_ARTICLE = 3


def no_article(shape: Shape, text: str) -> Rejected | None:
    """Why a page is none, by what it says, how it is built and, last, how little text it has; or None."""
    shown = shape.visible_text
    return wall(shown) or challenge(shown) or _soft_404(shape, text) or _index(shape, text) or _short(shape, text)


def _soft_404(shape: Shape, text: str) -> Rejected | None:
    if count_words(text) > _MOST_ERROR_WORDS or {"NewsArticle", "Article"} & shape.kinds:
        return None
    for head in shape.heads:
        words = f" {folded(head)} "
        if len(words.split()) <= _MOST_TITLE_WORDS and any(f" {folded(said)} " in words for said in _NOT_FOUND):
            return Rejected(reason=Reason.SOFT_404, detail=f"says: {head[:100]}")
    return None


def _index(shape: Shape, text: str) -> Rejected | None:
    """A list of other pages. Teasers are short; three long paragraphs in a row of text are an article's."""
    long = sum(1 for line in text.split("\n") if count_words(line) >= _PARAGRAPH_WORDS)
    if shape.is_declared_article or long >= _PARAGRAPHS_OF_AN_ARTICLE:
        return None
    if shape.articles >= _ARTICLES_OF_AN_INDEX and shape.headlines >= _ARTICLES_OF_AN_INDEX:
        detail = f"{shape.articles} articles in one page"
    elif shape.headlines >= _HEADLINES_OF_AN_INDEX and (shape.is_front or "CollectionPage" in shape.kinds):
        detail = f"{shape.headlines} headlines"
    else:
        return None
    return Rejected(reason=Reason.INDEX_PAGE, detail=detail)


def _short(shape: Shape, text: str) -> Rejected | None:
    """Of a text too short for an article, what the page is instead, where that can be told."""
    short = too_short(text)
    if short is None:
        return None
    if shape.is_beyond_parser:
        return Rejected(reason=Reason.UNPARSABLE, detail="nested deeper, or a node larger, than a parser reads")
    words = f" {folded(shape.visible_text)} "
    said = [w for w in _LOGIN if f" {folded(w)} " in words]
    if said and (shape.has_password or len(said) > 1) and len(words.split()) <= _WALL_AT_MOST_WORDS:
        return Rejected(reason=Reason.LOGIN_WALL, detail="says: " + ", ".join(said[:5]))
    return _no_words(shape, short.detail) or short


def _no_words(shape: Shape, detail: str) -> Rejected | None:
    """A page whose matter is a film, pictures, or what a script would fetch."""
    if shape.og_type.startswith("video") or shape.has_player or "VideoObject" in shape.kinds:
        return Rejected(reason=Reason.VIDEO_PAGE, detail=detail)
    if shape.pictures >= _PICTURES_OF_A_GALLERY or {"ImageGallery", "MediaGallery"} & shape.kinds:
        return Rejected(reason=Reason.GALLERY, detail=f"{shape.pictures} pictures, {detail}")
    if shape.scripts and count_words(shape.visible_text) < LEAST_WORDS:
        return Rejected(reason=Reason.SCRIPT_ONLY, detail=f"{shape.scripts} scripts, {detail}")
    return None


def quality(text: str, *, has_title: bool, has_date: bool) -> float:
    """0 to 1: half for length (full at 200 words), a quarter each for a title and a date."""
    length = min(1.0, count_words(text, 200) / 200)
    return round(0.5 * length + 0.25 * has_title + 0.25 * has_date, 3)
