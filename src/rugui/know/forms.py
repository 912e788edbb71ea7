"""Forms about people. They read and label; what is refused is decided by the actions."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ..core.ids import UnknownId, public_id, row_id
from ..core.phrases import LANGUAGES
from ..house.forms import HouseForm
from .actions import GivenIdentity
from .models import Customer, Identity, Note
from .queries import colleagues

LANGUAGE_CHOICES = [("", _("not known")), *LANGUAGES]


class NewCustomerForm(HouseForm):
    """A new card: a name is enough."""

    name = forms.CharField(
        label=_("Name"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    address_as = forms.CharField(
        label=_("How to address them"),
        max_length=120,
        required=False,
        help_text=_("If not simply by their name."),
    )
    language = forms.ChoiceField(label=_("Their language"), choices=LANGUAGE_CHOICES, required=False)
    phone = forms.CharField(
        label=_("Phone"),
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
    )
    email = forms.CharField(
        label=_("E-mail"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "email", "autocomplete": "off", "autocapitalize": "none"}),
    )
    handle = forms.CharField(
        label=_("Handle"), max_length=200, required=False, help_text=_("Their name in a chat, like @lotus.")
    )
    card = forms.CharField(label=_("Card number"), max_length=60, required=False)
    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    """Cards that were offered as perhaps the same person, and were not."""

    def identities(self) -> list[GivenIdentity]:
        return [
            GivenIdentity(kind, value)
            for kind in Identity.Kind.values
            if (value := self.cleaned_data.get(kind))
        ]


class CustomerForm(HouseForm):
    name = forms.CharField(
        label=_("Name"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    address_as = forms.CharField(
        label=_("How to address them"),
        max_length=120,
        required=False,
        help_text=_("If not simply by their name."),
    )
    language = forms.ChoiceField(label=_("Their language"), choices=LANGUAGE_CHOICES, required=False)
    contact_person = forms.ChoiceField(
        label=_("Contact person"),
        required=False,
        help_text=_("Who knows them best; cases and promises can be theirs."),
    )

    def __init__(self, *args: Any, customer: Customer, **kwargs: Any) -> None:
        contact = customer.contact_person
        kwargs["initial"] = {
            "name": customer.name,
            "address_as": customer.address_as,
            "language": customer.language,
            "contact_person": contact.public_id if contact else "",
        }
        super().__init__(*args, **kwargs)
        self.colleagues = {public_id("staff", row.id): row for row in colleagues()}
        if contact is not None:
            self.colleagues.setdefault(contact.public_id, contact)
        field = self.fields["contact_person"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            ("", _("whoever is on duty")),
            *((key, row.name) for key, row in self.colleagues.items()),
        ]


class IdentityForm(HouseForm):
    kind = forms.ChoiceField(label=_("What"), choices=Identity.Kind.choices)
    value = forms.CharField(label=_("Number, address or name"), max_length=200)


class NoteForm(HouseForm):
    text = forms.CharField(label=_("What matters"), max_length=500)
    kind = forms.ChoiceField(label=_("Kind"), choices=Note.Kind.choices, initial=Note.Kind.FACT)
    source = forms.ChoiceField(
        label=_("How we know"),
        choices=[choice for choice in Note.Source.choices if choice[0] != Note.Source.IMPORTED],
        initial=Note.Source.SAID,
    )


def given_row(kind: str, public: str) -> int | None:
    """The row that a form names by its public id; None for nothing or nonsense."""
    try:
        return row_id(kind, public) if public else None
    except UnknownId:
        return None
