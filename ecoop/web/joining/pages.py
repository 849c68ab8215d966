"""What the pages for newcomers show."""

from collections.abc import Sequence
from dataclasses import dataclass

from ecoop import language
from ecoop.governance.admission import ApplicationStatus, Living, Speaker, TextKind
from ecoop.governance.statutes import PartyKind
from ecoop.language import gettext as _
from ecoop.language.admission import application_status_name, living_name
from ecoop.language.register import class_codes, class_name, party_kind_name
from ecoop.services.application_story import Said
from ecoop.services.application_texts import TextView
from ecoop.services.cooperatives import CooperativeView
from ecoop.services.joining import OwnApplication


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownText:
    """A text to read before one ticks the box under it."""

    field: str
    title: str
    label: str
    paragraphs: tuple[str, ...]
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinPage:
    """The form, or that there is none."""

    title: str
    answer: str
    slug: str
    is_open: bool
    texts: tuple[ShownText, ...]
    messages: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SentPage:
    """What one is told once the form was sent: the same for everybody."""

    title: str
    answer: str
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidRow:
    """A question or an answer."""

    who: str
    when: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnPage:
    """The own application, behind the link in a letter."""

    title: str
    answer: str
    slug: str
    secret: str
    said: tuple[SaidRow, ...]
    may_confirm: bool
    may_answer: bool
    may_withdraw: bool
    messages: tuple[str, ...]


def join_page(
    cooperative: CooperativeView, texts: Sequence[TextView], *, is_open: bool, messages: Sequence[str]
) -> JoinPage:
    """The form of one cooperative."""
    if not is_open:
        answer = _("%(name)s takes no applications through this page now.", name=cooperative.name)
    else:
        answer = _("You fill this in, use a link that we send you, and then the board decides.")
    return JoinPage(
        title=_("Become a member of %(name)s", name=cooperative.name),
        answer=answer,
        slug=cooperative.slug,
        is_open=is_open,
        texts=tuple(_shown(one) for one in texts if one.is_accepted),
        messages=tuple(messages),
    )


def _shown(one: TextView) -> ShownText:
    titles = {
        TextKind.STATUTES: (_("The statutes"), _("I agree to the statutes.")),
        TextKind.PRIVACY: (_("Your data"), _("I have read what is done with my data.")),
    }
    title, label = titles[one.kind]
    return ShownText(
        field=one.kind.value, title=title, label=label, paragraphs=paragraphs(one.text), language=one.language
    )


def paragraphs(text: str | None) -> tuple[str, ...]:
    """The lines of a text that hold something."""
    return tuple(line for line in (text or "").splitlines() if line.strip())


def sent_page(cooperative: CooperativeView) -> SentPage:
    """After the form: nothing in it depends on what is known."""
    return SentPage(
        title=_("Become a member of %(name)s", name=cooperative.name),
        answer=_("Look in your mail: there is a letter with a link."),
        sentences=(
            _("Only when you use the link, the board sees your application. The link works for a week."),
            _("No letter? Look at unwanted mail, and whether the address was right. Then fill in the form again."),
        ),
    )


def own_page(
    cooperative: CooperativeView, found: OwnApplication | None, *, secret: str, messages: Sequence[str]
) -> OwnPage:
    """The own application; None where the link opens nothing."""
    title = _("Your application at %(name)s", name=cooperative.name)
    status = found.status if found else None
    is_open = status in {ApplicationStatus.WAITING, ApplicationStatus.ASKED}
    return OwnPage(
        title=title,
        answer=_answer(found) if found else "",
        slug=cooperative.slug,
        secret=secret,
        said=tuple(said_row(one, cooperative=cooperative.name) for one in (found.said if found else ())),
        may_confirm=status is ApplicationStatus.UNCONFIRMED,
        may_answer=is_open,
        may_withdraw=is_open,
        messages=tuple(messages),
    )


def _answer(found: OwnApplication) -> str:
    if found.status is ApplicationStatus.UNCONFIRMED:
        return _("Is this right: does %(name)s want to be a member?", name=found.name)
    if found.status is ApplicationStatus.WAITING:
        return _("Your application of %(day)s waits for the board.", day=language.moment(found.asked_at))
    if found.status is ApplicationStatus.ASKED:
        return _("The board asked you something. It decides once you have answered.")
    return _("Your application: %(status)s.", status=application_status_name(found.status))


def said_row(one: Said, *, cooperative: str) -> SaidRow:
    """A question or an answer in words."""
    asked = one.speaker is Speaker.BOARD
    return SaidRow(
        who=_("The board of %(cooperative)s", cooperative=cooperative) if asked else _("You"),
        when=language.moment(one.at),
        paragraphs=paragraphs(one.text),
    )


def kind_choices() -> list[tuple[str, str]]:
    """Who can apply."""
    return [(one.value, party_kind_name(one)) for one in PartyKind]


def class_choices() -> list[tuple[str, str]]:
    """As what one can be a member."""
    return [("", _("Choose a kind")), *((code, class_name(code)) for code in class_codes())]


def living_choices() -> list[tuple[str, str]]:
    """Owner or tenant."""
    return [("", _("Choose, if it applies")), *((one.value, living_name(one)) for one in Living)]
