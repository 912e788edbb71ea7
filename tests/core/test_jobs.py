"""A worker knows every job that a room may give it."""

from __future__ import annotations

import json
import re
import subprocess
import sys

from rugui.core.fingerprint import PACKAGE

_TASKS = """
import json, django; django.setup()
from procrastinate.contrib.django import app
app.perform_import_paths()
print(json.dumps(sorted(app.tasks)))
"""
"""What a worker does first, in a process of its own: here other tests may have loaded a room's jobs already."""


def test_a_worker_loads_the_jobs_of_every_room_and_of_the_rooms_within_rooms() -> None:
    done = subprocess.run([sys.executable, "-c", _TASKS], check=True, capture_output=True, text=True)
    known = set(json.loads(done.stdout))
    written = {
        name
        for path in PACKAGE.rglob("*.py")
        for name in re.findall(r'@app\.task\(name="([a-z_.]+)"', path.read_text())
    }
    assert {"know.bring_home", "recover.decide_leave", "recover.carry_on"} <= written
    assert written <= known
