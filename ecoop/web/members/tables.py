"""The register as a table: for a file or on paper."""

from ecoop import clock, language
from ecoop.exchange.tables import Cell, Column, Kind, Table
from ecoop.language import gettext as _
from ecoop.language import ngettext
from ecoop.language.register import class_name, status_name
from ecoop.services.register_list import RegisterEntry, RegisterList


def register_table(found: RegisterList) -> Table:
    """The register as a file: every line of a day, with totals."""
    rows: list[tuple[Cell, ...]] = [_entry_row(entry) for entry in found.entries]
    words = ngettext("%(count)s line", "%(count)s lines", len(rows), count=language.number(len(rows)))
    rows.append((None, words, "", "", "", "", "", float(found.votes), found.capital_cents / 100, "", ""))
    return Table(
        name="members",
        caption=_("Members on %(day)s", day=language.day(found.day)),
        columns=(
            Column(label=_("No."), kind=Kind.YEAR, none="–"),
            Column(label=_("Name")),
            Column(label=_("Street and number")),
            Column(label=_("Postcode")),
            Column(label=_("Place")),
            Column(label=_("Kind of membership")),
            Column(label=_("Status")),
            Column(label=_("Votes"), kind=Kind.EXACT),
            Column(label=_("Capital"), kind=Kind.EURO),
            Column(label=_("Member since")),
            Column(label=_("First day without")),
        ),
        rows=tuple(rows),
        totals=1,
    )


def _entry_row(entry: RegisterEntry) -> tuple[Cell, ...]:
    line = entry.line
    return (
        line.number,
        line.name,
        " ".join(part for part in (line.street, line.house_number) if part),
        line.postcode or "",
        line.city or "",
        class_name(line.class_code),
        status_name(line.status),
        float(entry.votes),
        entry.capital_cents / 100,
        line.member_since.isoformat() if line.member_since else "",
        entry.leaves_on.isoformat() if entry.leaves_on else "",
    )


def list_notes(found: RegisterList) -> tuple[str, ...]:
    """What is said above a list on paper."""
    if found.known_at is None:
        return (_("As it is known now. Who leaves the next day is still a member on this one."),)
    day = language.day(clock.legal_day(found.known_at))
    return (
        _("As it was known at the end of %(day)s. Who leaves the next day is still a member on this one.", day=day),
    )


def footnote(found: RegisterList) -> str:
    """The fingerprint of a list."""
    return _("Fingerprint of the list: %(digest)s", digest=found.digest)
