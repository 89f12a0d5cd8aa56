"""Group commit: what is asked while one batch is at work is done together by the next. No timer, no waiting when idle.

A crowd that asks the same thing of one event pays for one transaction, one flush and one lock instead of hundreds.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Sequence
from typing import Generic, TypeVar

Asked = TypeVar("Asked")
Answer = TypeVar("Answer")
Work = Callable[[Sequence[Asked]], Awaitable[Sequence[Answer | Exception]]]
LARGEST = 256


class Together(Generic[Asked, Answer]):
    """Does `work` for all who ask by the same key, at most `largest` at once and one batch a key at a time.

    `work` gives an answer or an exception for each, in order; what it raises itself, all of the batch get.
    """

    def __init__(self, work: Work[Asked, Answer], largest: int = LARGEST) -> None:
        self._work, self._largest = work, largest
        self._waiting: dict[Hashable, list[tuple[Asked, asyncio.Future[Answer]]]] = {}

    async def ask(self, key: Hashable, asked: Asked) -> Answer:
        """The answer to one; whoever goes away meanwhile leaves the others undisturbed."""
        future: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        if key in self._waiting:
            self._waiting[key].append((asked, future))
        else:
            self._waiting[key] = [(asked, future)]
            task = asyncio.create_task(self._serve(key))
            _serving.add(task)
            task.add_done_callback(_serving.discard)
        return await future

    async def _serve(self, key: Hashable) -> None:
        while waiting := self._waiting[key]:
            batch = waiting[: self._largest]
            del waiting[: self._largest]
            await self._do([one for one in batch if not one[1].cancelled()])
        del self._waiting[key]

    async def _do(self, batch: Sequence[tuple[Asked, asyncio.Future[Answer]]]) -> None:
        try:
            answers: Sequence[Answer | Exception] = await self._work([asked for asked, _ in batch]) if batch else []
        except Exception as error:
            answers = [error] * len(batch)
        for (_, future), answer in zip(batch, answers, strict=True):
            if future.cancelled():
                continue
            if isinstance(answer, Exception):
                future.set_exception(answer)
            else:
                future.set_result(answer)


_serving: set[asyncio.Task[None]] = set()
