"""Every address of the program: the pages from Django's URL configuration, the API from its OpenAPI document."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from django.urls import URLPattern, URLResolver, get_resolver

from rugui.api.routes import api

METHODS = ("GET", "POST", "HEAD", "OPTIONS", "PUT", "PATCH", "DELETE")
API = "api/v1/"


@dataclass(frozen=True, slots=True)
class Route:
    """One address of the URL configuration."""

    name: str
    pattern: str

    @property
    def blanks(self) -> tuple[tuple[str, str], ...]:
        """(converter, name) of each variable part."""
        return tuple((kind or "str", name) for kind, name in re.findall(r"<(?:(\w+):)?(\w+)>", self.pattern))

    @property
    def kinds(self) -> tuple[str, ...]:
        """What its variable parts are: kinds of public ids, `str` and `int`."""
        return tuple(kind for kind, _name in self.blanks)

    def address(self, values: dict[str, str]) -> str:
        """`values` by converter, or by the name of a variable part."""
        path = self.pattern
        for kind, name in self.blanks:
            path = re.sub(rf"<(\w+:)?{name}>", values.get(name) or values[kind], path, count=1)
        return "/" + path


@dataclass(frozen=True, slots=True)
class Call:
    """One operation of the API."""

    name: str
    method: str
    path: str

    @property
    def kinds(self) -> tuple[str, ...]:
        return tuple(name.removesuffix("_id") for name in re.findall(r"{(\w+)}", self.path))

    def address(self, values: dict[str, str]) -> str:
        return re.sub(r"{(\w+)}", lambda found: values[found[1].removesuffix("_id")], self.path)


@cache
def all_routes() -> dict[str, Route]:
    """Every named address but those of the API. Two addresses of one name would hide one another: refused."""
    found: dict[str, Route] = {}
    for name, pattern in _walk(get_resolver().url_patterns):
        if pattern.startswith(API) and name not in {"api-root", "openapi-json"}:
            continue
        if not name or name in found:
            raise ValueError(f"an address without a name of its own: {pattern}")
        found[name] = Route(name, pattern)
    return found


@cache
def api_patterns() -> set[str]:
    """The addresses of the API as Django resolves them, in the spelling of the OpenAPI document."""
    patterns = {pattern for _name, pattern in _walk(get_resolver().url_patterns) if pattern.startswith(API)}
    spelled = {"/" + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", pattern) for pattern in patterns}
    return spelled - {f"/{API}", f"/{API}openapi.json"}


@cache
def all_calls() -> dict[str, Call]:
    """Every operation of the OpenAPI document, by its name without the room's."""
    found: dict[str, Call] = {}
    for path, operations in api.get_openapi_schema()["paths"].items():
        for method, operation in operations.items():
            name = str(operation["operationId"]).partition("_api_")[2]
            if name in found:
                raise ValueError(f"two operations of one name: {name}")
            found[name] = Call(name, method.upper(), str(path))
    return found


def _walk(patterns: list[URLPattern | URLResolver], before: str = "") -> Iterator[tuple[str, str]]:
    for each in patterns:
        path = before + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from _walk(each.url_patterns, path)
        else:
            yield str(each.name or ""), path
