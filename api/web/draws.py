"""How a draw was made: what was published when, and all that is needed to make it again."""

import msgspec
from litestar import get
from litestar.response import Response

from api import ready
from api.kinds import Asker, Id
from api.problems import lang_of
from api.web.draw_words import rules_in_words
from api.web.event import stage_url
from api.web.pages import Asked, Page, page
from api.wording import Lang, say
from events import contests, drawing, organising
from events.drawing import DrawView, SlotView
from scoring.published import Document


@get("/events/{event_id:uuid}/stages/{stage_id:uuid}/draw", ready=ready.page(ready.PLAN))
async def draw_page(request: Asked, actor: Asker, event_id: Id, stage_id: Id) -> Page:
    """A draw, for whoever wants to check it."""
    lang = lang_of(request.scope)
    event = await organising.event(actor, event_id)
    found = await drawing.drawn(actor, event_id, stage_id)
    stage = await contests.stage(actor, event_id, stage_id)
    contest = await contests.contest(actor, event_id, stage.contest_id)
    document = await drawing.document(actor, event_id, stage_id) if found.digest else None
    context = {
        "event": {"id": event_id, "title": event.title, "zone": event.zone},
        "contest": {"title": contest.title},
        "stage": stage.title,
        "draw": draw_shown(found, lang),
        "rules": rules_in_words(found.rules, lang),
        "listed": found.listed if document and document.recipe else [],
        "places": [place_shown(one, lang) for one in found.slots],
        "heats": len({one.heat for one in found.slots}) > 1,
        "sealed": document is not None and document.recipe is None,
        "document_url": stage_url(event_id, stage_id, "draw.json") if document else "",
        "fixtures_url": stage_url(event_id, stage_id, "fixtures") if stage.meets and found.drawn_at else "",
        "command": f"magpie draw {file_name(stage_id)}",
    }
    return await page(request, "draw.html", context)


@get("/events/{event_id:uuid}/stages/{stage_id:uuid}/draw.json")
async def draw_document(actor: Asker, event_id: Id, stage_id: Id) -> Response[bytes]:
    """The document of a draw as a file."""
    found: Document = await drawing.document(actor, event_id, stage_id)
    headers = {"content-disposition": f'attachment; filename="{file_name(stage_id)}"', "cache-control": "no-store"}
    return Response(msgspec.json.encode(found), media_type="application/json", headers=headers)


def file_name(stage_id: Id) -> str:
    """What the document of a draw is called when it is saved."""
    return f"draw-{str(stage_id)[-12:]}.json"


def draw_shown(found: DrawView, lang: Lang) -> dict[str, object]:
    """A draw as its pages show it."""
    source = found.source or (say(lang, "desk.secret_key") if found.method == "secret" else "")
    return {
        "state": "done" if found.drawn_at else "listed" if found.listed else "none",
        "list_hash": found.digest or "",
        "recipe_hash": found.recipe_digest or "",
        "commitment": found.commitment or "",
        "key": found.key or "",
        "source": source,
        "public_key": found.method == "key",
        "manual": found.method == "manual",
        "method": say(lang, f"desk.method_{found.method}") if found.method else "",
        "at": found.drawn_at,
    }


def place_shown(one: SlotView, lang: Lang) -> dict[str, object]:
    """A line of a start list; nobody's name while codes are kept."""
    union = one.union_name.in_language(lang) if one.union_name else ""
    return {
        "order": one.position,
        "heat": one.heat,
        "station": one.station,
        "code": one.code,
        "number": one.number,
        "person": {"name": one.name, "union": union, "code": ""} if one.name else None,
    }


ROUTES = [draw_page, draw_document]
