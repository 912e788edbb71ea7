"""Addresses of what belongs to the customer."""

from django.urls import path

from ..core import converters as converters
from . import page, register_views, views

urlpatterns = [
    path("own/<str:secret>", page.page, name="own"),
    path("own/<str:secret>/export.json", page.export, name="own-export"),
    path("own/<str:secret>/export.pdf", page.export_pdf, name="own-export-pdf"),
    path("customers/<customer:customer_id>/own-page", views.link, name="own-link"),
    path("customers/<customer:customer_id>/own-page/end", views.end_link, name="own-link-end"),
    path("customers/<customer:customer_id>/export", views.export, name="customer-export"),
    path("customers/<customer:customer_id>/erase", views.erase_person, name="customer-erase"),
    path("erasures", views.erasures, name="erasures"),
    path("looking", views.looking, name="looking"),
    path("register", register_views.register, name="register"),
    path("register/begin", register_views.begin, name="register-begin"),
    path("register/count", register_views.count, name="register-count"),
    path("register/<str:kind>", register_views.one, name="register-kind"),
    path("register/<str:kind>/drop", register_views.drop, name="register-drop"),
]
