"""Real data sets, when they lie beside the repository (or where RUGUI_SHARED_DATA says)."""

from __future__ import annotations

import csv
import os
from pathlib import Path

import pytest

from rugui.connect.imports.settings import Wishes
from rugui.core.tenancy import within
from rugui.know.models import Customer, Identity
from rugui.serve.models import Purchase

from ..factories import House
from .help import bring_in, counts, written

DATA = Path(os.environ.get("RUGUI_SHARED_DATA", Path(__file__).parents[3] / "shared" / "data"))
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.slow,
    pytest.mark.skipif(
        not DATA.is_dir(), reason="the shared data sets are not here; name their folder in RUGUI_SHARED_DATA"
    ),
]


def test_bilingual_cards_come_in_whole(lake_house: House) -> None:
    path = DATA / "identity" / "bilingual_cards.csv"
    with path.open(encoding="utf-8", newline="") as file:
        cards = list(csv.DictReader(file))
    done = bring_in(lake_house, "customers", path)
    assert counts(done) == (len(cards), 0, 0, 0)
    with within(lake_house.id):
        assert Identity.objects.filter(kind="phone").count() == sum(bool(card["phone"]) for card in cards)


def test_people_with_two_name_columns_come_in_whole(lake_house: House) -> None:
    path = DATA / "identity" / "febrl4a.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    named = [row for row in rows if row["given_name"].strip() or row["surname"].strip()]
    done = bring_in(lake_house, "customers", path)
    assert counts(done) == (len(named), 0, 0, len(rows) - len(named))
    with within(lake_house.id):
        assert Customer.objects.get(external_id="rec-1070-org").name == "michaela neumann"


def test_eighteen_months_of_purchases_come_in_to_the_cent(lake_house: House, tmp_path: Path) -> None:
    path = DATA / "cdnow" / "transactions.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    people = sorted({row["customer_id"] for row in rows}, key=int)
    bring_in(
        lake_house,
        "customers",
        written(tmp_path, "id,name\n" + "".join(f"{n},Customer {n}\n" for n in people)),
    )
    done = bring_in(lake_house, "purchases", path, wishes=Wishes(currency="USD"))
    assert counts(done) == (len(rows), 0, 0, 0)
    with within(lake_house.id):
        amounts = sorted(Purchase.objects.values_list("amount", flat=True))
    assert amounts == sorted(int(row["amount"].replace(".", "")) if "." in row["amount"] and len(row["amount"].split(".")[1]) == 2
                             else round(float(row["amount"]) * 100) for row in rows)  # fmt: skip
