"""Live boards: server-sent events. Who connects gets the whole board, and then each newer one.

Watchers of a stage share one hub: it hears of new boards from the notices of this process, looks once a second for
those that another process made, and renders what the public sees once for all of them.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from typing import Annotated, NamedTuple
from uuid import UUID

import structlog
from litestar import get
from litestar.params import HeaderParameter, QueryParameter
from litestar.response import Stream

from api.kinds import LINE, Asker, Id
from api.streaming import beating
from events import access, contests, notices, publishing
from events.access import Actor, Right
from events.errors import NotFound
from events.notices import Posted
from events.publishing import ReadyBoard

EVENTS = "text/event-stream"
BEAT = b": still here\nevent: ping\ndata: {}\n\n"
RETRY = b"retry: 2000\n\n"
LOOK = 1.0
COHORT = 100
HEADERS = {"cache-control": "no-store", "x-accel-buffering": "no"}

LastEventId = Annotated[
    str | None,
    HeaderParameter(name="Last-Event-ID", max_length=100, pattern=LINE, description="The board that is known already."),
]
Key = tuple[UUID, UUID]
Data = Callable[[ReadyBoard], bytes]
log = structlog.get_logger()


def body_of(board: ReadyBoard) -> bytes:
    """A board as the API shows it: JSON, which has no line breaks."""
    return board.body


class Shown(NamedTuple):
    """A board as it goes over the wire, and its name there."""

    id: str
    event: bytes


class Hub:
    """What the watchers of one stage share."""

    def __init__(self, key: Key) -> None:
        self.key = key
        self.board: ReadyBoard | None = None
        self.rendered: dict[str, Shown] = {}
        self.public: set[asyncio.Event] = set()
        self.officials: set[asyncio.Event] = set()
        self.changed = asyncio.Event()
        self.looked = asyncio.Event()
        self.looking = asyncio.create_task(self._look())

    def shown(self, name: str, data: Data) -> Shown | None:
        """What the public sees now, in one of its renderings: made once a version."""
        if self.board is not None and name not in self.rendered:
            self.rendered[name] = wired(self.board, data)
        return self.rendered.get(name)

    async def _look(self) -> None:
        silence = notices.listen(self._hear)
        try:
            while True:
                heard = self.changed.is_set()
                self.changed.clear()
                await self._read()
                if heard:
                    await _wake(self.officials)
                await notices.wait_for(self.changed, LOOK)
        finally:
            silence()

    def _hear(self, posted: Posted) -> None:
        if (posted.event_id, posted.subject) == self.key and posted.kind.startswith("board."):
            self.changed.set()

    async def _read(self) -> None:
        found = self.board
        try:
            found = await publishing.public_board(*self.key)
        except NotFound:  # nothing is public, or no longer: who comes now sees nothing
            found = None
        except Exception as error:  # the database is away for a while: watchers wait
            log.warning("board not read", stage=str(self.key[1]), exc_info=error)
        self.looked.set()
        if (found and found.etag) != (self.board and self.board.etag):
            self.board = found
            self.rendered.clear()
            await _wake(self.public)


hubs: dict[Key, Hub] = {}


@contextmanager
def watching(key: Key, *, public: bool) -> Iterator[tuple[Hub, asyncio.Event]]:
    """The hub of a stage, and what is set when there is something new; the hub goes with its last watcher."""
    hub = hubs.get(key) or hubs.setdefault(key, Hub(key))
    heard, group = asyncio.Event(), hub.public if public else hub.officials
    group.add(heard)
    try:
        yield hub, heard
    finally:
        group.discard(heard)
        if not hub.public and not hub.officials and hubs.get(key) is hub:
            del hubs[key]
            hub.looking.cancel()


async def public_events(key: Key, *, known: str = "", name: str = "json", data: Data = body_of) -> AsyncIterator[bytes]:
    """What everybody may see of a stage, as events; `name` is that of the rendering that `data` makes of a board."""
    yield RETRY
    with watching(key, public=True) as (hub, heard):
        await hub.looked.wait()
        while True:
            heard.clear()
            found = hub.shown(name, data)
            if found is not None and found.id != known:
                known = found.id
                yield found.event
            await heard.wait()


async def official_events(actor: Actor, key: Key, *, known: str = "") -> AsyncIterator[bytes]:
    """What an official may see of a stage, as events, for as long as there is a right to it."""
    yield RETRY
    with watching(key, public=False) as (_, heard):
        while True:
            heard.clear()
            found = await _for_official(actor, key)
            if found is not None and found.id != known:
                known = found.id
                yield found.event
            await notices.wait_for(heard, LOOK)


def stream(events: AsyncIterator[bytes]) -> Stream:
    """Events on their way, with a heartbeat."""
    return Stream(beating(events, beat=BEAT), media_type=EVENTS, headers=HEADERS)


@get("/api/v1/events/{event_id:uuid}/stages/{stage_id:uuid}/board/live", operation_id="watch_board", media_type=EVENTS)
async def watch_board(
    actor: Asker,
    event_id: Id,
    stage_id: Id,
    public: Annotated[bool, QueryParameter(description="What everybody sees, also for officials.")] = False,
    last_event_id: LastEventId = None,
) -> Stream:
    """The board as server-sent events without end: the whole board at once, then each newer one as it is made."""
    event = await access.event_to_see(actor, event_id)
    await contests.stage(actor, event_id, stage_id)
    key, known = (event_id, stage_id), last_event_id or ""
    if not public and await access.may_in_event(actor, Right.SEE_MARKS, event):
        return stream(official_events(actor, key, known=known))
    return stream(public_events(key, known=known))


def wired(board: ReadyBoard, data: Data) -> Shown:
    """A board as an event."""
    return Shown(board.etag, b"event: board\nid: %s\ndata: %s\n\n" % (board.etag.encode(), data(board)))


async def _for_official(actor: Actor, key: Key) -> Shown | None:
    """The board for somebody whose roles may have changed since."""
    again = await access.actor_of(access.signed_in(actor))
    try:
        return wired(await publishing.board(again or access.ANONYMOUS, *key), body_of)
    except NotFound:
        return None


async def _wake(watchers: set[asyncio.Event]) -> None:
    """In cohorts, so that other requests get their turn between them."""
    for number, watcher in enumerate(tuple(watchers), 1):
        watcher.set()
        if number % COHORT == 0:
            await asyncio.sleep(0)


ROUTES = [watch_board]
