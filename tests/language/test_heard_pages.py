"""What was heard stands quietly beside each message: in a customer's history and in the thread of a case, set right with one tap."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.test import Client
from django.urls import reverse

from rugui.connect.inbox import Message, receive
from rugui.core.tenancy import within
from rugui.house.access import Actor
from rugui.language.ears.models import HeardMessage
from rugui.recover import actions as recover
from rugui.recover.models import Case
from rugui.serve import actions as serve
from rugui.serve.models import Touch

from .. import factories
from ..desk.help import queries as counted
from ..desk.help import tapped, told
from ..factories import Browse, House
from ..recover.help import acting

pytestmark = pytest.mark.django_db

LEAK = "Water is pouring from the ceiling, come right now, this is unacceptable!"
AGAIN = "The water is still pouring down, this is a disgrace and nobody helps!"
CHIP = 'class="chip is-heard"'


def came(actor: Actor, house: House, text: str, now: datetime) -> Touch:
    return receive(actor, house.place, Message("email", text, [("email", "a@x.example")]), now=now).touch


def with_case(house: House, further: int) -> tuple[Case, list[Touch]]:
    """A case opened from a message, and as many further ones in its thread."""
    with acting(house, "carol") as (actor, now):
        first = came(actor, house, LEAK, now)
        case = recover.open_case(actor, first.customer, house.place, title="A leak", touch=first, now=now)
        rest = [came(actor, house, f"{AGAIN} {number}", now) for number in range(further)]
    return case, [first, *rest]


def page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def history(html: str) -> str:
    return html.split('<ol class="timeline card">')[1].split("</ol>")[0]


def thread(html: str) -> str:
    return html.split('id="part-thread"')[1].split('id="part-')[0]


def test_the_history_says_what_was_heard_and_one_tap_sets_it_right(lake_house: House, browse: Browse) -> None:
    carol = browse(lake_house, "carol")
    with acting(lake_house, "carol") as (actor, now):
        touch = came(actor, lake_house, LEAK, now)
    card = f"/customers/{touch.customer.public_id}"
    before = history(page(carol, card))
    assert f'id="heard-{touch.public_id}-complaint"' in before
    assert "complaint<span" in before
    assert "It is not a complaint" in before
    assert 'hx-vals="{&quot;what&quot;: &quot;complaint&quot;, &quot;answer&quot;: &quot;no&quot;}"' in before
    assert f'href="/messages/{touch.public_id}/heard"' in before
    assert "heard-" + touch.public_id + "-urgency" not in before, "how soon it mattered is over"
    answer = tapped(carol, f"/messages/{touch.public_id}/heard", {"what": "complaint", "answer": "no"})
    assert f"live:customer-{touch.customer.public_id}" in told(answer), "the open card renews itself"
    assert f'id="heard-{touch.public_id}-complaint"' not in history(page(carol, card))
    tapped(carol, told(answer)["toast"]["undo"])
    assert f'id="heard-{touch.public_id}-complaint"' in history(page(carol, card))


def test_who_only_looks_reads_it_and_taps_nothing(lake_house: House, browse: Browse) -> None:
    case, _touches = with_case(lake_house, 1)
    erin = browse(lake_house, "erin")
    for part in (
        history(page(erin, f"/customers/{case.customer.public_id}")),
        thread(page(erin, f"/cases/{case.public_id}")),
    ):
        assert f"<span {CHIP}>" in part
        assert "<button" not in part
        assert "/heard" not in part


def test_what_we_said_and_what_was_not_heard_have_no_chips(lake_house: House, browse: Browse) -> None:
    with acting(lake_house, "carol") as (actor, now):
        customer = factories.customer(lake_house, "Chen")
        serve.record_touch(
            actor,
            customer,
            channel="phone",
            direction="out",
            text="It is broken, sorry!",
            place=lake_house.place,
            now=now,
        )
        touch = serve.record_touch(
            actor, customer, channel="phone", direction="in", text=LEAK, place=lake_house.place, now=now
        )
        HeardMessage.objects.filter(touch_id=touch.id).delete()
    assert "chip" not in history(page(browse(lake_house, "carol"), f"/customers/{customer.public_id}"))


def test_the_thread_of_a_case_says_it_under_each_message_of_theirs(lake_house: House, browse: Browse) -> None:
    case, (first, second) = with_case(lake_house, 1)
    carol = browse(lake_house, "carol")
    said = thread(page(carol, f"/cases/{case.public_id}"))
    for touch in (first, second):
        assert f'id="heard-{touch.public_id}-complaint"' in said
        assert f'href="/messages/{touch.public_id}/heard"' in said
    answer = tapped(carol, f"/messages/{second.public_id}/heard", {"what": "complaint", "answer": "no"})
    (renews,) = {f"live:customer-{case.customer.public_id}"} & set(told(answer))
    assert f"{renews} from:body" in page(carol, f"/cases/{case.public_id}")
    said = thread(page(carol, f"/cases/{case.public_id}"))
    assert f'id="heard-{second.public_id}-complaint"' not in said
    assert f'id="heard-{first.public_id}-complaint"' in said


def test_of_words_that_somebody_else_chose_nothing_was_heard(lake_house: House, browse: Browse) -> None:
    with acting(lake_house, "carol") as (actor, now):
        touch = came(actor, lake_house, LEAK, now)
        case = recover.open_case(
            actor,
            touch.customer,
            lake_house.place,
            title="A leak",
            complaint="They say that water drips.",
            touch=touch,
            now=now,
        )
    assert "chip" not in thread(page(browse(lake_house, "carol"), f"/cases/{case.public_id}"))


def test_the_customer_never_sees_what_we_made_of_their_words(lake_house: House) -> None:
    case, _touches = with_case(lake_house, 1)
    with acting(lake_house, "carol") as (actor, now):
        link = reverse("guest-case", args=[recover.share_link(actor, case, now=now)])
    html = page(Client(), link)
    assert LEAK in html
    assert "is-heard" not in html


def writes_on_their_page(house: House, case: Case, text: str) -> tuple[Touch, str]:
    """The message that the customer left on the page of their case, and the address of the page."""
    with acting(house, "carol") as (actor, now):
        link = reverse("guest-case", args=[recover.share_link(actor, case, now=now)])
    assert Client().post(link, {"text": text}).status_code == 302
    with within(house.id):
        return Touch.objects.get(customer=case.customer, text=text), link


def test_what_they_write_on_the_page_of_their_case_is_heard_too(lake_house: House, browse: Browse) -> None:
    """For colleagues, set right by one tap; on the page itself nothing of it is to be seen."""
    case, _touches = with_case(lake_house, 0)
    touch, link = writes_on_their_page(lake_house, case, AGAIN)
    with within(lake_house.id):
        kept = HeardMessage.objects.get(touch=touch)
    assert (touch.channel, touch.direction, touch.waiting, touch.staff_id) == ("web", "in", False, None)
    assert (kept.language, kept.acts[0]) == ("en", "complaint")
    carol, address = browse(lake_house, "carol"), f"/cases/{case.public_id}"
    assert f'id="heard-{touch.public_id}-complaint"' in thread(page(carol, address))
    assert f'id="heard-{touch.public_id}-complaint"' in history(
        page(carol, f"/customers/{case.customer.public_id}")
    )
    tapped(carol, f"/messages/{touch.public_id}/heard", {"what": "complaint", "answer": "no"})
    assert f'id="heard-{touch.public_id}-complaint"' not in thread(page(carol, address))
    html = page(Client(), link)
    assert AGAIN in html
    assert "is-heard" not in html


def test_how_soon_it_matters_is_said_until_they_have_an_answer(lake_house: House, browse: Browse) -> None:
    case, _touches = with_case(lake_house, 0)
    writes_on_their_page(lake_house, case, LEAK + " Please!")
    carol, address = browse(lake_house, "carol"), f"/cases/{case.public_id}"
    assert "is-pressing" in thread(page(carol, address))
    with acting(lake_house, "carol") as (actor, now):
        recover.write_to_customer(actor, case, text="We are on our way.", now=now)
    assert "is-pressing" not in thread(page(carol, address))


def test_what_is_urgent_in_a_case_rises_on_today(lake_house: House, browse: Browse) -> None:
    cases = []
    with acting(lake_house, "carol") as (actor, now):
        for number in range(4):
            customer = factories.customer(lake_house, f"Guest {number}")
            title = f"Trouble {number}"
            cases.append(
                recover.open_case(actor, customer, lake_house.place, title=title, complaint="Cold.", now=now)
            )
    writes_on_their_page(lake_house, cases[1], "Thank you, that is all right.")
    writes_on_their_page(lake_house, cases[2], LEAK)
    part = page(browse(lake_house, "carol"), "/").split('id="part-cases"')[1].split('id="part-')[0]
    assert part.index("Trouble 2") < part.index("Trouble 1")
    assert part.index("Trouble 2") < part.index("Trouble 3")
    assert part.index("is-pressing") < part.index("Trouble 1")
    with acting(lake_house, "carol") as (actor, now):
        recover.write_to_customer(actor, cases[2], text="We are on our way.", now=now)
    part = page(browse(lake_house, "carol"), "/").split('id="part-cases"')[1].split('id="part-')[0]
    assert "is-pressing" not in part


@pytest.mark.parametrize("many", [1, 3])
def test_the_number_of_queries_does_not_grow(many: int, lake_house: House, browse: Browse) -> None:
    case, touches = with_case(lake_house, many - 1)
    with within(lake_house.id):
        assert HeardMessage.objects.filter(touch__in=touches).count() == many
    carol = browse(lake_house, "carol")
    assert counted(carol, f"/cases/{case.public_id}") == 11
    # of the eleven that a card takes without this, nobody has notes here whose half-lives are read
    assert counted(carol, f"/customers/{case.customer.public_id}") == 11
