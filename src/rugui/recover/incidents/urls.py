"""Addresses of incidents."""

from django.urls import path

from ...core import converters as converters
from . import views

urlpatterns = [
    path("incidents/new", views.new, name="incident-new"),
    path("incidents/<incident:incident_id>", views.incident, name="incident"),
    path("incidents/<incident:incident_id>/change", views.change, name="incident-change"),
    path("incidents/<incident:incident_id>/progress", views.progress, name="incident-progress"),
    path("incidents/<incident:incident_id>/statement", views.statement, name="incident-statement"),
    path("incidents/<incident:incident_id>/join/<case:case_id>", views.join, name="incident-join"),
    path("incidents/<incident:incident_id>/all/<str:kind>", views.order, name="incident-order"),
    path("incident-tasks/<incidenttask:task_id>", views.turn, name="incident-turn"),
    path("hits/<hit:hit_id>", views.hit, name="incident-hit"),
]
