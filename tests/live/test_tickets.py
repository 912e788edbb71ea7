"""Tickets: sealed, short-lived, and of this house alone."""

from __future__ import annotations

from base64 import urlsafe_b64decode
from datetime import timedelta

import pytest

from rugui.config import Config
from rugui.core import tickets
from rugui.core.tickets import BadTicket, ExpiredTicket, Ticket, seal, stream_address, stream_sources, unseal

from ..factories import NOON

SECRET = "a secret"


@pytest.mark.parametrize(
    "ticket",
    [
        Ticket(1, NOON, staff_id=7),
        Ticket(1, NOON, staff_id=7, places=frozenset()),
        Ticket(1, NOON, staff_id=7, places=frozenset({3, 5})),
        tickets.for_guest(1, 9, now=NOON),
    ],
)
def test_a_ticket_says_what_it_said(ticket: Ticket) -> None:
    assert unseal(seal(ticket, SECRET), SECRET, now=NOON) == ticket


def test_a_ticket_shows_nothing_to_whoever_holds_it() -> None:
    text = seal(Ticket(1234567, NOON, staff_id=7654321), SECRET)
    raw = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    assert b"1234567" not in raw
    assert b"7654321" not in raw
    assert text != seal(Ticket(1234567, NOON, staff_id=7654321), SECRET)


def test_a_ticket_ends_after_an_hour() -> None:
    text = seal(Ticket(1, NOON, staff_id=7), SECRET)
    assert unseal(text, SECRET, now=NOON + timedelta(minutes=59, seconds=59)).staff_id == 7
    with pytest.raises(ExpiredTicket):
        unseal(text, SECRET, now=NOON + timedelta(hours=1))


def test_a_ticket_of_another_house_or_changed_on_the_way_is_none() -> None:
    text = seal(Ticket(1, NOON, staff_id=7), SECRET)
    for forged in [seal(Ticket(1, NOON, staff_id=7), "another"), text[:-2], text + "AAAA", "", "é", "x" * 5]:
        with pytest.raises(BadTicket):
            unseal(forged, SECRET, now=NOON)
    for at in range(len(text)):
        changed = text[:at] + ("A" if text[at] != "A" else "B") + text[at + 1 :]
        with pytest.raises(BadTicket):
            unseal(changed, SECRET, now=NOON)


@pytest.mark.parametrize(
    ("settings", "host", "address"),
    [
        ({}, "localhost:8000", "http://localhost:8001/live"),
        ({}, "127.0.0.1:8000", "http://127.0.0.1:8001/live"),
        ({}, "[::1]:8000", "http://[::1]:8001/live"),
        ({"live_port": 9001}, "10.0.0.5:8000", "http://10.0.0.5:9001/live"),
        ({"base_url": "https://house.example"}, "house.example", "/live"),
        ({"live_url": "https://live.example"}, "house.example", "https://live.example/live"),
        ({"live_url": "https://house.example/live/"}, "house.example", "https://house.example/live"),
    ],
)
def test_the_stream_is_where_the_browser_can_reach_it(
    settings: dict[str, str], host: str, address: str
) -> None:
    assert stream_address(Config(**settings), host) == address  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("settings", "sources"),
    [
        ({"host": "10.0.0.5"}, ["http://localhost:8001", "http://127.0.0.1:8001", "http://10.0.0.5:8001"]),
        ({"host": "0.0.0.0"}, ["http://*:8001"]),
        ({"base_url": "https://house.example"}, []),
        ({"live_url": "https://live.example/live"}, ["https://live.example"]),
    ],
)
def test_the_policy_of_the_pages_lets_the_stream_in(settings: dict[str, str], sources: list[str]) -> None:
    assert stream_sources(Config(**settings)) == sources  # type: ignore[arg-type]
