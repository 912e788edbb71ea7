"""One line from any page: what was learned, about whom, kept at once as the notes that it means."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from ...core import replies
from ...core.errors import InputError
from ...core.phrases import REQUIRED
from ...core.time import now as this_moment
from ...engines.capture import standard
from ...house.models import Place
from ...house.requests import HouseRequest, current_place
from ...know import access as know_access
from ...know import actions as know
from ...know import queries as know_queries
from ...know.forms import given_row
from ...know.models import Consent, Customer, Note, Sensitive
from ...know.words import wording
from .. import capturing, queries, taking, understood

standard()  # read the word lists while the process starts, not under the first line
_CHOICES = ("words", "kind", "topic", "polarity", "standing", "sensitive", "date", "person")


@require_POST
def capture(request: HouseRequest) -> HttpResponse:
    """Notes about `customer`; without one, the question whom it is about."""
    request.actor.must_serve(None)
    place, now, text = current_place(request), this_moment(), _line(request)
    if (customer_id := given_row("customer", request.POST.get("customer", ""))) is None:
        around = queries.around(place, now=now)
        context = {"text": text, "people": _choices(around, text), "chosen": _chosen_fields(request.POST)}
        return render(request, "desk/whom.html", context)
    customer = know_access.customer(request.actor, customer_id)
    proposed = _proposed(request, text, customer, now)
    result = _kept_once(request, customer, proposed, place, now)
    if not request.headers.get("HX-Request") and not result.asks:
        for day in result.impossible:
            messages.info(request, understood.no_such_day(day))
        return redirect("customer", customer.id)
    return _captured(request, customer, result)


def _kept_once(
    request: HouseRequest, customer: Customer, proposed: list[capturing.Proposed], place: Place, now: datetime
) -> capturing.Captured:
    """A page with scripts names its line by a `key`: when no answer reaches it, the phone sends it once more, later."""
    try:
        key = UUID(request.POST["key"])
    except (KeyError, ValueError):
        return capturing.keep(request.actor, customer, proposed, place=place, now=now)
    known, first = taking.claim(request.actor, key, now=now)
    if not first:
        return taking.remembered(request.actor, customer, known, proposed)
    result = capturing.keep(request.actor, customer, proposed, place=place, now=now)
    taking.remember(known, result, proposed)
    return result


def _line(request: HouseRequest) -> str:
    text = request.POST.get("text", "").strip()
    capturing.must_be_a_line(text)
    return text


def _proposed(
    request: HouseRequest, text: str, customer: Customer | None, now: datetime
) -> list[capturing.Proposed]:
    """What the line means, with what was put right on the page before it was sent."""
    kind, words = kind_and_words(text)
    found = capturing.proposals(
        request.actor, words, now=now, place=current_place(request), customer=customer, kind=kind
    )
    return [capturing.corrected(each, chosen(request.POST, number)) for number, each in enumerate(found)]


def chosen(sent: QueryDict, number: int) -> dict[str, str]:
    """The choices about the note of this number, as the chips send them."""
    return {name: sent.get(key, "") for name in _CHOICES if (key := f"{name}-{number}") in sent}


def _chosen_fields(sent: QueryDict) -> list[tuple[str, str]]:
    """All of them once more, for a page without scripts that has one more question."""
    return [(key, sent.get(key, "")) for key in sent if key.rpartition("-")[0] in _CHOICES]


@require_POST
def capture_read(request: HouseRequest) -> HttpResponse:
    """The chips under a line that is being typed. Keeps nothing; a line is sent as a form, so that no log has it."""
    request.actor.must_serve(None)
    text, now = request.POST.get("text", "").strip(), this_moment()
    if not text or len(text) > capturing.LONGEST:
        return HttpResponse()
    customer_id = given_row("customer", request.POST.get("customer", ""))
    customer = know_access.customer(request.actor, customer_id) if customer_id is not None else None
    rows = understood.rows(_proposed(request, text, customer, now))
    return render(request, "desk/understood.html", {"rows": rows})


@require_POST
def capture_correct(request: HouseRequest, note_id: int) -> HttpResponse:
    """One chip of a kept note was changed."""
    note = know_access.note(request.actor, note_id)
    sent = request.POST
    changes: dict[str, Any] = {}
    if "topic" in sent:
        changes["topic"] = "" if sent["topic"] == "other" else sent["topic"]
    if sent.get("polarity") in {"-1", "0", "1"}:
        changes["polarity"] = int(sent["polarity"])
    if sent.get("standing") in {"0", "1"}:
        changes["standing"] = sent["standing"] == "1"
    if sent.get("date") == "":
        changes |= {"happens_on": "", "happens_lunar": False}
    if sent.get("person") == "":
        changes |= {"person": "", "relation": ""}
    know.correct_note(request.actor, note, now=this_moment(), kind=sent.get("kind"), about=changes)
    response = render(request, "desk/captured_note.html", {"row": understood.of_note(note), "note": note})
    response["HX-Trigger"] = json.dumps(dict.fromkeys(replies.live(note.customer)))
    return response


@require_POST
def capture_agreed(request: HouseRequest) -> HttpResponse:
    """They have just said yes to the question on the page: the consent is recorded, and the note rests on it."""
    request.actor.must_serve(None)
    place, now, sent = current_place(request), this_moment(), request.POST
    customer = know_access.customer(request.actor, given_row("customer", sent.get("customer", "")) or 0)
    about = _about(sent)
    sensitive = about.sensitive
    if sensitive not in Sensitive.values:
        raise InputError({"sensitive": REQUIRED})
    language = customer.language or request.LANGUAGE_CODE
    know.record_consent(
        request.actor,
        customer,
        sensitive=sensitive,
        wording=wording(sensitive, language),
        language=language,
        how=Consent.How.SPOKEN,
        given_by=sent.get("given_by", ""),
        now=now,
    )
    proposed = capturing.Proposed(sent.get("text", ""), sent.get("kind", ""), about)
    result = capturing.keep(request.actor, customer, [proposed], place=place, now=now)
    if not request.headers.get("HX-Request"):
        return redirect("customer", customer.id)
    return _captured(request, customer, result)


def _about(sent: QueryDict) -> know.About:
    polarity = sent.get("polarity", "0")
    return know.About(
        topic=sent.get("topic", ""),
        value=sent.get("value", ""),
        polarity=int(polarity) if polarity in {"-1", "0", "1"} else 0,
        standing=sent.get("standing") != "0",
        sensitive=sent.get("sensitive", ""),
        happens_on=sent.get("happens_on", ""),
        happens_lunar=sent.get("happens_lunar") == "1",
        person=sent.get("person", ""),
        relation=sent.get("relation", ""),
    )


@require_POST
def capture_head(request: HouseRequest) -> HttpResponse:
    """How to address them, how their name sounds, what they speak: from the line to the head of the card, in one tap."""
    customer = know_access.customer(
        request.actor, given_row("customer", request.POST.get("customer", "")) or 0
    )
    sent = request.POST
    tags = dict.fromkeys([*customer.languages.split(), *sent.get("languages", "").split()])
    know.edit_customer(
        request.actor,
        customer,
        address_as=sent.get("address_as") or None,
        pronunciation=sent.get("pronunciation") or None,
        languages=" ".join(tags) if "languages" in sent else None,
        now=this_moment(),
    )
    to = reverse("customer", args=[customer.id])
    return replies.changed(request, to, toast=_("At the head of the card."), events=replies.live(customer))


def _captured(request: HouseRequest, customer: Customer, result: capturing.Captured) -> HttpResponse:
    plain = not request.headers.get("HX-Request")
    language = customer.language or request.LANGUAGE_CODE
    asks = [
        {
            "text": each.text,
            "what": str(Sensitive(each.about.sensitive).label),
            "question": wording(each.about.sensitive, language),
            "guardian": each.about.sensitive == Sensitive.MINORS,
            "fields": (fields := _ask_fields(each, customer)),
            "values": json.dumps(fields),
        }
        for each in result.asks
    ]
    context = {
        "customer": customer,
        "kept": [(understood.of_note(note), note) for note in result.kept],
        "asks": asks,
        "result": result,
        "impossible": [understood.no_such_day(day) for day in result.impossible],
        "plain": plain,
        "languages": " ".join(result.languages),
    }
    response = render(request, "desk/captured.html", context)
    response["HX-Trigger"] = json.dumps(dict.fromkeys(replies.live(customer)))
    return response


def _ask_fields(each: capturing.Proposed, customer: Customer) -> dict[str, str]:
    about = each.about
    return {
        "customer": customer.public_id,
        "text": each.text,
        "kind": each.kind,
        "topic": about.topic,
        "value": about.value,
        "polarity": str(about.polarity),
        "standing": "0" if about.standing is False else "1",
        "sensitive": about.sensitive,
        "happens_on": about.happens_on,
        "happens_lunar": "1" if about.happens_lunar else "0",
        "person": about.person,
        "relation": about.relation,
    }


@require_GET
def capture_people(request: HouseRequest) -> HttpResponse:
    """Whom the line may be about, by part of a name or number."""
    place, text = current_place(request), request.GET.get("text", "")
    who = request.GET.get("who", "").strip()
    if who:
        people = [each.customer for each in know_queries.find(who, region=place.region, limit=8)]
        know.note_search(request.actor, found=len(people), now=this_moment())
    else:
        people = queries.around(place, now=this_moment())
    return render(request, "desk/people.html", {"people": _choices(people, text), "who": who})


def kind_and_words(text: str) -> tuple[str | None, str]:
    """A line that begins with the name of a kind and a colon ("need: feathers", "需要：羽毛") says its kind."""
    head, colon, rest = text.replace("：", ":", 1).partition(":")
    if colon and rest.strip():
        said = head.strip().casefold()
        for kind in Note.Kind:
            if said in {kind.value, str(kind.label).casefold()}:
                return kind.value, rest.strip()
    return None, text


def _choices(people: Iterable[Customer], text: str) -> list[dict[str, object]]:
    return [
        {"customer": each, "values": json.dumps({"customer": each.public_id, "text": text})}
        for each in people
    ]
