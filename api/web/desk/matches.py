"""The matches of a stage: results entered, corrected, taken back."""

from litestar import get, post
from msgspec import Struct

from api.kinds import Asker, Id
from api.problems import STATUS
from api.web.desk.arena import Arena, arena_frame, arena_of_stage
from api.web.desk.filling import REFUSED, do, fill, fresh
from api.web.event import stage_url
from api.web.fixtures import fixtures_shown, match_shown
from api.web.forms import Form, Option, Typed, asked, typed, wrong
from api.web.pages import Answer, Asked, page
from events import pairing
from events.errors import NotFound
from events.pairing import FixturesView, ResultForm

NOTHING: dict[str, object] = {"rounds": [], "tables": [], "places": [], "format": "", "over": False}


class Chosen(Struct, frozen=True):
    """A match by its number."""

    number: int = 0


@get("/desk/events/{event_id:uuid}/stages/{stage_id:uuid}/matches")
async def matches_page(request: Asked, actor: Asker, event_id: Id, stage_id: Id) -> Answer:
    """All matches, and the form for the one that is next or was chosen."""
    arena, _ = await arena_of_stage(request, actor, event_id, stage_id)
    return await _page(request, arena, fresh())


@post("/desk/events/{event_id:uuid}/stages/{stage_id:uuid}/matches")
async def change(request: Asked, actor: Asker, event_id: Id, stage_id: Id) -> Answer:
    """Enter the result of a match, or take it back."""
    arena, _ = await arena_of_stage(request, actor, event_id, stage_id)
    given = await typed(request)

    async def work() -> str:
        number = fill({"number": given.get("number", "").strip()}, Chosen).number
        if given.get("do") == "take_back":
            await pairing.take_back(actor, event_id, stage_id, number)
        else:
            fields = {name: given.get(name, "").strip() for name in ("winner", "home_score", "away_score")}
            await pairing.enter_result(actor, event_id, stage_id, number, form=fill(fields, ResultForm))
        return arena.stage_path("matches")

    try:
        return await do(request, actor, given, work, said="said.saved")
    except REFUSED as refusal:
        return await _page(request, arena, wrong(given, refusal, arena.desk.lang), status=STATUS[type(refusal)])


async def _page(request: Asked, arena: Arena, form: Form, *, status: int = 200) -> Answer:
    assert arena.stage is not None
    here = (arena.desk.event.id, arena.stage.id)
    found = await _found(arena)
    shown = fixtures_shown(found, arena.desk.lang) if found else NOTHING
    number = _chosen(request, form.given, found)
    match = next((one for one in found.fixtures if one.number == number), None) if found and number else None
    chosen = match_shown(match, arena.desk.lang) if match else None
    context = {
        **shown,
        "form": _prefilled(form, chosen),
        "match": chosen,
        "winners": _winners(arena, chosen) if chosen else [],
        "ready": [_option(arena, found, one.number) for one in found.fixtures if one.ready] if found else [],
        "public_url": stage_url(*here, "fixtures") if found else "",
        "draw_page": arena.stage_path("draw"),
    }
    return await page(request, "desk/matches.html", await arena_frame(arena, "marks") | context, status=status)


async def _found(arena: Arena) -> FixturesView | None:
    assert arena.stage is not None
    try:
        return await pairing.fixtures(arena.desk.actor, arena.desk.event.id, arena.stage.id)
    except NotFound:
        return None


def _chosen(request: Asked, given: Typed | object, found: FixturesView | None) -> int:
    """The match in the form, in the address, or the first that can be played."""
    typed_in = given.get("number", "") if isinstance(given, dict) else ""
    text = str(typed_in or asked(request).get("match", ""))
    if text.isascii() and text.isdecimal() and len(text) < 8:
        return int(text)
    if found is None:
        return 0
    return next((one.number for one in found.fixtures if one.ready and one.winner is None), 0)


def _prefilled(form: Form, chosen: dict[str, object] | None) -> Form:
    """The result that there is already, until another is typed."""
    if chosen is None or "home_score" in form.given:
        return form
    home, away = chosen["scores"] if isinstance(chosen["scores"], tuple) else ("", "")
    there = {"home_score": str(home), "away_score": str(away), "winner": "" if home != "" else str(chosen["winner"])}
    return Form({**form.given, **there}, form.errors)


def _winners(arena: Arena, chosen: dict[str, object]) -> list[Option]:
    names = [("home", chosen["home"]), ("away", chosen["away"])]
    options = [
        Option(side.get("name") or side.get("code") or "", value=value)
        for value, side in names
        if isinstance(side, dict)
    ]
    return options if chosen["bracket"] else [*options, Option(arena.desk.say("fixtures.won_draw"), value="draw")]


def _option(arena: Arena, found: FixturesView, number: int) -> Option:
    one = next(match for match in found.fixtures if match.number == number)
    return Option(str(number), f"{arena.stage_path('matches')}?match={number}", note=one.winner or "")


ROUTES = [matches_page, change]
