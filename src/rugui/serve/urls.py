"""Addresses of visits, purchases and refunds. Touches are written at the desk, where they may start more."""

from django.urls import path

from ..core import converters as converters
from . import views

urlpatterns = [
    path("customers/<customer:customer_id>/visits/new", views.visit_new, name="visit-new"),
    path("customers/<customer:customer_id>/purchases/new", views.purchase_new, name="purchase-new"),
    path("customers/<customer:customer_id>/refunds/new", views.refund_new, name="refund-new"),
    path("visits/<visit:visit_id>/arrive", views.visit_arrive, name="visit-arrive"),
    path("visits/<visit:visit_id>/begin", views.visit_begin, name="visit-begin"),
    path("visits/<visit:visit_id>/delay-told", views.visit_delay_told, name="visit-delay-told"),
    path("visits/<visit:visit_id>/leave", views.visit_leave, name="visit-leave"),
    path("visits/<visit:visit_id>/miss", views.visit_miss, name="visit-miss"),
    path("visits/<visit:visit_id>/cancel", views.visit_cancel, name="visit-cancel"),
    path("visits/<visit:visit_id>/undo", views.visit_undo, name="visit-undo"),
]
