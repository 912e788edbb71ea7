"""Trust: giving within it, asking beyond it, the rule when nobody answers, and the story that is owed."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from rugui.core.errors import ChangedMeanwhile, InputError, NotAllowed, NotFound
from rugui.core.money import Money
from rugui.core.tenancy import within
from rugui.house.actions.duty import start_duty
from rugui.promise import actions as promises
from rugui.promise.models import Promise
from rugui.recover import actions, queries
from rugui.recover.models import Case, CaseStep
from rugui.recover.remedies import catalogue, giving
from rugui.recover.remedies.giving import Gift
from rugui.recover.remedies.models import Given
from rugui.recover.trust import books, jobs, leave, limits
from rugui.recover.trust.models import Leave, LedgerEntry
from rugui.recover.worth import firstaid
from rugui.recover.worth.models import HeldCharge
from rugui.serve import actions as serve
from rugui.serve.models import Purchase

from .. import factories
from .help import acting, again, journal, opened
from .test_ledger import left, trusting

pytestmark = pytest.mark.django_db


def gift(amount: int = 50, name: str = "Late check-out", **more: Any) -> Gift:
    return Gift("extra", name, Money(amount, "EUR"), **more)


def give(house: factories.House, case: Case, who: str = "carol", given: Gift | None = None) -> Given:
    with acting(house, who) as (actor, moment):
        return giving.give(actor, case, given or gift(), now=moment)


def asked(house: factories.House, case: Case, amount: int = 500) -> Leave:
    with acting(house, "carol") as (carol, moment):
        return leave.ask(carol, case, gift(amount), now=moment)


def stories(house: factories.House) -> list[tuple[str, str]]:
    with within(house.id):
        rows = Promise.objects.filter(kind="story").order_by("id")
        return [(row.owner.name if row.owner else "", row.state) for row in rows.select_related("owner")]


def test_a_gift_is_in_the_books_and_owes_one_story_within_a_day(lake_house: factories.House) -> None:
    trusting(lake_house, staff=(100, 100))
    case = opened(lake_house)
    first, second = give(lake_house, case), give(lake_house, case, given=gift(10, "Tea"))
    assert left(lake_house, case, "carol") == 40
    assert stories(lake_house) == [("Carol", "open")]
    with within(lake_house.id):
        promise = Promise.objects.get(kind="story")
        assert promise.due_at - promise.made_at == timedelta(days=1)
    with acting(lake_house, "carol") as (carol, moment):
        giving.tell(
            carol, first, story="She was cold. I brought tea. She laughed.", outcome="delighted", now=moment
        )
    assert stories(lake_house) == [("Carol", "kept")]
    assert again(lake_house, second).outcome == "delighted"


def test_only_the_giver_tells_and_tells_whole(lake_house: factories.House) -> None:
    trusting(lake_house, staff=(100, 100))
    row = give(lake_house, opened(lake_house))
    with acting(lake_house, "bob") as (bob, moment), pytest.raises(NotAllowed):
        giving.tell(bob, row, story="x", outcome="fine", now=moment)
    with acting(lake_house, "carol") as (carol, moment):
        with pytest.raises(InputError) as refused:
            giving.tell(carol, row, story=" ", outcome="great", now=moment)
        assert set(refused.value.fields) == {"story", "outcome"}


def test_taking_back_gives_the_money_back_and_asks_for_no_story(lake_house: factories.House) -> None:
    trusting(lake_house, staff=(100, 100))
    case = opened(lake_house)
    row = give(lake_house, case)
    with acting(lake_house, "carol") as (carol, moment):
        giving.take_back(
            carol, Given.objects.select_related("entry", "promise", "case").get(id=row.id), now=moment
        )
        with pytest.raises(ChangedMeanwhile):
            giving.take_back(carol, Given.objects.get(id=row.id), now=moment)
    assert left(lake_house, case, "carol") == 100
    assert stories(lake_house) == [("Carol", "withdrawn")]
    with within(lake_house.id):
        assert LedgerEntry.objects.count() == 2


def test_what_costs_nothing_needs_no_trust(lake_house: factories.House) -> None:
    row = give(lake_house, opened(lake_house), given=gift(0, "A note by hand"))
    assert row.entry is None
    assert stories(lake_house) == [("Carol", "open")]


def test_beyond_the_limit_nothing_is_given_and_a_leader_is_rung_at_once(lake_house: factories.House) -> None:
    trusting(lake_house, staff=(100, 100))
    case = opened(lake_house)
    with pytest.raises(books.OverLimitError):
        give(lake_house, case, given=gift(500))
    with acting(lake_house, "bob") as (bob, moment):
        start_duty(bob, lake_house.place, now=moment)
    row = asked(lake_house, case)
    assert asked(lake_house, case).id == row.id  # a second tap is the same question
    with within(lake_house.id):
        assert Given.objects.count() == 0
        promise = Promise.objects.get(kind="leave")
    assert (promise.owner_id, promise.ring_at) == (lake_house.people["bob"].id, row.asked_at)
    assert row.decides_at == promise.due_at == row.asked_at + timedelta(minutes=10)


def test_a_leader_grants_it_and_the_house_pays(lake_house: factories.House) -> None:
    trusting(lake_house, staff=(100, 100))
    case = opened(lake_house)
    row = asked(lake_house, case)
    with acting(lake_house, "carol") as (carol, moment), pytest.raises(NotAllowed):
        leave.grant(carol, leave.leave(carol, row.id), now=moment)
    with acting(lake_house, "bob") as (bob, moment):
        given = leave.grant(bob, leave.leave(bob, row.id), now=moment)
        with pytest.raises(ChangedMeanwhile):
            leave.grant(bob, leave.leave(bob, row.id), now=moment)
        assert given.by_id == lake_house.people["carol"].id
        assert given.entry is not None
        lines = given.entry.lines.order_by("id").values_list("account", "amount")
        assert list(lines) == [("extra", 500), ("house", -500)]
        assert Promise.objects.get(kind="leave").state == "kept"
    assert left(lake_house, case, "carol") == 100


def test_a_question_is_refused_or_taken_back(lake_house: factories.House) -> None:
    trusting(lake_house, staff=(100, 100))
    case = opened(lake_house)
    row = asked(lake_house, case)
    with acting(lake_house, "bob") as (bob, moment):
        leave.refuse(bob, leave.leave(bob, row.id), now=moment)
    other = asked(lake_house, case)
    assert other.id != row.id
    with acting(lake_house, "carol") as (carol, moment):
        leave.withdraw(carol, leave.leave(carol, other.id), now=moment)
    assert [again(lake_house, each).state for each in (row, other)] == ["refused", "withdrawn"]
    with within(lake_house.id):
        assert list(Promise.objects.filter(kind="leave").order_by("id").values_list("state", flat=True)) == [
            "kept", "withdrawn",
        ]  # fmt: skip


def test_when_nobody_answers_the_rule_decides_for_the_customer_once(
    lake_house: factories.House, monkeypatch: pytest.MonkeyPatch
) -> None:
    trusting(lake_house, staff=(100, 100))
    row = asked(lake_house, opened(lake_house))
    assert row.decides_at is not None
    jobs.decide_leave.func(lake_house.id, row.id)
    assert again(lake_house, row).state == "asked"  # too early
    monkeypatch.setattr(jobs, "now", lambda: row.decides_at)
    for _again in range(2):
        jobs.decide_leave.func(lake_house.id, row.id)
    decided = again(lake_house, row)
    assert (decided.state, decided.decided_by_id) == ("granted", None)
    with within(lake_house.id):
        assert [(given.name, given.cost) for given in Given.objects.all()] == [("Late check-out", 500)]
    assert journal(lake_house).count("leave.granted") == 1


def test_above_the_ceiling_only_a_person_decides(lake_house: factories.House) -> None:
    trusting(lake_house, staff=(100, 100))
    case = opened(lake_house)
    assert asked(lake_house, case, 501).decides_at is None  # more than five times what Carol may alone
    with acting(lake_house, "alice") as (alice, moment):
        limits.set_rule(alice, ask_minutes=3, ceiling=1000, now=moment)
    other = opened(lake_house, factories.customer(lake_house, "Mr Ito"))
    row = asked(lake_house, other, 501)
    assert row.decides_at == row.asked_at + timedelta(minutes=3)
    assert (
        asked(lake_house, opened(lake_house, factories.customer(lake_house, "Ms Wu")), 1001).decides_at
        is None
    )


def test_a_case_closed_meanwhile_ends_the_question(
    lake_house: factories.House, monkeypatch: pytest.MonkeyPatch
) -> None:
    trusting(lake_house, staff=(100, 100))
    case = opened(lake_house)
    row = asked(lake_house, case)
    with within(lake_house.id):
        steps = [
            CaseStep(organization_id=lake_house.id, case=case, step=step, done_at=row.asked_at)
            for step in CaseStep.Step.values
        ]
        CaseStep.objects.bulk_create(steps, ignore_conflicts=True)
        Case.objects.filter(id=case.id).update(
            state="solved", solved_at=row.asked_at, documented_at=row.asked_at
        )
        Case.objects.filter(id=case.id).update(state="closed", closed_at=row.asked_at)
    monkeypatch.setattr(jobs, "now", lambda: row.decides_at)
    jobs.decide_leave.func(lake_house.id, row.id)
    assert again(lake_house, row).state == "withdrawn"


def test_colleagues_promises_are_not_settled_by_hand_nor_given(lake_house: factories.House) -> None:
    trusting(lake_house, staff=(100, 100))
    case = opened(lake_house)
    give(lake_house, case)
    with acting(lake_house, "carol") as (carol, moment):
        promise = Promise.objects.select_related("customer", "place").get(kind="story")
        for act in (promises.keep, promises.withdraw):
            with pytest.raises(InputError):
                act(carol, promise, now=moment)
        with pytest.raises(InputError):
            promises.renegotiate(carol, promise, due_at=moment + timedelta(hours=1), now=moment)
        with pytest.raises(InputError):
            promises.give(
                carol, case.customer, case.place, kind="leave", due_at=moment + timedelta(hours=1), now=moment
            )


def test_the_customers_role_cannot_see_what_colleagues_owe_each_other(lake_house: factories.House) -> None:
    from rugui.core import tenancy
    from rugui.recover.access import Guest, as_guest

    trusting(lake_house, staff=(100, 100))
    case = opened(lake_house)
    give(lake_house, case)
    asked(lake_house, case)
    with as_guest(Guest(lake_house.id, case.id)):
        assert set(Promise.objects.values_list("kind", flat=True)) == {"progress"}
        assert queries.guest_page(case.id, now=case.opened_at).title == "Room cold"
    with tenancy.as_customer(lake_house.id, case.customer_id):
        assert set(Promise.objects.values_list("kind", flat=True)) == {"progress"}


# First aid is free


def bought(house: factories.House, case: Case, amount: int = 60, **more: Any) -> Purchase:
    with acting(house, "carol") as (carol, moment):
        money = Money(amount, more.pop("currency", "EUR"))
        return serve.record_purchase(
            carol, case.customer, amount=money, place=case.place, about="Locksmith", now=moment, **more
        )


def held(house: factories.House) -> list[HeldCharge]:
    with within(house.id):
        return list(
            HeldCharge.objects.select_related("case__customer", "case__place", "purchase__place").order_by(
                "id"
            )
        )


def test_a_charge_during_the_trouble_is_held_and_one_before_or_after_is_not(
    lake_house: factories.House,
) -> None:
    case = opened(lake_house)
    bought(lake_house, case, at=case.opened_at - timedelta(minutes=1))
    bought(lake_house, case)
    with acting(lake_house, "carol") as (carol, moment):
        actions.solve(carol, case, text="Done.", now=moment)
        late = moment + timedelta(seconds=1)
    bought(lake_house, case, at=late)
    bought(lake_house, case, at=case.opened_at + timedelta(microseconds=1))  # entered later, made meanwhile
    assert len(held(lake_house)) == 2
    assert journal(lake_house).count("charge.held") == 2


def test_waiving_is_a_refund_and_an_entry_and_never_a_deletion(lake_house: factories.House) -> None:
    trusting(lake_house, staff=(100, 100))
    case = opened(lake_house)
    purchase = bought(lake_house, case)
    with acting(lake_house, "carol") as (carol, moment):
        firstaid.waive(carol, held(lake_house)[0], now=moment)
        with pytest.raises((ChangedMeanwhile, InputError)):
            firstaid.waive(carol, held(lake_house)[0], now=moment)
        rows = list(Purchase.objects.order_by("id").values_list("kind", "amount", "refund_of_id"))
        assert rows == [("purchase", 60, None), ("refund", 60, purchase.id)]
    assert held(lake_house)[0].state == "waived"
    assert left(lake_house, case, "carol") == 40


def test_it_may_stand_and_that_can_be_undone(lake_house: factories.House) -> None:
    case = opened(lake_house)
    bought(lake_house, case)
    with acting(lake_house, "carol") as (carol, moment):
        firstaid.let_stand(carol, held(lake_house)[0], now=moment)
        firstaid.undo_let_stand(carol, held(lake_house)[0], now=moment)
    assert held(lake_house)[0].state == "held"


def test_a_charge_beyond_ones_trust_is_waived_with_leave(lake_house: factories.House) -> None:
    trusting(lake_house, staff=(100, 100))
    case = opened(lake_house)
    bought(lake_house, case, 300)
    [charge] = held(lake_house)
    with acting(lake_house, "carol") as (carol, moment), pytest.raises(books.OverLimitError):
        firstaid.waive(carol, charge, now=moment)
    with acting(lake_house, "carol") as (carol, moment):
        row = leave.ask(carol, case, firstaid.gift_of(charge), charge=charge, now=moment)
    with acting(lake_house, "bob") as (bob, moment):
        leave.grant(bob, leave.leave(bob, row.id), now=moment)
    assert held(lake_house)[0].state == "waived"


def test_a_charge_in_another_currency_asks_for_its_rate(lake_house: factories.House) -> None:
    trusting(lake_house, staff=(1000, 1000))
    case = opened(lake_house)
    bought(lake_house, case, 1000, currency="JPY")
    with acting(lake_house, "carol") as (carol, moment):
        with pytest.raises(InputError) as refused:
            firstaid.waive(carol, held(lake_house)[0], now=moment)
        assert set(refused.value.fields) == {"rate"}
        given = firstaid.waive(carol, held(lake_house)[0], rate=Decimal("0.006"), now=moment)
        assert (given.cost, given.currency) == (600, "EUR")


# The catalogue


def test_every_trade_begins_with_a_catalogue_in_three_languages(lake_house: factories.House) -> None:
    for trade in ("hotel", "restaurant", "shop", "salon", "clinic", "webshop", "agency"):
        found = catalogue.starter(trade, "TWD")
        assert {each.part for each in found} == {"due", "extra"}
        assert all(set(each.names) == {"en", "zh-hant", "zh-hans"} for each in found)
        assert all(each.cost <= each.value and each.value % 1000 == 0 for each in found)
    with acting(lake_house, "alice") as (alice, moment):
        assert len(catalogue.begin(alice, now=moment)) >= 8
        with pytest.raises(ChangedMeanwhile):
            catalogue.begin(alice, now=moment)


def test_managers_keep_their_places_and_owners_all(lake_house: factories.House) -> None:
    new = catalogue.NewRemedy({"en": "Tea"}, "extra", "treat", 100, 300)
    with acting(lake_house, "bob") as (bob, moment), pytest.raises((NotAllowed, NotFound)):
        catalogue.add(bob, new, now=moment)
    here = catalogue.NewRemedy({"en": "Tea"}, "extra", "treat", 100, 300, place_id=lake_house.place.id)
    with acting(lake_house, "bob") as (bob, moment):
        row = catalogue.add(bob, here, now=moment)
        catalogue.change(
            bob,
            row,
            catalogue.NewRemedy({"en": "Coffee"}, "extra", "treat", 200, 300, place_id=lake_house.place.id),
            now=moment,
        )
        catalogue.withdraw(bob, row, now=moment)
        assert catalogue.standing(lake_house.place.id) == []
        catalogue.restore(bob, row, now=moment)
    with acting(lake_house, "carol") as (carol, moment), pytest.raises(NotAllowed):
        catalogue.withdraw(carol, row, now=moment)


def test_a_remedy_that_cannot_be_is_refused_field_by_field(lake_house: factories.House) -> None:
    bad = catalogue.NewRemedy({"en": " "}, "charge", "magic", -1, -1, lead_minutes=-1, role="analyst",
                              elements=("x",), contents=("gold",), failures=("y" * 61,))  # fmt: skip
    with acting(lake_house, "alice") as (alice, moment), pytest.raises(InputError) as refused:
        catalogue.add(alice, bad, now=moment)
    assert set(refused.value.fields) == {
        "names", "part", "form", "cost", "value", "lead_minutes", "role", "elements", "contents", "failures",
    }  # fmt: skip


def test_what_a_manager_gives_staff_may_only_ask_for(lake_house: factories.House) -> None:
    trusting(lake_house, staff=(1000, None))
    with acting(lake_house, "alice") as (alice, moment):
        row = catalogue.add(
            alice,
            catalogue.NewRemedy({"en": "A call"}, "extra", "personal", 100, 300, role="manager"),
            now=moment,
        )
    case = opened(lake_house)
    with pytest.raises(NotAllowed):
        give(lake_house, case, given=giving.of_remedy(row))
    with acting(lake_house, "carol") as (carol, moment):
        question = leave.ask(carol, case, giving.of_remedy(row), now=moment)
    with acting(lake_house, "bob") as (bob, moment):
        assert leave.grant(bob, leave.leave(bob, question.id), now=moment).remedy_id == row.id


def test_an_extra_given_is_the_extra_of_the_case(lake_house: factories.House) -> None:
    case = opened(lake_house)
    give(lake_house, case, given=gift(0, "A note by hand"))
    with within(lake_house.id):
        assert queries.steps(case.id)["delight"].text == "A note by hand"


def test_what_was_due_is_never_counted_as_the_extra(lake_house: factories.House) -> None:
    case = opened(lake_house)
    give(lake_house, case, given=Gift("due", "Another room", Money(0, "EUR")))
    with within(lake_house.id):
        assert "delight" not in queries.steps(case.id)
