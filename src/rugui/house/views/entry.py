"""Ways in for people who cannot sign in yet: the first run, an invitation, a new password."""

from __future__ import annotations

from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from ...core import keys, tenancy
from ...core.errors import ChangedMeanwhile, NotFound
from ...core.models import Key
from ...core.time import now
from ...core.web import open_to_all
from .. import access, actions, forms
from ..models import Invitation, Organization, Staff, User

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
HOME = "/"


def enter(request: HttpRequest, staff: Staff) -> None:
    """Signs in somebody new to this browser and opens their house; the session gets a new id."""
    login(request, staff.user, backend=BACKEND)
    request.session["organization"] = staff.organization_id


@open_to_all
@require_http_methods(["GET", "POST"])
@sensitive_post_parameters("owner_password")
def welcome(request: HttpRequest) -> HttpResponse:
    """The first run: makes the owner, with the house and its first place unless an example house stands ready.

    Gone as soon as somebody can sign in.
    """
    if access.anybody_can_sign_in():
        raise NotFound
    ready = access.ownerless_house()
    form = (forms.WelcomeForm if ready is None else forms.OwnerForm)(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            owner = actions.NewPerson(*(form.cleaned_data[f"owner_{field}"] for field in OWNER))
            staff = _found(form, owner) if ready is None else actions.take_over(owner, now=now())
            enter(request, staff)
            return redirect(HOME)
    shown = {"form": form, "example": _named(ready) if ready else None}
    return render(request, "house/welcome.html", shown, status=422 if form.errors else 200)


OWNER = ("name", "email", "password", "language")


def _found(form: forms.OwnerForm, owner: actions.NewPerson) -> Staff:
    data = form.cleaned_data
    house = ("name", "trade", "customer_word", "currency", "language")
    place = actions.NewPlace(
        data["place_name"] or data["house_name"], data["place_timezone"], data["place_region"]
    )
    founded = actions.found_house(
        owner, actions.NewOrganization(*(data[f"house_{field}"] for field in house)), place, now=now()
    )
    return founded.staff


def _named(organization_id: int) -> Organization:
    with tenancy.within(organization_id):
        return Organization.objects.get(id=organization_id)


@open_to_all
@require_http_methods(["GET", "POST"])
@sensitive_post_parameters("password")
def invitation(request: HttpRequest, secret: str) -> HttpResponse:
    """Accepting an invitation, as somebody new or as somebody who can sign in already."""
    moment = now()
    key = keys.find(secret, Key.Kind.INVITATION, now=moment)
    if key is None:
        return _no_longer(request, _("This invitation has been used, withdrawn or has expired."))
    with tenancy.within(key.organization_id):
        invited = Invitation.objects.select_related("organization", "place").get(id=key.subject_id)
    known = User.objects.filter(email=invited.email).first()
    try:
        if known is not None:
            return _join_as_known(request, key, invited, known)
        return _join_as_new(request, key, invited)
    except ChangedMeanwhile as error:
        return _no_longer(request, str(error.message))


def _join_as_new(request: HttpRequest, key: Key, invited: Invitation) -> HttpResponse:
    initial = {"name": invited.name, "language": request.LANGUAGE_CODE}
    form = forms.JoinForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            data = form.cleaned_data
            staff = actions.join_as_new(
                key, name=data["name"], password=data["password"], language=data["language"], now=now()
            )
            enter(request, staff)
            return redirect(HOME)
    context = {"form": form, "invitation": invited, "mine": False}
    return render(request, "house/invitation.html", context, status=422 if form.errors else 200)


def _join_as_known(request: HttpRequest, key: Key, invited: Invitation, known: User) -> HttpResponse:
    mine = request.user == known
    if request.method == "POST" and mine:
        staff = actions.join(key, known, now=now())
        request.session["organization"] = staff.organization_id
        request.session.pop("place", None)
        return redirect(HOME)
    return render(request, "house/invitation.html", {"invitation": invited, "mine": mine, "known": True})


@open_to_all
@require_http_methods(["GET", "POST"])
@sensitive_post_parameters("password")
def new_password(request: HttpRequest, secret: str) -> HttpResponse:
    """Setting a forgotten password anew, with the link that a manager made."""
    key = keys.find(secret, Key.Kind.PASSWORD, now=now())
    if key is None:
        return _no_longer(request, _("This link has been used or has expired."))
    form = forms.NewPasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            with form.refusals():
                actions.set_password_by_link(key, password=form.cleaned_data["password"], now=now())
                return redirect("account_login")
        except ChangedMeanwhile as error:
            return _no_longer(request, str(error.message))
    return render(request, "house/new_password.html", {"form": form}, status=422 if form.errors else 200)


def _no_longer(request: HttpRequest, message: str) -> HttpResponse:
    return render(request, "house/no_longer.html", {"message": message}, status=404)
