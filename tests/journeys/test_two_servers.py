"""Two servers on one database: what one of them is told, the crowd at the other sees, though its answers lie ready."""

import asyncio
from collections.abc import Callable
from typing import Any

from events import db, publishing
from tests.api.conftest import token_of
from tests.events.contest_factory import make_arena
from tests.journeys.server import Server

WAIT = 20.0


async def test_a_crowd_at_one_server_sees_what_happens_at_the_other(database: str) -> None:
    arena = await make_arena(live_public=True)
    await arena.enter_all(arena.codes[0])
    await publishing.restate(arena.event, arena.stage)
    organiser, chief = await token_of(arena.organiser), await token_of(arena.chief)
    judges = [await token_of(judge) for judge in arena.judges]
    await db.close()
    stage = f"/events/{arena.event}/stages/{arena.stage}"
    with Server(database) as here, Server(database) as there:
        for server in (here, there, here, there):
            assert (await server.get(f"{stage}/board")).body["complete"] == 1
        for code, by in zip(("style", "care"), (judges, judges), strict=True):
            for token in by:
                marks = {"marks": [{"entry": arena.codes[1], "aspect": code, "value": "2"}]}
                assert (await there.post(f"{stage}/marks", marks, token=token)).status == 200
        base = {"marks": [{"entry": arena.codes[1], "aspect": "base", "value": "10"}]}
        assert (await there.post(f"{stage}/marks", base, token=chief)).status == 200
        await comes(here, f"{stage}/board", lambda body: body["complete"] == 2)
        assert (await there.post(f"{stage}/freeze", {}, token=organiser)).status == 200
        assert (await there.get(f"{stage}/board")).body["kind"] == "frozen"  # where it was done, at once
        await comes(here, f"{stage}/board", lambda body: body["kind"] == "frozen")
        reason = {"state": "cancelled", "reason": "大雨"}
        assert (await there.post(f"/events/{arena.event}/advance", reason, token=organiser)).status == 200
        await comes(here, "/events", lambda body: body["items"][0]["state"] == "cancelled")


async def comes(server: Server, path: str, right: Callable[[Any], bool]) -> None:
    """Ask again and again, as a crowd does, until the answer is right."""
    async with asyncio.timeout(WAIT):
        while not right((await server.get(path)).body):
            pass
