"""Who asks: tokens, cookies, other sites; how often; lists whose pages stay."""

import itertools
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import msgspec
import pytest

from api.app import create_core
from api.auth import COOKIE, identified
from api.limits import Buckets, with_buckets
from api.web import send_refusal
from events import accounts
from events.accounts import SignInForm, SignUpForm
from tests.api.conftest import Caller, token_of
from tests.events.factory import START, make_account, make_event, make_official, make_union

PASSWORD = "十六座城，一座桥"


@pytest.fixture
async def cookie(client: httpx.AsyncClient) -> str:
    """The cookie of somebody who has just signed in."""
    await accounts.sign_up(SignUpForm(name="wangfang", password=PASSWORD))
    return (await accounts.sign_in(SignInForm(login="wangfang", password=PASSWORD))).token


async def test_a_token_says_who_asks(anyone: Caller, caller: Any) -> None:
    who = await caller(await make_official("administrator", name="管理员"))
    assert (await who.get("/me")).json()["name"] == "管理员"
    assert (await anyone.get("/me")).status_code == 401
    assert (await anyone.get("/me")).headers["www-authenticate"].startswith("Bearer")


@pytest.mark.parametrize("header", ["Bearer nonsense", "Bearer ", "Bearer", "Basic d2FuZzpmYW5n", "Bearer \xff"])
async def test_a_wrong_token_is_refused_and_not_ignored(client: httpx.AsyncClient, header: str) -> None:
    answer = await client.get("/api/v1/events", headers=[(b"authorization", header.encode("latin-1"))])
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (401, "bad_token")


async def test_a_token_that_was_revoked_is_wrong(anyone: Caller, caller: Any) -> None:
    who = await caller(await make_official("administrator"))
    made = (await who.post("/me/tokens", {"name": "script"})).json()
    other = Caller(anyone.client, made["token"])
    assert (await other.get("/me")).status_code == 200
    assert (await who.ask("DELETE", f"/me/tokens/{made['id']}")).status_code == 204
    assert (await other.get("/me")).status_code == 401


async def test_a_program_gets_a_token_for_a_password(anyone: Caller) -> None:
    made = await anyone.post("/accounts", {"name": "judge7", "password": PASSWORD})
    assert made.status_code == 201
    wrong = await anyone.post("/tokens", {"login": "judge7", "password": "something else"})
    assert (wrong.status_code, wrong.json()["errors"][0]["code"]) == (422, "sign_in_failed")
    token = (await anyone.post("/tokens", {"login": "judge7", "password": PASSWORD, "device": "sheet"})).json()
    judge = Caller(anyone.client, token["token"])
    assert (await judge.get("/me")).json()["id"] == made.json()["id"]
    assert [one["name"] for one in (await judge.get("/me/tokens")).json()["items"]] == ["sheet"]
    assert (await judge.get("/me/devices")).json()["items"] == []


async def test_a_cookie_says_who_asks(client: httpx.AsyncClient, cookie: str) -> None:
    client.cookies.set(COOKIE, cookie)
    assert (await client.get("/api/v1/me")).json()["name"] == "wangfang"
    client.cookies.set(COOKIE, "old")
    assert (await client.get("/api/v1/me")).status_code == 401


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "http://magpie.test"}, 201),
        ({"Origin": "http://magpie.test", "Sec-Fetch-Site": "same-origin"}, 201),
        ({}, 201),
        ({"Origin": "https://evil.example"}, 401),
        ({"Origin": "null"}, 401),
        ({"Sec-Fetch-Site": "cross-site"}, 401),
        ({"Sec-Fetch-Site": "same-site", "Origin": "http://magpie.test"}, 401),
    ],
)
async def test_another_site_cannot_use_the_cookie(
    client: httpx.AsyncClient, cookie: str, headers: dict[str, str], status: int
) -> None:
    client.cookies.set(COOKIE, cookie)
    answer = await client.post("/api/v1/me/tokens", json={"name": "mine"}, headers=headers)
    assert answer.status_code == status
    assert (await client.get("/api/v1/me", headers=headers)).status_code == 200


async def on_day(union: UUID, day: int) -> UUID:
    """An event that begins some days later."""
    return await make_event(union, starts_at=START + timedelta(days=day), ends_at=START + timedelta(days=day, hours=8))


async def test_a_page_stays_where_it_was_while_rows_are_added(anyone: Caller) -> None:
    union = await make_union()
    before = [await on_day(union, day) for day in range(0, 14, 2)]
    seen: list[str] = []
    cursor: str | None = ""
    for day in itertools.count(1, 2):
        page = (await anyone.get(f"/events?limit=2&cursor={cursor}")).json()
        seen += [item["id"] for item in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
        await on_day(union, -day)
        await on_day(union, day)
    assert [one for one in seen if one in map(str, before)] == list(map(str, before))
    assert len(seen) == len(set(seen))


async def test_a_whole_list_comes_line_by_line(anyone: Caller) -> None:
    union = await make_union()
    made = [await make_event(union, starts_at=START + timedelta(minutes=minute)) for minute in range(7)]
    answer = await anyone.get("/events?limit=3", Accept="application/x-ndjson")
    lines = [msgspec.json.decode(line) for line in answer.content.splitlines()]
    assert answer.headers["content-type"] == "application/x-ndjson"
    assert [line["id"] for line in lines] == list(map(str, made))
    assert (await anyone.get("/me/tokens", Accept="application/x-ndjson")).status_code == 401
    one = await anyone.get(f"/events/{made[0]}", Accept="application/x-ndjson")
    assert one.json()["id"] == str(made[0])


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
async def hurried(database: str) -> AsyncIterator[tuple[httpx.AsyncClient, Clock]]:
    """The application with three requests a minute."""
    clock = Clock()
    app = identified(with_buckets(create_core(), Buckets(3, clock), send_refusal))
    transport = httpx.ASGITransport(app=app)  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=transport, base_url="http://magpie.test") as made:
        yield made, clock


async def test_too_many_requests_are_told_when_to_come_again(hurried: Any) -> None:
    client, clock = hurried
    left = [(await client.get("/api/v1/unions")).headers["ratelimit-remaining"] for _ in range(3)]
    assert left == ["2", "1", "0"]
    refused = await client.get("/api/v1/unions")
    assert (refused.status_code, refused.headers["content-type"]) == (429, "application/problem+json")
    assert (refused.headers["ratelimit-limit"], refused.headers["retry-after"]) == ("3", "20")
    clock.now += 20
    assert (await client.get("/api/v1/unions")).status_code == 200
    assert (await client.get("/api/v1/unions")).status_code == 429


async def test_each_account_has_its_share_and_made_up_secrets_have_none(hurried: Any) -> None:
    client, _ = hurried
    owner = await make_account()
    for number in range(3):
        headers = {"Authorization": f"Bearer made up {number}", "Cookie": f"{COOKIE}=made-up-{number}"}
        assert (await client.get("/api/v1/unions", headers=headers)).headers["ratelimit-remaining"] == str(2 - number)
    assert (await client.get("/api/v1/unions", headers={"Cookie": f"{COOKIE}=one-more"})).status_code == 429
    for left in ("2", "1"):
        theirs = await client.get("/api/v1/unions", headers={"Authorization": f"Bearer {await token_of(owner)}"})
        assert theirs.headers["ratelimit-remaining"] == left


@pytest.mark.parametrize("origin", ["http://[", "null", "://", "http://elsewhere.test"])
async def test_a_form_of_another_or_no_sensible_origin_is_refused(client: httpx.AsyncClient, origin: str) -> None:
    refused = await client.post("/sign-out", headers={"Origin": origin})
    assert (refused.status_code, refused.headers["content-type"]) == (401, "application/problem+json")


async def test_people_who_ask_too_often_are_told_so_on_a_page(hurried: Any) -> None:
    client, _ = hurried
    answers = [await client.get("/sign-in", headers={"Accept": "text/html", "Accept-Language": "en"}) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    refused = answers[-1]
    assert (refused.headers["content-type"], refused.headers["retry-after"]) == ("text/html; charset=utf-8", "20")
    assert "One moment, please" in refused.text
    assert "Retry-After" not in refused.text
