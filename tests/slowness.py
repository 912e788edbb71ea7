"""How slow this machine is, for the few tests that say how soon something happens.

Everything else waits for what it waits for, for minutes if it must, and ends as soon as that is so.
"""

from __future__ import annotations

import hashlib
import os
import threading
import time

SPIN = 0.1
"""Seconds of work for each core."""
PIECE = bytes(100_000)
"""So much is hashed at once, without the lock that lets one thread of Python run at a time."""


def slowness() -> float:
    """How many times as long work takes here as it would with every core to itself: now, or in the last minute by the
    programs that wanted to run. At least one."""
    cores = os.cpu_count() or 1
    spinning = [threading.Thread(target=_spin) for _ in range(cores)]
    began = time.perf_counter()
    for thread in spinning:
        thread.start()
    for thread in spinning:
        thread.join()
    return max(1.0, (time.perf_counter() - began) / SPIN, os.getloadavg()[0] / cores)


def _spin() -> None:
    began = time.thread_time()
    while time.thread_time() - began < SPIN:
        hashlib.sha256(PIECE)
