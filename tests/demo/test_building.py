"""The demo: what is in it, that it adds up, and that the same day gives the same demo."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from ecoop import clock
from ecoop.db import Database, Scope, ScopedSession
from ecoop.demo import build_demo
from ecoop.demo.building import case_text, meeting_name
from ecoop.demo.buildings import KETELHUIS_BUILDINGS
from ecoop.demo.papers import demo_papers
from ecoop.demo.people import DEMO_ACCOUNTS, KETELHUIS, ZONNEDAK
from ecoop.errors import NotFound
from ecoop.governance.roles import RULES, Role
from ecoop.models import Account, Base, Building, BusinessCase, Cooperative, RoleBuilding, RoleGrant, SupportGrant
from ecoop.models.buildings import Ownership
from ecoop.services import cases, cooperatives, figures, papers
from ecoop.services.case_files import read_text
from ecoop.services.demo_accounts import DemoAccount, read_demo_accounts
from ecoop.vault import Vault
from tests.support.databases import copied_sqlite, furnishing, opened

DAY = date(2026, 3, 2)
BOTH = Scope(cooperative_ids=frozenset({1, 2}))
UNIQUE = {
    "note_digest",
    "salt",
    "stop_digest",
    "link_digest",
    "session_key",
    "id",
    "grant_id",
    "building_id",
    "case_id",
    "subject",
    "details",
    "previous",
    "digest",
    "mailing_id",
    "token",
    "arguments",
    "job.key",
    "letter.key",
    "figure_id",
    "paper_id",
    "version_id",
    "party_id",
    "represented_id",
    "representative_id",
    "decision_id",
    "ended_by_id",
    "statutes_id",
    "roll_id",
    "membership_id",
    "dwelling_id",
    "structural_unit_id",
    "connection_id",
    "contract_id",
    "holder_id",
    "sealed_iban",
    "fingerprint",
    "message_id",
    "end_to_end_id",
    "bank_account_id",
    "mandate_id",
    "creditor_id",
    "charge_id",
    "direct_debit_id",
    "exit_id",
    "notice_event_id",
    "end_event_id",
    "successor_event_id",
    "successor_membership_id",
    "obligation_id",
    "minimisation_id",
    "application_id",
    "text_id",
    "appeal_id",
}
"""Keys and secrets differ from build to build; everything else is the same."""


@pytest.fixture(scope="module")
def demo(migrated_sqlite_file: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """The demo of one day, built once for the tests that only look."""
    folder = tmp_path_factory.mktemp("demo")
    with opened(copied_sqlite(migrated_sqlite_file, folder)) as database:
        build_demo(database, DAY, Vault(folder / "papers"))
        yield database


@pytest.fixture
def look(demo: Database) -> Iterator[ScopedSession]:
    """A session that sees both cooperatives of the demo."""
    with demo.work(BOTH) as session:
        yield session


def _contents(database: Database) -> dict[str, list[str]]:
    with database.reader.connect() as connection:
        return {
            table.name: sorted(
                repr(
                    {name: value for name, value in row._mapping.items() if not {name, f"{table.name}.{name}"} & UNIQUE}
                )
                for row in connection.execute(sa.select(table))
            )
            for table in Base.metadata.sorted_tables
        }


def _id_of(session: ScopedSession, slug: str) -> int:
    found = session.scalar(sa.select(Cooperative.id).where(Cooperative.slug == slug))
    assert found is not None
    return found


def _accounts(session: ScopedSession, day: date = DAY) -> dict[str, DemoAccount]:
    return {account.name: account for account in read_demo_accounts(session, day=day)}


def _roles(account: DemoAccount) -> dict[str, set[Role]]:
    return {place.slug: set(place.roles) for place in account.places}


def test_it_is_built_on_both_databases(database: Database) -> None:
    build_demo(database, DAY)

    with database.work(BOTH) as session:
        installation = cooperatives.read_installation(session)
        slugs = [found.slug for found in cooperatives.read_cooperatives(session)]
    assert installation is not None
    assert (installation.is_demo, installation.demo_day) == (True, DAY)
    assert slugs == [KETELHUIS, ZONNEDAK]


def test_one_day_gives_the_same_demo_twice(demo: Database, sqlite_database: Database, tmp_path: Path) -> None:
    build_demo(sqlite_database, DAY, Vault(tmp_path / "papers"))

    assert _contents(sqlite_database) == _contents(demo)


def test_its_papers_are_the_same_files_twice(tmp_path: Path) -> None:
    there, again = demo_papers(DAY), demo_papers(DAY)

    contents = [upload.content for one in there for _age, upload in one.uploads]
    assert contents == [upload.content for one in again for _age, upload in one.uploads]
    assert len(contents) >= 5


def test_every_file_of_its_papers_is_there(demo: Database) -> None:
    folder = Path(str(demo.writer.url.database)).parent

    with demo.work(BOTH) as session:
        assert papers.count_files(session) >= 5
        assert papers.doubt_files(session, Vault(folder / "papers")) == ()


def test_its_sources_contradict_each_other_and_some_choices_are_made(look: ScopedSession) -> None:
    found = {one.subject: one for one in figures.read_side_by_side(look, cooperative_id=_id_of(look, KETELHUIS))}

    assert [str(one.value) for one in found["buildings"].figures] == ["25", "28", "29", "30"]
    assert found["buildings"].used is None
    assert found["water_board"].used is not None
    assert any(not one.is_known for one in found["members"].figures)


def test_without_a_place_for_files_it_has_no_papers(sqlite_database: Database) -> None:
    build_demo(sqlite_database, DAY)

    with sqlite_database.work(BOTH) as session:
        assert papers.count_files(session) == 0


@pytest.mark.parametrize("day", [date(2028, 2, 29), date(2026, 1, 1), date(2026, 12, 31), date(2027, 1, 31)])
def test_every_day_can_be_its_day(sqlite_database: Database, day: date) -> None:
    build_demo(sqlite_database, day)

    with sqlite_database.work(BOTH) as session:
        held = {role for account in read_demo_accounts(session) for place in account.places for role in place.roles}
    assert held == set(Role)


def test_a_build_that_fails_leaves_nothing(sqlite_database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ecoop.demo.building.SUPPORT_HOURS", 1000)  # refused at the very end
    with pytest.raises(Exception, match="hours_out_of_range"):
        build_demo(sqlite_database, DAY)

    with sqlite_database.work(Scope()) as session:
        assert session.scalars(sa.select(Account)).all() == []
        assert cooperatives.read_installation(session) is None


def test_the_connections_are_those_of_the_case() -> None:
    mapping, _ = read_text(case_text())
    counted: Counter[str] = Counter()
    for building in KETELHUIS_BUILDINGS:
        for segment in mapping["segment"]:
            counted[segment["name"]] += getattr(building, segment["name"])

    assert counted == {segment["name"]: segment["count"] for segment in mapping["segment"]}


def test_the_buildings_add_up(look: ScopedSession) -> None:
    rows = look.scalars(sa.select(Building).where(Building.cooperative_id == _id_of(look, KETELHUIS))).all()

    assert len(rows) == 28
    assert sum(row.dwellings for row in rows) == 1_000
    assert sum(row.business_units for row in rows) == 102
    assert sum(row.dwelling_equivalents or 0 for row in rows) == 1_500
    assert {row.ownership for row in rows} == set(Ownership)


def test_the_corporation_owns_three_of_every_five_dwellings(look: ScopedSession) -> None:
    owned = sa.select(sa.func.sum(Building.dwellings)).where(
        Building.cooperative_id == _id_of(look, KETELHUIS), Building.ownership == Ownership.CORPORATION
    )

    assert look.scalar(owned) == 600


def test_the_case_is_kept_and_can_be_computed(look: ScopedSession) -> None:
    view = cases.read_current_case(look, cooperative_id=_id_of(look, KETELHUIS))

    assert view.recorded_by == "Petra Prijspeil"
    assert view.result.feasible
    assert not cases.has_case(look, cooperative_id=_id_of(look, ZONNEDAK))


def test_every_role_is_held_by_somebody(look: ScopedSession) -> None:
    held = {role for account in _accounts(look).values() for place in account.places for role in place.roles}

    assert held == set(RULES)


def test_the_accounts_stand_in_the_order_of_the_sign_in_page(look: ScopedSession) -> None:
    found = read_demo_accounts(look)

    assert [account.name for account in found] == [person.name for person in DEMO_ACCOUNTS]
    assert [account.id for account in found] == sorted(account.id for account in found)


def test_nobody_has_a_password_and_all_addresses_are_invented(look: ScopedSession) -> None:
    for account in look.scalars(sa.select(Account)):
        assert account.password_hash is None
        assert account.email.endswith("@example.org")


def test_two_members_of_one_household_share_an_address(look: ScopedSession) -> None:
    shared = look.scalars(sa.select(Account.name).where(Account.email == "dubbelglas@example.org")).all()

    assert sorted(shared) == ["Daan Dubbelglas", "Dina Dubbelglas"]
    assert all(_roles(_accounts(look)[name]) == {KETELHUIS: {Role.MEMBER}} for name in shared)


def test_the_treasurer_is_a_member_as_well(look: ScopedSession) -> None:
    assert _roles(_accounts(look)["Petra Prijspeil"]) == {KETELHUIS: {Role.TREASURER, Role.MEMBER}}


def test_one_person_is_at_work_in_both_cooperatives(look: ScopedSession) -> None:
    found = [account.name for account in _accounts(look).values() if len(account.places) == 2]

    assert found == ["Noud Netaansluiting"]


def test_one_role_ended_last_year_and_one_begins_next_month(look: ScopedSession) -> None:
    ended = look.scalars(sa.select(RoleGrant).where(RoleGrant.ends_on.is_not(None))).all()
    coming = look.scalars(sa.select(RoleGrant).where(RoleGrant.starts_on > DAY)).all()

    assert [(row.role, row.ends_on and row.ends_on.year) for row in ended] == [(Role.TREASURER, DAY.year - 1)]
    assert [(row.role, row.starts_on) for row in coming] == [(Role.BOARD_MEMBER, date(2026, 4, 1))]


def test_roles_of_another_day_are_told_for_that_day(look: ScopedSession) -> None:
    assert Role.BOARD_MEMBER in _roles(_accounts(look, date(2026, 4, 1))["Loes Leiding"])[KETELHUIS]
    assert Role.BOARD_MEMBER not in _roles(_accounts(look)["Loes Leiding"])[KETELHUIS]


def test_roles_are_given_by_the_chair_and_never_in_the_future(look: ScopedSession) -> None:
    chairs = set(look.scalars(sa.select(RoleGrant.account_id).where(RoleGrant.role == Role.CHAIR)))

    for grant in look.scalars(sa.select(RoleGrant)):
        assert (grant.granted_by_id in chairs) is (grant.role is not Role.CHAIR)
        assert clock.legal_day(grant.granted_at) <= DAY


def test_limited_roles_know_their_buildings(look: ScopedSession) -> None:
    counts = Counter(
        look.scalars(
            sa.select(RoleGrant.role).join(
                RoleBuilding,
                (RoleBuilding.grant_id == RoleGrant.id) & (RoleBuilding.cooperative_id == RoleGrant.cooperative_id),
            )
        )
    )

    assert counts == {Role.BUILDING_AMBASSADOR: 2, Role.VVE_REPRESENTATIVE: 1, Role.LANDLORD: 14}


def test_the_teller_counts_at_a_meeting_still_to_come(look: ScopedSession) -> None:
    teller = look.scalars(sa.select(RoleGrant).where(RoleGrant.role == Role.TELLER)).one()

    assert teller.concerns == meeting_name(DAY) == "Algemene ledenvergadering van 28 maart 2026"


def test_the_administrator_waits_for_an_answer(look: ScopedSession) -> None:
    (request,) = look.scalars(sa.select(SupportGrant)).all()

    assert request.cooperative_id == _id_of(look, KETELHUIS)
    assert (request.granted_at, request.closed_at) == (None, None)
    assert request.account_id == _accounts(look)["Ada Algoritme"].id


def test_the_umbrella_has_one_of_the_two_as_a_member(look: ScopedSession) -> None:
    members = cooperatives.read_umbrella_members(look, umbrella_id=1, day=DAY)

    assert [member.slug for member in members] == [KETELHUIS]
    assert _roles(_accounts(look)["Koen Koepeldak"]) == {"apec": {Role.COORDINATOR}}


def test_one_cooperative_sees_nothing_of_the_other(demo: Database) -> None:
    with demo.work(Scope(cooperative_ids=frozenset({2}))) as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Building)) == 3
        assert session.scalar(sa.select(sa.func.count()).select_from(BusinessCase)) == 0


def test_only_a_demo_tells_who_lives_in_it(sqlite_database: Database) -> None:
    with furnishing(sqlite_database) as session:
        cooperatives.found_installation(session, demo_day=None, now=clock.now())

    with sqlite_database.work(Scope()) as session, pytest.raises(NotFound):
        read_demo_accounts(session)
