"""A judge's home: what there is to mark and to sign."""

from collections.abc import AsyncIterator
from datetime import datetime

from litestar import get
from msgspec import Struct

from api.kinds import Asker
from api.problems import lang_of
from api.web.judge.sheet import sheet_url
from api.web.judge.work import OVER, Work
from api.web.pages import Asked, Page, page
from api.wording import Lang, say
from events import access, contests, marking, organising, settings
from events.access import Actor, Right
from events.contests import ContestView, StageView
from events.errors import NotFound
from events.marking import Duty
from events.organising import EventItem
from events.terms import EventState, StageState
from events.text import Bilingual

COUNTED = (StageState.DRAWN, StageState.MARKING)


class Part(Struct, frozen=True, kw_only=True):
    """A duty as it is listed: whether it has marks to give, and `done` of `total` entries, where that is counted."""

    event: Bilingual
    contest: Bilingual
    stage: Bilingual
    starts: datetime
    zone: str
    part: str
    state: str
    url: str
    overview_url: str
    marks: bool = True
    done: int = 0
    total: int = 0


@get("/judge")
async def judge_home(request: Asked, actor: Asker) -> Page:
    """Where the asker judges, leads a panel or is chief judge: what can be marked now comes first."""
    lang = lang_of(request.scope)
    access.signed_in(actor)
    parts = [part async for part in _of_panels(actor, lang)] + [part async for part in _of_chief(actor, lang)]
    return await page(request, "judge/home.html", {"panels": sorted(parts, key=_order)})


def _order(part: Part) -> tuple[int, float]:
    """What can be marked now, the soonest first; then what was, the latest first."""
    group, begins = ("open", "waiting", "signed", "closed").index(part.state), part.starts.timestamp()
    return group, begins if group < 2 else -begins


async def _of_panels(actor: Actor, lang: Lang) -> AsyncIterator[Part]:
    for duty in await marking.duties(actor):
        try:
            work = Work(await marking.sheet(actor, duty.event_id, duty.stage_id)) if duty.state in COUNTED else None
        except NotFound:  # a role that was taken back leaves the seat
            continue
        yield _panel_part(duty, work, lang)


def _panel_part(duty: Duty, work: Work | None, lang: Lang) -> Part:
    url = sheet_url(duty.event_id, duty.stage_id)
    leads = say(lang, "judge.part_leader") if duty.leads else ""
    seat = say(lang, "judge.part_seat", seat=duty.seat) if duty.seat else ""
    return Part(
        event=duty.event,
        contest=duty.contest,
        stage=duty.stage,
        starts=duty.starts_at,
        zone=settings.current().zone,
        part=" · ".join(said for said in (duty.panel.in_language(lang), seat, leads) if said),
        state=_state(duty.state, signed=bool(work and work.signed)),
        url=url if duty.seat else f"{url}/panel",
        overview_url=f"{url}/panel" if duty.leads and duty.seat else "",
        marks=bool(duty.seat),
        done=work.done if work and duty.seat else 0,
        total=len(work.sheet.entries) if work and duty.seat else 0,
    )


async def _of_chief(actor: Actor, lang: Lang) -> AsyncIterator[Part]:
    """The stages of the events whose chief judge the asker is."""
    for event in (await organising.some(actor, actor.scope(Right.SIGN_OFF)[0])).values():
        if event.state == EventState.CANCELLED:
            continue
        for contest in (await contests.list_contests(actor, event.id, limit=500)).items:
            for stage in contest.stages:
                work = Work(await marking.sheet(actor, event.id, stage.id)) if stage.state in COUNTED else None
                yield _chief_part(event, contest, stage, work=work, lang=lang)


def _chief_part(event: EventItem, contest: ContestView, stage: StageView, *, work: Work | None, lang: Lang) -> Part:
    """What a chief judge does with a stage: give the values that no judge gives, if there are any, and sign."""
    url = sheet_url(event.id, stage.id)
    marks = bool(work and work.fields)
    return Part(
        event=event.title,
        contest=contest.title,
        stage=stage.title,
        starts=event.starts_at,
        zone=event.zone,
        part=say(lang, "judge.part_chief"),
        state=_state(stage.state, signed=False),
        url=url if marks else f"{url}/panel",
        overview_url=f"{url}/panel" if marks else "",
        marks=marks,
        done=work.done if work and marks else 0,
        total=len(work.sheet.entries) if work and marks else 0,
    )


def _state(stage: StageState, *, signed: bool) -> str:
    if stage == StageState.PREPARED:
        return "waiting"
    if stage in (StageState.PROVISIONAL, StageState.OFFICIAL):
        return "closed"
    return "signed" if signed or stage in OVER else "open"
