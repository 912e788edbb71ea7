"""The people of the house: who works where as what, invitations, links to a new password."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import segno
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ...config import config
from ...core.time import now
from .. import access, actions, forms, queries, words
from ..models import Place, Staff
from ..requests import HouseRequest, place_chosen
from .settings import led_place, led_places


@require_GET
def staff_list(request: HouseRequest, place_id: int | None = None) -> HttpResponse:
    """Everybody whom this actor may see, or those of one place; with the invitations still standing."""
    place = None if place_id is None else led_place(request, place_id)
    request.actor.must_lead_somewhere()
    places = led_places(request)
    names = {each.id: each.name for each in places}
    people = [
        {"member": member, "roles": _in_words(member, names, place)}
        for member in queries.members(request.actor, place)
    ]
    invitations = [
        {"standing": standing, "role": words.ROLES[standing.invitation.role]}
        for standing in queries.standing_invitations(request.actor, now=now())
        if place is None or standing.invitation.place_id in {None, place.id}
    ]
    context = {"place": place, "places": places, "people": people, "invitations": invitations}
    return render(request, "house/staff.html", context)


def _in_words(member: queries.Member, names: dict[int, str], place: Place | None) -> list[tuple[str, Any]]:
    """(place, role) pairs to show; places that the reader does not lead are left out."""
    if place is not None:
        held = member.role_at(place.id)
        return [("", words.ROLES[held])] if held else []
    return [
        (_("Every place") if place_id is None else names[place_id], words.ROLES[role])
        for place_id, role in sorted(member.roles.items(), key=lambda pair: names.get(pair[0] or 0, ""))
        if place_id is None or place_id in names
    ]


@require_http_methods(["GET", "POST"])
def invite(request: HouseRequest) -> HttpResponse:
    """Invites somebody; the link is shown on the answer to the form and never again."""
    request.actor.must_lead_somewhere()
    here = place_chosen(request)
    form = forms.InviteForm(
        request.POST or None,
        actor=request.actor,
        places=led_places(request),
        initial={"place": here.public_id if here else None},
    )
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            data = form.cleaned_data
            made = actions.invite(
                request.actor,
                email=data["email"],
                name=data["name"],
                role=data["role"],
                place_id=data["place"],
                now=now(),
            )
            return _link_page(
                request,
                reverse("invitation", args=[made.secret]),
                title=_("Invitation for %(name)s") % {"name": made.invitation.name},
                explanation=_("Valid for seven days, for one person, once."),
            )
    return render(request, "house/invite.html", {"form": form}, status=422 if form.errors else 200)


@require_POST
def withdraw_invitation(request: HouseRequest, invitation_id: int) -> HttpResponse:
    actions.withdraw_invitation(request.actor, access.invitation(request.actor, invitation_id), now=now())
    messages.success(request, _("The invitation is withdrawn; its link opens nothing any more."))
    return redirect("staff")


@require_http_methods(["GET", "POST"])
def member(request: HouseRequest, staff_id: int) -> HttpResponse:
    """One person: their roles, and what may be decided about them."""
    staff = access.member(request.actor, staff_id)
    form = _role_form(request, staff, request.POST or None)
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            data = form.cleaned_data
            role = None if data["role"] == forms.NO_ROLE else data["role"]
            actions.set_role(request.actor, staff, data["place"], role, now=now())
            messages.success(request, _("Saved."))
            return redirect("staff")
    return _member_page(request, staff, form)


@require_POST
def disable(request: HouseRequest, staff_id: int) -> HttpResponse:
    staff = access.member(request.actor, staff_id)
    form = _role_form(request, staff, {})
    form.errors.clear()  # nothing was asked in this form; it only shows why not
    with form.refusals():
        actions.disable_staff(request.actor, staff, now=now())
        messages.success(request, _("%(name)s can no longer use this house.") % {"name": staff.name})
        return redirect("staff_member", staff.id)
    return _member_page(request, staff, form)


@require_POST
def enable(request: HouseRequest, staff_id: int) -> HttpResponse:
    staff = access.member(request.actor, staff_id)
    actions.enable_staff(request.actor, staff, now=now())
    messages.success(request, _("%(name)s can use this house again.") % {"name": staff.name})
    return redirect("staff_member", staff.id)


@require_POST
def password_link(request: HouseRequest, staff_id: int) -> HttpResponse:
    """A link with which this person sets a new password, shown once."""
    staff = access.member(request.actor, staff_id)
    secret = actions.issue_password_link(request.actor, staff, now=now())
    return _link_page(
        request,
        reverse("new_password", args=[secret]),
        title=_("New password for %(name)s") % {"name": staff.name},
        explanation=_(
            "Valid for one day, once. Give it to this person only: whoever has it can sign in as them."
        ),
    )


@require_POST
def reset_second_step(request: HouseRequest, staff_id: int) -> HttpResponse:
    """Takes away a lost second step; asked for in a dialog before, because it cannot be undone."""
    staff = access.member(request.actor, staff_id)
    actions.reset_second_step(request.actor, staff, now=now())
    messages.success(
        request,
        _("%(name)s is signed out everywhere and gets in with the password alone.") % {"name": staff.name},
    )
    return redirect("staff_member", staff.id)


def _role_form(request: HouseRequest, staff: Staff, data: Mapping[str, Any] | None) -> forms.RoleForm:
    held = access.roles_of(staff)
    return forms.RoleForm(data, actor=request.actor, places=led_places(request), held=held)


def _member_page(request: HouseRequest, staff: Staff, form: forms.RoleForm) -> HttpResponse:
    names = {place.id: place.name for place in led_places(request)}
    roles = access.roles_of(staff)
    here = queries.Member(staff, staff.user.email, roles, False, access.reaches(request.actor, roles))
    context = {
        "member": here,
        "roles": _in_words(here, names, None),
        "form": form,
        "is_me": staff.id == request.actor.staff_id,
        "has_second_step": queries.has_second_step(staff.user_id),
    }
    return render(request, "house/member.html", context, status=422 if form.errors else 200)


def _link_page(request: HttpRequest, path: str, *, title: str, explanation: str) -> HttpResponse:
    """A secret link as text to copy and as a picture to scan."""
    base = config().base_url.rstrip("/")
    link = base + path if base else request.build_absolute_uri(path)
    picture = segno.make(link, micro=False).svg_data_uri(scale=5, border=3, dark="#1f1b16", light="#ffffff")
    context = {"link": link, "picture": picture, "title": title, "explanation": explanation}
    return render(request, "house/link.html", context)
