"""Privacy in words: what is known about somebody, for what it is kept, from when a period counts, consents."""

from collections.abc import Mapping

from ecoop.language import gettext, mark, ngettext

FIELDS: Mapping[str, str] = {
    "number": mark("Member number"),
    "name": mark("Name"),
    "address": mark("Address"),
    "membership": mark("Kind of membership, status, member since"),
    "email": mark("E-mail address"),
    "phone": mark("Phone"),
    "birth_date": mark("Date of birth"),
    "registration_number": mark("KvK number"),
    "iban_masked": mark("Account number, masked"),
    "iban": mark("Whole account number"),
    "application": mark("Application as it was filled in"),
    "letters": mark("Letters to this person"),
    "remarks": mark("Remarks in words"),
    "consents": mark("Consents"),
    "looks": mark("Who looked at this person"),
}

PURPOSES: Mapping[str, str] = {
    "liability": mark("Liability of who left recently"),
    "register": mark("Member register"),
    "contact": mark("Contact with former members"),
    "application": mark("Applications that came to nothing"),
    "money": mark("Bookkeeping"),
    "mandate": mark("Direct debit mandates"),
    "heat_contract": mark("Heat contracts"),
    "dwelling": mark("Who owns or rents a dwelling"),
    "office": mark("Who held an office"),
    "representation": mark("Who acted for another"),
    "consent": mark("Proof of a consent"),
}

WHY: Mapping[str, str] = {
    "liability": mark("At a dissolution, who left less than a year before can be liable as well (art. 2:55 and 2:56 "
                      "BW)."),
    "register": mark("A cooperative must be able to show who was a member when (art. 2:61 BW asks ten years of a "
                     "cooperative with liable members)."),
    "contact": mark("Two years is the old Dutch yardstick for former members; shorter is advised."),
    "application": mark("Long enough for an appeal to the general meeting."),
    "money": mark("Books must be kept for seven years (art. 52 AWR)."),
    "mandate": mark("A mandate that was not used ends after 36 months."),
    "heat_contract": mark("What was agreed and paid for heat, as long as the books."),
    "dwelling": mark("To be able to show who agreed for a dwelling, and who was told."),
    "office": mark("To be able to show who was on the board when."),
    "representation": mark("To be able to show who acted for whom."),
    "consent": mark("To be able to show who agreed to what, as long as somebody can complain."),
}  # fmt: skip
"""Why something is kept that long, in one sentence; whether it was verified stands with the rule."""

BEGINNINGS: Mapping[str, str] = {
    "membership_ended": mark("after the end of the membership"),
    "application_closed": mark("after the answer to the application"),
    "last_booked": mark("after the year of the last booking"),
    "mandate_ended": mark("after the end of the mandate"),
    "contract_ended": mark("after the year in which the contract ended"),
    "dwelling_left": mark("after leaving the dwelling"),
    "office_left": mark("after leaving the office"),
    "represented": mark("after acting for the other"),
    "consent_ended": mark("after the consent was taken back"),
}

GOING_ON: Mapping[str, str] = {
    "liability": mark("stays while the membership runs"),
    "register": mark("stays while the membership runs"),
    "contact": mark("stays while the membership runs"),
    "application": mark("stays while the application waits"),
    "money": mark("stays while there is money between you and the cooperative"),
    "mandate": mark("stays while the mandate can be used"),
    "heat_contract": mark("stays while the heat contract runs"),
    "dwelling": mark("stays while a dwelling goes with this person"),
    "office": mark("stays while an office is held"),
    "representation": mark("stays while this person acts for another"),
    "consent": mark("stays while the consent holds"),
}

CONSENT_PURPOSES: Mapping[str, str] = {
    "newsletter": mark("News besides letters to members"),
    "pictures": mark("Photos on the website and in the newspaper"),
    "neighbours": mark("Name and phone number to the building ambassador"),
    "heat_use": mark("Own heat use for research"),
    "sister_cooperative": mark("Data to a sister cooperative"),
}

CONSENT_HOWS: Mapping[str, str] = {
    "signed_form": mark("on a signed form"),
    "website": mark("on the website"),
    "email": mark("by e-mail"),
    "spoken": mark("in a conversation"),
}


def field_name(code: str) -> str:
    """What is known about somebody."""
    return gettext(FIELDS[code])


def purpose_name(code: str) -> str:
    """For what it is kept."""
    return gettext(PURPOSES[code])


def purpose_why(code: str) -> str:
    """Why it is kept that long."""
    return gettext(WHY[code])


def beginning_name(code: str) -> str:
    """From when a period counts."""
    return gettext(BEGINNINGS[code])


def going_on(code: str) -> str:
    """Why something does not leave yet."""
    return gettext(GOING_ON[code])


def consent_purpose_name(code: str) -> str:
    """For what somebody is asked."""
    return gettext(CONSENT_PURPOSES[code])


def consent_how_name(code: str) -> str:
    """How it was told."""
    return gettext(CONSENT_HOWS[code])


def months(count: int) -> str:
    """A period, in years where it is whole years."""
    if count and count % 12 == 0:
        return ngettext("%(count)s year", "%(count)s years", count // 12)
    return ngettext("%(count)s month", "%(count)s months", count)


def because(purpose: str, kept_months: int) -> str:
    """A rule as a reason."""
    return gettext("%(purpose)s: %(period)s", purpose=purpose_name(purpose), period=months(kept_months))


TABLES: Mapping[str, str] = {
    "party_record": mark("What is known about you"),
    "membership_event": mark("What happened to your membership"),
    "consent_event": mark("What you agreed to"),
    "role_grant": mark("Roles you hold or held"),
    "access_entry": mark("Who looked at something about you"),
    "account": mark("Your login"),
    "audit_note": mark("What was written about you in words"),
    "legal_hold": mark("Times in which nothing about you may be destroyed"),
}
"""How the tables of the overview of one person are called; the files carry their own names."""

COLUMNS: Mapping[str, str] = {
    "name": mark("name"),
    "birth_date": mark("date of birth"),
    "email": mark("e-mail address"),
    "phone": mark("phone"),
    "street": mark("street"),
    "house_number": mark("house number"),
    "postcode": mark("postcode"),
    "city": mark("place"),
    "country": mark("country"),
    "registration_number": mark("KvK number"),
    "valid_from": mark("from"),
    "valid_until": mark("until"),
    "kind": mark("what"),
    "class_code": mark("kind of membership"),
    "end_reason": mark("reason"),
    "purpose": mark("for what"),
    "move": mark("what happened"),
    "how": mark("how"),
    "role": mark("role"),
    "starts_on": mark("from"),
    "ends_on": mark("until"),
    "at": mark("when"),
    "created_at": mark("made on"),
    "text": mark("text"),
}
"""What is shown of such a table; other columns stand in the files only."""


def table_name(name: str) -> str:
    """What a table keeps about somebody, said to that person."""
    return gettext(TABLES[name]) if name in TABLES else name


def column_name(name: str) -> str:
    """What a column holds; nothing where it is for the files only."""
    return gettext(COLUMNS[name]) if name in COLUMNS else ""
