"""Thousands of watchers of one board: how far apart the first and the last hear of a change, and what others wait."""

from __future__ import annotations

import asyncio
import itertools
import time
from concurrent.futures import ThreadPoolExecutor

from benchmarks import client
from benchmarks.client import Asked
from benchmarks.ground import Ground, Outcome, Site, address
from benchmarks.harness import watching, web, wrk
from benchmarks.harness.processes import memory, workers
from benchmarks.harness.wrk import Load
from benchmarks.places import WEB
from benchmarks.scenarios import marks

SECONDS = 6
GAP = 0.4


def five_thousand(ground: Ground) -> Outcome:
    """On one process, whose API answers others meanwhile."""
    return _watched(ground, 5_000, processes=1)


def ten_thousand(ground: Ground) -> Outcome:
    """On the whole machine."""
    return _watched(ground, 10_000, processes=2)


def _watched(ground: Ground, count: int, *, processes: int) -> Outcome:
    with ground.site(processes=processes) as site, ThreadPoolExecutor() as beside:
        web.get(WEB, marks.board(marks.arena_of(site)))  # the board itself is nobody's in particular
        before = _held(site)
        with watching.watchers(marks.live(site), count, SECONDS + 1) as watched:
            each = (_held(site) - before) * 1024 / count
            marking = beside.submit(_marks, site)
            api = Load(address(f"/api/v1/events/{site.world.event}"), 4, SECONDS, arguments=["20"])
            others = wrk.run(api, site.watched).expect()
            sent = marking.result()
        checks = marks.look(ground, marks.arena_of(site), sent, 0)
    ran = f"{count:,} watchers, web processes: {processes}; a mark every {GAP} s for {SECONDS} s"
    figures = {"api_p50_ms": others.told.p50, "api_p99_ms": others.told.p99, "watcher_kb": each, "marks": sent}
    return Outcome(ran, figures | marks.seen(watched), checks)


def _held(site: Site) -> float:
    return sum(memory(pid) for pid in workers(site.magpie.pid))


def _marks(site: Site) -> int:
    """One mark after the other for some seconds; gives how many."""
    arena, end = marks.arena_of(site), time.monotonic() + SECONDS
    for number, line in enumerate(itertools.islice(marks.marks(arena), 10_000)):
        if time.monotonic() > end:
            return number
        asked = Asked(marks.path(arena), *line.split("\t"))
        given = asyncio.run(client.once(asked))
        assert given.status == 200, given
        time.sleep(GAP)
    return 0
