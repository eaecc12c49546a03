"""The one door to py3langid: the language of a text, with the feed's language as a prior."""

from functools import cache

from py3langid.langid import MODEL_FILE, LanguageIdentifier

_LEAST_LETTERS = 40
_SURE = 0.85


@cache
def _identifier() -> LanguageIdentifier:
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


def language_of(text: str, prior: str | None = None) -> tuple[str | None, str | None]:
    """ISO 639-1 code and who said it: `text`, or `feed` where the text is short or ambiguous.

    (None, None) where neither tells.
    """
    sample = text[:4000]
    if sum(c.isalpha() for c in sample) >= _LEAST_LETTERS:
        code, sureness = _identifier().classify(sample)
        if code == prior or sureness >= _SURE:
            return str(code), "text"
    return (prior, "feed") if prior else (None, None)
