"""Every page of the house room, by everybody who may ask for it."""

from __future__ import annotations

import json
import re

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from rugui.core.models import Key
from rugui.core.tenancy import within
from rugui.core.time import now
from rugui.house import actions
from rugui.house.models import Place

from .. import factories
from ..factories import Browse, House
from . import help as house_help


def address(house: House, name: str) -> str:
    """A page of the first place, about Carol."""
    place, carol = house.place.public_id, house.people["carol"].public_id
    arguments = {
        "place_settings": [place],
        "place_calendar": [place],
        "place_staff": [place],
        "staff_member": [carol],
    }
    return reverse(name, args=arguments.get(name, []))


EVERYBODY = {"alice": 200, "bob": 200, "carol": 200, "dan": 200, "erin": 200}
LEADERS = {"alice": 200, "bob": 200, "carol": 403, "dan": 403, "erin": 403}
OWNERS = {"alice": 200, "bob": 403, "carol": 403, "dan": 403, "erin": 403}
OF_THE_PLACE = {"alice": 200, "bob": 200, "carol": 403, "dan": 404, "erin": 403}

PAGES = {
    "house_settings": LEADERS,
    "organization": OWNERS,
    "new_place": OWNERS,
    "place_settings": OF_THE_PLACE,
    "place_calendar": OF_THE_PLACE,
    "place_staff": OF_THE_PLACE,
    "staff": LEADERS,
    "invite": LEADERS,
    "staff_member": LEADERS,
    "me": EVERYBODY,
    "tokens": EVERYBODY,
    "choose_house": EVERYBODY,
}

STAFF_QUERIES = 10
QUERIES = {
    "house_settings": 6,
    "place_settings": 6,
    "place_calendar": 10,
    "staff_member": 10,
    "me": 12,
    "tokens": 7,
}
"""Six are in each: session, user, entering the house, and three of the tests' own transaction around it."""


@pytest.mark.parametrize("page", PAGES)
def test_each_page_opens_for_those_it_is_for(
    page: str, lake_house: House, other_house: House, browse: Browse, client: Client
) -> None:
    url = address(lake_house, page)
    seen = {name: browse(lake_house, name).get(url).status_code for name in PAGES[page]}
    assert seen == PAGES[page]
    stranger = browse(other_house, "mallory").get(url).status_code
    assert stranger == (
        404 if ("/house/places/" in url and page != "new_place") or page == "staff_member" else 200
    )
    nobody = client.get(url)
    assert (nobody.status_code, nobody["Location"].split("?")[0].rstrip("/")) == (302, "/accounts/login")


def test_the_settings_name_the_places_that_one_leads(lake_house: House, browse: Browse) -> None:
    assert "Add a place" in (page := browse(lake_house, "alice").get("/house").text)
    assert ("Boat House" in page, "Lake House" in page) == (True, True)
    assert "Add a place" not in (page := browse(lake_house, "bob").get("/house").text)
    assert ("Boat House" in page, "Opening hours of Lake House" in page) == (False, True)


def test_a_place_is_added_and_changed(lake_house: House, browse: Browse) -> None:
    alice = browse(lake_house, "alice")
    new = {"name": "Mill", "timezone": "Europe/Berlin", "region": "DE"}
    answer = alice.post("/house/places/new", new)
    with within(lake_house.id):
        mill = Place.objects.get(name="Mill")
    assert (answer.status_code, answer["Location"]) == (302, f"/house/places/{mill.public_id}/calendar")
    page = f"/house/places/{mill.public_id}"
    answer = alice.post(page, {**new, "name": "Boat House"})
    assert (answer.status_code, "There is already a place of this name." in answer.text) == (422, True)
    assert alice.post(page, {**new, "timezone": "Moon/Crater"}).status_code == 422
    assert alice.post(page, {**new, "timezone": "Asia/Tokyo"}).status_code == 302
    with within(lake_house.id):
        assert Place.objects.get(name="Mill").timezone == "Asia/Tokyo"
    assert alice.get("/house/places/aaaaaaaaaaaaaaaaaaaaaaaaaa").status_code == 404


def test_the_house_is_renamed(lake_house: House, browse: Browse) -> None:
    form = {
        "name": "Lake Inn",
        "trade": "salon",
        "customer_word": "client",
        "currency": "JPY",
        "language": "zh-hans",
    }
    alice = browse(lake_house, "alice")
    assert alice.post("/house/organization", {**form, "currency": "???"}).status_code == 422
    assert alice.post("/house/organization", form)["Location"] == "/house"
    assert 'value="Lake Inn"' in alice.get("/house/organization").text
    assert browse(lake_house, "bob").post("/house/organization", form).status_code == 403


def week(seen: list[str] | None = None, **days: str) -> dict[str, str]:
    return {
        "seen": json.dumps(seen or [""] * 7),
        **{f"day_{day}": days.get(f"day_{day}", "") for day in range(7)},
    }


def test_a_week_is_edited_and_drawn(lake_house: House, browse: Browse) -> None:
    page, bob = address(lake_house, "place_calendar"), browse(lake_house, "bob")
    assert "No opening hours yet" in bob.get(page).text
    assert bob.post(page, week(day_0="7-14, 17-1", day_6="9–12")).status_code == 302
    shown = bob.get(page).text
    assert 'value="07:00–14:00, 17:00–01:00"' in shown
    assert '<rect class="day-open" x="1020" width="420" height="24"/>' in shown
    assert "No opening hours yet" not in shown


@pytest.mark.parametrize(
    ("days", "message"),
    [
        ({"day_0": "7-14, 13-15"}, "Two shifts overlap at 13:00."),
        ({"day_0": "18-3", "day_1": "2-9"}, "Two shifts overlap at 02:00."),
        ({"day_6": "18-3", "day_0": "2-9"}, "Two shifts overlap at 02:00."),
        ({"day_2": "morning"}, "“morning” cannot be read as hours."),
        ({"day_2": "9-25"}, "“9-25” is not a time of day."),
    ],
)
def test_wrong_hours_are_explained_beside_the_day(
    lake_house: House, browse: Browse, days: dict[str, str], message: str
) -> None:
    answer = browse(lake_house, "bob").post(address(lake_house, "place_calendar"), week(**days))
    assert (answer.status_code, message in answer.text) == (422, True)


@pytest.mark.parametrize("seen", ["", "x", "[]", '["a"]', "[1,2,3,4,5,6,7]", '["x","","","","","",""]'])
def test_a_damaged_form_is_refused(lake_house: House, browse: Browse, seen: str) -> None:
    answer = browse(lake_house, "bob").post(address(lake_house, "place_calendar"), {**week(), "seen": seen})
    assert answer.status_code == 422


def test_two_editors_do_not_overwrite_each_other(lake_house: House, browse: Browse) -> None:
    page = address(lake_house, "place_calendar")
    assert browse(lake_house, "alice").post(page, week(day_0="7-14")).status_code == 302
    answer = browse(lake_house, "bob").post(page, week(day_0="8-15"))
    assert answer.status_code == 409
    assert "Somebody else changed this a moment ago." in answer.text


def test_special_days_are_listed_for_one_and_three(lake_house: House, browse: Browse) -> None:
    page, bob = address(lake_house, "place_calendar"), browse(lake_house, "bob")
    add = page.replace("/calendar", "/special-days")
    assert "None ahead." in bob.get(page).text
    assert bob.post(add, {"date": "2999-12-25", "name": "Christmas", "hours": ""}).status_code == 302
    assert bob.get(page).text.count('<li class="row">') == 1
    for day in ("2999-12-26", "2999-12-31"):
        bob.post(add, {"date": day, "name": "Feast", "hours": "9-12, 14-18"})
    shown = bob.get(page).text
    assert shown.count('<li class="row">') == 3
    assert "09:00–12:00, 14:00–18:00" in shown
    assert bob.post(add, {"date": "2999-12-31", "name": "Feast", "hours": "9-12, 11-18"}).status_code == 422
    assert bob.post(f"{add}/2999-12-25/remove").status_code == 302
    assert "Christmas" not in bob.get(page).text
    assert [bob.post(f"{add}/{day}/remove").status_code for day in ("2999-12-25", "tomorrow")] == [404, 404]


def test_the_list_of_staff_costs_the_same_for_three_and_five(
    lake_house: House, other_house: House, browse: Browse, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    mallory, alice = browse(other_house, "mallory"), browse(lake_house, "alice")
    for client, people in ((mallory, 1), (alice, 5)):
        client.get("/staff")
        with django_assert_num_queries(STAFF_QUERIES):
            page = client.get("/staff")
        assert page.text.count('<a class="row-title" href="/staff/') == people


def test_standing_invitations_are_listed_for_one_and_three(lake_house: House, browse: Browse) -> None:
    bob = browse(lake_house, "bob")
    assert "Invited, not here yet" not in bob.get("/staff").text
    for number, listed in ((1, 1), (2, 2), (3, 3)):
        house_help.invited(lake_house, email=f"guy{number}@lake.example", now=now())
        assert bob.get("/staff").text.count("Withdraw") == listed
    [invitation, *_others] = house_help.standing(lake_house)
    assert bob.post(f"/staff/invitations/{invitation.public_id}/withdraw").status_code == 302
    assert bob.post(f"/staff/invitations/{invitation.public_id}/withdraw").status_code == 409
    assert bob.get("/staff").text.count("Withdraw") == 2


def test_an_invitation_elsewhere_is_out_of_reach(lake_house: House, browse: Browse) -> None:
    made = house_help.invited(lake_house, place=1, now=now()).invitation
    assert browse(lake_house, "bob").post(f"/staff/invitations/{made.public_id}/withdraw").status_code == 404
    assert (
        browse(lake_house, "carol").post(f"/staff/invitations/{made.public_id}/withdraw").status_code == 403
    )
    assert browse(lake_house, "dan").post(f"/staff/invitations/{made.public_id}/withdraw").status_code == 403


def test_inviting_shows_the_link_once(lake_house: House, browse: Browse) -> None:
    bob = browse(lake_house, "bob")
    form = {"name": "Fay", "email": "fay@lake.example", "role": "staff", "place": lake_house.place.public_id}
    shown = bob.post("/staff/invite", form).text
    assert len(re.findall(r"http://testserver/invitation/[\w-]{43}", shown)) == 1
    assert "/invitation/" not in bob.get("/staff").text
    assert bob.post("/staff/invite", {**form, "role": "owner"}).status_code == 422
    assert bob.post("/staff/invite", {**form, "place": "all"}).status_code == 422
    assert bob.post("/staff/invite", {**form, "place": lake_house.places[1].public_id}).status_code == 422
    assert bob.post("/staff/invite", {**form, "email": "carol@lake.example"}).status_code == 422
    assert browse(lake_house, "carol").post("/staff/invite", form).status_code == 403
    alice = browse(lake_house, "alice")
    assert alice.post("/staff/invite", {**form, "role": "owner", "place": "all"}).status_code == 200


def test_a_role_is_changed_on_the_persons_page(lake_house: House, browse: Browse) -> None:
    page, bob = address(lake_house, "staff_member"), browse(lake_house, "bob")
    assert '<option value="staff" selected>' in bob.get(page).text
    place = lake_house.place.public_id
    assert bob.post(page, {"place": place, "role": "owner"}).status_code == 422
    assert bob.post(page, {"place": place, "role": "manager"})["Location"] == "/staff"
    assert browse(lake_house, "carol").get("/staff").status_code == 200
    assert bob.post(page, {"place": place, "role": "none"}).status_code == 302
    assert browse(lake_house, "carol").get("/me").status_code == 302


def test_the_last_owner_is_told_why_not(lake_house: House, browse: Browse) -> None:
    page = f"/staff/{lake_house.people['alice'].public_id}"
    answer = browse(lake_house, "alice").post(page, {"place": "all", "role": "manager"})
    assert (answer.status_code, "A house needs an owner." in answer.text) == (422, True)


def test_shutting_out_and_letting_in_on_the_persons_page(lake_house: House, browse: Browse) -> None:
    page, bob = address(lake_house, "staff_member"), browse(lake_house, "bob")
    assert bob.post(f"{page}/disable").status_code == 302
    assert "Let in again" in bob.get(page).text
    assert bob.post(f"{page}/disable").status_code == 409
    assert bob.post(f"{page}/enable").status_code == 302
    assert bob.post(f"{page}/enable").status_code == 409
    dan = f"/staff/{lake_house.people['dan'].public_id}"
    assert [bob.post(f"{dan}/{act}").status_code for act in ("disable", "enable", "password-link")] == [
        404
    ] * 3
    alice = f"/staff/{lake_house.people['alice'].public_id}"
    assert [bob.post(f"{alice}/{act}").status_code for act in ("disable", "password-link")] == [403] * 2


def test_ones_own_name_and_language(lake_house: House, browse: Browse) -> None:
    carol = browse(lake_house, "carol")
    assert carol.post("/me", {"name": "", "language": "en"}).status_code == 422
    answer = carol.post("/me", {"name": "Caroline", "language": "zh-hant"})
    assert (answer.status_code, answer.cookies["django_language"].value) == (302, "zh-hant")
    page = carol.get("/me")
    assert page["Content-Language"] == "zh-hant"
    assert 'value="Caroline"' in page.text


def test_tokens_are_made_listed_and_revoked_for_one_and_three(lake_house: House, browse: Browse) -> None:
    carol = browse(lake_house, "carol")
    assert "None yet." in carol.get("/me/tokens").text
    for number in (1, 2, 3):
        shown = carol.post(
            "/me/tokens", {"label": f"Till {number}", "scopes": ["notes:read", "cases:write"]}
        ).text
        assert len(re.findall(r'value="rugui_[\w-]{43}"', shown)) == 1
        page = carol.get("/me/tokens").text
        assert page.count("Revoke<span") == number
        assert "rugui_" not in page
    revoke = re.findall(r'action="(/me/tokens/\w{26}/revoke)"', page)[0]
    assert browse(lake_house, "bob").post(revoke).status_code == 404
    assert carol.post(revoke).status_code == 302
    assert carol.post(revoke).status_code == 409
    assert carol.get("/me/tokens").text.count("Revoke<span") == 2
    answer = carol.post("/me/tokens", {"label": "Till", "scopes": []})
    assert answer.status_code == 422
    assert "Nothing is chosen under “What it may do”. Please choose." in answer.text


@pytest.mark.parametrize(
    ("page", "sent", "told"),
    [
        ("/me", {"name": "", "language": "en"}, "“Your name” is empty. Please fill it in."),
        ("/staff/invite", {"name": "Fay", "email": "fay"}, "Not an e-mail address: write it like name@"),
        ("/staff/invite", {"name": "Fay", "email": ""}, "“E-mail address” is empty. Please fill it in."),
        ("/me/tokens", {"scopes": ["notes:read"]}, "“What is it for?” is empty. Please fill it in."),
    ],
)
def test_a_form_says_which_field_what_was_wrong_and_what_would_be_right(
    page: str, sent: dict[str, object], told: str, lake_house: House, browse: Browse
) -> None:
    answer = browse(lake_house, "alice").post(page, sent)
    assert answer.status_code == 422
    assert answer.text.count(told) == 1


def test_a_date_that_cannot_be_read_is_told_how(lake_house: House, browse: Browse) -> None:
    page = f"/house/places/{lake_house.place.public_id}/special-days"
    answer = browse(lake_house, "bob").post(page, {"date": "25.12.", "name": "Christmas"})
    assert "Not a date: choose it in the calendar, or write it like 2026-12-25." in answer.text


def test_duty_is_one_button(lake_house: House, browse: Browse) -> None:
    carol = browse(lake_house, "carol")
    assert "I am on now" in carol.get("/me").text
    assert carol.post("/duty", {"on": "1", "next": "/me"})["Location"] == "/me"
    assert "On now at Lake House" in carol.get("/me").text
    assert "on now" in browse(lake_house, "bob").get("/staff").text
    assert carol.post("/duty", {"on": "0", "next": "https://evil.example/"})["Location"] == "/"
    assert "I am on now" in carol.get("/me").text
    assert browse(lake_house, "erin").post("/duty", {"on": "1"}).status_code == 403


def test_one_works_in_one_house_at_a_time(lake_house: House, other_house: House, browse: Browse) -> None:
    mallory = browse(other_house, "mallory")
    assert mallory.get("/houses").text.count('name="house"') == 1
    assert "Go to another house" not in mallory.get("/me").text
    key = house_help.found(
        house_help.invited(lake_house, email="mallory@other.example").secret, Key.Kind.INVITATION
    )
    actions.join(key, other_house.people["mallory"].user, now=factories.NOON)
    assert "Go to another house" in mallory.get("/me").text
    page = mallory.get("/houses").text
    offered = dict(re.findall(r'name="house" value="(\w{26})">.*?</svg>([^<]+)<', page))
    assert sorted(offered.values()) == ["Lake House", "Other Inn"]
    for house, name in offered.items():
        assert mallory.post("/houses", {"house": house}).status_code == 302
        assert f"· {name}</title>" in mallory.get("/me").text
    carol = browse(lake_house, "carol")
    theirs = next(house for house, name in offered.items() if name == "Other Inn")
    assert [carol.post("/houses", {"house": house}).status_code for house in (theirs, "x", "")] == [404] * 3


def test_one_chooses_among_the_places_one_sees(lake_house: House, browse: Browse) -> None:
    alice, carol = browse(lake_house, "alice"), browse(lake_house, "carol")
    here, there = lake_house.places
    assert alice.post("/place", {"place": there.public_id}).status_code == 302
    assert alice.session["place"] == there.id
    assert carol.post("/place", {"place": there.public_id}).status_code == 404
    assert carol.post("/place", {"place": here.public_id}).status_code == 302


def test_pages_of_the_house_cost_these_queries(
    lake_house: House, browse: Browse, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    alice = browse(lake_house, "alice")
    for page, queries in QUERIES.items():
        url = address(lake_house, page)
        alice.get(url)
        with django_assert_num_queries(queries):
            assert alice.get(url).status_code == 200


def test_actions_are_never_taken_by_a_get(lake_house: House, browse: Browse) -> None:
    place, carol = lake_house.place.public_id, lake_house.people["carol"].public_id
    alice = browse(lake_house, "alice")
    paths = [
        "/duty",
        f"/house/places/{place}/special-days",
        f"/house/places/{place}/special-days/2026-12-25/remove",
        f"/staff/{carol}/disable",
        f"/staff/{carol}/enable",
        f"/staff/{carol}/password-link",
        f"/staff/{carol}/second-step",
    ]
    assert {path: alice.get(path).status_code for path in paths} == dict.fromkeys(paths, 405)


def test_a_form_from_another_site_is_refused(lake_house: House) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(lake_house.people["carol"].user)
    assert [client.post(path).status_code for path in ("/duty", "/me", "/me/tokens", "/houses")] == [403] * 4
