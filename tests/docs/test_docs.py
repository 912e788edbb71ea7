"""What the documentation says is so: its commands exist, its links lead somewhere, its method page tells the truth."""

from __future__ import annotations

import ast
import re
import shlex
import struct
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import click
import pytest

from rugui.cli import main

from .pages import DOCS, ROOT, Page, pages

PAGES = pages()
METHOD = Page(DOCS / "method.md")
CHAPTERS = {"K": 10, "A": 6, "S": 10, "L": 7, "R": 12, "I": 7, "P": 7, "V": 6, "Y": 5}
ROW = re.compile(r"^\| ([A-Z]\d+) \| ([^|]+) \| ([^|]+) \|([^|]*)\|([^|]*)\|$", re.MULTILINE)


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_every_link_leads_somewhere(page: Page) -> None:
    lost = []
    for link in page.links():
        name, _, anchor = link.partition("#")
        target = (page.path.parent / name).resolve() if name else page.path
        if not target.exists() or (anchor and anchor not in Page(target).anchors()):
            lost.append(link)
    assert lost == []


def test_every_page_is_in_the_table_of_contents() -> None:
    listed = {
        line for text in Page(DOCS / "index.md").examples("{toctree}") for line in text.splitlines() if line
    }
    written = {
        str(page.path.relative_to(DOCS).with_suffix("")) for page in PAGES if DOCS in page.path.parents
    }
    assert written - listed == {"index"}
    assert {name for name in listed - written if not name.startswith(":")} == set()


@pytest.mark.parametrize("page", [page for page in PAGES if page.commands()], ids=str)
def test_every_command_exists_with_its_options(page: Page) -> None:
    assert [problem for command in page.commands() for problem in _wrong(command)] == []


def _wrong(command: str) -> list[str]:
    name, *words = shlex.split(command)
    if name.startswith("script/"):
        return _wrong_script(name, words)
    if not words or words[0] == "COMMAND" or words[0].startswith("-"):
        return []
    return _wrong_options(words[0], words[1:])


def _wrong_script(name: str, words: list[str]) -> list[str]:
    if not (ROOT / name).exists():
        return [f"{name} is not there"]
    if name == "script/up":
        return _wrong_options("up", words)
    if name == "script/test" and words:
        return [] if (ROOT / words[0]).exists() else [f"{words[0]} is not there"]
    if name == "script/bench" and words and words[0].islower():
        names = {path.stem.rstrip("_") for path in (ROOT / "benchmarks").glob("*.py")}
        return [] if words[0] in names else [f"there is no benchmark {words[0]}"]
    return []


def _wrong_options(name: str, words: list[str]) -> list[str]:
    context = click.Context(main)
    command = main.get_command(context, name)
    if command is None:
        return [f"there is no command {name}"]
    while isinstance(command, click.Group) and words and (inner := command.get_command(context, words[0])):
        command, name, words = inner, f"{name} {words[0]}", words[1:]
    if isinstance(command, click.Group) and words:
        return [f"there is no command {name} {words[0]}"]
    known = {option for param in command.params for option in (*param.opts, *param.secondary_opts)}
    known |= set(command.get_help_option_names(context))
    wrong = [
        f"{name} has no {word}" for word in words if word.startswith("--") and word.split("=")[0] not in known
    ]
    first = next((param for param in command.params if isinstance(param, click.Argument)), None)
    if first is not None and isinstance(first.type, click.Choice) and words and not words[0].isupper():
        choices = [str(choice) for choice in first.type.choices]
        wrong += [f"{name} takes no {word}" for word in words[0].split("|") if word not in choices]
    return wrong


def test_a_wrong_command_in_the_documentation_is_noticed() -> None:
    assert _wrong("rugui up --empti") == ["up has no --empti"]
    assert _wrong("rugui imports customers") == ["there is no command imports"]
    assert _wrong("rugui import people FILE.csv") == ["import takes no people"]
    assert _wrong("rugui language check --langage en") == ["language check has no --langage"]
    assert _wrong("rugui language chek") == ["there is no command language chek"]
    assert _wrong("script/down") == ["script/down is not there"]


@pytest.mark.parametrize(
    ("page", "text"),
    [
        pytest.param(page, text, id=f"{page}-{n}")
        for page in PAGES
        for n, text in enumerate(page.examples("python"))
    ],
)
def test_python_examples_are_python_and_come_out_as_they_say(page: Page, text: str) -> None:
    compile(text, str(page), "exec")
    if "import " not in text:
        return  # a piece of something larger
    names: dict[str, object] = {"UTC": UTC, "datetime": datetime}
    exec(text, names)
    for expression, said in re.findall(r"^(\S.*?\))\s+# (True|False|\d+|None)\b", text, re.MULTILINE):
        if said.isdigit():
            continue  # the beginning of a sentence
        assert eval(expression, names) is ast.literal_eval(said), expression


def test_the_method_page_has_a_line_for_each_id() -> None:
    expected = [f"{letter}{number}" for letter, count in CHAPTERS.items() for number in range(1, count + 1)]
    assert [row[0] for row in ROW.findall(METHOD.text)] == expected


def test_what_works_says_where_it_lives_and_what_shows_it() -> None:
    wrong = []
    for identifier, _asked, today, where, shown in ROW.findall(METHOD.text):
        status = re.match(r"works|part|not yet", today)
        told = bool(where.strip()), bool(shown.strip())
        if status is None or told != ((False, False) if status[0] == "not yet" else (True, True)):
            wrong.append(identifier)
    assert wrong == []


def test_the_places_and_tests_that_the_method_page_names_exist() -> None:
    named = re.findall(r"`(\S+?\.py)::(test_\w+)`", METHOD.text)
    missing = [f"{path}::{test}" for path, test in named if not _has_test(ROOT / "tests" / path, test)]
    tables = METHOD.text[METHOD.text.index("## K") :]
    places = set(re.findall(r"`([a-z_/]+(?:\.py|/))`", tables))
    missing += sorted(place for place in places if not (ROOT / "src/rugui" / place).exists())
    assert missing == []
    assert len(named) > 40
    assert len(places) > 15


def _has_test(path: Path, name: str) -> bool:
    return path.exists() and re.search(rf"^(async )?def {name}\(", path.read_text(), re.MULTILINE) is not None


@pytest.mark.parametrize("guide", ["front-desk", "manager", "owner", "customer"])
def test_guides_call_things_as_the_pages_do(guide: str) -> None:
    package = ROOT / "src/rugui"
    words = " ".join(
        path.read_text() for kind in ("html", "py") for path in sorted(package.rglob(f"*.{kind}"))
    )
    bold = {
        said.rstrip(".:") for said in re.findall(r"\*\*([^*]+)\*\*", Page(DOCS / f"guide/{guide}.md").text)
    }
    assert sorted(said for said in bold if said not in words) == []


def test_pictures_are_small_and_as_large_as_the_screens_they_show() -> None:
    pictures = sorted((DOCS / "images").glob("*.png"))
    sizes = {path.name: struct.unpack(">II", path.read_bytes()[16:24]) for path in pictures}
    phone = {name for name in sizes if "-phone" in name}
    assert {sizes[name] for name in phone} == {(720, 1440)}
    assert {sizes[name] for name in sizes.keys() - phone - {"together.png"}} == {(1280, 800)}
    assert max(path.stat().st_size for path in pictures) < 200_000
    assert sum(path.stat().st_size for path in pictures) < 4_000_000


@pytest.mark.slow
def test_the_site_builds_without_a_warning(tmp_path: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "sphinx",
        "-b",
        "html",
        "-W",
        "--keep-going",
        "-q",
        str(DOCS),
        str(tmp_path / "site"),
    ]
    built = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (built.returncode, built.stderr) == (0, "")
    assert (tmp_path / "site/method.html").exists()
