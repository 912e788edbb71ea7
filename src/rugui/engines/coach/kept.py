"""Packs once read and proved, kept in a file, so that a command need not read and prove them again.

The file is named after a digest of the rules and of this package: whatever changes, it is not found and made anew. It holds plain
JSON, nothing that could be run.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from .files import Source, load
from .patterns import Pattern
from .rules import Condition, Examples, Kind, Pack, Problem, Rule, Scope, Severity, Side, Spare, Step, Token

try:
    from _blake2 import blake2b  # hashlib takes ten milliseconds to find others
except ImportError:  # pragma: no cover  # a Python built without
    from hashlib import blake2b

T = TypeVar("T")
MOST = 20
"""Files that a folder keeps."""


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
        lambda packs: [_in(each) for each in packs],
        lambda said: [_out(each) for each in said],
    )


def name_of(folder: Path, given: Iterable[Source], known: Iterable[Source] = ()) -> Path:
    """The file in which what these rules come to is kept, whether it is there or not."""
    return folder / f"{digest((given, known))}.json"


def kept(file: Path, make: Callable[[], T], into: Callable[[T], Any], out: Callable[[Any], T]) -> T:
    """What `make` makes, or made before, as `file` says: `into` JSON and `out` of it. Of several programs only one makes it."""
    if (found := _read(file, out)) is not None:
        return found
    with _alone(file.parent):
        if (found := _read(file, out)) is not None:
            return found
        made = make()
        _write(file, json.dumps(into(made), ensure_ascii=False, separators=(",", ":")))
    return made


def _read(file: Path, out: Callable[[Any], T]) -> T | None:
    try:
        return out(json.loads(file.read_bytes()))
    except (OSError, ValueError, TypeError, LookupError):
        return None


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


def _write(file: Path, text: str) -> None:
    """In one step, so that another command never reads half of it; a full or read-only disk is no reason to fail."""
    import tempfile

    try:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=file.parent, delete=False) as half:
            half.write(text)
        Path(half.name).replace(file)
        for old in sorted(file.parent.glob("*.json"), key=lambda each: each.stat().st_mtime)[:-MOST]:
            old.unlink(missing_ok=True)
    except OSError:
        return


def digest(groups: Iterable[Iterable[Source]]) -> str:
    """The name of what is made of these rules by this package."""
    made = blake2b(_package(), digest_size=16)
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


def _in(value: Any) -> Any:
    """As JSON: objects as mappings of what is not as it would be anyway, sets and tuples as lists."""
    if hasattr(value, "_asdict"):
        usual = value._field_defaults
        return {
            key: _in(each) for key, each in value._asdict().items() if key not in usual or usual[key] != each
        }
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, dict):
        return {key: _in(each) for key, each in value.items()}
    if isinstance(value, tuple | list):
        return [_in(each) for each in value]
    return value


def _maker(made: Callable[..., T], **parts: Callable[[Any], Any]) -> Callable[[Any], T]:
    """From what `_in` says of an object to the object, its fields made by `parts`."""

    def out(said: dict[str, Any]) -> T:
        for key, part in parts.items():
            if key in said:
                said[key] = part(said[key])
        return made(**said)

    return out


def _all(part: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda said: tuple([part(each) for each in said])


def _perhaps(part: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda said: None if said is None else part(said)


def _lists(said: dict[str, Any]) -> dict[str, tuple[str, ...]]:
    return {key: tuple(each) for key, each in said.items()}


_pattern = _maker(Pattern, phrases=tuple)
_condition = _maker(Condition, patterns=_all(_pattern), side=Side)
_conditions = _all(_condition)
_rule = _maker(
    Rule, kind=Kind, severity=Severity, scope=Scope, rather=_lists, languages=tuple,
    tokens=_all(_maker(Token, pattern=_pattern, swap=tuple)), exceptions=_all(_pattern), when=_all(_pattern),
    near=_conditions, unless=_conditions, occasions=frozenset, channels=frozenset, moods=frozenset, regions=frozenset,
    not_inside=frozenset, words=frozenset, first=_perhaps(_pattern), second=_perhaps(_pattern),
    either=_all(lambda said: tuple(map(_pattern, said))),
    steps=_all(_maker(Step, pattern=_perhaps(_pattern), tags=frozenset)),
    examples=_maker(Examples, match=tuple, passes=tuple),
)  # fmt: skip
_out = _maker(
    Pack, languages=tuple, rules=_all(_rule), warnings=_all(_maker(Problem)), extends=tuple,
    spares=_all(_maker(Spare, condition=_condition, categories=frozenset)),
)  # fmt: skip
