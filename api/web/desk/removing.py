"""Taking a contest, or a division or stage of it, away: first what that would do, or why it cannot be done."""

from uuid import UUID

from litestar import get, post
from msgspec import Struct

from api.kinds import Asker, Id
from api.problems import STATUS
from api.web.desk.arena import Arena, arena_of_contest, arena_of_stage
from api.web.desk.editing import is_draft
from api.web.desk.filling import REFUSED, do, fill, fresh
from api.web.desk.frame import desk_of, frame
from api.web.desk.steps import Effect, effect
from api.web.forms import Form, Option, typed, wrong
from api.web.pages import Answer, Asked, page
from events import access, contests, organising
from events.access import Right
from events.contests import DivisionView, StageView
from events.errors import Conflict


class Moved(Struct, frozen=True):
    """Where those who are in a division go."""

    move_to: UUID | None = None


@get("/desk/events/{event_id:uuid}/contests/{contest_id:uuid}/divisions/{division_id:uuid}/remove")
async def ask_division(request: Asked, actor: Asker, event_id: Id, contest_id: Id, division_id: Id) -> Answer:
    """Where those who are in it go."""
    arena = await arena_of_contest(request, actor, event_id, contest_id, right=Right.ORGANISE)
    return await _division_page(request, arena, _one(arena, division_id), fresh())


@post("/desk/events/{event_id:uuid}/contests/{contest_id:uuid}/divisions/{division_id:uuid}/remove")
async def remove_division(request: Asked, actor: Asker, event_id: Id, contest_id: Id, division_id: Id) -> Answer:
    """Take it away."""
    arena = await arena_of_contest(request, actor, event_id, contest_id, right=Right.ORGANISE)
    given = await typed(request)

    async def work() -> str:
        wanted = fill({"move_to": given.get("move_to", "")}, Moved).move_to
        await contests.remove_division(actor, event_id, contest_id, division_id, move_to=wanted)
        return arena.path

    try:
        return await do(request, actor, given, work, said="said.division_removed")
    except REFUSED as refusal:
        form = wrong(given, refusal, arena.desk.lang, {"move_to": "move_to"})
        return await _division_page(request, arena, _one(arena, division_id), form, status=STATUS[type(refusal)])


@get("/desk/events/{event_id:uuid}/contests/{contest_id:uuid}/remove")
async def ask_contest(request: Asked, actor: Asker, event_id: Id, contest_id: Id) -> Answer:
    """What goes with it, or why it stays."""
    arena = await arena_of_contest(request, actor, event_id, contest_id, right=Right.ORGANISE)
    return await _contest_page(request, arena, fresh())


@post("/desk/events/{event_id:uuid}/contests/{contest_id:uuid}/remove")
async def remove_contest(request: Asked, actor: Asker, event_id: Id, contest_id: Id) -> Answer:
    """Take it away; pressed twice it is gone already."""
    desk = await desk_of(request, actor, event_id, Right.ORGANISE)
    given = await typed(request)

    async def work() -> str:
        await organising.remove_contest(actor, event_id, contest_id)
        return f"{desk.path}/contests"

    try:
        return await do(request, actor, given, work, said="said.contest_removed")
    except REFUSED as refusal:
        arena = await arena_of_contest(request, actor, event_id, contest_id, right=Right.ORGANISE)
        form = wrong(given, refusal, desk.lang)
        return await _contest_page(request, arena, form, status=STATUS[type(refusal)])


@get("/desk/events/{event_id:uuid}/stages/{stage_id:uuid}/remove")
async def ask_stage(request: Asked, actor: Asker, event_id: Id, stage_id: Id) -> Answer:
    """Whether it can go."""
    arena, stage = await arena_of_stage(request, actor, event_id, stage_id, right=Right.ORGANISE)
    return await _stage_page(request, arena, stage, fresh())


@post("/desk/events/{event_id:uuid}/stages/{stage_id:uuid}/remove")
async def remove_stage(request: Asked, actor: Asker, event_id: Id, stage_id: Id) -> Answer:
    """Take it away."""
    arena, stage = await arena_of_stage(request, actor, event_id, stage_id, right=Right.ORGANISE)
    given = await typed(request)

    async def work() -> str:
        await contests.remove_stage(actor, event_id, stage_id)
        return arena.path

    try:
        return await do(request, actor, given, work, said="said.stage_removed")
    except REFUSED as refusal:
        form = wrong(given, refusal, arena.desk.lang)
        return await _stage_page(request, arena, stage, form, status=STATUS[type(refusal)])


def _one(arena: Arena, division_id: UUID) -> DivisionView:
    return next((one for one in arena.contest.divisions if one.id == division_id), None) or _gone()


def _gone() -> DivisionView:
    raise access.not_found()


async def _division_page(
    request: Asked, arena: Arena, division: DivisionView, form: Form, *, status: int = 200
) -> Answer:
    desk, others = arena.desk, [one for one in arena.contest.divisions if one.id != division.id]
    members = await contests.members_of_division(desk.actor, desk.event.id, arena.contest.id, division.id)
    going = "division_moved" if others else "division_left"
    options = [Option(one.title.in_language(desk.lang), value=str(one.id)) for one in others]
    ask = {"name": "move_to", "label": desk.say("desk.move_to"), "hint": "", "kind": "select", "options": options}
    return await _page(
        request, arena, form, status=status,
        what="division",
        name=division.title.in_language(desk.lang),
        effects=[effect(desk, going, members)] if members else [],
        asks=[ask | {"required": True}] if members and others else [],
    )  # fmt: skip


async def _contest_page(request: Asked, arena: Arena, form: Form, *, status: int = 200) -> Answer:
    desk, here = arena.desk, (arena.desk.event.id, arena.contest.id)
    reasons = await organising.keeps_contest(desk.actor, *here)
    shown = form if form.errors or not reasons else wrong(dict(form.given), Conflict(*reasons), desk.lang)
    going, known = await organising.contest_going(desk.actor, *here), not is_draft(desk.event)
    lines = [
        ("divisions_go", going.divisions),
        ("stages_go", going.stages),
        ("entries_go", going.entries),
        ("judges_told" if known else "judges_go", going.judges),
        ("registrations_end", going.registrations),
        ("sessions_cancelled" if known else "sessions_go", going.sessions),
    ]
    return await _page(
        request, arena, shown, status=status,
        what="contest",
        name=arena.contest.title.in_language(desk.lang),
        effects=[effect(desk, key, n) for key, n in lines if n],
        possible=not reasons,
    )  # fmt: skip


async def _stage_page(request: Asked, arena: Arena, stage: StageView, form: Form, *, status: int = 200) -> Answer:
    desk = arena.desk
    reasons = await contests.keeps_stage(desk.actor, desk.event.id, stage.id)
    shown = wrong(dict(form.given), Conflict(*reasons), desk.lang) if reasons else form
    name = stage.title.in_language(desk.lang)
    return await _page(request, arena, shown, status=status, what="stage", name=name, possible=not reasons)


# page: what the two previews have in common, each part named
async def _page(
    request: Asked, arena: Arena, form: Form, *,
    what: str, name: str, status: int, effects: list[Effect] | None = None, asks: list[dict[str, object]] | None = None,
    possible: bool = True,
) -> Answer:  # fmt: skip
    desk = arena.desk
    context = {
        "form": form,
        "title": desk.say(f"desk.remove_{what}"),
        "words": name,
        "effects": [effect(desk, f"{what}_removed"), *(effects or []), effect(desk, "no_way_back")] if possible else [],
        "asks": asks or [],
        "sample": "",
        "do": "remove" if possible else "",
        "label": desk.say(f"desk.remove_{what}"),
        "back": arena.path,
    }
    return await page(request, "desk/preview.html", frame(desk, "/contests") | context, status=status)


ROUTES = [ask_contest, remove_contest, ask_division, remove_division, ask_stage, remove_stage]
