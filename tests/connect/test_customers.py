"""Importing customers."""

from __future__ import annotations

from pathlib import Path

import pytest

from rugui.connect.models import ImportRun
from rugui.core.models import JournalEntry
from rugui.core.tenancy import within
from rugui.engines.identity.keys import card_keys
from rugui.know import actions as know
from rugui.know.keys import mix
from rugui.know.models import Customer, Identity, NameKey

from .. import factories
from ..factories import NOON, House
from .help import bring_in, counts, reasons, rejected_file, written

pytestmark = pytest.mark.django_db

THREE = (
    "id,name,phone,email,language\n"
    "7,陳玉婷,0912-345-678,Yuting@Example.org,繁體中文\n"
    "8,Ana O'Brien,+44 20 7946 0018,,en\n"
    "9,Ben,,ben@b.example,French\n"
)


def people(house: House) -> list[tuple[str, str | None, str]]:
    with within(house.id):
        return list(Customer.objects.order_by("id").values_list("name", "external_id", "language"))


def identities(house: House) -> list[tuple[str, str, str]]:
    with within(house.id):
        rows = Identity.objects.order_by("customer_id", "kind", "id")
        return [(row.customer.name, row.kind, row.normal) for row in rows.select_related("customer")]


def found_by(**whose: object) -> list[int]:
    return sorted(NameKey.objects.filter(**whose).values_list("h", flat=True))


def keys_of(house: House, name: str) -> list[int]:
    hashes, _vocabulary = card_keys([name])
    return sorted(each ^ mix(house.id) for each in hashes)


def test_three_customers_come_in_with_their_identities_and_name_keys(
    lake_house: House, tmp_path: Path
) -> None:
    done = bring_in(lake_house, "customers", written(tmp_path, THREE))
    assert (done.state, counts(done)) == ("done", (3, 0, 0, 0))
    assert people(lake_house) == [("陳玉婷", "7", "zh-hant"), ("Ana O'Brien", "8", "en"), ("Ben", "9", "")]
    assert identities(lake_house) == [
        ("陳玉婷", "email", "yuting@example.org"),
        ("陳玉婷", "phone", "+886912345678"),
        ("Ana O'Brien", "phone", "+442079460018"),
        ("Ben", "email", "ben@b.example"),
    ]
    with within(lake_house.id):
        keys = found_by(customer__external_id="8")
        batch = JournalEntry.objects.get(kind="import.batch")
    assert keys == keys_of(lake_house, "Ana O'Brien")
    assert (batch.who, batch.subject_id) == ("import", done.id)
    assert batch.payload == {"subject": "customers", "read": 3, "new": 3, "changed": 0, "rejected": 0}


def test_one_customer_comes_in(lake_house: House, tmp_path: Path) -> None:
    done = bring_in(lake_house, "customers", written(tmp_path, "name\nAna"))
    assert counts(done) == (1, 0, 0, 0)
    assert people(lake_house) == [("Ana", f"import:{done.file_hash[:16]}:2", "")]


@pytest.mark.parametrize("text", [THREE, "name,email\nAna,a@a.example\nBen,\nBen,\n"])
def test_the_same_file_again_changes_nothing(lake_house: House, tmp_path: Path, text: str) -> None:
    path = written(tmp_path, text)
    assert counts(bring_in(lake_house, "customers", path)) == (3, 0, 0, 0)
    before = (people(lake_house), identities(lake_house))
    assert counts(bring_in(lake_house, "customers", path)) == (0, 0, 3, 0)
    assert (people(lake_house), identities(lake_house)) == before


def test_a_newer_file_adds_and_fills_and_corrects_but_takes_nothing_away(
    lake_house: House, tmp_path: Path
) -> None:
    bring_in(lake_house, "customers", written(tmp_path, THREE))
    newer = "id,name,phone,salutation\n7,陳玉婷,0922 000 000,陳小姐\n8,Ana Weber,,\n9,Ben,,\n"
    assert counts(bring_in(lake_house, "customers", written(tmp_path, newer))) == (0, 2, 1, 0)
    with within(lake_house.id):
        chen, ana = Customer.objects.get(external_id="7"), Customer.objects.get(external_id="8")
        keys = found_by(customer=ana)
    assert (chen.address_as, ana.name) == ("陳小姐", "Ana Weber")
    assert keys == keys_of(lake_house, "Ana Weber")
    assert len(identities(lake_house)) == 5


def test_a_name_that_the_staff_has_changed_stays(lake_house: House, tmp_path: Path) -> None:
    bring_in(lake_house, "customers", written(tmp_path, "id,name\n1,Anna\n"))
    with within(lake_house.id):
        know.edit_customer(lake_house.actor("carol"), Customer.objects.get(), now=NOON, name="Ana")
    assert counts(bring_in(lake_house, "customers", written(tmp_path, "id,name\n1,Anna B\n"))) == (0, 0, 1, 0)
    assert people(lake_house) == [("Ana", "1", "")]


def test_somebody_already_known_by_name_and_phone_gets_the_id(lake_house: House, tmp_path: Path) -> None:
    with within(lake_house.id):
        given = [know.GivenIdentity("phone", "0912345678")]
        know.add_customer(lake_house.actor("carol"), name="Ana", now=NOON, region="TW", identities=given)
    text = "id,name,phone\n1,Ana,+886912345678\n2,Ben,+886912345678\n3,Ana,+886912345678\n"
    assert counts(bring_in(lake_house, "customers", written(tmp_path, text))) == (2, 1, 0, 0)
    assert people(lake_house) == [("Ana", "1", ""), ("Ben", "2", ""), ("Ana", "3", "")]


def test_rows_of_one_person_in_one_file_become_one_customer(lake_house: House, tmp_path: Path) -> None:
    text = "name,email,phone\nAna,a@a.example,\nAna,a@a.example,0912345678\nBen,a@a.example,\n"
    assert counts(bring_in(lake_house, "customers", written(tmp_path, text))) == (2, 0, 1, 0)
    assert [name for name, _id, _language in people(lake_house)] == ["Ana", "Ben"]
    assert len(identities(lake_house)) == 3


def test_family_and_given_names_are_joined_and_the_nameless_called_by_what_they_have(
    lake_house: House, tmp_path: Path
) -> None:
    text = "姓,名,手機\n陳,玉婷,\nWeber,Ana,\n,,0912345678\n"
    bring_in(lake_house, "customers", written(tmp_path, text.encode("big5")))
    assert [name for name, _id, _language in people(lake_house)] == ["陳玉婷", "Ana Weber", "0912345678"]


def test_what_cannot_be_taken_comes_back_with_its_reason(lake_house: House, tmp_path: Path) -> None:
    text = (
        "name,phone,email\n"
        "Ana,12,\n"
        "Ben,,no address\n"
        ",,\n"
        "Cleo,,,too much\n"
        + "D" * 201 + ",,\n"
        "Eve,,eve@e.example\n"
        'Fay,"0912\n'
    )  # fmt: skip
    done = bring_in(lake_house, "customers", written(tmp_path, text))
    assert counts(done) == (1, 0, 0, 6)
    assert reasons(lake_house, done) == [
        (2, "phone", "phone"),
        (3, "email", "email"),
        (4, "name", "missing"),
        (5, "", "columns"),
        (6, "name", "long"),
        (8, "", "unclosed"),
    ]
    rows = rejected_file(lake_house, done)
    assert rows[0] == ["name", "phone", "email", "line", "field", "reason"]
    assert rows[1] == [
        "Ana", "12", "", "2", "phone",
        "“12” is not a whole phone number in TW. Write it with its country code, like +886 912 345 678.",
    ]  # fmt: skip


def test_rejected_rows_can_be_mended_and_imported(lake_house: House, tmp_path: Path) -> None:
    text = "id,name,phone\n1,=cmd|x,12\n2,Ben,13\n3,\"'=Cleo\",0912345678\n4,'@Dora,15\n"
    first = bring_in(lake_house, "customers", written(tmp_path, text))
    assert counts(first) == (1, 0, 0, 3)
    rows = rejected_file(lake_house, first)
    assert [row[1] for row in rows[1:]] == ["'=cmd|x", "Ben", "''@Dora"]
    mended = "\n".join(",".join([*row[:2], "+886 912 345 67" + row[0], "", "", ""]) for row in rows[1:])
    second = bring_in(
        lake_house, "customers", written(tmp_path, ",".join(rows[0]) + "\n" + mended, "file.rejected.csv")
    )
    assert counts(second) == (3, 0, 0, 0)
    assert [name for name, _id, _language in people(lake_house)] == ["'=Cleo", "=cmd|x", "Ben", "'@Dora"]


def test_another_house_is_untouched_and_unseen(lake_house: House, other_house: House, tmp_path: Path) -> None:
    theirs = factories.customer(other_house, "Theirs", external_id="7")
    path = written(tmp_path, THREE)
    assert counts(bring_in(lake_house, "customers", path)) == (3, 0, 0, 0)
    assert people(other_house) == [("Theirs", "7", "")]
    with within(other_house.id):
        assert Customer.objects.get().id == theirs.id
        assert ImportRun.objects.count() == 0
