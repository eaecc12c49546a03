"""News agencies: one list, under the name that bylines give each, with the other forms that are met."""

from pipelines.core.text import folded

_FORMS: dict[str, tuple[str, ...]] = {
    "dpa": ("Deutsche Presse-Agentur", "dpa-AFX", "AFX"),
    "AFP": ("Agence France-Presse",),
    "AP": ("Associated Press", "The Associated Press"),
    "APA": ("Austria Presse Agentur",),
    "Reuters": ("Thomson Reuters",),
    "EFE": ("Agencia EFE",),
    "ANSA": ("Agenzia ANSA",),
    "AGI": (),
    "Adnkronos": (),
    "Lusa": ("Agência Lusa",),
    "PAP": (),
    "ANP": (),
    "Belga": ("Agence Belga",),
    "SID": (),
    "KNA": (),
    "epd": ("Evangelischer Pressedienst",),
    "NTB": (),
    "TT": ("TT Nyhetsbyrån",),
    "Ritzau": (),
    "STT": (),
    "ČTK": ("CTK",),
    "TASR": (),
    "SITA": (),
    "MTI": (),
    "Agerpres": (),
    "BTA": (),
    "HINA": (),
    "STA": (),
    "BNS": (),
    "LETA": (),
    "ELTA": (),
    "Keystone-SDA": ("Keystone", "SDA"),
    "AA": ("Anadolu", "Anadolu Ajansı", "Anadolu Agency"),
    "Xinhua": (),
    "TASS": (),
    "UPI": (),
    "IANS": (),
    "PTI": (),
    "ANI": (),
    "PA Media": ("Press Association",),
    "Europa Press": (),
    "Bloomberg": (),
    "Ukrinform": (),
}
_SHORT = 3  # letters: "sta", "ap" and "tt" are words too
_NAME_OF = {form: name for name, forms in _FORMS.items() for form in (name, *forms)}
_NAME_OF_FOLDED = {folded(form): name for form, name in _NAME_OF.items()}


def is_agency(name: str) -> bool:
    """True for the name of a news agency standing alone, in any form and case: for fields that hold names."""
    return folded(name) in _NAME_OF_FOLDED


def agency_of(words: str) -> str | None:
    """The agency that words of a text are, under its one name; of a short name only as the agency writes it."""
    return _NAME_OF.get(words) or (_NAME_OF_FOLDED.get(folded(words)) if len(words) > _SHORT else None)
