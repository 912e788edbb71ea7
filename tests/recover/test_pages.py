"""The house's side of recovery: the list, opening a case, and the page on which it is put right."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from rugui.core.ids import public_id
from rugui.core.tenancy import within
from rugui.know.models import Note
from rugui.promise.models import Promise, Ring
from rugui.recover import access, actions, queries
from rugui.recover.models import Case, CaseMessage, CaseTalk
from rugui.serve.actions import record_touch

from .. import factories
from .help import HX, acting, again, journal, opened, text
from .help import queries as count_queries

pytestmark = pytest.mark.django_db

VERBS = ("say", "talk", "review", "document", "take", "link", "link-end", "close", "close-undo", "reopen")
FINDINGS = {
    "document-element": "product",
    "document-failure": "heating",
    "document-where": "room 7",
    "document-lesson": "Check the valve at turn-down.",
    "document-about_customer": "likes it warm",
    "document-about_customer_kind": "preference",
    "document-seen": "",
}


def at(name: str, case: Case) -> str:
    return reverse(name, args=[case.id])


def said(house: factories.House) -> list[tuple[str, str]]:
    with within(house.id):
        return list(CaseMessage.objects.order_by("id").values_list("kind", "text"))


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_needs_as_many_queries_for_many_as_for_one(
    lake_house: factories.House, browse: factories.Browse, count: int
) -> None:
    for number in range(count):
        opened(lake_house, factories.customer(lake_house, f"Guest {number}"))
    client = browse(lake_house, "carol")
    assert client.get(reverse("cases")).content.decode().count('class="row case-row"') == count
    assert count_queries(client, reverse("cases")) == 6


@pytest.mark.parametrize("count", [1, 3])
def test_a_case_needs_as_many_queries_for_much_talk_as_for_little(
    lake_house: factories.House, browse: factories.Browse, count: int
) -> None:
    case, client = opened(lake_house), browse(lake_house, "carol")
    with acting(lake_house, "carol") as (carol, moment):
        for number in range(count):
            actions.apologise(carol, case, text=f"Sorry {number}", now=moment)
            actions.talk(carol, case, text=f"Between us {number}", now=moment)
    assert count_queries(client, at("case", case)) == 10


def test_the_list_has_a_page_for_each_state_and_turns_it(
    lake_house: factories.House, browse: factories.Browse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rugui.recover.views.listing.PAGE", 2)
    cases = [
        opened(lake_house, factories.customer(lake_house, f"Guest {number}"), title=f"Case {number}")
        for number in range(3)
    ]
    with acting(lake_house, "carol") as (carol, moment):
        actions.solve(carol, cases[0], text="Done.", now=moment)
    client = browse(lake_house, "carol")

    def shown(query: str) -> list[str]:
        return [row["title"] for row in client.get(reverse("cases") + query).context["rows"]]

    assert shown("") == ["Case 2", "Case 1"]
    assert shown("?state=solved") == ["Case 0"]
    assert shown("?state=closed") == []
    assert shown("?state=all") == ["Case 2", "Case 1"]
    assert shown(f"?state=all&before={cases[1].public_id}") == ["Case 0"]


def test_it_is_opened_from_a_card_once_however_often_the_form_is_sent(
    lake_house: factories.House, browse: factories.Browse
) -> None:
    customer, client = factories.customer(lake_house, language="zh-hant"), browse(lake_house, "carol")
    address = reverse("case-open", args=[customer.id])
    assert client.get(address).context["form"].initial["language"] == "zh-hant"
    fields = {"title": "Room cold", "complaint": "I am cold.", "language": "zh-hant"}
    first, second = client.post(address, fields), client.post(address, fields)
    assert first.url == second.url
    with within(lake_house.id):
        case = Case.objects.get()
    assert (case.title, case.language, case.owner_id) == (
        "Room cold",
        "zh-hant",
        lake_house.people["carol"].id,
    )
    assert said(lake_house) == [("complaint", "I am cold.")]
    refused = client.post(address, {"title": "", "language": "en"})
    assert refused.status_code == 422


def test_it_is_opened_from_a_message_that_waits(
    lake_house: factories.House, browse: factories.Browse
) -> None:
    customer = factories.customer(lake_house)
    with acting(lake_house, "carol") as (carol, moment):
        touch = record_touch(
            carol,
            customer,
            channel="email",
            direction="in",
            text="Cold!",
            place=lake_house.place,
            now=moment,
            waiting=True,
        )
    client = browse(lake_house, "carol")
    address = reverse("case-open-touch", args=[touch.id])
    assert client.get(address).context["form"].initial["complaint"] == "Cold!"
    client.post(address, {"title": "Cold", "complaint": "Cold!", "language": "en"})
    assert again(lake_house, touch).waiting is False
    with within(lake_house.id):
        assert Case.objects.get().touch_id == touch.id
    assert browse(lake_house, "dan").get(address).status_code == 404


def test_the_page_shows_clock_steps_words_and_talk_and_journals_the_look(
    lake_house: factories.House, browse: factories.Browse
) -> None:
    case, client = opened(lake_house), browse(lake_house, "carol")
    page = client.get(at("case", case))
    words = text(page)
    for expected in (
        "Report or solve by",
        "Apologise",
        "Review together",
        "Fix and report",
        "Document",
        "I am cold.",
    ):
        assert expected in words
    assert 'data-state="open"' in page.content.decode()
    assert journal(lake_house)[-1] == "card.viewed"
    client.get(at("case", case), headers=HX)
    assert journal(lake_house).count("card.viewed") == 1


def test_a_broken_clock_is_still_owed_and_says_who_knows(
    lake_house: factories.House, browse: factories.Browse
) -> None:
    case, client = opened(lake_house), browse(lake_house, "carol")
    with within(lake_house.id):
        clock = queries.owed(case.id)[0]
        Promise.objects.update(state="broken", ring_at=None)
        told = [lake_house.people["carol"].id, lake_house.people["bob"].id]
        Ring.objects.create(
            organization=lake_house.organization, promise=clock, kind="due", at=clock.due_at, told=told
        )
    words = text(client.get(at("case", case)))
    assert "It is still owed. Carol and Bob have been told." in words
    assert "Carol and Bob have been told." in text(client.get(reverse("cases")))
    client.post(at("case-say", case), {"text": "Sorry, late.", "kind": "report", "clock": clock.public_id})
    assert again(lake_house, clock).settled_at is not None
    assert "Report or solve by" in text(client.get(at("case", case)))


@pytest.mark.parametrize(
    ("kind", "step", "state"),
    [
        ("apology", "apologise", "open"),
        ("report", None, "open"),
        ("solution", "fix", "solved"),
        ("message", None, "open"),
    ],
)
def test_what_is_said_to_the_customer_walks_its_step(
    lake_house: factories.House, browse: factories.Browse, kind: str, step: str | None, state: str
) -> None:
    case, client = opened(lake_house), browse(lake_house, "carol")
    response = client.post(at("case-say", case), {"text": "Words.", "kind": kind}, headers=HX)
    assert response.status_code == 204
    assert said(lake_house)[-1] == (kind, "Words.")
    with within(lake_house.id):
        walked = set(queries.steps(case.id)) - {"follow_up"}  # planned by itself once it is solved
        assert walked == ({step} if step else set())
    assert again(lake_house, case).state == state


def test_a_report_on_a_clock_that_is_over_is_refused_and_nothing_is_said(
    lake_house: factories.House, browse: factories.Browse
) -> None:
    case, client = opened(lake_house), browse(lake_house, "carol")
    with within(lake_house.id):
        seen = queries.owed(case.id)[0].public_id
    fields = {"text": "On it.", "kind": "report", "clock": seen}
    assert client.post(at("case-say", case), fields, headers=HX).status_code == 204
    refused = client.post(at("case-say", case), {**fields, "text": "Me too."}, headers=HX)
    assert refused.status_code == 409
    assert "Somebody else reported a moment ago." in text(refused)
    assert client.post(at("case-say", case), {**fields, "clock": "nonsense"}).status_code == 409
    assert said(lake_house)[1:] == [("report", "On it.")]


def test_what_is_refused_keeps_what_was_typed(lake_house: factories.House, browse: factories.Browse) -> None:
    case, client = opened(lake_house), browse(lake_house, "carol")
    long = "x" * 4001
    response = client.post(at("case-say", case), {"text": long, "kind": "message"})
    assert response.status_code == 422
    assert long in response.content.decode()
    part = client.post(at("case-say", case), {"text": "", "kind": "message"}, headers=HX)
    assert (part.status_code, text(part)) == (422, "Please fill this in.")
    assert said(lake_house) == [("complaint", "I am cold.")]


def test_talk_among_colleagues_stays_there(lake_house: factories.House, browse: factories.Browse) -> None:
    case, client = opened(lake_house), browse(lake_house, "carol")
    client.post(at("case-talk", case), {"text": "The valve again."})
    page = client.get(at("case", case)).content.decode()
    thread = page[page.index('id="part-thread"') : page.index('id="part-say"')]
    assert "The valve again." not in thread
    assert "The valve again." in page[page.index('id="part-talk"') :]
    assert said(lake_house) == [("complaint", "I am cold.")]


def test_the_whole_walk_to_closing(lake_house: factories.House, browse: factories.Browse) -> None:
    case, client = opened(lake_house), browse(lake_house, "carol")
    early = client.post(at("case-close", case), headers=HX)
    assert (early.status_code, text(early)) == (
        422,
        "Still to do: Apologise, Review together, Fix and report, The extra, Document, Share, Follow up.",
    )
    client.post(at("case-say", case), {"text": "Sorry.", "kind": "apology"})
    client.post(at("case-review", case), {"review-text": "Wants quiet.", "review-seen": ""})
    client.post(at("case-say", case), {"text": "Warm now.", "kind": "solution"})
    client.post(at("case-delight", case), {"delight-text": "A blanket to keep.", "delight-seen": ""})
    client.post(at("case-document", case), FINDINGS)
    assert "Wants quiet." in text(client.get(at("case", case)))
    closed = client.post(at("case-close", case), headers=HX)
    assert json.loads(closed["HX-Trigger"])["toast"]["undo"] == at("case-close-undo", case)
    assert again(lake_house, case).state == "closed"
    client.post(at("case-close-undo", case), headers=HX)
    assert again(lake_house, case).state == "solved"
    client.post(at("case-reopen", case), headers=HX)
    assert again(lake_house, case).state == "open"
    with within(lake_house.id):
        assert list(Note.objects.values_list("text", flat=True)) == ["likes it warm"]


def test_a_step_form_stays_and_remembers_what_it_wrote(
    lake_house: factories.House, browse: factories.Browse
) -> None:
    case, client = opened(lake_house), browse(lake_house, "carol")
    first = client.post(at("case-review", case), {"review-text": "Quiet.", "review-seen": ""}, headers=HX)
    assert (first.status_code, first["HX-Reswap"]) == (200, "none")
    with within(lake_house.id):
        mark = actions.step_mark(queries.steps(case.id)["review"])
    assert f'value="{mark}"' in first.content.decode()
    fields = {"review-text": "Quiet, warm.", "review-seen": mark}
    assert client.post(at("case-review", case), fields, headers=HX).status_code == 200
    stale = client.post(at("case-review", case), {**fields, "review-text": "A suite."}, headers=HX)
    assert stale.status_code == 409
    assert "Quiet, warm." in client.get(at("case-review", case), headers=HX).content.decode()
    assert 'id="document-form"' in client.get(at("case-document", case)).content.decode()
    empty = client.post(at("case-document", case), {**FINDINGS, "document-failure": ""}, headers=HX)
    assert empty.status_code == 422
    assert 'id="document-form"' in empty.content.decode()


def test_it_is_taken_over_only_from_whom_the_page_said(
    lake_house: factories.House, browse: factories.Browse
) -> None:
    case, bob = opened(lake_house), browse(lake_house, "bob")
    assert "take it over" in text(bob.get(at("case", case)))
    assert bob.post(at("case-take", case), {"from": ""}).status_code == 409
    bob.post(at("case-take", case), {"from": public_id("staff", lake_house.people["carol"].id)})
    assert again(lake_house, case).owner_id == lake_house.people["bob"].id
    assert "take it over" not in text(bob.get(at("case", case)))


def test_the_link_is_shown_once_with_a_picture_and_can_be_ended(
    lake_house: factories.House, browse: factories.Browse
) -> None:
    case, client = opened(lake_house), browse(lake_house, "carol")
    made = client.post(at("case-link", case), headers=HX).content.decode()
    assert "<svg" in made
    secret = made.split("/c/")[1].split('"')[0]
    with acting(lake_house, "carol") as (_carol, moment):
        pass
    assert access.guest(secret, now=moment).case_id == case.id
    assert secret not in client.get(at("case", case)).content.decode()
    assert "End the link" in text(client.get(at("case", case)))
    client.post(at("case-link-end", case))
    with pytest.raises(access.NotFound):
        access.guest(secret, now=moment + timedelta(seconds=1))
    whole = client.post(at("case-link", case))
    assert whole.status_code == 200
    assert "Shown only now." in text(whole)


def test_open_pages_get_only_the_parts_that_changed(
    lake_house: factories.House, browse: factories.Browse
) -> None:
    case, client = opened(lake_house), browse(lake_house, "carol")
    page = client.get(at("case", case)).content.decode()
    marks = {
        name: page.split(f'name="{name}" value="')[1][:16]
        for name in ("head", "now", "thread", "say", "talk", "end")
    }
    assert client.get(at("case", case), marks, headers=HX).content == b""
    client.post(at("case-talk", case), {"text": "Hm."})
    part = client.get(at("case", case), marks, headers=HX).content.decode()
    assert [name for name in marks if f'id="part-{name}"' in part] == ["talk"]
    assert "textarea" not in part


@pytest.mark.parametrize(("name", "status"), [("erin", 403), ("dan", 404)])
def test_who_may_not_change_it(
    lake_house: factories.House, browse: factories.Browse, name: str, status: int
) -> None:
    case, client = opened(lake_house), browse(lake_house, name)
    before = journal(lake_house)
    fields: dict[str, Any] = {"text": "x", "kind": "report", "review-text": "x", **FINDINGS}
    for verb in VERBS:
        assert (verb, client.post(at(f"case-{verb}", case), fields).status_code) == (verb, status)
    assert client.get(reverse("case-open", args=[case.customer_id])).status_code == (
        403 if name == "erin" else 200
    )
    assert journal(lake_house) == before
    for form in ("case-review", "case-document"):
        assert client.get(at(form, case)).status_code == status
    page = client.get(at("case", case))
    assert page.status_code == (200 if name == "erin" else 404)
    assert b"<textarea" not in page.content


def test_another_house_sees_nothing_and_a_stranger_is_asked_to_sign_in(
    lake_house: factories.House, other_house: factories.House, browse: factories.Browse, client: Client
) -> None:
    case, mallory = opened(lake_house), browse(other_house, "mallory")
    for verb in VERBS:
        assert mallory.post(at(f"case-{verb}", case), {"text": "x"}).status_code == 404
        assert client.post(at(f"case-{verb}", case)).status_code == 302
    assert mallory.get(at("case", case)).status_code == 404
    assert mallory.get(reverse("case-open", args=[case.customer_id])).status_code == 404
    assert "Room cold" not in text(mallory.get(reverse("cases") + "?state=all"))
    with within(lake_house.id):
        assert CaseTalk.objects.count() == 0


@pytest.mark.parametrize("name", ["alice", "bob", "carol"])
def test_who_serves_there_may(lake_house: factories.House, browse: factories.Browse, name: str) -> None:
    case, client = opened(lake_house), browse(lake_house, name)
    assert client.post(at("case-say", case), {"text": "Hello.", "kind": "message"}).status_code == 302
    assert said(lake_house)[-1] == ("message", "Hello.")
