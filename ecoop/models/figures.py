"""Figures as somebody stated them, kept beside what is computed."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from ecoop.db import Base, Owned
from ecoop.governance.evidence import Bound, Subject
from ecoop.models.types import enum_column, owned_key, text_check


class StatedFigure(Base, Owned):
    """An amount that a source states. Several may stand beside each other for one subject."""

    __tablename__ = "stated_figure"
    __table_args__ = (text_check("source"),)

    id: Mapped[int] = owned_key()
    subject: Mapped[Subject] = mapped_column(enum_column(Subject))
    amount_cents: Mapped[int] = mapped_column(sa.BigInteger)
    bound: Mapped[Bound] = mapped_column(enum_column(Bound))
    source: Mapped[str] = mapped_column(sa.Text)
    source_url: Mapped[str | None] = mapped_column(sa.Text)
    stated_on: Mapped[date | None]
    """When; None where the source does not say."""
