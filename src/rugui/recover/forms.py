"""Forms of the recovery room. They read and label; what is refused is decided by the actions."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ..core.phrases import LANGUAGES
from ..house.forms import HouseForm
from ..know.models import Note
from ..serve.forms import AmountField
from .actions import (
    LONGEST_ANSWER,
    LONGEST_CHOICE,
    LONGEST_GUEST_TEXT,
    LONGEST_LINE,
    LONGEST_TEXT,
    LONGEST_TITLE,
    MAY_BE_SKIPPED,
)
from .models import Case, CaseAlarm, SeniorityRule
from .people import Colleague

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
        label=_("What happened, as they tell it"),
        max_length=LONGEST_TEXT,
        widget=_area(3),
    )
    wanted = forms.CharField(
        label=_("What would make it right"), max_length=LONGEST_TEXT, required=False, widget=_area(2)
    )
    injustice = forms.MultipleChoiceField(
        label=_("What felt unfair to them"),
        choices=Case.Injustice,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    understood = forms.CharField(
        label=_("Say back to them what you understood"),
        max_length=LONGEST_TEXT,
        required=False,
        widget=_area(2),
        help_text=_("A sentence or two. Only this stands on their page."),
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)


class DelightForm(HouseForm):
    text = forms.CharField(
        label=_("The extra"),
        max_length=LONGEST_TEXT,
        widget=_area(2),
        help_text=_("What they get beyond what was due, and why it suits them."),
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
    stage = forms.CharField(
        label=_("At which step of serving them"),
        max_length=LONGEST_LINE,
        required=False,
        help_text=_("Booking, arrival, the bill."),
    )
    kind = forms.ChoiceField(
        label=_("What kind of failure"), choices=[("", "—"), *Case.Kind.choices], required=False
    )
    alarms = forms.MultipleChoiceField(
        label=_("It was grave"),
        choices=CaseAlarm.Kind,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("What you tick goes to somebody senior at once."),
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)


class SkipForm(HouseForm):
    """A step is left out, with a reason."""

    step = forms.ChoiceField(label=_("Step"))
    why = forms.CharField(label=_("Why it is left out"), max_length=LONGEST_TEXT)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["step"].choices = [(step.value, step.label) for step in MAY_BE_SKIPPED]  # type: ignore[attr-defined]


class ShareForm(HouseForm):
    lesson = forms.CharField(
        label=_("What we do from tomorrow"),
        max_length=LONGEST_TEXT,
        widget=_area(2),
        help_text=_("One sentence that a colleague can act on. It is read out at the line-up."),
    )


class HandOverForm(HouseForm):
    """To whom a case is handed, and what they must know."""

    to = forms.ChoiceField(label=_("Hand it over to"))
    note = forms.CharField(
        label=_("What they must know"),
        max_length=LONGEST_TEXT,
        widget=_area(2),
        help_text=_(
            "It stays yours until they accept. After three minutes without an answer it comes back and rings."
        ),
    )

    def __init__(self, *args: Any, serving: list[Colleague], **options: Any) -> None:
        super().__init__(*args, **options)
        on_duty = _("%(name)s (on duty)")
        self.fields["to"].choices = [  # type: ignore[attr-defined]
            (one.staff.public_id, on_duty % {"name": one.staff.name} if one.on_duty else one.staff.name)
            for one in serving
        ]


class DeclineForm(HouseForm):
    answer = forms.CharField(label=_("Why not now"), max_length=LONGEST_ANSWER, required=False)


class AlarmForm(HouseForm):
    """Somebody says that it is grave."""

    kind = forms.ChoiceField(label=_("What is grave about it"), choices=CaseAlarm.Kind)


class ChoicesForm(HouseForm):
    """Two or three things of which the customer chooses one."""

    first = forms.CharField(label=_("Either"), max_length=LONGEST_CHOICE)
    second = forms.CharField(label=_("Or"), max_length=LONGEST_CHOICE)
    third = forms.CharField(label=_("Or, as a third"), max_length=LONGEST_CHOICE, required=False)


class RuleForm(HouseForm):
    """To whom one kind of matter goes."""

    level = forms.ChoiceField(label=_("Goes at once to"), choices=SeniorityRule.Level)
    over = AmountField(label=_("Above"), required=False, max_length=20)

    def __init__(self, *args: Any, currency: str, sums: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        if sums:
            self.fields["over"].required = True
            self.fields["over"].currency = currency  # type: ignore[attr-defined]
        else:
            del self.fields["over"]


class WriteBackForm(forms.Form):
    """What a customer writes on their own page."""

    text = forms.CharField(max_length=LONGEST_GUEST_TEXT, widget=_area(3))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["text"].widget.attrs["id"] = "write-back"
