"""What follows from results: who goes on, other rules for the same marks, proposals for promotion."""

from litestar import delete, get, post
from litestar.params import JSONBody
from litestar.response import Stream

from api.downloads import MEDIA, FileKind, promotions_file
from api.kinds import Asker, Id
from events import publishing
from events.paging import Page
from events.publishing import AdoptForm, BoardVersion, Filled, FillForm, FillView, PromotionView, WhatIf, WhatIfForm


@get("/events/{event_id:uuid}/stages/{stage_id:uuid}/filling", operation_id="preview_filling")
async def preview_filling(actor: Asker, event_id: Id, stage_id: Id) -> FillView:
    """Who would go on into a stage from the results before it, and with which values. Right `organise`."""
    return await publishing.preview_filling(actor, event_id, stage_id)


@post("/events/{event_id:uuid}/stages/{stage_id:uuid}/filling", operation_id="fill_stage", status_code=200)
async def fill_stage(actor: Asker, event_id: Id, stage_id: Id, data: JSONBody[FillForm]) -> Filled:
    """Let those who advanced into a stage with what they carry; again it brings later changes. Right `organise`."""
    return await publishing.fill_stage(actor, event_id, stage_id, data)


@delete("/events/{event_id:uuid}/stages/{stage_id:uuid}/filling", operation_id="empty_stage")
async def empty_stage(actor: Asker, event_id: Id, stage_id: Id) -> None:
    """Take the filling of a stage back before it is drawn. Right `organise`."""
    await publishing.empty_stage(actor, event_id, stage_id)


@post("/events/{event_id:uuid}/stages/{stage_id:uuid}/what-if", operation_id="what_if", status_code=200)
async def what_if(actor: Asker, event_id: Id, stage_id: Id, data: JSONBody[WhatIfForm]) -> WhatIf:
    """The same marks by other rules: moved places, scores, awards. Nothing is written. Right `see_marks`."""
    return await publishing.what_if(actor, event_id, stage_id, data)


@post("/events/{event_id:uuid}/stages/{stage_id:uuid}/adopt", operation_id="adopt_scheme", status_code=200)
async def adopt_scheme(actor: Asker, event_id: Id, stage_id: Id, data: JSONBody[AdoptForm]) -> BoardVersion:
    """Mark a stage by other rules from now on, with a reason; the old standings stay as a version. Right `organise`."""
    return await publishing.adopt_scheme(actor, event_id, stage_id, data)


@get("/events/{event_id:uuid}/stages/{stage_id:uuid}/promotions", operation_id="list_promotions")
async def list_promotions(actor: Asker, event_id: Id, stage_id: Id) -> Page[PromotionView]:
    """Who is proposed for which level by an official result, and who in line is not and why. Right `publish`."""
    return Page(await publishing.promotions(actor, event_id, stage_id))


@get(
    "/events/{event_id:uuid}/stages/{stage_id:uuid}/promotions.xlsx",
    operation_id="export_promotions_xlsx",
    media_type=MEDIA[FileKind.XLSX],
)
async def export_promotions_xlsx(actor: Asker, event_id: Id, stage_id: Id) -> Stream:
    """Those who are proposed for a level, as an Excel workbook. Right `publish`."""
    return await promotions_file(actor, (event_id, stage_id))


ROUTES = [
    preview_filling, fill_stage, empty_stage, what_if, adopt_scheme, list_promotions, export_promotions_xlsx,
]  # fmt: skip
