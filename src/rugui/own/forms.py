"""Forms about how long things are kept. What is refused is decided by the actions."""

from __future__ import annotations

from datetime import datetime

from django import forms
from django.utils.translation import gettext_lazy as _

from ..house.forms import HouseForm
from .keeping import LONGEST_WHY
from .models import Keeping
from .register import LONGEST_MONTHS


class KeepingForm(HouseForm):
    """How long one kind is kept, and on what basis."""

    seen = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)
    months = forms.IntegerField(
        label=_("Kept for so many months"), required=False, min_value=1, max_value=LONGEST_MONTHS,
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "min": "1", "max": str(LONGEST_MONTHS)}),
        help_text=_("Empty: as long as the card."),
    )  # fmt: skip
    basis = forms.ChoiceField(label=_("On what basis"), choices=Keeping.Basis, widget=forms.RadioSelect)
    why = forms.CharField(
        label=_("What for, in your own words"), required=False, max_length=LONGEST_WHY,
        widget=forms.Textarea(attrs={"rows": "2"}), help_text=_("Customers read it on their own page. Empty: our words."),
    )  # fmt: skip

    @property
    def seen_at(self) -> datetime | None:
        text = self.cleaned_data["seen"]
        try:
            return datetime.fromisoformat(text) if text else None
        except ValueError:
            return None
