"""What is held and why: owners decide how long, see what would go before it goes, and the night removes that and nothing else."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from rugui.core.errors import ChangedMeanwhile, InputError, NotAllowed
from rugui.core.models import JournalEntry
from rugui.core.money import Money
from rugui.core.tenancy import within
from rugui.core.time import now
from rugui.know import actions as know
from rugui.know.models import Customer, Note
from rugui.own import jobs, keeping, register
from rugui.own.models import Clearing, Erasure, Keeping
from rugui.promise import actions as promises
from rugui.recover import actions as recover
from rugui.recover.models import Case
from rugui.serve import actions as serve
from rugui.serve.models import Purchase, Touch, Visit

from .. import factories
from ..recover.help import acting, opened, queries, walked

pytestmark = pytest.mark.django_db
YEARS = timedelta(days=365)


def decided(
    house: factories.House, code: str, months: int | None, *, ago: timedelta = timedelta(days=8)
) -> None:
    """An owner decided this a while ago."""
    with acting(house, "alice") as (alice, moment):
        kind = register.BY_CODE[code]
        keeping.decide(alice, code, months=months, basis=kind.basis, seen=None, now=moment - ago)


def night(house: factories.House) -> dict[str, int]:
    return dict(keeping.clear(house.id, now=now()).gone)


def note(
    house: factories.House, chen: Customer, text: str, age: timedelta, kind: str = "fact", **about: object
) -> Note:
    with acting(house, "carol") as (carol, moment):
        made = know.add_note(carol, chen, text=text, kind=kind, about=know.About(**about), now=moment)  # type: ignore[arg-type]
        Note.objects.filter(id=made.id).update(learned_at=moment - age)
    return made


@pytest.mark.parametrize(
    ("moment", "months", "before"),
    [("2026-03-31", 1, "2026-02-28"), ("2028-03-31", 1, "2028-02-29"), ("2026-01-15", 1, "2025-12-15"), ("2026-05-31", 24, "2024-05-31"),
     ("2026-12-31", 12, "2025-12-31"), ("2026-02-28", 1, "2026-01-28")],
)  # fmt: skip
def test_months_are_those_of_the_calendar(moment: str, months: int, before: str) -> None:
    at = factories.NOON.replace(*map(int, moment.split("-")))  # type: ignore[arg-type]
    assert register.months_before(at, months).date().isoformat() == before


def test_nothing_goes_before_an_owner_has_decided(lake_house: factories.House) -> None:
    chen = factories.customer(lake_house)
    note(lake_house, chen, "old", 30 * YEARS)
    assert night(lake_house) == {}
    with within(lake_house.id):
        assert Note.objects.count() == 1


def test_each_kind_goes_by_its_own_period_and_needs_stay(lake_house: factories.House) -> None:
    chen = factories.customer(lake_house)
    for age, name in ((4 * YEARS, "old"), (timedelta(days=3), "new")):
        note(lake_house, chen, f"{name} tea", age, "preference")
        note(lake_house, chen, f"{name} peanuts", age, "need")
        note(lake_house, chen, f"{name} tired", age, "mood")
        note(lake_house, chen, f"{name} kept tea", age, "fact", discretion="keeper")
        guess = note(lake_house, chen, f"{name} guess", age)
        with within(lake_house.id):
            Note.objects.filter(id=guess.id).update(source="inferred", discretion="quiet")
    for code, months in (("note", 36), ("mood", 1), ("guess", 60)):
        decided(lake_house, code, months)
    assert night(lake_house) == {"note": 2, "mood": 1}
    with within(lake_house.id):
        assert set(Note.objects.values_list("text", flat=True)) == {
            "old peanuts", "old guess", "new tea", "new peanuts", "new tired", "new kept tea", "new guess",
        }  # fmt: skip
        told = JournalEntry.objects.filter(kind="register.removed").values_list("customer_id", "payload")
        assert sorted(told, key=str) == [
            (chen.id, {"kind": "mood", "rows": 1}),
            (chen.id, {"kind": "note", "rows": 2}),
        ]
    assert night(lake_house) == {}


def test_confirmed_is_as_good_as_new(lake_house: factories.House) -> None:
    chen = factories.customer(lake_house)
    kept = note(lake_house, chen, "tea", 4 * YEARS)
    with within(lake_house.id):
        Note.objects.filter(id=kept.id).update(confirmed_at=now())
    decided(lake_house, "note", 12)
    assert night(lake_house) == {}


def test_what_was_corrected_does_not_come_back_when_the_correction_goes(lake_house: factories.House) -> None:
    chen = factories.customer(lake_house)
    wrong, right = (
        note(lake_house, chen, "coffee", timedelta(days=9)),
        note(lake_house, chen, "no coffee", 4 * YEARS),
    )
    with within(lake_house.id):
        Note.objects.filter(id=wrong.id).update(struck_by_id=right.id)
    decided(lake_house, "note", 12)
    night(lake_house)
    with within(lake_house.id):
        assert not Note.objects.exists()


def test_in_the_first_week_nothing_goes(lake_house: factories.House) -> None:
    chen = factories.customer(lake_house)
    note(lake_house, chen, "old", 4 * YEARS)
    decided(lake_house, "note", 12, ago=timedelta(days=6))
    assert night(lake_house) == {}
    with within(lake_house.id):
        keeping_row = Keeping.objects.get()
        assert keeping_row.begins_at - keeping_row.decided_at == keeping.GRACE


def test_what_somebody_waits_for_never_goes(lake_house: factories.House) -> None:
    """An unanswered message, a running promise, an open case, a visit to come: and no card of theirs either."""
    old = now() - 9 * YEARS
    people = [factories.customer(lake_house, name) for name in ("Ana", "Ben", "Cas", "Dee")]
    with acting(lake_house, "carol") as (carol, moment):
        serve.record_touch(
            carol,
            people[0],
            channel="email",
            direction="in",
            text="?",
            place=lake_house.place,
            at=old,
            waiting=True,
            now=moment,
        )
        promise = promises.give(
            carol,
            people[1],
            lake_house.place,
            kind="other",
            text="towels",
            due_at=moment + timedelta(hours=1),
            now=moment,
        )
        type(promise).objects.filter(id=promise.id).update(made_at=old)
        serve.expect_visit(carol, people[3], lake_house.place, expected_at=old, now=moment)
    case = opened(lake_house, people[2])
    with within(lake_house.id):
        Case.objects.filter(id=case.id).update(opened_at=old)
        Customer.objects.update(created_at=old)
    for code in ("card", "message", "promise", "case", "visit"):
        decided(lake_house, code, 1)
    assert night(lake_house) == {}
    with within(lake_house.id):
        assert Customer.objects.count() == 4


def test_whoever_is_not_heard_of_is_erased_and_the_books_stay(lake_house: factories.House) -> None:
    old = now() - 6 * YEARS
    gone, back = factories.customer(lake_house, "Gone"), factories.customer(lake_house, "Back")
    with acting(lake_house, "carol") as (carol, moment):
        for each, at in ((gone, old), (back, moment - timedelta(days=9))):
            serve.record_purchase(
                carol, each, amount=Money(100, "EUR"), place=lake_house.place, at=at, about="tea", now=moment
            )
    with within(lake_house.id):
        Customer.objects.update(created_at=old)
    decided(lake_house, "card", 60)
    assert night(lake_house) == {"card": 1}
    with within(lake_house.id):
        assert list(Customer.objects.values_list("name", flat=True)) == ["Back"]
        assert sorted(Purchase.objects.values_list("customer_id", "amount"), key=str) == sorted(
            [(None, 100), (back.id, 100)], key=str
        )
        proof = Erasure.objects.get()
        assert (proof.customer_id, proof.staff_id, len(proof.digest)) == (gone.id, None, 64)


def test_messages_visits_and_purchases_go_when_their_time_has_come(lake_house: factories.House) -> None:
    chen = factories.customer(lake_house)
    old = now() - 3 * YEARS
    with acting(lake_house, "carol") as (carol, moment):
        for at in (old, moment):
            serve.record_touch(
                carol,
                chen,
                channel="email",
                direction="in",
                text="hi",
                place=lake_house.place,
                at=at,
                now=moment,
            )
            visit = serve.expect_visit(carol, chen, lake_house.place, expected_at=at, now=moment)
            serve.miss(carol, visit, now=moment)
            serve.record_purchase(
                carol, chen, amount=Money(100, "EUR"), place=lake_house.place, at=at, about="tea", now=moment
            )
    for code in ("message", "visit", "purchase"):
        decided(lake_house, code, 24)
    assert night(lake_house) == {"message": 1, "visit": 1, "purchase": 1}
    with within(lake_house.id):
        assert (Touch.objects.count(), Visit.objects.count(), Purchase.objects.count()) == (1, 1, 2)
        assert list(Purchase.objects.order_by("at").values_list("customer_id", "about")) == [
            (None, ""),
            (chen.id, "tea"),
        ]


def test_a_closed_case_goes_with_all_that_was_said(lake_house: factories.House) -> None:
    case = opened(lake_house)
    walked(lake_house, case)
    with acting(lake_house, "carol") as (carol, moment):
        recover.talk(carol, case, text="cross", now=moment)
        case.refresh_from_db()
        recover.close(carol, case, now=moment)
        old = moment - 6 * YEARS
        Case.objects.filter(id=case.id).update(closed_at=old)
    decided(lake_house, "case", 12)
    assert night(lake_house) == {}  # what was promised to follow up still runs
    with within(lake_house.id):
        case.promises.update(state="withdrawn", settled_at=now(), ring_at=None)
    assert night(lake_house) == {"case": 1}
    with within(lake_house.id):
        assert not Case.objects.exists()


def test_a_night_looks_at_one_house_only(lake_house: factories.House, other_house: factories.House) -> None:
    theirs = factories.customer(other_house)
    with within(other_house.id):
        mallory = other_house.actor("mallory")
        made = know.add_note(mallory, theirs, text="old", now=now())
        Note.objects.filter(id=made.id).update(learned_at=now() - 9 * YEARS)
    decided(lake_house, "note", 1)
    night(lake_house)
    with within(other_house.id):
        assert Note.objects.count() == 1


def test_only_an_owner_decides_and_what_changed_meanwhile_is_not_overwritten(
    lake_house: factories.House,
) -> None:
    with acting(lake_house, "bob") as (bob, moment), pytest.raises(NotAllowed):
        keeping.decide(bob, "mood", months=1, basis="interest", seen=None, now=moment)
    decided(lake_house, "mood", 1)
    with acting(lake_house, "alice") as (alice, moment):
        with pytest.raises(ChangedMeanwhile):
            keeping.decide(alice, "mood", months=2, basis="interest", seen=None, now=moment)
        with pytest.raises(ChangedMeanwhile):
            keeping.decide(alice, "mood", months=2, basis="interest", seen=moment, now=moment)
        row = keeping.decide(
            alice, "mood", months=2, basis="interest", seen=Keeping.objects.get().decided_at, now=moment
        )
        assert (row.months, row.decided_at) == (2, moment)
        with pytest.raises(InputError) as refused:
            keeping.decide(alice, "note", months=0, basis="whim", seen=None, now=moment)
        assert set(refused.value.fields) == {"months", "basis"}


def test_an_owner_sees_what_would_go_and_nobody_reads_it_there(
    lake_house: factories.House, browse: factories.Browse
) -> None:
    chen = factories.customer(lake_house)
    note(lake_house, chen, "zzsecretzz", 4 * YEARS, discretion="keeper")
    alice = browse(lake_house, "alice")
    address = reverse("register-kind", args=["note"])
    page = alice.post(address, {"months": "36", "look": "1", "basis": "interest"}).content.decode()
    assert "Ms Chen" in page
    assert "would go tonight" in page
    assert "zzsecretzz" not in page
    page = alice.post(address, {"months": "60", "look": "1", "basis": "interest"}).content.decode()
    assert "nothing would go tonight" in page
    with within(lake_house.id):
        assert not Keeping.objects.exists()


def test_saving_is_one_step_and_bad_input_is_named(
    lake_house: factories.House, browse: factories.Browse
) -> None:
    alice = browse(lake_house, "alice")
    address = reverse("register-kind", args=["mood"])
    answer = alice.post(address, {"months": "500", "basis": "interest"})
    assert answer.status_code == 422
    answer = alice.post(address, {"months": "2", "basis": "interest", "why": "Moods pass.", "seen": ""})
    assert (answer.status_code, answer["Location"]) == (302, "/register")
    answer = alice.post(address, {"months": "3", "basis": "interest", "seen": ""})
    assert answer.status_code == 409
    with within(lake_house.id):
        assert Keeping.objects.values_list("months", "why").get() == (2, "Moods pass.")


def test_the_times_proposed_are_taken_with_one_tap(
    lake_house: factories.House, browse: factories.Browse
) -> None:
    alice = browse(lake_house, "alice")
    assert alice.post(reverse("register-begin")).status_code == 302
    with within(lake_house.id):
        assert {row.kind: row.months for row in Keeping.objects.all()} == {
            kind.code: kind.proposed for kind in register.KINDS
        }
    assert alice.post(reverse("register-begin")).status_code == 409


def test_what_nobody_has_needed_for_a_year_is_proposed_and_dropped_at_a_word(
    lake_house: factories.House, browse: factories.Browse
) -> None:
    idle, used = factories.customer(lake_house, "Idle"), factories.customer(lake_house, "Used")
    for each in (idle, used):
        note(lake_house, each, f"tea {each.name}", 2 * YEARS, "preference")
        note(lake_house, each, f"peanuts {each.name}", 2 * YEARS, "need")
    note(lake_house, idle, "new", timedelta(days=3))
    with acting(lake_house, "carol") as (carol, moment):
        know.note_view(carol, used, now=moment - timedelta(days=90), why="arrival")
    alice = browse(lake_house, "alice")
    assert alice.post(reverse("register-count")).status_code == 302
    with within(lake_house.id):
        last = Clearing.objects.latest("at")
        assert (last.held["note"], last.unused["note"], last.unused["need"]) == (3, 1, 1)
    page = alice.get(reverse("register")).content.decode()
    assert reverse("register-drop", args=["note"]) in page
    assert reverse("register-drop", args=["need"]) not in page
    assert alice.post(reverse("register-drop", args=["note"])).status_code == 302
    jobs.drop_unused(lake_house.id, "note")
    with within(lake_house.id):
        assert set(Note.objects.values_list("text", flat=True)) == {
            "tea Used",
            "peanuts Idle",
            "peanuts Used",
            "new",
        }
    assert alice.post(reverse("register-drop", args=["need"])).status_code == 404


def test_the_next_night_is_asked_for_once(lake_house: factories.House) -> None:
    from django.db import connection

    decided(lake_house, "mood", 1)
    jobs.clear(lake_house.id)
    jobs.clear(lake_house.id)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'own.clear' AND status = 'todo'"
        )
        assert cursor.fetchone()[0] == 1


@pytest.mark.parametrize("nights", [1, 3])
def test_the_register_asks_as_much_however_much_there_is(
    nights: int, lake_house: factories.House, browse: factories.Browse
) -> None:
    decided(lake_house, "mood", 1)
    for _night in range(nights):
        night(lake_house)
    alice = browse(lake_house, "alice")
    assert queries(alice, reverse("register")) == 5
