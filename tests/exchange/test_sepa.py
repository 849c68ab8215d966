"""Files for the bank pass their schema, whatever a member is called."""

import dataclasses
from datetime import UTC, date, datetime
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
import sepaxml
import xmlschema
from hypothesis import given, settings
from hypothesis import strategies as st

from ecoop.exchange import sepa
from ecoop.exchange.sepa import NAMESPACE, SCHEMA, FileUnusable, plain_text, write_direct_debits
from ecoop.governance.direct_debits import DebitFile, DebitLine, Sequence
from tests.support.money import CREDITOR_IDENTIFIER, an_iban

LINE = DebitLine(
    end_to_end_id="20260515-a-1", cents=2000, debtor="Zoë Čapek-Ångström", iban=an_iban(1),
    mandate_reference="M-000001", mandate_signed_on=date(2024, 1, 1), sequence=Sequence.FIRST,
    description="Contributie 2026",
)  # fmt: skip
FILE = DebitFile(
    message_id="20260515-abcdef", made_at=datetime(2026, 4, 20, 10, tzinfo=UTC), creditor="Coöperatie Ergens U.A.",
    creditor_identifier=CREDITOR_IDENTIFIER, creditor_iban=an_iban(99), scheme="CORE", collection_on=date(2026, 5, 15),
    lines=(LINE, dataclasses.replace(LINE, end_to_end_id="20260515-a-2", cents=1, sequence=Sequence.RECURRING)),
)  # fmt: skip


@pytest.fixture(scope="module")
def schema() -> xmlschema.XMLSchema:
    return xmlschema.XMLSchema(Path(sepaxml.__file__).parent / "schemas" / f"{SCHEMA}.xsd")


def texts(content: bytes, name: str) -> list[str | None]:
    return [one.text for one in ET.fromstring(content).iter(f"{{{NAMESPACE}}}{name}")]


def test_a_file_passes_the_schema_of_its_version(schema: xmlschema.XMLSchema) -> None:
    schema.validate(write_direct_debits(FILE).decode())


def test_a_file_says_how_many_lines_there_are_and_what_they_make_together() -> None:
    content = write_direct_debits(FILE)

    assert texts(content, "NbOfTxs") == ["2", "1", "1"]
    assert texts(content, "CtrlSum") == ["20.01", "20.00", "0.01"]
    assert texts(content, "SeqTp") == ["FRST", "RCUR"]
    assert texts(content, "ReqdColltnDt") == ["2026-05-15", "2026-05-15"]


def test_a_file_has_our_names_and_can_be_made_again() -> None:
    content = write_direct_debits(FILE)

    assert content == write_direct_debits(FILE)
    assert texts(content, "MsgId") == ["20260515-abcdef"]
    assert texts(content, "CreDtTm") == ["2026-04-20T12:00:00"]
    assert texts(content, "EndToEndId") == ["20260515-a-1", "20260515-a-2"]


def test_a_file_names_no_address() -> None:
    assert b"PstlAdr" not in write_direct_debits(FILE)


def test_accents_are_left_out() -> None:
    assert texts(write_direct_debits(FILE), "Nm")[-1] == "Zoe Capek-Angstrom"
    assert plain_text("Jansen & Zn. €5", 70) == "Jansen . Zn. .5"


@pytest.mark.parametrize("scheme", ["CORE", "B2B"])
def test_both_schemes_can_be_written(schema: xmlschema.XMLSchema, scheme: str) -> None:
    content = write_direct_debits(dataclasses.replace(FILE, scheme=scheme))

    schema.validate(content.decode())
    assert scheme in texts(content, "Cd")


def test_a_file_that_the_schema_refuses_does_not_leave() -> None:
    wrong = dataclasses.replace(FILE, lines=(dataclasses.replace(LINE, iban="not a number"),))

    with pytest.raises(FileUnusable):
        write_direct_debits(wrong)


@given(name=st.text(max_size=90), what=st.text(max_size=160))
@settings(max_examples=10, deadline=None)
def test_whatever_a_member_is_called_the_file_passes(name: str, what: str) -> None:
    line = dataclasses.replace(LINE, debtor=name, description=what)

    content = write_direct_debits(dataclasses.replace(FILE, lines=(line,)))

    sepa.check_schema(content)
    assert all(len(text or "") <= 140 for text in texts(content, "Ustrd"))
