"""kill -9 in the middle: whatever was acknowledged is there afterwards, and is answered again as it was."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator
from itertools import islice

from benchmarks import checking, client
from benchmarks.client import Asked, Crowd, Given
from benchmarks.ground import RUN, Ground, Outcome, Site
from benchmarks.scenarios import marks, registration

CONNECTIONS = 64
LIVED = 2.0
ASKED_AGAIN = 40


def registrations(ground: Ground) -> Outcome:
    """The server dies while a crowd registers."""
    with ground.site() as site:
        asked = list(requests(f"/api/v1/events/{site.world.hot}/registrations", registration.lines(site.world)))
        given, under_way = killed(site, asked, 201)
        acknowledged = [one.body["id"] for one in given.values()]
        checks = checking.look(
            ground.storage.url(RUN),
            checking.registered(site.world.hot, len(given), under_way),
            checking.there("registration", site.world.hot, acknowledged),
        )
        checks.append(answered_again(site, asked, given))
    return _outcome(given, under_way, checks)


def of_marks(ground: Ground) -> Outcome:
    """The server dies while judges mark."""
    with ground.site() as site:
        arena = marks.arena_of(site)
        asked = list(requests(marks.path(arena), marks.marks(arena)))
        given, under_way = killed(site, asked, 200)
        checks = [answered_again(site, asked, given)]  # which starts the server, and restating catches up
        ids = [one for answer in given.values() for one in answer.body["ids"]]
        checks += marks.look(ground, arena, len(ids), under_way)
        checks += checking.look(ground.storage.url(RUN), checking.there("mark", arena.event, ids))
    return _outcome(given, under_way, checks)


def requests(path: str, lines: Iterable[str]) -> Iterator[Asked]:
    """What wrk would be given, as requests of our own client."""
    return (Asked(path, *line.split("\t")) for line in lines)


def killed(site: Site, asked: Iterable[Asked], status: int) -> tuple[dict[str, Given], int]:
    """What was acknowledged before the server died, and how many requests nobody saw an answer to."""
    crowd = Crowd(iter(asked))

    async def dying() -> None:
        await asyncio.sleep(LIVED)
        site.magpie.kill()

    async def both() -> None:
        await asyncio.gather(crowd.ask(CONNECTIONS), dying())

    asyncio.run(both())
    checking.must(crowd.given, "nothing was acknowledged before the server died")
    others = {one.status for one in crowd.given.values()} - {status}
    checking.must(not others, f"answers of other statuses: {others}")
    return crowd.given, crowd.sent - len(crowd.given)


def answered_again(site: Site, asked: Iterable[Asked], given: dict[str, Given]) -> str:
    """After a restart some of the same requests: the same answers, and nothing is done twice."""
    site.magpie.start()
    some = list(islice((one for one in asked if one.key in given), ASKED_AGAIN))
    for key, answer in client.again(some).items():
        checking.must(answer.replayed, f"{key} was acknowledged and is not known")
        checking.must(answer.body == given[key].body, f"{key} is answered otherwise than before")
    return f"{len(some)} of the acknowledged requests, sent again, were answered as before"


def _outcome(given: dict[str, Given], under_way: int, checks: list[str]) -> Outcome:
    ran = f"{CONNECTIONS} connections, kill -9 of every process of the server after {LIVED:.0f} s, then started again"
    return Outcome(ran, {"acknowledged": len(given), "under_way": under_way}, checks)
