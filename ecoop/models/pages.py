"""The public page of a cooperative: every text that was saved, and which one was shown from when on.

All of these tables only grow, so that it can always be told what was public, when, and by whom.
"""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from ecoop.db import Base, Owned
from ecoop.models.types import UTCDateTime, child_of, owned_key, text_check


class PageVersion(Base, Owned):
    """One text of the page. Saving makes a new one; nobody outside sees it before it is published."""

    __tablename__ = "page_version"
    __table_args__ = (text_check("about_nl"),)

    id: Mapped[int] = owned_key()
    about_nl: Mapped[str] = mapped_column(sa.Text)
    about_en: Mapped[str | None] = mapped_column(sa.Text)
    contact: Mapped[str | None] = mapped_column(sa.String(200))
    saved_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    saved_at: Mapped[datetime] = mapped_column(UTCDateTime)


class PagePaper(Base, Owned):
    """A paper that a version of the page shows, as long as that paper is public."""

    __tablename__ = "page_paper"
    __table_args__ = (
        child_of("page_paper", "version_id", "page_version"),
        child_of("page_paper", "paper_id", "paper"),
    )

    version_id: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True, autoincrement=False)
    paper_id: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True, autoincrement=False)


class PageFigure(Base, Owned):
    """A figure that a version of the page shows, as long as it is not withdrawn."""

    __tablename__ = "page_figure"
    __table_args__ = (
        child_of("page_figure", "version_id", "page_version"),
        child_of("page_figure", "figure_id", "figure"),
    )

    version_id: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True, autoincrement=False)
    figure_id: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True, autoincrement=False)


class PagePublication(Base, Owned):
    """From this moment on that version was public; None: nothing was. The newest counts."""

    __tablename__ = "page_publication"
    __table_args__ = (child_of("page_publication", "version_id", "page_version"),)

    id: Mapped[int] = owned_key()
    version_id: Mapped[int | None] = mapped_column(sa.BigInteger)
    by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
