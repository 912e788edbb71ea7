"""Forms of the front desk. They read and label; what is refused is decided by the actions."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ..house.forms import HouseForm
from ..know.models import Identity
from ..know.names import normal_email
from ..serve.models import Touch


def _words(label: Any, rows: int = 4) -> forms.CharField:
    return forms.CharField(label=label, max_length=5000, widget=forms.Textarea(attrs={"rows": rows}))


class AnswerForm(HouseForm):
    text = _words(_("What you said or wrote"))
    channel = forms.ChoiceField(label=_("How"), choices=Touch.Channel.choices)


class MessageForm(HouseForm):
    """A message came in. `who` is whatever is known of the sender."""

    who = forms.CharField(
        label=_("Who is it from?"),
        max_length=200,
        help_text=_("A phone number, an e-mail address, a @handle, or a name."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )
    channel = forms.ChoiceField(
        label=_("How it came"), choices=Touch.Channel.choices, initial=Touch.Channel.PHONE
    )
    text = _words(_("What they said"))
    complaint = forms.BooleanField(
        label=_("This is a complaint: open a case, its clock starts at once"), required=False
    )
    customer = forms.CharField(required=False, widget=forms.HiddenInput)


class TouchForm(HouseForm):
    """A contact with somebody we know, theirs or ours."""

    direction = forms.ChoiceField(
        label=_("Who spoke?"),
        choices=Touch.Direction.choices,
        initial=Touch.Direction.IN,
        widget=forms.RadioSelect,
    )
    channel = forms.ChoiceField(label=_("How"), choices=Touch.Channel.choices)
    text = _words(_("What was said"))
    then = forms.ChoiceField(
        label=_("And now?"),
        choices=[
            ("", _("Nothing more to do")),
            ("answer", _("They wait for an answer")),
            ("complaint", _("It is a complaint: open a case")),
        ],
        required=False,
        widget=forms.RadioSelect,
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("then") and data.get("direction") == Touch.Direction.OUT:
            self.add_error(
                "then",
                _("What we said ourselves waits for nobody here. Choose “from them”, or nothing more to do."),
            )
        return data


def identity_of(who: str, region: str) -> tuple[str, str] | None:
    """The identity that somebody typed, or None when it reads like a name."""
    who = who.strip()
    if who.startswith("@"):
        return (Identity.Kind.HANDLE, who)
    if "@" in who and normal_email(who):
        return (Identity.Kind.EMAIL, who)
    if len(re.sub(r"\D", "", who)) >= 6 and not re.search(r"[^\W\d_]", who):
        return (Identity.Kind.PHONE, who)
    return None
