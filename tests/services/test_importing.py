"""Taking a sheet over: what it tells is kept as it is told, nothing is half stored, and all of it can be undone."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ecoop.db import Scope
from ecoop.errors import Forbidden, Refused
from ecoop.governance.membership import EndReason, EventKind, Status
from ecoop.governance.register_import import ImportStatus, RowOutcome
from ecoop.governance.register_sheet import Sheet, guess
from ecoop.governance.roles import Role
from ecoop.governance.statutes import PartyKind
from ecoop.models import (
    AuditEntry,
    Membership,
    MembershipEventRow,
    MembershipSpan,
    NumberSeries,
    Party,
    PartyRecord,
    SheetImport,
    SheetImportLine,
)
from ecoop.services import importing, ledger, memberships, merging, parties, register
from ecoop.services.importing import ColumnChoice, Plan
from ecoop.services.memberships import NewEvent
from ecoop.services.parties import PartyFacts
from ecoop.services.register import Order, RegisterQuestion
from ecoop.vault import Vault
from tests.services.conftest import World
from tests.services.governing import record_statutes
from tests.support.factories import NOW, TODAY

HEADER = ("Lidnr", "Naam", "Straat", "Huisnr", "Postcode", "Plaats", "E-mail", "Geboortedatum", "Lid sinds",
          "Lid tot en met", "Reden", "Soort", "Eerste betaling")  # fmt: skip
LATER = NOW + timedelta(hours=1)


def a_row(number: object = "", name: str = "Jan de Vries", **given_: str) -> tuple[str, ...]:
    values = {
        "Lidnr": str(number), "Naam": name, "Straat": "Kade", "Huisnr": "12", "Postcode": "1054ab",
        "Plaats": "Amsterdam", "E-mail": f"{name.replace(' ', '.').lower()}@example.org", "Lid sinds": "15-01-2019",
        "Soort": "huurder",
    }  # fmt: skip
    told = values | {key.replace("_", " "): value for key, value in given_.items()}
    return tuple(told.get(column, "") for column in HEADER)


def a_sheet(*rows: Sequence[str], header: Sequence[str] = HEADER) -> Sheet:
    return Sheet(header=tuple(header), rows=tuple(tuple(row) for row in rows))


def planned(world: World, sheet: Sheet, *, now: datetime = NOW, **given_: Any) -> Plan:
    with world.reading() as session:
        return importing.plan_import(
            session, None, cooperative_id=world.home, sheet=sheet,
            choice=ColumnChoice(columns=guess(sheet.header, sheet.rows)), now=now, **given_,
        )  # fmt: skip


def taken_over(
    world: World, folder: Path, *rows: Sequence[str], now: datetime = NOW, good_rows_only: bool = False,
    header: Sequence[str] = HEADER, **given_: Any,
) -> int:  # fmt: skip
    sheet = a_sheet(*rows, header=header)
    plan = planned(world, sheet, now=now, **given_)
    with world.inside() as session:
        number = importing.import_at_once(
            session, Vault(folder), cooperative_id=world.home, content=repr(rows).encode(), file_name="leden.csv",
            sheet=sheet, choice=ColumnChoice(columns=guess(sheet.header, sheet.rows)), plan=plan,
            good_rows_only=good_rows_only, now=now,
        )  # fmt: skip
        session.commit()
    return number


def undone(world: World, import_id: int, *, now: datetime = LATER) -> None:
    with world.inside() as session:
        importing.undo(session, None, cooperative_id=world.home, import_id=import_id, now=now)
        session.commit()


def lines(world: World, day: date = TODAY, known_at: datetime | None = None, **given_: Any) -> list[Any]:
    asked = RegisterQuestion(**({"day": day, "known_at": known_at, "order": Order.NUMBER} | given_))
    with world.reading() as session:
        return list(register.read_whole_register(session, None, cooperative_id=world.home, asked=asked))


def reasons(plan: Plan, row: int = 2) -> set[str]:
    return {problem.reason for one in plan.rows if one.row == row for problem in one.problems}


def outcomes(plan: Plan) -> list[RowOutcome]:
    return [row.outcome for row in plan.rows]


# what the sheet tells is kept


def test_numbers_and_days_are_kept_as_the_sheet_tells_them(world: World, tmp_path: Path) -> None:
    taken_over(world, tmp_path, a_row(120), a_row(7, "Piet Ketel", **{"Lid sinds": "2015-03-01"}))

    assert [(one.number, one.name, one.member_since) for one in lines(world)] == [
        (7, "Piet Ketel", date(2015, 3, 1)),
        (120, "Jan de Vries", date(2019, 1, 15)),
    ]


def test_the_next_member_gets_a_number_above_those_of_the_sheet(world: World, tmp_path: Path) -> None:
    taken_over(world, tmp_path, a_row(120), a_row("", "Piet Ketel"))

    assert [one.number for one in lines(world)] == [120, 121]
    with world.reading() as session:
        assert session.scalars(sa.select(NumberSeries.last)).one() == 121


def test_who_left_on_31_december_was_a_member_that_day_and_not_the_next(world: World, tmp_path: Path) -> None:
    taken_over(world, tmp_path, a_row(1, Lid_tot_en_met="31-12-2020", Reden="overlijden"))

    assert len(lines(world, date(2020, 12, 31))) == 1
    assert lines(world, date(2021, 1, 1)) == []


def test_a_leaver_without_a_number_gets_none(world: World, tmp_path: Path) -> None:
    taken_over(world, tmp_path, a_row("", Lid_tot_en_met="31-12-2020"), a_row("", "Piet Ketel"))

    former = lines(world, statuses=frozenset({Status.FORMER}))
    assert [one.number for one in former] == [None]
    assert [one.number for one in lines(world)] == [1]


def test_organisations_associations_and_households_come_in_as_what_they_are(world: World, tmp_path: Path) -> None:
    header = ("Organisatie", "VvE", "Huishouden", "KvK", "Lid sinds", "Soort")
    taken_over(
        world, tmp_path, ("Bakkerij Oven", "", "", "1234567", "1-1-2020", "bedrijf"),
        ("", "VvE Hoek", "", "", "1-1-2020", "eigenaar"), ("", "", "Huishouden Ketel", "", "1-1-2020", "huurder"),
        header=header,
    )  # fmt: skip

    assert [(one.name, one.kind) for one in lines(world)] == [
        ("Bakkerij Oven", PartyKind.ORGANISATION),
        ("VvE Hoek", PartyKind.OWNERS_ASSOCIATION),
        ("Huishouden Ketel", PartyKind.HOUSEHOLD),
    ]


def test_an_address_that_holds_since_a_day_is_unknown_before_it(world: World, tmp_path: Path) -> None:
    header = (*HEADER, "Adres sinds")
    taken_over(world, tmp_path, (*a_row(1), "01-06-2021"), header=header)

    assert [lines(world, day)[0].street for day in (date(2021, 5, 31), date(2021, 6, 1))] == [None, "Kade"]


def test_a_readmission_keeps_both_times_as_a_member(world: World, tmp_path: Path) -> None:
    header = (*HEADER, "Opnieuw lid sinds")
    taken_over(world, tmp_path, (*a_row(1, Lid_tot_en_met="31-12-2020"), "01-01-2023"), header=header)

    with world.reading() as session:
        number = session.scalars(sa.select(Membership.id)).one()
        found = memberships.read_standing(session, cooperative_id=world.home, membership_id=number, day=TODAY)
    assert [(one.starts_on, one.ends_on) for one in found.periods] == [
        (date(2019, 1, 15), date(2021, 1, 1)),
        (date(2023, 1, 1), None),
    ]


def test_kinds_of_membership_are_known_by_what_the_statutes_call_them(world: World, tmp_path: Path) -> None:
    with world.inside() as session:
        record_statutes(world, session)
        session.commit()
    taken_over(world, tmp_path, a_row(1, Soort="VRIEND"), a_row(2, "Piet Ketel", Soort="bedrijf"))

    assert [one.class_code for one in lines(world)] == ["friend", "business"]
    assert reasons(planned(world, a_sheet(a_row(3, "Olga Pomp", Soort="eigenaar")))) == {"cell_no_class"}


# problems


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"Naam": ""}, "row_name_missing"),
        ({"Lid_sinds": ""}, "row_entry_missing"),
        ({"Lid_sinds": "31-2-2019"}, "cell_no_such_day"),
        ({"Lid_sinds": "31-12-19"}, "cell_short_year"),
        ({"Lid_sinds": "01-01-1801"}, "row_day_unlikely"),
        ({"Lid_tot_en_met": "31-12-2018"}, "row_end_before_entry"),
        ({"Soort": "vip"}, "cell_no_class"),
        ({"Soort": ""}, "row_class_missing"),
        ({"Postcode": "1054"}, "party_postcode_unusable"),
        ({"E-mail": "jan"}, "not_an_address"),
        ({"Geboortedatum": "01-01-2020"}, "row_entry_before_birth"),
        ({"Lidnr": "twaalf"}, "cell_no_number"),
    ],
)
def test_what_is_wrong_with_a_row_is_told_and_stops_it(world: World, changed: dict[str, str], reason: str) -> None:
    plan = planned(world, a_sheet(a_row(1, **changed)))

    assert reason in reasons(plan)
    assert outcomes(plan) == [RowOutcome.PROBLEM]


def test_an_entry_after_the_first_payment_is_told_and_stops_nothing(world: World) -> None:
    plan = planned(world, a_sheet(a_row(1, Eerste_betaling="20-12-2018")))

    assert reasons(plan) == {"row_entry_after_payment"}
    assert outcomes(plan) == [RowOutcome.NEW]


def test_one_number_in_two_rows_stops_both(world: World) -> None:
    plan = planned(world, a_sheet(a_row(1), a_row(1, "Piet Ketel")))

    assert outcomes(plan) == [RowOutcome.PROBLEM, RowOutcome.PROBLEM]


def test_the_same_person_in_two_rows_is_doubtful_until_somebody_says_otherwise(world: World) -> None:
    sheet = a_sheet(a_row(1), a_row(2))

    assert outcomes(planned(world, sheet)) == [RowOutcome.NEW, RowOutcome.DOUBTFUL]
    assert outcomes(planned(world, sheet, doubtful_as_new=True)) == [RowOutcome.NEW, RowOutcome.NEW]


def test_two_people_with_one_name_and_their_own_day_of_birth_are_two(world: World) -> None:
    plan = planned(world, a_sheet(a_row(1, Geboortedatum="01-01-1950"), a_row(2, Geboortedatum="01-01-1980")))

    assert outcomes(plan) == [RowOutcome.NEW, RowOutcome.NEW]


def test_a_number_of_somebody_else_is_refused(world: World, tmp_path: Path) -> None:
    taken_over(world, tmp_path, a_row(1))

    assert "row_number_taken" in reasons(planned(world, a_sheet(a_row(1, "Piet Ketel"))))


def test_somebody_known_under_another_number_is_doubtful(world: World, tmp_path: Path) -> None:
    taken_over(world, tmp_path, a_row(1))

    assert reasons(planned(world, a_sheet(a_row(9)))) == {"row_number_differs"}


def test_one_wrong_row_stops_all_unless_the_good_ones_are_asked_for(world: World, tmp_path: Path) -> None:
    rows = (a_row(1), a_row(2, "Piet Ketel", Soort="vip"))
    with pytest.raises(Refused):
        taken_over(world, tmp_path, *rows)
    assert lines(world) == []

    taken_over(world, tmp_path, *rows, good_rows_only=True)

    assert [one.number for one in lines(world)] == [1]


def test_only_who_keeps_the_register_plans_an_import(world: World) -> None:
    sheet = a_sheet(a_row(1))
    with world.reading() as session, pytest.raises(Forbidden):
        importing.plan_import(
            session, world.acting(Role.TREASURER), cooperative_id=world.home, sheet=sheet,
            choice=ColumnChoice(columns=guess(sheet.header)), now=NOW,
        )  # fmt: skip


def test_a_plan_made_before_somebody_else_wrote_is_not_written(world: World, tmp_path: Path) -> None:
    sheet = a_sheet(a_row(1))
    plan = planned(world, sheet)
    with world.inside() as session:
        parties.record_party(
            session, None, cooperative_id=world.home, kind=PartyKind.PERSON, facts=PartyFacts(name="Piet"),
            valid_from=TODAY, now=NOW,
        )  # fmt: skip
        session.commit()
    with world.inside() as session, pytest.raises(importing.RegisterMoved):
        importing.import_at_once(
            session, Vault(tmp_path), cooperative_id=world.home, content=b"x", file_name="x.csv", sheet=sheet,
            choice=ColumnChoice(columns=guess(sheet.header)), plan=plan, good_rows_only=False, now=NOW,
        )  # fmt: skip


# again, and changes


def test_the_same_sheet_again_changes_nothing(world: World, tmp_path: Path) -> None:
    rows = (a_row(1), a_row("", "Piet Ketel"), a_row("", "Olga Pomp", Lid_tot_en_met="31-12-2020"))
    taken_over(world, tmp_path, *rows)

    assert outcomes(planned(world, a_sheet(*rows), now=LATER)) == [RowOutcome.SAME] * 3


def test_a_corrected_sheet_changes_what_differs_and_nothing_else(world: World, tmp_path: Path) -> None:
    taken_over(world, tmp_path, a_row(1), a_row(2, "Piet Ketel"))
    corrected = (a_row(1, Straat="Gracht", Lid_sinds="16-01-2019"), a_row(2, "Piet Ketel"))
    plan = planned(world, a_sheet(*corrected), now=LATER)

    assert [(one.what, one.now, one.then) for one in plan.rows[0].differences] == [
        ("street", "Kade", "Gracht"),
        ("event.admitted", "2019-01-15", "2019-01-16 tenant"),
    ]
    taken_over(world, tmp_path, *corrected, now=LATER)
    assert [(one.street, one.member_since) for one in lines(world)] == [
        ("Gracht", date(2019, 1, 16)),
        ("Kade", date(2019, 1, 15)),
    ]
    assert [one.street for one in lines(world, known_at=NOW)] == ["Kade", "Kade"]


def test_an_empty_cell_leaves_what_is_known(world: World, tmp_path: Path) -> None:
    taken_over(world, tmp_path, a_row(1))

    assert outcomes(planned(world, a_sheet(a_row(1, Straat="", Plaats="")), now=LATER)) == [RowOutcome.SAME]


def test_an_end_that_the_sheet_tells_later_is_added(world: World, tmp_path: Path) -> None:
    taken_over(world, tmp_path, a_row(1))
    taken_over(world, tmp_path, a_row(1, Lid_tot_en_met="31-12-2025", Reden="opzegging"), now=LATER)

    assert lines(world, date(2026, 1, 1)) == []
    assert len(lines(world, date(2025, 12, 31))) == 1


def test_another_kind_of_membership_counts_from_the_day_of_the_import(world: World, tmp_path: Path) -> None:
    taken_over(world, tmp_path, a_row(1))
    taken_over(world, tmp_path, a_row(1, Soort="eigenaar"), now=LATER)

    assert [lines(world, day)[0].class_code for day in (TODAY - timedelta(days=1), TODAY)] == [
        "tenant",
        "owner_occupier",
    ]


def test_an_applicant_is_admitted_by_a_later_sheet_with_a_number(world: World, tmp_path: Path) -> None:
    header = (*HEADER, "Aangemeld op")
    taken_over(world, tmp_path, (*a_row("", Lid_sinds=""), "01-02-2026"), header=header)
    assert lines(world) == []

    taken_over(world, tmp_path, (*a_row(5, Lid_sinds="15-02-2026"), "01-02-2026"), header=header, now=LATER)

    assert [one.number for one in lines(world)] == [5]


# undoing


def test_after_undoing_every_day_is_what_it_was_and_the_import_can_still_be_read(world: World, tmp_path: Path) -> None:
    number = taken_over(world, tmp_path, a_row(1), a_row(2, "Piet Ketel", Lid_tot_en_met="31-12-2020"))
    then = lines(world)

    undone(world, number)

    assert lines(world) == lines(world, date(2020, 6, 1)) == []
    assert lines(world, known_at=NOW) == then != []
    with world.reading() as session:
        assert session.scalars(sa.select(SheetImport.status)).one() is ImportStatus.UNDONE


def test_undoing_a_change_brings_back_what_was_known(world: World, tmp_path: Path) -> None:
    taken_over(world, tmp_path, a_row(1))
    before = [lines(world, day) for day in (date(2019, 6, 1), TODAY)]
    changed = a_row(1, Straat="Gracht", Lid_sinds="01-02-2019", Soort="eigenaar")
    number = taken_over(world, tmp_path, changed, now=LATER)
    assert [lines(world, day) for day in (date(2019, 6, 1), TODAY)] != before

    undone(world, number, now=LATER + timedelta(hours=1))

    assert [lines(world, day) for day in (date(2019, 6, 1), TODAY)] == before


def test_after_undoing_the_same_sheet_comes_in_again_with_the_same_numbers(world: World, tmp_path: Path) -> None:
    rows = (a_row(120), a_row("", "Piet Ketel"), a_row("", "Olga Pomp", Lid_tot_en_met="31-12-2020"))
    number = taken_over(world, tmp_path, *rows)
    first = lines(world)
    undone(world, number)

    taken_over(world, tmp_path, *rows, now=LATER + timedelta(hours=1))

    assert lines(world) == first
    with world.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Membership)) == 3


def test_after_undoing_a_corrected_sheet_may_give_a_number_to_the_right_person(world: World, tmp_path: Path) -> None:
    undone(world, taken_over(world, tmp_path, a_row(1, "Kolom Verschoven")))

    taken_over(world, tmp_path, a_row(1, "Piet Ketel"), now=LATER + timedelta(hours=1))

    assert [(one.number, one.name) for one in lines(world)] == [(1, "Piet Ketel")]


def test_an_import_on_which_something_was_built_is_not_undone(world: World, tmp_path: Path) -> None:
    number = taken_over(world, tmp_path, a_row(1), a_row(2, "Piet Ketel"))
    with world.inside() as session:
        membership_id = session.scalars(sa.select(Membership.id).where(Membership.number == 2)).one()
        memberships.add_event(
            session, None, cooperative_id=world.home, membership_id=membership_id, now=LATER,
            new=NewEvent(kind=EventKind.ENDED, valid_from=TODAY, end_reason=EndReason.DEATH),
        )  # fmt: skip
        session.commit()

    with pytest.raises(Refused):
        undone(world, number, now=LATER + timedelta(hours=1))
    with world.reading() as session:
        found = importing.read_blockers(
            session, world.acting(Role.SECRETARY), cooperative_id=world.home, import_id=number
        )
    assert [(one.sheet_row, one.number, one.name, one.what) for one in found] == [
        (3, 2, "Piet Ketel", importing.Later.EVENT)
    ]
    assert len(lines(world)) == 1


def test_an_import_that_admitted_who_paid_since_is_not_undone(world: World, tmp_path: Path) -> None:
    header = (*HEADER, "Aangemeld op")
    taken_over(world, tmp_path, (*a_row("", Lid_sinds=""), "01-02-2026"), header=header)
    admitted = (*a_row(5, Lid_sinds="15-02-2026"), "01-02-2026")
    number = taken_over(world, tmp_path, admitted, header=header, now=LATER)
    with world.inside() as session:
        membership_id = session.scalars(sa.select(Membership.id).where(Membership.number == 5)).one()
        ledger.book_receipt(
            session, None, cooperative_id=world.home, membership_id=membership_id, cents=2500, booked_on=TODAY,
            now=LATER,
        )  # fmt: skip
        session.commit()

    with pytest.raises(Refused):
        undone(world, number, now=LATER + timedelta(hours=1))
    assert [one.number for one in lines(world)] == [5]


def test_an_import_that_ended_a_line_that_was_merged_since_is_not_undone(world: World, tmp_path: Path) -> None:
    taken_over(world, tmp_path, a_row(1), a_row(2, "Piet Ketel"))
    ended = taken_over(world, tmp_path, a_row(2, "Piet Ketel", Lid_tot_en_met="31-12-2025"), now=LATER)
    with world.inside() as session:
        rows = session.execute(sa.select(Membership.number, Membership.party_id))
        ids = {number: party_id for number, party_id in rows}  # noqa: C416  rows are no pairs to mypy
        merging.merge(
            session, world.acting(Role.SECRETARY), cooperative_id=world.home, kept_id=ids[1], gone_id=ids[2],
            take=frozenset(), why=None, now=LATER + timedelta(minutes=1),
        )  # fmt: skip
        session.commit()

    with pytest.raises(Refused):
        undone(world, ended, now=LATER + timedelta(hours=1))
    assert [one.number for one in lines(world)] == [1]


def test_an_import_of_which_somebody_was_changed_since_is_not_undone(world: World, tmp_path: Path) -> None:
    number = taken_over(world, tmp_path, a_row(1))
    taken_over(world, tmp_path, a_row(1, Straat="Gracht"), now=LATER)

    with pytest.raises(Refused):
        undone(world, number, now=LATER + timedelta(hours=1))


def test_an_import_is_undone_once(world: World, tmp_path: Path) -> None:
    number = taken_over(world, tmp_path, a_row(1))
    undone(world, number)

    with pytest.raises(Refused):
        undone(world, number, now=LATER + timedelta(hours=1))


# traces


def test_the_file_is_kept_and_each_row_says_what_it_made(world: World, tmp_path: Path) -> None:
    number = taken_over(world, tmp_path, a_row(1), a_row(2, "Piet Ketel", Soort="vip"), good_rows_only=True)

    with world.reading() as session:
        row = session.scalars(sa.select(SheetImport).where(SheetImport.id == number)).one()
        told = session.scalars(sa.select(SheetImportLine).order_by(SheetImportLine.sheet_row)).all()
        event = session.scalars(sa.select(MembershipEventRow)).one()
    assert Vault(tmp_path).read(row.digest)
    assert [(one.sheet_row, one.outcome) for one in told] == [(2, RowOutcome.NEW), (3, RowOutcome.PROBLEM)]
    assert str(event.id) in told[0].made
    assert event.audit_number == row.audit_number


def test_an_import_is_two_entries_in_the_trail_however_many_rows_it_has(world: World, tmp_path: Path) -> None:
    with world.reading() as session:
        before = session.scalar(sa.select(sa.func.count()).select_from(AuditEntry)) or 0
    taken_over(world, tmp_path, *(a_row(number, f"Jan Vries{number}") for number in range(1, 30)))

    with world.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(AuditEntry)) == before + 2


def test_written_at_once_is_the_same_as_written_one_by_one(world: World, tmp_path: Path) -> None:
    rows = (
        a_row(1), a_row(2, "Piet Ketel", Lid_tot_en_met="31-12-2020", Reden="overlijden"), a_row("", "Olga Pomp"),
    )  # fmt: skip
    plan = planned(world, a_sheet(*rows))
    taken_over(world, tmp_path, *rows)
    with world.database.session(Scope(cooperative_ids=frozenset({world.neighbour}), may_write=True)) as session:
        for row in plan.rows:
            party_id = parties.record_party(
                session, None, cooperative_id=world.neighbour, kind=row.read.kind, facts=row.read.facts,
                valid_from=row.add[0].on, now=NOW,
            )  # fmt: skip
            number = memberships.open_membership(session, cooperative_id=world.neighbour, party_id=party_id, now=NOW)
            for one in row.add:
                new = NewEvent(
                    kind=one.kind, valid_from=one.on, class_code=one.class_code, end_reason=one.end_reason
                )  # fmt: skip
                memberships.add_event(
                    session, None, cooperative_id=world.neighbour, membership_id=number, new=new,
                    number=row.number, now=NOW,
                )  # fmt: skip
        session.commit()

    assert contents(world, world.home) == contents(world, world.neighbour)


def contents(world: World, cooperative_id: int) -> list[list[tuple[Any, ...]]]:
    """The rows of the register without keys and without the entries of the trail."""
    left_out = {"id", "cooperative_id", "party_id", "membership_id", "audit_number"}
    found = []
    with world.reading(cooperative_id) as session:
        for cls in (Party, PartyRecord, Membership, MembershipEventRow, MembershipSpan, NumberSeries):
            columns = [column.key for column in sa.inspect(cls).column_attrs if column.key not in left_out]
            query = sa.select(*(getattr(cls, name) for name in columns))
            if cls is MembershipSpan:  # between two events of one instant there is a span that nobody ever knew
                query = query.where(cls.known_until.is_(None))
            found.append(sorted((tuple(row) for row in session.execute(query)), key=repr))
    return found


CELLS = st.one_of(
    st.text(max_size=12),
    st.sampled_from(["1", "2", "31-12-2019", "1-1-2020", "31-12-2020", "huurder", "=1+1", "1054AB", "ja", "Jan Vries"]),
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.lists(CELLS, min_size=len(HEADER), max_size=len(HEADER)), min_size=1, max_size=4))
def test_whatever_stands_in_the_cells_it_is_planned_without_a_fault(world: World, rows: list[list[str]]) -> None:
    plan = planned(world, a_sheet(*rows))

    assert len(plan.rows) == sum(any(row) for row in rows)
