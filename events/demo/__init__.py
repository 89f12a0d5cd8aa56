"""The demo federation: a year of a provincial union, told by the program's own verbs around the day of loading.

Who there is and what happens is the same each time; ids and keys are not, and times go by the day of loading.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

from events import clock, db, publishing
from events.demo import crowd, federation, happenings, logins, plans
from events.demo.logins import DemoAccount
from events.demo.world import Step, World
from events.errors import conflict

__all__ = ["DemoAccount", "is_empty", "load"]

# Nobody is told of what was long ago: few of these people have an account, and none an address.
TOLD = "UPDATE task SET state = 'done' WHERE kind IN ('registration.tell', 'message.deliver')"
Progress = Callable[[str, int, int], None]


async def is_empty() -> bool:
    """Whether there is no union and no account yet."""
    found = await db.row("SELECT id FROM unions UNION ALL SELECT id FROM account LIMIT 1")
    return found is None


async def load(progress: Progress) -> list[DemoAccount]:
    """Fill an empty database, wholly or not at all; `progress` hears what is being done (unions, people, events), how
    much of it is done, and of how much. Conflict not_empty: its accounts have passwords that everybody knows.
    """
    if not await is_empty():
        conflict("not_empty")
    async with db.transaction():
        world = World()
        with clock.at(world.now - timedelta(days=500)):
            await federation.build(world)
            progress("unions", len(world.unions), len(world.unions))
            await crowd.register(world, progress)
            await logins.build(world)
        await _live(world, progress)
        await db.rows(TOLD)
    await publishing.repair()
    return logins.shown()


async def _live(world: World, progress: Progress) -> None:
    """Let everything happen in the order of time."""
    steps = sorted(_steps(world), key=lambda step: step.at)
    for number, step in enumerate(steps, 1):
        with clock.at(step.at):
            await step.do()
        progress("events", number, len(steps))


def _steps(world: World) -> Iterator[Step]:
    yield from (happenings.add_series(world, series) for series in plans.series())
    for event in plans.events():
        yield from happenings.steps(world, event)
