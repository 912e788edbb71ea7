"""The command line as a whole."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest
from click.testing import CliRunner

from rugui.cli import COMMANDS, main

OPERATE = Path(__file__).parents[2] / "docs" / "operate.md"


def test_help_lists_every_command() -> None:
    shown = CliRunner().invoke(main, ["--help"]).output
    listed = [
        line.split()[0]
        for line in shown.split("Commands:")[1].splitlines()
        if line.startswith("  ") and line[2] != " "
    ]
    assert listed == list(COMMANDS)


def test_the_handbook_mentions_every_command() -> None:
    text = OPERATE.read_text()
    assert [name for name in COMMANDS if f"`rugui {name}" not in text] == []


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help(name: str) -> None:
    result = CliRunner().invoke(main, [name, "--help"])
    assert result.exit_code == 0
    assert result.output.startswith(f"Usage: main {name}")


def test_help_imports_neither_django_nor_a_database_driver() -> None:
    script = (
        "import sys; from click.testing import CliRunner; from rugui.cli import main;"
        "CliRunner().invoke(main, ['--help']);"
        "print(sorted({'django', 'psycopg', 'pydantic', 'granian'} & set(sys.modules)))"
    )
    shown = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert shown.stdout == "[]\n"


def test_version_says_which() -> None:
    assert CliRunner().invoke(main, ["version"]).output == f"rugui {version('rugui')}\n"


def test_an_unknown_command_is_refused() -> None:
    result = CliRunner().invoke(main, ["dance"])
    assert result.exit_code == 2
    assert "No such command 'dance'" in result.output
