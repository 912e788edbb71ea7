"""One line from any page: read as notes, put right by one tap, kept at once."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import translation

from rugui.core.tenancy import within
from rugui.desk.views.capture import kind_and_words
from rugui.house.models import User
from rugui.know import actions as know
from rugui.know.models import Consent, Customer, Note
from rugui.serve import actions as serve

from .. import factories
from ..factories import Browse, House
from .help import HTMX, acting, journal, tapped, told

pytestmark = pytest.mark.django_db
RESULT = {"HX-Target": "capture-result"}


def captured(client: object, customer: Customer, text: str, **more: str) -> str:
    answer = tapped(client, "/capture", {"text": text, "customer": customer.public_id, **more}, **RESULT)  # type: ignore[arg-type]
    assert answer.status_code == 200
    return answer.content.decode()


def kept(house: House) -> list[tuple[str, str, str, int, bool]]:
    with within(house.id):
        return [
            (note.text, note.kind, note.topic, note.polarity, note.standing)
            for note in Note.objects.order_by("id")
        ]


def test_on_a_card_the_line_is_kept_at_once_as_what_it_means(lake_house: House, browse: Browse) -> None:
    customer, carol = factories.customer(lake_house), browse(lake_house, "carol")
    answer = tapped(
        carol, "/capture", {"text": " likes black coffee ", "customer": customer.public_id}, **RESULT
    )
    assert answer.status_code == 200
    assert kept(lake_house) == [("likes black coffee", "preference", "coffee", 1, True)]
    with within(lake_house.id):
        note = Note.objects.get()
        assert (note.source, note.customer_id) == ("said", customer.id)
        assert (note.author_id, note.place_id) == (lake_house.people["carol"].id, lake_house.place.id)
    html = answer.content.decode()
    assert "Noted about Ms Chen:" in html
    assert html.count("<select") == 4
    assert told(answer) == {f"live:customer-{customer.public_id}": None}


@pytest.mark.parametrize(
    ("line", "notes"),
    [
        ("allergic to feathers", [("allergic to feathers", "need", "allergy", -1, True)]),
        (
            "對羽毛過敏，喜歡喝黑咖啡，來度蜜月",
            [
                ("對羽毛過敏", "need", "allergy", -1, True),
                ("喜歡喝黑咖啡", "preference", "coffee", 1, True),
                ("來度蜜月", "goal", "celebration", 0, False),
            ],
        ),
        ("xqzv blorp", [("xqzv blorp", "fact", "", 0, True)]),
    ],
)
def test_one_line_is_one_note_or_three(
    line: str, notes: list[tuple[str, str, str, int, bool]], lake_house: House, browse: Browse
) -> None:
    html = captured(browse(lake_house, "carol"), factories.customer(lake_house), line)
    assert kept(lake_house) == notes
    assert html.count('class="captured-note"') == len(notes)


def test_how_they_are_is_the_mood_of_the_visit(lake_house: House, browse: Browse) -> None:
    captured(browse(lake_house, "carol"), factories.customer(lake_house), "tired, long flight")
    with within(lake_house.id):
        note = Note.objects.get()
        assert (note.text, note.kind, note.value, note.polarity, note.standing) == (
            "tired, long flight", "mood", "tired", -1, False,
        )  # fmt: skip


@pytest.mark.parametrize(
    ("line", "day", "lunar"), [("生日 3月8日", "--03-08", False), ("农历八月十五生日", "--08-15", True)]
)
def test_a_birthday_is_kept_as_its_day(
    line: str, day: str, lunar: bool, lake_house: House, browse: Browse
) -> None:
    html = captured(browse(lake_house, "carol"), factories.customer(lake_house), line)
    with within(lake_house.id):
        note = Note.objects.get()
        assert (note.kind, note.topic, note.happens_on, note.happens_lunar) == (
            "date",
            "birthday",
            day,
            lunar,
        )
    assert 'name="date"' in html


def test_how_to_address_them_goes_to_the_head_of_the_card_with_one_tap(
    lake_house: House, browse: Browse
) -> None:
    customer, carol = factories.customer(lake_house), browse(lake_house, "carol")
    html = captured(carol, customer, "call her Dr. Chen")
    assert 'name="address_as" value="Dr. Chen"' in html
    answer = tapped(carol, "/capture/head", {"customer": customer.public_id, "address_as": "Dr. Chen"})
    assert (answer.status_code, told(answer)["toast"]) == (204, {"text": "At the head of the card."})
    with within(lake_house.id):
        assert Customer.objects.get().address_as == "Dr. Chen"


def test_languages_are_added_to_those_they_speak(lake_house: House, browse: Browse) -> None:
    customer, carol = factories.customer(lake_house), browse(lake_house, "carol")
    assert 'name="languages" value="yue en"' in captured(carol, customer, "speaks Cantonese and English")
    tapped(carol, "/capture/head", {"customer": customer.public_id, "languages": "yue en"})
    tapped(carol, "/capture/head", {"customer": customer.public_id, "languages": "ja en"})
    with within(lake_house.id):
        assert Customer.objects.get().languages == "yue en ja"


def test_the_chips_show_what_will_be_kept_and_keep_nothing(lake_house: House, browse: Browse) -> None:
    customer, carol = factories.customer(lake_house), browse(lake_house, "carol")
    sent = {"text": "table 12 wife hates garlic, birthday 3 Oct", "customer": customer.public_id}
    html = tapped(carol, "/capture/read", sent).content.decode()
    assert html.count('class="understood-note') == 2
    assert '<input type="hidden" name="words-0" value="table 12 wife hates garlic">' in html
    assert [f'name="{name}-0"' in html for name in ("kind", "topic", "polarity", "standing", "person")] == [
        True
    ] * 5
    assert '<option value="food" selected>' in html
    assert '<option value="-1" selected>' in html
    assert "partner" in html
    assert "Table 12" in html
    assert "</span>3 October</span>" in html
    assert kept(lake_house) == []
    assert journal(lake_house) == []


@pytest.mark.parametrize(
    ("language", "line", "remark"),
    [
        ("en", "birthday 31 Feb", "There is no 31 February: left as words"),
        ("zh-hant", "生日2月31日", "沒有2月31日這一天，照原話記下"),
        ("zh-hans", "农历8月31日生日", "没有农历 8/31这一天，照原话记下"),
    ],
)
def test_a_day_that_there_is_not_is_told_and_nothing_is_lost(
    language: str, line: str, remark: str, lake_house: House, browse: Browse
) -> None:
    customer, carol = factories.customer(lake_house), browse(lake_house, "carol")
    User.objects.filter(id=lake_house.people["carol"].user_id).update(language=language)
    sent = {"text": line, "customer": customer.public_id}
    assert remark in tapped(carol, "/capture/read", sent).content.decode()
    assert remark in captured(carol, customer, line)
    with within(lake_house.id):
        assert [(note.text, note.happens_on) for note in Note.objects.all()] == [(line, "")]
    plain = carol.post("/capture", {**sent, "key": str(uuid4())}, follow=True)
    assert remark in plain.content.decode()


def test_the_chips_of_nothing_and_of_an_endless_line_are_none(lake_house: House, browse: Browse) -> None:
    carol = browse(lake_house, "carol")
    assert tapped(carol, "/capture/read", {"text": " "}).content == b""
    assert tapped(carol, "/capture/read", {"text": "x" * 501}).content == b""


def test_what_was_put_right_before_sending_is_kept_so(lake_house: House, browse: Browse) -> None:
    customer, carol = factories.customer(lake_house), browse(lake_house, "carol")
    line = "birthday 3 Oct, likes tea"
    chips = {"words-0": "birthday 3 Oct", "kind-0": "fact", "date-0": "", "standing-0": "0"}
    chips |= {"words-1": "likes tea", "topic-1": "coffee", "polarity-1": "-1"}
    captured(carol, customer, line, **chips)
    assert kept(lake_house) == [
        ("birthday 3 Oct", "fact", "birthday", 0, False),
        ("likes tea", "preference", "coffee", -1, True),
    ]
    with within(lake_house.id):
        assert list(Note.objects.values_list("happens_on", flat=True)) == ["", ""]


def test_a_choice_made_for_other_words_is_let_go(lake_house: House, browse: Browse) -> None:
    chips = {"words-0": "likes te", "kind-0": "need"}
    captured(browse(lake_house, "carol"), factories.customer(lake_house), "likes tea", **chips)
    assert kept(lake_house) == [("likes tea", "preference", "tea", 1, True)]


def test_nonsense_in_a_choice_is_let_go(lake_house: House, browse: Browse) -> None:
    chips = {"words-0": "likes tea", "kind-0": "zq", "polarity-0": "9", "standing-0": "x"}
    captured(browse(lake_house, "carol"), factories.customer(lake_house), "likes tea", **chips)
    assert kept(lake_house) == [("likes tea", "preference", "tea", 1, True)]


def test_one_tap_corrects_and_another_takes_the_note_back(lake_house: House, browse: Browse) -> None:
    customer, carol = factories.customer(lake_house), browse(lake_house, "carol")
    captured(carol, customer, "her usual corner, wife Amy")
    with within(lake_house.id):
        note = Note.objects.first()
        assert note is not None
    answer = tapped(
        carol, f"/capture/notes/{note.public_id}", {"kind": "need", "topic": "noise", "polarity": "1"}
    )
    assert '<option value="noise" selected>' in answer.content.decode()
    assert told(answer) == {f"live:customer-{customer.public_id}": None}
    tapped(carol, f"/capture/notes/{note.public_id}", {"person": "", "standing": "0", "topic": "other"})
    assert kept(lake_house)[0] == ("her usual corner", "need", "", 1, False)
    taken = tapped(carol, f"/notes/{note.public_id}/withdraw")
    assert told(taken)["toast"] == {"text": "Taken off the card.", "undo": f"/notes/{note.public_id}/restore"}


def test_what_needs_consent_is_asked_first_and_the_rest_is_kept(lake_house: House, browse: Browse) -> None:
    customer, carol = factories.customer(lake_house), browse(lake_house, "carol")
    html = captured(carol, customer, "likes tea, diabetic")
    assert kept(lake_house) == [("likes tea", "preference", "tea", 1, True)]
    assert "Not kept yet (Health): only if they agree." in html
    sent = {"customer": customer.public_id, "text": "diabetic", "kind": "need", "topic": "health"}
    answer = tapped(
        carol, "/capture/agreed", {**sent, "polarity": "0", "standing": "1", "sensitive": "health"}
    )
    assert answer.status_code == 200
    assert kept(lake_house)[1] == ("diabetic", "need", "health", 0, True)
    with within(lake_house.id):
        consent = Consent.objects.get()
        assert (consent.sensitive, consent.how, consent.language) == ("health", "spoken", "en")
        assert Note.objects.latest("id").consent_id == consent.id


def test_for_a_child_it_asks_which_parent_agrees(lake_house: House, browse: Browse) -> None:
    customer, carol = factories.customer(lake_house), browse(lake_house, "carol")
    html = captured(carol, customer, "son Leo, 6")
    assert 'name="given_by" value="Ms Chen"' in html
    sent = {"customer": customer.public_id, "text": "son Leo, 6", "kind": "person", "sensitive": "minors"}
    sent |= {"person": "Leo", "relation": "child", "topic": "child"}
    assert tapped(carol, "/capture/agreed", sent).status_code == 422
    assert tapped(carol, "/capture/agreed", {**sent, "given_by": "Ms Chen"}).status_code == 200
    with within(lake_house.id):
        assert (Note.objects.get().person, Consent.objects.get().given_by) == ("Leo", "Ms Chen")


def test_that_it_is_not_sensitive_after_all_is_one_choice(lake_house: House, browse: Browse) -> None:
    chips = {"words-0": "wealthy of spirit", "sensitive-0": ""}
    captured(browse(lake_house, "carol"), factories.customer(lake_house), "wealthy of spirit", **chips)
    assert [text for text, *_rest in kept(lake_house)] == ["wealthy of spirit"]


def test_elsewhere_it_asks_whom_the_line_is_about(lake_house: House, browse: Browse) -> None:
    with acting(lake_house, "carol") as (actor, now):
        here, coming, away = (
            know.add_customer(actor, name=name, region="TW", now=now)
            for name in ("Mrs Here", "Mr Coming", "Ms Away")
        )
        arrived = serve.expect_visit(actor, here, lake_house.place, expected_at=now, now=now)
        serve.arrive(actor, arrived, now=now)
        serve.expect_visit(actor, coming, lake_house.place, expected_at=now + timedelta(seconds=1), now=now)
    carol = browse(lake_house, "carol")
    html = tapped(carol, "/capture", {"text": 'wants "quiet"'}).content.decode()
    assert html.index("Mrs Here") < html.index("Mr Coming")
    assert "Ms Away" not in html
    assert "&quot;text&quot;: &quot;wants \\&quot;quiet\\&quot;&quot;" in html
    people = carol.get("/capture/people", {"who": "awa", "text": "wants quiet"}, headers=HTMX)
    assert away.public_id in people.content.decode()
    assert kept(lake_house) == []


@pytest.mark.parametrize("many", [1, 3])
def test_it_offers_one_person_or_three(many: int, lake_house: House, browse: Browse) -> None:
    with acting(lake_house, "carol") as (actor, now):
        for number in range(many):
            customer = factories.customer(lake_house, f"Guest {number}")
            serve.expect_visit(actor, customer, lake_house.place, expected_at=now, now=now)
    html = tapped(browse(lake_house, "carol"), "/capture", {"text": "x"}).content.decode()
    assert html.count('hx-target="#capture-result"') == many


def test_an_empty_or_endless_line_is_refused_in_words(lake_house: House, browse: Browse) -> None:
    carol = browse(lake_house, "carol")
    empty = tapped(carol, "/capture", {"text": "  "})
    assert (empty.status_code, "Please fill this in." in empty.content.decode()) == (422, True)
    assert tapped(carol, "/capture", {"text": "x" * 501}).status_code == 422


def test_without_scripts_it_leads_to_the_card(lake_house: House, browse: Browse) -> None:
    customer = factories.customer(lake_house)
    answer = browse(lake_house, "carol").post("/capture", {"text": "x", "customer": customer.public_id})
    assert (answer.status_code, answer["Location"]) == (302, f"/customers/{customer.public_id}")


def test_without_scripts_whom_it_is_about_is_a_form_that_keeps_the_choices(
    lake_house: House, browse: Browse
) -> None:
    with acting(lake_house, "carol") as (actor, now):
        customer = factories.customer(lake_house)
        serve.expect_visit(actor, customer, lake_house.place, expected_at=now, now=now)
    html = browse(lake_house, "carol").post("/capture", {"text": "tea", "kind-0": "wish"}).content.decode()
    assert f'<button class="button" name="customer" value="{customer.public_id}">' in html
    assert '<input type="hidden" name="kind-0" value="wish">' in html


def test_without_scripts_consent_is_asked_on_a_page_of_its_own(lake_house: House, browse: Browse) -> None:
    customer, carol = factories.customer(lake_house), browse(lake_house, "carol")
    html = carol.post("/capture", {"text": "diabetic", "customer": customer.public_id}).content.decode()
    assert '<form method="post" action="/capture/agreed"' in html
    sent = {"customer": customer.public_id, "text": "diabetic", "kind": "need", "sensitive": "health"}
    answer = carol.post("/capture/agreed", sent)
    assert (answer.status_code, answer["Location"]) == (302, f"/customers/{customer.public_id}")


def test_an_analyst_captures_nothing(lake_house: House, browse: Browse) -> None:
    customer, erin = factories.customer(lake_house), browse(lake_house, "erin")
    for address in ("/capture", "/capture/read", "/capture/agreed"):
        answer = tapped(erin, address, {"text": "x", "customer": customer.public_id, "sensitive": "health"})
        assert answer.status_code == 403
    assert kept(lake_house) == []


@pytest.mark.parametrize(
    ("line", "kind", "words"),
    [
        ("need: feathers", "need", "feathers"),
        ("Mood： tired", "mood", "tired"),
        ("likes tea: hot", None, "likes tea: hot"),
        ("need:", None, "need:"),
        ("goal:see her daughter: graduate", "goal", "see her daughter: graduate"),
    ],
)
def test_a_line_may_begin_with_its_kind(line: str, kind: str | None, words: str) -> None:
    with translation.override("en"):
        assert kind_and_words(line) == (kind, words)


def test_a_line_with_its_kind_is_one_note_word_for_word(lake_house: House, browse: Browse) -> None:
    captured(browse(lake_house, "carol"), factories.customer(lake_house), "need: quiet, and tea at six")
    assert [(text, kind) for text, kind, *_rest in kept(lake_house)] == [("quiet, and tea at six", "need")]


def test_the_words_for_topics_are_those_of_the_reader() -> None:
    from rugui.desk.topics import TOPICS
    from rugui.engines.capture import topics

    assert list(TOPICS) == list(topics())
