"""Whether what was to be reached is reached: targets and other programs' figures are data, judging them is pure."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec

from benchmarks.results import Result, Run

DATA = Path(__file__).with_name("targets.toml")
ANYWHERE = "*"
WATCHED = "watchers_connected"


class Target(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a figure of a scenario must come to; `given`: what others must come to at least for it to mean anything."""

    scenario: str
    what: str
    label: str = ""
    database: str = ""
    value: str = ""
    peer: str = ""
    of: str = "cpu_ms"
    least: float | None = None
    most: float | None = None
    given: dict[str, float] = {}

    @property
    def wanted(self) -> str:
        """As it is shown."""
        return f"≥ {self.least:g}" if self.least is not None else f"≤ {self.most:g}"

    def reached(self, value: float) -> float:
        """How many times over; 1 is just so."""
        if self.least is not None:
            return value / self.least
        return (self.most or 0) / value if value else float("inf")


class Peer(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Another program at the same work: its CPU time for a request and its rate, on a machine of the same kind."""

    name: str
    version: str
    cpu_ms: float
    rate: float
    scenario: str
    figure: str = "cpu_ms"


class Machine(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a POST that does nothing took on the machine of the peers, the load included."""

    noop_cpu_ms: float


class Targets(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All of targets.toml."""

    target: list[Target]
    peer: list[Peer]
    peers: Machine

    def named(self, name: str) -> Peer:
        """The peer of this name."""
        return next(one for one in self.peer if one.name == name)


class Verdict(msgspec.Struct, frozen=True):
    """What came of a target on a database; no value: it was not measured."""

    target: Target
    database: str
    value: float | None

    @property
    def met(self) -> bool | None:
        """Whether it was reached, if that is known."""
        return None if self.value is None else self.target.reached(self.value) >= 1

    @property
    def word(self) -> str:
        """The same in words."""
        return {True: "met", False: "not met", None: "not measured"}[self.met]

    @property
    def shown(self) -> str:
        """The value, and what it is to come to."""
        return f"{number(self.value)} ({self.target.wanted})"


def number(value: float | None) -> str:
    """A figure as people read it."""
    if value is None:
        return "-"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def targets(path: Path = DATA) -> Targets:
    """What is to be reached, and the peers."""
    return msgspec.convert(tomllib.loads(path.read_text("utf-8")), Targets)


def figure(measures: Mapping[str, float], value: str) -> float | None:
    """`rate`, or `rate / noop_rate`; None when it was not measured."""
    over, _, under = (part.strip() for part in value.partition("/"))
    if over not in measures or (under and not measures.get(under)):
        return None
    return measures[over] / measures[under] if under else measures[over]


def against(peer: Peer, result: Result, known: Targets, of: str = "cpu_ms") -> float | None:
    """How many times better ours is: by CPU time or by rate, theirs scaled to this machine."""
    faster = known.peers.noop_cpu_ms / result.noop_cpu_ms if result.noop_cpu_ms else 0.0
    ours = result.measures.get(peer.figure if of == "cpu_ms" else of)
    if not ours or not faster:
        return None
    return peer.cpu_ms / faster / ours if of == "cpu_ms" else ours / (peer.rate * faster)


def verdicts(run: Run, known: Targets) -> Iterator[Verdict]:
    """Every target on every database that it is meant for."""
    for target in known.target:
        if target.scenario == ANYWHERE:
            yield Verdict(target, "", _most(run, target.value))
            continue
        found = run.of(target.scenario, target.database)
        for result in found:
            yield Verdict(target, result.database, _value(target, result, known))
        if not found:
            yield Verdict(target, target.database, None)


def _value(target: Target, result: Result, known: Targets) -> float | None:
    if result.failed or any(result.measures.get(name, 0) < least for name, least in target.given.items()):
        return None
    if target.peer:
        return against(known.named(target.peer), result, known, target.of)
    return figure(result.measures, target.value)


def _most(run: Run, name: str) -> float | None:
    """The most in any scenario without watchers, who are counted apart."""
    apart = [one.measures for one in run.results if WATCHED not in one.measures]
    return max((measures[name] for measures in apart if name in measures), default=None)
