"""Pages about two cards of one person: choose, compare, merge, undo; and the queue of likely pairs."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ..core import replies
from ..core.time import now as this_moment
from ..house.requests import HouseRequest, current_place
from . import access, actions, compare, duplicates, queries
from . import merge as merging
from .forms import given_row
from .models import Customer
from .pairs import CardPair, Merge

FOUND = 12


@require_GET
def other_card(request: HouseRequest, customer_id: int) -> HttpResponse:
    """Which card is the same person's? Those that look like it, and whoever a search finds."""
    request.actor.must_serve(None)
    customer, place = access.customer(request.actor, customer_id), current_place(request)
    text = request.GET.get("q", "").strip()
    found = [hit.customer for hit in queries.find(text, region=place.region, limit=FOUND)] if text else []
    if text:
        actions.note_search(request.actor, found=len(found), now=this_moment())
    likely = [pair.high if pair.low_id == customer.id else pair.low for pair in compare.suggested(customer)]
    context = {
        "customer": customer,
        "text": text,
        "rows": [each for each in (found if text else likely) if each.id != customer.id],
    }
    return render(request, "know/other_card.html", context)


@require_http_methods(["GET", "POST"])
def customer_merge(request: HouseRequest, customer_id: int, other_id: int) -> HttpResponse:
    """Both cards side by side; on POST they become one. Undone with one tap, then or years later."""
    request.actor.must_serve(None)
    one, other = access.customer(request.actor, customer_id), access.customer(request.actor, other_id)
    if one.id == other.id:
        return redirect("customer", one.id)
    refused, status = "", 200
    if request.method == "POST":
        source, survivor = _chosen(request, one, other)
        reason = Merge.Reason.TOLD if request.POST.get("told") else Merge.Reason.LOOKED
        try:
            made = merging.merge(request.actor, source, survivor, reason=reason, now=this_moment())
        except merging.Blocked as error:
            refused, status = str(error.message), 409
        else:
            return _merged(request, made)
    seen = merging.outlook(one, other)
    context = {
        "one": one,
        "other": other,
        "sides": compare.sides(*reversed(merging.older(one, other))),
        "keep": merging.older(one, other)[1],
        "seen": seen,
        "name_level": compare.LEVELS.get(seen.likeness.level, ""),
        "refused": refused,
        "may_be_told": request.actor.leads_somewhere,
    }
    return render(request, "know/customer_merge.html", context, status=status)


def _chosen(request: HouseRequest, one: Customer, other: Customer) -> tuple[Customer, Customer]:
    """(source, survivor): the card that was said to stay, or the older."""
    keep = request.POST.get("keep", "")
    if keep in {one.public_id, other.public_id}:
        return (other, one) if keep == one.public_id else (one, other)
    return merging.older(one, other)


def _told(request: HouseRequest, to: str, *, toast: str, undo: str, events: Iterable[str]) -> HttpResponse:
    """What was decided, told once: the page that follows says it itself, beside the way back; a toast does so otherwise."""
    if not request.headers.get("HX-Request"):
        return redirect(to)
    return replies.changed(request, to, toast=toast, undo=undo, events=events)


def _merged(request: HouseRequest, made: Merge, to: str = "") -> HttpResponse:
    survivor = made.survivor
    return _told(
        request,
        to or reverse("merge", args=[made.id]),
        toast=_("One card now: %(name)s.") % {"name": survivor.called},
        undo=reverse("merge-undo", args=[made.id]),
        events=[*replies.live(survivor, made.source), "live:duplicates"],
    )


@require_GET
def merged(request: HouseRequest, merge_id: int) -> HttpResponse:
    """What became one, when and by whom, and the way back."""
    found = access.merge(request.actor, merge_id)
    context = {
        "merge": found,
        "place": current_place(request),
        "filled": sorted(found.filled),
        "may_change": request.actor.serves(None),
    }
    return render(request, "know/merged.html", context)


@require_POST
def merge_undo(request: HouseRequest, merge_id: int) -> HttpResponse:
    found = access.merge(request.actor, merge_id)
    merging.undo(request.actor, found, now=this_moment())
    return replies.changed(
        request,
        reverse("customer", args=[found.source_id]),
        toast=_("Two cards again: %(one)s and %(other)s.")
        % {"one": found.survivor.called, "other": found.source.called},
        events=[*replies.live(found.survivor, found.source), "live:duplicates"],
    )


@require_GET
def duplicate_queue(request: HouseRequest) -> HttpResponse:
    """Same person? One pair after the other, the one that is worth most first."""
    request.actor.must_serve(None)
    put_off = bool(request.GET.get("later"))
    pairs, more = duplicates.queue(later=put_off)
    pair = pairs[0] if pairs else None
    context = {
        "merged": given_row("merge", request.GET.get("merged", "")),
        "decided": given_row("cardpair", request.GET.get("decided", "")),
        "pair": pair,
        "more": more,
        "sides": compare.sides(pair.low, pair.high) if pair else (),
        "reasons": compare.reasons(pair.reasons) if pair else (),
        "seen": merging.outlook(pair.low, pair.high) if pair else None,
        "search": duplicates.last_search(),
        "leads": request.actor.leads_somewhere,
        "owns": request.actor.owns,
        "automatic": duplicates.merges_automatically(request.actor),
        "later": put_off,
        "put_off": duplicates.put_off(),
    }
    return render(request, "know/duplicates.html", context)


@require_POST
def pair_same(request: HouseRequest, cardpair_id: int) -> HttpResponse:
    pair = access.pair(request.actor, cardpair_id)
    source, survivor = merging.older(pair.low, pair.high)
    try:
        made = merging.merge(request.actor, source, survivor, reason=Merge.Reason.LOOKED, now=this_moment())
    except merging.Blocked:
        compare_them = reverse("customer-merge", args=[pair.low_id, pair.high_id])
        if request.headers.get("HX-Request"):
            return HttpResponse(status=204, headers={"HX-Redirect": compare_them})
        return redirect(compare_them)
    return _merged(request, made, f"{reverse('duplicates')}?merged={made.public_id}")


@require_POST
def pair_distinct(request: HouseRequest, cardpair_id: int) -> HttpResponse:
    pair = access.pair(request.actor, cardpair_id)
    merging.not_the_same(request.actor, pair.low, pair.high, now=this_moment())
    return _decided(request, pair, _("Kept apart. Nobody is asked about these two again."))


@require_POST
def pair_later(request: HouseRequest, cardpair_id: int) -> HttpResponse:
    pair = access.pair(request.actor, cardpair_id)
    merging.ask_later(request.actor, pair.low, pair.high, now=this_moment())
    return _decided(request, pair, _("Put off."))


@require_POST
def pair_again(request: HouseRequest, cardpair_id: int) -> HttpResponse:
    pair = access.pair(request.actor, cardpair_id)
    merging.ask_again(request.actor, pair, now=this_moment())
    return replies.changed(
        request, reverse("duplicates"), toast=_("Back in the queue."), events=["live:duplicates"]
    )


def _decided(request: HouseRequest, pair: CardPair, said: str) -> HttpResponse:
    return _told(
        request,
        f"{reverse('duplicates')}?decided={pair.public_id}",
        toast=said,
        undo=reverse("pair-again", args=[pair.id]),
        events=["live:duplicates"],
    )


@require_POST
def search_start(request: HouseRequest) -> HttpResponse:
    """Looks through all cards now instead of tonight."""
    duplicates.start(request.actor, now=this_moment())
    return replies.changed(request, reverse("duplicates"), events=["live:duplicates"])


@require_POST
def search_stop(request: HouseRequest) -> HttpResponse:
    duplicates.stop(request.actor, now=this_moment())
    return replies.changed(request, reverse("duplicates"), events=["live:duplicates"])


@require_POST
def automatic(request: HouseRequest) -> HttpResponse:
    """Whether cards that are as good as certainly one person's become one by themselves: the owner's to say."""
    on = request.POST.get("on") == "1"
    duplicates.merge_automatically(request.actor, on, now=this_moment())
    said = (
        _("Cards that are certain to be one person's become one by themselves.")
        if on
        else _("Nothing is merged before somebody has looked.")
    )
    return replies.changed(request, reverse("duplicates"), toast=said, events=["live:duplicates"])
