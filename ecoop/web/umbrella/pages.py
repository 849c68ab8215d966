"""What the umbrella's page shows."""

from collections.abc import Sequence
from dataclasses import dataclass

from ecoop.language import ngettext
from ecoop.services.cooperatives import CooperativeView
from ecoop.services.places import Place


@dataclass(frozen=True, slots=True, kw_only=True)
class UmbrellaPage:
    """The members of an umbrella."""

    title: str
    answer: str
    members: tuple[CooperativeView, ...]


def umbrella_page(place: Place, members: Sequence[CooperativeView]) -> UmbrellaPage:
    """The members of an umbrella: their public names only."""
    return UmbrellaPage(
        title=place.name,
        answer=ngettext(
            "%(count)s cooperative of this installation is a member.",
            "%(count)s cooperatives of this installation are members.",
            len(members),
        ),
        members=tuple(members),
    )
