"""Forms of the promise room. They read and label; what is refused is decided by the actions."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from ..house.forms import HouseForm
from .actions import LONGEST_TEXT
from .models import Promise, WaitsFor

MINUTES = (10, 20, 30, 60, 120)
AT = "at"
GIVEN_BY_HAND = [
    choice for choice in Promise.Kind.choices if choice[0] not in {"progress", *Promise.AMONG_US}
]
"""A progress promise is the clock of a case; opening the case gives it."""


def _waits() -> list[tuple[str, str]]:
    words = []
    for minutes in MINUTES:
        if minutes < 60:
            text = ngettext("%(n)s minute", "%(n)s minutes", minutes) % {"n": minutes}
        else:
            text = ngettext("%(n)s hour", "%(n)s hours", minutes // 60) % {"n": minutes // 60}
        words.append((str(minutes), text))
    return [*words, (AT, str(_("at a time")))]


class DueForm(HouseForm):
    """By when: in so many minutes, or at a time of the place's own clock."""

    wait = forms.ChoiceField(label=_("Within"), choices=_waits, widget=forms.RadioSelect, initial="30")
    at = forms.DateTimeField(
        label=_("At a time"),
        required=False,
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )

    def __init__(self, data: Any = None, *, zone: ZoneInfo, now: datetime, **options: Any) -> None:
        super().__init__(data, **options)
        self.zone, self.now = zone, now
        self.fields["at"].widget.attrs["min"] = f"{now.astimezone(zone):%Y-%m-%dT%H:%M}"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("wait") == AT:
            self._read_local(cleaned)
        elif "wait" in cleaned:
            cleaned["due_at"] = self.now + timedelta(minutes=int(cleaned["wait"]))
        return cleaned

    def _read_local(self, cleaned: dict[str, Any]) -> None:
        at = cleaned.get("at")
        if at is None:
            if "at" not in self.errors:
                self.add_error("at", _("Say at what time."))
            return
        local = at.replace(tzinfo=self.zone)
        utc_and_back = datetime.fromtimestamp(local.timestamp(), self.zone)
        if utc_and_back.replace(tzinfo=None) != at.replace(tzinfo=None):
            self.add_error("at", _("The clocks are put forward then; this time does not exist."))
            return
        cleaned["due_at"] = local

    @property
    def due_at(self) -> datetime:
        """The moment that was chosen, of a valid form."""
        return self.cleaned_data["due_at"]  # type: ignore[no-any-return]

    def add_error(self, field: str | None, error: Any) -> None:
        """The action speaks of `due_at`, the form of how it was said."""
        if field == "due_at":
            field = "at" if self.data.get("wait") == AT else "wait"
        super().add_error(field, error)


class GiveForm(DueForm):
    """A new promise to a customer."""

    kind = forms.ChoiceField(label=_("What kind"), choices=GIVEN_BY_HAND, initial=Promise.Kind.CALL_BACK)
    text = forms.CharField(
        label=_("What we promise"),
        max_length=LONGEST_TEXT,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("In a few words, as one would say it to a colleague."),
    )
    mine = forms.BooleanField(label=_("I see to it myself"), required=False, initial=True)
    field_order = ("kind", "text", "wait", "at", "mine")


class WaitForm(HouseForm):
    """What a promise waits for."""

    waits_for = forms.ChoiceField(
        label=_("What do we wait for?"),
        choices=WaitsFor.choices,
        widget=forms.RadioSelect,
        initial=WaitsFor.ANSWER,
    )
