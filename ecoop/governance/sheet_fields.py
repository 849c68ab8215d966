"""What a column of a member sheet can be: every field once, with what people call it in a header."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from ecoop.governance.sheet_values import tidy


class Reads(StrEnum):
    """How the cells of a column are read."""

    TEXT = "text"
    DAY = "day"
    AMOUNT = "amount"
    NUMBER = "number"
    YES_NO = "yes_no"
    CHOICE = "choice"


class Area(StrEnum):
    """What a column is about, and which part of the platform keeps it."""

    PARTY = "party"
    MEMBERSHIP = "membership"


class Field(StrEnum):
    """What a column can be. The names stand in mapping files, so they are never changed."""

    KIND = "kind"
    FULL_NAME = "full_name"
    INITIALS = "initials"
    GIVEN_NAMES = "given_names"
    NAME_PREFIX = "name_prefix"
    FAMILY_NAME = "family_name"
    ORGANISATION_NAME = "organisation_name"
    ASSOCIATION_NAME = "association_name"
    HOUSEHOLD_NAME = "household_name"
    REGISTRATION_NUMBER = "registration_number"
    BIRTH_DATE = "birth_date"
    EMAIL = "email"
    PHONE = "phone"
    MOBILE = "mobile"
    STREET = "street"
    HOUSE_NUMBER = "house_number"
    HOUSE_LETTER = "house_letter"
    HOUSE_ADDITION = "house_addition"
    STREET_AND_NUMBER = "street_and_number"
    POSTCODE = "postcode"
    CITY = "city"
    POSTCODE_AND_CITY = "postcode_and_city"
    COUNTRY = "country"
    LANGUAGE = "language"
    ADDRESS_SINCE = "address_since"
    NUMBER = "number"
    CLASS = "class"
    APPLIED_ON = "applied_on"
    APPLICATION_WITHDRAWN_ON = "application_withdrawn_on"
    REFUSED_ON = "refused_on"
    ADMITTED_ON = "admitted_on"
    CLASS_BEFORE = "class_before"
    CLASS_SINCE = "class_since"
    SUSPENDED_FROM = "suspended_from"
    REINSTATED_ON = "reinstated_on"
    NOTICE_ON = "notice_on"
    LAST_DAY = "last_day"
    FIRST_DAY_WITHOUT = "first_day_without"
    END_REASON = "end_reason"
    READMITTED_ON = "readmitted_on"
    LAST_DAY_AGAIN = "last_day_again"
    END_REASON_AGAIN = "end_reason_again"
    FIRST_PAYMENT_ON = "first_payment_on"


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldRule:
    """One field: what it is about, how its cells are read, and what people call it in a header."""

    field: Field
    area: Area
    reads: Reads
    called: tuple[str, ...]


_TABLE = """
kind | party | choice | kind, soort partij, soort relatie, type relatie, relatietype, rechtsvorm, persoon of
    organisatie, type
full_name | party | text | full name, naam, volledige naam, naam lid, name, tenaamstelling, naam voluit, lid,
    weergavenaam
initials | party | text | initials, voorletters, voorletter, initialen, vl
given_names | party | text | given names, voornaam, voornamen, roepnaam, first name
name_prefix | party | text | name prefix, tussenvoegsel, tussenvoegsels, voorvoegsel, tv, tussenv, prefix
family_name | party | text | family name, achternaam, familienaam, geslachtsnaam, last name, surname
organisation_name | party | text | organisation name, organisatie, bedrijfsnaam, bedrijf, naam organisatie, naam
    bedrijf, organisatienaam, rechtspersoon, company, organisation, firma
association_name | party | text | association name, vve, naam vve, vereniging van eigenaars, vve naam
household_name | party | text | household name, huishouden, naam huishouden, household, gezin
registration_number | party | text | registration number, kvk, kvk nummer, kvknummer, kvk nr, kamer van
    koophandel, inschrijfnummer kvk, handelsregisternummer
birth_date | party | day | birth date, geboortedatum, geb datum, geboren, geboren op, gebdatum, date of birth
email | party | text | email, e mail, e mailadres, emailadres, mailadres, mail, email adres, e mail adres
phone | party | text | phone, telefoon, telefoonnummer, tel, telnr, telefoon vast, vaste telefoon, telefoon thuis
mobile | party | text | mobile, mobiel, mobiele telefoon, mobiel nummer, gsm, 06 nummer, 06, telefoon mobiel
street | party | text | street, straat, straatnaam
house_number | party | text | house number, huisnummer, huisnr, nr huis, hnr
house_letter | party | text | house letter, huisletter, letter
house_addition | party | text | house addition, toevoeging, huisnummertoevoeging, huisnummer toevoeging, toev,
    huisnr toevoeging, bis
street_and_number | party | text | street and number, adres, straat en huisnummer, adresregel, adresregel 1,
    woonadres, straat en nummer, address
postcode | party | text | postcode, pc, post code, zip
city | party | text | city, plaats, woonplaats, stad, plaatsnaam, town
postcode_and_city | party | text | postcode and city, postcode en plaats, postcode plaats, postcode woonplaats,
    pc en plaats, postcode en woonplaats
country | party | choice | country, land, landcode
language | party | choice | language, taal, voorkeurstaal, taalvoorkeur
address_since | party | day | address since, adres sinds, woont er sinds, adres per, verhuisdatum, adres vanaf,
    wonend sinds
number | membership | number | number, lidnummer, lidnr, nummer, nr, lid nr, lid nummer, no, ledennummer, member
    number, membership number, ledennr
class | membership | choice | class, soort lidmaatschap, lidmaatschapssoort, soort lid, lidsoort, categorie,
    type lid, type lidmaatschap, lidmaatschap, membership kind, soort
class_before | membership | choice | class before, vorige soort, eerdere soort, vorige lidmaatschapssoort, oude
    soort lidmaatschap
end_reason | membership | choice | end reason, reden einde, reden beeindiging, reden opzegging, reden vertrek,
    beeindigingsreden, opzegreden, reden, reden uitschrijving
end_reason_again | membership | choice | end reason again, reden einde tweede keer, reden tweede einde
applied_on | membership | day | applied on, aanmelddatum, aangemeld, aangemeld op, datum aanmelding, datum
    aanvraag, aanvraagdatum, application date
application_withdrawn_on | membership | day | application withdrawn on, aanmelding ingetrokken, aanmelding
    ingetrokken op, aanvraag ingetrokken
refused_on | membership | day | refused on, geweigerd, geweigerd op, afgewezen op, datum weigering, datum afwijzing
admitted_on | membership | day | admitted on, lid sinds, lid vanaf, ingangsdatum, datum ingang, inschrijfdatum,
    datum toetreding, toetredingsdatum, toegelaten op, startdatum, begindatum, datum lid, datum inschrijving,
    member since, lid per, ingangsdatum lidmaatschap, ingeschreven op, toelatingsdatum, datum toelating
class_since | membership | day | class since, soort sinds, lidmaatschapssoort sinds, soort lidmaatschap sinds,
    soort gewijzigd op
suspended_from | membership | day | suspended from, geschorst vanaf, geschorst, geschorst op, datum schorsing,
    schorsing
reinstated_on | membership | day | reinstated on, schorsing opgeheven, schorsing opgeheven op, einde schorsing,
    schorsing tot
notice_on | membership | day | notice on, opgezegd op, opzegdatum, datum opzegging, opgezegd, opzegging ontvangen
last_day | membership | day | last day, lid tot en met, laatste dag, einddatum, datum einde, lid t m,
    uitschrijfdatum, datum uitschrijving, einde lidmaatschap, einddatum lidmaatschap, lid tot, datum beeindiging,
    uitgeschreven, datum uit, vertrokken op
first_day_without | membership | day | first day without, uit per, geen lid meer vanaf, geen lid meer per,
    uitgeschreven per, eerste dag geen lid, beeindigd per, opgezegd per
readmitted_on | membership | day | readmitted on, opnieuw lid sinds, opnieuw lid, opnieuw toegelaten, weer lid
    sinds, heraanmelding, opnieuw toegelaten op
last_day_again | membership | day | last day again, tweede einddatum, opnieuw beeindigd, opnieuw lid tot en met,
    tweede keer lid tot en met
first_payment_on | membership | day | first payment on, eerste betaling, datum eerste betaling, eerste inleg,
    datum eerste inleg, eerste contributie, betaald op, betaaldatum
"""
"""Field, area, how it is read, and names of headers without capitals and accents; what is indented goes on."""


def _rules() -> Iterator[FieldRule]:
    for line in _TABLE.replace("\n    ", " ").strip().splitlines():
        field, area, reads, names = (part.strip() for part in line.split("|"))
        yield FieldRule(
            field=Field(field), area=Area(area), reads=Reads(reads), called=tuple(tidy(one) for one in names.split(","))
        )


RULES: tuple[FieldRule, ...] = tuple(_rules())
"""In the order in which they are offered."""
RULE_OF: Mapping[Field, FieldRule] = {rule.field: rule for rule in RULES}
NOT_KEPT = frozenset({Field.FIRST_PAYMENT_ON})
"""Fields that are compared with others and not kept themselves."""
