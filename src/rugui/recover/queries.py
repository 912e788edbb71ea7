"""Reading cases: for the house, and, with far fewer rights, for the customer of one."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from zoneinfo import ZoneInfo

from django.db.models import F, Q

from ..core.ready import Ready, fetch
from ..language.ears import queries as ears
from ..language.replies import Reply
from ..promise.heard import READS, Heard, heard
from ..promise.models import Promise
from ..serve.models import Touch
from .models import Case, CaseAlarm, CaseChoice, CaseMessage, CaseStep, CaseTalk, HandOver, LessonRead


@dataclass(frozen=True, slots=True)
class Page:
    """A customer's page: nothing in here is internal, because the role that reads it may read nothing internal."""

    house: str
    place: str
    timezone: str
    title: str
    language: str
    state: str
    opened_at: datetime
    solved_at: datetime | None
    messages: list[CaseMessage]
    promise: Heard | None
    """The progress promise now running (or broken and still owed)."""
    answer: Heard | None
    """The answer owed to what the customer wrote after the clock had stopped."""
    call: Heard | None
    """The call back owed to whoever asked for a person."""
    promises: list[Heard]
    """What else they are promised, with the time that they were told."""
    choices: list[CaseChoice]
    """The last offer: what may be chosen, or which was."""
    done: dict[str, datetime]
    """When each step that was walked was done."""

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    @property
    def understood(self) -> str:
        """What we said we have understood; until then, what they said themselves."""
        return self._last("understood") or next(
            (each.text for each in self.messages if each.kind == CaseMessage.Kind.COMPLAINT), ""
        )

    @property
    def doing(self) -> str:
        """What we said last about putting it right."""
        return self._last(CaseMessage.Kind.REPORT) if self.state == Case.State.OPEN else ""

    @property
    def chosen(self) -> CaseChoice | None:
        return next((each for each in self.choices if each.chosen_at), None)

    def _last(self, kind: str) -> str:
        return next((each.text for each in reversed(self.messages) if each.kind == kind), "")


LAST = 2**62
"""Higher than any id."""
_SHORT = Case.objects.select_related("customer", "owner").only(
    "organization_id", "place_id", "title", "state", "opened_at",
    "customer__name", "customer__address_as", "customer__organization_id", "owner__name", "owner__organization_id",
)  # fmt: skip
"""Of a case, its customer and its owner what a list shows; the rest is read when asked for."""


@cache
def _open(limit: int) -> Ready[Case]:
    rows = _SHORT.exclude(state=Case.State.CLOSED).filter(incident=None)
    return Ready(lambda place_id: rows.filter(place_id=place_id).order_by("-opened_at")[:limit])


@cache
def _page(state: str, limit: int) -> Ready[Case]:
    rows = _SHORT.filter(incident=None)
    rows = rows.filter(state=state) if state else rows
    if state and state != Case.State.CLOSED:
        rows = rows.exclude(state=Case.State.CLOSED)  # the words of the index of cases not closed
    return Ready(
        lambda place_id, before: rows.filter(place_id=place_id, id__lt=before).order_by("-id")[:limit]
    )


_CLOCKS = Ready(
    lambda case_ids: (
        Promise.objects.filter(case_id__in=case_ids, kind=Promise.Kind.PROGRESS, settled_at=None)
        .select_related("owner")
        .order_by("made_at")
    )
)
_STEPS = Ready(lambda case_id: CaseStep.objects.filter(case_id=case_id).select_related("done_by"))
_MESSAGES = Ready(
    lambda case_id: CaseMessage.objects.filter(case_id=case_id).select_related("staff").order_by("at", "id")
)


def open_cases(place_id: int, *, limit: int = 50) -> list[Case]:
    """Cases not yet closed at a place, newest first, without those of an incident; `clocks()` has their running promises."""
    return _open(limit)(place_id)


def case_list(place_id: int, *, state: str = "", before: int | None = None, limit: int = 50) -> list[Case]:
    """Cases of a place (of one state, when it is named), newest first; `before` is the last id of the page before."""
    return _page(state, limit)(place_id, LAST if before is None else before)


def clocks(cases: list[Case]) -> dict[int, Promise]:
    """The progress promise still owed in each of these cases."""
    rows = _CLOCKS([case.id for case in cases])
    return {promise.case_id: promise for promise in rows if promise.case_id is not None}


def owed(case_id: int) -> list[Promise]:
    """What is still owed in a case, its clock first."""
    rows = Promise.objects.filter(case_id=case_id, settled_at=None).select_related("owner")
    return sorted(rows.order_by("due_at", "id"), key=lambda promise: promise.kind != Promise.Kind.PROGRESS)


def just_opened(staff_id: int | None, customer_id: int, title: str, *, since: datetime) -> Case | None:
    """The case that the same person has opened a moment ago in the same words: a form that was sent twice."""
    rows = Case.objects.filter(owner_id=staff_id, customer_id=customer_id, title=title, opened_at__gt=since)
    return rows.order_by("-opened_at").first()


def case_of_touch(touch: Touch) -> Case | None:
    """The case that a message opened, or went on with."""
    went_on = CaseMessage.objects.filter(touch=touch).values("case_id")
    return Case.objects.filter(Q(touch=touch) | Q(id__in=went_on), customer_id=touch.customer_id).first()


def steps(case_id: int) -> dict[str, CaseStep]:
    """What was done so far, by step."""
    return {step.step: step for step in _STEPS(case_id)}


def messages(case_id: int) -> list[CaseMessage]:
    return _MESSAGES(case_id)


@dataclass(frozen=True, slots=True)
class Said:
    """Words between the house and the customer; of what the customer wrote themselves what was heard."""

    message: CaseMessage
    heard: ears.Seen | None
    fresh: bool
    """Nothing was said to the customer since."""


def thread(case: Case, said: Sequence[CaseMessage]) -> list[Said]:
    """The messages of a case with what was heard of them. One query where one came from outside; one more for a topic of the house."""
    touches = {message.id: message.touch_id for message in said if message.touch_id}
    first = next((message for message in said if message.kind == CaseMessage.Kind.COMPLAINT), None)
    if first is not None and case.touch_id:
        touches[first.id] = case.touch_id
    seen = ears.seen(sorted(touches.values()))
    ours = max(
        (number for number, message in enumerate(said) if message.direction == CaseMessage.Direction.OUT),
        default=-1,
    )
    return [
        Said(message, _heard_as(message, seen.get(touches.get(message.id, 0))), fresh=number > ours)
        for number, message in enumerate(said)
    ]


def _heard_as(message: CaseMessage, seen: ears.Seen | None) -> ears.Seen | None:
    """Whoever opened the case may have put the complaint in other words: of those nothing was heard."""
    return seen if seen is not None and seen.heard.touch.text.strip() == message.text.strip() else None


_LAST_SAID = """
SELECT DISTINCT ON (case_id) case_id, direction, touch_id FROM rugui_casemessage
WHERE organization_id = %s AND case_id = ANY(%s::bigint[]) ORDER BY case_id, at DESC, id DESC
"""


def unanswered(cases: Sequence[Case]) -> dict[int, int]:
    """By case the message that the customer wrote last, where nobody has said anything to them since. One query, none without cases."""
    if not cases:
        return {}
    rows = fetch(_LAST_SAID, [cases[0].organization_id, [case.id for case in cases]])
    return {case: touch for case, way, touch in rows if way == CaseMessage.Direction.IN and touch}


def talk(case_id: int) -> list[CaseTalk]:
    return list(CaseTalk.objects.filter(case_id=case_id).select_related("staff").order_by("at", "id"))


@dataclass(frozen=True, slots=True)
class Around:
    """What there is around a case at all: most have none of it, and then it need not be asked for."""

    hand_overs: bool
    alarms: bool
    choices: bool
    link: bool
    """Whether the customer can open their page."""


_AROUND = """
SELECT EXISTS (SELECT FROM rugui_handover h WHERE h.case_id = %s),
    EXISTS (SELECT FROM rugui_casealarm a WHERE a.organization_id = %s AND a.case_id = %s),
    EXISTS (SELECT FROM rugui_casechoice c WHERE c.case_id = %s AND c.withdrawn_at IS NULL),
    EXISTS (SELECT FROM rugui_key k WHERE k.organization_id = %s AND k.kind = 'case' AND k.subject_id = %s
        AND k.revoked_at IS NULL AND k.expires_at > %s)
"""


def around(case: Case, *, now: datetime) -> Around:
    """One query for four questions."""
    house, number = case.organization_id, case.id
    return Around(*fetch(_AROUND, [number, house, number, number, house, number, now])[0])


def of_customer(customer_id: int) -> list[Case]:
    return list(
        Case.objects.filter(customer_id=customer_id).select_related("owner", "place").order_by("-opened_at")
    )


def waiting_hand_over(case_id: int) -> HandOver | None:
    """The hand-over of a case that nobody has answered yet."""
    rows = HandOver.objects.filter(case_id=case_id, state=HandOver.State.WAITING)
    return rows.select_related("asked_by").first()


def last_hand_over(case_id: int) -> HandOver | None:
    rows = HandOver.objects.filter(case_id=case_id).select_related("asked_by", "ended_by")
    return rows.order_by("-id").first()


def handed_to(staff_id: int | None, place_id: int) -> list[HandOver]:
    """What somebody is being asked to take over at a place, the most urgent first."""
    rows = HandOver.objects.filter(
        place_id=place_id, state=HandOver.State.WAITING, asked__contains=[staff_id or 0]
    )
    return list(rows.select_related("case", "case__customer", "asked_by").order_by("due_at"))


def alarms(case_id: int) -> list[CaseAlarm]:
    """What is, or may be, grave about a case; what was dismissed comes last."""
    rows = CaseAlarm.objects.filter(case_id=case_id).order_by("id")
    return sorted(rows, key=lambda alarm: alarm.state == CaseAlarm.State.DISMISSED)


def choices(case_id: int) -> list[CaseChoice]:
    """The last offer of a case, while it stands or after it was chosen from."""
    rows = CaseChoice.objects.filter(case_id=case_id, withdrawn_at=None).order_by("-offer", "number")
    found = list(rows)
    return [each for each in found if each.offer == found[0].offer]


def lessons(since: datetime, *, limit: int = 50) -> list[Case]:
    """The lessons shared by every place since a moment, newest first. Only their words are for every colleague."""
    rows = Case.objects.filter(shared_at__gte=since).only(
        "organization_id", "place_id", "lesson", "shared_at"
    )
    return list(rows.order_by("-shared_at", "-id")[:limit])


def read_by(staff_id: int | None, case_ids: list[int]) -> set[int]:
    """Which of these lessons somebody has read or heard."""
    rows = LessonRead.objects.filter(case_id__in=case_ids, staff_id=staff_id or 0)
    return set(rows.values_list("case_id", flat=True))


def readers(case_id: int) -> list[str]:
    """The names of the colleagues who have read or heard the lesson of a case, the first first."""
    rows = LessonRead.objects.filter(case_id=case_id).order_by("at", "id")
    return list(rows.values_list("staff__name", flat=True))


def documented_since(place_id: int, since: datetime) -> list[Case]:
    """Failures written down at a place since a moment, newest first: the line-up's lessons."""
    rows = Case.objects.filter(place_id=place_id, documented_at__gte=since)
    return list(rows.select_related("customer", "owner").order_by("-documented_at"))


_ON_THEIR_OWN = {Promise.Kind.PROGRESS, Promise.Kind.CALL_BACK, *Promise.ANSWERS}
"""Kinds of promises that the page has a place of their own for."""


def guest_page(case_id: int, *, now: datetime) -> Page:
    """The customer's page of one case. Must run inside `access.as_guest`, whose role reads only these columns."""
    case = (
        Case.objects.only("title", "language", "state", "opened_at", "solved_at")
        .annotate(house_name=F("organization__name"), place_name=F("place__name"), zone=F("place__timezone"))
        .get(id=case_id)
    )
    said = CaseMessage.objects.filter(case_id=case_id).only("kind", "direction", "text", "at", "signed")
    owed = Promise.objects.filter(case_id=case_id, settled_at=None)
    offered = CaseChoice.objects.filter(case_id=case_id).only("offer", "number", "text", "chosen_at")
    choices = list(offered.order_by("-offer", "number"))
    running = [heard(one, now=now) for one in owed.only(*READS).order_by("-made_at", "-id")]
    return Page(
        house=case.house_name,
        place=case.place_name,
        timezone=case.zone,
        title=case.title,
        language=case.language,
        state=case.state,
        opened_at=case.opened_at,
        solved_at=case.solved_at,
        messages=list(said.order_by("at", "id")),
        promise=next((one for one in running if one.kind == Promise.Kind.PROGRESS), None),
        answer=next((one for one in running if one.kind in Promise.ANSWERS), None),
        call=next((one for one in running if one.kind == Promise.Kind.CALL_BACK), None),
        promises=[one for one in running if one.kind not in _ON_THEIR_OWN and (one.due_at or one.paused_at)],
        choices=[each for each in choices if each.offer == choices[0].offer],
        done=dict(CaseStep.objects.filter(case_id=case_id).values_list("step", "done_at")),
    )


def replies(place_ids: Collection[int] | None, staff_id: int | None, most: int) -> list[Reply]:
    """What we wrote to customers in cases, newest first: for trying rules on, and for how the house sounds."""
    rows = CaseMessage.objects.filter(direction=CaseMessage.Direction.OUT)
    if place_ids is not None:
        rows = rows.filter(case__place_id__in=place_ids)
    if staff_id is not None:
        rows = rows.filter(staff_id=staff_id)
    found = rows.order_by("-id").values_list("text", "at", "staff_id", "kind")[:most]
    return [
        Reply(text, at, staff_id, "web", _OCCASIONS.get(kind, "complaint"))
        for text, at, staff_id, kind in found
    ]


_OCCASIONS: dict[str, str] = {CaseMessage.Kind.APOLOGY.value: "apology"}


def said_with(customer_id: int, since: datetime) -> list[tuple[datetime, bool]]:
    """When something was said with a customer in cases, and whether by us."""
    rows = CaseMessage.objects.filter(case__customer_id=customer_id, at__gte=since)
    return [(at, way == CaseMessage.Direction.OUT) for at, way in rows.values_list("at", "direction")]
