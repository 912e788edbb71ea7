"""Role × discretion × relation × door, every combination; what is expected is read from the rule in docs/security.md.

The relation is who wrote a note: whoever reads it, a colleague at the same place, at another place, above or below them.
Every note carries a word of its own, so an answer says by itself which of them it holds.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client

from rugui.core.models import JournalEntry
from rugui.core.tenancy import within
from rugui.know import actions as know
from rugui.know.models import Customer, Note
from rugui.live.kinds import concerns_guests, concerns_screens
from rugui.own import actions as own
from rugui.serve import actions as serve

from .. import factories
from ..api.conftest import Caller
from ..desk.help import HTMX, acting
from ..factories import Browse, House

pytestmark = pytest.mark.django_db
RULE = Path(__file__).parents[2] / "docs" / "security.md"
ROLES = {
    "alice": "owner",
    "bob": "manager",
    "carol": "staff",
    "dan": "staff",
    "erin": "analyst",
    "mallory": "another house",
}
AUTHORS = ("alice", "bob", "carol", "dan")
ABOUT = {
    "open": {"discretion": "open"},
    "quiet": {"discretion": "quiet"},
    "keeper": {"discretion": "keeper"},
    "sensitive": {"sensitive": "health"},
    "keeper and sensitive": {"discretion": "keeper", "sensitive": "health"},
    "without its consent": {"sensitive": "money"},
}
WORD = re.compile(r"zz[a-z]+by[a-z]+zz")


def rule() -> dict[str, dict[str, bool]]:
    """The table of the page: by kind of note, who may read it."""
    section = RULE.read_text(encoding="utf-8").split("## Who reads a note")[1].split("\n## ")[0]
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in section.splitlines()
        if line.startswith("|")
    ]
    heads, _line, *lines = rows
    return {
        name: dict(zip(heads[1:], (cell == "yes" for cell in cells), strict=True)) for name, *cells in lines
    }


def word(kind: str, author: str) -> str:
    return f"zz{kind.replace(' ', '')}by{author}zz"


def expected(reader: str, column: str = "") -> set[str]:
    """The words that a reader may see: by their role, or through a door that has a column of its own."""
    found = set()
    for kind, allowed in rule().items():
        for author in AUTHORS:
            mine = author == reader and column != "their own page"
            if allowed[column or ROLES[reader]] or (mine and allowed["its author"]):
                found.add(word(kind, author))
    return found


class Notes:
    """A customer with a note of every kind by everybody who may write, who is expected at both places."""

    def __init__(self, house: House) -> None:
        self.house, self.customer = house, factories.customer(house)
        self.rows: dict[str, Note] = {}
        with acting(house, "alice") as (alice, now):
            given = {
                each: know.record_consent(
                    alice,
                    self.customer,
                    sensitive=each,
                    wording="May we?",
                    language="en",
                    how="spoken",
                    now=now,
                )
                for each in ("health", "money")
            }
        for author in AUTHORS:
            place = house.places[1] if author == "dan" else house.place
            with acting(house, author) as (actor, now):
                for kind, about in ABOUT.items():
                    text = f"{word(kind, author)} wine"
                    about_it = know.About(**about)  # type: ignore[arg-type]
                    made = know.add_note(
                        actor,
                        self.customer,
                        text=text,
                        kind="need",
                        about=about_it,
                        place=place,
                        now=now,
                    )
                    self.rows[word(kind, author)] = made
        with acting(house, "alice") as (alice, now):
            know.withdraw_consent(alice, given["money"], now=now)
        for who, place in (("carol", house.place), ("dan", house.places[1])):
            with acting(house, who) as (actor, now):
                serve.expect_visit(actor, self.customer, place, expected_at=now, now=now)


def found_in(text: str) -> set[str]:
    return set(WORD.findall(text))


Door = Callable[[Notes, Client, Caller], str]


def _page(path: str, **headers: str) -> Door:
    def ask(notes: Notes, client: Client, _token: Caller) -> str:
        return client.get(path.format(customer=notes.customer.public_id), headers=headers).content.decode()

    return ask


def _tools(notes: Notes, client: Client, _token: Caller) -> str:
    """Its page has no word of the note: that it is there at all is the answer."""
    return " ".join(
        each for each, row in notes.rows.items() if client.get(f"/notes/{row.public_id}").status_code == 200
    )


def _surprise(notes: Notes, client: Client, _token: Caller) -> str:
    plan = {"gesture": "wine", "planned_on": "2031-05-01", "audience": "alone"}
    return client.post(f"/customers/{notes.customer.public_id}/surprise", plan).content.decode()


def _capture(notes: Notes, client: Client, _token: Caller) -> str:
    said = client.post(
        "/capture/read", {"text": "likes wine", "customer": notes.customer.public_id}, headers=HTMX
    )
    made = client.post(
        "/capture", {"text": "likes rowing", "customer": notes.customer.public_id}, headers=HTMX
    )
    return said.content.decode() + made.content.decode()


def _call(path: str) -> Door:
    def ask(notes: Notes, _client: Client, token: Caller) -> str:
        return token.get(path.format(customer=notes.customer.public_id)).content.decode()

    return ask


def _each_note(notes: Notes, _client: Client, token: Caller) -> str:
    return " ".join(token.get(f"/notes/{row.public_id}").content.decode() for row in notes.rows.values())


def _all_pages(notes: Notes, _client: Client, token: Caller) -> str:
    text, cursor = "", {}
    while True:
        answer = token.get(f"/customers/{notes.customer.public_id}/notes", limit=5, **cursor)
        text += answer.content.decode()
        if answer.status_code != 200 or not (following := answer.json().get("next")):
            return text
        cursor = {"cursor": following}


def _check(notes: Notes, _client: Client, token: Caller) -> str:
    plan = {"gesture": "wine", "planned_on": "2031-05-01"}
    return token.post(f"/customers/{notes.customer.public_id}/surprises/check", plan).content.decode()


def _day(_notes: Notes, client: Client, _token: Caller) -> str:
    return client.get("/offline/day").content.decode()


WHOLE: dict[str, Door] = {
    "card": _page("/customers/{customer}"),
    "parts of the card": _page("/customers/{customer}/parts", **HTMX),
    "each note's own address": _tools,
    "API, list of notes": _all_pages,
    "API, each note": _each_note,
}
"""Doors that show all that somebody may read."""
PART: dict[str, Door] = {
    "today": _page("/"),
    "parts of Today": _page("/today/parts", **HTMX),
    "line-up": _page("/line-up"),
    "customers": _page("/customers"),
    "search": _page("/customers?q=Chen"),
    "find": _page("/find?q=Chen"),
    "arrivals": _page("/arrivals", **HTMX),
    "surprise": _surprise,
    "capture": _capture,
    "the phone's copy": _day,
    "API, customers": _call("/customers"),
    "API, one customer": _call("/customers/{customer}"),
    "API, recognise": _call("/recognise?q=Chen"),
    "API, mood": _call("/customers/{customer}/mood"),
    "API, surprise": _check,
}
"""Doors that show a part of it, or need none of it."""


def test_the_rule_speaks_of_every_kind_and_every_role() -> None:
    assert set(rule()) == set(ABOUT)
    assert {name for row in rule().values() for name in row} == {
        "its author", *ROLES.values(), "their own page", "handed out from the card",
    }  # fmt: skip
    assert len(expected("carol")) == 4 * 3 + 2  # of four authors open, quiet, sensitive; her own kept ones
    assert len(expected("erin")) == 4 * 2
    assert expected("mallory") == set()


@pytest.mark.parametrize("door", [*WHOLE, *PART])
def test_a_door_shows_everybody_what_the_rule_says(
    door: str, lake_house: House, other_house: House, browse: Browse
) -> None:
    notes, wrong = Notes(lake_house), []
    for reader in ROLES:
        home = other_house if reader == "mallory" else lake_house
        shown = found_in((WHOLE | PART)[door](notes, browse(home, reader), Caller(home, reader)))
        allowed = expected(reader)
        wrong += [f"{reader} sees {each}" for each in sorted(shown - allowed)]
        if door in WHOLE:
            wrong += [f"{reader} does not see {each}" for each in sorted(allowed - shown)]
    assert wrong == []
    nobody = (WHOLE | PART)[door](notes, Client(), _Stranger(lake_house))
    assert found_in(nobody) == set()


class _Stranger(Caller):
    """A token that nobody has made."""

    def __init__(self, _house: House) -> None:
        self.client = Client(headers={"Authorization": "Bearer rugui_" + "a" * 43})


@pytest.mark.parametrize("door", ["", "/export.json"])
def test_their_own_page_and_export_hold_what_is_theirs(door: str, lake_house: House, client: Client) -> None:
    notes = Notes(lake_house)
    with acting(lake_house, "carol") as (carol, now):
        secret = own.share_link(carol, notes.customer, now=now)
    assert found_in(client.get(f"/own/{secret}{door}").content.decode()) == expected("", "their own page")


def test_what_is_handed_out_from_the_card(lake_house: House, other_house: House, browse: Browse) -> None:
    notes = Notes(lake_house)
    for reader in ROLES:
        home = other_house if reader == "mallory" else lake_house
        answer = browse(home, reader).post(f"/customers/{notes.customer.public_id}/export", {"as": "json"})
        allowed = expected(reader, "handed out from the card") if reader == "alice" else set()
        assert found_in(answer.content.decode()) == allowed, reader


def test_the_live_stream_says_that_and_never_what(lake_house: House) -> None:
    notes = Notes(lake_house)
    by_id = {row.id: each for each, row in notes.rows.items()}
    with within(lake_house.id):
        entries = [
            entry
            for entry in JournalEntry.objects.all()
            if entry.subject_id in by_id and ".made" in entry.kind
        ]
        assert len(entries) == len(by_id)
        for entry in entries:
            kept = "keeper" in by_id[entry.subject_id or 0]
            assert concerns_screens(entry.kind) != kept
            assert not concerns_guests(entry.kind)
            assert found_in(json.dumps(entry.payload)) == set()


def test_a_customer_of_another_house_is_not_even_there(lake_house: House, other_house: House) -> None:
    notes = Notes(lake_house)
    with within(other_house.id):
        assert not Note.objects.exists()
        assert not Customer.objects.filter(id=notes.customer.id).exists()
