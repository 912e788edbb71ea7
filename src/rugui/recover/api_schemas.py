"""What calls about recovery cases take and answer (`recover/api.py` has the calls)."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from ninja import Field, Schema

from ..house.apikit import (
    Brief,
    Input,
    LanguageCode,
    Line,
    Minor,
    OfCustomer,
    Prose,
    PublicId,
    Speech,
    Term,
    Words,
)
from ..know.models import Note
from ..promise.api import PromiseOut
from .models import Case, CaseAlarm, CaseMessage, CaseStep, SeniorityRule


class CaseOut(Schema):
    id: PublicId
    customer: PublicId
    place: PublicId
    title: str
    owner: str | None
    state: Case.State
    language: str
    opened_at: datetime
    solved_at: datetime | None
    closed_at: datetime | None


class MessageOut(Schema):
    kind: CaseMessage.Kind
    direction: CaseMessage.Direction
    text: str
    at: datetime
    signed: str


class SkippedOut(Schema):
    step: CaseStep.Step
    why: str


class HandOverOut(Schema):
    asked: list[PublicId] = Field(
        description="The colleagues who are asked; the first to accept owns the case."
    )
    by_rule: bool = Field(description="Whether a rule of seniority asked them.")
    note: str
    asked_at: datetime
    due_at: datetime = Field(description="When it comes back, accepted by nobody.")


class AlarmOut(Schema):
    kind: CaseAlarm.Kind
    source: CaseAlarm.Source
    state: CaseAlarm.State
    certainty: float | None = Field(description="How often such words meant it, where words proposed it.")
    at: datetime


class ChoiceOut(Schema):
    text: str
    reference: str
    offered_at: datetime
    chosen_at: datetime | None


class CaseDetail(CaseOut):
    kind: str
    stage: str
    wanted: str
    injustice: list[Case.Injustice]
    element: str
    failure: str
    where: str
    cause: str
    lesson: str
    documented_at: datetime | None
    shared_at: datetime | None = Field(description="Since when the lesson is told in the line-ups.")
    steps: list[CaseStep.Step] = Field(description="The steps done so far.")
    skipped: list[SkippedOut] = Field(description="The steps left out, each with its reason.")
    hand_over: HandOverOut | None = Field(description="The hand-over that waits for an answer.")
    alarms: list[AlarmOut] = Field(description="What is, may be, or was thought to be grave.")
    choices: list[ChoiceOut] = Field(description="The last offer to the customer, and what they chose.")
    messages: list[MessageOut]
    clock: PromiseOut | None = Field(description="The progress promise now owed.")


class CaseIn(Input):
    customer: PublicId
    place: PublicId | None = None
    title: Words
    complaint: Prose = Field(
        "", description="What happened, in the customer's words; they see it on their page."
    )
    language: LanguageCode = ""


class CaseQuery(OfCustomer):
    state: Case.State | None = None


class SayIn(Input):
    text: Speech


class FindingsIn(Input):
    element: Case.Element
    failure: Term
    where: Brief = ""
    cause: Prose = ""
    lesson: Prose = ""
    about_customer: Prose = ""
    about_customer_kind: Note.Kind = Note.Kind.PREFERENCE
    kind: Literal["", "mistake", "rework", "breakdown", "inefficiency", "variation"] = ""
    stage: Brief = ""
    alarms: list[CaseAlarm.Kind] = Field([], max_length=6, description="What was grave about it: it goes up.")


class ReviewIn(SayIn):
    wanted: Prose = Field("", description="What would make it right, as they said it.")
    injustice: list[Case.Injustice] = Field([], max_length=3, description="What felt unfair to them.")
    understood: Prose = Field("", description="What we have understood; the customer reads it.")


class SkipIn(Input):
    step: Literal["apologise", "review", "delight", "share", "follow_up"]
    why: Speech


class ShareIn(Input):
    lesson: Prose = Field("", description="Empty: the lesson of the document step.")


class HandOverIn(Input):
    to: PublicId
    note: Speech


class DeclineIn(Input):
    answer: Line = ""


class AlarmIn(Input):
    kind: CaseAlarm.Kind


class ChoiceIn(Input):
    text: Words
    reference: Brief = Field("", description="What you know it by; the customer never sees it.")


class ChoicesIn(Input):
    choices: list[ChoiceIn] = Field(min_length=2, max_length=3)


class SeniorityRuleOut(Schema):
    kind: CaseAlarm.Kind
    level: SeniorityRule.Level
    over: int | None = Field(description="For a large sum: above how much, in minor units.")
    currency: str | None


class RuleIn(Input):
    level: SeniorityRule.Level
    over: Minor | None = None


class LinkOut(Schema):
    url: str = Field(description="The customer's page. Shown once; a new link ends the one before.")


class TalkOut(Schema):
    by: str
    text: str
    at: datetime
