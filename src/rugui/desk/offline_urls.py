"""Addresses of the phone without a network. The worker stands at the root, because it stands in for every page."""

from django.urls import path

from .views import offline

urlpatterns = [
    path("sw.js", offline.worker, name="service-worker"),
    path("offline", offline.offline, name="offline"),
    path("offline/day", offline.day, name="offline-day"),
    path("offline/lines", offline.lines, name="offline-lines"),
]
