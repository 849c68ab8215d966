"""Dwellings in words: by what right somebody has them, and how far connection and contract are."""

from collections.abc import Mapping

from ecoop.language import gettext, mark

KINDS: Mapping[str, str] = {
    "dwelling": mark("Dwelling"),
    "business_unit": mark("Business unit"),
}

TENURES: Mapping[str, str] = {
    "owner": mark("Owner"),
    "tenant": mark("Tenant"),
    "landlord": mark("Landlord"),
}

CONNECTION_STEPS: Mapping[str, str] = {
    "planned": mark("planned"),
    "laid": mark("laid"),
    "delivering": mark("delivers heat"),
    "interrupted": mark("interrupted"),
    "removed": mark("removed"),
    "corrected": mark("taken out as wrong"),
}

CONTRACT_STEPS: Mapping[str, str] = {
    "offered": mark("offered"),
    "declined": mark("declined"),
    "signed": mark("signed"),
    "delivering": mark("delivery began"),
    "notice": mark("notice given"),
    "ended": mark("ended"),
    "handed_over": mark("handed over"),
    "corrected": mark("taken out as wrong"),
}

FATES: Mapping[str, str] = {
    "leave": mark("Leave it as it is"),
    "hand_over": mark("Hand it over: who comes is offered the same contract"),
    "end": mark("End it on that day"),
}


def kind_name(kind: str) -> str:
    """What is connected."""
    return gettext(KINDS[kind])


def tenure_name(kind: str) -> str:
    """By what right somebody has a dwelling."""
    return gettext(TENURES[kind])


def connection_name(step: str | None) -> str:
    """The state of a connection; nothing is recorded where there is none."""
    return gettext(CONNECTION_STEPS[step]) if step is not None else ""


def contract_name(step: str | None) -> str:
    """The state of a heat contract."""
    return gettext(CONTRACT_STEPS[step]) if step is not None else ""


def fate_name(fate: str) -> str:
    """What becomes of a contract when its holder moves."""
    return gettext(FATES[fate])
