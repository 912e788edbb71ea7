"""Two cards become one, and two again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection

from rugui.connect.inbox import Message, receive
from rugui.core.errors import ChangedMeanwhile, NotAllowed
from rugui.core.models import JournalEntry
from rugui.core.money import Money
from rugui.core.tenancy import within
from rugui.know import access, actions, lineage, queries
from rugui.know.merge import FILLED, KEPT, Blocked, ask_again, merge, not_the_same, older, undo
from rugui.know.models import Customer, Identity, NameKey, Note
from rugui.know.pairs import Merge, MovedRow
from rugui.promise.models import Promise
from rugui.serve import actions as serve
from rugui.serve.models import Touch

from ..factories import NOON, House

LATER = NOON + timedelta(days=3)


def card(house: House, name: str, *identities: tuple[str, str], **fields: str) -> Customer:
    return actions.add_customer(
        house.actor("carol"),
        name=name,
        identities=[actions.GivenIdentity(*each) for each in identities],
        region="TW",
        now=NOON,
        **fields,
    )


def note(house: House, customer: Customer, text: str) -> Note:
    return actions.add_note(house.actor("carol"), customer, text=text, now=NOON)


def join(house: House, source: Customer, survivor: Customer, reason: str = "looked") -> Merge:
    return merge(house.actor("bob"), source, survivor, reason=reason, now=NOON)


def everything() -> dict[str, list[str]]:
    """Every row that may move or change, by table, as the database writes it; keys of names without their numbers."""
    tables = {mover.table: "to_jsonb(t)" for mover in lineage.movers()} | {
        "rugui_customer": "to_jsonb(t)",
        "rugui_namekey": "to_jsonb(t) - 'id'",
        "rugui_movedrow": "to_jsonb(t)",
    }
    found = {}
    with connection.cursor() as cursor:
        for table, row in tables.items():
            cursor.execute(f"SELECT ({row})::text FROM {table} t ORDER BY 1")
            found[table] = [each[0] for each in cursor.fetchall()]
    return found


def test_every_reference_to_a_customer_in_the_database_takes_part() -> None:
    known = {
        (field.model._meta.db_table, field.column)
        for field in lineage.customer_fields()
        if field.db_constraint
    }
    assert known == _references()


def test_every_column_named_after_a_customer_takes_part_or_is_a_record_of_what_was() -> None:
    known = {(field.model._meta.db_table, field.column) for field in lineage.customer_fields()}
    kept = {("rugui_journalentry", "customer_id"), ("rugui_erasure", "customer_id")}
    assert _columns_named_customer() - known == kept


def test_every_field_of_a_card_is_kept_or_filled() -> None:
    fields = {str(field.attname) for field in Customer._meta.concrete_fields}
    assert fields - {"id", "organization_id", "created_at", "merged_into_id"} == {*FILLED, *KEPT}


def test_the_survivor_has_everything_and_the_source_is_kept(lake_house: House) -> None:
    with within(lake_house.id):
        one = card(lake_house, "Yu-ting Chen", ("phone", "0912 345 678"))
        two = card(lake_house, "Chen Yu-ting", ("email", "yt@lake.example"), external_id="pms-7")
        first, second = note(lake_house, one, "feathers"), note(lake_house, two, "peanuts")
        made = join(lake_house, two, one)
        assert made.moved == {"identity": 1, "note": 1}
        assert [each.id for each in Note.objects.filter(customer=one).order_by("id")] == [first.id, second.id]
        assert [each.normal for each in queries.identities(one.id)] == ["yt@lake.example", "+886912345678"]
        kept = Customer.objects.get(id=two.id)
        assert (kept.name, kept.external_id, kept.merged_into_id) == ("Chen Yu-ting", "pms-7", one.id)
        assert MovedRow.objects.filter(home=two).count() == 2


def test_undo_restores_every_row(lake_house: House) -> None:
    with within(lake_house.id):
        one = card(lake_house, "Yu-ting Chen", ("phone", "0912 345 678"))
        two = card(
            lake_house, "Chen Yu-ting", ("phone", "0912345678"), ("email", "yt@lake.example"),
            address_as="Ms Chen", language="zh-hant",
        )  # fmt: skip
        note(lake_house, one, "feathers")
        note(lake_house, two, "peanuts")
        before = everything()
        made = join(lake_house, two, one)
        assert everything() != before
        undo(lake_house.actor("bob"), made, now=LATER)
        assert everything() == before


def test_what_both_cards_have_is_parked_and_comes_back(lake_house: House) -> None:
    with within(lake_house.id):
        one = card(lake_house, "Lin Mei", ("phone", "0912 345 678"))
        two = card(lake_house, "Mei Lin", ("phone", "+886912345678"))
        twin = Identity.objects.get(customer=two)
        made = join(lake_house, two, one)
        assert [each.customer_id for each in Identity.objects.all()] == [one.id]
        parked = MovedRow.objects.get(table="identity", row_id=twin.id)
        assert (parked.home_id, parked.blocked_home, parked.parked["value"]) == (
            two.id,
            one.id,
            "+886912345678",
        )
        undo(lake_house.actor("bob"), made, now=LATER)
        back = Identity.objects.get(customer=two)
        assert (back.id, back.value) == (twin.id, "+886912345678")


def test_a_number_taken_off_the_survivor_still_comes_back_to_the_other_card(lake_house: House) -> None:
    with within(lake_house.id):
        one = card(lake_house, "Lin Mei", ("phone", "0912 345 678"))
        two = card(lake_house, "Mei Lin", ("phone", "0912345678"))
        made = join(lake_house, two, one)
        actions.remove_identity(lake_house.actor("carol"), Identity.objects.get(), now=LATER)
        undo(lake_house.actor("bob"), made, now=LATER)
        assert [each.customer_id for each in Identity.objects.all()] == [two.id]


def test_when_the_number_in_the_way_leaves_the_parked_one_takes_its_place(lake_house: House) -> None:
    with within(lake_house.id):
        keeper = card(lake_house, "Lin Mei")
        one = card(lake_house, "Mei Lin", ("phone", "0912 345 678"))
        two = card(lake_house, "Lin Mei", ("phone", "0912345678"))
        first = join(lake_house, one, keeper)
        second = join(lake_house, two, keeper)
        undo(lake_house.actor("bob"), first, now=LATER)
        assert [(each.customer_id, each.value) for each in Identity.objects.order_by("customer_id")] == [
            (keeper.id, "0912345678"),
            (one.id, "0912 345 678"),
        ]
        undo(lake_house.actor("bob"), second, now=LATER)
        assert [each.customer_id for each in Identity.objects.order_by("customer_id")] == [one.id, two.id]


def test_merges_on_merges_come_apart_in_any_order(lake_house: House) -> None:
    with within(lake_house.id):
        cards = [card(lake_house, "Lin Mei", ("email", f"m{n}@lake.example")) for n in range(3)]
        for each in cards:
            note(lake_house, each, f"of {each.id}")
        before = everything()
        inner = join(lake_house, cards[0], cards[1])
        outer = join(lake_house, cards[1], cards[2])
        undo(lake_house.actor("bob"), inner, now=LATER)
        owners = dict(Note.objects.values_list("text", "customer_id"))
        assert owners == {
            f"of {cards[0].id}": cards[0].id,
            f"of {cards[1].id}": cards[2].id,
            f"of {cards[2].id}": cards[2].id,
        }
        undo(lake_house.actor("bob"), outer, now=LATER)
        assert everything() == before


def test_what_the_survivor_did_not_know_is_filled_and_taken_back(lake_house: House) -> None:
    with within(lake_house.id):
        one = card(lake_house, "Lin Mei", language="en")
        two = card(lake_house, "Mei Lin", address_as="Ms Lin", language="zh-hans")
        made = join(lake_house, two, one)
        one.refresh_from_db()
        assert (one.address_as, one.language, made.filled) == ("Ms Lin", "en", {"address_as": ["", "Ms Lin"]})
        undo(lake_house.actor("bob"), made, now=LATER)
        one.refresh_from_db()
        assert (one.address_as, one.language) == ("", "en")


def test_what_was_corrected_since_stays_corrected(lake_house: House) -> None:
    with within(lake_house.id):
        one, two = card(lake_house, "Lin Mei"), card(lake_house, "Mei Lin", address_as="Ms Lin")
        made = join(lake_house, two, one)
        one.refresh_from_db()
        actions.edit_customer(lake_house.actor("carol"), one, address_as="Dr Lin", now=LATER)
        undo(lake_house.actor("bob"), made, now=LATER)
        one.refresh_from_db()
        assert one.address_as == "Dr Lin"


def test_another_card_fills_what_an_undone_merge_had_filled(lake_house: House) -> None:
    with within(lake_house.id):
        one = card(lake_house, "Lin Mei")
        two = card(lake_house, "Mei Lin", address_as="Ms Lin")
        three = card(lake_house, "Lin Mei", address_as="Dr Lin")
        first, second = join(lake_house, two, one), join(lake_house, three, one)
        undo(lake_house.actor("bob"), first, now=LATER)
        one.refresh_from_db()
        assert one.address_as == "Dr Lin"
        undo(lake_house.actor("bob"), Merge.objects.get(id=second.id), now=LATER)
        one.refresh_from_db()
        assert one.address_as == ""


def test_what_came_after_stays_unless_it_came_by_the_other_cards_name(lake_house: House) -> None:
    carol = lake_house.actor("carol")
    with within(lake_house.id):
        one, two = card(lake_house, "Lin Mei"), card(lake_house, "Mei Lin")
        made = join(lake_house, two, one)
        note(lake_house, access.customer(carol, one.id), "stays")
        note(lake_house, access.customer(carol, two.id), "goes")
        assert set(Note.objects.values_list("customer_id", flat=True)) == {one.id}
        undo(lake_house.actor("bob"), made, now=LATER)
        assert dict(Note.objects.values_list("text", "customer_id")) == {"stays": one.id, "goes": two.id}
        assert MovedRow.objects.count() == 0


def test_a_message_from_the_other_cards_telephone_goes_back_with_it(lake_house: House) -> None:
    carol = lake_house.actor("carol")
    with within(lake_house.id):
        one = card(lake_house, "Lin Mei", ("phone", "0912 345 678"))
        two = card(lake_house, "Mei Lin", ("phone", "0922 345 678"))
        made = join(lake_house, two, one)
        for number in ("0912345678", "0922345678"):
            message = Message("chat", f"from {number}", [("phone", number)], name="Mei Lin")
            received = receive(carol, lake_house.place, message, now=NOON)
            assert received.customer.id == one.id
        undo(lake_house.actor("bob"), made, now=LATER)
        assert dict(Touch.objects.values_list("text", "customer_id")) == {
            "from 0912345678": one.id,
            "from 0922345678": two.id,
        }
        assert dict(Promise.objects.values_list("touch__text", "customer_id")) == {
            "from 0912345678": one.id,
            "from 0922345678": two.id,
        }


def test_what_hangs_on_a_row_that_goes_back_goes_with_it(lake_house: House) -> None:
    carol = lake_house.actor("carol")
    with within(lake_house.id):
        one, two = card(lake_house, "Lin Mei"), card(lake_house, "Mei Lin")
        bought = serve.record_purchase(carol, two, amount=Money(500, "EUR"), now=NOON)
        made = join(lake_house, two, one)
        refund = serve.record_refund(
            carol, access.customer(carol, one.id), amount=Money(500, "EUR"), refund_of=bought, now=LATER
        )
        undo(lake_house.actor("bob"), made, now=LATER)
        refund.refresh_from_db()
        assert refund.customer_id == two.id


def test_the_old_card_leads_to_the_survivor(lake_house: House) -> None:
    with within(lake_house.id):
        one, two, three = (card(lake_house, "Lin Mei") for _n in range(3))
        join(lake_house, one, two)
        join(lake_house, two, three)
        found = access.customer(lake_house.actor("erin"), one.id)
        assert (found.id, found.came_as) == (three.id, one.id)


def test_both_names_find_the_survivor(lake_house: House) -> None:
    with within(lake_house.id):
        one, two = card(lake_house, "Robert Lin"), card(lake_house, "Zelda Quincy")
        made = join(lake_house, two, one, "told")
        assert [hit.customer.id for hit in queries.find("quincy", region="TW")] == [one.id]
        assert NameKey.objects.filter(customer=two).count() == 0
        undo(lake_house.actor("bob"), made, now=LATER)
        assert [hit.customer.id for hit in queries.find("quincy", region="TW")] == [two.id]


def test_a_new_name_leaves_the_names_of_merged_cards_findable(lake_house: House) -> None:
    with within(lake_house.id):
        one, two = card(lake_house, "Robert Lin"), card(lake_house, "Zelda Quincy")
        join(lake_house, two, one, "told")
        actions.edit_customer(lake_house.actor("carol"), one, name="Bob Lin", now=LATER)
        assert [hit.customer.id for hit in queries.find("quincy", region="TW")] == [one.id]


def test_a_shared_telephone_does_not_make_two_names_one_person(lake_house: House) -> None:
    with within(lake_house.id):
        mother = card(lake_house, "Anna Berg", ("phone", "0912 345 678"))
        child = card(lake_house, "Tom Berg", ("phone", "0912 345 678"))
        for who, reason in (("bob", "looked"), ("carol", "told"), ("bob", "certain")):
            with pytest.raises(Blocked) as refusal:
                merge(lake_house.actor(who), child, mother, reason=reason, now=NOON)
            assert refusal.value.why == "names"
        assert join(lake_house, child, mother, "told").survivor_id == mother.id


def test_cards_known_to_be_two_people_stay_two_until_that_is_taken_back(lake_house: House) -> None:
    carol = lake_house.actor("carol")
    with within(lake_house.id):
        one, two, three = (card(lake_house, "Lin Mei") for _n in range(3))
        pair = not_the_same(carol, two, one, now=NOON)
        assert (pair.low_id, pair.high_id, pair.state) == (one.id, two.id, "distinct")
        join(lake_house, two, three)
        with pytest.raises(Blocked) as refusal:
            join(lake_house, three, one, "told")
        assert refusal.value.why == "distinct"
        ask_again(carol, pair, now=LATER)
        assert join(lake_house, three, one).undone_at is None


def test_who_may_only_look_may_not_merge_or_undo(lake_house: House) -> None:
    erin = lake_house.actor("erin")
    with within(lake_house.id):
        one, two = card(lake_house, "Lin Mei"), card(lake_house, "Mei Lin")
        with pytest.raises(NotAllowed):
            merge(erin, one, two, reason="looked", now=NOON)
        made = join(lake_house, one, two)
        with pytest.raises(NotAllowed):
            undo(erin, made, now=NOON)


def test_a_merged_card_is_not_merged_again_and_an_undone_merge_not_undone_again(lake_house: House) -> None:
    with within(lake_house.id):
        one, two, three = (card(lake_house, "Lin Mei") for _n in range(3))
        made = join(lake_house, one, two)
        for source, survivor in ((one, three), (three, one), (one, two)):
            with pytest.raises(ChangedMeanwhile):
                join(lake_house, source, survivor)
        with pytest.raises(ChangedMeanwhile):
            join(lake_house, three, three)
        undo(lake_house.actor("bob"), made, now=LATER)
        with pytest.raises(ChangedMeanwhile):
            undo(lake_house.actor("bob"), made, now=LATER)


def test_the_card_that_has_been_there_longer_stays_however_either_may_be_reached(lake_house: House) -> None:
    with within(lake_house.id):
        one = card(lake_house, "Lin Mei")
        two = card(lake_house, "Mei Lin", ("email", "mei@lake.example"), ("phone", "0912 345 678"))
        assert older(two, one) == older(one, two) == (two, one)


def test_the_journal_tells_both_cards_and_no_words(lake_house: House) -> None:
    with within(lake_house.id):
        one, two = card(lake_house, "Lin Mei"), card(lake_house, "Mei Lin", address_as="Ms Lin")
        made = join(lake_house, two, one)
        undo(lake_house.actor("bob"), made, now=LATER)
        entries = JournalEntry.objects.filter(subject_id=made.id, kind__startswith="customer.").order_by("id")
        about = {"source": two.id, "survivor": one.id, "reason": "looked"}
        assert [(each.kind, each.customer_id, each.payload) for each in entries] == [
            ("customer.merged", one.id, about | {"moved": {}, "filled": ["address_as"]}),
            ("customer.merged", two.id, about | {"moved": {}, "filled": ["address_as"]}),
            ("customer.parted", one.id, about),
            ("customer.parted", two.id, about),
        ]


def test_what_reached_the_source_while_it_was_merged_is_brought_over(lake_house: House) -> None:
    carol = lake_house.actor("carol")
    with within(lake_house.id):
        one, two = card(lake_house, "Lin Mei"), card(lake_house, "Mei Lin")
        made = join(lake_house, two, one)
        serve.record_touch(carol, two, channel="phone", direction="in", text="Hello", now=NOON)
        assert lineage.bring_home(lake_house.id, made.id, two.id) == 1
        assert Touch.objects.get().customer_id == one.id
        undo(lake_house.actor("bob"), made, now=LATER)
        assert Touch.objects.get().customer_id == two.id


def _references() -> set[tuple[str, str]]:
    return _asked(
        """SELECT c.conrelid::regclass::text, a.attname FROM pg_constraint c
        JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = ANY(c.conkey)
        WHERE c.contype = 'f' AND c.confrelid = 'rugui_customer'::regclass"""
    )


def _columns_named_customer() -> set[tuple[str, str]]:
    return _asked(
        """SELECT c.relname, a.attname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
        WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND NOT a.attisdropped
        AND a.attname LIKE '%customer%id%'"""
    )


def _asked(statement: str) -> set[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return {(str(table), str(column)) for table, column in cursor.fetchall()}


pytestmark = pytest.mark.django_db
