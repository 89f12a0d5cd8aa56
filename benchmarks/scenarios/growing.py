"""Whether a request costs the same when a year's events and registrations are there; how a server starts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from benchmarks import checking
from benchmarks.ground import RUN, Ground, Outcome, Site, address
from benchmarks.harness import wrk
from benchmarks.harness.wrk import Load
from benchmarks.scenarios import registration
from benchmarks.world import FLAT

CONNECTIONS = 32
STARTS = 3


def flat(ground: Ground) -> Outcome:
    """CPU milliseconds of some requests with none, a tenth and all of a year's events and registrations."""
    measures, checks = dict[str, float](), list[str]()
    for percent, size in FLAT.items():
        with ground.site(size) as site:
            for name, load in _requests(site):
                if not load.arguments:  # of registrations there are too few for that
                    wrk.run(replace(load, seconds=1), site.watched)  # so that caches and statements are there
                found = wrk.run(load, site.watched).expect(201)
                measures[f"{name}_{percent}_cpu_ms"] = sum(found.cpu.values()) - found.cpu["load"]
                if name == "registration":
                    entered = found.answered
        held = checking.registered(site.world.hot, entered, CONNECTIONS)
        checks += [f"{percent} %: {line}" for line in checking.look(ground.storage.url(RUN), held)]
    for name in ("registration", "event", "list"):
        full = [measures[f"{name}_{percent}_cpu_ms"] / measures[f"{name}_0_cpu_ms"] for percent in (10, 100)]
        measures[f"{name}_growth"] = max(full)
    measures["growth"] = max(value for name, value in measures.items() if name.endswith("_growth"))
    year = FLAT[100]
    ran = f"{year.events:,} events with {year.events * year.registrations:,} registrations are all of a year"
    return Outcome(f"{CONNECTIONS} connections, 2 s each; {ran}", measures, checks)


def _requests(site: Site) -> Iterator[tuple[str, Load]]:
    """The kinds of request that are compared."""
    own = {"Authorization": f"Bearer {site.world.tokens[-1]}"}
    event = f"/api/v1/events/{site.world.event}"
    yield "event", Load(address(event), CONNECTIONS, 2, headers=own)
    yield "list", Load(address("/api/v1/events?limit=50"), CONNECTIONS, 2, headers=own)
    yield "registration", registration.load(site, connections=CONNECTIONS, seconds=2)


def starting(ground: Ground) -> Outcome:
    """How long a server takes to its first answer, with 14,000 events there, and what a process holds then."""
    seconds, held = [], dict[str, float]()
    for _ in range(STARTS):
        with ground.site() as site:
            seconds.append(site.magpie.started)
            held, spent = site.memory(), site.magpie.cpu()
    measures = {"seconds": min(seconds), "cpu_seconds": spent} | held
    return Outcome(f"the quickest of {STARTS} starts", measures, checking.look(ground.storage.url(RUN)))
