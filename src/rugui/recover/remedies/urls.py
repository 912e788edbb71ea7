"""Addresses of remedies, trust and what is at stake."""

from django.urls import path

from ...core import converters as converters
from . import settings, views

urlpatterns = [
    path("cases/<case:case_id>/remedies", views.remedies, name="case-remedies"),
    path("cases/<case:case_id>/remedies/give", views.give, name="remedy-give"),
    path("cases/<case:case_id>/remedies/something", views.something, name="remedy-something"),
    path("cases/<case:case_id>/remedies/offer", views.offer, name="remedy-offer"),
    path("cases/<case:case_id>/remedies/weigh", views.weigh, name="case-weigh"),
    path("given/<given:given_id>/take-back", views.take_back, name="given-take-back"),
    path("given/<given:given_id>/story", views.story, name="given-story"),
    path("leaves/<leave:leave_id>/decide", views.decide, name="leave-decide"),
    path("charges/<heldcharge:charge_id>", views.charge, name="charge-decide"),
    path("house/remedies", settings.remedies, name="remedies"),
    path("house/remedies/begin", settings.begin, name="remedies-begin"),
    path("house/remedies/new", settings.new, name="remedy-new"),
    path("house/remedies/<remedy:remedy_id>", settings.edit, name="remedy-edit"),
    path("house/remedies/<remedy:remedy_id>/withdraw", settings.withdraw, name="remedy-withdraw"),
    path("house/remedies/<remedy:remedy_id>/restore", settings.restore, name="remedy-restore"),
    path("house/trust", settings.trust, name="trust"),
    path("house/trust/unusual", settings.unusual, name="unusual"),
    path("me/trust", settings.mine, name="my-trust"),
]
