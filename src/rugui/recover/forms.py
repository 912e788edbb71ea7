"""Forms of the recovery room. They read and label; what is refused is decided by the actions."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ..core.phrases import LANGUAGES
from ..house.forms import HouseForm
from ..know.models import Note
from .actions import LONGEST_GUEST_TEXT, LONGEST_LINE, LONGEST_TEXT, LONGEST_TITLE
from .models import Case

LEARNED = [choice for choice in Note.Kind.choices if choice[0] not in {"mood", "date", "person"}]


def _area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class OpenForm(HouseForm):
    """A failure to put right."""

    title = forms.CharField(
        label=_("What is wrong"),
        max_length=LONGEST_TITLE,
        help_text=_("A few words that the customer will see too: “Room cold since ten”."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    complaint = forms.CharField(
        label=_("In their own words"),
        required=False,
        max_length=LONGEST_TEXT,
        help_text=_("As they said it. It stands first on their page, so that they see they were heard."),
        widget=_area(3),
    )
    language = forms.ChoiceField(label=_("Language of their page"), choices=LANGUAGES)


class ReviewForm(HouseForm):
    text = forms.CharField(
        label=_("What happened, as they tell it, and what would make it right"),
        max_length=LONGEST_TEXT,
        widget=_area(4),
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)


class DocumentForm(HouseForm):
    element = forms.ChoiceField(label=_("What failed them"), choices=Case.Element, widget=forms.RadioSelect)
    failure = forms.CharField(
        label=_("The failure"),
        max_length=LONGEST_LINE,
        help_text=_("Heating, wrong size, waited 40 minutes."),
    )
    where = forms.CharField(
        label=_("Where"), max_length=LONGEST_LINE, required=False, help_text=_("Room, counter, page, step.")
    )
    cause = forms.CharField(
        label=_("Why it could happen"),
        max_length=LONGEST_TEXT,
        required=False,
        widget=_area(2),
        help_text=_("The cause in how we work. Not who was there."),
    )
    lesson = forms.CharField(
        label=_("What we do from tomorrow"),
        max_length=LONGEST_TEXT,
        required=False,
        widget=_area(2),
        help_text=_("One sentence that a colleague can act on. It is read out at the line-up."),
    )
    about_customer = forms.CharField(
        label=_("What we learned about them"),
        max_length=LONGEST_TEXT,
        required=False,
        help_text=_("It goes on their card."),
    )
    about_customer_kind = forms.ChoiceField(
        label=_("That is a"), choices=LEARNED, initial=Note.Kind.PREFERENCE
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)


class WriteBackForm(forms.Form):
    """What a customer writes on their own page."""

    text = forms.CharField(max_length=LONGEST_GUEST_TEXT, widget=_area(3))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["text"].widget.attrs["id"] = "write-back"
