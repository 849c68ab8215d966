"""Figures in words."""

from datetime import date
from decimal import Decimal

import pytest

from ecoop.language import Language, speaking
from ecoop.language.figures import basis_name, figure_sentence, subject_name, time_words, value_words
from ecoop.language.papers import file_size

DUTCH = {
    ("800", "over", "members"): "meer dan 800 leden",
    ("1", "exact", "buildings"): "1 gebouw",
    ("1500", "about", "dwelling_equivalents"): "ongeveer 1.500 woningequivalenten",
    ("2600000", "exact", "eur"): "€\u00a02.600.000",
    ("0.1", "exact", "eur"): "€\u00a00,10",
    ("24.125", "almost", "eur_per_gj"): "bijna €\u00a024,125 per GJ",
    ("66.7", "about", "percent"): "ongeveer 66,7%",
    ("2028", "exact", "year"): "2028",
    ("1100.5", "exact", "mwh"): "1.100,5 MWh",
    (None, "unknown", "members"): "onbekend",
}


@pytest.mark.parametrize(("given", "told"), DUTCH.items())
def test_a_value_is_told_with_its_bound_and_unit(given: tuple[str | None, str, str], told: str) -> None:
    value, bound, unit = given

    with speaking(Language.DUTCH):
        assert value_words(None if value is None else Decimal(value), bound, unit) == told


def test_a_figure_is_told_in_one_sentence() -> None:
    with speaking(Language.DUTCH):
        told = figure_sentence(
            value_words(Decimal(800), "over", "members"), time_words(None, None, None), basis_name("none"), "de website"
        )

    assert told == "meer dan 800 leden (peildatum onbekend; bron: de website)"


def test_a_basis_is_told_behind_the_value() -> None:
    with speaking(Language.DUTCH):
        told = figure_sentence("€ 2,6 mln", "op 1 maart 2025", basis_name("ex_vat"), "AGV")

    assert told == "€ 2,6 mln, exclusief btw (op 1 maart 2025; bron: AGV)"


TIMES = {
    (date(2025, 3, 1), None, None, False): "op 1 maart 2025",
    (None, date(2025, 1, 1), date(2026, 1, 1), False): "2025",
    (None, date(2025, 1, 1), date(2025, 7, 1), True): "1 januari 2025 tot en met 30 juni 2025, een deel van een jaar",
    (None, date(2024, 1, 1), date(2026, 1, 1), False): "1 januari 2024 tot en met 31 december 2025",
}


@pytest.mark.parametrize(("given", "told"), TIMES.items())
def test_a_day_or_period_is_told_with_its_last_day(given: tuple[date, date, date, bool], told: str) -> None:
    as_at, start, end, partial = given

    with speaking(Language.DUTCH):
        assert time_words(as_at, start, end, partial=partial) == told


def test_a_subject_in_own_words_is_shown_as_it_was_written() -> None:
    with speaking(Language.DUTCH):
        assert subject_name("Bomen_op het dak") == "Bomen_op het dak"
        assert subject_name("members") == "Aantal leden"


def test_a_file_is_told_in_the_size_people_know() -> None:
    with speaking(Language.DUTCH):
        assert [file_size(size) for size in (812, 14_400, 2_345_678)] == ["812 bytes", "14 kB", "2,3 MB"]
