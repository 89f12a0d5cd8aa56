"""Judges to panels: on the desk and through the API."""

from collections.abc import Callable
from typing import Any

import pytest

from events import marking
from tests.api.pages import browser, words
from tests.api.test_desk import sent, token_of, went
from tests.events.contest_factory import Arena
from tests.events.test_judging import make_field

KEYS = ("key", "digest", "most")


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """One database is enough: the verbs behind it are tried on both."""
    return sqlite_url


async def seats(arena: Arena) -> list[str]:
    panels = await marking.list_panels(arena.organiser, arena.event, arena.stage)
    return [seat.name for panel in panels for seat in panel.seats]


async def test_a_proposal_is_looked_at_and_adopted_on_the_desk(database: str) -> None:
    arena, _ = await make_field({"anna": "hf", "ben": "bb", "cora": "bb", "dora": "bb"}, "hf")
    path = f"/desk/events/{arena.event}/judges"
    async with browser(arena.organiser, "en") as reader:
        await went(reader, path, do="rule", own_union="delegation")
        shown = await sent(reader, path, do="propose", most="")
        assert "Seat all 3" in words(shown)
        assert await seats(arena) == []
        hidden = {name: shown.text.partition(f'name="{name}" value="')[2].partition('"')[0] for name in KEYS}
        adopted = await reader.send(path, token=token_of(await reader.look(path)), do="adopt", **hidden)
        assert adopted.status_code == 303
        assert await seats(arena) == ["ben", "cora", "dora"]
        assert "3 sit, complete" in await reader.read(path)


async def test_what_cannot_be_met_is_told_in_words(database: str) -> None:
    arena, _ = await make_field({"anna": "hf", "ben": "bb", "cora": "bb", "dora": "bb"}, "hf", "wh")
    path = f"/desk/events/{arena.event}/judges"
    async with browser(arena.organiser, "en") as reader:
        assert "no such numbers: 77" in words(
            await sent(reader, path, do="declare", person="ben", entry="77", contest=str(arena.contest))
        )
        assert (await sent(reader, path, do="declare", person="ben")).status_code == 422
        assert (await sent(reader, path, do="declare", person="nobody", union="wh")).status_code == 422
        await went(reader, path, do="declare", person="ben", union="ah.wh", reason="his wife")
        await went(reader, path, do="declare", person="cora", entry="3", contest=str(arena.contest), reason="pupil")
        assert "his wife" in await reader.read(path)
        told = words(await sent(reader, path, do="propose"))
        assert "3 judges are needed, and at most 2 are possible" in told
        assert "Welding · Final · Panel" in told
        assert "anna, dora" in told
        assert "Seat all" not in told
    async with browser(arena.organiser, "zh") as reader:
        assert "需要 3 位裁判" in words(await sent(reader, path, do="propose"))


async def test_judges_are_proposed_and_seated_over_the_api(caller: Callable[..., Any]) -> None:
    arena, accounts = await make_field({"anna": "hf", "ben": "bb", "cora": "bb", "dora": "bb"}, "hf")
    organiser, path = await caller(arena.organiser), f"/events/{arena.event}/judging"
    assert (await organiser.ask("PUT", path, {"own_union": "union"})).json() == {"own_union": "union"}
    against = {"account": str(accounts["dora"]), "union": str(arena.union)}
    declared = (await organiser.post(f"{path}/conflicts", against)).json()
    short = (await organiser.post(f"{path}/proposal", {"key": "407"})).json()
    assert [(one["needed"], one["possible"]) for one in short["shortages"]] == [(3, 2)]
    refused = await organiser.post(f"{path}/adopt", {"key": "407", "digest": short["digest"]})
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (409, "judges_short")
    assert (await organiser.ask("DELETE", f"{path}/conflicts/{declared['id']}")).status_code == 204
    whole = (await organiser.post(f"{path}/proposal", {"key": "407"})).json()
    adopted = (await organiser.post(f"{path}/adopt", {"key": "407", "digest": whole["digest"]})).json()
    assert [(one["sitting"], one["missing"]) for one in adopted["demands"]] == [(3, 0)]
    assert (await organiser.get(path)).json()["breaches"] == []
