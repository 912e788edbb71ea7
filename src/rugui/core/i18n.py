"""`python -m rugui.core.i18n compile`: makes the translations readable by the program, where they have changed.

The compiled files are not kept with the source; whoever installs it makes them.
"""

from __future__ import annotations

import sys
from pathlib import Path

LOCALES = Path(__file__).parent.parent / "locale"


def outdated(folder: Path = LOCALES) -> list[Path]:
    """The translations whose compiled file is missing or older."""
    return [
        source
        for source in sorted(folder.glob("*/LC_MESSAGES/*.po"))
        if not (made := source.with_suffix(".mo")).exists() or made.stat().st_mtime < source.stat().st_mtime
    ]


def compile_outdated(folder: Path = LOCALES) -> list[Path]:
    """Compiles them, each whole or not at all; returns the files made."""
    found = outdated(folder)
    if not found:
        return []
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    made = []
    for source in found:
        with source.open("rb") as file:
            catalog = read_po(file, locale=source.parent.parent.name)
        target = source.with_suffix(".mo")
        part = target.with_suffix(".mo.part")
        with part.open("wb") as file:
            write_mo(file, catalog)
        part.replace(target)
        made.append(target)
    return made


if __name__ == "__main__":
    if sys.argv[1:] != ["compile"]:
        sys.exit("Usage: python -m rugui.core.i18n compile")
    compile_outdated()
