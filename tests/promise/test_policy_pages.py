"""The pages on which owners and managers decide what new promises are given with."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from rugui.core.tenancy import within
from rugui.promise.models import PromisePolicy

from .. import factories
from ..recover.help import HX, queries, text
from .test_policies import policy, time, weekdays

pytestmark = pytest.mark.django_db

FIELDS: dict[str, Any] = {
    "kind": "answer", "place": "all", "channel": "email", "priority": "", "amount": "30", "unit": "minutes",
    "counts": "working", "marks": "50, 75", "warn_to": ["owner"], "due_to": ["owner", "leaders"], "tells": "due",
    "after_1": "10", "who_1": "duty",
}  # fmt: skip


def only(house: factories.House) -> PromisePolicy:
    with within(house.id):
        return PromisePolicy.objects.get()


def test_it_says_in_plain_words_what_a_rule_means(
    lake_house: factories.House, browse: factories.Browse
) -> None:
    weekdays(lake_house, (time(9), time(18)))
    fields = {**FIELDS, "place": lake_house.place.public_id, "amount": "20"}
    page = text(browse(lake_house, "bob").post(reverse("promise-policy-preview"), fields, headers=HX))
    assert "A message by E-mail on Saturday 17:50 is owed an answer by Monday 09:20." in page
    assert "It warns at Monday 09:10 and Monday 09:15 and tells whoever sees to it." in page
    assert "If nobody has settled it by Monday 09:30, it tells everybody on duty." in page
    assert PromisePolicy.objects.count() == 0


def test_an_owner_decides_for_everywhere_and_changes_and_drops_it(
    lake_house: factories.House, browse: factories.Browse
) -> None:
    alice = browse(lake_house, "alice")
    assert alice.post(reverse("promise-policy-new"), FIELDS).status_code == 302
    row = only(lake_house)
    assert (row.place_id, row.channel, row.minutes, row.marks, row.rise_after, row.rise_to) == (
        None, "email", 30, [50, 75], [10], ["duty"]
    )  # fmt: skip
    address = reverse("promise-policy", args=[row.id])
    assert "30 minutes while the place is open" in text(alice.get(reverse("promise-policies")))
    assert 'value="50, 75"' in alice.get(address).content.decode()
    again = alice.post(reverse("promise-policy-new"), FIELDS)
    assert again.status_code == 422
    assert "There is a rule for exactly this already." in text(again)
    alice.post(address, {**FIELDS, "amount": "2", "unit": "hours"})
    assert only(lake_house).minutes == 120
    alice.post(reverse("promise-policy-drop", args=[row.id]))
    with within(lake_house.id):
        assert not PromisePolicy.objects.exists()


def test_a_manager_decides_only_where_they_lead(
    lake_house: factories.House, browse: factories.Browse
) -> None:
    elsewhere, everywhere = policy(lake_house, 1), policy(lake_house, kind="call_back")
    bob = browse(lake_house, "bob")
    assert bob.get(reverse("promise-policy", args=[elsewhere.id])).status_code == 404
    assert bob.get(reverse("promise-policy", args=[everywhere.id])).status_code == 403
    assert bob.post(reverse("promise-policy-new"), FIELDS).status_code == 422
    mine = {**FIELDS, "place": lake_house.place.public_id}
    assert bob.post(reverse("promise-policy-new"), mine).status_code == 302
    assert browse(lake_house, "carol").get(reverse("promise-policies")).status_code == 403


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"marks": "soon"}, "from 1 to 99 per cent"),
        ({"amount": "0"}, "greater than or equal to 1"),
        ({"due_to": []}, "Nothing is chosen"),
        ({"after_2": "5"}, "Each step comes later"),
        ({"amount": "999", "unit": "days"}, "from one minute to a year"),
    ],
)
def test_what_makes_no_sense_is_said_beside_its_field(
    lake_house: factories.House, browse: factories.Browse, fields: dict[str, Any], words: str
) -> None:
    response = browse(lake_house, "alice").post(reverse("promise-policy-new"), {**FIELDS, **fields})
    assert response.status_code == 422
    assert words in text(response)


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_needs_as_many_queries_for_many_as_for_one(
    lake_house: factories.House, browse: factories.Browse, count: int
) -> None:
    for kind in ("answer", "call_back", "delivery")[:count]:
        policy(lake_house, 0, kind=kind)
    assert queries(browse(lake_house, "alice"), reverse("promise-policies")) == 4
