"""The census: every address says who may pass, has a decent name, and is found in the menu or said to stand outside."""

import itertools
import re

import pytest
from werkzeug.routing import Rule

from ecoop.db import Database
from ecoop.demo.people import DEMO_ACCOUNTS
from ecoop.governance.roles import RULES, Actor, HeldRole, Permission, Reach, Role, roles_reaching
from ecoop.services.places import Place
from ecoop.web import navigation
from ecoop.web.access import REACH_OF, READING
from tests.support.web import DAY, Site
from tests.web.addresses import bare_app, declared, fill

RULES_OF_URLS = sorted(bare_app().url_map.iter_rules(), key=lambda rule: rule.endpoint)
MENU = [item.endpoint for item in navigation.ITEMS]
MOST_ITEMS = 7


def _named(rule: Rule) -> str:
    return rule.endpoint


@pytest.mark.parametrize("endpoint", sorted(declared()))
def test_every_endpoint_declares_who_may_pass(endpoint: str) -> None:
    assert declared()[endpoint] is not None


@pytest.mark.parametrize("rule", RULES_OF_URLS, ids=_named)
def test_addresses_are_kebab_case(rule: Rule) -> None:
    fixed = re.sub(r"<[^>]+>", "x", rule.rule)

    assert re.fullmatch(r"/|(/[a-z0-9]+([.-][a-z0-9]+)*)+/?", fixed)


@pytest.mark.parametrize("rule", RULES_OF_URLS, ids=_named)
def test_what_varies_in_an_address_has_a_type(rule: Rule) -> None:
    assert all(":" in part for part in re.findall(r"<([^>]+)>", rule.rule))


@pytest.mark.parametrize("rule", RULES_OF_URLS, ids=_named)
def test_an_address_reads_or_takes_forms_and_nothing_else(rule: Rule) -> None:
    assert (rule.methods or set()) <= {"GET", "HEAD", "OPTIONS", "POST"}


@pytest.mark.parametrize("rule", RULES_OF_URLS, ids=_named)
def test_an_address_inside_a_place_asks_for_a_permission_of_that_place(rule: Rule) -> None:
    access = declared()[rule.endpoint]
    inside = {reach for reach in Reach if reach.value in rule.arguments}

    assert access is not None
    assert inside == ({REACH_OF[access.permission]} - {Reach.INSTALLATION} if access.permission else set())


def test_every_endpoint_is_in_the_menu_or_said_to_stand_outside() -> None:
    listed = {item.endpoint for item in (*navigation.ORGANISATION, *navigation.REGISTER)}

    assert set(declared()) == set(MENU) | listed | navigation.OUTSIDE_MENU


def test_nothing_is_both_in_the_menu_and_outside() -> None:
    assert not set(MENU) & navigation.OUTSIDE_MENU


@pytest.mark.parametrize("item", navigation.ITEMS, ids=lambda item: item.endpoint)
def test_a_menu_item_is_shown_to_exactly_who_may_open_it(item: navigation.Item) -> None:
    access = declared()[item.endpoint]

    assert access is not None
    assert access.permission is item.permission


def test_every_permission_opens_some_address() -> None:
    assert {access.permission for access in declared().values() if access and access.permission} == set(Permission)


def _menu_of(roles: frozenset[Role], *, supporting: bool = False) -> list[navigation.Item]:
    reach = RULES[next(iter(roles))].reach if roles else Reach.COOPERATIVE
    held = tuple(HeldRole(role=role, starts_on=DAY) for role in roles)
    actor = Actor(account_id=1, name="Somebody", roles=held, supporting=supporting)
    place = Place(reach=reach, id=1, slug="x", name="x", actor=actor)
    return [
        item
        for item in navigation.ITEMS
        if REACH_OF[item.permission] is reach and actor.may(item.permission) and not navigation._covered(item, place)
    ]


@pytest.mark.parametrize("role", list(Role))
def test_no_role_sees_more_than_seven_menu_items(role: Role) -> None:
    assert 1 <= len(_menu_of(frozenset({role}))) <= MOST_ITEMS


@pytest.mark.parametrize("person", [one for one in DEMO_ACCOUNTS if one.roles], ids=lambda one: one.name)
def test_nobody_in_the_demo_sees_more_than_seven_menu_items(person) -> None:
    by_place = itertools.groupby(sorted(person.roles, key=lambda held: held.cooperative), lambda held: held.cooperative)
    for _cooperative, held in by_place:
        assert len(_menu_of(frozenset(one.role for one in held), supporting=True)) <= MOST_ITEMS


def test_not_even_all_roles_together_see_more_than_seven_menu_items() -> None:
    everything = frozenset(roles_reaching(Reach.COOPERATIVE))

    assert len(_menu_of(everything, supporting=True)) <= MOST_ITEMS


@pytest.mark.parametrize(
    "endpoint", sorted({rule.endpoint for rule in RULES_OF_URLS if "GET" in (rule.methods or set())})
)
def test_reading_never_opens_a_session_that_writes(demo: Site, endpoint: str, monkeypatch: pytest.MonkeyPatch) -> None:
    clients = [demo.client(), demo.signed_in("Petra Prijspeil"), demo.signed_in("Ada Algoritme")]
    path = fill(demo, endpoint)
    opened: list[bool] = []
    session = Database.session
    monkeypatch.setattr(Database, "session", lambda self, scope: opened.append(scope.may_write) or session(self, scope))

    for client in clients:
        client.get(path)
        client.send("HEAD", path)
        client.send("OPTIONS", path)

    assert not any(opened)


def test_reading_is_what_never_writes() -> None:
    assert {"GET", "HEAD", "OPTIONS"} == READING


def test_an_address_that_declares_nothing_lets_nobody_pass(demo: Site) -> None:
    demo.app.add_url_rule("/forgotten-page", "forgotten_page", lambda: "secret")

    page = demo.signed_in("Vera Vastrecht").get("/forgotten-page", fault=True)

    assert page.status == 500
    assert "secret" not in page.text


def test_the_menu_on_the_page_is_the_menu_of_the_role(demo: Site) -> None:
    page = demo.signed_in("Mo Meterkast").get(fill(demo, "home.overview"))
    menu = page.all("nav", class_="menu")[0]

    expected = {fill(demo, item.endpoint) for item in _menu_of(frozenset({Role.MEMBER}))}
    assert {link.get("href") for link in menu.iter("a")} == expected
