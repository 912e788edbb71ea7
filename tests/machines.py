"""How often the machines of hypothesis run: each run is fifty steps, and after every step everything is compared."""

from __future__ import annotations

import os

RUNS = int(os.environ.get("RUGUI_MACHINE_RUNS", "200" if os.environ.get("CI") else "25"))
"""Two thousand are the full number (`RUGUI_MACHINE_RUNS=2000`), a tenth of them a change must pass, and a few are a check by the way."""
STEPS = 50
