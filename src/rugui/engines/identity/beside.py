"""The names of very many cards in a process of their own, which takes them apart and compares them.

Taking names apart holds the interpreter, so that a thread beside it hardly gets on. The process has the names and nothing
else, and whoever asks it the numbers and addresses: neither holds what the other has. It knows no database, and ends by
itself when nobody asks it any more.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import IO, Any

import numpy as np

from .blocks import Hashes
from .compare import NAME_LEVELS
from .fields import Levels, NameField, Shares
from .name_pairs import Places
from .value_pairs import Several

MANY = 50_000
"""Cards from which on a process of its own is worth its start."""
_AT_ONCE = 50_000
"""Cards whose names are sent at a time."""


class NamesGone(Exception):
    """The process that has the names has ended before it was asked everything."""


def worth_while(cards: int) -> bool:
    """Whether so many cards are looked through faster by two processes, on this machine."""
    return cards >= MANY and len(os.sched_getaffinity(0)) > 1


class NamesBeside:
    """A `NameField` of another process."""

    name: str = "name"
    levels: tuple[str, ...] = NAME_LEVELS

    def __init__(self, process: subprocess.Popen[bytes], total: int) -> None:
        self.process, self.total = process, total
        self._asking = threading.Lock()

    def shared_keys(self) -> Hashes:
        """What `fields.shared_keys` says of the names; to be asked once, before anything is compared."""
        found: Hashes = self._received()
        return found

    def compare(self, one: Places, other: Places) -> tuple[Levels, Shares]:
        """Several threads may ask: while one has its answer and does the rest, the process works for the next."""
        with self._asking:
            self._send((one.astype(np.int32), other.astype(np.int32)))
            levels, shares = self._received()
        return levels, shares

    def _send(self, what: Any) -> None:
        try:
            _give(_pipe(self.process.stdin), what)
        except BrokenPipeError:
            raise self._gone() from None

    def _received(self) -> Any:
        try:
            return pickle.load(_pipe(self.process.stdout))  # noqa: S301  sent by the process that we have started
        except (EOFError, pickle.UnpicklingError):
            raise self._gone() from None

    def _gone(self) -> NamesGone:
        return NamesGone(f"The process that compares the names ended with {self.process.wait()}.")


@contextmanager
def names_beside(names: Sequence[Sequence[str]]) -> Iterator[NamesBeside]:
    """The names of each card in a process of their own, which ends with the block."""
    command = [sys.executable, "-P", "-m", __name__]
    # A group of its own: Ctrl-C is for us, and we end it.
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, process_group=0)
    # Sent by a thread, because the process numbers them while it reads.
    sending = threading.Thread(target=_give_all, args=(_pipe(process.stdin), names), daemon=True)
    field = NamesBeside(process, len(names))
    del names
    try:
        sending.start()
        yield field
    finally:
        process.kill()
        process.wait()
        sending.join()
        _pipe(process.stdout).close()
        with suppress(BrokenPipeError):
            _pipe(process.stdin).close()


def _pipe(stream: IO[bytes] | None) -> IO[bytes]:
    assert stream is not None
    return stream


def _give(pipe: IO[bytes], what: Any) -> None:
    pickle.dump(what, pipe, pickle.HIGHEST_PROTOCOL)
    pipe.flush()


def _give_all(pipe: IO[bytes], names: Sequence[Sequence[str]]) -> None:
    with suppress(BrokenPipeError):  # who waits for the answer says that nobody reads it
        for start in range(0, len(names), _AT_ONCE):
            _give(pipe, names[start : start + _AT_ONCE])
        _give(pipe, None)


# --- the process


def _sent(pipe: IO[bytes]) -> Iterator[Sequence[str]]:
    while (some := pickle.load(pipe)) is not None:  # noqa: S301  told by the process that has started us
        yield from some


def _serve(asked: IO[bytes], answers: IO[bytes]) -> None:
    field = NameField(Several.of(_sent(asked)))
    _give(answers, field.shared_keys())
    while True:
        one, other = pickle.load(asked)  # noqa: S301  told by the process that has started us
        levels, shares = field.compare(one.astype(np.int64), other.astype(np.int64))
        _give(answers, (levels, shares.astype(np.float32)))


def main() -> int:
    """Told by its input what the names are and which of them to compare; the answers go to its output."""
    try:
        _serve(sys.stdin.buffer, sys.stdout.buffer)
    except (EOFError, BrokenPipeError):
        # Nobody asks any more; and nothing is left to be written when the interpreter ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


if __name__ == "__main__":
    sys.exit(main())
