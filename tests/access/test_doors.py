"""What holds for every page: tokens of forms, headers, cookies, where one is sent, and what errors say."""

from __future__ import annotations

import re

import pytest
from django.conf import settings
from django.test import override_settings

from rugui.core.ids import public_id

from .matrix.pages import PAGES
from .matrix.routes import all_routes
from .matrix.rules import OK, verdict
from .matrix.world import FOREIGN, HERE, THERE, Asked, World

NO_TOKEN_NEEDED = {
    "guest-case",  # its address is the permission, and there is no cookie to abuse; see core/guests.py
    "own",  # the same
    "openapi-json",
}
READ = sorted(name for name, page in PAGES.items() if page.get == 200)
OURS = ["/help", "/customers?q=x"]
ELSEWHERE = [
    "https://evil.example/",
    "//evil.example",
    "/\\evil.example",
    "javascript:alert(1)",
    "https:evil.example",
    "\x01//evil.example",
]


def _address(world: World, name: str, where: str = HERE) -> str:
    return PAGES[name].address(all_routes()[name], world, where)


def _reader(name: str, where: str = HERE) -> str:
    """Somebody who may read this page."""
    return next(
        who for who in ("nobody", "alice", "carol", "mallory") if verdict(PAGES[name].kind, who, where) == OK
    )


@pytest.mark.parametrize(
    "name", [name for name, page in PAGES.items() if page.post and name not in NO_TOKEN_NEEDED]
)
def test_a_form_without_its_token_is_refused_and_writes_nothing(name: str, world: World) -> None:
    page = PAGES[name]
    who = (
        "nobody"
        if page.kind in {"open", "guest", "door"}
        else _reader(name)
        if page.kind != "gone"
        else "nobody"
    )
    client = world.client(who, enforce_csrf_checks=True)
    response = client.post(_address(world, name), page.data(world, who, HERE))
    assert response.status_code == 403
    assert response["Content-Security-Policy"]


@pytest.mark.parametrize("name", READ)
def test_every_page_carries_the_headers(name: str, world: World) -> None:
    who = _reader(name)
    headers = world.ask(who, "GET", _address(world, name)).headers
    assert _missing(headers) == []
    if who != "nobody":
        assert headers["cache-control"] in {
            "private, no-store",
            "max-age=0, no-cache, no-store, must-revalidate, private",
        }


@pytest.mark.parametrize(
    ("who", "address", "status"),
    [
        ("carol", "/no-such-page", 404), ("carol", "/customers/" + "a" * 26, 404), ("nobody", "/no-such-page", 404),
        ("carol", "/staff", 403), ("disabled", "/", 403), ("nobody", "/", 302), ("nobody", "/c/" + "a" * 43, 404),
        ("nobody", "/invitation/" + "a" * 43, 404), ("nobody", "/password/" + "a" * 43, 404),
    ],
)  # fmt: skip
def test_refusals_carry_them_too_and_are_not_kept(who: str, address: str, status: int, world: World) -> None:
    answer = world.ask(who, "GET", address)
    assert answer.status == status
    assert _missing(answer.headers) == []
    assert answer.headers["cache-control"] == "private, no-store"


def _missing(headers: dict[str, str]) -> list[str]:
    policy = headers.get("content-security-policy", "")
    wanted = {
        "no policy": "default-src 'self'" in policy,
        "frames": "frame-ancestors 'none'" in policy and headers.get("x-frame-options") == "DENY",
        "objects": "object-src 'none'" in policy and "base-uri 'none'" in policy,
        "forms": "form-action 'self'" in policy,
        "unsafe": "unsafe" not in policy,
        "sniffing": headers.get("x-content-type-options") == "nosniff",
        "referrer": headers.get("referrer-policy") in {"same-origin", "no-referrer"},
        "opener": headers.get("cross-origin-opener-policy") == "same-origin",
    }
    return [what for what, holds in wanted.items() if not holds]


@pytest.mark.parametrize("name", [name for name in READ if PAGES[name].kind not in {"open", "lead", "own"}])
def test_no_page_has_a_script_or_style_of_its_own(name: str, world: World) -> None:
    text = world.ask(_reader(name), "GET", _address(world, name)).text
    assert (
        re.findall(
            r"<script(?![^>]* src=)(?![^>]* type=.application/json)[^>]*>|<style|\sstyle=|\son[a-z]+=|javascript:",
            text,
        )
        == []
    )


@pytest.mark.parametrize(
    "name",
    [
        name
        for name, page in PAGES.items()
        if page.get and page.kind in {"house:see", "place:see", "hidden:lead"}
    ],
)
def test_not_there_and_not_yours_look_the_same(name: str, world: World) -> None:
    """The id of a row that never was and that of somebody else's: one page, to the letter. An invented id names no row."""
    route = all_routes()[name]
    kind = route.kinds[0]
    never, invented = route.address({kind: public_id(kind, 2**40)}), route.address({kind: "a" * 26})
    not_ours, not_there, nothing = (
        world.ask("alice", "GET", address) for address in (_address(world, name, FOREIGN), never, invented)
    )
    assert [not_ours.status, not_there.status, nothing.status] == [404, 404, 404]
    assert _settled(not_ours) == _settled(not_there)
    assert _said(not_ours) == _said(nothing) == "There is nothing here, or it is not yours to see."


def _said(answer: Asked) -> str:
    return re.findall(r"<h1 data-refusal>(.*?)</h1>", answer.text)[0]


def _settled(answer: Asked) -> str:
    """A page without what is drawn anew for each answer: form tokens, sealed tickets, the moment."""
    text = re.sub(r'(name="csrfmiddlewaretoken" value=|ticket=)"?[^"&]*', "", answer.text)
    return re.sub(r"X-CSRFToken[^}]*|\d{13}|/[a-z2-7]{26}", "", text)


@pytest.mark.parametrize("where", [THERE, FOREIGN])
def test_a_case_of_others_is_like_no_case(where: str, world: World) -> None:
    never = f"/cases/{public_id('case', 2**40)}"
    answers = [
        world.ask("carol", "GET", address) for address in (f"/cases/{world.ids[where]['case']}", never)
    ]
    assert [answer.status for answer in answers] == [404, 404]
    assert _settled(answers[0]) == _settled(answers[1])


@pytest.mark.parametrize("wanted", ELSEWHERE)
@pytest.mark.parametrize(
    ("address", "data"),
    [("/language", {"language": "en"}), ("/place", {"place": "{place}"}), ("/duty", {"on": "0"})],
)
def test_a_form_sends_nobody_elsewhere(address: str, data: dict[str, str], wanted: str, world: World) -> None:
    sent = {name: text.format_map(world.ids[HERE]) for name, text in data.items()}
    answer = world.ask("carol", "POST", address, {**sent, "next": wanted})
    assert (answer.status, answer.location) == (302, "/")


@pytest.mark.parametrize("wanted", [*ELSEWHERE, *OURS])
def test_signing_in_sends_nobody_elsewhere(wanted: str, world: World) -> None:
    data = {"login": "carol@lake.example", "password": "correct horse battery", "next": wanted}
    answer = world.ask("nobody", "POST", "/accounts/login/", data)
    assert (answer.status, answer.location) == (302, wanted if wanted in OURS else "/")


def test_the_session_is_out_of_reach_of_scripts_and_other_sites(world: World) -> None:
    data = {"login": "carol@lake.example", "password": "correct horse battery"}
    cookie = world.ask("nobody", "POST", "/accounts/login/", data).cookies[settings.SESSION_COOKIE_NAME]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/")
    with override_settings(SESSION_COOKIE_SECURE=True):
        cookie = world.ask("nobody", "POST", "/accounts/login/", data).cookies[settings.SESSION_COOKIE_NAME]
    assert cookie["secure"] is True


def test_a_page_open_to_all_sets_no_session(world: World) -> None:
    for name in ("health", "metrics", "manifest", "guest-case", "openapi-json"):
        assert settings.SESSION_COOKIE_NAME not in world.ask("nobody", "GET", _address(world, name)).cookies


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "evil.example:80", "localhost@evil.example"]
)
def test_the_house_answers_to_its_own_names_only(host: str, world: World) -> None:
    with override_settings(ALLOWED_HOSTS=["localhost"]):
        answer = world.ask("nobody", "GET", "/accounts/login/", Host=host)
    assert answer.status == 400
    assert "evil.example" not in answer.text


def test_what_a_form_does_not_ask_for_changes_nothing(world: World) -> None:
    """Fields that stand in the tables, sent along by somebody who hopes."""
    extra = {
        "organization": "2", "organization_id": "2", "id": "1", "staff": "1", "role": "owner", "is_superuser": "1",
        "is_staff": "1", "active": "0", "created_at": "2001-01-01", "external_id": "hers", "author": "1",
    }  # fmt: skip
    from rugui.core.tenancy import within
    from rugui.house.models import Assignment, Staff, User
    from rugui.know.models import Customer

    from .matrix.world import rolled_back

    with rolled_back():
        response = world.client("carol").post(
            "/me", {"name": "Me", "language": "en", "email": "x@y.example", **extra}
        )
        assert response.status_code == 302
        response = world.client("carol").post("/customers/new", {"name": "Lin", **extra})
        assert response.status_code == 302
        with within(world.lake.id):
            carol = Staff.objects.get(id=world.lake.people["carol"].id)
            user = User.objects.get(id=carol.user_id)
            lin = Customer.objects.get(name="Lin")
            roles = list(Assignment.objects.filter(staff=carol).values_list("place_id", "role"))
            assert (carol.name, carol.active, carol.organization_id) == ("Me", True, world.lake.id)
            assert (user.email, user.is_superuser, user.is_active) == ("carol@lake.example", False, True)
            assert (lin.organization_id, lin.external_id) == (world.lake.id, None)
            assert roles == [(world.lake.place.id, "staff")]
            assert lin.created_at.year > 2001


@pytest.mark.parametrize(
    "name", ["organization", "organization_id", "id", "author", "staff", "created_at", "withdrawn_at"]
)
def test_the_api_refuses_fields_that_it_does_not_know(name: str, world: World) -> None:
    for path in ("customers", f"customers/{world.ids[HERE]['customer']}/notes"):
        body = {"name": "Lin"} if path == "customers" else {"text": "tea"}
        assert world.call(world.tokens["carol"], "POST", f"/api/v1/{path}", {**body, name: "1"}).status == 422


@pytest.mark.parametrize(
    ("address", "data"),
    [
        ("/cases/{case}/take", {"from": "{theirs}"}),
        ("/promises/{promise}/take", {"from": "{theirs}"}),
        ("/customers/{customer}/refunds/new", {"amount": "5", "refund_of": "{their_purchase}"}),
        ("/customers/{customer}/edit", {"name": "Lin", "contact_person": "{theirs}"}),
        ("/capture", {"text": "tea", "customer": "{their_customer}"}),
    ],
)
@pytest.mark.parametrize("where", [THERE, FOREIGN])
def test_an_id_of_others_in_a_form_is_refused(
    address: str, data: dict[str, str], where: str, world: World
) -> None:
    """Of another place or house. A colleague may be anybody's contact, and a customer is the whole house's."""
    theirs = world.ids[where]
    values = {
        **world.ids[HERE], "theirs": theirs["staff"], "their_purchase": theirs["purchase"],
        "their_customer": theirs["customer"],
    }  # fmt: skip
    sent = {name: text.format_map(values) for name, text in data.items()}
    answer = world.ask("carol", "POST", address.format_map(values), sent)
    allowed = where == THERE and ("contact_person" in data or "customer" in data)
    assert answer.status in ({302} if allowed else {404, 409, 422})
