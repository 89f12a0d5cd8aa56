"""The editor of schemes: begun, written step by step, tried, compared, saved; nothing that was typed is lost."""

import copy
import json
import re
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.web.desk.rules import forms, outline, samples, steps
from api.web.forms import Form
from events import contests
from events.access import Actor
from events.contests import DraftView, SchemeForm
from scoring import comparing, editing
from scoring.editing import Document
from tests.api.conftest import Caller, token_of
from tests.api.pages import PAGE, Browser, browser, words
from tests.api.test_desk import token_of as token_in
from tests.api.test_desk import went
from tests.events.contest_factory import DOCUMENT, Arena, make_arena, make_stage, mark
from tests.events.factory import make_official

LIBRARY = {one.key: {name: value for name, value in one.document.items() if name != "example"}
           for one in contests.library()}  # fmt: skip


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """One database is enough: the verbs behind the pages are tried on both."""
    return sqlite_url


@pytest.fixture
async def admin(database: str) -> Actor:
    return await make_official("administrator", name="admin")


class Editor:
    """Somebody who writes a scheme for a stage."""

    def __init__(self, reader: Browser, actor: Actor, arena: Arena) -> None:
        self.reader, self.actor, self.arena = reader, actor, arena
        self.path = f"/desk/events/{arena.event}/stages/{arena.stage}/scheme"

    async def begin(self, do: str = "blank") -> None:
        """Begin a draft."""
        assert (await went(self.reader, f"{self.path}/start", do=do)).endswith("/scheme/edit")

    async def send(self, at: str, do: str = "save", **fields: str) -> httpx.Response:
        """Fill in the form of a part as it is, but for some fields, and press a button."""
        draft = await self.draft()
        page = await self.reader.look(f"{self.path}/edit?at={at}")
        shown = {name: text for name, text in forms.given(draft.document, at).items() if text} if at != "json" else {}
        sent = {"token": token_in(page), "version": str(draft.version), "at": at, "do": do} | shown | fields
        return await self.reader.send(f"{self.path}/edit?at={at}", **sent)

    async def step(self, at: str, do: str = "save", **fields: str) -> str:
        """The same where it is taken; where it leads."""
        answer = await self.send(at, do, **fields)
        assert answer.status_code == 303, words(answer)[:2000]
        return str(answer.headers["location"]).partition("?at=")[2]

    async def draft(self) -> DraftView:
        found = await contests.draft(self.actor, self.arena.event, self.arena.stage)
        assert found is not None
        return found

    async def read(self, at: str = "/root") -> str:
        """The words of the editor's page."""
        return await self.reader.read(f"{self.path}/edit?at={at}")


async def test_a_scheme_is_built_from_nothing_tried_and_saved(admin: Actor) -> None:
    arena = await make_stage()
    async with browser(admin, "en") as reader:
        editor = Editor(reader, admin, arena)
        await editor.begin()
        begun = await editor.read()
        assert "Nothing is marked yet" in begun
        assert "Add something inside" in begun
        safety = await editor.step("/root", "add", new_kind="criterion")
        order = await editor.step(safety, "add", new_kind="judgement", title_zh="安全", title_en="Safety")
        # a full-width figure is a figure; the language that is left empty is stood in for
        text = {"title_zh": "工位", "title_en": "", "value": "４０", "levels": "不合格 | Below\n合格 | At standard"}
        after = await editor.step(order, "add", new_kind="pass", **text)
        assert (order, after) == ("/root/children/0/children/0", "/root/children/0/children/1")
        assert "Totals 45: 55 short of 100." in await editor.read()
        await editor.step(after, value="60")
        assert "Totals 100." in await editor.read()
        root: Any = (await editor.draft()).document["root"]
        made = root["children"][0]["children"][0]
        assert made["title"] == {"zh": "工位", "en": "工位"}
        assert made["levels"] == [{"zh": "不合格", "en": "Below"}, {"zh": "合格", "en": "At standard"}]
        await editor.step("/standings", ties_0_node="judgement", standings_style="1234")
        assert "the higher “工位” comes first" in await editor.read()
        tried = await went(reader, f"{editor.path}/try", do="made")
        board = await reader.read(f"{tried}?entry=B")
        assert "Why B stands there" in board
        assert re.search(r"Place \d of 4 with [\d.]+\.", board)
        assert "differ from version 1" in await editor.read()
        answer = await editor.send("/root", "version")
        assert answer.headers["location"].endswith("/scheme")
    saved = (await contests.list_schemes(admin, arena.event, arena.contest))[0]
    assert (saved.version, saved.document["standings"]) == (
        2, {"tie_breaks": [{"node": "judgement"}], "style": "1234"}
    )  # fmt: skip
    assert await contests.draft(admin, arena.event, arena.stage) is None


async def test_what_is_wrong_is_kept_and_told_where_it_is(admin: Actor) -> None:
    arena = await make_stage()
    async with browser(admin, "en") as reader:
        editor = Editor(reader, admin, arena)
        await editor.begin("present")
        at = "/root/children/0"
        await editor.step(at, judges="many", scale_max="-1", drop_high="", drop_low="", repeat_combine="sum")
        page = await reader.look(f"{editor.path}/edit?at={at}")
        assert 'name="judges" type="text" value="many"' in page.text
        for field, told in (("judges", "This should be a whole number."), ("scale_max", "The least cannot be above")):
            assert told in page.text.partition(f'id="e-{field}"')[2][:300]
        assert "Not right yet: 2." in words(page)
        refused = await editor.send("/root", "version")
        assert (refused.status_code, "whole number" in words(refused)) == (422, True)
        assert "put it right" in (await reader.read(f"{editor.path}/try")).lower()
        await editor.step(at, judges="5", scale_max="10")
        assert "Not right yet" not in await editor.read()
        await editor.step("/root", "undo")
        assert "Not right yet: 2." in await editor.read()


async def test_parts_are_added_moved_and_taken_away(admin: Actor) -> None:
    async with browser(admin, "en") as reader:
        editor = Editor(reader, admin, await make_stage())
        await editor.begin("present")
        assert await editor.step("", "part", part="award") == "/awards/0"
        assert (
            await editor.step("/awards/0", title_zh="金奖", title_en="Gold", places="2", at_cut="decide") == "/awards/0"
        )
        assert await editor.step("/awards/0", "copy") == "/awards/1"
        assert await editor.step("/awards/1", "up") == "/awards/0"
        assert await editor.step("", "part", part="scaled") == "/scaled"
        assert await editor.step("/awards/0", needs_0_take="scaled", needs_0_least="700") == "/awards/0"
        assert await editor.step("/root/children/3", under="/aside", key="Faults") == "/aside/0"
        assert await editor.step("/scaled", "remove") == ""
        assert "has no scale of the board" in await editor.read("/awards/0")
        assert await editor.step("/awards/0", "remove") == ""
        found = (await editor.draft()).document
        assert found["awards"] == [
            {"places": 2, "counted": "top", "key": "award", "title": {"zh": "金奖", "en": "Gold"}, "ties": "decide"}
        ]
        aside: Any = found["aside"]
        assert aside[0]["key"] == "Faults"
        assert (await editor.send("", "part", part="moon")).status_code == 422


async def test_a_single_aspect_gets_company(admin: Actor) -> None:
    async with browser(admin, "en") as reader:
        editor = Editor(reader, admin, await make_stage())
        await editor.begin("edit:five_judges_drop_high_low")
        assert await editor.step("/root", "wrap") == "/root"
        assert await editor.step("/root", "add", new_kind="theory") == "/root/children/1"
        found = await editor.draft()
        key = str(editing.found(found.document, "/root/children/0/key"))
        assert "Totals 110" in await editor.read("/root/title")  # no part of its own: the score is shown
        # another key is another name for the same marks
        await editor.step("/root/children/0", key="form", was=key)
        assert {cell.split("|")[1] for cell in (await editor.draft()).sample if "|" in cell} == {"form"}
        assert len((await editor.draft()).sample) == len(found.sample)


async def test_who_writes_in_two_windows_loses_nothing(admin: Actor) -> None:
    async with browser(admin, "en") as reader:
        editor = Editor(reader, admin, await make_stage())
        await editor.begin("present")
        first = await reader.look(f"{editor.path}/edit?at=/root/children/0")
        form = {
            "token": token_in(first),
            "version": "1",
            "at": "/root/children/0",
            "was": "style",
            "title_zh": "风格二",
        }
        await editor.step("/root/children/0", "down")
        told = await reader.send(f"{editor.path}/edit", **form, do="save")
        assert told.status_code == 412
        assert 'value="风格二"' in told.text  # what was typed, in the form of the part that moved
        assert 'name="at" value="/root/children/1"' in told.text
        root: Any = (await editor.draft()).document["root"]
        assert [child["key"] for child in root["children"][:2]] == ["care", "style"]


async def test_one_press_is_one_step(admin: Actor) -> None:
    async with browser(admin) as reader:
        editor = Editor(reader, admin, await make_stage())
        await editor.begin()
        page = await reader.look(f"{editor.path}/edit")
        form = {"token": token_in(page), "version": "1", "at": "/root", "do": "add", "new_kind": "time"}
        answers = [await reader.send(f"{editor.path}/edit", **form) for _ in range(2)]
        assert [one.status_code for one in answers] == [303, 303]
        root: Any = (await editor.draft()).document["root"]
        assert len(root["children"]) == 1


async def test_a_document_is_pasted_sent_and_written(admin: Actor) -> None:
    arena = await make_stage()
    async with browser(admin, "en") as reader:
        editor = Editor(reader, admin, arena)
        start = f"{editor.path}/start"
        for source, told in (
            ("{", "no valid JSON"),
            ("[]", "should be an object"),
            ('{"root": 1}', "/root This should"),
        ):
            page = await reader.look(start)
            answer = await reader.send(start, token=token_in(page), do="source", source=source)
            assert (answer.status_code, told in words(answer)) == (422, True), source
            assert json.dumps(source)[1:-1].replace('\\"', "&#34;") in answer.text  # kept
        odd = DOCUMENT | {"odd": {"one": 1}}
        token = token_in(await reader.look(start))
        file = {"file": ("x.json", json.dumps(odd).encode("utf-8-sig"), "application/json")}
        sent = await reader.client.post(start, data={"token": token, "do": "source"}, files=file, headers=PAGE)
        assert sent.status_code == 303
        assert "kept as it is: odd.one" in await editor.read("")
        await editor.step("", title_en="Renamed")
        assert (await editor.draft()).document["odd"] == {"one": 1}  # what no form shows stays
        assert (await editor.send("json", source="{")).status_code == 422
        refused = await editor.send("json", source='{"root": {"children": 1}}')
        assert "/root/children This should be a list." in words(refused)
        assert await editor.step("json", "part", part="advance") == "/advance/0"
        await editor.step("json", source=json.dumps(DOCUMENT))
        assert (await editor.draft()).document == DOCUMENT


async def test_a_scheme_goes_to_a_spreadsheet_and_back(admin: Actor) -> None:
    async with browser(admin, "zh") as reader:
        editor = Editor(reader, admin, await make_stage())
        await went(reader, f"{editor.path}/start", do="take:worldskills_100")
        file = await reader.look(f"{editor.path}/export")
        assert "spreadsheet" in file.headers["content-type"]
        token = token_in(await reader.look(f"{editor.path}/start"))
        again = {"file": ("x.xlsx", file.content, "application/octet-stream")}
        sent = await reader.client.post(
            f"{editor.path}/start", data={"token": token, "do": "source"}, files=again, headers=PAGE
        )
        assert sent.status_code == 303
        assert comparing.changes(LIBRARY["worldskills_100"], (await editor.draft()).document) == []
        bad = {"file": ("x.csv", "类型,代码\n不知道,x\n".encode(), "text/csv")}
        token = token_in(await reader.look(f"{editor.path}/start"))
        told = await reader.client.post(
            f"{editor.path}/start", data={"token": token, "do": "source"}, files=bad, headers=PAGE
        )
        assert told.status_code == 422
        assert "第 2 行" in words(told)


async def test_sample_marks_are_tried_and_are_no_marks(admin: Actor) -> None:
    arena = await make_arena()
    async with browser(admin, "en") as reader:
        editor = Editor(reader, admin, arena)
        await editor.begin("edit:piano_competition")
        path = f"{editor.path}/try"
        assert len((await editor.draft()).sample) > 10  # the worked example that came with it
        page = await reader.read(f"{path}?entry=A")
        assert "brought within limits" in page
        assert "recused or absent" in page
        await went(reader, path, do="clear")
        form = {"m A|final|1|1": "20", "m B|final|1|1": "９９", "m B|final|1|2": "what", "m C|final|1|2": "rec",
                "m A|first|1|0": "18.5"}  # fmt: skip
        tried = await reader.read(await went(reader, path, do="more", **form))
        assert "do not count: 2" in tried
        assert "cannot be more than 25" in tried
        assert "Give a number, or DNS" in tried
        assert (await editor.draft()).sample["entries"] == "5"
        assert (await editor.draft()).sample["B|final|1|1"] == "９９"  # kept, though it does not count
        await went(reader, path, do="made")
        made = await reader.read(path)
        assert "incomplete" not in made
        assert "do not count" not in made
    assert await contests.facts.marks_that_count(arena.event, arena.stage) == []


async def test_two_versions_stand_beside_each_other(admin: Actor) -> None:
    arena = await make_stage()
    async with browser(admin, "en") as reader:
        editor = Editor(reader, admin, arena)
        await editor.begin("present")
        await editor.step("/root/children/0", weight="2")
        await editor.step("/root/children/2", "remove")
        page = await reader.read(f"{editor.path}/compare")
        assert "1 removed · 2 changed" in page
        assert "Weight – 2" in page
        assert "Adds at most 10 20" in page
        await editor.send("/root", "version")
        versions = await contests.list_schemes(admin, arena.event, arena.contest)
        back = f"?before={versions[0].id}&after={versions[1].id}"
        assert "1 added · 2 changed" in await reader.read(f"{editor.path}/compare{back}")
        ready = await reader.read(f"{editor.path}/compare?before=library:diving&after=library:gymnastics")
        assert "From 0 to 750." in ready
    async with browser(arena.chief, "en") as chief:
        assert "1 added · 2 changed" in await chief.read(f"{editor.path}/compare{back}")
        assert "Your draft" not in await chief.read(f"{editor.path}/compare")


async def test_marks_that_are_there_must_fit(admin: Actor) -> None:
    arena = await make_arena()
    await arena.enter(arena.judges[0], mark(arena.codes[0], "style", "9"))
    async with browser(admin, "en") as reader:
        editor = Editor(reader, admin, arena)
        await editor.begin("present")
        await editor.step("/root/children/0", scale_max="8")
        assert "Marks exist." in await editor.read()
        told = await editor.send("/root", "version")
        assert told.status_code == 409
        assert "1 marks do not fit" in words(told)
        await editor.step("/root/children/0", scale_max="9")
        assert (await editor.send("/root", "version")).status_code == 303


async def test_who_may_not_organise_has_no_editor(database: str) -> None:
    arena = await make_stage()
    form = SchemeForm(library="quiz")
    await contests.set_scheme(arena.organiser, arena.event, arena.contest, arena.stage, form=form)
    path = f"/desk/events/{arena.event}/stages/{arena.stage}/scheme"
    async with browser(arena.chief) as chief:
        for end in ("/start", "/edit", "/try"):
            assert (await chief.look(path + end)).status_code == 404, end
            assert (await chief.send(path + end, do="blank")).status_code == 404, end
        for end in ("", "/compare", "/export"):
            assert (await chief.look(path + end)).status_code == 200, end
    async with browser(arena.organiser) as organiser:
        for end in ("/edit", "/try"):  # without a draft one is begun first
            assert (await organiser.look(path + end)).headers["location"] == f"{path}/start"


async def test_drafts_through_the_api(admin: Actor, client: httpx.AsyncClient) -> None:
    arena = await make_stage()
    who = Caller(client, await token_of(admin))
    path = f"/api/v1/events/{arena.event}/stages/{arena.stage}/scheme-draft"
    assert (await who.ask("GET", path)).status_code == 404
    made = await who.ask("PUT", path, {"document": {"root": {"children": []}}, "sample": {"entries": "3"}})
    assert (made.status_code, made.json()["version"]) == (200, 1)
    wrong = await who.ask("PUT", path, {"document": {"root": {"children": {}}}})
    assert [one["pointer"] for one in wrong.json()["errors"]] == ["/document/root/children"]
    assert (await who.ask("GET", path)).json() == made.json()
    assert (await who.ask("DELETE", path)).status_code == 204
    assert (await who.ask("GET", path)).status_code == 404


# --- forms and documents --------------------------------------------------------------------------------------------


def parts_of(document: Document) -> list[str]:
    grants = [
        f"/{name}/{n}" for name in ("awards", "advance", "promotions") for n in range(len(document.get(name, [])))
    ]
    return ["", "/standings", "/scaled", "/standard", *grants, *(spot.at for spot in editing.spots(document))]


@pytest.mark.parametrize("key", LIBRARY)
def test_every_form_shows_all_of_its_part_and_gives_it_back(key: str) -> None:
    document = LIBRARY[key]
    for at in parts_of(document):
        shown = forms.given(document, at)
        assert forms.take(document, at, shown) == document, at
        assert forms.kept(document, at) == [], at
        for group in forms.shown(document, at, Form(shown), "en"):
            found: Any = group["fields"]
            assert [one for one in found if one.label == one.name] == []


@pytest.mark.parametrize("key", LIBRARY)
def test_made_up_marks_are_lawful_and_complete(key: str) -> None:
    rules = outline.read(LIBRARY[key]).scheme
    filled = samples.filled(rules, samples.made_up(rules, {}), "en")
    assert filled.errors == {}
    assert len({mark.entry for mark in filled.marks}) == samples.ENTRIES


JUNK: st.SearchStrategy[object] = st.sampled_from(
    [None, True, 5, "x", "", [], {}, [1], [{}], {"a": 1}, "0.5", {"zh": 1}, "total", "criterion", -3]
)


@st.composite
def damaged(draw: st.DrawFn) -> Document:
    """A scheme of the library with junk in some place."""
    document: Document = json.loads(json.dumps(LIBRARY[draw(st.sampled_from(sorted(LIBRARY)))], default=str))
    for _ in range(draw(st.integers(1, 3))):
        holder: Any = document
        for _ in range(draw(st.integers(0, 5))):
            inside = [
                one
                for one in (holder.values() if isinstance(holder, dict) else holder)
                if one and isinstance(one, dict | list)
            ]
            holder = draw(st.sampled_from(inside)) if inside else holder
        names = (
            [*holder, "combine", "scale", "convert", "round", "needs"]
            if isinstance(holder, dict)
            else range(len(holder))
        )
        holder[draw(st.sampled_from(list(names)))] = copy.deepcopy(draw(JUNK))
    return document


@pytest.mark.parametrize("junk", [None, 7, "absent"])
def test_a_list_that_is_none_is_shown_as_an_empty_one(junk: object) -> None:
    document = {**copy.deepcopy(DOCUMENT), "standings": {"better": "higher", "ranked_statuses": junk}}
    shown = forms.given(document, "/standings")
    assert {value for name, value in shown.items() if name.startswith("ranked_")} == {""}


@settings(max_examples=40, deadline=None)
@given(damaged(), st.sampled_from(["up", "copy", "remove", "add", "save", "lift_ties_1", "part"]), st.data())
def test_whatever_a_document_holds_it_can_be_edited(document: Document, do: str, data: st.DataObject) -> None:
    if editing.sound(document):
        return
    found = outline.read(document)
    outline.tree(found, "", "en")
    outline.others(found, "", "zh")
    at = data.draw(st.sampled_from(parts_of(document)))
    shown = forms.given(document, at)
    forms.shown(document, at, Form(shown), "en")
    made = steps.step(document, {**shown, "at": at, "do": do, "new_kind": "panel", "part": "award", "key": "new"})
    assert editing.sound(made.document) == []
    assert outline.read(made.document)
    comparing.changes(document, made.document)
