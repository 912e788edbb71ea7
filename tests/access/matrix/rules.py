"""From whom an address is for, to what each person is answered."""

from __future__ import annotations

from .world import FOREIGN, HERE, PEOPLE, STAFF, THERE

SIGNED_IN = STAFF | {"mallory"}
SEES = {HERE: STAFF - {"dan"}, THERE: STAFF - {"bob", "carol"}, FOREIGN: {"mallory"}}
SERVES = {where: people - {"erin"} for where, people in SEES.items()}
LEADS = {HERE: {"alice", "bob"}, THERE: {"alice"}, FOREIGN: {"mallory"}}
HOUSE = {HERE: STAFF, THERE: STAFF, FOREIGN: {"mallory"}}
LEADERS = {"alice", "bob", "mallory"}
OWNERS = {"alice", "mallory"}
HOLDS = {HERE: {"carol"}, THERE: {"alice"}, FOREIGN: {"mallory"}}

LOGIN = "sign in"
"""Sent to the page where one signs in."""
OUT = "out"
"""Sent to Today, which says that they no longer work here: they were shut out while signed in."""
OK = "ok"
Verdict = str | int


def verdict(kind: str, who: str, where: str = HERE) -> Verdict:
    """`OK`, or how `who` is refused an address of this kind about a thing of `where`."""
    if kind in {"open", "guest", "account", "door", "leave", "gone"}:
        return _outside(kind, who)
    if kind == "houses":
        return LOGIN if who == "nobody" else OK if who in HOUSE[where] else 404
    if who in {"nobody", "fired", "disabled"}:
        return {"nobody": LOGIN, "fired": OUT, "disabled": 403}[who]
    return _inside(kind, who, where)


def _outside(kind: str, who: str) -> Verdict:
    if kind == "gone":
        return 404
    if kind == "account":  # one's own way of signing in, whichever houses one works in
        return LOGIN if who == "nobody" else OK
    if kind == "leave":
        return 302 if who == "nobody" else OK
    if kind == "door":
        return OK if who == "nobody" else 302
    return OK


def _inside(kind: str, who: str, where: str) -> Verdict:
    """Not seen: 404. Seen, but not theirs to do: 403."""
    seen, may = {
        "self": (SIGNED_IN, SIGNED_IN),
        "see": (SIGNED_IN, SIGNED_IN),
        "serve": (SIGNED_IN, SIGNED_IN - {"erin"}),
        "lead": (SIGNED_IN, LEADERS),
        "own": (SIGNED_IN, OWNERS),
        "house:see": (HOUSE[where], SIGNED_IN),
        "house:serve": (HOUSE[where], SIGNED_IN - {"erin"}),
        "house:lead": (HOUSE[where], LEADERS),
        "house:own": (HOUSE[where], OWNERS),
        "place:see": (SEES[where], SIGNED_IN),
        "place:serve": (SEES[where], SERVES[where]),
        "place:lead": (SEES[where], LEADS[where]),
        "hidden:lead": (LEADS[where], SIGNED_IN),
        "people:lead": (LEADS[where] | (SIGNED_IN - LEADERS), LEADERS),
        "holder": (HOLDS[where], SIGNED_IN),
    }[kind]
    if who not in seen:
        return 404
    return OK if who in may else 403


ABOUT_A_THING = {
    "house:see", "house:serve", "house:lead", "house:own", "place:see", "place:serve", "place:lead", "hidden:lead", "people:lead", "holder", "houses",
}  # fmt: skip


def asked(kind: str) -> list[tuple[str, str]]:
    """(who, whose thing) of every question worth asking of an address."""
    everybody = [(who, HERE) for who in PEOPLE]
    if kind not in ABOUT_A_THING:
        return everybody
    there = [(who, THERE) for who in sorted(STAFF)]
    return [*everybody, *there, ("alice", FOREIGN), ("carol", FOREIGN), ("mallory", FOREIGN)]
