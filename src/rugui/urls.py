"""Every address of the house. Each room brings its own."""

from django.urls import include, path

urlpatterns = [
    path("", include("rugui.core.urls")),
    path("", include("rugui.web.urls")),
    path("", include("rugui.house.urls")),
]

handler404 = "rugui.web.views.not_found"
handler500 = "rugui.web.views.failed"
