"""`rugui language`: the coach for files and for editors."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from ..engines.coach import Coach, Context, Pack

MARKED, WRONG = 1, 2
SEVERITIES = ("suggestion", "warning", "error")


def cache_folder() -> Path:
    """Where packs are kept once they are read."""
    base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(base) / "rugui" / "coach"


def packs(rules: Sequence[Path], *, starters: bool) -> list[Pack]:
    """The packs asked for. Ends the command with everything that is wrong with them."""
    from ..engines.coach import PackError, sources
    from ..engines.coach import starters as shipped
    from ..engines.coach.kept import load_kept

    try:
        own = [source for path in rules for source in sources(path)]
    except (OSError, UnicodeDecodeError) as error:
        raise _Wrong(f"The rules could not be read: {error}") from None
    try:
        return load_kept([*(shipped() if starters else ()), *own], shipped(), cache_folder())
    except PackError as error:
        raise _Wrong("\n".join(map(str, error.problems))) from None


class _Wrong(click.ClickException):
    exit_code = WRONG


def coach(rules: Sequence[Path], *, starters: bool) -> Coach:
    from ..engines.coach import Coach

    return Coach(packs(rules, starters=starters))


def context(**said: Any) -> Context:
    from ..engines.coach import Context

    return Context(**said)


RULES = click.option(
    "--rules",
    multiple=True,
    type=click.Path(exists=True, path_type=Path),
    help="A pack, or a folder of Vale's rule files; may be repeated.",
)
STARTERS = click.option(
    "--starters/--no-starters", default=True, help="With or without the packs that come with the program."
)
LANGUAGE = click.option(
    "--language",
    type=click.Choice(["en", "zh-Hant", "zh-Hans"]),
    default=None,
    help="Of the texts; told by their characters otherwise.",
)
EXPLAIN = click.option(
    "--explain-in",
    type=click.Choice(["en", "zh-Hant", "zh-Hans"]),
    default=None,
    help="Language of the reasons; that of the text otherwise.",
)


@click.group()
def command() -> None:
    """Check what is written to customers."""


@command.command()
@click.argument("files", nargs=-1, type=click.Path(path_type=Path, allow_dash=True), metavar="[FILE]...")
@LANGUAGE
@click.option(
    "--occasion",
    multiple=True,
    help="complaint, apology, refusal, money, delay, farewell …; may be repeated. Unknown: rules for any count.",
)
@click.option("--channel", default="", help="email, chat, phone, in_person, web, review, sms or letter.")
@click.option(
    "--mood", default="", help="Of the reader: calm, happy, tired, worried, upset, angry or grieving."
)
@click.option("--region", default="", help="Of the reader: TW, HK, CN, GB, US …")
@RULES
@STARTERS
@EXPLAIN
@click.option(
    "--certain",
    type=click.FloatRange(0, 1),
    default=0.0,
    help="Leave out marks that are less certain than this.",
)
@click.option(
    "--fail-on",
    type=click.Choice([*SEVERITIES, "never"]),
    default="suggestion",
    show_default=True,
    help="The least severity that ends with 1.",
)
@click.option(
    "--format", "form", type=click.Choice(["text", "json", "sarif"]), default="text", show_default=True
)
def check(
    files: tuple[Path, ...], *, form: str, fail_on: str, rules: tuple[Path, ...], starters: bool, **said: Any
) -> None:
    """Mark what a good house would not say, in each FILE; - or none reads what is typed or piped in.

    Ends with 0 when nothing is marked, 1 when something is, 2 when a file or a rule could not be read.
    """
    from . import language_reports

    reader = coach(rules, starters=starters)
    about = context(
        language=said["language"] or "", occasions=frozenset(said["occasion"]), channel=said["channel"], mood=said["mood"],
        region=said["region"], explain_in=said["explain_in"] or "", certain=said["certain"],
    )  # fmt: skip
    checked, unreadable = [], False
    for path in files or (Path("-"),):
        try:
            text = _text(path)
        except (OSError, UnicodeDecodeError) as error:
            what = (
                "it is not UTF-8 text; save it as UTF-8"
                if isinstance(error, UnicodeDecodeError)
                else error.strerror
            )
            click.echo(f"{path}: {what}", err=True)
            unreadable = True
            continue
        checked.append(language_reports.Checked(str(path), text, reader.read(text, about)))
    click.echo(language_reports.REPORTS[form](checked, reader), nl=form != "text")
    worst = max((SEVERITIES.index(mark.severity) for each in checked for mark in each.marks), default=-1)
    if unreadable:
        sys.exit(WRONG)
    sys.exit(MARKED if fail_on != "never" and worst >= SEVERITIES.index(fail_on) else 0)


def _text(path: Path) -> str:
    raw = sys.stdin.buffer.read() if str(path) == "-" else path.read_bytes()
    return raw.decode("utf-8-sig")


@command.command()
@click.argument("files", nargs=-1, type=click.Path(exists=True, path_type=Path), metavar="[FILE]...")
@STARTERS
def rules(files: tuple[Path, ...], *, starters: bool) -> None:
    """Read packs, run the examples of their rules, and say how many there are or what is wrong with them."""
    for pack in packs(files, starters=starters):
        click.echo(f"{pack.id} {pack.version} ({', '.join(pack.languages)}): {len(pack.rules)} rules")
        for warning in pack.warnings:
            click.echo(f"  {warning}")


@command.command()
@LANGUAGE
@RULES
@STARTERS
@EXPLAIN
def serve(*, rules: tuple[Path, ...], starters: bool, language: str | None, explain_in: str | None) -> None:
    """Speak with an editor: a language server over standard input and output."""
    from .language_server import serve as answer

    answer(coach(rules, starters=starters), context(language=language or "", explain_in=explain_in or ""))
