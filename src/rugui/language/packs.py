"""From what a house has changed to rules: the starter packs once a process, the house's own on top of them.

A house's rules are kept as they stand in a file, by pack. Only those that it changed are read anew; all others are the
starter packs' own, shared by every house of the process. A rule is called `pack.name`, whoever wrote it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import Any

import yaml

from ..config import config
from ..engines.coach import Pack, PackError, Problem, Rule, Source, load, starters
from ..engines.coach.kept import kept, load_kept, name_of

PACKS: dict[str, tuple[str, ...]] = {
    "en": ("en",),
    "zh": ("zh-Hant", "zh-Hans"),
    "zh-hant": ("zh-Hant",),
    "zh-hans": ("zh-Hans",),
}
"""The house's packs. The first two stand on the starter packs of the same name."""
VALE = "vale"
"""Rule files of Vale, each kept as it is: `{id: Style.Rule, …}`."""
Body = dict[str, Any]
Own = Mapping[str, Sequence[Body]]
"""What a house has of its own, by pack."""
_KEYS = (
    "id", "extends", "disabled", "category", "severity", "message", "why", "rather", "tokens", "swap", "exceptions", "near", "unless",
    "when", "occasions", "channels", "moods", "regions", "edges", "scope", "certainty", "examples",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Known:
    """A rule as the editor shows it: what it is now, the starter's text if there is one, the house's if there is one."""

    key: str
    pack: str
    name: str
    rule: Rule | None
    """None while it is switched off."""
    base: Rule | None
    own: Body | None

    @property
    def shown(self) -> Rule | None:
        return self.rule or self.base

    @property
    def off(self) -> bool:
        return self.rule is None


@cache
def starter() -> dict[str, Pack]:
    """The starter packs by our name, their rules called `pack.name`. Kept in a file, so that only the first process makes them.

    Their examples are proved before the program is given to anybody, and not again here.
    """
    packs = load_kept(starters(), (), _folder(), prove=False)
    return {
        pack.id.removeprefix("starter/"): _named(pack, pack.id.removeprefix("starter/")) for pack in packs
    }


def _folder() -> Path:
    return config().data_folder / "coach"


def are_kept() -> bool:
    """Whether the starter packs need not be made first, which takes seconds."""
    return name_of(_folder(), starters()).exists()


def _named(pack: Pack, name: str) -> Pack:
    rules = (rule._replace(id=f"{name}.{rule.id.removeprefix(f'{pack.id}.')}") for rule in pack.rules)
    return pack._replace(id=name, rules=tuple(rules))


@cache
def _starters_written() -> dict[str, dict[str, Any]]:
    """The starter packs as written, by our name. Only the editor and houses with rules of their own ask; kept in a file too."""
    file = name_of(_folder(), starters())
    written = file.with_stem(f"{file.stem}-written")
    return kept(written, _written_packs, lambda said: said, lambda said: said)


def _written_packs() -> dict[str, dict[str, Any]]:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    read = [yaml.load(source.text, Loader=loader) for source in starters()]  # noqa: S506  # the safe one, in C where there is one
    return {str(each["id"]).removeprefix("starter/"): each for each in read}


@cache
def starter_bodies() -> dict[str, dict[str, Body]]:
    """The starter packs' rules as written, by pack and name."""
    return {
        name: {str(rule["id"]): {**(pack.get("defaults") or {}), **rule} for rule in pack["rules"]}
        for name, pack in _starters_written().items()
    }


def body_of(own: Own, pack: str, name: str) -> Body | None:
    """What the house says about a rule."""
    return next((each for each in own.get(pack, ()) if each.get("id") == name), None)


def whole(own: Own, pack: str, name: str) -> Body | None:
    """A rule as it would stand in a file alone: the starter's text as the house changed it."""
    base, mine = starter_bodies().get(pack, {}).get(name), body_of(own, pack, name)
    if base is None or mine is None:
        return dict(mine or base or {}) or None
    return {**base, **{key: each for key, each in mine.items() if key[-1:] not in "+-"}}


def digest(body: Body | None) -> str:
    """What tells one text of a rule from another; empty for none."""
    if body is None:
        return ""
    text = json.dumps(body, sort_keys=True, ensure_ascii=False)
    return blake2b(text.encode(), digest_size=12).hexdigest()


def changed(own: Own, changes: Iterable[tuple[str, str, Body | None]]) -> dict[str, list[Body]]:
    """`own` after changes, each (pack, name, body); None goes back to the starter pack, or drops a rule of one's own."""
    result = {pack: list(bodies) for pack, bodies in own.items()}
    for pack, name, body in changes:
        rest = [each for each in result.get(pack, []) if each.get("id") != name]
        result[pack] = rest if body is None else [*rest, body]
    return {pack: bodies for pack, bodies in result.items() if bodies}


def build(pack: str, bodies: Sequence[Body], *, prove: bool = True) -> list[Rule]:
    """The rules that `bodies` make, without those switched off. Raises `PackError` with everything that is wrong."""
    if pack == VALE:
        return [rule for body in bodies for rule in _of_vale(body)]
    names = {str(body.get("id")) for body in bodies}
    base = [body for name, body in starter_bodies().get(pack, {}).items() if name in names]
    languages = list(PACKS[pack])
    header = {"name": pack, "language": languages, "version": "1", "owner": "house", "source": "house"}
    spares = _starters_written().get(pack, {}).get("spares") or []
    starting = {**header, "id": f"starter/{pack}", "spares": spares, "rules": base}
    known = [Source("starter", written(starting))] if base else []
    mine = {**header, "id": f"house/{pack}", "rules": list(bodies)}
    if base:
        mine["extends"] = [f"starter/{pack}"]
    (made,) = load([Source(pack, written(mine))], known, prove=prove)
    return list(_named(made, pack).whole_rules())


def _of_vale(body: Body) -> list[Rule]:
    style, _dot, name = str(body["id"]).partition(".")
    text = written({key: each for key, each in body.items() if key not in ("id", "disabled")})
    if body.get("disabled"):
        return []
    (pack,) = load([Source(f"{name}.yml", text, style)])
    return [rule._replace(id=f"{VALE}.{rule.id}") for rule in pack.rules]


def written(value: Any) -> str:
    """As YAML."""
    dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
    text: str = yaml.dump(value, Dumper=dumper, allow_unicode=True, sort_keys=False, width=100)
    return text


def tidy(body: Body) -> Body:
    """A rule with its keys in the order in which people write them: the database does not keep it."""
    ordered = [key for key in _KEYS if key in body]
    return {key: body[key] for key in [*ordered, *sorted(body.keys() - set(ordered))]}


def known(own: Own) -> dict[str, Known]:
    """Every rule that holds, or that is switched off, by its key, in the order of the packs."""
    found: dict[str, Known] = {}
    for pack, standing in starter().items():
        for rule in standing.rules:
            found[rule.id] = Known(rule.id, pack, rule.id.removeprefix(f"{pack}."), rule, rule, None)
    for pack, bodies in own.items():
        made = {rule.id: rule for rule in build(pack, bodies, prove=False)}
        for body in bodies:
            key = f"{pack}.{body['id']}"
            base = found[key].base if key in found else None
            found[key] = Known(key, pack, str(body["id"]), made.get(key), base or _silent(pack, body), body)
    return found


def _silent(pack: str, body: Body) -> Rule | None:
    """A rule that is switched off, as it would be."""
    if not body.get("disabled"):
        return None
    try:
        return next(iter(build(pack, [{**body, "disabled": False}], prove=False)), None)
    except PackError:
        return None


def packs_of(own: Own) -> list[Pack]:
    """What the coach of a house reads by."""
    if not own:
        return list(starter().values())
    mine = {f"{pack}.{body['id']}" for pack, bodies in own.items() for body in bodies}
    result = [
        pack._replace(rules=tuple(rule for rule in pack.rules if rule.id not in mine))
        for pack in starter().values()
    ]
    for pack, bodies in own.items():
        languages = PACKS.get(pack, ("en",))
        rules = tuple(build(pack, bodies, prove=False))
        result.append(Pack(f"house/{pack}", {}, languages, "", "", "", rules))
    return result


def problems_of(pack: str, body: Body) -> list[Problem]:
    """Everything that is wrong with one rule by itself; nothing when it is in order."""
    try:
        json.dumps(body, allow_nan=False).encode()
        if "\x00" in _texts(body):
            return [Problem(pack, str(body.get("id")), "", "it has a NUL character", "leave it out")]
        build(pack, [body])
    except PackError as error:
        return error.problems
    except _STRANGE:
        what = "it has a value of a kind that no rule has there"
        return [Problem(pack, str(body.get("id")), "", what, "as in docs/engines/coach.md")]
    return []


_STRANGE = (TypeError, ValueError, AttributeError, LookupError, RecursionError, yaml.YAMLError)
"""What reading raises when a rule came from a program and holds, say, a list where a text belongs."""


def _texts(value: Any) -> str:
    """All texts of a value, one after the other."""
    if isinstance(value, dict):
        return "".join(_texts(each) for pair in value.items() for each in pair)
    return "".join(map(_texts, value)) if isinstance(value, list) else str(value)
