"""Tables on paper: the same table gives the same file, and nothing in a cell is read as layout."""

from ecoop.exchange.printing import print_table
from ecoop.exchange.tables import Column, Kind, Table

HOSTILE = '#read("/etc/passwd") *vet* $x$ \\ <label> @someone'


def a_table(*names: str) -> Table:
    rows = tuple((number, name, 12.5) for number, name in enumerate(names, start=1))
    return Table(
        name="members",
        caption="Leden",
        columns=(Column(label="Nr.", kind=Kind.YEAR), Column(label="Naam"), Column(label="Kapitaal", kind=Kind.EURO)),
        rows=(*rows, (None, "Samen", 12.5 * len(names))),
        totals=1,
    )


def test_the_same_table_gives_the_same_file() -> None:
    first, second = (print_table(a_table("Petra", "Bram"), place="KetelhuisWG", footnote="abc") for _ in range(2))

    assert first.startswith(b"%PDF-")
    assert first == second


def test_another_footnote_gives_another_file() -> None:
    assert print_table(a_table("Petra"), place="K", footnote="a") != print_table(a_table("Petra"), place="K")


def test_what_looks_like_layout_in_a_cell_stays_text() -> None:
    assert print_table(a_table(HOSTILE), place=HOSTILE, notes=(HOSTILE,), footnote=HOSTILE).startswith(b"%PDF-")
