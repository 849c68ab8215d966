"""Statutes, offices, decisions and representatives in words."""

from collections.abc import Mapping
from datetime import date

from ecoop.language import day, gettext, mark
from ecoop.language.register import class_name

LEGAL_FORMS: Mapping[str, str] = {
    "excluded": mark("U.A.: members are not liable for a deficit"),
    "limited": mark("B.A.: members are liable for a deficit up to a limit"),
    "statutory": mark("W.A.: members are liable for a deficit"),
}

ENTRY_RULES: Mapping[str, str] = {
    "decision": mark("from the decision to admit"),
    "first_contribution": mark("from the first contribution received"),
    "inscription": mark("from the inscription in the register"),
}

NOTICE_ENDS: Mapping[str, str] = {
    "any_day": mark("on any day"),
    "end_of_month": mark("at the end of a month"),
    "end_of_financial_year": mark("at the end of the financial year"),
}

PROXY_HOLDERS: Mapping[str, str] = {
    "entitled_voter": mark("somebody else who is entitled to vote"),
    "anybody": mark("anybody"),
}

RULES: Mapping[str, str] = {
    "valid_from": mark("In force from"),
    "legal_form": mark("Legal form"),
    "classes": mark("Kinds of membership"),
    "entry_rule": mark("Member from when"),
    "minimum_age": mark("Minimum age"),
    "notice_weeks": mark("Notice period"),
    "notice_end": mark("When a membership ends after notice"),
    "financial_year_ends": mark("End of the financial year"),
    "proxy_holder": mark("Who may hold a proxy"),
    "most_proxies": mark("Most proxies for one person"),
    "most_votes": mark("Most votes of one member"),
    "term_years": mark("Longest term on the board"),
    "most_terms": mark("Most terms in one office"),
    "smallest_board": mark("Smallest board"),
    "outsiders_on_board": mark("Board from outside the members"),
}
"""What each rule of the statutes is called."""

LAW_OF_RULE: Mapping[str, str] = {
    "legal_form": mark("art. 2:55 and 2:56 BW"),
    "notice_weeks": mark("art. 2:36 BW"),
    "notice_end": mark("art. 2:36 BW"),
    "proxy_holder": mark("art. 2:38 (4) BW"),
    "classes": mark("art. 2:38 (1) BW"),
    "outsiders_on_board": mark("art. 2:37 (1) BW"),
}
"""Where the law is said to speak about a rule. Nobody verified it here, and pages say so."""

CONFLICTS: Mapping[str, str] = {
    "statutes_no_classes": mark("The statutes name no kind of membership."),
    "statutes_class_twice": mark("Two kinds of membership have the same short name."),
    "statutes_nobody_votes": mark("Nobody has a vote under these statutes."),
    "statutes_votes_negative": mark("A kind of membership has fewer than zero votes."),
    "statutes_class_for_nobody": mark("A kind of membership is open to nobody."),
    "statutes_cap_below_class": mark("A kind of membership has more votes than one member may cast."),
    "statutes_term_without_length": mark("The statutes limit the number of terms, but not how long a term lasts."),
    "statutes_notice_too_long": mark("The notice period is very long: leaving must stay free."),
}

BODIES: Mapping[str, str] = {
    "founding": mark("Founding"),
    "general_meeting": mark("General meeting"),
    "board": mark("Board"),
    "supervisory": mark("Supervisory board"),
    "steering_group": mark("Steering group"),
}

OFFICES: Mapping[str, str] = {
    "chair": mark("Chair"),
    "secretary": mark("Secretary"),
    "treasurer": mark("Treasurer"),
    "board_member": mark("Board member"),
    "supervisory": mark("Member of the supervisory board"),
    "audit_committee": mark("Audit committee"),
    "signatory": mark("Signatory"),
}

MATTERS: Mapping[str, str] = {
    "vote": mark("Voting"),
    "contract": mark("Contracts"),
    "mail": mark("Mail"),
}

VOTING_REASONS: Mapping[str, str] = {
    "voting_member_of_class": mark("Member: votes follow from the kind of membership"),
    "voting_capped": mark("Member, with the most votes that one member may cast"),
    "voting_not_member_yet": mark("Not a member yet on this day"),
    "voting_application_open": mark("The application was not decided yet"),
    "voting_application_refused": mark("The application was refused"),
    "voting_membership_ended": mark("The membership had ended"),
    "voting_suspended": mark("The membership is suspended"),
    "voting_class_unknown": mark("The statutes of that day do not know this kind of membership"),
    "voting_class_without_vote": mark("This kind of membership has no vote"),
    "voting_no_representative": mark("Nobody is recorded who votes for it"),
    "voting_statutes_missing": mark("No statutes are recorded for that day"),
}

FINDINGS: Mapping[str, str] = {
    "check_spans_differ": mark("%(name)s: the lists say something else than the events."),
    "check_number_above_series": mark("%(name)s has number %(number)s, higher than any number given out."),
    "check_number_missing": mark("%(name)s is a member without a number."),
    "check_statutes_missing": mark("No statutes are recorded, so nobody may vote."),
    "check_class_unknown": mark("%(name)s is a member as “%(class_code)s”, which the statutes do not know."),
    "check_class_not_open": mark("%(name)s is a member as “%(class_code)s”, which is not for this kind of party."),
    "check_no_representative": mark("%(name)s has nobody who votes for it."),
    "check_suspended_without_reason": mark("%(name)s is suspended, and no reason or decision was written down."),
    "check_too_young": mark("%(name)s is younger than %(minimum)s, the minimum age of the statutes."),
    "check_office_of_annulled_decision": mark(
        "%(office)s %(name)s was appointed by decision %(number)s, which was annulled."
    ),
    "check_roll_changed": mark("The roll of voters of %(day)s was changed after it was frozen."),
    "office_term_over": mark("The term of %(office)s %(name)s ended on %(day)s by the statutes."),
    "office_term_ends_soon": mark("The term of %(office)s %(name)s ends on %(day)s."),
    "office_too_many_terms": mark("%(office)s %(name)s is in term %(number)s, more than the statutes allow."),
    "office_board_too_small": mark("The board has %(number)s members, fewer than the statutes ask."),
    "office_twice": mark("%(number)s people hold the office of %(office)s at the same time."),
    "office_not_a_member": mark("%(name)s is on the board without being a member."),
    "office_without_role": mark("%(office)s %(name)s does not hold the role on the platform that goes with it."),
    "office_role_without_office": mark("%(name)s holds the role %(office)s on the platform without an office."),
    "office_trade_register": mark(
        "The board changed on %(day)s. Look whether the trade register (KvK) and the UBO register know it."
    ),
}
"""What a look at the register finds; conflicts of the statutes are in CONFLICTS."""

SEVERITIES: Mapping[str, str] = {
    "wrong": mark("wrong"),
    "doubt": mark("look at this"),
    "reminder": mark("coming up"),
}


def legal_form_name(code: str) -> str:
    """What members answer for."""
    return gettext(LEGAL_FORMS[code])


def rule_name(code: str) -> str:
    """A rule of the statutes."""
    return gettext(RULES[code])


def conflict_sentence(code: str) -> str:
    """How statutes contradict themselves."""
    return gettext(CONFLICTS[code])


def body_name(code: str) -> str:
    """Who decides."""
    return gettext(BODIES[code])


def office_name(code: str) -> str:
    """What somebody was appointed to."""
    return gettext(OFFICES[code])


def matter_name(code: str) -> str:
    """In what somebody acts for another."""
    return gettext(MATTERS[code])


def voting_reason(code: str) -> str:
    """Why somebody may vote, or may not."""
    return gettext(VOTING_REASONS[code])


def severity_name(code: str) -> str:
    """How bad a finding is."""
    return gettext(SEVERITIES[code])


def finding_sentence(code: str, details: Mapping[str, object]) -> str:
    """What was found, in a sentence."""
    if code in CONFLICTS:
        return gettext(CONFLICTS[code])
    sentence = gettext(FINDINGS[code], **{key: _told(key, value) for key, value in details.items()})
    return sentence[:1].upper() + sentence[1:]


def _told(key: str, value: object) -> object:
    if isinstance(value, date):
        return day(value)
    if key == "office":
        return office_name(str(value)).lower()
    if key == "class_code":
        return class_name(str(value))
    return value
