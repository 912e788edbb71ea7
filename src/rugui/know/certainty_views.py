"""The page on which an owner says how many links may be false, and sees what that does."""

from __future__ import annotations

import math
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from ..core.time import now
from ..house.forms import HouseForm
from ..house.requests import HouseRequest
from . import certainty


class CertaintyForm(HouseForm):
    """One link in so many may be false."""

    one_in = forms.IntegerField(
        label=gettext_lazy("Of the messages put on a card without asking, somebody else's may be"),
        min_value=round(1 / certainty.MOST),
        max_value=round(1 / certainty.LEAST),
    )


@require_http_methods(["GET", "POST"])
def recognising(request: HouseRequest) -> HttpResponse:
    """How sure to be before a message goes on a card by itself. The owner's."""
    certainty.must_own(request.actor)
    form = CertaintyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        certainty.set_rate(request.actor, 1 / form.cleaned_data["one_in"], now=now())
        messages.success(request, _("Saved. It holds from now on."))
        return redirect("recognising")
    standing = certainty.standing(request.actor)
    low, high = standing.now.measured.interval
    context: dict[str, Any] = {
        "form": form,
        "standing": standing,
        "options": [_shown(each) for each in standing.options],
        "share": _percent(standing.now.measured.false / max(standing.now.measured.links, 1), 2),
        "low": _percent(low, 2),
        "high": _percent(high, 2),
    }
    return render(request, "know/recognising.html", context, status=422 if form.errors else 200)


def _shown(option: certainty.Option) -> dict[str, Any]:
    return {
        "one_in": option.one_in,
        "linked": option.linked,
        "asked": option.asked,
        "false": option.measured.false,
        "link": _percent(option.limits.link, 3, down=True),
        "suggest": _percent(option.limits.suggest, 0),
    }


def _percent(share: float, digits: int, *, down: bool = False) -> str:
    """In percent; `down` so that what is nearly certain is not called certain."""
    whole = share * 100
    if down:
        whole = math.floor(whole * 10**digits + 1e-6) / 10**digits
    text = number_format(whole, digits)
    return (text.rstrip("0").rstrip(".,") if digits else text) + " %"
