"""What the pages about who may vote show."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from flask import url_for

from ecoop import language
from ecoop.exchange.tables import Column, Kind, Table
from ecoop.governance.roles import Actor, Permission
from ecoop.governance.voting_rights import VotingReason, VotingRight, plain_votes
from ecoop.language import gettext as _
from ecoop.language import ngettext
from ecoop.language.governing import finding_sentence, severity_name, voting_reason
from ecoop.language.register import class_name
from ecoop.services.parties import plain
from ecoop.services.register_check import Finding, Severity, Subject, count_by_severity
from ecoop.services.voters import FrozenRoll, RollView

AT_ONCE = 50
MAY_VOTE, MAY_NOT = "may_vote", "may_not"


@dataclass(frozen=True, slots=True, kw_only=True)
class RollRow:
    """One line of a roll in words."""

    id: int
    number: str
    name: str
    kind: str
    votes: str
    may_vote: bool
    reason: str
    through: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RollPage:
    """A page of a roll."""

    title: str
    answer: str
    second: str
    notes: tuple[str, ...]
    rows: tuple[RollRow, ...]
    page: int
    pages: int
    counts: tuple[tuple[str, str, str], ...]
    """Code, words and number of each reason."""
    is_asked: bool
    may_freeze: bool
    statutes_missing: bool
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FrozenRow:
    """A frozen roll in words."""

    id: int
    day: str
    purpose: str
    votes: str
    frozen: str
    by: str
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RollQuestion:
    """Which lines are asked for."""

    text: str = ""
    reason: str = ""
    page: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class FreezePage:
    """Freezing a roll: what it would hold, and what that means."""

    title: str
    answer: str
    consequence: str
    messages: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingRow:
    """Something that was found, in a sentence, and where something can be done about it."""

    severity: str
    icon: str
    sentence: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckPage:
    """What a look at the register found."""

    title: str
    answer: str
    rows: tuple[FindingRow, ...]


def votes_text(votes: Decimal) -> str:
    """Votes as one reads them: whole, or with the decimals that they have."""
    return language.number(votes, len(plain_votes(votes).partition(".")[2]))


def roll_page(
    found: RollView, asked: RollQuestion, actor: Actor, *, today: date, frozen: FrozenRoll | None
) -> RollPage:
    """A roll: who may vote, with how many votes and why, and who not."""
    wanted, several = select(found, asked), found.votes_for_others()
    pages = max(1, -(-len(wanted) // AT_ONCE))
    page = min(max(1, asked.page), pages)
    counts = Counter(right.reason for right in found.roll.rights)
    day = found.roll.on
    title = _("Who may vote") if frozen is None else _("Roll of voters of %(day)s", day=language.day(day))
    return RollPage(
        title=title,
        answer=_answer(found.roll.rights),
        second=_second(found, today) if frozen is None else "",
        notes=tuple(_notes(found, several)),
        rows=tuple(_row(found, right, several) for right in wanted[(page - 1) * AT_ONCE : page * AT_ONCE]),
        page=page,
        pages=pages,
        counts=tuple(
            (one.value, voting_reason(one), language.number(counts[one])) for one in VotingReason if counts[one]
        ),
        is_asked=bool(asked.text or asked.reason or (frozen is None and day != today)),
        may_freeze=frozen is None and actor.may(Permission.KEEP_REGISTER) and bool(found.roll.voters),
        statutes_missing=frozen is None and found.statutes is None,
        digest=found.roll.digest,
    )


def select(found: RollView, asked: RollQuestion) -> list[VotingRight]:
    """The lines that are asked for, in order of number; who has none comes last."""
    words = plain(asked.text).split()
    rights = [
        right
        for right in found.roll.rights
        if _fits(right, asked.reason) and _matches(right, found.names[right.membership_id], words)
    ]
    return sorted(rights, key=lambda right: (right.number is None, right.number or 0, right.membership_id))


def _fits(right: VotingRight, reason: str) -> bool:
    if reason in {MAY_VOTE, MAY_NOT}:
        return right.may_vote is (reason == MAY_VOTE) and (right.may_vote or right.class_code is not None)
    return not reason or right.reason.value == reason


def _matches(right: VotingRight, name: str, words: Sequence[str]) -> bool:
    if len(words) == 1 and words[0] == str(right.number):
        return True
    key = plain(name) if words else ""
    return all(word in key for word in words)


def _answer(rights: Sequence[VotingRight]) -> str:
    voters = [right for right in rights if right.may_vote]
    others = sum(not right.may_vote and right.class_code is not None for right in rights)
    votes = sum((right.votes for right in voters), Decimal(0))
    return ngettext(
        "%(count)s member may vote, with %(votes)s votes in all; %(others)s may not.",
        "%(count)s members may vote, with %(votes)s votes in all; %(others)s may not.",
        len(voters), votes=votes_text(votes), others=language.number(others),
    )  # fmt: skip


def _second(found: RollView, today: date) -> str:
    if found.statutes is None:
        return ""
    since = language.day(found.statutes.statutes.valid_from)
    if found.roll.on == today:
        return _("Today, under the statutes of %(since)s.", since=since)
    return _("On %(day)s, under the statutes of %(since)s.", day=language.day(found.roll.on), since=since)


def _notes(found: RollView, several: Mapping[int, int]) -> Iterator[str]:
    """Who votes for others too: counted for each member once, and shown."""
    members = {found.party_ids[right.membership_id] for right in found.roll.voters}
    own = sum(party_id in members for party_id in several)
    if own:
        yield ngettext(
            "%(count)s person votes for another member beside the own vote. These are separate rights, and nobody is "
            "counted twice.",
            "%(count)s people vote for another member beside the own vote. These are separate rights, and nobody is "
            "counted twice.",
            own,
        )


def _row(found: RollView, right: VotingRight, several: Mapping[int, int]) -> RollRow:
    others = several.get(found.party_ids[right.membership_id], 0)
    through = ""
    if right.representative_id is not None:
        through = _("through %(name)s", name=found.representatives.get(right.representative_id, ""))
    elif others:
        through = ngettext("also votes for %(count)s other member", "also votes for %(count)s other members", others)
    return RollRow(
        id=right.membership_id,
        number="–" if right.number is None else str(right.number),
        name=found.names[right.membership_id],
        kind=class_name(right.class_code) or "–",
        votes=votes_text(right.votes),
        may_vote=right.may_vote,
        reason=voting_reason(right.reason),
        through=through,
    )


def roll_table(found: RollView, asked: RollQuestion) -> Table:
    """The roll as a file: every line that is asked for, and the fingerprint of the whole roll."""
    caption = _("Roll of voters of %(day)s, fingerprint %(digest)s",
                day=language.day(found.roll.on), digest=found.roll.digest)  # fmt: skip
    rows = [
        (
            right.number,
            found.names[right.membership_id],
            class_name(right.class_code),
            float(right.votes),
            voting_reason(right.reason),
            found.representatives.get(right.representative_id, "") if right.representative_id is not None else "",
        )
        for right in select(found, asked)
    ]
    return Table(
        name="voters",
        caption=caption,
        columns=(
            Column(label=_("No."), kind=Kind.YEAR, none="–"),
            Column(label=_("Name")),
            Column(label=_("Kind of membership")),
            Column(label=_("Votes"), kind=Kind.EXACT),
            Column(label=_("Why")),
            Column(label=_("Votes through")),
        ),
        rows=tuple(rows),
    )


def frozen_row(one: FrozenRoll) -> FrozenRow:
    """The header of a frozen roll in words."""
    return FrozenRow(
        id=one.id,
        day=language.day(one.day),
        purpose=one.purpose,
        votes=ngettext("%(count)s member, %(votes)s votes", "%(count)s members, %(votes)s votes", one.voters,
                       votes=votes_text(one.votes)),
        frozen=language.moment(one.frozen_at),
        by=one.frozen_by or _("ecoop itself"),
        digest=one.digest,
    )  # fmt: skip


def freeze_page(found: RollView, messages: Sequence[str] = ()) -> FreezePage:
    """Freezing the roll of a day."""
    return FreezePage(
        title=_("Freeze the roll of %(day)s", day=language.day(found.roll.on)),
        answer=_answer(found.roll.rights),
        consequence=_(
            "The roll is kept as it is known now, and never changes again: who is admitted or suspended later is "
            "not in it. A meeting that uses it counts these votes and no others."
        ),
        messages=tuple(messages),
    )


def reason_choices(found: RollView) -> list[tuple[str, str]]:
    """Which lines one can ask for."""
    present = {right.reason for right in found.roll.rights}
    return [
        ("", _("Everybody in the register")),
        (MAY_VOTE, _("Who may vote")),
        (MAY_NOT, _("Members who may not vote")),
        *((one.value, voting_reason(one)) for one in VotingReason if one in present),
    ]


_ICONS = {Severity.WRONG: "x-octagon", Severity.DOUBT: "exclamation-triangle", Severity.REMINDER: "calendar-event"}


def check_page(found: Sequence[Finding], *, cooperative: str) -> CheckPage:
    """What a look at the register found, worst first."""
    counts = count_by_severity(found)
    serious = counts[Severity.WRONG] + counts[Severity.DOUBT]
    answer = (
        ngettext("%(count)s thing in the register asks for a look.",
                 "%(count)s things in the register ask for a look.", serious)
        if serious
        else _("Nothing is wrong in the register.")
    )  # fmt: skip
    return CheckPage(
        title=_("Check of the register"),
        answer=answer,
        rows=tuple(
            FindingRow(
                severity=severity_name(one.severity),
                icon=_ICONS[one.severity],
                sentence=finding_sentence(one.code, one.details),
                url=_url(one, cooperative),
            )
            for one in found
        ),
    )


def _url(one: Finding, cooperative: str) -> str:
    match one.subject:
        case Subject.MEMBER:
            return url_for("members.member", cooperative=cooperative, membership_id=one.key or 0)
        case Subject.STATUTES:
            return url_for("statutes.show", cooperative=cooperative)
        case Subject.OFFICES:
            return url_for("offices.show", cooperative=cooperative)
        case Subject.ROLL:
            return url_for("voters.show", cooperative=cooperative)
        case _:
            return url_for("members.show", cooperative=cooperative)
