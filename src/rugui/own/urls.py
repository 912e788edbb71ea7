"""Addresses of what belongs to the customer."""

from django.urls import path

from ..core import converters as converters
from . import page, views

urlpatterns = [
    path("own/<str:secret>", page.page, name="own"),
    path("own/<str:secret>/export.json", page.export, name="own-export"),
    path("customers/<customer:customer_id>/own-page", views.link, name="own-link"),
    path("customers/<customer:customer_id>/own-page/end", views.end_link, name="own-link-end"),
    path("customers/<customer:customer_id>/erase", views.erase_person, name="customer-erase"),
    path("erasures", views.erasures, name="erasures"),
    path("looking", views.looking, name="looking"),
]
