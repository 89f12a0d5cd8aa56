"""Tags, 304, 412, HEAD, OPTIONS, 405."""

from typing import Any

import pytest

from tests.api.conftest import Caller
from tests.events.factory import make_event, make_official, make_union


@pytest.fixture
async def place() -> tuple[Any, Any]:
    """An event, and somebody who organises it."""
    event = await make_event(await make_union())
    return event, await make_official("organiser", event=event)


async def test_what_is_known_already_is_not_sent_again(anyone: Caller, place: Any) -> None:
    path = f"/events/{place[0]}"
    first = await anyone.get(path)
    assert first.headers["etag"].startswith('"1-')
    assert "Authorization" in first.headers["vary"]
    for tags in (first.headers["etag"], f"W/{first.headers['etag']}", f'"other", {first.headers["etag"]}', "*"):
        again = await anyone.get(path, If_None_Match=tags)
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", first.headers["etag"])
        assert "content-type" not in again.headers
    assert (await anyone.get(path, If_None_Match='"1-0"')).status_code == 200


async def test_lists_have_tags_too(anyone: Caller, place: Any) -> None:
    first = await anyone.get("/events")
    assert (await anyone.get("/events", If_None_Match=first.headers["etag"])).status_code == 304
    await make_event(await make_union("gd"))
    assert (await anyone.get("/events", If_None_Match=first.headers["etag"])).status_code == 200


async def test_a_change_to_something_stale_is_refused(caller: Any, place: Any) -> None:
    who, path = await caller(place[1]), f"/events/{place[0]}"
    tag = (await who.get(path)).headers["etag"]
    changed = await who.ask("PATCH", path, {"places": 7}, If_Match=tag)
    assert (changed.status_code, changed.json()["version"]) == (200, 2)
    stale = await who.ask("PATCH", path, {"places": 9}, If_Match=tag)
    assert (stale.status_code, stale.json()["type"]) == (412, "/problems/stale")
    assert (await who.ask("PATCH", path, {"places": 9}, If_Match="nonsense")).status_code == 412
    assert (await who.get(path)).json()["places"]["places"] == 7
    assert (await who.ask("PATCH", path, {"places": 9}, If_Match="*")).status_code == 200


async def test_the_answer_to_a_change_has_the_tag_to_change_it_again(caller: Any, place: Any) -> None:
    who, path = await caller(place[1]), f"/events/{place[0]}"
    tag = (await who.ask("PATCH", path, {"places": 7})).headers["etag"]
    assert (await who.get(path)).headers["etag"] == tag
    assert (await who.ask("PATCH", path, {"places": 8}, If_Match=tag)).status_code == 200


async def test_head_is_get_without_a_body(anyone: Caller, place: Any) -> None:
    for path in (f"/events/{place[0]}", "/events", f"/events/{place[0]}/nothing", "/notices/feed", "/api/openapi.json"):
        got = await anyone.ask("HEAD", path)
        assert got.content == b""
        if path != "/notices/feed":
            plain = await anyone.get(path)
            assert (got.status_code, got.headers.get("etag")) == (plain.status_code, plain.headers.get("etag"))
            assert got.headers["content-type"] == plain.headers["content-type"]
    assert (await anyone.ask("HEAD", f"/events/{place[0]}", If_None_Match="*")).status_code == 304


async def test_methods_that_there_are_not(anyone: Caller, place: Any) -> None:
    options = await anyone.ask("OPTIONS", "/events")
    assert (options.status_code, options.headers["allow"]) == (204, "GET, HEAD, OPTIONS, POST")
    for method in ("DELETE", "PUT", "TRACE", "PROPFIND"):
        wrong = await anyone.ask(method, "/events")
        assert (wrong.status_code, wrong.headers["allow"]) == (405, "GET, HEAD, OPTIONS, POST")
        assert wrong.json()["type"] == "/problems/method-not-allowed"
    assert (await anyone.ask("PUT", f"/events/{place[0]}")).headers["allow"] == "DELETE, GET, HEAD, OPTIONS, PATCH"


async def test_an_address_that_there_is_not(anyone: Caller) -> None:
    for path in ("/nothing", "/events/7", "/events/%00", "/api/nothing"):
        answer = await anyone.get(path)
        assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")
