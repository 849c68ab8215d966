"""Triggers that let a table grow and nothing else, on both databases.

SQLite makes a table anew when a later migration changes it (batch mode), and its triggers go with the old one: such a
migration calls `forbid_changes` again.
"""

from alembic import op

_REFUSAL = "this table only grows"


def forbid_changes(table: str, *, may_delete: bool = False) -> None:
    """Refuse UPDATE on `table`, and DELETE unless `may_delete`; PostgreSQL refuses TRUNCATE as well."""
    verbs = ["UPDATE"] if may_delete else ["UPDATE", "DELETE"]
    if op.get_bind().dialect.name == "sqlite":
        for verb in verbs:
            op.execute(
                f"CREATE TRIGGER {table}_refuses_{verb.lower()} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table}: {_REFUSAL}'); END"
            )
        return
    op.execute(
        f"CREATE OR REPLACE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ "
        f"BEGIN RAISE EXCEPTION '{table}: {_REFUSAL}' USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {table}_refuses BEFORE {' OR '.join(verbs)} ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {table}_refuse()"
    )
    if not may_delete:
        op.execute(
            f"CREATE TRIGGER {table}_refuses_truncate BEFORE TRUNCATE ON {table} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_refuse()"
        )


def forget(table: str) -> None:
    """Remove what `forbid_changes` left behind once the table is dropped."""
    if op.get_bind().dialect.name != "sqlite":
        op.execute(f"DROP FUNCTION IF EXISTS {table}_refuse()")
