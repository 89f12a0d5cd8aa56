"""Publishing a result: provisional, with time for objections, then official; corrected ones are new versions."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from litestar import get, post
from litestar.response import Stream
from msgspec import structs

from api.downloads import promotions_file
from api.kinds import Asker, Id
from api.problems import STATUS, lang_of
from api.web.desk.arena import Arena, arena_frame, arena_of_stage, board_state
from api.web.desk.filling import REFUSED, do, fill, fresh, moment, shown_moment
from api.web.desk.panels import rules_of
from api.web.desk.steps import effect
from api.web.event import stage_url
from api.web.forms import Form, Typed, typed, wrong
from api.web.pages import Answer, Asked, page
from api.web.rulings import at_the_cut, given, node_titles, promotion_words, shares, titles_of
from api.web.shapes import rank_of
from events import clock, publishing
from events.access import Right
from events.contests import StageView
from events.errors import NotFound
from events.publishing import Board, OfficialForm, ProvisionalForm, Row
from events.terms import BoardKind, StageState

FIELDS = {"objections_until": "until"}
NOTICE = timedelta(days=3)
EVENING = time(18, 0)
TOLD = ("promoted", "level")  # why somebody is passed over who would be proposed otherwise


@get("/desk/events/{event_id:uuid}/stages/{stage_id:uuid}/publish")
async def publish_page(request: Asked, actor: Asker, event_id: Id, stage_id: Id) -> Answer:
    """The result as it stands, what comes next, and its versions."""
    arena, stage = await arena_of_stage(request, actor, event_id, stage_id)
    zone = ZoneInfo(arena.desk.event.zone)
    until = datetime.combine(clock.now().astimezone(zone).date() + NOTICE, EVENING, zone)
    known = shown_moment("until", stage.objections_until or until, arena.desk.event.zone)
    return await _page(request, arena, fresh(known))


@post("/desk/events/{event_id:uuid}/stages/{stage_id:uuid}/publish")
async def publish(request: Asked, actor: Asker, event_id: Id, stage_id: Id) -> Answer:
    """Publish it."""
    arena, _ = await arena_of_stage(request, actor, event_id, stage_id, right=Right.PUBLISH)
    given = await typed(request)
    doing = given.get("do", "")

    async def work() -> str:
        if doing == "provisional":
            until = moment(given, "until", arena.desk.event.zone)
            form = fill({"objections_until": until}, ProvisionalForm)
            await publishing.publish_provisional(actor, event_id, stage_id, form)
        else:
            await publishing.publish_official(actor, event_id, stage_id, _official(given))
        return arena.stage_path("publish")

    said = "said.provisional" if doing == "provisional" else "said.official"
    try:
        return await do(request, actor, given, work, said=said)
    except REFUSED as refusal:
        form = wrong({"early": "", **given}, refusal, arena.desk.lang, FIELDS)
        return await _page(request, arena, form, status=STATUS[type(refusal)])


def _official(given: Typed) -> OfficialForm:
    form = fill({"reason": given.get("reason", "").strip()}, OfficialForm)
    return structs.replace(form, early=bool(given.get("early")))


async def _page(request: Asked, arena: Arena, form: Form, *, status: int = 200) -> Answer:
    assert arena.stage is not None
    desk, stage = arena.desk, arena.stage
    board = await _board(arena)
    context = {
        "form": form,
        "board": _shown(arena, board, await _titles(arena)) if board else None,
        "next": _next(arena, stage, board) if desk.may(Right.PUBLISH) else None,
        "until": stage.objections_until,
        "hanging_out": _hanging_out(stage),
        "marks_url": arena.stage_path("marks"),
        "history": await _history(arena),
        "promotions": await _promotions(arena),
        "promotions_url": arena.stage_path("promotions.xlsx"),
        "what_if_url": arena.stage_path("what-if") if stage.state != StageState.PREPARED else "",
    }
    return await page(
        request, "desk/contest_publish.html", await arena_frame(arena, "publish") | context, status=status
    )


async def _board(arena: Arena) -> Board | None:
    assert arena.stage is not None
    try:
        ready = await publishing.board(arena.desk.actor, arena.desk.event.id, arena.stage.id)
    except NotFound:
        return None
    return ready.board()


async def _titles(arena: Arena) -> dict[str, str]:
    """What everything in the rules is called."""
    rules = await rules_of(arena)
    return node_titles(rules, arena.desk.lang) if rules else {}


def _shown(arena: Arena, board: Board, titles: Mapping[str, str]) -> dict[str, object]:
    awards = titles_of(board.awards, arena.desk.lang)
    places = [_place(arena, row, titles) | _given(row, awards) for row in board.rows]
    return {
        "shares": shares(board, arena.desk.lang),
        "state": board_state(arena.stage),
        "places": places,
        "entries": board.entries,
        "complete": board.complete,
    }


def _place(arena: Arena, row: Row, titles: Mapping[str, str]) -> dict[str, object]:
    union = row.delegation or row.union
    return {
        "rank": rank_of(row),
        "code": row.code,
        "name": row.name or "",
        "union": union.in_language(arena.desk.lang) if union else "",
        "score": row.score or "–",
        "note": arena.desk.say(f"results.status_{row.status}") if row.status else _tie(arena, row, titles),
    }


def _given(row: Row, awards: Mapping[str, str]) -> dict[str, object]:
    return {"awards": given(row, awards), "advances": row.advances, "at_the_cut": at_the_cut(row)}


def _tie(arena: Arena, row: Row, titles: Mapping[str, str]) -> str:
    """What told an entry apart from one of the same score."""
    if not row.decided_by:
        return ""
    if row.decided_by == "lot":
        return arena.desk.say("results.by_lot")
    return arena.desk.say("results.by_node", node=titles.get(row.decided_by, row.decided_by))


def _next(arena: Arena, stage: StageView, board: Board | None) -> dict[str, object]:
    """The next thing to publish: what it does, to how many, what it asks for, and what stands in the way."""
    desk = arena.desk
    if stage.state == StageState.PROVISIONAL:
        kind, asks = "official", ["early"][: _hanging_out(stage)]
    elif stage.state == StageState.OFFICIAL:
        kind, asks = "correction", ["reason"]
    else:
        kind, asks = "provisional", ["until"]
    blocked = stage.state not in (StageState.SIGNED, StageState.PROVISIONAL, StageState.OFFICIAL)
    lines: dict[str, list[tuple[str, int | None]]] = {
        "provisional": [("names_open", board.entries if board else 0), ("objections", None)],
        "official": [("result_stands", board.entries if board else 0), ("new_version", None)],
        "correction": [("old_version_stays", None), ("new_version", None)],
    }
    return {
        "do": "provisional" if kind == "provisional" else "official",
        "label": desk.say(f"desk.publish_{kind}"),
        "words": desk.say(f"desk.publish_{kind}_words"),
        "effects": [effect(desk, key, n) for key, n in lines[kind]],
        "asks": asks,
        "blocked": [desk.say("problem.not_signed")] if blocked else [],
    }


def _hanging_out(stage: StageView) -> bool:
    return stage.objections_until is not None and stage.objections_until > clock.now()


async def _history(arena: Arena) -> list[dict[str, object]]:
    assert arena.stage is not None
    found = await publishing.versions(arena.desk.actor, arena.desk.event.id, arena.stage.id)
    results = stage_url(arena.desk.event.id, arena.stage.id, "results")
    public = (BoardKind.PROVISIONAL, BoardKind.OFFICIAL)
    return [
        {
            "version": one.version,
            "state": one.kind.value,
            "at": one.made_at,
            "reason": one.reason or "",
            "url": f"{results}?version={one.version}" if one.kind in public else "",
        }
        for one in found
    ]


async def _promotions(arena: Arena) -> list[dict[str, object]]:
    """Who is proposed for a level, for those who may publish."""
    assert arena.stage is not None
    desk = arena.desk
    if not desk.may(Right.PUBLISH):
        return []
    return [
        {
            "name": one.name,
            "union": one.union.in_language(desk.lang) if one.union else "",
            "title": one.title.in_language(desk.lang),
            "proposed": one.proposed,
            "words": promotion_words(one, desk.lang),
        }
        for one in await publishing.promotions(desk.actor, desk.event.id, arena.stage.id)
        if one.proposed or one.code in TOLD
    ]


@get("/desk/events/{event_id:uuid}/stages/{stage_id:uuid}/promotions.xlsx")
async def promotions_list(request: Asked, actor: Asker, event_id: Id, stage_id: Id) -> Stream:
    """The proposals for promotion as a spreadsheet."""
    reader = structs.replace(actor, language=lang_of(request.scope))
    return await promotions_file(reader, (event_id, stage_id))


ROUTES = [publish_page, publish, promotions_list]
