"""How the cooperative of the demo governs itself: statutes, decisions, offices, representatives and a frozen roll.

The statutes are invented, like the people: what the real ones say is not public.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from ecoop import clock
from ecoop.db import ScopedSession
from ecoop.demo.people import Since
from ecoop.governance.membership import EventKind
from ecoop.governance.offices import Body, Office
from ecoop.governance.representation import Acting, Matter
from ecoop.governance.roles import Actor
from ecoop.governance.statutes import EntryRule, LegalForm, MembershipClass, NoticeEnd, PartyKind, Statutes
from ecoop.services import memberships, offices, parties, register, representations, statutes, voters
from ecoop.services.memberships import NewEvent
from ecoop.services.offices import NewDecision
from ecoop.services.parties import PartyFacts
from ecoop.services.register import RegisterQuestion

FOUNDED = Since(years_ago=8, month=12, day=18)
CHANGED = Since(years_ago=3, month=6, day=1)
ASSOCIATION = "VvE Poortgebouw"
ONE = Decimal(1)
PEOPLE = frozenset({PartyKind.PERSON, PartyKind.HOUSEHOLD})


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoTerm:
    """Somebody in an office of the demo: since when and for how many years, or for how many days from today on."""

    name: str
    office: Office
    since: Since | None = None
    years: int | None = 4
    ends_in_days: int | None = None
    body: Body = Body.GENERAL_MEETING


def _class(code: str, name_nl: str, name_en: str, kinds: frozenset[PartyKind], votes: Decimal = ONE) -> MembershipClass:
    return MembershipClass(code=code, name_nl=name_nl, name_en=name_en, votes=votes, open_to=kinds)


FIRST_CLASSES = (
    _class("owner_occupier", "Eigenaar-bewoner", "Owner-occupier", PEOPLE),
    _class("tenant", "Huurder", "Tenant", PEOPLE),
    _class("business", "Bedrijf", "Business", frozenset({PartyKind.ORGANISATION, PartyKind.OWNERS_ASSOCIATION})),
)
LATER_CLASSES = (
    _class("association", "VvE", "Owners' association", frozenset({PartyKind.OWNERS_ASSOCIATION})),
    _class("friend", "Buitengewoon lid", "Associate member", frozenset(PartyKind), Decimal(0)),
)
TERMS = (
    DemoTerm(name="Vera Vastrecht", office=Office.CHAIR, since=Since(years_ago=7, month=2)),
    DemoTerm(name="Kees Kasboek", office=Office.TREASURER, since=Since(years_ago=6, month=1, day=15)),
    DemoTerm(name="Bram Buffervat", office=Office.BOARD_MEMBER, ends_in_days=75),
    DemoTerm(name="Silvia Schrijfgraag", office=Office.SECRETARY, since=Since(years_ago=3, month=1, day=15)),
    DemoTerm(name="Vera Vastrecht", office=Office.CHAIR, since=Since(years_ago=3, month=2)),
    DemoTerm(name="Kees Kasboek", office=Office.TREASURER, since=Since(years_ago=2, month=1, day=15)),
    DemoTerm(name="Petra Prijspeil", office=Office.TREASURER, since=Since(years_ago=2, month=7)),
    DemoTerm(name="Kees Kasboek", office=Office.AUDIT_COMMITTEE, since=Since(years_ago=1, month=9), years=2),
    DemoTerm(name="Petra Prijspeil", office=Office.SIGNATORY, since=Since(years_ago=2, month=7), years=None,
             body=Body.BOARD),
)  # fmt: skip
STEPPED_DOWN = ("Kees Kasboek", Office.TREASURER, Since(years_ago=2, month=7))
SPEAKERS = ("Wies Warmink", "Sjors Stoom", "Naima Nippel", "Olivier Onderdruk", "Farida Flens", "Teun Terugslag",
            "Jet Jacquet", "Rik Radiateur", "Hilal Hittegolf", "Casper Condens", "Mirte Mof",
            "Abel Afsluiter")  # fmt: skip
"""Who votes for the businesses, in turn; the last business has nobody yet, so that the board finds something to do."""
MEETING = timedelta(days=80)
"""The last general meeting was so long before the day of the demo; its roll is frozen."""


def first_statutes(day: date) -> Statutes:
    """The statutes of the founding."""
    return Statutes(
        valid_from=FOUNDED.seen_from(day), legal_form=LegalForm.EXCLUDED, classes=FIRST_CLASSES,
        entry_rule=EntryRule.DECISION, minimum_age=18, notice_weeks=4, notice_end=NoticeEnd.END_OF_FINANCIAL_YEAR,
        smallest_board=3, most_proxies=2,
        clauses=(("classes", "artikel 4"), ("legal_form", "artikel 2"), ("notice_weeks", "artikel 7 lid 1"),
                 ("smallest_board", "artikel 11 lid 1")),
    )  # fmt: skip


def later_statutes(day: date) -> Statutes:
    """The statutes as they were changed: associations and associates may join, and a term on the board has an end."""
    first = first_statutes(day)
    clauses = (*first.clauses, ("term_years", "artikel 11 lid 4"), ("most_terms", "artikel 11 lid 5"))
    return replace(
        first, valid_from=CHANGED.seen_from(day), classes=(*FIRST_CLASSES, *LATER_CLASSES), term_years=4,
        most_terms=3, clauses=tuple(sorted(clauses)),
    )  # fmt: skip


@dataclass(slots=True, kw_only=True)
class _Desk:
    session: ScopedSession
    secretary: Actor
    home: int
    day: date
    party_ids: Mapping[str, int]
    businesses: tuple[int, ...]


def govern(session: ScopedSession, secretary: Actor, *, cooperative_id: int, day: date) -> None:
    """Fill in how the cooperative governs itself; its members are in the register already."""
    lines = register.read_whole_register(
        session, secretary, cooperative_id=cooperative_id, asked=RegisterQuestion(day=day)
    )
    party_ids = {line.name: line.party_id for line in lines}
    businesses = tuple(line.party_id for line in lines if line.kind is PartyKind.ORGANISATION)
    desk = _Desk(
        session=session, secretary=secretary, home=cooperative_id, day=day, party_ids=party_ids, businesses=businesses
    )
    for version in (first_statutes(day), later_statutes(day)):
        statutes.record_statutes(
            session, secretary, cooperative_id=cooperative_id, statutes=version, now=_morning(version.valid_from)
        )
    _decide(desk, Body.FOUNDING, FOUNDED.seen_from(day), "Oprichting van de coöperatie en eerste bestuur")
    for term in TERMS:
        _appoint(desk, term)
    name, office, since = STEPPED_DOWN
    _step_down(desk, name, office, since.seen_from(day))
    _represent(desk)
    held = day - MEETING
    voters.freeze_vote_roll(
        session, secretary, cooperative_id=cooperative_id, day=held, purpose="Algemene ledenvergadering",
        now=_morning(held),
    )  # fmt: skip


def _morning(day: date) -> datetime:
    return datetime.combine(day, time(9, 30), clock.AMSTERDAM)


def _decide(desk: _Desk, body: Body, day: date, subject: str) -> int:
    new = NewDecision(body=body, decided_on=day, subject=subject)
    return offices.record_decision(desk.session, desk.secretary, cooperative_id=desk.home, new=new, now=_morning(day))


def _days(term: DemoTerm, day: date) -> tuple[date, date | None]:
    if term.since is None:
        ends_on = (day + timedelta(days=term.ends_in_days or 0)).replace(day=15)
        return ends_on.replace(year=ends_on.year - (term.years or 0)), ends_on
    starts_on = term.since.seen_from(day)
    return starts_on, None if term.years is None else starts_on.replace(year=starts_on.year + term.years)


def _appoint(desk: _Desk, term: DemoTerm) -> None:
    starts_on, ends_on = _days(term, desk.day)
    title = {Office.SIGNATORY: "Volmacht om te tekenen"}.get(term.office, "Benoeming")
    decision_id = _decide(desk, term.body, starts_on, f"{title}: {term.name}")
    offices.appoint(
        desk.session, desk.secretary, cooperative_id=desk.home, party_id=desk.party_ids[term.name],
        office=term.office, starts_on=starts_on, ends_on=ends_on, decision_id=decision_id, now=_morning(starts_on),
    )  # fmt: skip


def _step_down(desk: _Desk, name: str, office: Office, ends_on: date) -> None:
    """Somebody whose term was given for longer left earlier, by a decision of the meeting."""
    term = next(
        one
        for one in offices.read_offices(desk.session, cooperative_id=desk.home, day=desk.day)
        if (one.name, one.office) == (name, office) and one.ends_on is not None and one.ends_on > ends_on
    )
    decision_id = _decide(desk, Body.GENERAL_MEETING, ends_on, f"Tussentijds aftreden: {name}")
    offices.end_office(
        desk.session, desk.secretary, cooperative_id=desk.home, term_id=term.id, ends_on=ends_on,
        decision_id=decision_id, now=_morning(ends_on),
    )  # fmt: skip


def _represent(desk: _Desk) -> None:
    since = Since(years_ago=2, month=9, day=1).seen_from(desk.day)
    now = _morning(since)
    for place, represented_id in enumerate(desk.businesses[:-1]):
        speaker_id = parties.record_party(
            desk.session, desk.secretary, cooperative_id=desk.home, kind=PartyKind.PERSON,
            facts=PartyFacts(name=SPEAKERS[place % len(SPEAKERS)]), valid_from=since, now=now,
        )  # fmt: skip
        _speaks(desk, represented_id, speaker_id, since, "Uittreksel KvK")
    association_id, victor = desk.party_ids[ASSOCIATION], desk.party_ids["Victor Vleugelraam"]
    for matter in (Matter.VOTE, Matter.CONTRACT):
        _speaks(desk, association_id, victor, since, "Besluit van de vergadering van eigenaars", matter)
    _reclass(desk, association_id)


def _speaks(
    desk: _Desk, represented_id: int, speaker_id: int, since: date, proof: str, matter: Matter = Matter.VOTE
) -> None:
    new = Acting(represented_id=represented_id, representative_id=speaker_id, matter=matter, valid_from=since)
    representations.record_representation(
        desk.session, desk.secretary, cooperative_id=desk.home, new=new, proof=proof, now=_morning(since)
    )


def _reclass(desk: _Desk, party_id: int) -> None:
    """The association was taken in as a business; since the statutes changed there is a kind of its own for it."""
    changed = CHANGED.seen_from(desk.day)
    membership_id = memberships.open_membership(
        desk.session, cooperative_id=desk.home, party_id=party_id, now=_morning(changed)
    )
    new = NewEvent(kind=EventKind.CLASS_CHANGED, valid_from=changed, class_code="association")
    memberships.add_event(
        desk.session, desk.secretary, cooperative_id=desk.home, membership_id=membership_id, new=new,
        now=_morning(changed),
    )  # fmt: skip
