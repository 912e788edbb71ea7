"""Files that know a person by the id of a card that is part of another now."""

from __future__ import annotations

from pathlib import Path

import pytest

from rugui.core.tenancy import within
from rugui.know.merge import merge, undo
from rugui.know.models import Customer, Identity
from rugui.serve.models import Touch

from ..factories import NOON, House
from .help import bring_in, counts, written

pytestmark = pytest.mark.django_db

TWO = "id,name,phone\n7,Chen Yuting,0912345678\n8,Yuting Chen,0922345678\n"
AGAIN = "id,name,email\n8,Yuting Chen-Lin,yuting@b.example\n"
TOUCHES = "id,customer_id,at,channel,direction,text\nt1,7,2026-09-01 10:00,phone,in,Hello\nt2,8,2026-09-02 10:00,phone,in,Again\n"


def test_the_id_of_a_merged_card_leads_to_the_survivor_and_back(lake_house: House, tmp_path: Path) -> None:
    bring_in(lake_house, "customers", written(tmp_path, TWO))
    bob = lake_house.actor("bob")
    with within(lake_house.id):
        one, two = Customer.objects.order_by("id")
        made = merge(bob, two, one, reason="looked", now=NOON)
    done = bring_in(lake_house, "customers", written(tmp_path, AGAIN, "again.csv"))
    assert counts(done) == (0, 1, 0, 0)
    done = bring_in(lake_house, "touches", written(tmp_path, TOUCHES, "touches.csv"))
    assert counts(done) == (2, 0, 0, 0)
    with within(lake_house.id):
        assert list(Customer.objects.order_by("id").values_list("name", "external_id")) == [
            ("Chen Yuting", "7"),
            ("Yuting Chen", "8"),
        ]
        assert set(Touch.objects.values_list("customer_id", flat=True)) == {one.id}
        assert set(Identity.objects.values_list("customer_id", flat=True)) == {one.id}
    assert counts(bring_in(lake_house, "touches", written(tmp_path, TOUCHES + " \n", "more.csv"))) == (
        0,
        0,
        2,
        0,
    )
    with within(lake_house.id):
        undo(bob, made, now=NOON)
        assert dict(Touch.objects.values_list("external_id", "customer_id")) == {"t1": one.id, "t2": two.id}
