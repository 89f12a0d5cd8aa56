"""Draws: who starts when, where and under which code."""

from litestar import get, post, put
from litestar.params import JSONBody

from api.kinds import Asker, Id
from api.ready import PLAN
from events import drawing
from events.drawing import AnnounceForm, DrawForm, DrawPreview, DrawRules, DrawView, OwnSlot
from events.paging import Page
from scoring.published import Document


@get("/events/{event_id:uuid}/stages/{stage_id:uuid}/draw", operation_id="get_draw", ready=PLAN)
async def get_draw(actor: Asker, event_id: Id, stage_id: Id) -> DrawView:
    """The draw of a stage with all that is needed to check it; who stands behind a code only once that may be known."""
    return await drawing.drawn(actor, event_id, stage_id)


@get("/events/{event_id:uuid}/stages/{stage_id:uuid}/draw/document", operation_id="get_draw_document", ready=PLAN)
async def get_draw_document(actor: Asker, event_id: Id, stage_id: Id) -> Document:
    """What `magpie draw` makes a published draw again from; digests at once, key and recipe once names may be known."""
    return await drawing.document(actor, event_id, stage_id)


@get("/events/{event_id:uuid}/stages/{stage_id:uuid}/draw/rules", operation_id="get_draw_rules")
async def get_draw_rules(actor: Asker, event_id: Id, stage_id: Id) -> DrawRules:
    """The rules of the next draw of a stage. Right `organise`."""
    return await drawing.settled_rules(actor, event_id, stage_id)


@put("/events/{event_id:uuid}/stages/{stage_id:uuid}/draw/rules", operation_id="set_draw_rules")
async def set_draw_rules(actor: Asker, event_id: Id, stage_id: Id, data: JSONBody[DrawRules]) -> DrawRules:
    """Settle how a stage is drawn, for the next draw of it; only before the first mark. Right `organise`."""
    return await drawing.set_rules(actor, event_id, stage_id, data)


@post("/events/{event_id:uuid}/stages/{stage_id:uuid}/draw/preview", operation_id="preview_draw", status_code=200)
async def preview_draw(actor: Asker, event_id: Id, stage_id: Id, data: JSONBody[DrawRules]) -> DrawPreview:
    """What rules would come to, and which unions are too large for them; nothing is kept. Right `organise`."""
    return await drawing.preview(actor, event_id, stage_id, data)


@post("/events/{event_id:uuid}/stages/{stage_id:uuid}/draw/announce", operation_id="announce_draw", status_code=200)
async def announce_draw(actor: Asker, event_id: Id, stage_id: Id, data: JSONBody[AnnounceForm]) -> DrawView:
    """Fix and publish the list that will be drawn. Right `organise`."""
    return await drawing.announce(actor, event_id, stage_id, data)


@post("/events/{event_id:uuid}/stages/{stage_id:uuid}/draw", operation_id="draw_stage", status_code=200)
async def draw_stage(actor: Asker, event_id: Id, stage_id: Id, data: JSONBody[DrawForm]) -> DrawView:
    """Draw a stage; again, with a reason, only before the first mark. Right `organise`."""
    return await drawing.draw(actor, event_id, stage_id, data)


@post("/events/{event_id:uuid}/stages/{stage_id:uuid}/draw/append", operation_id="append_to_draw", status_code=200)
async def append_to_draw(actor: Asker, event_id: Id, stage_id: Id) -> DrawView:
    """Put entries that came after the draw behind all others. Right `organise`."""
    return await drawing.append(actor, event_id, stage_id)


@get("/events/{event_id:uuid}/own-slots", operation_id="list_own_slots")
async def list_own_slots(actor: Asker, event_id: Id) -> Page[OwnSlot]:
    """Where the asker competes in an event: heat, station and code."""
    return Page(await drawing.own_slots(actor, event_id))


ROUTES = [
    get_draw, get_draw_document, get_draw_rules, set_draw_rules, preview_draw, announce_draw, draw_stage,
    append_to_draw, list_own_slots,
]  # fmt: skip
