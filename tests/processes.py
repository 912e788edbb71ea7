"""What tests that start and kill processes share."""

from __future__ import annotations

import psutil


def lives(process: psutil.Process) -> bool:
    """Whether a process does anything any more: one that nobody has buried yet does not, and may lie there for ever."""
    try:
        return process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
