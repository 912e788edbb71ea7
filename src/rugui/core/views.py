"""Pages for machines: health and metrics."""

from __future__ import annotations

import os
from ipaddress import ip_address
from secrets import compare_digest

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector

from ..config import config
from . import health as vital_signs
from .time import now
from .web import open_to_all


@open_to_all
@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """200 when pages are answered, promises ring and jobs get done; 503 otherwise, saying which does not."""
    found = vital_signs.look(now())
    response = JsonResponse(found.summary(), status=200 if found.well else 503)
    response["Cache-Control"] = "no-store"
    response._has_been_logged = True  # type: ignore[attr-defined]  # Django would call each 503 an error of its own
    return response


@open_to_all
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Every process's metrics in Prometheus' text format; for who has the token, or without one for this computer only."""
    if not _may_measure(request):
        return HttpResponse(
            "Metrics are for this computer only. Set RUGUI_METRICS_TOKEN and send it as a bearer token.\n",
            status=403,
            content_type="text/plain",
        )
    return HttpResponse(_measurements(), content_type=CONTENT_TYPE_LATEST)


def _may_measure(request: HttpRequest) -> bool:
    if (token := config().metrics_token) is not None:
        given = request.headers.get("Authorization", "")
        return compare_digest(given.encode(), f"Bearer {token.get_secret_value()}".encode())
    # A reverse proxy on this computer also comes from a local address, for anybody: it says so in a header.
    if "X-Forwarded-For" in request.headers or "Forwarded" in request.headers:
        return False
    try:
        return ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False


def _measurements() -> bytes:
    registry = CollectorRegistry()
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]  # sums the files of every process
        text = generate_latest(registry)
    else:
        text = generate_latest(REGISTRY)
    return text + _vital_signs()


def _vital_signs() -> bytes:
    """What is read from the database at the moment of asking."""
    found = vital_signs.look(now())
    up = GaugeMetricFamily("rugui_database_up", "Whether the database answers.", value=int(found.database))
    heard = GaugeMetricFamily("rugui_heard_seconds_ago", "Since the last sign of life.", labels=["kind"])
    waiting = GaugeMetricFamily("rugui_jobs", "Jobs by state.", labels=["state"])
    if found.database:
        for kind in sorted(found.heard):
            heard.add_metric([kind], found.age(kind) or 0.0)
        for state, count in vital_signs.jobs().items():
            waiting.add_metric([state], count)
    registry = CollectorRegistry()
    registry.register(_Ready([up, heard, waiting]))
    return generate_latest(registry)


class _Ready:
    """A collector of values that are known already."""

    def __init__(self, families: list[GaugeMetricFamily]) -> None:
        self.families = families

    def collect(self) -> list[GaugeMetricFamily]:
        return self.families
