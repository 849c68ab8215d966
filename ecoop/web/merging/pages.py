"""What the pages for merging show."""

from collections.abc import Sequence
from dataclasses import dataclass

from ecoop import language
from ecoop.governance.membership import Standing
from ecoop.language import gettext as _
from ecoop.language.admission import party_field_name
from ecoop.language.merging import hanging_name
from ecoop.language.reasons import problem_text
from ecoop.language.register import party_kind_name, status_name
from ecoop.services.duplicates import Alike
from ecoop.services.merging import MergePlan, Side
from ecoop.services.parties import PartyView
from ecoop.services.register import RegisterLine
from ecoop.web.alike import AlikeRow, alike_row


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundRow:
    """Somebody who was searched for."""

    party_id: int
    name: str
    facts: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoosePage:
    """With whom to merge."""

    title: str
    answer: str
    party_id: int
    alike: tuple[AlikeRow, ...]
    found: tuple[FoundRow, ...]
    is_asked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldRow:
    """One field in which the two differ."""

    name: str
    label: str
    kept: str
    gone: str
    takes_gone: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SideWords:
    """One of the two, in words."""

    party_id: int
    membership_id: int | None
    name: str
    facts: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparePage:
    """The two side by side: what to choose, what moves along, what stays behind, and what stands in the way."""

    title: str
    answer: str
    kept: SideWords
    gone: SideWords
    fields: tuple[FieldRow, ...]
    same: str
    moves: tuple[str, ...]
    stays: tuple[str, ...]
    problems: tuple[str, ...]
    messages: tuple[str, ...]


def choose_page(
    party: PartyView, alike: Sequence[Alike], found: Sequence[RegisterLine], *, is_asked: bool
) -> ChoosePage:
    """With whom this party may be the same."""
    return ChoosePage(
        title=_("Merge %(name)s", name=party.facts.name),
        answer=_("Choose the line that turned out to be the same. Nothing happens before you have compared the two."),
        party_id=party.id,
        alike=tuple(alike_row(one) for one in alike),
        found=tuple(
            FoundRow(party_id=one.party_id, name=one.name, facts=_line_facts(one))
            for one in found
            if one.party_id != party.id
        ),
        is_asked=is_asked,
    )


def _line_facts(one: RegisterLine) -> str:
    street = " ".join(part for part in (one.street, one.house_number) if part)
    number = _("number %(number)s", number=one.number) if one.number is not None else _("no member number")
    return ", ".join(part for part in (number, status_name(one.status), street, one.postcode or "") if part)


def compare_page(plan: MergePlan, *, chosen: frozenset[str], messages: Sequence[str]) -> ComparePage:
    """The two side by side."""
    kept, gone = _side(plan.kept), _side(plan.gone)
    return ComparePage(
        title=_("Merge two lines"),
        answer=_("%(gone)s goes into %(kept)s.", gone=gone.name, kept=kept.name)
        if kept.name != gone.name
        else _("The two lines of %(name)s become one.", name=kept.name),
        kept=kept,
        gone=gone,
        fields=tuple(_field(plan, name, chosen) for name in plan.differing),
        same="" if plan.differing else _("All data of the two are the same."),
        moves=tuple(f"{hanging_name(one.code)}: {one.count}" for one in plan.hanging if one.moves),
        stays=tuple(f"{hanging_name(one.code)}: {one.count}" for one in plan.hanging if not one.moves),
        problems=tuple(problem_text(problem) for problem in plan.problems),
        messages=tuple(messages),
    )


def _field(plan: MergePlan, name: str, chosen: frozenset[str]) -> FieldRow:
    kept, gone = (getattr(one.party.facts, name) for one in (plan.kept, plan.gone))
    return FieldRow(
        name=name, label=party_field_name(name), kept=_shown(name, kept), gone=_shown(name, gone),
        takes_gone=name in chosen or (not chosen and kept is None),
    )  # fmt: skip


def _shown(name: str, value: object) -> str:
    if value is None:
        return _("unknown")
    return language.day(value) if name == "birth_date" else str(value)  # type: ignore[arg-type]


def _side(side: Side) -> SideWords:
    number = _("number %(number)s", number=side.number) if side.number is not None else _("no member number")
    told = (party_kind_name(side.party.kind), number, _standing(side.standing))
    return SideWords(
        party_id=side.party.id,
        membership_id=side.membership_id,
        name=side.party.facts.name,
        facts=", ".join(told),
    )


def _standing(standing: Standing) -> str:
    told = status_name(standing.status)
    if standing.first_member_on is None:
        return told
    return _("%(status)s, first a member on %(day)s", status=told, day=language.day(standing.first_member_on))
