"""Keeping a case: as a whole or not at all, and just as it was written."""

import tomllib
from typing import Any

import pytest
import sqlalchemy as sa

from ecoop.demo.building import case_text
from ecoop.errors import Forbidden, InvalidInput, NotFound
from ecoop.finance import evaluate
from ecoop.finance.reading import read_case
from ecoop.governance.evidence import Tag
from ecoop.governance.roles import Role
from ecoop.models import Assumption, BusinessCase
from ecoop.services.case_files import CaseFileReason, assemble, decode, read_text
from ecoop.services.cases import has_case, import_case, read_current_case
from tests.services.conftest import World
from tests.support.factories import NOW


def _import(world: World, text: str | None = None, actor: Any = None) -> None:
    with world.inside() as session:
        import_case(session, actor or world.treasurer, cooperative_id=world.home, text=text or case_text(), now=NOW)
        session.commit()


def test_a_kept_case_is_computed_as_its_file(world: World) -> None:
    _import(world)

    with world.reading() as session:
        case = read_current_case(session, cooperative_id=world.home)

    assert case.result.digest == evaluate(read_case(tomllib.loads(case_text()))).digest
    assert case.recorded_by == "Petra"
    assert case.recorded_at == NOW


def test_every_value_of_the_file_is_kept_with_its_tag(world: World) -> None:
    _import(world)

    with world.reading() as session:
        case = read_current_case(session, cooperative_id=world.home)

    written = read_text(case_text())[1]
    assert [(one.key, one.value, one.tag) for one in case.assumptions] == [(w.key, w.text, w.tag) for w in written]


def test_a_new_case_takes_the_place_of_the_one_before(world: World) -> None:
    _import(world)
    _import(world, case_text().replace("cpi = 0.02 ", "cpi = 0.03 "))

    with world.reading() as session:
        assert read_current_case(session, cooperative_id=world.home).inputs.index.cpi == 0.03
        kept = session.scalars(sa.select(BusinessCase).order_by(BusinessCase.id)).all()

    assert [one.replaced_at for one in kept] == [NOW, None]


def test_a_bad_case_leaves_everything_as_it_was(world: World) -> None:
    _import(world)
    with pytest.raises(InvalidInput):
        _import(world, case_text().replace("vat = 0.21 ", "vat = 21 "))

    with world.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(BusinessCase)) == 1
        assert session.scalar(sa.select(sa.func.count()).select_from(Assumption)) == len(read_text(case_text())[1])


def test_who_may_not_replace_a_case_does_not(world: World) -> None:
    with pytest.raises(Forbidden):
        _import(world, actor=world.acting(Role.CHAIR))


def test_the_neighbour_has_no_case(world: World) -> None:
    _import(world)

    with world.reading(world.neighbour) as session:
        assert not has_case(session, cooperative_id=world.neighbour)
        with pytest.raises(NotFound):
            read_current_case(session, cooperative_id=world.neighbour)


def test_out_of_scope_there_is_no_case_either(world: World) -> None:
    _import(world)

    with world.reading(world.neighbour) as session:
        assert not has_case(session, cooperative_id=world.home)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('name = "KetelhuisWG-like base case"', 'name = "' + "x" * 201 + '"'),
        ('name = "KetelhuisWG-like base case"', 'name = "a\\u0000b"'),
        ('name = "ates_wells"', 'name = "' + "x" * 200 + '"'),
    ],
    ids=["long", "NUL", "long key"],
)
def test_a_name_that_cannot_be_kept_is_refused_on_every_database(world: World, old: str, new: str) -> None:
    with pytest.raises(InvalidInput):
        _import(world, case_text().replace(old, new, 1))


# the file


def test_the_shipped_case_comes_back_whole() -> None:
    mapping, written = read_text(case_text())

    assert mapping == tomllib.loads(case_text())
    assert assemble([(one.key, one.text) for one in written]) == mapping


@pytest.mark.parametrize(
    ("key", "tag", "url"),
    [
        ("time.first_year", Tag.FOUNDING_TEXT, None),
        ("time.last_year", Tag.DERIVED, None),
        ("time.first_heat", Tag.PUBLIC, "https://agv.nl/nieuws/2025/maart/verder-met-vernieuwend-warmtenet"),
        ("index.cpi", Tag.ASSUMPTION, None),
        ("index.heat_tariff", Tag.ASSUMPTION, "https://www.ketelhuiswg.nl/absoluut-betaalbaar/"),
        ("tax.vpb_low_limit", Tag.PUBLIC, None),
        ("capex.asset.heat_pump_stations.om_share", Tag.ASSUMPTION, None),
    ],
)
def test_tags_and_sources_are_read_from_the_comments(key: str, tag: Tag, url: str | None) -> None:
    found = {one.key: one for one in read_text(case_text())[1]}[key]

    assert found.tag is tag
    assert found.source_url == url


def test_a_source_is_shown_without_its_tag() -> None:
    found = {one.key: one for one in read_text(case_text())[1]}

    assert found["index.cpi"].source == "ECB target"
    assert found["time.price_base_year"].source == 'all "price level 2025" amounts'


def test_a_value_without_a_comment_is_an_assumption_without_source() -> None:
    (found,) = read_text("a = 1")[1]

    assert (found.tag, found.source, found.source_url) == (Tag.ASSUMPTION, None, None)


LAYOUTS = {
    "dotted keys": "time.first_year = 2025\ntime.last_year = 2030\n",
    "an inline table": "time = {first_year = 2025, more = {c = 1}}\n",
    "tables out of order": "[a]\nx = 1\n[b]\ny = 2\n[a.c]\nz = 3\n",
    "a list out of order": "[capex]\ntotal = 1\n[b]\ny = 2\n[[capex.asset]]\nname = 'q'\nz = 3\n",
    "the inner table first": "[a.b.c]\nd = 1\n[a]\ne = 2\n",
    "the name not first": "[[segment]]\ncount = 1\nname = 'a'\n[[segment]]\nname = 'b'\ncount = 2\n",
    "lists on one line": "segment = [{name = 'a', count = 1}, {name = 'b', count = 2}]\n",
    "a table in an item": "[[segment]]\nname = 'a'\n[segment.chance]\ndist = 'x'\n[[segment]]\nname = 'b'\n",
    "dotted keys in an item": "[[segment]]\nname = 'a'\nx.y = 1\n",
    "lists over lines": "a = [\n  1, # one\n  2,\n]\n",
    "text over lines": 'a = """x\ny"""\n',
    "numbers in every shape": "a = 1_000.5\nb = 0x1F\nc = 1e3\nd = +3\ne = true\nf = inf\n",
    "dates": "a = 2025-01-01\nb = 2025-01-01T00:00:00Z\n",
    "a comment sign in a text": 'a = "x # y" # public https://example.org/#a\n',
    "windows line ends": "a = 1 # public\r\n[b]\r\nc = 2\r\n",
    "an empty table": "[a]\n[b]\nc = 1\n",
    "an empty list": "segment = []\n",
    "numbers as keys": "[capex.yearly_share]\n2025 = 0.1\n2026 = 0.9\n",
}


@pytest.mark.parametrize("text", LAYOUTS.values(), ids=LAYOUTS)
def test_a_case_comes_back_whole_however_its_file_is_laid_out(text: str) -> None:
    mapping, written = read_text(text)

    assert mapping == tomllib.loads(text.replace("\r\n", "\n"))
    assert assemble([(one.key, one.text) for one in written]) == mapping


def test_a_comment_is_kept_when_tables_are_out_of_order() -> None:
    written = {one.key: one for one in read_text("[a]\nx = 1 # public\n[b]\n[a.c]\nz = 3 # founding text\n")[1]}

    assert written["a.x"].tag is Tag.PUBLIC
    assert written["a.c.z"].tag is Tag.FOUNDING_TEXT


@pytest.mark.parametrize("text", ["= 1", "a = ", "[a", "a = 1\na = 2", "a = " + "[" * 5000, "a = 1 # \0", "a = nul"])
def test_what_is_not_toml_is_told_as_such(text: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        read_text(text)

    assert refused.value.problems[0].reason == CaseFileReason.NOT_TOML


@pytest.mark.parametrize(
    "text", ["[[segment]]\ncount = 1\n", "segment = 1\n", "[segment]\nx = 1\n", "[[a.b]]\n[[a.b.c]]\n"]
)
def test_a_case_without_its_parts_is_read_and_left_to_the_engine(text: str) -> None:
    mapping, _written = read_text(text)

    with pytest.raises(InvalidInput):
        read_case(mapping)


@pytest.mark.parametrize("content", [b"\xff\xfe", b"caf\xe9"])
def test_what_is_not_utf_8_is_told_as_such(content: bytes) -> None:
    with pytest.raises(InvalidInput) as refused:
        decode(content)

    assert refused.value.problems[0].reason == CaseFileReason.NOT_TEXT


def test_a_byte_order_mark_is_no_part_of_the_text() -> None:
    assert decode(b"\xef\xbb\xbfa = 1") == "a = 1"


def test_a_file_that_would_keep_others_waiting_is_refused() -> None:
    many = "\n".join(f"a.b{number}.c = 1" for number in range(100_000))

    with pytest.raises(InvalidInput) as refused:
        read_text(many)

    assert refused.value.problems[0].reason == CaseFileReason.TOO_LONG
