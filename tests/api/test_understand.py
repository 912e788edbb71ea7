"""Reading a line over the API: the notes it means, ready to be written, and nothing kept."""

from __future__ import annotations

import pytest

from rugui.core.tenancy import within
from rugui.know.models import Note

from .. import factories
from ..factories import House
from .conftest import Caller

pytestmark = pytest.mark.django_db


def test_a_line_is_read_with_where_it_says_so(carol: Caller, lake_house: House) -> None:
    line = "table 12 wife allergic to nuts"
    (note,) = carol.post("/understand", {"text": line}).json()["notes"]
    spans = note.pop("spans")
    assert note.pop("confidence") > 0.8
    assert note == {
        "text": line,
        "said": "need",
        "kind": "need",
        "topic": "allergy",
        "value": "",
        "polarity": -1,
        "standing": True,
        "sensitive": "",
        "happens_on": "",
        "happens_lunar": False,
        "person": "",
        "relation": "partner",
        "day": "",
        "impossible_days": [],
        "mood": "",
        "references": [{"kind": "table", "number": "12"}],
    }
    assert line[spans["table"]["start"] : spans["table"]["end"]] == "table 12"
    assert line[spans["person"]["start"] : spans["person"]["end"]] == "wife"
    with within(lake_house.id):
        assert Note.objects.count() == 0


@pytest.mark.parametrize(
    ("line", "kinds"),
    [
        ("生日3月8日", ["date"]),
        ("不吃牛，愛喝茶。叫她陳醫師", ["need", "preference", "address_as"]),
        (" ", []),
    ],
)
def test_it_gives_one_note_or_three_or_none(carol: Caller, line: str, kinds: list[str]) -> None:
    answer = carol.post("/understand", {"text": line})
    assert [each["said"] for each in answer.json()["notes"]] == kinds


def test_what_it_gives_can_be_written_as_it_is(carol: Caller, lake_house: House) -> None:
    customer = factories.customer(lake_house)
    (read,) = carol.post(
        "/understand", {"text": "tired, long flight", "customer": customer.public_id}
    ).json()["notes"]
    names = (
        "text",
        "kind",
        "topic",
        "value",
        "polarity",
        "standing",
        "sensitive",
        "happens_on",
        "happens_lunar",
    )
    written = carol.post(
        f"/customers/{customer.public_id}/notes",
        {name: read[name] for name in (*names, "person", "relation")},
    )
    assert (written.status_code, written.json()["value"], written.json()["polarity"]) == (201, "tired", -1)


def test_names_on_the_card_help_to_read(carol: Caller, lake_house: House) -> None:
    customer = factories.customer(lake_house)
    note = {
        "text": "sister Nuo",
        "kind": "person",
        "person": "Nuo",
        "relation": "relative",
        "topic": "family",
    }
    carol.post(f"/customers/{customer.public_id}/notes", note)
    (read,) = carol.post("/understand", {"text": "nuo hates garlic", "customer": customer.public_id}).json()[
        "notes"
    ]
    assert (read["person"], read["relation"], read["topic"]) == ("Nuo", "relative", "food")


def test_somebody_elses_customer_is_not_there(carol: Caller) -> None:
    assert carol.post("/understand", {"text": "tea", "customer": "zq"}).status_code == 404


def test_an_analyst_reads_no_lines(lake_house: House) -> None:
    assert Caller(lake_house, "erin").post("/understand", {"text": "tea"}).status_code == 403
