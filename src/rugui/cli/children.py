"""Child processes that never outlive their parent."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence

PR_SET_PDEATHSIG = 1


def _prctl() -> Callable[..., int] | None:
    return ctypes.CDLL(None, use_errno=True).prctl if sys.platform == "linux" else None


def die_with_parent(parent: int) -> None:
    """Asks the kernel to stop this process when its parent is gone, however that happened. Linux only."""
    prctl = _prctl()
    if prctl is not None:
        prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
        if os.getppid() != parent:  # it was gone before we asked
            os.kill(os.getpid(), signal.SIGTERM)


def start(
    command: Sequence[str], environment: Mapping[str, str], *, pass_fds: Sequence[int] = ()
) -> subprocess.Popen[bytes]:
    """Starts a child in a process group of its own: the terminal's Ctrl-C reaches the parent only, who stops it in order."""
    parent, prctl = os.getpid(), _prctl()

    def before() -> None:
        if prctl is not None:  # looked up beforehand: nothing is loaded between fork and exec
            prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
            if os.getppid() != parent:
                os._exit(1)

    return subprocess.Popen(
        command,
        env=dict(environment),
        stdin=subprocess.DEVNULL,
        process_group=0,
        pass_fds=pass_fds,
        preexec_fn=before,  # noqa: PLW1509  there are no threads here
    )


def stop(children: Sequence[subprocess.Popen[bytes]], seconds: float) -> None:
    """Asks all of them to stop, at once; those that have not by then are killed, with all they started."""
    for child in children:
        if child.poll() is None:
            child.terminate()
    deadline = time.monotonic() + seconds
    for child in children:
        try:
            child.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()
