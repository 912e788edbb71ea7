"""Somebody is erased: nothing of theirs is found anywhere, the books stay, and a proof says that it was done."""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.urls import reverse

from rugui.config import config
from rugui.connect import actions as connect
from rugui.connect.imports import files
from rugui.connect.models import ImportRun, RejectedRow
from rugui.core.errors import NotAllowed
from rugui.core.ids import public_id
from rugui.core.models import IdempotentReply, JournalEntry, Key
from rugui.core.money import Money
from rugui.core.tenancy import within
from rugui.core.time import now
from rugui.know import actions as know
from rugui.know import merge as merging
from rugui.know.models import Customer, NameWord, Note
from rugui.own import actions, book
from rugui.own.erase import erase, unbroken
from rugui.own.models import Erasure
from rugui.promise import actions as promises
from rugui.recover import actions as recover
from rugui.serve import actions as serve
from rugui.serve.models import Purchase

from .. import factories
from ..recover.help import acting, opened

pytestmark = pytest.mark.django_db

STRINGS = [
    "Quillfeather", "quillfeather", "歐陽翡翠", "翡翠", "912345678", "0912-345-678", "912 345", "quill.f@guests.example", "zithering", "moss",
    "marmalade", "grumbling", "teapot", "gazebo", "PMS-7781",
]  # fmt: skip
"""What is theirs alone, in the words of the fixture."""


@pytest.fixture
def person(lake_house: factories.House, tmp_path: Path, settings: Any) -> Customer:
    """Somebody who is in everything: two cards made one, a case, an import, an answer for a retry, a colleague's note."""
    settings.MEDIA_ROOT = str(tmp_path)
    with acting(lake_house, "carol") as (carol, moment):
        phone = know.GivenIdentity("phone", "0912-345-678")
        one = know.add_customer(
            carol, name="Ottoline Quillfeather", address_as="Ms Quillfeather", identities=[phone], language="en", region="TW",
            external_id="PMS-7781", now=moment,
        )  # fmt: skip
        mail = know.GivenIdentity("email", "quill.f@guests.example")
        two = know.add_customer(
            carol, name="歐陽翡翠", identities=[phone, mail], language="en", region="TW", now=moment
        )
        know.add_note(carol, one, text="likes zithering", kind="preference", now=moment)
        know.add_note(
            carol, one, text="moss allergy, kept", now=moment, about=know.About(discretion="keeper")
        )
        know.record_consent(
            carol,
            one,
            sensitive="health",
            wording="May we note moss?",
            language="en",
            how="spoken",
            now=moment,
        )
        serve.record_purchase(
            carol,
            one,
            amount=Money(1250, "EUR"),
            place=lake_house.place,
            about="marmalade",
            external_id="R-1",
            now=moment,
        )
        serve.expect_visit(
            carol, two, lake_house.place, expected_at=moment.replace(year=2031), about="gazebo", now=moment
        )
        serve.record_touch(
            carol, two, channel="phone", direction="in", text="grumbling", place=lake_house.place, now=moment
        )
        promises.give(
            carol,
            one,
            lake_house.place,
            kind="other",
            text="teapot",
            due_at=moment.replace(year=moment.year + 1, month=1, day=1),
            now=moment,
        )
        friend = know.add_customer(
            carol, name="Wen Lin", identities=[], language="en", region="TW", now=moment
        )
        know.add_note(carol, friend, text="comes with Ottoline Quillfeather, 0912 345 678", now=moment)
    case = opened(lake_house, one, title="Cold teapot")
    with acting(lake_house, "carol") as (carol, moment):
        recover.talk(carol, case, text="Quillfeather is grumbling", now=moment)
        recover.share_link(carol, case, now=moment)
        actions.share_link(carol, one, now=moment)
    with acting(lake_house, "bob") as (bob, moment):
        merging.merge(bob, two, one, now=moment, reason="told")
    _import(lake_house)
    _reply(lake_house, one)
    return one


def _import(house: factories.House) -> None:
    path = files.folder() / "upload.csv"
    path.write_text("name,phone\n,+886 912 345 678\nWen Lin,0922000111\n")
    file_hash, size = files.measure(path)
    with within(house.id):
        prepared = connect.prepare_import(
            house.actor("bob"), subject="customers", path=path, file_name="Ottoline Quillfeather.csv", file_hash=file_hash, size=size,
            place=house.place, now=now(),
        )  # fmt: skip
        RejectedRow.objects.create(
            organization=house.organization,
            run=prepared,
            line=2,
            cells=["歐陽翡翠", "zz"],
            field="phone",
            code="phone",
            values={"value": "zz"},
        )


def _reply(house: factories.House, customer: Customer) -> None:
    with within(house.id):
        token = Key.objects.create(
            organization=house.organization,
            kind=Key.Kind.API,
            subject_id=house.people["carol"].id,
            hash=b"h" * 32,
            created_at=now(),
        )
        for key, body in (
            ("about", {"customer": customer.public_id, "text": "zithering"}),
            ("other", {"text": "sunny"}),
        ):
            IdempotentReply.objects.create(
                organization=house.organization, token=token, key=key, request_hash=b"r" * 32, status=201, body=json.dumps(body),
                created_at=now(),
            )  # fmt: skip


def everything() -> dict[str, str]:
    """Every row of every table that this organization's program can reach, as text."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        tables = [row[0] for row in cursor.fetchall()]
        found = {}
        for table in tables:
            cursor.execute(f'SELECT t::text FROM "{table}" t')
            rows = [row[0] for row in cursor.fetchall()]
            # bytea is printed as hexadecimal: what stands in it is looked for as text, too
            found[table] = "\n".join(rows) + "\n" + "\n".join(_bytes(row) for row in rows)
    return found


def _bytes(row: str) -> str:
    pieces = [piece.strip('",)(') for piece in row.split("\\x")[1:]]
    return " ".join(
        bytes.fromhex(piece.split('"')[0].split(",")[0]).decode(errors="replace")
        for piece in pieces
        if _hex(piece)
    )


def _hex(piece: str) -> bool:
    digits = piece.split('"')[0].split(",")[0]
    return len(digits) % 2 == 0 and all(each in "0123456789abcdef" for each in digits)


def traces_in(texts: dict[str, str]) -> list[str]:
    return sorted(f"{where}: {each}" for where, text in texts.items() for each in STRINGS if each in text)


def files_of(folder: str) -> dict[str, str]:
    return {
        str(path): path.name + path.read_bytes().decode(errors="replace")
        for path in Path(folder).rglob("*")
        if path.is_file()
    }


def test_nothing_of_them_is_found_anywhere(
    person: Customer, lake_house: factories.House, caplog: pytest.LogCaptureFixture,
    django_capture_on_commit_callbacks: Any, browse: factories.Browse,
) -> None:  # fmt: skip
    with within(lake_house.id):
        before = traces_in(everything() | files_of(settings.MEDIA_ROOT))
        tables = {line.split(":")[0] for line in before}
        assert {each for each in tables if each.startswith("rugui_")} >= {
            "rugui_customer", "rugui_identity", "rugui_note", "rugui_consent", "rugui_purchase", "rugui_visit", "rugui_touch",
            "rugui_promise", "rugui_case", "rugui_casetalk", "rugui_nameword", "rugui_movedrow", "rugui_importrun",
            "rugui_rejectedrow", "rugui_idempotentreply",
        }  # fmt: skip
        assert {line.split(": ")[1] for line in before} == set(STRINGS)
    with caplog.at_level(logging.DEBUG), django_capture_on_commit_callbacks(execute=True):
        bob = browse(lake_house, "bob")
        answer = bob.post(reverse("customer-erase", args=[person.public_id]), {"sure": "yes"})
        assert (answer.status_code, answer["Location"]) == (302, "/erasures")
        said = bob.get("/erasures").content.decode() + bob.get("/customers").content.decode()
    with within(lake_house.id):
        texts = (
            everything()
            | files_of(settings.MEDIA_ROOT)
            | {"log": caplog.text, "pages": said, "book": book.path().read_text()}
        )
        assert traces_in(texts) == []


def test_the_books_stay_without_the_name(person: Customer, lake_house: factories.House) -> None:
    with acting(lake_house, "alice") as (alice, moment):
        erase(alice, person, now=moment)
        kept = Purchase.objects.get()
        assert (kept.customer_id, kept.amount, kept.currency, kept.about, kept.external_id) == (
            None,
            1250,
            "EUR",
            "",
            "R-1",
        )


def test_others_keep_what_is_theirs(person: Customer, lake_house: factories.House) -> None:
    with acting(lake_house, "alice") as (alice, moment):
        erase(alice, person, now=moment)
        assert list(Customer.objects.values_list("name", flat=True)) == ["Wen Lin"]
        assert Note.objects.get().text == "comes with …, …"
        assert list(IdempotentReply.objects.values_list("key", flat=True)) == ["other"]
        assert set(NameWord.objects.values_list("word", flat=True)) >= {"wen", "lin"}
        assert list(Key.objects.values_list("kind", flat=True)) == ["api"]


def test_a_proof_stays_and_is_sealed(person: Customer, lake_house: factories.House) -> None:
    with acting(lake_house, "alice") as (alice, moment):
        proof = erase(alice, person, now=moment)
        assert (proof.at, proof.staff_id, len(proof.digest)) == (moment, alice.staff_id, 64)
        assert (proof.counts["customer"], proof.counts["identity"], proof.counts["purchases kept"]) == (
            2,
            2,
            1,
        )
        assert erase(alice, person, now=now()) == proof
        assert Erasure.objects.count() == 1
        kinds = JournalEntry.objects.filter(kind="customer.erased").values_list("customer_id", flat=True)
        assert (len(kinds), person.id in kinds, unbroken()) == (2, True, True)
        Erasure.objects.update(counts={})
        assert not unbroken()


def test_only_who_leads_may_erase(person: Customer, lake_house: factories.House) -> None:
    with acting(lake_house, "carol") as (carol, moment), pytest.raises(NotAllowed):
        erase(carol, person, now=moment)


def test_an_import_that_waits_cannot_bring_them_back(person: Customer, lake_house: factories.House) -> None:
    with acting(lake_house, "alice") as (alice, moment):
        erase(alice, person, now=moment)
        waiting = ImportRun.objects.get()
        assert (waiting.state, waiting.file_name) == ("failed", "….csv")


def test_a_namesake_is_not_struck_out(lake_house: factories.House) -> None:
    with acting(lake_house, "alice") as (alice, moment):
        one, _same, friend = (
            know.add_customer(alice, name=name, identities=[], language="en", region="TW", now=moment)
            for name in ("Anna Schmidt", "Anna Schmidt", "Wen Lin")
        )
        know.add_note(alice, friend, text="sits with Anna Schmidt", now=moment)
        erase(alice, one, now=moment)
        assert Note.objects.get().text == "sits with Anna Schmidt"
        assert set(NameWord.objects.exclude(word="").values_list("word", flat=True)) >= {"anna", "schmidt"}


def test_a_backup_from_before_does_not_bring_them_back(
    person: Customer, lake_house: factories.House, django_capture_on_commit_callbacks: Any
) -> None:
    book.path().unlink(missing_ok=True)
    with acting(lake_house, "alice") as (_alice, moment):
        book.write(
            [public_id("customer", person.id), "a" * 26], moment
        )  # as if the database were from before
    with django_capture_on_commit_callbacks(execute=False):
        assert book.apply_again_in(lake_house.id) == 1
        assert book.apply_again_in(lake_house.id) == 0
    with within(lake_house.id):
        assert Erasure.objects.get().at == moment
    assert config().data_folder == book.path().parent


def test_an_open_card_closes(person: Customer, lake_house: factories.House, browse: factories.Browse) -> None:
    carol = browse(lake_house, "carol")
    address = reverse("customer-parts", args=[person.public_id])
    assert carol.get(address, headers={"HX-Request": "true"}).status_code == 200
    with acting(lake_house, "alice") as (alice, moment):
        erase(alice, person, now=moment)
    answer = carol.get(address, headers={"HX-Request": "true"})
    assert (answer.status_code, answer["HX-Redirect"]) == (204, "/customers")
    assert carol.get(reverse("customer", args=[person.public_id])).status_code == 404
