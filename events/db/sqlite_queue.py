"""The queue of the processes that write to one SQLite file: whoever waits is next, however busy the others are.

SQLite's own waiting is by lot, and a process that writes without end wins nearly always. Here a process holds `NEXT`
while it waits for `WRITING`; one that has just written finds `NEXT` taken and waits behind.
"""

from __future__ import annotations

import os
import sys
import time
from contextlib import suppress

from events.errors import Unavailable

NEXT, WRITING = 0, 1
NAP = 0.001

if sys.platform != "win32":
    import fcntl


def _lock(descriptor: int, place: int) -> bool:
    if sys.platform == "win32":
        return True  # there SQLite's own waiting has to do
    with suppress(BlockingIOError, PermissionError):  # held by another process
        fcntl.lockf(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, place)
        return True
    return False


def _unlock(descriptor: int, place: int) -> None:
    if sys.platform != "win32":
        fcntl.lockf(descriptor, fcntl.LOCK_UN, 1, place)


class Queue:
    """A place in it, held by locks that end with the process."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._descriptor = -1

    def enter(self, patience: float) -> None:
        """Wait for this process's turn; Unavailable after so many seconds."""
        until = time.monotonic() + patience
        if self._descriptor < 0:
            self._open()
        self._wait(NEXT, until)
        try:
            self._wait(WRITING, until)
        finally:
            _unlock(self._descriptor, NEXT)

    def leave(self) -> None:
        """Let the next one write."""
        _unlock(self._descriptor, WRITING)

    def close(self) -> None:
        """Leave for good."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
        self._descriptor = -1

    def _open(self) -> None:
        try:
            self._descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:  # a folder that may only be read
            raise Unavailable from error

    def _wait(self, place: int, until: float) -> None:
        while not _lock(self._descriptor, place):
            if time.monotonic() >= until:
                raise Unavailable from TimeoutError("another process is writing")
            time.sleep(NAP)
