"""`rugui reset-second-factor`"""

from __future__ import annotations

import click

from .database import running_database
from .django import setup


@click.command("reset-second-factor")
@click.argument("email")
def command(email: str) -> None:
    """Take away the second factor of whoever signs in with EMAIL, and sign them out everywhere.

    For an owner who has lost their passkey, phone and recovery codes, when nobody in the house can help. The password
    stays; at the next sign-in they read that this was done, and set up a new one.
    """
    setup("app")
    from ..core.errors import NotFound
    from ..core.time import now
    from ..house.actions import reset_second_step_of

    with running_database():
        try:
            had_one = reset_second_step_of(email, now=now())
        except NotFound as error:
            raise click.ClickException(f"Nobody signs in with {email}.") from error
    if not had_one:
        click.echo(f"{email} has no second factor: the password alone is asked for.")
        return
    click.echo(f"{email} signs in with the password alone now, and is signed out everywhere.")
