"""The menu: at most seven items for anybody, and the place at which one works, always in sight."""

from dataclasses import dataclass
from itertools import groupby

from flask import Flask, request, url_for

from ecoop import language
from ecoop.governance.roles import BOARD_ROLES, RULES, Permission, Reach
from ecoop.language import gettext as _
from ecoop.language import mark
from ecoop.language.names import role_name, together
from ecoop.services.places import Place
from ecoop.web.access import REACH_OF, Door, door
from ecoop.web.platform import platform


@dataclass(frozen=True, slots=True)
class Item:
    """One item of the menu: shown to who holds the permission.

    `about` says in a sentence what is there, `group` with what it stands on the page "Organisation".
    """

    endpoint: str
    label: str
    permission: Permission
    about: str = ""
    group: str = ""


ITEMS = (
    Item("home.own_page", mark("For you"), Permission.SEE_OWN_PAGE),
    Item("home.overview", mark("State of affairs"), Permission.SEE_COOPERATIVE),
    Item("members.show", mark("Members"), Permission.SEE_REGISTER),
    Item("cases.show", mark("Business case"), Permission.SEE_CASE),
    Item("home.buildings", mark("Buildings"), Permission.SEE_BUILDINGS),
    Item("home.own_buildings", mark("My buildings"), Permission.SEE_OWN_BUILDINGS),
    Item("organisation.show", mark("Organisation"), Permission.SEE_COOPERATIVE),
    Item("umbrella.show", mark("Members"), Permission.SEE_UMBRELLA),
    Item("installation.show", mark("Installation"), Permission.RUN_INSTALLATION),
)

PAPERS, PEOPLE, WORK, CONTROL = (
    mark("Papers and figures"),
    mark("People and roles"),
    mark("Letters and work"),
    mark("Keeping watch"),
)
"""What stands together on the page "Organisation", in this order."""

ORGANISATION = (
    Item(
        "papers.show",
        mark("Papers"),
        Permission.SEE_PAPERS,
        mark("Statutes, minutes, budgets and other papers, each with its versions."),
        PAPERS,
    ),
    Item(
        "figures.show",
        mark("Figures"),
        Permission.SEE_FIGURES,
        mark("What sources say, side by side, and which figure is used."),
        PAPERS,
    ),
    Item(
        "public_page.desk",
        mark("Public page"),
        Permission.PUBLISH_PAGE,
        mark("What everybody may know: who you are, papers, figures."),
        PAPERS,
    ),
    Item(
        "people.show",
        mark("Who may do what"),
        Permission.SEE_ROLES,
        mark("Who holds which role, what each role may do, and who looked in."),
        PEOPLE,
    ),
    Item(
        "about_me.show",
        mark("Who can see what of you"),
        Permission.SEE_COOPERATIVE,
        mark("What the platform keeps about you here, who may see it, and who looked."),
        PEOPLE,
    ),
    Item(
        "recovery.show",
        mark("Lost phone"),
        Permission.GRANT_ROLES,
        mark("Help somebody back in who lost a phone and recovery codes."),
        PEOPLE,
    ),
    Item(
        "factor_rules.show",
        mark("Signing in: second step"),
        Permission.GRANT_ROLES,
        mark("Which roles ask for a second step when signing in, and who has none yet."),
        PEOPLE,
    ),
    Item(
        "correspondence.show",
        mark("Letters"),
        Permission.WRITE_LETTERS,
        mark("Write to members, and see what became of every letter."),
        WORK,
    ),
    Item(
        "jobs.show",
        mark("Work in the background"),
        Permission.SEE_JOBS,
        mark("What takes a while: how far it is, and what went wrong."),
        WORK,
    ),
    Item(
        "trail.show",
        mark("Audit trail"),
        Permission.SEE_TRAIL,
        mark("What was done, by whom and why, and whether it still stands as it was written."),
        CONTROL,
    ),
)
"""What the page "Organisation" leads to, for who holds the permission."""

REGISTER = (
    Item("members.show", mark("Register"), Permission.SEE_REGISTER),
    Item("applications.show", mark("Applications"), Permission.SEE_REGISTER),
    Item("leaving.show", mark("Leaving"), Permission.SEE_REGISTER),
    Item("membership_money.show", mark("Money"), Permission.SEE_MONEY),
    Item("voters.show", mark("Who may vote"), Permission.SEE_REGISTER),
    Item("offices.show", mark("Offices"), Permission.SEE_REGISTER),
    Item("statutes.show", mark("Statutes"), Permission.SEE_REGISTER),
    Item("imports.show", mark("Import"), Permission.KEEP_REGISTER),
    Item("exports.show", mark("Exports"), Permission.SEE_CONTACT),
    Item("privacy.show", mark("Privacy"), Permission.SEE_REGISTER),
)
"""What stands together around the member register, as tabs on each of its pages; the first is in the menu as well."""

OUTSIDE_MENU = frozenset(
    {
        "accounts.choose_identity",
        "accounts.choose_language",
        "accounts.demo_sign_in",
        "accounts.end_session",
        "accounts.prove",
        "accounts.redeem",
        "accounts.request_link",
        "accounts.set_password",
        "accounts.show",
        "accounts.sign_in",
        "accounts.sign_out",
        "accounts.sign_out_everywhere",
        "applications.admit",
        "applications.application",
        "applications.ask",
        "applications.decide",
        "applications.refuse",
        "applications.save_text",
        "applications.set_open",
        "applications.settings",
        "applications.take_in",
        "applications.who",
        "assets.send",
        "cases.download",
        "cases.download_document",
        "cases.replace",
        "correspondence.ask_print",
        "correspondence.choose",
        "correspondence.download_print",
        "correspondence.mark_posted",
        "correspondence.read",
        "correspondence.show_mailing",
        "correspondence.write",
        "exports.ask",
        "exports.download",
        "exports.hand_over",
        "exports.hand_over_report",
        "exports.mine",
        "exports.person",
        "dwellings.add",
        "dwellings.building",
        "dwellings.connect",
        "dwellings.download",
        "dwellings.dwelling",
        "dwellings.move",
        "dwellings.offer",
        "dwellings.record_contract",
        "dwellings.residents",
        "factor_rules.end",
        "figures.add",
        "figures.choose",
        "figures.download",
        "figures.withdraw",
        "home.health",
        "home.help_index",
        "home.help_page",
        "home.start",
        "imports.ask_undo",
        "imports.columns",
        "imports.discard",
        "imports.download",
        "imports.example",
        "imports.look",
        "imports.problems",
        "imports.put_in",
        "imports.take_over",
        "installation.ask_support",
        "installation.example_letters",
        "installation.outbox",
        "joining.answer",
        "joining.confirm",
        "joining.own",
        "joining.sent",
        "joining.show",
        "joining.withdraw",
        "jobs.cancel",
        "jobs.overview",
        "leaving.answer",
        "leaving.begin",
        "leaving.complete",
        "leaving.hand_over",
        "leaving.paid",
        "leaving.set_contract",
        "leaving.set_day",
        "leaving.set_money",
        "leaving.step",
        "leaving.undo",
        "members.add",
        "members.change",
        "members.download",
        "members.let_in",
        "members.member",
        "members.record",
        "my_data.answer",
        "my_data.ask_name",
        "my_data.change",
        "my_data.give_notice",
        "my_data.requests",
        "my_data.show",
        "offices.appoint",
        "offices.decide",
        "offices.end",
        "offices.end_representation",
        "offices.represent",
        "papers.add",
        "papers.add_version",
        "papers.change_readers",
        "papers.download",
        "papers.paper",
        "papers.withdraw",
        "membership_money.account",
        "membership_money.add_bank_account",
        "membership_money.announce",
        "membership_money.ask_statements",
        "membership_money.balance",
        "membership_money.bank_file",
        "membership_money.book",
        "membership_money.book_bank_file",
        "membership_money.cancel",
        "membership_money.change_mandate",
        "membership_money.charge",
        "membership_money.charge_now",
        "membership_money.choose_bank_lines",
        "membership_money.close_year",
        "membership_money.collecting",
        "membership_money.correct",
        "membership_money.debit",
        "membership_money.debits",
        "membership_money.download_balance",
        "membership_money.download_ledger",
        "membership_money.download_statements",
        "membership_money.draft",
        "membership_money.end_bank_account",
        "membership_money.look_at_bank_file",
        "membership_money.make_file",
        "membership_money.results",
        "membership_money.reveal",
        "membership_money.sign",
        "membership_money.take_file",
        "membership_money.transfer",
        "membership_money.years",
        "people.close_support",
        "people.end",
        "people.grant",
        "people.grant_support",
        "people.invite",
        "privacy.consent",
        "privacy.download",
        "privacy.due",
        "privacy.keep_trial",
        "privacy.lift_hold",
        "privacy.minimise",
        "privacy.person",
        "privacy.place_hold",
        "privacy.proof",
        "privacy.record_text",
        "privacy.rule",
        "privacy.texts",
        "merging.choose",
        "merging.compare",
        "promises.add",
        "promises.settle",
        "promises.show",
        "public_page.download",
        "public_page.edit",
        "public_page.preview",
        "public_page.publish",
        "public_page.show",
        "public_page.take_down",
        "recovery.agree",
        "recovery.change_address",
        "recovery.confirm_address",
        "recovery.send",
        "recovery.stop",
        "recovery.stop_by_link",
        "recovery.undo_address",
        "recovery.use",
        "second_step.add_passkey",
        "second_step.app",
        "second_step.ask",
        "second_step.begin_app",
        "second_step.new_passkey_options",
        "second_step.passkey_options",
        "second_step.picture",
        "second_step.remove_app",
        "second_step.remove_passkey",
        "second_step.renew_codes",
        "second_step.send_letter",
        "second_step.show",
        "second_step.use_passkey",
        "statutes.record",
        "trail.check",
        "trail.erase",
        "trail.export",
        "trail.looked",
        "voters.check",
        "voters.download",
        "voters.download_roll",
        "voters.freeze",
        "voters.roll",
    }
)
"""What is reached from another page, not from the menu; a test keeps the two lists complete together."""


BUILDINGS = frozenset({Permission.SEE_BUILDINGS, Permission.SEE_OWN_BUILDINGS})
"""The pages of dwellings are reached through the items with these permissions."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A place to go."""

    label: str
    url: str
    current: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What the layout shows around every page."""

    account_name: str
    day: str
    place_name: str
    place_note: str
    menu: tuple[Link, ...]
    switches: tuple[Link, ...]
    tabs: tuple[Link, ...]
    """The pages that stand together with this one."""
    is_demo: bool
    supporting: bool


def place_name(place: Place) -> str:
    """The name of a place as people call it."""
    return _("Installation") if place.reach is Reach.INSTALLATION else place.name


def place_url(place: Place) -> str:
    """The first page of a place, for who the actor is there: the board begins with the state of affairs."""
    if place.actor.held_back and not place.actor.permissions:
        return url_for("second_step.show", place=place.slug)
    on_board = place.actor.is_any(BOARD_ROLES)
    for item in sorted(ITEMS, key=lambda item: on_board and item.permission is Permission.SEE_OWN_PAGE):
        if REACH_OF[item.permission] is place.reach and place.actor.may(item.permission):
            return _item_url(item, place)
    return url_for("accounts.show")


def _item_url(item: Item, place: Place) -> str:
    values = {} if place.reach is Reach.INSTALLATION else {place.reach.value: place.slug}
    return url_for(item.endpoint, **values)  # type: ignore[arg-type]


def organisation_links(place: Place) -> tuple[tuple[str, tuple[Link, ...]], ...]:
    """What the page "Organisation" leads to, for who the actor is there: the name of a group, and its links."""
    open_to = [item for item in ORGANISATION if place.actor.may(item.permission)]
    return tuple(
        (
            _(name),
            tuple(Link(label=_(item.label), url=_item_url(item, place), note=_(item.about)) for item in group),
        )
        for name, group in groupby(open_to, key=lambda item: item.group)
    )


def _note(place: Place) -> str:
    held = {one.role for one in (*place.actor.roles, *place.actor.held_back)}
    names = [role_name(role) for role in RULES if role in held]
    if place.actor.supporting:
        names.append(_("looking in as administrator"))
    return together(names)


def _menu(place: Place | None) -> tuple[Link, ...]:
    if place is None:
        return ()
    return tuple(
        Link(label=_(item.label), url=_item_url(item, place), current=_is_current(item))
        for item in ITEMS
        if REACH_OF[item.permission] is place.reach and place.actor.may(item.permission) and not _covered(item, place)
    )


def _is_current(item: Item) -> bool:
    """Whether the page of this request is that item, or is reached through it."""
    journey = item.endpoint.partition(".")[0]
    if item.permission in BUILDINGS:
        return request.endpoint == item.endpoint or request.blueprint == "dwellings"
    if journey == "home":
        return request.endpoint == item.endpoint
    if journey == "organisation" and "cooperative" in (request.view_args or {}):
        return request.blueprint in {one.endpoint.partition(".")[0] for one in (item, *ORGANISATION)}
    if journey == REGISTER_JOURNEY and "cooperative" in (request.view_args or {}):
        return request.blueprint in AROUND_REGISTER
    return request.blueprint == journey or (journey == "installation" and request.endpoint == "jobs.overview")


REGISTER_JOURNEY = REGISTER[0].endpoint.partition(".")[0]
AROUND_REGISTER = frozenset({"merging", "promises"}.union(item.endpoint.partition(".")[0] for item in REGISTER))
"""The journeys that stand together; one that begins on a page of another has no tab of its own."""


def _tabs(place: Place | None) -> tuple[Link, ...]:
    """The pages around the register, on each of them; one alone needs no tab."""
    if place is None or request.blueprint not in AROUND_REGISTER:
        return ()
    tabs = tuple(
        Link(label=_(item.label), url=_item_url(item, place), current=_is_journey(item))
        for item in REGISTER
        if place.actor.may(item.permission)
    )
    return tabs if len(tabs) > 1 else ()


def _is_journey(item: Item) -> bool:
    return request.blueprint == item.endpoint.partition(".")[0]


def _covered(item: Item, place: Place) -> bool:
    """Who sees all buildings needs no second item for the own ones."""
    return item.permission is Permission.SEE_OWN_BUILDINGS and place.actor.may(Permission.SEE_BUILDINGS)


def read_frame(found: Door) -> Frame:
    """What stands around the page of this request."""
    place = found.current_place
    if place is None and len(found.all_places) == 1:
        place = found.all_places[0]
    return Frame(
        account_name=found.account.name if found.account else "",
        day=language.day(found.day),
        place_name=place_name(place) if place else "",
        place_note=_note(place) if place else "",
        menu=_menu(place),
        switches=tuple(
            Link(label=place_name(other), url=place_url(other), current=other is place, note=_note(other))
            for other in found.all_places
        ),
        tabs=_tabs(place),
        is_demo=platform().is_demo,
        supporting=bool(place and place.actor.looks_in_only),
    )


def install_navigation(app: Flask) -> None:
    """Let the layout ask for its frame; asked at most once a request, also by error pages."""

    @app.context_processor
    def _provide() -> dict[str, object]:
        return {"frame": lambda: read_frame(door())}
