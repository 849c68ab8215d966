"""Letters that were written before their fates were kept: they stay, go out once, and are shown to nobody."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from ecoop import migrations
from ecoop.db import Database, Scope
from ecoop.services import letters
from ecoop.services.letters import LetterState
from tests.support.factories import NOW

BEFORE = next(
    script.down_revision
    for script in migrations.ScriptDirectory.from_config(migrations._config()).walk_revisions()
    if script.doc == "Jobs, letters and turns"
)
"""The release before this one."""
OLD = sa.table(
    "letter",
    *(sa.column(name) for name in ("id", "recipient", "subject", "body")),
    sa.column("written_at", sa.DateTime(timezone=True)),
    sa.column("sent_at", sa.DateTime(timezone=True)),
)


def _write(database: Database, *rows: Mapping[str, Any]) -> None:
    with database.writer.begin() as connection:
        connection.execute(sa.insert(OLD), rows)


def _upgraded(database: Database) -> None:
    assert isinstance(BEFORE, str)
    migrations.upgrade(database, BEFORE)
    base = {"recipient": "a@example.org", "body": "https://geheim", "written_at": NOW}
    _write(database, base | {"subject": "Sent", "sent_at": NOW}, base | {"subject": "Waits", "sent_at": None})
    migrations.upgrade(database)


def test_what_waited_waits_and_what_was_sent_is_emptied(empty_database: Database) -> None:
    _upgraded(empty_database)

    with empty_database.work(Scope(carries=True, may_write=True)) as session:
        waits, sent = letters.read_letters(session, show_secrets=True)
        taken = letters.take_letter(session, up_to=9, now=NOW)
        letters.write_letter(session, account_id=None, recipient="b@example.org", subject="New", body="x", now=NOW)
    assert (waits.subject, waits.state, waits.body, waits.is_secret) == (
        "Waits", LetterState.WAITING, "https://geheim", True,
    )  # fmt: skip
    assert (sent.subject, sent.state, sent.body, sent.sent_at) == ("Sent", LetterState.SENT, "", NOW)
    assert taken is not None
    assert taken.id == waits.id


def test_the_way_back_keeps_what_has_an_address(empty_database: Database) -> None:
    _upgraded(empty_database)
    with empty_database.work(Scope(may_write=True)) as session:
        letters.write_letter(session, account_id=None, recipient=None, name="Bep", subject="x", body="x", now=NOW)
    assert isinstance(BEFORE, str)

    migrations.downgrade(empty_database, BEFORE)

    with empty_database.reader.connect() as connection:
        kept = connection.execute(sa.select(OLD.c.subject).order_by(OLD.c.id)).scalars().all()
    assert kept == ["Sent", "Waits"]
