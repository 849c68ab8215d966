"""What the pages of the inbox show."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ecoop import language
from ecoop.governance.admission import Missing, Speaker, TextKind, starts_later
from ecoop.governance.register_fields import Field
from ecoop.governance.roles import Actor, Permission
from ecoop.governance.statutes import EntryRule, PartyKind, Statutes
from ecoop.language import gettext as _
from ecoop.language import ngettext
from ecoop.language.admission import (
    REFUSALS,
    application_status_name,
    living_name,
    missing_name,
    refusal_name,
    text_kind_name,
)
from ecoop.language.register import class_codes, class_name, party_kind_name
from ecoop.services.application_story import Said
from ecoop.services.application_texts import TextView
from ecoop.services.applications import ApplicationView, Inbox
from ecoop.web.alike import AlikeRow, alike_row

LONG = 30
"""From so many days on an application stands out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxRow:
    """One application in the list."""

    id: int
    name: str
    what: str
    days: int
    age: str
    is_long: bool
    missing: str
    alike: str
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxPage:
    """The inbox."""

    title: str
    answer: str
    second: str
    waiting: tuple[InboxRow, ...]
    asked: tuple[InboxRow, ...]
    decided: tuple[InboxRow, ...]
    outside: str
    may_keep: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidRow:
    """A question or an answer."""

    who: str
    when: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationPage:
    """One application."""

    title: str
    answer: str
    id: int
    membership_id: int | None
    facts: tuple[tuple[str, str], ...]
    remark: tuple[str, ...]
    missing: tuple[str, ...]
    alike: tuple[AlikeRow, ...]
    needs_say: bool
    said: tuple[SaidRow, ...]
    may_decide: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DecidePage:
    """Deciding on one or several: what it means, before it is done."""

    title: str
    answer: str
    names: tuple[tuple[int, str, str], ...]
    """Number, name, and what is missing."""
    notes: tuple[str, ...]
    appeal: tuple[str, ...]
    button: str
    messages: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TextRow:
    """One text in one language, as it counts now."""

    key: str
    kind: str
    language: str
    title: str
    text: str
    since: str
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingsPage:
    """What newcomers may do and read."""

    title: str
    answer: str
    is_open: bool
    texts: tuple[TextRow, ...]
    may_keep: bool
    messages: tuple[str, ...]


def inbox_page(found: Inbox, actor: Actor) -> InboxPage:
    """The inbox, oldest first."""
    count = len(found.waiting)
    unconfirmed = found.unconfirmed
    return InboxPage(
        title=_("Applications"),
        answer=ngettext("%(count)s application waits for you.", "%(count)s applications wait for you.", count)
        if count
        else _("No application waits."),
        second=ngettext(
            "%(count)s more was filled in and not confirmed yet.",
            "%(count)s more were filled in and not confirmed yet.",
            unconfirmed,
        )
        if unconfirmed
        else "",
        waiting=tuple(_row(one) for one in found.waiting),
        asked=tuple(_row(one) for one in found.asked),
        decided=tuple(_row(one) for one in found.decided),
        outside=ngettext(
            "%(count)s applicant stands in the register without an application here, for instance after an import.",
            "%(count)s applicants stand in the register without an application here, for instance after an import.",
            found.outside,
        )
        if found.outside
        else "",
        may_keep=actor.may(Permission.KEEP_REGISTER),
    )


def name_of(one: ApplicationView) -> str:
    """The name of an applicant; what was blanked has none."""
    return one.name or _("no longer kept")


def _row(one: ApplicationView) -> InboxRow:
    likely = [found for found in one.alike if found.is_likely]
    return InboxRow(
        id=one.id,
        name=name_of(one),
        what=", ".join(part for part in (class_name(one.class_code), party_kind_name(one.kind).lower()) if part),
        days=one.days,
        age=ngettext("%(count)s day", "%(count)s days", one.days),
        is_long=one.is_open and one.days >= LONG,
        missing=missing_words(one.missing),
        alike=_("looks like %(name)s", name=likely[0].name) if likely else _again(one),
        state=_state(one),
    )


def _again(one: ApplicationView) -> str:
    if one.is_open and one.is_member:
        return _("is a member already")
    return _("was a member before") if one.is_open and one.was_member else ""


def missing_words(found: Sequence[Missing]) -> str:
    """What is missing, as one line."""
    return ", ".join(missing_name(one) for one in found)


def _state(one: ApplicationView) -> str:
    told = application_status_name(one.status)
    if one.closed_at is None:
        return told
    who = one.closed_by or _("the applicant")
    return _("%(state)s on %(day)s by %(who)s", state=told, day=language.moment(one.closed_at), who=who)


def application_page(one: ApplicationView, actor: Actor, *, cooperative: str) -> ApplicationPage:
    """One application, with everything one decides on."""
    return ApplicationPage(
        title=name_of(one),
        answer=_answer(one),
        id=one.id,
        membership_id=one.membership_id,
        facts=tuple(_facts(one)),
        remark=tuple(line for line in (one.private.remark or "").splitlines() if line.strip()),
        missing=tuple(missing_name(code) for code in one.missing) if one.is_open else (),
        alike=tuple(alike_row(found) for found in one.alike),
        needs_say=one.needs_say,
        said=tuple(_said(row, cooperative) for row in one.private.said),
        may_decide=one.is_open and actor.may(Permission.KEEP_REGISTER),
    )


def _answer(one: ApplicationView) -> str:
    if one.is_open:
        told = application_status_name(one.status).capitalize()
        return ngettext("%(state)s, for %(count)s day now.", "%(state)s, for %(count)s days now.", one.days, state=told)
    return _state(one).capitalize() + "."


def _facts(one: ApplicationView) -> Iterator[tuple[str, str]]:
    private, unknown = one.private, _("unknown")
    street = " ".join(part for part in (one.street, one.house_number) if part)
    place = " ".join(part for part in (one.postcode, one.city) if part)
    yield _("Kind of party"), party_kind_name(one.kind)
    yield _("Kind of membership"), class_name(one.class_code) or unknown
    yield _("Address"), ", ".join(part for part in (street, place) if part) or unknown
    if one.living is not None:
        yield _("Owner or tenant"), living_name(one.living)
    if one.kind is PartyKind.PERSON:
        born = language.day(private.birth_date) if private.birth_date else None
        yield _("Date of birth"), _value(one, Field.BIRTH_DATE, born)
    else:
        yield _("KvK number"), one.registration_number or unknown
        yield _("Represented by"), one.representative or unknown
    yield _("E-mail address"), _value(one, Field.EMAIL, private.email)
    yield _("Phone"), _value(one, Field.PHONE, private.phone)
    yield _("Applied"), language.moment(one.asked_at)
    yield _("Accepted"), _value(one, Field.CONSENTS, _accepted(one))
    if one.refusal is not None:
        yield _("Reason"), refusal_name(one.refusal)
    if one.decision:
        yield _("Decision"), one.decision
    if one.is_open and (again := _again(one)):
        yield _("In the register"), again


def _accepted(one: ApplicationView) -> str | None:
    told = [
        _("%(text)s, on %(when)s, version %(digest)s", text=text_kind_name(row.kind), when=language.moment(row.at),
          digest=row.digest[:8])
        for row in one.private.accepted
    ]  # fmt: skip
    return "; ".join(told) or None


def _value(one: ApplicationView, field: Field, value: str | None) -> str:
    return _("not for your role") if field in one.private.withheld else value or _("unknown")


def _said(one: Said, cooperative: str) -> SaidRow:
    asked = one.speaker is Speaker.BOARD
    who = one.by or _("The board of %(cooperative)s", cooperative=cooperative)
    return SaidRow(
        who=who if asked else _("The applicant"),
        when=language.moment(one.at),
        lines=tuple(line for line in (one.text or "").splitlines() if line.strip()),
    )


def admit_page(
    found: Sequence[ApplicationView], statutes: Statutes | None, *, messages: Sequence[str]
) -> DecidePage:  # fmt: skip
    """Before admitting: what it means for each of them."""
    notes = [_("Each gets the next number, which is never given out again. Who was a member before keeps the old one.")]
    notes.append(_("A letter goes to each, with the number."))
    later = starts_later(statutes)
    if later is EntryRule.FIRST_CONTRIBUTION:
        notes.append(_("By the statutes somebody is a member from the first contribution on: choose that day."))
    elif later is EntryRule.INSCRIPTION:
        notes.append(_("By the statutes somebody is a member from the inscription in the register: choose that day."))
    return DecidePage(
        title=_("Admit"),
        answer=ngettext("%(count)s applicant becomes a member.", "%(count)s applicants become members.", len(found)),
        names=_names(found),
        notes=tuple(notes),
        appeal=(),
        button=ngettext("Admit %(count)s applicant", "Admit %(count)s applicants", len(found)),
        messages=tuple(messages),
    )


def refuse_page(
    found: Sequence[ApplicationView], appeal: TextView | None, *, messages: Sequence[str]
) -> DecidePage:  # fmt: skip
    """Before refusing: what it means, and what the letter says about appeal."""
    return DecidePage(
        title=_("Refuse"),
        answer=ngettext("%(count)s application is refused.", "%(count)s applications are refused.", len(found)),
        names=_names(found),
        notes=(_("A letter goes to each, with the reason and your own words. They can apply again later."),),
        appeal=tuple(line for line in (appeal.text if appeal else "").splitlines() if line.strip()),
        button=ngettext("Refuse %(count)s application", "Refuse %(count)s applications", len(found)),
        messages=tuple(messages),
    )


def _names(found: Sequence[ApplicationView]) -> tuple[tuple[int, str, str], ...]:
    return tuple((one.id, name_of(one), missing_words(one.missing)) for one in found)


def settings_page(
    texts: dict[tuple[TextKind, str], TextView], actor: Actor, *, is_open: bool, messages: Sequence[str]
) -> SettingsPage:
    """What newcomers may do, and what they read and accept."""
    return SettingsPage(
        title=_("Applying through the web"),
        answer=_("Everybody can apply through the public form.") if is_open else _("The public form is closed."),
        is_open=is_open,
        texts=tuple(
            _text_row(kind, spoken, texts.get((kind, spoken.value)))
            for kind in TextKind
            for spoken in language.Language
        ),
        may_keep=actor.may(Permission.KEEP_REGISTER),
        messages=tuple(messages),
    )


def _text_row(kind: TextKind, spoken: language.Language, found: TextView | None) -> TextRow:
    names = {language.Language.DUTCH: _("Dutch"), language.Language.ENGLISH: _("English")}
    title = _("%(text)s, in %(language)s", text=text_kind_name(kind), language=names[spoken])
    return TextRow(
        key=f"{kind.value}-{spoken.value}",
        kind=kind.value,
        language=spoken.value,
        title=title,
        text=found.text if found else "",
        since=_("Counts since %(when)s.", when=language.moment(found.set_at)) if found else _("Not written yet."),
        digest=found.digest if found else "",
    )


def class_choices() -> list[tuple[str, str]]:
    """As each asked, or one kind for all."""
    return [("", _("As each of them asked")), *((code, class_name(code)) for code in class_codes())]


def refusal_choices() -> list[tuple[str, str]]:
    """Why."""
    return [("", _("Choose a reason")), *((code, refusal_name(code)) for code in REFUSALS)]
