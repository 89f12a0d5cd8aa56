"""A crowd at the door: 2,000 people for 100 places, by HTTP, all at once."""

import asyncio
from collections import Counter
from datetime import date
from uuid import UUID

from piccolo.table import Table

from events import clock, db, ids, registering
from events.tables import Account, Capacity, Member, Person, Token
from events.terms import RegistrationState, TokenUse
from tests.events.factory import make_event, make_official, make_union
from tests.journeys.server import Answer, Server

CROWD, PLACES = 2000, 100


async def insert(table: type[Table], rows: list[Table]) -> None:
    for start in range(0, len(rows), 500):
        await table.insert(*rows[start : start + 500])


async def crowd_with_tokens(union: UUID, size: int) -> list[str]:
    """Accounts of members with a token each."""
    now, born = clock.now(), date(1990, 1, 1)
    secrets = [ids.secret() for _ in range(size)]
    people, accounts = [ids.new() for _ in range(size)], [ids.new() for _ in range(size)]
    async with db.transaction():
        await insert(Person, [
            Person(id=person, name=f"工人{number}", sort_name=f"gong ren {number}", sex="female", born=born,
                   created_at=now, updated_at=now)
            for number, person in enumerate(people)
        ])  # fmt: skip
        await insert(Member, [Member(id=ids.new(), person=person, union=union, joined_on=born) for person in people])
        await insert(Account, [
            Account(id=account, name=f"worker-{number}", person=person, language="zh", created_at=now)
            for number, (account, person) in enumerate(zip(accounts, people, strict=True))
        ])  # fmt: skip
        await insert(Token, [
            Token(id=ids.new(), account=account, use=TokenUse.API, name="", token_hash=digest, created_at=now)
            for account, digest in zip(accounts, map(ids.digest, secrets), strict=True)
        ])  # fmt: skip
    return secrets


async def test_2000_at_once_for_100_places(database: str) -> None:
    union = await make_union()
    event = await make_event(union, places=PLACES)
    organiser = await make_official("organiser", union=union)
    tokens = await crowd_with_tokens(union, CROWD)
    await db.close()
    with Server(database) as one, Server(database) as other:  # two processes
        servers = (one, other)
        answers = await asyncio.gather(*(register(servers[n % 2], event, token) for n, token in enumerate(tokens)))
    assert Counter(answer.status for answer in answers) == {201: CROWD}
    made = [answer.body for answer in answers]
    assert Counter(one["state"] for one in made) == {"confirmed": PLACES, "waiting": CROWD - PLACES}
    assert sorted(one["position"] for one in made if one["position"]) == list(range(1, CROWD - PLACES + 1))
    counter = await Capacity.select().where(Capacity.event_id == event).first()
    assert counter is not None
    assert (counter["used"], counter["waiting"]) == (PLACES, CROWD - PLACES)
    assert (await registering.counts(organiser, event))[RegistrationState.CONFIRMED] == PLACES


async def register(server: Server, event: UUID, token: str) -> Answer:
    return await server.post(f"/events/{event}/registrations", {}, token=token, key=token[:20])
