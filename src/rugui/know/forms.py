"""Forms about people. They read and label; what is refused is decided by the actions."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ..core.ids import UnknownId, public_id, row_id
from ..core.phrases import LANGUAGES
from ..house.forms import DayInput, HouseForm
from .actions import About, GivenIdentity
from .models import ALWAYS, Consent, Customer, Identity, Note, Sensitive, Surprise
from .queries import colleagues
from .surprise import TOPIC_WORDS, Plan

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
    pronunciation = forms.CharField(
        label=_("How their name sounds"),
        max_length=120,
        required=False,
        help_text=_("As you would say it: CHUN yoo-TING."),
    )
    languages = forms.CharField(
        label=_("Languages they speak"),
        max_length=120,
        required=False,
        help_text=_("Best first, as tags: ja en zh-Hant."),
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false"}),
    )
    quiet_until = forms.DateField(
        label=_("Do not disturb until"),
        required=False,
        widget=DayInput,
        help_text=_("The last day of it. Whoever begins to write is told."),
    )
    never = forms.BooleanField(label=_("They do not wish to hear from us at all"), required=False)
    contact_person = forms.ChoiceField(
        label=_("Contact person"),
        required=False,
        help_text=_("Who knows them best; cases and promises can be theirs."),
    )
    deputy = forms.ChoiceField(
        label=_("Deputy"), required=False, help_text=_("Who stands in when the contact person is away.")
    )

    def __init__(self, *args: Any, customer: Customer, **kwargs: Any) -> None:
        contact = customer.contact_person
        kwargs["initial"] = {
            "name": customer.name,
            "address_as": customer.address_as,
            "language": customer.language,
            "pronunciation": customer.pronunciation,
            "languages": customer.languages,
            "quiet_until": "" if customer.quiet == ALWAYS else customer.quiet,
            "never": customer.quiet == ALWAYS,
            "contact_person": contact.public_id if contact else "",
            "deputy": customer.deputy.public_id if customer.deputy else "",
        }
        super().__init__(*args, **kwargs)
        self.colleagues = {public_id("staff", row.id): row for row in colleagues()}
        for one in (contact, customer.deputy):
            if one is not None:
                self.colleagues.setdefault(one.public_id, one)
        people = [(key, row.name) for key, row in self.colleagues.items()]
        self._offer("contact_person", [("", _("whoever is on duty")), *people])
        self._offer("deputy", [("", _("nobody in particular")), *people])

    @property
    def quiet(self) -> str:
        """As `edit_customer` takes it."""
        until = self.cleaned_data["quiet_until"]
        return ALWAYS if self.cleaned_data["never"] else until.isoformat() if until else ""

    def _offer(self, name: str, choices: list[tuple[str, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices


class IdentityForm(HouseForm):
    kind = forms.ChoiceField(label=_("What"), choices=Identity.Kind.choices)
    value = forms.CharField(label=_("Number, address or name"), max_length=200)


class NoteForm(HouseForm):
    """The words and the kind; everything else may be left alone (`more()` is folded away)."""

    text = forms.CharField(label=_("What matters"), max_length=500)
    kind = forms.ChoiceField(label=_("Kind"), choices=Note.Kind.choices, initial=Note.Kind.FACT)
    source = forms.ChoiceField(
        label=_("How we know"),
        choices=[choice for choice in Note.Source.choices if choice[0] != Note.Source.IMPORTED],
        initial=Note.Source.SAID,
    )
    discretion = forms.ChoiceField(
        label=_("May it be mentioned?"),
        choices=[("", _("as usual for its source")), *Note.Discretion.choices],
        required=False,
    )
    sensitive = forms.ChoiceField(
        label=_("Is it sensitive?"),
        choices=[("", _("no")), *Sensitive.choices],
        required=False,
        help_text=_("Only with their recorded consent. A need is best written as what to do, not why."),
    )
    topic = forms.CharField(
        label=_("Topic"),
        max_length=40,
        required=False,
        help_text=_("One word in small letters, like coffee: what contradicts or repeats it is found by it."),
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false"}),
    )
    value = forms.CharField(
        label=_("Which"), max_length=80, required=False, help_text=_("Like black, or firm.")
    )
    polarity = forms.TypedChoiceField(
        label=_("For or against"),
        choices=Note.Polarity.choices,
        coerce=int,
        initial=0,
        required=False,
        empty_value="0",
    )
    person = forms.CharField(label=_("Whom it is about"), max_length=120, required=False)
    relation = forms.ChoiceField(
        label=_("Who that is to them"), choices=[("", _("not said")), *Note.Relation.choices], required=False
    )
    happens_on = forms.CharField(
        label=_("Day"), max_length=10, required=False, help_text=_("1985-03-08, or --03-08 without the year.")
    )
    happens_lunar = forms.BooleanField(label=_("By the lunar calendar"), required=False)
    valid_until = forms.DateField(label=_("Holds until"), required=False, widget=DayInput)

    def more(self) -> list[forms.BoundField]:
        """What most notes never need."""
        return [self[name] for name in self.fields if name not in {"text", "kind", "source"}]

    def about(self) -> About:
        given = {
            name: self.cleaned_data[name] for name in self.fields if name not in {"text", "kind", "source"}
        }
        return About(
            **given | {"discretion": given["discretion"] or None, "polarity": int(given["polarity"])}
        )


class ConsentForm(HouseForm):
    """Read aloud or shown as it stands; what is kept is exactly that."""

    sensitive = forms.ChoiceField(label=_("About"), choices=Sensitive.choices)
    wording = forms.CharField(
        label=_("The words you asked with"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )
    how = forms.ChoiceField(label=_("How they agreed"), choices=Consent.How.choices)
    given_by = forms.CharField(
        label=_("Given by"),
        max_length=120,
        required=False,
        help_text=_("If not by themselves: for a child, the parent or guardian."),
    )


class SurpriseForm(HouseForm):
    gesture = forms.CharField(
        label=_("What you would like to do"), max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )
    planned_on = forms.DateField(label=_("When"), widget=DayInput)
    audience = forms.ChoiceField(
        label=_("Who else will see it?"), choices=Surprise.Audience.choices, initial=Surprise.Audience.ALONE
    )
    topics = forms.MultipleChoiceField(
        label=_("What is in it, if the words do not say"),
        required=False,
        choices=TOPIC_WORDS.items,
        widget=forms.CheckboxSelectMultiple,
    )
    others = forms.MultipleChoiceField(
        label=_("Others with a card who will be there"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, around: list[Customer], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.around = {row.public_id: row for row in around}
        field = self.fields["others"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(key, row.called) for key, row in self.around.items()]

    def plan(self) -> Plan:
        given = self.cleaned_data
        return Plan(
            given["gesture"],
            given["planned_on"],
            given["audience"],
            tuple(given["topics"]),
            tuple(self.around[key] for key in given["others"]),
        )


def given_row(kind: str, public: str) -> int | None:
    """The row that a form names by its public id; None for nothing or nonsense."""
    try:
        return row_id(kind, public) if public else None
    except UnknownId:
        return None
