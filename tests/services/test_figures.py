"""Figures with their sources: recorded, chosen, withdrawn, read side by side."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from ecoop.errors import Forbidden, InvalidInput, NotFound, Refused
from ecoop.governance.evidence import Bound, Subject
from ecoop.governance.figures import Basis, FigureReason, SourcedFigure, Status, Unit
from ecoop.governance.roles import Role
from ecoop.models import AuditEntry
from ecoop.services import figures
from ecoop.services.figures import SideBySide, parse_value
from tests.services.conftest import World
from tests.support.factories import NOW

PLAN = SourcedFigure(
    subject=Subject.SITE_SIZE.value,
    value=Decimal(1500),
    bound=Bound.ABOUT,
    unit=Unit.DWELLING_EQUIVALENTS,
    basis=Basis.DWELLING_EQUIVALENTS,
    status=Status.ASSUMPTION,
    source="Plan",
    source_url="https://example.org/plan",
    as_at=date(2025, 3, 1),
)
COUNT = replace(
    PLAN,
    value=Decimal("1270.125"),
    bound=Bound.EXACT,
    unit=Unit.DWELLINGS,
    basis=Basis.DWELLINGS,
    as_at=None,
    period_start=date(2025, 1, 1),
    period_end=date(2025, 7, 1),
    marked_partial=True,
    source_url=None,
)
UNKNOWN = replace(PLAN, value=None, bound=Bound.UNKNOWN)


def _record(world: World, figure: SourcedFigure = PLAN, days: int = 0) -> int:
    with world.inside() as session:
        number = figures.record_figure(
            session, world.treasurer, cooperative_id=world.home, figure=figure, now=NOW + timedelta(days=days)
        )
        session.commit()
    return number


def _choose(world: World, figure_id: int, reason: str = "Zo staat het in het plan.") -> None:
    with world.inside() as session:
        figures.choose_figure(
            session, world.treasurer, cooperative_id=world.home, figure_id=figure_id, reason=reason, now=NOW
        )
        session.commit()


def _withdraw(world: World, figure_id: int, reason: str = "Verkeerd overgenomen.") -> None:
    with world.inside() as session:
        figures.withdraw_figure(
            session, world.treasurer, cooperative_id=world.home, figure_id=figure_id, reason=reason, now=NOW
        )
        session.commit()


def _read(world: World) -> tuple[SideBySide, ...]:
    with world.reading() as session:
        return figures.read_side_by_side(session, cooperative_id=world.home)


@pytest.mark.parametrize("figure", [PLAN, COUNT, UNKNOWN, replace(PLAN, value=Decimal("-999999999999.999999"))])
def test_a_figure_comes_back_whole_with_who_entered_it(world: World, figure: SourcedFigure) -> None:
    number = _record(world, figure)

    ((found,),) = [one.figures for one in _read(world)]
    assert found == replace(figure, id=number, entered_by="Petra", entered_at=NOW)


def test_several_figures_stand_side_by_side_and_none_is_used_by_itself(world: World) -> None:
    _record(world)
    _record(world, COUNT)

    (found,) = _read(world)
    assert [one.value for one in found.figures] == [Decimal(1500), Decimal("1270.125")]
    assert found.used is None


def test_the_cooperative_says_which_figure_it_uses_and_why(world: World) -> None:
    first, second = _record(world), _record(world, COUNT)

    _choose(world, first, "Zo staat het in het plan.")
    _choose(world, second, "Het waterschap telde.")

    (found,) = _read(world)
    assert found.used is not None
    assert found.used.id == second
    assert [(one.reason, one.by) for one in found.choices] == [
        ("Het waterschap telde.", "Petra"),
        ("Zo staat het in het plan.", "Petra"),
    ]


def test_what_is_in_use_is_not_chosen_again(world: World) -> None:
    number = _record(world)
    _choose(world, number)

    with pytest.raises(Refused) as refused:
        _choose(world, number)

    assert refused.value.reason is FigureReason.CHOSEN_ALREADY


def test_a_withdrawn_figure_counts_nowhere_and_stays_readable(world: World) -> None:
    number = _record(world)
    _choose(world, number)

    _withdraw(world, number)

    (found,) = _read(world)
    assert (found.figures, found.used) == ((), None)
    assert [(one.id, gone.reason, gone.by) for one, gone in found.withdrawn] == [
        (number, "Verkeerd overgenomen.", "Petra")
    ]
    with world.reading() as session:
        assert figures.read_figures(session, cooperative_id=world.home) == ()


@pytest.mark.parametrize("change", [_choose, _withdraw])
def test_a_withdrawn_figure_is_not_changed_again(world: World, change) -> None:
    number = _record(world)
    _withdraw(world, number)

    with pytest.raises(Refused) as refused:
        change(world, number)

    assert refused.value.reason is FigureReason.WITHDRAWN


@pytest.mark.parametrize("change", [_choose, _withdraw])
@pytest.mark.parametrize("reason", ["", "  ", "x" * 501])
def test_choosing_and_withdrawing_need_a_reason(world: World, change, reason: str) -> None:
    number = _record(world)

    with pytest.raises(InvalidInput):
        change(world, number, reason)

    (found,) = _read(world)
    assert (found.choices, found.withdrawn) == ((), ())


WRONG = {
    "an address of a script": ({"source_url": "javascript:alert(1)"}, "source_url"),
    "half an address": ({"source_url": "https://"}, "source_url"),
    "an address that is none": ({"source_url": "http://[::1"}, "source_url"),
    "a source without end": ({"source": "x" * 501}, "source"),
    "a source on two lines": ({"source": "a\nb"}, "source"),
    "a subject without end": ({"subject": "x" * 81}, "subject"),
    "a day long ago": ({"as_at": date(1, 1, 1)}, "as_at"),
    "a day far ahead": ({"as_at": date(9999, 1, 1)}, "as_at"),
}


@pytest.mark.parametrize(("given", "key"), WRONG.values(), ids=WRONG)
def test_what_cannot_be_kept_is_refused(world: World, given: dict[str, object], key: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        _record(world, replace(PLAN, **given))

    assert [problem.key for problem in refused.value.problems] == [key]
    assert _read(world) == ()


def test_only_the_board_records_chooses_and_withdraws(world: World) -> None:
    number = _record(world)
    member = world.acting(Role.MEMBER, Role.AUDIT_COMMITTEE)
    shared = {"cooperative_id": world.home, "now": NOW}

    with world.inside() as session:
        with pytest.raises(Forbidden):
            figures.record_figure(session, member, figure=PLAN, **shared)
        with pytest.raises(Forbidden):
            figures.choose_figure(session, member, figure_id=number, reason="x", **shared)
        with pytest.raises(Forbidden):
            figures.withdraw_figure(session, member, figure_id=number, reason="x", **shared)


def test_a_figure_of_another_cooperative_is_not_there(world: World) -> None:
    number = _record(world)
    chair = world.acting(Role.CHAIR, account_id=world.outsider)

    with world.reading(world.neighbour) as session:
        assert figures.read_side_by_side(session, cooperative_id=world.home) == ()
        with pytest.raises(NotFound):
            figures.choose_figure(session, chair, cooperative_id=world.neighbour, figure_id=number, reason="x", now=NOW)


@pytest.mark.parametrize("table", ["figure", "figure_choice", "figure_withdrawal"])
@pytest.mark.parametrize("change", ["UPDATE {} SET cooperative_id = cooperative_id", "DELETE FROM {}"])
def test_what_was_recorded_cannot_be_changed_in_the_database(world: World, table: str, change: str) -> None:
    number = _record(world)
    _choose(world, number)
    _withdraw(world, number)

    with pytest.raises(DBAPIError, match="only grows"), world.database.writer.begin() as connection:
        connection.execute(sa.text(change.format(table)))


def test_the_trail_tells_what_was_done(world: World) -> None:
    number = _record(world)
    _choose(world, number)
    _withdraw(world, number)

    with world.reading() as session:
        actions = list(session.scalars(sa.select(AuditEntry.action).order_by(AuditEntry.number)))
    assert actions == ["figure.recorded", "figure.chosen", "figure.withdrawn"]


NUMBERS = {
    "1.270": "1270",
    "1,270": "1270",
    "1.270,5": "1270.5",
    "1,270.5": "1270.5",
    "2,6": "2.6",
    "2.6": "2.6",
    "0,125": "0.125",
    "0.125": "0.125",
    "1.000.000": "1000000",
    "€ 2 600 000": "2600000",
    "-3,5": "-3.5",
    "12,3456": "12.3456",
}


@pytest.mark.parametrize(("text", "value"), NUMBERS.items())
def test_a_number_is_read_as_a_dutch_or_an_english_reader_writes_it(text: str, value: str) -> None:
    assert parse_value(text) == Decimal(value)


@pytest.mark.parametrize("text", ["", " ", "1.2.3", "1,2,3", "1e5", "NaN", "ruim 800", "--1", "1-", ",", "٣"])
def test_what_is_not_a_number_is_not_taken_for_one(text: str) -> None:
    assert parse_value(text) is None
