"""Writing to a group: who is in it, and a letter of their own for each of them."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import and_, or_, select

from ecoop.db import ScopedSession
from ecoop.errors import Forbidden, InvalidInput, NotFound, Problem, Refused
from ecoop.governance.audit import Action
from ecoop.governance.membership import IS_MEMBER
from ecoop.governance.roles import RULES, Actor, Permission, Reach, Role
from ecoop.language import DEFAULT, Language, parse_language
from ecoop.models import Account, Mailing, Membership, MembershipSpan, Party, PartyRecord, RoleBuilding, RoleGrant
from ecoop.services import audit, jobs
from ecoop.services.letters import write_letter
from ecoop.services.parties import holding_on
from ecoop.services.register import spans_known_at

WRITE = "mailing.write"
"""The job that writes the letters of a mailing."""
LONGEST_SUBJECT, LONGEST_TEXT = 150, 10_000


class MailingReason(StrEnum):
    """Why a mailing cannot go out."""

    SUBJECT_MISSING = "letter_subject_missing"
    TEXT_MISSING = "letter_text_missing"
    TEXT_TOO_LONG = "letter_text_too_long"
    TEXT_UNUSABLE = "letter_text_unusable"
    ENGLISH_HALF = "letter_english_half"
    NOBODY = "letter_nobody"
    GROUP_UNKNOWN = "letter_group_unknown"
    SENT_ALREADY = "letter_sent_already"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """Somebody who gets a letter: at an address for e-mail, or on paper. `key` tells people apart."""

    key: str
    name: str
    email: str | None
    account_id: int | None = None
    postal_address: str | None = None
    language: Language = DEFAULT


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Who is written to: in every selector that is used, one of its values must fit. None used: everybody."""

    chosen: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def text(self) -> str:
        """As it is kept."""
        return json.dumps({name: sorted(values) for name, values in self.chosen.items() if values}, sort_keys=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class MailingText:
    """What is written, in Dutch and perhaps in English."""

    subject_nl: str
    text_nl: str
    subject_en: str = ""
    text_en: str = ""

    def in_language(self, spoken: Language) -> tuple[str, str, Language]:
        """Subject and text for a reader of this language; Dutch where there is no English."""
        if spoken is Language.ENGLISH and self.text_en:
            return self.subject_en, self.text_en, Language.ENGLISH
        return self.subject_nl, self.text_nl, Language.DUTCH


@dataclass(frozen=True, slots=True, kw_only=True)
class MailingView:
    """One mailing."""

    id: int
    text: MailingText
    group: Group
    written_by: str
    written_at: datetime


Selector = Callable[[ScopedSession, int, Sequence[str], date], set[int]]
"""From the values of a selector to the accounts that fit on a day."""


def _with_role(session: ScopedSession, cooperative_id: int, values: Sequence[str], day: date) -> set[int]:
    known = {role.value for role in RULES if RULES[role].reach is Reach.COOPERATIVE}
    _refuse_unknown(values, known)
    return _holders(session, cooperative_id, day, RoleGrant.role.in_([Role(value) for value in values]))


def _of_building(session: ScopedSession, cooperative_id: int, values: Sequence[str], day: date) -> set[int]:
    if not all(value.isdigit() for value in values):
        _refuse_unknown(values, set())
    limits = select(RoleBuilding.grant_id).where(
        RoleBuilding.cooperative_id == cooperative_id,
        RoleBuilding.building_id.in_([int(value) for value in values]),
    )
    return _holders(session, cooperative_id, day, RoleGrant.id.in_(limits))


def _refuse_unknown(values: Sequence[str], known: set[str]) -> None:
    if set(values) - known:
        raise InvalidInput((Problem(key="group", reason=MailingReason.GROUP_UNKNOWN),))


def _holders(session: ScopedSession, cooperative_id: int, day: date, *conditions: object) -> set[int]:
    query = select(RoleGrant.account_id).where(
        RoleGrant.cooperative_id == cooperative_id,
        RoleGrant.starts_on <= day,
        or_(RoleGrant.ends_on.is_(None), RoleGrant.ends_on > day),
        *conditions,  # type: ignore[arg-type]
    )
    return set(session.scalars(query))


SELECTORS: dict[str, Selector] = {"role": _with_role, "building": _of_building}
"""How a group can be chosen among who has a login."""
MEMBERS = "member_class"
"""The selector of the register: members of these kinds, with a login or without."""


def find_recipients(session: ScopedSession, *, cooperative_id: int, group: Group, day: date) -> tuple[Recipient, ...]:
    """Everybody in the group on `day`, each once; members of a household who share an address stay two people.

    Who is chosen by the kind of membership need not have a login: then the register's e-mail address is used, and
    paper where it knows none.
    """
    used = {name: values for name, values in group.chosen.items() if values}
    if set(used) - {*SELECTORS, MEMBERS}:
        raise InvalidInput((Problem(key="group", reason=MailingReason.GROUP_UNKNOWN),))
    classes = used.pop(MEMBERS, None)
    found = _holders(session, cooperative_id, day)
    for name, values in used.items():
        found &= SELECTORS[name](session, cooperative_id, values, day)
    if classes is None:
        return _with_login(session, found)
    members = _members(session, cooperative_id, classes, day)
    known = {one.account_id for one in members if one.account_id is not None}
    reached = _with_login(session, known & found if used else known)
    if used:
        return reached
    here = {one.account_id for one in reached}
    return (*reached, *(_by_register(one) for one in members if one.account_id not in here))


def _with_login(session: ScopedSession, wanted: set[int]) -> tuple[Recipient, ...]:
    people = session.scalars(select(Account).where(Account.closed_at.is_(None)).order_by(Account.id))
    return tuple(
        Recipient(
            key=f"account:{one.id}", name=one.name, email=one.email or None, account_id=one.id,
            language=parse_language(one.language) or DEFAULT,
        )
        for one in people
        if one.id in wanted
    )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class _Member:
    party_id: int
    account_id: int | None
    record: PartyRecord


def _members(session: ScopedSession, cooperative_id: int, classes: Sequence[str], day: date) -> tuple[_Member, ...]:
    """The members of these kinds on `day`, in order of number."""
    rows = session.execute(
        select(Membership.party_id, Party.account_id, PartyRecord)
        .join(
            MembershipSpan,
            and_(
                MembershipSpan.cooperative_id == Membership.cooperative_id,
                MembershipSpan.membership_id == Membership.id,
            ),
        )
        .join(Party, and_(Party.cooperative_id == Membership.cooperative_id, Party.id == Membership.party_id))
        .join(PartyRecord, and_(PartyRecord.cooperative_id == Party.cooperative_id, PartyRecord.party_id == Party.id))
        .where(
            Membership.cooperative_id == cooperative_id,
            MembershipSpan.class_code.in_(sorted(classes)),
            MembershipSpan.status.in_(sorted(IS_MEMBER)),
            MembershipSpan.starts_on <= day,
            MembershipSpan.ends_on > day,
            spans_known_at(None),
            *holding_on(day, None),
        )
        .order_by(Membership.number)
    )
    return tuple(_Member(party_id=party, account_id=account, record=record) for party, account, record in rows)


def _by_register(one: _Member) -> Recipient:
    """A member without a login, as the register knows it."""
    record = one.record
    street = " ".join(part for part in (record.street, record.house_number) if part)
    town = " ".join(part for part in (record.postcode, record.city) if part)
    return Recipient(
        key=f"party:{one.party_id}",
        name=record.name,
        email=record.email,
        postal_address="\n".join(line for line in (record.name, street, town) if line) if street else None,
        language=parse_language(record.language) or DEFAULT,
    )


def check_mailing(
    session: ScopedSession, *, cooperative_id: int, group: Group, text: MailingText, day: date
) -> tuple[Recipient, ...]:
    """Who would get it. Raises InvalidInput naming everything that stands in the way."""
    problems = list(_doubt(text))
    recipients: tuple[Recipient, ...] = ()
    try:
        recipients = find_recipients(session, cooperative_id=cooperative_id, group=group, day=day)
    except InvalidInput as invalid:
        problems += invalid.problems
    else:
        if not recipients:
            problems.append(Problem(key="group", reason=MailingReason.NOBODY))
    if problems:
        raise InvalidInput(tuple(problems))
    return recipients


def _doubt(text: MailingText) -> Iterable[Problem]:
    if not text.subject_nl.strip():
        yield Problem(key="subject_nl", reason=MailingReason.SUBJECT_MISSING)
    if not text.text_nl.strip():
        yield Problem(key="text_nl", reason=MailingReason.TEXT_MISSING)
    if bool(text.subject_en.strip()) != bool(text.text_en.strip()):
        missing = "text_en" if text.subject_en.strip() else "subject_en"
        yield Problem(key=missing, reason=MailingReason.ENGLISH_HALF)
    limits = {"subject_nl": LONGEST_SUBJECT, "subject_en": LONGEST_SUBJECT, "text_nl": LONGEST_TEXT,
              "text_en": LONGEST_TEXT}  # fmt: skip
    for key, limit in limits.items():
        if len(getattr(text, key)) > limit:
            yield Problem(key=key, reason=MailingReason.TEXT_TOO_LONG, details={"maximum": limit})
        if not all(letter.isprintable() or letter in "\r\n\t" for letter in getattr(text, key)):
            yield Problem(key=key, reason=MailingReason.TEXT_UNUSABLE)


def send_mailing(
    session: ScopedSession,
    actor: Actor,
    *,
    cooperative_id: int,
    group: Group,
    text: MailingText,
    day: date,
    now: datetime,
    once: str = "",
) -> int:
    """Keep the text and put the job down that writes to everybody in the group; the number of the mailing.

    `once` tells the sheet on which it was written: what is sent from one sheet a second time is refused.
    """
    if not actor.may(Permission.WRITE_LETTERS):
        raise Forbidden
    recipients = check_mailing(session, cooperative_id=cooperative_id, group=group, text=text, day=day)
    row = Mailing(
        cooperative_id=cooperative_id, subject_nl=_one_line(text.subject_nl), text_nl=_lines(text.text_nl),
        subject_en=_one_line(text.subject_en) or None, text_en=_lines(text.text_en) or None, chosen=group.text(),
        written_by_id=actor.account_id, written_at=now,
    )  # fmt: skip
    session.add(row)
    session.flush()
    key = f"mailing:{cooperative_id}:sheet:{once}" if once else f"mailing:{row.id}"
    written = jobs.enqueue(
        session, WRITE, cooperative_id=cooperative_id, arguments={"mailing_id": row.id}, key=key,
        created_by_id=actor.account_id, now=now,
    )  # fmt: skip
    if written is None:
        raise Refused(MailingReason.SENT_ALREADY)
    audit.record(
        session, actor, Action.MAILING_WRITTEN, cooperative_id=cooperative_id, subject=f"mailing:{row.id}",
        details={"count": len(recipients)}, now=now,
    )  # fmt: skip
    return row.id


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _lines(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.strip().splitlines())


def read_mailing(session: ScopedSession, *, cooperative_id: int, mailing_id: int) -> MailingView:
    """One mailing of a cooperative. Raises NotFound."""
    query = (
        select(Mailing, Account.name)
        .join(Account, Account.id == Mailing.written_by_id)
        .where(Mailing.cooperative_id == cooperative_id, Mailing.id == mailing_id)
    )
    found = session.execute(query).one_or_none()
    if found is None:
        raise NotFound
    return _view(*found)


def read_mailings(session: ScopedSession, *, cooperative_id: int, limit: int = 50) -> tuple[MailingView, ...]:
    """The mailings of a cooperative, newest first."""
    query = (
        select(Mailing, Account.name)
        .join(Account, Account.id == Mailing.written_by_id)
        .where(Mailing.cooperative_id == cooperative_id)
        .order_by(Mailing.id.desc())
        .limit(limit)
    )
    return tuple(_view(row, name) for row, name in session.execute(query))


def write_to(
    session: ScopedSession, mailing: MailingView, one: Recipient, *, cooperative_id: int, now: datetime,
    letter: Callable[[Recipient, str, str, Language], tuple[str, str]],
) -> bool:  # fmt: skip
    """The letter of a mailing to one person, written once whoever asks how often; False where it was there.

    `letter` makes the subject and the whole letter from what the board wrote.
    """
    subject, text, spoken = mailing.text.in_language(one.language)
    whole_subject, body = letter(one, subject, text, spoken)
    return write_letter(
        session, account_id=one.account_id, recipient=one.email, subject=whole_subject, body=body, now=now,
        name=one.name, kind="mailing", spoken=spoken, cooperative_id=cooperative_id, mailing_id=mailing.id,
        postal_address=one.postal_address, key=f"mailing:{mailing.id}:{one.key}",
    )  # fmt: skip


def _view(row: Mailing, written_by: str) -> MailingView:
    text = MailingText(
        subject_nl=row.subject_nl, text_nl=row.text_nl, subject_en=row.subject_en or "", text_en=row.text_en or ""
    )
    chosen = {name: tuple(values) for name, values in json.loads(row.chosen).items()}
    return MailingView(
        id=row.id, text=text, group=Group(chosen=chosen), written_by=written_by, written_at=row.written_at
    )
