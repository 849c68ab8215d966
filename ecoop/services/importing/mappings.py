"""Choices of columns under a name: for the next sheet that looks the same."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from ecoop.db import ScopedSession
from ecoop.errors import InvalidInput, Problem
from ecoop.governance.audit import Action
from ecoop.governance.register_import import ImportReason
from ecoop.governance.register_sheet import MappingReason
from ecoop.governance.roles import Actor
from ecoop.models import SheetMapping
from ecoop.services import audit
from ecoop.services.importing.rows import ColumnChoice
from ecoop.services.importing.views import require_keeper

LONGEST_MAPPING_NAME = 80


def save_mapping(
    session: ScopedSession,
    actor: Actor,
    *,
    cooperative_id: int,
    name: str,
    header: Sequence[str],
    choice: ColumnChoice,
    now: datetime,
) -> None:
    """Keep a choice of columns under a name, for the next sheet that looks the same; one with that name is replaced."""
    require_keeper(actor)
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_MAPPING_NAME or not name.isprintable():
        details = {"maximum": LONGEST_MAPPING_NAME}
        raise InvalidInput((Problem(key="name", reason=ImportReason.NAME_UNUSABLE, details=details),))
    told = {title: "" if field is None else field.value for title, field in zip(header, choice.columns, strict=False)}
    query = select(SheetMapping).where(SheetMapping.cooperative_id == cooperative_id, SheetMapping.name == name)
    row = session.scalar(query.with_for_update())
    if row is None:
        row = SheetMapping(cooperative_id=cooperative_id, name=name, columns="{}", saved_at=now)
        session.add(row)
    row.columns, row.saved_at = json.dumps({"columns": told, "class": choice.class_code}), now
    row.saved_by_id = actor.account_id
    session.flush()
    audit.record(
        session, actor, Action.SHEET_MAPPING_SAVED, cooperative_id=cooperative_id, subject=f"sheet_mapping:{row.id}",
        now=now,
    )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class MappingView:
    """A choice of columns under a name: header → field."""

    id: int
    name: str
    columns: Mapping[str, str]
    class_code: str | None


def read_mappings(session: ScopedSession, actor: Actor, *, cooperative_id: int) -> tuple[MappingView, ...]:
    """Every choice of columns that was kept, by name."""
    require_keeper(actor)
    query = select(SheetMapping).where(SheetMapping.cooperative_id == cooperative_id).order_by(SheetMapping.name)
    found = []
    for row in session.scalars(query):
        told = json.loads(row.columns)
        found.append(MappingView(id=row.id, name=row.name, columns=told["columns"], class_code=told["class"]))
    return tuple(found)


def mapping_problems(wrong: Sequence[tuple[MappingReason, str]]) -> tuple[Problem, ...]:
    """What is wrong in a mapping file, ready to be told."""
    return tuple(Problem(key="mapping", reason=reason, details={"name": name}) for reason, name in wrong)
