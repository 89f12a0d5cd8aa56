"""Scoring without an event over the network: nobody is signed in, nothing is kept, and nothing hangs or breaks."""

import base64
import json
import re
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from api.app import create_app
from scoring import schemes, tables
from tests.api.conftest import Caller
from tests.api.test_input import reasons
from tests.scoring.cases import LIBRARY, ROOT, document, library, node, scheme


@pytest.fixture
async def anyone() -> AsyncIterator[Caller]:
    """Somebody who is not signed in; no database is needed."""
    transport = httpx.ASGITransport(app=create_app(), raise_app_exceptions=False)  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=transport, base_url="http://magpie.test") as made:
        yield Caller(made)


def request(name: str, **more: Any) -> dict[str, Any]:
    """The worked example of a ready scheme as it is sent."""
    example = json.loads((LIBRARY / f"{name}.json").read_text("utf-8"))["example"]
    return {"scheme": name, "marks": example["marks"], "entries": example.get("entries", []), **more}


async def test_ready_schemes_come_to_what_they_say(anyone: Caller) -> None:
    for name in library():
        answer = await anyone.post("/scoring/evaluate", request(name, explain_all=True))
        assert answer.status_code == 200, (name, answer.text)
        found, expected = answer.json(), document(name)["example"]["expected"]
        lines = {line["entry"]: line for line in found["standings"]}
        for row in expected:
            line = lines[row["entry"]]
            assert line["rank"] == (None if row.get("rank") is None else str(row["rank"]))
            assert line["score"] == (None if row.get("score") is None else str(row["score"])) or row.get("score")
            assert line["status"] == row.get("status")
            assert line["awards"] == row.get("awards", line["awards"])
        assert [one["entry"] for one in found["explanations"]] == list(
            dict.fromkeys(one["entry"] for one in (*request(name)["entries"], *request(name)["marks"]))
        )


async def test_words_are_in_the_language_that_is_asked_for(anyone: Caller) -> None:
    wanted = request("provincial_contest", explain=["02"])
    for language, words in (("en", "Second prize: not given"), ("zh", "二等奖：未获得")):
        answer = await anyone.post("/scoring/evaluate", wanted, Accept_Language=language)
        (told,) = answer.json()["explanations"]
        assert words in told["words"]["given"][0]


async def test_the_example_on_the_page_is_answered(anyone: Caller) -> None:
    page = (ROOT / "docs" / "schemes.md").read_text("utf-8")
    (block,) = re.findall(r"```http\n(.*?)```", page, re.DOTALL)
    head, _, body = block.partition("\n\n")
    answer = await anyone.post(head.split()[1], json.loads(body))
    assert [line["rank"] for line in answer.json()["standings"]] == ["1", None]
    assert answer.json()["explanations"][0]["words"]["score"] == ["Seconds = 11.2"]


async def test_numbers_are_taken_as_they_are_written(anyone: Caller) -> None:
    given = node("given", "s")
    rules = {"format": "magpie-scheme/1", "key": "s", "title": given["title"], "root": given | {"plus": "VALUE"}}
    mark = {"entry": "1", "aspect": "s", "value": "VALUE"}
    exact = "123456789012.123456"  # more digits than a float has
    body = json.dumps({"scheme": rules, "marks": [mark]}).replace('"VALUE"', exact).encode()
    answer = await anyone.client.post(
        "/api/v1/scoring/evaluate", content=body, headers={"Content-Type": "application/json"}
    )
    assert answer.json()["standings"][0]["score"] == "246913578024.246912"


async def test_everything_that_is_wrong_is_named(anyone: Caller) -> None:
    marks = [
        {"entry": "1", "aspect": "marks", "judge": "J1", "value": "7"},
        {"entry": "1", "aspect": "marks", "judge": "J1", "value": 8},
        {"entry": "1", "aspect": "nothing", "value": "7"},
        {"entry": "1", "aspect": "difficulty", "value": "seven"},
        {"entry": "1", "aspect": "difficulty", "value": "1E999999999", "status": "absent"},
    ]
    entries = [{"entry": "1", "lot": 1}, {"entry": "1"}, {"entry": "2", "lot": 1}]
    answer = await anyone.post("/scoring/evaluate", {"scheme": "diving", "marks": marks, "entries": entries})
    assert answer.status_code == 422
    assert reasons(answer) == {
        "/marks/1/judge": "mark_twice",
        "/marks/2/aspect": "unknown_aspect",
        "/marks/3/value": "not_decimal",
        "/marks/4/value": "not_decimal",
        "/marks/4/status": "status_not_allowed",
        "/marks/4/judge": "mark_twice",
        "/entries/1/entry": "entry_twice",
        "/entries/2/lot": "lot_taken",
    }
    answer = await anyone.post("/scoring/evaluate", {"scheme": {"format": "magpie-scheme/1", "root": {}}, "marks": []})
    assert reasons(answer)["/scheme/root/kind"] == "missing_field"
    answer = await anyone.post("/scoring/evaluate", {"scheme": "none", "marks": []})
    assert reasons(answer) == {"/scheme": "not_in_library"}
    answer = await anyone.post("/scoring/evaluate", request("diving", explain=["nobody"]))
    assert reasons(answer) == {"/explain/0": "unknown_entry"}


def deep(levels: int) -> dict[str, Any]:
    found = node("given", "leaf")
    for level in range(levels):
        found = node("criterion", f"n{level}", children=[found])
    return found


def wide(nodes: int, **rest: Any) -> dict[str, Any]:
    def group(i: int) -> dict[str, Any]:
        return node("criterion", f"g{i}", children=[node("given", f"a{i}.{j}", **rest) for j in range(100)])

    return node("criterion", "all", children=[group(i) for i in range(nodes // 100)])


def multiplied() -> dict[str, Any]:
    """Products of products of numbers with many digits."""

    def fine(key: str, level: int) -> dict[str, Any]:
        small = {"factor": "0.000000001", "weight": "0.000000001"}
        below = fine(key, level - 1) if level else node("given", f"{key}.leaf", **small)
        return node("criterion", f"{key}.{level}", children=[below], **small)

    inner = [[fine(f"p{i}.{j}", 10) for j in range(10)] for i in range(10)]
    groups = [node("criterion", f"p{i}", combine="product", children=inside) for i, inside in enumerate(inner)]
    return node("criterion", "all", combine="product", children=groups)


def hostile() -> dict[str, tuple[Any, str]]:
    """Documents that would take for ever, and the code of the answer."""
    entries = [{"entry": str(i), "delegation": str(i)} for i in range(5000)]
    award = {"title": {"zh": "奖", "en": "Award"}, "places": 1, "each": "delegation", "cap": {"most": 1}}
    again = [node("again", f"x{i}", of="all") for i in range(200)]
    awards = [award | {"key": f"a{i}"} for i in range(90)]
    return {
        "deep": ({"root": deep(200)}, "too_deep"),
        "wide": ({"root": wide(5000)}, "too_many_nodes"),
        "repeated": ({"root": wide(1900, repeat={"times": 200}), "entries": entries}, "too_much_work"),
        "again": ({"root": wide(900), "aside": again, "entries": entries[:9]}, "too_much_work"),
        "crowded": ({"root": node("given", "s"), "awards": awards, "entries": entries}, "too_much_work"),
        "explained": ({"root": wide(1900), "entries": entries[:20], "explain_all": True}, "too_much_to_explain"),
        "large": ({"root": node("given", "s", weight=10**4000)}, "not_decimal"),
        "multiplied": ({"root": multiplied(), "entries": entries[:200]}, "too_much_work"),
    }


@pytest.mark.parametrize("name", hostile())
async def test_what_would_take_for_ever_is_refused(anyone: Caller, name: str) -> None:
    given, code = hostile()[name]
    rest = {key: given.pop(key) for key in ("entries", "explain_all") if key in given}
    title = {"zh": "例", "en": "Example"}
    rules = {"format": "magpie-scheme/1", "key": "s", "title": title, **given}
    answer = await anyone.post("/scoring/evaluate", {"scheme": rules, "marks": [], **rest})
    assert (answer.status_code, set(reasons(answer).values())) == (422, {code})


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b'{"scheme": ' + b"[" * 100_000, 400),
        (b'{"scheme": "diving", "marks": [], "explain_all": 1E999999}', 422),
        (b'{"scheme": {"format": 1E999999999, "root": {"kind": 1E-999999999}}, "marks": []}', 422),
        (b'{"scheme": "diving", "marks": [{"entry": "1", "aspect": "difficulty", "value": 1E999999999}]}', 422),
        (b'{"scheme": "diving", "marks": [{"entry": "1", "aspect": "a", "value": 1' + b"0" * 5000 + b"}]}", 400),
        (b'"' + b"x" * (3 * 1024 * 1024) + b'"', 413),
        (b"\xff", 400),
    ],
)  # fmt: skip
async def test_what_is_no_request_is_a_problem_document(anyone: Caller, body: bytes, status: int) -> None:
    for path in ("evaluate", "schemes/import", "schemes/export"):
        answer = await anyone.client.post(
            f"/api/v1/scoring/{path}", content=body, headers={"Content-Type": "application/json"}
        )
        assert answer.status_code in (status, 422), answer.text[:200]
        assert answer.headers["content-type"] == "application/problem+json"


async def test_the_published_forms_are_the_files(anyone: Caller) -> None:
    for kind, form in (("scheme", schemes.JSON_SCHEMA), ("table", tables.JSON_SCHEMA)):
        published = (await anyone.get(f"/scoring/{kind}.schema.json")).json()
        assert published == json.loads((ROOT / "docs" / f"{kind}.schema.json").read_text("utf-8"))
        assert published == json.loads(json.dumps(form))


async def test_the_library_is_there_to_be_read(anyone: Caller) -> None:
    listed = (await anyone.get("/scoring/schemes")).json()["items"]
    assert [one["key"] for one in listed] == library()
    one = (await anyone.get("/scoring/schemes/diving")).json()
    assert schemes.parse(one["document"]) == scheme("diving")
    assert (await anyone.get("/scoring/schemes/none")).status_code == 404


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
async def test_schemes_go_to_spreadsheets_and_back(anyone: Caller, kind: str) -> None:
    for name in library():
        sheet = (await anyone.post("/scoring/schemes/export", {"scheme": name, "kind": kind})).json()
        back = await anyone.post("/scoring/schemes/import", {"file": sheet["file"]})
        assert schemes.parse(back.json()["scheme"]) == scheme(name)


async def test_a_wrong_spreadsheet_is_told_cell_by_cell(anyone: Caller) -> None:
    sheet = base64.b64encode("编号,类型,分值\na,通过,二\nb,歌剧,1\n".encode("gb18030")).decode()
    answer = await anyone.post("/scoring/schemes/import", {"file": sheet})
    assert reasons(answer) == {"/rows/2/value": "not_decimal", "/rows/3/kind": "row_kind"}
    assert (await anyone.post("/scoring/schemes/import", {"file": "%"})).status_code == 422
    answer = await anyone.post("/scoring/schemes/export", {"scheme": {"format": "magpie-scheme/1"}})
    assert reasons(answer)["/scheme/root"] == "missing_field"
