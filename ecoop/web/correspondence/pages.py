"""What the pages about letters show."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ecoop import language
from ecoop.governance.roles import Reach, roles_reaching
from ecoop.language import Language, listing, ngettext
from ecoop.language import gettext as _
from ecoop.language.jobs import job_problem, job_state, letter_kind, letter_state
from ecoop.language.names import role_name
from ecoop.language.register import class_name
from ecoop.services.buildings import BuildingView
from ecoop.services.jobs import JobState, JobView
from ecoop.services.letters import RETURNED, LetterState, LetterView
from ecoop.services.mail_choices import ChoiceView
from ecoop.services.mailings import MEMBERS, MailingView, Recipient

ICONS: Mapping[LetterState, str] = {
    LetterState.WAITING: "hourglass-split",
    LetterState.SENDING: "hourglass-split",
    LetterState.SENT: "check-circle",
    LetterState.PERHAPS_SENT: "question-circle",
    LetterState.REFUSED: "x-octagon",
    LetterState.GIVEN_UP: "x-octagon",
    LetterState.BOUNCED: "exclamation-triangle",
    LetterState.EXPIRED: "slash-circle",
    LetterState.TO_PRINT: "printer",
    LetterState.POSTED: "check-circle",
}
MOST_SHOWN = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterRow:
    """One letter."""

    id: int
    name: str
    recipient: str
    subject: str
    kind: str
    written_at: str
    state: str
    icon: str
    answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MailingRow:
    """One letter to a group."""

    id: int
    subject: str
    written: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintRow:
    """One print."""

    id: int
    asked_at: str
    state: str
    is_ready: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A state to look at."""

    code: str
    label: str
    chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LettersPage:
    """The letters of a cooperative."""

    title: str
    answer: str
    rows: tuple[LetterRow, ...]
    mailings: tuple[MailingRow, ...]
    prints: tuple[PrintRow, ...]
    choices: tuple[Choice, ...]
    to_print: str
    is_cut: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What would go out."""

    answer: str
    english: str
    on_paper: str
    subject: str
    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WritePage:
    """Writing to a group."""

    title: str
    preview: Preview | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MailingPage:
    """One letter to a group."""

    title: str
    answer: str
    second: str
    group: str
    texts: tuple[tuple[str, str, str], ...]
    rows: tuple[LetterRow, ...]
    done: int
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterPage:
    """One letter to one person."""

    title: str
    answer: str
    second: str
    body: str
    withheld: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoicePage:
    """Which letters somebody gets."""

    title: str
    answer: str


def parse_state(text: str | None) -> LetterState | None:
    """The state that an address asks for, if it is one."""
    return LetterState(text) if text in {state.value for state in LetterState} else None


def letters_page(
    found: Sequence[LetterView],
    *,
    counts: Mapping[LetterState, int],
    written: Sequence[MailingView],
    work: Sequence[JobView],
    wanted: LetterState | None,
) -> LettersPage:
    """What was written, and what became of it."""
    waits = counts.get(LetterState.TO_PRINT, 0)
    return LettersPage(
        title=_("Letters"),
        answer=_answer(counts),
        rows=tuple(_row(one) for one in found),
        mailings=tuple(_mailing(one) for one in written),
        prints=tuple(_print(one) for one in work[:5]),
        choices=tuple(
            Choice(code=state.value, label=f"{letter_state(state)} ({language.number(counts[state])})",
                   chosen=state is wanted)
            for state in LetterState
            if counts.get(state)
        ),
        to_print=ngettext("%(count)s letter waits to be printed.", "%(count)s letters wait to be printed.", waits)
        if waits
        else "",
        is_cut=len(found) >= MOST_SHOWN,
    )  # fmt: skip


def _answer(counts: Mapping[LetterState, int]) -> str:
    total, returned = sum(counts.values()), sum(counts.get(state, 0) for state in RETURNED)
    if not total:
        return _("No letters were written yet.")
    if returned:
        return ngettext(
            "%(count)s letter did not reach its reader.", "%(count)s letters did not reach their readers.", returned
        )
    return _("No letter came back.")


def _row(one: LetterView) -> LetterRow:
    return LetterRow(
        id=one.id,
        name=one.name or one.recipient,
        recipient=one.recipient or _("no e-mail"),
        subject=one.subject,
        kind=letter_kind(one.kind),
        written_at=language.moment(one.written_at),
        state=letter_state(one.state),
        icon=ICONS[one.state],
        answer=one.answer or "",
    )


def _mailing(one: MailingView) -> MailingRow:
    written = _("%(name)s, %(moment)s", name=one.written_by, moment=language.moment(one.written_at))
    return MailingRow(id=one.id, subject=one.text.subject_nl, written=written)


def _print(one: JobView) -> PrintRow:
    ready = one.state is JobState.DONE
    words = [_("ready") if ready else job_state(one.state), job_problem(one.problem)]
    return PrintRow(
        id=one.id, asked_at=language.moment(one.created_at), state=" – ".join(filter(None, words)), is_ready=ready
    )


def role_choices() -> list[tuple[str, str]]:
    """The roles that can be written to."""
    return [(role.value, role_name(role)) for role in roles_reaching(Reach.COOPERATIVE)]


def write_page(preview: Preview | None) -> WritePage:
    """Writing to a group."""
    return WritePage(title=_("Write to members"), preview=preview)


def preview_of(people: Sequence[Recipient], subject: str, body: str) -> Preview:
    """How many get it, who gets it on paper, and how it looks for the first of them."""
    on_paper = [one.name for one in people if one.email is None]
    return Preview(
        answer=ngettext("%(count)s person gets this letter.", "%(count)s people get this letter.", len(people)),
        english=_english(sum(one.language is Language.ENGLISH for one in people)),
        on_paper=_("On paper, because they have no e-mail: %(names)s.", names=listing(on_paper)) if on_paper else "",
        subject=subject,
        body=body,
    )


def _english(readers: int) -> str:
    if not readers:
        return ""
    return ngettext("%(count)s of them reads ecoop in English.", "%(count)s of them read ecoop in English.", readers)


def mailing_page(
    mailing: MailingView, found: Sequence[LetterView], *, work: JobView | None, buildings: Sequence[BuildingView]
) -> MailingPage:
    """What became of it, person by person."""
    sent = sum(one.state in {LetterState.SENT, LetterState.POSTED} for one in found)
    text = mailing.text
    texts = [(Language.DUTCH.value, text.subject_nl, text.text_nl)]
    if text.text_en:
        texts.append((Language.ENGLISH.value, text.subject_en, text.text_en))
    writing = work is not None and work.state in {JobState.WAITING, JobState.RUNNING}
    return MailingPage(
        title=text.subject_nl,
        answer=ngettext(
            "%(sent)s of %(count)s letter has gone out.", "%(sent)s of %(count)s letters have gone out.", len(found),
            sent=language.number(sent),
        ),
        second=_("The letters are still being written.") if writing else "",
        group=_group_words(mailing, buildings),
        texts=tuple(texts),
        rows=tuple(_row(one) for one in sorted(found, key=lambda one: (one.state not in RETURNED, one.name))),
        done=work.done if work and writing else 0,
        total=(work.total or 0) if work and writing else 0,
    )  # fmt: skip


def _group_words(mailing: MailingView, buildings: Sequence[BuildingView]) -> str:
    names = {str(one.id): one.name for one in buildings}
    words = [
        listing([role_name(code) for code in mailing.group.chosen.get("role", ())]),
        listing([names.get(code, code) for code in mailing.group.chosen.get("building", ())]),
        listing([class_name(code) for code in mailing.group.chosen.get(MEMBERS, ())]),
    ]
    chosen = " – ".join(filter(None, words)) or _("everybody with a role")
    return _("To: %(group)s. Written by %(name)s on %(moment)s.", group=chosen, name=mailing.written_by,
             moment=language.moment(mailing.written_at))  # fmt: skip


def letter_page(one: LetterView) -> LetterPage:
    """One letter to one person."""
    withheld = ""
    if one.is_secret:
        withheld = _("This letter holds a link with which its reader signs in. It is shown to nobody else.")
    return LetterPage(
        title=one.subject,
        answer=_("To %(name)s, %(recipient)s: %(state)s.", name=one.name or "–",
                 recipient=one.recipient or _("no e-mail"), state=letter_state(one.state)),
        second=_("The mail server answered: %(answer)s", answer=one.answer) if one.answer else "",
        body=one.body,
        withheld=withheld,
    )  # fmt: skip


def choice_page(chosen: ChoiceView) -> ChoicePage:
    """What one gets now."""
    answers = {
        (True, True): _("You get a letter on the day that something comes to wait for you, and a list on Monday."),
        (True, False): _("You get a letter on the day that something comes to wait for you."),
        (False, True): _("You get a list of what waits for you on Monday."),
        (False, False): _("You get no letters about what waits for you."),
    }
    return ChoicePage(title=_("Letters you get"), answer=answers[chosen.same_day, chosen.digest])
