"""Keeps child processes, and the embedded database, alive until asked to stop."""

from __future__ import annotations

import os
import select
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from types import FrameType

from . import children

STOP_SECONDS = 25
FIRST_PAUSE, LONGEST_PAUSE = 0.1, 10.0
STEADY_AFTER = 30.0
"""A child that has lived this long starts again at once when it dies; one that keeps dying, ever later."""

LOOK_EVERY = 0.25

Say = Callable[[str], None]


@dataclass
class Child:
    name: str
    command: list[str]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    pause: float = FIRST_PAUSE
    due: float = 0.0


@dataclass
class Supervisor:
    """Owns this process's signals while it runs.

    `keep_database` starts the database if it is gone, and says so; `forget` is told of each child that has ended.
    """

    environment: Mapping[str, str]
    say: Say
    keep_database: Callable[[], None]
    forget: Callable[[int], None]
    children: list[Child] = field(default_factory=list)
    stopping: bool = False

    def __post_init__(self) -> None:
        self._woken, waker = socket.socketpair()
        self._woken.setblocking(False)
        waker.setblocking(False)
        self._waker = waker  # kept open
        signal.set_wakeup_fd(waker.fileno(), warn_on_full_buffer=False)
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._asked_to_stop)
        signal.signal(signal.SIGCHLD, lambda *_: None)  # only to wake up

    def _asked_to_stop(self, number: int, frame: FrameType | None) -> None:
        self.stopping = True

    def adopt(self, name: str, process: subprocess.Popen[bytes], *command: str) -> None:
        """Takes over a child that runs already; `command` starts it again."""
        self.children.append(Child(name, list(command), process, time.monotonic()))

    def add(self, name: str, *command: str) -> None:
        child = Child(name, list(command))
        self.children.append(child)
        self._start(child)

    def tend(self, seconds: float = LOOK_EVERY) -> None:
        """One round: waits for something to happen, then starts again what has died."""
        select.select([self._woken], [], [], seconds)
        with suppress(BlockingIOError):  # nothing happened in this time
            self._woken.recv(4096)
        if self.stopping:
            return
        self.keep_database()
        now = time.monotonic()
        for child in self.children:
            self._tend_one(child, now)

    def run(self) -> None:
        while not self.stopping:
            self.tend()

    def stop(self) -> None:
        """Stops all children; returns when none is left."""
        self.stopping = True
        children.stop([child.process for child in self.children if child.process is not None], STOP_SECONDS)

    def _start(self, child: Child) -> None:
        child.process = children.start(child.command, self.environment)
        child.started = time.monotonic()

    def _tend_one(self, child: Child, now: float) -> None:
        if child.process is not None:
            if (code := child.process.poll()) is None:
                return
            self._kill_rest_of(child.process)
            self.forget(child.process.pid)
            if now - child.started > STEADY_AFTER:
                child.pause = FIRST_PAUSE
            self.say(f"{child.name} has stopped ({_ending(code)}); starting it again.")
            child.process, child.due = None, now + child.pause
            child.pause = min(child.pause * 2, LONGEST_PAUSE)
        if now >= child.due:
            self._start(child)

    @staticmethod
    def _kill_rest_of(process: subprocess.Popen[bytes]) -> None:
        """What a dead child had started itself must not be in its successor's way."""
        with suppress(ProcessLookupError):  # nothing was left of it
            os.killpg(process.pid, signal.SIGKILL)


def _ending(code: int) -> str:
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit {code}"
