"""Load by wrk, which is C and LuaJIT, so that it takes little of the machine that it measures."""

from __future__ import annotations

import json
import resource
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.harness.processes import Spending

SCRIPTS = Path(__file__).parents[1] / "load"
MARK = "JSON "
SLACK = 10


@dataclass(frozen=True)
class Load:
    """What to ask: an address as often as possible over so many connections, by one of our scripts."""

    url: str
    connections: int = 32
    seconds: float = 3
    script: str = "reads"
    arguments: Sequence[str] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    timeout: int = 30

    def command(self) -> list[str]:
        """How wrk is called."""
        headers = [part for name, value in self.headers.items() for part in ("-H", f"{name}: {value}")]
        return [
            "wrk", "-t1", f"-c{self.connections}", f"-d{self.seconds}s", f"--timeout={self.timeout}s", "-s",
            str(SCRIPTS / f"{self.script}.lua"), *headers, self.url, "--", *self.arguments,
        ]  # fmt: skip


@dataclass(frozen=True)
class Told:
    """What wrk says; latencies in milliseconds."""

    seconds: float
    requests: int
    bytes: int
    errors: Mapping[str, int]
    statuses: Mapping[str, int]
    p50: float
    p99: float
    longest: float


def told(output: str) -> Told:
    """What wrk said, out of all that it printed."""
    for line in output.splitlines():
        if line.startswith(MARK):
            return Told(**json.loads(line.removeprefix(MARK)))
    raise ValueError(f"wrk says nothing of use: {output[-500:]}")


@dataclass(frozen=True)
class Loaded:
    """A load and what it took: CPU milliseconds for each request, by who took them."""

    told: Told
    cpu: Mapping[str, float]

    @property
    def answered(self) -> int:
        """Requests with an answer that was meant."""
        return self.told.requests - self.told.statuses.get("404", 0)

    @property
    def rate(self) -> float:
        """Answers a second."""
        return self.answered / self.told.seconds

    def expect(self, *statuses: int) -> Loaded:
        """The same, if nothing else was answered; AssertionError otherwise."""
        others = set(self.told.statuses) - {*map(str, statuses), "404"}
        failed = {name: count for name, count in self.told.errors.items() if count}
        if self.told.statuses:  # then a status that is no success was counted above already
            failed.pop("status", None)
        assert not others, f"answers of other statuses: {dict(self.told.statuses)}"
        assert not failed, f"requests failed: {failed}"
        return self

    def measures(self, prefix: str = "") -> dict[str, float]:
        """As figures with names; of what was never answered only that it was not."""
        found = {"rate": self.rate, "requests": self.answered}
        if not self.answered:
            return {f"{prefix}{name}": value for name, value in found.items()}
        found |= {"p50_ms": self.told.p50, "p99_ms": self.told.p99}
        split = {f"{who}_cpu_ms": spent for who, spent in self.cpu.items()}
        total = sum(spent for who, spent in self.cpu.items() if who != "load")
        return {f"{prefix}{name}": value for name, value in (found | split | {"cpu_ms": total}).items()}


def run(load: Load, watched: Mapping[str, Spending]) -> Loaded:
    """Run a load against `watched` programs (`web`, `database`)."""
    before = spent(watched)
    with subprocess.Popen(load.command(), stdout=subprocess.PIPE, text=True) as wrk:  # noqa: S603  # ours
        try:
            found = told(wrk.communicate(timeout=load.seconds + load.timeout + SLACK)[0])
        finally:
            wrk.kill()
    after, each = spent(watched), 1000 / max(found.requests, 1)
    return Loaded(found, {who: (after[who] - before[who]) * each for who in after})


def spent(watched: Mapping[str, Spending]) -> dict[str, float]:
    """CPU seconds so far of each of these, and of the load generators that are done."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return {who: program.cpu() for who, program in watched.items()} | {"load": children.ru_utime + children.ru_stime}
