"""The lives of the demo events, told by the verbs that any organiser uses, at the times when it would have happened."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

import msgspec

from events import organising, scheduling
from events.demo import competing, taking_part
from events.demo.plans import EventPlan, SeriesPlan, SessionPlan
from events.demo.world import Step, World
from events.organising import AdvanceForm, EventForm, MoveForm, SeriesForm
from events.scheduling import OfficialForm, SessionForm
from events.terms import EventState
from events.text import Bilingual

S = EventState
WAY = {
    S.DRAFT: (),
    S.ANNOUNCED: (S.ANNOUNCED,),
    S.OPEN: (S.ANNOUNCED, S.OPEN),
    S.CLOSED: (S.ANNOUNCED, S.OPEN, S.CLOSED),
    S.UNDER_WAY: (S.ANNOUNCED, S.OPEN, S.CLOSED, S.UNDER_WAY),
    S.FINISHED: (S.ANNOUNCED, S.OPEN, S.CLOSED, S.UNDER_WAY, S.FINISHED),
    S.CANCELLED: (S.ANNOUNCED, S.OPEN, S.CANCELLED),
}  # fmt: skip
FORENOON = "10:30"


@dataclass(frozen=True)
class Times:
    """When an event was made, and when it takes place by its first plan and by its last."""

    created: datetime
    announced: datetime
    opens: datetime | None
    closes: datetime | None
    first: datetime
    starts: datetime
    ends: datetime

    def of(self, state: EventState) -> datetime:
        """When an event comes to a state by itself."""
        opens = self.opens or self.announced + timedelta(hours=1)
        return {
            S.ANNOUNCED: self.announced,
            S.OPEN: opens,
            S.CLOSED: self.closes or self.starts - timedelta(hours=12),
            S.UNDER_WAY: self.starts,
            S.FINISHED: self.ends + timedelta(minutes=40),
        }[state]


def steps(world: World, plan: EventPlan) -> Iterator[Step]:
    """All that happens to an event."""
    times = times_of(world, plan)
    yield Step(times.created, partial(_create, world, plan, times))
    for state in WAY[plan.state]:
        at = world.moment(plan.changed, FORENOON) if state == S.CANCELLED else times.of(state)
        yield Step(at, partial(_advance, world, plan, state))
    if plan.moved or plan.postponed:
        yield Step(world.moment(plan.changed, FORENOON), partial(_move, world, plan, times))
    yield from taking_part.steps(world, plan, times.of(S.OPEN), min(times.of(S.CLOSED), world.now))
    yield from competing.steps(world, plan, times.starts, times.ends)


def times_of(world: World, plan: EventPlan) -> Times:
    """When everything happens: weeks ahead, but no later than some days ago."""
    starts = world.moment(plan.day, plan.start)
    first = world.moment(plan.moved.day, plan.moved.start or plan.start) if plan.moved else starts
    begins = min(first, starts)
    opens = None if plan.opens is None else _at(begins - timedelta(days=plan.opens), 9)
    closes = None if plan.closes is None else _at(begins - timedelta(days=plan.closes), 18)
    announced = min((opens or begins - timedelta(days=25)) - timedelta(days=4), world.now - timedelta(days=3))
    ends = world.moment(plan.day + plan.days - 1, plan.end)
    return Times(announced - timedelta(days=6), announced, opens, closes, first, starts, ends)


def add_series(world: World, plan: SeriesPlan) -> Step:
    """A series, made long ago."""
    return Step(world.now - timedelta(days=450), partial(_add_series, world, plan))


async def _add_series(world: World, plan: SeriesPlan) -> None:
    form = SeriesForm(title=Bilingual(plan.zh, plan.en), union=world.unions["ah."])
    world.series[plan.key] = (await organising.add_series(await world.actor("organiser"), form)).id


async def _create(world: World, plan: EventPlan, times: Times) -> None:
    organiser = await world.actor("organiser")
    made = await organising.create(organiser, _form(world, plan, times))
    world.events[plan.key] = made.id
    contests = await competing.prepare(world, plan)
    (whole,) = await scheduling.sessions(organiser, made.id)
    for number, session in enumerate(plan.sessions):
        form = _session(world, session, times.first, contests)
        if number:
            await scheduling.add_session(organiser, made.id, form)
        else:
            await scheduling.change_session(organiser, made.id, whole.id, form)


def _form(world: World, plan: EventPlan, times: Times) -> EventForm:
    venue = plan.moved.venue or plan.venue if plan.moved else plan.venue
    return EventForm(
        kind=plan.kind,
        title=plan.title,
        union=world.unions[plan.union],
        starts_at=times.first,
        ends_at=times.first + (times.ends - times.starts),
        summary=plan.summary,
        description=plan.description,
        series=world.series.get(plan.series),
        city=plan.city,
        venue=world.venues.get(venue),
        opens_at=None if plan.template else times.opens,
        closes_at=None if plan.template else times.closes,
        places=plan.places,
        approval=plan.approval,
        eligibility=msgspec.structs.replace(plan.eligibility, union=world.unions.get(plan.only)),
        is_template=plan.template,
    )


def _session(world: World, session: SessionPlan, first: datetime, contests: list[UUID]) -> SessionForm:
    day = (first.date() - world.today).days + session.day
    return SessionForm(
        title=Bilingual(session.zh, session.en),
        starts_at=world.moment(day, session.start),
        ends_at=world.moment(day, session.end),
        venue=world.venues.get(session.venue),
        contest_id=contests[session.contest - 1] if session.contest else None,
        officials=tuple(OfficialForm(account=world.accounts[name], duty=duty) for name, duty in session.duties.items()),
    )


async def _advance(world: World, plan: EventPlan, state: EventState) -> None:
    form = AdvanceForm(state=state, reason=plan.reason if state == S.CANCELLED else "")
    await organising.advance(await world.actor("organiser"), world.events[plan.key], form)


async def _move(world: World, plan: EventPlan, times: Times) -> None:
    if plan.postponed:
        form = MoveForm(reason=plan.reason)
    else:
        venue = world.venues.get(plan.venue)
        form = MoveForm(reason=plan.reason, starts_at=times.starts, ends_at=times.ends, venue=venue)
    await organising.move(await world.actor("organiser"), world.events[plan.key], form)


def _at(moment: datetime, hour: int) -> datetime:
    return moment.replace(hour=hour, minute=0)
