"""What the page "Organisation" shows."""

from dataclasses import dataclass

from ecoop.language import gettext as _
from ecoop.services.places import Place
from ecoop.web.navigation import Link, organisation_links


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationPage:
    """Where the work of running a cooperative is done."""

    title: str
    answer: str
    groups: tuple[tuple[str, tuple[Link, ...]], ...]


def organisation_page(place: Place) -> OrganisationPage:
    """What there is for who looks."""
    return OrganisationPage(
        title=_("Organisation"),
        answer=_("How %(name)s runs itself, and where you can follow it.", name=place.name),
        groups=organisation_links(place),
    )
