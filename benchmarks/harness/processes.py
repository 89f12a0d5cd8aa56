"""Processes of our own: started, stopped with all their children, and what they take of CPU and memory (/proc)."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

PROC = Path("/proc")
TICK = os.sysconf("SC_CLK_TCK")
PATIENCE = 60.0  # our machine may be busy


def fields(stat: str) -> list[str]:
    """What /proc/PID/stat says after the program's name, which may hold anything: state, parent, group, ..."""
    return stat.rpartition(")")[2].split()


def ticks(stat: str) -> int:
    """CPU time of a process and of its children that are gone: utime, stime, cutime, cstime."""
    return sum(map(int, fields(stat)[11:15]))


def stats() -> dict[int, str]:
    """The stat line of every process."""
    found = {}
    for path in PROC.glob("[0-9]*/stat"):
        with suppress(OSError):  # gone meanwhile
            found[int(path.parent.name)] = path.read_text()
    return found


def tree(root: int, known: Mapping[int, str]) -> list[int]:
    """A process with everything that descends from it."""
    children: dict[int, list[int]] = {}
    for pid, stat in known.items():
        children.setdefault(int(fields(stat)[1]), []).append(pid)
    found = [root] if root in known else []
    for pid in found:
        found += children.get(pid, [])
    return found


def cpu(root: int) -> float:
    """The CPU seconds that a process and its descendants have taken so far."""
    known = stats()
    return sum(ticks(known[pid]) for pid in tree(root, known)) / TICK


def workers(root: int) -> list[int]:
    """The processes of a tree that do the work: those without children of their own, and no helper of Python's."""
    known = stats()
    found = tree(root, known)
    parents = {int(fields(known[pid])[1]) for pid in found}
    return [pid for pid in found if pid not in parents and not _is_helper(pid)]


def _is_helper(pid: int) -> bool:
    with suppress(OSError):
        return b"resource_tracker" in (PROC / str(pid) / "cmdline").read_bytes()
    return True


def memory(pid: int, what: str = "Rss") -> float:
    """The megabytes that a process holds now: `Rss`, or `Pss`, in which shared pages count in parts."""
    for line in (PROC / str(pid) / "smaps_rollup").read_text().splitlines():
        if line.startswith(f"{what}:"):
            return int(line.split()[1]) / 1024
    return 0.0


class Spending(Protocol):
    """Something that takes CPU time."""

    def cpu(self) -> float:
        """CPU seconds of all its processes so far."""


class Program:
    """A program in a session of its own, which ends with all that it has started."""

    def __init__(self, command: Sequence[str], log: Path, environment: Mapping[str, str] | None = None) -> None:
        self.command, self.log = list(command), log
        self.environment = {**os.environ, **(environment or {})}
        self.process: subprocess.Popen[bytes]

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Begin; what it prints goes to the log."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(  # noqa: S603  # ours
                self.command, env=self.environment, stdout=log, stderr=log, stdin=subprocess.DEVNULL,
                start_new_session=True,
            )  # fmt: skip

    def stop(self) -> None:
        """Ask it to end, and end what does not."""
        self.signal(signal.SIGTERM, group=False)
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(PATIENCE)
        self.kill()

    def kill(self) -> None:
        """End it and all its children as a power cut would."""
        self.signal(signal.SIGKILL, group=True)
        self.process.wait()

    def signal(self, number: int, *, group: bool) -> None:
        """Send a signal to the program, or to its whole group."""
        with suppress(ProcessLookupError):
            (os.killpg if group else os.kill)(self.process.pid, number)

    @property
    def pid(self) -> int:
        """Of the first of its processes."""
        return self.process.pid

    def cpu(self) -> float:
        """CPU seconds of all its processes so far."""
        return cpu(self.pid)


def until(ready: Iterator[bool], what: str, patience: float = PATIENCE) -> float:
    """Wait until something is so; gives the seconds that it took, TimeoutError when it takes too long."""
    began = time.monotonic()
    for found in ready:
        if found:
            break
        if time.monotonic() - began > patience:
            raise TimeoutError(f"{what} did not come about within {patience:.0f} s")
        time.sleep(0.01)
    return time.monotonic() - began
