"""Reading packs: our files, and Vale's rule files as they are."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from .build import Around, rule
from .fields import Fields
from .files import Source
from .inherit import Raw, changed
from .proof import proved
from .rules import CATEGORIES, LANGUAGES, Kind, Pack, PackError, Problem, Rule, Spare

HEADER = (
    "id", "name", "language", "version", "owner", "source", "extends", "defaults", "categories", "occasions", "channels", "moods", "spares", "rules",
)  # fmt: skip
_ID = re.compile(r"[a-z0-9][a-z0-9-]*(?:/[a-z0-9][a-z0-9-]*)*")
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def load(given: Iterable[Source], known: Iterable[Source] = (), *, prove: bool = True) -> list[Pack]:
    """The packs of `given`; `known` are those that they may extend. A pack that another one extends is part of that one.

    `prove`: run their examples. Raises PackError with every problem of every file.
    """
    problems: list[Problem] = []
    read = [_parsed(each, problems) for each in given]
    bases = {
        each.header["id"]: each
        for each in (_parsed(one, []) for one in known)
        if each and each.header.get("id")
    }
    ours = [each for each in read if each]
    bases |= {str(each.header["id"]): each for each in ours if each.header.get("id")}
    problems += _circles(bases)
    extended = {str(name) for each in ours for name in _listed(each.header.get("extends")) if not each.vale}
    chosen = [each for each in ours if each.vale or each.header.get("id") not in extended]
    packs = [_pack(each, bases, problems) for each in chosen]
    if not problems and prove:
        packs = [_proved(pack, parsed, problems) for pack, parsed in zip(packs, chosen, strict=True)]
    if problems:
        raise PackError(problems)
    return _gathered(packs)


@dataclass(frozen=True, slots=True)
class _Parsed:
    source: Source
    header: Raw
    rules: list[Raw]
    vale: bool = False


def _parsed(source: Source, problems: list[Problem]) -> _Parsed | None:
    def wrong(what: str, right: str, key: str = "") -> None:
        problems.append(Problem(source.name, "", key, what, right))

    try:
        raw = yaml.load(source.text.removeprefix("\ufeff"), Loader=_LOADER)  # noqa: S506  # the safe one, in C where there is one
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f"line {mark.line + 1}: " if mark else ""
        wrong(
            f"{line}{getattr(error, 'problem', None) or error}",
            "valid YAML; put texts with : # { } [ ] into quotes",
        )
        return None
    if not isinstance(raw, dict):
        wrong("this is no pack", "a header and rules")
        return None
    if "rules" not in raw and str(raw.get("extends")) in set(Kind):
        name = Path(source.name).stem
        return _Parsed(
            source,
            {"id": source.style or name, "name": source.style or name},
            [{"id": name, **raw}],
            vale=True,
        )
    if not isinstance(raw.get("rules"), list) or not all(isinstance(each, dict) for each in raw["rules"]):
        wrong(
            "there are no rules",
            "rules: a list, each with id, category, why, rather, tokens, examples",
            "rules",
        )
        return None
    return _Parsed(source, raw, raw["rules"])


def _proved(pack: Pack, parsed: _Parsed, problems: list[Problem]) -> Pack:
    """A pack of ours must stand its tests; of a file of Vale's we only say what can never match."""
    found = proved(pack, parsed.source.name, examples=not parsed.vale)
    if parsed.vale:
        return pack._replace(warnings=(*pack.warnings, *found))
    problems += found
    return pack


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value] if value else []


def _pack(parsed: _Parsed, bases: dict[str, _Parsed], problems: list[Problem]) -> Pack:
    fields = Fields(parsed.header, parsed.source.name, "", problems)
    if parsed.vale:
        around = Around(fields.text("id"), fields.file, ("en",), vale=True)
        return _built(parsed, fields, around, parsed.rules)
    fields.unknown(HEADER)
    for key in ("id", "version", "owner", "source"):
        fields.text(key, needed=True)
    if not _ID.fullmatch(str(parsed.header.get("id", ""))):
        fields.wrong("id", f"{parsed.header.get('id')!r} is no id", "small letters, digits, - and /")
    languages = _languages(fields)
    raw = _inherited(parsed, bases, problems, ())
    around = Around(fields.text("id"), fields.file, languages, *_own_words(parsed, bases))
    _unique(parsed, fields)
    known = (*CATEGORIES, *around.categories)
    spares = tuple(
        spare
        for each in _family(parsed, bases)
        for spare in Fields(each.header, each.source.name, "", problems).spares("spares", known)
    )
    return _built(parsed, fields, around, raw, spares)


def _family(parsed: _Parsed, bases: dict[str, _Parsed]) -> list[_Parsed]:
    """This pack and those below it."""
    family = [parsed]
    for each in family:
        family += [
            bases[name]
            for name in _listed(each.header.get("extends"))
            if name in bases and bases[name] not in family
        ]
    return family


def _own_words(
    parsed: _Parsed, bases: dict[str, _Parsed]
) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Categories, occasions, channels and moods that this pack and those below it have of their own."""
    family = _family(parsed, bases)

    def words(key: str) -> tuple[str, ...]:
        return tuple(str(word) for each in family for word in _listed(each.header.get(key)))

    return words("categories"), words("occasions"), words("channels"), words("moods")


def _languages(fields: Fields) -> tuple[str, ...]:
    languages = fields.texts("language")
    if not languages or set(languages) - set(LANGUAGES) or (len(languages) > 1 and "en" in languages):
        fields.wrong(
            "language",
            f"{fields.raw.get('language')!r} is not understood",
            "en, zh-Hant, zh-Hans or [zh-Hant, zh-Hans]",
        )
        return ("en",)
    return languages


def _inherited(
    parsed: _Parsed, bases: dict[str, _Parsed], problems: list[Problem], above: tuple[str, ...]
) -> list[Raw]:
    base: list[Raw] = []
    name = str(parsed.header.get("id"))
    for other in _listed(parsed.header.get("extends")):
        if other == name or other in above:
            problems.append(
                Problem(parsed.source.name, "", "extends", f"{other} extends itself", "extend another pack")
            )
        elif other not in bases:
            right = (
                "one of " + ", ".join(sorted(set(bases) - {name})) if len(bases) > 1 else "load that pack too"
            )
            problems.append(Problem(parsed.source.name, "", "extends", f"there is no pack {other!r}", right))
        else:
            base += _inherited(bases[other], bases, problems, (*above, name))
    defaults = parsed.header.get("defaults") or {}
    known = {str(each.get("id")) for each in base}
    spares = {"spares": True} if parsed.header.get("spares") else {}
    own = [each if str(each.get("id")) in known else {**spares, **defaults, **each} for each in parsed.rules]
    result, wrong = changed(base, own, parsed.source.name)
    problems += wrong
    return result


def _circles(bases: dict[str, _Parsed]) -> list[Problem]:
    found = []
    for name, parsed in bases.items():
        below = set(_listed(parsed.header.get("extends")))
        while (
            more := {up for each in below & set(bases) for up in _listed(bases[each].header.get("extends"))}
            - below
        ):
            below |= more
        if name in below:
            found.append(
                Problem(parsed.source.name, "", "extends", f"{name} extends itself", "extend another pack")
            )
    return found


def _unique(parsed: _Parsed, fields: Fields) -> None:
    seen: set[str] = set()
    for each in parsed.rules:
        name = str(each.get("id", ""))
        if name in seen:
            fields.wrong("rules", f"two rules are called {name!r}", "an id of its own for each")
        if name and not _ID.fullmatch(name):
            fields.wrong("rules", f"{name!r} is no id", "small letters, digits, - and /")
        seen.add(name)


def _built(
    parsed: _Parsed, fields: Fields, around: Around, raw: list[Raw], spares: tuple[Spare, ...] = ()
) -> Pack:
    warnings: list[Problem] = []
    made = [rule(each, around, fields.problems, warnings) for each in raw]
    rules: tuple[Rule, ...] = tuple(each for each in made if each)
    return Pack(
        around.pack,
        fields.wording("name", around.languages, needed=True),
        around.languages,
        fields.text("version"),
        fields.text("owner"),
        fields.text("source"),
        rules,
        tuple(warnings),
        tuple(map(str, _listed(parsed.header.get("extends")))),
        spares,
    )


def _gathered(packs: list[Pack]) -> list[Pack]:
    """The rule files of one of Vale's styles are one pack."""
    together: dict[str, Pack] = {}
    for pack in packs:
        if (first := together.get(pack.id)) is None:
            together[pack.id] = pack
        else:
            together[pack.id] = Pack(
                pack.id, first.name, first.languages, first.version, first.owner, first.source,
                first.rules + pack.rules, first.warnings + pack.warnings, first.extends,
            )  # fmt: skip
    return list(together.values())
