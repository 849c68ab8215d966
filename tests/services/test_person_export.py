"""Everything about one person: no table is forgotten, no secret leaves, nothing of others comes along."""

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from ecoop.errors import Forbidden, NotFound
from ecoop.governance.roles import Role
from ecoop.models import AuditEntry, Base, Party
from ecoop.services import bank_accounts, mandates, parties, person_export
from ecoop.services.mandates import NewMandate
from ecoop.services.person_export import LEFT_OUT, SOURCES, About, PersonExport, columns_about_people
from tests.services.conftest import World
from tests.services.test_memberships import FACTS
from tests.services.test_retention import a_leaver, agree, text
from tests.support.factories import NOW, TODAY
from tests.support.queries import counted_queries
from tests.support.web import ENCRYPTION_KEY

IBAN = "NL91ABNA0417164300"


def export(world: World, session: Any, party_id: int, *, role: Role = Role.SECRETARY, **given: Any) -> PersonExport:
    actor = world.acting(role, **given)
    return person_export.export_person(session, actor, cooperative_id=world.home, party_id=party_id, now=NOW)


def told(found: PersonExport) -> dict[str, list[dict[str, Any]]]:
    return {part.name: [dict(zip(part.columns, row, strict=True)) for row in part.rows] for part in found.parts}


def test_every_column_that_names_somebody_is_a_way_in_or_left_out_for_a_reason() -> None:
    owned = [table for table in Base.metadata.tables.values() if "cooperative_id" in table.c]
    ways = {f"{source.table.__tablename__}.{source.column}" for source in SOURCES if isinstance(source.about, About)}

    assert columns_about_people(owned) - ways - LEFT_OUT.keys() == set()
    assert all(LEFT_OUT.values())
    assert LEFT_OUT.keys() <= columns_about_people(owned)


def test_it_holds_what_was_known_before_as_well(world: World) -> None:
    with world.inside() as session:
        party_id = a_leaver(world, session)
        text(world, session)
        agree(world, session, party_id)
        found = told(export(world, session, party_id))

    assert len(found["party_record"]) >= 2
    assert {row["kind"] for row in found["membership_event"]} == {"admitted", "ended"}
    assert found["consent_text"][0]["text"] == "We zetten je foto op de website."
    assert found["audit_note"][0]["text"] == "Ging samenwonen."
    json.dumps(found)


def test_an_account_number_leaves_masked_and_its_mandate_comes_along(world: World) -> None:
    with world.inside() as session:
        party_id = a_leaver(world, session)
        account_id = bank_accounts.add_bank_account(
            session, None, cooperative_id=world.home, party_id=party_id, iban=IBAN, holder="P. van den Berg",
            valid_from=date(2022, 1, 1), key=ENCRYPTION_KEY, now=NOW,
        )  # fmt: skip
        mandates.sign_mandate(
            session, None, cooperative_id=world.home, new=NewMandate(bank_account_id=account_id, signed_on=TODAY),
            now=NOW,
        )  # fmt: skip
        found = told(export(world, session, party_id))

    assert found["bank_account"][0]["masked_iban"].endswith("4300")
    assert found["mandate_event"]
    assert IBAN not in json.dumps(found)
    assert "sealed_iban" not in found["bank_account"][0]


def test_nothing_of_somebody_else_comes_along(world: World) -> None:
    with world.inside() as session:
        party_id = a_leaver(world, session, "Anna")
        a_leaver(world, session, "Bram")
        found = export(world, session, party_id)

    assert "Bram" not in json.dumps(told(found))


def test_that_it_left_is_recorded(world: World) -> None:
    with world.inside() as session:
        party_id = a_leaver(world, session)
        export(world, session, party_id)
        last = session.scalars(sa.select(AuditEntry).order_by(AuditEntry.number.desc()).limit(1)).one()

    assert (last.action, last.subject) == ("export.person", f"party:{party_id}")


def test_a_member_takes_the_own_data_and_nobody_elses(world: World) -> None:
    mine = world.treasurer.account_id
    with world.inside() as session:
        party_id, other = a_leaver(world, session, "Anna"), a_leaver(world, session, "Bram")
        session.get_one(Party, (world.home, party_id)).account_id = mine
        session.flush()
        actor = world.acting(Role.MEMBER, account_id=mine)
        assert person_export.find_own_party(session, actor, cooperative_id=world.home) == party_id
        assert export(world, session, party_id, role=Role.MEMBER, account_id=mine).name == "Anna"
        with pytest.raises(Forbidden):
            export(world, session, other, role=Role.MEMBER, account_id=mine)


@pytest.mark.parametrize("role", [Role.BOARD_MEMBER, Role.TREASURER, Role.AUDIT_COMMITTEE, Role.BUILDING_AMBASSADOR])
def test_others_export_nobody(world: World, role: Role) -> None:
    with world.inside() as session:
        party_id = a_leaver(world, session)
        with pytest.raises(Forbidden):
            export(world, session, party_id, role=role)
        with pytest.raises(NotFound):
            export(world, session, 404)


def test_it_costs_as_many_queries_however_much_there_is(world: World) -> None:
    with world.inside() as session:
        party_id = a_leaver(world, session)
        session.commit()
        with counted_queries(world.database) as few:
            export(world, session, party_id)
        for number in range(10):
            facts = replace(FACTS, name=f"Naam {number}", family_name=f"Naam {number}")
            parties.change_party(
                session, None, cooperative_id=world.home, party_id=party_id, facts=facts,
                valid_from=date(2023, 2, 1 + number), now=NOW,
            )  # fmt: skip
        session.commit()
        with counted_queries(world.database) as many:
            export(world, session, party_id)

    assert len(many) == len(few)


@pytest.mark.parametrize("role", list(Role))
def test_a_whole_account_number_is_for_who_keeps_the_money(world: World, role: Role) -> None:
    from ecoop.governance.register_fields import Field, roles_seeing

    actor = world.acting(role)
    with world.inside() as session:
        party_id = a_leaver(world, session)
        number = bank_accounts.add_bank_account(
            session, None, cooperative_id=world.home, party_id=party_id, iban=IBAN, holder="P. van den Berg",
            valid_from=date(2022, 1, 1), key=ENCRYPTION_KEY, now=NOW,
        )  # fmt: skip

        def whole() -> bool:
            try:
                return bank_accounts.reveal_iban(
                    session, actor, cooperative_id=world.home, bank_account_id=number, key=ENCRYPTION_KEY,
                    why="Teruggave", now=NOW,
                ) == IBAN  # fmt: skip
            except Forbidden:
                return False

        def masked() -> bool:
            try:
                found = bank_accounts.read_bank_accounts(session, actor, cooperative_id=world.home, party_id=party_id)
            except Forbidden:
                return False
            return IBAN not in repr(found)

        assert whole() == (role in roles_seeing(Field.IBAN))
        assert masked() == (role in roles_seeing(Field.IBAN_MASKED))
