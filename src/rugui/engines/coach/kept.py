"""Packs once read and proved, kept in a file, so that a command need not read and prove them again.

The file is named after a digest of the rules and of this package: whatever changes, it is not found and made anew. It holds plain
JSON, nothing that could be run.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import fields, is_dataclass
from enum import StrEnum
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from .load import Source, load
from .patterns import Pattern
from .rules import Condition, Examples, Kind, Pack, Problem, Rule, Scope, Severity, Side, Step, Token

_CLASSES: tuple[type[Any], ...] = (Pack, Rule, Token, Pattern, Condition, Step, Examples, Problem)
_CHOICES: tuple[type[StrEnum], ...] = (Kind, Severity, Side, Scope)
_NUMBERS = {each: number for number, each in enumerate((*_CLASSES, *_CHOICES))}


def load_kept(given: Sequence[Source], known: Iterable[Source], folder: Path) -> list[Pack]:
    """As `load`, by way of a file in `folder`, which is made for this user alone. Raises PackError as `load` does."""
    known = list(known)
    file = folder / f"{_digest(given, known)}.json"
    try:
        return [_out(each) for each in json.loads(file.read_bytes())]
    except (OSError, ValueError, TypeError, LookupError):
        packs = load(given, known)
    _write(file, json.dumps([_in(each) for each in packs], ensure_ascii=False, separators=(",", ":")))
    return packs


def _write(file: Path, text: str) -> None:
    """In one step, so that another command never reads half of it; a full or read-only disk is no reason to fail."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=file.parent, delete=False) as half:
            half.write(text)
        Path(half.name).replace(file)
        for old in sorted(file.parent.glob("*.json"), key=lambda each: each.stat().st_mtime)[:-20]:
            old.unlink(missing_ok=True)
    except OSError:
        return


def _digest(given: Iterable[Source], known: Iterable[Source]) -> str:
    digest = sha256(_package())
    for group in (given, known):
        for source in group:
            digest.update(f"{source.name}\0{source.style}\0{source.text}\0".encode())
        digest.update(b"\1")
    return digest.hexdigest()


@cache
def _package() -> bytes:
    """What this package and this Python are."""
    digest = sha256(sys.version.encode())
    with os.scandir(Path(__file__).parent) as entries:
        for entry in sorted(entries, key=lambda each: each.name):
            if entry.name.endswith(".py"):
                digest.update(Path(entry.path).read_bytes())
    return digest.digest()


def _in(value: Any) -> Any:
    """As JSON: objects as [class, *fields], frozen sets and mappings marked, tuples as lists."""
    if isinstance(value, StrEnum):
        return {"e": [_NUMBERS[type(value)], value.value]}
    if is_dataclass(value):
        return {"o": [_NUMBERS[type(value)], *(_in(getattr(value, each.name)) for each in fields(value))]}
    if isinstance(value, frozenset):
        return {"s": sorted(value)}
    if isinstance(value, dict):
        return {"d": [[key, _in(each)] for key, each in value.items()]}
    if isinstance(value, tuple | list):
        return [_in(each) for each in value]
    return value


@cache
def _names(number: int) -> tuple[str, ...]:
    return tuple(each.name for each in fields(_CLASSES[number]))


def _out(value: Any) -> Any:
    if isinstance(value, list):
        return tuple([_out(each) for each in value]) if value else ()
    if not isinstance(value, dict):
        return value
    ((kind, said),) = value.items()
    if kind == "e":
        return _CHOICES[said[0] - len(_CLASSES)](said[1])
    if kind == "s":
        return frozenset(said)
    if kind == "d":
        return {key: _out(each) for key, each in said}
    values = [_out(each) for each in said[1:]]
    return _CLASSES[said[0]](**dict(zip(_names(said[0]), values, strict=True)))
