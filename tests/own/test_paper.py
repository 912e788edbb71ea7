"""All that is held of a customer as a PDF: their own words, in any script, in their language; and who may hand it out."""

from __future__ import annotations

import base64
import re
import zlib

import pytest
from django.urls import reverse
from django.utils import translation

from rugui.core.models import JournalEntry
from rugui.core.tenancy import within
from rugui.core.time import now
from rugui.know import actions as know
from rugui.know.models import Customer
from rugui.own import actions, fonts, paper, queries
from rugui.own.access import Owner, as_owner

from .. import factories
from ..recover.help import acting

pytestmark = pytest.mark.django_db
_STREAM = re.compile(rb"stream\r?\n(.*?)endstream", re.DOTALL)
_SHOWN = re.compile(rb"\(((?:[^()\\]|\\.)*)\) Tj", re.DOTALL)


@pytest.fixture
def chen(lake_house: factories.House) -> Customer:
    with acting(lake_house, "carol") as (carol, moment):
        made = know.add_customer(
            carol, name="陳玉婷", address_as="Zoë 陈", region="TW", language="zh-hant", now=moment
        )
        know.add_note(carol, made, text="羽毛枕頭 — no feathers\n第二行", kind="need", now=moment)
        know.add_note(carol, made, text="カラオケ 좋아요", kind="preference", now=moment)
        know.add_note(carol, made, text="zzkeepzz", now=moment, about=know.About(discretion="keeper"))
    return made


def document(house: factories.House, customer: Customer, language: str) -> bytes:
    assert customer.public_id  # reads the installation's key, as whoever lets them in does
    with as_owner(Owner(house.id, customer.id)):
        found = queries.held(customer.id)
    with translation.override(language):
        return paper.pdf(found, now=now())


def chinese_in(pdf: bytes) -> str:
    """What is shown in the fonts that readers bring along: UTF-16 in the page's own stream."""
    found = []
    for stream in _STREAM.findall(pdf):
        try:
            page = zlib.decompress(base64.a85decode(stream.strip().removesuffix(b"~>")))
        except (ValueError, zlib.error):
            continue
        for shown in _SHOWN.findall(page):
            raw = re.sub(rb"\\([0-7]{3}|.)", lambda each: _unescaped(each[1]), shown, flags=re.DOTALL)
            found.append(raw.decode("utf-16-be", "ignore") if len(raw) % 2 == 0 else "")
    return "".join(found)


def _unescaped(text: bytes) -> bytes:
    named = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}
    return bytes([int(text, 8)]) if len(text) == 3 else named.get(text, text)


def without_fonts_of_the_system(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "_system_fonts", dict)
    fonts.faces.cache_clear()


def test_it_holds_every_script_and_embeds_its_letters(
    chen: Customer, lake_house: factories.House, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_fonts_of_the_system(monkeypatch)
    pdf = document(lake_house, chen, "zh-hant")
    fonts.faces.cache_clear()
    assert pdf.startswith(b"%PDF-")
    assert b"/FontFile2" in pdf
    assert b"/Lang (zh-Hant)" in pdf
    shown = chinese_in(pdf)
    for words in ("陳玉婷", "陈", "羽毛枕頭", "第二行", "カラオケ", "좋아요"):
        assert words in shown


@pytest.mark.parametrize("language", ["en", "zh-hant", "zh-hans"])
def test_its_text_can_be_searched_and_copied(
    language: str, chen: Customer, lake_house: factories.House, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_fonts_of_the_system(monkeypatch)
    with acting(lake_house, "carol") as (carol, moment):
        know.add_note(carol, chen, text="对羽绒过敏，欧阳女士", kind="need", now=moment)
    pdf = document(lake_house, chen, language)
    fonts.faces.cache_clear()
    objects = re.findall(rb"\d+ 0 obj(.*?)endobj", pdf, re.DOTALL)
    found = [each for each in objects if re.search(rb"/Subtype /(?:Type0|TrueType)\b", each)]
    assert len(found) >= 3  # Latin, 繁體, 简体
    for font in found:
        assert b"/ToUnicode" in font or re.search(rb"/Encoding /Uni(?:CNS|GB|JIS|KS)-UCS2-H", font), font
    shown = chinese_in(pdf)
    for words in ("陳玉婷", "羽毛枕頭", "对羽绒过敏", "欧阳女士"):
        assert words in shown


@pytest.mark.parametrize("language", ["en", "zh-hant", "zh-hans"])
def test_every_character_of_the_page_has_a_font(language: str) -> None:
    faces = fonts.faces(language)
    for (
        character
    ) in "Zoë Łukasz Ελλάδα Привет 陳玉婷 陈玉婷 欧阳翡翠 カラオケ 좋아요 NT$350 “…” · — ，。「」？":
        assert character == " " or any(face.draws(character) for face in faces), character
    assert fonts.marked("a<b>&陳", language).startswith('<font name="Latin">a&lt;b&gt;&amp;</font><font')


def test_markup_in_what_people_wrote_is_only_text(lake_house: factories.House) -> None:
    with acting(lake_house, "carol") as (carol, moment):
        made = know.add_customer(carol, name="<b>x</b> & <img src='y'/>", region="TW", now=moment)
    assert document(lake_house, made, "en").startswith(b"%PDF-")


def test_a_long_record_goes_on_over_pages(chen: Customer, lake_house: factories.House) -> None:
    with acting(lake_house, "carol") as (carol, moment):
        for number in range(120):
            know.add_note(carol, chen, text=f"note {number} " + "很長的一句話" * 30, now=moment)
    assert document(lake_house, chen, "zh-hant").count(b"/Type /Page\n") > 5


def test_the_customer_takes_it_from_their_own_page(
    chen: Customer, lake_house: factories.House, client
) -> None:  # type: ignore[no-untyped-def]
    with acting(lake_house, "carol") as (carol, moment):
        secret = actions.share_link(carol, chen, now=moment)
    page = client.get(reverse("own", args=[secret])).content.decode()
    assert reverse("own-export-pdf", args=[secret]) in page
    answer = client.get(reverse("own-export-pdf", args=[secret]))
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert answer["Cache-Control"] == "private, no-store"
    assert client.get(reverse("own-export-pdf", args=["a" * 43])).status_code == 404


@pytest.mark.parametrize("wanted", ["pdf", "json"])
def test_who_leads_the_whole_house_hands_it_out_without_what_colleagues_keep_to_themselves(
    wanted: str, chen: Customer, lake_house: factories.House, browse: factories.Browse
) -> None:
    with acting(lake_house, "alice") as (alice, moment):
        know.add_note(alice, chen, text="zzminezz", now=moment, about=know.About(discretion="keeper"))
    address = reverse("customer-export", args=[chen.public_id])
    answer = browse(lake_house, "alice").post(address, {"as": wanted})
    assert answer.status_code == 200
    assert answer["Content-Disposition"] == f'attachment; filename="held.{wanted}"'
    if wanted == "json":
        text = answer.content.decode()
        assert "zzkeepzz" not in text
        assert "zzminezz" in text
    with within(lake_house.id):
        assert JournalEntry.objects.filter(kind="customer.exported", customer_id=chen.id).count() == 1
    for name in ("bob", "carol"):
        assert browse(lake_house, name).post(address, {"as": wanted}).status_code == 403


def test_the_page_says_how_long_each_thing_is_kept(
    chen: Customer, lake_house: factories.House, client
) -> None:  # type: ignore[no-untyped-def]
    from rugui.own import keeping

    with acting(lake_house, "alice") as (alice, moment):
        keeping.decide(alice, "visit", months=60, basis="contract", why="", seen=None, now=moment)
        keeping.decide(
            alice, "note", months=12, basis="interest", why="So that you feel at home.", seen=None, now=moment
        )
    with acting(lake_house, "carol") as (carol, moment):
        secret = actions.share_link(carol, chen, now=moment)
    page = client.get(reverse("own", args=[secret]) + "?language=en").content.decode()
    assert "Kept for 60 months · to do what you asked us for" in page
    assert page.count("Kept until") == 2
    exported = client.get(reverse("own-export", args=[secret])).json()
    assert exported["kept"]["note"] == {"months": 12, "basis": "interest", "why": "So that you feel at home."}
