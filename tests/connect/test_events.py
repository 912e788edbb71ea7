"""Importing purchases, visits, notes and touches."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rugui.connect.imports.settings import Wishes
from rugui.connect.imports.words import reason
from rugui.connect.models import RejectedRow
from rugui.core.tenancy import within
from rugui.know.merge import merge, undo
from rugui.know.models import Customer, Note
from rugui.serve.models import Purchase, Touch, Visit

from ..factories import NOON, House
from .help import bring_in, counts, reasons, written

pytestmark = pytest.mark.django_db


@pytest.fixture
def known(lake_house: House, tmp_path: Path) -> House:
    """The Lake House with Ana (1), Ben (2), and two people who share a phone."""
    text = (
        "id,name,phone,email\n1,Ana,0912345678,ana@a.example\n2,Ben,,ben@b.example\n"
        "3,Mother,0922000000,\n4,Son,0922000000,\n"
    )
    assert counts(bring_in(lake_house, "customers", written(tmp_path, text, "known.csv"))) == (4, 0, 0, 0)
    return lake_house


def purchases(house: House) -> list[tuple[str, str, int, str]]:
    with within(house.id):
        rows = Purchase.objects.order_by("id").select_related("customer")
        return [(row.customer.name, row.kind, row.amount, row.currency) for row in rows]


def test_purchases_and_refunds_come_in_by_id_email_and_phone(known: House, tmp_path: Path) -> None:
    text = (
        "order id,customer id,email,phone,date,amount,product\n"
        '1,1,,,2024-05-01 10:00,"1,234.50",room\n'
        "2,,BEN@b.example,,2024-05-01,-20,\n"
        "3,,,+886 912 345 678,2024-05-01,NT$350,lunch\n"
    )
    done = bring_in(known, "purchases", written(tmp_path, text), place=known.place)
    assert counts(done) == (3, 0, 0, 0)
    assert purchases(known) == [
        ("Ana", "purchase", 123450, "EUR"),
        ("Ben", "refund", 2000, "EUR"),
        ("Ana", "purchase", 35000, "TWD"),
    ]
    with within(known.id):
        first = Purchase.objects.get(external_id="1")
    assert (first.at, first.place_id) == (datetime(2024, 5, 1, 2, 0, tzinfo=UTC), known.place.id)


def test_purchases_without_ids_are_not_doubled_by_the_same_file(known: House, tmp_path: Path) -> None:
    path = written(tmp_path, "customer,date,amount\n1,2024-05-01,5\n1,2024-05-01,5\n2,2024-05-01,5\n")
    assert counts(bring_in(known, "purchases", path)) == (3, 0, 0, 0)
    assert counts(bring_in(known, "purchases", path)) == (0, 0, 3, 0)
    assert len(purchases(known)) == 3


def test_a_changed_row_changes_and_the_others_stay(known: House, tmp_path: Path) -> None:
    bring_in(
        known, "purchases", written(tmp_path, "id,customer,date,amount\n1,1,2024-05-01,5\n2,2,2024-05-01,6\n")
    )
    newer = written(tmp_path, "id,customer,date,amount\n1,1,2024-05-01,7\n2,2,2024-05-01,6\n")
    assert counts(bring_in(known, "purchases", newer)) == (0, 1, 1, 0)
    assert [row[2] for row in purchases(known)] == [700, 600]


def test_one_id_for_two_different_rows_is_refused_and_for_equal_rows_taken_once(
    known: House, tmp_path: Path
) -> None:
    text = "id,customer,date,amount\n1,1,2024-05-01,5\n1,1,2024-05-01,6\n2,1,2024-05-01,5\n2,1,2024-05-01,5\n"
    done = bring_in(known, "purchases", written(tmp_path, text))
    assert counts(done) == (2, 0, 1, 1)
    assert reasons(known, done) == [(3, "external_id", "repeated")]


def test_one_id_for_two_different_rows_is_refused_across_batches_too(
    known: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rugui.connect.imports.read.EVENT_ROWS", 1)
    text = "id,customer,date,amount\n1,1,2024-05-01,5\n1,1,2024-05-01,6\n1,1,2024-05-01,5\n"
    done = bring_in(known, "purchases", written(tmp_path, text))
    assert counts(done) == (1, 0, 1, 1)
    assert reasons(known, done) == [(3, "external_id", "repeated_earlier")]


def test_whose_it_is_must_be_known_and_certain(known: House, tmp_path: Path) -> None:
    text = (
        "customer,phone,date,amount\n"
        "99,,2024-05-01,5\n"
        ",0922000000,2024-05-01,5\n"
        ",,2024-05-01,5\n"
        "1,,2024-02-30,5\n"
        "1,,,5\n"
        "1,,2024-05-01,\n"
    )
    done = bring_in(known, "purchases", written(tmp_path, text))
    assert counts(done) == (0, 0, 0, 6)
    assert reasons(known, done) == [
        (2, "customer", "unknown_customer"),
        (3, "customer", "ambiguous_customer"),
        (4, "customer", "missing_customer"),
        (5, "at", "date_impossible"),
        (6, "at", "missing"),
        (7, "amount", "missing"),
    ]


def test_touches_come_in_and_wait_for_nothing(known: House, tmp_path: Path) -> None:
    text = 'id,customer,date,channel,direction,text\na,1,2024-05-01,電話,in,"two\nlines\t\\N"\nb,2,2024-05-02,E-Mail,sent,\n'
    assert counts(bring_in(known, "touches", written(tmp_path, text))) == (2, 0, 0, 0)
    with within(known.id):
        rows = list(
            Touch.objects.order_by("id").values_list("channel", "direction", "text", "waiting", "place_id")
        )
    assert rows == [("phone", "in", "two\nlines\t\\N", False, None), ("email", "out", "", False, None)]


def test_notes_come_in_as_imported(known: House, tmp_path: Path) -> None:
    text = "customer,note,category,date\n1,feathers,過敏,2024-05-01\n2,black coffee,likes,\n1,,fact,\n1,x,zodiac,\n"
    done = bring_in(known, "notes", written(tmp_path, text))
    assert counts(done) == (2, 0, 0, 2)
    assert reasons(known, done) == [(4, "text", "missing"), (5, "kind", "choice")]
    with within(known.id):
        rows = list(Note.objects.order_by("id").values_list("text", "kind", "source", "learned_at"))
    assert rows == [
        ("feathers", "need", "imported", datetime(2024, 4, 30, 16, 0, tzinfo=UTC)),
        ("black coffee", "preference", "imported", done.created_at),
    ]


def test_visits_come_in_as_they_stand_and_go_forward_only(known: House, tmp_path: Path) -> None:
    text = (
        "booking id,guest id,check-in,check-out,room,status\n"
        "1,1,2024-05-01 15:00,2024-05-03 11:00,12,\n"
        "2,2,2027-05-01 15:00,,12,confirmed\n"
        "3,1,2026-09-03 15:00,2026-09-01,12,\n"
        "4,1,2026-09-03 15:00,,12,no-show\n"
    )
    done = bring_in(known, "visits", written(tmp_path, text), place=known.place)
    assert counts(done) == (3, 0, 0, 1)
    assert reasons(known, done) == [(4, "expected_until", "ends_before")]
    with within(known.id):
        rows = list(Visit.objects.order_by("id").values_list("external_id", "state", "about"))
        assert rows == [("1", "left", "12"), ("2", "expected", "12"), ("4", "missed", "12")]
        arrived = datetime(2027, 5, 1, 7, 30, tzinfo=UTC)
        Visit.objects.filter(external_id="2").update(state="arrived", arrived_at=arrived)
    older = text.splitlines()[0] + "\n2,2,2027-05-01 15:00,,14,confirmed\n"
    assert counts(bring_in(known, "visits", written(tmp_path, older), place=known.place)) == (0, 1, 0, 0)
    with within(known.id):
        visit = Visit.objects.get(external_id="2")
    assert (visit.state, visit.arrived_at, visit.about) == ("arrived", arrived, "14")


def test_a_place_column_names_the_place(known: House, tmp_path: Path) -> None:
    text = "guest id,arrival,branch\n1,2027-05-01,boat house\n2,2027-05-01,Elsewhere\n2,2027-05-01,\n"
    done = bring_in(known, "visits", written(tmp_path, text))
    assert counts(done) == (1, 0, 0, 2)
    assert reasons(known, done) == [(3, "place", "unknown_place"), (4, "place", "missing")]
    with within(known.id):
        assert Visit.objects.get().place_id == known.places[1].id


def test_a_place_with_a_comma_in_its_name_stays_one_choice(known: House, tmp_path: Path) -> None:
    with within(known.id):
        known.places[1].name = "Bar, upstairs"
        known.places[1].save()
    done = bring_in(known, "visits", written(tmp_path, "guest id,arrival,branch\n1,2027-05-01,Elsewhere\n"))
    with within(known.id):
        row = RejectedRow.objects.get(run=done)
    with translation.override("zh-hant"):
        assert f"{known.place.name}、Bar, upstairs" in reason(row.code, row.values)


def test_wishes_win_over_guesses(known: House, tmp_path: Path) -> None:
    text = 'who,when,what\n1,02/03/2024,"5,50"\n'
    wishes = Wishes(columns={"who": "customer", "when": "at", "3": "amount"}, date_order="mdy", decimal=",")
    assert counts(bring_in(known, "purchases", written(tmp_path, text), wishes=wishes)) == (1, 0, 0, 0)
    with within(known.id):
        bought = Purchase.objects.get()
    assert (bought.amount, bought.at) == (550, datetime(2024, 2, 2, 16, 0, tzinfo=UTC))


CELL = st.one_of(
    st.sampled_from(
        ["1", "2", "99", "2024-05-01", "31/12/2024", "5.00", "-3", "€9", "", "x", "'", '"', "\\N", "\\."]
    ),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=8),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(st.lists(CELL, min_size=1, max_size=5), max_size=12),
    encoding=st.sampled_from(["utf-8", "gb18030"]),
)
def test_whatever_the_file_holds_every_row_is_taken_or_rejected(
    known: House, tmp_path: Path, rows: list[list[str]], encoding: str
) -> None:
    import csv
    import io

    out = io.StringIO()
    csv.writer(out).writerows([["id", "customer", "date", "amount"], *rows])
    wishes = Wishes(
        encoding=encoding,
        delimiter=",",
        header=True,
        date_order="dmy",
        mapping=["external_id", "customer", "at", "amount"],
    )
    done = bring_in(known, "purchases", written(tmp_path, out.getvalue().encode(encoding)), wishes=wishes)
    assert done.state == "done"
    assert done.position == done.size
    counts(done)


def refunds(house: House) -> list[tuple[str, str, str | None]]:
    with within(house.id):
        rows = Purchase.objects.order_by("external_id").select_related("refund_of")
        return [
            (row.external_id or "", row.kind, row.refund_of and row.refund_of.external_id) for row in rows
        ]


def test_a_refund_names_the_purchase_that_it_takes_back_wherever_that_stands(
    known: House, tmp_path: Path
) -> None:
    earlier = "order id,customer id,date,amount\nold,1,2024-04-01,9\n"
    bring_in(known, "purchases", written(tmp_path, earlier, "earlier.csv"))
    text = (
        "order id,customer id,date,amount,original order id\n"
        "r1,1,2024-05-03,-2,p1\n"
        "p1,1,2024-05-01,5,\n"
        "r2,1,2024-05-03,9,old\n"
    )
    assert counts(bring_in(known, "purchases", written(tmp_path, text))) == (3, 0, 0, 0)
    found = [
        ("old", "purchase", None),
        ("p1", "purchase", None),
        ("r1", "refund", "p1"),
        ("r2", "refund", "old"),
    ]
    assert refunds(known) == found
    assert counts(bring_in(known, "purchases", written(tmp_path, text))) == (0, 0, 3, 0)
    newer = text.replace("r2,1,2024-05-03,9,old", "r2,1,2024-05-03,9,p1")
    assert counts(bring_in(known, "purchases", written(tmp_path, newer))) == (0, 1, 2, 0)
    assert refunds(known)[3] == ("r2", "refund", "p1")


def test_a_refund_of_nothing_known_is_refused(known: House, tmp_path: Path) -> None:
    text = (
        "order id,customer id,date,amount,kind,original order id\n"
        "p1,99,2024-05-01,5,,\n"
        "r1,1,2024-05-03,-5,,p1\n"
        "r2,1,2024-05-03,5,sale,p2\n"
        "r3,1,2024-05-03,5,refund,\n"
        "r4,1,2024-05-03,5,refund,r3\n"
    )
    done = bring_in(known, "purchases", written(tmp_path, text))
    assert counts(done) == (1, 0, 0, 4)
    assert reasons(known, done) == [
        (2, "customer", "unknown_customer"),
        (3, "refund_of", "unknown_purchase"),
        (4, "refund_of", "not_a_refund"),
        (6, "refund_of", "unknown_purchase"),
    ]
    assert refunds(known) == [("r3", "refund", None)]


def test_a_row_that_was_there_after_all_is_changed_and_the_new_ones_are_added(
    known: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rugui.connect.imports.load.SAMPLE", 1)
    bring_in(known, "purchases", written(tmp_path, "id,customer,date,amount\n2,2,2024-05-01,6\n"))
    text = "id,customer,date,amount\n1,1,2024-05-01,5\n2,2,2024-05-01,7\n3,2,2024-05-01,8\n"
    assert counts(bring_in(known, "purchases", written(tmp_path, text))) == (2, 1, 0, 0)
    assert sorted(row[2] for row in purchases(known)) == [500, 700, 800]


def test_what_comes_by_a_merged_cards_id_stands_on_the_card_that_stayed_and_goes_back_with_it(
    known: House, tmp_path: Path
) -> None:
    actor = known.actor("bob")
    with within(known.id):
        ana, ben = Customer.objects.get(external_id="1"), Customer.objects.get(external_id="2")
        done = merge(actor, ben, ana, reason="told", now=NOON)
    path = written(tmp_path, "id,customer,date,amount\na,1,2024-05-01,5\nb,2,2024-05-01,6\n")
    assert counts(bring_in(known, "purchases", path)) == (2, 0, 0, 0)
    assert [row[0] for row in purchases(known)] == ["Ana", "Ana"]
    assert counts(bring_in(known, "purchases", path)) == (0, 0, 2, 0)
    with within(known.id):
        undo(actor, done, now=NOON)
    assert [row[0] for row in purchases(known)] == ["Ana", "Ben"]
    assert counts(bring_in(known, "purchases", path)) == (0, 0, 2, 0)
