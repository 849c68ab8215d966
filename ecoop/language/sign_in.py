"""The second steps of signing in, in words."""

from collections.abc import Mapping

from ecoop.language import gettext, mark

PROOFS: Mapping[str, str] = {
    "app": mark("app with codes"),
    "recovery_code": mark("recovery code"),
    "passkey": mark("passkey"),
}


def proof_name(kind: str) -> str:
    """By what somebody took a second step."""
    return gettext(PROOFS[kind]) if kind in PROOFS else kind
