"""The access matrix of the pages: every address, method and person has an answer, and no answer holds what it must not."""

from __future__ import annotations

import pytest

from .matrix.pages import FOR_MACHINES, PAGES, Page
from .matrix.routes import METHODS, Route, all_routes
from .matrix.rules import LOGIN, OK, OUT, Verdict, asked, verdict
from .matrix.world import CIRCLES, HERE, Asked, World

LOOKS = {"card.viewed", "customer.searched", "arrivals.viewed"}
"""What reading may write to the journal: who looked at whom."""
NAMES = sorted(set(PAGES) & set(all_routes()))


def test_every_address_has_a_line_and_every_line_an_address() -> None:
    assert set(all_routes()) - set(FOR_MACHINES) == set(PAGES)


@pytest.mark.parametrize("name", NAMES)
def test_each_person_is_answered_as_the_table_says(name: str, world: World) -> None:
    page, route = PAGES[name], all_routes()[name]
    wrong = []
    for method, status in page.answers.items():
        for who, where in asked(page.kind):
            address = page.address(route, world, where)
            data = page.data(world, who, where) if method == "POST" else None
            answer = world.ask(who, method, address, data)
            expected = _expected(page, method, who, where, status)
            problems = [*_as_expected(answer, expected), *_leaks(page, answer, who)]
            if method == "GET":
                problems += _wrote(answer)
            wrong += [f"{method} {name} {where} by {who}: {problem}" for problem in problems]
    assert wrong == []


def _expected(page: Page, method: str, who: str, where: str, status: int) -> Verdict:
    kind = page.kind
    if kind == "houses" and method == "GET":
        return LOGIN if who == "nobody" else status  # the list of one's own houses, which may be empty
    if kind == "house:serve" and method == "GET" and "customer" in page.sent:
        kind = "serve"  # whom it is about is said in the form
    found = verdict(kind, who, where)
    return status if found == OK else found


def _as_expected(answer: Asked, expected: Verdict) -> list[str]:
    if expected == LOGIN:
        good = answer.status == 302 and answer.location.startswith("/accounts/login/")
    elif expected == OUT:
        good = (answer.status, answer.location) == (302, "/")
    else:
        good = answer.status == expected
    return [] if good else [f"{answer.status} {answer.location}, not {expected}"]


def _leaks(page: Page, answer: Asked, who: str) -> list[str]:
    may = {circle for circle, people in CIRCLES.items() if who in people} | page.reveals
    return [f"leaks {circle}" for circle in sorted(answer.leaks - may)]


def _wrote(answer: Asked) -> list[str]:
    allowed = {"rugui_journalentry", "django_session", "rugui_cache"}  # the cache counts attempts to sign in
    found = [f"a GET wrote {table}" for table in sorted(set(answer.writes) - allowed)]
    return found + [f"a GET did {kind}" for kind in answer.kinds if kind not in LOOKS]


@pytest.mark.parametrize("name", NAMES)
def test_other_methods_are_refused(name: str, world: World) -> None:
    page, route = PAGES[name], all_routes()[name]
    address = page.address(route, world, HERE)
    wrong = []
    for method in METHODS:
        if method in page.answers:
            continue
        for who in ("alice", "nobody"):
            answer = world.ask(who, method, address)
            problems = [*_refused(page, route, answer, method, who), *_leaks(page, answer, who)]
            wrong += [f"{method} {name} by {who}: {each}" for each in [*problems, *_wrote(answer)]]
    assert wrong == []


def _refused(page: Page, route: Route, answer: Asked, method: str, who: str) -> list[str]:
    if route.pattern.startswith("accounts/") or route.name == "openapi-json":
        return [] if answer.status < 500 else [str(answer.status)]
    if who == "nobody" and page.kind not in {"open", "guest", "gone", "houses"}:
        return _as_expected(answer, LOGIN)
    return _as_expected(answer, 405)
