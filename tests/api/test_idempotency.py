"""Idempotency-Key: once and only once."""

import asyncio
from typing import Any

import pytest

from api.app import create_app
from events import db, idempotency
from events.idempotency import AlreadyAnswered, Answer
from events.tables import Event, IdempotencyKey, Registration, Union
from tests.api.conftest import Caller
from tests.api.test_input import GOOD
from tests.events.contest_factory import make_arena
from tests.events.factory import make_event, make_official, make_participant, make_person, make_union


@pytest.fixture
async def organiser(caller: Any) -> tuple[Caller, dict[str, Any]]:
    union = await make_union()
    return await caller(await make_official("organiser", union=union)), GOOD | {"union": str(union)}


async def test_the_same_request_is_answered_the_same_and_carried_out_once(organiser: Any) -> None:
    who, form = organiser
    first = await who.post("/events", form, Idempotency_Key="one")
    again = await who.post("/events", form, Idempotency_Key="one")
    assert (again.status_code, again.content) == (201, first.content)
    assert (again.headers["idempotent-replayed"], again.headers["content-type"]) == ("true", "application/json")
    assert "idempotent-replayed" not in first.headers
    assert await Event.count() == 1


async def test_another_request_with_the_key_is_refused(organiser: Any) -> None:
    who, form = organiser
    made = await who.post("/events", form, Idempotency_Key="one")
    for path, body in (
        ("/events", form | {"city": "合肥"}),
        ("/series", form),
        (f"/events/{made.json()['id']}/copy", {}),
    ):
        other = await who.post(path, body, Idempotency_Key="one")
        assert (other.status_code, other.json()["errors"][0]["code"]) == (422, "key_used_otherwise")
    assert await Event.count() == 1


async def test_keys_are_ones_own(organiser: Any, caller: Any) -> None:
    who, form = organiser
    other = await caller(await make_official("administrator"))
    await who.post("/events", form, Idempotency_Key="one")
    assert "idempotent-replayed" not in (await other.post("/events", form, Idempotency_Key="one")).headers
    assert await Event.count() == 2


async def test_of_many_at_once_one_is_carried_out(organiser: Any) -> None:
    who, form = organiser
    answers = await asyncio.gather(*(who.post("/events", form, Idempotency_Key="one") for _ in range(8)))
    assert {answer.status_code for answer in answers} <= {201, 409}
    waiting = [answer for answer in answers if answer.status_code == 409]
    assert all(
        answer.headers["retry-after"] == "1" and answer.json()["errors"][0]["code"] == "in_flight" for answer in waiting
    )
    assert await Event.count() == 1


async def test_a_refusal_frees_the_key(organiser: Any) -> None:
    who, form = organiser
    refused = await who.post("/events", form | {"title": {}}, Idempotency_Key="one")
    assert refused.status_code == 422
    assert not await IdempotencyKey.count()
    assert (await who.post("/events", form, Idempotency_Key="one")).status_code == 201


async def test_a_failure_leaves_nothing_and_frees_the_key(organiser: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    who, form = organiser

    async def fails(*_: object) -> None:
        raise RuntimeError("the machine stops here")

    with monkeypatch.context() as broken:
        broken.setattr(idempotency, "remember", fails)
        failed = await who.post("/events", form, Idempotency_Key="one")
    assert failed.status_code == 500
    assert not await Event.count()
    assert (await who.post("/events", form, Idempotency_Key="one")).status_code == 201


async def test_a_registration_sent_twice_takes_one_place(caller: Any) -> None:
    union = await make_union()
    event = await make_event(union, places=1)
    who = await caller(await make_participant(union))
    first = await who.post(f"/events/{event}/registrations", {}, Idempotency_Key="seat")
    again = await who.post(f"/events/{event}/registrations", {}, Idempotency_Key="seat")
    assert (first.status_code, first.json()["state"], again.content) == (201, "confirmed", first.content)
    assert await Registration.count() == 1
    other = await who.post(f"/events/{event}/registrations", {"note": "x"}, Idempotency_Key="seat")
    assert (other.status_code, other.json()["errors"][0]["code"]) == (422, "key_used_otherwise")
    assert again.headers["etag"] == first.headers["etag"]


async def test_of_many_equal_registrations_at_once_one_is_carried_out(caller: Any) -> None:
    event = await make_event(union := await make_union(), places=1)
    who = await caller(await make_participant(union))
    asked = (who.post(f"/events/{event}/registrations", {}, Idempotency_Key="seat") for _ in range(6))
    assert {answer.status_code for answer in await asyncio.gather(*asked)} <= {201, 409}
    assert await Registration.count() == 1


async def test_marks_sent_twice_are_taken_once(caller: Any) -> None:
    arena = await make_arena()
    judge, path = await caller(arena.judges[0]), f"/events/{arena.event}/stages/{arena.stage}/marks"
    form = {"marks": [{"entry": arena.codes[0], "aspect": "style", "value": "5"}]}
    answers = await asyncio.gather(*(judge.post(path, form, Idempotency_Key="one") for _ in range(3)))
    done = [one for one in answers if one.status_code == 200]
    assert {one.status_code for one in answers} <= {200, 409}
    again = await judge.post(path, form, Idempotency_Key="one")
    assert {again.content, *(one.content for one in done)} == {done[0].content}
    assert again.headers["idempotent-replayed"] == "true"
    other = {"marks": [{"entry": arena.codes[0], "aspect": "style", "value": "6"}]}
    refused = await judge.post(path, other, Idempotency_Key="one")
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (422, "key_used_otherwise")
    wrong = await judge.post(path, {"marks": [{"entry": "none", "aspect": "style", "value": "6"}]}, Idempotency_Key="2")
    assert wrong.status_code == 422
    assert len(await arena.told("marks.entered")) == 1


async def test_what_is_carried_out_before_the_router_is_refused_in_the_same_words(caller: Any) -> None:
    event = await make_event(union := await make_union(), state="closed")
    who = await caller(await make_participant(union))
    at, asked = f"/events/{event}/registrations", {"contest_id": "x", "more": 1}
    answers = [await who.post(at + query, {}, Idempotency_Key="a") for query in ("", "?limit=1")]
    assert {(answer.status_code, answer.json()["errors"][0]["code"]) for answer in answers} == {(409, "closed")}
    refused = await who.post(at, asked)
    assert [(one["pointer"], one["code"]) for one in refused.json()["errors"]] == [
        ("/contest_id", "not_an_id"), ("/more", "unknown_field"),
    ]  # fmt: skip
    assert (await who.post(at, {}, Content_Type="text/plain")).status_code == 415
    assert (await who.post(at, {}, Idempotency_Key="")).json()["errors"][0]["code"] == "idempotency_key"
    assert not await IdempotencyKey.count()


async def test_a_delegation_is_registered_as_a_whole_or_not_at_all(caller: Any) -> None:
    union, elsewhere = await make_union(), await make_union("js")
    event = await make_event(elsewhere, places=2)
    leader = await caller(await make_official("delegation_leader", union=union))
    at, people = f"/events/{event}/registrations/bulk", [await make_person(union) for _ in range(3)]
    asked = [{"person": str(person)} for person in (*people, people[0], await make_person(elsewhere))]
    refused = await leader.post(at, {"registrations": asked})
    assert refused.status_code == 422
    assert [(one["pointer"], one["code"]) for one in refused.json()["errors"]] == [
        ("/registrations/3", "already_registered"), ("/registrations/4/person", "unknown_person"),
    ]  # fmt: skip
    assert not await Registration.count()
    made = await leader.post(at, {"registrations": asked[:3]}, Idempotency_Key="all")
    assert [(one["state"], one["position"]) for one in made.json()] == [
        ("confirmed", None), ("confirmed", None), ("waiting", 1),
    ]  # fmt: skip
    assert (await leader.post(at, {"registrations": asked[:3]}, Idempotency_Key="all")).content == made.content
    again = await leader.post(at, {"registrations": asked[:1]})
    assert (again.status_code, again.json()["errors"][0]["pointer"]) == (409, "/registrations/0")


@pytest.mark.parametrize("key", ["", "x" * 256])
async def test_a_key_that_is_none(organiser: Any, key: str) -> None:
    who, form = organiser
    answer = await who.post("/events", form, Idempotency_Key=key)
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "idempotency_key")
    assert not await Event.count()


async def test_who_answers_a_key_second_is_undone(database: str) -> None:
    account = (await make_official("registrar", union=await make_union())).account
    assert account is not None
    await idempotency.remember(account, "one", Answer(b"1", 201, [], b"first"))
    with pytest.raises(AlreadyAnswered):
        async with db.transaction():
            await make_union("js")
            await idempotency.remember(account, "one", Answer(b"1", 201, [], b"second"))
    known = await idempotency.recall(account, "one")
    assert known is not None
    assert (known.body, await Union.count()) == (b"first", 1)


async def test_secrets_are_not_kept_for_later(caller: Any) -> None:
    who = await caller(await make_official("administrator"))
    first = await who.post("/me/tokens", {"name": "script"}, Idempotency_Key="one")
    kept = await IdempotencyKey.select()
    assert first.status_code == 201
    assert first.json()["token"] not in "".join(bytes(row["body"]).decode("latin-1") for row in kept)


async def test_half_a_request_is_not_carried_out(organiser: Any) -> None:
    who, _ = organiser
    sent = [{"type": "http.request", "body": b"", "more_body": True}, {"type": "http.disconnect"}]
    answers: list[Any] = []

    async def receive() -> Any:
        return sent.pop(0)

    async def send(message: Any) -> None:
        answers.append(message)

    made = await who.post("/events", organiser[1])
    headers = [(b"authorization", f"Bearer {who.token}".encode()), (b"idempotency-key", b"one")]
    path = f"/api/v1/events/{made.json()['id']}/copy"
    scope = {
        "type": "http", "method": "POST", "path": path, "raw_path": path.encode(), "query_string": b"", "root_path": "",
        "headers": headers, "client": ("127.0.0.1", 1), "server": ("magpie.test", 80), "scheme": "http", "state": {},
    }  # fmt: skip
    await create_app()(scope, receive, send)  # type: ignore[arg-type]
    assert (answers, await Event.count()) == ([], 1)
