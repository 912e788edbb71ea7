"""Addresses of people and of what we know about them. The card itself is the desk's."""

from django.urls import path

from ..core import converters as converters
from . import views

urlpatterns = [
    path("customers", views.customers, name="customers"),
    path("customers/new", views.customer_new, name="customer-new"),
    path("customers/<customer:customer_id>/edit", views.customer_edit, name="customer-edit"),
    path("customers/<customer:customer_id>/identities/new", views.identity_new, name="identity-new"),
    path("customers/<customer:customer_id>/notes/new", views.note_new, name="note-new"),
    path("identities/<identity:identity_id>/remove", views.identity_remove, name="identity-remove"),
    path("notes/<note:note_id>", views.note_tools, name="note-tools"),
    path("notes/<note:note_id>/kind", views.note_kind, name="note-kind"),
    path("notes/<note:note_id>/withdraw", views.note_withdraw, name="note-withdraw"),
    path("notes/<note:note_id>/restore", views.note_restore, name="note-restore"),
]
