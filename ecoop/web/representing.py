"""Who acts for whom, in words: on the page of a member and where it is recorded."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from ecoop import language
from ecoop.db import ScopedSession
from ecoop.governance.representation import Matter
from ecoop.governance.statutes import PartyKind
from ecoop.language import gettext as _
from ecoop.language.governing import matter_name
from ecoop.services import representations
from ecoop.services.parties import PartyView
from ecoop.services.representations import RepresentationView


@dataclass(frozen=True, slots=True, kw_only=True)
class ActingRow:
    """One line: who or for whom, in what, for which days, on what proof."""

    id: int
    name: str
    membership_id: int | None
    matter: str
    days: str
    proof: str
    paper_id: int | None
    runs: bool
    """Whether it holds today or later, so that it can be ended."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ActingPart:
    """Who acts for somebody, and for whom somebody acts."""

    answer: str
    warning: bool
    by_others: tuple[ActingRow, ...]
    for_others: tuple[ActingRow, ...]
    is_person: bool


def read_acting(session: ScopedSession, party: PartyView, *, cooperative_id: int, day: date) -> ActingPart:
    """Everything about acting for and by one party, on any day."""
    by_others = representations.representatives_of(session, cooperative_id=cooperative_id, party_id=party.id, day=None)
    for_others = representations.represented_by(session, cooperative_id=cooperative_id, party_id=party.id, day=None)
    is_person = party.kind is PartyKind.PERSON
    voting = [one for one in by_others if one.matter is Matter.VOTE and one.runs_on(day)]
    return ActingPart(
        answer=_answer(voting, for_others, day, is_person=is_person),
        warning=not is_person and not voting,
        by_others=tuple(_row(one, one.representative, one.representative_membership_id, day) for one in by_others),
        for_others=tuple(_row(one, one.represented, one.represented_membership_id, day) for one in for_others),
        is_person=is_person,
    )


def _answer(
    voting: Sequence[RepresentationView], for_others: Sequence[RepresentationView], day: date, *, is_person: bool
) -> str:
    if not is_person:
        if voting:
            return _("%(name)s votes for it.", name=voting[0].representative)
        return _("Nobody votes for it, so it has no vote.")
    names = [one.represented for one in for_others if one.matter is Matter.VOTE and one.runs_on(day)]
    if names:
        return _("Votes for %(names)s as well: a right of its own, beside the own vote.", names=language.listing(names))
    return ""


def _row(one: RepresentationView, name: str, membership_id: int | None, day: date) -> ActingRow:
    since = language.day(one.valid_from)
    days = (
        _("since %(since)s", since=since)
        if one.valid_until is None
        else _("%(since)s until %(until)s", since=since, until=language.day(one.valid_until))
    )
    return ActingRow(
        id=one.id,
        name=name,
        membership_id=membership_id,
        matter=matter_name(one.matter),
        days=days,
        proof=one.proof or "",
        paper_id=one.paper_id,
        runs=one.valid_until is None or one.valid_until > day,
    )
