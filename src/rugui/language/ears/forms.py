"""A topic of the house."""

from __future__ import annotations

import re

from django import forms
from django.utils.translation import gettext_lazy as _

from ...house.forms import HouseForm
from .actions import LONGEST


class TopicForm(HouseForm):
    name = forms.CharField(label=_("A topic of yours"), max_length=LONGEST)
    words = forms.CharField(
        label=_("Words by which people name it"),
        required=False,
        max_length=600,
        help_text=_("Set commas between them: car park, parking. Its name counts too."),
    )

    def clean_words(self) -> list[str]:
        return [
            each.strip() for each in re.split(r"[,，、;；\n]", self.cleaned_data["words"]) if each.strip()
        ]
