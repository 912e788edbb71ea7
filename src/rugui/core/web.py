"""What a room's views need from the house's door, kept on the ground floor so that rooms need not look up to it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django.http import HttpResponseBase

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


def open_to_all(view: View) -> View:
    """Marks a view that needs no sign-in and runs outside any organization until it says otherwise."""
    view.open_to_all = True  # type: ignore[attr-defined]
    return view
