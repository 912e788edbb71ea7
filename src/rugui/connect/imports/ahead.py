"""Reading the next batches while the database works on one.

A large file is read by a process of its own, so that reading and writing have a processor each; a small one by a thread,
which starts at once. The process knows no database. It ends by itself when nobody takes what it has read.
"""

from __future__ import annotations

import os
import pickle
import queue
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from .read import Batch, batches
from .settings import Reading

DEPTH = 2
LARGE = 4 << 20
"""Bytes from which on a process of its own is worth its start."""


@dataclass(frozen=True, slots=True)
class Source:
    """What is left of a file, and how it is read."""

    path: str
    subject: str
    reading: Reading
    file_hash: str
    position: int = 0
    line: int = 0
    rows: int = 0
    """Lines a batch; 0 for the usual number."""

    def batches(self) -> Iterator[Batch]:
        with Path(self.path).open("rb") as file:
            yield from batches(
                file,
                self.subject,
                self.reading,
                self.file_hash,
                position=self.position,
                line=self.line,
                rows=self.rows,
            )


class _Reader(threading.Thread):
    def __init__(self, stream: Iterator[Batch]) -> None:
        super().__init__(name="import-reader", daemon=True)
        self.waiting: queue.Queue[Batch | BaseException | None] = queue.Queue(maxsize=DEPTH)
        self.enough = threading.Event()
        self._stream = stream

    def run(self) -> None:
        try:
            for batch in self._stream:
                self._put(batch)
                if self.enough.is_set():
                    return
            self._put(None)
        except BaseException as error:  # noqa: BLE001  raised again in the thread that waits for the batch
            self._put(error)

    def _put(self, item: Batch | BaseException | None) -> None:
        while not self.enough.is_set():
            try:
                self.waiting.put(item, timeout=0.2)
            except queue.Full:
                continue
            return

    def batches(self) -> Iterator[Batch]:
        while (item := self.waiting.get()) is not None:
            if isinstance(item, BaseException):
                raise item
            yield item


@contextmanager
def read_ahead(source: Source) -> Iterator[Iterator[Batch]]:
    """The batches of `source`, read at most a few ahead."""
    process = None
    if Path(source.path).stat().st_size - source.position >= LARGE:
        process = _start(source)
    reader = _Reader(source.batches() if process is None else _sent_by(process))
    reader.start()
    try:
        yield reader.batches()
    finally:
        reader.enough.set()
        if process is not None:
            process.kill()
        reader.join()
        if process is not None:
            process.wait()
            _pipe(process.stdout).close()


def _start(source: Source) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-P", "-m", "rugui.connect.imports.ahead"]
    # A group of its own: Ctrl-C is for the writer, which ends after the batch at hand.
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, process_group=0)
    with _pipe(process.stdin) as pipe:
        pickle.dump(source, pipe)
    return process


def _pipe(stream: IO[bytes] | None) -> IO[bytes]:
    assert stream is not None
    return stream


def _sent_by(process: subprocess.Popen[bytes]) -> Iterator[Batch]:
    pipe = _pipe(process.stdout)
    while True:
        try:
            item = pickle.load(pipe)  # noqa: S301  sent by the process that we have started
        except (EOFError, pickle.UnpicklingError):
            raise ReaderGone(f"The process that read the file ended with {process.wait()}.") from None
        if item is None:
            return
        if isinstance(item, BaseException):
            raise item
        yield item


class ReaderGone(Exception):
    """The process that read the file has ended before the file did; the import can be resumed."""


def _send(source: Source, pipe: IO[bytes]) -> None:
    try:
        for batch in source.batches():
            pickle.dump(batch, pipe, pickle.HIGHEST_PROTOCOL)
            pipe.flush()
        pickle.dump(None, pipe)
    except BrokenPipeError:
        raise
    except Exception as error:  # noqa: BLE001  raised again where the batch is awaited
        pickle.dump(error, pipe)
    pipe.flush()


def main() -> int:
    """The process: told by its input what to read, it writes batches to its output."""
    source = pickle.load(sys.stdin.buffer)  # noqa: S301  told by the process that has started us
    try:
        _send(source, sys.stdout.buffer)
    except BrokenPipeError:
        # Nobody listens any more; and nothing is left to be written when the interpreter ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


if __name__ == "__main__":
    sys.exit(main())
