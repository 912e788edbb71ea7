"""A rule between a plain form and a file: words a line each, plain or as patterns, and what differs by script."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from .packs import Body

SCRIPTS = {"繁": "zh-Hant", "简": "zh-Hans"}
_PREFIX = re.compile(r"(?P<script>[繁简])\s*[:：]\s*(?P<text>.*)", re.DOTALL)
_META = re.compile(r"([\\.^$*+?{}\[\]|()])")
_SLUG = re.compile(r"[^a-z0-9]+")


def plain(text: str) -> str:
    """Words as a pattern that finds just these."""
    return _META.sub(r"\\\1", text)


def is_plain(pattern: str) -> bool:
    return plain(unescaped(pattern)) == pattern


def unescaped(pattern: str) -> str:
    return re.sub(r"\\([\\.^$*+?{}\[\]|()])", r"\1", pattern)


def lines(text: str) -> list[str]:
    """One entry a line; empty lines are none."""
    return [line.strip() for line in text.replace("\r\n", "\n").split("\n") if line.strip()]


def read(text: str, *, shared: bool) -> Any:
    """Lines of a form as the value of a key: a list, or by script where lines begin with 繁: or 简:.

    `shared`: as tokens have it, where lines without a script stand under `shared`; else they stand under both.
    """
    entries = [(found["script"], found["text"]) if (found := _PREFIX.fullmatch(line)) else ("", line) for line in lines(text)]  # fmt: skip
    if not any(script for script, _text in entries):
        return [said for _script, said in entries]
    both = [said for script, said in entries if not script]
    by = {name: [said for script, said in entries if script == sign] for sign, name in SCRIPTS.items()}
    if shared:
        return {key: said for key, said in {"shared": both, **by}.items() if said}
    return {name: both + said for name, said in by.items()}


def shown(value: Any) -> str:
    """The value of a key as lines of a form."""
    if isinstance(value, str):
        return value
    if isinstance(value, dict):
        sign = {name: sign for sign, name in SCRIPTS.items()}
        return "\n".join(
            f"{sign[script]}：{each}" if script in sign else str(each)
            for script, entries in value.items()
            for each in ([entries] if isinstance(entries, str) else entries)
        )
    return "\n".join(str(each) for each in value or ())


def values(value: Any) -> list[str]:
    """All texts of a key, of whichever script."""
    if isinstance(value, dict):
        return [each for entries in value.values() for each in values(entries)]
    return [value] if isinstance(value, str) else [str(each) for each in value or ()]


def slug(words: Sequence[str], taken: Sequence[str]) -> str:
    """A name for a new rule, from its words, that no other rule has."""
    base = _SLUG.sub("-", (words[0] if words else "").lower()).strip("-")[:40].strip("-") or "rule"
    name, number = base, 2
    while name in taken:
        name, number = f"{base}-{number}", number + 1
    return name


def differing(body: Body, base: Body | None) -> Body:
    """Of a rule that stands on a starter rule, only what differs: what the starter changes later still arrives."""
    if base is None:
        return body
    return {"id": body["id"], **{key: value for key, value in body.items() if base.get(key) != value}}
