"""Statutes, parties and members for tests about who governs and who votes."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from ecoop.governance.membership import EndReason, EventKind
from ecoop.governance.offices import Body
from ecoop.governance.representation import Acting, Matter
from ecoop.governance.statutes import EntryRule, LegalForm, MembershipClass, NoticeEnd, PartyKind, Statutes
from ecoop.services import memberships, offices, parties, representations, statutes
from ecoop.services.memberships import NewEvent
from ecoop.services.offices import NewDecision
from ecoop.services.parties import PartyFacts
from tests.services.conftest import World
from tests.support.factories import NOW

SINCE = date(2024, 1, 1)
EVERYBODY = frozenset(PartyKind)
TENANT = MembershipClass(code="tenant", name_nl="Huurder", name_en="Tenant", votes=Decimal(1), open_to=EVERYBODY)
BUSINESS = replace(TENANT, code="business", name_nl="Bedrijf", name_en="Business", votes=Decimal("2.5"))
FRIEND = replace(TENANT, code="friend", name_nl="Vriend", name_en="Friend", votes=Decimal(0))
STATUTES = Statutes(
    valid_from=date(2018, 12, 18), legal_form=LegalForm.EXCLUDED, classes=(TENANT, BUSINESS, FRIEND),
    entry_rule=EntryRule.DECISION, minimum_age=18, notice_weeks=4, notice_end=NoticeEnd.END_OF_FINANCIAL_YEAR,
    clauses=(("notice_weeks", "artikel 7"),),
)  # fmt: skip


def record_statutes(world: World, session: Any, rules: Statutes = STATUTES, now: datetime = NOW, **given: Any) -> int:
    """Statutes of the cooperative."""
    return statutes.record_statutes(session, None, cooperative_id=world.home, statutes=rules, now=now, **given)


def a_party(world: World, session: Any, name: str = "Petra", kind: PartyKind = PartyKind.PERSON, **facts: Any) -> int:
    """A party that is known since 2024."""
    return parties.record_party(
        session, None, cooperative_id=world.home, kind=kind, facts=PartyFacts(name=name, **facts), valid_from=SINCE,
        now=NOW - timedelta(days=100),
    )  # fmt: skip


def a_member(
    world: World,
    session: Any,
    name: str = "Petra",
    class_code: str = "tenant",
    kind: PartyKind = PartyKind.PERSON,
    **facts: Any,
) -> tuple[int, int]:
    """A member since 2024, without a number of its own choice: the keys of party and membership."""
    party_id = a_party(world, session, name, kind, **facts)
    return party_id, joins(world, session, party_id, class_code)


def joins(world: World, session: Any, party_id: int, class_code: str = "tenant") -> int:
    """The party becomes a member in 2024; the key of the membership."""
    now = NOW - timedelta(days=100)
    number = memberships.open_membership(session, cooperative_id=world.home, party_id=party_id, now=now)
    happens(world, session, number, EventKind.ADMITTED, SINCE, class_code=class_code, now=now)
    return number


def happens(world: World, session: Any, number: int, kind: EventKind, day: date, **given: Any) -> int:
    """Something happens to a membership."""
    now = given.pop("now", NOW)
    if kind is EventKind.ENDED:
        given.setdefault("end_reason", EndReason.RESIGNATION)
    return memberships.add_event(
        session, None, cooperative_id=world.home, membership_id=number,
        new=NewEvent(kind=kind, valid_from=day, **given), now=now,
    )  # fmt: skip


def speaks(world: World, session: Any, represented_id: int, speaker_id: int, **given: Any) -> int:
    """One party votes for another, since 2024."""
    now = given.pop("now", NOW - timedelta(days=90))
    new = Acting(represented_id=represented_id, representative_id=speaker_id,
                 **({"matter": Matter.VOTE, "valid_from": SINCE} | given))  # fmt: skip
    return representations.record_representation(
        session, None, cooperative_id=world.home, new=new, proof="Uittreksel KvK", now=now
    )


def a_decision(world: World, session: Any, day: date = SINCE, **given: Any) -> int:
    """A decision of the general meeting."""
    new = NewDecision(**({"body": Body.GENERAL_MEETING, "decided_on": day, "subject": "Benoeming"} | given))
    return offices.record_decision(session, None, cooperative_id=world.home, new=new, now=NOW)
