"""How long what is kept about a person: one rule per purpose, and what may go when every rule has run out.

Minimise, never delete: the lines of the register keep their number and their days for ever, what is personal beside
them is blanked. A field goes when no purpose needs it any longer; the purpose that needs it longest decides, and is
named. A legal hold stops everything about that party (GDPR art. 5(1)(e), 17(3)(b) and (e)).
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from ecoop.governance.register_fields import Field


class Purpose(StrEnum):
    """For what personal data are kept (Dutch term in the comment)."""

    LIABILITY = "liability"  # aansprakelijkheid van wie kort geleden vertrok
    REGISTER = "register"  # ledenregister
    CONTACT = "contact"  # contact met oud-leden
    APPLICATION = "application"  # aanmelding die niet doorging
    MONEY = "money"  # administratie
    MANDATE = "mandate"  # incassomachtiging
    HEAT_CONTRACT = "heat_contract"  # warmtecontract
    DWELLING = "dwelling"  # wie een woning heeft of huurt
    OFFICE = "office"  # wie een functie had
    REPRESENTATION = "representation"  # wie voor een ander optrad
    CONSENT = "consent"  # bewijs van toestemming


class Beginning(StrEnum):
    """From what a period counts."""

    MEMBERSHIP_ENDED = "membership_ended"
    APPLICATION_CLOSED = "application_closed"
    LAST_BOOKED = "last_booked"
    MANDATE_ENDED = "mandate_ended"
    CONTRACT_ENDED = "contract_ended"
    CONSENT_ENDED = "consent_ended"
    DWELLING_LEFT = "dwelling_left"
    OFFICE_LEFT = "office_left"
    REPRESENTED = "represented"


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionRule:
    """What a purpose needs, and for how many months after which event.

    `whole_years` lets the period begin at the end of the calendar year of the event, as bookkeeping counts. `source`
    is where the period was read, or what it rests on; `is_verified` whether somebody read it there.
    """

    purpose: Purpose
    fields: frozenset[Field]
    beginning: Beginning
    kept_months: int
    whole_years: bool = False
    source: str = ""
    is_verified: bool = False


_WHO = frozenset({Field.NAME, Field.REGISTRATION_NUMBER})
_WHERE = _WHO | {Field.ADDRESS}
_REACHED = frozenset({Field.ADDRESS, Field.EMAIL, Field.PHONE, Field.BIRTH_DATE, Field.REMARKS, Field.LETTERS})
_PAID = frozenset({Field.IBAN})
PERSONAL = _WHO | _REACHED | _PAID | {Field.APPLICATION}
"""Everything about a party that can be blanked."""

RULES: Mapping[Purpose, RetentionRule] = {
    rule.purpose: rule
    for rule in (
        RetentionRule(
            purpose=Purpose.LIABILITY, fields=_WHO | _REACHED | _PAID, beginning=Beginning.MEMBERSHIP_ENDED,
            kept_months=12,
            source="https://www.viajuridica.nl/informatiesoorten/wetstoelichtingen/"
                   "lidmaatschap-en-leden-art-2-59-2-62-bw",
        ),
        RetentionRule(
            purpose=Purpose.REGISTER, fields=_WHO, beginning=Beginning.MEMBERSHIP_ENDED, kept_months=120,
        ),
        RetentionRule(
            purpose=Purpose.CONTACT, fields=_REACHED, beginning=Beginning.MEMBERSHIP_ENDED, kept_months=24,
            source="https://www.knkv.nl/kennisbank/avg/hoe-lang-mag-ik-persoonsgegevens-bewaren", is_verified=True,
        ),
        RetentionRule(
            purpose=Purpose.APPLICATION, fields=PERSONAL, beginning=Beginning.APPLICATION_CLOSED, kept_months=12,
        ),
        RetentionRule(
            purpose=Purpose.MONEY, fields=_WHERE, beginning=Beginning.LAST_BOOKED, kept_months=84, whole_years=True,
        ),
        RetentionRule(
            purpose=Purpose.MANDATE, fields=_WHO | _PAID, beginning=Beginning.MANDATE_ENDED, kept_months=36,
            source="https://gocardless.com/nl/handleidingen/sepa/machtigingen-managen", is_verified=True,
        ),
        RetentionRule(
            purpose=Purpose.HEAT_CONTRACT, fields=_WHERE, beginning=Beginning.CONTRACT_ENDED, kept_months=84,
            whole_years=True,
        ),
        RetentionRule(
            purpose=Purpose.DWELLING, fields=_WHERE, beginning=Beginning.DWELLING_LEFT, kept_months=24,
        ),
        RetentionRule(
            purpose=Purpose.OFFICE, fields=_WHO, beginning=Beginning.OFFICE_LEFT, kept_months=120,
        ),
        RetentionRule(
            purpose=Purpose.REPRESENTATION, fields=_WHERE | {Field.EMAIL, Field.PHONE},
            beginning=Beginning.REPRESENTED, kept_months=24,
        ),
        RetentionRule(
            purpose=Purpose.CONSENT, fields=_WHO, beginning=Beginning.CONSENT_ENDED, kept_months=60,
        ),
    )
}  # fmt: skip
"""The rules with which a cooperative begins; it may set other periods from a day on.

Art. 2:55 and 2:56 BW (leavers of the last year), art. 2:61 BW (ten years) and art. 52 AWR (seven years) are stated
from general knowledge, and so are the periods without a source.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """From a day on this cooperative keeps for so many months what belongs to `purpose`. `id` orders equal days."""

    id: int
    purpose: Purpose
    kept_months: int
    starts_on: date


def rules_on(settings: Iterable[Setting], day: date) -> dict[Purpose, RetentionRule]:
    """The rule of every purpose as it counts on `day`: the last setting that began by then, else the first rule."""
    found = dict(RULES)
    for one in sorted(settings, key=lambda setting: (setting.starts_on, setting.id)):
        if one.starts_on <= day:
            first = RULES[one.purpose]
            found[one.purpose] = RetentionRule(
                purpose=one.purpose, fields=first.fields, beginning=first.beginning, kept_months=one.kept_months,
                whole_years=first.whole_years,
                source=first.source if one.kept_months == first.kept_months else "",
                is_verified=first.is_verified and one.kept_months == first.kept_months,
            )  # fmt: skip
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyFacts:
    """What the rules ask about one party.

    `happened` has an entry for each kind of event that concerns this party: the day it happened, or None while it goes
    on (a member, a running contract). `filled` names what there is to blank.
    """

    party_id: int
    happened: Mapping[Beginning, date | None]
    filled: frozenset[Field]


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaving:
    """When one field of one party may go: `leaves_on` None while something goes on, or where no purpose was found."""

    party_id: int
    field: Field
    leaves_on: date | None
    purpose: Purpose | None
    kept_months: int = 0
    is_held: bool = False

    def is_due(self, day: date) -> bool:
        """Whether it may go on `day`."""
        return not self.is_held and self.leaves_on is not None and self.leaves_on <= day


def leaves_on(rule: RetentionRule, happened_on: date) -> date:
    """The first day on which `rule` needs it no longer: so many months after the event or after its year."""
    start = date(happened_on.year + 1, 1, 1) if rule.whole_years else happened_on
    return months_after(start, rule.kept_months)


def months_after(day: date, months: int) -> date:
    """The same day of a later month; the first of the month after it where that month is too short."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    try:
        return date(year, month + 1, day.day)
    except ValueError:
        return date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1)


def leaving(facts: PartyFacts, rules: Mapping[Purpose, RetentionRule], *, held: bool = False) -> tuple[Leaving, ...]:
    """For each field that is filled: when it may go and because of which rule. The purpose that needs it longest wins.

    A purpose counts once its event concerns the party. A field that no purpose needs is told without day: somebody has
    to look why it is there, no rule throws it away.
    """
    return tuple(_leaving(facts, field, rules, held) for field in sorted(facts.filled & PERSONAL))


def _leaving(facts: PartyFacts, field: Field, rules: Mapping[Purpose, RetentionRule], held: bool) -> Leaving:
    needing = [rule for rule in rules.values() if field in rule.fields and rule.beginning in facts.happened]
    going_on = [rule for rule in needing if facts.happened[rule.beginning] is None]
    if going_on or not needing:
        purpose = min(rule.purpose for rule in going_on) if going_on else None
        return Leaving(party_id=facts.party_id, field=field, leaves_on=None, purpose=purpose, is_held=held)
    dated = [(leaves_on(rule, day), rule) for rule in needing if (day := facts.happened[rule.beginning]) is not None]
    last, rule = max(dated, key=lambda one: (one[0], one[1].purpose))
    return Leaving(
        party_id=facts.party_id, field=field, leaves_on=last, purpose=rule.purpose, kept_months=rule.kept_months,
        is_held=held,
    )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What goes of one party because one purpose needs it no longer."""

    party_id: int
    purpose: Purpose
    kept_months: int
    fields: tuple[Field, ...]
    due_on: date


def due(found: Iterable[Leaving], day: date) -> tuple[Line, ...]:
    """What may go on `day`, a line for each party, purpose and day, in a fixed order."""
    grouped: dict[tuple[int, Purpose, int, date], list[Field]] = {}
    for one in found:
        if one.is_due(day) and one.purpose is not None and one.leaves_on is not None:
            grouped.setdefault((one.party_id, one.purpose, one.kept_months, one.leaves_on), []).append(one.field)
    return tuple(
        Line(party_id=party_id, purpose=purpose, kept_months=months, fields=tuple(sorted(fields)), due_on=due_on)
        for (party_id, purpose, months, due_on), fields in sorted(grouped.items())
    )


def proof_of(lines: Iterable[Line], *, cooperative: str, day: date, is_dry: bool) -> str:
    """The proof of a run as canonical JSON: numbers, rules, names of fields and days; no value of a person."""
    told = [
        {"party": line.party_id, "purpose": line.purpose.value, "kept_months": line.kept_months,
         "fields": [field.value for field in line.fields], "due_on": line.due_on.isoformat()}
        for line in lines
    ]  # fmt: skip
    proof = {"cooperative": cooperative, "day": day.isoformat(), "tried_out": is_dry, "lines": told}
    return json.dumps(proof, sort_keys=True, separators=(",", ":"), ensure_ascii=True)


def digest_of(proof: str) -> str:
    """SHA-256 over the proof: who has the proof can show that it is the one of which the register kept the digest."""
    return hashlib.sha256(proof.encode()).hexdigest()
