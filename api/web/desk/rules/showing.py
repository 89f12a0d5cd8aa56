"""The rules of marking of a stage in words, and the ways on from there."""

from litestar import get
from litestar.response import Stream

from api.downloads import FileKind, download
from api.kinds import Asker, Id
from api.web.desk import scheme_words
from api.web.desk.arena import Arena, arena_frame, arena_of_stage
from api.web.desk.rules import outline, worths
from api.web.desk.rules.drafts import draft_of, may_change, scheme_now
from api.web.desk.rules.steps import write_json
from api.web.pages import Answer, Asked, page
from events import access, contests, exports
from events.access import Right
from events.contests import SchemeView
from events.terms import StageState


@get("/desk/events/{event_id:uuid}/stages/{stage_id:uuid}/scheme")
async def scheme(request: Asked, actor: Asker, event_id: Id, stage_id: Id) -> Answer:
    """The rules as a tree."""
    arena, stage = await arena_of_stage(request, actor, event_id, stage_id)
    now = await scheme_now(arena)
    versions = await contests.list_schemes(actor, event_id, stage.contest_id)
    context = {
        "scheme": _shown(now, arena) if now else None,
        "locked": stage.state == StageState.MARKING,
        "what_if_url": arena.stage_path("what-if"),
        "may_change": may_change(arena),
        "draft": await draft_of(arena) if arena.desk.may(Right.ORGANISE) else None,
        "versions": len(versions),
        "path": arena.stage_path("scheme"),
    }
    return await page(request, "desk/contest_scheme.html", await arena_frame(arena, "scheme") | context)


def _shown(found: SchemeView, arena: Arena) -> dict[str, object]:
    lang = arena.desk.lang
    rules = outline.read(found.document)
    return {
        "title": found.title.in_language(lang),
        "version": found.version,
        "rows": outline.tree(rules, "", lang),
        "total": worths.reach(rules.scheme, (), lang),
        "ties": scheme_words.ties(rules.scheme, lang),
        "standings": scheme_words.standings(rules.scheme, lang),
        "others": [one for one in outline.others(rules, "", lang) if one.at not in ("", "/standings")],
        "document": write_json(found.document),
    }


@get("/desk/events/{event_id:uuid}/stages/{stage_id:uuid}/scheme/export")
async def export(request: Asked, actor: Asker, event_id: Id, stage_id: Id) -> Stream:
    """The present version as a spreadsheet, one row an aspect."""
    arena, _ = await arena_of_stage(request, actor, event_id, stage_id)
    now = await scheme_now(arena)
    if now is None:
        raise access.not_found()
    rows = exports.scheme(now.document, arena.desk.lang)
    return download(rows, FileKind.XLSX, f"{now.title.in_language(arena.desk.lang)} {now.version}")


ROUTES = [scheme, export]
