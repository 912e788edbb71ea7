"""How a page answers a change, and how an open page gets the parts of itself that have changed.

A page is made of named parts. Each carries a mark, the digest of its content; on a live event the page sends its
marks (`hx-include=".part-mark"`), and gets back only the parts that are different now, swapped in by their ids.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from hashlib import blake2b
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template import RequestContext
from django.template.loader import get_template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from .errors import Text
from .models import HouseModel

_MOVING = re.compile(
    r'stroke-dashoffset="[^"]*"|class="ring-(?:clock|words)[^>]*>[^<]*|name="csrfmiddlewaretoken" value="[^"]*"'
)
"""How far a ring has emptied (it draws itself), and a form's token, which is new each time: these alone are no change."""


def live(*rows: HouseModel) -> list[str]:
    """The events that say "something about these changed", as the live stream names them."""
    return [f"live:{row._meta.model_name}-{row.public_id}" for row in rows]


def changed(
    request: HttpRequest, to: str, *, toast: Text = "", undo: str = "", events: Iterable[str] = ()
) -> HttpResponse:
    """After a change: a page with scripts stays where it is, shows `toast` and renews its parts at once, without
    waiting for the stream; any other is sent to `to`. `undo` is the address that takes the change back."""
    if not request.headers.get("HX-Request"):
        if toast:
            messages.success(request, str(toast))
        return redirect(to)
    told: dict[str, Any] = dict.fromkeys(events)
    if toast:
        told["toast"] = {"text": str(toast), **({"undo": undo} if undo else {})}
    return HttpResponse(status=204, headers={"HX-Trigger": json.dumps(told)})


def parts(
    request: HttpRequest, folder: str, names: Iterable[str], context: Mapping[str, Any]
) -> dict[str, SafeString]:
    """The parts `names` of a page, from the templates `folder/name.html`, ready to stand in it.

    They share one context, so that what every template knows is worked out once.
    """
    templates: dict[str, Any] = {name: get_template(f"{folder}/{name}.html") for name in names}
    shared = RequestContext(request, dict(context))
    made = {}
    with shared.bind_template(next(iter(templates.values())).template):
        for name, template in templates.items():
            with shared.push():
                made[name] = _part(name, template.template.render(shared))
    return made


def changed_parts(request: HttpRequest, made: Mapping[str, SafeString]) -> HttpResponse:
    """Those parts whose marks are not the ones that the page has sent."""
    fresh = [html for name, html in made.items() if f'value="{request.GET.get(name, "-")}"' not in html[:200]]
    return HttpResponse("".join(fresh))


def _part(name: str, html: str) -> SafeString:
    mark = blake2b(_MOVING.sub("", html).encode(), digest_size=8).hexdigest()
    return format_html(
        '<div class="part" id="part-{}" hx-swap-oob="true"><input type="hidden" class="part-mark" name="{}" value="{}">{}</div>',
        name, name, mark, mark_safe(html),  # noqa: S308  rendered by a template, escaped there
    )  # fmt: skip
