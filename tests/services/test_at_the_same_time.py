"""Two people act at the same moment: the second finds what the first did, on both databases."""

from collections.abc import Callable
from threading import Thread

import pytest
import sqlalchemy as sa

from ecoop.db import Scope, ScopedSession
from ecoop.errors import EcoopError, InvalidInput, Refused
from ecoop.governance.membership import EventKind
from ecoop.governance.roles import Role
from ecoop.models import DirectDebitLine, Membership
from ecoop.services import accounts, admission, ledger, memberships, roles
from ecoop.services.admission import AdmissionChoice
from ecoop.services.memberships import NewEvent
from ecoop.services.roles import NewRole, RoleReason
from tests.services.conftest import World
from tests.services.test_direct_debits import drafted, owing
from tests.services.test_merging import LATER, LEFT, a_line, merge
from tests.support.applying import applies, open_the_form
from tests.support.factories import LONG_AGO, NOW, TODAY
from tests.support.money import a_creditor

WAIT_SECONDS = 0.3
"""Long enough for the second to end its work where nothing makes it wait for the first."""

Verb = Callable[[ScopedSession], object]


def _both(world: World, first: Verb, second: Verb) -> EcoopError | None:
    """Let the second begin before the first is committed; what the second was refused with."""
    refusals: list[EcoopError] = []

    def _second() -> None:
        with world.inside() as session:
            try:
                second(session)
                session.commit()
            except EcoopError as error:
                refusals.append(error)

    follower = Thread(target=_second)
    with world.inside() as session:
        first(session)
        follower.start()
        follower.join(WAIT_SECONDS)
        session.commit()
    follower.join()
    return refusals[0] if refusals else None


@pytest.fixture
def grants(world: World) -> tuple[int, int]:
    """The numbers of the roles of the only two on the board."""
    with world.inside() as session:
        new = NewRole(role=Role.CHAIR, email="vera@example.org", name="Vera", starts_on=LONG_AGO)
        roles.grant_role(session, world.treasurer, cooperative_id=world.home, new=new, now=NOW)
        session.commit()
        holders = roles.read_holders(session, cooperative_id=world.home, day=TODAY)
    return holders[0].id, holders[1].id


def test_two_on_the_board_do_not_end_each_other(world: World, grants: tuple[int, int]) -> None:
    def _end(grant_id: int) -> Verb:
        return lambda session: roles.end_role(
            session, world.treasurer, cooperative_id=world.home, grant_id=grant_id, now=NOW
        )

    refusal = _both(world, _end(grants[0]), _end(grants[1]))

    assert isinstance(refusal, Refused)
    assert refusal.reason is RoleReason.LAST_BOARD_MEMBER


def test_a_role_that_is_sent_twice_is_given_once(world: World) -> None:
    def _grant(session: ScopedSession) -> None:
        new = NewRole(role=Role.MEMBER, email="noor@example.org", name="Noor", starts_on=TODAY)
        roles.grant_role(session, world.treasurer, cooperative_id=world.home, new=new, now=NOW)

    refusal = _both(world, _grant, _grant)

    assert isinstance(refusal, InvalidInput)
    with world.database.work(Scope()) as session:
        assert len(accounts.find_by_address(session, "noor@example.org")) == 1


def test_what_is_owed_stands_in_one_batch(world: World) -> None:
    with world.inside() as session:
        owing(world, session, "Anna", "Bram")
        a_creditor(session, world.home)
        session.commit()

    refusal = _both(world, lambda session: drafted(world, session), lambda session: drafted(world, session))

    assert isinstance(refusal, InvalidInput)
    with world.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(DirectDebitLine)) == 2


def test_a_line_that_is_merged_does_not_become_a_member_meanwhile(world: World) -> None:
    with world.inside() as session:
        kept, gone = a_line(world, session, since=LEFT), a_line(world, session, left=LEFT)
        number = session.scalars(sa.select(Membership.id).where(Membership.party_id == gone)).one()
        session.commit()
    again = NewEvent(kind=EventKind.READMITTED, valid_from=LATER.date(), class_code="tenant")

    refusal = _both(
        world,
        lambda session: merge(world, session, kept, gone),
        lambda session: memberships.add_event(
            session, None, cooperative_id=world.home, membership_id=number, new=again, now=LATER
        ),
    )

    assert isinstance(refusal, InvalidInput)


def test_an_application_is_admitted_once(world: World) -> None:
    with world.inside() as session:
        made = applies(session, world.home, open_the_form(session, world.home))
        session.commit()

    def _admit(session: ScopedSession) -> None:
        admission.admit(
            session, world.acting(Role.SECRETARY), cooperative_id=world.home, application_ids=[made.application_id],
            choice=AdmissionChoice(valid_from=TODAY), statutes=None, now=NOW,
        )  # fmt: skip

    assert isinstance(_both(world, _admit, _admit), InvalidInput)
    with world.reading() as session:
        assert session.scalars(sa.select(Membership.number)).all() == [1]


def test_a_receipt_is_booked_once(world: World) -> None:
    with world.inside() as session:
        (member,) = owing(world, session, "Anna", mandate=False)
        session.commit()

    def _book(session: ScopedSession) -> None:
        ledger.book_receipt(
            session, None, cooperative_id=world.home, membership_id=member, cents=2000, booked_on=TODAY,
            reference="CAMT-1", now=NOW,
        )  # fmt: skip

    assert isinstance(_both(world, _book, _book), InvalidInput)
