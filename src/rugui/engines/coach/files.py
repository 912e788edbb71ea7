"""Where rules are read from: files, and the packs that come with the program.

What makes rules of them is only imported when there is something to make: a command that finds its packs kept does not need it.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import NamedTuple

from .rules import Pack


class Source(NamedTuple):
    """A file of rules: its text, and the name that is told when something is wrong with it."""

    name: str
    text: str
    style: str = ""
    """Of a file of Vale's: the folder that it lies in."""


def sources(path: Path) -> list[Source]:
    """A file, or the rule files below a folder (`Style/Rule.yml`, as Vale keeps them)."""
    if path.is_dir():
        found = sorted(each for each in path.rglob("*.y*ml") if each.suffix in (".yml", ".yaml"))
        return [Source(str(each), each.read_text("utf-8"), each.parent.name) for each in found]
    return [Source(str(path), path.read_text("utf-8"), path.parent.name)]


@cache
def starters() -> tuple[Source, ...]:
    """The packs that come with the program."""
    folder = Path(__file__).parent / "packs"
    return tuple(Source(each.name, each.read_text("utf-8")) for each in sorted(folder.glob("*.yaml")))


def load(given: Iterable[Source], known: Iterable[Source] = (), *, prove: bool = True) -> list[Pack]:
    """As `loading.load`."""
    from .loading import load as whole

    return whole(given, known, prove=prove)
