"""The chain: whatever is changed in it is found, and named at the first entry that it breaks."""

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from ecoop.governance.audit import (
    DETAIL_KEYS,
    START,
    Action,
    Break,
    Entry,
    Fault,
    Verdict,
    note_digest,
    sealed,
    verify,
    verify_export,
    write_details,
    write_end,
    write_line,
)
from ecoop.language.audit import ACTIONS, AREAS, DETAILS, FAULTS

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
CHAIN = "cooperative:7"


def a_chain(length: int = 12) -> list[Entry]:
    entries: list[Entry] = []
    for number in range(1, length + 1):
        entry = Entry(
            chain=CHAIN,
            number=number,
            recorded_at=NOW + timedelta(minutes=number),
            actor_id=number % 3 or None,
            on_behalf_of_id=None,
            action=Action.ROLE_GRANTED.value,
            subject=f"role_grant:{number}",
            details=write_details({"role": "chair", "account_id": number}),
            note_digest=None,
            previous=entries[-1].digest if entries else START,
        )
        entries.append(sealed(entry))
    return entries


def broken(entries: list[Entry]) -> Break | None:
    return verify(entries, chain=CHAIN, kept_head=(12, a_chain()[-1].digest)).first_break


def exported(entries: list[Entry]) -> str:
    verdict = Verdict(chain=CHAIN, count=len(entries), head=entries[-1].digest)
    return "".join(f"{line}\n" for line in [*map(write_line, entries), write_end(verdict)])


def test_a_chain_that_nobody_touched_holds() -> None:
    verdict = verify(a_chain(), chain=CHAIN, kept_head=(12, a_chain()[-1].digest))

    assert verdict.holds
    assert verdict.count == 12


def test_a_chain_without_entries_holds() -> None:
    assert verify([], chain=CHAIN, kept_head=(0, START)).holds


@pytest.mark.parametrize(
    "change",
    [
        {"actor_id": 9},
        {"action": "role.ended"},
        {"details": "{}"},
        {"subject": None},
        {"recorded_at": NOW},
        {"on_behalf_of_id": 1},
        {"note_digest": "0" * 64},
        {"previous": "1" * 64},
        {"digest": "2" * 64},
        {"chain": "cooperative:8"},
        {"details": b"bytes"},
    ],
    ids=str,
)
def test_an_edited_entry_is_named(change: dict[str, object]) -> None:
    entries = a_chain()
    entries[4] = replace(entries[4], **change)  # type: ignore[arg-type]

    assert broken(entries) == Break(number=5, fault=Fault.EDITED)


def test_an_edited_entry_that_was_sealed_again_breaks_the_next() -> None:
    entries = a_chain()
    entries[4] = sealed(replace(entries[4], actor_id=9))

    assert broken(entries) == Break(number=6, fault=Fault.EDITED)


def test_a_missing_entry_is_named() -> None:
    entries = a_chain()
    del entries[4]

    assert broken(entries) == Break(number=5, fault=Fault.MISSING)


def test_entries_that_changed_places_are_named() -> None:
    entries = a_chain()
    entries[4], entries[7] = entries[7], entries[4]

    assert broken(entries) == Break(number=5, fault=Fault.REORDERED)


def test_an_entry_that_stands_twice_is_named() -> None:
    entries = a_chain()
    entries.insert(5, entries[4])

    assert broken(entries) == Break(number=5, fault=Fault.REORDERED)


@pytest.mark.parametrize("left", [0, 1, 11])
def test_a_chain_that_was_cut_short_is_named_at_what_is_gone(left: int) -> None:
    assert broken(a_chain()[:left]) == Break(number=left + 1, fault=Fault.TRUNCATED)


def test_a_chain_that_was_cut_short_together_with_its_head_misses_a_head_seen_before() -> None:
    short = a_chain()[:10]

    verdict = verify(short, chain=CHAIN, kept_head=(10, short[-1].digest), known_head=a_chain()[-1].digest)

    assert verdict.first_break == Break(number=11, fault=Fault.HEAD_UNKNOWN)


def test_a_head_seen_before_may_stand_anywhere() -> None:
    assert verify(a_chain(), chain=CHAIN, known_head=a_chain()[3].digest).holds


def with_reason(text: str = "Petra moved away") -> tuple[list[Entry], dict[int, tuple[str, str]]]:
    salt = "salt"
    first = a_chain(1)[0]
    return [sealed(replace(first, note_digest=note_digest(salt, text)))], {1: (salt, text)}


def test_a_reason_that_is_kept_belongs_to_its_entry() -> None:
    entries, notes = with_reason()

    assert verify(entries, chain=CHAIN, notes=notes).holds
    assert verify(entries, chain=CHAIN, notes={1: ("salt", "Petra was thrown out")}).first_break == Break(
        number=1, fault=Fault.REASON_EDITED
    )


def test_a_reason_that_nobody_erased_is_missed() -> None:
    entries, _ = with_reason()

    assert verify(entries, chain=CHAIN, notes={}).first_break == Break(number=1, fault=Fault.REASON_MISSING)
    assert verify(entries, chain=CHAIN, notes={}, erased=frozenset({1})).holds


def test_a_reason_that_was_put_to_an_entry_afterwards_is_found() -> None:
    assert verify(a_chain(1), chain=CHAIN, notes={1: ("salt", "new")}).first_break == Break(
        number=1, fault=Fault.REASON_EDITED
    )


@pytest.mark.parametrize("value", ["Petra Prijspeil", "petra@example.org", "é", "x" * 121])
def test_details_hold_nothing_about_a_person(value: str) -> None:
    with pytest.raises(ValueError, match="person"):
        write_details({"outcome": value})


def test_details_have_known_names() -> None:
    with pytest.raises(ValueError, match="name"):
        write_details({"name": "x"})


def test_an_export_that_nobody_touched_holds() -> None:
    verdict = verify_export(exported(a_chain()))

    assert verdict.holds
    assert (verdict.chain, verdict.count) == (CHAIN, 12)


def test_an_export_is_asked_for_a_head_seen_before() -> None:
    assert verify_export(exported(a_chain()), known_head=a_chain()[2].digest).holds
    assert not verify_export(exported(a_chain()), known_head="0" * 63 + "1").holds


@pytest.mark.parametrize(
    "text", ["", "\n", "x", "{}\n", "[]\n[]\n", '{"chain":1,"count":0,"head":""}\n', "null\nnull\n"]
)
def test_what_is_no_export_is_no_whole_chain(text: str) -> None:
    assert not verify_export(text).holds


def one_change(text: str, dice: random.Random) -> str:
    """One change somewhere: a character, or a line that is dropped, doubled, moved, or the end cut off."""
    kind = dice.choice(["character", "character", "insert", "delete", "drop", "double", "swap", "cut"])
    place = dice.randrange(len(text))
    lines = text.splitlines(keepends=True)
    if kind == "character":
        return text[:place] + chr(dice.choice([33, 48, 49, 97, 34, 44, 10, 233])) + text[place + 1 :]
    if kind == "insert":
        return text[:place] + dice.choice([" ", "0", "\n", '"', "}"]) + text[place:]
    if kind == "delete":
        return text[:place] + text[place + 1 :]
    if kind == "cut":
        return text[:place]
    one = dice.randrange(len(lines))
    if kind == "drop":
        return "".join(lines[:one] + lines[one + 1 :])
    if kind == "double":
        return "".join([*lines[:one], lines[one], *lines[one:]])
    other = dice.randrange(len(lines))
    lines[one], lines[other] = lines[other], lines[one]
    return "".join(lines)


def test_a_thousand_random_changes_to_an_export_are_all_found() -> None:
    dice, whole, tried = random.Random(2026), exported(a_chain()), 0
    while tried < 1000:
        changed = one_change(whole, dice)
        if changed != whole:
            tried += 1
            assert not verify_export(changed).holds, changed


def test_everything_has_words() -> None:
    assert set(ACTIONS) == {action.value for action in Action}
    assert set(AREAS) == {action.value.partition(".")[0] for action in Action}
    assert set(DETAILS) == set(DETAIL_KEYS)
    assert set(FAULTS) == {fault.value for fault in Fault}
