"""What a run takes: wall time, and CPU time, which holds on a machine that others use as well."""

from __future__ import annotations

import resource
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

Found = TypeVar("Found")


@dataclass(frozen=True)
class Taken:
    """Seconds; `cpu` is what `wall` would be on a machine that does nothing else."""

    wall: float
    cpu: float

    def __add__(self, other: Taken) -> Taken:
        return Taken(self.wall + other.wall, self.cpu + other.cpu)


NONE = Taken(0, 0)


def timed(run: Callable[[], Found]) -> tuple[Found, Taken]:
    """What one run gives, and what it took."""
    wall, cpu = time.perf_counter(), time.process_time()
    found = run()
    return found, Taken(time.perf_counter() - wall, time.process_time() - cpu)


def best(run: Callable[[], object], times: int = 9) -> Taken:
    """The quickest of several runs, for wall and for CPU time."""
    runs = [timed(run)[1] for _ in range(times)]
    return Taken(min(one.wall for one in runs), min(one.cpu for one in runs))


def memory() -> int:
    """The most memory that this process has held, in bytes (Linux counts kilobytes)."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
