"""Cards that become one, or two again, while somebody else does the same."""

from __future__ import annotations

from collections.abc import Callable

from rugui.core.tenancy import within
from rugui.know import actions, lineage, merge
from rugui.know.models import Customer, Note
from rugui.know.pairs import Merge

from .. import factories
from ..at_once import at_once
from ..factories import NOON, House


def card(house: House, text: str) -> Customer:
    """A card of Ana's, with one note on it."""
    customer = factories.customer(house, "Ana Silva")
    with within(house.id):
        actions.add_note(house.actor("carol"), customer, text=text, now=NOON)
    return customer


def joining(house: House, source: Customer, survivor: Customer) -> Callable[[], Merge]:
    return lambda: merge.merge(house.actor("bob"), source, survivor, reason="looked", now=NOON)


def parting(house: House, made: Merge) -> Callable[[], Merge]:
    return lambda: merge.undo(house.actor("carol"), made, now=NOON)


def notes(house: House) -> dict[int, list[str]]:
    with within(house.id):
        found: dict[int, list[str]] = {}
        for customer_id, text in Note.objects.order_by("text").values_list("customer_id", "text"):
            found.setdefault(customer_id, []).append(text)
        return found


def test_two_who_merge_the_same_cards_each_way_make_one(committed_house: House) -> None:
    house = committed_house
    one, other = card(house, "tea"), card(house, "window")
    outcome = at_once(house, joining(house, one, other), joining(house, other, one))
    assert outcome == ["done", "changed meanwhile"]
    assert notes(house) == {other.id: ["tea", "window"]}
    with within(house.id):
        assert list(Merge.objects.values_list("source_id", "survivor_id")) == [(one.id, other.id)]


def test_a_merge_is_undone_once(committed_house: House) -> None:
    house = committed_house
    one, other = card(house, "tea"), card(house, "window")
    with within(house.id):
        made = joining(house, one, other)()
    outcome = at_once(house, parting(house, made), parting(house, made))
    assert outcome == ["done", "changed meanwhile"]
    assert notes(house) == {one.id: ["tea"], other.id: ["window"]}


def test_a_merge_that_goes_on_to_a_third_card_is_not_undone_from_the_second(committed_house: House) -> None:
    house = committed_house
    one, other, third = card(house, "tea"), card(house, "window"), card(house, "quiet")
    with within(house.id):
        made = joining(house, one, other)()
    outcome = at_once(house, joining(house, other, third), parting(house, made))
    assert outcome == ["done", "changed meanwhile"]
    assert notes(house) == {third.id: ["quiet", "tea", "window"]}
    with within(house.id):
        parting(house, made)()
        assert lineage.root(one.id) == one.id
    assert notes(house) == {one.id: ["tea"], third.id: ["quiet", "window"]}
