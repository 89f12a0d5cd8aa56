"""What watchers are sent when a board changes: applied to the board before, it gives the board that there is."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from random import Random
from typing import Any
from urllib.parse import urlsplit

import httpx
import msgspec
import pytest

from api.live import PUBLIC, hubs
from api.live.changes import Parts, change
from api.live.watchers import COHORT, Channel, each
from api.live.watchers import Watcher as Served
from events import access, accounts, contests, organising, publishing
from events.contests import ContestForm
from events.publishing import Board, Row, Ruling
from events.text import Bilingual
from scoring.marks import Status
from tests.api.conftest import token_of
from tests.api.watching import EXAMPLE, WAIT, board_of, put, watching
from tests.events.contest_factory import Arena, make_arena, mark, words

TIMES = 200
changed: Callable[[Any, Any], Any] = EXAMPLE["changed"]


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """What goes over the wire is the same from each database; test_live.py tries both."""
    return sqlite_url


@pytest.fixture
async def arena(server: str) -> Arena:
    """A stage whose board everybody may watch, with names."""
    found = await make_arena(live_public=True, judges_see_names=True)
    await found.enter_all(found.codes[0])
    await publishing.settle()
    return found


def other(board: Board, chance: Random) -> Board:
    """What a board may be after it."""
    rows = [
        msgspec.structs.replace(row, **touched(row, chance)) if chance.random() < 0.3 else row for row in board.rows
    ]
    if chance.random() < 0.3:
        chance.shuffle(rows)
    while len(rows) < 30 and (len(rows) < 2 or chance.random() < 0.4):
        code, place = f"N{chance.randrange(10**9)}", chance.randrange(len(rows) + 1)
        rows.insert(place, msgspec.structs.replace(board.rows[0], code=code, name="新人"))
    while len(rows) > 1 and chance.random() < 0.3:
        rows.pop(chance.randrange(len(rows)))
    version = board.version + 1
    vacant = [ruling(chance)] if chance.random() < 0.2 else []
    head = {"version": version, "digest": f"{version:064x}", "entries": len(rows), "rows": rows, "vacant": vacant}
    return msgspec.structs.replace(board, **head)


def touched(row: Row, chance: Random) -> dict[str, object]:
    """What may become of a row; each value may also be what it was, or nothing."""
    return {
        "rank": chance.choice([None, row.rank, "1", "17"]),
        "score": chance.choice([None, "0", "88.50", "-3"]),
        "status": chance.choice([None, *Status]),
        "moved": chance.choice([None, 0, 4, -4]),
        "awards": chance.choice([[], ["gold"], ["gold", "silver"]]),
        "advances": chance.random() < 0.5,
        "rulings": [ruling(chance) for _ in range(chance.randrange(3))],
        "union": chance.choice([None, Bilingual(zh="工会“一”\\", en='Union "one"')]),
    }


def ruling(chance: Random) -> Ruling:
    return Ruling(award=chance.choice([None, "gold"]), given=False, code="too_few", params={"n": str(chance.random())})


async def shown(client: httpx.AsyncClient, arena: Arena) -> tuple[str, Any]:
    """The board as it is to be had, with its tag."""
    answer = await client.get(f"{board_of(arena)}/public", headers={"Accept-Encoding": "identity"})
    return answer.headers["etag"].strip('"'), answer.json()


async def test_a_board_kept_by_changes_is_the_board(server: str, arena: Arena) -> None:
    """By a program that is packed for, and by the one in docs/live.md, which is not."""
    chance, board = Random(4), (await publishing.public_board(arena.event, arena.stage)).board()
    followed = EXAMPLE["follow"](server + board_of(arena))
    async with httpx.AsyncClient(base_url=server) as client, watching(server, arena) as watcher:
        for _ in range(TIMES):
            tag, right = await shown(client, arena)
            assert await watcher.until(tag) == right
            assert await asyncio.to_thread(next, followed) == (tag, right)
            board = other(board, chance)
            await put(board)
    assert min(watcher.kinds.count("board"), watcher.kinds.count("change")) > TIMES // 10


def without_the(number: int) -> Callable[[Any], Iterator[Any]]:
    """The example's reading of events, but one of them is lost."""
    events = EXAMPLE["events"]
    return lambda lines: (event for place, event in enumerate(events(lines)) if place != number)


async def test_who_missed_a_change_asks_for_the_whole_board(
    server: str, arena: Arena, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(EXAMPLE, "events", without_the(1))
    followed = EXAMPLE["follow"](server + board_of(arena))
    await asyncio.to_thread(next, followed)
    async with watching(server, arena) as witness, httpx.AsyncClient(base_url=server) as client:
        for code in arena.codes:
            await arena.enter(arena.judges[1], mark(code, "style", "7"))
            await publishing.settle()
            tag, right = await shown(client, arena)
            await witness.until(tag)
        found = "", None
        while found[0] != tag:
            found = await asyncio.to_thread(next, followed)
    assert found == (tag, right)


async def test_after_a_break_one_goes_on_from_the_board_before(server: str, arena: Arena) -> None:
    async with watching(server, arena) as first, watching(server, arena) as second:
        before = await first.next()
        known = first.id
        await arena.enter(arena.judges[1], mark(arena.codes[1], "style", "7"))
        after = await first.next()
        for last, kinds in ((known, ["change"]), ("live-1-unknown", ["board"])):
            async with watching(server, arena, Last_Event_ID=last) as again:
                again.board = before
                assert await again.next() == after
                assert (again.id, again.kinds) == (first.id, kinds)
        assert await second.next() == before


def test_what_is_not_in_the_head_any_more_cannot_be_told_as_a_change() -> None:
    old, new = Parts(b'{"a":1,"vacant":[2],"rows":[]}'), Parts(b'{"a":1,"rows":[]}')
    assert change(old, new, before="1", after="2") is None


def test_a_row_that_lost_a_member_comes_whole() -> None:
    old, new = (
        Parts(b'{"rows":[{"code":"A","awards":[1]},{"code":"B"}]}'),
        Parts(b'{"rows":[{"code":"B"},{"code":"A"}]}'),
    )
    found = change(old, new, before="1", after="2")
    assert found is not None
    assert found.rows == [(1, 1), {"code": "A"}]


def test_a_place_changed_in_the_middle_is_told_with_the_runs_around_it() -> None:
    rows = [{"code": str(n), "rank": n, "score": "1"} for n in range(9)]
    old = Parts(msgspec.json.encode({"rows": rows}))
    rows.insert(2, rows.pop(5) | {"rank": 2})
    found = change(old, Parts(msgspec.json.encode({"rows": rows})), before="1", after="2")
    assert found is not None
    assert found.rows == [(0, 2), (5, {"rank": 2}), (2, 3), (6, 3)]


@asynccontextmanager
async def standing_still(server: str, arena: Arena) -> AsyncIterator[socket.socket]:
    """A watcher who has asked and does not read."""
    host, port = urlsplit(server).hostname, urlsplit(server).port
    with socket.socket() as one:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        one.setblocking(False)
        loop = asyncio.get_running_loop()
        await loop.sock_connect(one, (host, port))
        await loop.sock_sendall(one, f"GET {board_of(arena)}/live HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
        yield one


def busy(arena: Arena) -> list[Served]:
    """The watchers who have not taken yet what was sent."""
    channels = hubs.hubs[arena.event, arena.stage].channels.values()
    return [watcher for channel in channels for watcher in channel.watchers if watcher.busy]


async def test_who_is_slow_holds_nobody_back_and_gets_the_newest(server: str, arena: Arena) -> None:
    chance, board = Random(5), (await publishing.public_board(arena.event, arena.stage)).board()
    async with standing_still(server, arena) as slow, watching(server, arena) as quick:
        for number in range(8):
            large = msgspec.structs.replace(board.rows[0], name=chance.randbytes(400_000).hex())
            version = board.version + number + 1
            rows = [large, *board.rows[1:]]
            await put(msgspec.structs.replace(board, version=version, digest=f"{version:064x}", rows=rows))
            while f"live-{version}-" not in quick.id:
                await quick.next()
        assert len(busy(arena)) == 1
        text = await read_until(slow, quick.id)
        assert text.count("event: board") < 8
        await put(msgspec.structs.replace(board, version=99, digest=f"{99:064x}"))
        await read_until(slow, "live-99-")
        assert busy(arena) == []


async def read_until(one: socket.socket, what: str) -> str:
    """What comes up to a text, and the end of its event."""
    found, loop = "", asyncio.get_running_loop()
    async with asyncio.timeout(WAIT):
        while what not in found or not found.endswith("\n\n\r\n"):
            found += (await loop.sock_recv(one, 1 << 20)).decode("latin-1")
    return found


async def test_whose_role_is_taken_away_sees_what_everybody_sees(server: str) -> None:
    arena = await make_arena()
    await arena.enter_all(arena.codes[0])
    bearer = f"Bearer {await token_of(arena.organiser)}"
    async with watching(server, arena, Authorization=bearer) as official:
        while (await official.next())["complete"] < 1:
            pass
        assert official.board["rows"][0]["name"]
        seen = official.id
        (grant,) = await accounts.grants_of_account(access.SYSTEM, access.signed_in(arena.organiser))
        await accounts.revoke_role(access.SYSTEM, grant.id)
        await arena.enter_all(arena.codes[1])
        await publishing.settle()
        assert official.id == seen
        found = await contests.contest(access.SYSTEM, arena.event, arena.contest)
        form = ContestForm(title=words(), number=found.number, live_public=True)
        await organising.change_contest(access.SYSTEM, arena.event, arena.contest, form)
        board = await official.next()
    assert official.id.endswith("-blind")
    assert {row["name"] for row in board["rows"]} == {None}


async def test_officials_with_the_same_roles_share_a_board(server: str, arena: Arena) -> None:
    accounts_of = [access.signed_in(arena.organiser), access.signed_in(arena.chief)]
    found = await publishing.boards_for([*accounts_of, None], arena.event, arena.stage)
    assert found[accounts_of[0]] is found[accounts_of[1]]
    assert await publishing.boards_for([None], arena.stage, arena.event) == {None: None}


async def test_others_get_their_turn_while_a_crowd_is_told() -> None:
    sent: list[int] = []

    async def send(_: object) -> None:
        sent.append(1)

    async def between() -> list[int]:
        return [*sent]

    channel = Channel(PUBLIC)
    crowd = [Served(channel, send, "", packed=False) for _ in range(3 * COHORT)]
    other = asyncio.create_task(between())
    await each(crowd, Served.ping)
    assert (len(await other), len(sent)) == (COHORT, 3 * COHORT)


async def test_when_nothing_changes_there_is_a_sign_of_life(
    server: str, arena: Arena, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hubs, "HEARTBEAT", 0.0)
    async with watching(server, arena) as watcher:
        await watcher.next()
        assert await watcher.event() == ("ping", {})


async def test_watchers_come_back_one_after_the_other(server: str, arena: Arena) -> None:
    async with watching(server, arena) as one, watching(server, arena) as two:
        await one.next()
        await two.next()
        assert one.retry < two.retry


async def test_head_asks_for_no_stream(server: str, arena: Arena) -> None:
    async with httpx.AsyncClient(base_url=server, timeout=WAIT) as client:
        answer = await client.head(f"{board_of(arena)}/live")
    assert (answer.status_code, answer.headers["content-type"], answer.content) == (200, "text/event-stream", b"")
