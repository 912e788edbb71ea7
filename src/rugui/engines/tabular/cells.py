"""Columns of cells into values: texts, choices, names, identities."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from ..identities import normal_identity
from .base import Problem, Read, each_once, shown
from .columns import folded

_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\uac00-\ud7a3\u3041-\u30ff]")
_CONTROLS = dict.fromkeys([*range(9), 11, 12, *range(14, 32), 127])
"""Control characters other than tab and line ends; nobody typed them, and nothing can show them."""


def tidy(cells: Sequence[str]) -> list[str]:
    """Outer space gone (ideographic space too), control characters removed."""
    if "".join(cells).isprintable():
        return list(map(str.strip, cells))
    return [_tidied(cell) if not cell.isprintable() else cell.strip() for cell in cells]


def _tidied(cell: str) -> str:
    return cell.translate(_CONTROLS).strip().strip("\u200b\ufeff").strip()


def read_texts(field: str, cells: Sequence[str], longest: int, *, required: bool = False) -> Read:
    problems: dict[int, Problem] = {}
    if max(map(len, cells), default=0) <= longest and (not required or all(cells)):
        return list(cells), problems
    for index, cell in enumerate(cells):
        if len(cell) > longest:
            problems[index] = Problem(field, "long", {"longest": str(longest), "length": str(len(cell))})
        elif required and not cell:
            problems[index] = Problem(field, "missing")
    return list(cells), problems


def read_choices(field: str, cells: Sequence[str], words: Mapping[str, str], allowed: Sequence[str]) -> Read:
    """The choice that each cell means; empty cells stay empty."""

    def one(cell: str) -> str | Problem:
        fold = folded(cell)
        value = words.get(fold) or next((name for name in allowed if folded(name) == fold), "")
        return value or Problem(field, "choice", {"value": shown(cell), "choices": list(allowed)})

    return each_once(cells, one)


def read_identities(field: str, kind: str, cells: Sequence[str], region: str) -> Read:
    """The comparable form of each; empty cells stay empty."""

    def one(cell: str) -> str | Problem:
        normal = normal_identity(kind, cell, region) if len(cell) <= 200 else None
        return normal or Problem(field, kind, {"value": shown(cell), "region": region})

    return each_once(cells, one)


def joined_names(family: Sequence[str], given: Sequence[str]) -> list[str]:
    """Family and given name as that language writes them: 陳 + 玉婷 is 陳玉婷, Chen + Ana is Ana Chen."""
    return [_joined(one, other) for one, other in zip(family, given, strict=True)]


def _joined(family: str, given: str) -> str:
    if not family or not given:
        return family or given
    if _HAN.search(family) or _HAN.search(given):
        return family + given
    return f"{given} {family}"


def read_named(
    field: str, cells: Sequence[str], known: Mapping[str, int], code: str
) -> tuple[list[int | None], dict[int, Problem]]:
    """The number behind a name (of a place, say), compared without regard to capitals and space."""
    by_name: dict[str, int | None] = {folded(name): number for name, number in known.items()}
    values: list[int | None] = []
    problems: dict[int, Problem] = {}
    for index, cell in enumerate(cells):
        value = by_name.get(folded(cell)) if cell else None
        if cell and value is None:
            problems[index] = Problem(field, code, {"value": shown(cell), "choices": list(known)})
        values.append(value)
    return values, problems


_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def escaped(cells: Sequence[str]) -> list[str]:
    r"""As PostgreSQL's COPY reads text: tabs, line ends and backslashes escaped."""
    joined = "".join(cells)
    if joined.isprintable() and "\\" not in joined:
        return list(cells)
    return [cell.translate(_ESCAPES) if not cell.isprintable() or "\\" in cell else cell for cell in cells]


def nullable(cells: Sequence[str]) -> list[str]:
    r"""As `escaped`, with `\N` (no value) for empty cells."""
    return escaped(cells) if all(cells) else [cell or "\\N" for cell in escaped(cells)]
