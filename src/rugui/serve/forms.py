"""Forms about visits and money. They read and label; what is refused is decided by the actions."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from ..core.money import Money
from ..house.forms import HouseForm
from .models import Purchase, Visit

_FIGURES = re.compile(r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?")
_LARGEST = 10**15


class MomentField(forms.DateTimeField):
    """A day and a time of day in the place's zone (the view activates it)."""

    def __init__(self, **options: Any) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        messages = {"invalid": gettext_lazy("Write the day and the time, like 2026-09-03 14:30.")}
        formats = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"]
        super().__init__(widget=widget, error_messages=messages, input_formats=formats, **options)


class VisitForm(HouseForm):
    expected_at = MomentField(label=gettext_lazy("When"))
    expected_until = MomentField(label=gettext_lazy("Until"), required=False)
    kind = forms.ChoiceField(label=gettext_lazy("What"), choices=Visit.Kind.choices)
    about = forms.CharField(
        label=gettext_lazy("What one says aloud"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("The room, the table, the service, the order number."),
    )


class AmountField(forms.CharField):
    """Money in whole units as people type it, 1,250.50; the cleaned value is a `Money`. A currency sign is forgiven."""

    currency = "EUR"

    def clean(self, value: Any) -> Any:
        text = unicodedata.normalize("NFKC", super().clean(value))
        figures = re.sub(
            rf"[\s'\u00a0]|{self.currency}|[A-Z]{{0,3}}[$€£¥₩]|元", "", text, flags=re.IGNORECASE
        )
        like = Money.of(Decimal(1250), self.currency).text(get_language() or "en")
        if not _FIGURES.fullmatch(figures):
            raise forms.ValidationError(_("Write the amount in figures, like %(like)s.") % {"like": like})
        number = Decimal(figures.replace(",", ""))
        if not 0 < number < _LARGEST:
            raise forms.ValidationError(
                _("The amount must be more than nothing, like %(like)s.") % {"like": like}
            )
        try:
            return Money.of(number, self.currency)
        except ValueError as error:
            wrong = _("%(currency)s has no such small coin: write it like %(like)s.")
            raise forms.ValidationError(wrong % {"currency": self.currency, "like": like}) from error


class PurchaseForm(HouseForm):
    amount = AmountField(
        label=gettext_lazy("Amount"),
        max_length=30,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )
    about = forms.CharField(label=gettext_lazy("What for"), max_length=200, required=False)

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["amount"]
        field.currency = currency  # type: ignore[attr-defined]
        field.label = _("Amount in %(currency)s") % {"currency": currency}


class RefundForm(PurchaseForm):
    """Money back; of which purchase, when it is one we know."""

    refund_of = forms.ChoiceField(label=gettext_lazy("Of which purchase"), required=False)
    field_order = ("refund_of", "amount", "about")

    def __init__(self, *args: Any, purchases: Sequence[Purchase], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.purchases = {purchase.public_id: purchase for purchase in purchases}
        language = get_language() or "en"
        named = [
            (
                key,
                f"{each.at:%Y-%m-%d} · {Money(each.amount, each.currency).text(language)} {each.about}".strip(),
            )
            for key, each in self.purchases.items()
        ]
        self.fields["refund_of"].choices = [("", _("none that is written here")), *named]  # type: ignore[attr-defined]
