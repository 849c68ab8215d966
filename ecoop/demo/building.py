"""Build the demo from its lists, for one day: everything in it is told from that day."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from importlib.resources import files

from ecoop import clock, language, sealing
from ecoop.db import Database, Scope, ScopedSession
from ecoop.demo import correspondence, leaving, money, newcomers, people, privacy
from ecoop.demo.buildings import KETELHUIS_BUILDINGS, ZONNEDAK_BUILDINGS, DemoBuilding
from ecoop.demo.governing import govern
from ecoop.demo.housing import Housing, fill_register
from ecoop.demo.papers import demo_page, demo_papers
from ecoop.demo.people import DEMO_ACCOUNTS, KETELHUIS, ZONNEDAK, DemoAccount, DemoRole, Since
from ecoop.demo.statements import CHOICES, FIGURES
from ecoop.governance.papers import PUBLIC
from ecoop.governance.roles import Actor, Reach, Role
from ecoop.models.buildings import Ownership
from ecoop.services import (
    accounts,
    buildings,
    cases,
    cooperatives,
    factor_rules,
    figures,
    papers,
    places,
    public_page,
    recovery,
    roles,
    second_factors,
    support,
)
from ecoop.services.accounts import AccountView
from ecoop.vault import Vault

FOUNDED = Since(years_ago=8, month=12, day=18)
CASE_RECORDED = timedelta(days=40)
PAGE_PUBLISHED = timedelta(days=14)
FILE_LIMIT = 1_000_000
SUPPORT_ASKED = timedelta(days=1)
SUPPORT_HOURS = 24
RULE_SET, PHONE_LOST = timedelta(days=10), timedelta(days=45)
PHONE_LOST_BY = "Victor Vleugelraam"
PHONE_LOST_REASON = "Telefoon in de gracht gevallen. Ik heb Victor bij hem thuis gesproken."
SUPPORT_REASON = "Een lid krijgt de pagina met de businesscase niet open. Ik wil zien wat er misgaat."


@dataclass(slots=True, kw_only=True)
class _Site:
    """What is known of the demo while it is built."""

    session: ScopedSession
    day: date
    people: dict[str, AccountView]
    cooperative_ids: dict[str, int]
    building_ids: dict[tuple[str, str], int]


def build_demo(database: Database, day: date, vault: Vault | None = None, *, key: str | None = None) -> None:
    """Fill a migrated, empty database with the demo of `day`, in one piece of work: all of it or nothing.

    The files of its papers go into `vault`; without one the demo has no papers. With `key` its account numbers are
    sealed; without one nobody can read them afterwards.
    """
    with database.work(Scope(may_write=True, carries=True)) as session:
        cooperatives.found_installation(session, demo_day=day, now=_morning(day))
        site = _Site(session=session, day=day, people=_people(session, day), cooperative_ids={}, building_ids={})
        _found(site, KETELHUIS, "KetelhuisWG", "Amsterdam", KETELHUIS_BUILDINGS)
        _found(site, ZONNEDAK, "Zonnedak De Dageraad", "Utrecht", ZONNEDAK_BUILDINGS)
        _appoint(site)
        _enrol(site)
        secretary, home = _actor(site, KETELHUIS, Role.SECRETARY), site.cooperative_ids[KETELHUIS]
        govern(session, secretary, cooperative_id=home, day=day)
        treasurer = _actor(site, KETELHUIS, Role.TREASURER)
        money.fill(session, treasurer, cooperative_id=home, day=day, key=key or sealing.new_key())
        privacy.write(session, secretary, cooperative_id=home, day=day)
        _leave(site)
        _record_case(site)
        _record_figures(site)
        _publish_page(site, _file_papers(site, vault) if vault else frozenset())
        _raise_umbrella(site)
        _write_letters(site)
        _let_newcomers_apply(site)
        _ask_support(site)
        _secure(site)


def case_text() -> str:
    """The case file of KetelhuisWG, as it is shipped."""
    return files("ecoop.demo").joinpath("ketelhuiswg.toml").read_text(encoding="utf-8")


def meeting_name(day: date) -> str:
    """The general meeting that the teller of the demo will count at: data, so in Dutch."""
    with language.speaking(language.Language.DUTCH):
        return f"Algemene ledenvergadering van {language.day(day + people.MEETING_AHEAD)}"


def _morning(day: date) -> datetime:
    return datetime.combine(day, time(9, 30), clock.AMSTERDAM)


def _people(session: ScopedSession, day: date) -> dict[str, AccountView]:
    """Make the accounts in their order: their numbers, and so the sign-in page, follow it."""
    now = _morning(FOUNDED.seen_from(day))
    found = {
        person.name: accounts.create_account(session, email=person.email, name=person.name, now=now)
        for person in DEMO_ACCOUNTS
    }
    for person in DEMO_ACCOUNTS:
        if person.came_in:
            accounts.note_came_in(session, found[person.name].id, now=now)
    return found


def _found(site: _Site, slug: str, name: str, place: str, invented: tuple[DemoBuilding, ...]) -> None:
    now = _morning(FOUNDED.seen_from(site.day))
    found = cooperatives.found_cooperative(site.session, slug=slug, name=name, place=place, now=now)
    site.cooperative_ids[slug] = found.id
    for building in invented:
        site.building_ids[slug, building.name] = buildings.add_building(
            site.session,
            cooperative_id=found.id,
            name=building.name,
            ownership=building.ownership,
            dwellings=building.dwellings,
            business_units=building.business_units,
            dwelling_equivalents=building.dwelling_equivalents,
            now=now,
        )


def _appoint(site: _Site) -> None:
    """Give the roles: the chairs first, on the command line as it were, and all others by their chair."""
    given = [(person, role) for person in DEMO_ACCOUNTS for role in person.roles]
    given.sort(key=lambda one: one[1].since.seen_from(site.day))  # as it went, so that the trail reads well
    for person, role in given:
        if role.role is Role.CHAIR:
            _grant(site, person, role, None)
    chairs = {slug: _actor(site, slug, Role.CHAIR) for slug in site.cooperative_ids}
    for person, role in given:
        if role.role is not Role.CHAIR:
            _grant(site, person, role, chairs[role.cooperative])


def _enrol(site: _Site) -> None:
    """Fill the member register, as a secretary would have over the years."""
    fill_register(
        Housing(
            session=site.session,
            secretary=_actor(site, KETELHUIS, Role.SECRETARY),
            cooperative_id=site.cooperative_ids[KETELHUIS],
            building_ids={name: key for (slug, name), key in site.building_ids.items() if slug == KETELHUIS},
            account_ids={name: one.id for name, one in site.people.items()},
            day=site.day,
        )
    )


def _leave(site: _Site) -> None:
    married = next(
        place.actor
        for place in _places(site, leaving.MARRIED)
        if place.reach is Reach.COOPERATIVE and place.slug == KETELHUIS
    )
    leaving.write(
        site.session,
        _actor(site, KETELHUIS, Role.SECRETARY),
        _actor(site, KETELHUIS, Role.TREASURER),
        married,
        cooperative_id=site.cooperative_ids[KETELHUIS],
        day=site.day,
    )


def _grant(site: _Site, person: DemoAccount, held: DemoRole, actor: Actor | None) -> None:
    starts_on = held.since.seen_from(site.day)
    new = roles.NewRole(
        role=held.role,
        email=person.email,
        name=person.name,
        starts_on=starts_on,
        ends_on=held.until.seen_from(site.day) if held.until else None,
        building_ids=_building_ids(site, held),
        concerns=meeting_name(site.day) if held.concerns_meeting else held.concerns,
    )
    now = _morning(min(starts_on, site.day))
    roles.grant_role(site.session, actor, cooperative_id=site.cooperative_ids[held.cooperative], new=new, now=now)


def _building_ids(site: _Site, held: DemoRole) -> tuple[int, ...]:
    names = held.buildings
    if held.all_buildings_of_corporation:
        names = tuple(building.name for building in KETELHUIS_BUILDINGS if building.ownership is Ownership.CORPORATION)
    return tuple(site.building_ids[held.cooperative, name] for name in names)


def _actor(site: _Site, slug: str, role: Role) -> Actor:
    """Who holds `role` in the cooperative on the day of the demo, at work there."""
    holder = next(
        person
        for person in DEMO_ACCOUNTS
        for held in person.roles
        if held.role is role and held.cooperative == slug and held.until is None
    )
    known = _places(site, holder.name)
    return next(place.actor for place in known if place.reach is Reach.COOPERATIVE and place.slug == slug)


def _places(site: _Site, name: str) -> tuple[places.Place, ...]:
    return places.read_places(site.session, site.people[name], day=site.day, now=_morning(site.day))


def _record_case(site: _Site) -> None:
    treasurer = _actor(site, KETELHUIS, Role.TREASURER)
    cases.import_case(
        site.session,
        treasurer,
        cooperative_id=site.cooperative_ids[KETELHUIS],
        text=case_text(),
        now=_morning(site.day - CASE_RECORDED),
    )


def _record_figures(site: _Site) -> None:
    """The treasurer puts in what the sources say, and marks which ones are used."""
    treasurer, home = _actor(site, KETELHUIS, Role.TREASURER), site.cooperative_ids[KETELHUIS]
    now = _morning(site.day - CASE_RECORDED)
    ids = {}
    for one in FIGURES:
        number = figures.record_figure(site.session, treasurer, cooperative_id=home, figure=one, now=now)
        ids[one.subject, one.value, one.unit] = number
    for choice in CHOICES:
        figure_id = ids[choice.subject.value, Decimal(choice.value), choice.unit]
        figures.choose_figure(
            site.session, treasurer, cooperative_id=home, figure_id=figure_id, reason=choice.reason, now=now
        )


def _file_papers(site: _Site, vault: Vault) -> frozenset[int]:
    """The secretary puts in the papers; the numbers of those that everybody may read."""
    secretary, home = _actor(site, KETELHUIS, Role.SECRETARY), site.cooperative_ids[KETELHUIS]
    shared = {"cooperative_id": home, "limit_bytes": FILE_LIMIT}
    public = set()
    for one in demo_papers(site.day):
        (age, first), *later = one.uploads
        paper_id = papers.add_paper(
            site.session, vault, secretary, new=one.new, upload=first, now=_days_ago(site, age), **shared
        )
        for age, upload in later:
            now = _days_ago(site, age)
            papers.add_version(site.session, vault, secretary, paper_id=paper_id, upload=upload, now=now, **shared)
        if one.withdrawn:
            now = _days_ago(site, 31)
            papers.withdraw(site.session, secretary, cooperative_id=home, paper_id=paper_id, why=one.withdrawn, now=now)
        elif PUBLIC in one.new.readers:
            public.add(paper_id)
    return frozenset(public)


def _days_ago(site: _Site, days: int) -> datetime:
    return _morning(site.day - timedelta(days=days))


def _publish_page(site: _Site, paper_ids: frozenset[int]) -> None:
    chair, home = _actor(site, KETELHUIS, Role.CHAIR), site.cooperative_ids[KETELHUIS]
    used = [one.used for one in figures.read_side_by_side(site.session, cooperative_id=home)]
    figure_ids = {one.id for one in used if one is not None and one.id is not None}
    text = demo_page(paper_ids, frozenset(figure_ids))
    now = _morning(site.day - PAGE_PUBLISHED)
    saved = public_page.save_text(site.session, chair, cooperative_id=home, text=text, now=now)
    public_page.publish(site.session, chair, cooperative_id=home, version_id=saved, now=now)


def _raise_umbrella(site: _Site) -> None:
    joined = Since(years_ago=6, month=9).seen_from(site.day)
    umbrella_id = cooperatives.found_umbrella(site.session, slug="apec", name="Apec", now=_morning(joined))
    member_id = site.cooperative_ids[KETELHUIS]
    cooperatives.join_umbrella(
        site.session, umbrella_id=umbrella_id, cooperative_id=member_id, starts_on=joined, now=_morning(joined)
    )
    for person in DEMO_ACCOUNTS:
        if person.coordinates_umbrella:
            roles.grant_umbrella_role(
                site.session,
                umbrella_id=umbrella_id,
                account_id=site.people[person.name].id,
                day=joined,
                now=_morning(joined),
            )


def _write_letters(site: _Site) -> None:
    correspondence.write(
        site.session,
        _actor(site, KETELHUIS, Role.CHAIR),
        cooperative_id=site.cooperative_ids[KETELHUIS],
        cooperative="KetelhuisWG",
        day=site.day,
    )


def _let_newcomers_apply(site: _Site) -> None:
    newcomers.write_applications(
        site.session,
        _actor(site, KETELHUIS, Role.SECRETARY),
        cooperative_id=site.cooperative_ids[KETELHUIS],
        cooperative="KetelhuisWG",
        day=site.day,
    )


def _ask_support(site: _Site) -> None:
    """The administrator asks to look in, so that a board member finds a request to answer."""
    appointed = FOUNDED.seen_from(site.day)
    for person in DEMO_ACCOUNTS:
        if person.runs_installation:
            account_id = site.people[person.name].id
            roles.make_administrator(site.session, account_id=account_id, day=appointed, now=_morning(appointed))
            actor = next(place.actor for place in _places(site, person.name) if place.reach is Reach.INSTALLATION)
            support.ask_support(
                site.session,
                actor,
                cooperative_id=site.cooperative_ids[KETELHUIS],
                reason=SUPPORT_REASON,
                hours=SUPPORT_HOURS,
                now=_morning(site.day - SUPPORT_ASKED),
            )


def _secure(site: _Site) -> None:
    """The treasurer is to have a second step from next month on; and somebody lost a phone, and came in again."""
    home = site.cooperative_ids[KETELHUIS]
    chair = _actor(site, KETELHUIS, Role.CHAIR)
    factor_rules.set_rule(
        site.session,
        chair,
        cooperative_id=home,
        role=Role.TREASURER,
        since=Since(next_month=True).seen_from(site.day),
        has_second=False,
        now=_morning(site.day - RULE_SET),
    )
    lost = _morning(site.day - PHONE_LOST)
    account_id, key = site.people[PHONE_LOST_BY].id, sealing.new_key()
    second_factors.begin_app(site.session, account_id, key=key, now=lost)
    secret = second_factors.read_new_secret(site.session, account_id, key=key) or ""
    second_factors.confirm_app(site.session, account_id, second_factors.code_of(secret, now=lost), key=key, now=lost)
    recovery.start(
        site.session,
        _actor(site, KETELHUIS, Role.SECRETARY),
        cooperative_id=home,
        account_id=account_id,
        reason=PHONE_LOST_REASON,
        site="http://localhost/",
        now=lost,
    )
    (due,) = recovery.read_due(site.session, now=lost + recovery.WAITING_TIME)
    opened = recovery.open_link(site.session, due, actor_id=None, now=lost + recovery.WAITING_TIME)
    recovery.use_link(site.session, opened.secret, now=lost + recovery.WAITING_TIME + timedelta(hours=2))
