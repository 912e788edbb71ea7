"""What a room's views need from the house's door, kept on the ground floor so that rooms need not look up to it."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import TypeVar

from django.http import HttpResponseBase
from django.urls import reverse

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


_SAMPLE = "a" * 26


@cache
def _around(name: str) -> list[str]:
    return reverse(name, args=[_SAMPLE]).split(_SAMPLE)


def address(name: str, public_id: str) -> str:
    """`reverse(name, args=[public_id])` of a page of one thing, for lists: worked out once a page."""
    return public_id.join(_around(name))


def open_to_all(view: View) -> View:
    """Marks a view that needs no sign-in and runs outside any organization until it says otherwise."""
    view.open_to_all = True  # type: ignore[attr-defined]
    return view
