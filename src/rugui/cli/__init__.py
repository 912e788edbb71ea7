"""The command line. Each command is a module of its own, imported only when it is called."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

import click

COMMANDS = {
    "up": ("up", "Start everything: database, pages, live stream, clock and worker."),
    "web": ("web", "Serve the pages and the API."),
    "live": ("live", "Serve the live stream."),
    "clock": ("clock", "Ring promises when their time comes."),
    "worker": ("worker", "Do the jobs that wait in the database."),
    "migrate": ("migrate", "Bring the database to the shape this version expects."),
    "import": ("imports", "Import customers, purchases, visits or notes from a CSV file."),
    "example": ("example", "Build the example house."),
    "language": ("language", "Check what is written to customers, in files and editors."),
    "reset-second-factor": ("second_factor", "Let somebody in who has lost their passkey or codes."),
    "backup": ("backup", "Write everything into one file."),
    "restore": ("restore", "Fill an installation from a backup."),
    "doctor": ("doctor", "Look for what is wrong, and say what to do about it."),
    "version": ("version", "Say which version this is."),
}
"""Name of each command: its module in this package (whose `command` it is), and what it does in a line."""


def exists(name: str) -> bool:
    return name in COMMANDS and find_spec(f"{__name__}.{COMMANDS[name][0]}") is not None


class LazyGroup(click.Group):
    """Lists the commands without importing them, so that `rugui --help` answers at once."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [name for name in COMMANDS if exists(name)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if not exists(cmd_name):
            return None
        module = import_module(f"{__name__}.{COMMANDS[cmd_name][0]}")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, COMMANDS[name][1]) for name in self.list_commands(ctx)])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Rugui: for businesses that live on loyal customers."""
