"""The feeds over HTTP: tags, dates, compression, secrets."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
import time_machine
from litestar import Litestar

from api import errors, feeds
from api.conditional import conditional
from events import access, accounts, clock, scheduling
from events.scheduling import SessionForm
from tests.events.factory import START, make_event, make_participant, make_union
from tests.events.test_scheduling import register

Client = httpx.AsyncClient


@pytest.fixture
async def client(database: str) -> AsyncIterator[Client]:
    """A client of the feeds alone, tagged and packed."""
    app = conditional(Litestar(route_handlers=feeds.ROUTES, exception_handlers=errors.HANDLERS, openapi_config=None))
    async with Client(transport=httpx.ASGITransport(app), base_url="http://test") as client:  # type: ignore[arg-type]
        yield client


async def make_scheduled(**changes: Any) -> str:
    """The path of an event with a session, whose feed is asked for."""
    event = await make_event(await make_union(f"u{uuid4().hex}"), **changes)
    form = SessionForm(starts_at=START, ends_at=START + timedelta(hours=1))
    await scheduling.add_session(access.SYSTEM, event, form)
    return f"/events/{event}/calendar.ics"


async def test_a_feed_comes_with_all_that_a_reader_needs(client: Client) -> None:
    path = await make_scheduled()
    answer = await client.get(path, headers={"Accept-Encoding": "identity"})
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert answer.headers["cache-control"] == "private, max-age=300"
    assert answer.headers["vary"] == "Accept-Encoding"
    assert answer.headers["content-length"] == str(len(answer.content))
    assert 'filename="magpie.ics"' in answer.headers["content-disposition"]
    assert "X-WR-CALNAME:鹊桥 · 电工技能竞赛" in answer.text
    assert "NAME:Magpie · Electricians' contest" in (await client.get(f"{path}?lang=en")).text


async def test_head_tells_the_same_without_the_body(client: Client) -> None:
    path = await make_scheduled()
    with time_machine.travel(clock.now() + timedelta(minutes=1), tick=False):  # Last-Modified waits for its second
        got, head = await client.get(path), await client.head(path)
    assert (head.status_code, head.content, dict(head.headers)) == (200, b"", dict(got.headers))


async def test_who_has_it_is_told_so(client: Client) -> None:
    path = await make_scheduled()
    tag = (await client.get(path)).headers["etag"]
    for tags in (tag, f'"other", W/{tag}', "*", tag.replace("-gzip", "")):
        again = await client.get(path, headers={"If-None-Match": tags})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert (await client.get(path, headers={"If-None-Match": '"other"'})).status_code == 200


async def test_a_date_is_believed_once_its_second_is_over(client: Client) -> None:
    made = datetime(2027, 4, 1, 8, 0, 0, 500_000, tzinfo=UTC)
    with time_machine.travel(made, tick=False):
        path = await make_scheduled()
        soon = (await client.get(path)).headers["last-modified"]
        assert (await client.get(path, headers={"If-Modified-Since": soon})).status_code == 200
    with time_machine.travel(made + timedelta(hours=1), tick=False):
        later = (await client.get(path)).headers["last-modified"]
        assert parsedate_to_datetime(later) - made < timedelta(seconds=1)
        assert (await client.get(path, headers={"If-Modified-Since": later})).status_code == 304
        both = {"If-Modified-Since": later, "If-None-Match": '"other"'}
        assert (await client.get(path, headers=both)).status_code == 200
        assert (await client.get(path, headers={"If-Modified-Since": "yesterday"})).status_code == 200


async def test_a_feed_is_packed_for_whoever_can_unpack(client: Client) -> None:
    path = await make_scheduled()
    plain = await client.get(path, headers={"Accept-Encoding": "gzip;q=0"})
    packed = await client.get(path, headers={"Accept-Encoding": "br, gzip"})
    assert ("content-encoding" in plain.headers, packed.headers["content-encoding"]) == (False, "gzip")
    assert plain.content == packed.content
    assert packed.headers["etag"] == plain.headers["etag"][:-1] + '-gzip"'
    assert int(packed.headers["content-length"]) < len(plain.content)


async def test_the_feed_of_everything_is_narrowed_by_its_address(client: Client) -> None:
    await make_scheduled(kind="fair", city="合肥")
    month_before = START - timedelta(days=30)
    with time_machine.travel(month_before, tick=False):
        for query, count in {
            "": 1,
            "kind=fair": 1,
            "kind=quiz": 0,
            "kind=": 1,
            "city=合肥": 1,
            "city=x&n=1": 0,
        }.items():
            body = (await client.get(f"/calendar.ics?{query}")).text
            assert body.count("BEGIN:VEVENT") == count, query
        assert "NAME:鹊桥 · 招聘会 · 合肥\r\n" in (await client.get("/calendar.ics?kind=fair&city=合肥")).text


@pytest.mark.parametrize(
    ("query", "code"),
    [("kind=party", "not_a_choice"), ("lang=fr", "not_a_choice"), ("union=nowhere", "unknown_union"),
     ("city=%00", "bad_characters")],
)  # fmt: skip
async def test_a_wrong_parameter_is_named(client: Client, query: str, code: str) -> None:
    answer = await client.get(f"/calendar.ics?{query}")
    assert (answer.status_code, [error["code"] for error in answer.json()["errors"]]) == (422, [code])
    assert [error["pointer"] for error in answer.json()["errors"]] == [f"/{query.partition('=')[0]}"]


async def test_what_is_unknown_or_hidden_is_not_found(client: Client) -> None:
    for path in (f"/events/{uuid4()}/calendar.ics", await make_scheduled(state="draft"), "/calendars/guess.ics"):
        assert (await client.get(path)).status_code == 404


async def test_feeds_are_only_read(client: Client) -> None:
    answer = await client.post("/calendar.ics")
    assert (answer.status_code, "GET" in answer.headers["allow"]) == (405, True)


def test_a_secret_address_is_concealed() -> None:
    scope: Any = {"path": "/calendars/secret.ics", "raw_path": b"/calendars/secret.ics"}
    feeds.conceal(scope)
    assert scope == {"path": "/calendars/-", "raw_path": b"/calendars/-"}


async def test_a_persons_feed_opens_by_its_token_until_there_is_a_new_one(client: Client) -> None:
    path = await make_scheduled()
    who = await make_participant()
    await register(UUID(path.split("/")[2]), who.person)
    old = (await accounts.issue_calendar_token(who)).token
    answer = await client.get(f"/calendars/{old}.ics")
    assert (answer.status_code, answer.text.count("BEGIN:VALARM")) == (200, 2)
    assert "X-WR-CALNAME:鹊桥 · 我的活动" in answer.text
    known = {"If-None-Match": answer.headers["etag"]}
    assert (await client.get(f"/calendars/{old}.ics", headers=known)).status_code == 304
    new = (await accounts.issue_calendar_token(who)).token
    assert (await client.get(f"/calendars/{old}.ics")).status_code == 404
    assert (await client.get(f"/calendars/{new}.ics")).status_code == 200
