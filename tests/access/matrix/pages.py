"""The table of pages: one line an address. What is not here fails the test, and so does what is here in vain.

The first word says whom the address is for:

- `open` everybody, `guest` whoever holds the link in it, `door` who is not signed in yet, `account`, `leave` who is, `gone` nobody
- `self`, `see` any member of staff, `serve` who may write anywhere, `lead` who manages a place, `own` owners
- `house:see`, `house:serve`, `house:lead`, `house:own` what the whole house knows, `place:see`, `place:serve`, `place:lead` what belongs to a place
- `hidden:lead` what is not even there for others, `people:lead` people and invitations, `holder` one's own token

then come the answers to GET and POST of those who may, and what is sent. A method without an answer is 405.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from .routes import Route
from .world import FOREIGN, World


@dataclass(frozen=True)
class Page:
    kind: str
    get: int | None = None
    post: int | None = None
    sent: dict[str, str] = field(default_factory=dict)
    asks: str = ""
    """What is asked for, where the address needs a question (`?q=…`)."""
    use: dict[str, str] = field(default_factory=dict)
    """Which of the world's things stands in the address, where it is not the one named like its kind."""
    head: bool = False
    """Whether it answers HEAD as it does GET; what people read does not."""
    reveals: frozenset[str] = frozenset()
    """Circles that whoever holds the secret in the address may read."""

    @property
    def answers(self) -> dict[str, int]:
        given = (("GET", self.get), ("HEAD", self.get if self.head else None), ("POST", self.post))
        return {method: status for method, status in given if status}

    def address(self, route: Route, world: World, where: str) -> str:
        things = world.ids[where]
        values = {**things, "secret": world.secrets[where], "day": "2031-05-01", "int": "1", "str": "x"}
        values |= {name: _filled(of, world, where, values) for name, of in self.use.items()}
        return route.address(values) + self.asks

    def data(self, world: World, who: str, where: str) -> dict[str, Any]:
        """What is sent; things in it are those of `where`, or the asker's own where the address is about none."""
        values = world.ids[
            FOREIGN if who == "mallory" and self.kind in {"see", "serve", "lead", "own"} else where
        ]
        return {
            name: UPLOAD() if text == "FILE" else text.format_map(_Things(values))
            for name, text in self.sent.items()
        }


class _Things(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "{" + key + "}"


def _filled(of: str, world: World, where: str, values: dict[str, str]) -> str:
    return world.secrets[f"{of.removeprefix('secret ')} {where}"] if of.startswith("secret ") else values[of]


def UPLOAD() -> SimpleUploadedFile:  # noqa: N802
    return SimpleUploadedFile("new.csv", b"name,phone\nLin,0912000111\n")


P = Page
_PLACE = {"name": "Harbour", "timezone": "Asia/Taipei", "region": "TW"}
_HOUSE = {"name": "House", "trade": "hotel", "customer_word": "guest", "currency": "EUR", "language": "en"}
_WEEK = {**{f"day_{day}": "" for day in range(7)}, "seen": json.dumps([""] * 7)}
_RULE = {
    "kind": "call_back", "place": "{place}", "channel": "chat", "amount": "5", "unit": "minutes", "counts": "wall",
    "due_to": "owner", "tells": "due",
}  # fmt: skip
_WORDS = {
    "pack": "en", "words": "the marble rule", "instead": "Say this", "why": "So.", "marks": "Mind the marble rule.",
    "category": "style", "severity": "warning", "do": "propose",
}  # fmt: skip
_STANDARD = {"moment": "arrival", "place": "{place}", "text_en": "Stand up."}
_INCIDENT = {
    "title_en": "Water off", "began_at": "2026-01-01T10:00", "until_at": "2026-01-01T12:00", "who": "here",
}  # fmt: skip
_CASE = {"title": "Cold", "complaint": "It is cold.", "language": "en"}
_SURPRISE = {"gesture": "tea", "planned_on": "2031-05-01", "audience": "alone", "keep": "1"}
_FINDINGS = {
    "document-element": "product", "document-failure": "heating", "document-about_customer_kind": "preference",
}  # fmt: skip
_REVEALED = frozenset({"casea", "leada"})
_MINE = frozenset({"casea"})
_OWN = frozenset({"house", "placea", "placeb", "casea", "caseb", "keepera", "keeperb", "sensitive"})
"""All that is held of the customer at both places: keepers' notes too, but no talk among colleagues."""

PAGES: dict[str, Page] = {
    # machines, and the house as a whole
    "openapi-json": P("open", get=200),
    "health": P("open", get=503, head=True),  # no clock runs in these tests, and it says so
    "metrics": P("open", get=200, head=True),
    "manifest": P("open", get=200),
    "service-worker": P("open", get=200),
    "offline": P("open", get=200),
    "language": P("open", post=302, sent={"language": "en", "next": "/help"}),
    "components": P("see", get=200),
    "help": P("see", get=200),
    "choose_place": P("place:see", post=302, sent={"place": "{place}"}),
    "live_ticket": P("see", get=200),
    # ways in
    "welcome": P("gone", get=404, post=404),
    "invitation": P("guest", get=200, post=302, use={"secret": "secret invitation"}, reveals=_REVEALED,
                    sent={"name": "Gia", "password": "correct horse battery", "language": "en"}),
    "new_password": P("guest", get=200, post=302, use={"secret": "secret password"},
                      sent={"password": "correct horse battery staple"}),
    "account_login": P("door", get=200, post=200, sent={"login": "nobody@nowhere.example", "password": "x"}),
    "account_logout": P("leave", get=200, post=302),
    "account_inactive": P("open", get=200),
    "account_reauthenticate": P("account", get=200, post=200, sent={"password": "wrong"}),
    "account_change_password": P("account", get=200, post=200, sent={"oldpassword": "wrong", "password1": "x"}),
    "mfa_index": P("account", get=200),
    "mfa_authenticate": P("account", get=302, post=302),
    "mfa_reauthenticate": P("account", get=302, post=302),
    "mfa_activate_totp": P("account", get=302, post=302),
    "mfa_deactivate_totp": P("account", get=404, post=404),
    "mfa_view_recovery_codes": P("account", get=404),
    "mfa_generate_recovery_codes": P("account", get=302, post=302),
    "mfa_download_recovery_codes": P("account", get=404),
    "mfa_list_webauthn": P("account", get=200),
    "mfa_add_webauthn": P("account", get=302, post=302),
    "mfa_reauthenticate_webauthn": P("account", get=302, post=302),
    "mfa_remove_webauthn": P("account", get=302, post=302),
    "mfa_edit_webauthn": P("account", get=302, post=302),
    "mfa_login_webauthn": P("account", get=302, post=302),
    # oneself
    "choose_house": P("houses", get=200, post=302, sent={"house": "{organization}"}),
    "duty": P("serve", post=302, sent={"on": "1"}),
    "me": P("self", get=200, post=302, sent={"name": "Me", "language": "en"}),
    "tokens": P("self", get=200, post=200, sent={"label": "till", "scopes": "customers:read"}),
    "revoke_token": P("holder", post=302),
    # the house's settings
    "house_settings": P("lead", get=200),
    "organization": P("own", get=200, post=302, sent=_HOUSE),
    "new_place": P("own", get=200, post=302, sent=_PLACE),
    "place_settings": P("place:lead", get=200, post=302, sent=_PLACE),
    "place_calendar": P("place:lead", get=200, post=302, sent=_WEEK),
    "add_special_day": P("place:lead", post=302, sent={"date": "2032-01-01", "name": "New Year"}),
    "remove_special_day": P("place:lead", post=302),
    "place_staff": P("place:lead", get=200),
    "staff": P("lead", get=200),
    "invite": P("lead", get=200, post=200,
                sent={"name": "Hal", "email": "hal@new.example", "role": "staff", "place": "{place}"}),
    "staff_member": P("people:lead", get=200, post=302, sent={"place": "{place}", "role": "analyst"}),
    "disable_staff": P("people:lead", post=302),
    "enable_staff": P("people:lead", post=409),
    "password_link": P("people:lead", post=200),
    "reset_second_step": P("people:lead", post=409),
    "withdraw_invitation": P("people:lead", post=302),
    # customers
    "customers": P("see", get=200, asks="?q=zq"),
    "find": P("see", get=200, asks="?q=zq"),
    "customer-new": P("serve", get=200, post=302, sent={"name": "Lin"}),
    "customer": P("house:see", get=200),
    "customer-parts": P("house:see", get=200),
    "customer-same": P("house:serve", get=200),
    "customer-merge": P("house:serve", get=200, post=302, use={"other_id": "twin"}),
    "merge": P("house:see", get=200),
    "merge-undo": P("house:serve", post=302),
    "duplicates": P("serve", get=200),
    "duplicates-search": P("lead", post=302),
    "duplicates-stop": P("lead", post=409),
    "recognising": P("own", get=200, post=302, sent={"one_in": "1000"}),
    "duplicates-automatic": P("own", post=302, sent={"on": "1"}),
    "pair-same": P("house:serve", post=302),
    "pair-distinct": P("house:serve", post=302),
    "pair-later": P("house:serve", post=302),
    "pair-again": P("house:serve", post=302),
    "customer-edit": P("house:serve", get=200, post=302, sent={"name": "Lin"}),
    "identity-new": P("house:serve", get=200, post=302, sent={"kind": "phone", "value": "0912345679"}),
    "identity-remove": P("house:serve", post=302),
    "note-new": P("house:serve", get=200, post=302, sent={"text": "tea", "kind": "fact", "source": "said"}),
    "note-tools": P("house:see", get=200),
    "note-kind": P("house:serve", post=302, sent={"kind": "wish"}),
    "note-withdraw": P("house:serve", post=302),
    "note-restore": P("house:serve", post=409),
    "note-confirm": P("house:serve", post=302),
    "note-end": P("house:serve", post=302),
    "note-check-undo": P("house:serve", post=409, asks="?at=2026-01-01T00:00:00%2B00:00"),
    "consents": P("house:serve", get=200, post=302, sent={"sensitive": "money", "wording": "May we?", "how": "spoken"}),
    "consent-withdraw": P("house:serve", post=302),
    "surprise-new": P("house:serve", get=200, post=302, sent=_SURPRISE),
    "surprise": P("place:serve", get=200),
    "surprise-decide": P("place:serve", post=409, sent={"decision": "decline"}),
    "surprise-drop": P("place:serve", post=302),
    "surprise-again": P("place:serve", post=409),
    "call-take": P("place:serve", post=302),
    "call-is": P("place:serve", post=302),
    "call-seen-to": P("place:serve", post=409),
    "surprise-outcome": P("place:serve", post=302, sent={"outcome": "fine"}),
    "capture": P("house:serve", post=302, sent={"text": "tea", "customer": "{customer}"}),
    "capture-read": P("serve", post=200, sent={"text": "tea"}),
    "capture-agreed": P("house:serve", post=302,
                        sent={"text": "asthma", "kind": "need", "sensitive": "health", "customer": "{customer}"}),
    "capture-head": P("house:serve", post=302, sent={"customer": "{customer}", "address_as": "Dr. Chen"}),
    "capture-correct": P("house:serve", post=200, sent={"kind": "wish"}),
    "capture-people": P("see", get=200, asks="?who=zq"),
    # what is the customer's own
    "own": P("guest", get=200, post=302, use={"secret": "secret own"}, sent={"do": "correct", "text": "Tea."}, reveals=_OWN),
    "own-export": P("guest", get=200, use={"secret": "secret own"}, reveals=_OWN),
    "own-export-pdf": P("guest", get=200, use={"secret": "secret own"}, reveals=_OWN),
    "customer-export": P("house:own", post=200, sent={"as": "json"}),
    "register": P("lead", get=200),
    "register-begin": P("own", post=302),
    "register-count": P("own", post=302),
    "register-kind": P("own", get=200, post=302, use={"kind": "register kind"}, sent={"months": "1", "basis": "interest"}),
    "register-drop": P("own", post=302, use={"kind": "register kind"}),
    "own-link": P("house:serve", get=200, post=200),
    "own-link-end": P("house:serve", post=302),
    "customer-erase": P("house:lead", get=200, post=302, sent={"sure": "yes"}),
    "erasures": P("lead", get=200),
    "looking": P("own", get=200),
    # what happens at a place
    "today": P("see", get=200),
    "today-parts": P("see", get=200),
    "offline-day": P("see", get=200),
    "offline-lines": P("serve", post=422),
    "arrivals": P("see", get=200),
    "lineup": P("see", get=200),
    "lineup-held": P("serve", post=302),
    # how we do it
    "standards": P("see", get=200),
    "standards-begin": P("own", post=409),
    "standard-new": P("lead", get=200, post=302, sent=_STANDARD),
    "standard": P("place:lead", get=200, post=302, sent={"text_en": "Bow.", "seen": "1"}),
    "standard-turn": P("place:lead", post=302, sent={"do": "retire"}),
    "standards-observe": P("serve", get=200, post=422, sent={"moment": "arrival"}),
    "standards-evenly": P("lead", get=200),
    "standards-evenly-file": P("lead", get=200),
    "my-standards": P("self", get=200),
    "observation-withdraw": P("hidden:lead", post=302),
    "standards-seen": P("people:lead", get=200),
    "standards-missed": P("lead", get=200),
    "courtesy-said": P("place:serve", post=302),
    "visit-hello": P("place:serve", get=200, post=302),
    "visit-good-bye": P("place:serve", get=200, post=422),  # they are not here yet
    "visit-ask-again": P("place:serve", post=302),
    "customer-telephone": P("house:see", get=200),
    "message-new": P("house:serve", get=200, post=302,
                     sent={"who": "Lin", "customer": "{customer}", "channel": "phone", "text": "Hello"}),
    "message-answer": P("place:serve", get=200, post=302, sent={"text": "Yes.", "channel": "email"}, use={"touch": "message"}),
    "message-complaint": P("place:serve", post=302),
    "touch-new": P("house:serve", get=200, post=302, sent={"direction": "out", "channel": "phone", "text": "Called."}),
    "visit-new": P("house:serve", get=200, post=302, sent={"expected_at": "2031-01-01T10:00", "kind": "booking"}),
    "purchase-new": P("house:serve", get=200, post=302, sent={"amount": "5"}),
    "refund-new": P("house:serve", get=200, post=302, sent={"amount": "5"}),
    "visit-arrive": P("place:serve", post=302),
    "visit-begin": P("place:serve", post=422),  # a booking does not begin
    "visit-delay-told": P("place:serve", post=422),
    "visit-leave": P("place:serve", post=409),
    "visit-miss": P("place:serve", post=302),
    "visit-cancel": P("place:serve", post=302),
    "visit-undo": P("place:serve", post=409),
    # promises
    "promises": P("see", get=200),
    "promises-file": P("see", get=200),
    "promises-kept": P("see", get=200),
    "promises-kept-file": P("see", get=200),
    "promise-new": P("serve", get=200),
    "promise-in-words": P("serve", post=200, sent={"text": "I will call you by six."}),
    "promise-give": P("house:serve", get=200, post=302, sent={"wait": "30", "kind": "call_back", "text": "Towels"}),
    "promise-keep": P("place:serve", post=302),
    "promise-renegotiate": P("place:serve", get=200, post=302, sent={"wait": "30"}),
    "promise-withdraw": P("place:serve", post=302),
    "promise-pause": P("place:serve", get=200, post=302, sent={"waits_for": "thing"}, use={"promise_id": "patient"}),
    "promise-resume": P("place:serve", post=409, use={"promise_id": "patient"}),  # it does not wait yet
    "promise-take": P("place:serve", post=302, sent={"from": "{owner}"}),
    "promise-undo": P("place:serve", post=409),
    "promise-policies": P("lead", get=200),
    "promise-policy-new": P("lead", get=200, post=302, sent=_RULE),
    "promise-policy-preview": P("lead", post=200, sent=_RULE),
    "promise-policy": P("place:lead", get=200, post=302, sent=_RULE, use={"policy_id": "promisepolicy"}),
    "promise-policy-drop": P("place:lead", post=302, use={"policy_id": "promisepolicy"}),
    # what customers write, heard
    "heard": P("place:serve", get=200, post=302, sent={"what": "mood", "answer": "calm"}),
    "heard-withdraw": P("place:serve", post=302),
    "ears": P("lead", get=200, post=302, sent={"name": "Boat"}),
    "ears-topic-end": P("house:lead", post=302),
    # how the house writes
    "words-check": P("serve", post=200, sent={"text": "You failed to call."}),
    "words-answered": P("serve", post=204, sent={"taken": "en.you-failed"}),
    "words-silence": P("serve", post=204, sent={"rule": "en.you-failed"}),
    "my-words": P("self", get=200),
    "my-voice": P("self", get=200),
    "house-voice": P("lead", get=200),
    "words": P("lead", get=200),
    "words-new": P("lead", get=200, post=302, sent=_WORDS),
    "words-try": P("lead", post=200, sent=_WORDS),
    "words-import": P("lead", get=200, post=422, sent={"text": ""}),
    "words-export": P("lead", get=200, use={"pack": "pack"}),
    "words-rule": P("lead", get=200, post=422, sent={"words": ""}, use={"rule": "rule"}),
    "words-versions": P("lead", get=200),
    "words-version": P("lead", get=200),
    "words-restore": P("own", post=409),
    "words-proposal": P("house:lead", get=200),
    "words-decide": P("house:own", post=302, sent={"do": "approve"}),
    # cases
    "cases": P("see", get=200),
    "case-new": P("serve", get=200),
    "case-open": P("house:serve", get=200, post=302, sent=_CASE),
    "case-open-touch": P("place:serve", get=200, post=302, sent=_CASE),
    "case": P("place:see", get=200),
    "case-say": P("place:serve", post=302, sent={"text": "Soon.", "kind": "message"}),
    "case-talk": P("place:serve", post=302, sent={"text": "He is cross."}),
    "case-review": P("place:serve", get=200, post=409, sent={"review-text": "Cold."}),
    "case-document": P("place:serve", get=200, post=409, sent=_FINDINGS),
    "case-take": P("place:serve", post=302, sent={"from": "{owner}"}),
    "case-delight": P("place:serve", get=200, post=409, sent={"delight-text": "Tea."}),
    "case-share": P("place:serve", get=200, post=302, sent={"share-lesson": "Look first."}),
    "case-skip": P("place:serve", post=302, sent={"skip-step": "follow_up", "skip-why": "They moved away."}),
    "case-more": P("place:serve", get=200),
    "case-choices": P("place:serve", post=302, sent={"choices-first": "Tea", "choices-second": "Cake"}),
    "case-choices-end": P("place:serve", post=302),
    "case-apology": P("place:serve", post=200, sent={"text": "We are sorry."}),
    "case-hand-over": P("place:serve", post=409, sent={"hand-to": "{colleague}", "hand-note": "Going home."}),
    "case-alarm": P("place:serve", post=302, sent={"alarm-kind": "injury"}),
    "hand-over-accept": P("place:serve", post=302),
    "hand-over-decline": P("place:serve", post=302),
    "hand-over-withdraw": P("place:serve", post=302),
    "alarm-confirm": P("place:serve", post=302),
    "alarm-dismiss": P("place:serve", post=302),
    "case-rules": P("own", get=200, post=302, sent={"kind": "injury", "injury-level": "owner"}),
    "lesson-read": P("house:serve", post=302),
    "case-link": P("place:serve", post=200),
    "case-link-end": P("place:serve", post=302),
    "case-close": P("place:serve", post=422),
    "case-close-undo": P("place:serve", post=409),
    "case-reopen": P("place:serve", post=409),
    "case-remedies": P("place:see", get=200),
    "remedy-give": P("place:serve", post=302, sent={"remedy": "{remedy}", "do": "give"}),
    "remedy-something": P("place:serve", get=200, post=302, sent={"part": "extra", "name": "Tea", "amount": "1", "do": "ask"}),
    "remedy-offer": P("place:serve", post=422, sent={"remedy": "{remedy}"}),
    "case-weigh": P("place:serve", post=302, sent={"severity": "1"}),
    "given-take-back": P("place:serve", post=302),
    "given-story": P("place:serve", get=200, post=422, sent={"story": ""}),
    "leave-decide": P("place:serve", post=409, sent={"decision": "later"}),
    "charge-decide": P("place:serve", post=302, sent={"do": "stand"}),
    "remedies": P("lead", get=200),
    "remedies-begin": P("own", post=409),
    "remedy-new": P("lead", get=200, post=422, sent={"name_en": ""}),
    "remedy-edit": P("place:lead", get=200, post=422, sent={"name_en": ""}),
    "remedy-withdraw": P("place:lead", post=302),
    "remedy-restore": P("place:lead", post=409),
    "trust": P("own", get=200, post=302, sent={"ask_minutes": "10", "staff_per_case": "100"}),
    "unusual": P("own", get=200),
    "my-trust": P("self", get=200),
    "came-back": P("lead", get=200),
    "practise": P("self", get=200, post=302, sent={"scenario": "cold-room", "language": "en"}),
    "practice": P("holder", get=200, post=409, sent={"text": "I am sorry.", "count": "0"}),
    "practice-share": P("holder", post=302, sent={"do": "forget"}),
    "incident-new": P("serve", get=200, post=302, sent=_INCIDENT),
    "incident": P("place:see", get=200),
    "incident-change": P("place:serve", get=200, post=302, sent=_INCIDENT),
    "incident-progress": P("place:see", get=200),
    "incident-statement": P("place:lead", get=200, post=302, sent={"text_en": "We are sorry."}),
    "incident-join": P("place:serve", post=302),
    "incident-order": P("place:lead", get=200, post=302, sent={"text_en": "Sorry.", "next_at": "{soon_there}", "do": "go"},
                        use={"str": "incident_kind"}),
    "incident-turn": P("place:lead", post=409, sent={"do": "go-on"}),
    "incident-hit": P("place:serve", post=302, sent={"do": "leave-out"}),
    "guest-case": P("guest", get=200, post=302, sent={"text": "Thank you."}, reveals=_MINE),
    "guest-ticket": P("guest", get=200, reveals=_MINE),
    # files that come in
    "imports": P("lead", get=200, post=302, sent={"subject": "customers", "place": "{place}", "file": "FILE"}),
    "import_run": P("hidden:lead", get=200, post=422, sent={"encoding": "none"}),
    "import_progress": P("hidden:lead", get=200),
    "try_import": P("hidden:lead", post=302),
    "start_import": P("hidden:lead", post=302),
    "stop_import": P("hidden:lead", post=409),
    "discard_import": P("hidden:lead", post=302),
    "rejected_rows": P("hidden:lead", get=200, use={"importrun": "done"}),
}  # fmt: skip

FOR_MACHINES = {"api-root": "the door of the API; see calls.py"}
"""Addresses of the URL configuration that another table is about."""
