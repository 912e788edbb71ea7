"""Addresses of merging, undoing, and the queue of likely pairs."""

from django.urls import path

from ..core import converters as converters
from . import certainty_views
from . import pair_views as views

urlpatterns = [
    path("customers/<customer:customer_id>/same", views.other_card, name="customer-same"),
    path("customers/<customer:customer_id>/merge/<customer:other_id>", views.customer_merge, name="customer-merge"),
    path("merges/<merge:merge_id>", views.merged, name="merge"),
    path("merges/<merge:merge_id>/undo", views.merge_undo, name="merge-undo"),
    path("duplicates", views.duplicate_queue, name="duplicates"),
    path("duplicates/search", views.search_start, name="duplicates-search"),
    path("duplicates/stop", views.search_stop, name="duplicates-stop"),
    path("duplicates/automatic", views.automatic, name="duplicates-automatic"),
    path("pairs/<cardpair:cardpair_id>/same", views.pair_same, name="pair-same"),
    path("pairs/<cardpair:cardpair_id>/distinct", views.pair_distinct, name="pair-distinct"),
    path("pairs/<cardpair:cardpair_id>/later", views.pair_later, name="pair-later"),
    path("pairs/<cardpair:cardpair_id>/again", views.pair_again, name="pair-again"),
    path("house/recognising", certainty_views.recognising, name="recognising"),
]  # fmt: skip
