"""Draws for organisers and for whoever checks them: through the API, on pages, on the command line."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from events import contests, drawing
from events.contests import EntryChange, EntryForm
from events.drawing import DrawForm, DrawRules
from events.terms import EntryState
from scoring import published
from scoring.published import Document
from tests.api.pages import browser, words
from tests.api.test_cli import Machine
from tests.api.test_desk import sent, went
from tests.events.contest_factory import Arena, make_stage
from tests.events.factory import make_union

RULES = {"heat_size": 2, "apart": "possible", "apart_by": "delegation", "stations": "centred", "seeds": [3]}


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """One database is enough: the verbs behind it are tried on both."""
    return sqlite_url


async def make_field(**contest: Any) -> Arena:
    """A stage with three entries of one city, and two of others."""
    arena = await make_stage("甲", **contest)
    for code, count in (("hf", 3), ("wh", 1)):
        union = await make_union(code, arena.union, "city")
        forms = [EntryForm(name=f"{code}{number}", union=union) for number in range(count)]
        await contests.add_entries(arena.organiser, arena.event, arena.contest, forms)
    return arena


async def test_a_draw_is_settled_made_and_checked_over_the_api(caller: Callable[..., Any], anyone: Any) -> None:
    arena = await make_field(judges_see_names=True)
    organiser = await caller(arena.organiser)
    path = f"/events/{arena.event}/stages/{arena.stage}/draw"
    assert (await anyone.get(f"{path}/document")).status_code == 404
    foreseen = (await organiser.post(f"{path}/preview", RULES | {"apart": "required"})).json()
    assert (foreseen["heats"], foreseen["possible"], foreseen["together"]) == ([2, 2, 1], True, 0)
    tight = (await organiser.post(f"{path}/preview", {"apart": "required", "heat_size": 3})).json()
    assert [one["too_many"] for one in tight["crowds"]] == [True]
    assert (await organiser.ask("PUT", f"{path}/rules", RULES)).status_code == 200
    wrong = (await organiser.ask("PUT", f"{path}/rules", RULES | {"seeds": [77]})).json()
    assert [(error["pointer"], error["code"]) for error in wrong["errors"]] == [("/seeds", "unknown_numbers")]
    assert (await organiser.post(f"{path}/announce", {"source": "an index"})).json()["rules"]["heat_size"] == 2
    drawn = (await organiser.post(path, {"key": "407"})).json()
    found = msgspec.json.decode((await anyone.get(f"{path}/document")).content, type=Document)
    assert published.differences(found) == []
    assert [int(place.entry) for place in found.start_list] == [slot["number"] for slot in drawn["slots"]]


async def test_impossible_demands_are_named_with_their_unions(caller: Callable[..., Any]) -> None:
    arena = await make_field()
    organiser = await caller(arena.organiser)
    path = f"/events/{arena.event}/stages/{arena.stage}/draw"
    await organiser.ask("PUT", f"{path}/rules", {"apart": "required", "heat_size": 4})
    refused = await organiser.post(path, {"key": "407"})
    assert refused.status_code == 409
    assert "has 3 entries for 2 heats" in refused.json()["detail"]


async def test_rules_are_looked_at_kept_and_told(database: str) -> None:
    arena = await make_field()
    path = f"/desk/events/{arena.event}/stages/{arena.stage}/draw"
    async with browser(arena.organiser, "en") as reader:
        assert (await reader.look(f"{path}/rules")).status_code == 200
        fields = {"format": "none", "heat_size": "3", "apart": "required", "apart_by": "delegation"}
        looked = await sent(reader, f"{path}/rules", do="look", stations="drawn", **fields)
        assert looked.status_code == 200
        assert "This cannot be drawn" in words(looked)
        assert "With heats of 2 at most they could be apart" in words(looked)
        assert (await drawing.drawn(arena.organiser, arena.event, arena.stage)).rules == DrawRules()
        bad = await sent(reader, f"{path}/rules", do="keep", stations="listed", lanes="4, 4", seeds="1 x", **fields)
        assert bad.status_code == 422
        kept = fields | {"heat_size": "2", "stations": "listed", "lanes": "4、7", "seeds": "2，3"}
        await went(reader, f"{path}/rules", do="keep", **kept)
        told = await reader.read(path)
        assert "Heats of 2 at most" in told
        assert "Seeds, the best first: 2, 3." in told
    rules = await drawing.settled_rules(arena.organiser, arena.event, arena.stage)
    assert (rules.lanes, rules.seeds, rules.apart) == ([4, 7], [2, 3], "required")
    async with browser(arena.chief) as chief:
        assert (await chief.look(f"{path}/rules")).status_code == 404


async def test_rules_are_settled_while_nobody_is_entered(database: str) -> None:
    arena = await make_stage("甲")
    (only,) = (await contests.list_entries(arena.organiser, arena.event, arena.contest)).items
    form = EntryChange(state=EntryState.WITHDRAWN)
    await contests.change_entry(arena.organiser, arena.event, arena.contest, only.id, form=form)
    path = f"/desk/events/{arena.event}/stages/{arena.stage}/draw"
    async with browser(arena.organiser, "en") as reader:
        fields = {"format": "none", "heat_size": "3", "apart": "off", "apart_by": "union", "stations": "drawn"}
        await went(reader, f"{path}/rules", do="keep", **fields)
        assert "Heats of 3 at most" in await reader.read(path)
        assert "Nobody is entered yet" in words(await sent(reader, f"{path}/rules", do="look", **fields))


@pytest.mark.parametrize("lang", ["zh", "en"])
async def test_the_public_page_tells_what_may_be_known(database: str, lang: str) -> None:
    arena = await make_field()
    path = f"/events/{arena.event}/stages/{arena.stage}/draw"
    async with browser(lang=lang) as reader, browser(arena.organiser, lang) as organiser:
        assert (await reader.look(f"{path}.json")).status_code == 404
        assert (await reader.look(path)).status_code == 200
        await drawing.draw(arena.organiser, arena.event, arena.stage, DrawForm(key="407"))
        blind, known = (await reader.look(path)).text, (await organiser.look(path)).text
        digest = (await drawing.document(arena.organiser, arena.event, arena.stage)).recipe_digest
        assert digest in blind
        assert digest in known
        assert ("hf0" in blind, "hf0" in known, ">407<" in blind, ">407<" in known) == (False, True, False, True)
        saved = await organiser.look(f"{path}.json")
        assert saved.headers["content-disposition"].startswith("attachment")
        assert published.differences(msgspec.json.decode(saved.content, type=Document)) == []
        assert f'{path}"' in (await reader.look(f"/events/{arena.event}")).text


async def test_a_published_draw_is_made_again_on_the_command_line(database: str, tmp_path: Path) -> None:
    arena = await make_field()
    magpie = Machine(tmp_path, "sqlite:/nowhere/at/all.db")
    await drawing.draw(arena.organiser, arena.event, arena.stage, DrawForm())
    document = await drawing.document(arena.organiser, arena.event, arena.stage)
    file = tmp_path / "draw.json"
    file.write_bytes(msgspec.json.encode(document))
    equal = await magpie("draw", str(file))
    assert (equal.returncode, equal.stdout.splitlines()) == (0, [published.line(one) for one in document.start_list])
    assert "exactly the published one" in equal.stderr
    changed = json.loads(file.read_bytes())
    changed["start_list"][0]["entry"] = "9"
    other = await magpie("draw", "-", typed=json.dumps(changed | {"commitment": "00"}))
    assert other.returncode == 1
    assert "Position 1 differs" in other.stderr
    assert "The key is not the one" in other.stderr
    blind = await drawing.document(arena.chief, arena.event, arena.stage)
    assert (await magpie("draw", "-", typed=msgspec.json.encode(blind).decode())).returncode == 1
    assert (await magpie("draw", "-", typed="{}")).returncode == 1
