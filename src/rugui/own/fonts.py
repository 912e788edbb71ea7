"""Letters for a PDF: which font draws which character, so that any name in any script can be read.

A TrueType font of the system that has Chinese is embedded (only the letters that are used). Where there is none, the
standard Chinese, Japanese and Korean fonts of PDF are named instead, which readers bring along. Latin, Greek and
Cyrillic letters are embedded always.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cache
from html import escape
from itertools import groupby
from pathlib import Path

FOLDERS = (
    "/usr/share/fonts", "/usr/local/share/fonts", "~/.fonts", "~/.local/share/fonts", "/Library/Fonts", "/System/Library/Fonts",
    "C:/Windows/Fonts",
)  # fmt: skip
LATIN = ("DejaVuSans.ttf", "NotoSans-Regular.ttf", "LiberationSans-Regular.ttf")
CHINESE = {
    "zh-hant": ("NotoSansTC-Regular.ttf", "NotoSansTC[wght].ttf", "msjh.ttc", "wqy-microhei.ttc", "wqy-zenhei.ttc", "uming.ttc",
                "DroidSansFallbackFull.ttf", "DroidSansFallback.ttf"),
    "zh-hans": ("NotoSansSC-Regular.ttf", "NotoSansSC[wght].ttf", "msyh.ttc", "wqy-microhei.ttc", "wqy-zenhei.ttc", "uming.ttc",
                "DroidSansFallbackFull.ttf", "DroidSansFallback.ttf"),
}  # fmt: skip
"""Files of TrueType outlines; those with PostScript outlines cannot be embedded by what draws the page."""
NAMED = {"zh-hant": ("MSung-Light", "cp950"), "zh-hans": ("STSong-Light", "gbk"), "ja": ("HeiseiMin-W3", "cp932"), "ko": ("HYSMyeongJo-Medium", "cp949")}  # fmt: skip
"""Fonts that PDF readers bring along, and an encoding that says which characters each has."""


@dataclass(frozen=True, slots=True)
class Face:
    """A font by its name in the document, and the characters that it has: code points, or an encoding."""

    name: str
    has: frozenset[int] | str

    def draws(self, character: str) -> bool:
        if isinstance(self.has, frozenset):
            return ord(character) in self.has
        try:
            return bool(character.encode(self.has))
        except UnicodeEncodeError:
            return False


@cache
def faces(language: str) -> tuple[Face, ...]:
    """The fonts for a document in this language, in the order in which they are asked."""
    chinese = ["zh-hans", "zh-hant"] if language == "zh-hans" else ["zh-hant", "zh-hans"]
    found = [_latin(), *(face for each in chinese if (face := _installed(f"Chinese {each}", CHINESE[each])))]
    return (*found, *(_named(*NAMED[each]) for each in (*chinese, "ja", "ko")))


def marked(text: str, language: str) -> str:
    """The text as markup in which every stretch names its font. Line breaks become `<br/>`; what nothing draws, "?"."""
    known = faces(language)

    def face_of(character: str) -> str:
        return next((face.name for face in known if face.draws(character)), "")

    stretches = []
    for name, run in groupby(
        "\n".join(text.splitlines()), lambda each: known[0].name if each.isspace() else face_of(each)
    ):
        words = escape("".join(run), quote=False).replace("\n", "<br/>")
        stretches.append(f'<font name="{name or known[0].name}">{words if name else "?" * len(words)}</font>')
    return "".join(stretches)


def is_chinese(text: str) -> bool:
    """Whether lines may be broken between any two letters."""
    return any(
        0x2E80 <= ord(each) <= 0x9FFF or 0xAC00 <= ord(each) <= 0xFFEF or ord(each) >= 0x20000
        for each in text
    )


def _latin() -> Face:
    import reportlab

    ours = Path(reportlab.__file__).parent / "fonts" / "Vera.ttf"
    return _installed("Latin", LATIN) or _registered("Latin", ours)


def _installed(name: str, files: tuple[str, ...]) -> Face | None:
    from reportlab.pdfbase.ttfonts import TTFError

    there = _system_fonts()
    for each in files:
        if (path := there.get(each.lower())) is not None:
            try:
                return _registered(name, path)
            except (TTFError, OSError):
                continue
    return None


def _registered(name: str, path: Path) -> Face:
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    font = TTFont(name, str(path))
    pdfmetrics.registerFont(font)
    return Face(name, frozenset(font.face.charToGlyph))


def _named(name: str, encoding: str) -> Face:
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont

    pdfmetrics.registerFont(UnicodeCIDFont(name))
    return Face(name, encoding)


@cache
def _system_fonts() -> dict[str, Path]:
    """Font files of the system by name. Read once a process."""
    found: dict[str, Path] = {}
    for folder in FOLDERS:
        for at, _folders, files in os.walk(Path(folder).expanduser()):
            for each in files:
                if each.lower().endswith((".ttf", ".ttc")):
                    found.setdefault(each.lower(), Path(at) / each)
    return found
