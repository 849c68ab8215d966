"""The business case of a cooperative: keeping it, and computing it with the engine."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from sqlalchemy import Select, select

from ecoop.db import ScopedSession
from ecoop.errors import Forbidden, InvalidInput, NotFound, Problem
from ecoop.finance import evaluate
from ecoop.finance.changes import unit_of
from ecoop.finance.digest import canonical_digest
from ecoop.finance.inputs import CaseInputs
from ecoop.finance.reading import read_case
from ecoop.finance.results import CaseResult
from ecoop.governance.audit import Action
from ecoop.governance.evidence import Tag
from ecoop.governance.roles import Actor, Permission
from ecoop.models import Account, Assumption, BusinessCase
from ecoop.services import audit
from ecoop.services.case_files import CaseFileReason, WrittenValue, assemble, read_text

LONGEST_NAME, LONGEST_KEY = 200, 120


@dataclass(frozen=True, slots=True, kw_only=True)
class AssumptionView:
    """One input as the register of assumptions shows it; `value` is the text that was written."""

    key: str
    value: str
    unit: str
    tag: Tag
    source: str | None
    source_url: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseView:
    """The case that counts, computed."""

    name: str
    recorded_at: datetime
    recorded_by: str | None
    assumptions: tuple[AssumptionView, ...]
    inputs: CaseInputs
    result: CaseResult


def import_case(session: ScopedSession, actor: Actor | None, *, cooperative_id: int, text: str, now: datetime) -> None:
    """Keep a whole case from its TOML text, in place of the one before, which stays in the records.

    Raises InvalidInput naming every problem; then nothing is stored. `actor` is None on the command line.
    """
    if actor is not None and not actor.may(Permission.REPLACE_CASE):
        raise Forbidden
    mapping, written = read_text(text)
    digest = canonical_digest(read_case(mapping))
    _check_names(str(mapping["name"]), written)
    author = actor.account_id if actor else None
    current = session.scalar(_current(cooperative_id).with_for_update())
    if current is not None:
        current.replaced_at, current.replaced_by_id = now, author
        session.flush()
    case = BusinessCase(
        cooperative_id=cooperative_id, name=str(mapping["name"]), recorded_at=now, recorded_by_id=author
    )
    session.add(case)
    session.flush()
    session.add_all(
        Assumption(
            cooperative_id=cooperative_id,
            case_id=case.id,
            position=position,
            key=value.key,
            value=value.text,
            tag=value.tag,
            source=value.source,
            source_url=value.source_url,
        )
        for position, value in enumerate(written)
    )
    session.flush()
    audit.record(
        session, actor, Action.CASE_REPLACED, cooperative_id=cooperative_id, subject=f"business_case:{case.id}",
        details={"case_digest": digest}, now=now,
    )  # fmt: skip


def _check_names(name: str, written: Sequence[WrittenValue]) -> None:
    """Refuse names that the tables cannot keep."""
    names = [("name", name, LONGEST_NAME), *((value.key, value.key, LONGEST_KEY) for value in written)]
    problems = [
        Problem(key=key, reason=CaseFileReason.NAME_UNUSABLE, details={"maximum": longest})
        for key, one, longest in names
        if len(one) > longest or not one.isprintable()
    ]
    if problems:
        raise InvalidInput(tuple(problems))


def read_current_case(session: ScopedSession, *, cooperative_id: int) -> CaseView:
    """The current case of the cooperative with its result; raises NotFound where there is none."""
    found = session.execute(
        _current(cooperative_id).add_columns(Account.name).outerjoin(Account, Account.id == BusinessCase.recorded_by_id)
    ).one_or_none()
    if found is None:
        raise NotFound
    case, author = found
    rows = session.scalars(
        select(Assumption)
        .where(Assumption.cooperative_id == cooperative_id, Assumption.case_id == case.id)
        .order_by(Assumption.position)
    ).all()
    inputs, result = _computed(tuple((row.key, row.value) for row in rows))
    return CaseView(
        name=case.name,
        recorded_at=case.recorded_at,
        recorded_by=author,
        assumptions=tuple(_assumption(row) for row in rows),
        inputs=inputs,
        result=result,
    )


def has_case(session: ScopedSession, *, cooperative_id: int) -> bool:
    """Whether the cooperative keeps a case."""
    return session.scalar(_current(cooperative_id).with_only_columns(BusinessCase.id)) is not None


def _current(cooperative_id: int) -> Select[BusinessCase]:
    return select(BusinessCase).where(BusinessCase.cooperative_id == cooperative_id, BusinessCase.replaced_at.is_(None))


@lru_cache(maxsize=64)
def _computed(rows: tuple[tuple[str, str], ...]) -> tuple[CaseInputs, CaseResult]:
    """The inputs and result of these written values: remembered in the process, since both follow from them alone."""
    inputs = read_case(assemble(rows))
    return inputs, evaluate(inputs)


def _assumption(row: Assumption) -> AssumptionView:
    return AssumptionView(
        key=row.key,
        value=row.value,
        unit=unit_of(row.key),
        tag=row.tag,
        source=row.source,
        source_url=row.source_url,
    )
