from django.urls import path

from ..core import converters as converters
from . import views

urlpatterns = [
    path("line-up", views.line_up, name="lineup"),
    path("line-up/lessons/<case:case_id>/read", views.read, name="lesson-read"),
    path("line-up/held", views.held, name="lineup-held"),
]
