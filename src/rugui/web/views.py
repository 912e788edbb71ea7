"""Pages that belong to the house as a whole: components, help, the switches, and what went wrong."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET, require_POST
from django.views.decorators.vary import vary_on_headers

from ..core.errors import NotFound
from ..core.ids import UnknownId, row_id
from ..core.web import open_to_all
from ..house import access
from . import examples

YEAR = 365 * 24 * 3600


@require_GET
def components(request: HttpRequest) -> HttpResponse:
    """Every component of the design system, with invented people."""
    return render(request, "web/components.html", examples.components())


@require_GET
def help_page(request: HttpRequest) -> HttpResponse:
    """The keys."""
    return render(request, "web/help.html")


@open_to_all
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Speaks another language from now on: the person's own when signed in, this browser's otherwise."""
    chosen = request.POST.get("language", "")
    response = redirect(_next(request))
    if chosen not in dict(settings.LANGUAGES):
        return response
    if request.user.is_authenticated:
        request.user.language = chosen
        request.user.save(update_fields=["language"])
    translation.activate(chosen)
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        chosen,
        max_age=YEAR,
        samesite="Lax",
        secure=bool(settings.SESSION_COOKIE_SECURE),
    )
    return response


@require_POST
def choose_place(request: HttpRequest) -> HttpResponse:
    """Works at another place from now on."""
    try:
        place = access.place(request.actor, row_id("place", request.POST.get("place", "")))  # type: ignore[attr-defined]
    except UnknownId as error:
        raise NotFound from error
    request.session["place"] = place.id
    return redirect(_next(request))


def _next(request: HttpRequest) -> str:
    """The page to go back to, if it is one of ours."""
    wanted = request.POST.get("next", "")
    allowed = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if allowed else "/"


@open_to_all
@cache_control(private=True, max_age=3600)
@vary_on_headers("Accept-Language", "Cookie")
@require_GET
def manifest(request: HttpRequest) -> HttpResponse:
    """What a phone needs to put the house on its home screen."""
    icons = [
        {
            "src": static(f"img/icon-{size}.png"),
            "sizes": f"{size}x{size}",
            "type": "image/png",
            "purpose": "any maskable",
        }
        for size in (192, 512)
    ]
    return JsonResponse(
        {
            "name": "Rugui",
            "short_name": "Rugui",
            "id": "/",
            "start_url": "/",
            "scope": "/",
            "lang": translation.get_language(),
            "shortcuts": [
                {"name": gettext("Today"), "url": reverse("today")},
                {"name": gettext("Without a network"), "url": "/offline"},
            ],
            "display": "standalone",
            "background_color": "#fbf8f3",
            "theme_color": "#fbf8f3",
            "icons": [{"src": static("img/mark.svg"), "sizes": "any", "type": "image/svg+xml"}, *icons],
        },
        content_type="application/manifest+json",
    )


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "web/404.html", status=404)


def failed(request: HttpRequest) -> HttpResponse:
    """Says so without asking the database, which may be what failed."""
    return render(request, "web/500.html", status=500)
