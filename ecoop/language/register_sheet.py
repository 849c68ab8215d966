"""What a column of a member sheet can be, and what becomes of its rows, in words."""

from collections.abc import Mapping

from ecoop.language import gettext, mark

AREAS: Mapping[str, str] = {
    "party": mark("Who it is"),
    "membership": mark("The membership"),
}
FIELDS: Mapping[str, str] = {
    "kind": mark("Kind of party"),
    "full_name": mark("Full name"),
    "initials": mark("Initials"),
    "given_names": mark("Given names"),
    "name_prefix": mark("Prefix of the name"),
    "family_name": mark("Family name"),
    "organisation_name": mark("Name of the organisation"),
    "association_name": mark("Name of the VvE"),
    "household_name": mark("Name of the household"),
    "registration_number": mark("KvK number"),
    "birth_date": mark("Date of birth"),
    "email": mark("E-mail address"),
    "phone": mark("Phone"),
    "mobile": mark("Mobile phone"),
    "street": mark("Street"),
    "house_number": mark("House number"),
    "house_letter": mark("House letter"),
    "house_addition": mark("Addition to the house number"),
    "street_and_number": mark("Street and number in one"),
    "postcode": mark("Postcode"),
    "city": mark("Place"),
    "postcode_and_city": mark("Postcode and place in one"),
    "country": mark("Country"),
    "language": mark("Language of letters"),
    "address_since": mark("Address holds since"),
    "number": mark("Member number"),
    "class": mark("Kind of membership"),
    "class_before": mark("Earlier kind of membership"),
    "class_since": mark("Kind of membership since"),
    "applied_on": mark("Applied on"),
    "application_withdrawn_on": mark("Application withdrawn on"),
    "refused_on": mark("Application refused on"),
    "admitted_on": mark("Member since"),
    "suspended_from": mark("Suspended from"),
    "reinstated_on": mark("Suspension ended on"),
    "notice_on": mark("Notice given on"),
    "last_day": mark("Last day as a member"),
    "first_day_without": mark("First day without membership"),
    "end_reason": mark("Why it ended"),
    "readmitted_on": mark("Admitted again on"),
    "last_day_again": mark("Last day the second time"),
    "end_reason_again": mark("Why it ended the second time"),
    "first_payment_on": mark("First payment on"),
}
EXPLAINED: Mapping[str, str] = {
    "kind": mark("Person, organisation, VvE, housing corporation or household. Without it, the name tells."),
    "full_name": mark("As on an envelope, or as “Vries, J. de”."),
    "initials": mark("Stand on the envelope instead of the given name."),
    "mobile": mark("Kept beside the other number."),
    "address_since": mark("Before this day the address is not known."),
    "number": mark("Is kept as it is, and never given to somebody else. Members without one get the next."),
    "class": mark("Owner-occupier, tenant or business, or what your statutes call it."),
    "class_before": mark("Together with the day on which the present kind began."),
    "admitted_on": mark("The day that counts in your register, however long ago."),
    "last_day": mark("Who leaves on 31 December is still a member that day."),
    "first_day_without": mark("The day after the last day as a member. One of the two is enough."),
    "end_reason": mark("Without a reason it is taken over as a resignation, and told."),
    "first_payment_on": mark("Only compared with the day of entry, not kept."),
}
READS: Mapping[str, str] = {
    "text": mark("text"),
    "day": mark("date, such as 31-12-2019"),
    "amount": mark("amount, such as 1.234,56"),
    "number": mark("whole number"),
    "yes_no": mark("ja or nee"),
    "choice": mark("one of some words"),
}
OUTCOMES: Mapping[str, str] = {
    "new": mark("new"),
    "changed": mark("changed"),
    "same": mark("the same"),
    "doubtful": mark("doubtful"),
    "problem": mark("wrong"),
    "empty": mark("empty"),
}
STATUSES: Mapping[str, str] = {
    "uploaded": mark("waits for you"),
    "running": mark("is being taken over"),
    "done": mark("taken over"),
    "failed": mark("did not succeed; nothing was taken over"),
    "undoing": mark("is being undone"),
    "undone": mark("undone"),
    "discarded": mark("put aside"),
}
FACTS: Mapping[str, str] = {
    "name": mark("Name"),
    "given_names": mark("Given names"),
    "name_prefix": mark("Prefix of the name"),
    "family_name": mark("Family name"),
    "birth_date": mark("Date of birth"),
    "email": mark("E-mail address"),
    "phone": mark("Phone"),
    "street": mark("Street"),
    "house_number": mark("House number"),
    "postcode": mark("Postcode"),
    "city": mark("Place"),
    "country": mark("Country"),
    "registration_number": mark("KvK number"),
    "language": mark("Language of letters"),
    "number": mark("Member number"),
}
LATER: Mapping[str, str] = {
    "event": mark("something happened to this membership since"),
    "facts": mark("what is known of this party was changed since"),
    "other": mark("something else hangs under this party by now"),
}


def area_name(area: str) -> str:
    """What a column is about."""
    return gettext(AREAS[area])


def field_name(field: str) -> str:
    """What a column is."""
    return gettext(FIELDS[field])


def field_note(field: str) -> str:
    """What one should know of it; nothing where its name says it all."""
    return gettext(EXPLAINED[field]) if field in EXPLAINED else ""


def reads_name(reads: str) -> str:
    """How its cells are written."""
    return gettext(READS[reads])


def outcome_name(outcome: str) -> str:
    """What becomes of a row."""
    return gettext(OUTCOMES[outcome])


def import_status_name(status: str) -> str:
    """How an import stands."""
    return gettext(STATUSES[status])


def fact_name(name: str) -> str:
    """What is known of a party."""
    return gettext(FACTS[name])


def later_name(what: str) -> str:
    """What was built upon an import."""
    return gettext(LATER[what])
