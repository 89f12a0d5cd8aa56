"""The draw of a stage: the list is published first, then drawn with a key; or an order is set by hand; printed."""

from uuid import UUID

from litestar import get, post

from api.kinds import Asker, Id
from api.problems import STATUS
from api.web.desk.arena import Arena, arena_frame, arena_of_stage, is_filled
from api.web.desk.entries import competing
from api.web.desk.filling import REFUSED, do, fill, fresh, tidy
from api.web.desk.steps import effect
from api.web.draw_words import rules_in_words
from api.web.draws import draw_shown, place_shown
from api.web.event import stage_url
from api.web.forms import Form, Typed, typed, wrong
from api.web.pages import Answer, Asked, page
from api.web.shapes import place_of
from events import contests, drawing
from events.access import Right
from events.drawing import AnnounceForm, DrawForm, DrawView
from events.errors import Invalid, Reason
from events.terms import StageState


@get("/desk/events/{event_id:uuid}/stages/{stage_id:uuid}/draw")
async def draw_page(request: Asked, actor: Asker, event_id: Id, stage_id: Id) -> Answer:
    """How far the draw is."""
    arena, _ = await arena_of_stage(request, actor, event_id, stage_id)
    return await _page(request, arena, fresh())


@post("/desk/events/{event_id:uuid}/stages/{stage_id:uuid}/draw")
async def draw(request: Asked, actor: Asker, event_id: Id, stage_id: Id) -> Answer:
    """Publish the list, draw, set an order by hand, or put late entries behind the others."""
    arena, _ = await arena_of_stage(request, actor, event_id, stage_id, right=Right.ORGANISE)
    given = await typed(request)
    doing = given.get("do", "")

    async def work() -> str:
        if doing == "list":
            form = fill({"source": given.get("source", "").strip()}, AnnounceForm)
            await drawing.announce(actor, event_id, stage_id, form)
        elif doing == "append":
            await drawing.append(actor, event_id, stage_id)
        else:
            await drawing.draw(actor, event_id, stage_id, await _form(arena, given))
        return arena.stage_path("draw")

    said = {"list": "said.list_published", "append": "said.appended"}.get(doing, "said.drawn")
    try:
        return await do(request, actor, given, work, said=said)
    except REFUSED as refusal:
        form = wrong(given, refusal, arena.desk.lang)
        return await _page(request, arena, form, status=STATUS[type(refusal)])


@get("/desk/events/{event_id:uuid}/stages/{stage_id:uuid}/start-list")
async def start_list(request: Asked, actor: Asker, event_id: Id, stage_id: Id) -> Answer:
    """The start list, to be printed and hung out."""
    arena, _ = await arena_of_stage(request, actor, event_id, stage_id)
    found = await drawing.drawn(actor, event_id, stage_id)
    context = {
        "places": [place_shown(one, arena.desk.lang) for one in found.slots],
        "heats": len({one.heat for one in found.slots}) > 1,
        "drawn_at": found.drawn_at,
        "place": place_of(arena.desk.event, arena.desk.lang),
        "made_url": stage_url(event_id, stage_id, "draw"),
        "back": arena.stage_path("draw"),
    }
    return await page(request, "desk/start_list.html", await arena_frame(arena, "draw") | context)


async def _form(arena: Arena, given: Typed) -> DrawForm:
    plain = {name: given.get(name, "").strip() for name in ("key", "reason")}
    if given.get("do") == "manual":
        return fill(plain | {"order": await _order(arena, given.get("order", ""))}, DrawForm)
    return fill(plain, DrawForm)


async def _order(arena: Arena, text: str) -> list[UUID]:
    """The entries in the order of their numbers as typed."""
    known = {str(one.number): one.id for one in await _entries(arena)}
    numbers = tidy(text.replace(",", "\n").replace("，", "\n").replace(" ", "\n").split("\n"))
    if unknown := [number for number in numbers if number not in known]:
        raise Invalid(Reason("unknown_numbers", "/order", {"numbers": unknown}))
    return [known[number] for number in numbers]


async def _entries(arena: Arena) -> list[contests.EntryView]:
    """Everybody who is drawn."""
    stage = arena.stage.id if arena.stage else None
    return await competing(arena.desk.actor, arena.desk.event.id, arena.contest.id, stage)


async def _page(request: Asked, arena: Arena, form: Form, *, status: int = 200) -> Answer:
    assert arena.stage is not None
    desk, stage = arena.desk, arena.stage
    found = await drawing.drawn(desk.actor, desk.event.id, stage.id)
    entries = await _entries(arena)
    open_ = stage.state in (StageState.PREPARED, StageState.DRAWN)
    late = len(entries) - len(found.slots) if found.slots else 0
    organises = desk.may(Right.ORGANISE)
    settled = await drawing.settled_rules(desk.actor, desk.event.id, stage.id) if organises else found.rules
    context = {
        "form": _prefilled(form, found, entries),
        "draw": draw_shown(found, desk.lang),
        "places": [place_shown(one, arena.desk.lang) for one in found.slots],
        "heats": len({one.heat for one in found.slots}) > 1,
        "drawing": [effect(desk, "drawn", len(entries)), effect(desk, "drawn_again")],
        "redrawing": [effect(desk, "redrawn", len(entries))],
        "entries": len(entries),
        "late": late if stage.state in (StageState.DRAWN, StageState.MARKING) and late > 0 else 0,
        "may_draw": organises and open_ and bool(entries),
        "rules": rules_in_words(found.rules, desk.lang),
        "changed": settled != found.rules,
        "rules_url": arena.stage_path("draw/rules") if organises and open_ else "",
        "made_url": stage_url(desk.event.id, stage.id, "draw") if found.listed else "",
        "matches_url": arena.stage_path("matches") if stage.meets and found.drawn_at else "",
        "scheme_url": "" if stage.scheme_id or settled.meeting else arena.stage_path("scheme"),
        "entries_url": "" if entries else f"{arena.path}/entries",
        "fill_url": arena.stage_path("fill") if not stage.filled_at and await is_filled(arena) else "",
        "print_url": arena.stage_path("start-list"),
        "stage_drawn": stage.state != StageState.PREPARED,
    }
    return await page(request, "desk/contest_draw.html", await arena_frame(arena, "draw") | context, status=status)


def _prefilled(form: Form, found: DrawView, entries: list[contests.EntryView]) -> Form:
    """An order by hand begins with the one there is."""
    drawn = [str(one.number) for one in found.slots if one.number is not None]
    order = "\n".join(drawn or [str(one.number) for one in entries])
    return Form({"order": order, **form.given}, form.errors)


ROUTES = [draw_page, draw, start_list]
