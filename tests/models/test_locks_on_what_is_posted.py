"""What is posted: added from outside as one posts a letter; seen and changed inside, or by the carrier."""

from typing import Any

import pytest
import sqlalchemy as sa

from ecoop.db import Database, Scope, ScopedSession, ScopeError
from ecoop.models import Building, Job
from ecoop.models.jobs import JobState
from tests.models.conftest import Street
from tests.support.factories import NOW

CARRIER = Scope(carries=True, may_write=True)


def _post(session: ScopedSession, cooperative_id: int | None, kind: str = "x") -> Job:
    row = Job(cooperative_id=cooperative_id, kind=kind, arguments="{}", state=JobState.WAITING, created_at=NOW,
              due_at=NOW, attempts=0, done=0)  # fmt: skip
    session.add(row)
    session.flush()
    return row


@pytest.fixture
def posted(database: Database, street: Street) -> dict[str, int]:
    """One job of ours, one of theirs, one of the installation."""
    with database.work(Scope(may_write=True)) as session:  # a session of no cooperative at all
        return {
            "ours": _post(session, street.ours.id).id,
            "theirs": _post(session, street.theirs.id).id,
            "nobody's": _post(session, None).id,
        }


def _seen(database: Database, scope: Scope) -> set[int]:
    with database.work(scope) as session:
        return set(session.scalars(sa.select(Job.id)))


def test_inside_one_sees_the_own_rows_only(database: Database, street: Street, posted: dict[str, int]) -> None:
    assert _seen(database, street.scope()) == {posted["ours"]}
    assert _seen(database, Scope()) == set()


def test_the_carrier_sees_every_row(database: Database, posted: dict[str, int]) -> None:
    assert _seen(database, Scope(carries=True)) == set(posted.values())


def test_a_statement_changes_own_rows_only(database: Database, street: Street, posted: dict[str, int]) -> None:
    with database.work(street.scope(may_write=True)) as session:
        session.execute(sa.update(Job).values(kind="changed"))
        session.execute(sa.delete(Job).where(Job.id == posted["theirs"]))

    with database.work(Scope(carries=True)) as session:
        kinds: dict[int, Any] = {row.id: row.kind for row in session.scalars(sa.select(Job))}
    assert kinds == {posted["ours"]: "changed", posted["theirs"]: "x", posted["nobody's"]: "x"}


def test_what_was_posted_elsewhere_cannot_be_taken_back(database: Database, street: Street) -> None:
    with database.session(street.scope(may_write=True)) as session:
        row = _post(session, street.theirs.id)
        session.delete(row)
        with pytest.raises(ScopeError):
            session.flush()


@pytest.mark.parametrize("carries", [True, False])
def test_a_row_never_moves(database: Database, street: Street, carries: bool) -> None:
    scope = CARRIER if carries else street.scope(may_write=True)
    with database.session(scope) as session:
        row = _post(session, street.ours.id)
        row.cooperative_id = street.theirs.id
        with pytest.raises(ScopeError):
            session.flush()


def test_who_only_reads_posts_nothing(database: Database, street: Street) -> None:
    with database.session(Scope(carries=True)) as session, pytest.raises(ScopeError):
        _post(session, street.ours.id)


def test_carrying_opens_no_cooperative(database: Database, street: Street) -> None:
    with database.work(Scope(carries=True)) as session:
        assert session.scalars(sa.select(Building)).all() == []
