"""The translations: collected from the source, and made readable by the program.

`python -m rugui.core.i18n collect` (script/messages) brings the catalogues up to date with the words in templates and
code; `python -m rugui.core.i18n compile` compiles those that have changed. The compiled files are not kept with the
source; whoever installs it makes them.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

PACKAGE = Path(__file__).parent.parent
LOCALES = PACKAGE / "locale"
CATALOGUES = ("zh_Hant", "zh_Hans")
"""The languages that are translated; English is what is translated from."""
CHURN = re.compile(
    r'^"(?:POT-Creation-Date|PO-Revision-Date|Last-Translator|Language-Team|Report-Msgid-Bugs-To): .*\n',
    re.MULTILINE,
)
"""Lines of a catalogue's head that change with every run and tell nobody anything."""


def collect(into: Path = LOCALES) -> None:
    """Brings the catalogues in a folder up to date with the words of templates and code.

    It needs GNU gettext, and works on a copy of the source, since makemessages writes beside the templates.
    """
    command = [
        sys.executable,
        "-m",
        "django",
        "makemessages",
        "--no-obsolete",
        "--no-wrap",
        "--add-location=file",
    ]
    for name in CATALOGUES:
        command += ["--locale", name]
    # Without settings it cannot reach for the catalogues of the source itself.
    environment = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "rugui"
        shutil.copytree(
            PACKAGE, copy, ignore=shutil.ignore_patterns("*.mo", "static", "migrations", "locale")
        )
        (copy / "locale").mkdir()
        for name in CATALOGUES:
            if (source := into / name).exists():
                shutil.copytree(source, copy / "locale" / name)
        subprocess.run(command, cwd=copy, env=environment, check=True, capture_output=True)
        for name in CATALOGUES:
            made = copy / "locale" / name / "LC_MESSAGES" / "django.po"
            target = into / name / "LC_MESSAGES" / "django.po"
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(CHURN.sub("", made.read_text("utf-8")), "utf-8")


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
    match sys.argv[1:]:
        case ["compile"]:
            compile_outdated()
        case ["collect"]:
            collect()
        case _:
            sys.exit("Usage: python -m rugui.core.i18n collect|compile")
