"""What the pages of the money of members show: the whole, the balance list, and the years."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from ecoop import language
from ecoop.exchange.audit_file import AuditEntry, AuditFile
from ecoop.exchange.tables import Column, Kind, Table
from ecoop.governance.holdings import PROMISES, OpenCharge
from ecoop.governance.roles import Actor, Permission
from ecoop.language import gettext as _
from ecoop.language import ngettext
from ecoop.language.money import account_name, entry_name, money, round_money
from ecoop.language.register import class_name, status_name
from ecoop.services.balances import BalanceLine, BalanceList, MoneyOverview
from ecoop.services.closed_years import ClosedYearView
from ecoop.services.contributions import ChargeRun
from ecoop.services.creditors import CreditorView
from ecoop.services.jobs import JobView
from ecoop.services.ledger_files import LedgerLine

AT_ONCE = 50
"""Lines on a page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenRow:
    """One contribution that is not paid in full."""

    membership_id: int
    number: str
    name: str
    year: str
    since: str
    amount: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OverviewPage:
    """The money of membership at a glance."""

    title: str
    answer: str
    rows: tuple[OpenRow, ...]
    more: str
    are_many: bool
    sums: tuple[tuple[str, str], ...]
    may_keep: bool


def overview_page(
    found: MoneyOverview, names: Mapping[int, tuple[int | None, str]], actor: Actor, *, day: date
) -> OverviewPage:
    """What members hold and what is open on a day."""
    held = ngettext(
        "%(amount)s capital of %(count)s member.",
        "%(amount)s capital of %(count)s members.",
        found.capital_members,
        amount=round_money(found.capital_cents),
    )
    charges = found.open_charges or ()
    return OverviewPage(
        title=_("Money"),
        answer=f"{held} {_open_sentence(found, day.year)}",
        rows=tuple(_open_row(one, names) for one in charges[:AT_ONCE]),
        more=_more(len(charges)),
        are_many=found.open_charges is None,
        sums=(
            (_("Capital"), money(found.capital_cents)),
            (_("Loans"), money(found.loan_cents)),
            (_("Promised, capital and loans"), money(found.promised_cents)),
            (_("Contribution still to come in"), money(found.open_cents)),
        ),
        may_keep=actor.may(Permission.KEEP_MONEY),
    )


def _open_sentence(found: MoneyOverview, year: int) -> str:
    charges = found.open_charges
    if charges is None:
        return ngettext(
            "%(count)s member still owes contribution, %(amount)s.",
            "%(count)s members still owe contribution, %(amount)s together.",
            found.owing_members, amount=round_money(found.open_cents),
        )  # fmt: skip
    if not charges:
        return _("No contribution is open.")
    of_year = [one for one in charges if one.year == year]
    if len(of_year) == len(charges):
        amount = round_money(sum(one.cents for one in of_year))
        return ngettext(
            "%(count)s contribution of %(year)s is open, %(amount)s.",
            "%(count)s contributions of %(year)s are open, %(amount)s together.",
            len(of_year), year=str(year), amount=amount,
        )  # fmt: skip
    return ngettext(
        "%(count)s contribution is open, %(amount)s.",
        "%(count)s contributions are open, %(amount)s together.",
        len(charges), amount=round_money(sum(one.cents for one in charges)),
    )  # fmt: skip


def _more(count: int) -> str:
    left = count - AT_ONCE
    return ngettext("And %(count)s more.", "And %(count)s more.", left) if left > 0 else ""


def _open_row(one: OpenCharge, names: Mapping[int, tuple[int | None, str]]) -> OpenRow:
    number, name = names.get(one.membership_id, (None, "–"))
    return OpenRow(
        membership_id=one.membership_id, number="–" if number is None else str(number), name=name,
        year="–" if one.year is None else str(one.year), since=language.day(one.booked_on), amount=money(one.cents),
    )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargePage:
    """Charging a contribution, before and after it is clear what it comes to."""

    title: str
    answer: str
    second: str
    is_ready: bool


def charge_page(run: ChargeRun | None, *, kind: str = "", year: int = 0) -> ChargePage:
    """What a run would charge."""
    title = _("Charge a contribution")
    if run is None:
        return ChargePage(
            title=title, answer=_("To every member of one kind at once. You see first what it comes to."), second="",
            is_ready=False,
        )  # fmt: skip
    told = {"each": money(run.cents), "total": money(run.total_cents), "year": str(year), "kind": class_name(kind)}
    answer = ngettext(
        "This charges %(each)s for %(year)s to %(count)s member (%(kind)s), %(total)s in all.",
        "This charges %(each)s for %(year)s to %(count)s members (%(kind)s), %(total)s in all.",
        len(run.membership_ids), **told,
    )  # fmt: skip
    if not run.membership_ids:
        answer = _("Nobody of this kind still has to be charged for this year.")
    second = (
        ngettext(
            "%(count)s member was charged for this year already and is left out.",
            "%(count)s members were charged for this year already and are left out.",
            run.already,
        )
        if run.already
        else ""
    )
    return ChargePage(title=title, answer=answer, second=second, is_ready=bool(run.membership_ids))


def charged_sentence(run: ChargeRun, year: int) -> str:
    """What was charged."""
    return ngettext(
        "%(year)s is charged to %(count)s member, %(total)s.",
        "%(year)s is charged to %(count)s members, %(total)s in all.",
        len(run.membership_ids), year=str(year), total=money(run.total_cents),
    )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class BalanceRow:
    """One member on the balance list."""

    membership_id: int
    number: str
    name: str
    status: str
    contribution: str
    capital: str
    loan: str
    promised: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BalancePage:
    """The balance list of a day."""

    title: str
    answer: str
    digest: str
    rows: tuple[BalanceRow, ...]
    totals: tuple[str, ...]
    page: int
    pages: int
    on: str


COLUMNS = ("contribution_cents", "capital_cents", "loan_cents", "promised_cents")


def balance_page(found: BalanceList, page: int) -> BalancePage:
    """A page of the list, with the totals of the whole."""
    pages = max(1, -(-len(found.lines) // AT_ONCE))
    page = min(max(1, page), pages)
    shown = found.lines[(page - 1) * AT_ONCE : page * AT_ONCE]
    return BalancePage(
        title=_("Balance list"),
        answer=ngettext(
            "%(count)s member on %(day)s, %(amount)s capital.",
            "%(count)s members on %(day)s, %(amount)s capital.",
            len(found.lines), day=language.day(found.day), amount=round_money(found.total("capital_cents")),
        ),
        digest=found.digest,
        rows=tuple(_balance_row(line) for line in shown),
        totals=tuple(money(found.total(name)) for name in COLUMNS),
        page=page, pages=pages, on=found.day.isoformat(),
    )  # fmt: skip


def _balance_row(line: BalanceLine) -> BalanceRow:
    return BalanceRow(
        membership_id=line.membership_id, number="–" if line.number is None else str(line.number), name=line.name,
        status=status_name(line.status) if line.status else "–", contribution=money(line.contribution_cents),
        capital=money(line.capital_cents), loan=money(line.loan_cents), promised=money(line.promised_cents),
    )  # fmt: skip


def balance_table(found: BalanceList) -> Table:
    """The whole list as a file, with its totals and its fingerprint."""
    rows = [
        (line.number, line.name, status_name(line.status) if line.status else "",
         *(getattr(line, name) / 100 for name in COLUMNS))
        for line in found.lines
    ]  # fmt: skip
    total = (None, _("Total, fingerprint %(digest)s", digest=found.digest), "",
             *(found.total(name) / 100 for name in COLUMNS))  # fmt: skip
    amounts = (_("Contribution"), _("Capital"), _("Loans"), _("Promised"))
    return Table(
        name="balance", caption=_("Balance list of %(day)s", day=language.day(found.day)),
        columns=(
            Column(label=_("No."), kind=Kind.YEAR, none="–"), Column(label=_("Name")), Column(label=_("Status")),
            *(Column(label=one, kind=Kind.EXACT) for one in amounts),
        ),
        rows=(*rows, total), totals=1,
    )  # fmt: skip


def ledger_table(lines: Sequence[LedgerLine], year: int) -> Table:
    """Every entry of a year as a file."""
    rows = tuple(
        (
            line.entry.number, line.entry.booked_on.isoformat(), line.member_number, line.name,
            account_name(line.entry.account, line.entry.tranche), entry_name(line.entry.kind),
            line.entry.cents / 100, line.entry.year, line.entry.reference or "", line.entry.corrects_number,
            language.moment(line.entry.recorded_at),
        )
        for line in lines
    )  # fmt: skip
    labels = (_("Booking"), _("Day"), _("No."), _("Name"), _("Account"), _("What"), _("Amount"), _("Year"),
              _("Reference"), _("Takes back"), _("Written down"))  # fmt: skip
    kinds = {0: Kind.YEAR, 2: Kind.YEAR, 6: Kind.EXACT, 7: Kind.YEAR, 9: Kind.YEAR}
    columns = tuple(Column(label=one, kind=kinds.get(place, Kind.TEXT)) for place, one in enumerate(labels))
    return Table(name="ledger", caption=_("Ledger of %(year)s", year=str(year)), columns=columns, rows=rows)


def audit_file(lines: Sequence[LedgerLine], year: int, *, company: str, code: str, made_on: date) -> AuditFile:
    """The same as an audit file; names stand in it in Dutch, as programs expect."""
    with language.speaking(language.Language.DUTCH):
        entries = tuple(
            AuditEntry(
                number=line.entry.number, booked_on=line.entry.booked_on, account=line.entry.account, kind=line.means,
                cents=line.entry.cents, member=_member_code(line), reference=line.entry.reference or "",
                description=f"{account_name(line.entry.account, line.entry.tranche)}: {entry_name(line.entry.kind)}",
            )
            for line in lines
            if line.means not in PROMISES
        )  # fmt: skip
    members = dict(sorted((_member_code(line), line.name) for line in lines))
    return AuditFile(
        company=company, company_code=code, year=year, made_on=made_on, members=tuple(members.items()),
        entries=entries,
    )  # fmt: skip


def _member_code(line: LedgerLine) -> str:
    return str(line.member_number if line.member_number is not None else line.membership_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class YearRow:
    """One closed year."""

    year: int
    closed: str
    entries: str
    capital: str
    contribution: str
    loan: str
    holds: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRow:
    """One run of statements."""

    id: int
    what: str
    state: str
    is_ready: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class YearsPage:
    """The years: which are closed, what can be made of them."""

    title: str
    answer: str
    rows: tuple[YearRow, ...]
    runs: tuple[RunRow, ...]
    open_years: tuple[int, ...]
    next_year: int | None
    may_keep: bool


def years_page(
    closed: Sequence[tuple[ClosedYearView, bool]], runs: Sequence[tuple[JobView, str, bool]], actor: Actor, *, day: date
) -> YearsPage:
    """Which years are closed, and which could be."""
    newest = closed[0][0].year if closed else None
    following = newest + 1 if newest is not None else day.year - 1
    answer = (
        _("Closed through %(year)s. Nothing is booked in those years any more.", year=str(newest))
        if newest is not None
        else _("No year is closed yet. Close a year once its books were approved.")
    )
    return YearsPage(
        title=_("Years and statements"),
        answer=answer,
        rows=tuple(_year_row(one, holds) for one, holds in closed),
        runs=tuple(_run_row(job, state, is_ready) for job, state, is_ready in runs),
        open_years=tuple(range(day.year, (newest or day.year - 3), -1)),
        next_year=following if following < day.year else None,
        may_keep=actor.may(Permission.KEEP_MONEY),
    )


def _year_row(one: ClosedYearView, holds: bool) -> YearRow:
    by = one.closed_by or _("ecoop itself")
    return YearRow(
        year=one.year, closed=_("%(moment)s, %(name)s", moment=language.moment(one.closed_at), name=by),
        entries=language.number(one.entries), capital=money(one.capital_cents), loan=money(one.loan_cents),
        contribution=money(one.contribution_cents), holds=holds,
    )  # fmt: skip


def _run_row(job: JobView, state: str, is_ready: bool) -> RunRow:
    what = _("Statements of %(year)s, %(moment)s", year=str(job.arguments.get("year")),
             moment=language.moment(job.created_at))  # fmt: skip
    return RunRow(id=job.id, what=what, state=state, is_ready=is_ready)


@dataclass(frozen=True, slots=True, kw_only=True)
class FormPage:
    """A form with a title."""

    title: str
    answer: str


def creditor_page(known: CreditorView | None) -> FormPage:
    """As whom is collected."""
    if known is None:
        answer = _("The cooperative cannot collect yet. The bank gives a creditor identifier with the contract.")
    else:
        answer = _("As %(name)s, %(identifier)s, to %(account)s, since %(day)s.", name=known.name,
                   identifier=known.identifier, account=known.masked_iban,
                   day=language.day(known.valid_from))  # fmt: skip
    return FormPage(title=_("How we collect"), answer=answer)
