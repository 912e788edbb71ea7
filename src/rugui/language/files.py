"""Rules as files: what the house has of its own written out, and files of ours or of Vale taken in rule by rule."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any

import yaml
from django.utils.translation import gettext as _

from ..engines.coach.inherit import changed as inherited
from ..engines.coach.rules import Kind
from . import packs, words, writing
from .actions import Change, refused
from .packs import PACKS, VALE, Body, Own

LARGEST = 1_000_000
"""Bytes of one file."""
MOST_FILES = 300


@dataclass(frozen=True, slots=True)
class Refusal:
    """A file or rule that could not be taken, and why."""

    file: str
    rule: str
    why: str


@dataclass(slots=True)
class Incoming:
    """What came in: changes that are in order, and what is not."""

    changes: list[Change] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)


def out(own: Own, pack: str, *, house: str, version: int) -> str:
    """The house's own rules of a pack as a file that every door of the coach reads. Raises `KeyError` for no such pack."""
    languages = list(PACKS[pack])
    header: dict[str, Any] = {
        "id": f"house/{pack}",
        "name": house,
        "language": languages[0] if len(languages) == 1 else languages,
        "version": str(version),
        "owner": house,
        "source": house,
    }
    if pack in packs.starter():
        header["extends"] = [f"starter/{pack}"]
    return packs.written({**header, "rules": [packs.tidy(body) for body in own.get(pack, ())]})


def out_of_vale(own: Own) -> bytes:
    """The rule files of Vale as they came, in a zip archive of `Style/Rule.yml`."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        for body in own.get(VALE, ()):
            style, _dot, name = body["id"].partition(".")
            written = {key: each for key, each in packs.tidy(body).items() if key not in ("id", "disabled")}
            archive.writestr(f"{style}/{name}.yml", packs.written(written))
    return whole.getvalue()


def take(given: Sequence[tuple[str, bytes]], own: Own, *, replace: bool = False) -> Incoming:
    """Reads files, given by (name, content). `replace`: the house's own rules of their packs that no file names are dropped."""
    found = Incoming()
    read: set[str] = set()
    for name, content in given[:MOST_FILES]:
        read |= _file(name, content, found)
    for name, _content in given[MOST_FILES:]:
        found.refusals.append(
            Refusal(name, "", _("At most %(count)s files at once.") % {"count": MOST_FILES})
        )
    if replace:
        kept = {change.key for change in found.changes}
        gone = [
            Change(pack, body["id"], None)
            for pack in sorted(read)
            for body in own.get(pack, ())
            if f"{pack}.{body['id']}" not in kept
        ]
        found.changes += gone
    return found


def _file(name: str, content: bytes, found: Incoming) -> set[str]:
    def refuse(why: str, rule: str = "") -> set[str]:
        found.refusals.append(Refusal(name, rule, why))
        return set()

    if len(content) > LARGEST:
        return refuse(_("This file is too large: at most 1 MB."))
    try:
        raw = yaml.load(content.decode("utf-8-sig"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506  # the safe one
    except UnicodeDecodeError:
        return refuse(_("This is not UTF-8 text. Save it as UTF-8."))
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        return refuse(_("This is not YAML (line %(line)s).") % {"line": mark.line + 1 if mark else "?"})
    if not isinstance(raw, dict):
        return refuse(_("This is no file of rules: it has neither `rules` nor `extends`."))
    if "rules" not in raw and str(raw.get("extends")) in set(Kind):
        path = PurePath(name)
        style = path.parent.name or "Vale"
        _add(found, name, [Change(VALE, f"{style}.{path.stem}", {**raw, "id": f"{style}.{path.stem}"})])
        return set()
    if not isinstance(raw.get("rules"), list):
        return refuse(_("This is no file of rules: it has neither `rules` nor `extends`."))
    if (pack := _pack_of(raw.get("language"))) is None:
        return refuse(_("`language` must be en, zh-Hant, zh-Hans or [zh-Hant, zh-Hans]."))
    _add(found, name, _rules(raw, pack, name, found))
    return {pack}


def _pack_of(language: Any) -> str | None:
    languages = (
        (language,) if isinstance(language, str) else tuple(language) if isinstance(language, list) else ()
    )
    return next((pack for pack, each in PACKS.items() if set(each) == set(map(str, languages))), None)


def _rules(raw: Body, pack: str, name: str, found: Incoming) -> Iterable[Change]:
    """The rules of one of our files: with the file's defaults, additions and omissions worked out."""
    defaults = raw["defaults"] if isinstance(raw.get("defaults"), dict) else {}
    bases = packs.starter_bodies().get(pack, {})
    for number, rule in enumerate(raw["rules"], 1):
        if not isinstance(rule, dict) or not str(rule.get("id") or ""):
            found.refusals.append(Refusal(name, f"#{number}", _("This rule has no `id`.")))
            continue
        rule_name = str(rule["id"])
        base = bases.get(rule_name)
        bodies, problems = inherited([base] if base else [], [rule], name)
        if problems:
            found.refusals += [Refusal(name, rule_name, words.said(each)) for each in problems]
            continue
        body = bodies[0] if base else {**defaults, **bodies[0]}
        yield Change(pack, rule_name, writing.differing({**body, "id": rule_name}, base))


def _add(found: Incoming, file: str, changes: Iterable[Change]) -> None:
    """Those in order, once each: what a later file says counts."""
    for change in changes:
        if problems := refused(change):
            found.refusals += [Refusal(file, change.name, said) for _key, said in problems]
        else:
            found.changes = [each for each in found.changes if each.key != change.key] + [change]
