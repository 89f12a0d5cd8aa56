"""Every page with every role: what is forbidden looks like what is unknown, and nobody gets an error of ours."""

import re
from collections.abc import Iterator

import pytest

from api.app import create_core
from events import db, ids
from events.access import Actor
from tests.api.pages import Browser, browser
from tests.api.test_rights import World, hide, make_world
from tests.events.factory import make_event, make_official, make_participant, make_union

ELSEWHERE = ("/api", "/static", "/sign-out")
SIGN_UP = "/sign-up?next="
DECENT = ((404, ""), (401, ""), (303, SIGN_UP), (303, "itself"))


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """One database is enough: the verbs behind the pages are tried on both."""
    return sqlite_url


@pytest.fixture
async def world(database: str) -> World:
    return await make_world()


async def outsiders() -> dict[str, Actor | None]:
    """Nobody, and people who hold roles elsewhere."""
    elsewhere = await make_union("gd")
    event = await make_event(elsewhere)
    return {
        "nobody": None,
        "participant": await make_participant(elsewhere, "李强"),
        "organiser elsewhere": await make_official("organiser", event=event),
    }


def pages(*, of_event: bool) -> Iterator[tuple[str, str]]:
    """Method and address of every page."""
    for route in create_core().routes:
        if not route.path.startswith(ELSEWHERE) and ("{event_id:uuid}" in route.path) is of_event:
            yield from ((method, route.path) for method in sorted({"GET", "POST"} & {*route.methods}))


def address(path: str, world: World, **others: str) -> str:
    known = world.ids | {"reference": "ABCDEFGH", "step": "announced", "lang": "zh"} | others
    return re.sub(r"{(\w+):\w+}", lambda name: known.get(name[1], "x"), path)


async def asked(reader: Browser, method: str, path: str) -> tuple[int, str]:
    answer = await (reader.look(path) if method == "GET" else reader.send(path, do="x", note="a\x00b"))
    to = answer.headers.get("location", "")
    return answer.status_code, SIGN_UP if to.startswith(SIGN_UP) else "itself" if to == path else to


async def test_the_pages_of_a_draft_are_unknown_to_whoever_has_no_part_in_it(world: World) -> None:
    await hide(world.ids["event_id"])
    wrong = []
    for role, actor in (await outsiders()).items():
        async with browser(actor) as reader:
            for method, path in pages(of_event=True):
                forbidden = await asked(reader, method, address(path, world))
                unknown = await asked(reader, method, address(path, world, event_id=str(ids.new())))
                if forbidden != unknown or forbidden not in DECENT:
                    wrong.append((role, method, path, forbidden, unknown))
    assert wrong == []


async def test_no_page_breaks_whoever_asks(world: World) -> None:
    wrong = []
    for role, actor in {**await outsiders(), "administrator": world.admin}.items():
        async with browser(actor) as reader:
            for of_event in (True, False):
                for method, path in pages(of_event=of_event):
                    status, _ = await asked(reader, method, address(path, world, lang="x"))  # "zh" has no end
                    wrong += [(role, method, path, status)] if status >= 500 else []
    assert wrong == []
    assert await db.rows("SELECT id FROM registration WHERE note LIKE '%a%b%'") == []
