"""Who may see which field about a person: the one declaration that services, pages and tests read.

Data minimisation (GDPR art. 5(1)(c)) by field instead of by page: what an actor may not see is blanked before it
leaves the services, so that no page, list or file can forget it.
"""

from collections.abc import Mapping
from enum import StrEnum

from ecoop.governance.roles import RULES, Actor, Permission, Role


class Field(StrEnum):
    """One thing that is known about a person (Dutch term in the comment)."""

    NUMBER = "number"  # lidnummer
    NAME = "name"  # naam
    ADDRESS = "address"  # adres
    MEMBERSHIP = "membership"  # soort, status, sinds wanneer
    EMAIL = "email"  # e-mailadres
    PHONE = "phone"  # telefoonnummer
    BIRTH_DATE = "birth_date"  # geboortedatum
    REGISTRATION_NUMBER = "registration_number"  # KvK-nummer van een organisatie
    IBAN_MASKED = "iban_masked"  # rekeningnummer, afgedekt
    IBAN = "iban"  # heel rekeningnummer
    APPLICATION = "application"  # aanmelding zoals ingevuld
    LETTERS = "letters"  # brieven aan deze persoon
    REMARKS = "remarks"  # toelichting bij wat er gebeurde
    CONSENTS = "consents"  # toestemmingen
    LOOKS = "looks"  # wie dit dossier bekeek


SEEN_WITH: Mapping[Field, Permission] = {
    Field.NUMBER: Permission.SEE_REGISTER,
    Field.NAME: Permission.SEE_REGISTER,
    Field.ADDRESS: Permission.SEE_REGISTER,
    Field.MEMBERSHIP: Permission.SEE_REGISTER,
    Field.REGISTRATION_NUMBER: Permission.SEE_REGISTER,
    Field.EMAIL: Permission.SEE_CONTACT,
    Field.PHONE: Permission.SEE_CONTACT,
    Field.IBAN_MASKED: Permission.SEE_REGISTER,
    Field.IBAN: Permission.KEEP_MONEY,
    Field.APPLICATION: Permission.SEE_REGISTER,
    Field.LETTERS: Permission.WRITE_LETTERS,
    Field.REMARKS: Permission.SEE_TRAIL,
    Field.BIRTH_DATE: Permission.KEEP_REGISTER,
    Field.CONSENTS: Permission.KEEP_PRIVACY,
    Field.LOOKS: Permission.KEEP_PRIVACY,
}
"""The permission with which each field is seen. A KvK number is public, so it is seen with the name."""

COLUMNS: Mapping[Field, tuple[str, ...]] = {
    Field.NAME: ("name", "given_names", "name_prefix", "family_name"),
    Field.ADDRESS: ("street", "house_number", "postcode", "city"),
    Field.EMAIL: ("email",),
    Field.PHONE: ("phone",),
    Field.BIRTH_DATE: ("birth_date",),
    Field.REGISTRATION_NUMBER: ("registration_number",),
}
"""How the fields of a party are called where they are kept."""


def may_see(actor: Actor | None, field: Field) -> bool:
    """Whether `actor` may see it of others; None is the command line, which sees what the machine's owner sees."""
    return actor is None or actor.may(SEEN_WITH[field])


def withheld_from(actor: Actor | None) -> frozenset[Field]:
    """What `actor` may not see of others."""
    return frozenset(field for field in Field if not may_see(actor, field))


def roles_seeing(field: Field) -> tuple[Role, ...]:
    """The roles that see it, in order of declaration."""
    return tuple(role for role, rule in RULES.items() if SEEN_WITH[field] in rule.permissions)
