"""Panels of a stage and who sits in them."""

from urllib.parse import urlencode
from uuid import UUID

from litestar import get, post
from msgspec import Struct, structs

from api.kinds import Asker, Id
from api.problems import STATUS
from api.web.desk.arena import Arena, arena_frame, arena_of_stage
from api.web.desk.filling import REFUSED, both, do, fill, fresh
from api.web.desk.officials import accounts_named
from api.web.forms import Form, Option, Typed, typed, wrong
from api.web.pages import Answer, Asked, page
from events import contests, marking
from events.access import Right
from events.contests.schemes import OPEN
from events.contests.structs import StageView
from events.errors import invalid
from events.marking import PanelForm, PanelView, SeatForm
from events.marking.seats import keys_covered
from events.text import Bilingual
from scoring import schemes
from scoring.schemes import Scheme

FIELDS = {"account": "person", "title": "title_zh", "leader": "person", "aspects": "aspects"}


class Seated(Struct, frozen=True, kw_only=True):
    """A seat in a panel."""

    panel: UUID
    seat: str = ""


@get("/desk/events/{event_id:uuid}/stages/{stage_id:uuid}/panels")
async def panels(request: Asked, actor: Asker, event_id: Id, stage_id: Id) -> Answer:
    """The panels with their judges."""
    arena, _ = await arena_of_stage(request, actor, event_id, stage_id)
    return await _page(request, arena, fresh())


@post("/desk/events/{event_id:uuid}/stages/{stage_id:uuid}/panels")
async def change(request: Asked, actor: Asker, event_id: Id, stage_id: Id) -> Answer:
    """Add a panel or take it away, seat a judge, name the leader."""
    arena, stage = await arena_of_stage(request, actor, event_id, stage_id, right=Right.ORGANISE)
    given = await typed(request)
    aspects = [value for value in (await request.form()).getall("aspects", []) if isinstance(value, str)]
    doing = given.get("do", "")

    async def work() -> str:
        if doing == "panel":
            form = fill({"title": both(given, "title"), "aspects": aspects}, PanelForm)
            await marking.add_panel(actor, event_id, stage_id, form)
        elif doing == "add":
            await _seat(arena, stage, given)
        else:
            await _change(arena, stage, given)
        return arena.stage_path("panels")

    try:
        return await do(request, actor, given | {"aspects": " ".join(aspects)}, work, said="said.saved")
    except REFUSED as refusal:
        form = wrong(given, refusal, arena.desk.lang, FIELDS)
        return await _page(request, arena, form, chosen=aspects, status=STATUS[type(refusal)])


async def _seat(arena: Arena, stage: StageView, given: Typed) -> None:
    """Seat everybody named on the first free seats; the first panel makes itself, and the first named may lead."""
    actor, event_id = arena.desk.actor, arena.desk.event.id
    named = await accounts_named(actor, given.get("person", ""))
    found = await marking.list_panels(actor, event_id, stage.id)
    if not found:
        title = Bilingual(zh="裁判组", en="Panel")
        found = [await marking.add_panel(actor, event_id, stage.id, PanelForm(title=title))]
    wanted = fill({"panel": given.get("panel", "") or str(found[0].id)}, Seated).panel
    panel = next((one for one in found if one.id == wanted), None) or invalid("choose_panel", "/panel")
    sitting = {one.account for one in panel.seats if one.until is None}
    for account in named if len(named) == 1 else [one for one in named if one.id not in sitting]:
        seat = SeatForm(seat=_free_seat(found), account=account.id)
        await marking.seat_judge(actor, event_id, stage.id, panel.id, form=seat)
        found = await marking.list_panels(actor, event_id, stage.id)
    if given.get("part") == "leader":
        await _set_leader(arena, stage, panel, named[0].id)


async def _change(arena: Arena, stage: StageView, given: Typed) -> None:
    actor, event_id = arena.desk.actor, arena.desk.event.id
    wanted = fill({"panel": given.get("panel", ""), "seat": given.get("seat", "")}, Seated)
    doing = given.get("do")
    if doing == "remove_panel":
        await marking.remove_panel(actor, event_id, stage.id, wanted.panel)
    elif doing == "lead":
        found = await marking.list_panels(actor, event_id, stage.id)
        panel = next((one for one in found if one.id == wanted.panel), None) or invalid("choose_panel", "/panel")
        sitting = {one.seat: one.account for one in panel.seats if one.until is None}
        await _set_leader(arena, stage, panel, sitting.get(wanted.seat))


async def _set_leader(arena: Arena, stage: StageView, panel: PanelView, leader: UUID | None) -> None:
    form = PanelForm(title=panel.title, aspects=panel.aspects, leader=leader)
    await marking.change_panel(arena.desk.actor, arena.desk.event.id, stage.id, panel.id, form=form)


def _free_seat(panels: list[PanelView]) -> str:
    """J1, J2 ... not taken in any panel of the stage."""
    taken = {seat.seat for panel in panels for seat in panel.seats if seat.until is None}
    return next(f"J{number}" for number in range(1, len(taken) + 2) if f"J{number}" not in taken)


async def rules_of(arena: Arena) -> Scheme | None:
    """The rules of the stage, once it has some."""
    if arena.stage is None or arena.stage.scheme_id is None:
        return None
    found = await contests.scheme(arena.desk.actor, arena.desk.event.id, arena.stage.scheme_id)
    return schemes.parse(found.document)


async def _page(
    request: Asked, arena: Arena, form: Form, *, chosen: list[str] | None = None, status: int = 200
) -> Answer:
    assert arena.stage is not None
    desk, rules = arena.desk, await rules_of(arena)
    found = await marking.list_panels(desk.actor, desk.event.id, arena.stage.id)
    aspects = list(schemes.aspects(rules)) if rules else []
    context = {
        "form": structs.replace(form, given={**form.given, "aspects": chosen or []}),
        "panels": [_panel(arena, one, rules) for one in found],
        "panel_options": [Option(one.title.in_language(desk.lang), value=str(one.id)) for one in found],
        "aspects": [
            Option(one.title.en or one.title.zh if desk.lang == "en" else one.title.zh or one.title.en, value=one.key)
            for one in aspects
        ],
        "parts": [Option(desk.say(f"desk.part_{part}"), value=part) for part in ("judge", "leader")],
        "may_change": desk.may(Right.ORGANISE) and arena.stage.state in OPEN,
    }
    return await page(request, "desk/contest_panel.html", await arena_frame(arena, "panels") | context, status=status)


def _panel(arena: Arena, panel: PanelView, rules: Scheme | None) -> dict[str, object]:
    keys = keys_covered(panel.aspects, rules)
    judged = [one.judges for one in schemes.aspects(rules) if one.key in keys and one.judges] if rules else []
    sitting = [one for one in panel.seats if one.until is None]
    return {
        "id": panel.id,
        "name": panel.title.in_language(arena.desk.lang),
        "aspects": keys if panel.aspects else [],
        "judges": [
            {
                "seat": one.seat,
                "person": {"name": one.name, "union": one.seat, "code": ""},
                "part": "leader" if one.account == panel.leader else "judge",
                "end_url": f"{arena.stage_path('panels')}/{panel.id}/end?{urlencode({'seat': one.seat})}",
            }
            for one in sitting
        ],
        "leader": panel.leader_name or "",
        "signed": panel.signed_at is not None,
        "needed": max(judged, default=0),
    }


ROUTES = [panels, change]
