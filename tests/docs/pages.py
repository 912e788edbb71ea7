"""The documentation as tests read it: pages, fenced examples, commands, links."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
FENCE = re.compile(r"^```([\w{}-]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
INLINE = re.compile(r"`([^`\n]+)`")


@dataclass(frozen=True)
class Page:
    """One Markdown file, by its path from the root."""

    path: Path

    def __str__(self) -> str:
        return str(self.path.relative_to(ROOT))

    @property
    def text(self) -> str:
        return self.path.read_text(encoding="utf-8")

    @property
    def prose(self) -> str:
        """What is not an example."""
        return FENCE.sub("", self.text)

    def examples(self, *languages: str) -> list[str]:
        return [text for language, text in FENCE.findall(self.text) if language in languages]

    def links(self) -> list[str]:
        return [found for found in LINK.findall(self.prose) if "://" not in found]

    def anchors(self) -> set[str]:
        """The names of the headings, as the site makes them."""
        headings = re.findall(r"^#+ (.+)$", self.prose, re.MULTILINE)
        return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}

    def commands(self) -> list[str]:
        """Every `rugui …` and `script/…` that a reader is told to type."""
        typed = [line for text in self.examples("console") for line in told(text)]
        typed += re.findall(r"^ {4}(\S.*)$", self.prose, re.MULTILINE)
        typed += INLINE.findall(self.prose)
        found = [re.sub(r"\s+#.*$", "", re.sub(r"^(\w+=\S+\s+)+", "", line)) for line in typed]
        return [line for line in found if re.match(r"(rugui|script/[a-z]+)( [a-zA-Z-]|$)", line)]


def told(console: str) -> Iterator[str]:
    """The commands of a console example, those over several lines as one."""
    for line in re.sub(r" \\\n\s*", " ", console).splitlines():
        if line.startswith("$ "):
            yield line.removeprefix("$ ")


def pages() -> list[Page]:
    files = [path for path in DOCS.rglob("*.md") if "_build" not in path.parts]
    return [Page(path) for path in sorted([ROOT / "README.md", ROOT / "CONTRIBUTING.md", *files])]
