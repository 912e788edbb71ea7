"""Addresses that belong to the house as a whole rather than to a room."""

from django.urls import path

from . import views

urlpatterns = [
    path("components", views.components, name="components"),
    path("help", views.help_page, name="help"),
    path("language", views.language, name="language"),
    path("place", views.choose_place, name="choose_place"),
    path("manifest.webmanifest", views.manifest, name="manifest"),
]
