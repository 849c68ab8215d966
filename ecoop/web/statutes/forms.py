"""The shape in which a version of the statutes is filled in."""

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Any

from wtforms import BooleanField, FieldList, FormField, IntegerField, SelectField, SelectMultipleField, StringField
from wtforms.validators import InputRequired, Optional, ValidationError

from ecoop import language
from ecoop.governance.statutes import (
    EntryRule,
    LegalForm,
    MembershipClass,
    NoticeEnd,
    PartyKind,
    ProxyHolder,
    Statutes,
)
from ecoop.language import gettext as _
from ecoop.language import governing
from ecoop.language.register import CLASSES, party_kind_name
from ecoop.services.papers import PaperView
from ecoop.services.statutes import RULES
from ecoop.web.forms import AtMost, EcoopForm, LocalDateField, Required

SPARE_ROWS = 2
"""Empty rows for kinds of membership, so that one can be added without JavaScript."""
CLAUSED = tuple(name for name in RULES if name != "valid_from")


class VotesField(StringField):  # type: ignore[misc]
    """A number of votes as one writes it: 1, 2,5 or 2.5."""

    def votes(self) -> Decimal | None:
        """The number, or None where nothing was filled in."""
        text = (self.data or "").strip().replace(",", ".")
        return Decimal(text) if text else None

    def post_validate(self, _form: Any, _stopped: bool) -> None:
        """Refuse what is no plain number."""
        try:
            votes = self.votes()
        except InvalidOperation:
            votes = Decimal("NaN")
        if votes is not None and not votes.is_finite():
            raise ValidationError(_("This is not a number."))


class ClassRow(EcoopForm):
    """One kind of membership."""

    class Meta(EcoopForm.Meta):
        """The whole form carries the token."""

        csrf = False

    code = StringField(validators=[AtMost(40)])
    name_nl = StringField(validators=[AtMost(80)])
    name_en = StringField(validators=[AtMost(80)])
    votes = VotesField(validators=[AtMost(20)])
    open_to = SelectMultipleField(validators=[Optional()])

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.open_to.choices = [(one.value, party_kind_name(one)) for one in PartyKind]

    @property
    def is_empty(self) -> bool:
        """Whether nothing was filled in."""
        return not any(self[name].data for name in ("code", "name_nl", "name_en", "votes", "open_to"))

    def read(self) -> MembershipClass:
        """The kind of membership of this row; one without votes filled in has none."""
        return MembershipClass(
            code=(self.code.data or "").strip(),
            name_nl=(self.name_nl.data or "").strip(),
            name_en=(self.name_en.data or "").strip() or (self.name_nl.data or "").strip(),
            votes=self.votes.votes() or Decimal(0),
            open_to=frozenset(PartyKind(one) for one in self.open_to.data or ()),
        )


class ClauseRow(EcoopForm):
    """Where the statutes state a rule."""

    class Meta(EcoopForm.Meta):
        """The whole form carries the token."""

        csrf = False

    rule = StringField(validators=[AtMost(40)])
    clause = StringField(validators=[AtMost(60)])


class StatutesForm(EcoopForm):
    """A version of the statutes."""

    valid_from = LocalDateField(validators=[Required()])
    legal_form = SelectField(validators=[Required()])
    entry_rule = SelectField(validators=[Required()])
    minimum_age = IntegerField(validators=[Optional()])
    notice_weeks = IntegerField(validators=[InputRequired()])
    notice_end = SelectField(validators=[Required()])
    year_ends_month = IntegerField(validators=[InputRequired()])
    year_ends_day = IntegerField(validators=[InputRequired()])
    proxy_holder = SelectField(validators=[Required()])
    most_proxies = IntegerField(validators=[Optional()])
    most_votes = VotesField(validators=[AtMost(20)])
    term_years = IntegerField(validators=[Optional()])
    most_terms = IntegerField(validators=[Optional()])
    smallest_board = IntegerField(validators=[InputRequired()])
    outsiders_on_board = BooleanField()
    classes = FieldList(FormField(ClassRow), min_entries=0, max_entries=40)
    clauses = FieldList(FormField(ClauseRow), min_entries=0, max_entries=40)
    paper_id = SelectField(validators=[Optional()])
    why = StringField(validators=[AtMost(500)])

    def choose_from(self, papers: tuple[PaperView, ...]) -> None:
        """Set what can be chosen."""
        self.legal_form.choices = _choices(LegalForm, governing.LEGAL_FORMS)
        self.entry_rule.choices = _choices(EntryRule, governing.ENTRY_RULES)
        self.notice_end.choices = _choices(NoticeEnd, governing.NOTICE_ENDS)
        self.proxy_holder.choices = _choices(ProxyHolder, governing.PROXY_HOLDERS)
        self.paper_id.choices = [("", _("None of the papers")), *((str(one.id), one.title) for one in papers)]

    def read(self) -> Statutes:
        """The statutes that were filled in."""
        return Statutes(
            valid_from=self.valid_from.data,
            legal_form=LegalForm(self.legal_form.data),
            classes=tuple(row.form.read() for row in self.classes if not row.form.is_empty),
            entry_rule=EntryRule(self.entry_rule.data),
            minimum_age=self.minimum_age.data,
            notice_weeks=self.notice_weeks.data,
            notice_end=NoticeEnd(self.notice_end.data),
            financial_year_ends=(self.year_ends_month.data, self.year_ends_day.data),
            proxy_holder=ProxyHolder(self.proxy_holder.data),
            most_proxies=self.most_proxies.data,
            most_votes=self.most_votes.votes(),
            term_years=self.term_years.data,
            most_terms=self.most_terms.data,
            smallest_board=self.smallest_board.data,
            outsiders_on_board=self.outsiders_on_board.data,
            clauses=tuple(self._clauses()),
        )

    def _clauses(self) -> Iterator[tuple[str, str]]:
        for row in self.clauses:
            rule, clause = row.form.rule.data, (row.form.clause.data or "").strip()
            if rule in CLAUSED and clause:
                yield rule, clause


def _choices(kind: type[Any], words: Any) -> list[tuple[str, str]]:
    return [(one.value, _(words[one.value])) for one in kind]


def _row(one: MembershipClass) -> dict[str, Any]:
    return {"code": one.code, "name_nl": one.name_nl, "name_en": one.name_en,
            "votes": f"{one.votes.normalize():f}", "open_to": sorted(kind.value for kind in one.open_to)}  # fmt: skip


def _beginning() -> list[dict[str, Any]]:
    """The kinds of membership that the register knows by itself, one vote each."""
    found: list[dict[str, Any]] = []
    for code, name in CLASSES.items():
        with language.speaking(language.Language.DUTCH):
            name_nl = _(name)
        kinds = [one.value for one in PartyKind if (one is PartyKind.PERSON) is (code != "business")]
        found.append({"code": code, "name_nl": name_nl, "name_en": name, "votes": "1", "open_to": kinds})
    return found + [{"code": ""}] * SPARE_ROWS


def filled(statutes: Statutes | None) -> dict[str, Any]:
    """The form filled with the statutes in force, and rows to add to; a beginning where there are none."""
    if statutes is None:
        return {
            "year_ends_month": 12, "year_ends_day": 31, "notice_weeks": 4, "smallest_board": 3,
            "notice_end": NoticeEnd.END_OF_FINANCIAL_YEAR.value, "classes": _beginning(),
            "clauses": [{"rule": name, "clause": ""} for name in CLAUSED],
        }  # fmt: skip
    known = dict(statutes.clauses)
    month, day = statutes.financial_year_ends
    names = ("minimum_age", "notice_weeks", "most_proxies", "term_years", "most_terms", "smallest_board")
    rows: list[dict[str, Any]] = [_row(one) for one in statutes.classes]
    return {
        **{name: getattr(statutes, name) for name in names},
        **{name: getattr(statutes, name).value for name in ("legal_form", "entry_rule", "notice_end", "proxy_holder")},
        "year_ends_month": month,
        "year_ends_day": day,
        "most_votes": None if statutes.most_votes is None else f"{statutes.most_votes.normalize():f}",
        "outsiders_on_board": statutes.outsiders_on_board,
        "classes": rows + [{"code": ""}] * SPARE_ROWS,
        "clauses": [{"rule": name, "clause": known.get(name, "")} for name in CLAUSED],
    }
