"""After a scenario: whether the data are what was acknowledged. Every check gives a sentence, or fails loudly."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from uuid import UUID

from events import clock, db, operating
from events.operating import Health
from events.publishing.boards import compose
from events.publishing.gathering import facts_of
from events.terms import BoardKind

Check = Callable[[], Awaitable[str]]
PATIENCE = 60  # in tenths of a second, for boards that follow the marks


class Wrong(Exception):
    """The data are not what they must be."""


def look(url: str, *checks: Check) -> list[str]:
    """Look at a database; what was found sound, as sentences."""

    async def looking() -> list[str]:
        db.connect(url)
        try:
            return [await check() for check in (*checks, sound)]
        finally:
            await db.close()

    return asyncio.run(looking())


def must(holds: object, otherwise: str) -> None:
    """Raise Wrong unless it holds; an assertion would be left out by `python -O`."""
    if not holds:
        raise Wrong(otherwise)


def registered(event: UUID, acknowledged: int, under_way: int = 0) -> Check:
    """So many were acknowledged, so many may be there whose answer nobody saw, and nothing is oversold."""

    async def check() -> str:
        counter = await db.row(
            "SELECT places, used, waiting FROM capacity WHERE event_id = {} AND id = {}", event, event
        )
        states = await _states(event)
        must(counter is not None, "the event has no counter")
        assert counter is not None
        held = states.get("confirmed", 0) + states.get("pending", 0)
        must(counter["used"] == held, f"the counter says {counter['used']} and {held} have a place")
        must(counter["waiting"] == states.get("waiting", 0), "the counter of those who wait is wrong")
        must(held <= counter["places"], f"{held} have one of {counter['places']} places")
        there = sum(states.values())
        must(acknowledged <= there, f"{acknowledged} were acknowledged and {there} are there")
        must(there <= acknowledged + under_way, f"{there} are there, of whom {acknowledged} were acknowledged")
        return f"{acknowledged:,} acknowledged, {there:,} there; {held:,} of {counter['places']:,} places taken"

    return check


async def _states(event: UUID) -> dict[str, int]:
    rows = await db.rows("SELECT state, count(*) AS number FROM registration WHERE event_id = {} GROUP BY state", event)
    return {row["state"]: row["number"] for row in rows}


def there(table: str, event: UUID, wanted: Iterable[str]) -> Check:
    """Every one of these ids is in a table of the event."""

    async def check() -> str:
        found = {str(row["id"]) for row in await db.rows(f"SELECT id FROM {table} WHERE event_id = {{}}", event)}  # noqa: S608
        ids = set(wanted)
        must(ids <= found, f"{len(ids - found)} of {len(ids)} acknowledged rows of {table} are missing")
        return f"all {len(ids):,} acknowledged rows of {table} are there"

    return check


def marked(event: UUID, stage: UUID, acknowledged: int, under_way: int = 0) -> Check:
    """So many marks count, and the live board is what a restating from scratch gives."""

    async def check() -> str:
        row = await db.row(
            "SELECT count(*) AS number FROM mark WHERE event_id = {} AND stage_id = {} AND superseded_at IS NULL",
            event, stage,
        )  # fmt: skip
        assert row is not None
        must(
            acknowledged <= row["number"] <= acknowledged + under_way,
            f"{row['number']} marks are there, of which {acknowledged} were acknowledged",
        )
        return f"{acknowledged:,} marks acknowledged, {row['number']:,} there"

    return check


def restated(event: UUID, stage: UUID) -> Check:
    """The live board is what a restating from scratch gives, as soon as restating has caught up."""

    async def check() -> str:
        for _ in range(PATIENCE):
            stored = await db.row(
                "SELECT digest, version FROM board WHERE event_id = {} AND stage_id = {} AND kind = 'live'",
                event,
                stage,
            )
            facts = await facts_of(event, stage)
            if stored and facts and stored["digest"] == compose(facts, BoardKind.LIVE, clock.now()).digest:
                return f"the board, version {stored['version']:,}, equals a restating from scratch"
            await asyncio.sleep(0.1)
        raise Wrong("the live board is not what a restating from scratch gives")

    return check


async def sound() -> str:
    """What `magpie doctor` says of the database."""
    found = await operating.doctor()
    broken: Sequence[str] = [f"{one.code} {one.params}" for one in found if one.health == Health.BROKEN]
    must(not broken, f"magpie doctor: {broken}")
    return "magpie doctor finds nothing broken"
