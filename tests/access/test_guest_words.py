"""A test that tries hard to make an internal word appear on a customer's page.

Every text of every table of the house, in every row that it will take, is replaced by a marked word; then the page is asked
for in each state, each language, whole and in parts, after each thing that can be sent to it. What the customer is meant to
read is marked otherwise, and must appear: so the test knows that it looks at the right page.
"""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import DatabaseError, connection, models, transaction
from django.urls import reverse

from rugui.core.models import HouseModel
from rugui.core.tenancy import within
from rugui.recover.models import Case, CaseStep

from .matrix.world import HERE, World, rolled_back

INTERNAL, THEIRS = "zqinternalzq", "zqtheirszq"
FOR_THEM = {
    ("place", "name"), ("organization", "name"), ("case", "title"), ("casemessage", "text"), ("casemessage", "signed"),
    ("casechoice", "text"),
}  # fmt: skip
"""All that a customer may read of a case, by table and column."""

CODES = {"timezone", "region", "currency"}
"""Not words: the page could not even tell the time."""


def texts() -> list[tuple[type[models.Model], str, int]]:
    """Each column of a table of the house that holds words: the model, the column, and how long it may be."""
    found: list[tuple[type[models.Model], str, int]] = []
    for model in apps.get_app_config("rugui").get_models():
        if not issubclass(model, HouseModel) and model._meta.model_name != "organization":
            continue
        found += [
            (model, field.column, getattr(field, "max_length", None) or 10_000)
            for field in model._meta.concrete_fields
            if isinstance(field, models.CharField | models.TextField | models.JSONField | ArrayField)
            and not getattr(field, "choices", None)
            and field.column not in CODES
        ]
    return found


def fill(model: type[models.Model], column: str, longest: int) -> bool:
    """Puts a marked word into a column of every row; False where the database refuses (a choice, a rule, a right)."""
    name = str(model._meta.model_name)
    word = THEIRS if (name, column) in FOR_THEM else INTERNAL
    field = next(each for each in model._meta.concrete_fields if each.column == column)
    key = model._meta.pk.column
    value: Any = f"left('{word} ' || {key}::text, {longest})"
    if isinstance(field, models.JSONField):
        value = f"'{json.dumps({'words': word})}'::jsonb"
    elif isinstance(field, ArrayField):
        value = f"ARRAY['{word}']"
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f'UPDATE {model._meta.db_table} SET "{column}" = {value}')
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            return bool(cursor.rowcount != 0)
    except DatabaseError:
        return False


@pytest.mark.parametrize("state", ["open", "broken", "solved", "closed"])
def test_no_internal_word_is_on_the_page_whatever_the_house_has_written(world: World, state: str) -> None:
    with rolled_back(), within(world.lake.id):
        _come_to(world, state)
        filled = {
            (str(model._meta.model_name), column)
            for model, column, long in texts()
            if fill(model, column, long)
        }
        seen = _everything_on_the_page(world)
    assert INTERNAL not in seen
    assert "zqtalka" not in seen
    must = {
        ("case", "wanted"), ("case", "cause"), ("case", "lesson"), ("case", "failure"), ("case", "where"), ("case", "stage"),
        ("casestep", "text"), ("casetalk", "text"), ("handover", "note"), ("casealarm", "words"), ("note", "text"),
        ("casechoice", "reference"), ("customer", "name"), ("staff", "name"), ("promise", "text"), ("touch", "text"),
        ("visit", "about"), ("purchase", "about"), ("given", "note"), ("surprise", "gesture"), ("identity", "value"),
        *FOR_THEM,
    }  # fmt: skip
    present = {(str(model._meta.model_name), column) for model, column, _long in texts()}
    assert must & present <= filled, "the test must really have written there"
    assert len(filled) > 60
    assert seen.count(THEIRS) > 20, "what is theirs is there"


def _come_to(world: World, state: str) -> None:
    case = Case.objects.select_related("customer", "place").get(id=_case_id(world))
    now = case.opened_at
    if state in {"solved", "closed"}:
        for step in CaseStep.Step.values:
            CaseStep.objects.get_or_create(
                organization_id=case.organization_id, case=case, step=step,
                defaults={"done_at": now, "skipped": step == "share", "text": f"{INTERNAL} {step}"},
            )  # fmt: skip
        Case.objects.filter(id=case.id).update(state="solved", solved_at=now)
        case.promises.filter(kind="progress").update(state="kept", settled_at=now, ring_at=None)
    if state == "closed":
        Case.objects.filter(id=case.id).update(state="closed", closed_at=now, documented_at=now)
    if state == "broken":
        case.promises.filter(kind="progress").update(state="broken", ring_at=None)


def _case_id(world: World) -> int:
    from rugui.core.ids import row_id

    return row_id("case", world.ids[HERE]["case"])


def _everything_on_the_page(world: World) -> str:
    """The page whole and in parts, in three languages, after each thing that can be sent, and its ticket."""
    address, seen = reverse("guest-case", args=[world.secrets[HERE]]), []
    client = world.client("nobody")

    def look(**headers: str) -> None:
        for language in ("en", "zh-hant", "zh-hans"):
            response = client.get(f"{address}?language={language}", headers=headers)
            seen.append(response.content.decode() + str(dict(response.headers)))

    look()
    look(**{"HX-Request": "true"})
    sent: list[dict[str, str]] = [
        {"do": "person"}, {"do": "not-solved"}, {"do": "choose", "choice": "a" * 26}, {"text": ""}, {"text": "Hello."},
        {"do": "dance"},
    ]  # fmt: skip
    for fields in sent:
        with transaction.atomic():
            response = client.post(address, fields)
        seen.append(response.content.decode() + str(dict(response.headers)))
        look()
    seen.append(client.get(reverse("guest-ticket", args=[world.secrets[HERE]])).content.decode())
    return " ".join(seen)
