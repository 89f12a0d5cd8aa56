"""Judges at work: single marks and whole sheets, into a contest of 3,000 entries that watchers look at."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import count

from benchmarks import checking
from benchmarks.arena import ASPECTS, Arena, Place
from benchmarks.ground import RUN, Ground, Outcome, Site, address, noted
from benchmarks.harness import watching, wrk
from benchmarks.harness.wrk import Load
from events import ids

WATCHERS = 3_000
JUDGES_AT_WORK = 64
SECONDS = 4
OF_A_SHEET = 3  # entries; ten aspects each


def marks(arena: Arena) -> Iterator[str]:
    """Every mark that is missing, each a request of its own; the judges take turns."""
    return _lines(arena, [([place], [aspect]) for place in arena.places[arena.marked :] for aspect in ASPECTS])


def sheets(arena: Arena) -> Iterator[str]:
    """The same as sheets of 30 marks."""
    left = arena.places[arena.marked :]
    groups = [left[start : start + OF_A_SHEET] for start in range(0, len(left), OF_A_SHEET)]
    return _lines(arena, [(group, ASPECTS) for group in groups])


def _lines(arena: Arena, parts: Sequence[tuple[Sequence[Place], Sequence[str]]]) -> Iterator[str]:
    numbers = count()
    for places, aspects in parts:
        for judge in arena.judges:
            body = ", ".join(_mark(place, aspect, next(numbers)) for place in places for aspect in aspects)
            yield f'{judge.token}\t{ids.new()}\t{{"marks": [{body}]}}'


def _mark(place: Place, aspect: str, number: int) -> str:
    value = f"{60 + number * 7 % 80 / 2}"
    return f'{{"id": "{ids.new()}", "entry": "{place.code}", "aspect": "{aspect}", "value": "{value}"}}'


def path(arena: Arena) -> str:
    """Where marks are sent."""
    return f"/api/v1/events/{arena.event}/stages/{arena.stage}/marks"


def board(arena: Arena) -> str:
    """Where the board is."""
    return f"/api/v1/events/{arena.event}/stages/{arena.stage}/board"


def load(
    arena: Arena, lines: Iterator[str], *, connections: int = JUDGES_AT_WORK, seconds: float = SECONDS, pause: int = 0
) -> Load:
    """As many marks as possible, or with a pause of so many milliseconds before each on a connection."""
    arguments = [noted("marks", lines), *([str(pause)] if pause else [])]
    return Load(address(path(arena)), connections, seconds, "keyed", arguments)


def single(ground: Ground) -> Outcome:
    """One mark a request, while 3,000 watch the board."""
    with ground.site() as site, watching.watchers(live(site), WATCHERS, SECONDS + 2) as watched:
        arena = arena_of(site)
        found = wrk.run(load(arena, marks(arena)), site.watched).expect(200)
        memory, checks = site.memory(), look(ground, arena, found.answered, JUDGES_AT_WORK)
    ran = f"{JUDGES_AT_WORK} connections of {len(arena.judges)} judges, {SECONDS} s, {WATCHERS:,} watchers of the board"
    return Outcome(f"{ran} of {len(arena.places):,} rows", found.measures() | memory | seen(watched), checks)


def by_the_sheet(ground: Ground) -> Outcome:
    """Thirty marks a request."""
    size = OF_A_SHEET * len(ASPECTS)
    with ground.site() as site:
        arena = arena_of(site)
        found = wrk.run(load(arena, sheets(arena), connections=16), site.watched).expect(200)
        memory, checks = site.memory(), look(ground, arena, found.answered * size, 16 * size)
    measures = found.measures() | {"marks_rate": found.rate * size} | memory
    return Outcome(f"16 connections, {SECONDS} s, sheets of {size} marks", measures, checks)


def arena_of(site: Site) -> Arena:
    """The contest of this world."""
    assert site.world.arena is not None
    return site.world.arena


def live(site: Site) -> str:
    """The address of the live board."""
    return address(f"{board(arena_of(site))}/live")


def seen(watched: watching.Watched) -> dict[str, float]:
    """What watchers told, as figures."""
    return {f"watchers_{name}": value for name, value in watched.said.items()}


def look(ground: Ground, arena: Arena, entered: int, under_way: int) -> list[str]:
    """Whether every acknowledged mark is there, and the board is made of them."""
    before = arena.marked * len(ASPECTS) * len(arena.judges)
    return checking.look(
        ground.storage.url(RUN),
        checking.marked(arena.event, arena.stage, before + entered, under_way),
        checking.restated(arena.event, arena.stage),
    )
