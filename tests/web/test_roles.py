"""Role by role: what is granted opens, what is not granted is refused, and what is elsewhere is not there at all."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from ecoop.governance.roles import RULES, SUPPORT_PERMISSIONS, Permission, Reach, Role, roles_reaching
from ecoop.web.access import REACH_OF
from tests.support.web import KETELHUIS, ZONNEDAK, Page, PageClient, Site, only, opened_site
from tests.web.addresses import Guarded, fill, guarded, support_id

INSIDE = guarded(Reach.COOPERATIVE)
EVERYWHERE = guarded()
NOWHERE = "no-such-cooperative"
ADMINISTRATOR = only(Role.ADMINISTRATOR)


def _ask(client: PageClient, one: Guarded, path: str) -> Page:
    return client.get(path) if one.method == "GET" else client.post(path)


def _ask_everything(client: PageClient, *, slug: str) -> dict[str, int]:
    """The statuses of all addresses inside a cooperative, asked for with numbers that exist in KetelhuisWG."""
    paths = {one: fill(client.site, one.endpoint, slug=slug, things_of=KETELHUIS) for one in INSIDE}
    return {str(one): _ask(client, one, path).status for one, path in paths.items()}


@dataclass
class Watched:
    """One site for all that leaves nothing behind, with a browser for each person; what is written is noticed."""

    site: Site
    browsers: dict[str, PageClient] = field(default_factory=dict)
    paths: dict[tuple[str, ...], str] = field(default_factory=dict)

    def signed_in(self, name: str) -> PageClient:
        """The browser of `name`."""
        if name not in self.browsers:
            self.browsers[name] = self.site.signed_in(name)
        return self.browsers[name]

    def ask(self, client: PageClient, one: Guarded, **given: str) -> tuple[Page, list[str]]:
        """The answer, and what was written for good on the way to it."""
        key = (one.endpoint, *given.values())
        if key not in self.paths:  # nothing here is left behind, so what exists stays what it was
            self.paths[key] = fill(self.site, one.endpoint, **given)
        path = self.paths[key]
        self.site.lost_work.take_stayed()
        return _ask(client, one, path), self.site.lost_work.take_stayed()


@pytest.fixture(scope="module")
def watched(staffed_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    """The site that is shared here."""
    with opened_site(staffed_file, tmp_path_factory.mktemp("watched")) as site:
        yield Watched(site)


def _cases(*, granted: bool, methods: tuple[str, ...] = ("GET", "POST")) -> list[object]:
    return [
        pytest.param(role, one, id=f"{role}-{one}")
        for role in Role
        for one in EVERYWHERE
        if RULES[role].reach is REACH_OF[one.permission] and one.method in methods
        if (one.permission in RULES[role].permissions) is granted
    ]


@pytest.mark.parametrize(("role", "one"), _cases(granted=False))
def test_what_is_not_granted_is_refused_and_leaves_nothing_behind(watched: Watched, role: Role, one: Guarded) -> None:
    answer, written = watched.ask(watched.signed_in(only(role)), one)

    assert answer.status == 403
    assert written == []


@pytest.mark.parametrize(("role", "one"), _cases(granted=True, methods=("GET",)))
def test_a_role_opens_the_pages_it_grants(watched: Watched, role: Role, one: Guarded) -> None:
    answer, _written = watched.ask(watched.signed_in(only(role)), one)

    assert answer.status in {200, 303}


@pytest.mark.parametrize(("role", "one"), _cases(granted=True, methods=("POST",)))
def test_a_role_may_send_the_forms_it_grants(staffed: Site, role: Role, one: Guarded) -> None:
    answer = _ask(staffed.signed_in(only(role)), one, fill(staffed, one.endpoint))

    assert answer.status in {200, 303, 400}


@pytest.mark.parametrize("role", list(Role))
def test_another_cooperative_is_not_there_for_any_role(watched: Watched, role: Role) -> None:
    client = watched.signed_in(only(role))

    answers = {str(one): watched.ask(client, one, slug=ZONNEDAK, things_of=KETELHUIS) for one in INSIDE}

    assert {name: answer.status for name, (answer, _written) in answers.items() if answer.status != 404} == {}
    assert {name: written for name, (_answer, written) in answers.items() if written} == {}


@pytest.mark.parametrize("one", INSIDE, ids=str)
def test_another_cooperative_looks_exactly_like_one_that_does_not_exist(watched: Watched, one: Guarded) -> None:
    client = watched.signed_in(only(Role.TREASURER))

    there, _written = watched.ask(client, one, slug=ZONNEDAK, things_of=KETELHUIS)
    nowhere, _written = watched.ask(client, one, slug=NOWHERE, things_of=KETELHUIS)

    assert there.status == nowhere.status == 404
    assert there.words() == nowhere.words()
    assert there.actions() == nowhere.actions()
    assert _headers(there) == _headers(nowhere)


def _headers(page: Page) -> dict[str, str]:
    of_each = {"Content-Length", "Set-Cookie", "X-Request-ID"}  # the last is drawn anew for every request
    return {name: value for name, value in page.response.headers if name not in of_each}


@pytest.mark.parametrize("role", list(Role))
def test_a_place_of_another_kind_is_not_there(watched: Watched, role: Role) -> None:
    client = watched.signed_in(only(role))

    elsewhere = [one for one in EVERYWHERE if REACH_OF[one.permission] is not RULES[role].reach]
    answers = {str(one): watched.ask(client, one)[0].status for one in elsewhere}

    assert set(answers.values()) == {404}


@pytest.mark.parametrize("one", EVERYWHERE, ids=str)
def test_who_is_not_signed_in_is_sent_to_sign_in(watched: Watched, one: Guarded) -> None:
    answer, written = watched.ask(watched.site.client(), one)

    assert answer.status == 303
    assert answer.location.startswith("/sign-in")
    assert written == []


def test_signing_in_does_not_tell_whether_a_cooperative_exists(staffed: Site) -> None:
    there = staffed.client().get(f"/cooperatives/{KETELHUIS}/")
    nowhere = staffed.client().get(f"/cooperatives/{NOWHERE}/")

    assert there.location.replace(KETELHUIS, NOWHERE) == nowhere.location


@pytest.mark.parametrize("slug", [KETELHUIS, ZONNEDAK])
def test_an_administrator_sees_no_cooperative(staffed: Site, slug: str) -> None:
    client = staffed.signed_in(ADMINISTRATOR)

    answers = {
        str(one): _ask(client, one, fill(staffed, one.endpoint, slug=slug, things_of=KETELHUIS)) for one in INSIDE
    }

    assert {answer.status for answer in answers.values()} == {404}


def test_a_coordinator_sees_no_cooperative(staffed: Site) -> None:
    client = staffed.signed_in(only(Role.COORDINATOR))

    answers = _ask_everything(client, slug=KETELHUIS)

    assert set(answers.values()) == {404}


def test_a_coordinator_sees_the_names_of_members_and_nothing_else_of_them(staffed: Site) -> None:
    page = staffed.signed_in(only(Role.COORDINATOR)).get(fill(staffed, "umbrella.show"))

    assert "KetelhuisWG" in page.words()
    assert "Zonnedak" not in page.words()
    assert not any(path.startswith("/cooperatives/") for path in page.actions())


def _looking_in(site: Site) -> PageClient:
    """Ada, whose waiting request the chair granted."""
    path = f"/cooperatives/{KETELHUIS}/people/support/{support_id(site, KETELHUIS)}/grant"
    assert site.signed_in(only(Role.CHAIR)).post(path).status == 303
    return site.signed_in("Ada Algoritme")


@pytest.fixture(scope="module")
def looked_into(staffed_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    """A site into which the board lets Ada look."""
    with opened_site(staffed_file, tmp_path_factory.mktemp("looked-into")) as site:
        watched = Watched(site)
        watched.browsers["Ada"] = _looking_in(site)
        yield watched


@pytest.mark.parametrize("one", INSIDE, ids=str)
def test_while_the_board_lets_her_an_administrator_may_look_and_do_nothing(looked_into: Watched, one: Guarded) -> None:
    answer, written = looked_into.ask(looked_into.browsers["Ada"], one)

    may_look = one.permission in SUPPORT_PERMISSIONS
    assert answer.status == (200 if may_look else 403)
    assert [statement.split()[2] for statement in written] == (["access_entry"] if may_look else [])


def test_looking_in_opens_that_one_cooperative_only(staffed: Site) -> None:
    client = _looking_in(staffed)

    assert client.get(f"/cooperatives/{ZONNEDAK}/").status == 404


def test_looking_in_is_for_the_administrator_who_asked(staffed: Site) -> None:
    _looking_in(staffed)

    assert staffed.signed_in(ADMINISTRATOR).get(f"/cooperatives/{KETELHUIS}/").status == 404


def test_looking_in_ends_by_itself(staffed: Site) -> None:
    client = _looking_in(staffed)
    staffed.clock.move(hours=23, minutes=59)
    assert client.get(f"/cooperatives/{KETELHUIS}/").status == 200

    staffed.clock.move(minutes=1)

    answers = {str(one): _ask(client, one, fill(staffed, one.endpoint)).status for one in INSIDE}
    assert set(answers.values()) == {404}


def test_the_board_ends_looking_in_at_once(staffed: Site) -> None:
    client = _looking_in(staffed)
    path = f"/cooperatives/{KETELHUIS}/people/support/{support_id(staffed, KETELHUIS)}/close"

    staffed.signed_in(only(Role.SECRETARY)).post(path)

    assert client.get(f"/cooperatives/{KETELHUIS}/").status == 404


def test_every_page_says_that_an_administrator_is_looking_in(staffed: Site) -> None:
    page = _looking_in(staffed).get(f"/cooperatives/{KETELHUIS}/")

    assert page.all("aside", class_="support-banner")


ZONNEDAK_CHAIR = "Zoë Zonnestraal"


@pytest.mark.parametrize("endpoint", ["people.end", "people.grant_support", "people.close_support"])
def test_numbers_of_another_cooperative_are_not_there(staffed: Site, endpoint: str) -> None:
    client = staffed.signed_in(ZONNEDAK_CHAIR)
    before = staffed.contents()

    answer = client.post(fill(staffed, endpoint, slug=ZONNEDAK, things_of=KETELHUIS))

    assert answer.status == 404
    assert staffed.contents() == before


@pytest.mark.parametrize("number", ["0", "9" * 30, "9" * 5000], ids=["zero", "beyond the column", "beyond int()"])
@pytest.mark.parametrize("path", ["people/{}/end", "people/support/{}/grant", "people/support/{}/close"])
def test_a_number_that_cannot_be_is_not_there(staffed: Site, path: str, number: str) -> None:
    client = staffed.signed_in(only(Role.CHAIR))

    assert client.post(f"/cooperatives/{KETELHUIS}/{path.format(number)}").status == 404


def test_a_role_that_has_ended_opens_nothing(staffed: Site) -> None:
    client = staffed.signed_in("Kees Kasboek")  # treasurer until last summer, now in the audit committee

    assert client.get(fill(staffed, "cases.show")).status == 200
    assert client.get(fill(staffed, "cases.replace")).status == 403


def test_a_role_that_comes_opens_on_its_first_day(staffed: Site) -> None:
    client = staffed.signed_in("Loes Leiding")  # on the board from next month
    path = fill(staffed, "people.grant")
    assert client.get(path).status == 403

    staffed.clock.move(days=30)

    assert client.get(path).status == 200


def test_a_board_gives_no_role_beyond_its_cooperative(staffed: Site) -> None:
    client = staffed.signed_in(only(Role.CHAIR))
    before = staffed.contents()

    for role in (*roles_reaching(Reach.UMBRELLA), *roles_reaching(Reach.INSTALLATION)):
        form = {"name": "Mo", "email": "mo@example.org", "role": role.value, "starts_on": "2026-03-02"}
        assert client.post(fill(staffed, "people.grant"), form).status == 400

    assert staffed.contents() == before


@pytest.mark.parametrize("permission", [Permission.GRANT_ROLES, Permission.REPLACE_CASE, Permission.GRANT_SUPPORT])
def test_looking_in_never_includes_changing(permission: Permission) -> None:
    assert permission not in SUPPORT_PERMISSIONS
