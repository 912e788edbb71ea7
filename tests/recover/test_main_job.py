"""The main job through the actions: a complaint arrives, is recognised, walked through, and told tomorrow."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError

from rugui.connect.inbox import Message, receive
from rugui.core.errors import InputError, NotFound
from rugui.core.models import JournalEntry
from rugui.core.tenancy import within
from rugui.desk.queries import card, today
from rugui.know import actions as know
from rugui.know.models import Note
from rugui.promise.models import Promise
from rugui.recover import access, actions, queries
from rugui.recover.models import Case, CaseTalk
from rugui.team.queries import line_up

from .. import factories
from ..factories import NOON

pytestmark = pytest.mark.django_db


def test_a_complaint_is_walked_from_the_door_to_the_line_up(lake_house: factories.House) -> None:
    carol = lake_house.actor("carol")
    place = lake_house.place
    with within(lake_house.id):
        chen = know.add_customer(
            carol,
            name="陳玉婷",
            identities=[know.GivenIdentity("phone", "0912 345 678")],
            region="TW",
            now=NOON,
        )
        message = Message(
            "phone", "房間很冷", [("phone", "+886 912-345-678")], complaint=True, language="zh-hant"
        )
        received = receive(carol, place, message, now=NOON)
        assert received.customer == chen
        assert not received.new_customer
        case = received.case
        assert case is not None
        clock = queries.clocks([case])[case.id]
        assert clock.due_at == NOON + timedelta(minutes=20)
        assert clock.warn_at == NOON + timedelta(minutes=15)
        assert today(carol, place, now=NOON).cases == [case]

        later = NOON + timedelta(minutes=12)
        actions.apologise(carol, case, text="對不起，是我們的錯。", now=later)
        actions.review_together(carol, case, text="Wants quiet and warmth.", now=later)
        renewed = actions.report_progress(carol, case, text="暖氣師傅在路上。", now=later)
        assert renewed.due_at == later + timedelta(minutes=20)
        assert Promise.objects.get(id=clock.id).state == "kept"
        actions.talk(carol, case, text="She is VIP, hurry", now=later)
        secret = actions.share_link(carol, case, now=later)

    guest = access.guest(secret, now=later)
    with access.as_guest(guest):
        page = queries.guest_page(guest.case_id, now=later)
        assert [message.text for message in page.messages] == [
            "房間很冷",
            "對不起，是我們的錯。",
            "暖氣師傅在路上。",
        ]
        assert page.promise is not None
        assert page.promise.due_at == renewed.due_at
        assert page.house == "Lake House"
    with within(lake_house.id):
        actions.customer_writes(guest.actor, case, text="謝謝", now=later)
        actions.solve(carol, case, text="換到 12 號房，已經暖了。", now=later)
        with pytest.raises(InputError, match="Document"):
            actions.close(carol, case, now=later)
        findings = actions.Findings(
            "product", "heating", "room 7", "valve", "Check radiators at turn-down", "likes it warm"
        )
        actions.document(carol, case, findings, now=later)
        with pytest.raises(InputError, match="The extra"):
            actions.close(carol, case, now=later)
        actions.delight(carol, case, text="A blanket of her own to keep.", now=later)
        actions.close(carol, case, now=later)
        assert Case.objects.get().state == "closed"
        assert [each.note.text for each in card(carol, chen, now=later).known.leading] == ["likes it warm"]
        follow_ups = Promise.objects.filter(settled_at=None).order_by("due_at")
        assert [(each.kind, (each.due_at - later).days) for each in follow_ups] == [
            ("follow_up", 0),
            ("follow_up", 6),
        ]
        tomorrow = line_up(carol, place, now=NOON + timedelta(days=1))
        assert [lesson.lesson for lesson in tomorrow.lessons] == ["Check radiators at turn-down"]
        assert [note.text for note in tomorrow.learned] == ["likes it warm"]
        kinds = list(JournalEntry.objects.order_by("id").values_list("kind", flat=True))
        assert kinds[:5] == [
            "customer.added",
            "touch.made",
            "message.received",
            "case.opened",
            "promise.given",
        ]
        assert kinds[-1] == "case.closed"


def test_internal_talk_cannot_be_read_by_the_customers_role(lake_house: factories.House) -> None:
    carol = lake_house.actor("carol")
    customer = factories.customer(lake_house)
    with within(lake_house.id):
        case = actions.open_case(carol, customer, lake_house.place, title="Cold", now=NOON)
        actions.talk(carol, case, text="between us", now=NOON)
        secret = actions.share_link(carol, case, now=NOON)
    guest = access.guest(secret, now=NOON)
    for forbidden in (CaseTalk.objects, Note.objects, JournalEntry.objects):
        with pytest.raises(DatabaseError, match="permission denied"), access.as_guest(guest):
            list(forbidden.all())
    with pytest.raises(DatabaseError, match="permission denied"), access.as_guest(guest):
        Case.objects.values_list("cause", flat=True).get(id=case.id)


def test_a_link_shows_its_own_case_only(lake_house: factories.House) -> None:
    carol = lake_house.actor("carol")
    customer = factories.customer(lake_house)
    with within(lake_house.id):
        mine = actions.open_case(carol, customer, lake_house.place, title="Cold", now=NOON)
        actions.open_case(carol, customer, lake_house.place, title="Noise", now=NOON)
        secret = actions.share_link(carol, mine, now=NOON)
    with access.as_guest(access.guest(secret, now=NOON)):
        assert list(Case.objects.values_list("title", flat=True)) == ["Cold"]
        assert Promise.objects.count() == 1


def test_a_revoked_or_replaced_link_opens_nothing(lake_house: factories.House) -> None:
    carol = lake_house.actor("carol")
    customer = factories.customer(lake_house)
    with within(lake_house.id):
        case = actions.open_case(carol, customer, lake_house.place, title="Cold", now=NOON)
        first = actions.share_link(carol, case, now=NOON)
        second = actions.share_link(carol, case, now=NOON)
    with pytest.raises(NotFound):
        access.guest(first, now=NOON)
    assert access.guest(second, now=NOON).case_id == case.id
    with pytest.raises(NotFound):
        access.guest(second, now=NOON + timedelta(days=91))
    with within(lake_house.id):
        actions.revoke_link(carol, case, now=NOON)
    with pytest.raises(NotFound):
        access.guest(second, now=NOON)
