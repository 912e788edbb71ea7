"""`rugui doctor`"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict

import click
from pydantic import ValidationError

MARKS = {"ok": "ok     ", "warning": "WARNING", "failure": "FAILURE"}


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line, for programs.")
def command(as_json: bool) -> None:
    """Look for what is wrong, and say what to do about it.

    Exit code 0: nothing that must be done (warnings aside). 1: something is wrong. 2: the configuration is not valid.
    """
    from ..config import config

    try:
        settings = config()
    except ValidationError as error:
        for problem in error.errors():
            name = "_".join(str(part) for part in problem["loc"]).upper()
            variable = name if name == "DATABASE_URL" else f"RUGUI_{name}"
            click.echo(f"{MARKS['failure']} {variable}: {problem['msg']}.", err=as_json)
        sys.exit(2)
    from ..core.checkup import Level, examine

    failed = False
    for finding in examine(settings):
        failed = failed or finding.level == Level.FAILURE
        if as_json:
            click.echo(json.dumps(asdict(finding)))
            continue
        click.echo(f"{MARKS[finding.level]} {finding.text}")
        if finding.remedy:
            click.echo(f"        → {finding.remedy}")
    sys.exit(1 if failed else 0)
