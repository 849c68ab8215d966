"""The letters to applicants, through a real mail server: the link in them works, and the number stands in them."""

import re
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from ecoop import admission_letters, mail
from ecoop.db import Database
from ecoop.governance.admission import RefusalReason
from ecoop.governance.roles import Actor, HeldRole, Role
from ecoop.services import admission, cooperatives, joining
from ecoop.services.admission import AdmissionChoice
from tests.mail.post_offices import PostOffice, post_office
from tests.mail.test_sending import LATER, NOW, _settings
from tests.support.applying import NEWCOMER, an_application, open_the_form
from tests.support.databases import furnishing
from tests.support.factories import LONG_AGO, a_cooperative, an_account

SITE = "https://ecoop.example.org/cooperatives/warm/join/"


def _apply(session: Any, home: int, spoken: str = "nl") -> joining.Submitted:
    accepted = open_the_form(session, home, now=NOW)
    new = an_application(accepted, replace(NEWCOMER, language=spoken))
    made = joining.apply(session, cooperative_id=home, new=new, network="192.0.2.1", now=NOW)
    assert made is not None
    admission_letters.write_confirmation(
        session, made, cooperative_id=home, cooperative="Warm", link=SITE + made.secret, now=NOW
    )
    return made


def _furnish(session: Any) -> tuple[int, Actor]:
    if cooperatives.read_installation(session) is None:
        cooperatives.found_installation(session, demo_day=None, now=NOW)
    home, account = a_cooperative(session), an_account(session)
    held = (HeldRole(role=Role.SECRETARY, starts_on=LONG_AGO),)
    return home.id, Actor(account_id=account.id, name=account.name, roles=held)


def _text(office: PostOffice, place: int = -1) -> str:
    return str(office.taken[place].message.get_content()).replace("\r\n", "\n")


def test_from_the_link_in_the_mail_to_the_letter_with_the_number(database: Database) -> None:
    with furnishing(database) as session:
        home, secretary = _furnish(session)
        made = _apply(session, home)
    with post_office() as office:
        mail.send_waiting(database, _settings(office), lambda: LATER)
        found = re.search(re.escape(SITE) + r"(\S+)", _text(office))
        assert found
        with furnishing(database) as session:
            session.include(home)
            joining.confirm(session, found[1], cooperative_id=home, now=LATER)
            choice = AdmissionChoice(valid_from=date(2026, 3, 5), decision="Bestuur, punt 4")
            done = admission.admit(
                session, secretary, cooperative_id=home, application_ids=[made.application_id], choice=choice,
                statutes=None, now=LATER + timedelta(days=3),
            )  # fmt: skip
            for one in done:
                admission_letters.write_admission(
                    session, one, cooperative_id=home, cooperative="Warm", now=LATER + timedelta(days=3)
                )
        mail.send_waiting(database, _settings(office), lambda: LATER + timedelta(days=3))

    assert [taken.recipient for taken in office.taken] == ["noor@example.org"] * 2
    assert office.taken[1].message["Subject"] == "Welkom als lid van Warm"
    assert "Je lidnummer is 1." in _text(office)
    assert "vanaf 5 maart 2026" in _text(office)


@pytest.mark.parametrize(
    ("spoken", "subject"),
    [("nl", "Klopt dit? Je wilt lid worden van Warm"), ("en", "Is this right? You want to be a member of Warm")],
)
def test_a_letter_is_in_the_language_of_its_reader(database: Database, spoken: str, subject: str) -> None:
    with furnishing(database) as session:
        home, _secretary = _furnish(session)
        _apply(session, home, spoken)
    with post_office() as office:
        mail.send_waiting(database, _settings(office), lambda: LATER)

    assert office.taken[0].message["Subject"] == subject


def test_a_letter_of_refusal_holds_reason_own_words_and_appeal(database: Database) -> None:
    with furnishing(database) as session:
        home, secretary = _furnish(session)
        made = _apply(session, home)
        joining.confirm(session, made.secret, cooperative_id=home, now=NOW)
        (done,) = admission.refuse(
            session, secretary, cooperative_id=home, application_ids=[made.application_id],
            reason=RefusalReason.OUTSIDE_AREA, words="Je woont te ver weg.\nDat spijt ons.", now=NOW,
        )  # fmt: skip
        admission_letters.write_refusal(session, done, cooperative_id=home, cooperative="Warm", now=NOW)
    with post_office() as office:
        mail.send_waiting(database, _settings(office), lambda: LATER)

    assert "Het adres ligt buiten het werkgebied van de coöperatie." in _text(office)
    assert "Je woont te ver weg.\nDat spijt ons." in _text(office)
    assert "Tekst: appeal." in _text(office)


def test_the_link_is_kept_nowhere_once_its_letter_is_out(database: Database) -> None:
    with furnishing(database) as session:
        home, _secretary = _furnish(session)
        made = _apply(session, home)
    with post_office() as office:
        mail.send_waiting(database, _settings(office), lambda: LATER)

    with database.reader.connect() as connection:
        kept = " ".join(
            str(row) for table in ("letter", "application", "application_link")
            for row in connection.exec_driver_sql(f"SELECT * FROM {table}")
        )  # fmt: skip
    assert made.secret not in kept


def test_who_comes_back_is_told_to_keep_the_number(database: Database) -> None:
    with furnishing(database) as session:
        home, _secretary = _furnish(session)
        reader = admission.Reader(name="Noor", email="noor@example.org", postal_address=None, language="nl")
        done = admission.Admitted(
            application_id=1, membership_id=1, reader=reader, number=7, class_code="tenant",
            valid_from=date(2026, 3, 5), is_return=True, decision=None,
        )  # fmt: skip
        for _ in range(2):
            admission_letters.write_admission(session, done, cooperative_id=home, cooperative="Warm", now=NOW)
    with post_office() as office:
        mail.send_waiting(database, _settings(office), lambda: LATER)

    assert [taken.message["Subject"] for taken in office.taken] == ["Je bent weer lid van Warm"]
    assert "Je houdt het nummer dat je had: 7." in _text(office)
