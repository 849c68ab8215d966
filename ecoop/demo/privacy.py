"""Privacy in the demo: texts to agree to, some consents, somebody who left long ago, a legal hold, a trial run."""

from datetime import date, datetime, time, timedelta

from sqlalchemy import select

from ecoop import clock
from ecoop.db import ScopedSession
from ecoop.demo.people import Since
from ecoop.governance.consents import ConsentHow, ConsentMove, ConsentPurpose
from ecoop.governance.membership import EndReason, EventKind
from ecoop.governance.roles import Actor
from ecoop.governance.statutes import PartyKind
from ecoop.models import Party
from ecoop.services import consents, legal_holds, memberships, parties, retention
from ecoop.services.consents import NewConsent
from ecoop.services.memberships import NewEvent
from ecoop.services.parties import PartyFacts

PICTURES = "We zetten foto's van bijeenkomsten op de website. Sta je erop en wil je dat niet meer, dan halen we ze weg."
PICTURES_AND_PAPER = (
    "We zetten foto's van bijeenkomsten op de website en sturen ze naar de buurtkrant. Sta je erop en wil je dat niet "
    "meer, dan halen we ze van de website weg. Je kunt dit altijd terugdraaien."
)
HEAT_USE = (
    "We geven je warmtegebruik per maand, zonder naam en adres, aan de onderzoekers van het warmtenet. Je kunt dit "
    "altijd terugdraaien; dan geven we niets nieuws meer."
)
AGREED, AGREED_LATER = 7, 3
HELD_WHY = "Meningsverschil over de teruggave van de inleg; wij wachten de uitspraak van de geschillencommissie af."
LEFT_LONG_AGO = (("Wieneke", "Weggegaan"), ("Herre", "Heengegaan"))


def write(session: ScopedSession, secretary: Actor, *, cooperative_id: int, day: date) -> None:
    """What a secretary did about privacy over the years."""
    known = session.scalars(
        select(Party.id)
        .where(Party.cooperative_id == cooperative_id, Party.kind == PartyKind.PERSON)
        .order_by(Party.id)
    ).all()
    here = {"cooperative_id": cooperative_id}

    def text(purpose: ConsentPurpose, words: str, ago: int) -> None:
        consents.record_text(session, secretary, **here, purpose=purpose, language="nl", text=words, now=_ago(day, ago))

    def agree(party_id: int, purpose: ConsentPurpose, move: ConsentMove, ago: int) -> None:
        now = _ago(day, ago)
        new = NewConsent(purpose=purpose, move=move, valid_from=clock.legal_day(now), how=ConsentHow.SIGNED_FORM)
        consents.record_consent(session, secretary, cooperative_id=cooperative_id, party_id=party_id, new=new, now=now)

    text(ConsentPurpose.PICTURES, PICTURES, 700)
    for party_id in known[:AGREED]:
        agree(party_id, ConsentPurpose.PICTURES, ConsentMove.GIVEN, 600)
    agree(known[3], ConsentPurpose.PICTURES, ConsentMove.WITHDRAWN, 300)
    text(ConsentPurpose.PICTURES, PICTURES_AND_PAPER, 200)
    text(ConsentPurpose.HEAT_USE, HEAT_USE, 200)
    for party_id in known[5 : 5 + AGREED_LATER]:
        agree(party_id, ConsentPurpose.HEAT_USE, ConsentMove.GIVEN, 150)
    gone = [_left_long_ago(session, secretary, cooperative_id, day, *name) for name in LEFT_LONG_AGO]
    legal_holds.place_hold(session, secretary, **here, party_id=gone[1], why=HELD_WHY, now=_ago(day, 90))
    retention.keep_trial(session, secretary, **here, day=day - timedelta(days=7), now=_ago(day, 7))


def _left_long_ago(
    session: ScopedSession, secretary: Actor, cooperative_id: int, day: date, given: str, family: str
) -> int:
    """Somebody who was a member for two years and left four years ago: the e-mail address may go by now."""
    since = Since(years_ago=6, month=3).seen_from(day)
    facts = PartyFacts(name=f"{given} {family}", given_names=given, family_name=family, phone="020-5550000",
                       email=f"{family.lower()}@example.org", birth_date=date(1948, 2, 3), street="Linnenstraat",
                       house_number="101", postcode="1054 AK", city="Amsterdam")  # fmt: skip
    party_id = parties.record_party(
        session, secretary, cooperative_id=cooperative_id, kind=PartyKind.PERSON, facts=facts, valid_from=since,
        now=_morning(since),
    )  # fmt: skip
    membership_id = memberships.open_membership(
        session, cooperative_id=cooperative_id, party_id=party_id, now=_morning(since)
    )
    left = Since(years_ago=4, month=1).seen_from(day)
    for new in (
        NewEvent(kind=EventKind.ADMITTED, valid_from=since, class_code="tenant"),
        NewEvent(
            kind=EventKind.ENDED, valid_from=left, end_reason=EndReason.RESIGNATION, why="Naar een verzorgingshuis."
        ),
    ):
        memberships.add_event(
            session, secretary, cooperative_id=cooperative_id, membership_id=membership_id, new=new,
            now=_morning(new.valid_from),
        )  # fmt: skip
    return party_id


def _morning(day: date) -> datetime:
    return datetime.combine(day, time(9, 30), clock.AMSTERDAM)


def _ago(day: date, days: int) -> datetime:
    return _morning(day - timedelta(days=days))
