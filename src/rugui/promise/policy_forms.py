"""The form of a policy: what it is about, how long, and whom it calls."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy
from django.utils.translation import gettext_lazy as _

from ..core.ids import public_id
from ..house.access import Actor
from ..house.forms import EVERYWHERE, HouseForm, PlaceChoice
from ..house.models import Place
from ..serve.models import Touch
from .models import Audience, Counts, Priority, Promise, PromisePolicy
from .policies import Scope
from .terms import DAY, Step, Terms

UNITS = {"minutes": 1, "hours": 60, "days": DAY}
STEPS = (1, 2, 3)
KINDS = [choice for choice in Promise.Kind.choices if choice[0] not in Promise.AMONG_US]
"""What is owed among colleagues is given with its own time."""
ANY = [("", gettext_lazy("any"))]
_MANY: dict[str, Any] = {"widget": forms.CheckboxSelectMultiple, "choices": Audience.choices}


class PolicyForm(HouseForm):
    kind = forms.ChoiceField(label=_("What kind"), choices=KINDS)
    place = PlaceChoice(label=_("Place"))
    channel = forms.ChoiceField(
        label=_("By which way"), required=False, choices=[*ANY, *Touch.Channel.choices]
    )
    priority = forms.ChoiceField(label=_("How urgent"), required=False, choices=[*ANY, *Priority.choices])
    amount = forms.IntegerField(label=_("Time"), min_value=1, max_value=999)
    unit = forms.ChoiceField(
        label=_("Counted in"), choices=[("minutes", _("minutes")), ("hours", _("hours")), ("days", _("days"))]
    )
    counts = forms.ChoiceField(label=_("The time runs"), choices=Counts.choices, widget=forms.RadioSelect)
    marks = forms.CharField(
        label=_("Warn when so many per cent have passed"), required=False, max_length=40,
        help_text=_("Like 50, 75. Empty: no warning."),
    )  # fmt: skip
    warn_to = forms.MultipleChoiceField(label=_("A warning tells"), required=False, **_MANY)
    due_to = forms.MultipleChoiceField(label=_("When it breaks, it tells"), **_MANY)
    not_before = forms.IntegerField(
        label=_("Not ready earlier than so many minutes before"), required=False, min_value=0, max_value=DAY,
        help_text=_("For what is made by hand and must be fresh."),
    )  # fmt: skip
    may_pause = forms.BooleanField(
        label=_("It may wait for the customer"), required=False,
        help_text=_("Its time stands still until they have answered."),
    )  # fmt: skip
    renew_minutes = forms.IntegerField(
        label=_("Kept, promise it again for so many minutes later"),
        required=False,
        min_value=1,
        max_value=366 * DAY,
    )
    tells = forms.ChoiceField(label=_("The customer is told"), choices=PromisePolicy.Tells.choices)

    def __init__(self, data: Any = None, *, actor: Actor, places: Sequence[Place], **options: Any) -> None:
        super().__init__(data, **options)
        self.fields["place"].offer(actor, places)  # type: ignore[attr-defined]
        for step in STEPS:
            self.fields[f"after_{step}"] = forms.IntegerField(
                label=_("Minutes after it broke"), required=False, min_value=1, max_value=366 * DAY
            )
            self.fields[f"who_{step}"] = forms.ChoiceField(
                label=_("Then tell"), choices=Audience.choices, required=False
            )

    def clean_marks(self) -> tuple[int, ...]:
        parts = [part for part in re.split(r"[\s,，、%]+", self.cleaned_data["marks"]) if part]
        if any(not part.isdecimal() or not 1 <= int(part) <= 99 for part in parts):
            raise forms.ValidationError(
                gettext("Warnings are shares of the time from 1 to 99 per cent, like 50, 75.")
            )
        return tuple(sorted({int(part) for part in parts}))

    @property
    def scope(self) -> Scope:
        data = self.cleaned_data
        return Scope(data["kind"], data["place"], data["channel"], data["priority"])

    @property
    def terms(self) -> Terms:
        data = self.cleaned_data
        steps = [
            Step(data[f"after_{step}"], data[f"who_{step}"] or Audience.DUTY.value)
            for step in STEPS
            if data.get(f"after_{step}")
        ]
        return Terms(
            data["amount"] * UNITS[data["unit"]], data["counts"], data["marks"], data["not_before"], data["may_pause"],
            data["renew_minutes"], tuple(data["warn_to"]), tuple(data["due_to"]), tuple(steps), data["tells"],
        )  # fmt: skip


def initial(scope: Scope, terms: Terms) -> dict[str, Any]:
    """The form's fields as they stand."""
    unit = next(unit for unit in ("days", "hours", "minutes") if terms.minutes % UNITS[unit] == 0)
    fields = {
        "kind": scope.kind,
        "place": EVERYWHERE if scope.place_id is None else public_id("place", scope.place_id),
        "channel": scope.channel,
        "priority": scope.priority,
        "amount": terms.minutes // UNITS[unit],
        "unit": unit,
        "marks": ", ".join(map(str, terms.marks)),
        **{
            name: getattr(terms, name)
            for name in ("counts", "warn_to", "due_to", "not_before", "may_pause", "renew_minutes", "tells")
        },
    }
    for number, step in enumerate(terms.rises[: len(STEPS)], 1):
        fields |= {f"after_{number}": step.after, f"who_{number}": step.who}
    return fields
