from django.urls import path

from . import views

urlpatterns = [path("live-ticket", views.ticket, name="live_ticket")]
