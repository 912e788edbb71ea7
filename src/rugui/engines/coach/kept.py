"""Packs once read and proved, kept in a file, so that a command need not read and prove them again.

The file is named after a digest of the rules and of this package: whatever changes, it is not found and made anew. It holds plain
values, nothing that could be run, as Python writes them for itself, which is read four times as fast as JSON; and their digest before
them, so that a file that was damaged is made anew as well.
"""

from __future__ import annotations

import marshal
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from .files import Source, load
from .patterns import Pattern
from .rules import (
    Condition,
    Examples,
    Kind,
    Pack,
    Problem,
    Rule,
    Scope,
    Severity,
    Side,
    Spare,
    Step,
    Token,
    named,
)

try:
    from _blake2 import blake2b  # hashlib takes ten milliseconds to find others
except ImportError:  # pragma: no cover  # a Python built without
    from hashlib import blake2b

T = TypeVar("T")
MOST = 20
"""Files that a folder keeps."""
SUFFIX, DIGEST = "kept", 16


def load_kept(
    given: Sequence[Source], known: Iterable[Source], folder: Path, *, prove: bool = True
) -> list[Pack]:
    """As `load`, by way of a file in `folder`, which is made for this user alone. Raises PackError as `load` does."""
    known = list(known)

    def made() -> list[Pack]:
        return load(given, known, prove=prove)

    return kept(
        name_of(folder, given, known),
        made,
        lambda packs: _in(tuple(packs), {}),
        lambda said: [_out(each) for each in said],
    )


def name_of(folder: Path, given: Iterable[Source], known: Iterable[Source] = ()) -> Path:
    """The file in which what these rules come to is kept, whether it is there or not."""
    return folder / f"{digest((given, known))}.{SUFFIX}"


def kept(file: Path, make: Callable[[], T], into: Callable[[T], Any], out: Callable[[Any], T]) -> T:
    """What `make` makes, or made before, as `file` says: `into` plain values and `out` of them. Of several programs only one makes it."""
    if (found := _read(file, out)) is not None:
        return found
    with _alone(file.parent):
        if (found := _read(file, out)) is not None:
            return found
        made = make()
        _write(file, marshal.dumps(into(made)))
    return made


def _read(file: Path, out: Callable[[Any], T]) -> T | None:
    try:
        written = file.read_bytes()
    except OSError:
        return None
    body = memoryview(written)[DIGEST:]
    return out(marshal.loads(body)) if _digest(body) == written[:DIGEST] else None  # noqa: S302  # what we have written


def _digest(body: bytes | memoryview) -> bytes:
    return blake2b(body, digest_size=DIGEST).digest()


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """While nobody else makes something in this folder. Without a place for a lock several may, which costs time only."""
    import fcntl

    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock = (folder / "making").open("w")
    except OSError:
        yield
        return
    with lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _write(file: Path, body: bytes) -> None:
    """In one step, so that another command never reads half of it; a full or read-only disk is no reason to fail."""
    import tempfile

    try:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.NamedTemporaryFile(dir=file.parent, delete=False) as half:
            half.write(_digest(body))
            half.write(body)
        Path(half.name).replace(file)
        for old in sorted(file.parent.glob(f"*.{SUFFIX}"), key=lambda each: each.stat().st_mtime)[:-MOST]:
            old.unlink(missing_ok=True)
    except OSError:
        return


def digest(groups: Iterable[Iterable[Source]]) -> str:
    """The name of what is made of these rules by this package."""
    made = blake2b(_package(), digest_size=DIGEST)
    for group in groups:
        for source in group:
            made.update(f"{source.name}\0{source.style}\0{source.text}\0".encode())
        made.update(b"\1")
    return made.hexdigest()


@cache
def _package() -> bytes:
    """What this package and this Python are: of each file its size and when it was written."""
    with os.scandir(Path(__file__).parent) as entries:
        found = sorted(
            (each.name, each.stat().st_size, each.stat().st_mtime_ns)
            for each in entries
            if each.name.endswith(".py")
        )
    return f"{sys.version}{found}".encode()


def _in(value: Any, known: dict[Any, Any]) -> Any:
    """Plain values: of a named tuple which of its fields are not as usual, and these; of a member of an enumeration its text.

    `known`: texts and places that are the same are the same object, and written once.
    """
    if isinstance(value, Enum | str):
        text = value.value if isinstance(value, Enum) else value
        return known.setdefault(text, text)
    if isinstance(value, dict):
        return {_in(key, known): _in(each, known) for key, each in value.items()}
    if not isinstance(value, tuple):
        return value
    if usual := getattr(value, "_field_defaults", None):
        named_fields = zip(value._fields, value, strict=True)  # type: ignore[attr-defined]  # it is a named tuple
        at = tuple(
            n for n, (name, each) in enumerate(named_fields) if name not in usual or usual[name] != each
        )
        return known.setdefault(at, at), tuple([_in(value[n], known) for n in at])
    return tuple([_in(each, known) for each in value])


def _maker(made: Any, **parts: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """From what `_in` says of a named tuple to the tuple, those of its fields that are no plain values made by `parts`."""
    usual = [made._field_defaults.get(name) for name in made._fields]
    by_place = [parts.get(name) for name in made._fields]

    def out(said: Any) -> Any:
        fields = usual.copy()
        for place, value in zip(*said, strict=True):
            part = by_place[place]
            fields[place] = part(value) if part else value
        return named(made, fields)

    return out


def _pattern(said: Any) -> Pattern | None:
    return named(Pattern, said) if said else None


def _all(part: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda said: tuple([part(each) for each in said])


def _member(of: type[Enum]) -> Callable[[Any], Any]:
    return {each.value: each for each in of}.__getitem__


_condition = _maker(Condition, patterns=_all(_pattern), side=_member(Side))
_conditions = _all(_condition)
_rule = _maker(
    Rule, kind=_member(Kind), severity=_member(Severity), scope=_member(Scope),
    tokens=_all(_maker(Token, pattern=_pattern)), exceptions=_all(_pattern), when=_all(_pattern),
    near=_conditions, unless=_conditions, first=_pattern, second=_pattern, either=_all(_all(_pattern)),
    steps=_all(_maker(Step, pattern=_pattern)), examples=_maker(Examples),
)  # fmt: skip
_out = _maker(
    Pack,
    rules=_all(_rule),
    warnings=_all(lambda said: named(Problem, said)),
    spares=_all(_maker(Spare, condition=_condition)),
)
