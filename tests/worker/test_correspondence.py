"""Turns, mailings and paper: who gets which letter, once, in the own language."""

import os
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from ecoop.db import Scope
from ecoop.errors import Forbidden, InvalidInput, Refused
from ecoop.exchange.printing import Sheet, print_letters
from ecoop.governance.roles import BOARD_ROLES, Actor, HeldRole, Role
from ecoop.language import Language
from ecoop.mail import mailing_letter
from ecoop.models import Cooperative
from ecoop.services import jobs, letters, mail_choices, mailings, support, turns
from ecoop.services.jobs import JobState
from ecoop.services.letters import LetterFilter, LetterState, LetterView
from ecoop.services.mail_choices import ChoiceView
from ecoop.services.mailings import Group, MailingText, Recipient
from ecoop.worker import Worker
from ecoop.worker.kinds import KINDS
from tests.services.conftest import World
from tests.support.databases import furnishing
from tests.support.factories import LONG_AGO, a_building, a_limit_to_building, a_role, an_account, an_administrator
from tests.support.web import NOON, MovableClock
from tests.worker.conftest import settings_of, work_it_off

DAY = date(2026, 3, 2)
TEXT = MailingText(
    subject_nl="Vergadering", text_nl="Kom je?\n\nEr is koffie.", subject_en="Meeting", text_en="Coming?"
)


@pytest.fixture
def worker(world: World, clock: MovableClock, tmp_path: Path) -> Worker:
    """A worker that keeps to its schedules."""
    return Worker(world.database, settings_of(tmp_path, address="https://ecoop.example.org"), clock, kinds=KINDS)


def _letters(world: World, cooperative_id: int | None = None) -> list[LetterView]:
    where = cooperative_id or world.home
    with world.reading(where) as session:
        return list(letters.read_letters_of(session, cooperative_id=where, wanted=LetterFilter()))


def _ask(world: World, reason: str = "Kijken") -> int:
    """An administrator, who is at work outside the cooperative, asks to look in."""
    with furnishing(world.database) as session:
        account = an_account(session, "Ada")
        an_administrator(session, account)
        number = account.id
    held = (HeldRole(role=Role.ADMINISTRATOR, starts_on=LONG_AGO),)
    outside = Scope(account_id=number, may_write=True)
    with world.database.work(outside) as session:
        support.ask_support(
            session, Actor(account_id=number, name="Ada", roles=held), cooperative_id=world.home, reason=reason,
            hours=4, now=NOON,
        )  # fmt: skip
    return number


def _waiting(world: World, *roles: Role) -> list[str]:
    with world.reading() as session:
        return [one.kind for one in turns.read_turns(session, cooperative_id=world.home, actor=world.acting(*roles))]


# Turns


def test_a_request_to_look_in_waits_for_the_board_and_for_nobody_else(world: World) -> None:
    _ask(world)

    assert _waiting(world, Role.TREASURER) == [turns.SUPPORT_ASKED]
    assert _waiting(world, Role.MEMBER) == []
    with world.reading(world.neighbour) as session:
        assert turns.read_turns(session, cooperative_id=world.home) == ()


@pytest.mark.parametrize("verb", [support.grant_support, support.close_support])
def test_an_answer_settles_the_turn(world: World, verb) -> None:  # type: ignore[no-untyped-def]
    _ask(world)
    with world.inside() as session:
        number = support.read_support(session, cooperative_id=world.home)[0].id
        verb(session, world.treasurer, cooperative_id=world.home, support_id=number, now=NOON)
        session.commit()

    assert _waiting(world, Role.TREASURER) == []


def test_giving_the_same_turn_twice_gives_it_once(world: World) -> None:
    with world.inside() as session:
        for _ in range(2):
            turns.give_turn(session, cooperative_id=world.home, kind="x", subject="x:1", roles=BOARD_ROLES, now=NOON)
        session.commit()

    assert _waiting(world, Role.CHAIR) == ["x"]


def test_who_has_the_ball_gets_one_letter_the_same_day_however_much_waits(
    world: World, worker: Worker, clock: MovableClock
) -> None:
    work_it_off(worker)
    _ask(world)
    with world.inside() as session:
        turns.give_turn(session, cooperative_id=world.home, kind=turns.SUPPORT_ASKED, subject="other:2",
                        account_id=world.treasurer.account_id, due_on=DAY, now=NOON)  # fmt: skip
        session.commit()

    clock.move(hours=5)  # five o'clock in Amsterdam
    work_it_off(worker)

    (letter,) = _letters(world)
    assert letter.account_id == world.treasurer.account_id
    assert letter.body.count("\n- ") == 2
    assert "uiterlijk 2 maart 2026" in letter.body
    assert f"https://ecoop.example.org/cooperatives/{_slug(world)}/people/#looking-in" in letter.body
    assert "https://ecoop.example.org/account/letters" in letter.body
    clock.move(days=1)
    work_it_off(worker)
    assert len(_letters(world)) == 1  # told once


def _slug(world: World) -> str:
    with world.reading() as session:
        return session.get_one(Cooperative, world.home).slug


def test_what_still_waits_is_listed_on_monday_once(world: World, worker: Worker, clock: MovableClock) -> None:
    work_it_off(worker)
    _ask(world)
    clock.move(days=7)

    work_it_off(worker)
    with world.database.work(Scope(carries=True, may_write=True)) as session:  # as after a crash
        jobs.enqueue(session, turns.DIGEST, due_at=datetime.fromisoformat("2026-03-09T06:00+00:00"), now=clock())
    work_it_off(worker)

    assert [one.kind for one in _letters(world)].count("digest") == 1


@pytest.mark.parametrize(
    ("choice", "kinds"),
    [
        (ChoiceView(), {"turn", "digest"}),
        (ChoiceView(same_day=False), {"digest"}),
        (ChoiceView(digest=False), {"turn"}),
        (ChoiceView(same_day=False, digest=False), set()),
    ],
)
def test_nobody_gets_a_letter_that_was_not_wanted(
    world: World, worker: Worker, clock: MovableClock, choice: ChoiceView, kinds: set[str]
) -> None:
    work_it_off(worker)
    with world.database.work(Scope(may_write=True)) as session:
        mail_choices.choose(session, world.treasurer.account_id, choice, now=NOON)
        assert mail_choices.read_choice(session, world.treasurer.account_id) == choice
    _ask(world)
    clock.move(days=7)
    work_it_off(worker)

    assert {one.kind for one in _letters(world)} == kinds


# Mailings


def _send(world: World, group: Group = Group(), text: MailingText = TEXT, actor: Actor | None = None) -> int:  # noqa: B008
    with world.inside() as session:
        number = mailings.send_mailing(
            session, actor or world.treasurer, cooperative_id=world.home, group=group, text=text, day=DAY, now=NOON
        )
        session.commit()
    return number


def _people(world: World) -> dict[str, int]:
    """Two members of a household, an English ambassador of one building, and somebody whose role has ended."""
    with furnishing(world.database) as session:
        session.include(world.home)
        home = session.get_one(Cooperative, world.home)
        building = a_building(session, home, "Poortgebouw")
        for name in ("Kees", "Truus"):
            a_role(session, home, an_account(session, name, email="thuis@example.org"), Role.MEMBER)
        english = an_account(session, "Emma", language="en")
        limited = a_role(session, home, english, Role.BUILDING_AMBASSADOR)
        a_limit_to_building(session, limited, building)
        a_role(session, home, an_account(session, "Oud"), Role.MEMBER, ends_on=DAY)
        return {"building": building.id}


def _names(world: World, **chosen: tuple[str, ...]) -> set[str]:
    with world.reading() as session:
        found = mailings.find_recipients(session, cooperative_id=world.home, group=Group(chosen=chosen), day=DAY)
    return {one.name for one in found}


def test_a_group_is_chosen_by_role_and_building(world: World) -> None:
    building = str(_people(world)["building"])

    assert _names(world) == {"Petra", "Kees", "Truus", "Emma"}
    assert _names(world, role=("member",)) == {"Kees", "Truus"}
    assert _names(world, building=(building,)) == {"Emma"}
    assert _names(world, role=("member", "building_ambassador")) == {"Kees", "Truus", "Emma"}
    assert _names(world, role=("member",), building=(building,)) == set()


@pytest.mark.parametrize("chosen", [{"role": ("administrator",)}, {"building": ("x",)}, {"kind": ("lid",)}])
def test_a_group_that_nobody_knows_is_refused(world: World, chosen: dict[str, tuple[str, ...]]) -> None:
    with world.reading() as session, pytest.raises(InvalidInput):
        mailings.find_recipients(session, cooperative_id=world.home, group=Group(chosen=chosen), day=DAY)


def test_everybody_gets_an_own_letter_in_the_own_language(world: World, worker: Worker) -> None:
    _people(world)
    number = _send(world)

    work_it_off(worker)
    with world.database.work(Scope(carries=True, may_write=True)) as session:  # a second time, as after a crash
        jobs.enqueue(session, mailings.WRITE, cooperative_id=world.home, arguments={"mailing_id": number}, now=NOON)
    work_it_off(worker)

    found = {one.name: one for one in _letters(world)}
    assert len(_letters(world)) == 4
    assert (found["Kees"].recipient, found["Truus"].recipient) == ("thuis@example.org",) * 2
    assert found["Kees"].body.startswith("Beste Kees,\n\nKom je?\n\nEr is koffie.\n\nHet bestuur van ")
    assert (found["Emma"].subject, found["Emma"].body[:10]) == ("Meeting", "Dear Emma,")
    assert {one.mailing_id for one in found.values()} == {number}
    assert _letters(world, world.neighbour) == []


def test_everything_that_is_wrong_is_named_at_once(world: World) -> None:
    text = MailingText(subject_nl=" ", text_nl="x" * 10_001, subject_en="Hello")

    with pytest.raises(InvalidInput) as caught:
        _send(world, Group(chosen={"role": ("teller",)}), text)

    assert {(one.key, one.reason) for one in caught.value.problems} == {
        ("subject_nl", "letter_subject_missing"),
        ("text_nl", "letter_text_too_long"),
        ("text_en", "letter_english_half"),
        ("group", "letter_nobody"),
    }


@pytest.mark.parametrize("text", ["a\x1fb", "a\u202eb", "a\x00b"])
def test_what_cannot_be_seen_is_not_written(world: World, text: str) -> None:
    with pytest.raises(InvalidInput, match="letter_text_unusable"):
        _send(world, text=MailingText(subject_nl="x", text_nl=text))


def test_only_the_board_writes_to_a_group(world: World) -> None:
    with pytest.raises(Forbidden):
        _send(world, actor=world.acting(Role.MEMBER))


def test_a_mailing_that_is_stopped_keeps_what_was_written(world: World, worker: Worker, clock: MovableClock) -> None:
    _people(world)
    _send(world)
    with world.inside() as session:
        number = jobs.read_jobs(session, cooperative_id=world.home)[0].id
        jobs.ask_cancel(session, world.treasurer, cooperative_id=world.home, job_id=number, now=NOON)
        session.commit()

    work_it_off(worker)

    assert _letters(world) == []


# Paper


def _on_paper(world: World, number: int) -> None:
    """Two people from a register, without e-mail."""
    with world.inside() as session:
        mailing = mailings.read_mailing(session, cooperative_id=world.home, mailing_id=number)
        for key, name in (("person:1", "Bep Briefpost"), ("person:2", 'Dirk #read("x") *Druk*')):
            one = Recipient(key=key, name=name, email=None, postal_address="Straat 1\n1054 AA  Amsterdam")
            mailings.write_to(
                session, mailing, one, cooperative_id=world.home, now=NOON,
                letter=lambda one, subject, text, spoken: mailing_letter(
                    name=one.name, cooperative="Warmte", subject=subject, text=text, spoken=spoken),
            )  # fmt: skip
        session.commit()


def test_who_has_no_e_mail_gets_the_same_text_on_paper(world: World, worker: Worker, tmp_path: Path) -> None:
    _on_paper(world, _send(world))
    with world.inside() as session:
        number = letters.ask_print(session, world.treasurer, cooperative_id=world.home, now=NOON)
        session.commit()

    work_it_off(worker)

    file = letters.print_file(tmp_path, number)
    assert file.read_bytes().startswith(b"%PDF-1.7")
    assert file.read_bytes().count(b"/Type /Page\n") == 2 or b"/Count 2" in file.read_bytes()
    assert file.stat().st_mode & 0o077 == 0
    by_name = {one.name: one for one in _letters(world)}
    assert (
        by_name["Bep Briefpost"].body.replace("Bep Briefpost", "Petra").split("\n")[:4]
        == by_name["Petra"].body.split("\n")[:4]
    )


def test_what_was_posted_is_noted_and_what_came_later_waits(world: World) -> None:
    number = _send(world)
    _on_paper(world, number)
    newest = max(one.id for one in _letters(world))
    with world.inside() as session:
        letters.write_letter(session, account_id=None, recipient=None, name="Later", subject="x", body="x", now=NOON,
                             cooperative_id=world.home)  # fmt: skip
        assert letters.mark_posted(session, world.treasurer, cooperative_id=world.home, up_to=newest, now=NOON) == 2
        with pytest.raises(Refused, match="nothing_to_print"):
            letters.mark_posted(session, world.treasurer, cooperative_id=world.home, up_to=newest, now=NOON)
        session.commit()

    assert [one.name for one in _letters(world) if one.state is LetterState.TO_PRINT] == ["Later"]


def test_prints_are_removed_after_a_week(world: World, worker: Worker, tmp_path: Path) -> None:
    file = letters.print_file(tmp_path, 1)
    file.parent.mkdir()
    for name, days in (("1.pdf", 8), ("2.pdf", 6)):
        (file.parent / name).write_bytes(b"x")
        moment = (NOON - timedelta(days=days)).timestamp()
        os.utime(file.parent / name, (moment, moment))
    with world.database.work(Scope(carries=True, may_write=True)) as session:
        jobs.enqueue(session, "checks.nightly", now=NOON)

    work_it_off(worker)

    assert [one.name for one in file.parent.iterdir()] == ["2.pdf"]
    with world.database.work(Scope(carries=True)) as session:
        assert jobs.count_jobs(session).get(JobState.FAILED) is None


SHEET = Sheet(language="nl", sender="Warmte", place="Amsterdam", day="2 maart 2026", addressee=["Zoë"], subject="Hallo",
              body="Beste Zoë,\n\n#read(\"/etc/passwd\") *vet* € 5\n")  # fmt: skip


def test_a_printed_letter_is_tagged_for_who_cannot_see_it_and_the_same_every_time() -> None:
    made = print_letters([SHEET, SHEET])

    assert made == print_letters([SHEET, SHEET])
    assert b"pdfuaid" in made
    assert b"/Lang" in made


@pytest.mark.parametrize("body", ["", "#", "\\", "$x", "]", '#import "x"', "[[", "\u200b", "é" * 20_000])
def test_nothing_in_a_letter_is_read_as_layout(body: str) -> None:
    sheet = Sheet(language="en", sender="W", place="", day="", addressee=["#x"], subject="#panic(1)", body=body)

    assert print_letters([sheet]).startswith(b"%PDF")


def test_a_language_is_kept_for_every_letter() -> None:
    assert TEXT.in_language(Language.ENGLISH)[2] is Language.ENGLISH
    assert MailingText(subject_nl="x", text_nl="y").in_language(Language.ENGLISH)[2] is Language.DUTCH
