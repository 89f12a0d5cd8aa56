"""A program that uses the API as others would: by HTTP with a token."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, cast

import httpx

from api.app import create_app
from events import accounts, publishing
from events.access import SYSTEM, actor_of
from events.accounts import GrantForm, TokenForm
from events.terms import Role

PASSWORD = "a quiet magpie bridge"


class Program:
    """A client with one account's token; every unexpected answer is an assertion error with its body."""

    def __init__(self, http: httpx.AsyncClient, token: str, account: str) -> None:
        self.http, self.token, self.account = http, token, account

    async def post(self, path: str, body: Any = None, *, expect: int | None = None) -> Any:
        """POST JSON and give the JSON answered."""
        return await self.send("POST", path, body, expect=expect)

    async def put(self, path: str, body: Any) -> Any:
        """PUT JSON and give the JSON answered."""
        return await self.send("PUT", path, body)

    async def get(self, path: str) -> Any:
        """The JSON at an address."""
        return await self.send("GET", path, None)

    async def send(self, method: str, path: str, body: Any, *, expect: int | None = None) -> Any:
        """One request; success is expected unless `expect` names another status."""
        headers = {"authorization": f"Bearer {self.token}"}
        answer = await self.http.request(method, f"/api/v1{path}", json=body, headers=headers)
        fine = answer.status_code == expect if expect else answer.is_success
        assert fine, f"{method} {path}: {answer.status_code} {answer.text[:2000]}"
        return answer.json() if answer.content else None


@asynccontextmanager
async def api() -> AsyncIterator[httpx.AsyncClient]:
    """The whole application without a socket, with boards that follow the marks."""
    transport = httpx.ASGITransport(cast(Any, create_app()))
    silence = publishing.start()
    async with httpx.AsyncClient(transport=transport, base_url="http://magpie.test", timeout=60) as http:
        yield http
    silence()
    await publishing.settle()


async def administrator(http: httpx.AsyncClient) -> Program:
    """What `magpie account add NAME --role administrator --token` gives."""
    account = await accounts.add(SYSTEM, "admin", password=PASSWORD)
    await accounts.grant_role(SYSTEM, GrantForm(account=account.id, role=Role.ADMINISTRATOR))
    found = await actor_of(account.id)
    assert found is not None
    token = await accounts.issue_token(found, TokenForm(name="program"))
    return Program(http, token.token, str(account.id))


async def official(http: httpx.AsyncClient, name: str) -> Program:
    """Somebody who signs up and takes a token, all by HTTP."""
    made = await http.post("/api/v1/accounts", json={"name": name, "password": PASSWORD})
    assert made.status_code == 201, made.text
    token = await http.post("/api/v1/tokens", json={"login": name, "password": PASSWORD, "device": "tablet"})
    assert token.status_code == 201, token.text
    return Program(http, token.json()["token"], made.json()["id"])
