"""Every value of a case has a label in words, and every unit a name."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from ecoop.finance.inputs import CaseInputs
from ecoop.finance.schema import NamedAmounts, Table, Tables, rules_of
from ecoop.language import Language, speaking
from ecoop.language.assumptions import FIELDS, GROUPS, UNITS, group_title, label_of, unit_words, value_words
from ecoop.services.case_files import read_text
from ecoop.units import Unit

SHIPPED = Path(__file__).parents[2] / "ecoop" / "demo" / "ketelhuiswg.toml"


def declared_keys(shape: type, prefix: str = "") -> Iterator[str]:
    """The key path of every value a case may hold, names of items left out."""
    for name, rule in rules_of(shape).items():
        if isinstance(rule, Table | Tables):
            yield from declared_keys(rule.shape, f"{prefix}{name}.")
        else:
            yield prefix.rstrip(".") if isinstance(rule, NamedAmounts) else f"{prefix}{name}"


def shipped_keys() -> list[str]:
    return [value.key for value in read_text(SHIPPED.read_text(encoding="utf-8"))[1]]


def test_every_value_a_case_may_hold_has_a_label_and_no_label_is_unused() -> None:
    assert sorted(FIELDS) == sorted(declared_keys(CaseInputs))


def test_every_top_level_table_has_a_title_and_no_title_is_unused() -> None:
    tables = {name for name, rule in rules_of(CaseInputs).items() if isinstance(rule, Table | Tables)}
    assert set(GROUPS) == tables


@pytest.mark.parametrize("language", list(Language))
def test_no_key_of_the_shipped_case_shows_as_a_key(language: Language) -> None:
    with speaking(language):
        labels = {key: label_of(key) for key in shipped_keys()}
    assert [key for key, label in labels.items() if label == key or "_" in label] == []


@pytest.mark.parametrize("language", list(Language))
def test_two_values_of_one_group_never_bear_the_same_label(language: Language) -> None:
    with speaking(language):
        shown = [(group_title(key.partition(".")[0]), label_of(key)) for key in shipped_keys()]
    assert len(set(shown)) == len(shown)


def test_every_unit_has_words_and_no_word_is_unused() -> None:
    assert set(UNITS) == {unit.value for unit in Unit}


@pytest.mark.parametrize(
    ("key", "label"),
    [
        ("capex.asset.heat_pump_stations.life_years", "Heat pump stations: life"),
        ("segment.flat_owner.pays_vat", "Flat, owner-occupied: pays VAT"),
        ("funding.subsidies.paw", "PAW subsidy (national): amount"),
        ("offer.green_bank.rate", "green bank: interest"),
        ("tax.vat", "VAT"),
    ],
)
def test_the_name_of_an_item_stands_before_its_label(key: str, label: str) -> None:
    with speaking(Language.ENGLISH):
        assert label_of(key) == label


def test_a_key_that_no_case_has_is_shown_as_it_is() -> None:
    assert label_of("tariff.per_moon") == "tariff.per_moon"
    assert label_of("segment.flat_owner.moons") == "segment.flat_owner.moons"


def test_a_unit_is_written_as_a_reader_expects() -> None:
    with speaking(Language.ENGLISH):
        assert unit_words("EUR/GJ") == "€ per GJ"
        assert unit_words("furlong") == "furlong"


@pytest.mark.parametrize(
    ("written", "unit", "dutch"),
    [
        ("320.0", "EUR/year", ("€\u00a0320", "per jaar")),
        ("36.15", "EUR/GJ", ("€\u00a036,15", "per GJ")),
        ("119444.10", "EUR/year", ("€\u00a0119.444,10", "per jaar")),
        ("0.258", "share", ("25,8%", "")),
        ("-0.003", "share/year", ("-0,3%", "per jaar")),
        ("2025", "year", ("2025", "")),
        ('"2025-05"', "month", ("2025-05", "")),
        ("3.5", "ratio", ("3,5", "")),
        ("1050.0", "m3", ("1.050", "m³")),
        ("20250501", "", ("20250501", "")),
        ("true", "", ("ja", "")),
        ('"annuity"', "", ("annuïteit", "")),
        ("[1.75, 1.45]", "EUR/m3", ("[1.75, 1.45]", "€ per m³")),
    ],
)
def test_a_value_stands_beside_its_unit_as_one_would_write_it(written: str, unit: str, dutch: tuple[str, str]) -> None:
    with speaking(Language.DUTCH):
        assert value_words(written, unit) == dutch
