"""Who takes part in the demo events: many rows at once, counted by the same counters, and some by the verb itself."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from random import Random
from uuid import UUID

from msgspec import Struct

from events import clock, contests, db, eligibility, ids, registering
from events.access import SYSTEM
from events.demo import crowd
from events.demo.plans import EventPlan, Turnout
from events.demo.world import Human, Step, World, chance
from events.organising.forms import EventView
from events.organising.lists import load
from events.registering import RegistrationForm
from events.tables import Registration
from events.terms import EventState, RegistrationState, Sex

COUNT = """UPDATE capacity SET used = used + {}, waiting = waiting + {}, queued = queued + {}
    WHERE event_id = {} AND id = {}"""
CHECK_IN = """UPDATE registration SET checked_in_at = {}, checked_in_by = {}, version = version + 1
    WHERE event_id = {} AND id = {}"""
CHUNK = 500
PRESENT = 0.94
HAPPENED = (EventState.UNDER_WAY, EventState.FINISHED)
NOTES = (*[""] * 7, "素食", "需要停车位", "自带工具", "乘高铁前往，预计前一晚到达", "Vegetarian meals, please")
REFUSAL = "材料不齐：缺单位推荐意见"


class Group(Struct, frozen=True):
    """Registrations to make for an event, or for one of its contests."""

    contest: UUID | None
    turnout: Turnout


def steps(world: World, plan: EventPlan, opens: datetime, closes: datetime) -> Iterator[Step]:
    """Many register; then those accounts of the plan that do it themselves; then they come."""
    if plan.state in (EventState.DRAFT, EventState.ANNOUNCED):
        return
    until = closes - timedelta(minutes=50)
    yield Step(until, partial(_register_many, world, plan, opens))
    for name in plan.by:
        yield Step(until + timedelta(minutes=20), partial(_register_one, world, plan, name))
    if plan.state in HAPPENED:
        starts = world.moment(plan.day, plan.start)
        yield Step(starts - timedelta(minutes=5), partial(_check_in, world, plan, starts))


async def _register_many(world: World, plan: EventPlan, opens: datetime) -> None:
    luck, event = chance(f"registrations of {plan.key}"), await load(world.events[plan.key])
    for group in await _groups(event.id, plan):
        people = _choose(world, plan, event, luck, count=sum(_counts(group.turnout).values()))
        rows = list(_registrations(world, event, group, luck, people=people, opens=opens))
        for start in range(0, len(rows), CHUNK):
            await Registration.insert(*rows[start : start + CHUNK])
        await _count(event.id, group)
        await contests.add_registered(event.id, [row for row in rows if row.state == RegistrationState.CONFIRMED])


async def _register_one(world: World, plan: EventPlan, name: str) -> None:
    actor, event_id = await world.actor(name), world.events[plan.key]
    groups = await _groups(event_id, plan)
    await registering.register(actor, event_id, RegistrationForm(contest_id=groups[0].contest))


async def _check_in(world: World, plan: EventPlan, starts: datetime) -> None:
    luck, event_id = chance(f"presence at {plan.key}"), world.events[plan.key]
    confirmed = await db.rows(
        "SELECT id FROM registration WHERE event_id = {} AND state = 'confirmed' ORDER BY created_at, id", event_id
    )
    for row in confirmed:
        if luck.random() < PRESENT:
            at = starts - timedelta(seconds=luck.randrange(300, 3600))
            await db.rows(CHECK_IN, at, world.accounts["organiser"], event_id, row["id"])


async def _groups(event_id: UUID, plan: EventPlan) -> list[Group]:
    if all(one.teams for one in plan.contests):
        return [Group(None, plan.turnout)]
    found = (await contests.list_contests(SYSTEM, event_id)).items
    return [Group(contest.id, planned.turnout) for contest, planned in zip(found, plan.contests, strict=True)]


def _counts(turnout: Turnout) -> dict[RegistrationState, int]:
    return {state: getattr(turnout, state) for state in RegistrationState}


def _registrations(
    world: World, event: EventView, group: Group, luck: Random, *, people: list[Human], opens: datetime
) -> Iterator[Registration]:
    states = [state for state, count in _counts(group.turnout).items() if state != "waiting" for _ in range(count)]
    luck.shuffle(states)
    states += [RegistrationState.WAITING] * group.turnout.waiting
    moments = sorted(opens + (clock.now() - opens) * luck.random() for _ in states)
    for number, (state, human, at) in enumerate(zip(states, people, moments, strict=True), 1):
        place = number - len(states) + group.turnout.waiting
        yield Registration(
            event_id=event.id, id=ids.new(), person=human.id, union=world.unions[human.path], contest_id=group.contest,
            state=state, reference=ids.reference(), note=luck.choice(NOTES), registered_by=world.accounts["organiser"],
            reason=REFUSAL if state == RegistrationState.REFUSED else None,
            queue_number=place if state == RegistrationState.WAITING else None,
            version=1, created_at=at, updated_at=at,
        )  # fmt: skip


async def _count(event_id: UUID, group: Group) -> None:
    used, waiting = group.turnout.confirmed + group.turnout.pending, group.turnout.waiting
    await db.rows(COUNT, used, waiting, waiting, event_id, event_id)
    if group.contest:
        await db.rows(COUNT, used, 0, 0, event_id, group.contest)


def _choose(world: World, plan: EventPlan, event: EventView, luck: Random, *, count: int) -> list[Human]:
    """People who may take part and have nothing else at the time; they have it now."""
    span = (event.starts_at, event.ends_at)
    crowd_only = world.people[len(crowd.logins()) :]
    free = [human for human in crowd_only if _is_meant(world, plan, human) and _may(world, event, human, span)]
    luck.shuffle(free)
    if plan.balanced:
        free = _by_turns(free)
    for human in free[:count]:
        world.busy[human.id].append(span)
    return free[:count]


def _is_meant(world: World, plan: EventPlan, human: Human) -> bool:
    return human.path.startswith(plan.reach or plan.union) and (not plan.kinds or world.kinds[human.path] in plan.kinds)


def _may(world: World, event: EventView, human: Human, span: tuple[datetime, datetime]) -> bool:
    if any(start < span[1] and end > span[0] for start, end in world.busy[human.id]):
        return False
    return not any(eligibility.unmet(event.eligibility, human.candidate, event.starts_at.date()))


def _by_turns(people: list[Human]) -> list[Human]:
    """A woman, a man, a woman, ..."""
    women = [human for human in people if human.candidate.sex == Sex.FEMALE]
    men = [human for human in people if human.candidate.sex == Sex.MALE]
    return [human for pair in zip(women, men, strict=False) for human in pair]
