"""What the board of the demo wrote to its members, and what became of it."""

from datetime import date, datetime, time, timedelta

from ecoop import clock, language
from ecoop.db import ScopedSession
from ecoop.governance.roles import Actor
from ecoop.language import Language
from ecoop.mail import mailing_letter
from ecoop.services import jobs, letters, mailings
from ecoop.services.mailings import Group, MailingText, Recipient

WRITTEN = timedelta(days=6)
EVENING = timedelta(days=10)
ON_PAPER = (
    Recipient(key="paper:1", name="Bep Briefpost", email=None,
              postal_address="Eerste Constantijn Huygensstraat 999\n1054 AA  Amsterdam"),
    Recipient(key="paper:2", name="Dirk Drukwerk", email=None,
              postal_address="Anna van Burenstraat 999\n1054 AA  Amsterdam"),
)  # fmt: skip
"""Members without e-mail; the houses do not exist."""


def text_of(day: date) -> MailingText:
    """The letter, which names a day after that of the demo."""
    told = {}
    for spoken in Language:
        with language.speaking(spoken):
            told[spoken] = language.day(day + EVENING)
    return MailingText(
        subject_nl="Kom naar de informatieavond over warmte uit de buurt",
        text_nl=f"Op {told[Language.DUTCH]} om 19.30 uur vertellen we hoe het staat met het warmtenet.\n"
        "Je hoort wat je straks betaalt en je kunt al je vragen stellen.\n\n"
        "Je hoeft je niet aan te melden. Er is koffie.",
        subject_en="Come to our evening about heat from the neighbourhood",
        text_en=f"On {told[Language.ENGLISH]} at 19:30 we tell how far the heat network is.\n"
        "You hear what you will pay, and you can ask everything.\n\n"
        "You need not sign up. There is coffee.",
    )


def write(session: ScopedSession, chair: Actor, *, cooperative_id: int, cooperative: str, day: date) -> None:
    """A letter to everybody six days ago: most arrived, one came back, and two wait to be printed."""
    now = datetime.combine(day - WRITTEN, time(19, 40), clock.AMSTERDAM)
    number = mailings.send_mailing(
        session, chair, cooperative_id=cooperative_id, group=Group(), text=text_of(day), day=day - WRITTEN, now=now
    )
    job = jobs.take(session, "demo", now=now)
    assert job is not None  # noqa: S101  just put down
    mailing = mailings.read_mailing(session, cooperative_id=cooperative_id, mailing_id=number)
    people = mailings.find_recipients(session, cooperative_id=cooperative_id, group=Group(), day=day - WRITTEN)

    def letter(one: Recipient, subject: str, text: str, spoken: Language) -> tuple[str, str]:
        return mailing_letter(name=one.name, cooperative=cooperative, subject=subject, text=text, spoken=spoken)

    for one in (*people, *ON_PAPER):
        mailings.write_to(session, mailing, one, cooperative_id=cooperative_id, letter=letter, now=now)
    jobs.report_progress(session, job, len(people), len(people), now=now)
    jobs.finish(session, job, now=now)
    _deliver(session, now + timedelta(minutes=2))


def _deliver(session: ScopedSession, now: datetime) -> None:
    last, newest = None, letters.newest_to_send(session, now=now) or 0
    while (taken := letters.take_letter(session, up_to=newest, now=now)) is not None:
        letters.mark_sent(session, taken, now=now)
        last = taken
    if last is not None:
        letters.mark_bounced(session, last.id, "5.1.1 Mailbox unavailable", now=now + timedelta(minutes=1))
