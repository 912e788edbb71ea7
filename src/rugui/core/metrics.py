"""Prometheus metrics of this process. Labels are routes, kinds and states; never people."""

from __future__ import annotations

from prometheus_client import Counter, Gauge, Histogram

requests = Histogram(
    "rugui_request_seconds",
    "Time to answer a request.",
    ["method", "route", "status"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5),
)
rings = Counter("rugui_rings_total", "Promises rung by the clock.", ["kind"])
ring_lateness = Histogram(
    "rugui_ring_lateness_seconds",
    "How long after its moment a ring was rung.",
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 30, 300),
)
screens = Gauge("rugui_live_screens", "Open live streams.", multiprocess_mode="livesum")
live_lag = Histogram(
    "rugui_live_lag_seconds",
    "From the moment of a change to its being handed to every screen that shows it.",
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 30),
)
live_work = Gauge(
    "rugui_live_longest_work_seconds", "Most processor time that the live process spent in such a pause."
)
live_pause = Gauge(
    "rugui_live_longest_pause_seconds",
    "Longest time that the live process was busy with one thing.",
    multiprocess_mode="livemax",
)
