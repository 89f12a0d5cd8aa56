"""A database that goes away while we serve, and comes back."""

import asyncio
import re
from contextlib import suppress

from events import db
from tests.api.conftest import Caller, token_of
from tests.api.pages import browser
from tests.events.factory import make_account


class Line:
    """A way to PostgreSQL that can be cut and mended."""

    def __init__(self, socket: str) -> None:
        self.socket, self.port = socket, 0
        self.open: set[asyncio.StreamWriter] = set()

    async def mend(self) -> None:
        self.server = await asyncio.start_server(self._connect, "127.0.0.1", self.port)
        self.port = self.server.sockets[0].getsockname()[1]

    async def cut(self) -> None:
        self.server.close()
        for writer in self.open:
            writer.close()
        self.open.clear()

    async def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        inner, outer = await asyncio.open_unix_connection(self.socket)
        self.open |= {writer, outer}
        await asyncio.gather(_pass_on(reader, outer), _pass_on(inner, writer))


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    writer.close()


async def test_while_the_database_is_away_everybody_is_told_when_to_come_again(postgres_url: str) -> None:
    found = re.search(r"/([^/?]+)\?host=(.+)", postgres_url)
    assert found is not None
    line = Line(f"{found[2]}/.s.PGSQL.5432")
    await line.mend()
    db.connect(f"postgresql://postgres@127.0.0.1:{line.port}/{found[1]}")
    who = await make_account()
    async with browser(who, lang="en") as reader:
        program = Caller(reader.client, await token_of(who))
        assert (await reader.look("/me")).status_code == 200
        await line.cut()
        for _ in range(2):  # the connection that was lost, and none to be had
            pages = [await reader.look(path) for path in ("/me", "/calendar")]
            assert [(page.status_code, page.headers["retry-after"]) for page in pages] == [(503, "5")] * 2
            assert "Back in a moment" in pages[0].text
            form = await reader.send("/sign-in", login="wang", password="secret password")
            assert (form.status_code, "secret password" in form.text) == (503, False)
            answers = [await program.get("/me"), await program.post("/me/messages/read", {}, Idempotency_Key="one")]
            for answer in answers:
                assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
                assert answer.json()["type"] == "/problems/unavailable"
        await line.mend()
        assert (await reader.look("/me")).status_code == 200
        assert (await program.get("/me")).status_code == 200
    await line.cut()
    await db.close()
