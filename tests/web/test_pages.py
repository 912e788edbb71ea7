"""Pages that belong to the house as a whole."""

from __future__ import annotations

import json

import pytest
from django.test import Client, RequestFactory
from django.utils import translation

from rugui.core.errors import NotAllowed
from rugui.web import views
from rugui.web.middleware import _refusal

from .. import factories

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english_afterwards() -> object:
    """The language of a request stays active in its thread."""
    yield
    translation.activate("en")


@pytest.mark.parametrize(("code", "lang"), [("en", "en"), ("zh-hant", "zh-Hant"), ("zh-hans", "zh-Hans")])
def test_the_component_page_speaks_every_language(
    lake_house: factories.House, browse: factories.Browse, code: str, lang: str
) -> None:
    user = lake_house.people["carol"].user
    user.language = code
    user.save()
    response = browse(lake_house, "carol").get("/components")
    assert response.status_code == 200
    assert f'<html lang="{lang}"' in response.content.decode()


def test_a_page_of_the_house_costs_no_query_more_than_knowing_who_asks(
    lake_house: factories.House, browse: factories.Browse, django_assert_num_queries: object
) -> None:
    client = browse(lake_house, "alice")
    client.get("/help")
    # session, user, savepoint, coming in; organization un-named, savepoint released
    with django_assert_num_queries(6):  # type: ignore[operator]
        client.get("/help")


def test_a_page_has_no_inline_script_or_style(lake_house: factories.House, browse: factories.Browse) -> None:
    text = browse(lake_house, "carol").get("/components").content.decode()
    assert " style=" not in text
    assert "<style" not in text
    assert " onclick=" not in text
    assert text.count("<script") == text.count("<script src=") + text.count('<script type="module"')
    assert "http://" not in text.replace("http://localhost", "").replace("http://testserver", "")


def test_navigation_marks_where_we_are_and_shows_leaders_more(
    lake_house: factories.House, browse: factories.Browse
) -> None:
    owner = browse(lake_house, "alice").get("/help").content.decode()
    carol = browse(lake_house, "carol").get("/help").content.decode()
    assert owner.count('class="nav-link"') > carol.count('class="nav-link"')


def test_the_house_calls_its_customers_by_its_own_word(
    lake_house: factories.House, browse: factories.Browse
) -> None:
    lake_house.organization.customer_word = "guest"
    from rugui.core.tenancy import within

    with within(lake_house.id):
        lake_house.organization.save()
    assert "Go to the guests" in browse(lake_house, "carol").get("/help").content.decode()


def test_the_language_switch_is_kept_with_the_person(
    lake_house: factories.House, browse: factories.Browse
) -> None:
    client = browse(lake_house, "carol")
    response = client.post("/language", {"language": "zh-hant", "next": "/help"})
    assert (response.status_code, response.url) == (302, "/help")
    lake_house.people["carol"].user.refresh_from_db()
    assert lake_house.people["carol"].user.language == "zh-hant"


def test_the_language_switch_is_kept_in_the_browser_of_a_stranger(lake_house: factories.House) -> None:
    response = Client().post("/language", {"language": "zh-hans", "next": "/accounts/login/"})
    assert response.cookies["django_language"].value == "zh-hans"


@pytest.mark.parametrize(
    "wanted", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)", ""]
)
def test_the_switches_lead_back_to_our_own_pages_only(lake_house: factories.House, wanted: str) -> None:
    assert Client().post("/language", {"language": "en", "next": wanted})["Location"] == "/"


def test_a_language_we_do_not_speak_changes_nothing(lake_house: factories.House) -> None:
    response = Client().post("/language", {"language": "tlh", "next": "/help"})
    assert (response.status_code, response.url) == (302, "/help")
    assert "django_language" not in response.cookies


def test_a_person_chooses_among_the_places_they_see(
    lake_house: factories.House, browse: factories.Browse
) -> None:
    client = browse(lake_house, "alice")
    response = client.post("/place", {"place": lake_house.places[0].public_id, "next": "/help"})
    assert (response.status_code, response.url) == (302, "/help")
    assert client.session["place"] == lake_house.places[0].id
    assert (
        browse(lake_house, "dan").post("/place", {"place": lake_house.places[0].public_id}).status_code == 404
    )
    assert client.post("/place", {"place": "no such place"}).status_code == 404


def test_the_manifest_is_json_with_icons_that_exist(lake_house: factories.House) -> None:
    response = Client().get("/manifest.webmanifest")
    assert response["Content-Type"] == "application/manifest+json"
    for icon in json.loads(response.content)["icons"]:
        response = Client().get(icon["src"])
        assert response.status_code == 200
        response.close()


def test_an_unknown_address_is_answered_calmly(lake_house: factories.House, browse: factories.Browse) -> None:
    response = browse(lake_house, "carol").get("/no-such-page")
    assert response.status_code == 404
    assert "There is nothing here, or it is not yours to see." in response.content.decode()


def test_what_broke_is_told_without_the_database(django_assert_num_queries: object) -> None:
    with django_assert_num_queries(0):  # type: ignore[operator]
        response = views.failed(RequestFactory().get("/"))
    assert response.status_code == 500
    assert b"data-refusal" in response.content


@pytest.mark.parametrize(("headers", "whole"), [({}, True), ({"HX-Request": "true"}, False)])
def test_a_refusal_is_a_page_or_a_fragment(headers: dict[str, str], whole: bool) -> None:
    response = _refusal(RequestFactory().get("/", headers=headers), NotAllowed("Not yours to change."))
    text = response.content.decode()
    assert response.status_code == 403
    assert "<h1 data-refusal>Not yours to change.</h1>" in text
    assert ("<html" in text) is whole
