"""Any sequence of edits, merges and undos, beside a model that only knows where each row belongs.

RUGUI_LONG_TESTS=1 takes sequences of a thousand steps.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from rugui.core.tenancy import within
from rugui.house.access import Actor
from rugui.know import access, actions, lineage
from rugui.know.merge import FILLED, merge, undo
from rugui.know.models import Customer, Identity, Note
from rugui.know.pairs import Merge, MovedRow

from ..factories import NOON, House
from .test_merge import everything

pytestmark = pytest.mark.django_db
LONG = bool(os.environ.get("RUGUI_LONG_TESTS"))
PHONES = [f"+88691234567{n}" for n in range(3)]


@dataclass
class Row:
    home: int
    text: str


@dataclass
class Model:
    """Which card is part of which, and which rows belong to which card."""

    above: dict[int, int | None] = field(default_factory=dict)
    notes: dict[int, Row] = field(default_factory=dict)
    phones: dict[int, Row] = field(default_factory=dict)

    def root(self, card: int) -> int:
        while (above := self.above[card]) is not None:
            card = above
        return card

    @property
    def roots(self) -> list[int]:
        return [card for card, above in self.above.items() if above is None]


class Cards(RuleBasedStateMachine):
    house: House
    actor: Actor

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        self.stack.enter_context(transaction.atomic())
        self.stack.enter_context(within(self.house.id))
        self.model = Model()
        self.merges: dict[int, tuple[int, int]] = {}
        for _each in range(3):
            self.new_card("", [])

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.stack.close()

    @rule(
        address_as=st.sampled_from(["", "Ms Lin"]),
        phones=st.lists(st.sampled_from(PHONES), max_size=2, unique=True),
    )
    def new_card(self, address_as: str, phones: list[str]) -> None:
        card = actions.add_customer(
            self.actor, name="Lin Mei", address_as=address_as, region="TW", now=NOON,
            identities=[actions.GivenIdentity("phone", phone) for phone in phones],
        )  # fmt: skip
        self.model.above[card.id] = None
        for each in Identity.objects.filter(customer=card):
            self.model.phones[each.id] = Row(card.id, each.normal)

    @rule(data=st.data(), text=st.sampled_from(["feathers", "peanuts"]))
    def write_by_any_name(self, data: st.DataObject, text: str) -> None:
        """Under the root's own name it is the root's; under a merged card's, that card's."""
        card = data.draw(st.sampled_from(list(self.model.above)))
        note = actions.add_note(self.actor, access.customer(self.actor, card), text=text, now=NOON)
        self.model.notes[note.id] = Row(card, text)

    @precondition(lambda self: self.model.notes)
    @rule(data=st.data(), text=st.sampled_from(["tea", "coffee"]))
    def correct(self, data: st.DataObject, text: str) -> None:
        note = Note.objects.get(id=data.draw(st.sampled_from(list(self.model.notes))))
        actions.correct_note(self.actor, note, text=text, now=NOON)
        self.model.notes[note.id].text = text

    @rule(data=st.data(), phone=st.sampled_from(PHONES))
    def give_a_number(self, data: st.DataObject, phone: str) -> None:
        card = data.draw(st.sampled_from(list(self.model.above)))
        given = actions.GivenIdentity("phone", phone)
        made = actions.add_identity(
            self.actor, access.customer(self.actor, card), given, region="TW", now=NOON
        )
        self.model.phones.setdefault(made.id, Row(card, phone))

    @rule(data=st.data())
    def forget_a_number(self, data: st.DataObject) -> None:
        there = list(Identity.objects.order_by("id"))
        if there:
            one = data.draw(st.sampled_from(there))
            actions.remove_identity(self.actor, one, now=NOON)
            del self.model.phones[one.id]

    @rule(data=st.data(), name=st.sampled_from(["Ms Lin", "Dr Lin", ""]))
    def address_differently(self, data: st.DataObject, name: str) -> None:
        card = Customer.objects.get(id=data.draw(st.sampled_from(self.model.roots)))
        actions.edit_customer(self.actor, card, address_as=name, now=NOON)

    @precondition(lambda self: len(self.model.roots) > 1)
    @rule(data=st.data())
    def merge_two(self, data: st.DataObject) -> None:
        source, survivor = data.draw(st.permutations(self.model.roots))[:2]
        made = self._merge(source, survivor)
        self.merges[made.id] = (source, survivor)
        self.model.above[source] = survivor

    @precondition(lambda self: self.merges)
    @rule(data=st.data())
    def undo_any(self, data: st.DataObject) -> None:
        number = data.draw(st.sampled_from(list(self.merges)))
        undo(self.actor, Merge.objects.get(id=number), now=NOON)
        source, _survivor = self.merges.pop(number)
        self.model.above[source] = None

    @precondition(lambda self: len(self.model.roots) > 2)
    @rule(data=st.data())
    def merge_and_undo_with_nothing_between(self, data: st.DataObject) -> None:
        """Three cards become one and part again in any order: not a byte is different."""
        before = everything()
        one, two, three = data.draw(st.permutations(self.model.roots))[:3]
        pairs = data.draw(st.sampled_from([((one, two), (two, three)), ((one, three), (two, three))]))
        made = [self._merge(*pair) for pair in pairs]
        for each in data.draw(st.permutations(made)):
            undo(self.actor, Merge.objects.get(id=each.id), now=NOON)
        assert everything() == before

    def _merge(self, source: int, survivor: int) -> Merge:
        cards = Customer.objects.in_bulk([source, survivor])
        return merge(self.actor, cards[source], cards[survivor], reason="looked", now=NOON)

    @invariant()
    def each_note_is_on_the_right_card(self) -> None:
        found = {
            number: (card, text)
            for number, card, text in Note.objects.values_list("id", "customer_id", "text")
        }
        assert found == {
            number: (self.model.root(row.home), row.text) for number, row in self.model.notes.items()
        }

    @invariant()
    def each_number_is_on_the_right_card_or_parked_behind_its_equal(self) -> None:
        live = {
            number: (card, normal)
            for number, card, normal in Identity.objects.values_list("id", "customer_id", "normal")
        }
        parked = {
            each.row_id: each for each in MovedRow.objects.filter(table="identity", parked__isnull=False)
        }
        assert sorted([*live, *parked]) == sorted(self.model.phones)
        for number, row in self.model.phones.items():
            if number in live:
                assert live[number] == (self.model.root(row.home), row.text)
            else:
                assert (parked[number].home_id, parked[number].parked["normal"]) == (row.home, row.text)
                assert self.model.root(parked[number].blocked_home) == self.model.root(row.home)

    @invariant()
    def every_line_of_a_moved_row_is_needed(self) -> None:
        homes = dict(MovedRow.objects.filter(table="note").values_list("row_id", "home_id"))
        away = {
            number: row.home
            for number, row in self.model.notes.items()
            if self.model.root(row.home) != row.home
        }
        assert homes == away

    @invariant()
    def cards_know_only_what_somebody_said_of_them(self) -> None:
        above = dict(Customer.objects.values_list("id", "merged_into_id"))
        assert above == self.model.above


def test_every_claim_stays_on_the_right_card(lake_house: House) -> None:
    machine: Callable[[], RuleBasedStateMachine] = type(
        "TheseCards", (Cards,), {"house": lake_house, "actor": lake_house.actor("bob")}
    )
    profile = settings(
        max_examples=3 if LONG else 8,
        stateful_step_count=1000 if LONG else 30,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(machine, settings=profile)  # type: ignore[arg-type]


def test_the_fields_that_are_filled_are_fields_of_a_card() -> None:
    assert {str(each.attname) for each in Customer._meta.concrete_fields} >= set(FILLED)
    assert [mover.label for mover in lineage.movers() if mover.uniques] == ["hit", "identity"]
