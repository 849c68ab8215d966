"""Applications for tests: a cooperative that takes them, and newcomers who fill in the form."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from ecoop.db import ScopedSession
from ecoop.governance.admission import TextKind
from ecoop.governance.statutes import PartyKind
from ecoop.services import application_texts, joining
from ecoop.services.joining import NewApplication, Submitted
from ecoop.services.parties import PartyFacts
from tests.support.factories import NOW

NEWCOMER = PartyFacts(name="N. Nieuw", given_names="Noor", family_name="Nieuw", birth_date=date(1990, 6, 7),
                      email="noor@example.org", phone="0201234567", street="Kade", house_number="7",
                      postcode="1054 CD", city="Amsterdam")  # fmt: skip


def open_the_form(session: ScopedSession, cooperative_id: int, *, now: datetime = NOW) -> frozenset[int]:
    """Write the texts and open applying through the web; the numbers of the texts to accept."""
    numbers = {
        kind: application_texts.save_text(
            session, None, cooperative_id=cooperative_id, kind=kind, language="nl", text=f"Tekst: {kind.value}.",
            now=now,
        )
        for kind in TextKind
    }  # fmt: skip
    application_texts.set_open(session, None, cooperative_id=cooperative_id, wanted=True, now=now)
    return frozenset({numbers[TextKind.STATUTES], numbers[TextKind.PRIVACY]})


def an_application(accepted: frozenset[int], facts: PartyFacts = NEWCOMER, **given: Any) -> NewApplication:
    """What a newcomer fills in, complete unless it says otherwise."""
    values: dict[str, Any] = {"kind": PartyKind.PERSON, "class_code": "tenant"} | given
    return NewApplication(facts=facts, accepted=accepted, **values)


def applies(
    session: ScopedSession,
    cooperative_id: int,
    accepted: frozenset[int],
    name: str = "Nieuw",
    *,
    now: datetime = NOW,
    confirms: bool = True,
    **given: Any,
) -> Submitted:
    """Somebody fills in the form, and uses the link unless it says otherwise."""
    plain = name.lower().replace(" ", "")
    born = date(1950 + sum(map(ord, name)) % 50, 1 + len(name) % 12, 3)
    facts = replace(NEWCOMER, name=f"N. {name}", family_name=name, email=f"{plain}@example.org", birth_date=born,
                    house_number=str(sum(map(ord, name))))  # fmt: skip
    facts = replace(facts, **{key: given.pop(key) for key in list(given) if hasattr(facts, key)})
    new = an_application(accepted, facts, **given)
    made = joining.apply(session, cooperative_id=cooperative_id, new=new, network=f"10.0.0.{plain}", now=now)
    assert made is not None
    if confirms:
        joining.confirm(session, made.secret, cooperative_id=cooperative_id, now=now)
    return made
