"""From the moment in which a judge is told that a mark is taken to the moment in which a watcher has it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

from benchmarks import client
from benchmarks.arena import ASPECTS, Arena
from benchmarks.client import Asked
from benchmarks.following import Follower
from benchmarks.ground import Ground, Outcome
from benchmarks.harness import wrk
from benchmarks.scenarios import marks

SAMPLES = 50
GAP = 0.03
LOADED, PAUSE = 100, 90  # connections, and milliseconds before each mark: 1,000 a second if each takes 10
PATIENCE = 60.0


def arrival(ground: Ground) -> Outcome:
    """One mark after the other, first while nothing else happens, then while others send 1,000 marks a second."""
    with ground.site() as site, ThreadPoolExecutor() as beside:
        arena = marks.arena_of(site)
        quiet = asyncio.run(samples(arena, 0))
        others = marks.load(arena, marks.marks(arena), connections=LOADED, seconds=8, pause=PAUSE)
        running = beside.submit(wrk.run, others, site.watched)
        time.sleep(0.5)
        busy = asyncio.run(samples(arena, SAMPLES + 1))
        loaded = running.result().expect(200)
        checks = marks.look(ground, arena, loaded.answered + 2 * SAMPLES + 2, LOADED)
    measures = {"idle_p50_ms": middle(quiet), "idle_p99_ms": max(quiet)}
    measures |= {"busy_p50_ms": middle(busy), "busy_p99_ms": max(busy), "busy_rate": loaded.rate}
    ran = f"{SAMPLES} marks while idle, {SAMPLES} beside {LOADED} connections that send about 1,000 marks a second"
    return Outcome(ran, measures, checks)


def middle(found: list[float]) -> float:
    """The median."""
    return sorted(found)[len(found) // 2]


async def samples(arena: Arena, start: int) -> list[float]:
    """Milliseconds from the answer to the news, for marks of entries that nobody else marks."""
    follower = Follower(f"{marks.board(arena)}/live")
    following = asyncio.create_task(follower.follow())
    try:
        await asyncio.wait_for(follower.news.wait(), PATIENCE)
        found = [await _sample(follower, code, asked) for code, asked in _asked(arena, start)]
        return found[1:]  # by the first mark after the start of a server its board is made from scratch
    finally:
        following.cancel()
        with suppress(asyncio.CancelledError):
            await following


async def _sample(follower: Follower, code: str, asked: Asked) -> float:
    answer = await client.once(asked)
    told = time.monotonic()
    assert answer.status == 200, answer
    known = await asyncio.wait_for(follower.until(code, 1), PATIENCE)
    await asyncio.sleep(GAP)
    return max(0.0, (known - told) * 1000)


def _asked(arena: Arena, start: int) -> Iterator[tuple[str, Asked]]:
    """A first mark for each of some entries from the end of the list, which the load does not come to."""
    for number in range(start, start + SAMPLES + 1):
        place, judge = arena.places[-1 - number], arena.judges[number % len(arena.judges)]
        body = f'{{"marks": [{{"entry": "{place.code}", "aspect": "{ASPECTS[0]}", "value": "80"}}]}}'
        yield place.code, Asked(marks.path(arena), judge.token, f"sample-{number}", body)
