"""What a run runs on."""

from __future__ import annotations

import os
import platform
import sqlite3
import subprocess
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

from benchmarks.harness.postgres import TUNED, Postgres
from benchmarks.harness.web import PROGRAM
from benchmarks.places import ROOT

PACKAGES = ("litestar", "uvicorn", "uvloop", "httptools", "asyncpg", "msgspec", "piccolo")


def machine(postgres: Postgres) -> dict[str, str]:
    """The machine, and the versions of what runs on it."""
    return {
        "processor": f"{os.cpu_count()} x {_of('/proc/cpuinfo', 'model name')}",
        "memory": f"{int(_of('/proc/meminfo', 'MemTotal').split()[0]) / 2**20:.0f} GiB",
        "system": f"{platform.system()} {platform.release()}, Python {platform.python_version()}",
        "packages": ", ".join(f"{name} {version(name)}" for name in PACKAGES),
        "postgresql": f"{postgres.ask('SHOW server_version')}, fsync {postgres.ask('SHOW fsync')}, "
        + ", ".join(f"{name} {value}" for name, value in TUNED.items()),
        "sqlite": sqlite3.sqlite_version,
        "load": _first_line(["wrk", "-v"]),
        "nginx": _first_line([PROGRAM, "-v"]),
        "commit": _first_line(["git", "-C", str(ROOT), "rev-parse", "--short", "HEAD"]),
    }


def _of(path: str, name: str) -> str:
    """What a file of /proc says behind a name."""
    lines = Path(path).read_text().splitlines()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith(name)), "unknown")


def _first_line(command: Sequence[str]) -> str:
    """The first line that a program says."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603  # ours
    return next(iter((done.stdout or done.stderr).splitlines()), "")
