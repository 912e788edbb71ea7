"""Tests of one group run on one process, under their own names."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import pytest

TESTS = """
import os, time
import pytest

@pytest.mark.parametrize("a", ["1", "2@3", "4", "5", "6"])
@pytest.mark.xdist_group("NAME")
def test_grouped(a, request):
    with open("NAME", "a") as seen:
        print(os.environ["PYTEST_XDIST_WORKER"], file=seen)
    time.sleep(0.05)
    assert a != "2@3"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("red", "green", "blue"):
        (tmp_path / f"test_{name}.py").write_text(TESTS.replace("NAME", name))
        (tmp_path / f"test_{name}_too.py").write_text(TESTS.replace("NAME", name))
    return tmp_path


def test_a_group_stays_on_one_process_and_what_failed_goes_by_its_plain_name(folder: Path) -> None:
    command = [sys.executable, "-m", "pytest", "-n", "2", "--dist", "loadgroup", "-q"]
    command += ["-c", os.devnull, "--rootdir", str(folder), "-p", "xdist", "-p", "tests.groups"]
    alone = {"PYTHONPATH": str(Path(__file__).parents[2]), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    environment = {**os.environ, **alone}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert "6 failed, 24 passed" in done.stdout, done.stdout + done.stderr
    workers: dict[str, set[str]] = defaultdict(set)
    for name in ("red", "green", "blue"):
        lines = (folder / name).read_text().split()
        assert len(lines) == 10
        workers[name] = set(lines)
    assert {len(each) for each in workers.values()} == {1}, workers
    assert len(set.union(*workers.values())) == 2
    failed = json.loads((folder / ".pytest_cache/v/cache/lastfailed").read_text())
    assert sorted(failed) == sorted(
        f"test_{name}{too}.py::test_grouped[2@3]" for name in ("red", "green", "blue") for too in ("", "_too")
    )
