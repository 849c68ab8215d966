"""Role by role, field by field: what a role may not see of a member stands on no page and in no file it can reach."""

from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest

from ecoop.governance.consents import ConsentHow, ConsentMove, ConsentPurpose
from ecoop.governance.membership import EventKind
from ecoop.governance.register_fields import Field, roles_seeing
from ecoop.governance.roles import Reach, Role, roles_reaching
from ecoop.governance.statutes import PartyKind
from ecoop.services import consents, memberships, parties
from ecoop.services.consents import NewConsent
from ecoop.services.memberships import NewEvent
from ecoop.services.parties import PartyFacts
from tests.support.web import KETELHUIS, NOON, PageClient, Site, only

HOME = f"/cooperatives/{KETELHUIS}"
TOLD = {
    Field.NUMBER: "88123",
    Field.NAME: "Zdenka Proefpersoon",
    Field.ADDRESS: "Zeldzamestraat",
    Field.MEMBERSHIP: "1 februari 2021",
    Field.EMAIL: "zdenka@proef.example.org",
    Field.PHONE: "0687654321",
    Field.BIRTH_DATE: "13 mei 1957",
    Field.REGISTRATION_NUMBER: "87654321",
    Field.REMARKS: "Zij kwam langs op het spreekuur.",
    Field.CONSENTS: "op een ondertekend formulier",
    Field.LOOKS: "Wie keek",
}
"""How each field of the two is written on a page, so that no page says it by chance. Account numbers are tested where
they are kept, applications and letters on their own pages."""


@dataclass(frozen=True)
class Known:
    """A person with every field filled in, and an organisation."""

    party_id: int
    membership_ids: tuple[int, int]


@pytest.fixture
def known(staffed: Site) -> Known:
    """In the register of the demo, with values that occur nowhere else."""
    facts = PartyFacts(name=TOLD[Field.NAME], family_name="Proefpersoon", birth_date=date(1957, 5, 13),
                       email=TOLD[Field.EMAIL], phone=TOLD[Field.PHONE], street=TOLD[Field.ADDRESS],
                       house_number="7")  # fmt: skip
    shop = PartyFacts(name="Proefwinkel", registration_number=TOLD[Field.REGISTRATION_NUMBER])
    home = staffed.cooperative_id(KETELHUIS)
    with staffed.inside(KETELHUIS, may_write=True) as session:
        found = [_member(session, home, facts, PartyKind.PERSON, 88123),
                 _member(session, home, shop, PartyKind.ORGANISATION, 88124)]  # fmt: skip
        new = NewConsent(purpose=ConsentPurpose.PICTURES, move=ConsentMove.GIVEN, valid_from=date(2026, 1, 1),
                         how=ConsentHow.SIGNED_FORM)  # fmt: skip
        consents.record_consent(session, None, cooperative_id=home, party_id=found[0][0], new=new, now=NOON)
    return Known(party_id=found[0][0], membership_ids=(found[0][1], found[1][1]))


def _member(session: Any, home: int, facts: PartyFacts, kind: PartyKind, number: int) -> tuple[int, int]:
    party_id = parties.record_party(
        session, None, cooperative_id=home, kind=kind, facts=facts, valid_from=date(2021, 2, 1), now=NOON
    )
    membership_id = memberships.open_membership(session, cooperative_id=home, party_id=party_id, now=NOON)
    new = NewEvent(kind=EventKind.ADMITTED, valid_from=date(2021, 2, 1), class_code="tenant", why=TOLD[Field.REMARKS])
    memberships.add_event(
        session, None, cooperative_id=home, membership_id=membership_id, new=new, number=number, now=NOON
    )
    return party_id, membership_id


def everything_reachable(client: PageClient, known: Known) -> str:
    """The words of every page and file about these members that this visitor gets."""
    first, second = known.membership_ids
    paths = [f"/members/?text={TOLD[Field.NUMBER]}", f"/members/{first}/", f"/members/{second}/",
             f"/members/?text={TOLD[Field.EMAIL]}", f"/privacy/people/{known.party_id}/", "/privacy/", "/privacy/due",
             "/exports/", "/exports/handover", "/members/download.csv", "/members/download.xlsx"]  # fmt: skip
    words = []
    for path in paths:
        answer = client.get(f"{HOME}{path}")
        if answer.status != 200:
            words.append("")
        elif path.endswith(".xlsx"):
            words.append(" ".join(part.decode("utf-8", "replace") for part in _parts(answer.response.get_data())))
        else:
            shown = answer.words() if answer.response.mimetype == "text/html" else answer.text
            words.append(shown.replace(TOLD[Field.EMAIL], "", 1) if "?text=" in path and "@" in path else shown)
    return "\n".join(words)


def _parts(workbook: bytes) -> list[bytes]:
    with ZipFile(BytesIO(workbook)) as bundle:
        return [bundle.read(name) for name in bundle.namelist()]


@pytest.mark.parametrize("role", [*roles_reaching(Reach.COOPERATIVE), *roles_reaching(Reach.UMBRELLA)])
def test_a_role_sees_the_fields_that_are_declared_and_no_others(staffed: Site, known: Known, role: Role) -> None:
    words = everything_reachable(staffed.signed_in(only(role)), known)

    seen = {field for field, told in TOLD.items() if told in words}
    assert seen == {field for field in TOLD if role in roles_seeing(field)}


def test_somebody_is_not_found_by_an_address_that_one_may_not_see(staffed: Site, known: Known) -> None:
    found = {
        role: TOLD[Field.NAME]
        in staffed.signed_in(only(role)).get(f"{HOME}/members/", query={"text": TOLD[Field.EMAIL]}).words()
        for role in (Role.SECRETARY, Role.AUDIT_COMMITTEE)
    }

    assert found == {Role.SECRETARY: True, Role.AUDIT_COMMITTEE: False}


def test_what_is_withheld_is_not_called_unknown(staffed: Site, known: Known) -> None:
    page = staffed.signed_in(only(Role.AUDIT_COMMITTEE)).get(f"{HOME}/members/{known.membership_ids[0]}/")

    assert page.says("not for your role")


def test_the_page_of_who_sees_which_field_says_what_is_declared(staffed: Site) -> None:
    page = staffed.signed_in(only(Role.SECRETARY)).get(f"{HOME}/privacy/")

    rows = page.table("Wie welk veld mag zien")
    shown = {row[0]: [cell == "ja" for cell in row[1:]] for row in rows[1:]}
    from ecoop import language
    from ecoop.language.names import role_name

    with language.speaking(language.Language.DUTCH):
        expected = {
            role_name(role): [role in roles_seeing(field) for field in Field]
            for role in (*roles_reaching(Reach.COOPERATIVE), *roles_reaching(Reach.UMBRELLA))
        }
    assert shown == expected


def test_a_coordinator_of_the_umbrella_finds_no_register_whatever_is_asked(staffed: Site, known: Known) -> None:
    client = staffed.signed_in(only(Role.COORDINATOR))

    statuses = {client.get(f"{HOME}{path}").status for path in ("/members/", "/privacy/", "/exports/", "/members/1/")}
    assert statuses == {404}
    words = client.get("/umbrellas/apec/").words()
    assert [field for field, told in TOLD.items() if field is not Field.LOOKS and told in words] == []
