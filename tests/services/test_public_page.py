"""The public page: what the board publishes, and nothing else."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from ecoop.errors import Forbidden, InvalidInput, NotFound, Refused
from ecoop.governance.figures import SourcedFigure, Unit
from ecoop.governance.papers import INSIDE, PUBLIC, PaperKind
from ecoop.governance.roles import Role
from ecoop.models import AuditEntry, Cooperative
from ecoop.services import figures, papers, public_page
from ecoop.services.papers import NewPaper, Upload
from ecoop.services.public_page import PageReason, PageText, PublicPage
from ecoop.vault import Vault
from tests.services.conftest import World
from tests.support import office_files as made
from tests.support.factories import NOW, TODAY

TEXT = PageText(about_nl="Wij zijn bewoners.", about_en="We are residents.", contact="Informatiehuis")
FIGURE = SourcedFigure(subject="members", value=Decimal(45), unit=Unit.MEMBERS, source="Verslag")


def _save(world: World, text: PageText = TEXT) -> int:
    with world.inside() as session:
        number = public_page.save_text(session, world.treasurer, cooperative_id=world.home, text=text, now=NOW)
        session.commit()
    return number


def _publish(world: World, version_id: int) -> None:
    with world.inside() as session:
        public_page.publish(session, world.treasurer, cooperative_id=world.home, version_id=version_id, now=NOW)
        session.commit()


def _take_down(world: World) -> None:
    with world.inside() as session:
        public_page.take_down(session, world.treasurer, cooperative_id=world.home, now=NOW)
        session.commit()


def _slug(world: World) -> str:
    with world.reading() as session:
        return session.scalars(sa.select(Cooperative.slug).where(Cooperative.id == world.home)).one()


def _seen(world: World) -> PublicPage:
    with world.reading() as session:
        return public_page.read_public_page(session, slug=_slug(world), day=TODAY)


def _paper(world: World, tmp_path: Path, *readers: str) -> int:
    with world.inside() as session:
        number = papers.add_paper(
            session,
            Vault(tmp_path / "papers"),
            world.treasurer,
            cooperative_id=world.home,
            new=NewPaper(title="Statuten", kind=PaperKind.STATUTES, readers=readers),
            upload=Upload(content=made.PDF, name="s.pdf"),
            limit_bytes=10_000,
            now=NOW,
        )
        session.commit()
    return number


def _figure(world: World) -> int:
    with world.inside() as session:
        number = figures.record_figure(session, world.treasurer, cooperative_id=world.home, figure=FIGURE, now=NOW)
        session.commit()
    return number


def test_nothing_is_public_before_it_is_published(world: World) -> None:
    with pytest.raises(NotFound):
        _seen(world)
    _save(world)
    with pytest.raises(NotFound):
        _seen(world)


def test_what_was_published_is_seen(world: World, tmp_path: Path) -> None:
    paper_id, figure_id = _paper(world, tmp_path, PUBLIC), _figure(world)
    text = replace(TEXT, paper_ids=frozenset({paper_id}), figure_ids=frozenset({figure_id}))

    _publish(world, _save(world, text))

    page = _seen(world)
    assert (page.about_nl, page.about_en, page.contact) == (TEXT.about_nl, TEXT.about_en, TEXT.contact)
    assert [one.id for one in page.papers] == [paper_id]
    assert [one.id for one in page.figures] == [figure_id]


def test_a_text_saved_later_is_not_public_yet(world: World) -> None:
    _publish(world, _save(world))

    _save(world, replace(TEXT, about_nl="Nieuw."))

    assert _seen(world).about_nl == TEXT.about_nl


def test_only_the_text_that_was_read_is_published(world: World) -> None:
    read = _save(world)
    _save(world, replace(TEXT, about_nl="Van een ander."))

    with pytest.raises(Refused) as refused:
        _publish(world, read)

    assert refused.value.reason is PageReason.NOTHING_SAVED


def test_a_page_that_is_taken_down_is_gone_and_can_come_back(world: World) -> None:
    version = _save(world)
    _publish(world, version)

    _take_down(world)

    with pytest.raises(NotFound):
        _seen(world)
    _publish(world, version)
    assert _seen(world).about_nl == TEXT.about_nl


def test_what_was_public_when_is_kept(world: World) -> None:
    version = _save(world)
    _publish(world, version)
    _take_down(world)

    with world.reading() as session:
        desk = public_page.read_desk(session, cooperative_id=world.home)
    assert [(one.version_id, one.by) for one in desk.history] == [(None, "Petra"), (version, "Petra")]
    with world.reading() as session:
        actions = list(session.scalars(sa.select(AuditEntry.action).order_by(AuditEntry.number)))
    assert actions == ["page.saved", "page.published", "page.taken_down"]


def test_a_paper_that_is_not_for_everybody_cannot_be_put_on_the_page(world: World, tmp_path: Path) -> None:
    paper_id = _paper(world, tmp_path, INSIDE)

    with pytest.raises(InvalidInput) as refused:
        _save(world, replace(TEXT, paper_ids=frozenset({paper_id})))

    assert [problem.reason for problem in refused.value.problems] == [PageReason.PAPER_UNKNOWN]


def test_a_paper_leaves_the_page_when_it_is_no_longer_for_everybody(world: World, tmp_path: Path) -> None:
    paper_id = _paper(world, tmp_path, PUBLIC)
    _publish(world, _save(world, replace(TEXT, paper_ids=frozenset({paper_id}))))

    with world.inside() as session:
        papers.change_rights(
            session, world.treasurer, cooperative_id=world.home, paper_id=paper_id, readers=(INSIDE,), until=None,
            now=NOW + timedelta(minutes=1),
        )  # fmt: skip
        session.commit()

    assert _seen(world).papers == ()


def test_a_withdrawn_figure_leaves_the_page(world: World) -> None:
    figure_id = _figure(world)
    _publish(world, _save(world, replace(TEXT, figure_ids=frozenset({figure_id}))))

    with world.inside() as session:
        figures.withdraw_figure(
            session, world.treasurer, cooperative_id=world.home, figure_id=figure_id, reason="Fout.", now=NOW
        )
        session.commit()

    assert _seen(world).figures == ()


def test_things_of_another_cooperative_cannot_be_put_on_the_page(world: World) -> None:
    with pytest.raises(InvalidInput) as refused:
        _save(world, replace(TEXT, paper_ids=frozenset({1}), figure_ids=frozenset({2})))

    assert [problem.key for problem in refused.value.problems] == ["paper_ids", "figure_ids"]


def test_everything_that_is_wrong_is_told_at_once(world: World) -> None:
    with pytest.raises(InvalidInput) as refused:
        _save(world, PageText(about_nl=" ", about_en="x" * 10_001, contact="a\nb"))

    assert [problem.key for problem in refused.value.problems] == ["about_nl", "about_en", "contact"]


def test_only_the_board_writes_publishes_and_takes_down(world: World) -> None:
    version = _save(world)
    member = world.acting(Role.MEMBER, Role.AUDIT_COMMITTEE)
    shared = {"cooperative_id": world.home, "now": NOW}

    with world.inside() as session:
        with pytest.raises(Forbidden):
            public_page.save_text(session, member, text=TEXT, **shared)
        with pytest.raises(Forbidden):
            public_page.publish(session, member, version_id=version, **shared)
        with pytest.raises(Forbidden):
            public_page.take_down(session, member, **shared)


def test_a_neighbour_has_no_page_because_we_have_one(world: World) -> None:
    _publish(world, _save(world))

    with world.reading(world.home, world.neighbour) as session:
        assert [one.id for one in public_page.read_published(session)] == [world.home]


@pytest.mark.parametrize("table", ["page_version", "page_publication"])
def test_what_was_public_cannot_be_changed_in_the_database(world: World, table: str) -> None:
    _publish(world, _save(world))

    for change in (f"UPDATE {table} SET cooperative_id = cooperative_id", f"DELETE FROM {table}"):
        with pytest.raises(DBAPIError, match="only grows"), world.database.writer.begin() as connection:
            connection.execute(sa.text(change))
