"""A charge that an import brings in, of somebody for whom something is being put right."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from rugui.core.tenancy import within
from rugui.core.time import now
from rugui.recover.models import Case
from rugui.recover.worth.models import HeldCharge

from .. import factories
from ..recover.help import journal, opened
from .help import bring_in, counts, written

pytestmark = pytest.mark.django_db


def test_a_charge_of_the_trouble_is_held_once_and_what_is_older_is_not(
    lake_house: factories.House, tmp_path: Path
) -> None:
    case = opened(lake_house, factories.customer(lake_house, external_id="7"))
    with within(lake_house.id):
        Case.objects.filter(id=case.id).update(opened_at=now() - timedelta(hours=3))
    zone = lake_house.place.zone
    during, before = (
        f"{(now() - timedelta(hours=hours)).astimezone(zone):%Y-%m-%d %H:%M}" for hours in (1, 9)
    )
    text = f"order id,customer id,date,amount,product\na,7,{during},12.50,minibar\nb,7,{before},80,room\n"
    path = written(tmp_path, text)
    assert counts(bring_in(lake_house, "purchases", path, place=lake_house.place)) == (2, 0, 0, 0)
    with within(lake_house.id):
        [held] = HeldCharge.objects.select_related("purchase")
    assert (held.case_id, held.purchase.about, held.state) == (case.id, "minibar", "held")
    assert journal(lake_house).count("charge.held") == 1
    more = written(tmp_path, text + f"c,7,{during},3,water\n", "more.csv")
    bring_in(lake_house, "purchases", more, place=lake_house.place)
    with within(lake_house.id):
        held_now = HeldCharge.objects.order_by("id").values_list("purchase__about", flat=True)
        assert list(held_now) == ["minibar", "water"]
