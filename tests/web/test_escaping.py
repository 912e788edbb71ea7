"""Pages whose rows are put together without a template: whatever people have written stands there as text."""

from __future__ import annotations

from datetime import timedelta
from html import escape

import pytest
from django.utils.safestring import mark_safe

from rugui.core.money import Money
from rugui.core.tenancy import within
from rugui.core.time import now as this_moment
from rugui.house.models import Organization, Place, Staff
from rugui.know import actions as know
from rugui.know.models import Customer
from rugui.promise import actions as promises
from rugui.recover import actions as recover
from rugui.serve import actions as serve
from rugui.web.tags import escaped, icon

from .. import factories
from ..factories import Browse, House

pytestmark = pytest.mark.django_db

NASTY = """<script>alert("1 & 'one'")</script>"""
WRITTEN = escape(NASTY)


@pytest.fixture
def nasty(lake_house: House) -> Customer:
    """A customer, a house, a place and a colleague with such names, and such words wherever somebody writes."""
    now = this_moment()
    with within(lake_house.id):
        Organization.objects.filter(id=lake_house.id).update(name=f"House {NASTY}")
        Place.objects.filter(id=lake_house.place.id).update(name=f"Place {NASTY}")
        Staff.objects.filter(id=lake_house.people["alice"].id).update(name=f"Alice {NASTY}")
    made = factories.customer(lake_house, f"Guest {NASTY}")
    alice = lake_house.actor("alice")
    with within(lake_house.id):
        for kind, value in [
            ("handle", f"Handle {NASTY}"),
            ("phone", "0912 345 678"),
        ]:
            identity = know.GivenIdentity(kind, value)
            know.add_identity(alice, made, identity, region="TW", now=now)
        place, later = lake_house.place, now + timedelta(hours=1)
        serve.record_touch(
            alice, made, channel="phone", direction="in", place=place, text=f"Touch {NASTY}", now=now
        )
        serve.record_purchase(
            alice, made, amount=Money(100, "EUR"), place=place, about=f"Item {NASTY}", now=now
        )
        promises.give(alice, made, place, kind="other", due_at=later, text=f"Promise {NASTY}", now=now)
        recover.open_case(alice, made, place, title=f"Case {NASTY}", complaint=NASTY, now=now)
    return made


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/customers/{}", ["House", "Place", "Alice", "Guest", "Handle", "Touch", "Item", "Promise", "Case"]),
        ("/cases", ["House", "Place", "Alice", "Guest", "Case"]),
        ("/", ["House", "Place", "Alice", "Guest", "Case"]),
    ],
)
@pytest.mark.parametrize("again", [False, True])
def test_what_people_wrote_is_text(
    lake_house: House, browse: Browse, nasty: Customer, path: str, said: list[str], again: bool
) -> None:
    client = browse(lake_house, "alice")
    session = client.session
    session["place"] = lake_house.place.id
    session.save()
    if again:  # the frame is kept from one page to the next
        client.get(path.format(nasty.public_id))
    page = client.get(path.format(nasty.public_id)).content.decode()
    assert "<script>alert" not in page
    assert [word for word in said if f"{word} {WRITTEN}" not in page] == []


def test_safe_text_is_left_alone_and_any_other_escaped() -> None:
    assert escaped(NASTY) == WRITTEN
    assert escaped(mark_safe(NASTY)) == NASTY
    assert escaped(7) == "7"


def test_a_drawing_keeps_safe_and_unsafe_labels_apart() -> None:
    assert NASTY in icon("check", mark_safe(NASTY))
    assert NASTY not in icon("check", NASTY)
    assert WRITTEN in icon("check", NASTY)
