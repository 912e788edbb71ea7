"""The ledger keeps itself: whatever is tried, its entries balance, stay, and no limit is passed."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models import Sum
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from rugui.core.errors import ChangedMeanwhile, InputError
from rugui.core.money import Money
from rugui.core.tenancy import within
from rugui.recover.models import Case
from rugui.recover.trust import books, limits
from rugui.recover.trust.limits import Limit
from rugui.recover.trust.models import LedgerEntry, LedgerLine, TrustCase, TrustMonth

from .. import factories
from .help import acting, again, journal, opened

pytestmark = pytest.mark.django_db
NOW = factories.NOON
EXAMPLES = int(os.environ.get("RUGUI_LEDGER_EXAMPLES", "25"))
"""Runs of the stateful test; more of them when there is time."""


def trusting(house: factories.House, **by_role: tuple[int | None, int | None]) -> None:
    """The owner entrusts each role with (per case, per month)."""
    with acting(house, "alice") as (alice, moment):
        limits.set_limits(alice, {role: Limit(*limit) for role, limit in by_role.items()}, now=moment)


def spend(
    house: factories.House, case: Case, who: str, amount: int, now: datetime = NOW, **more: Any
) -> LedgerEntry:
    actor = house.actor(who)
    with within(house.id):
        return books.post(actor, case, part="extra", amount=Money(amount, "EUR"), now=now, **more)


def left(house: factories.House, case: Case, who: str, now: datetime = NOW) -> int | None:
    actor = house.actor(who)
    with within(house.id):
        return limits.standing(actor, case, now=now).left


def test_what_is_spent_is_two_lines_and_leaves_so_much_less(lake_house: factories.House) -> None:
    trusting(lake_house, staff=(100, 150))
    case = opened(lake_house)
    entry = spend(lake_house, case, "carol", 60)
    with within(lake_house.id):
        lines = list(entry.lines.order_by("id").values_list("account", "staff__name", "amount"))
    assert lines == [("extra", None, 60), ("allowance", "Carol", -60)]
    assert left(lake_house, case, "carol") == 40
    assert left(lake_house, opened(lake_house, factories.customer(lake_house, "Mr Ito")), "carol") == 90
    assert "trust.spent" in journal(lake_house)


def test_a_case_has_one_limit_for_everybody_and_a_role_of_more_trust_may_go_on(
    lake_house: factories.House,
) -> None:
    trusting(lake_house, staff=(100, None), manager=(300, None))
    case = opened(lake_house)
    spend(lake_house, case, "carol", 100)
    with pytest.raises(books.OverLimitError, match="on one case"):
        spend(lake_house, case, "carol", 1)
    spend(lake_house, case, "bob", 200)
    with pytest.raises(books.OverLimitError):
        spend(lake_house, case, "bob", 1)


def test_a_month_has_its_limit_and_ends_when_it_ends_at_the_place(lake_house: factories.House) -> None:
    trusting(lake_house, staff=(None, 100))
    case = opened(lake_house)
    last_evening = datetime.fromisoformat("2026-09-30T15:59:59+00:00")  # one second before October in Taipei
    spend(lake_house, case, "carol", 100, now=last_evening)
    with pytest.raises(books.OverLimitError, match="for this month"):
        spend(lake_house, case, "carol", 1, now=last_evening)
    entry = spend(lake_house, case, "carol", 100, now=last_evening + timedelta(seconds=1))
    assert again(lake_house, entry).month == date(2026, 10, 1)
    assert left(lake_house, case, "carol", last_evening + timedelta(seconds=1)) == 0


@pytest.mark.parametrize("who", ["carol", "erin"])
def test_who_was_entrusted_with_nothing_spends_nothing(lake_house: factories.House, who: str) -> None:
    trusting(lake_house, manager=(100, 100))
    with pytest.raises(books.OverLimitError, match="No money was entrusted"):
        spend(lake_house, opened(lake_house), who, 1)


def test_an_owner_without_a_limit_has_none(lake_house: factories.House) -> None:
    trusting(lake_house, owner=(None, None))
    case = opened(lake_house)
    spend(lake_house, case, "alice", 10**9)
    assert left(lake_house, case, "alice") is None


def test_a_mistake_is_taken_back_once_by_a_new_entry(lake_house: factories.House) -> None:
    trusting(lake_house, staff=(100, 100))
    case = opened(lake_house)
    entry = spend(lake_house, case, "carol", 80)
    with acting(lake_house, "bob") as (bob, _now):
        mirror = books.reverse(bob, case, entry, now=NOW + timedelta(days=60))
        with pytest.raises(ChangedMeanwhile):
            books.reverse(bob, case, entry, now=NOW)
        with pytest.raises(IntegrityError, match="no reversal itself"):
            books.reverse(bob, case, mirror, now=NOW)
    assert left(lake_house, case, "carol") == 100
    assert again(lake_house, mirror).month == date(
        2026, 9, 1
    )  # it gives back to the month that it was drawn from


def test_what_was_paid_in_another_currency_keeps_its_rate(lake_house: factories.House) -> None:
    trusting(lake_house, staff=(10_000, 10_000))
    case, paid = opened(lake_house), books.Paid(Money(1000, "JPY"), Decimal("0.0061"))
    assert paid.in_books("EUR") == Money(610, "EUR")
    actor = lake_house.actor("carol")
    with within(lake_house.id):
        entry = books.post(actor, case, part="due", amount=paid.in_books("EUR"), paid=paid, now=NOW)
    kept = again(lake_house, entry)
    assert (kept.currency, kept.paid_amount, kept.paid_currency, kept.rate) == (
        "EUR",
        1000,
        "JPY",
        Decimal("0.0061"),
    )


def test_halves_go_to_the_even_coin() -> None:
    assert books.Paid(Money(1, "EUR"), Decimal("0.5")).in_books("EUR") == Money(0, "EUR")
    assert books.Paid(Money(3, "EUR"), Decimal("0.5")).in_books("EUR") == Money(2, "EUR")


def test_only_an_owner_sets_limits_and_sensible_ones(lake_house: factories.House) -> None:
    with acting(lake_house, "bob") as (bob, moment), pytest.raises(Exception, match="owner"):
        limits.set_limits(bob, {"staff": Limit(1, 1)}, now=moment)
    with acting(lake_house, "alice") as (alice, moment):
        with pytest.raises(InputError):
            limits.set_limits(alice, {"staff": Limit(-1, 1)}, now=moment)
        with pytest.raises(InputError):
            limits.set_limits(alice, {"analyst": Limit(1, 1)}, now=moment)


def test_limits_are_proposed_of_about_the_same_worth_everywhere() -> None:
    assert limits.proposed("EUR")["staff"] == Limit(20_000, 100_000)
    assert limits.proposed("TWD")["staff"] == Limit(700_000, 4_000_000)
    assert limits.proposed("JPY")["staff"] == Limit(30_000, 200_000)
    assert limits.proposed("EUR")["owner"] == Limit(None, None)


# What the database alone refuses, whatever the program would do.

ENTRY = (
    "INSERT INTO rugui_ledgerentry (organization_id, at, month, place_id, staff_id, case_number, currency, paid_currency)"
    " VALUES (%s, %s, '1900-01-01', %s, %s, %s, %s, '') RETURNING id"
)
LINE = "INSERT INTO rugui_ledgerline (organization_id, entry_id, account, staff_id, amount) VALUES (%s, %s, %s, %s, %s)"


class Raw:
    """Statements as somebody would write them who wants to cheat."""

    def __init__(self, house: factories.House, case: Case) -> None:
        self.house, self.case = house, case

    def entry(self, who: str = "carol", *, currency: str = "EUR", case: int | None = None) -> int:
        values = [
            self.house.id,
            NOW,
            self.case.place_id,
            self.house.people[who].id,
            case or self.case.id,
            currency,
        ]
        with connection.cursor() as cursor:
            cursor.execute(ENTRY, values)
            return int(cursor.fetchone()[0])

    def lines(self, entry: int, *lines: tuple[str, str | None, int]) -> None:
        with connection.cursor() as cursor:
            for account, who, amount in lines:
                staff = self.house.people[who].id if who else None
                cursor.execute(LINE, [self.house.id, entry, account, staff, amount])
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        ([("extra", None, 5)], "add up to nothing"),
        ([("extra", None, 5), ("allowance", "carol", -4)], "add up to nothing"),
        ([("extra", None, 500), ("allowance", "carol", -500)], "limit of a case"),
        ([("extra", None, 5), ("allowance", "dan", -5)], "trust of another"),
        ([("extra", None, 5), ("house", None, -5)], "pays what was granted"),
        ([("extra", None, -5), ("allowance", "carol", 5)], "whose it was is negative"),
        ([("extra", None, 5), ("due", None, -5)], "whose it was is negative"),
        ([("extra", None, 5), ("allowance", None, -5)], "line_whose"),
        ([("gift", None, 5), ("allowance", "carol", -5)], "line_account"),
        ([("extra", None, 5), ("extra", None, 5), ("allowance", "carol", -10)], "line_once"),
        ([], "add up to nothing"),
    ],
)  # fmt: skip
def test_the_database_alone_refuses(lake_house: factories.House, lines: list[Any], why: str) -> None:
    trusting(lake_house, staff=(100, 100))
    raw = Raw(lake_house, opened(lake_house))
    with pytest.raises(DatabaseError, match=why), within(lake_house.id), transaction.atomic():
        raw.lines(raw.entry(), *lines)
    with within(lake_house.id):
        assert (LedgerEntry.objects.count(), TrustCase.objects.count()) == (0, 0)


def test_the_database_refuses_another_currency_and_no_case(lake_house: factories.House) -> None:
    trusting(lake_house, staff=(100, 100))
    raw = Raw(lake_house, opened(lake_house))
    with pytest.raises(DatabaseError, match="currency of the organization"), within(lake_house.id):
        raw.entry(currency="USD")
    with pytest.raises(DatabaseError, match="no such case"), within(lake_house.id):
        raw.entry(case=10**9)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE rugui_ledgerline SET amount = amount * 2", "DELETE FROM rugui_ledgerline", "DELETE FROM rugui_ledgerentry",
        "UPDATE rugui_ledgerentry SET at = now()", "UPDATE rugui_trustcase SET spent = 0", "DELETE FROM rugui_trustmonth",
        "INSERT INTO rugui_trustcase (organization_id, case_number, currency, spent) VALUES (1, 1, 'EUR', 0)",
    ],
)  # fmt: skip
def test_the_program_cannot_alter_the_ledger(lake_house: factories.House, change: str) -> None:
    trusting(lake_house, staff=(100, 100))
    spend(lake_house, opened(lake_house), "carol", 10)
    with pytest.raises(DatabaseError, match="permission denied"), within(lake_house.id):
        connection.cursor().execute(change)


def test_a_reversal_cannot_give_back_more_or_less(lake_house: factories.House) -> None:
    trusting(lake_house, staff=(100, 100))
    case = opened(lake_house)
    entry, raw = spend(lake_house, case, "carol", 50), Raw(lake_house, case)
    for lines, why in (
        ([("extra", None, -60), ("allowance", "carol", 60)], "mirrors"),
        ([("extra", None, -50)], "add up to nothing"),
    ):
        mirror = LedgerEntry(
            organization_id=lake_house.id, at=NOW, month=NOW.date(), place_id=case.place_id,
            staff_id=lake_house.people["carol"].id, case_number=case.id, currency="EUR", reverses=entry,
        )  # fmt: skip
        with within(lake_house.id), transaction.atomic():
            mirror.save(force_insert=True)
            with pytest.raises(DatabaseError, match=why), transaction.atomic():
                raw.lines(mirror.id, *lines)
            transaction.set_rollback(True)
    assert left(lake_house, case, "carol") == 50


@dataclass
class Believed:
    """What the books should say."""

    limits: dict[str, Limit] = field(default_factory=dict)
    entries: dict[int, tuple[int, str, int]] = field(default_factory=dict)
    """By entry: (case, who, amount) of what stands."""

    def on_case(self, case: int) -> int:
        return sum(amount for each, _who, amount in self.entries.values() if each == case)

    def in_month(self, who: str) -> int:
        return sum(amount for _case, each, amount in self.entries.values() if each == who)


ROLE = {"carol": "staff", "bob": "manager", "alice": "owner"}
AMOUNTS = st.one_of(st.none(), st.integers(0, 400))


class Spending(RuleBasedStateMachine):
    """People spend, take back, cheat, and owners change their minds; the books never believe anything but the truth."""

    entries: Bundle[int] = Bundle("entries")

    def __init__(self) -> None:
        super().__init__()
        self.house = factories.lake_house()
        self.cases = [
            opened(self.house, factories.customer(self.house, f"Guest {n}"), by="bob") for n in range(2)
        ]
        self.known = Believed()

    @rule(role=st.sampled_from(["staff", "manager", "owner"]), per_case=AMOUNTS, per_month=AMOUNTS)
    def entrust(self, role: str, per_case: int | None, per_month: int | None) -> None:
        trusting(self.house, **{role: (per_case, per_month)})
        self.known.limits[role] = Limit(per_case, per_month)

    @rule(
        target=entries, who=st.sampled_from(sorted(ROLE)), case=st.integers(0, 1), amount=st.integers(1, 300)
    )
    def spends(self, who: str, case: int, amount: int) -> Any:
        limit = self.known.limits.get(ROLE[who])
        case_row = self.cases[case]
        fits = limit is not None and all(
            most is None or spent + amount <= most
            for most, spent in (
                (limit.per_case, self.known.on_case(case_row.id)), (limit.per_month, self.known.in_month(who)),
            )
        )  # fmt: skip
        try:
            entry = spend(self.house, case_row, who, amount)
        except books.OverLimitError:
            assert not fits
            return multiple()
        assert fits
        self.known.entries[entry.id] = (case_row.id, who, amount)
        return entry.id

    @rule(entry=entries, by=st.sampled_from(sorted(ROLE)))
    def takes_back(self, entry: int, by: str) -> None:
        stood = self.known.entries.pop(entry, None)
        actor = self.house.actor(by)
        with within(self.house.id):
            row = LedgerEntry.objects.get(id=entry)
            case = next(each for each in self.cases if each.id == row.case_number)
            try:
                books.reverse(actor, case, row, now=NOW)
            except ChangedMeanwhile:
                assert stood is None
            else:
                assert stood is not None

    @rule(
        who=st.sampled_from(sorted(ROLE)),
        sums=st.lists(st.integers(-200, 200).filter(bool), min_size=1, max_size=3),
    )
    def cheats(self, who: str, sums: list[int]) -> None:
        """Lines by hand, of which hardly any are right."""
        accounts = ["extra", "allowance", "house"]
        lines: list[Any] = [
            (accounts[place], who if accounts[place] == "allowance" else None, amount)
            for place, amount in enumerate(sums)
        ]
        right = len(lines) == 2 and lines[0][2] == -lines[1][2] > 0
        raw = Raw(self.house, self.cases[0])
        try:
            with within(self.house.id), transaction.atomic():
                entry = raw.entry(who)
                raw.lines(entry, *lines)
        except DatabaseError:
            return
        assert right
        self.known.entries[entry] = (self.cases[0].id, who, lines[0][2])

    @invariant()
    def the_books_say_what_happened(self) -> None:
        with within(self.house.id):
            entries = LedgerEntry.objects.annotate(sum=Sum("lines__amount"))
            assert all(entry.sum == 0 for entry in entries)
            for case in self.cases:
                kept = TrustCase.objects.filter(case_number=case.id).values_list("spent", flat=True)
                assert sum(kept) == self.known.on_case(case.id)
            for who in ROLE:
                staff = self.house.people[who]
                kept = TrustMonth.objects.filter(staff=staff).values_list("spent", flat=True)
                drawn = LedgerLine.objects.filter(account="allowance", staff=staff).aggregate(
                    sum=Sum("amount")
                )["sum"]
                assert sum(kept) == self.known.in_month(who) == -(drawn or 0)


def test_whatever_people_do_the_books_are_right(db: None) -> None:
    class InItsOwnTransaction(Spending):
        def __init__(self) -> None:
            self.point = transaction.savepoint()
            super().__init__()

        def teardown(self) -> None:
            transaction.savepoint_rollback(self.point)

    quiet = settings(
        max_examples=EXAMPLES, stateful_step_count=20, deadline=None,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    run_state_machine_as_test(InItsOwnTransaction, settings=quiet)
