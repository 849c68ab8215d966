"""Letters about an exit: one to who leaves, one to who takes over, and another where it was undone."""

from datetime import timedelta

from ecoop import language, money
from ecoop.governance.leaving import CapitalGoes, ExitState
from ecoop.governance.membership import EndReason
from ecoop.language.leaving import contract_name
from ecoop.language.register import end_reason_name
from ecoop.mail import write_member_letter
from ecoop.services import exit_reading
from ecoop.services.exit_reading import ExitView, LetterReader
from ecoop.web.access import day, db, now, place


def send_completed(one: ExitView) -> None:
    """The confirmation; for a handing over one letter to each side, and none besides."""
    assert one.ends_on is not None and one.contract_goes is not None  # noqa: S101, PT018  it is completed
    last_day = one.ends_on - timedelta(days=1)
    reader = _reader(one.membership_id)
    amount = "" if one.capital_cents is None else language.euros(money.to_euros(one.capital_cents), 2)
    with language.speaking(reader.language):
        contract, cause = contract_name(one.contract_goes), end_reason_name(one.cause)
    if one.cause is EndReason.TRANSFER:
        moves = amount if one.capital_goes is CapitalGoes.TO_SUCCESSOR else ""
        _write(
            "transfer_left", one, one.membership_id, last_day=last_day, other=one.successor_name, amount=moves,
            contract=contract,
        )  # fmt: skip
        _welcome(one, moves)
        return
    _write(
        "exit_confirmed", one, one.membership_id, last_day=last_day, cause=cause, contract=contract,
        pay_day=one.capital_on, amount=amount if one.capital_on else "", to_relatives=one.cause is EndReason.DEATH,
    )  # fmt: skip


def _welcome(one: ExitView, amount: str) -> None:
    assert one.successor_membership_id is not None and one.contract_goes is not None  # noqa: S101, PT018
    reader = _reader(one.successor_membership_id)
    with language.speaking(reader.language):
        contract = contract_name(one.contract_goes)
    _write(
        "transfer_came", one, one.successor_membership_id, first_day=one.ends_on, other=one.name, amount=amount,
        contract=contract,
    )  # fmt: skip


def send_undone(before: ExitView) -> None:
    """Tell everybody who was told that it ended, and nobody else."""
    if before.state is not ExitState.COMPLETED:
        return
    _write("exit_undone", before, before.membership_id, is_member=True)
    if before.successor_membership_id is not None:
        _write("exit_undone", before, before.successor_membership_id, is_member=False)


def _reader(membership_id: int) -> LetterReader:
    return exit_reading.read_letter_reader(db(), cooperative_id=place().id, membership_id=membership_id, day=day())


def _write(letter: str, one: ExitView, membership_id: int, **values: object) -> None:
    home = place().id
    key = exit_reading.letter_key(letter, cooperative_id=home, exit_id=one.id, membership_id=membership_id)
    write_member_letter(
        db(), letter, _reader(membership_id), cooperative_id=home, key=key, now=now(), cooperative=place().name,
        **values,
    )  # fmt: skip
