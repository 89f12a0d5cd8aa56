"""The real application, asked over its real interface: in the process, or by a server where answers never end."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
import uvicorn

from api import ending
from api.app import create_app
from events import accounts
from events.access import Actor
from events.accounts import TokenForm


@dataclass(frozen=True)
class Caller:
    """Somebody who asks the API."""

    client: httpx.AsyncClient
    token: str = ""

    async def ask(self, method: str, path: str, json: Any = None, **headers: str) -> httpx.Response:
        """Send a request; header names are given with underscores."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.token:
            named["Authorization"] = f"Bearer {self.token}"
        body = {} if json is None else {"json": json}
        return await self.client.request(method, _address(path), headers={"Accept-Language": "en"} | named, **body)

    async def get(self, path: str, **headers: str) -> httpx.Response:
        """Read something."""
        return await self.ask("GET", path, **headers)

    async def post(self, path: str, json: Any = None, **headers: str) -> httpx.Response:
        """Do something."""
        return await self.ask("POST", path, json, **headers)


def _address(path: str) -> str:
    return path if path.startswith("/api") else f"/api/v1{path}"


async def token_of(actor: Actor) -> str:
    """A new token of somebody."""
    return (await accounts.issue_token(actor, TokenForm(name="test"))).token


@pytest.fixture
async def client(database: str) -> AsyncIterator[httpx.AsyncClient]:
    """The application on a fresh database."""
    transport = httpx.ASGITransport(app=create_app(), raise_app_exceptions=False)  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=transport, base_url="http://magpie.test") as made:
        yield made


@pytest.fixture
def anyone(client: httpx.AsyncClient) -> Caller:
    """Somebody who is not signed in."""
    return Caller(client)


@pytest.fixture
def caller(client: httpx.AsyncClient) -> Callable[[Actor], Any]:
    """Makes a caller of an actor."""

    async def made(actor: Actor) -> Caller:
        return Caller(client, await token_of(actor))

    return made


@asynccontextmanager
async def serving() -> AsyncIterator[str]:
    """A real server on a free port; gives its address."""
    config = uvicorn.Config(create_app(), port=0, log_level="error", access_log=False)
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
        if task.done():
            await task
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    ending.event().set()  # as the signal would
    server.should_exit = True
    await task
    ending.event().clear()


@pytest.fixture
async def server(database: str) -> AsyncIterator[str]:
    """The address of a real server on a fresh database."""
    async with serving() as address:
        yield address
