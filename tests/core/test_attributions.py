"""Who is named as a speaker, before, between and behind quotations, and who never is: each side one table of cases."""

from pathlib import Path
from typing import TypedDict

import pytest
import yaml

from pipelines.core.quotes import Known, quotes_of


class Case(TypedDict):
    """One text of the table."""

    language: str
    place: str
    text: str
    said: list[list[str | None]]  # each quotation with its speaker


CASES: list[Case] = yaml.safe_load(Path(__file__).with_name("attributions.yaml").read_text(encoding="utf-8"))
PROMISED = frozenset(
    ["bg", "cs", "da", "de", "el", "en", "es", "et", "fi", "fr", "ga", "hr", "hu", "it", "lt", "lv", "mt", "nl", "no",
     "pl", "pt", "ro", "ru", "sk", "sl", "sv", "uk"]
)  # fmt: skip
DRAFT = "“The draft has been ready since the month of January”"
GERMAN = "„Der Entwurf liegt seit Januar auf dem Tisch“"  # codespell:ignore januar
FRENCH = "« Le projet est prêt depuis le mois de janvier »"  # codespell:ignore projet
SPANISH = "“El proyecto está listo desde el mes de enero”"


@pytest.mark.parametrize("case", CASES, ids=[f"{n}-{c['language']}-{c['place']}" for n, c in enumerate(CASES)])
def test_a_speaker_is_found_where_the_language_puts_the_name(case: Case) -> None:
    found = quotes_of(case["text"])
    assert [[q.text, q.speaker] for q in found] == case["said"]
    assert [case["text"][q.start : q.end] for q in found] == [q.text for q in found]


def test_every_promised_language_names_a_speaker_in_the_table() -> None:
    named = {c["language"] for c in CASES if any(speaker for _, speaker in c["said"])}
    assert sorted(PROMISED - named) == []


NOT_A_SPEAKER = [
    f"{DRAFT}, said the minister after a meeting with Ruth Calder.",
    f"{DRAFT}, the spokesman of Ruth Calder said.",
    f"{DRAFT}, said a spokesperson for Ruth Calder.",
    f"{DRAFT}, she told Ruth Calder.",
    f"{DRAFT}, Ruth Calder was told.",
    f"{DRAFT}, Ruth Calder is said to have remarked.",
    f"{FRENCH}, a été dit Hélène Marchand.",
    f"{DRAFT}, he told Good Morning Dunmere.",
    f"{GERMAN}, sagte der Sprecher von Petra Kolb.",
    f"{GERMAN}, sagte sie im Gespräch mit Petra Kolb.",  # codespell:ignore sie
    f"{FRENCH}, a dit la ministre à Hélène Marchand.",
    f"{SPANISH}, dijo a Lucía Vidal.",
    f"{SPANISH}, llegaron a un acuerdo con Lucía Vidal.",
    f"Ruth Calder met Owen Hale. {DRAFT}, he said.",
]
NOT_A_PERSON = [
    f"{DRAFT}, wrote the New York Herald.",
    f"{DRAFT}, Northern Ireland said.",
    f"{DRAFT}, Big Tech said.",
    f"{DRAFT}, according to Hamburger Abendblatt.",
    f"{DRAFT}, noted Der Neue Bote.",
    f"{DRAFT}, the European Commission said.",
    f"{DRAFT}, according to Digital Services Act experts.",
    f"The Lisbon Treaty said: {DRAFT}.",
    f"New Zealand warned: {DRAFT}.",
    f"{GERMAN}, sagte sie der Süddeutschen Zeitung.",  # codespell:ignore sie
    f"{GERMAN}, so das Bundesministerium für Inneres.",
    f"{FRENCH}, selon Le Quotidien Libre.",
    "”Förslaget har legat klart sedan januari i år”, säger hon till Svenska Dagbladet.",
]
PROTECTED = [
    f"Marta Lind (name changed) said: {DRAFT}.",
    f"Marta Lind, whose name has been changed, said: {DRAFT}.",
    f"{DRAFT}, said Marta Lind, not her real name.",
    f"{FRENCH}, raconte Marta Lind (prénom modifié).",
    f"{GERMAN}, sagt Marta Lind (Name geändert).",
    f"{SPANISH}, dijo Marta Lind (nombre ficticio).",
    f"{DRAFT}, said Marta Lind, a survivor.",
    f"{DRAFT}, said Marta Lind, 15.",
    f"{GERMAN}, sagt Marta Lind, eine Betroffene.",
    f"{FRENCH}, témoigne Marta Lind, victime.",
    f"Marta Lind (name changed) lives here.\n\n{DRAFT}, Marta Lind said.",
]


@pytest.mark.parametrize("text", [*NOT_A_SPEAKER, *NOT_A_PERSON, *PROTECTED])
def test_nobody_is_named_who_did_not_speak_is_no_person_or_is_protected(text: str) -> None:
    assert [q.speaker for q in quotes_of(text)] == [None]


def test_the_same_sentence_names_a_person_who_is_none_of_these() -> None:
    """So that the refusals above are not those of a rule that refuses everything."""
    assert quotes_of(f"{DRAFT}, Ruth Calder said.")[0].speaker == "Ruth Calder"
    assert quotes_of(f"Marta Lind (Dunmere) said: {DRAFT}.")[0].speaker == "Marta Lind"
    assert quotes_of(f"{SPANISH}, de acuerdo con Lucía Vidal.")[0].speaker == "Lucía Vidal"


@pytest.mark.parametrize("mark", [";", ":", " /", " –", "…", " «", ","])
def test_a_name_and_a_verb_with_a_mark_alone_between_them_are_read(mark: str) -> None:
    assert len(quotes_of(f"{DRAFT}, Ruth Calder{mark} said.")) == 1
    assert len(quotes_of(f"Ruth Calder{mark} said {DRAFT}.")) == 1


def test_a_protected_name_of_the_gazetteer_is_a_public_one() -> None:
    person = Known(name="Marta Lind")
    assert quotes_of(f"{DRAFT}, said Marta Lind, a survivor.", [person])[0].speaker == "Marta Lind"
