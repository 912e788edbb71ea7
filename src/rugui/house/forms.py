"""Forms of the house room. They read and label; what is refused is decided by the actions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.db import transaction
from django.utils.functional import keep_lazy_text
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from ..core.errors import InputError
from ..core.ids import UnknownId, public_id, row_id
from ..core.phrases import LANGUAGES
from . import checks, hours, words
from .access import Actor, Role
from .actions.calendar import Shift
from .models import Place
from .queries import Week

EVERYWHERE = "all"
NO_ROLE = "none"
ZONES = {"zh-hant": "Asia/Taipei", "zh-hans": "Asia/Shanghai"}
REGIONS = {"zh-hant": "TW", "zh-hans": "CN"}
CURRENCIES = {"zh-hant": "TWD", "zh-hans": "CNY"}
"""Where a reader of a language most likely is: only what a form proposes."""


@keep_lazy_text
def _with_label(sentence: Any, label: Any) -> str:
    return str(sentence % {"field": label})


def say_plainly(form: forms.BaseForm) -> None:
    """Errors that name the field, say what was wrong, and what would be right."""
    for field in form.fields.values():
        messages = field.error_messages
        if field.label and isinstance(field, forms.ChoiceField | forms.FileField):
            messages["required"] = _with_label(
                _("Nothing is chosen under “%(field)s”. Please choose."), field.label
            )
        elif field.label:
            messages["required"] = _with_label(_("“%(field)s” is empty. Please fill it in."), field.label)
        if isinstance(field, forms.EmailField):
            messages["invalid"] = checks.NOT_AN_EMAIL
        elif isinstance(field, forms.DateField):
            messages["invalid"] = _("Not a date: choose it in the calendar, or write it like 2026-12-25.")


class HouseForm(forms.Form):
    """Says plainly what is wrong, and shows what an action refuses beside the field that it is about."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        say_plainly(self)

    @contextmanager
    def refusals(self) -> Iterator[None]:
        """Inside, an `InputError` becomes errors of this form instead of ending the request."""
        try:
            with transaction.atomic():
                yield
        except InputError as error:
            for field, message in error.fields.items():
                self.add_error(field if field in self.fields else None, str(message))


class LocalField(forms.DateTimeField):
    """A day and a time by a place's own clock; gives an aware moment. The form sets `zone`."""

    zone: ZoneInfo

    def __init__(self, **options: Any) -> None:
        options.setdefault("input_formats", ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"])
        options.setdefault(
            "widget", forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        )
        super().__init__(**options)

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, datetime) and value.tzinfo is not None:
            return value.astimezone(self.zone).replace(tzinfo=None)  # Django would write it in UTC
        return super().prepare_value(value)

    def clean(self, value: Any) -> Any:
        at = super().clean(value)
        if at is None:
            return None
        local = at.replace(tzinfo=self.zone)
        if datetime.fromtimestamp(local.timestamp(), self.zone).replace(tzinfo=None) != at.replace(
            tzinfo=None
        ):
            raise forms.ValidationError(gettext("The clocks are put forward then; this time does not exist."))
        return local


def email_field(**options: Any) -> forms.EmailField:
    return forms.EmailField(
        label=_("E-mail address"), widget=forms.EmailInput(attrs={"autocomplete": "username"}), **options
    )


def new_password_field() -> forms.CharField:
    return forms.CharField(
        label=_("Password"),
        strip=False,
        help_text=_("At least 10 characters. A sentence is easier to remember than a riddle."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password", "minlength": "10"}),
    )


def _language_field(label: Any = None) -> forms.ChoiceField:
    return forms.ChoiceField(label=label or _("Language"), choices=LANGUAGES)


def _zone_choices() -> list[tuple[str, str]]:
    return [(name, name.replace("_", " ")) for name in words.time_zones()]


class OwnerForm(HouseForm):
    """Who becomes the owner."""

    owner_name = forms.CharField(
        label=_("Your name"), max_length=80, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    owner_email = email_field()
    owner_password = new_password_field()
    owner_language = _language_field(_("Your language"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"owner_language": get_language() or "en"} | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)


class WelcomeForm(OwnerForm):
    """Everything that a new house needs, on one page."""

    house_name = forms.CharField(
        label=_("Name of the house"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    house_trade = forms.ChoiceField(label=_("Trade"), choices=words.TRADES)
    house_customer_word = forms.ChoiceField(
        label=_("What you call your customers"), choices=words.CUSTOMER_WORD_CHOICES
    )
    house_currency = forms.ChoiceField(label=_("Currency"), choices=words.currencies)
    house_language = _language_field(_("Language of the house"))
    place_name = forms.CharField(
        label=_("Name of the first place"),
        max_length=120,
        required=False,
        help_text=_("Leave it empty when it is called like the house."),
    )
    place_timezone = forms.ChoiceField(
        label=_("Time zone"), choices=_zone_choices, widget=forms.Select(attrs={"data-propose-zone": ""})
    )
    place_region = forms.ChoiceField(
        label=_("Country or region, for local phone numbers and dates"), choices=words.regions
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        language = get_language() or "en"
        kwargs["initial"] = {
            "house_language": language,
            "house_currency": CURRENCIES.get(language, "EUR"),
            "place_timezone": ZONES.get(language, "UTC"),
            "place_region": REGIONS.get(language, "US"),
        }
        super().__init__(*args, **kwargs)


class JoinForm(HouseForm):
    """Somebody new accepts an invitation."""

    name = forms.CharField(
        label=_("Your name"), max_length=80, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    password = new_password_field()
    language = _language_field(_("Your language"))


class NewPasswordForm(HouseForm):
    password = new_password_field()


class OrganizationForm(HouseForm):
    name = forms.CharField(label=_("Name of the house"), max_length=120)
    trade = forms.ChoiceField(label=_("Trade"), choices=words.TRADES)
    customer_word = forms.ChoiceField(
        label=_("What you call your customers"), choices=words.CUSTOMER_WORD_CHOICES
    )
    currency = forms.ChoiceField(label=_("Currency"), choices=words.currencies)
    language = _language_field(_("Language of the house"))


class PlaceForm(HouseForm):
    name = forms.CharField(label=_("Name"), max_length=120)
    timezone = forms.ChoiceField(label=_("Time zone"), choices=_zone_choices)
    region = forms.ChoiceField(
        label=_("Country or region, for local phone numbers and dates"), choices=words.regions
    )


class MeForm(HouseForm):
    name = forms.CharField(
        label=_("Your name"), max_length=80, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    language = _language_field(_("Your language"))


class PlaceChoice(forms.ChoiceField):
    """A place by its public id, or every place; its cleaned value is a row number or None."""

    def offer(self, actor: Actor, places: Sequence[Place]) -> None:
        offered = [(place.public_id, place.name) for place in places]
        if actor.leads(None):
            offered.append((EVERYWHERE, gettext("Every place")))
        self.choices = offered

    def clean(self, value: Any) -> Any:
        chosen = super().clean(value)
        if chosen == EVERYWHERE:
            return None
        try:
            return row_id("place", chosen)
        except UnknownId as error:
            raise forms.ValidationError(gettext("Choose one of the places.")) from error


def _role_choices(actor: Actor) -> list[tuple[str, Any]]:
    return [(role, label) for role, label in words.ROLES.items() if actor.owns or role != Role.OWNER]


class InviteForm(HouseForm):
    name = forms.CharField(label=_("Name"), max_length=80)
    email = forms.EmailField(label=_("E-mail address"), help_text=_("They sign in with this address."))
    role = forms.ChoiceField(label=_("Role"), initial=Role.STAFF)
    place = PlaceChoice(label=_("Place"))

    def __init__(self, *args: Any, actor: Actor, places: Sequence[Place], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = _role_choices(actor)  # type: ignore[attr-defined]
        self.fields["place"].offer(actor, places)  # type: ignore[attr-defined]


class RoleForm(HouseForm):
    """A role at one place, or at every place, or none there. It opens with a role that is `held`."""

    place = PlaceChoice(label=_("Place"))
    role = forms.ChoiceField(label=_("Role"))

    def __init__(
        self, *args: Any, actor: Actor, places: Sequence[Place], held: Mapping[int | None, str], **kwargs: Any
    ) -> None:
        mine = [place_id for place_id in held if actor.leads(place_id)]
        if mine:
            place = EVERYWHERE if mine[0] is None else public_id("place", mine[0])
            kwargs["initial"] = {"place": place, "role": held[mine[0]]}
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [*_role_choices(actor), (NO_ROLE, _("No role"))]  # type: ignore[attr-defined]
        self.fields["place"].offer(actor, places)  # type: ignore[attr-defined]


class HoursField(forms.CharField):
    """Shifts as text; its cleaned value is a list of (opens, closes), empty for closed."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=200, **options)

    def validate(self, value: Any) -> None:
        """Nothing is an answer too: closed."""

    def clean(self, value: Any) -> Any:
        try:
            return hours.read(super().clean(value))
        except hours.HoursError as error:
            raise forms.ValidationError(str(error)) from error


class WeekForm(HouseForm):
    """One line of shifts a weekday. `seen` is the week that the editor began from."""

    use_required_attribute = False
    seen = forms.JSONField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, week: Week, **kwargs: Any) -> None:
        initial: dict[str, Any] = {
            f"day_{day}": hours.written(shifts) for day, shifts in enumerate(week.days)
        }
        initial["seen"] = [hours.written(shifts) for shifts in week.days]
        kwargs["initial"] = initial
        super().__init__(*args, **kwargs)
        for day, name in enumerate(words.WEEKDAYS):
            self.fields[f"day_{day}"] = HoursField(
                label=name, widget=forms.TextInput(attrs={"placeholder": _("closed"), "inputmode": "text"})
            )

    def clean_seen(self) -> list[Shift]:
        seen = self.cleaned_data["seen"]
        if not (isinstance(seen, list) and len(seen) == 7 and all(isinstance(text, str) for text in seen)):
            raise forms.ValidationError(gettext("The form is damaged. Open the page again."))
        try:
            return [(day, *shift) for day, text in enumerate(seen) for shift in hours.read(text)]
        except hours.HoursError as error:
            raise forms.ValidationError(str(error)) from error

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        try:
            hours.refuse_overlaps(self.shifts(), weekly=True)
        except hours.Overlap as error:
            self.add_error(f"day_{error.days[1]}", str(error))
        return data

    def drawn(self, day: int, standing: Sequence[hours.Hours]) -> list[tuple[int, int]]:
        """The picture of a day: as typed when that can be read, as it stands otherwise."""
        typed = self.cleaned_data.get(f"day_{day}") if self.is_bound and self.errors else None
        return hours.bars(standing if typed is None else typed)

    def shifts(self) -> list[Shift]:
        return [(day, *shift) for day in range(7) for shift in self.cleaned_data.get(f"day_{day}") or []]


class DayInput(forms.DateInput):
    """The browser's own field for a day: it wants the day as 2026-03-08 in every language, and shows nothing otherwise."""

    input_type = "date"

    def __init__(self, **options: Any) -> None:
        super().__init__(format="%Y-%m-%d", **options)


class SpecialDayForm(HouseForm):
    date = forms.DateField(label=_("Date"), widget=DayInput)
    name = forms.CharField(label=_("Occasion"), max_length=80)
    hours = HoursField(
        required=False, label=_("Hours"), help_text=_("Leave it empty when the place is closed that day.")
    )


class TokenForm(HouseForm):
    label = forms.CharField(label=_("What is it for?"), max_length=80)
    scopes = forms.MultipleChoiceField(
        label=_("What it may do"),
        choices=[(scope, scope) for scope in words.SCOPES],
        widget=forms.CheckboxSelectMultiple,
    )
