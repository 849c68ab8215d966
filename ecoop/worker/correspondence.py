"""The jobs that write to people: mailings, letters on paper, and telling who has something waiting."""

import os
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from ecoop import clock, language
from ecoop.errors import NotFound
from ecoop.exchange import printing
from ecoop.exchange.printing import Sheet
from ecoop.language import Language
from ecoop.language.turns import PLACES, turn_line
from ecoop.mail import mailing_letter, render_letter
from ecoop.services import letters, mailings, turns
from ecoop.services.cooperatives import CooperativeView, read_cooperatives
from ecoop.services.letters import LetterView, print_file
from ecoop.services.mailings import Recipient
from ecoop.services.turns import Reader, TurnView
from ecoop.worker.work import JobFailed, Work

AT_ONCE = 25
"""Letters written in one piece of work."""


def cooperative_of(work: Work, cooperative_id: int | None) -> CooperativeView:
    """The cooperative of a job. Fails the job where it is not there any more."""
    with work.reading() as session:
        for one in read_cooperatives(session):
            if one.id == cooperative_id:
                return one
    raise JobFailed("not_there")


def argument_of(work: Work, name: str) -> int:
    """A number that the job was given."""
    value = work.job.arguments.get(name)
    if not isinstance(value, int):
        raise JobFailed("not_there")
    return value


def write_mailing(work: Work) -> None:
    """Write the letter of a mailing to everybody in its group; each has a key, so nobody gets it twice."""
    own = cooperative_of(work, work.job.cooperative_id)
    try:
        with work.reading() as session:
            mailing = mailings.read_mailing(session, cooperative_id=own.id, mailing_id=argument_of(work, "mailing_id"))
            people = mailings.find_recipients(
                session, cooperative_id=own.id, group=mailing.group, day=clock.legal_day(mailing.written_at)
            )
    except NotFound as error:
        raise JobFailed("not_there") from error

    def letter(one: Recipient, subject: str, text: str, spoken: Language) -> tuple[str, str]:
        return mailing_letter(name=one.name, cooperative=own.name, subject=subject, text=text, spoken=spoken)

    work.progress(0, len(people))
    for start in range(0, len(people), AT_ONCE):
        with work.writing() as session:
            for one in people[start : start + AT_ONCE]:
                mailings.write_to(session, mailing, one, cooperative_id=own.id, letter=letter, now=work.now())
        work.progress(min(start + AT_ONCE, len(people)), len(people))


def print_waiting(work: Work) -> None:
    """Make one PDF of the letters for who has no e-mail, in a process of its own."""
    own = cooperative_of(work, work.job.cooperative_id)
    with work.reading() as session:
        waiting = letters.read_to_print(session, cooperative_id=own.id, up_to=argument_of(work, "up_to"))
    if not waiting:
        raise JobFailed("not_there")
    work.progress(0, len(waiting))
    sheets = [sheet_of(one, own) for one in waiting]
    content = work.run_apart(printing.print_letters, sheets)
    keep_file(print_file(work.settings.folder, work.job.id), content)
    work.progress(len(waiting), len(waiting))


def sheet_of(letter: LetterView, own: CooperativeView) -> Sheet:
    """A letter as it is printed: the same text that would be mailed."""
    with language.speaking(letter.language):
        address = [line.strip() for line in (letter.postal_address or "").splitlines() if line.strip()]
        return Sheet(
            language=letter.language.value, sender=own.name, place=own.place,
            day=language.day(clock.legal_day(letter.written_at)), addressee=[letter.name, *address],
            subject=letter.subject, body=letter.body,
        )  # fmt: skip


def keep_file(file: Path, content: bytes) -> None:
    """Put the file there whole or not at all, for its owner only."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    arriving = file.with_suffix(".arriving")
    handle = os.open(arriving, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as target:
        target.write(content)
        target.flush()
        os.fsync(target.fileno())
    arriving.replace(file)


def remove_prints(folder: Path, *, before: datetime) -> None:
    """Remove every print that was made before a moment."""
    for file in print_file(folder, 0).parent.glob("*"):
        if file.stat().st_mtime < before.timestamp():
            file.unlink(missing_ok=True)


def tell_turns(work: Work) -> None:
    """A letter to everybody for whom something came to wait since the last time: one each, however much it is.

    Told and written in one piece of work, so that nothing is told twice or never.
    """
    for own in _with_turns(work):
        with work.writing(own.id) as session:
            now = work.now()
            untold = turns.take_untold(session, cooperative_id=own.id, now=now)
            people = turns.readers_of(session, untold, cooperative_id=own.id, wants="same_day", now=now)
            for reader, waiting in people:
                subject, body, spoken = _turn_letter(work, "turns_today", own, reader, waiting)
                letters.write_letter(
                    session, account_id=reader.account_id, recipient=reader.email, subject=subject, body=body,
                    now=now, name=reader.name, kind="turn", spoken=spoken, cooperative_id=own.id,
                )  # fmt: skip


def send_digest(work: Work) -> None:
    """Once a week, a letter to everybody for whom something still waits; its key keeps it from coming twice."""
    week = clock.legal_day(work.job.due_at).strftime("%G-W%V")
    for own in _with_turns(work):
        with work.writing(own.id) as session:
            now = work.now()
            found = turns.read_turns(session, cooperative_id=own.id)
            people = turns.readers_of(session, found, cooperative_id=own.id, wants="digest", now=now)
            for reader, waiting in people:
                subject, body, spoken = _turn_letter(work, "turns_digest", own, reader, waiting)
                letters.write_letter(
                    session, account_id=reader.account_id, recipient=reader.email, subject=subject, body=body,
                    now=now, name=reader.name, kind="digest", spoken=spoken, cooperative_id=own.id,
                    key=f"digest:{week}:{own.id}:{reader.account_id}",
                )  # fmt: skip


def _with_turns(work: Work) -> list[CooperativeView]:
    with work.reading() as session:
        wanted = set(turns.cooperatives_with_turns(session))
        return [one for one in read_cooperatives(session) if one.id in wanted]


def _turn_letter(
    work: Work, template: str, own: CooperativeView, reader: Reader, waiting: Sequence[TurnView]
) -> tuple[str, str, Language]:
    spoken = language.parse_language(reader.language) or language.DEFAULT
    with language.speaking(spoken):
        lines = [turn_line(turn.kind, turn.since, turn.due_on) for turn in waiting]
    places = {PLACES.get(turn.kind, "") for turn in waiting}
    place = places.pop() if len(places) == 1 else ""
    subject, body = render_letter(
        template, spoken, name=reader.name, cooperative=own.name, turns=lines,
        link=f"{work.settings.address}/cooperatives/{own.slug}/{place}",
        choices=f"{work.settings.address}/account/letters",
    )  # fmt: skip
    return subject, body, spoken
