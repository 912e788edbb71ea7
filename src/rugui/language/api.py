"""How the house writes, over the API: a draft is checked, rules are read, proposed, put to use and taken back."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from ninja import Field, Path, Schema, Status
from pydantic import StrictFloat

from ..core.errors import InputError, NotFound
from ..engines.coach import Context
from ..engines.coach.rules import CHANNELS, MOODS, OCCASIONS
from ..house.apikit import (
    ApiRequest,
    Brief,
    Input,
    Line,
    Prose,
    PublicId,
    Scope,
    StrictBool,
    room_router,
    row,
)
from . import access, actions, checking, files, packs, queries, telling
from .actions import Change
from .models import LexiconProposal, LexiconVersion
from .packs import Body, Known

language = room_router("language")

Number = Annotated[int, Path(ge=1, le=2_000_000_000)]
Pack = Literal["en", "zh", "zh-hant", "zh-hans", "vale"]
OwnPack = Literal["en", "zh", "zh-hant", "zh-hans"]
Script = Literal["", "en", "zh-Hant", "zh-Hans"]


class DraftIn(Input):
    """What is about to be written to a customer, and what is known about it. What is not known counts as anything."""

    text: Prose
    occasions: list[Literal[OCCASIONS]] = Field([], max_length=14)  # type: ignore[valid-type]
    channel: Literal["", *CHANNELS] = ""  # type: ignore[valid-type]
    mood: Literal["", *MOODS] = Field("", description="Of the reader.")  # type: ignore[valid-type]
    region: Brief = Field("", description="Of the reader: TW, HK, CN, GB, US …")
    language: Script = Field("", description="Of the text; told by its characters otherwise.")
    explain_in: Script = Field("", description="Of the reasons; that of the text otherwise.")
    name: Brief = Field("", description="How the customer wishes to be addressed, for better wordings.")
    certain: StrictFloat = Field(
        checking.CERTAIN, ge=0, le=1, description="Marks less certain than this are left out."
    )


class WayOut(Schema):
    text: str
    start: int
    end: int
    open: list[list[int]] = Field(description="Parts of `text` that the writer fills in.")
    advice: bool = Field(description="It is said, not put in: start and end are equal.")


class MarkOut(Schema):
    """Words that a good house would not say. `start` and `end` count UTF-16 units, as JavaScript and Java do."""

    rule: str
    start: int
    end: int
    words: str
    category: str
    kind: str
    severity: Literal["suggestion", "warning", "error"]
    message: str
    why: str
    certainty: float = Field(description="How often such a mark is right.")
    missing: bool = Field(description="Nothing is wrong there; something is missing.")
    ways: list[WayOut]


class CheckOut(Schema):
    version: int = Field(description="Of the house's rules; 0: the starter rules as they come.")
    grave: bool = Field(description="Whether a person should see it once more before it is sent.")
    marks: list[MarkOut]


class RuleOut(Schema):
    key: str = Field(description="`pack.name`.")
    pack: str
    name: str
    category: str
    severity: str
    off: bool
    own: bool = Field(description="Whether the house has changed or made it.")
    starter: bool
    why: dict[str, str]
    rather: dict[str, list[str]]
    words: list[str]
    shown: int = Field(description="How often it marked something in the last 90 days.")
    taken: int
    wrong: int = Field(description="How often colleagues called it a false alarm.")


class RulesOut(Schema):
    version: int
    items: list[RuleOut]


class ChangeIn(Input):
    """A rule as it stands in a file; without `body` the starter's own words again, or gone if it is the house's own."""

    pack: Pack
    name: Line
    body: dict[str, Any] | None = None


class ProposalIn(Input):
    changes: list[ChangeIn] = Field(min_length=1, max_length=200)
    note: Line = ""
    use: StrictBool = Field(False, description="Put to use at once, by who leads every place.")


class ProposalOut(Schema):
    id: PublicId
    state: LexiconProposal.State
    note: str
    changes: list[dict[str, Any]]
    proposed_at: datetime
    proposed_by: str | None
    decided_at: datetime | None


class VersionOut(Schema):
    number: int
    made_at: datetime
    made_by: str | None
    note: str
    restores: int | None


class WholeVersionOut(VersionOut):
    rules: dict[str, list[dict[str, Any]]]


class PackIn(Input):
    text: Annotated[str, Field(max_length=files.LARGEST)] = Field(
        description="A file of rules, of ours or of Vale."
    )
    name: Line = Field("pack.yaml", description="Its name; of a file of Vale `Style/Rule.yml`.")
    replace: StrictBool = Field(
        False, description="Drop the house's own rules of its pack that it does not name."
    )
    use: StrictBool = Field(False, description="Put to use at once, by who leads every place.")


class RefusalOut(Schema):
    file: str
    rule: str
    why: str


class TakenOut(Schema):
    taken: int
    refused: list[RefusalOut]
    proposal: PublicId | None
    version: int | None


class FileOut(Schema):
    text: str


@language.post(
    "/check",
    response=CheckOut,
    auth=Scope("language", verb="read"),
    summary="Read a draft by the house's rules",
)
def check_words(request: ApiRequest, body: DraftIn) -> dict[str, Any]:
    """Before it is sent. Nothing is kept. What the token's owner has silenced for themselves is left out."""
    known = [("writer", request.staff.name), *([("name", body.name)] if body.name.strip() else [])]
    context = Context(
        language=body.language, occasions=frozenset(body.occasions), channel=body.channel, mood=body.mood,
        region=body.region, explain_in=body.explain_in, known=tuple(known), certain=body.certain,
    )  # fmt: skip
    read = checking.check(request.actor, body.text, context, today=request.now.date())
    grave = any(mark.severity == "error" for mark in read.marks)
    return {
        "version": read.version,
        "grave": grave,
        "marks": [telling.mark(each, body.text) for each in read.marks],
    }


@language.get("/rules", response=RulesOut, summary="Every rule that holds or is switched off")
def list_rules(request: ApiRequest, pack: Pack | None = None, category: str = "") -> dict[str, Any]:
    request.actor.must_lead_somewhere()
    version = queries.current()
    counts = queries.tallies(request.now.date())
    rows = [
        _rule(each, counts)
        for each in packs.known(queries.own(version)).values()
        if each.shown and pack in (None, each.pack) and category in ("", each.shown.category)
    ]
    return {"version": version.number if version else 0, "items": rows}


def _rule(known: Known, counts: queries.Counts) -> dict[str, Any]:
    rule, said = known.shown, counts.get(known.key, {})
    assert rule is not None  # asked of those that have one
    return {
        "key": known.key, "pack": known.pack, "name": known.name, "category": rule.category, "severity": rule.severity.value,
        "off": known.off, "own": known.own is not None, "starter": known.base is not None, "why": dict(rule.why),
        "rather": {each: list(ways) for each, ways in rule.rather.items()},
        "words": [token.pattern.source for token in rule.tokens],
        "shown": said.get("shown", 0), "taken": said.get("taken", 0), "wrong": queries.wrong(said),
    }  # fmt: skip


@language.get("/proposals", response=list[ProposalOut], summary="What waits to be decided")
def list_proposals(request: ApiRequest) -> list[dict[str, Any]]:
    request.actor.must_lead_somewhere()
    return [_proposal(each) for each in queries.proposals()]


@language.post("/proposals", response={201: ProposalOut}, summary="Propose changes of rules")
def propose_rules(request: ApiRequest, body: ProposalIn) -> Status[dict[str, Any]]:
    """All of them or, when one is not in order, none; the problem names what is wrong."""
    changes = [Change(each.pack, each.name, _body(each)) for each in body.changes]
    made = actions.propose(request.actor, changes, note=body.note, now=request.now)
    if body.use:
        actions.approve(request.actor, made, now=request.now)
    return Status(201, _proposal(access.proposal(request.actor, made.id)))


def _body(change: ChangeIn) -> Body | None:
    return None if change.body is None else {**change.body, "id": change.name}


@language.post(
    "/proposals/{proposal_id}/{decision}", response=ProposalOut, summary="Put a proposal to use, or not"
)
def decide_proposal(
    request: ApiRequest, proposal_id: PublicId, decision: Literal["approve", "decline"]
) -> dict[str, Any]:
    found = access.proposal(request.actor, row("lexiconproposal", proposal_id))
    decide = actions.approve if decision == "approve" else actions.decline
    decide(request.actor, found, now=request.now)
    return _proposal(access.proposal(request.actor, found.id))


def _proposal(found: LexiconProposal) -> dict[str, Any]:
    return {
        "id": found.public_id, "state": found.state, "note": found.note, "changes": found.changes,
        "proposed_at": found.proposed_at, "proposed_by": found.proposed_by.name if found.proposed_by else None,
        "decided_at": found.decided_at,
    }  # fmt: skip


@language.get("/versions", response=list[VersionOut], summary="Every version there has been, newest first")
def list_versions(request: ApiRequest) -> list[dict[str, Any]]:
    request.actor.must_lead_somewhere()
    return [_version(each) for each in queries.versions()]


@language.get(
    "/versions/{number}", response=WholeVersionOut, summary="What the house had of its own in a version"
)
def get_version(request: ApiRequest, number: Number) -> dict[str, Any]:
    found = access.version(request.actor, number)
    return {**_version(found), "rules": found.rules}


@language.post("/versions/{number}/restore", response=VersionOut, summary="Back to a version, as a new one")
def restore_version(request: ApiRequest, number: Number) -> dict[str, Any]:
    return _version(actions.restore(request.actor, access.version(request.actor, number), now=request.now))


def _version(found: LexiconVersion) -> dict[str, Any]:
    return {
        "number": found.number, "made_at": found.made_at, "made_by": found.made_by.name if found.made_by else None,
        "note": found.note, "restores": found.restores,
    }  # fmt: skip


@language.get("/packs/{pack}", response=FileOut, summary="The house's own rules of a pack, as a file")
def get_pack(request: ApiRequest, pack: str) -> dict[str, str]:
    request.actor.must_lead_somewhere()
    if pack not in packs.PACKS:
        raise NotFound
    standing = queries.current()
    number, house = (standing.number if standing else 1), request.staff.organization.name
    return {"text": files.out(queries.own(standing), pack, house=house, version=number)}


@language.post("/packs", response=TakenOut, summary="Bring rules as a file")
def bring_pack(request: ApiRequest, body: PackIn) -> dict[str, Any]:
    """Rules that are in order go through, the others come back with the reason."""
    request.actor.must_lead_somewhere()
    standing = queries.current()
    try:
        content = body.text.encode()
    except UnicodeEncodeError as error:
        raise InputError({"text": str(error)}) from error
    incoming = files.take([(body.name, content)], queries.own(standing), replace=body.replace)
    answer: dict[str, Any] = {
        "taken": len(incoming.changes), "refused": [vars_of(each) for each in incoming.refusals], "proposal": None, "version": None,
    }  # fmt: skip
    if incoming.changes:
        made = actions.propose(request.actor, incoming.changes, now=request.now)
        answer["proposal"] = made.public_id
        if body.use:
            answer["version"] = actions.approve(request.actor, made, now=request.now).number
    return answer


def vars_of(refusal: files.Refusal) -> dict[str, str]:
    return {"file": refusal.file, "rule": refusal.rule, "why": refusal.why}
