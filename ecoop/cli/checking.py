"""`ecoop check`: name everything that is not as it should be."""

import json
import os
from datetime import datetime
from typing import TYPE_CHECKING

import click

from ecoop.cli.failures import IMPOSSIBLE
from ecoop.cli.words import Command, Option
from ecoop.language import gettext, mark, moment

if TYPE_CHECKING:
    from ecoop.safekeeping.checking import Finding


@click.command(cls=Command, help=mark("Name every setting and everything else that is wrong. Exit code 0: nothing is."))
@click.option("--mail", is_flag=True, cls=Option, help=mark("Call the mail server as well."))
@click.option("--json", "as_json", is_flag=True, cls=Option, help=mark("Answer in JSON."))
@click.pass_context
def check(ctx: click.Context, *, mail: bool, as_json: bool) -> None:
    """One line for each finding; nothing is changed."""
    from ecoop import clock
    from ecoop.safekeeping.checking import Severity
    from ecoop.safekeeping.checking import check as look

    findings = look(os.environ, now=clock.now(), calls_mail=mail)
    if as_json:
        told = [{"key": one.key, "severity": one.severity.value, "sentence": _sentence(one)} for one in findings]
        click.echo(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        for one in findings:
            click.echo(f"{one.key}: {_sentence(one)}")
        if not findings:
            click.echo(gettext("Everything stands as it should."))
    wrong = any(one.severity is Severity.WRONG for one in findings)
    ctx.exit(IMPOSSIBLE if wrong else 0)


def _sentence(finding: "Finding") -> str:
    shown = {name: moment(value) if isinstance(value, datetime) else value for name, value in finding.values.items()}
    return " ".join(gettext(finding.sentence, **shown).split())
