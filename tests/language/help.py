"""A rule of the house's own, as tests need one."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from rugui.language import actions
from rugui.language.actions import Change
from rugui.language.models import LexiconVersion

from .. import factories
from ..recover.help import acting

BODY: dict[str, Any] = {
    "id": "kind-regards",
    "category": "style",
    "severity": "warning",
    "why": "We sign with our name.",
    "rather": ["Yours, {writer}"],
    "tokens": ["kind regards"],
    "examples": {"match": ["Kind regards, the desk"]},
}
FORM = {
    "pack": "en", "words": "kind regards\nbest wishes", "instead": "Yours, {writer}", "why": "We sign with our name.",
    "marks": "Kind regards, the desk", "category": "closing", "severity": "warning", "do": "use",
}  # fmt: skip


def rule(name: str = "kind-regards", **keys: Any) -> Change:
    return Change("en", name, {**BODY, **keys, "id": name})


def in_use(
    house: factories.House, *changes: Change, by: str = "alice", now: datetime | None = None
) -> LexiconVersion:
    with acting(house, by) as (actor, moment):
        return actions.change_at_once(actor, list(changes), now=now or moment)
