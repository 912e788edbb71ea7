"""What a rule marks before it holds: in a sample, and in what the house wrote lately. Nobody is named, nothing is kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..engines.coach import Coach, Context, Pack, PackError, Rule, language_of
from . import packs
from .packs import Body
from .replies import Reply

SHOWN = 5
AROUND = 60
"""Characters shown on either side of a mark."""

Part = tuple[str, bool]
"""Words, and whether they are marked."""


@dataclass(frozen=True, slots=True)
class Shadow:
    """What a rule would have marked in the latest replies."""

    replies: int
    marked: int
    """Of them, those with a mark."""
    marks: int
    examples: tuple[tuple[str, str, str], ...]
    """(before, marked, after) of the newest."""


def coach_of(rules: Sequence[Rule]) -> Coach:
    return Coach([Pack("tried", {}, (), "", "", "", tuple(rules))])


def rules_of(pack: str, body: Body) -> list[Rule]:
    """What `body` comes to; nothing when it is not in order."""
    try:
        tested = {**body, "disabled": False, "examples": body.get("examples") or {"match": ["…"]}}
        return packs.build(pack, [tested], prove=False)
    except (PackError, TypeError, ValueError, AttributeError, LookupError):
        return []


def sample(coach: Coach, text: str) -> list[Part]:
    """The sample in parts, those that would be marked told apart."""
    parts: list[Part] = []
    at = 0
    for mark in coach.read(text):
        if mark.start >= at:
            parts += [(text[at : mark.start], False), (text[mark.start : mark.end], True)]
            at = mark.end
    return [part for part in [*parts, (text[at:], False)] if part[0]]


def shadow(coach: Coach, replies: Sequence[Reply]) -> Shadow:
    """Reads the replies as if the rules had held."""
    marked = marks = 0
    examples: list[tuple[str, str, str]] = []
    for reply in replies:
        found = coach.read(reply.text, _context(reply))
        marked += bool(found)
        marks += len(found)
        if found and len(examples) < SHOWN:
            first, text = found[0], reply.text
            before, after = text[: first.start][-AROUND:], text[first.end :][:AROUND]
            examples.append((before, text[first.start : first.end], after))
    return Shadow(len(replies), marked, marks, tuple(examples))


def _context(reply: Reply) -> Context:
    occasions = frozenset({reply.occasion}) if reply.occasion else frozenset()
    return Context(language=language_of(reply.text), occasions=occasions, channel=reply.channel)
