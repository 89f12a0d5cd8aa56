"""Live boards and the feed of notices, over a real server: they follow, recover, and end with it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx
import msgspec
import pytest

from api import streaming
from api.live.hubs import hubs
from api.live.watchers import Channel
from events import contests, db, organising
from events.contests import ContestForm
from events.terms import BoardKind
from tests.api.conftest import serving, token_of
from tests.api.watching import WAIT, Watcher, watching
from tests.events.contest_factory import Arena, make_arena, mark, words
from tests.events.factory import posted


@pytest.fixture
async def arena(server: str) -> Arena:
    """A stage whose board everybody may watch, with one entry marked."""
    found = await make_arena(live_public=True)
    await found.enter_all(found.codes[0])
    return found


async def newest(watcher: Watcher, right: Callable[[Any], bool]) -> Any:
    """The first board that is as wanted."""
    while not right(board := await watcher.next()):
        pass
    return board


def public(arena: Arena) -> Channel:
    """Those who watch what everybody sees; there are no others."""
    (channel,) = hubs[arena.event, arena.stage].channels.values()
    return channel


def complete(number: int) -> Callable[[Any], bool]:
    return lambda board: board["complete"] == number


async def test_who_connects_gets_the_whole_board_and_then_what_is_new(server: str, arena: Arena) -> None:
    async with watching(server, arena) as watcher:
        first = await newest(watcher, complete(1))
        assert (len(first["rows"]), first["kind"], watcher.retry) == (3, "live", 2000)
        await arena.enter_all(arena.codes[1], style="9")
        second = await newest(watcher, complete(2))
        assert second["version"] > first["version"]
        assert watcher.id.startswith(f"live-{second['version']}-")


async def test_what_is_known_is_not_sent_again(server: str, arena: Arena) -> None:
    async with watching(server, arena) as watcher:
        await newest(watcher, complete(1))
    async with watching(server, arena, Last_Event_ID=watcher.id) as again:
        again.board = watcher.board
        await arena.enter_all(arena.codes[1])
        board = await again.next()
        assert again.id != watcher.id
        assert board["rows"]


async def test_who_comes_when_the_board_is_public_no_longer_sees_nothing(server: str, arena: Arena) -> None:
    async with watching(server, arena) as early:
        await newest(early, complete(1))
        await db.rows("UPDATE contest SET live_public = {}", False)
        async with asyncio.timeout(WAIT):
            while public(arena).shown is not None:  # noqa: ASYNC110  # it looks by itself
                await asyncio.sleep(0)
        async with watching(server, arena) as late:
            await db.rows("UPDATE contest SET live_public = {}, judges_see_names = {}", True, True)
            board = await late.next()
        assert board["rows"][0]["name"]
        assert (await early.next())["rows"][0]["name"]  # although its version is the same


async def test_all_watchers_share_one_rendering(server: str, arena: Arena) -> None:
    async with watching(server, arena) as one, watching(server, arena) as two:
        await newest(one, complete(1))
        await newest(two, complete(1))
        assert len(public(arena).watchers) == 2
    async with asyncio.timeout(WAIT):
        while hubs:  # noqa: ASYNC110  # they go when the server notices
            await asyncio.sleep(0)


async def test_what_another_process_made_is_seen_too(server: str, arena: Arena) -> None:
    async with watching(server, arena) as watcher:
        await newest(watcher, complete(1))
        await db.rows(
            "UPDATE board SET version = version + 1, body = REPLACE(body, {}, {}) WHERE stage_id = {}",
            arena.codes[0], "Z99", arena.stage,
        )  # fmt: skip
        await newest(watcher, lambda board: "Z99" in {row["code"] for row in board["rows"]})


async def test_a_frozen_board_stands_for_the_public_and_moves_for_officials(server: str, arena: Arena) -> None:
    token = await token_of(arena.organiser)
    bearer = {"Authorization": f"Bearer {token}"}
    async with watching(server, arena) as public, watching(server, arena, **bearer) as official:
        await newest(public, complete(1))
        await newest(official, complete(1))
        async with httpx.AsyncClient(base_url=server, headers=bearer) as client:
            path = f"/api/v1/events/{arena.event}/stages/{arena.stage}"
            assert (await client.post(f"{path}/freeze")).status_code == 200
            await newest(public, lambda board: board["kind"] == BoardKind.FROZEN)
            await arena.enter_all(arena.codes[1])
            await newest(official, complete(2))
            assert (await client.post(f"{path}/unfreeze")).status_code == 204
        thawed = await newest(public, lambda board: board["kind"] == BoardKind.LIVE)
        assert thawed["complete"] == 2


async def test_an_organiser_can_see_what_the_public_sees(server: str, arena: Arena) -> None:
    named = await token_of(arena.organiser)
    async with watching(server, arena, query="?public=true", Authorization=f"Bearer {named}") as watcher:
        board = await newest(watcher, complete(1))
        assert [row["name"] or row["entry_id"] for row in board["rows"]] == [None] * 3


async def test_before_there_is_a_board_the_watcher_waits(server: str) -> None:
    arena = await make_arena(live_public=False)
    async with watching(server, arena) as watcher:
        await arena.enter(arena.judges[0], mark(arena.codes[0], "style", "5"))
        found = await contests.contest(arena.organiser, arena.event, arena.contest)
        form = ContestForm(title=words(), number=found.number, live_public=True)
        await organising.change_contest(arena.organiser, arena.event, arena.contest, form)
        assert (await watcher.next())["rows"]


async def test_a_stage_that_there_is_not(server: str, arena: Arena) -> None:
    async with httpx.AsyncClient(base_url=server) as client:
        for event, stage in ((arena.event, arena.event), (arena.stage, arena.stage)):
            answer = await client.get(f"/api/v1/events/{event}/stages/{stage}/board/live")
            assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")


async def test_every_so_often_there_is_a_heartbeat() -> None:
    async def silence() -> AsyncIterator[bytes]:
        await asyncio.sleep(WAIT)
        yield b""

    beats = streaming.beating(silence(), beat=b"tick", seconds=0.01)
    assert [await anext(beats) for _ in range(3)] == [b"tick"] * 3
    await beats.aclose()  # type: ignore[attr-defined]


async def test_the_notices_can_be_followed_from_any_point(server: str, arena: Arena) -> None:
    bearer = {"Authorization": f"Bearer {await token_of(arena.organiser)}"}
    async with httpx.AsyncClient(base_url=server, headers=bearer, timeout=WAIT) as client:
        path = f"/api/v1/events/{arena.event}/notices"
        await posted(event=arena.event, public_only=False)
        known = (await client.get(path)).json()["items"]
        async with client.stream("GET", f"{path}/feed?after={known[-1]['cursor']}") as answer:
            lines = answer.aiter_lines()
            again = [msgspec.json.decode(await anext(lines)) for _ in known[:-1]]
            assert [one["cursor"] for one in again] == [one["cursor"] for one in known[-2::-1]]
            await arena.enter(arena.judges[0], mark(arena.codes[2], "style", "5"))
            async with asyncio.timeout(WAIT):
                while msgspec.json.decode(await anext(lines))["kind"] != "marks.entered":
                    pass
        assert (await client.get("/api/v1/notices/feed?after=x")).status_code == 422


async def test_strangers_are_told_what_is_public_and_not_who_did_it(server: str, arena: Arena) -> None:
    async with httpx.AsyncClient(base_url=server) as client:
        shown = (await client.get(f"/api/v1/events/{arena.event}/notices")).json()["items"]
    assert {one["kind"] for one in shown} <= {"draw.announced", "draw.made"}
    assert all(one["public"] and one["account"] is None for one in shown)


async def test_endless_answers_end_with_the_server(database: str) -> None:
    async with serving() as address:
        arena = await make_arena(live_public=True)
        watchers = [asyncio.create_task(to_the_end(address, arena)) for _ in range(3)]
        async with asyncio.timeout(WAIT):
            while arena.stage not in {stage for _, stage in hubs}:  # noqa: ASYNC110
                await asyncio.sleep(0)
    async with asyncio.timeout(WAIT):
        assert await asyncio.gather(*watchers) == [True] * 3


async def to_the_end(address: str, arena: Arena) -> bool:
    """Whether the stream came to a proper end."""
    async with watching(address, arena) as watcher:
        try:
            while True:
                await watcher.next()
        except EOFError:
            return True
