"""The hand-over for a new board, on a page and on paper: the same sections in the same words."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ecoop import language
from ecoop.clock import legal_day
from ecoop.exchange.reports import Report, Section
from ecoop.governance.membership import Status
from ecoop.language import gettext as _
from ecoop.language import ngettext
from ecoop.language.audit import action_name
from ecoop.language.dwellings import contract_name
from ecoop.language.governing import body_name, finding_sentence, office_name
from ecoop.language.leaving import promise_name
from ecoop.language.names import role_name
from ecoop.language.papers import paper_kind_name
from ecoop.language.register import status_name
from ecoop.language.turns import turn_sentence
from ecoop.services.handover import Handover
from ecoop.services.roles import RoleHolder

LISTED = (Status.MEMBER, Status.SUSPENDED, Status.APPLICANT, Status.FORMER)


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoverPage:
    """What a new board takes over."""

    title: str
    answer: str
    lead: tuple[str, ...]
    sections: tuple[Section, ...]
    digest: str
    """The fingerprint of the last entry of the audit trail."""
    may_take: bool


def handover_page(found: Handover, *, cooperative: str, may_take: bool) -> HandoverPage:
    """The answer is how much waits."""
    waiting = len(found.waiting)
    answer = (
        ngettext("%(count)s thing waits for the board.", "%(count)s things wait for the board.", waiting)
        if waiting
        else _("Nothing waits for the board now.")
    )
    head = "" if found.trail is None else found.trail[1]
    return HandoverPage(
        title=_("Hand-over to a new board"),
        answer=answer,
        lead=(_("%(cooperative)s, as it stands on %(day)s.", cooperative=cooperative, day=language.day(found.day)),),
        sections=tuple(_sections(found)),
        digest=head,
        may_take=may_take,
    )


def handover_report(page: HandoverPage, *, cooperative: str) -> Report:
    """The same on paper."""
    return Report(
        language=language.current().value, sender=cooperative, title=page.title, lead=(page.answer, *page.lead),
        sections=page.sections,
        foot=_("Fingerprint of the last entry of the audit trail: %(digest)s", digest=page.digest),
    )  # fmt: skip


def _sections(found: Handover) -> Iterator[Section]:
    yield _people(found.holders)
    yield _offices(found)
    yield _registers(found)
    yield _decisions(found)
    yield _members(found)
    yield _agreed(found)
    yield _promises(found)
    yield _waiting(found)
    yield _check(found)
    yield _papers(found)
    yield _privacy(found)
    yield _departures(found)


def _people(holders: Sequence[RoleHolder]) -> Section:
    offices = [one for one in holders if one.role.value != "member"]
    return Section(
        heading=_("Who holds which role"),
        paragraphs=() if offices else (_("Nobody."),),
        columns=(_("Role"), _("Name"), _("Since"), _("Until"), _("Given by")),
        rows=tuple(
            (role_name(one.role), one.name, language.day(one.starts_on),
             language.day(one.ends_on) if one.ends_on else "–", one.granted_by or _("when the cooperative was set up"))
            for one in offices
        ),
    )  # fmt: skip


def _registers(found: Handover) -> Section:
    """What has to be told outside: a changed board must be entered at KvK and in the UBO register."""
    if not found.changes_on_board:
        told = _("No board role began or ended in the past year.")
    else:
        told = _("Check that the trade register (KvK) and the UBO register know of these changes.")
    return Section(
        heading=_("Trade register and UBO register"),
        paragraphs=(told, _("That a change must be entered, and within which time, was not verified here.")),
        columns=(_("Role"), _("Name"), _("Since"), _("Until")),
        rows=tuple(
            (role_name(one.role), one.name, language.day(one.starts_on),
             language.day(one.ends_on) if one.ends_on else "–")
            for one in found.changes_on_board
        ),
    )  # fmt: skip


def _offices(found: Handover) -> Section:
    """Offices with the decisions they rest on, and the statutes that are in force."""
    said = []
    if found.statutes is None:
        said.append(_("No statutes were recorded yet."))
    else:
        day = language.day(found.statutes.statutes.valid_from)
        said.append(_("The statutes in force are those of %(day)s.", day=day))
    if not found.offices:
        said.append(_("No office was recorded yet."))
    return Section(
        heading=_("Offices and statutes"),
        paragraphs=tuple(said),
        columns=(_("Office"), _("Name"), _("Since"), _("Until"), _("Decision")),
        rows=tuple(
            (office_name(one.office), one.name, language.day(one.starts_on),
             language.day(one.ends_on) if one.ends_on else "–", str(one.decision))
            for one in found.offices
        ),
    )  # fmt: skip


def _decisions(found: Handover) -> Section:
    return Section(
        heading=_("Newest decisions"),
        paragraphs=() if found.decisions else (_("No decision was recorded yet."),),
        columns=(_("No."), _("Of"), _("By"), _("About")),
        rows=tuple(
            (str(one.number), language.day(one.decided_on), body_name(one.body), one.subject) for one in found.decisions
        ),
    )


def _agreed(found: Handover) -> Section:
    """Totals only: who it is about stands in the register."""
    agreed = found.agreed
    rows = [
        (_("Mandates that can be used"), language.number(agreed.usable_mandates)),
        (_("Mandates in all"), language.number(agreed.mandates)),
        *((_("Heat contracts: %(state)s", state=contract_name(step)), language.number(count))
          for step, count in sorted(agreed.contracts.items())),
        (_("Exits on their way"), language.number(agreed.open_exits)),
    ]  # fmt: skip
    money = agreed.money
    if money is not None:
        rows += [
            (_("Capital of members"), language.euros(money.capital_cents / 100)),
            (_("Loans of members"), language.euros(money.loan_cents / 100)),
            (_("Promised and not yet paid"), language.euros(money.unpaid_promise_cents / 100)),
            (_("Owed by members"), language.euros(money.open_cents / 100)),
        ]
    hidden = (_("The money of members is not for your role; the treasurer can add it."),)
    return Section(
        heading=_("Mandates, contracts and money"),
        paragraphs=() if money is not None else hidden,
        columns=(_("What"), _("How many")),
        rows=tuple(rows),
    )


def _promises(found: Handover) -> Section:
    return Section(
        heading=_("Open promises of members"),
        paragraphs=() if found.promises else (_("None."),),
        columns=(_("Name"), _("What"), _("Amount"), _("Since"), _("Settled by")),
        rows=tuple(
            (one.name, promise_name(one.kind), _amount(one.amount_cents),
             language.day(one.agreed_on), language.day(one.runs_until) if one.runs_until else "–")
            for one in found.promises
        ),
    )  # fmt: skip


def _amount(cents: int | None) -> str:
    return "–" if cents is None else language.euros(cents / 100)


def _check(found: Handover) -> Section:
    return Section(
        heading=_("What the check of the register says"),
        paragraphs=tuple(finding_sentence(one.code, one.details) for one in found.findings)
        or (_("Nothing was found."),),
    )


def _members(found: Handover) -> Section:
    said = [
        _("In the past year %(admitted)s were admitted and %(ended)s left.", admitted=language.number(found.admitted),
          ended=language.number(found.ended)),
    ]  # fmt: skip
    if found.oldest_application is not None:
        said.append(_("The oldest application waits since %(day)s.", day=language.day(found.oldest_application)))
    return Section(
        heading=_("Members"),
        paragraphs=tuple(said),
        columns=(_("Status"), _("How many")),
        rows=tuple((status_name(one), language.number(found.counts.get(one, 0))) for one in LISTED),
    )


def _waiting(found: Handover) -> Section:
    said = []
    if found.letters_waiting:
        said.append(ngettext("%(count)s letter still has to go out.", "%(count)s letters still have to go out.",
                             found.letters_waiting))  # fmt: skip
    if found.letters_returned:
        said.append(ngettext("%(count)s letter did not arrive.", "%(count)s letters did not arrive.",
                             found.letters_returned))  # fmt: skip
    if not found.waiting:
        said.append(_("Nobody has the turn."))
    return Section(
        heading=_("What waits"),
        paragraphs=tuple(said),
        columns=(_("What"), _("Since"), _("Must be answered by")),
        rows=tuple(
            (turn_sentence(one.kind), language.day(legal_day(one.since)),
             language.day(one.due_on) if one.due_on else "–")
            for one in found.waiting
        ),
    )  # fmt: skip


def _papers(found: Handover) -> Section:
    said = []
    if found.case is not None:
        name, recorded = found.case
        said.append(_("Business case: %(name)s, of %(day)s.", name=name, day=language.day(legal_day(recorded))))
    if not found.papers:
        said.append(_("There are no papers yet."))
    return Section(
        heading=_("Papers that count"),
        paragraphs=tuple(said),
        columns=(_("Kind"), _("Paper"), _("Version"), _("Of")),
        rows=tuple(
            (paper_kind_name(one.kind), one.title, str(one.version), language.day(legal_day(one.uploaded_at)))
            for one in found.papers
        ),
    )


def _privacy(found: Handover) -> Section:
    due = (
        ngettext(
            "Something about %(count)s person or organisation may go.",
            "Something about %(count)s people and organisations may go.",
            found.due_parties,
        )
        if found.due_parties
        else _("Nothing is kept longer than the rules allow.")
    )
    return Section(
        heading=_("Privacy"),
        paragraphs=(due,) if found.holds else (due, _("No legal hold runs.")),
        columns=(_("Legal hold about"), _("Since")),
        rows=tuple((one.name, language.day(one.starts_on)) for one in found.holds),
    )


def _departures(found: Handover) -> Section:
    return Section(
        heading=_("What was taken along in the past year"),
        paragraphs=() if found.departures else (_("Nothing."),),
        columns=(_("When"), _("What"), _("Who")),
        rows=tuple(
            (language.moment(one.at), action_name(one.action), one.name or _("on the command line"))
            for one in found.departures
        ),
    )
