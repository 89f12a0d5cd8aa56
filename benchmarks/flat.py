"""What requests cost with ever more of a year beside them: `python -m benchmarks.flat URL URL ...`, the emptiest first.

Each database gets the same small event of its own, asked in the same way by who is signed in, one request at a time;
told are milliseconds of CPU in the web process and in the database server, and the ratio to the first database.
"""

from __future__ import annotations

import asyncio
import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count, islice, product, repeat
from math import inf
from typing import NamedTuple
from urllib.parse import urlsplit
from uuid import UUID

import msgspec

from benchmarks import processes
from benchmarks.federation import boards, building
from benchmarks.federation.happenings import Cast
from benchmarks.federation.plan import chance
from events import accounts, clock, contests, db, ids, organising, people, registering
from events.access import SYSTEM, Actor, actor_of
from events.accounts import TokenForm
from events.contests import ContestForm, EntryForm
from events.organising import AdvanceForm, EventForm
from events.people import PersonForm
from events.registering import RegistrationForm
from events.terms import EventState, Kind
from events.text import Bilingual

ROUNDS, TIMES = 2, 40
ENTRIES, SIGNED_UP, A_PAGE = 120, 60, 60
BORN = date(1970, 1, 1)
TITLE = Bilingual("测速", "Measured")


class Ask(NamedTuple):
    """A request, by somebody's token or the cookie of a browser."""

    method: str
    path: str
    body: bytes = b""
    token: str = ""
    cookie: str = ""


@dataclass(frozen=True)
class Scene:
    """An event to register for, a contest to mark, and whom they are asked by."""

    event: UUID
    arena: UUID
    stage: UUID
    codes: Sequence[str]
    tokens: Sequence[str]
    judge: str
    worker: str
    organiser: str


async def prepare(url: str) -> Scene:
    """The same scene in any database that `benchmarks.federation` has built."""
    db.connect(url)
    try:
        cast = await building.cast()
        *_, event, arena = [await _event(cast) for _ in range(A_PAGE)]  # lists have a page of them in any year
        made = await contests.add_contest(cast.organiser, arena, ContestForm(title=TITLE))
        await boards.add_stage(cast.organiser, arena, made.id)
        forms = [EntryForm(name=f"选手{number}") for number in range(ENTRIES)]
        await contests.add_entries(cast.organiser, arena, made.id, forms)
        stage = await boards.mark(cast, arena, made.id)
        slots = await db.rows("SELECT code FROM slot WHERE event_id = {} ORDER BY code", arena)
        crowd = await _crowd(cast, SIGNED_UP + ROUNDS * TIMES)
        for actor in crowd[:SIGNED_UP]:
            await registering.register(actor, event, RegistrationForm())
        return Scene(
            event, arena, stage, [row["code"] for row in slots],
            [await _token(actor) for actor in crowd[SIGNED_UP:]], await _token(cast.judges[0]),
            await _browser(crowd[0]), await _browser(cast.organiser),
        )  # fmt: skip
    finally:
        await db.close()


async def _event(cast: Cast) -> UUID:
    """An open event."""
    starts = clock.now() + timedelta(days=20)
    form = EventForm(
        kind=Kind.COMPETITION, title=TITLE, union=cast.unions["ah."], starts_at=starts,
        ends_at=starts + timedelta(hours=4), places=100_000,
    )  # fmt: skip
    event = (await organising.create(cast.organiser, form)).id
    for state in (EventState.ANNOUNCED, EventState.OPEN):
        await organising.advance(cast.organiser, event, AdvanceForm(state=state))
    return event


async def _crowd(cast: Cast, size: int) -> list[Actor]:
    """Members with an account each."""
    union, made = cast.unions["ah.hefei."], list[Actor]()
    for _ in range(size):
        person = await people.register(SYSTEM, PersonForm(name="王芳", union=union, born=BORN, phone=_phone()))
        account, now = ids.new(), clock.now()
        columns = "account (id, name, person, language, created_at)"
        await db.insert(columns, [(account, f"measured-{account}", person.id, "zh", now)])
        actor = await actor_of(account)
        assert actor is not None
        made.append(actor)
    return made


def _phone() -> str:
    """A phone that nobody has yet."""
    return f"141{ids.new().int % 10**8:08}"


async def _token(actor: Actor) -> str:
    return (await accounts.issue_token(actor, TokenForm(name="measured"))).token


async def _browser(actor: Actor) -> str:
    assert actor.account is not None
    return (await accounts.open_browser(actor.account, "")).token


def requests(scene: Scene) -> Iterator[tuple[str, Iterator[Ask]]]:
    """What is asked, by name, again and again."""
    event, stage = f"/events/{scene.event}", f"/events/{scene.arena}/stages/{scene.stage}"
    yield "event page", repeat(Ask("GET", event, cookie=scene.worker))
    yield "front page: list of events", repeat(Ask("GET", "/", cookie=scene.worker))
    yield "list by the API, 50", repeat(Ask("GET", "/api/v1/events?limit=50", token=scene.judge))
    yield "board", repeat(Ask("GET", f"{stage}/board", cookie=scene.worker))
    yield "my page", repeat(Ask("GET", "/me", cookie=scene.worker))
    yield "desk: registrations", repeat(Ask("GET", f"/desk{event}/registrations", cookie=scene.organiser))
    yield "desk: home", repeat(Ask("GET", "/desk", cookie=scene.organiser))
    yield "register", (Ask("POST", f"/api/v1{event}/registrations", b"{}", token=token) for token in scene.tokens)
    yield "mark", (Ask("POST", f"/api/v1{stage}/marks", _mark(scene, turn), token=scene.judge) for turn in count())


def _mark(scene: Scene, turn: int) -> bytes:
    value = str(chance(f"mark {turn}").randrange(121, 201) / 2)
    code = scene.codes[turn % len(scene.codes)]
    return msgspec.json.encode({"marks": [{"entry": code, "aspect": boards.ASPECTS[0], "value": value}]})


class Server:
    """One web process over a database, and what both have used of the CPU."""

    def __init__(self, url: str) -> None:
        self.url = url
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
            environment = os.environ | {"MAGPIE_DATABASE_URL": url, "MAGPIE_RATE_LIMIT": "1000000"}
            uvicorn = [sys.executable, "-m", "uvicorn", "api.app:app", "--fd", str(free.fileno()), "--no-access-log"]
            command = [*uvicorn, "--log-level", "error"]
            self.process = subprocess.Popen(command, env=environment, pass_fds=[free.fileno()])  # noqa: S603
        self.database = asyncio.run(_server_of(url))

    def __enter__(self) -> Server:
        self.http = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        return self

    def __exit__(self, *_: object) -> None:
        self.http.close()
        self.process.terminate()
        self.process.wait()

    def cpu(self) -> float:
        """Seconds so far, of the web process and of its connections to the database."""
        connections = processes.of_database(self.database, urlsplit(self.url).path[1:]) if self.database else 0
        return processes.cpu(self.process.pid) + connections

    def ask(self, what: Ask) -> None:
        """One request, that has to succeed."""
        headers = {"content-type": "application/json", "accept-language": "zh"}
        headers |= {"authorization": f"Bearer {what.token}"} if what.token else {"cookie": f"magpie={what.cookie}"}
        self.http.request(what.method, what.path, what.body or None, headers)
        answer = self.http.getresponse()
        told = answer.read()
        assert answer.status in (200, 201), f"{what.path}: {answer.status} {told[:300]!r}"


async def _server_of(url: str) -> int | None:
    db.connect(url)
    try:
        return await building.server(url)
    finally:
        await db.close()


def measured(url: str) -> dict[str, float]:
    """Milliseconds of CPU for each kind of request, the least of some rounds."""
    scene, found = asyncio.run(prepare(url)), dict[str, float]()
    with Server(url) as server:
        asked = dict(requests(scene))
        for name, asks in asked.items():
            if name != "register":
                server.ask(next(asks))  # what is made once is made
        for _, (name, asks) in product(range(ROUNDS), asked.items()):
            began = server.cpu()
            for what in islice(asks, TIMES):
                server.ask(what)
            time.sleep(0.2)  # boards that follow are part of it
            found[name] = min(found.get(name, inf), (server.cpu() - began) / TIMES * 1000)
    return found


def main(urls: Sequence[str]) -> None:
    """Prints a line for each kind of request and database."""
    first = dict[str, float]()
    for url in urls:
        for name, each in measured(url).items():
            sys.stdout.write(f"{name:28} {each:8.2f} ms {each / first.setdefault(name, each):6.2f}\n")
        sys.stdout.write("\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
