"""Letters as they are written, in both languages."""

from datetime import UTC, date, datetime
from pathlib import Path

import jinja2
import pytest

from ecoop import mail
from ecoop.governance.roles import Role
from ecoop.language import Language
from ecoop.mail import Written, render_letter

UNTIL = datetime(2026, 3, 2, 10, 5, tzinfo=UTC)
LINK = "https://leden.example.org/sign-in/link/geheim"
ROLE = {
    "name": "Loes Leiding",
    "role": Role.TREASURER,
    "cooperative": "KetelhuisWG",
    "granted_by": "Vera Vastrecht",
    "starts_on": date(2026, 4, 1),
    "link": LINK,
    "until": UNTIL,
}
TEMPLATES = sorted(file.stem for file in (Path(mail.__file__).parents[1] / "templates" / "mail").glob("*.txt"))
TURNS = {
    "name": "Loes Leiding",
    "cooperative": "KetelhuisWG",
    "turns": ["Iets wacht."],
    "link": LINK,
    "choices": "https://x",
}
PLAIN = {"name": "Loes Leiding", "link": LINK, "until": UNTIL}
LEFT = {
    "name": "Loes Leiding",
    "number": 7,
    "cooperative": "KetelhuisWG",
    "last_day": date(2026, 3, 31),
    "amount": "€ 50,00",
    "contract": "er is geen warmtecontract",
}
VALUES = {
    "sign_in_link": PLAIN,
    "role_granted": ROLE,
    "turns_today": TURNS,
    "turns_digest": TURNS,
    "mailing": {
        "name": "Loes Leiding",
        "subject": "Hallo",
        "text": Written(f"Kijk hier:\n\n{LINK}\n"),
        "cooperative": "X",
    },
    "invitation": PLAIN | {"cooperative": "KetelhuisWG", "invited_by": "Vera Vastrecht"},
    "address_confirm": PLAIN,
    "address_changed": PLAIN,
    "recovery_link": PLAIN,
    "recovery_started": {
        "name": "Loes Leiding",
        "link": LINK,
        "cooperative": "KetelhuisWG",
        "started_by": "Vera Vastrecht",
        "reason": "Ik heb haar gesproken.",
    },
    "exit_confirmed": LEFT | {"cause": "opzegging door het lid", "pay_day": date(2026, 5, 1), "to_relatives": False},
    "exit_undone": {"name": "Loes Leiding", "cooperative": "KetelhuisWG", "number": 7, "is_member": True},
    "application_confirm": PLAIN | {"cooperative": "KetelhuisWG"},
    "application_question": PLAIN | {"cooperative": "KetelhuisWG", "text": Written("Waar woon je?")},
    "application_admitted": {
        "name": "Loes Leiding",
        "cooperative": "KetelhuisWG",
        "is_return": False,
        "valid_from": date(2026, 4, 1),
        "number": 7,
        "class_name": "Huurder",
        "decision": "Bestuursbesluit 12",
    },
    "application_refused": {
        "name": "Loes Leiding",
        "cooperative": "KetelhuisWG",
        "reason": "Je woont buiten het gebied.",
        "words": "",
        "appeal": "",
    },
    "debit_announced": {
        "name": "Loes Leiding",
        "cooperative": "KetelhuisWG",
        "amount": "€ 30,00",
        "day": date(2026, 4, 1),
        "account": "NL.. .. 1234",
        "description": "Contributie 2026",
        "lines": ["Contributie 2026: € 30,00"],
        "reference": "KWG-7-1",
        "identifier": "NL00ZZZ000000000000",
    },
    "yearly_statement": {
        "name": "Loes Leiding",
        "cooperative": "KetelhuisWG",
        "year": 2025,
        "number": 7,
        "parts": [{"name": "Kapitaal", "begin": "€ 0,00", "lines": ["1 maart: € 50,00"], "end": "€ 50,00"}],
    },
    "transfer_left": LEFT | {"other": "Bram Buffervat"},
    "transfer_came": LEFT | {"other": "Bram Buffervat", "first_day": date(2026, 4, 1)},
}
WITHOUT_LINK = {
    "application_admitted",
    "application_refused",
    "debit_announced",
    "exit_confirmed",
    "exit_undone",
    "transfer_came",
    "transfer_left",
    "yearly_statement",
}
"""These only tell something."""


def test_every_letter_is_tried_here() -> None:
    assert sorted(VALUES) == TEMPLATES


@pytest.mark.parametrize("name", TEMPLATES)
@pytest.mark.parametrize("spoken", Language)
def test_every_letter_has_a_subject_a_greeting_and_the_link(name: str, spoken: Language) -> None:
    subject, body = render_letter(name, spoken, **VALUES[name])

    assert subject
    assert "\n" not in subject
    assert body.startswith("Beste Loes Leiding," if spoken is Language.DUTCH else "Dear Loes Leiding,")
    assert f"\n{LINK}\n" in body or name in WITHOUT_LINK


def test_a_link_to_sign_in_in_dutch() -> None:
    subject, body = render_letter("sign_in_link", Language.DUTCH, **VALUES["sign_in_link"])

    assert subject == "Je link om in te loggen bij ecoop"
    assert "De link werkt tot 2 maart 2026, 11:05." in body


def test_a_role_is_named_in_the_language_of_the_letter() -> None:
    _, body = render_letter("role_granted", Language.ENGLISH, **ROLE)

    assert "Vera Vastrecht gave you a role in KetelhuisWG on ecoop: Treasurer." in body
    assert "You hold this role from 1 April 2026." in body


def test_who_has_a_password_gets_no_link_that_ends() -> None:
    _, body = render_letter("role_granted", Language.ENGLISH, **ROLE | {"until": None})

    assert "This link works once" not in body
    assert "\n\n\n" not in body


def test_a_line_break_in_a_name_stays_out_of_the_subject() -> None:
    subject, _ = render_letter("role_granted", Language.ENGLISH, **ROLE | {"cooperative": "A\r\nBcc: x@example.org"})

    assert subject == "Your role in A Bcc: x@example.org: Treasurer"


def test_signs_of_web_pages_are_left_as_they_are() -> None:
    _, body = render_letter("sign_in_link", Language.ENGLISH, **VALUES["sign_in_link"] | {"name": "Öz & <Zn>"})

    assert body.startswith("Dear Öz & <Zn>,")


def test_a_value_that_is_missing_is_a_fault() -> None:
    with pytest.raises(jinja2.UndefinedError):
        render_letter("sign_in_link", Language.ENGLISH, name="Loes")


def test_after_a_death_the_letter_is_for_the_relatives() -> None:
    values = VALUES["exit_confirmed"] | {"to_relatives": True, "amount": ""}
    _subject, body = render_letter("exit_confirmed", Language.DUTCH, **values)

    assert body.startswith("Aan de nabestaanden van Loes Leiding,")
    assert "terugbetaald" not in body


def test_who_takes_over_reads_the_own_number_and_first_day() -> None:
    _subject, body = render_letter("transfer_came", Language.DUTCH, **VALUES["transfer_came"])

    assert "Je bent lid vanaf 1 april 2026. Je nummer is 7." in body
