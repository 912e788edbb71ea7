"""Forms about remedies, trust and stories. They read and label; what is refused is decided by the actions."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ...core.ids import public_id, row_id
from ...core.money import Money
from ...core.phrases import LANGUAGES
from ...engines.surprise import TOPICS
from ...house.forms import HouseForm
from ...house.models import Place
from ...house.words import currencies
from ...know.surprise import TOPIC_WORDS
from ...serve.forms import AmountField
from ..models import Case
from ..trust import limits
from ..trust.books import Paid
from ..trust.limits import Limit
from ..trust.models import Part, TrustRule
from .catalogue import LONGEST_NAME, NewRemedy
from .giving import LONGEST_STORY, Gift
from .models import Form, Given, Injustice, Remedy

EVERYWHERE = "all"
ROLE_WORDS: dict[str, Any] = {"staff": _("Staff"), "manager": _("Managers"), "owner": _("Owners")}
PARTS = [each for each in Part.choices if each[0] != Part.CHARGE]
_NUMBER = forms.NumberInput(attrs={"inputmode": "numeric", "min": "0"})


class MoneyField(AmountField):
    """An amount that may be nothing, or (when not required) left out: None."""

    def clean(self, value: Any) -> Any:
        if str(value or "").strip() in {"", "0"}:
            forms.CharField.clean(self, value)
            return Money(0, self.currency) if str(value or "").strip() else None
        return super().clean(value)


def _amount(label: Any, *, required: bool = True, **more: Any) -> MoneyField:
    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
    return MoneyField(label=label, max_length=30, required=required, widget=widget, **more)


class InBooks(HouseForm):
    """A form with amounts in the organization's currency."""

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.currency = currency
        for field in self.fields.values():
            if isinstance(field, MoneyField):
                field.currency = currency


class SomethingForm(InBooks):
    """Something that is not in the catalogue."""

    part = forms.ChoiceField(label=_("This is"), choices=PARTS, initial=Part.EXTRA, widget=forms.RadioSelect)
    name = forms.CharField(
        label=_("What"), max_length=LONGEST_NAME, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    amount = _amount(_("What it costs"))
    paid_in = forms.ChoiceField(label=_("In"), required=False)
    rate = forms.DecimalField(
        label=_("Rate"), required=False, max_digits=18, decimal_places=8, min_value=Decimal("0.00000001"),
        help_text=_("Only for another currency: what one of it is in ours."),
    )  # fmt: skip

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, currency=currency, **kwargs)
        every = [(code, label) for code, label in currencies() if code != currency]
        self.fields["paid_in"].choices = [("", currency), *every]  # type: ignore[attr-defined]
        paid_in = self.data.get("paid_in") if self.is_bound else ""
        if paid_in and re.fullmatch(r"[A-Z]{3}", paid_in):
            self.fields["amount"].currency = paid_in  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("paid_in") and not data.get("rate"):
            self.add_error("rate", _("Another currency needs its rate."))
        return data

    @property
    def gift(self) -> Gift:
        data, paid, amount = self.cleaned_data, None, self.cleaned_data["amount"]
        if data["paid_in"] and amount.amount:
            paid = Paid(amount, data["rate"])
            amount = paid.in_books(self.currency)
        return Gift(data["part"], data["name"], Money(amount.amount, self.currency), paid=paid)


class StoryForm(HouseForm):
    """Three sentences, and how they took it."""

    story = forms.CharField(
        label=_("The story"), max_length=LONGEST_STORY, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Three sentences: what had happened, what you did, what they said. It may be read out at the line-up."),
    )  # fmt: skip
    outcome = forms.ChoiceField(label=_("How they took it"), choices=Given.Outcome, widget=forms.RadioSelect)


class RemedyForm(InBooks):
    """One remedy of the catalogue."""

    part = forms.ChoiceField(label=_("It restores or adds"), choices=PARTS, initial=Part.EXTRA)
    form = forms.ChoiceField(label=_("Kind"), choices=Form)
    cost = _amount(_("What it costs the house"))
    value = _amount(_("What it is worth to them"))
    lead_minutes = forms.IntegerField(
        label=_("Minutes until it is there"), min_value=0, initial=0, widget=_NUMBER
    )
    role = forms.ChoiceField(
        label=_("Who may give it"), choices=lambda: [(role, ROLE_WORDS[role]) for role in limits.ROLES]
    )
    place = forms.ChoiceField(label=_("Where"))
    injustices = forms.MultipleChoiceField(
        label=_("Fits when they felt wronged by"),
        choices=Injustice,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    elements = forms.MultipleChoiceField(
        label=_("Fits failures of"), choices=Case.Element, required=False, widget=forms.CheckboxSelectMultiple
    )
    failures = forms.CharField(
        label=_("Only for failures that say"), max_length=2000, required=False,
        help_text=_("Words with commas between: cold, noise, 冷. Empty fits any."),
    )  # fmt: skip
    contents = forms.MultipleChoiceField(
        label=_("What is in it"), required=False, choices=lambda: [(each, TOPIC_WORDS[each]) for each in TOPICS],
        widget=forms.CheckboxSelectMultiple,
        help_text=_("What its name does not say already. Needs and dislikes rule it out by these."),
    )  # fmt: skip

    def __init__(self, *args: Any, places: list[Place], everywhere: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code, name in LANGUAGES:
            self.fields[f"name_{code}"] = forms.CharField(
                label=name,
                max_length=LONGEST_NAME,
                required=False,
                widget=forms.TextInput(attrs={"lang": code}),
            )
        every = [(EVERYWHERE, _("every place"))] if everywhere else []
        self.fields["place"].choices = [*every, *((place.public_id, place.name) for place in places)]  # type: ignore[attr-defined]

    @property
    def names(self) -> list[Any]:
        """The fields of its names, one a language."""
        return [self[f"name_{code}"] for code, _name in LANGUAGES]

    @property
    def given(self) -> NewRemedy:
        data = self.cleaned_data
        place = data["place"]
        return NewRemedy(
            names={code: data[f"name_{code}"] for code, _name in LANGUAGES},
            part=data["part"],
            form=data["form"],
            cost=data["cost"].amount,
            value=data["value"].amount,
            lead_minutes=data["lead_minutes"],
            role=data["role"],
            place_id=None if place == EVERYWHERE else row_id("place", place),
            elements=tuple(data["elements"]),
            injustices=tuple(data["injustices"]),
            failures=tuple(each for each in re.split(r"[,，、;；\n]", data["failures"]) if each.strip()),
            contents=tuple(data["contents"]),
        )

    @staticmethod
    def initial_of(row: Remedy) -> dict[str, Any]:
        names = {f"name_{code}": row.names.get(code, "") for code, _name in LANGUAGES}
        return names | {
            "part": row.part,
            "form": row.form,
            "cost": limits.whole(row.cost, row.currency),
            "value": limits.whole(row.value, row.currency),
            "lead_minutes": row.lead_minutes,
            "role": row.role,
            "place": public_id("place", row.place_id) if row.place_id else EVERYWHERE,
            "elements": row.elements,
            "injustices": row.injustices,
            "failures": ", ".join(row.failures),
            "contents": row.contents,
        }


def _share(label: Any, **more: Any) -> forms.DecimalField:
    """Of a hundred."""
    return forms.DecimalField(
        label=label,
        required=False,
        max_digits=4,
        decimal_places=1,
        min_value=Decimal("0.1"),
        max_value=Decimal(100),
        **more,
    )


class TrustForm(InBooks):
    """How much each role is trusted with, and what becomes of a question that nobody answers."""

    ask_minutes = forms.IntegerField(
        label=_("Minutes until it is decided"), min_value=1, max_value=1440, widget=_NUMBER,
        help_text=_("When no leader has answered by then, the rule decides in the customer's favour."),
    )  # fmt: skip
    ceiling = _amount(
        _("Only a person decides above"), required=False, help_text=_("Empty: the rule decides any amount.")
    )
    percent = _share(
        _("Margin, of a hundred"),
        help_text=_(
            "What stays with the house of what customers pay. It sizes what is at stake beside a remedy."
        ),
    )

    def __init__(self, *args: Any, places: Sequence[Place] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places = list(places) if len(places) > 1 else []
        for place in self.places:
            self.fields[f"percent_{place.public_id}"] = _share(
                _("Margin at %(place)s") % {"place": place.name}, help_text=_("Empty: as in the whole house.")
            )
        for role in limits.ROLES:
            for name, label in (("per_case", _("On one case")), ("per_month", _("In a month"))):
                field = _amount(label, required=False, help_text=_("Empty is no limit."))
                field.currency = self.currency
                self.fields[f"{role}_{name}"] = field

    @property
    def roles(self) -> list[dict[str, Any]]:
        return [
            {
                "name": ROLE_WORDS[role],
                "per_case": self[f"{role}_per_case"],
                "per_month": self[f"{role}_per_month"],
            }
            for role in limits.ROLES
        ]

    @property
    def wanted(self) -> dict[str, Limit]:
        def amount(name: str) -> int | None:
            money = self.cleaned_data[name]
            return None if money is None else money.amount

        return {role: Limit(amount(f"{role}_per_case"), amount(f"{role}_per_month")) for role in limits.ROLES}

    @property
    def margins(self) -> dict[int | None, Decimal | None]:
        """By place, None for the whole house."""
        own: dict[int | None, Decimal | None] = {
            place.id: self.cleaned_data[f"percent_{place.public_id}"] for place in self.places
        }
        return {None: self.cleaned_data["percent"], **own}

    @property
    def place_fields(self) -> list[forms.BoundField]:
        return [self[f"percent_{place.public_id}"] for place in self.places]

    @staticmethod
    def initial_of(
        standing: dict[str, Limit], rule: TrustRule, margins: Mapping[int | None, Decimal], currency: str
    ) -> dict[str, Any]:
        found: dict[str, Any] = {
            "ask_minutes": rule.ask_minutes,
            "ceiling": limits.whole(rule.ceiling, currency),
            "percent": margins.get(None),
        }
        for place_id, percent in margins.items():
            if place_id is not None:
                found[f"percent_{public_id('place', place_id)}"] = percent
        for role, limit in standing.items():
            found |= {
                f"{role}_per_case": limits.whole(limit.per_case, currency),
                f"{role}_per_month": limits.whole(limit.per_month, currency),
            }
        return found
