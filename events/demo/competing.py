"""The contests of the demo events: prepared, drawn, marked, signed off and published by the verbs."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Iterator
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from events import clock, contests, drawing, ids, marking, publishing
from events.contests import ContestForm, SchemeForm, StageForm
from events.demo import judging, meeting, plans
from events.demo.plans import ContestPlan, EventPlan
from events.demo.world import Arena, Step, World
from events.drawing import AnnounceForm, DrawForm
from events.marking import MarksForm, PanelForm, SeatForm, SignOffForm
from events.publishing import OfficialForm, ProvisionalForm, TallyForm
from events.tables import RoleGrant
from events.terms import Role
from events.text import Bilingual

Deed = Callable[[World, Arena], Awaitable[None]]
REACHES = ("prepared", "drawn", "marking", "provisional", "official")
FINAL = Bilingual("决赛", "Final")
TOURNAMENT = Bilingual("联赛", "League")
PANEL = Bilingual("裁判组", "Panel of judges")
SOURCE = "开赛前一日中国福利彩票 3D 开奖号码"
KEY = "407"
NOTICE_PERIOD = timedelta(days=4)
MINUTE = timedelta(minutes=1)


async def prepare(world: World, plan: EventPlan) -> list[UUID]:
    """Add an event's contests with their stages and schemes, and its tables; gives the contests in order."""
    for key in plan.tallies:
        form = TallyForm(library=key)
        await publishing.add_tally(await world.actor("organiser"), world.events[plan.key], form)
    return [await _prepare(world, plan, number) for number in range(len(plan.contests))]


def steps(world: World, plan: EventPlan, starts: datetime, ends: datetime) -> Iterator[Step]:
    """Draw, marks and results of an event's contests."""
    for number, contest in enumerate(plan.contests):
        drawn = min(starts - timedelta(hours=15), world.now - timedelta(hours=6))
        marked = world.now - 15 * MINUTE if contest.reaches == "marking" else ends - 90 * MINUTE
        deeds = [*_drawing(drawn), *_marking(contest, marked), *_publishing(marked + 40 * MINUTE)]
        if contest.meeting:
            deeds = [*meeting.deeds(contest, drawn, starts, world.now)]
        for reached, at, deed in deeds:
            if REACHES.index(reached) <= REACHES.index(contest.reaches):
                yield Step(at, partial(_do, world, (plan.key, number), deed))


def _drawing(at: datetime) -> Iterator[tuple[str, datetime, Deed]]:
    yield "drawn", at - 60 * MINUTE, _appoint
    yield "drawn", at - 30 * MINUTE, _announce
    yield "drawn", at, _draw


def _marking(plan: ContestPlan, at: datetime) -> Iterator[tuple[str, datetime, Deed]]:
    for seat in range(plan.judges):
        yield "marking", at + seat * MINUTE, partial(_judge, seat=seat)
    yield "marking", at + 6 * MINUTE, _give
    yield "provisional", at + 20 * MINUTE, _sign


def _publishing(at: datetime) -> Iterator[tuple[str, datetime, Deed]]:
    yield "provisional", at, _publish
    yield "official", at + NOTICE_PERIOD + MINUTE, _make_official


async def _do(world: World, where: tuple[str, int], deed: Deed) -> None:
    await deed(world, world.arenas[where])


async def _prepare(world: World, plan: EventPlan, number: int) -> UUID:
    organiser, event, contest = await world.actor("organiser"), world.events[plan.key], plan.contests[number]
    form = ContestForm(
        title=Bilingual(contest.zh, contest.en), trade=contest.trade, places=contest.places,
        live_public=contest.live_public,
    )  # fmt: skip
    made = await contests.add_contest(organiser, event, form)
    if contest.scheme or contest.meeting:
        title = FINAL if contest.scheme else TOURNAMENT
        stage = await contests.add_stage(organiser, event, made.id, StageForm(title=title, heat_size=contest.heat_size))
        world.arenas[plan.key, number] = Arena(plan.key, contest, event, stage.id)
        if contest.scheme:
            await contests.set_scheme(organiser, event, made.id, stage.id, form=_scheme(contest.scheme))
    return made.id


def _scheme(name: str) -> SchemeForm:
    own = plans.document(name)
    return SchemeForm(document=json.loads(own)) if own else SchemeForm(library=name)


async def _appoint(world: World, arena: Arena) -> None:
    """The chief judge gets the role in this event, and the judges their seats."""
    organiser = await world.actor("organiser")
    grant = RoleGrant(
        id=ids.new(), account=world.accounts["chief"], role=Role.CHIEF_JUDGE, event_id=arena.event,
        granted_by=organiser.account, granted_at=clock.now(),
    )  # fmt: skip
    await RoleGrant.insert(grant)
    form = PanelForm(title=PANEL, leader=world.accounts[judging.JUDGES[0]])
    panel = await marking.add_panel(organiser, arena.event, arena.stage, form)
    for number, name in enumerate(judging.JUDGES[: arena.plan.judges], 1):
        seat = SeatForm(seat=f"J{number}", account=world.accounts[name])
        await marking.seat_judge(organiser, arena.event, arena.stage, panel.id, form=seat)


async def _announce(world: World, arena: Arena) -> None:
    await drawing.announce(await world.actor("organiser"), arena.event, arena.stage, AnnounceForm(source=SOURCE))


async def _draw(world: World, arena: Arena) -> None:
    await drawing.draw(await world.actor("organiser"), arena.event, arena.stage, DrawForm(key=KEY))


async def _judge(world: World, arena: Arena, *, seat: int) -> None:
    marks = judging.of_judge(arena, await _places(world, arena), seat)
    judge = await world.actor(judging.JUDGES[seat])
    await marking.enter(judge, arena.event, arena.stage, MarksForm(marks=marks))


async def _give(world: World, arena: Arena) -> None:
    marks = judging.of_chief(arena, await _places(world, arena))
    await marking.enter(await world.actor("chief"), arena.event, arena.stage, MarksForm(marks=marks))


async def _places(world: World, arena: Arena) -> list[judging.Place]:
    draw = await drawing.drawn(await world.actor("organiser"), arena.event, arena.stage)
    return [(slot.code, slot.number or 0) for slot in draw.slots]


async def _sign(world: World, arena: Arena) -> None:
    leader, chief = await world.actor(judging.JUDGES[0]), await world.actor("chief")
    (panel,) = await marking.list_panels(chief, arena.event, arena.stage)
    await marking.sign_off(leader, arena.event, arena.stage, SignOffForm(panel_id=panel.id))
    await marking.sign_off(chief, arena.event, arena.stage, SignOffForm())


async def _publish(world: World, arena: Arena) -> None:
    form = ProvisionalForm(objections_until=clock.now() + NOTICE_PERIOD)
    await publishing.publish_provisional(await world.actor("organiser"), arena.event, arena.stage, form)


async def _make_official(world: World, arena: Arena) -> None:
    await publishing.publish_official(await world.actor("organiser"), arena.event, arena.stage, OfficialForm())
