"""kill -9 in the middle: whatever was acknowledged is there afterwards, and nothing is there by half."""

import asyncio
import os
from collections import Counter
from uuid import UUID

import pytest

from events import accounts, db, ids
from events.access import Actor
from events.accounts import TokenForm
from events.tables import Capacity, Entry, Mark, Registration
from tests.events.contest_factory import Arena, make_arena
from tests.events.factory import make_event
from tests.journeys.server import Answer, Server
from tests.journeys.test_crowd import crowd_with_tokens

CROWD, PLACES = 150, 40
SHEET = ("style", "care")
# After how many answers the server dies; `make torture` asks for many rounds more.
KILLED_AFTER = sorted({1, 20, 70, *range(2, 2 + 3 * int(os.environ.get("MAGPIE_TORTURE", "0")), 3)})


async def token_of(actor: Actor) -> str:
    return (await accounts.issue_token(actor, TokenForm(name="tablet"))).token


class Flow:
    """What was sent and what was acknowledged while the server lived."""

    def __init__(self, server: Server, kill_after: int) -> None:
        self.server, self.kill_after = server, kill_after
        self.acknowledged: dict[str, Answer] = {}

    async def send(self, name: str, path: str, body: object, token: str) -> None:
        """Send something with a key, and note the answer; after so many answers the server dies."""
        try:
            answer = await self.server.post(path, body, token=token, key=name)
        except OSError:
            return
        self.acknowledged[name] = answer
        if len(self.acknowledged) == self.kill_after:
            self.server.kill()


def marks_of(arena: Arena) -> list[dict[str, object]]:
    """A sheet for every entry: two marks, with ids given by the tablet."""
    return [
        {"marks": [{"id": str(ids.new()), "entry": code, "aspect": aspect, "value": "2"} for aspect in SHEET]}
        for code in arena.codes
    ]


@pytest.mark.parametrize("kill_after", KILLED_AFTER)
async def test_what_was_acknowledged_is_there_and_nothing_by_half(database: str, kill_after: int) -> None:
    arena = await make_arena(*(f"选手{number}" for number in range(20)))
    event = await make_event(arena.union, places=PLACES)
    workers = await crowd_with_tokens(arena.union, CROWD)
    judges = [await token_of(judge) for judge in arena.judges]
    sheets = [(token, sheet) for token in judges for sheet in marks_of(arena)]
    await db.close()
    with Server(database) as server:
        flow = Flow(server, kill_after)
        at = f"/events/{arena.event}/stages/{arena.stage}/marks"
        await asyncio.gather(
            *(flow.send(token, f"/events/{event}/registrations", {}, token) for token in workers),
            *(flow.send(str(number), at, sheet, token) for number, (token, sheet) in enumerate(sheets)),
        )
        assert len(flow.acknowledged) >= kill_after
        await everything_holds(event, arena, flow)
        server.start()
        await everybody_sends_again(server, event, workers, at, sheets)
    await everything_arrived(event, arena, len(sheets))


async def everything_holds(event: UUID, arena: Arena, flow: Flow) -> None:
    """What was answered is there; counters equal counts; a sheet is there as a whole or not at all."""
    there = {str(row["id"]) for row in await Registration.select(Registration.id).where(Registration.event_id == event)}
    answers = flow.acknowledged.values()
    assert {answer.status for answer in answers} <= {200, 201}
    assert {answer.body["id"] for answer in answers if "reference" in answer.body} <= there
    await counters_hold(event)
    marks = await Mark.select(Mark.id, Mark.entry_id, Mark.seat).where(Mark.event_id == arena.event)
    acknowledged = {mark for answer in answers for mark in answer.body.get("ids", [])}
    assert acknowledged <= {str(mark["id"]) for mark in marks}
    sizes = Counter((mark["entry_id"], mark["seat"]) for mark in marks)
    assert set(sizes.values()) <= {len(SHEET)}


async def counters_hold(event: UUID) -> None:
    rows = await Registration.select(Registration.state).where(Registration.event_id == event)
    states = Counter(row["state"] for row in rows)
    counter = await Capacity.select().where(Capacity.event_id == event, Capacity.id == event).first()
    assert counter is not None
    assert (counter["used"], counter["waiting"]) == (states["confirmed"], states["waiting"])
    assert counter["used"] <= PLACES


async def everybody_sends_again(
    server: Server, event: UUID, workers: list[str], at: str, sheets: list[tuple[str, dict[str, object]]]
) -> None:
    """The same keys and bodies once more: what was done is not done twice, what was not is done now."""
    again = [server.post(f"/events/{event}/registrations", {}, token=token, key=token) for token in workers]
    marks = [server.post(at, sheet, token=token, key=str(number)) for number, (token, sheet) in enumerate(sheets)]
    assert {answer.status for answer in await asyncio.gather(*again, *marks)} <= {200, 201}


async def everything_arrived(event: UUID, arena: Arena, sheets: int) -> None:
    assert await Registration.count().where(Registration.event_id == event) == CROWD
    await counters_hold(event)
    assert await Mark.count().where(Mark.event_id == arena.event) == sheets * len(SHEET)
    assert await Entry.count().where(Entry.event_id == arena.event) == len(arena.codes)
