"""Building the year: the tree and the cast first, then people and events by as many processes as there are cores."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from benchmarks import processes
from benchmarks.federation import happenings, people
from benchmarks.federation.happenings import Cast
from benchmarks.federation.plan import Year
from events import access, accounts, db, operating, scheduling, tasks
from events.access import SYSTEM, Actor
from events.accounts import GrantForm
from events.errors import Refusal, conflict
from events.scheduling import VenueForm
from events.terms import Role
from events.text import Bilingual

ROLES = {
    "organiser": Role.ADMINISTRATOR,
    "chief": Role.ADMINISTRATOR,
    "judge-1": Role.JUDGE,
    "judge-2": Role.JUDGE,
    "judge-3": Role.JUDGE,
}
VENUE = Bilingual("工人文化宫", "Workers' Palace")


@dataclass
class Step:
    """What a step took: seconds by the clock, of CPU in our processes and in the server's, and its rows."""

    name: str
    wall: float
    cpu: float
    server: float
    rows: int


@dataclass
class Built:
    """The steps of building; `tell` hears of each as it ends.

    `server` is the process that began all others of the database, if it has any on this machine.
    """

    server: int | None
    tell: Callable[[Step], None]
    steps: list[Step] = field(default_factory=list)

    @contextmanager
    def step(self, name: str) -> Iterator[list[int]]:
        """Measure one; numbers put into the list are its rows."""
        rows, wall, cpu, server = list[int](), time.perf_counter(), _cpu(), self._servers()
        yield rows
        taken = time.perf_counter() - wall, _cpu() - cpu, self._servers() - server
        self.steps.append(Step(name, *taken, sum(rows)))
        self.tell(self.steps[-1])

    def _servers(self) -> float:
        return processes.cpu(self.server) if self.server else 0.0


async def build(url: str, year: Year, tell: Callable[[Step], None]) -> Built:
    """Fill an empty database."""
    built = await prepared(url, tell)
    with built.step("unions") as rows:
        places = year.places()
        await people.write_unions(places)
        rows.append(len(places))
        await appoint()
    await db.close()
    for name, what, count in (
        ("people", _people, len(people.chunks(year))),
        ("events", _events, len(year.happenings(places))),
    ):
        with built.step(name) as rows:
            rows += await asyncio.to_thread(_side_by_side, what, url, year, count)
    await tasks.run_due()  # what the verbs have left to do
    with built.step("analyse"):
        await db.rows(db.engine().dialect("{after_bulk}"))
    return built


async def prepared(url: str, tell: Callable[[Step], None]) -> Built:
    """An empty database, up to date."""
    db.connect(url)
    await operating.migrate()
    if await db.row("SELECT id FROM unions LIMIT 1"):
        conflict("not_empty")
    return Built(await server(url), tell)


async def cast() -> Cast:
    """Who is there to organise and judge, and all unions and venues by path."""
    who = {name: await _actor(name) for name in ROLES}
    unions = await people.union_ids()
    rows = await db.rows('SELECT unions.path, venue.id FROM venue JOIN unions ON unions.id = venue."union"')
    judges = [actor for name, actor in who.items() if ROLES[name] == Role.JUDGE]
    return Cast(who["organiser"], who["chief"], judges, unions, {row["path"]: row["id"] for row in rows})


async def _actor(name: str) -> Actor:
    found = await access.actor_of((await accounts.find(SYSTEM, name)).id)
    assert found is not None
    return found


async def appoint() -> None:
    """The accounts of the cast, and a venue for each city and industry."""
    top = await db.row("SELECT id FROM unions WHERE parent IS NULL")
    assert top is not None
    for name, role in ROLES.items():
        account, scope = await accounts.add(SYSTEM, name), top["id"] if role == Role.JUDGE else None
        await accounts.grant_role(SYSTEM, GrantForm(account=account.id, role=role, union=scope))
    for row in await db.rows("SELECT id, city FROM unions WHERE level IN ('city', 'industry') ORDER BY path"):
        await scheduling.add_venue(SYSTEM, VenueForm(name=VENUE, union=row["id"], city=row["city"]))


Work = Callable[..., Awaitable[int]]


def _side_by_side(work: Work, url: str, year: Year, count: int) -> list[int]:
    """Do parts of the work in processes of their own; an SQLite database has one writer, and gets one process."""
    several = 1 if url.startswith("sqlite:") else os.cpu_count() or 1
    parts = [(work, url, year, count, number, several) for number in range(several)]
    with multiprocessing.get_context("spawn").Pool(several) as pool:
        return pool.starmap(_in_a_process, parts)


def _in_a_process(work: Work, url: str, year: Year, *part: int) -> int:
    async def run() -> int:
        db.connect(url)
        try:
            return await work(year, *part)
        except Refusal as refusal:  # which cannot be handed to another process as it is
            raise RuntimeError(f"{type(refusal).__name__}: {refusal}") from None
        finally:
            await db.close()

    return asyncio.run(run())


async def _people(year: Year, count: int, number: int, of: int) -> int:
    places, known = year.places(), await people.union_ids()
    write = partial(people.write_people, year, places, known)
    return sum([await write(chunk) for chunk in range(number, count, of)])


async def _events(year: Year, count: int, number: int, of: int) -> int:
    found, who = year.happenings(year.places()), await cast()
    return sum([await happenings.hold(year, found[place], who) for place in range(number, count, of)])


async def server(url: str) -> int | None:
    """The process that began those of the database server, if it has one on this machine."""
    if url.startswith("sqlite:"):
        return None
    found = await db.row("SELECT pg_backend_pid() AS pid")
    return processes.parent(found["pid"]) if found else None


def _cpu() -> float:
    """Of this process and of those that it waited for."""
    times: Any = os.times()
    return float(times.user + times.system + times.children_user + times.children_system)
