"""Addresses of imports, and of telephone calls."""

from django.urls import path

from ..core import converters as converters
from . import call_views, views

urlpatterns = [
    path("import", views.imports, name="imports"),
    path("import/<importrun:run_id>", views.import_run, name="import_run"),
    path("import/<importrun:run_id>/progress", views.import_progress, name="import_progress"),
    path("import/<importrun:run_id>/try", views.try_import, name="try_import"),
    path("import/<importrun:run_id>/start", views.start_import, name="start_import"),
    path("import/<importrun:run_id>/stop", views.stop_import, name="stop_import"),
    path("import/<importrun:run_id>/discard", views.discard_import, name="discard_import"),
    path("import/<importrun:run_id>/rejected", views.rejected_rows, name="rejected_rows"),
    path("calls/<call:call_id>/take", call_views.call_take, name="call-take"),
    path("calls/<call:call_id>/is/<customer:customer_id>", call_views.call_is, name="call-is"),
    path("calls/<call:call_id>/seen-to", call_views.call_seen_to, name="call-seen-to"),
]
