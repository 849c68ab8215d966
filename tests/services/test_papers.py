"""Papers: what is kept of them, who reads them, when they are destroyed, and how a lost file is found."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from ecoop.db import Scope
from ecoop.errors import Forbidden, InvalidInput, NotFound, Refused
from ecoop.governance.papers import INSIDE, PUBLIC, PaperKind, PaperReason
from ecoop.governance.register_sheet import Sheet
from ecoop.governance.roles import Role
from ecoop.models import AuditEntry, Paper, PaperDestruction, PaperRight, PaperVersion
from ecoop.services import importing, papers
from ecoop.services.importing import ColumnChoice
from ecoop.services.papers import NewPaper, PaperView, Upload
from ecoop.vault import KeptState, NotKept, Vault
from tests.services.conftest import World
from tests.support import office_files as made
from tests.support.factories import NOW, TODAY

LIMIT = 100_000
UPLOAD = Upload(content=made.PDF, name="statuten.pdf")
NEW = NewPaper(title="Statuten", kind=PaperKind.STATUTES, readers=(INSIDE,))
YEARS = timedelta(days=366)


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    return Vault(tmp_path / "papers")


def _add(world: World, vault: Vault, new: NewPaper = NEW, upload: Upload = UPLOAD) -> int:
    with world.inside() as session:
        number = papers.add_paper(
            session, vault, world.treasurer, cooperative_id=world.home, new=new, upload=upload, limit_bytes=LIMIT,
            now=NOW,
        )  # fmt: skip
        session.commit()
    return number


def _add_version(world: World, vault: Vault, paper_id: int, content: bytes, now: datetime = NOW) -> int:
    with world.inside() as session:
        number = papers.add_version(
            session, vault, world.treasurer, cooperative_id=world.home, paper_id=paper_id,
            upload=Upload(content=content, name="nieuw"), limit_bytes=LIMIT, now=now,
        )  # fmt: skip
        session.commit()
    return number


def _withdraw(world: World, paper_id: int, now: datetime = NOW) -> date | None:
    with world.inside() as session:
        until = papers.withdraw(
            session, world.treasurer, cooperative_id=world.home, paper_id=paper_id, why="Oud.", now=now
        )
        session.commit()
    return until


def _read(world: World, *roles: Role, day: date = TODAY) -> tuple[PaperView, ...]:
    with world.reading() as session:
        return papers.read_papers(session, world.acting(*roles), cooperative_id=world.home, day=day)


def _counts(world: World) -> list[int]:
    with world.reading() as session:
        tables = (Paper, PaperVersion, PaperRight, AuditEntry)
        return [len(session.scalars(sa.select(table)).all()) for table in tables]


def _actions(world: World) -> list[str]:
    with world.reading() as session:
        return list(session.scalars(sa.select(AuditEntry.action).order_by(AuditEntry.number)))


def test_a_paper_is_kept_with_its_file_under_its_digest(world: World, vault: Vault) -> None:
    _add(world, vault)

    (found,) = _read(world, Role.MEMBER)
    assert (found.title, found.newest.number, found.newest.size) == ("Statuten", 1, len(made.PDF))
    assert found.newest.uploaded_by == "Petra"
    assert list(vault.digests()) == [found.newest.digest]
    assert papers.read_file(vault, found.newest).content == made.PDF


def test_a_new_version_stands_beside_the_one_before(world: World, vault: Vault) -> None:
    paper_id = _add(world, vault)

    _add_version(world, vault, paper_id, made.TEXT)

    (found,) = _read(world, Role.MEMBER)
    assert [(one.number, one.file_name) for one in found.versions] == [(2, "nieuw.txt"), (1, "statuten.pdf")]
    assert papers.read_file(vault, papers.version_of(found, 1)).content == made.PDF


def test_the_same_file_is_no_new_version(world: World, vault: Vault) -> None:
    paper_id = _add(world, vault)

    with pytest.raises(Refused) as refused:
        _add_version(world, vault, paper_id, made.PDF)

    assert refused.value.reason is PaperReason.SAME_FILE


def test_the_trail_tells_what_was_done(world: World, vault: Vault) -> None:
    paper_id = _add(world, vault)
    _add_version(world, vault, paper_id, made.TEXT)
    _withdraw(world, paper_id)

    assert _actions(world) == ["paper.added", "paper.version_added", "paper.withdrawn"]


def test_everything_that_is_wrong_is_told_at_once_and_nothing_is_kept(world: World, vault: Vault) -> None:
    new = NewPaper(title=" ", kind=PaperKind.OTHER, readers=("nobody",))
    upload = Upload(content=b"", name=None, remark="x" * 501)
    before = _counts(world)

    with pytest.raises(InvalidInput) as refused:
        _add(world, vault, new, upload)

    assert [problem.key for problem in refused.value.problems] == ["title", "readers", "remark", "file"]
    assert _counts(world) == before
    assert list(vault.digests()) == []


def test_a_file_beyond_the_limit_is_refused(world: World, vault: Vault) -> None:
    with pytest.raises(InvalidInput) as refused:
        _add(world, vault, upload=Upload(content=b"a" * (LIMIT + 1), name="groot.txt"))

    assert refused.value.problems[0].reason == PaperReason.TOO_LARGE


def test_a_row_is_never_kept_without_its_file(world: World, tmp_path: Path) -> None:
    (tmp_path / "in-the-way").write_text("a file where the folder should be")
    before = _counts(world)

    with pytest.raises(OSError, match="in-the-way"):
        _add(world, Vault(tmp_path / "in-the-way"))

    assert _counts(world) == before


def test_a_file_whose_row_was_not_kept_is_no_paper(world: World, vault: Vault) -> None:
    with world.inside() as session:
        papers.add_paper(
            session, vault, world.treasurer, cooperative_id=world.home, new=NEW, upload=UPLOAD, limit_bytes=LIMIT,
            now=NOW,
        )  # fmt: skip
        session.rollback()

    with world.reading() as session:
        assert papers.doubt_files(session, vault) == ()
    assert _read(world, Role.CHAIR) == ()
    assert len(list(vault.digests())) == 1


@pytest.mark.parametrize("role", [Role.MEMBER, Role.AUDIT_COMMITTEE, Role.LANDLORD])
def test_only_the_board_changes_papers(world: World, vault: Vault, role: Role) -> None:
    paper_id = _add(world, vault)
    before = _counts(world)
    actor = world.acting(role)

    with world.inside() as session:
        for attempt in (
            lambda: papers.add_paper(
                session, vault, actor, cooperative_id=world.home, new=NEW, upload=UPLOAD, limit_bytes=LIMIT, now=NOW
            ),
            lambda: papers.add_version(
                session, vault, actor, cooperative_id=world.home, paper_id=paper_id, upload=UPLOAD, limit_bytes=LIMIT,
                now=NOW,
            ),
            lambda: papers.change_rights(
                session, actor, cooperative_id=world.home, paper_id=paper_id, readers=(), until=None, now=NOW
            ),
            lambda: papers.withdraw(
                session, actor, cooperative_id=world.home, paper_id=paper_id, why=None, now=NOW
            ),
        ):  # fmt: skip
            with pytest.raises(Forbidden):
                attempt()

    assert _counts(world) == before


def test_a_paper_of_another_cooperative_is_not_there(world: World, vault: Vault) -> None:
    paper_id = _add(world, vault, replace(NEW, readers=(PUBLIC,)))

    with world.reading(world.neighbour) as session:
        for cooperative_id in (world.home, world.neighbour):
            with pytest.raises(NotFound):
                papers.read_paper(
                    session, world.acting(Role.CHAIR), cooperative_id=cooperative_id, paper_id=paper_id, day=TODAY
                )


def test_who_reads_a_paper_changes_from_today_and_is_remembered(world: World, vault: Vault) -> None:
    paper_id = _add(world, vault)
    later = NOW + timedelta(days=10)
    with world.inside() as session:
        papers.change_rights(
            session, world.treasurer, cooperative_id=world.home, paper_id=paper_id,
            readers=("audit_committee",), until=date(2026, 4, 1), now=later,
        )  # fmt: skip
        session.commit()

    seen = [len(_read(world, Role.MEMBER, day=TODAY + timedelta(days=days))) for days in (0, 9, 10)]
    committee = [len(_read(world, Role.AUDIT_COMMITTEE, day=day)) for day in (date(2026, 3, 31), date(2026, 4, 1))]
    (found,) = _read(world, Role.CHAIR)
    assert seen == [1, 1, 0]
    assert committee == [1, 0]
    assert [(one.reader, one.ends_on) for one in found.rights] == [
        (INSIDE, date(2026, 3, 12)),
        ("audit_committee", date(2026, 4, 1)),
    ]


def test_a_withdrawn_paper_is_read_by_the_board_only(world: World, vault: Vault) -> None:
    paper_id = _add(world, vault, replace(NEW, readers=(PUBLIC,)))

    _withdraw(world, paper_id)

    assert _read(world, Role.MEMBER) == ()
    assert len(_read(world, Role.SECRETARY)) == 1
    with world.reading() as session:
        assert papers.read_public_papers(session, cooperative_id=world.home, day=TODAY) == ()


def test_a_withdrawn_paper_takes_no_new_version(world: World, vault: Vault) -> None:
    paper_id = _add(world, vault)
    _withdraw(world, paper_id)

    with pytest.raises(Refused) as refused:
        _add_version(world, vault, paper_id, made.TEXT)

    assert refused.value.reason is PaperReason.WITHDRAWN


@pytest.mark.parametrize("change", ["UPDATE paper_version SET size = 1", "DELETE FROM paper_version"])
def test_a_version_cannot_be_changed_in_the_database(world: World, vault: Vault, change: str) -> None:
    _add(world, vault)

    with pytest.raises(DBAPIError, match="only grows"), world.database.writer.begin() as connection:
        connection.execute(sa.text(change))


# keeping watch


def test_a_missing_and_an_altered_file_are_found(world: World, vault: Vault) -> None:
    paper_id = _add(world, vault)
    _add_version(world, vault, paper_id, made.TEXT)
    _add_version(world, vault, paper_id, made.CSV)
    (found,) = _read(world, Role.CHAIR)
    vault.remove(papers.version_of(found, 1).digest)
    vault.path(papers.version_of(found, 2).digest).write_bytes(b"something else")

    with world.reading() as session:
        doubts = papers.doubt_files(session, vault)

    told = [(one.paper_id, one.number, one.state) for one in doubts]
    assert told == [(paper_id, 1, KeptState.MISSING), (paper_id, 2, KeptState.ALTERED)]
    assert doubts[0].cooperative.startswith("cooperative-")
    with pytest.raises(NotKept):
        papers.read_file(vault, papers.version_of(found, 2))


# destroying


def _purge(world: World, vault: Vault, now: datetime, *, dry_run: bool = False) -> list[tuple[int, int]]:
    gone = papers.purge_expired(world.database, vault, now=now, dry_run=dry_run)
    return [(one.paper_id, one.number) for one in gone]


SHORT = NewPaper(title="Voorstel", kind=PaperKind.PROPOSAL, readers=(INSIDE,))


def test_what_may_not_be_kept_any_longer_is_destroyed_and_remembered(world: World, vault: Vault) -> None:
    paper_id = _add(world, vault, SHORT)
    _add_version(world, vault, paper_id, made.TEXT)
    until = _withdraw(world, paper_id)
    assert until == date(2028, 3, 2)

    gone = _purge(world, vault, NOW + 3 * YEARS)

    assert gone == [(paper_id, 1), (paper_id, 2)]
    assert list(vault.digests()) == []
    (found,) = _read(world, Role.CHAIR)
    assert all(one.destroyed_at and len(one.digest) == 64 for one in found.versions)
    assert _actions(world)[-2:] == ["paper.destroyed", "paper.destroyed"]
    with pytest.raises(NotFound):
        papers.read_file(vault, found.newest)
    with world.reading() as session:
        assert papers.doubt_files(session, vault) == ()


@pytest.mark.parametrize(
    ("now", "count"),
    [(datetime(2028, 3, 1, 12, tzinfo=NOW.tzinfo), 0), (datetime(2028, 3, 2, 12, tzinfo=NOW.tzinfo), 1)],
)
def test_the_day_on_which_its_time_is_over_counts(world: World, vault: Vault, now: datetime, count: int) -> None:
    _withdraw(world, _add(world, vault, SHORT))

    assert len(_purge(world, vault, now)) == count


def test_a_rehearsal_destroys_nothing(world: World, vault: Vault) -> None:
    paper_id = _add(world, vault, SHORT)
    _withdraw(world, paper_id)

    assert _purge(world, vault, NOW + 3 * YEARS, dry_run=True) == [(paper_id, 1)]
    assert len(list(vault.digests())) == 1
    assert "paper.destroyed" not in _actions(world)


def test_what_still_counts_or_is_kept_for_ever_stays(world: World, vault: Vault) -> None:
    _add(world, vault, SHORT, Upload(content=made.TEXT, name="a"))
    _withdraw(world, _add(world, vault))

    assert _purge(world, vault, NOW + 50 * YEARS) == []
    assert len(list(vault.digests())) == 2


def test_a_file_that_another_paper_needs_stays(world: World, vault: Vault) -> None:
    _withdraw(world, _add(world, vault, SHORT))
    kept = _add(world, vault)

    assert len(_purge(world, vault, NOW + 3 * YEARS)) == 1
    found = next(one for one in _read(world, Role.CHAIR) if one.id == kept)
    assert papers.read_file(vault, found.newest).content == made.PDF


def test_a_file_that_another_cooperative_needs_stays(world: World, vault: Vault) -> None:
    _withdraw(world, _add(world, vault, SHORT))
    chair = world.acting(Role.CHAIR, account_id=world.outsider)
    scope = Scope(cooperative_ids=frozenset({world.neighbour}), may_write=True)
    with world.database.work(scope) as session:
        papers.add_paper(
            session, vault, chair, cooperative_id=world.neighbour, new=NEW, upload=UPLOAD, limit_bytes=LIMIT, now=NOW
        )

    _purge(world, vault, NOW + 3 * YEARS)

    assert len(list(vault.digests())) == 1


def test_a_file_left_behind_by_an_interruption_goes_the_next_time(world: World, vault: Vault) -> None:
    paper_id = _add(world, vault, SHORT)
    _withdraw(world, paper_id)
    with world.inside() as session:  # the row was committed, and then the power went
        session.add(PaperDestruction(cooperative_id=world.home, paper_id=paper_id, number=1, destroyed_at=NOW))
        session.commit()
    assert len(list(vault.digests())) == 1

    assert _purge(world, vault, NOW) == []
    assert list(vault.digests()) == []


def test_a_file_that_is_evidence_of_an_import_outlives_a_paper_with_the_same_file(world: World, vault: Vault) -> None:
    with world.inside() as session:
        importing.keep_sheet(
            session, vault, None, cooperative_id=world.home, content=UPLOAD.content, file_name="leden.csv",
            sheet=Sheet(header=("Naam",), rows=(("Jan",),)), choice=ColumnChoice(columns=(None,)), now=NOW,
        )  # fmt: skip
        session.commit()
    _withdraw(world, _add(world, vault, SHORT))

    _purge(world, vault, NOW + 3 * YEARS)

    assert len(list(vault.digests())) == 1
