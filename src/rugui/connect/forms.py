"""Forms of imports. They read and label; what is refused is decided by the actions."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from ..engines.tabular.words import FIELDS as FIELDS_OF
from ..house import words as house_words
from ..house.access import Actor, led_places
from ..house.forms import HouseForm
from .imports.settings import Proposal, Wishes
from .imports.words import DATE_ORDERS, DECIMALS, DELIMITERS, ENCODINGS, FIELDS, SUBJECTS
from .models import ImportRun


class UploadForm(HouseForm):
    subject = forms.ChoiceField(label=_("What is in it"), choices=list(SUBJECTS.items()))
    place = forms.ChoiceField(
        label=_("Where it belongs"),
        required=False,
        help_text=_("Times and local phone numbers are read as they are written there."),
    )
    file = forms.FileField(label=_("File"), help_text=_("CSV, as other programs export it; up to 4 GB."))

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(place.public_id, place.name) for place in led_places(actor)]
        if actor.leads(None) and len(choices) != 1:
            choices.insert(0, ("", _now("The whole house")))
        self.fields["place"].choices = choices  # type: ignore[attr-defined]


class ReadingForm(HouseForm):
    """How a file is read: what was guessed, to be corrected. One select for each column."""

    encoding = forms.ChoiceField(label=_("Letters"), choices=list(ENCODINGS.items()))
    delimiter = forms.ChoiceField(label=_("Columns are parted by"), choices=list(DELIMITERS.items()))
    header = forms.BooleanField(label=_("The first line names the columns"), required=False)
    date_order = forms.ChoiceField(label=_("Dates"), choices=list(DATE_ORDERS.items()))
    decimal = forms.ChoiceField(label=_("Cents"), choices=list(DECIMALS.items()))
    region = forms.ChoiceField(label=_("Region of local phone numbers"), choices=house_words.regions)
    currency = forms.ChoiceField(label=_("Currency, where none is named"), choices=house_words.currencies)

    def __init__(self, *args: Any, run: ImportRun, proposal: Proposal, **kwargs: Any) -> None:
        reading = proposal.reading
        kwargs["initial"] = {
            "encoding": reading.format.encoding,
            "delimiter": reading.format.delimiter,
            "header": reading.format.header,
            "date_order": reading.date_order,
            "decimal": reading.decimal,
            "region": reading.region,
            "currency": reading.currency,
        }
        super().__init__(*args, **kwargs)
        self.columns = []
        choices = [("", _("leave out"))] + [(name, FIELDS[name]) for name in FIELDS_OF[run.subject]]
        examples = proposal.layout.rows[:3]
        for index, (name, field) in enumerate(zip(proposal.layout.names, reading.mapping, strict=True)):
            label = name or _now("Column %(number)s") % {"number": index + 1}
            examples_here = [row[index] for row in examples if index < len(row) and row[index].strip()]
            self.fields[f"column_{index}"] = forms.ChoiceField(
                label=label,
                choices=choices,
                required=False,
                initial=field,
                help_text=" · ".join(examples_here)[:80],
            )
            self.columns.append(f"column_{index}")

    def column_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.columns]

    def wishes(self) -> Wishes:
        data = self.cleaned_data
        changed = {"encoding", "delimiter", "header"} & set(self.changed_data)
        # Other letters or separators make other columns: those are guessed anew.
        mapping = None if changed else [data[name] for name in self.columns]
        return Wishes(
            data["encoding"], data["delimiter"], data["header"], mapping, date_order=data["date_order"],
            decimal=data["decimal"], region=data["region"], currency=data["currency"],
        )  # fmt: skip
