"""The form of a standard: its words in each language, the reader's first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from ...core.phrases import LANGUAGES, language_tag
from ...house.access import Actor
from ...house.forms import EVERYWHERE, HouseForm
from ...house.models import Place
from .actions import LONGEST_SAY, LONGEST_TEXT, Said, Words
from .models import Moment


class StandardForm(HouseForm):
    """What is done and said at a moment. Which fields are wrong is decided by the action; they are named as it names them."""

    moment = forms.ChoiceField(label=gettext_lazy("At which moment"), choices=Moment.choices)
    place = forms.ChoiceField(label=gettext_lazy("Where it holds"))
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, actor: Actor, places: Sequence[Place], **options: Any) -> None:
        super().__init__(*args, **options)
        every = [(EVERYWHERE, _("Every place"))] if actor.leads(None) else []
        self.led = {place.public_id: place for place in places}
        self.fields["place"].choices = [*every, *((key, each.name) for key, each in self.led.items())]  # type: ignore[attr-defined]
        for code, name in LANGUAGES:
            tag = {"lang": language_tag(code)}
            self.fields[f"text_{code}"] = forms.CharField(
                label=_("The standard, %(language)s") % {"language": name}, required=False, max_length=LONGEST_TEXT,
                help_text=_("One thing that a colleague can see done or not done."),
                widget=forms.TextInput(attrs=tag),
            )  # fmt: skip
            self.fields[f"say_{code}"] = forms.CharField(
                label=_("Words one may say, %(language)s") % {"language": name}, required=False, max_length=LONGEST_SAY,
                help_text=_("{name}, {place} and {me} are filled in. Empty for what is done, not said."),
                widget=forms.TextInput(attrs=tag),
            )  # fmt: skip

    def decided(self) -> None:
        """Of a standard that stands, only the words may change."""
        del self.fields["moment"], self.fields["place"]

    @property
    def chosen_place(self) -> Place | None:
        return self.led.get(self.cleaned_data.get("place", ""))

    @property
    def words(self) -> Words:
        data = self.cleaned_data
        return {
            code: Said(data.get(f"text_{code}", ""), data.get(f"say_{code}", "")) for code, _name in LANGUAGES
        }

    @property
    def languages(self) -> list[tuple[str, forms.BoundField, forms.BoundField]]:
        """(name, statement, words), the reader's language first."""
        mine = get_language() or "en"
        ordered = sorted(LANGUAGES, key=lambda each: each[0] != mine)
        return [(name, self[f"text_{code}"], self[f"say_{code}"]) for code, name in ordered]


def initial(words: Words, seen: int) -> dict[str, Any]:
    """The fields as a standard stands."""
    fields: dict[str, Any] = {"seen": seen}
    for code, said in words.items():
        fields |= {f"text_{code}": said.text, f"say_{code}": said.say}
    return fields
