"""Forms about incidents. They read and label; what is refused is decided by the actions."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from ...core.errors import InputError, NotFound
from ...core.ids import UnknownId, row_id
from ...core.phrases import LANGUAGES
from ...house.forms import HouseForm, LocalField
from ..actions import LONGEST_LINE, LONGEST_TEXT, LONGEST_TITLE, Findings
from ..models import Case
from ..remedies import catalogue
from ..remedies.models import Remedy
from .actions import SOURCES, Order, Plan
from .models import Found, Incident, IncidentTask

Kind = IncidentTask.Kind
NAMES = dict(LANGUAGES)
STEPS = {
    Kind.TELL: (
        _("Tell them"),
        _("Each gets a case and a page of their own, and our apology before anything else."),
    ),
    Kind.GIVE: (_("Give all of them the same"), _("One decision, the same for everybody.")),
    Kind.REPORT: (_("Say how far it is"), _("To everybody whose case is open.")),
    Kind.SOLVE: (
        _("Say that it is right again"),
        _("Their clocks stop, and each is asked how it is in the days after."),
    ),
    Kind.CLOSE: (
        _("Close their cases together"),
        _(
            "Who wrote back is left to somebody who answers; the others are closed, and followed up one by one."
        ),
    ),
}
"""What can be done to all of them: what it is called, and what it means."""


class _Spoken(HouseForm):
    """A form with one field for each of some languages, named `text_en` and so on; the actions speak of `texts`."""

    many = "texts"
    one = "text"

    def speak(
        self, label: Any, languages: Iterable[str], longest: int, rows: int = 0, **options: Any
    ) -> None:
        first = True
        for code in languages:
            widget: Any = forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput()
            widget.attrs["lang"] = code
            name = f"{self.one}_{code.replace('-', '_')}"
            required = options.get("required", True) is True or (options.get("required") == "first" and first)
            self.fields[name] = forms.CharField(
                label=_("%(field)s (%(language)s)") % {"field": label, "language": NAMES[code]},
                max_length=longest,
                required=required,
                widget=widget,
            )
            first = False

    @property
    def texts(self) -> dict[str, str]:
        """By language, of a valid form."""
        names = {code: f"{self.one}_{code.replace('-', '_')}" for code in NAMES}
        return {code: self.cleaned_data[name] for code, name in names.items() if self.cleaned_data.get(name)}

    def initial_texts(self, texts: dict[str, str]) -> None:
        for code, text in texts.items():
            name = f"{self.one}_{code.replace('-', '_')}"
            if name in self.fields:
                self.fields[name].initial = text

    def add_error(self, field: str | None, error: Any) -> None:
        if field is None or field in self.fields:
            super().add_error(field, error)

    def refuse(self, error: InputError) -> None:
        """What an action refused, beside the field that it is about."""
        first = next((name for name in self.fields if name.startswith(f"{self.one}_")), None)
        for field, message in error.fields.items():
            there = first if field == self.many else field
            self.add_error(there if there in self.fields else None, str(message))

    @property
    def spoken(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith(f"{self.one}_")]


class IncidentForm(_Spoken):
    """What happened, and how to find those whom it hit."""

    many, one = "titles", "title"
    began_at = LocalField(label=_("Since when"))
    until_at = LocalField(label=_("Until when"), help_text=_("If it goes on, until when it may last."))
    who = forms.MultipleChoiceField(
        label=_("Whom it hit"),
        choices=[(each.value, each.label) for each in SOURCES],
        widget=forms.CheckboxSelectMultiple,
        initial=[Found.HERE, Found.EXPECTED],
    )
    words = forms.CharField(
        label=_("Only where it says"),
        required=False,
        max_length=200,
        help_text=_(
            "Words of the room, table, order or product, with commas between: “Room 3, cheesecake”. Empty for all."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    note = forms.CharField(
        label=_("What happened, for colleagues"),
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, zone: ZoneInfo, language: str, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in ("began_at", "until_at"):
            self.fields[name].zone = zone  # type: ignore[attr-defined]
        order = sorted(NAMES, key=lambda code: code != language)
        self.speak(_("What it is, as customers read it"), order, LONGEST_TITLE, required="first")
        self.order_fields(
            [*[each.name for each in self.spoken], "began_at", "until_at", "who", "words", "note"]
        )

    @property
    def plan(self) -> Plan:
        data = self.cleaned_data
        return Plan(self.texts, data["began_at"], data["until_at"], data["who"], data["words"], data["note"])

    @staticmethod
    def initial_of(incident: Incident) -> dict[str, Any]:
        zone = incident.place.zone
        local = {name: getattr(incident, name).astimezone(zone) for name in ("began_at", "until_at")}
        titles = {f"title_{code.replace('-', '_')}": text for code, text in incident.titles.items()}
        return {**local, **titles, "who": incident.who, "words": incident.words, "note": incident.note}


class OrderForm(_Spoken):
    """What each of them reads, in their language, and what goes with it."""

    def __init__(
        self, *args: Any, incident: Incident, kind: str, languages: Iterable[str], texts: dict[str, str],
        remedies: Iterable[Remedy] = (), **options: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **options)
        self.kind, self.incident = kind, incident
        if kind != Kind.CLOSE:
            self.speak(_("What they read"), languages, LONGEST_TEXT, rows=6, required=kind != Kind.GIVE)
            self.initial_texts(texts)
        if kind in {Kind.TELL, Kind.REPORT}:
            self.fields["next_at"] = LocalField(
                label=_("They hear again by"),
                help_text=_("It stands for {time} in the words, and their clock runs to it."),
            )
            self.fields["next_at"].zone = incident.place.zone  # type: ignore[attr-defined]
        if kind == Kind.GIVE:
            choices = [(row.public_id, row.called()) for row in remedies]
            self.fields["remedy"] = forms.ChoiceField(label=_("What each of them gets"), choices=choices)
            self.order_fields(["remedy"])
        if kind == Kind.CLOSE:
            self._ask_findings()

    def _ask_findings(self) -> None:
        self.fields["element"] = forms.ChoiceField(label=_("What failed them"), choices=Case.Element)
        self.fields["failure"] = forms.CharField(label=_("The failure"), max_length=LONGEST_LINE)
        self.fields["cause"] = forms.CharField(
            label=_("Why it could happen"), max_length=LONGEST_TEXT, required=False,
            widget=forms.Textarea(attrs={"rows": 2}), help_text=_("The cause in how we work. Not who was there."),
        )  # fmt: skip
        self.fields["lesson"] = forms.CharField(
            label=_("What we do from tomorrow"), max_length=LONGEST_TEXT, required=False,
            widget=forms.Textarea(attrs={"rows": 2}),
            help_text=_("One sentence that a colleague can act on. It is read out at the line-up."),
        )  # fmt: skip

    def order(self, actor: Any) -> Order:
        """What was decided, of a valid form. Raises `NotFound` for a remedy of elsewhere."""
        data = self.cleaned_data
        remedy = None
        if self.kind == Kind.GIVE:
            try:
                remedy = catalogue.remedy(actor, row_id("remedy", data["remedy"]))
            except UnknownId as error:
                raise NotFound from error
        findings = None
        if self.kind == Kind.CLOSE:
            findings = Findings(data["element"], data["failure"], cause=data["cause"], lesson=data["lesson"])
        return Order(self.texts if self.kind != Kind.CLOSE else {}, data.get("next_at"), remedy, findings)


class StatementForm(_Spoken):
    """What the house says of it in public."""

    def __init__(self, *args: Any, language: str, **options: Any) -> None:
        super().__init__(*args, **options)
        order = sorted(NAMES, key=lambda code: code != language)
        self.speak(_("In public"), order, LONGEST_TEXT, rows=4, required="first")
