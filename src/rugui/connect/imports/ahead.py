"""Reading the next batches while the database works on one."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from .read import Batch

DEPTH = 2


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
def read_ahead(stream: Iterator[Batch]) -> Iterator[Iterator[Batch]]:
    """The same batches, read by a thread that is at most two ahead."""
    reader = _Reader(stream)
    reader.start()
    try:
        yield reader.batches()
    finally:
        reader.enough.set()
        reader.join()
