"""What is not an article, by name. A 200 is no promise: consent walls and shells answer with it too."""

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


def quality(text: str, *, has_title: bool, has_date: bool) -> float:
    """0 to 1: half for length (full at 200 words), a quarter each for a title and a date."""
    length = min(1.0, count_words(text, 200) / 200)
    return round(0.5 * length + 0.25 * has_title + 0.25 * has_date, 3)
