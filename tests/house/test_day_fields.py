"""Fields for days and moments: the browser shows a value only when it is written as it wants it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest
from django import forms
from django.urls import get_resolver
from django.utils import translation

from rugui.house.forms import HouseForm

VALUE = datetime(2026, 3, 8, 15, 30)  # noqa: DTZ001  a field shows the time of the place
WRITTEN = {"date": "2026-03-08", "datetime-local": "2026-03-08T15:30"}


def _forms(of: type[HouseForm] = HouseForm) -> Iterator[type[HouseForm]]:
    for form in of.__subclasses__():
        yield form
        yield from _forms(form)


@pytest.mark.parametrize("language", ["en", "zh-hant", "zh-hans"])
def test_every_day_is_written_as_browsers_want_it(language: str) -> None:
    assert get_resolver().url_patterns  # reading them imports every form
    found = {}
    with translation.override(language):
        for form in _forms():
            for name, field in form.base_fields.items():
                if isinstance(field, forms.DateField | forms.DateTimeField):
                    kind = field.widget.attrs.get("type", field.widget.input_type)
                    found[form.__name__, name] = (kind, field.widget.format_value(VALUE))
    assert {"SpecialDayForm", "NoteForm", "SurpriseForm"} <= {form for form, _name in found}
    assert {key: value for key, value in found.items() if value != (value[0], WRITTEN.get(value[0]))} == {}
