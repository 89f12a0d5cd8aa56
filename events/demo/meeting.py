"""The contests of the demo events in which teams meet: entered, drawn, played round by round."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from datetime import datetime, timedelta
from functools import partial

from events import contests, drawing, pairing
from events.contests import EntryForm
from events.demo.plans import ContestPlan
from events.demo.world import Arena, World, chance
from events.drawing import AnnounceForm, DrawForm, DrawRules
from events.pairing import ResultForm

Deed = Callable[[World, Arena], Awaitable[None]]
DAY = timedelta(days=1)


def deeds(plan: ContestPlan, drawn: datetime, starts: datetime, now: datetime) -> Iterator[tuple[str, datetime, Deed]]:
    """The draw, and the rounds that are over: one an evening."""
    yield "drawn", drawn, partial(_draw, plan=plan)
    for number in range(1, plan.meeting.rounds + 1 if plan.meeting else 1):
        played = starts + (number - 1) * DAY + timedelta(hours=3)
        if played < now:
            yield "marking", played, partial(_play, number=number)


async def _draw(world: World, arena: Arena, *, plan: ContestPlan) -> None:
    organiser = await world.actor("organiser")
    stage = await contests.stage(organiser, arena.event, arena.stage)
    forms = [EntryForm(name=name) for name in plan.teams]
    await contests.add_entries(organiser, arena.event, stage.contest_id, forms)
    await drawing.set_rules(organiser, arena.event, arena.stage, DrawRules(meeting=plan.meeting, seeds=[1, 2]))
    await drawing.announce(organiser, arena.event, arena.stage, AnnounceForm())
    await drawing.draw(organiser, arena.event, arena.stage, DrawForm())


async def _play(world: World, arena: Arena, *, number: int) -> None:
    organiser, luck = await world.actor("organiser"), chance(f"{arena.key} round {number}")
    found = await pairing.fixtures(organiser, arena.event, arena.stage)
    for match in found.fixtures:
        if match.round == number and match.ready:
            home, lead = luck.randrange(58, 92), luck.choice((-11, -6, -3, 2, 5, 9))
            form = ResultForm(home_score=home, away_score=home - lead)
            await pairing.enter_result(organiser, arena.event, arena.stage, match.number, form=form)
