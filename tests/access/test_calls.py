"""The access matrix of the API: every operation of its document, every token, and every method that is not in it."""

from __future__ import annotations

import json

import pytest

from ..api.conftest import ALL_SCOPES
from .matrix.calls import CALLS, NOT_A_TOKEN
from .matrix.routes import METHODS, all_calls, api_patterns
from .matrix.rules import OK, asked, verdict
from .matrix.world import CIRCLES, HERE, Asked, World, token_with

LOOKS = {"card.viewed", "customer.searched"}
ASKS_WITH_A_BODY = {"check_words"}
"""Change nothing and yet are posted: a letter's draft is too long, and too private, for an address."""
NAMES = sorted(set(CALLS) & set(all_calls()))


def test_every_operation_has_a_line_and_every_line_an_operation() -> None:
    assert set(all_calls()) == set(CALLS)


def test_the_document_knows_every_address_and_every_address_the_document() -> None:
    assert api_patterns() == {call.path for call in all_calls().values()}


@pytest.mark.parametrize("name", NAMES)
def test_each_token_is_answered_as_the_table_says(name: str, world: World) -> None:
    line, call = CALLS[name], all_calls()[name]
    wrong = []
    for who, where in asked(line.kind):
        if who not in world.tokens or who in NOT_A_TOKEN:
            continue
        address, body = line.address(call, world, where), line.sent(world, who, where)
        answer = world.call(world.tokens[who], call.method, address, body)
        found = verdict(line.kind, who, where)
        expected = {OK: line.status, 404: line.unseen}.get(found, found)
        wrong += [f"{name} {where} by {who}: {each}" for each in _problems(answer, expected, who)]
    assert wrong == []


@pytest.mark.parametrize("name", NAMES)
def test_a_token_does_what_its_scope_says_and_nothing_else(name: str, world: World) -> None:
    line, call = CALLS[name], all_calls()[name]
    who = (
        "alice"
        if line.kind in {"own", "house:own", "lead", "house:lead", "place:lead", "hidden:lead"}
        else "carol"
    )
    address, body = line.address(call, world, HERE), line.sent(world, who, HERE)
    scopes = {line.scope: line.status, "no scope": 403 if line.scope else line.status}
    wrong = []
    for scope, expected in scopes.items():
        token = (
            world.tokens["no scope"]
            if scope == "no scope"
            else token_with(world, [scope] if scope else [], who)
        )
        wrong += _problems(world.call(token, call.method, address, body), expected, who)
    if line.scope:
        others = [scope for scope in ALL_SCOPES if scope != line.scope]
        wrong += _problems(world.call(token_with(world, others, who), call.method, address, body), 403, who)
    assert wrong == []


@pytest.mark.parametrize("name", NAMES)
def test_what_is_no_living_token_is_refused_alike(name: str, world: World) -> None:
    line, call = CALLS[name], all_calls()[name]
    address, body = line.address(call, world, HERE), line.sent(world, "carol", HERE)
    answers = [
        world.call(world.tokens[each] if each else None, call.method, address, body) for each in NOT_A_TOKEN
    ]
    assert [_problems(answer, 401, "nobody") for answer in answers] == [[]] * len(answers)
    assert len({answer.text for answer in answers[1:]}) == 1
    signed_in = world.ask("carol", call.method, address)
    assert signed_in.status == 401  # a browser's session is no token, so no other site's page can use it


@pytest.mark.parametrize("path", sorted(api_patterns()))
def test_other_methods_of_the_api_are_refused(path: str, world: World) -> None:
    calls = {call.method: call for call in all_calls().values() if call.path == path}
    call = next(iter(calls.values()))
    address = CALLS[call.name].address(call, world, HERE)
    wrong = []
    for method in METHODS:
        if method in calls:
            continue
        for token, expected in ((world.tokens["alice"], 405), (None, 401)):
            answer = world.call(token, method, address)
            wrong += [
                f"{method}: {each}" for each in _problems(answer, expected, "alice" if token else "nobody")
            ]
    assert wrong == []


@pytest.mark.parametrize(
    "name", [name for name in NAMES if set(all_calls()[name].kinds) - set(CALLS[name].words)]
)
def test_an_id_of_another_kind_or_nobodys_is_not_there(name: str, world: World) -> None:
    """And is answered in the same words as one that is not the caller's to see."""
    line, call = CALLS[name], all_calls()[name]
    body = line.sent(world, "alice", HERE)
    wrong_kind = dict.fromkeys(call.kinds, world.ids[HERE]["place"]) | line.words
    invented = dict.fromkeys(call.kinds, "a" * 26) | line.words
    answers = [
        world.call(world.tokens["alice"], call.method, call.address(values), body)
        for values in (wrong_kind, invented)
    ]
    strangers = world.call(world.tokens["mallory"], call.method, line.address(call, world, HERE), body)
    told = {(answer.status, json.loads(answer.text)["detail"]) for answer in [*answers, strangers]}
    assert told == {(404, "There is nothing here, or it is not yours to see.")}


def _problems(answer: Asked, expected: int | str, who: str) -> list[str]:
    may = {circle for circle, people in CIRCLES.items() if who in people}
    found = [] if answer.status == expected else [f"{answer.status}, not {expected}"]
    found += [f"leaks {circle}" for circle in sorted(answer.leaks - may)]
    found += [f"a GET wrote {table}" for table in answer.writes if table != "rugui_journalentry"]
    return found + [f"a GET did {kind}" for kind in answer.kinds if kind not in LOOKS]


def test_a_line_needs_the_scope_of_its_verb() -> None:
    read = {name for name, line in CALLS.items() if line.scope.endswith(":read")}
    asks = {name for name, call in all_calls().items() if call.method == "GET" and CALLS[name].scope}
    assert read == asks | ASKS_WITH_A_BODY
    assert {line.scope for line in CALLS.values() if line.scope} <= set(ALL_SCOPES)
