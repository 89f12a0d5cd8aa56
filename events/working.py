"""The worker: runs tasks as they fall due, and what has to be done every so often."""

from __future__ import annotations

import asyncio

from events import idempotency, organising, publishing, tasks


async def work(stop: asyncio.Event) -> None:
    """Work until `stop` is set; begins with the boards that a crash left behind their marks."""
    await publishing.repair()
    await tasks.work(stop)


@tasks.every(5)
async def keep_time() -> None:
    """Registration opens and closes when its time has come."""
    await organising.keep_time()


@tasks.every(60)
async def repair_boards() -> None:
    """A board whose process died between the mark and the restating catches up."""
    await publishing.repair()


@tasks.every(3600)
async def forget_answers() -> None:
    """Answers remembered by key are let go of when nobody can ask for them again."""
    await idempotency.forget_old()
