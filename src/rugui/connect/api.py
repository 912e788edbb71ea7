"""Messages from outside: the address that starts the main job."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from ninja import Field, Schema, Status

from ..core.ids import public_id
from ..house.apikit import (
    ApiRequest,
    ExternalId,
    Input,
    LanguageCode,
    Line,
    Moment,
    PublicId,
    Speech,
    Stars,
    StrictBool,
    place_of,
    room_router,
)
from ..know.api import CustomerOut, IdentityIn, customer_json
from ..promise.models import Priority
from ..promise.telling import acknowledgement
from ..serve.models import Touch
from .inbox import Message, Received, receive

messages = room_router("messages")


class MessageIn(Input):
    """A message as it came in. Whom it is from is recognised by any of the identities."""

    channel: Touch.Channel
    identities: list[IdentityIn] = Field(min_length=1, max_length=10)
    text: Speech
    name: Line = Field(
        "", description="The sender's name as they give it, for a card that does not exist yet."
    )
    place: PublicId | None = None
    language: LanguageCode = ""
    complaint: StrictBool | None = Field(
        None, description="Whether it is a complaint. Left out, one or two stars are; everything else is not."
    )
    stars: Stars | None = None
    title: Line = ""
    external_id: ExternalId | None = Field(None, description="The same id again changes nothing.")
    at: Moment | None = None
    priority: Priority = Priority.NORMAL


class ReceivedOut(Schema):
    customer: CustomerOut
    new_customer: bool
    candidates: list[CustomerOut] = Field(description="Others who share the sender's identity.")
    touch: PublicId
    case: PublicId | None = Field(
        description="The case that it opened, or, of somebody with a case not yet closed at the place, goes on with."
    )
    new_case: bool
    promise: PublicId | None = Field(description="The answer now owed, when no case's clock runs for it.")
    answer_by: datetime | None = Field(
        description="A time to tell the customer, which is nearly always beaten."
    )
    acknowledgement: str = Field(
        description="The same as a sentence in the customer's language; may be empty."
    )
    repeated: bool


@messages.post("", response={201: ReceivedOut}, summary="A message arrives")
def receive_message(request: ApiRequest, given: MessageIn) -> Status[dict[str, Any]]:
    message = Message(
        channel=given.channel,
        text=given.text,
        identities=[(each.kind, each.value) for each in given.identities],
        name=given.name,
        language=given.language,
        complaint=given.complaint,
        stars=given.stars,
        title=given.title,
        external_id=given.external_id,
        at=given.at,
        priority=given.priority,
    )
    received = receive(request.actor, place_of(request.actor, given.place), message, now=request.now)
    return Status(201, _json(received))


def _json(received: Received) -> dict[str, Any]:
    return {
        "customer": customer_json(received.customer),
        "new_customer": received.new_customer,
        "candidates": [customer_json(customer) for customer in received.candidates],
        "touch": public_id("touch", received.touch.id),
        "case": public_id("case", received.case.id) if received.case else None,
        "new_case": received.new_case,
        "promise": public_id("promise", received.promise.id) if received.promise else None,
        "answer_by": received.promise.told_at if received.promise else None,
        "acknowledgement": acknowledgement(received.promise, received.customer.language)
        if received.promise
        else "",
        "repeated": received.repeated,
    }
