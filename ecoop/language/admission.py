"""Applications, duplicates and merging in words."""

from collections.abc import Mapping

from ecoop.language import gettext, mark

APPLICATION_STATUSES: Mapping[str, str] = {
    "unconfirmed": mark("not confirmed yet"),
    "waiting": mark("waits for the board"),
    "asked": mark("waits for the applicant"),
    "admitted": mark("admitted"),
    "refused": mark("refused"),
    "withdrawn": mark("taken back"),
    "expired": mark("never confirmed"),
}

MISSING: Mapping[str, str] = {
    "missing_birth_date": mark("date of birth"),
    "missing_address": mark("complete address"),
    "missing_email": mark("e-mail address"),
    "missing_registration_number": mark("KvK number"),
    "missing_representative": mark("who represents the organisation"),
    "missing_class": mark("kind of membership"),
    "missing_class_unknown": mark("a kind of membership that the statutes know"),
    "missing_class_not_open": mark("a kind of membership that is open to this kind of party"),
    "missing_too_young": mark("the minimum age of the statutes"),
    "missing_acceptance": mark("acceptance of the texts"),
}

REFUSALS: Mapping[str, str] = {
    "conditions": mark("The conditions of the statutes are not met."),
    "outside_area": mark("The address is outside the area of the cooperative."),
    "incomplete": mark("Data are missing, also after a question."),
    "double": mark("This is a member already."),
    "other": mark("Another reason, in our own words."),
}

LIVINGS: Mapping[str, str] = {
    "owner": mark("Owner"),
    "tenant": mark("Tenant"),
}

TEXT_KINDS: Mapping[str, str] = {
    "statutes": mark("Statutes"),
    "privacy": mark("Personal data"),
    "appeal": mark("Appeal against a refusal"),
}

ALIKE: Mapping[str, str] = {
    "alike_name_and_birth_date": mark("name and date of birth"),
    "alike_registration_number": mark("the same KvK number"),
    "alike_account": mark("the same bank account"),
    "alike_email": mark("the same e-mail address"),
    "alike_name": mark("the same name"),
    "alike_address_and_family_name": mark("family name and address"),
    "alike_similar_name": mark("a name that looks the same, and the postcode"),
    "alike_address": mark("the same address: perhaps one household"),
}

PARTY_FIELDS: Mapping[str, str] = {
    "name": mark("Name"),
    "given_names": mark("Given names"),
    "name_prefix": mark("Prefix"),
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
    "language": mark("Language"),
}


def application_status_name(status: str) -> str:
    """How an application stands."""
    return gettext(APPLICATION_STATUSES[status])


def missing_name(code: str) -> str:
    """What an application lacks."""
    return gettext(MISSING[code])


def refusal_name(code: str) -> str:
    """Why an application is refused, as a sentence."""
    return gettext(REFUSALS[code])


def living_name(code: str | None) -> str:
    """Owner or tenant, as the applicant says."""
    return gettext(LIVINGS[code]) if code else ""


def text_kind_name(code: str) -> str:
    """A text for applicants."""
    return gettext(TEXT_KINDS[code])


def alike_name(code: str) -> str:
    """What speaks for two parties being the same."""
    return gettext(ALIKE[code])


def party_field_name(name: str) -> str:
    """A field of a party."""
    return gettext(PARTY_FIELDS[name])
