"""What the pages about one's own data show."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from ecoop import language
from ecoop.governance.membership import EventKind
from ecoop.governance.statutes import PartyKind
from ecoop.language import gettext as _
from ecoop.language.register import class_name, end_reason_name, event_name, party_kind_name, status_name
from ecoop.services.exit_reading import ExitView
from ecoop.services.own_data import BY_REQUEST, OwnEvent, OwnParty, RequestView
from ecoop.services.parties import PartyFacts

LANGUAGES = (("nl", "Nederlands"), ("en", "English"))


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnRow:
    """One party of one's own in words."""

    party_id: int
    membership_id: int | None
    heading: str
    answer: str
    facts: tuple[tuple[str, str], ...]
    to_come: tuple[str, ...]
    story: tuple[tuple[str, str], ...]
    represented_by: tuple[str, ...]
    represents: tuple[str, ...]
    dwellings: tuple[tuple[str, str], ...]
    money: tuple[tuple[str, str], ...]
    waits: str
    leaving: str
    may_leave: bool
    is_person: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnPage:
    """Everything the register keeps about me."""

    title: str
    answer: str
    rows: tuple[OwnRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FormPage:
    """A form with a title."""

    title: str
    answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What stands around one own party: who acts for whom, dwellings, money, an exit that runs."""

    represented_by: tuple[str, ...] = ()
    represents: tuple[str, ...] = ()
    dwellings: tuple[tuple[str, str], ...] = ()
    money: tuple[tuple[str, str], ...] = ()
    exit: ExitView | None = None


def own_page(found: Sequence[tuple[OwnParty, Around]], *, cooperative: str) -> OwnPage:
    """Everything that is kept about me."""
    answer = (
        _("This is what %(cooperative)s keeps about you. Is something wrong? Change it, or ask.",
          cooperative=cooperative)
        if found
        else _("%(cooperative)s keeps nothing about you in the register. Are you a member? Ask the secretary to link "
               "your login.", cooperative=cooperative)
    )  # fmt: skip
    return OwnPage(title=_("Your data"), answer=answer, rows=tuple(_row(one, around) for one, around in found))


def _row(one: OwnParty, around: Around) -> OwnRow:
    return OwnRow(
        party_id=one.party.id,
        membership_id=one.membership_id,
        heading=one.party.facts.name,
        answer=_standing(one),
        facts=tuple(_facts(one)),
        to_come=tuple(
            _("From %(day)s: %(address)s", day=language.day(later.valid_from), address=address_of(later.facts))
            for later in one.later
        ),
        story=tuple(_event(each) for each in one.story),
        represented_by=around.represented_by,
        represents=around.represents,
        dwellings=around.dwellings,
        money=around.money,
        waits=_("You asked for a correction. It waits for the secretary.") if one.request_waits else "",
        leaving=_leaving(around.exit),
        may_leave=one.standing.is_member and one.standing.notice_on is None and around.exit is None,
        is_person=one.party.kind is PartyKind.PERSON,
    )  # fmt: skip


def _standing(one: OwnParty) -> str:
    standing = one.standing
    if one.membership_id is None or not standing.status:
        return ""
    if standing.member_since is None:
        return status_name(standing.status).capitalize() + "."
    return _(
        "Number %(number)s: %(status)s since %(day)s, %(kind)s.", number=one.number,
        status=status_name(standing.status), day=language.day(standing.member_since),
        kind=class_name(standing.class_code),
    )  # fmt: skip


def _facts(one: OwnParty) -> Iterator[tuple[str, str]]:
    facts = one.party.facts
    yield _("Name"), facts.name
    yield _("Address"), address_of(facts) or _("unknown")
    yield _("Phone"), facts.phone or _("unknown")
    yield _("E-mail address in the register"), facts.email or _("unknown")
    yield _("Language of letters"), dict(LANGUAGES).get(facts.language, facts.language)
    if one.party.kind is PartyKind.PERSON:
        yield _("Date of birth"), language.day(facts.birth_date) if facts.birth_date else _("unknown")
    else:
        yield _("Kind of party"), party_kind_name(one.party.kind)
        yield _("KvK number"), facts.registration_number or _("unknown")
    yield _("Known like this since"), language.day(one.party.valid_from)


def _event(one: OwnEvent) -> tuple[str, str]:
    parts = [event_name(one.kind)]
    if one.class_code and one.kind not in {EventKind.ENDED, EventKind.TRANSFERRED}:
        parts.append(class_name(one.class_code))
    if one.end_reason is not None:
        parts.append(end_reason_name(one.end_reason))
    return language.day(one.valid_from), ", ".join(parts)


def _leaving(one: ExitView | None) -> str:
    if one is None:
        return ""
    if one.ends_on is None:
        return _("Your notice of %(day)s is with the secretary.", day=language.day(one.received_on))
    last = language.day(one.ends_on - timedelta(days=1))
    return _("Your notice is with the secretary. Your last day as a member is %(day)s.", day=last)


def address_of(facts: PartyFacts) -> str:
    """Street and place on one line, as far as they are known."""
    street = " ".join(part for part in (facts.street, facts.house_number) if part)
    place = " ".join(part for part in (facts.postcode, facts.city) if part)
    return ", ".join(part for part in (street, place) if part)


def change_page() -> FormPage:
    """Changing where one lives and how one is reached."""
    return FormPage(
        title=_("Change your address"),
        answer=_("The register shows the new data from the day you choose. What was known before stays readable."),
    )


def name_page() -> FormPage:
    """Asking for another name or date of birth."""
    return FormPage(
        title=_("Ask for another name or date of birth"),
        answer=_("Others rely on these two, for instance a court. So the secretary takes the correction over."),
    )


def notice_page(last_day: date | None, rule: str) -> FormPage:
    """Giving notice."""
    answer = (
        _("You stay a member until and including %(day)s.", day=language.day(last_day))
        if last_day is not None
        else _("The secretary tells you which day is your last as a member.")
    )
    return FormPage(title=_("Give notice"), answer=f"{answer} {rule}".strip())


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestRow:
    """A request in words: what stands there now, and what should stand there."""

    id: int
    membership_id: int | None
    name: str
    asked: str
    changes: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestsPage:
    """The requests that wait."""

    title: str
    answer: str
    rows: tuple[RequestRow, ...]


def requests_page(found: Sequence[RequestView]) -> RequestsPage:
    """The requests that wait, oldest first."""
    return RequestsPage(
        title=_("Requests to correct data"),
        answer=language.ngettext("%(count)s request waits for an answer.", "%(count)s requests wait for an answer.",
                                 len(found)) if found else _("No request waits."),
        rows=tuple(
            RequestRow(
                id=one.id, membership_id=one.membership_id, name=one.present.name, asked=language.moment(one.asked_at),
                changes=tuple(_changes(one)),
            )
            for one in found
        ),
    )  # fmt: skip


def _changes(one: RequestView) -> Iterator[tuple[str, str, str]]:
    labels = {
        "name": _("Name as on an envelope"), "given_names": _("Given names"), "name_prefix": _("Prefix"),
        "family_name": _("Family name"), "birth_date": _("Date of birth"),
    }  # fmt: skip
    for name in BY_REQUEST:
        before, after = getattr(one.present, name), getattr(one.wanted, name)
        if before != after:
            yield labels[name], _told(before), _told(after)


def _told(value: object) -> str:
    return language.day(value) if isinstance(value, date) else str(value or "–")


def outcome_choices() -> list[tuple[str, str]]:
    """How a request is answered."""
    return [("accepted", _("Take it over in the register")), ("refused", _("Refuse it"))]
