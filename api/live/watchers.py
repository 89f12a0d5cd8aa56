"""Watchers: small objects, told without waiting for any. Who is slow gets the newest board once there is room."""

import asyncio
from collections.abc import Callable, Collection, Coroutine, Generator
from types import coroutine
from typing import Any, NamedTuple
from uuid import UUID

import structlog
from litestar.types import Send

from api.asgi import body
from api.live.wire import Event, Shown
from events.publishing import ReadyBoard

COHORT = 50
LARGE = 100_000
PING = Event(b"event: ping\ndata: {}\n\n")
Work = Coroutine[Any, Any, None]
Made = dict[tuple[str, str, str], Shown]  # by view, tag before, tag after
log = structlog.get_logger()
_unfinished: set[asyncio.Task[None]] = set()


class View(NamedTuple):
    """Who sees boards (an account, or everybody), and as which JSON: a board's, or one whose rows have codes too."""

    account: UUID | None
    name: str
    body: Callable[[ReadyBoard], bytes]


class Channel:
    """Watchers with the same view, what they see now, and what they saw last."""

    def __init__(self, view: View) -> None:
        self.view = view
        self.watchers: set[Watcher] = set()
        self.shown: Shown | None = None
        self.last: Shown | None = None
        self.told = 0.0

    async def show(self, board: ReadyBoard | None, made: Made) -> None:
        """Show a board, or none to who comes now; `made` holds what others were just shown."""
        before = self.shown
        self.shown = await self._shown(board, made) if board else None
        if self.shown is not None and self.shown is not before:
            self.last = self.shown
            self.told = asyncio.get_running_loop().time()
            await each(self.watchers, Watcher.tell)

    async def _shown(self, board: ReadyBoard, made: Made) -> Shown:
        if self.last is not None and self.last.tag == board.etag:
            return self.last
        key = (self.view.name, self.last.tag if self.last else "", board.etag)
        if key not in made:
            large = len(board.body) > LARGE
            made[key] = await asyncio.to_thread(self._make, board) if large else self._make(board)
        return made[key]

    def _make(self, board: ReadyBoard) -> Shown:
        return Shown(board.etag, self.view.body(board), self.last)


class Watcher:
    """Somebody who watches: where to send to, and which board is known there."""

    __slots__ = ("busy", "channel", "ended", "known", "packed", "send")

    def __init__(self, channel: Channel, send: Send, known: str, *, packed: bool) -> None:
        self.channel, self.send, self.known, self.packed = channel, send, known, packed
        self.busy = self.ended = False

    def tell(self) -> None:
        """Send what is new; whoever is being sent something gets it after that, if it is new by then."""
        if not self.busy and not self.ended:
            begin(self._send())

    def ping(self) -> None:
        """Send a sign of life, unless something is on its way."""
        if not self.busy and not self.ended:
            begin(self._send(PING))

    def end(self) -> None:
        """Bring the stream to its end, after what is on its way."""
        ended, self.ended = self.ended, True
        if not self.busy and not ended:
            begin(self._send())

    async def _send(self, first: Event | None = None) -> None:
        self.busy = True
        try:
            event = first or self._news()
            while event is not None:
                for piece in event.pieces(packed=self.packed):
                    await self.send(body(piece, more=True))
                event = self._news()
            if self.ended:
                await self.send(body())
        except OSError:  # gone, as whoever waits for that will hear
            self.ended = True
        except Exception:
            self.ended = True
            log.exception("watcher not told")  # the others are
        finally:
            self.busy = False

    def _news(self) -> Event | None:
        shown = self.channel.shown
        if shown is None or self.ended or shown.tag == self.known:
            return None
        event = shown.since(self.known)
        self.known = shown.tag
        return event


async def each(watchers: Collection[Watcher], what: Callable[[Watcher], None]) -> None:
    """Do something for each, in cohorts between which other requests get their turn."""
    for number, watcher in enumerate(tuple(watchers), 1):
        what(watcher)
        if number % COHORT == 0:
            await asyncio.sleep(0)


def begin(work: Work) -> None:
    """Do as much of the work as can be done at once; only what has to wait for something gets a task of its own."""
    try:
        waiting = work.send(None)
    except StopIteration:
        return
    task = asyncio.create_task(_rest(work, waiting))
    _unfinished.add(task)
    task.add_done_callback(_unfinished.discard)


async def _rest(work: Work, waiting: object) -> None:
    await _steps(work, waiting)


@coroutine
def _steps(work: Work, waiting: object) -> Generator[object, None, None]:
    try:
        while True:
            yield waiting
            waiting = work.send(None)
    except StopIteration:
        return
    finally:
        work.close()
