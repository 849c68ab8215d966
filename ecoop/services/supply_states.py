"""The state of every connection and contract on a day, as the database answers it: what `heat_supply.state_on` says."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, select
from sqlalchemy.orm import aliased

from ecoop.models import Connection, ConnectionEvent, Dwelling, HeatContract, HeatContractEvent

Condition = Sequence[ColumnElement[bool]]
"""What dwellings meet."""

States = Any
"""A sub-query with the columns cooperative_id, dwelling_id, step, since and place; the newest has place 1."""


def connection_states(day: date, inside: Condition) -> States:
    """The events up to `day` of the connections of dwellings that meet `inside`, the newest of each in place 1."""
    return (
        select(
            Connection.cooperative_id,
            Connection.dwelling_id,
            ConnectionEvent.step,
            ConnectionEvent.valid_from.label("since"),
            _place(ConnectionEvent, ConnectionEvent.connection_id).label("place"),
        )
        .join(
            ConnectionEvent,
            and_(
                ConnectionEvent.cooperative_id == Connection.cooperative_id,
                ConnectionEvent.connection_id == Connection.id,
            ),
        )
        .where(Connection.dwelling_id.in_(select(Dwelling.id).where(*inside)), *_counting(ConnectionEvent, day))
        .subquery()
    )


def contract_states(day: date, inside: Condition) -> States:
    """The same of contracts, the newest of each contract in place 1; a dwelling may have several."""
    return (
        select(
            HeatContract.cooperative_id,
            HeatContract.dwelling_id,
            HeatContract.holder_id,
            HeatContractEvent.step,
            HeatContractEvent.valid_from.label("since"),
            _place(HeatContractEvent, HeatContractEvent.contract_id).label("place"),
        )
        .join(
            HeatContractEvent,
            and_(
                HeatContractEvent.cooperative_id == HeatContract.cooperative_id,
                HeatContractEvent.contract_id == HeatContract.id,
            ),
        )
        .where(HeatContract.dwelling_id.in_(select(Dwelling.id).where(*inside)), *_counting(HeatContractEvent, day))
        .subquery()
    )


Events = type[ConnectionEvent] | type[HeatContractEvent]


def _place(events: Events, story: Any) -> Any:
    order = (events.valid_from.desc(), events.recorded_at.desc(), events.id.desc())
    return func.row_number().over(partition_by=story, order_by=order)


def _counting(events: Events, day: date) -> tuple[ColumnElement[bool], ...]:
    """What happened by then and was not taken out by a correction; corrections are not corrected themselves."""
    correction = aliased(events)
    taken_out = exists().where(correction.cooperative_id == events.cooperative_id, correction.corrects_id == events.id)
    return events.valid_from <= day, events.corrects_id.is_(None), ~taken_out
