"""Remedies, trust and first aid over the API: the same taps as at the desk."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from ninja import Field, Schema, Status
from pydantic import StringConstraints

from ...core.errors import InputError, NotFound
from ...core.ids import public_id
from ...core.money import Money
from ...house.access import Role, places
from ...house.apikit import (
    ApiRequest,
    Brief,
    Currency,
    Input,
    Line,
    Minor,
    PublicId,
    Speech,
    place_of,
    reference,
    room_router,
    row,
)
from .. import access
from ..models import Case
from ..trust import books, leave, limits
from ..trust.models import Leave, Part
from ..worth import firstaid, value
from ..worth.models import HeldCharge
from . import catalogue, giving, suggesting, words
from .models import Form, Given, Injustice, Remedy
from .views import given as given_row

remedies = room_router("cases")

Topic = Annotated[str, StringConstraints(strict=True, max_length=20, pattern=r"^[a-z]*$")]
Rate = Annotated[str, StringConstraints(strict=True, pattern=r"^[0-9]{1,8}(\.[0-9]{1,8})?$")]


class MoneyOut(Schema):
    amount: int
    currency: str


class RemedyOut(Schema):
    id: PublicId
    names: dict[str, str]
    part: Part
    form: Form
    cost: int
    value: int
    currency: str
    lead_minutes: int
    role: str
    place: PublicId | None
    elements: list[Case.Element]
    injustices: list[Injustice]
    failures: list[str]
    contents: list[str]
    offered: bool


class NamesIn(Input):
    """By language; one is enough."""

    en: Brief = ""
    zh_hant: Brief = Field("", alias="zh-hant")
    zh_hans: Brief = Field("", alias="zh-hans")


class RemedyIn(Input):
    names: NamesIn
    part: Literal["due", "extra"]
    form: Form
    cost: Minor = Field(description="To the house, in minor units of its currency.")
    value: Minor = Field(description="To the customer, as they see it.")
    lead_minutes: Minor = Field(0, description="Until it is there.")
    role: Literal["staff", "manager", "owner"] = "staff"
    place: PublicId | None = Field(
        None, description="Only there; without it at every place, for who leads them all."
    )
    elements: list[Case.Element] = Field([], max_length=4)
    injustices: list[Injustice] = Field([], max_length=3)
    failures: list[Brief] = Field([], max_length=30)
    contents: list[Topic] = Field([], max_length=30)


class GivenOut(Schema):
    id: PublicId
    part: Part
    name: str
    cost: MoneyOut
    by: str | None
    at: datetime
    taken_back: bool
    outcome: str
    story: str


class SuggestionOut(Schema):
    remedy: PublicId
    name: str
    cost: MoneyOut
    value: MoneyOut
    score: float
    why: list[str]
    may: bool = Field(description="Whether your trust reaches; otherwise ask.")
    lift: str = Field(description="What it must do to pay, beside what the customer is likely worth.")


class RuledOutOut(Schema):
    remedy: PublicId
    name: str
    why: str


class StakeOut(Schema):
    low: MoneyOut
    middle: MoneyOut
    high: MoneyOut
    purchases: int
    assumed: bool = Field(description="Whether the margin is only assumed.")


class LeaveOut(Schema):
    id: PublicId
    case: PublicId
    part: Part
    name: str
    amount: MoneyOut
    state: Leave.State
    asked_by: str
    asked_at: datetime
    decides_at: datetime | None = Field(
        description="When the rule decides for the customer; null when only a person may."
    )


class ChargeOut(Schema):
    id: PublicId
    purchase: PublicId
    amount: MoneyOut
    about: str
    state: HeldCharge.State


class RightOut(Schema):
    """All that stands on the page of a case about making it right."""

    due: list[SuggestionOut]
    extra: list[SuggestionOut]
    ruled_out: list[RuledOutOut]
    learning: str
    left: int | None = Field(description="What you may still give here without asking; null is no limit.")
    currency: str
    stake: StakeOut | None
    given: list[GivenOut]
    leaves: list[LeaveOut]
    charges: list[ChargeOut]


class GiftIn(Input):
    """A remedy of the catalogue, or something else with its name and cost."""

    remedy: PublicId | None = None
    part: Literal["due", "extra"] = "extra"
    name: Line = ""
    amount: Minor = 0
    paid_in: Currency | None = Field(
        None, description="Another currency that `amount` is in; then `rate` is needed."
    )
    rate: Rate | None = Field(None, description="What one whole unit of it is in the house's currency.")


class StoryIn(Input):
    story: Speech
    outcome: Given.Outcome


class RateIn(Input):
    rate: Rate | None = None


class BalanceOut(Schema):
    """Your own."""

    currency: str
    spent: int = Field(description="This month.")
    left: int | None = Field(description="This month; null is no limit.")
    per_case: int | None
    trusted: bool


class LimitIn(Input):
    per_case: Minor | None = None
    per_month: Minor | None = None


class TrustBody(Input):
    staff: LimitIn
    manager: LimitIn
    owner: LimitIn


@remedies.get("/remedies", response=list[RemedyOut], summary="What the house can do to make something right")
def list_remedies(request: ApiRequest) -> list[dict[str, Any]]:
    rows = Remedy.objects.select_related("place").order_by("id")
    return [_remedy(each) for each in rows if each.place_id is None or request.actor.sees(each.place_id)]


@remedies.post("/remedies", response={201: RemedyOut}, summary="Add a remedy")
def add_remedy(request: ApiRequest, given: RemedyIn) -> Status[dict[str, Any]]:
    place = place_of(request.actor, given.place) if given.place else None
    new = catalogue.NewRemedy(
        names={"en": given.names.en, "zh-hant": given.names.zh_hant, "zh-hans": given.names.zh_hans},
        part=given.part, form=given.form, cost=given.cost, value=given.value, lead_minutes=given.lead_minutes,
        role=Role(given.role), place_id=place.id if place else None, elements=tuple(given.elements),
        injustices=tuple(given.injustices), failures=tuple(given.failures), contents=tuple(given.contents),
    )  # fmt: skip
    return Status(201, _remedy(catalogue.add(request.actor, new, now=request.now)))


@remedies.delete("/remedies/{remedy_id}", response={204: None}, summary="Offer a remedy no more")
def withdraw_remedy(request: ApiRequest, remedy_id: PublicId) -> Status[None]:
    catalogue.withdraw(
        request.actor, catalogue.remedy(request.actor, row("remedy", remedy_id)), now=request.now
    )
    return Status(204, None)


@remedies.get(
    "/cases/{case_id}/remedies", response=RightOut, summary="What fits a case, what was given, what waits"
)
def case_remedies(request: ApiRequest, case_id: PublicId) -> dict[str, Any]:
    case = access.case(request.actor, row("case", case_id))
    ranked = suggesting.suggest(request.actor, case, now=request.now)
    standing = limits.standing(request.actor, case, now=request.now)
    worth = value.value_at_stake(case.customer, now=request.now, place_id=case.place_id)

    def shown(found: Any) -> dict[str, Any]:
        remedy = ranked.remedies[found.offer.ref]
        may = giving.may_give(request.actor, case.place_id, remedy) and standing.reaches(remedy.cost)
        return {
            "remedy": remedy.public_id, "name": found.offer.name, "cost": _money(remedy.cost, remedy.currency),
            "value": _money(remedy.value, remedy.currency), "score": found.score,
            "why": words.reasons(found, ranked.notes), "may": may,
            "lift": value.lift_words(remedy.cost, worth) if worth else "",
        }  # fmt: skip

    given = Given.objects.filter(case=case).select_related("by").order_by("id")
    return {
        "due": [shown(each) for each in ranked.found.due],
        "extra": [shown(each) for each in ranked.found.extra],
        "ruled_out": [
            {"remedy": ranked.remedies[each.offer.ref].public_id, "name": each.offer.name,
             "why": words.why(each.reason, ranked.notes)}
            for each in ranked.found.ruled_out
        ],
        "learning": words.learning(ranked.found),
        "left": standing.left,
        "currency": standing.currency,
        "stake": _stake(worth),
        "given": [_given(each) for each in given],
        "leaves": [_leave(each) for each in leave.of_case(case.id)],
        "charges": [_charge(each) for each in firstaid.of_case(case.id)],
    }  # fmt: skip


@remedies.post(
    "/cases/{case_id}/given", response={201: GivenOut}, summary="Give something, on your own trust"
)
def give_remedy(request: ApiRequest, case_id: PublicId, given: GiftIn) -> Status[dict[str, Any]]:
    case = access.case(request.actor, row("case", case_id))
    made = giving.give(request.actor, case, _gift(request, given), now=request.now)
    made.by = request.staff
    return Status(201, _given(made))


@remedies.post(
    "/cases/{case_id}/leaves", response={201: LeaveOut}, summary="Ask a leader to give more than you may"
)
def ask_leave(request: ApiRequest, case_id: PublicId, given: GiftIn) -> Status[dict[str, Any]]:
    case = access.case(request.actor, row("case", case_id))
    asked = leave.ask(request.actor, case, _gift(request, given), now=request.now)
    asked.asked_by = request.staff
    return Status(201, _leave(asked))


@remedies.post(
    "/leaves/{leave_id}/{decision}",
    response=LeaveOut,
    summary="Grant or refuse a question, or withdraw your own",
)
def decide_leave(request: ApiRequest, leave_id: PublicId, decision: str) -> dict[str, Any]:
    asked = leave.leave(request.actor, row("leave", leave_id))
    request.actor.must_serve(asked.place_id)
    if decision == "grant":
        leave.grant(request.actor, asked, now=request.now)
    elif decision == "refuse":
        leave.refuse(request.actor, asked, now=request.now)
    elif decision == "withdraw":
        leave.withdraw(request.actor, asked, now=request.now)
    else:
        raise NotFound
    return _leave(asked)


@remedies.post(
    "/given/{given_id}/take-back", response=GivenOut, summary="Take back what was given by mistake"
)
def take_back(request: ApiRequest, given_id: PublicId) -> dict[str, Any]:
    found = given_row(request.actor, row("given", given_id))
    giving.take_back(request.actor, found, now=request.now)
    return _given(found)


@remedies.post("/given/{given_id}/story", response=GivenOut, summary="Tell the story of what you gave")
def tell_story(request: ApiRequest, given_id: PublicId, given: StoryIn) -> dict[str, Any]:
    found = given_row(request.actor, row("given", given_id))
    giving.tell(request.actor, found, story=given.story, outcome=given.outcome, now=request.now)
    return _given(found)


@remedies.post(
    "/charges/{heldcharge_id}/{decision}", response=ChargeOut, summary="Waive a held charge, or let it stand"
)
def decide_charge(
    request: ApiRequest, heldcharge_id: PublicId, decision: str, given: RateIn
) -> dict[str, Any]:
    held = firstaid.charge(request.actor, row("heldcharge", heldcharge_id))
    request.actor.must_serve(held.case.place_id)
    if decision == "waive":
        firstaid.waive(request.actor, held, rate=Decimal(given.rate) if given.rate else None, now=request.now)
    elif decision == "stand":
        firstaid.let_stand(request.actor, held, now=request.now)
    else:
        raise NotFound
    return _charge(held)


@remedies.get("/me/trust", response=BalanceOut, summary="What you may still give this month")
def my_trust(request: ApiRequest) -> dict[str, Any]:
    standing = limits.balance(request.actor, places(request.actor)[0], now=request.now)
    return {
        "currency": standing.currency, "spent": standing.in_month, "left": standing.left_in_month,
        "per_case": standing.limit.per_case, "trusted": standing.trusted,
    }  # fmt: skip


@remedies.put("/trust", response={204: None}, summary="Set how much each role may give; for owners")
def set_trust(request: ApiRequest, given: TrustBody) -> Status[None]:
    wanted = {str(role): limits.Limit(**getattr(given, role).dict()) for role in limits.ROLES}
    limits.set_limits(request.actor, wanted, now=request.now)
    return Status(204, None)


def _gift(request: ApiRequest, given: GiftIn) -> giving.Gift:
    if given.remedy is not None:
        try:
            remedy = catalogue.remedy(request.actor, reference("remedy", "remedy", given.remedy))
        except NotFound as error:
            raise InputError({"remedy": error.message}) from error
        return giving.of_remedy(remedy)
    currency = books.currency_of(request.actor.organization_id)
    if given.paid_in in {None, currency}:
        return giving.Gift(given.part, given.name, Money(given.amount, currency))
    if given.rate is None or not Decimal(given.rate):
        raise InputError({"rate": firstaid.ask_rate(str(given.paid_in), currency)})
    paid = books.Paid(Money(given.amount, str(given.paid_in)), Decimal(given.rate))
    return giving.Gift(given.part, given.name, paid.in_books(currency), paid=paid if given.amount else None)


def _money(amount: int, currency: str) -> dict[str, Any]:
    return {"amount": amount, "currency": currency}


def _remedy(found: Remedy) -> dict[str, Any]:
    kept = ("names", "part", "form", "cost", "value", "currency", "lead_minutes", "role", "elements", "injustices", "failures", "contents")  # fmt: skip
    return {name: getattr(found, name) for name in kept} | {
        "id": found.public_id,
        "place": public_id("place", found.place_id) if found.place_id else None,
        "offered": found.withdrawn_at is None,
    }


def _given(found: Given) -> dict[str, Any]:
    return {
        "id": found.public_id, "part": found.part, "name": found.name, "cost": _money(found.cost, found.currency),
        "by": found.by.name if found.by else None, "at": found.at, "taken_back": found.undone_at is not None,
        "outcome": found.outcome, "story": found.story,
    }  # fmt: skip


def _leave(found: Leave) -> dict[str, Any]:
    return {
        "id": found.public_id, "case": public_id("case", found.case_id), "part": found.part, "name": found.name,
        "amount": _money(found.amount, found.currency), "state": found.state, "asked_by": found.asked_by.name,
        "asked_at": found.asked_at, "decides_at": found.decides_at,
    }  # fmt: skip


def _charge(found: HeldCharge) -> dict[str, Any]:
    return {
        "id": found.public_id, "purchase": public_id("purchase", found.purchase_id),
        "amount": _money(found.purchase.amount, found.purchase.currency), "about": found.purchase.about,
        "state": found.state,
    }  # fmt: skip


def _stake(worth: value.Value | None) -> dict[str, Any] | None:
    if worth is None:
        return None
    sums = {
        name: _money(getattr(worth, name).amount, worth.middle.currency) for name in ("low", "middle", "high")
    }
    return {**sums, "purchases": worth.purchases, "assumed": worth.assumed}
