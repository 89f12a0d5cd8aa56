"""What is committed in one process is heard in the others, whatever becomes of the connection that listens."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from events import clock, db, notices, operating
from events.notices import Posted

OTHER = Path(__file__).parent / "another_process.py"
PATIENCE = 60


class Other:
    """The second process, line by line."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self.said: list[str] = []

    async def until(self, line: str) -> None:
        """Read what it says up to a line."""
        assert self._process.stdout is not None
        while not self.said or self.said[-1] != line:
            read = await asyncio.wait_for(self._process.stdout.readline(), PATIENCE)
            assert read, self.said
            self.said.append(read.decode().strip())

    def post(self, *kinds: str) -> None:
        """Have it post notices in one transaction."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{' '.join(kinds)}\n".encode())


class Heard:
    """What listeners hear here."""

    def __init__(self) -> None:
        self.posted: list[Posted] = []
        self._more = asyncio.Event()

    def hear(self, posted: Posted) -> None:
        """Note it."""
        self.posted.append(posted)
        self._more.set()

    async def until(self, kind: str, *, here: bool = False) -> None:
        """Wait until something was heard."""
        while Posted(kind, None, None, here=here) not in self.posted:
            self._more.clear()
            await asyncio.wait_for(self._more.wait(), PATIENCE)


@asynccontextmanager
async def another_process(url: str) -> AsyncIterator[Other]:
    environment = os.environ | {"MAGPIE_DATABASE_URL": url}
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(sys.executable, OTHER, env=environment, stdin=pipe, stdout=pipe)
    other = Other(process)
    await other.until("ready")
    yield other
    assert process.stdin is not None
    process.stdin.close()
    assert await process.wait() == 0


@pytest.fixture
async def heard() -> AsyncIterator[Heard]:
    await operating.start()
    heard = Heard()
    silence = notices.listen(heard.hear)
    yield heard
    silence()
    await operating.stop()


@pytest.fixture
async def on_postgres(postgres_url: str) -> AsyncIterator[str]:
    db.connect(postgres_url)
    yield postgres_url
    await db.close()


async def post(*kinds: str) -> None:
    async with db.transaction():
        for kind in kinds:
            await notices.post(kind)


async def test_what_one_process_commits_the_other_hears(database: str, heard: Heard) -> None:
    async with another_process(database) as other:
        await post("first", "second")
        await other.until("second False None")
        other.post("third", "fourth")
        await heard.until("fourth")
        await asyncio.gather(*(post(f"here{number}") for number in range(100)))
        other.post(*(f"there{number}" for number in range(100)))
        await heard.until("there99")
        await post("last")
        await other.until("last False None")
    elsewhere = dict.fromkeys(one.kind for one in heard.posted if not one.here and not one.kind.startswith("here"))
    assert [*elsewhere] == ["third", "fourth", *(f"there{number}" for number in range(100))]
    here = [one.kind for one in heard.posted if one.here]
    assert here[:2] == ["first", "second"]
    assert here[-1] == "last"
    assert {f"here{number} False None" for number in range(100)} <= set(other.said)


async def test_a_crowd_in_one_process_keeps_no_other_from_writing(database: str, heard: Heard) -> None:
    over = asyncio.Event()

    async def write() -> None:
        while not over.is_set():
            await post("here")

    async with another_process(database) as other:
        crowd = [asyncio.create_task(write()) for _ in range(20)]
        for number in range(10):
            other.post(f"there{number}")
            await heard.until(f"there{number}")
        over.set()
        await asyncio.gather(*crowd)


CUT_OFF = "SELECT pg_terminate_backend(pid) AS done FROM pg_stat_activity WHERE application_name = 'magpie, hearing'"


async def test_what_is_committed_while_the_connection_is_lost_is_heard(on_postgres: str, heard: Heard) -> None:
    async with another_process(on_postgres) as other:
        for kind in ("one", "two"):
            cut = await db.rows(CUT_OFF)
            assert {row["done"] for row in cut} == {True}
            other.post(kind)
            await heard.until(kind)
            await post(f"after-{kind}")
            await other.until(f"after-{kind} False None")


async def test_what_nobody_said_is_found_in_the_log(on_postgres: str, heard: Heard) -> None:
    await db.rows("""INSERT INTO notice (kind, "public", at, data) VALUES ('unsaid', false, {}, '')""", clock.now())
    await heard.until("unsaid")
