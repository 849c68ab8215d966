"""What the pages of the register cost with 10,000 members on both databases: the list, a search, any date."""

import itertools
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from flask.testing import FlaskClient

from ecoop import migrations
from ecoop.app import create_app
from ecoop.db import Database, Scope, open_database
from ecoop.governance.membership import EndReason, EventKind, MembershipEvent, spans
from ecoop.governance.roles import Role
from ecoop.governance.statutes import PartyKind
from ecoop.models import (
    Account,
    Membership,
    MembershipEventRow,
    MembershipSpan,
    NumberSeries,
    Party,
    PartyRecord,
)
from ecoop.models.parties import FOREVER
from ecoop.models.types import new_key
from ecoop.services import browser_sessions, cooperatives, roles
from ecoop.services.parties import PartyFacts, name_key
from ecoop.services.roles import NewRole
from tests.support.postgresql import running_server
from tests.support.web import demo_settings

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
TODAY, FIRST = date(2026, 3, 2), date(2017, 1, 1)
FEW, MANY, ROUNDS = 100, 10_000, 60
GOAL_MS = 150.0
GIVEN = ("Amber", "Bas", "Chantal", "Driss", "Elif", "Fatima", "Gerrit", "Hatice", "Imane", "Joost", "Karima", "Lars")
FAMILY = ("Warmtebron", "Ketel", "Leiding", "Radiator", "Buffervat", "Wisselaar", "Kraan", "Thermostaat", "Pomp")

Row = tuple[str, float, str, bool]


def measure() -> list[Row]:
    """Rows of the table: what, how much, the goal, and whether it is reached."""
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as folder:
        rows += _measured("SQLite", [f"sqlite:///{Path(folder) / name}.sqlite3" for name in ("few", "many")])
    with running_server() as server:
        rows += _measured("PostgreSQL", [server.create(name) for name in ("few", "many")])
    return rows


def _measured(kind: str, addresses: list[str]) -> list[Row]:
    small, large = ({name: _percentile(get) for name, get in _pages(address, count)} for address, count in zip(
        addresses, (FEW, MANY), strict=True
    ))  # fmt: skip
    rows: list[Row] = []
    for name, milliseconds in large.items():
        what = f"{name}, {MANY} members, {kind}"
        rows.append((f"{what} p95 [ms]", milliseconds, f"< {GOAL_MS:g}", milliseconds < GOAL_MS))
        rows.append((f"{what} / with {FEW} [ratio]", milliseconds / small[name], "", True))
    return rows


def _percentile(get: Callable[[int], None]) -> float:
    """The 95th percentile of the time of one page in milliseconds, after three to warm up."""
    times = []
    for place in range(ROUNDS + 3):
        begin = time.perf_counter()
        get(place)
        times.append(1000 * (time.perf_counter() - begin))
    return statistics.quantiles(times[3:], n=20)[-1]


def _pages(address: str, count: int) -> Iterator[tuple[str, Callable[[int], None]]]:
    with _site(address, count) as client:
        yield "list page", lambda place: _get(client, f"page={1 + place}")
        yield "search", lambda place: _get(client, f"text={FAMILY[place % 9]}+{GIVEN[place % 12][:3]}")
        yield "search by number", lambda place: _get(client, f"text={place * 7 % count + 1}")
        yield "register at a date", lambda place: _get(client, f"on={_day(place)}&known={_day(place + 400)}")


def _day(place: int) -> date:
    return FIRST + timedelta(days=500 + place * 29)


def _get(client: FlaskClient, query: str) -> None:
    answer = client.get(f"/cooperatives/bench/members/?{query}")
    assert answer.status_code == 200, answer.status_code


@contextmanager
def _site(address: str, count: int) -> Iterator[FlaskClient]:
    database = open_database(address)
    try:
        migrations.upgrade(database)
        key = _furnish(database, count)
        client = create_app(demo_settings(), database, now=lambda: NOW).test_client()
        with client.session_transaction() as kept:
            kept.update({"_user_id": key, "_fresh": True, "_permanent": True})
        yield client
    finally:
        database.dispose()


def _furnish(database: Database, count: int) -> str:
    """A cooperative with so many members and a secretary; what its session is known by."""
    with database.work(Scope(may_write=True)) as session:
        cooperatives.found_installation(session, demo_day=None, now=NOW)
        home = cooperatives.found_cooperative(session, slug="bench", name="Bench", place="Ergens", now=NOW).id
        new = NewRole(role=Role.SECRETARY, email="s@example.org", name="Silvia", starts_on=FIRST)
        roles.grant_role(session, None, cooperative_id=home, new=new, now=NOW)
        chance = random.Random(count)
        session.add(NumberSeries(cooperative_id=home, name="membership", last=count))
        rows = [row for number in range(1, count + 1) for row in _member(home, number, chance)]
        for kind in (Party, PartyRecord, Membership, MembershipEventRow, MembershipSpan):  # parents first
            session.add_all(row for row in rows if isinstance(row, kind))
            session.flush()
        account = session.get_one(Account, 1)
        session_key = account.session_key
        browser_session = browser_sessions.begin(session, account.id, browser="Firefox, Linux", now=NOW)
    with database.writer.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")
    return f"1.{session_key}.{browser_session}"


def _member(home: int, number: int, chance: random.Random) -> Iterator[object]:
    """The rows of one member: a few moved, a sixth has left, some were written down later than they happened."""
    since = FIRST + timedelta(days=chance.randrange(3000))
    known = _instant(since + timedelta(days=chance.choice((0, 0, 0, 40))))
    party, membership = new_key(), new_key()
    yield Party(cooperative_id=home, id=party, kind=PartyKind.PERSON, created_at=known)
    yield from _records(home, party, since, known, chance)
    yield Membership(cooperative_id=home, id=membership, party_id=party, number=number, created_at=known)
    events = [_event(EventKind.ADMITTED, since, known, class_code=chance.choice(("tenant", "owner_occupier")))]
    left = since + timedelta(days=chance.randrange(30, 3000))
    if chance.random() < 1 / 6 and left <= TODAY:
        events.append(_event(EventKind.ENDED, left, _instant(left), end_reason=EndReason.RESIGNATION))
    for event in events:
        yield MembershipEventRow(
            cooperative_id=home, id=event.id, membership_id=membership, kind=event.kind, valid_from=event.valid_from,
            recorded_at=event.recorded_at, class_code=event.class_code, end_reason=event.end_reason,
        )  # fmt: skip
    yield from _spans(home, membership, events)


def _spans(home: int, membership: int, events: list[MembershipEvent]) -> Iterator[MembershipSpan]:
    """The spans as they were known after each event."""
    instants = [event.recorded_at for event in events]
    for known_from, known_until in itertools.pairwise([*instants, None]):
        assert known_from is not None
        for span in spans(events, known_from):
            yield MembershipSpan(
                cooperative_id=home, membership_id=membership, status=span.status, class_code=span.class_code,
                starts_on=span.starts_on, ends_on=span.ends_on or FOREVER, member_since=span.member_since,
                known_from=known_from, known_until=known_until,
            )  # fmt: skip


def _records(home: int, party: int, since: date, known: datetime, chance: random.Random) -> Iterator[PartyRecord]:
    given, family = chance.choice(GIVEN), chance.choice(FAMILY)
    facts = PartyFacts(name=f"{given} {family}", given_names=given, family_name=family)
    moved = since + timedelta(days=chance.randrange(30, 2000)) if chance.random() < 0.1 else FOREVER
    for begins, ends in itertools.pairwise(sorted({since, moved, FOREVER})):
        yield PartyRecord(
            cooperative_id=home, party_id=party, valid_from=begins, valid_until=ends, known_from=known,
            name=facts.name, name_key=name_key(facts), given_names=given, family_name=family,
            email=f"{party}@example.org", street="Paviljoenlaan", house_number=str(chance.randrange(1, 400)),
            postcode=f"1054 {chance.choice('ABCDEFGH')}{chance.choice('KLMN')}", city="Amsterdam",
        )  # fmt: skip


def _event(kind: EventKind, day: date, known: datetime, **given: object) -> MembershipEvent:
    return MembershipEvent(id=new_key(), kind=kind, valid_from=day, recorded_at=known, **given)  # type: ignore[arg-type]


def _instant(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 10, tzinfo=UTC)
