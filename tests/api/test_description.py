"""The description of the API says of every call what is true of it."""

from __future__ import annotations

from collections import defaultdict

from ninja import Schema

from rugui.api.routes import api


def test_no_two_shapes_share_a_name() -> None:
    """The description knows shapes by their names alone: of two with one name it would describe only the later one, for both."""
    assert api.get_openapi_schema()["components"]["schemas"], "importing it defines every shape"
    names: dict[str, set[str]] = defaultdict(set)
    waiting = [Schema]
    while waiting:
        for each in waiting.pop().__subclasses__():
            waiting.append(each)
            if each.__module__.startswith("rugui."):
                names[each.__name__].add(each.__module__)
    assert len(names) > 100
    assert {name: where for name, where in names.items() if len(where) > 1} == {}
