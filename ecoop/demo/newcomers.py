"""Who wants to be a member of the demo cooperative: some just now, one who was asked something, one who is known."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

from ecoop import admission_letters, clock
from ecoop.db import ScopedSession
from ecoop.demo.members import demo_parties
from ecoop.governance.admission import Living, RefusalReason, TextKind
from ecoop.governance.roles import Actor
from ecoop.governance.statutes import PartyKind
from ecoop.services import admission, application_intake, application_texts, joining, letters
from ecoop.services.admission import AdmissionChoice
from ecoop.services.joining import NewApplication
from ecoop.services.parties import PartyFacts

OPENED = 300
KNOWN = "Mo Meterkast"
SITE = "http://localhost/cooperatives/ketelhuiswg/join/"
TEXTS = {
    (TextKind.STATUTES, "nl"): "Ik wil lid worden en houd me aan de statuten. Je vindt ze op de openbare pagina.",
    (TextKind.STATUTES, "en"): "I want to be a member and keep to the statutes. You find them on the public page.",
    (TextKind.PRIVACY, "nl"): (
        "De coöperatie bewaart je gegevens voor het ledenregister en om je brieven te sturen.\n"
        "Het bestuur ziet ze, en niemand anders. Je kunt altijd vragen wat we van je bewaren."
    ),
    (TextKind.PRIVACY, "en"): (
        "The cooperative keeps your data for the member register and to send you letters.\n"
        "The board sees them, and nobody else. You can always ask what we keep of you."
    ),
    (TextKind.APPEAL, "nl"): (
        "Ben je het er niet mee eens? Schrijf dan binnen een maand aan het bestuur.\n"
        "De volgende algemene vergadering neemt daarover een besluit."
    ),
    (TextKind.APPEAL, "en"): (
        "Do you not agree? Then write to the board within a month.\nThe next general meeting decides about it."
    ),
}
NEWCOMER = PartyFacts(name="", street="Tweede Constantijn Huygensstraat", house_number="999", postcode="1054 ZZ",
                      city="Amsterdam")  # fmt: skip
QUESTION = "Je schrijft dat je huurt én een atelier hebt. Waarvoor wil je lid worden?"
ANSWER = "Alleen voor mijn woning. Het atelier zeg ik in de zomer op."


def write_applications(
    session: ScopedSession, secretary: Actor, *, cooperative_id: int, cooperative: str, day: date
) -> None:  # fmt: skip
    """Open the form, let newcomers apply, and let the secretary answer some of them."""
    desk = _Desk(session, secretary, cooperative_id, cooperative, day)
    desk.open_form()
    application_intake.take_in(session, secretary, cooperative_id=cooperative_id, now=desk.at(1))
    admitted = desk.apply(34, _person("Wim", "Welkom", 1984), class_code="tenant", living=Living.TENANT)
    refused = desk.apply(30, _person("Vera", "Verweg", 1979, city="Rotterdam", postcode="3011 ZZ"), class_code="tenant")
    desk.decide(admitted, refused)
    asked = desk.apply(12, _person("Aron", "Atelier", 1991), class_code="tenant", living=Living.TENANT,
                       remark="Ik huur een woning en een atelier op het terrein.")  # fmt: skip
    desk.ask_and_answer(asked)
    # Without a house number, and perhaps a neighbour who is a member already.
    desk.apply(9, _person("Half", "Ingevuld", 1988, house_number=None, phone=None), class_code="owner_occupier")
    desk.apply(4, _known(day), class_code="tenant", living=Living.TENANT)
    desk.apply(2, _organisation(), class_code="business", kind=PartyKind.ORGANISATION, representative="Bibi Bakplaat")
    desk.apply(1, _person("Noortje", "Nogniet", 1995), class_code="tenant", confirms=False)
    desk.deliver()


def _person(given: str, family: str, year: int, **changes: Any) -> PartyFacts:
    return replace(
        NEWCOMER, name=f"{given} {family}", given_names=given, family_name=family, birth_date=date(year, 9, 12),
        email=f"{given}.{family}@example.org".lower(), **changes,
    )  # fmt: skip


def _known(day: date) -> PartyFacts:
    """A member who moved, took another e-mail address and forgot about being a member."""
    member = next(one for one in demo_parties(day) if one.account == KNOWN)
    return replace(member.facts, street=NEWCOMER.street, house_number="997", email="mo.verhuisd@example.org")


def _organisation() -> PartyFacts:
    return replace(NEWCOMER, name="Bakkerij Bakplaat", email="bakplaat@example.org", registration_number="00000099")


class _Desk:
    """The secretary's desk, and the letters that leave it."""

    def __init__(
        self, session: ScopedSession, secretary: Actor, cooperative_id: int, cooperative: str, day: date
    ) -> None:
        self.session, self.secretary = session, secretary
        self.home, self.name, self.day = cooperative_id, cooperative, day
        self.accepted: frozenset[int] = frozenset()

    def at(self, days_ago: int, hour: int = 10) -> datetime:
        return datetime.combine(self.day - timedelta(days=days_ago), time(hour), clock.AMSTERDAM)

    def open_form(self) -> None:
        numbers = {
            (kind, spoken): application_texts.save_text(
                self.session, self.secretary, cooperative_id=self.home, kind=kind, language=spoken, text=text,
                now=self.at(OPENED),
            )
            for (kind, spoken), text in TEXTS.items()
        }  # fmt: skip
        self.accepted = frozenset(
            number for (kind, spoken), number in numbers.items() if kind is not TextKind.APPEAL and spoken == "nl"
        )
        application_texts.set_open(
            self.session, self.secretary, cooperative_id=self.home, wanted=True, now=self.at(OPENED)
        )

    def apply(
        self,
        days_ago: int,
        facts: PartyFacts,
        *,
        kind: PartyKind = PartyKind.PERSON,
        confirms: bool = True,
        **given: Any,
    ) -> joining.Submitted:
        now = self.at(days_ago)
        new = NewApplication(kind=kind, facts=facts, accepted=self.accepted, **given)
        made = joining.apply(
            self.session, cooperative_id=self.home, new=new, network=f"demo {facts.email}", now=now
        )  # fmt: skip
        assert made is not None  # noqa: S101  one application each
        admission_letters.write_confirmation(
            self.session, made, cooperative_id=self.home, cooperative=self.name, link=SITE + made.secret, now=now
        )
        if confirms:
            joining.confirm(self.session, made.secret, cooperative_id=self.home, now=now + timedelta(hours=1))
        return made

    def decide(self, admitted: joining.Submitted, refused: joining.Submitted) -> None:
        now, home = self.at(20, 20), self.home
        choice = AdmissionChoice(valid_from=self.day - timedelta(days=20), decision="Bestuursvergadering, punt 3")
        for one in admission.admit(
            self.session, self.secretary, application_ids=[admitted.application_id], choice=choice, statutes=None,
            now=now, cooperative_id=home,
        ):  # fmt: skip
            admission_letters.write_admission(self.session, one, cooperative=self.name, now=now, cooperative_id=home)
        for other in admission.refuse(
            self.session, self.secretary, application_ids=[refused.application_id], now=now, cooperative_id=home,
            reason=RefusalReason.OUTSIDE_AREA, words="We leveren alleen warmte op het WG-terrein en eromheen.",
        ):  # fmt: skip
            admission_letters.write_refusal(self.session, other, cooperative=self.name, now=now, cooperative_id=home)

    def ask_and_answer(self, asked: joining.Submitted) -> None:
        now = self.at(8, 20)
        question = admission.ask(
            self.session, self.secretary, cooperative_id=self.home, application_id=asked.application_id,
            text=QUESTION, now=now,
        )  # fmt: skip
        admission_letters.write_question(
            self.session, question, cooperative_id=self.home, cooperative=self.name, link=SITE + question.secret,
            now=now,
        )  # fmt: skip
        joining.answer(self.session, question.secret, ANSWER, cooperative_id=self.home, now=self.at(6, 9))

    def deliver(self) -> None:
        """Everything arrived; the link in a letter is forgotten once it is out."""
        now = self.at(0, 9)
        newest = letters.newest_to_send(self.session, now=now) or 0
        while (taken := letters.take_letter(self.session, up_to=newest, now=now)) is not None:
            letters.mark_sent(self.session, taken, now=now)
