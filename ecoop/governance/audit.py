"""The audit trail as a chain: what an entry holds, how it is sealed, and how a broken chain is found.

Each entry carries the digest of the one before it, so that nobody can change, remove, add or move an entry without
breaking every later one. Names, addresses and free text stay outside: an entry holds numbers, codes, days and
digests only, and a reason in somebody's own words is kept apart with a salted digest in the chain. So a person can be
forgotten (GDPR art. 17) while the chain still proves what was done.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum

Detail = bool | int | str | None | list[int] | list[str]
"""What a detail may be."""

START = "0" * 64
"""The digest before the first entry."""

_CODE = re.compile(r"[A-Za-z0-9_.:/+-]{0,120}")
_DIGEST = re.compile(r"[0-9a-f]{64}")


class Action(StrEnum):
    """What was done. The name is kept for ever, so it is never changed; its words stand in `language/audit.py`."""

    INSTALLATION_FOUNDED = "installation.founded"
    ADMINISTRATOR_MADE = "administrator.made"
    COORDINATOR_MADE = "coordinator.made"
    UMBRELLA_FOUNDED = "umbrella.founded"
    UMBRELLA_JOINED = "umbrella.joined"
    COOPERATIVE_FOUNDED = "cooperative.founded"
    COOPERATIVE_LOADED = "cooperative.loaded"
    BUILDING_ADDED = "building.added"
    ROLE_GRANTED = "role.granted"
    ROLE_ENDED = "role.ended"
    PARTY_RECORDED = "party.recorded"
    PARTY_CHANGED = "party.changed"
    PARTY_MERGED = "party.merged"
    PARTY_LOGIN_GIVEN = "party.login_given"
    APPLICATION_FORM_OPENED = "application.form_opened"
    APPLICATION_FORM_CLOSED = "application.form_closed"
    APPLICATION_TEXT_SAVED = "application.text_saved"
    APPLICATION_RECEIVED = "application.received"
    APPLICATION_MATCHED = "application.matched"
    APPLICATION_ASKED = "application.asked"
    APPLICATION_ANSWERED = "application.answered"
    APPLICATION_ADMITTED = "application.admitted"
    APPLICATION_REFUSED = "application.refused"
    APPLICATION_WITHDRAWN = "application.withdrawn"
    APPLICATIONS_EXPIRED = "application.expired"
    APPLICATIONS_BLANKED = "application.blanked"
    APPLICATIONS_TAKEN_IN = "application.taken_in"
    MEMBERSHIP_APPLIED = "membership.applied"
    MEMBERSHIP_WITHDRAWN = "membership.withdrawn"
    MEMBERSHIP_ADMITTED = "membership.admitted"
    MEMBERSHIP_REFUSED = "membership.refused"
    MEMBERSHIP_READMITTED = "membership.readmitted"
    MEMBERSHIP_CLASS_CHANGED = "membership.class_changed"
    MEMBERSHIP_SUSPENDED = "membership.suspended"
    MEMBERSHIP_REINSTATED = "membership.reinstated"
    MEMBERSHIP_NOTICE_GIVEN = "membership.notice_given"
    MEMBERSHIP_NOTICE_WITHDRAWN = "membership.notice_withdrawn"
    MEMBERSHIP_ENDED = "membership.ended"
    MEMBERSHIP_TRANSFERRED = "membership.transferred"
    MEMBERSHIP_CORRECTED = "membership.corrected"
    EXIT_STARTED = "exit.started"
    EXIT_CHANGED = "exit.changed"
    EXIT_ANSWERED = "exit.answered"
    EXIT_COMPLETED = "exit.completed"
    EXIT_PAID_BACK = "exit.paid_back"
    EXIT_UNDONE = "exit.undone"
    OBLIGATION_RECORDED = "obligation.recorded"
    OBLIGATION_SETTLED = "obligation.settled"
    DATA_REQUEST_ASKED = "data_request.asked"
    DATA_REQUEST_ANSWERED = "data_request.answered"
    STRUCTURAL_UNIT_ADDED = "structural_unit.added"
    DWELLING_ADDED = "dwelling.added"
    TENURE_RECORDED = "tenure.recorded"
    TENURE_ENDED = "tenure.ended"
    TENURE_CORRECTED = "tenure.corrected"
    COVER_RECORDED = "cover.recorded"
    CONNECTION_PLANNED = "connection.planned"
    CONNECTION_LAID = "connection.laid"
    CONNECTION_DELIVERING = "connection.delivering"
    CONNECTION_INTERRUPTED = "connection.interrupted"
    CONNECTION_REMOVED = "connection.removed"
    CONNECTION_CORRECTED = "connection.corrected"
    HEAT_CONTRACT_OFFERED = "heat_contract.offered"
    HEAT_CONTRACT_DECLINED = "heat_contract.declined"
    HEAT_CONTRACT_SIGNED = "heat_contract.signed"
    HEAT_CONTRACT_DELIVERING = "heat_contract.delivering"
    HEAT_CONTRACT_NOTICE = "heat_contract.notice"
    HEAT_CONTRACT_ENDED = "heat_contract.ended"
    HEAT_CONTRACT_HANDED_OVER = "heat_contract.handed_over"
    HEAT_CONTRACT_CORRECTED = "heat_contract.corrected"
    STATUTES_RECORDED = "statutes.recorded"
    DECISION_RECORDED = "decision.recorded"
    OFFICE_GIVEN = "office.given"
    OFFICE_ENDED = "office.ended"
    REPRESENTATION_RECORDED = "representation.recorded"
    REPRESENTATION_ENDED = "representation.ended"
    VOTE_ROLL_FROZEN = "vote_roll.frozen"
    MONEY_BOOKED = "money.booked"
    MONEY_CHARGED = "money.charged"
    MONEY_TRANSFERRED = "money.transferred"
    MONEY_CORRECTED = "money.corrected"
    BANK_FILE_BOOKED = "bank_file.booked"
    MONEY_YEAR_CLOSED = "money.year_closed"
    STATEMENTS_WRITTEN = "money.statements_written"
    BANK_ACCOUNT_ADDED = "bank_account.added"
    BANK_ACCOUNT_ENDED = "bank_account.ended"
    BANK_ACCOUNT_REVEALED = "bank_account.revealed"
    BANK_ACCOUNT_ERASED = "bank_account.erased"
    MANDATE_SIGNED = "mandate.signed"
    MANDATE_ACTIVATED = "mandate.activated"
    MANDATE_USED = "mandate.used"
    MANDATE_SUSPENDED = "mandate.suspended"
    MANDATE_RESUMED = "mandate.resumed"
    MANDATE_REVOKED = "mandate.revoked"
    MANDATE_ENDED = "mandate.ended"
    MANDATE_LAPSED = "mandate.lapsed"
    CREDITOR_SET = "creditor.set"
    DIRECT_DEBIT_DRAFTED = "direct_debit.drafted"
    DIRECT_DEBIT_ANNOUNCED = "direct_debit.announced"
    DIRECT_DEBIT_FILE_MADE = "direct_debit.file_made"
    DIRECT_DEBIT_FILE_SENT = "direct_debit.file_taken"
    DIRECT_DEBIT_BOOKED = "direct_debit.booked"
    DIRECT_DEBIT_CANCELLED = "direct_debit.cancelled"
    RETENTION_SET = "retention.set"
    HOLD_PLACED = "hold.placed"
    HOLD_LIFTED = "hold.lifted"
    MINIMISATION_TRIED = "minimisation.tried"
    MINIMISATION_DONE = "minimisation.done"
    CONSENT_TEXT_RECORDED = "consent.text_recorded"
    CONSENT_GIVEN = "consent.given"
    CONSENT_WITHDRAWN = "consent.withdrawn"
    PERSON_EXPORTED = "export.person"
    COOPERATIVE_EXPORTED = "export.cooperative"
    HANDOVER_MADE = "export.handover"
    SUPPORT_ASKED = "support.asked"
    SUPPORT_GRANTED = "support.granted"
    SUPPORT_CLOSED = "support.closed"
    CASE_REPLACED = "case.replaced"
    FIGURES_RECORDED = "figure.recorded"
    FIGURE_CHOSEN = "figure.chosen"
    FIGURE_WITHDRAWN = "figure.withdrawn"
    PAPER_ADDED = "paper.added"
    PAPER_VERSION_ADDED = "paper.version_added"
    PAPER_RIGHTS_CHANGED = "paper.rights_changed"
    PAPER_WITHDRAWN = "paper.withdrawn"
    PAPER_DESTROYED = "paper.destroyed"
    PAGE_SAVED = "page.saved"
    PAGE_PUBLISHED = "page.published"
    PAGE_TAKEN_DOWN = "page.taken_down"
    TRAIL_EXPORTED = "trail.exported"
    REASON_ERASED = "reason.erased"
    ACCOUNT_PASSWORD_SET = "account.password_set"  # noqa: S105  an action, not a password
    ACCOUNT_SIGNED_OUT = "account.signed_out_everywhere"
    ACCOUNT_SESSION_ENDED = "account.session_ended"
    ACCOUNT_FACTOR_ADDED = "account.second_factor_added"
    ACCOUNT_FACTOR_REMOVED = "account.second_factor_removed"
    ACCOUNT_CODES_RENEWED = "account.recovery_codes_renewed"
    ACCOUNT_CODE_USED = "account.recovery_code_used"
    ACCOUNT_ADDRESS_ASKED = "account.address_asked"
    ACCOUNT_ADDRESS_CHANGED = "account.address_changed"
    ACCOUNT_ADDRESS_RESTORED = "account.address_restored"
    ACCOUNT_RECOVERY_STARTED = "account.recovery_started"
    ACCOUNT_RECOVERY_AGREED = "account.recovery_agreed"
    ACCOUNT_RECOVERY_STOPPED = "account.recovery_stopped"
    ACCOUNT_RECOVERY_SENT = "account.recovery_sent"
    ACCOUNT_RECOVERED = "account.recovered"
    INVITATION_SENT = "invitation.sent"
    SECOND_FACTOR_REQUIRED = "second_factor.required"
    SECOND_FACTOR_FREED = "second_factor.not_required"
    JOB_CANCELLED = "job.cancelled"
    MAILING_WRITTEN = "mailing.written"
    LETTERS_POSTED = "letters.posted"
    MAIL_CHOSEN = "mail.chosen"
    SHEET_KEPT = "sheet.kept"
    SHEET_DISCARDED = "sheet.discarded"
    SHEET_IMPORTED = "sheet.imported"
    SHEET_UNDONE = "sheet.undone"
    SHEET_MAPPING_SAVED = "sheet.mapping_saved"


DETAIL_KEYS = frozenset(
    {
        "account_id",
        "accounts",
        "announce_days",
        "application",
        "building_ids",
        "case_digest",
        "class",
        "count",
        "decision",
        "ends_on",
        "end_reason",
        "entry",
        "fields",
        "hours",
        "membership_number",
        "party_id",
        "refusal",
        "figures",
        "first_number",
        "last_number",
        "lapse_months",
        "left_out",
        "returned",
        "file_digest",
        "keep_until",
        "kind",
        "office",
        "outcome",
        "papers",
        "purpose",
        "months",
        "proof_digest",
        "how",
        "readers",
        "retention",
        "role",
        "roll_digest",
        "rules_digest",
        "starts_on",
        "umbrella_id",
        "version",
        "year",
    }
)
"""Everything a detail may be called; each has words in `language/audit.py`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry, as it stands in the chain.

    `chain` names whose chain it is (`cooperative:7`, `installation`), `actor_id` and `on_behalf_of_id` are numbers
    of accounts (None: the command line or a clock), `subject` names the thing it was done to (`role_grant:12`),
    `details` holds codes only, `note_digest` seals the reason that is kept apart.
    """

    chain: str
    number: int
    recorded_at: datetime
    actor_id: int | None
    on_behalf_of_id: int | None
    action: str
    subject: str | None
    details: str
    note_digest: str | None
    previous: str
    digest: str = ""


class Fault(StrEnum):
    """How an entry breaks the chain."""

    UNREADABLE = "unreadable"
    EDITED = "edited"
    MISSING = "missing"
    REORDERED = "reordered"
    TRUNCATED = "truncated"
    HEAD_UNKNOWN = "head_unknown"
    REASON_EDITED = "reason_edited"
    REASON_MISSING = "reason_missing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Break:
    """Where a chain breaks first: the number of the entry, and how."""

    number: int
    fault: Fault


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a look at a whole chain found: how many entries hold, the digest of the last of them, the first break."""

    chain: str
    count: int
    head: str
    first_break: Break | None = None

    @property
    def holds(self) -> bool:
        """Whether nothing was changed."""
        return self.first_break is None


def write_details(details: Mapping[str, Detail]) -> str:
    """The details as the text that is sealed. Raises ValueError for a name or value that could hold personal data."""
    unknown = sorted(set(details) - DETAIL_KEYS)
    if unknown:
        raise ValueError(f"Unknown details: {', '.join(unknown)}.")
    for key, value in details.items():
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, str) and not _CODE.fullmatch(one):
                raise ValueError(f"{key} is not a code, and might be about a person.")
    return _json(details)


def sealed(entry: Entry) -> Entry:
    """The entry with the digest that its content asks for."""
    return replace(entry, digest=digest_of(entry))


def digest_of(entry: Entry) -> str:
    """SHA-256 over the canonical JSON of everything in `entry` but its own digest."""
    return hashlib.sha256(_json(_content(entry)).encode()).hexdigest()


def note_digest(salt: str, text: str) -> str:
    """What stands in the chain for a reason in somebody's own words; the salt keeps short ones from being guessed."""
    return hashlib.sha256(f"{salt}\n{text}".encode()).hexdigest()


def verify(
    entries: Iterable[Entry],
    *,
    chain: str,
    kept_head: tuple[int, str] | None = None,
    known_head: str | None = None,
    notes: Mapping[int, tuple[str, str]] | None = None,
    erased: frozenset[int] = frozenset(),
) -> Verdict:
    """Look at a whole chain, in the order given, and name the first break.

    Parameters
    ----------
    entries
        Every entry of the chain, oldest first.
    chain
        Whose chain it should be.
    kept_head
        Number and digest of the last entry as they are kept beside the chain: a chain cut short does not reach it.
    known_head
        A digest that was seen before, for instance in printed minutes: it must stand somewhere in the chain.
    notes
        Salt and text of the reasons that are kept, by the number of their entry. None: reasons are not looked at.
    erased
        The numbers of entries whose reason was erased on purpose, which the chain itself tells.
    """
    number, head, seen_known = 0, START, known_head in (None, START)
    remaining = iter(entries)
    for entry in remaining:
        found = _break_at(entry, chain, number + 1, head) or _break_of_note(entry, notes, erased)
        if found is not None:
            return Verdict(chain=chain, count=number, head=head, first_break=_told_exactly(found, remaining))
        number, head = entry.number, entry.digest
        seen_known = seen_known or entry.digest == known_head
    found = None
    if kept_head is not None and kept_head != (number, head):
        found = Break(number=min(number, kept_head[0]) + 1, fault=Fault.TRUNCATED)
    elif not seen_known:
        found = Break(number=number + 1, fault=Fault.HEAD_UNKNOWN)
    return Verdict(chain=chain, count=number, head=head, first_break=found)


def _told_exactly(found: Break, later: Iterable[Entry]) -> Break:
    """An entry that seems to be missing, but stands further on, was moved."""
    if found.fault is Fault.MISSING and any(entry.number == found.number for entry in later):
        return Break(number=found.number, fault=Fault.REORDERED)
    return found


def _break_at(entry: Entry, chain: str, expected: int, previous: str) -> Break | None:
    if entry.number > expected:
        return Break(number=expected, fault=Fault.MISSING)
    if entry.number < expected:
        return Break(number=entry.number, fault=Fault.REORDERED)
    if entry.chain != chain or entry.previous != previous or not _is_whole(entry):
        return Break(number=entry.number, fault=Fault.EDITED)
    return None


def _is_whole(entry: Entry) -> bool:
    try:
        return entry.digest == digest_of(entry)
    except (TypeError, ValueError):  # a value of another kind, which only a database without types lets in
        return False


def _break_of_note(entry: Entry, notes: Mapping[int, tuple[str, str]] | None, erased: frozenset[int]) -> Break | None:
    if notes is None:
        return None
    kept = notes.get(entry.number)
    if kept is not None and (entry.note_digest is None or note_digest(*kept) != entry.note_digest):
        return Break(number=entry.number, fault=Fault.REASON_EDITED)
    if kept is None and entry.note_digest is not None and entry.number not in erased:
        return Break(number=entry.number, fault=Fault.REASON_MISSING)
    return None


def write_line(entry: Entry) -> str:
    """The entry as a line of an exported chain."""
    return _json(_content(entry) | {"digest": entry.digest})


def write_end(verdict: Verdict) -> str:
    """The last line of an exported chain: how many entries it holds, and the digest of the last."""
    return _json({"chain": verdict.chain, "count": verdict.count, "head": verdict.head})


def verify_export(text: str, *, known_head: str | None = None) -> Verdict:
    """Look at an exported chain: every byte counts, the order of lines and the last line included."""
    lines = text.split("\n")
    end = _read_end(lines[-2]) if len(lines) >= 2 and lines[-1] == "" else None
    if end is None:
        return Verdict(chain="", count=0, head=START, first_break=Break(number=len(lines), fault=Fault.TRUNCATED))
    chain, count, head = end
    entries: list[Entry] = []
    for position, line in enumerate(lines[:-2], start=1):
        entry = _read_line(line)
        if entry is None:
            before = verify(entries, chain=chain)
            found = before.first_break or Break(number=position, fault=Fault.UNREADABLE)
            return Verdict(chain=chain, count=before.count, head=before.head, first_break=found)
        entries.append(entry)
    return verify(entries, chain=chain, kept_head=(count, head), known_head=known_head)


def _read_end(line: str) -> tuple[str, int, str] | None:
    try:
        end = json.loads(line)
        chain, count, head = end["chain"], end["count"], end["head"]
    except (ValueError, TypeError, KeyError):
        return None
    told = isinstance(chain, str) and type(count) is int and isinstance(head, str)
    return (chain, count, head) if told and _json({"chain": chain, "count": count, "head": head}) == line else None


def _read_line(line: str) -> Entry | None:
    """The entry of one line, or None where the line is not exactly what `write_line` writes."""
    try:
        given = json.loads(line)
        entry = Entry(
            chain=given["chain"],
            number=given["number"],
            recorded_at=datetime.fromisoformat(given["recorded_at"]),
            actor_id=given["actor_id"],
            on_behalf_of_id=given["on_behalf_of_id"],
            action=given["action"],
            subject=given["subject"],
            details=given["details"],
            note_digest=given["note_digest"],
            previous=given["previous"],
            digest=given["digest"],
        )
        same = type(entry.number) is int and write_line(entry) == line
    except (ValueError, TypeError, KeyError, AttributeError):
        return None
    return entry if same else None


def _content(entry: Entry) -> dict[str, object]:
    return {
        "chain": entry.chain,
        "number": entry.number,
        "recorded_at": entry.recorded_at.astimezone(UTC).isoformat(timespec="microseconds"),
        "actor_id": entry.actor_id,
        "on_behalf_of_id": entry.on_behalf_of_id,
        "action": entry.action,
        "subject": entry.subject,
        "details": entry.details,
        "note_digest": entry.note_digest,
        "previous": entry.previous,
    }


def _json(value: object) -> str:
    """JSON in one spelling only: keys in order, no spaces, nothing but ASCII, no NaN."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)


def is_digest(text: str) -> bool:
    """Whether `text` can be the digest of an entry."""
    return _DIGEST.fullmatch(text) is not None
