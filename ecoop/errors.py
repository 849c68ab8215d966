"""What can go wrong, by meaning. Shells translate each class once: the web to a status, commands to an exit code."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing that is wrong with what was given, told so that a person can mend it.

    `key` names the place (a key path, a column, a form field); `reason` is a stable code whose sentence stands
    in `language.py`; `details` fill that sentence's named placeholders.
    """

    key: str
    reason: str
    details: Mapping[str, object] = field(default_factory=dict)


class EcoopError(Exception):
    """Everything we raise on purpose."""


class NotFound(EcoopError):
    """It does not exist, or not for this person: the two are not told apart."""


class Forbidden(EcoopError):
    """It exists and this person may know that, but may not do this."""


class InvalidInput(EcoopError):
    """What was given cannot be used; nothing was stored."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__(f"{len(problems)} problem(s): " + "; ".join(f"{p.key}: {p.reason}" for p in problems))
        self.problems = problems


class Refused(EcoopError):
    """The rules do not allow it now. `reason` is a stable code whose sentence stands in `language.py`."""

    def __init__(self, reason: StrEnum, **details: object) -> None:
        super().__init__(str(reason))
        self.reason = reason
        self.details = details
