"""Sheets that were taken over into the register: the file as evidence, what became of each row, who and when.

The file itself lies in the vault under its digest. Here are references and codes only: what a row said of somebody is
in the register, and in the file.
"""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from ecoop.db import Base, Owned
from ecoop.governance.register_import import ImportStatus, RowOutcome
from ecoop.models.types import UTCDateTime, child_of, enum_column, owned_key, text_check


class SheetImport(Base, Owned):
    """One sheet that was put in, and how far it came. It is never deleted, also not when it is undone."""

    __tablename__ = "sheet_import"
    __table_args__ = (
        text_check("file_name"),
        text_check("columns"),
        sa.CheckConstraint("length(digest) = 64", name="digest"),
        sa.CheckConstraint("plan_digest IS NULL OR length(plan_digest) = 64", name="plan_digest"),
        sa.CheckConstraint("size > 0", name="size"),
        sa.CheckConstraint("sheet_rows >= 0", name="sheet_rows"),
        sa.CheckConstraint(
            "rows_new >= 0 AND rows_changed >= 0 AND rows_same >= 0 AND rows_left_out >= 0", name="counts"
        ),
        sa.CheckConstraint("status NOT IN ('done', 'undoing', 'undone') OR recorded_at IS NOT NULL", name="recorded"),
        sa.CheckConstraint("(status = 'undone') = (undone_at IS NOT NULL)", name="undone"),
        sa.Index(None, "cooperative_id", "created_at"),
        sa.Index(None, "digest"),
    )

    id: Mapped[int] = owned_key()
    file_name: Mapped[str] = mapped_column(sa.String(200))
    digest: Mapped[str] = mapped_column(sa.String(64))
    """SHA-256 of the file: under this name it lies in the vault."""
    size: Mapped[int] = mapped_column(sa.BigInteger)
    sheet_rows: Mapped[int]
    """How many rows the sheet has below its header."""
    columns: Mapped[str] = mapped_column(sa.Text)
    """JSON: what each column of the sheet is, in order; null where it is left out."""
    status: Mapped[ImportStatus] = mapped_column(enum_column(ImportStatus))
    good_rows_only: Mapped[bool] = mapped_column(default=False)
    """Whether rows with a problem were left out; else one of them stops the whole."""
    doubtful_as_new: Mapped[bool] = mapped_column(default=False)
    """Whether rows that look like somebody who is known already were taken for somebody else."""
    plan_digest: Mapped[str | None] = mapped_column(sa.String(64))
    """The preview that was agreed to: where the register would make another one, nothing is taken over."""
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    created_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    job_id: Mapped[int | None]
    recorded_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """The instant at which all of it became known."""
    recorded_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    audit_number: Mapped[int | None]
    rows_new: Mapped[int] = mapped_column(default=0)
    rows_changed: Mapped[int] = mapped_column(default=0)
    rows_same: Mapped[int] = mapped_column(default=0)
    rows_left_out: Mapped[int] = mapped_column(default=0)
    undone_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    undone_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    undo_audit_number: Mapped[int | None]


class SheetImportLine(Base, Owned):
    """What became of one row: which party and membership it is about, and what was made of it."""

    __tablename__ = "sheet_import_line"
    __table_args__ = (
        child_of("sheet_import_line", "import_id", "sheet_import"),
        child_of("sheet_import_line", "party_id", "party"),
        child_of("sheet_import_line", "membership_id", "membership"),
        sa.CheckConstraint("sheet_row > 1", name="sheet_row"),
        sa.Index(None, "cooperative_id", "party_id"),
        sa.Index(None, "cooperative_id", "membership_id"),
    )

    import_id: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True, autoincrement=False, sort_order=-1)
    sheet_row: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, sort_order=-1)
    """As the spreadsheet numbers it: the header is 1."""
    outcome: Mapped[RowOutcome] = mapped_column(enum_column(RowOutcome))
    party_id: Mapped[int | None] = mapped_column(sa.BigInteger)
    membership_id: Mapped[int | None] = mapped_column(sa.BigInteger)
    made: Mapped[str] = mapped_column(sa.Text)
    """JSON: the keys of what this row made, by kind."""
    problems: Mapped[str] = mapped_column(sa.Text)
    """JSON: the codes of what was doubted or wrong, with the column it was about."""


class SheetMapping(Base, Owned):
    """A mapping under a name, for the next sheet that looks the same."""

    __tablename__ = "sheet_mapping"
    __table_args__ = (
        text_check("name"),
        text_check("columns"),
        sa.UniqueConstraint("cooperative_id", "name"),
    )

    id: Mapped[int] = owned_key()
    name: Mapped[str] = mapped_column(sa.String(80))
    columns: Mapped[str] = mapped_column(sa.Text)
    """JSON: header of a column → what it is."""
    saved_at: Mapped[datetime] = mapped_column(UTCDateTime)
    saved_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
