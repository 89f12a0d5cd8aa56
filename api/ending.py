"""The end of the server, told to endless answers: a server waits for them, and would wait for ever."""

import asyncio
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from weakref import WeakKeyDictionary

SIGNALS = (signal.SIGINT, signal.SIGTERM)
_events: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Event] = WeakKeyDictionary()


def event() -> asyncio.Event:
    """Set once the server is about to end."""
    return _events.setdefault(asyncio.get_running_loop(), asyncio.Event())


@contextmanager
def told_by_signals() -> Iterator[None]:
    """Hear the signals that end the server before the server itself does; it hears them as well."""
    loop, before = asyncio.get_running_loop(), {number: signal.getsignal(number) for number in SIGNALS}
    ending = event()

    def hear(number: int, frame: FrameType | None) -> None:
        loop.call_soon_threadsafe(ending.set)
        handler = before[signal.Signals(number)]
        if callable(handler):
            handler(number, frame)

    try:
        ours = [signal.signal(number, hear) for number in SIGNALS if callable(before[number])]
    except ValueError:  # not in the main thread: whoever started us here ends us in another way
        ours = []
    try:
        yield
    finally:
        if ours:
            for number in SIGNALS:
                signal.signal(number, before[number])
