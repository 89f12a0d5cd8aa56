"""The events of the year: made by the verbs, and brought to where they are now with the notices of every step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from benchmarks.federation import boards, taking_part
from benchmarks.federation.plan import WAY, Happening, Year, chance
from events import clock, contests, db, organising
from events.access import Actor
from events.contests import ContestForm
from events.organising import EventForm
from events.terms import EventState
from events.text import Bilingual

TITLES = {
    "contest": ("职工职业技能竞赛", "Skill competition"), "sport": ("职工体育比赛", "Sports day"),
    "games": ("职工运动会", "Workers' games"), "fair": ("专场招聘会", "Job fair"),
    "evening": ("单身职工交友会", "Evening for single workers"), "check": ("职工健康体检", "Health check"),
    "stay": ("职工疗休养", "Recuperation"), "show": ("职工文艺汇演", "Workers on stage"),
    "course": ("职工技能培训班", "Course"),
}  # fmt: skip
SUMMARY = Bilingual("欢迎报名，名额有限。", "Please register; places are limited.")
TRADES = ("焊工", "电工", "钳工", "车工", "快递员", "网约配送员", "育婴员", "养老护理员", "砌筑工", "化学检验员")
STEPS = [timedelta(days=days) for days in (-50, -30, -2, 0, 0.2)]  # when an event comes to each state of its way
GO = "UPDATE event SET state = {}, version = {}, updated_at = {} WHERE id = {}"
MARKED = 100  # of so many contests one is marked


@dataclass(frozen=True)
class Cast:
    """Who organises and judges, and where: unions and venues by path."""

    organiser: Actor
    chief: Actor
    judges: Sequence[Actor]
    unions: Mapping[str, UUID]
    venues: Mapping[str, UUID]


async def hold(year: Year, one: Happening, cast: Cast) -> int:
    """An event with all that came of it; gives the number of registrations."""
    luck = chance(f"event {one.number}")
    starts = year.moment(one.day, luck.choice((9, 14, 19)))
    async with db.transaction():
        with clock.at(starts - timedelta(days=60)):
            event = (await organising.create(cast.organiser, _form(one, cast, starts))).id
            contest = await _contest(event, cast.organiser, luck) if one.what == "contest" else None
        await _go(one, event, starts, cast.organiser)
        count = 0
        if one.state != EventState.ANNOUNCED:
            where = taking_part.Where(event, contest, starts, min(starts, year.now), cast.organiser.account)
            count = await taking_part.register(one, where, [cast.unions[path] for path in one.unions], luck)
    if contest and one.number % MARKED == 0 and one.day <= 0:
        with clock.at(starts + timedelta(hours=1)):
            await boards.mark(cast, event, contest)
    return count


def _form(one: Happening, cast: Cast, starts: datetime) -> EventForm:
    zh, en = TITLES[one.what]
    return EventForm(
        kind=one.kind, title=Bilingual(f"{one.host.city}{zh}第 {one.number} 场", f"{en} {one.number}"), summary=SUMMARY,
        union=cast.unions[one.host.path], city=one.host.city, venue=cast.venues[one.host.path],
        starts_at=starts, ends_at=starts + timedelta(hours=4), places=max(one.people, 1),
        opens_at=starts - timedelta(days=30), closes_at=starts - timedelta(days=2),
    )  # fmt: skip


async def _contest(event: UUID, organiser: Actor, luck: Random) -> UUID:
    trade = luck.choice(TRADES)
    made = await contests.add_contest(organiser, event, ContestForm(title=Bilingual(trade, "Trade"), trade=trade))
    await boards.add_stage(organiser, event, made.id)
    return made.id


async def _go(one: Happening, event: UUID, starts: datetime, organiser: Actor) -> None:
    """What advancing step by step would have left."""
    way = WAY[: WAY.index(one.state) + 1]
    steps = [
        (event, f"event.{state}", event, True, organiser.account, starts + after, "{}")
        for state, after in zip(way, STEPS, strict=False)
    ]
    await db.insert('notice (event_id, kind, subject, "public", account, at, data)', steps)
    await db.rows(GO, one.state, 1 + len(way), starts + STEPS[len(way) - 1], event)
