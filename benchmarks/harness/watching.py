"""Watchers of a live board: benchmarks/watchers.py in a process of its own, which says at its end what arrived."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

PATIENCE = 30.0


@dataclass
class Watched:
    """What watchers tell once they are done."""

    said: dict[str, float] = field(default_factory=dict)


@contextmanager
def watchers(url: str, count: int, seconds: float) -> Iterator[Watched]:
    """So many watchers, all of them connected, for some seconds from then on; `said` is filled at the end."""
    command = [sys.executable, "-m", "benchmarks.watchers", "--url", url, "--count", str(count)]
    found = Watched()
    with subprocess.Popen([*command, "--seconds", str(seconds)], stdout=subprocess.PIPE, text=True) as program:  # noqa: S603
        assert program.stdout is not None
        try:
            found.said.update(_line(program.stdout.readline()))
            yield found
            found.said.update(_line(program.communicate(timeout=seconds + PATIENCE)[0]))
        finally:
            program.kill()


def _line(text: str) -> dict[str, float]:
    """A line of JSON; without one the watchers have failed, and have said why where everybody sees it."""
    if not text.strip():
        raise RuntimeError("the watchers have ended early")
    found: dict[str, float] = json.loads(text)
    return found
