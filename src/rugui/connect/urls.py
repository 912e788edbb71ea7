"""Addresses of imports."""

from django.urls import path

from ..core import converters as converters
from . import views

urlpatterns = [
    path("import", views.imports, name="imports"),
    path("import/<importrun:run_id>", views.import_run, name="import_run"),
    path("import/<importrun:run_id>/progress", views.import_progress, name="import_progress"),
    path("import/<importrun:run_id>/try", views.try_import, name="try_import"),
    path("import/<importrun:run_id>/start", views.start_import, name="start_import"),
    path("import/<importrun:run_id>/stop", views.stop_import, name="stop_import"),
    path("import/<importrun:run_id>/discard", views.discard_import, name="discard_import"),
    path("import/<importrun:run_id>/rejected", views.rejected_rows, name="rejected_rows"),
]
