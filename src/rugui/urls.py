"""Every address of the house. Each room brings its own."""

from django.urls import include, path

from .api.routes import api

urlpatterns = [
    path("api/v1/", api.urls),
    path("", include("rugui.core.urls")),
    path("", include("rugui.web.urls")),
    path("", include("rugui.house.urls")),
    path("", include("rugui.know.urls")),
    path("", include("rugui.know.pair_urls")),
    path("", include("rugui.serve.urls")),
    path("", include("rugui.promise.urls")),
    path("", include("rugui.language.urls")),
    path("", include("rugui.recover.urls")),
    path("", include("rugui.recover.remedies.urls")),
    path("", include("rugui.recover.incidents.urls")),
    path("", include("rugui.recover.practise.urls")),
    path("", include("rugui.team.urls")),
    path("", include("rugui.team.standards.urls")),
    path("", include("rugui.own.urls")),
    path("", include("rugui.desk.urls")),
    path("", include("rugui.desk.offline_urls")),
    path("", include("rugui.connect.urls")),
    path("", include("rugui.live.urls")),
]

handler404 = "rugui.web.views.not_found"
handler500 = "rugui.web.views.failed"
