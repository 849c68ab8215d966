"""What the pages of the member register show."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from ecoop import language
from ecoop.governance.membership import EventKind, MembershipEvent, Standing, Status
from ecoop.governance.register_fields import Field
from ecoop.governance.retention import Leaving
from ecoop.governance.roles import Actor, Permission
from ecoop.governance.statutes import PartyKind
from ecoop.language import gettext as _
from ecoop.language import ngettext
from ecoop.language.dwellings import connection_name, contract_name, tenure_name
from ecoop.language.privacy import because, field_name
from ecoop.language.register import (
    class_codes,
    class_name,
    end_reason_name,
    event_name,
    party_kind_name,
    status_name,
)
from ecoop.services.duplicates import Alike
from ecoop.services.dwelling_views import OwnDwelling
from ecoop.services.member_logins import WITH_A_LOGIN, LoginView
from ecoop.services.merging import MergedParty, Merges
from ecoop.services.parties import PartyFacts, PartyView
from ecoop.services.register import MemberView, Order, RegisterLine, RegisterPage, RegisterQuestion
from ecoop.web.alike import AlikeRow, alike_row
from ecoop.web.members.story import Story

LISTED = (Status.MEMBER, Status.SUSPENDED, Status.APPLICANT, Status.FORMER, Status.REFUSED)
OFFERED = (
    EventKind.SUSPENDED,
    EventKind.REINSTATED,
    EventKind.CLASS_CHANGED,
    EventKind.READMITTED,
    EventKind.CORRECTED,
)
"""What the secretary writes down on the page of a member. Leaving is an act of its own, with all that hangs on it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberRow:
    """One line of the register in words."""

    id: int
    number: str
    name: str
    address: str
    kind: str
    status: str
    since: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ListPage:
    """A page of the register."""

    title: str
    answer: str
    second: str
    rows: tuple[MemberRow, ...]
    page: int
    pages: int
    counts: tuple[tuple[str, str], ...]
    may_keep: bool
    is_asked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MergedRow:
    """The line at the other end of a merge."""

    membership_id: int | None
    told: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeRow:
    """A dwelling of the member in words."""

    id: int
    address: str
    what: str
    connection: str
    contract: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberPage:
    """One member: who it is, what it is today, and how that came about."""

    title: str
    answer: str
    facts: tuple[tuple[str, str], ...]
    story: Story
    may_keep: bool
    party_id: int
    leaving: tuple[str, ...]
    """What leaves on which day and because of what, where anything has a day."""
    keeps_privacy: bool
    """Whether the page about the privacy of this person is for who looks."""
    homes: tuple[HomeRow, ...]
    login: str
    """Whether the member can sign in, in a sentence."""
    may_let_in: bool
    merged_into: MergedRow | None
    merged_from: tuple[MergedRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FormPage:
    """A form with a title, and who is likely known already."""

    title: str
    answer: str
    alike: tuple[AlikeRow, ...] = ()


def list_page(found: RegisterPage, asked: RegisterQuestion, actor: Actor, *, today: date, is_asked: bool) -> ListPage:
    """The register on a day, as it is known now or was known then."""
    members = found.counts.get(Status.MEMBER, 0) + found.counts.get(Status.SUSPENDED, 0)
    told = {"day": language.day(asked.day)}
    answer = (
        ngettext("%(count)s member today.", "%(count)s members today.", members)
        if asked.day == today
        else ngettext("%(count)s member on %(day)s.", "%(count)s members on %(day)s.", members, **told)
    )
    second = (
        ngettext("%(count)s line fits your question.", "%(count)s lines fit your question.", found.count)
        if (is_asked and found.count)
        else ""
    )
    if asked.known_at is not None:
        known = _("As it was known at the end of %(day)s.", day=language.day(asked.known_at.date()))
        second = f"{second} {known}".strip()
    return ListPage(
        title=_("Members"),
        answer=answer,
        second=second,
        rows=tuple(_row(line) for line in found.lines),
        page=found.page,
        pages=found.pages,
        counts=tuple((status_name(one), language.number(found.counts.get(one, 0))) for one in LISTED),
        may_keep=actor.may(Permission.KEEP_REGISTER),
        is_asked=is_asked,
    )


def _row(line: RegisterLine) -> MemberRow:
    return MemberRow(
        id=line.membership_id,
        number="–" if line.number is None else str(line.number),
        name=line.name,
        address=address_of(line),
        kind=class_name(line.class_code),
        status=status_name(line.status),
        since="–" if line.member_since is None else language.day(line.member_since),
    )


def address_of(one: RegisterLine | PartyFacts) -> str:
    """Street and place on one line, as far as they are known."""
    street = " ".join(part for part in (one.street, one.house_number) if part)
    place = " ".join(part for part in (one.postcode, one.city) if part)
    return ", ".join(part for part in (street, place) if part)


def member_page(
    found: MemberView,
    actor: Actor,
    *,
    merges: Merges,
    story: Story,
    leaving: Sequence[Leaving] = (),
    homes: Sequence[OwnDwelling] = (),
    login: LoginView | None = None,
) -> MemberPage:
    """One member, with the story newest first."""
    into = merges.into
    return MemberPage(
        title=found.party.facts.name,
        answer=_answer(found.standing, found.number),
        facts=tuple(_facts(found.party)),
        story=story,
        may_keep=actor.may(Permission.KEEP_REGISTER) and into is None,
        party_id=found.party.id,
        leaving=tuple(_leaving(leaving)),
        keeps_privacy=actor.may(Permission.KEEP_PRIVACY),
        homes=_homes(homes),
        login=_login(found, login),
        may_let_in=_may_let_in(found, login, actor),
        merged_into=_merged(into) if into is not None else None,
        merged_from=tuple(_merged(one) for one in merges.taken),
    )


def _login(found: MemberView, login: LoginView | None) -> str:
    if login is None or found.party.kind not in WITH_A_LOGIN:
        return ""
    if login.account_id is None:
        return _("No login yet.")
    return _("Was here and can sign in.") if login.has_come_in else _("Has a login, and never came in.")


def _may_let_in(found: MemberView, login: LoginView | None, actor: Actor) -> bool:
    may = actor.may(Permission.KEEP_REGISTER) and actor.may(Permission.GRANT_ROLES)
    waits = login is not None and not login.has_come_in
    return may and waits and found.standing.is_member and found.party.kind in WITH_A_LOGIN


def _merged(one: MergedParty) -> MergedRow:
    name = one.name if one.number is None else _("%(name)s, number %(number)s", name=one.name, number=one.number)
    return MergedRow(
        membership_id=one.membership_id,
        told=_("%(name)s (merged on %(when)s)", name=name, when=language.moment(one.at)),
    )


def _answer(standing: Standing, number: int | None) -> str:
    words = {"number": number, "status": status_name(standing.status), "kind": class_name(standing.class_code)}
    if standing.member_since is not None:
        day = language.day(standing.member_since)
        told = _("Number %(number)s: %(status)s since %(day)s, %(kind)s.", day=day, **words)
        if standing.notice_on is None:
            return told
        notice = _("Gave notice on %(day)s.", day=language.day(standing.notice_on))
        return f"{told} {notice}"
    if standing.periods and standing.periods[-1].ends_on is not None:
        last = standing.periods[-1]
        assert last.ends_on is not None  # noqa: S101  asked just above
        reason = end_reason_name(last.end_reason) if last.end_reason else ""
        return _("Number %(number)s: member until %(day)s, %(reason)s.", day=language.day(last.ends_on), reason=reason,
                 **words)  # fmt: skip
    return _("%(status)s, %(kind)s.", **words).capitalize()


def _facts(party: PartyView) -> Iterator[tuple[str, str]]:
    facts = party.facts
    yield _("Kind of party"), party_kind_name(party.kind)
    yield _("Address"), address_of(facts) or _("unknown")
    yield _("E-mail address"), _value(party, Field.EMAIL, facts.email)
    yield _("Phone"), _value(party, Field.PHONE, facts.phone)
    if party.kind is PartyKind.PERSON:
        born = language.day(facts.birth_date) if facts.birth_date else None
        yield _("Date of birth"), _value(party, Field.BIRTH_DATE, born)
    else:
        yield _("KvK number"), facts.registration_number or _("unknown")
    yield _("Known like this since"), language.day(party.valid_from)


def _value(party: PartyView, field: Field, value: str | None) -> str:
    """What is known, or why it does not stand here: what is not for a role is something else than unknown."""
    return _("not for your role") if field in party.withheld else value or _("unknown")


def _leaving(found: Sequence[Leaving]) -> Iterator[str]:
    """What leaves and when, the first first."""
    for one in sorted((one for one in found if one.leaves_on), key=lambda one: (one.leaves_on or date.max, one.field)):
        if one.leaves_on is not None and one.purpose is not None:
            words = {"field": field_name(one.field), "day": language.day(one.leaves_on),
                     "why": because(one.purpose, one.kept_months)}  # fmt: skip
            yield (
                _("%(field)s is held back by a legal hold.", **words)
                if one.is_held
                else _("%(field)s leaves on %(day)s, because of: %(why)s.", **words)
            )


def _homes(found: Sequence[OwnDwelling]) -> tuple[HomeRow, ...]:
    """The dwellings that the member owns or rents today; what it lets stands with the buildings."""
    return tuple(
        HomeRow(
            id=one.id,
            address=f"{one.building}, {one.address}",
            what=tenure_name(one.tenure),
            connection=connection_name(one.connection) or "–",
            contract=contract_name(one.contract) or "–",
        )
        for one in found
    )


def add_page(alike: Sequence[Alike] = ()) -> FormPage:
    """Recording a new member."""
    return FormPage(
        title=_("Add a member"),
        answer=_("The next number is given out, and never again to somebody else."),
        alike=tuple(alike_row(one) for one in alike),
    )


def change_page(party: PartyView, alike: Sequence[Alike] = ()) -> FormPage:
    """Changing what is known of somebody."""
    return FormPage(
        title=_("Change the data of %(name)s", name=party.facts.name),
        answer=_("What was known before stays readable. Say from which day the new data hold."),
        alike=tuple(alike_row(one) for one in alike),
    )


def status_choices() -> list[tuple[str, str]]:
    """Which lines one asks for."""
    return [("", _("Members")), *((one.value, status_name(one)) for one in LISTED)]


def class_choices(*, everybody: bool = False) -> list[tuple[str, str]]:
    """Kinds of membership."""
    first = _("All kinds") if everybody else _("Choose a kind")
    return [("", first), *((code, class_name(code)) for code in class_codes())]


def kind_choices() -> list[tuple[str, str]]:
    """Kinds of party."""
    return [(one.value, party_kind_name(one)) for one in PartyKind]


def order_choices() -> list[tuple[str, str]]:
    """In which order."""
    return [(Order.NAME.value, _("by name")), (Order.NUMBER.value, _("by number"))]


def event_choices() -> list[tuple[str, str]]:
    """What can be written down."""
    return [("", _("Choose what happened")), *((one.value, event_name(one)) for one in OFFERED)]


def correction_choices(events: Sequence[MembershipEvent]) -> list[tuple[str, str]]:
    """What can be taken out: every event that counts, the newest first."""
    gone = {one.corrects for one in events}
    known = [one for one in events if one.kind is not EventKind.CORRECTED and one.id not in gone]
    return [
        ("", _("Only for a correction")),
        *(
            (str(one.id), _("%(what)s, from %(day)s", what=event_name(one.kind), day=language.day(one.valid_from)))
            for one in sorted(known, key=lambda one: (one.valid_from, one.id), reverse=True)
        ),
    ]
