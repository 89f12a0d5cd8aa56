"""What a scenario stands on: a fresh copy of a database, Magpie serving it, and the references of the same minute."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from benchmarks.harness.postgres import Postgres
from benchmarks.harness.processes import Spending, memory, workers
from benchmarks.harness.web import Magpie
from benchmarks.places import WEB, WORK
from benchmarks.storage import Storage
from benchmarks.world import MAIN, Size, World, world

RUN = "run"
WORKERS = 2


@dataclass
class Outcome:
    """What a scenario found: figures by name, and what was looked at afterwards. `ran` says what was done."""

    ran: str
    measures: dict[str, float] = field(default_factory=dict)
    checks: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Site:
    """A server at work."""

    magpie: Magpie
    world: World
    watched: Mapping[str, Spending]

    def memory(self) -> dict[str, float]:
        """The megabytes of the web process that holds most."""
        found = workers(self.magpie.pid)
        return {"memory_mb": max(map(memory, found)), "pss_mb": max(memory(pid, "Pss") for pid in found)}


@dataclass(frozen=True)
class Ground:
    """The database of this run, and PostgreSQL in any case, for references."""

    storage: Storage
    postgres: Postgres

    @contextmanager
    def site(self, size: Size = MAIN, *, processes: int = WORKERS) -> Iterator[Site]:
        """Magpie on a fresh copy of a world."""
        template, found = world(self.storage, size)
        with Magpie(self.storage.create(RUN, like=template), workers=processes) as magpie:
            watched: dict[str, Spending] = {"web": magpie}
            if self.storage is self.postgres:
                watched["database"] = self.postgres
            yield Site(magpie, found, watched)


Scenario = Callable[[Ground], Outcome]


def address(path: str) -> str:
    """Something that Magpie serves."""
    return f"http://127.0.0.1:{WEB}{path}"


def noted(name: str, lines: Iterator[str]) -> str:
    """A file of lines for wrk; gives its path."""
    path = WORK / f"{name}.lines"
    with path.open("w") as file:
        file.writelines(f"{line}\n" for line in lines)
    return str(path)
