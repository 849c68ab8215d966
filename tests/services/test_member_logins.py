"""The login of a member: from a line in the register to a way in, with the role of a member and nothing more."""

from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from ecoop.errors import Forbidden, InvalidInput, NotFound, Refused
from ecoop.governance.membership import EndReason, EventKind
from ecoop.governance.roles import Role
from ecoop.governance.statutes import PartyKind
from ecoop.models import Account, AuditEntry, Party, RoleGrant
from ecoop.services import accounts, member_logins, memberships, parties
from ecoop.services.member_logins import LoginReason, LoginView
from ecoop.services.memberships import NewEvent
from ecoop.services.parties import PartyFacts
from tests.services.conftest import World
from tests.support.factories import NOW, TODAY

BO = PartyFacts(name="Bo Bron", email="bo@example.org")


def enrolled(
    world: World, session: Any, facts: PartyFacts = BO, *, kind: PartyKind = PartyKind.PERSON, left: bool = False
) -> int:
    party_id = parties.record_party(
        session, None, cooperative_id=world.home, kind=kind, facts=facts, valid_from=date(2024, 1, 1), now=NOW
    )
    number = memberships.open_membership(session, cooperative_id=world.home, party_id=party_id, now=NOW)
    new = [NewEvent(kind=EventKind.ADMITTED, valid_from=date(2024, 1, 1), class_code="tenant")]
    if left:
        new.append(NewEvent(kind=EventKind.ENDED, valid_from=TODAY, end_reason=EndReason.DEATH))
    for one in new:
        memberships.add_event(session, None, cooperative_id=world.home, membership_id=number, new=one, now=NOW)
    return number


def let_in(world: World, session: Any, number: int, role: Role = Role.SECRETARY) -> Any:
    return member_logins.give_login(
        session, world.acting(role), cooperative_id=world.home, membership_id=number, now=NOW
    )


def test_a_member_gets_an_account_the_role_of_a_member_and_a_link(world: World) -> None:
    with world.inside() as session:
        invited = let_in(world, session, enrolled(world, session))
        roles = session.scalars(sa.select(RoleGrant.role).where(RoleGrant.account_id == invited.account.id)).all()
        (linked,) = session.scalars(sa.select(Party.account_id))
        actions = list(session.scalars(sa.select(AuditEntry.action)))

    assert (invited.account.name, linked, roles) == ("Bo Bron", invited.account.id, [Role.MEMBER])
    assert actions[-3:] == ["party.login_given", "role.granted", "invitation.sent"]


def test_inviting_again_sends_another_link_to_the_same_account(world: World) -> None:
    with world.inside() as session:
        number = enrolled(world, session)
        first, second = let_in(world, session, number), let_in(world, session, number)
        count = session.scalar(sa.select(sa.func.count()).select_from(RoleGrant).where(RoleGrant.role == Role.MEMBER))

    assert second.account.id == first.account.id
    assert second.secret != first.secret
    assert count == 1


def test_who_was_in_already_gets_the_role_and_no_letter(world: World) -> None:
    with world.inside() as session:
        known = accounts.create_account(session, email="bo@example.org", name="Bo Bron", now=NOW)
        accounts.note_came_in(session, known.id, now=NOW)
        number = enrolled(world, session)

        assert let_in(world, session, number) is None
        (party_id,) = session.scalars(sa.select(Party.id))
        seen = member_logins.read_login(session, cooperative_id=world.home, party_id=party_id)
    assert seen == LoginView(account_id=known.id, has_come_in=True)


def test_two_people_in_the_register_never_share_an_account(world: World) -> None:
    with world.inside() as session:
        let_in(world, session, enrolled(world, session))
        with pytest.raises(Refused) as refused:
            let_in(world, session, enrolled(world, session))

    assert refused.value.reason == LoginReason.OF_ANOTHER


def test_everything_that_is_missing_is_told_at_once(world: World) -> None:
    with world.inside() as session:
        number = enrolled(world, session, PartyFacts(name="Bakkerij"), kind=PartyKind.ORGANISATION, left=True)
        with pytest.raises(InvalidInput) as refused:
            let_in(world, session, number)
        known = session.scalar(sa.select(sa.func.count()).select_from(Account).where(Account.name == "Bakkerij"))

    assert {problem.reason for problem in refused.value.problems} == {
        LoginReason.FOR_PEOPLE_ONLY, LoginReason.FOR_MEMBERS_ONLY, LoginReason.WITHOUT_ADDRESS,
    }  # fmt: skip
    assert known == 0


@pytest.mark.parametrize("role", [Role.TREASURER, Role.AUDIT_COMMITTEE, Role.MEMBER])
def test_only_who_keeps_the_register_lets_members_in(world: World, role: Role) -> None:
    with world.inside() as session:
        number = enrolled(world, session)
        with pytest.raises(Forbidden):
            let_in(world, session, number, role)


def test_a_membership_that_is_not_there_lets_nobody_in(world: World) -> None:
    with world.inside() as session, pytest.raises(NotFound):
        let_in(world, session, 4711)


def test_the_link_ends_after_a_week(world: World) -> None:
    with world.inside() as session:
        invited = let_in(world, session, enrolled(world, session))

    assert invited.until == NOW + timedelta(days=7)
