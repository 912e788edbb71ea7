"""Addresses of people and of what we know about them. The card itself is the desk's."""

from django.urls import path

from ..core import converters as converters
from . import notes_views, surprise_views, views

urlpatterns = [
    path("customers", views.customers, name="customers"),
    path("customers/new", views.customer_new, name="customer-new"),
    path("customers/<customer:customer_id>/edit", views.customer_edit, name="customer-edit"),
    path("customers/<customer:customer_id>/identities/new", views.identity_new, name="identity-new"),
    path("customers/<customer:customer_id>/notes/new", notes_views.note_new, name="note-new"),
    path("identities/<identity:identity_id>/remove", views.identity_remove, name="identity-remove"),
    path("notes/<note:note_id>", notes_views.note_tools, name="note-tools"),
    path("notes/<note:note_id>/kind", notes_views.note_kind, name="note-kind"),
    path("notes/<note:note_id>/withdraw", notes_views.note_withdraw, name="note-withdraw"),
    path("notes/<note:note_id>/restore", notes_views.note_restore, name="note-restore"),
    path("notes/<note:note_id>/confirm", notes_views.note_confirm, name="note-confirm"),
    path("notes/<note:note_id>/end", notes_views.note_end, name="note-end"),
    path("notes/<note:note_id>/check-undo", notes_views.note_check_undo, name="note-check-undo"),
    path("customers/<customer:customer_id>/consents", notes_views.consents, name="consents"),
    path("consents/<consent:consent_id>/withdraw", notes_views.consent_withdraw, name="consent-withdraw"),
    path("customers/<customer:customer_id>/surprise", surprise_views.surprise_new, name="surprise-new"),
    path("surprises/<surprise:surprise_id>", surprise_views.surprise_page, name="surprise"),
    path("surprises/<surprise:surprise_id>/decide", surprise_views.surprise_decide, name="surprise-decide"),
    path("surprises/<surprise:surprise_id>/drop", surprise_views.surprise_drop, name="surprise-drop"),
    path("surprises/<surprise:surprise_id>/again", surprise_views.surprise_again, name="surprise-again"),
    path(
        "surprises/<surprise:surprise_id>/outcome", surprise_views.surprise_outcome, name="surprise-outcome"
    ),
]
