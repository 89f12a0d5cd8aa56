"""Live boards: server-sent events. Who connects gets the whole board, and then what changes (docs/live.md)."""

from typing import Annotated

from litestar import get
from litestar.params import HeaderParameter, QueryParameter

from api.kinds import LINE, Asker, Id
from api.live.changes import BoardChange
from api.live.opening import EVENTS, Opened, handed_over
from api.live.watchers import View
from events import access, contests
from events.access import Right
from events.publishing import Board, ReadyBoard

__all__ = ["EVENTS", "ROUTES", "LastEventId", "Opened", "View", "handed_over"]

LastEventId = Annotated[
    str | None,
    HeaderParameter(name="Last-Event-ID", max_length=100, pattern=LINE, description="The board that is known already."),
]


def body_of(board: ReadyBoard) -> bytes:
    """A board as the API shows it."""
    return board.body


@get(
    "/api/v1/events/{event_id:uuid}/stages/{stage_id:uuid}/board/live",
    operation_id="watch_board",
    media_type=EVENTS,
    opt={"events": {"board": Board, "change": BoardChange}},
)
async def watch_board(
    actor: Asker,
    event_id: Id,
    stage_id: Id,
    public: Annotated[bool, QueryParameter(description="What everybody sees, also for officials.")] = False,
    last_event_id: LastEventId = None,
) -> Opened:
    """The board as server-sent events without end: `board`, the whole of it, at once, then each `change`.

    The id of an event is the tag of the board after it. A change is of use to who has the board `from`; who has another
    one asks for the board anew. Either is sent where the other would be larger, and a `ping` when nothing has changed.
    """
    event = await access.event_to_see(actor, event_id)
    await contests.stage(actor, event_id, stage_id)
    official = not public and await access.may_in_event(actor, Right.SEE_MARKS, event)
    view = View(actor.account if official else None, "board", body_of)
    return Opened((event_id, stage_id), view, last_event_id or "")


ROUTES = [watch_board]
