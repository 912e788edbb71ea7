"""The table of the API: one line an operation. What is not here fails the test, and so does what is here in vain.

First the scope that the token needs, then whom the call is for (as in pages.py), what it is answered, and what is sent.
A thing that the body names and the caller does not see is a wrong field (422), not a missing address (404).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from .pages import _Things
from .routes import Call
from .world import FOREIGN, World


@dataclass(frozen=True)
class Line:
    scope: str
    kind: str
    status: int
    body: dict[str, Any] | None = field(default=None)
    asks: str = ""
    unseen: int = 404
    words: dict[str, str] = field(default_factory=dict)
    """Words in the address that are not ids."""

    def address(self, call: Call, world: World, where: str) -> str:
        return call.address({**world.ids[where], **self.words}) + self.asks

    def sent(self, world: World, who: str, where: str) -> Any:
        mine = who == "mallory" and self.kind in {"see", "serve"}
        return _filled(self.body, _Things(world.ids[FOREIGN if mine else where])) if self.body else None


def _filled(value: Any, things: dict[str, str]) -> Any:
    if isinstance(value, str):
        return value.format_map(things)
    if isinstance(value, list):
        return [_filled(each, things) for each in value]
    return {name: _filled(each, things) for name, each in value.items()} if isinstance(value, dict) else value


L = Line
_CONSENT = {"sensitive": "money", "wording": "May we?", "language": "en", "how": "spoken"}
_PLAN = {"gesture": "tea", "planned_on": "2031-05-01"}
_SAY = {"text": "Soon."}
_AT = {"customer": "{customer}", "place": "{place}"}
_LATER = "{later}"
_REMEDY = {
    "names": {"en": "Tea"},
    "part": "extra",
    "form": "treat",
    "cost": 1,
    "value": 3,
    "place": "{place}",
}
_SOON = "{soon}"
_INCIDENT = {
    "titles": {"en": "Water off"}, "began_at": "2026-01-01T00:00:00Z", "until_at": "2026-01-02T00:00:00Z", "place": "{place}",
}  # fmt: skip
_FINDINGS = {"element": "product", "failure": "heating"}
_FROM = {
    "channel": "email",
    "identities": [{"kind": "email", "value": "a@new.example"}],
    "text": "Hello",
    "place": "{place}",
}

CALLS: dict[str, Line] = {
    "me": L("", "self", 200),
    "list_customers": L("customers:read", "see", 200),
    "find_customers": L("customers:read", "see", 200, asks="?q=zq"),
    "recognise_customer": L("customers:read", "see", 200, asks="?q=zq"),
    "get_recognition": L("customers:read", "own", 200),
    "set_recognition": L("customers:write", "own", 200, {"false_link_rate": 0.001}),
    "add_customer": L("customers:write", "serve", 201, {"name": "Lin"}),
    "get_customer": L("customers:read", "house:see", 200),
    "change_customer": L("customers:write", "house:serve", 200, {"name": "Lin"}),
    "add_identity": L("customers:write", "house:serve", 201, {"kind": "phone", "value": "0912345679"}),
    "remove_identity": L("customers:write", "house:serve", 204),
    "list_notes": L("notes:read", "house:see", 200),
    "add_note": L("notes:write", "house:serve", 201, {"text": "tea"}),
    "understand_line": L("notes:write", "serve", 200, {"text": "tea"}),
    "get_note": L("notes:read", "house:see", 200),
    "correct_note": L("notes:write", "house:serve", 200, {"kind": "wish"}),
    "withdraw_note": L("notes:write", "house:serve", 204),
    "confirm_note": L("notes:write", "house:serve", 200),
    "end_note": L("notes:write", "house:serve", 200),
    "get_mood": L("notes:read", "house:see", 200),
    "list_consents": L("notes:read", "house:see", 200),
    "record_consent": L("notes:write", "house:serve", 201, _CONSENT),
    "withdraw_consent": L("notes:write", "house:serve", 204),
    "check_surprise": L("notes:write", "house:serve", 200, _PLAN),
    "propose_surprise": L("notes:write", "house:serve", 201, _PLAN),
    "get_surprise": L("notes:read", "place:serve", 200),
    "decide_surprise": L("notes:write", "place:serve", 409, {"approve": False}),
    "end_surprise": L("notes:write", "place:serve", 200, {"outcome": "fine"}),
    "list_merges": L("customers:read", "see", 200),
    "merge_customers": L("customers:write", "house:serve", 201, {"source": "{twin}", "survivor": "{customer}"}, unseen=422),
    "undo_merge": L("customers:write", "house:serve", 200),
    "list_pairs": L("customers:read", "see", 200),
    "decide_pair": L("customers:write", "house:serve", 200, words={"decision": "distinct"}),
    "list_touches": L("touches:read", "see", 200),
    "record_touch": L("touches:write", "place:serve", 201, {**_AT, "channel": "phone", "direction": "in"}, unseen=422),
    "get_touch": L("touches:read", "place:see", 200),
    "settle_touch": L("touches:write", "place:serve", 200),
    "list_heard": L("touches:read", "see", 200),
    "get_heard": L("touches:read", "place:see", 200),
    "list_corrections": L("touches:read", "place:see", 200),
    "correct_heard": L("touches:write", "place:serve", 201, {"what": "mood", "answer": "calm"}),
    "withdraw_correction": L("touches:write", "place:serve", 204),
    "list_topics": L("touches:read", "see", 200),
    "add_topic": L("touches:write", "lead", 201, {"name": "Boat"}),
    "end_topic": L("touches:write", "house:lead", 204),
    "list_visits": L("visits:read", "see", 200),
    "expect_visit": L("visits:write", "place:serve", 201, {**_AT, "expected_at": _LATER}, unseen=422),
    "get_visit": L("visits:read", "place:see", 200),
    "move_visit": L("visits:write", "place:serve", 200, words={"move": "arrive"}),
    "list_purchases": L("purchases:read", "see", 200),
    "record_purchase": L("purchases:write", "place:serve", 201, {**_AT, "amount": 500, "currency": "EUR"}, unseen=422),
    "record_refund": L("purchases:write", "place:serve", 201,
                       {**_AT, "amount": 500, "currency": "EUR", "refund_of": "{purchase}"}, unseen=422),
    "get_purchase": L("purchases:read", "place:see", 200),
    "list_promises": L("promises:read", "see", 200),
    "give_promise": L("promises:write", "place:serve", 201,
                      {**_AT, "kind": "call_back", "text": "Towels", "due_at": _LATER}, unseen=422),
    "promises_kept": L("promises:read", "see", 200),
    "let_wait": L("promises:write", "place:serve", 422, {"waits_for": "answer"}),  # of a kind that does not wait
    "get_promise": L("promises:read", "place:see", 200),
    "renegotiate": L("promises:write", "place:serve", 201, {"due_at": _LATER}),
    "end_promise": L("promises:write", "place:serve", 200, words={"end": "keep"}),
    "list_cases": L("cases:read", "see", 200),
    "open_case": L("cases:write", "place:serve", 201, {**_AT, "title": "Cold"}, unseen=422),
    "get_case": L("cases:read", "place:see", 200),
    "apologise": L("cases:write", "place:serve", 200, _SAY),
    "review": L("cases:write", "place:serve", 200, _SAY),
    "report": L("cases:write", "place:serve", 200, _SAY),
    "solve": L("cases:write", "place:serve", 200, _SAY),
    "write": L("cases:write", "place:serve", 200, _SAY),
    "document": L("cases:write", "place:serve", 200, _FINDINGS),
    "delight": L("cases:write", "place:serve", 200, _SAY),
    "share": L("cases:write", "place:serve", 200, {"lesson": "Look first."}),
    "skip": L("cases:write", "place:serve", 200, {"step": "follow_up", "why": "They moved away."}),
    "hand_over": L("cases:write", "place:serve", 409, {"to": "{colleague}", "note": "Going home."}),
    "accept_hand_over": L("cases:write", "place:serve", 200),
    "decline_hand_over": L("cases:write", "place:serve", 200, {"answer": "Busy."}),
    "withdraw_hand_over": L("cases:write", "place:serve", 200),
    "raise_alarm": L("cases:write", "place:serve", 200, {"kind": "injury"}),
    "decide_alarm": L("cases:write", "place:serve", 200, words={"kind": "media", "decision": "confirm"}),
    "offer_choices": L("cases:write", "place:serve", 200, {"choices": [{"text": "Tea"}, {"text": "Cake"}]}),
    "withdraw_choices": L("cases:write", "place:serve", 200),
    "list_seniority": L("cases:read", "see", 200),
    "set_seniority": L("cases:write", "own", 200, {"level": "owner"}, words={"kind": "injury"}),
    "close": L("cases:write", "place:serve", 422),
    "reopen": L("cases:write", "place:serve", 409),
    "take": L("cases:write", "place:serve", 200),
    "list_talk": L("cases:read", "place:see", 200),
    "talk": L("cases:write", "place:serve", 201, _SAY),
    "share_link": L("cases:write", "place:serve", 201),
    "revoke_link": L("cases:write", "place:serve", 204),
    "list_incidents": L("cases:read", "see", 200),
    "open_incident": L("cases:write", "place:serve", 201, _INCIDENT, unseen=422),
    "get_incident": L("cases:read", "place:see", 200),
    "list_hits": L("cases:read", "place:see", 200),
    "join_incident": L("cases:write", "place:serve", 201, {"customer": "{customer}"}),
    "decide_hit": L("cases:write", "place:serve", 200, words={"decision": "leave-out"}),
    "list_newcomers": L("cases:read", "place:see", 200),
    "order_for_all": L("cases:write", "place:lead", 202, {"texts": {"en": "Sorry."}, "next_at": _SOON}, words={"kind": "tell"}),
    "turn_task": L("cases:write", "place:lead", 409, words={"turn": "go-on"}),
    "state_publicly": L("cases:write", "place:lead", 201, {"texts": {"en": "We are sorry."}}),
    "list_remedies": L("cases:read", "see", 200),
    "add_remedy": L("cases:write", "place:lead", 201, _REMEDY, unseen=422),
    "withdraw_remedy": L("cases:write", "place:lead", 204),
    "case_remedies": L("cases:read", "place:see", 200),
    "give_remedy": L("cases:write", "place:serve", 201, {"remedy": "{remedy}"}),
    "ask_leave": L("cases:write", "place:serve", 201, {"name": "Tea", "amount": 5}),
    "decide_leave": L("cases:write", "place:serve", 404, words={"decision": "later"}),
    "take_back": L("cases:write", "place:serve", 200),
    "tell_story": L("cases:write", "place:serve", 422, {"story": " ", "outcome": "fine"}),
    "decide_charge": L("cases:write", "place:serve", 200, {}, words={"decision": "stand"}),
    "my_trust": L("cases:read", "see", 200),
    "set_trust": L("cases:write", "own", 204, {"staff": {}, "manager": {}, "owner": {}}),
    "check_words": L("language:read", "serve", 200, {"text": "You failed to call."}),
    "list_rules": L("language:read", "lead", 200),
    "list_proposals": L("language:read", "lead", 200),
    "propose_rules": L("language:write", "lead", 201, {"changes": [{"pack": "en", "name": "you-failed"}]}),
    "decide_proposal": L("language:write", "house:own", 200, words={"decision": "approve"}),
    "list_versions": L("language:read", "lead", 200),
    "get_version": L("language:read", "lead", 200, words={"number": "1"}),
    "restore_version": L("language:write", "own", 409, words={"number": "1"}),
    "get_pack": L("language:read", "lead", 200, words={"pack": "en"}),
    "bring_pack": L("language:write", "lead", 200, {"text": "rules: []\nlanguage: en"}),
    "hear_call": L("calls:write", "place:serve", 200, {"id": "new", "event": "ringing", "number": "0912345678", "place": "{place}"},
                   unseen=422),
    "list_calls": L("calls:read", "see", 200),
    "get_call": L("calls:read", "place:see", 200),
    "get_register": L("register:read", "lead", 200),
    "begin_register": L("register:write", "own", 200),
    "count_register": L("register:write", "own", 200),
    "get_register_kind": L("register:read", "own", 200, words={"kind": "note"}),
    "decide_register_kind": L("register:write", "own", 200, {"months": 12, "basis": "interest"}, words={"kind": "note"}),
    "drop_register_kind": L("register:write", "own", 202, words={"kind": "note"}),
    "list_standards": L("standards:read", "see", 200),
    "add_standard": L("standards:write", "place:lead", 201, {"moment": "arrival", "place": "{place}", "words": {"en": {"text": "Bow."}}},
                      unseen=422),
    "begin_standards": L("standards:write", "own", 409),
    "get_standard": L("standards:read", "place:see", 200),
    "change_standard": L("standards:write", "place:lead", 200, {"words": {"en": {"text": "Bow."}}, "version": 1}),
    "retire_standard": L("standards:write", "place:lead", 200),
    "restore_standard": L("standards:write", "place:lead", 409),
    "list_observations": L("standards:read", "see", 200),
    "make_observation": L("standards:write", "place:serve", 201, {"staff": "{staff}", "moment": "arrival", "place": "{place}",
                          "marks": [{"standard": "{standard}", "mark": "kept"}]}, unseen=422),
    "get_observation": L("standards:read", "hidden:lead", 200),
    "withdraw_observation": L("standards:write", "hidden:lead", 204),
    "evenly_kept": L("standards:read", "lead", 200),
    "list_courtesies": L("standards:read", "lead", 200),
    "note_courtesy": L("standards:write", "place:serve", 201, {"visit": "{visit}", "moment": "arrival"}, unseen=422),
    "ask_again": L("standards:write", "place:serve", 201, {"visit": "{visit}"}, unseen=422),
    "note_courtesy_later": L("standards:write", "place:serve", 200),
    "receive_message": L("messages:write", "place:serve", 201, _FROM, unseen=422),
}  # fmt: skip

NOT_A_TOKEN = (None, "expired", "revoked", "fired", "disabled", "a case's link", "invented")
"""What does not open the API's door: nothing, what no longer counts, what is a key to something else."""
