"""One line from any page."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import translation

from rugui.core.tenancy import within
from rugui.desk.views.capture import kind_and_words
from rugui.know import actions as know
from rugui.know.models import Note
from rugui.serve import actions as serve

from .. import factories
from ..factories import Browse, House
from .help import HTMX, acting, journal, tapped, told

pytestmark = pytest.mark.django_db
RESULT = {"HX-Target": "capture-result"}


def test_on_a_card_the_line_is_kept_at_once_as_typed(lake_house: House, browse: Browse) -> None:
    customer, carol = factories.customer(lake_house), browse(lake_house, "carol")
    answer = tapped(
        carol, "/capture", {"text": " likes black coffee ", "customer": customer.public_id}, **RESULT
    )
    assert answer.status_code == 200
    with within(lake_house.id):
        note = Note.objects.get()
        assert (note.text, note.kind, note.source, note.customer_id) == (
            "likes black coffee",
            "fact",
            "said",
            customer.id,
        )
        assert (note.author_id, note.place_id) == (lake_house.people["carol"].id, lake_house.place.id)
    html = answer.content.decode()
    assert "Noted about Ms Chen:" in html
    assert html.count("aria-pressed") == len(Note.Kind.values)
    assert told(answer) == {f"live:customer-{customer.public_id}": None}


def test_one_tap_corrects_the_kind_and_another_takes_the_note_back(lake_house: House, browse: Browse) -> None:
    customer, carol = factories.customer(lake_house), browse(lake_house, "carol")
    tapped(carol, "/capture", {"text": "feathers", "customer": customer.public_id}, **RESULT)
    with within(lake_house.id):
        note = Note.objects.get()
    corrected = tapped(carol, f"/notes/{note.public_id}/kind?kind=need", **RESULT)
    assert 'class="chip is-need" type="button" aria-pressed="true"' in corrected.content.decode()
    taken = tapped(carol, f"/notes/{note.public_id}/withdraw", **RESULT)
    assert (taken.status_code, taken.content) == (200, b"")
    restore = f"/notes/{note.public_id}/restore"
    assert told(taken)["toast"] == {"text": "Taken off the card.", "undo": restore}
    assert tapped(carol, restore).status_code == 204
    with within(lake_house.id):
        again = Note.objects.get()
        assert (again.kind, again.withdrawn_at) == ("need", None)
    assert journal(lake_house) == ["note.made", "note.corrected", "note.withdrawn", "note.restored"]


def test_elsewhere_it_asks_whom_the_line_is_about(lake_house: House, browse: Browse) -> None:
    with acting(lake_house, "carol") as (actor, now):
        here, coming, away = (
            know.add_customer(actor, name=name, region="TW", now=now)
            for name in ("Mrs Here", "Mr Coming", "Ms Away")
        )
        arrived = serve.expect_visit(actor, here, lake_house.place, expected_at=now, now=now)
        serve.arrive(actor, arrived, now=now)
        serve.expect_visit(actor, coming, lake_house.place, expected_at=now + timedelta(seconds=1), now=now)
    carol = browse(lake_house, "carol")
    html = tapped(carol, "/capture", {"text": 'wants "quiet"'}).content.decode()
    assert html.index("Mrs Here") < html.index("Mr Coming")
    assert "Ms Away" not in html
    assert "&quot;text&quot;: &quot;wants \\&quot;quiet\\&quot;&quot;" in html
    people = carol.get("/capture/people", {"who": "awa", "text": "wants quiet"}, headers=HTMX)
    assert away.public_id in people.content.decode()
    with within(lake_house.id):
        assert Note.objects.count() == 0


@pytest.mark.parametrize("many", [1, 3])
def test_it_offers_one_person_or_three(many: int, lake_house: House, browse: Browse) -> None:
    with acting(lake_house, "carol") as (actor, now):
        for number in range(many):
            customer = factories.customer(lake_house, f"Guest {number}")
            serve.expect_visit(actor, customer, lake_house.place, expected_at=now, now=now)
    html = tapped(browse(lake_house, "carol"), "/capture", {"text": "x"}).content.decode()
    assert html.count('hx-post="/capture"') == many


def test_an_empty_or_endless_line_is_refused_in_words(lake_house: House, browse: Browse) -> None:
    carol = browse(lake_house, "carol")
    empty = tapped(carol, "/capture", {"text": "  "})
    assert (empty.status_code, "Please fill this in." in empty.content.decode()) == (422, True)
    assert tapped(carol, "/capture", {"text": "x" * 501}).status_code == 422


def test_without_scripts_it_leads_to_the_card(lake_house: House, browse: Browse) -> None:
    customer = factories.customer(lake_house)
    answer = browse(lake_house, "carol").post("/capture", {"text": "x", "customer": customer.public_id})
    assert (answer.status_code, answer["Location"]) == (302, f"/customers/{customer.public_id}")


def test_an_analyst_captures_nothing(lake_house: House, browse: Browse) -> None:
    customer = factories.customer(lake_house)
    answer = tapped(browse(lake_house, "erin"), "/capture", {"text": "x", "customer": customer.public_id})
    assert answer.status_code == 403
    with within(lake_house.id):
        assert Note.objects.count() == 0


@pytest.mark.parametrize(
    ("line", "kind", "words"),
    [
        ("need: feathers", "need", "feathers"),
        ("Mood： tired", "mood", "tired"),
        ("likes tea: hot", "fact", "likes tea: hot"),
        ("need:", "fact", "need:"),
        ("goal:see her daughter: graduate", "goal", "see her daughter: graduate"),
    ],
)
def test_a_line_may_begin_with_its_kind(line: str, kind: str, words: str) -> None:
    with translation.override("en"):
        assert kind_and_words(line) == (kind, words)
