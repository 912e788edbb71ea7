"""Metrics of several processes, added up: each writes to a file of its own, `/metrics` reads them all."""

from __future__ import annotations

import os
from pathlib import Path

from ..config import Config


def share_metrics(settings: Config) -> Path:
    """Has this process and its children share their metrics. Must come before anything imports prometheus_client."""
    folder = settings.data_folder / "metrics"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(folder)
    return folder


def forget_process(settings: Config, process: int) -> None:
    """A process that has ended has no open screens any more; what it counted stays counted."""
    for file in (settings.data_folder / "metrics").glob(f"gauge_live*_{process}.db"):
        file.unlink()
