"""What the processes of a database server have used of the CPU."""

from __future__ import annotations

import os
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")
PARENT, OWN, WAITED_FOR = 1, slice(11, 13), slice(11, 15)  # places in /proc/PID/stat behind the name


def parent(pid: int) -> int:
    """The process that began another."""
    return int(_stat(pid)[PARENT])


def cpu(pid: int) -> float:
    """Seconds of a process, of those it began that still run, and of those that have ended."""
    found = _seconds(pid, WAITED_FOR)
    for path in Path("/proc").glob("[0-9]*"):
        try:
            if parent(int(path.name)) == pid:
                found += _seconds(int(path.name), OWN)
        except (FileNotFoundError, ProcessLookupError):
            continue
    return found


def of_database(server: int, name: str) -> float:
    """Seconds of the connections that a PostgreSQL server has to one database now."""
    found = 0.0
    for path in Path("/proc").glob("[0-9]*"):
        try:
            if f" {name} " in (path / "cmdline").read_text() and parent(int(path.name)) == server:
                found += _seconds(int(path.name), OWN)
        except (FileNotFoundError, ProcessLookupError):
            continue
    return found


def _seconds(pid: int, which: slice) -> float:
    return sum(map(int, _stat(pid)[which])) / TICK


def _stat(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
