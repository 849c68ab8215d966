"""Leaving on the page: step by step, everything in the way at once, the right letters, undone once."""

from typing import Any

import pytest
import sqlalchemy as sa

from ecoop.models import Exit, Letter, Membership, Party
from tests.support.leaving import somebody_who_can_leave
from tests.support.web import KETELHUIS, PageClient, Site

HOME = f"/cooperatives/{KETELHUIS}"
NEW = {"cause": "resignation", "given_by": "member", "received_on": "2026-03-01"}


@pytest.fixture
def silvia(demo: Site) -> PageClient:
    """The secretary."""
    return demo.signed_in("Silvia Schrijfgraag")


def membership_of(site: Site, name: str) -> int:
    with site.inside(KETELHUIS) as session:
        mine = sa.select(Membership.id).join(
            Party, (Party.id == Membership.party_id) & (Party.cooperative_id == Membership.cooperative_id)
        )
        return session.scalars(mine.where(Party.account_id == site.account_id(name))).one()


def begun(client: PageClient, number: int | None = None, **given: Any) -> str:
    """The address of an exit that was just begun."""
    number = number or membership_of(client.site, "Mo Meterkast")
    answer = client.post(f"{HOME}/leaving/{number}/begin", NEW | given)
    assert answer.status == 303, answer.words()
    return answer.location


def arranged(client: PageClient, path: str) -> None:
    """Every step but the last."""
    page = client.get(path)
    boxes = [one.get("value") for one in page.all("input", name="answered")]
    if boxes:
        assert client.post(f"{path}answers", {"answered": boxes, "why": "Besproken."}).status == 303
    assert client.post(f"{path}money", {"goes": "nothing"}).status == 303
    assert client.post(f"{path}contract", {"contract": "stays"}).status == 303


def letters(site: Site) -> list[tuple[str, str]]:
    with site.inside(KETELHUIS) as session:
        found = session.scalars(sa.select(Letter).where(Letter.kind == "membership").order_by(Letter.id))
        return [(one.name, one.subject) for one in found]


def test_an_exit_begins_with_the_day_of_the_statutes_and_all_that_is_in_the_way(silvia: PageClient) -> None:
    page = silvia.get(begun(silvia))

    assert "31 december 2026" in page.words()
    assert len(page.all("input", name="answered")) > 1


def test_what_is_wrong_is_told_beside_its_field(silvia: PageClient) -> None:
    number = membership_of(silvia.site, "Mo Meterkast")
    page = silvia.post(f"{HOME}/leaving/{number}/begin", NEW | {"cause": "expulsion"})

    assert page.status == 400
    assert page.says("An expulsion needs the decision it rests on. Fill in where it stands.")


def test_a_second_exit_is_refused_in_words(silvia: PageClient) -> None:
    begun(silvia)
    number = membership_of(silvia.site, "Mo Meterkast")
    page = silvia.post(f"{HOME}/leaving/{number}/begin", NEW)

    assert page.status == 400
    assert page.says("An exit of this membership is on its way already. Go on with that one.")


def test_an_exit_is_walked_through_to_the_letter_and_undone_once(silvia: PageClient) -> None:
    number, name = somebody_who_can_leave(silvia.site)
    path = begun(silvia, number)
    arranged(silvia, path)
    assert silvia.post(f"{path}complete").status == 303
    page = silvia.get(path)
    assert page.says("%(name)s is a member until and including %(day)s.", name=name, day="31 december 2026")

    assert silvia.post(f"{path}undo", {"reason": "Vergissing"}).status == 303
    again = silvia.post(f"{path}undo", {"reason": "Nog eens"})
    assert again.status == 400
    assert again.says("This exit was undone before. That can be done once; begin a new exit instead.")
    assert [one for one, _subject in letters(silvia.site)] == [name, name]
    told = [row[1] for row in silvia.get(f"{HOME}/members/{number}/", query={"story": "all"}).table("Wat er gebeurde")]
    assert sum(line.startswith("Brief: Over een lidmaatschap") for line in told) == 2
    assert {"Vertrek afgerond", "Vertrek teruggedraaid"} <= set(told)


def test_a_day_money_and_contract_are_asked_for_before_the_end(silvia: PageClient) -> None:
    path = begun(silvia)
    page = silvia.post(f"{path}complete")

    assert page.status == 400
    assert page.says("Say what happens with the heat contract.")


def test_what_stops_is_told_and_holds_up_the_end(silvia: PageClient) -> None:
    path = begun(silvia, membership_of(silvia.site, "Petra Prijspeil"))
    arranged(silvia, path)
    page = silvia.post(f"{path}complete")

    assert page.status == 400
    assert page.says("Something is still in the way. Look at the list: each line says what to do.")


WRONG = [
    ("day", {"ends_on": "ooit"}),
    ("money", {"goes": "paid_back", "amount": "x"}),
    ("contract", {"contract": ""}),
    ("undo", {"reason": ""}),
]


@pytest.mark.parametrize(("step", "form"), WRONG)
def test_a_step_that_is_filled_in_wrongly_stays_at_that_step(
    silvia: PageClient, step: str, form: dict[str, str]
) -> None:
    page = silvia.post(f"{begun(silvia)}{step}", form)

    assert page.status == 400
    assert page.all("p", class_="wrong")


def test_handing_over_gives_one_letter_to_each_and_no_other(silvia: PageClient) -> None:
    number, name = somebody_who_can_leave(silvia.site)
    form = {"ends_on": "2026-04-01", "class_code": "tenant", "name": "Nora Nieuwkomer", "email": "nora@example.org"}
    path = silvia.post(f"{HOME}/leaving/{number}/hand-over", form).location
    arranged(silvia, path)
    assert silvia.post(f"{path}complete").status == 303

    assert letters(silvia.site) == [
        (name, "Je lidmaatschap van KetelhuisWG is overgedragen"),
        ("Nora Nieuwkomer", "Je neemt een lidmaatschap van KetelhuisWG over"),
    ]


def test_a_number_that_is_nobodys_cannot_take_over(silvia: PageClient) -> None:
    number = membership_of(silvia.site, "Mo Meterkast")
    form = {"ends_on": "2026-04-01", "class_code": "tenant", "successor": "99999"}
    page = silvia.post(f"{HOME}/leaving/{number}/hand-over", form)

    assert page.status == 400
    assert page.says("Say who takes over. A member has a number; somebody new needs a name.")


def test_the_treasurer_writes_a_promise_down_and_settles_it(demo: Site) -> None:
    petra = demo.signed_in("Petra Prijspeil")
    form = {"number": "2", "kind": "arrears_plan", "amount": "120,50", "agreed_on": "2026-02-01"}
    petra.follow(petra.post(f"{HOME}/promises/", form))
    page = petra.get(f"{HOME}/promises/")
    assert "120,50" in page.words()

    forms = [one.get("action") or "" for one in page.all("form", method="post")]
    path = next(one for one in forms if one.endswith("/settle"))
    answer = petra.follow(petra.post(path, {"outcome": "kept", "settled_on": "2026-03-02"}))
    assert answer.says("The promise is settled.")


def test_a_promise_of_nobody_is_told(demo: Site) -> None:
    form = {"number": "99999", "kind": "other", "agreed_on": "2026-02-01"}
    page = demo.signed_in("Petra Prijspeil").post(f"{HOME}/promises/", form)

    assert page.status == 400
    assert page.says("Nobody has this number.")


def test_a_member_gives_notice_and_the_secretary_finds_it(demo: Site) -> None:
    mo = demo.signed_in("Mo Meterkast")
    page = mo.follow(mo.post(f"{HOME}/my-data/notice", {"why": "Ik verhuis."}))
    assert page.says("Your notice is with the secretary. Your last day as a member is %(day)s.", day="31 december 2026")

    assert "Een lid heeft opgezegd." in demo.signed_in("Silvia Schrijfgraag").get(f"{HOME}/").words()
    with demo.inside(KETELHUIS) as session:
        newest = session.scalars(sa.select(Exit).order_by(Exit.id.desc()).limit(1)).one()
    assert newest.membership_id == membership_of(demo, "Mo Meterkast")
