from django.urls import path

from . import views

urlpatterns = [
    path("line-up", views.line_up, name="lineup"),
    path("line-up/held", views.held, name="lineup-held"),
]
