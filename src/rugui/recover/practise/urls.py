"""Addresses of the exercises."""

from django.urls import path

from ...core import converters as converters
from . import views

urlpatterns = [
    path("practise", views.practise, name="practise"),
    path("practise/<practice:practice_id>", views.practice, name="practice"),
    path("practise/<practice:practice_id>/share", views.share, name="practice-share"),
]
