"""Marking: panels, the judge's sheet, marks, progress, sign-off."""

from typing import Annotated

from litestar import delete, get, post, put
from litestar.params import JSONBody, PathParameter, QueryParameter

from api.direct import directly
from api.kinds import Asker, Cursor, Flag, Id, Limit
from events import imports, marking
from events.imports import MarksFile, MarksTaken
from events.marking import (
    Duty,
    Entered,
    MarksForm,
    MarkView,
    PanelAgreement,
    PanelForm,
    PanelView,
    Progress,
    SeatForm,
    Sheet,
    SignOffForm,
    SignOffView,
    WithdrawalForm,
)
from events.paging import Page

SeatName = Annotated[str, PathParameter(min_length=1, max_length=20, pattern=r"^[A-Za-z0-9_.-]*$")]


@get("/events/{event_id:uuid}/stages/{stage_id:uuid}/panels", operation_id="list_panels")
async def list_panels(actor: Asker, event_id: Id, stage_id: Id) -> Page[PanelView]:
    """The panels of a stage with their judges. Right `see_marks`."""
    return Page(await marking.list_panels(actor, event_id, stage_id))


@post("/events/{event_id:uuid}/stages/{stage_id:uuid}/panels", operation_id="add_panel")
async def add_panel(actor: Asker, event_id: Id, stage_id: Id, data: JSONBody[PanelForm]) -> PanelView:
    """Set up a panel. Right `organise`."""
    return await marking.add_panel(actor, event_id, stage_id, data)


@put("/events/{event_id:uuid}/stages/{stage_id:uuid}/panels/{panel_id:uuid}", operation_id="change_panel")
async def change_panel(actor: Asker, event_id: Id, stage_id: Id, panel_id: Id, data: JSONBody[PanelForm]) -> PanelView:
    """Write a panel anew, before it has signed. Right `organise`."""
    return await marking.change_panel(actor, event_id, stage_id, panel_id, form=data)


@delete("/events/{event_id:uuid}/stages/{stage_id:uuid}/panels/{panel_id:uuid}", operation_id="remove_panel")
async def remove_panel(actor: Asker, event_id: Id, stage_id: Id, panel_id: Id) -> None:
    """Take a panel away while nobody has marked in it. Right `organise`."""
    await marking.remove_panel(actor, event_id, stage_id, panel_id)


@post(
    "/events/{event_id:uuid}/stages/{stage_id:uuid}/panels/{panel_id:uuid}/seats",
    operation_id="seat_judge",
    status_code=200,
)
async def seat_judge(actor: Asker, event_id: Id, stage_id: Id, panel_id: Id, data: JSONBody[SeatForm]) -> PanelView:
    """Give a seat to an account, which becomes a judge of the event; whoever had it leaves. Right `organise`."""
    return await marking.seat_judge(actor, event_id, stage_id, panel_id, form=data)


@delete(
    "/events/{event_id:uuid}/stages/{stage_id:uuid}/panels/{panel_id:uuid}/seats/{seat:str}",
    operation_id="vacate_seat",
    status_code=200,
)
async def vacate_seat(actor: Asker, event_id: Id, stage_id: Id, panel_id: Id, seat: SeatName) -> PanelView:
    """End a judge's time on a seat; marks given from it stay. Right `organise`."""
    return await marking.vacate_seat(actor, event_id, stage_id, panel_id, seat=seat)


@get("/me/duties", operation_id="list_duties")
async def list_duties(actor: Asker) -> Page[Duty]:
    """Where the asker judges or leads a panel."""
    return Page(await marking.duties(actor))


@get("/events/{event_id:uuid}/stages/{stage_id:uuid}/sheet", operation_id="get_sheet")
async def get_sheet(actor: Asker, event_id: Id, stage_id: Id) -> Sheet:
    """All that a judge needs to mark: panels, aspects, entries by their codes, marks given so far."""
    return await marking.sheet(actor, event_id, stage_id)


@post(
    "/events/{event_id:uuid}/stages/{stage_id:uuid}/marks",
    operation_id="enter_marks",
    status_code=200,
    opt=directly(MarksForm, marking.enter),
)
async def enter_marks(actor: Asker, event_id: Id, stage_id: Id, data: JSONBody[MarksForm]) -> Entered:
    """Enter up to 500 marks, all or none, in the order sent. A mark sent again with its id changes nothing."""
    return await marking.enter(actor, event_id, stage_id, data)


@post("/events/{event_id:uuid}/stages/{stage_id:uuid}/marks/import", operation_id="import_marks", status_code=200)
async def import_marks(actor: Asker, event_id: Id, stage_id: Id, data: JSONBody[MarksFile]) -> MarksTaken:
    """Take the marks of a whole file at once (a mark a row; csv or xlsx, in base64), up to 50,000, all or none, each
    judge's by the seat. Right `sign_off`.
    """
    return await imports.stage_marks(actor, event_id, stage_id, data)


@get("/events/{event_id:uuid}/stages/{stage_id:uuid}/marks", operation_id="list_marks")
async def list_marks(
    actor: Asker, event_id: Id, stage_id: Id, history: Flag = False, cursor: Cursor = "", limit: Limit = 50
) -> Page[MarkView]:
    """The marks of a stage as entered; with `history` also those that were superseded. Right `see_marks`."""
    return await marking.list_marks(actor, event_id, stage_id, history=history, cursor=cursor, limit=limit)


@get("/events/{event_id:uuid}/stages/{stage_id:uuid}/progress", operation_id="get_progress")
async def get_progress(actor: Asker, event_id: Id, stage_id: Id) -> Progress:
    """What is missing and who has signed. Right `see_marks`, or leading a panel."""
    return await marking.progress(actor, event_id, stage_id)


@get("/events/{event_id:uuid}/stages/{stage_id:uuid}/agreement", operation_id="get_agreement")
async def get_agreement(
    actor: Asker,
    event_id: Id,
    stage_id: Id,
    spreads: Annotated[int, QueryParameter(ge=0, le=500, description="How many of the entries furthest apart.")] = 10,
) -> Page[PanelAgreement]:
    """How the judges of each panel agree and who is strict: advice, never applied to a mark. Right `see_marks`."""
    return Page(await marking.judges_agreement(actor, event_id, stage_id, spreads=spreads))


@post("/events/{event_id:uuid}/stages/{stage_id:uuid}/sign-offs", operation_id="sign_off")
async def sign_off(actor: Asker, event_id: Id, stage_id: Id, data: JSONBody[SignOffForm]) -> SignOffView:
    """Confirm a panel's marks (its leader) or the stage (chief judge); a conflict names what is missing."""
    return await marking.sign_off(actor, event_id, stage_id, data)


@post(
    "/events/{event_id:uuid}/stages/{stage_id:uuid}/sign-offs/{sign_off_id:uuid}/withdraw",
    operation_id="withdraw_sign_off",
    status_code=200,
)
async def withdraw_sign_off(
    actor: Asker, event_id: Id, stage_id: Id, sign_off_id: Id, data: JSONBody[WithdrawalForm]
) -> SignOffView:
    """Take a confirmation back with a reason, until the result is published."""
    return await marking.withdraw_sign_off(actor, event_id, stage_id, sign_off_id, form=data)


ROUTES = [
    list_panels, add_panel, change_panel, remove_panel, seat_judge, vacate_seat, list_duties, get_sheet, enter_marks,
    import_marks, list_marks, get_progress, get_agreement, sign_off, withdraw_sign_off,
]  # fmt: skip
