"""Bad input: a problem document that names each field, and nothing written."""

from typing import Any

import httpx
import pytest

from events.tables import Event, Notice
from tests.api.conftest import Caller
from tests.events.contest_factory import make_arena
from tests.events.factory import make_event, make_official, make_union

GOOD: dict[str, Any] = {
    "kind": "competition",
    "title": {"zh": "电工技能竞赛", "en": "Electricians"},
    "starts_at": "2027-05-01T09:00:00+08:00",
    "ends_at": "2027-05-01T17:00:00+08:00",
}


@pytest.fixture
async def organiser(caller: Any) -> tuple[Caller, dict[str, Any]]:
    union = await make_union()
    return await caller(await make_official("organiser", union=union)), GOOD | {"union": str(union)}


def reasons(answer: httpx.Response) -> dict[str, str]:
    """What is wrong with each field; the document itself is as RFC 9457 wants it."""
    document = answer.json()
    assert answer.headers["content-type"] == "application/problem+json"
    assert document["status"] == answer.status_code
    assert document["type"].startswith("/problems/")
    assert document["title"]
    assert all(error["message"] and "{" not in error["message"] for error in document["errors"])
    return {error["pointer"]: error["code"] for error in document["errors"]}


BAD = [
    ({"title": 7, "kind": "opera"}, {"/title": "wrong_type", "/kind": "not_a_choice"}),
    ({"places": "many"}, {"/places": "wrong_type"}),
    ({"colour": "red", "title": {"zh": "好", "fr": "bon"}}, {"/colour": "unknown_field", "/title/fr": "unknown_field"}),
    ({"title": {"zh": "长" * 201}, "city": "x" * 201}, {"/title/zh": "too_long", "/city": "too_long"}),
    ({"starts_at": "2027-05-01T09:00:00"}, {"/starts_at": "no_zone"}),
    ({"starts_at": "on Monday"}, {"/starts_at": "not_a_time"}),
    ({"ends_at": "2027-05-01T08:00:00+08:00"}, {"/ends_at": "ends_before_start"}),
    ({"places": -1}, {"/places": "too_small"}),
    ({"places": 10**10}, {"/places": "too_big"}),
    ({"union": "7"}, {"/union": "not_an_id"}),
    ({"title": {"zh": "a\x00b"}}, {"/title/zh": "bad_characters"}),
    ({"eligibility": {"age_min": "old"}}, {"/eligibility/age_min": "wrong_type"}),
    ({"eligibility": {"beard": True}}, {"/eligibility/beard": "unknown_field"}),
    ({"title": {}}, {"/title": "title_needed"}),
    (
        {"places": "many", "title": {}, "ends_at": "2027-05-01T08:00:00+08:00",
         "eligibility": {"age_min": 9, "age_max": 8}},
        {"/places": "wrong_type", "/title": "title_needed", "/ends_at": "ends_before_start",
         "/eligibility/age_max": "age_range"},
    ),  # what can be read is looked at although something cannot
    ({"starts_at": "on Monday", "title": {}}, {"/starts_at": "not_a_time", "/title": "title_needed"}),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "expected"), BAD)
async def test_every_wrong_field_is_named(organiser: Any, changes: dict[str, Any], expected: dict[str, str]) -> None:
    who, good = organiser
    before = await Notice.count()
    answer = await who.post("/events", good | changes)
    assert answer.status_code == 422
    assert reasons(answer) == expected
    assert not await Event.count()
    assert await Notice.count() == before


async def test_a_session_and_a_contest_name_every_wrong_field(organiser: Any) -> None:
    who, good = organiser
    event = (await who.post("/events", good)).json()["id"]
    session = {"starts_at": good["ends_at"], "ends_at": good["starts_at"], "venue": "hall"}
    found = reasons(await who.post(f"/events/{event}/sessions", session))
    assert found == {"/ends_at": "ends_before_start", "/venue": "not_an_id"}
    division = {"title": {}, "eligibility": {"age_min": "old"}}
    contest = (await who.post(f"/events/{event}/contests", {"title": good["title"]})).json()["id"]
    for place, form in (("", {"title": {}, "places": -1}), (f"/{contest}/divisions", division)):
        found = reasons(await who.post(f"/events/{event}/contests{place}", form))
        assert (len(found), found["/title"]) == (2, "title_needed")
    moved = {"reason": "", "starts_at": good["ends_at"], "ends_at": good["starts_at"], "venue": "hall"}
    found = reasons(await who.post(f"/events/{event}/move", moved))
    assert found == {"/ends_at": "ends_before_start", "/venue": "not_an_id"}


async def test_what_is_missing_is_named(organiser: Any) -> None:
    answer = await organiser[0].post("/events", {})
    missing = dict.fromkeys(("/kind", "/title", "/union", "/starts_at", "/ends_at"), "missing")
    assert (answer.status_code, reasons(answer)) == (422, missing)


@pytest.mark.parametrize(
    ("body", "kind", "status", "code"),
    [
        (b'{"kind": ', "application/json", 400, "malformed"),
        (b"\xff\xfe", "application/json", 400, "malformed"),
        (b"", "application/json", 422, "missing"),
        (b"[]", "application/json", 422, "wrong_type"),
        (b"kind=competition", "application/x-www-form-urlencoded", 415, "media_type"),
    ],
)
async def test_a_body_that_is_no_object(organiser: Any, body: bytes, kind: str, status: int, code: str) -> None:
    who, _ = organiser
    headers = {"Authorization": f"Bearer {who.token}", "Content-Type": kind}
    answer = await who.client.post("/api/v1/events", content=body, headers=headers)
    assert (answer.status_code, set(reasons(answer).values())) == (status, {code})


async def test_a_body_that_is_too_large(organiser: Any) -> None:
    who, good = organiser
    for key in ({}, {"Idempotency_Key": "large"}):
        answer = await who.post("/events", good | {"description": {"zh": "长" * 4_000_000}}, **key)
        assert (answer.status_code, reasons(answer)) == (413, {"": "too_large"})


@pytest.mark.parametrize("title", ["𠮷野家 🏆🎉", "䶮", "👩‍🔧 e\u0301", "ا", "\U0010ffff"])
async def test_rare_characters_come_back_as_they_were(organiser: Any, title: str) -> None:
    who, good = organiser
    made = await who.post("/events", good | {"title": {"zh": title, "en": ""}})
    assert made.status_code == 201
    assert (await who.get(f"/events/{made.json()['id']}")).json()["title"]["zh"] == title


@pytest.mark.parametrize(
    ("query", "pointer"),
    [("limit=0", "/limit"), ("limit=501", "/limit"), ("limit=ten", "/limit"), ("kind=opera", "/kind"),
     ("first=tomorrow", "/first"), ("cursor=!!!", "/cursor"), ("cursor=bnVsbA", "/cursor"), ("series=7", "/series"),
     ("templates=perhaps", "/templates"), ("q=%00", "/q")],
)  # fmt: skip
async def test_a_wrong_parameter_is_named(anyone: Caller, query: str, pointer: str) -> None:
    answer = await anyone.get(f"/events?{query}")
    assert (answer.status_code, list(reasons(answer))) == (422, [pointer])


async def test_marks_outside_the_scale_or_of_another_panel(caller: Any) -> None:
    arena = await make_arena()
    judge, stranger = await caller(arena.judges[0]), await caller(await make_official("judge", event=arena.event))
    path, code = f"/events/{arena.event}/stages/{arena.stage}/marks", arena.codes[0]
    marks = [
        {"entry": code, "aspect": "style", "value": "11"},
        {"entry": code, "aspect": "style", "value": "7.3"},
        {"entry": "Z99", "aspect": "style", "value": "5"},
        {"entry": code, "aspect": "grace", "value": "5"},
        {"entry": code, "aspect": "style", "value": "5", "seat": "J2"},
    ]
    answer = await judge.post(path, {"marks": marks})
    assert answer.status_code == 422
    assert reasons(answer) == {
        "/marks/0/value": "value_too_large",
        "/marks/1/value": "value_off_step",
        "/marks/2/entry": "unknown_entry",
        "/marks/3/aspect": "unknown_aspect",
        "/marks/4/seat": "not_your_seat",
    }
    refused = await stranger.post(path, {"marks": [{"entry": code, "aspect": "style", "value": "5"}]})
    assert refused.status_code in (404, 422)
    chief = await caller(arena.chief)
    assert (await chief.get(path)).json()["items"] == []


async def test_reasons_are_told_in_the_language_asked_for(anyone: Caller) -> None:
    english, chinese = await anyone.get("/events?limit=0"), await anyone.get("/events?limit=0", Accept_Language="zh-CN")
    assert english.json()["errors"][0]["message"] == "Too small: it cannot be less than 1."
    assert chinese.json()["errors"][0]["message"] == "太小了：不能小于 1。"


async def test_unknown_and_forbidden_are_one_answer(anyone: Caller, caller: Any) -> None:
    union = await make_union()
    draft = await make_event(union, state="draft")
    who = await caller(await make_official("judge", event=await make_event(union)))
    forbidden = await who.get(f"/events/{draft}")
    unknown = await who.get(f"/events/{union}")
    assert (forbidden.status_code, forbidden.content) == (unknown.status_code, unknown.content)
    assert forbidden.status_code == 404


@pytest.mark.parametrize("query", ["kind=null", "kind=fair&kind=show", "limit=7&limit=8", "templates=null"])
async def test_a_parameter_is_given_once_and_never_as_null(anyone: Caller, query: str) -> None:
    assert (await anyone.get(f"/events?{query}")).status_code == 422


async def test_numbers_and_words_are_not_taken_for_one_another(organiser: Any) -> None:
    who, good = organiser
    wrong = {"starts_at": 0, "places": "7", "is_template": "true", "title": {"zh": 7}}
    assert list(reasons(await who.post("/events", good | wrong))) == [
        "/title/zh",
        "/starts_at",
        "/places",
        "/is_template",
    ]


@pytest.mark.parametrize("body", [b"[" * 100_000, b'{"title":' * 50_000, b'{"places": ' + b"9" * 100_000 + b"}"])
async def test_a_body_that_is_meant_to_break_the_reader(organiser: Any, body: bytes) -> None:
    who, _ = organiser
    headers = {"Authorization": f"Bearer {who.token}", "Content-Type": "application/json"}
    answer = await who.client.post("/api/v1/events", content=body, headers=headers)
    assert answer.status_code in (400, 422)
