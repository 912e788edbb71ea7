"""Recovery cases over the API: the same steps as at the desk."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal

from django.conf import settings
from django.utils.translation import gettext as _
from ninja import Query, Status

from ..core.errors import ChangedMeanwhile, InputError
from ..core.ids import public_id
from ..house.apikit import (
    ApiRequest,
    Page,
    PublicId,
    listed,
    place_of,
    reference,
    room_router,
    row,
)
from ..know.api import customer_of
from ..promise.api import promise_json
from ..promise.models import Promise
from . import access, actions, people, queries
from .api_schemas import (
    AlarmIn,
    CaseDetail,
    CaseIn,
    CaseOut,
    CaseQuery,
    ChoicesIn,
    DeclineIn,
    FindingsIn,
    HandOverIn,
    LinkOut,
    ReviewIn,
    RuleIn,
    SayIn,
    SeniorityRuleOut,
    ShareIn,
    SkipIn,
    TalkOut,
)
from .models import Case, CaseAlarm, CaseMessage, CaseStep

cases = room_router("cases")


@cases.get("", response=Page[CaseOut], summary="List cases, newest first")
def list_cases(request: ApiRequest, query: Query[CaseQuery]) -> dict[str, Any]:
    return listed(request, query, Case.objects.select_related("owner"), case_json)


@cases.post("", response={201: CaseDetail}, summary="Open a case")
def open_case(request: ApiRequest, given: CaseIn) -> Status[dict[str, Any]]:
    opened = actions.open_whole(
        request.actor,
        customer_of(request.actor, given.customer),
        place_of(request.actor, given.place),
        title=given.title,
        complaint=given.complaint,
        language=given.language,
        now=request.now,
    )
    opened.case.owner = opened.clock.owner = request.staff
    return Status(201, _detail(opened.case, opened.clock, {}, opened.messages, fresh=True))


@cases.get("/{case_id}", response=CaseDetail, summary="One case, with its thread, steps and clock")
def get_case(request: ApiRequest, case_id: PublicId) -> dict[str, Any]:
    return detail(_case(request, case_id))


@cases.post("/{case_id}/apologise", response=CaseDetail, summary="Step one: apologise; the customer reads it")
def apologise(request: ApiRequest, case_id: PublicId, given: SayIn) -> dict[str, Any]:
    return _done(request, case_id, actions.apologise, text=given.text)


@cases.post(
    "/{case_id}/review", response=CaseDetail, summary="Step two: what happened, and what would make it right"
)
def review(request: ApiRequest, case_id: PublicId, given: ReviewIn) -> dict[str, Any]:
    return _done(request, case_id, actions.review_together, **given.dict())


@cases.post(
    "/{case_id}/report", response=CaseDetail, summary="Report progress; the twenty minutes begin anew"
)
def report(request: ApiRequest, case_id: PublicId, given: SayIn) -> dict[str, Any]:
    return _done(request, case_id, actions.report_progress, text=given.text)


@cases.post("/{case_id}/solve", response=CaseDetail, summary="Step three: it is right again; the clock stops")
def solve(request: ApiRequest, case_id: PublicId, given: SayIn) -> dict[str, Any]:
    return _done(request, case_id, actions.solve, text=given.text)


@cases.post("/{case_id}/messages", response=CaseDetail, summary="Write to the customer")
def write(request: ApiRequest, case_id: PublicId, given: SayIn) -> dict[str, Any]:
    return _done(request, case_id, actions.write_to_customer, text=given.text)


@cases.post(
    "/{case_id}/document", response=CaseDetail, summary="Step four: what failed, why, and what we learned"
)
def document(request: ApiRequest, case_id: PublicId, given: FindingsIn) -> dict[str, Any]:
    return _done(request, case_id, actions.document, findings=actions.Findings(**given.dict()))


@cases.post("/{case_id}/delight", response=CaseDetail, summary="The extra: something beyond what was due")
def delight(request: ApiRequest, case_id: PublicId, given: SayIn) -> dict[str, Any]:
    return _done(request, case_id, actions.delight, text=given.text)


@cases.post("/{case_id}/share", response=CaseDetail, summary="Put the lesson into every line-up")
def share(request: ApiRequest, case_id: PublicId, given: ShareIn) -> dict[str, Any]:
    return _done(request, case_id, actions.share, lesson=given.lesson)


@cases.post("/{case_id}/skip", response=CaseDetail, summary="Leave a step out, with the reason")
def skip(request: ApiRequest, case_id: PublicId, given: SkipIn) -> dict[str, Any]:
    return _done(request, case_id, actions.skip, step=given.step, why=given.why)


@cases.post("/{case_id}/hand-over", response=CaseDetail, summary="Ask a colleague to take the case over")
def hand_over(request: ApiRequest, case_id: PublicId, given: HandOverIn) -> dict[str, Any]:
    case = _case(request, case_id)
    number = reference("staff", "to", given.to)
    serving = {one.staff.id: one.staff for one in people.who_serves(case.place_id)}
    if number not in serving:
        request.actor.must_serve(case.place_id)
        raise InputError({"to": _("They do not serve at this place. Choose somebody who does.")})
    actions.hand_over(request.actor, case, to=serving[number], note=given.note, now=request.now)
    return detail(case)


@cases.post("/{case_id}/hand-over/accept", response=CaseDetail, summary="Accept the hand-over that waits")
def accept_hand_over(request: ApiRequest, case_id: PublicId) -> dict[str, Any]:
    return _answered(request, case_id, actions.accept)


@cases.post("/{case_id}/hand-over/decline", response=CaseDetail, summary="Decline the hand-over that waits")
def decline_hand_over(request: ApiRequest, case_id: PublicId, given: DeclineIn) -> dict[str, Any]:
    return _answered(request, case_id, actions.decline, answer=given.answer)


@cases.delete("/{case_id}/hand-over", response=CaseDetail, summary="Take the hand-over that waits back")
def withdraw_hand_over(request: ApiRequest, case_id: PublicId) -> dict[str, Any]:
    return _answered(request, case_id, actions.withdraw_hand_over)


@cases.post("/{case_id}/alarms", response=CaseDetail, summary="Say that it is grave: it goes up at once")
def raise_alarm(request: ApiRequest, case_id: PublicId, given: AlarmIn) -> dict[str, Any]:
    return _done(request, case_id, actions.raise_alarm, kind=given.kind)


@cases.post(
    "/{case_id}/alarms/{kind}/{decision}",
    response=CaseDetail,
    summary="Confirm or dismiss what words propose",
)
def decide_alarm(
    request: ApiRequest, case_id: PublicId, kind: CaseAlarm.Kind, decision: Literal["confirm", "dismiss"]
) -> dict[str, Any]:
    case = _case(request, case_id)
    request.actor.must_serve(case.place_id)
    alarm = next((each for each in queries.alarms(case.id) if each.kind == kind), None)
    if alarm is None:
        raise ChangedMeanwhile
    decide = {"confirm": actions.confirm_alarm, "dismiss": actions.dismiss_alarm}[decision]
    decide(request.actor, case, alarm, now=request.now)
    return detail(case)


@cases.post("/{case_id}/choices", response=CaseDetail, summary="Offer two or three things to choose from")
def offer_choices(request: ApiRequest, case_id: PublicId, given: ChoicesIn) -> dict[str, Any]:
    offered = [actions.Offered(each.text, each.reference) for each in given.choices]
    return _done(request, case_id, actions.offer_choices, choices=offered)


@cases.delete(
    "/{case_id}/choices", response=CaseDetail, summary="Take an offer back that was not chosen from"
)
def withdraw_choices(request: ApiRequest, case_id: PublicId) -> dict[str, Any]:
    return _done(request, case_id, actions.withdraw_choices)


@cases.get("/rules/seniority", response=list[SeniorityRuleOut], summary="To whom grave matters go at once")
def list_seniority(request: ApiRequest) -> list[dict[str, Any]]:
    return [_rule_json(rule) for rule in actions.rules(request.staff.organization)]


@cases.put("/rules/seniority/{kind}", response=list[SeniorityRuleOut], summary="Decide to whom one kind goes")
def set_seniority(request: ApiRequest, kind: CaseAlarm.Kind, given: RuleIn) -> list[dict[str, Any]]:
    actions.set_rule(request.actor, kind=kind, level=given.level, over=given.over, now=request.now)
    return list_seniority(request)


@cases.post("/{case_id}/close", response=CaseDetail, summary="Close, once each step was done or left out")
def close(request: ApiRequest, case_id: PublicId) -> dict[str, Any]:
    return _done(request, case_id, actions.close)


@cases.post("/{case_id}/reopen", response=CaseDetail, summary="It was not right after all")
def reopen(request: ApiRequest, case_id: PublicId) -> dict[str, Any]:
    return _done(request, case_id, actions.reopen)


@cases.post("/{case_id}/take", response=CaseDetail, summary="Take a case over")
def take(request: ApiRequest, case_id: PublicId) -> dict[str, Any]:
    return _done(request, case_id, actions.take_case, owner=request.staff)


@cases.get("/{case_id}/talk", response=list[TalkOut], summary="Talk among colleagues; customers never see it")
def list_talk(request: ApiRequest, case_id: PublicId) -> list[dict[str, Any]]:
    case = _case(request, case_id)
    return [{"by": said.staff.name, "text": said.text, "at": said.at} for said in queries.talk(case.id)]


@cases.post("/{case_id}/talk", response={201: TalkOut}, summary="Say something among colleagues")
def talk(request: ApiRequest, case_id: PublicId, given: SayIn) -> Status[dict[str, Any]]:
    case = _case(request, case_id)
    said = actions.talk(request.actor, case, text=given.text, now=request.now)
    return Status(201, {"by": request.staff.name, "text": said.text, "at": said.at})


@cases.post("/{case_id}/link", response={201: LinkOut}, summary="A new link to the customer's page")
def share_link(request: ApiRequest, case_id: PublicId) -> Status[dict[str, Any]]:
    secret = actions.share_link(request.actor, _case(request, case_id), now=request.now)
    return Status(201, {"url": f"{settings.CONFIG.url}/c/{secret}"})


@cases.delete("/{case_id}/link", response={204: None}, summary="Close the customer's page")
def revoke_link(request: ApiRequest, case_id: PublicId) -> Status[None]:
    actions.revoke_link(request.actor, _case(request, case_id), now=request.now)
    return Status(204, None)


def case_json(case: Case) -> dict[str, Any]:
    return {
        "id": case.public_id,
        "customer": public_id("customer", case.customer_id),
        "place": public_id("place", case.place_id),
        "title": case.title,
        "owner": case.owner.name if case.owner else None,
        "state": case.state,
        "language": case.language,
        "opened_at": case.opened_at,
        "solved_at": case.solved_at,
        "closed_at": case.closed_at,
    }


def detail(case: Case) -> dict[str, Any]:
    clock = queries.clocks([case]).get(case.id)
    return _detail(case, clock, queries.steps(case.id), queries.messages(case.id))


def _detail(
    case: Case,
    clock: Promise | None,
    done: Mapping[str, CaseStep],
    messages: list[CaseMessage],
    *,
    fresh: bool = False,
) -> dict[str, Any]:
    return case_json(case) | {
        "kind": case.kind,
        "stage": case.stage,
        "wanted": case.wanted,
        "injustice": case.injustice,
        "element": case.element,
        "failure": case.failure,
        "where": case.where,
        "cause": case.cause,
        "lesson": case.lesson,
        "documented_at": case.documented_at,
        "shared_at": case.shared_at,
        "steps": [step for step in CaseStep.Step.values if step in done and not done[step].skipped],
        "skipped": [
            {"step": step, "why": done[step].text}
            for step in CaseStep.Step.values
            if step in done and done[step].skipped
        ],
        **_beside(case, fresh=fresh),
        "messages": [
            {
                "kind": message.kind,
                "direction": message.direction,
                "text": message.text,
                "at": message.at,
                "signed": message.signed,
            }
            for message in messages
        ],
        "clock": promise_json(clock) if clock else None,
    }


def _beside(case: Case, *, fresh: bool) -> dict[str, Any]:
    """The hand-over that waits, what is grave, and what may be chosen. A case opened just now has only the second."""
    handing = None if fresh else queries.waiting_hand_over(case.id)
    return {
        "hand_over": {
            "asked": [public_id("staff", staff_id) for staff_id in handing.asked],
            "by_rule": handing.by_rule,
            "note": handing.note,
            "asked_at": handing.asked_at,
            "due_at": handing.due_at,
        }
        if handing
        else None,
        "alarms": [
            {
                "kind": alarm.kind,
                "source": alarm.source,
                "state": alarm.state,
                "certainty": alarm.certainty,
                "at": alarm.at,
            }
            for alarm in queries.alarms(case.id)
        ],
        "choices": [
            {
                "text": each.text,
                "reference": each.reference,
                "offered_at": each.offered_at,
                "chosen_at": each.chosen_at,
            }
            for each in ([] if fresh else queries.choices(case.id))
        ],
    }


def _rule_json(rule: actions.Rule) -> dict[str, Any]:
    return {
        "kind": rule.kind,
        "level": rule.level,
        "over": rule.over.amount if rule.over else None,
        "currency": rule.over.currency if rule.over else None,
    }


def _answered(request: ApiRequest, case_id: str, act: Callable[..., object], **given: Any) -> dict[str, Any]:
    """The case after its waiting hand-over was answered; without one, it has changed meanwhile."""
    case = _case(request, case_id)
    request.actor.must_serve(case.place_id)
    handing = queries.waiting_hand_over(case.id)
    if handing is None:
        raise ChangedMeanwhile
    handing.case = case
    act(request.actor, handing, now=request.now, **given)
    return detail(access.case(request.actor, case.id))


def _case(request: ApiRequest, public: str) -> Case:
    return access.case(request.actor, row("case", public))


def _done(request: ApiRequest, case_id: str, act: Callable[..., object], **given: Any) -> dict[str, Any]:
    """The case after an action on it."""
    case = _case(request, case_id)
    act(request.actor, case, now=request.now, **given)
    return detail(case)
