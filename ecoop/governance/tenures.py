"""Who owns, rents or lets a dwelling: what may hold together on a day, and what follows from it.

A landlord is an owner who lets; only where somebody lets for another, both are recorded. An owner of a dwelling that
nobody rents lives or works there.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class DwellingKind(StrEnum):
    """What is connected (Dutch term in the comment)."""

    DWELLING = "dwelling"  # woning
    BUSINESS_UNIT = "business_unit"  # bedrijfsruimte


class TenureKind(StrEnum):
    """By what right somebody has a dwelling (Dutch term in the comment)."""

    OWNER = "owner"  # eigenaar
    TENANT = "tenant"  # huurder
    LANDLORD = "landlord"  # verhuurder


class Occupancy(StrEnum):
    """Who lives or works there, as far as is known."""

    OWNER_OCCUPIED = "owner_occupied"  # eigenaar-bewoner
    RENTED = "rented"  # verhuurd, huurder bekend
    LET_TENANT_UNKNOWN = "let_tenant_unknown"  # verhuurd of leeg, huurder niet bekend
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldTenure:
    """One party has one dwelling by one right, from a day until a day (not included; None: no end is known)."""

    party_id: int
    kind: TenureKind
    starts_on: date
    ends_on: date | None = None

    def runs_on(self, day: date) -> bool:
        """Whether it holds on `day`: the first day counts, the last does not."""
        return self.starts_on <= day and (self.ends_on is None or day < self.ends_on)

    def meets(self, other: "HeldTenure") -> bool:
        """Whether there is a day on which both hold."""
        begins_in_time = other.ends_on is None or self.starts_on < other.ends_on
        return begins_in_time and (self.ends_on is None or other.starts_on < self.ends_on)


class TenureReason(StrEnum):
    """Why a tenure cannot be recorded, or cannot end."""

    ENDS_BEFORE_IT_BEGINS = "tenure_ends_before_it_begins"
    TENANT_ALREADY = "tenure_tenant_already"
    LANDLORD_ALREADY = "tenure_landlord_already"
    SAME_TWICE = "tenure_same_twice"
    RENTS_FROM_ITSELF = "tenure_rents_from_itself"
    NOT_HELD = "tenure_not_held"
    OUTSIDE_DWELLING = "tenure_outside_dwelling"


_ONE_ONLY = {TenureKind.TENANT: TenureReason.TENANT_ALREADY, TenureKind.LANDLORD: TenureReason.LANDLORD_ALREADY}
"""A household that rents together is one party, and so are heirs who let together; owners may be several."""


def doubt_tenure(held: Iterable[HeldTenure], new: HeldTenure) -> tuple[TenureReason, ...]:
    """Why `new` cannot stand beside what is held of the same dwelling; nothing where it can."""
    if new.ends_on is not None and new.ends_on <= new.starts_on:
        return (TenureReason.ENDS_BEFORE_IT_BEGINS,)
    return tuple(sorted(set(_doubts([one for one in held if one.meets(new)], new))))


def _doubts(beside: list[HeldTenure], new: HeldTenure) -> Iterator[TenureReason]:
    for one in beside:
        if one.kind is new.kind:
            if one.party_id == new.party_id:
                yield TenureReason.SAME_TWICE
            elif new.kind in _ONE_ONLY:
                yield _ONE_ONLY[new.kind]
        elif one.party_id == new.party_id and TenureKind.TENANT in {one.kind, new.kind}:
            yield TenureReason.RENTS_FROM_ITSELF


def occupancy_on(tenures: Iterable[HeldTenure], day: date) -> Occupancy:
    """Who lives or works there on `day`: a tenant, else the owner, unless somebody lets it."""
    kinds = {one.kind for one in tenures if one.runs_on(day)}
    if TenureKind.TENANT in kinds:
        return Occupancy.RENTED
    if TenureKind.LANDLORD in kinds:
        return Occupancy.LET_TENANT_UNKNOWN
    return Occupancy.OWNER_OCCUPIED if TenureKind.OWNER in kinds else Occupancy.UNKNOWN
