"""What ended before anybody said whose it was goes once its time is over, and nothing else does."""

from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from ecoop.governance.admission import RefusalReason
from ecoop.governance.roles import Role
from ecoop.models import Application, ApplicationMessage, AuditNote
from ecoop.services import admission, joining
from ecoop.services.nobodys_applications import blank_nobodys
from ecoop.services.personal_facts import FORM
from tests.services.conftest import World
from tests.support.applying import applies, open_the_form
from tests.support.factories import NOW

YEAR = timedelta(days=366)


def of_nobody(world: World, session: Any, **given: Any) -> joining.Submitted:
    """The same person applies once more, and waits until somebody says so."""
    accepted = open_the_form(session, world.home)
    applies(session, world.home, accepted, "Baars")
    return applies(session, world.home, accepted, "Baars", **given)


def refuse(world: World, session: Any, application_id: int) -> None:
    admission.refuse(
        session, world.acting(Role.SECRETARY), cooperative_id=world.home, application_ids=[application_id],
        reason=RefusalReason.OTHER, words="Baars woont hier niet.", now=NOW,
    )  # fmt: skip


def read(world: World, application_id: int) -> Application:
    with world.reading() as session:
        return session.scalars(sa.select(Application).where(Application.id == application_id)).one()


def test_what_was_refused_before_it_was_somebodys_is_blanked_when_its_time_is_over(world: World) -> None:
    with world.inside() as session:
        made = of_nobody(world, session, remark="Mijn verhaal.")
        joining.answer(session, made.secret, "Ik ben het.", cooperative_id=world.home, now=NOW)
        refuse(world, session, made.application_id)
        session.commit()

    assert blank_nobodys(world.database, now=NOW + timedelta(days=300)) == 0
    assert read(world, made.application_id).email is not None
    assert blank_nobodys(world.database, now=NOW + YEAR) == 1
    assert blank_nobodys(world.database, now=NOW + YEAR) == 0

    row = read(world, made.application_id)
    assert [getattr(row, name) for name in FORM] == [None] * len(FORM)
    assert row.refusal is RefusalReason.OTHER
    with world.reading() as session:
        assert session.scalars(sa.select(ApplicationMessage.text)).all() == [None]
        assert session.scalars(sa.select(AuditNote)).all() == []


def test_what_waits_or_is_somebodys_stays(world: World) -> None:
    with world.inside() as session:
        of_nobody(world, session)
        session.commit()

    assert blank_nobodys(world.database, now=NOW + 3 * YEAR) == 0
