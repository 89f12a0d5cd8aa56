"""What a run has found, as it is kept in JSON: the newest figures of every scenario."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

from benchmarks.places import RESULTS

NEWEST = RESULTS / "newest.json"
DIGITS = 4


class Result(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A scenario on a database (none: it needs none). `differing`: how noisy the machine was around it."""

    name: str
    database: str = ""
    at: str
    seconds: float
    ran: str = ""
    measures: dict[str, float] = {}
    checks: list[str] = []
    failed: str = ""
    noop_cpu_ms: float = 0
    differing: list[str] = []

    @property
    def key(self) -> tuple[str, str]:
        """What it is a result of."""
        return self.name, self.database


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """The machine and its calibration in the newest run, and the results of this run and of earlier ones."""

    made_at: str
    machine: dict[str, str]
    before: dict[str, float]
    after: dict[str, float]
    differing: list[str]
    results: list[Result]

    def of(self, name: str, database: str = "") -> list[Result]:
        """The results of a scenario; of one database, if that is named."""
        return [one for one in self.results if one.name == name and database in ("", one.database)]


def load(path: Path = NEWEST) -> Run:
    """The run that is kept."""
    return msgspec.json.decode(path.read_bytes(), type=Run)


def save(run: Run, path: Path = NEWEST) -> None:
    """Keep a run, and of an earlier one what this one has not measured."""
    kept = {one.key: one for one in (load(path).results if path.exists() else [])}
    kept |= {one.key: one for one in run.results}
    path.parent.mkdir(parents=True, exist_ok=True)
    whole = msgspec.structs.replace(run, results=sorted(kept.values(), key=lambda one: one.key))
    path.write_bytes(msgspec.json.format(msgspec.json.encode(whole), indent=1) + b"\n")


def rounded(measures: Mapping[str, float]) -> dict[str, float]:
    """Figures with as many digits as mean something."""
    return {name: float(f"{value:.{DIGITS}g}") for name, value in measures.items()}


def mean(numbers: Sequence[float]) -> float:
    """The middle of some numbers."""
    return sum(numbers) / len(numbers)
