"""Live boards: server-sent events. Who connects gets the whole board, and then what changes (docs/live.md)."""

from typing import Annotated

from litestar import get
from litestar.params import HeaderParameter, QueryParameter

from api.kinds import LINE, Asker, Id
from api.live.changes import BoardChange
from api.live.hubs import Key, is_shown
from api.live.opening import EVENTS, Opened, handed_over
from api.live.watchers import View
from events import access, contests
from events.access import Actor, Right
from events.publishing import Board, ReadyBoard

__all__ = ["EVENTS", "PUBLIC", "ROUTES", "LastEventId", "Opened", "View", "handed_over", "opened"]

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
    asks for a whole one. Where a change would be larger, the whole comes; when nothing changes, a `ping` each 15
    seconds.
    """
    key, known = (event_id, stage_id), last_event_id or ""
    if not public and actor.may_somewhere(Right.SEE_MARKS):
        event = await access.event_to_see(actor, event_id)
        if await access.may_in_event(actor, Right.SEE_MARKS, event):
            return await opened(actor, key, View(actor.account, "board", body_of), known)
    return await opened(actor, key, PUBLIC, known)


async def opened(actor: Actor, key: Key, view: View, known: str) -> Opened:
    """The beginning of a stream, where there is a stage to be seen; of one that everybody is shown, this is known."""
    if view.account is not None or not is_shown(key):
        await contests.stage(actor, *key)
    return Opened(key, view, known)


PUBLIC = View(None, "board", body_of)
ROUTES = [watch_board]
