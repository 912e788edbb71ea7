"""One's own account: name and language, API tokens, duty, and which house to work in."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from ...core import replies, tenancy
from ...core.errors import NotFound
from ...core.ids import UnknownId, public_id, row_id
from ...core.time import now
from ...core.web import open_to_all
from .. import access, actions, forms, queries, words
from ..accounts import second_step_told
from ..models import Organization, User
from ..requests import HouseRequest, current_place, place_chosen


@require_http_methods(["GET", "POST"])
def me(request: HouseRequest) -> HttpResponse:
    initial = {"name": request.staff.name, "language": request.user.language}
    form = forms.MeForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            actions.change_me(request.actor, **form.cleaned_data, now=now())
            translation.activate(form.cleaned_data["language"])
            messages.success(request, _("Saved."))
            response = redirect("me")
            response.set_cookie(
                settings.LANGUAGE_COOKIE_NAME,
                form.cleaned_data["language"],
                samesite="Lax",
                secure=bool(settings.SESSION_COOKIE_SECURE),
            )
            return response
    context = {
        "form": form,
        "email": request.user.email,
        "duty": queries.duty_of(request.actor),
        "may_be_on_duty": (place := place_chosen(request)) is not None and request.actor.serves(place.id),
        "second_step_told": second_step_told(request.user) if queries.lost_second_step(request.user) else "",
        "several_houses": len(access.organizations_of(request.user.pk)) > 1,
    }
    return render(request, "house/me.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def tokens(request: HouseRequest) -> HttpResponse:
    """One's API tokens. A new one is shown on the answer to the form and never again."""
    form, secret = forms.TokenForm(request.POST or None), None
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            secret = actions.make_token(request.actor, **form.cleaned_data, now=now())
            form = forms.TokenForm()
    context = {
        "form": form,
        "secret": secret,
        "tokens": queries.tokens(request.actor),
        "subjects": list(words.SCOPE_SUBJECTS.items()),
        "verbs": [("read", _("Read")), ("write", _("Write"))],
        "chosen": form.data.getlist("scopes") if form.is_bound else [],  # type: ignore[attr-defined]
    }
    return render(request, "house/tokens.html", context, status=422 if form.errors else 200)


@require_POST
def revoke_token(request: HouseRequest, token_id: int) -> HttpResponse:
    actions.revoke_token(request.actor, access.token(request.actor, token_id), now=now())
    messages.success(request, _("The token is revoked; nothing can use it any more."))
    return redirect("tokens")


@require_POST
def duty(request: HouseRequest) -> HttpResponse:
    """On now at the current place (`on=1`), or done for today (`on=0`)."""
    place = current_place(request)
    if request.POST.get("on") == "1":
        actions.start_duty(request.actor, place, now=now())
    else:
        actions.end_duty(request.actor, now=now())
    return replies.changed(request, _back(request), events=replies.live(place))


@open_to_all
@require_http_methods(["GET", "POST"])
def houses(request: HttpRequest) -> HttpResponse:
    """Chooses the house to work in, for people who have several."""
    if not isinstance(request.user, User):
        return redirect(settings.LOGIN_URL)
    mine = access.organizations_of(request.user.pk)
    if request.method == "POST":
        try:
            chosen = row_id("organization", request.POST.get("house", ""))
        except UnknownId as error:
            raise NotFound from error
        if chosen not in mine:
            raise NotFound
        request.session["organization"] = chosen
        request.session.pop("place", None)
        return redirect("/")
    named = []
    for organization_id in mine:
        with tenancy.within(organization_id):
            name = Organization.objects.get(id=organization_id).name
        named.append({"id": public_id("organization", organization_id), "name": name})
    context = {"houses": named, "current": request.session.get("organization")}
    return render(request, "house/houses.html", context)


def _back(request: HttpRequest) -> str:
    wanted = request.POST.get("next", "")
    allowed = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if allowed else "/"
