"""How far the marks of a stage are, who has signed, and stopping the public board."""

from typing import NamedTuple
from uuid import UUID

from litestar import get, post
from msgspec import Struct

from api.kinds import Asker, Id
from api.problems import STATUS
from api.web.desk.arena import Arena, arena_frame, arena_of_stage
from api.web.desk.filling import REFUSED, do, fill, fresh
from api.web.desk.panels import rules_of
from api.web.event import why_url
from api.web.forms import Form, typed, wrong
from api.web.pages import Answer, Asked, page
from events import access, drawing, marking, publishing
from events.access import Right
from events.errors import NotFound
from events.marking import PanelView, Progress, SignOffForm, SignOffView, WithdrawalForm
from events.marking.seats import keys_covered
from events.publishing import Row
from events.terms import StageState
from scoring import schemes
from scoring.schemes import Scheme

MOVING = (StageState.DRAWN, StageState.MARKING, StageState.SIGNED)
OPEN = (StageState.DRAWN, StageState.MARKING)
SHOWN = 12


class Which(Struct, frozen=True, kw_only=True):
    """A panel (none: the stage) to sign, a signature to take back."""

    panel: UUID | None = None
    id: UUID | None = None


class Column(NamedTuple):
    """A seat: how many marks it has to give each entry, and whether its panel has signed."""

    seat: str
    needed: int
    signed: bool


@get("/desk/events/{event_id:uuid}/stages/{stage_id:uuid}/marks")
async def marks(request: Asked, actor: Asker, event_id: Id, stage_id: Id) -> Answer:
    """Every entry and seat, what is missing, who signs next."""
    arena, _ = await arena_of_stage(request, actor, event_id, stage_id)
    return await _page(request, arena, fresh())


@post("/desk/events/{event_id:uuid}/stages/{stage_id:uuid}/marks")
async def change(request: Asked, actor: Asker, event_id: Id, stage_id: Id) -> Answer:
    """Sign, take a signature back, freeze the public board or let it go on."""
    arena, _ = await arena_of_stage(request, actor, event_id, stage_id)
    given = await typed(request)
    doing = given.get("do", "")

    async def work() -> str:
        which = fill({"panel": given.get("panel", ""), "id": given.get("id", "")}, Which)
        if doing == "sign":
            await marking.sign_off(actor, event_id, stage_id, SignOffForm(panel_id=which.panel))
        elif doing == "withdraw" and which.id:
            reason = fill({"reason": given.get("reason", "").strip()}, WithdrawalForm)
            await marking.withdraw_sign_off(actor, event_id, stage_id, which.id, form=reason)
        elif doing == "freeze":
            await publishing.freeze(actor, event_id, stage_id)
        elif doing == "unfreeze":
            await publishing.unfreeze(actor, event_id, stage_id)
        else:
            raise access.not_found()
        return arena.stage_path("marks")

    try:
        return await do(request, actor, given, work, said=f"said.marks_{doing}")
    except REFUSED as refusal:
        form = wrong(given, refusal, arena.desk.lang)
        return await _page(request, arena, form, status=STATUS[type(refusal)])


async def _page(request: Asked, arena: Arena, form: Form, *, status: int = 200) -> Answer:
    assert arena.stage is not None
    desk, stage = arena.desk, arena.stage
    rules = await rules_of(arena)
    panels = await marking.list_panels(desk.actor, desk.event.id, stage.id)
    progress = await marking.progress(desk.actor, desk.event.id, stage.id) if rules else None
    seats = _columns(panels, rules)
    context = {
        "form": form,
        "judges": [one.seat for one in seats],
        "rows": await _rows(arena, seats) if rules else [],
        "progress": progress,
        "missing": [_missing(arena, progress, rules, number) for number in range(_shown(progress))],
        "chain": _chain(arena, panels, progress),
        "signs": _signs(arena, panels, progress),
        "signatures": _signatures(arena, panels, progress),
        "frozen": bool(stage.frozen_at) if desk.may(Right.PUBLISH) and stage.state in MOVING else None,
        "publish_url": arena.stage_path("publish"),
        "agreement_url": arena.stage_path("agreement"),
    }
    return await page(request, "desk/contest_marks.html", await arena_frame(arena, "marks") | context, status=status)


def _columns(panels: list[PanelView], rules: Scheme | None) -> list[Column]:
    if rules is None:
        return []
    judged = {one.key: one.repeat.needed if one.repeat else 1 for one in schemes.aspects(rules) if one.judges}
    return [
        Column(seat.seat, sum(judged.get(key, 0) for key in keys_covered(panel.aspects, rules)), bool(panel.signed_at))
        for panel in panels
        for seat in panel.seats
        if seat.until is None
    ]


async def _rows(arena: Arena, seats: list[Column]) -> list[dict[str, object]]:
    assert arena.stage is not None
    ids = (arena.desk.event.id, arena.stage.id)
    counted = await marking.marks_by_seat(arena.desk.actor, *ids)
    have = {(one.code, one.seat): one.marks for one in counted}
    scores = await _scores(arena)
    draw = await drawing.drawn(arena.desk.actor, *ids)
    return [
        {
            "code": slot.code,
            "cells": [_cell(arena, have.get((slot.code, seat.seat), 0), seat) for seat in seats],
            "given": have.get((slot.code, None), 0),
            "score": _score(scores.get(slot.code)),
            "url": _why(arena, scores.get(slot.code)),
        }
        for slot in draw.slots
    ]


def _score(row: Row | None) -> str:
    return (row.score or "") if row else ""


def _why(arena: Arena, row: Row | None) -> str:
    """The page that explains a score, for those who may know whose it is."""
    assert arena.stage is not None
    return why_url(arena.desk.event.id, arena.stage.id, row.entry_id) if row and row.entry_id else ""


async def _scores(arena: Arena) -> dict[str, Row]:
    assert arena.stage is not None
    try:
        ready = await publishing.board(arena.desk.actor, arena.desk.event.id, arena.stage.id)
    except NotFound:
        return {}
    return {row.code: row for row in ready.board().rows}


def _cell(arena: Arena, have: int, seat: Column) -> dict[str, str]:
    state = "none" if not have else "part" if have < seat.needed else "signed" if seat.signed else "full"
    words = arena.desk.say(f"desk.marks_{state}", have=have, needed=seat.needed)
    return {"state": state, "words": f"{seat.seat}: {words}"}


def _shown(progress: Progress | None) -> int:
    return min(len(progress.missing), SHOWN) if progress else 0


def _missing(arena: Arena, progress: Progress | None, rules: Scheme | None, number: int) -> str:
    assert progress is not None
    assert rules is not None
    one = progress.missing[number]
    title = schemes.nodes(rules)[one.aspect].title
    aspect = (title.en or title.zh) if arena.desk.lang == "en" else (title.zh or title.en)
    return arena.desk.say("desk.missing_mark", code=one.code, aspect=aspect, have=one.have, needed=one.needed)


def _given(progress: Progress | None) -> dict[UUID | None, SignOffView]:
    """The signatures that stand, by panel; None is the stage."""
    return {one.panel_id: one for one in progress.sign_offs if not one.withdrawn_at} if progress else {}


def _chain(arena: Arena, panels: list[PanelView], progress: Progress | None) -> list[dict[str, object]]:
    """Who signs, in their order: each panel, then the chief judge."""
    given, say = _given(progress), arena.desk.say
    chief = say("desk.role_chief_judge")
    named = [(one.id, one.title.in_language(arena.desk.lang), one.leader_name or chief) for one in panels]
    links: list[tuple[UUID | None, str, str]] = [*named, (None, say("desk.whole_stage"), chief)]
    following = next((key for key, _, _ in links if key not in given), links[-1][0])
    return [
        {
            "label": label,
            "state": "done" if key in given else "now" if key == following else "next",
            "who": who,
            "by": None,
            "url": "",
            "note": "",
        }
        for key, label, who in links
    ]


def _signs(arena: Arena, panels: list[PanelView], progress: Progress | None) -> list[dict[str, object]]:
    """What the reader can sign now."""
    if progress is None or progress.state not in OPEN:
        return []
    given, desk = _given(progress), arena.desk
    chief = desk.may(Right.SIGN_OFF)
    mine = [
        (one.id, desk.say("desk.sign_panel", panel=one.title.in_language(desk.lang)))
        for one in panels
        if one.id not in given and (one.leader == desk.actor.account if one.leader else chief)
    ]
    waiting = sum(one.id not in given for one in panels)
    found: list[dict[str, object]] = [{"panel": str(key), "label": label, "missing": ""} for key, label in mine]
    if chief:
        missing = desk.say("desk.panels_unsigned", n=waiting) if waiting else _incomplete(arena, progress)
        found.append({"panel": "", "label": desk.say("desk.sign_stage"), "missing": missing})
    return found


def _incomplete(arena: Arena, progress: Progress) -> str:
    return arena.desk.say("desk.marks_missing", n=progress.missing_marks) if progress.missing_marks else ""


def _signatures(arena: Arena, panels: list[PanelView], progress: Progress | None) -> list[dict[str, object]]:
    """The signatures that the reader may take back."""
    if progress is None or progress.state not in MOVING:
        return []
    titles: dict[UUID | None, str] = {one.id: one.title.in_language(arena.desk.lang) for one in panels}
    titles[None] = arena.desk.say("desk.whole_stage")
    return [
        {"id": one.id, "label": titles.get(key, ""), "at": one.signed_at}
        for key, one in _given(progress).items()
        if (arena.desk.may(Right.SIGN_OFF) or one.account == arena.desk.actor.account)
        and (key is None or progress.state != StageState.SIGNED)
    ]


ROUTES = [marks, change]
