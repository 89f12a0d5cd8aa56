"""Drafts and contests are taken away by the page and by the API alike, and are said to stay where they must."""

import httpx
import pytest

from events import contests, organising, scheduling
from events.access import Actor
from events.contests import ContestForm
from events.errors import NotFound
from events.scheduling import SessionForm
from tests.api.conftest import Caller, token_of
from tests.api.pages import browser, words
from tests.api.test_desk import token_of as token_in
from tests.api.test_desk import went
from tests.events.contest_factory import make_arena, make_stage, mark
from tests.events.contest_factory import words as title
from tests.events.factory import START, make_event, make_official, make_union


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """One database is enough: the verbs are tried on both."""
    return sqlite_url


@pytest.fixture
async def admin(database: str) -> Actor:
    return await make_official("administrator", name="admin")


@pytest.mark.parametrize(
    ("lang", "goes", "stays"),
    [("zh", "1 个时段一并删除", "只有从未公布"), ("en", "1 session goes with it", "Only a draft")],
)
async def test_a_draft_is_deleted_on_its_page(admin: Actor, lang: str, goes: str, stays: str) -> None:
    union = await make_union()
    draft, known = await make_event(union, state="draft"), await make_event(union)
    await scheduling.add_session(admin, draft, SessionForm(starts_at=START, ends_at=START.replace(hour=2)))
    async with browser(admin, lang) as reader:
        path = f"/desk/events/{draft}/delete"
        assert path in (await reader.look(f"/desk/events/{draft}")).text
        page = await reader.look(path)
        assert goes in words(page)
        token = token_in(page)
        for _ in range(2):  # pressed twice it is gone, not wrong
            answer = await reader.send(path, do="delete", token=token)
            assert (answer.status_code, answer.headers["location"]) == (303, "/desk/events")
        assert (await reader.look(path)).status_code == 404
        kept = f"/desk/events/{known}/delete"
        assert f'"{kept}"' not in (await reader.look(f"/desk/events/{known}")).text
        page = await reader.look(kept)
        assert stays in words(page)
        assert 'value="delete"' not in page.text
        assert (await reader.send(kept, do="delete", token="x")).status_code == 409
    with pytest.raises(NotFound):
        await organising.event(admin, draft)


async def test_a_contest_is_removed_on_its_page_while_no_mark_stands(admin: Actor) -> None:
    arena = await make_arena()
    other = (await contests.add_contest(admin, arena.event, ContestForm(title=title()))).id
    async with browser(admin, "en") as reader:
        here = f"/desk/events/{arena.event}/contests"
        page = await reader.look(f"{here}/{arena.contest}/remove")
        for part in ("3 entries go with it", "1 stage goes with it", "3 judges lose their seats", "no way back"):
            assert part in words(page), part
        await arena.enter(arena.judges[0], mark(arena.codes[0], "style", "5"))
        late = await reader.send(f"{here}/{arena.contest}/remove", do="remove", token=token_in(page))
        assert late.status_code == 409
        assert "Marks have been given: 1." in words(late)
        assert f'href="{here}/{other}/remove"' in (await reader.look(f"{here}/{other}")).text
        assert await went(reader, f"{here}/{other}/remove", do="remove") == here
    assert [one.id for one in (await contests.list_contests(admin, arena.event)).items] == [arena.contest]


async def test_the_api_takes_away_once_for_a_key(admin: Actor, client: httpx.AsyncClient) -> None:
    who, arena = Caller(client, await token_of(admin)), await make_stage()
    draft = await make_event(arena.union, state="draft")
    for path in (f"/events/{arena.event}/contests/{arena.contest}", f"/events/{draft}"):
        stale = await who.ask("DELETE", path, If_Match='"99-x"')
        assert stale.status_code == 412, path
        answers = [await who.ask("DELETE", path, Idempotency_Key=path) for _ in range(2)]
        assert [answer.status_code for answer in answers] == [204, 204], path
        assert (await who.ask("DELETE", path, Idempotency_Key="another")).status_code == 404
    kept = await who.ask("DELETE", f"/events/{arena.event}")
    assert (kept.status_code, kept.json()["errors"][0]["code"]) == (409, "event_not_draft")
