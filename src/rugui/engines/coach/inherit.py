"""A pack on top of other packs: rules changed key by key, `key+` adding and `key-` taking away."""

from __future__ import annotations

from typing import Any

from .rules import Problem

Raw = dict[str, Any]


def changed(base: list[Raw], own: list[Raw], file: str) -> tuple[list[Raw], list[Problem]]:
    """The rules of `base` as `own` changes them, and those that `own` adds."""
    problems: list[Problem] = []
    result = {str(rule.get("id")): dict(rule) for rule in base}
    added: list[Raw] = []
    for rule in own:
        name = str(rule.get("id", ""))
        if name in result:
            result[name] = _rule(result[name], rule, file, problems)
        elif marked := [key for key in rule if key[-1:] in "+-"]:
            what = "there is no rule of this id to change"
            problems.append(Problem(file, name, marked[0], what, _near(name, list(result))))
        else:
            added.append(rule)
    return [*result.values(), *added], problems


def _near(name: str, known: list[str]) -> str:
    from difflib import get_close_matches  # only on the way to a refusal

    close = get_close_matches(name, known, 1)
    return f"perhaps {close[0]}" if close else "write the rule out, or name one of the pack that is extended"


def _rule(base: Raw, own: Raw, file: str, problems: list[Problem]) -> Raw:
    result = dict(base)
    for key, value in own.items():
        name = key.rstrip("+-")
        sign = key[len(name) :]
        try:
            if sign == "+":
                result[name] = _added(result.get(name), value)
            elif sign == "-":
                result[name] = _taken(result.get(name), value)
            else:
                result[name] = value
        except ValueError as error:
            problems.append(
                Problem(
                    file, str(own.get("id")), key, str(error), "what the rule has can be read in its pack"
                )
            )
    return result


def _added(old: Any, more: Any) -> Any:
    if old is None:
        return more
    if isinstance(old, list) and isinstance(more, list):
        return old + [each for each in more if each not in old]
    if isinstance(old, dict) and isinstance(more, dict):
        return old | {key: _added(old.get(key), value) for key, value in more.items()}
    raise ValueError("a list is added to a list, a mapping to a mapping")


def _taken(old: Any, less: Any) -> Any:
    if isinstance(old, list) and isinstance(less, list):
        if lost := [each for each in less if each not in old]:
            raise ValueError(f"{lost[0]!r} is not there to be taken away")
        return [each for each in old if each not in less]
    if isinstance(old, dict) and isinstance(less, dict):
        if lost := [each for each in less if each not in old]:
            raise ValueError(f"{lost[0]!r} is not there to be taken away")
        return old | {key: _taken(old[key], value) for key, value in less.items()}
    if isinstance(old, dict) and isinstance(less, list):
        return {key: value for key, value in old.items() if key not in less}
    raise ValueError("a list is taken away from a list, a mapping from a mapping")
