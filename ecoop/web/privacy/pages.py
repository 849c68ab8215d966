"""What the pages about privacy show."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from ecoop import language
from ecoop.exchange.reports import Report, Section
from ecoop.governance.register_fields import Field, roles_seeing
from ecoop.governance.retention import Purpose, RetentionRule
from ecoop.governance.roles import Actor, Permission, Reach, roles_reaching
from ecoop.language import gettext as _
from ecoop.language import ngettext
from ecoop.language.names import role_name
from ecoop.language.privacy import (
    because,
    beginning_name,
    field_name,
    months,
    purpose_name,
    purpose_why,
)
from ecoop.services.legal_holds import HoldView, Whom
from ecoop.services.retention import Proof, RunView, SettingView, Trial

SHORT = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleRow:
    """One purpose: what for, how long, why, and whether somebody verified it."""

    code: str
    name: str
    period: str
    fields: str
    why: str
    source: str
    verified: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldRow:
    """One legal hold."""

    id: int
    name: str
    period: str
    who: str
    reason: str
    runs: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRow:
    """One run that was kept."""

    id: int
    what: str
    day: str
    who: str
    count: str
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenRow:
    """One role, and which fields it sees."""

    name: str
    cells: tuple[bool, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivacyPage:
    """What we keep and until when."""

    title: str
    answer: str
    due: int
    rules: tuple[RuleRow, ...]
    settings: tuple[str, ...]
    holds: tuple[HoldRow, ...]
    runs: tuple[RunRow, ...]
    fields: tuple[str, ...]
    seen: tuple[SeenRow, ...]
    may_keep: bool


def privacy_page(
    rules: Mapping[Purpose, RetentionRule],
    settings: Sequence[SettingView],
    holds: Sequence[HoldView],
    runs: Sequence[RunView],
    trial: Trial,
    actor: Actor,
) -> PrivacyPage:
    """The rules, what may go now, what is held back, what went."""
    due = len({line.party_id for line in trial.lines})
    return PrivacyPage(
        title=_("Privacy"),
        answer=_due_answer(due, trial.day),
        due=due,
        rules=tuple(_rule(rule) for rule in rules.values()),
        settings=tuple(_setting(one) for one in settings),
        holds=tuple(hold_row(one, trial.day) for one in holds),
        runs=tuple(_run(one) for one in runs),
        fields=tuple(field_name(field) for field in Field),
        seen=tuple(_seen()),
        may_keep=actor.may(Permission.KEEP_PRIVACY),
    )


def _due_answer(due: int, day: date) -> str:
    if not due:
        return _("Nothing is kept longer than the rules below allow.")
    return ngettext(
        "On %(day)s something about %(count)s person or organisation may go.",
        "On %(day)s something about %(count)s people and organisations may go.",
        due, day=language.day(day),
    )  # fmt: skip


def _rule(rule: RetentionRule) -> RuleRow:
    return RuleRow(
        code=rule.purpose.value,
        name=purpose_name(rule.purpose),
        period=_("%(period)s %(beginning)s", period=months(rule.kept_months), beginning=beginning_name(rule.beginning)),
        fields=_fields(rule.fields),
        why=purpose_why(rule.purpose),
        source=rule.source,
        verified=rule.is_verified,
    )


def _fields(fields: Iterable[Field]) -> str:
    known = set(fields)
    return ", ".join(field_name(field).lower() if field is not Field.REGISTRATION_NUMBER else field_name(field)
                     for field in Field if field in known)  # fmt: skip


def _setting(one: SettingView) -> str:
    words = {"purpose": purpose_name(one.purpose), "period": months(one.kept_months),
             "day": language.day(one.starts_on), "name": one.set_by or _("ecoop itself")}  # fmt: skip
    sentence = _("%(purpose)s: %(period)s from %(day)s on, set by %(name)s.", **words)
    return f"{sentence} “{one.reason}”" if one.reason else sentence


def hold_row(one: HoldView, day: date) -> HoldRow:
    """A legal hold in words."""
    start = language.day(one.starts_on)
    return HoldRow(
        id=one.id, name=one.name, runs=one.runs_on(day),
        period=_("since %(start)s", start=start) if one.ends_on is None
        else _("%(start)s until %(end)s", start=start, end=language.day(one.ends_on)),
        who=one.placed_by or _("ecoop itself"), reason=one.reason or "",
    )  # fmt: skip


def _run(one: RunView) -> RunRow:
    return RunRow(
        id=one.id,
        what=_("tried out") if one.is_dry else _("done"),
        day=language.day(one.day),
        who=one.made_by or _("ecoop itself"),
        count=language.number(one.party_count),
        digest=one.digest[:SHORT],
    )


def _seen() -> Iterator[SeenRow]:
    """Every role of a cooperative and the umbrella, with the fields of others that it sees."""
    for role in (*roles_reaching(Reach.COOPERATIVE), *roles_reaching(Reach.UMBRELLA)):
        yield SeenRow(name=role_name(role), cells=tuple(role in roles_seeing(field) for field in Field))


# what may go


@dataclass(frozen=True, slots=True, kw_only=True)
class DueRow:
    """What goes of one party because of one rule."""

    who: str
    number: str
    membership_id: int | None
    fields: str
    since: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DuePage:
    """What may go on a day: nothing has happened yet."""

    title: str
    answer: str
    second: str
    rows: tuple[DueRow, ...]
    digest: str
    day: str
    on: str
    may_go: bool
    may_keep: bool


def due_page(trial: Trial, actor: Actor, *, today: date) -> DuePage:
    """What would go on the day that was asked for. Only what may go today can be let go."""
    parties = len({line.party_id for line in trial.lines})
    held = ngettext("%(count)s field is held back by a legal hold.", "%(count)s fields are held back by a legal hold.",
                    trial.held)  # fmt: skip
    may_keep = actor.may(Permission.KEEP_PRIVACY)
    return DuePage(
        title=_("What may go"),
        answer=_due_answer(parties, trial.day),
        second=held if trial.held else "",
        rows=tuple(
            DueRow(
                who=trial.whom[line.party_id].name, number=_number(trial.whom[line.party_id]),
                membership_id=trial.whom[line.party_id].membership_id, fields=_fields(line.fields),
                since=language.day(line.due_on), why=because(line.purpose, line.kept_months),
            )
            for line in trial.lines
        ),
        digest=trial.digest,
        day=language.day(trial.day),
        on=trial.day.isoformat(),
        may_go=may_keep and trial.day == today and bool(trial.lines),
        may_keep=may_keep,
    )  # fmt: skip


def _number(whom: Whom) -> str:
    return "–" if whom.number is None else str(whom.number)


# a run and its proof


@dataclass(frozen=True, slots=True, kw_only=True)
class ProofPage:
    """One run with its proof."""

    title: str
    answer: str
    holds: bool
    facts: tuple[tuple[str, str], ...]
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def proof_page(proof: Proof) -> ProofPage:
    """What went, without a word about a person: numbers, fields, rules and days."""
    run = proof.run
    day = language.day(run.day)
    if run.is_dry:
        answer = ngettext(
            "A trial: on %(day)s something about %(count)s person or organisation could go. Nothing was changed.",
            "A trial: on %(day)s something about %(count)s people and organisations could go. Nothing was changed.",
            run.party_count, day=day,
        )  # fmt: skip
    else:
        answer = ngettext(
            "On %(day)s something about %(count)s person or organisation was destroyed.",
            "On %(day)s something about %(count)s people and organisations was destroyed.",
            run.party_count, day=day,
        )  # fmt: skip
    return ProofPage(
        title=_("Trial run") if run.is_dry else _("Proof of destruction"),
        answer=answer,
        holds=proof.holds,
        facts=(
            (_("Made by"), run.made_by or _("ecoop itself")),
            (_("Made at"), language.moment(run.made_at)),
            (_("Fingerprint"), run.digest),
        ),
        columns=(_("Number inside"), _("Fields"), _("Because of"), _("Time was over on")),
        rows=tuple(
            (str(line.party_id), _fields(line.fields), because(line.purpose, line.kept_months),
             language.day(line.due_on))
            for line in proof.lines
        ),
    )  # fmt: skip


def proof_report(proof: Proof, *, cooperative: str) -> Report:
    """The proof on paper, for the audit committee or for who asked to be forgotten."""
    page = proof_page(proof)
    facts = tuple(f"{name}: {value}" for name, value in page.facts)
    note = _("The same fingerprint stands in the audit trail. What stood in the fields is in no proof.")
    return Report(
        language=language.current().value, sender=cooperative, title=page.title, lead=(page.answer, *facts),
        sections=(Section(heading=_("What went"), paragraphs=(note,), columns=page.columns, rows=page.rows),),
        foot=_("SHA-256 of the proof as JSON: %(digest)s", digest=proof.run.digest),
    )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class RulePage:
    """Setting how long something is kept."""

    title: str
    answer: str
    rule: RuleRow


def rule_page(rule: RetentionRule) -> RulePage:
    """What counts now, and the form for something else."""
    row = _rule(rule)
    return RulePage(
        title=_("How long: %(purpose)s", purpose=row.name), answer=_("Now: %(period)s.", period=row.period), rule=row
    )
