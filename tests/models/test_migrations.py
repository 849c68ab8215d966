"""The history of the tables: it runs forward and back on both databases and ends at what the models say."""

import re
import shutil
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from ecoop import migrations
from ecoop.db import Database, Scope
from ecoop.migrations import SchemaState, downgrade, schema_state, upgrade
from ecoop.models import Assumption, Base, BusinessCase, SignInLink
from ecoop.services import figures
from tests.support import factories
from tests.support.databases import furnishing

FOLDER = Path(migrations.__file__).parent
VERSIONS = sorted(path for path in (FOLDER / "versions").glob("*.py") if path.name != "__init__.py")

LINK_OF_NOBODY = {"digest": "x", "account_id": 404, "created_at": factories.NOW, "expires_at": factories.NOW}

NEXT_CHANGE = '''"""A later release"""

import sqlalchemy as sa
from alembic import op

revision = "9999"
down_revision = "{head}"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("business_case") as batch:
        batch.alter_column("name", existing_type=sa.String(200), type_=sa.String(300), existing_nullable=False)


def downgrade() -> None:
    with op.batch_alter_table("business_case") as batch:
        batch.alter_column("name", existing_type=sa.String(300), type_=sa.String(200), existing_nullable=False)
'''


def tables(database: Database) -> set[str]:
    with database.reader.connect() as connection:
        return set(sa.inspect(connection).get_table_names())


@pytest.fixture
def later_release(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """From the call on, this release knows one migration more."""
    folder = tmp_path / "migrations"
    shutil.copytree(FOLDER, folder, ignore=shutil.ignore_patterns("__pycache__"))
    head = ScriptDirectory(str(FOLDER)).get_current_head()
    (folder / "versions" / "9999_later.py").write_text(NEXT_CHANGE.format(head=head), encoding="utf-8")
    return lambda: monkeypatch.setattr(migrations, "_HERE", folder)


def test_there_is_one_head() -> None:
    assert len(ScriptDirectory(str(FOLDER)).get_heads()) == 1


@pytest.mark.parametrize("path", VERSIONS, ids=lambda path: path.name)
def test_files_are_numbered_and_the_number_is_the_revision(path: Path) -> None:
    assert re.fullmatch(r"\d{4}_[a-z0-9_]+\.py", path.name)
    assert f'revision = "{path.name[:4]}"' in path.read_text(encoding="utf-8")


def test_numbers_follow_each_other() -> None:
    assert [int(path.name[:4]) for path in VERSIONS] == list(range(1, len(VERSIONS) + 1))


def test_up_makes_every_table(empty_database: Database) -> None:
    upgrade(empty_database)

    assert tables(empty_database) == set(Base.metadata.tables) | {"alembic_version"}


def test_down_removes_every_table(empty_database: Database) -> None:
    upgrade(empty_database)

    downgrade(empty_database, "base")

    assert tables(empty_database) <= {"alembic_version"}


def test_up_again_makes_every_table(empty_database: Database) -> None:
    upgrade(empty_database)
    downgrade(empty_database, "base")

    upgrade(empty_database)

    assert schema_state(empty_database) is SchemaState.CURRENT


def test_the_migrations_end_at_the_models(database: Database) -> None:
    with database.reader.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def rules(database: Database) -> dict[str, Any]:
    """What each table checks, holds unique and refers to, as the database itself tells it."""
    with database.reader.connect() as connection:
        inspector = sa.inspect(connection)
        return {
            name: {
                "checks": sorted((check["name"], check["sqltext"]) for check in inspector.get_check_constraints(name)),
                "primary key": inspector.get_pk_constraint(name),
                "uniques": sorted(inspector.get_unique_constraints(name), key=str),
                "foreign keys": sorted(inspector.get_foreign_keys(name), key=str),
                "indexes": sorted(_told(index) for index in inspector.get_indexes(name)),
                "columns": [(column["name"], str(column["type"]), column["nullable"]) for column in columns],
            }
            for name in sorted(inspector.get_table_names())
            if name != "alembic_version" and (columns := inspector.get_columns(name))
        }


def _told(index: Any) -> str:
    options = {name: str(option) for name, option in index.get("dialect_options", {}).items()}
    return f"{index['name']} {index['column_names']} {index['unique']} {options}"


def test_the_migrations_make_the_same_rules_as_the_models(empty_database: Database) -> None:
    upgrade(empty_database)
    from_migrations = rules(empty_database)
    downgrade(empty_database, "base")

    Base.metadata.create_all(empty_database.writer)

    assert from_migrations == rules(empty_database)


def test_a_database_without_tables_is_empty(empty_database: Database) -> None:
    assert schema_state(empty_database) is SchemaState.EMPTY


def test_a_migrated_database_is_current(database: Database) -> None:
    assert schema_state(database) is SchemaState.CURRENT


def test_a_database_of_an_earlier_release_is_older(database: Database, later_release: Callable[[], None]) -> None:
    later_release()

    assert schema_state(database) is SchemaState.OLDER


def test_a_database_of_a_later_release_is_unknown(
    database: Database, later_release: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context():
        later_release()
        upgrade(database)
    monkeypatch.undo()

    assert schema_state(database) is SchemaState.UNKNOWN


def test_a_table_that_is_made_anew_keeps_its_rows_and_their_children(
    database: Database, later_release: Callable[[], None]
) -> None:
    with furnishing(database) as session:
        cooperative = factories.a_cooperative(session)
        case = factories.a_case(session, cooperative)
        factories.an_assumption(session, case, "uptake", "0.7")
    later_release()

    upgrade(database)

    with database.work(Scope(cooperative_ids=frozenset({cooperative.id}))) as session:
        assert session.scalars(sa.select(Assumption.case_id)).all() == [case.id]


def test_a_migration_that_breaks_references_is_undone(database: Database, later_release: Callable[[], None]) -> None:
    with furnishing(database) as session:
        cooperative = factories.a_cooperative(session)
        factories.an_assumption(session, factories.a_case(session, cooperative), "uptake", "0.7")
    later_release()
    last = Path(migrations._HERE) / "versions" / "9999_later.py"
    text = last.read_text(encoding="utf-8")
    last.write_text(
        text.replace("    with op", '    op.execute("DELETE FROM business_case")\n    with op'), encoding="utf-8"
    )

    with pytest.raises((migrations.BrokenReferences, sa.exc.IntegrityError)):
        upgrade(database)

    with database.work(Scope(cooperative_ids=frozenset({cooperative.id}))) as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(BusinessCase)) == 1


def test_references_are_watched_again_after_a_migration(database: Database) -> None:
    upgrade(database)

    with database.writer.connect() as connection, pytest.raises(sa.exc.IntegrityError):
        connection.execute(sa.insert(SignInLink.__table__).values(**LINK_OF_NOBODY))


def test_a_failing_migration_leaves_the_tables_as_they_were(
    empty_database: Database, later_release: Callable[[], None]
) -> None:
    later_release()
    last = Path(migrations._HERE) / "versions" / "9999_later.py"
    last.write_text(last.read_text(encoding="utf-8").replace('"business_case"', '"nowhere"'), encoding="utf-8")

    with pytest.raises(sa.exc.SQLAlchemyError):
        upgrade(empty_database)

    assert tables(empty_database) == set()


STATED = [
    {"subject": "total", "amount_cents": 3_000_000_000_00, "bound": "about", "stated_on": "2025-03-01"},
    {"subject": "loan", "amount_cents": -1, "bound": "exact", "stated_on": None},
]
STATED_COLUMNS = "cooperative_id, id, subject, amount_cents, bound, source, source_url, stated_on"


def test_stated_amounts_become_figures_and_can_go_back(empty_database: Database) -> None:
    upgrade(empty_database)
    with furnishing(empty_database) as session:
        cooperative = factories.a_cooperative(session).id
    before = ScriptDirectory(str(FOLDER)).get_revision(_revision_of("papers_figures")).down_revision
    downgrade(empty_database, str(before))
    rows = sa.text(
        f"INSERT INTO stated_figure ({STATED_COLUMNS}) VALUES "
        "(:cooperative, :id, :subject, :amount_cents, :bound, 'Krant', NULL, :stated_on)"
    )
    with empty_database.writer.begin() as connection:
        for number, row in enumerate(STATED, start=1):
            day = None if row["stated_on"] is None else date.fromisoformat(str(row["stated_on"]))
            values = row | {"cooperative": cooperative, "id": number}
            connection.execute(rows.bindparams(sa.bindparam("stated_on", type_=sa.Date)), values | {"stated_on": day})

    upgrade(empty_database)

    with empty_database.work(Scope(cooperative_ids=frozenset({cooperative}))) as session:
        found = figures.read_figures(session, cooperative_id=cooperative)
    assert [(one.subject, one.value, one.bound.value, one.as_at, one.source) for one in found] == [
        ("total", Decimal(3000000000), "about", date(2025, 3, 1), "Krant"),
        ("loan", Decimal("-0.01"), "exact", None, "Krant"),
    ]
    downgrade(empty_database, str(before))
    with empty_database.reader.connect() as connection:
        kept = connection.execute(sa.text("SELECT amount_cents FROM stated_figure ORDER BY id")).scalars().all()
    assert kept == [row["amount_cents"] for row in STATED]


def _revision_of(name: str) -> str:
    return next(path.name[:4] for path in VERSIONS if name in path.name)
