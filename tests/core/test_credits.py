"""Section, tags, licence, agencies, corrections, and who said what."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.core.credits import (
    choose_licence,
    choose_section,
    choose_tags,
    correction_in,
    who_said,
    wire_credits,
)
from pipelines.core.text import folded


@pytest.mark.parametrize(
    ("credited", "text", "agencies"),
    [
        (["Reuters"], "", ("Reuters",)),
        (["Agence France-Presse"], "", ("AFP",)),
        (["Ana Novak, dpa"], "", ("dpa",)),
        (["Ana Novak with AFP and Reuters"], "", ("AFP", "Reuters")),
        (["Ana Novak", "Harbour Herald"], "", ()),
        (["Sta Maria Gomes", "sta", "ap"], "", ()),
        ([], "BRUSSELS (Reuters) - Ministers met.\nThey agreed.", ("Reuters",)),
        ([], "Brüssel (dpa/AFP) – Die Minister tagten.", ("dpa", "AFP")),
        ([], "The ministers met.\nThey agreed. (dpa)", ("dpa",)),
        ([], "The ministers met (Reuters) in June.\nThey agreed.", ()),
        ([], "Die Werke (TT) halfen.\nThey agreed (at last).", ()),
        (["dpa"], "They agreed. (dpa)", ("dpa",)),
    ],
)
def test_agencies_are_named_once_from_fields_datelines_and_ends(
    credited: list[str], text: str, agencies: tuple[str, ...]
) -> None:
    assert wire_credits(credited, text) == agencies


@pytest.mark.parametrize(
    "notice",
    [
        "This article was amended on 12 May 2026 to give the right date.",
        "An earlier version of this story gave a wrong figure.",
        "Correction: the fund holds nine million.",
        "Correction (12 May): the fund holds nine million.",
        "In einer früheren Version dieses Artikels stand eine falsche Zahl.",
        "In einer ersten Fassung hieß es, das Treffen sei im Mai.",
        "Berichtigung: Das Treffen ist im Herbst.",
        "Une première version de cet article donnait un chiffre faux.",
        "Rectificatif : la réunion est en juin.",
        "Una versión anterior de este artículo daba otra cifra.",
        "Fe de errores: la reunión es en junio.",
        "Una precedente versione di questo articolo dava un'altra cifra.",
        "Uma versão anterior deste artigo dava outro número.",
        "In een eerdere versie van dit artikel stond een verkeerd getal.",
        "W poprzedniej wersji tego artykułu podano inną liczbę.",
        "I en tidigare version av artikeln angavs fel datum.",
        "Rettelse (12. maj): Mødet er til vinter.",
        "I en tidligere versjon av saken sto det feil dato.",
        "Oikaisu: kokous on kesäkuussa.",
        "Helyesbítés: a találkozó júniusban lesz.",
        "V předchozí verzi článku byl jiný údaj.",
        "O versiune anterioară a acestui articol dădea altă cifră.",
        "Поправка: срещата е през юни.",
        "Σε προηγούμενη έκδοση του άρθρου αναφερόταν άλλος αριθμός.",
    ],
)
def test_a_correction_is_found_in_the_languages_of_our_outlets(notice: str) -> None:
    text = f"Ministers met in the harbour town.\n{notice}\nThe next meeting is in autumn."
    assert correction_in(text) == notice


@pytest.mark.parametrize(
    "text",
    [
        "Ministers sent back an earlier version of the bill.",
        "Oprava mostů začne v květnu.",
        "Corrections officers met the minister: they want more staff.",
        "The minister said the record was amended.",
        "",
    ],
)
def test_what_speaks_of_other_things_than_the_article_is_no_correction(text: str) -> None:
    assert correction_in(text) is None


def test_a_notice_in_a_long_paragraph_is_its_sentence_alone() -> None:
    text = "Ministers met. An earlier version of this article gave a wrong figure. They meet again."
    assert correction_in(text) == "An earlier version of this article gave a wrong figure."


def test_a_section_is_a_short_name() -> None:
    assert choose_section([("jsonld", "https://herald.example/s"), ("meta", " Politics ")]) == "Politics"
    assert choose_section([("meta", "x" * 81)]) is None


def test_tags_are_of_the_first_place_that_names_any_in_its_order() -> None:
    assert choose_tags([("jsonld", [" ,"]), ("meta", ["Safety, EU,safety"])]) == ("Safety", "EU")
    assert choose_tags([("og", ["Safety", "EU"]), ("meta", ["other"])]) == ("Safety", "EU")
    assert choose_tags([]) == ()


def test_a_licence_is_kept_as_declared() -> None:
    assert choose_licence([("link", " "), ("meta", "https://licence.example/by")]) == "https://licence.example/by"
    assert choose_licence([]) is None


def test_who_said_a_thing_is_the_first_that_says_all_of_it() -> None:
    said = [("jsonld", ["Ana Novak"]), ("byline", ["By Ana Novak", "Piet Maas"]), ("meta", ["Ana Novak, Piet Maas"])]
    assert who_said(said, ["Ana Novak"]) == "jsonld"
    assert who_said(said, ["Ana Novak", "Piet Maas"]) == "byline"
    assert who_said(said, ["Ana"]) == "jsonld"
    assert who_said(said, ["Rosa Lind"]) is None
    assert who_said(said, []) is None


@given(st.lists(st.text(max_size=60), max_size=5), st.text(max_size=300))
def test_anything_said_gives_a_choice(said: list[str], text: str) -> None:
    notice = correction_in(text)
    assert notice is None or notice in text
    pairs = [("x", one) for one in said]
    assert choose_section(pairs) is None or choose_licence(pairs) is not None
    tags = choose_tags([("x", said)])
    assert len(tags) == len({folded(t) for t in tags}) <= 30
    agencies = wire_credits(said, text)
    assert wire_credits(agencies, "") == agencies
    assert who_said([("x", said)], said) in {None, "x"}
