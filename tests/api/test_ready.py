"""What a crowd reads lies ready: made once for each change, the same for all, and nothing of anybody in it."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
import time_machine

from api import ready
from api.answers import OFTEN, Whole
from api.app import create_core
from api.ready.store import Made, Store, Subject
from api.ready.words import MARK, Of, Ready
from api.web import rendering
from events import clock, db, notices, organising, publishing
from events.contests import ContestForm
from events.notices import Posted
from events.organising import EventChange
from events.text import Bilingual
from tests.api.conftest import token_of
from tests.api.pages import browser
from tests.events.contest_factory import Arena, make_arena, words
from tests.events.factory import make_event, make_official, make_participant, make_union

MEGABYTE = 2**20
EVENT, STAGE, OTHER = uuid4(), uuid4(), uuid4()


def made(text: str, *, seconds: float = 60) -> Made:
    return Made(Whole([], text.encode(), OFTEN), clock.now() + timedelta(seconds=seconds))


class Kitchen:
    """Makes answers, each when it is told to."""

    def __init__(self) -> None:
        self.begun = 0
        self.busy, self.go = asyncio.Event(), asyncio.Event()

    async def make(self) -> Made:
        self.begun += 1
        self.busy.set()
        text = f"{self.begun}"
        await self.go.wait()
        return made(text)


@pytest.fixture
def store() -> Iterator[Store]:
    kept = Store(MEGABYTE)
    with kept.listening():
        yield kept


def text_of(whole: Whole | None) -> str:
    assert whole is not None
    return whole.forms[""].body["body"].decode()


async def test_who_asks_together_shares_one_making(store: Store) -> None:
    kitchen = Kitchen()
    kitchen.go.set()
    found = await asyncio.gather(*(store.get(("a",), Subject(ready.EVENT, EVENT), kitchen.make) for _ in range(50)))
    assert {text_of(whole) for whole in found} == {"1"}
    assert store.at_once(("a",)) is found[0]


async def test_who_asks_after_a_change_gets_what_was_begun_after_it(store: Store) -> None:
    kitchen, subject = Kitchen(), Subject(ready.EVENT, EVENT)
    before = asyncio.create_task(store.get(("a",), subject, kitchen.make))
    await kitchen.busy.wait()
    store.hear(Posted("event.changed", EVENT, EVENT))
    after = [asyncio.create_task(store.get(("a",), subject, kitchen.make)) for _ in range(3)]
    await asyncio.sleep(0)
    assert kitchen.begun == 1  # one at a time
    kitchen.go.set()
    assert text_of(await before) == "1"
    assert [text_of(await one) for one in after] == ["2", "2", "2"]
    assert text_of(store.at_once(("a",))) == "2"


async def test_what_was_made_while_something_changed_is_not_handed_out_later(store: Store) -> None:
    kitchen = Kitchen()
    before = asyncio.create_task(store.get(("a",), Subject(ready.EVENT, EVENT), kitchen.make))
    await kitchen.busy.wait()
    store.hear(Posted("event.changed", EVENT, EVENT))
    kitchen.go.set()
    await before
    assert store.at_once(("a",)) is None


MOVES: dict[str, tuple[Ready, Posted, bool]] = {
    "its event": (ready.EVENT, Posted("event.changed", EVENT, EVENT), True),
    "its event, elsewhere": (ready.EVENT, Posted("event.changed", EVENT, EVENT, here=False), True),
    "a place taken": (ready.EVENT, Posted("registration.confirmed", EVENT, OTHER), True),
    "a place taken, no place shown": (ready.PLAN, Posted("registration.confirmed", EVENT, OTHER), False),
    "another event": (ready.EVENT, Posted("event.changed", OTHER, OTHER), False),
    "another event, in a list": (ready.EVENTS, Posted("event.changed", OTHER, OTHER), True),
    "a union": (ready.EVENT, Posted("union.changed", None, OTHER), True),
    "a union, in a list": (ready.EVENTS, Posted("union.changed", None, OTHER), True),
    "an account": (ready.EVENTS, Posted("account.made", None, OTHER), False),
    "a mark": (ready.BOARD, Posted("marks.entered", EVENT, STAGE), False),
    "a mark may be the first": (ready.CONTESTS, Posted("marks.entered", EVENT, STAGE), True),
    "its board": (ready.BOARD, Posted("board.restated", EVENT, STAGE), True),
    "another board": (ready.BOARD, Posted("board.restated", EVENT, OTHER), False),
    "a freeze": (ready.BOARD, Posted("board.frozen", EVENT, STAGE), True),
    "a result": (ready.RESULTS, Posted("board.official", EVENT, STAGE), True),
    "anything, of what only a new version changes": (ready.PROGRAM, Posted("union.changed", None, OTHER), False),
}  # fmt: skip


@pytest.mark.parametrize("name", MOVES)
async def test_what_changes_an_answer(store: Store, name: str) -> None:
    mark, posted, moves = MOVES[name]
    kitchen = Kitchen()
    kitchen.go.set()
    event = EVENT if mark.of is Of.EVENT else None
    await store.get(("a",), Subject(mark, event, STAGE if mark.follows_boards else None), kitchen.make)
    store.hear(posted)
    assert (store.at_once(("a",)) is None) == moves


async def test_the_clock_alone_ends_an_answer(store: Store) -> None:
    kitchen = Kitchen()
    kitchen.go.set()
    await store.get(("a",), Subject(ready.EVENT, EVENT), kitchen.make)
    with time_machine.travel(clock.now() + timedelta(seconds=61), tick=False):
        assert store.at_once(("a",)) is None


async def test_what_nobody_asked_for_lately_makes_room(store: Store) -> None:
    async def make() -> Made:
        return made("x" * (MEGABYTE // 4))

    subject = Subject(ready.EVENT, EVENT)
    for key in "abcd":
        await store.get((key,), subject, make)
        store.at_once(("a",))
    assert [key for key in "abcd" if store.at_once((key,))] == ["a", "c", "d"]
    assert store.size <= MEGABYTE


async def test_the_same_again_is_not_packed_again(store: Store) -> None:
    async def make() -> Made:
        return made("the same")

    first = await store.get(("a",), Subject(ready.EVENT, EVENT), make)
    store.hear(Posted("event.changed", EVENT, EVENT))
    assert await store.get(("a",), Subject(ready.EVENT, EVENT), make) is first


async def test_what_cannot_be_kept_and_what_fails_is_for_each_to_ask_for(store: Store) -> None:
    async def none() -> None:
        return None

    async def fails() -> Made:
        raise OSError("gone")

    assert await store.get(("a",), Subject(ready.EVENT, EVENT), none) is None
    with pytest.raises(OSError, match="gone"):
        await store.get(("a",), Subject(ready.EVENT, EVENT), fails)
    assert store.at_once(("a",)) is None


def test_only_what_is_public_is_marked() -> None:
    """Every address that is marked belongs to one event, to a list of them or to the program, and only reads."""
    found = set()
    for route in create_core().routes:
        for handler in getattr(route, "route_handlers", ()):
            mark = handler.opt.get(MARK)
            if mark is not None:
                found.add(route.path)
                assert handler.http_methods <= {"GET", "HEAD", "OPTIONS"}
                assert ("{event_id:uuid}" in route.path) == (mark.of is Of.EVENT), route.path
                assert not route.path.startswith(("/desk", "/me", "/judge", "/api/v1/me", "/calendars/")), route.path
    assert len(found) > 25


@pytest.fixture
def listening(database: str) -> Iterator[None]:
    """The application keeps answers, as it does while a server runs."""
    with ready.store().listening():
        yield


async def unnoticed(event: UUID, title: str) -> None:
    """A change that nobody is told of: who sees it has asked the database."""
    await db.rows("UPDATE event SET title = {} WHERE id = {}", Bilingual(zh=title, en=title).stored(), event)


PATHS = ("/", "/events/{}", "/api/v1/events", "/api/v1/events/{}")


async def test_a_crowd_asks_the_database_only_after_a_change(listening: None, client: httpx.AsyncClient) -> None:
    union = await make_union()
    event = await make_event(union)
    organiser = await make_official("organiser", event=event)
    paths = [path.format(event) for path in PATHS]
    first = {path: await client.get(path) for path in paths}
    await unnoticed(event, "Unnoticed")
    for path in paths:
        again = await client.get(path)
        assert (again.status_code, again.content) == (200, first[path].content), path
        assert "ratelimit-limit" in first[path].headers
        assert "ratelimit-limit" not in again.headers  # it cost nothing
    await organising.change(organiser, event, EventChange(title=Bilingual(zh="改了", en="Changed")))
    for path in paths:
        assert "改了" in (await client.get(path)).text, path


async def test_a_ready_feed_is_known_by_its_tag_and_by_its_date(listening: None, client: httpx.AsyncClient) -> None:
    path = f"/events/{await make_event(await make_union())}/calendar.ics"
    with time_machine.travel(clock.now() + timedelta(hours=1), tick=False):
        made = await client.get(path)
        again = await client.get(path)
        assert (made.content, made.headers["etag"]) == (again.content, again.headers["etag"])
        assert (again.headers["content-encoding"], "ratelimit-limit" in again.headers) == ("gzip", False)
        tag, date = again.headers["etag"], again.headers["last-modified"]
        for known in ({"If-None-Match": tag}, {"If-Modified-Since": date}):
            assert (await client.get(path, headers=known)).status_code == 304
        both = {"If-None-Match": '"other"', "If-Modified-Since": date}
        assert (await client.get(path, headers=both)).status_code == 200


async def test_nothing_is_handed_out_while_other_processes_are_not_heard(
    listening: None, client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    event = await make_event(await make_union())
    path = f"/api/v1/events/{event}"
    await notices.hear()
    try:
        await client.get(path)
        await unnoticed(event, "Unnoticed")
        assert "Unnoticed" not in (await client.get(path)).text
        monkeypatch.setattr(notices._ear, "is_deaf", True)  # as when its connection is lost
        assert "Unnoticed" in (await client.get(path)).text
    finally:
        await notices.fall_silent()


async def test_each_form_has_a_tag_and_is_known_by_any(listening: None, client: httpx.AsyncClient) -> None:
    path = f"/events/{await make_event(await make_union())}"
    for _ in range(2):  # made, and lying ready
        forms = {one: await client.get(path, headers={"Accept-Encoding": one}) for one in ("br", "gzip", "identity")}
    assert len({form.content for form in forms.values()}) == 1
    assert len({form.headers["etag"] for form in forms.values()}) == 3
    for coding, form in forms.items():
        assert form.headers.get("content-encoding", "identity") == coding
        assert {"Accept-Encoding", "Accept-Language", "Cookie"} <= set(form.headers["vary"].split(", "))
        for tag in [*(one.headers["etag"] for one in forms.values()), "*"]:
            known = {"Accept-Encoding": coding, "If-None-Match": f'"other", {tag}' if tag != "*" else tag}
            same = await client.get(path, headers=known)
            assert (same.status_code, same.content, same.headers["etag"]) == (304, b"", form.headers["etag"])
        head = await client.head(path, headers={"Accept-Encoding": coding})
        assert (head.status_code, head.content, dict(head.headers)) == (200, b"", dict(form.headers))


async def test_languages_and_themes_are_kept_apart(listening: None, client: httpx.AsyncClient) -> None:
    path = f"/events/{await make_event(await make_union())}"
    for _ in range(2):
        for language, theme in (("zh", ""), ("en", ""), ("zh", "dark"), ("en", "light")):
            text = (await client.get(path, headers={"Accept-Language": language, "Cookie": f"theme={theme}"})).text
            assert f'lang="{"zh-Hans" if language == "zh" else "en"}"' in text
            assert (f'data-theme="{theme}"' in text) == bool(theme)
    chosen = await client.get(path, headers={"Accept-Language": "zh", "Cookie": "lang=en"})
    assert '<html lang="en"' in chosen.text


async def test_nothing_of_anybody_gets_in_or_out(listening: None, client: httpx.AsyncClient) -> None:
    union = await make_union()
    event, draft = await make_event(union), await make_event(union, state="draft")
    organiser = await make_official("organiser", union=union, name="Organiser by name")
    token = {"Authorization": f"Bearer {await token_of(organiser)}"}
    async with browser(organiser) as signed_in:
        for path in ("/", f"/events/{event}"):
            own = (await signed_in.look(path)).text
            others = (await client.get(path)).text
            assert ("Organiser by name" in own, "Organiser by name" in others) == (True, False)
            assert "Organiser by name" in (await signed_in.look(path)).text
        assert (await signed_in.look(f"/events/{draft}")).status_code == 200
        style = await signed_in.look(rendering.asset("magpie.css"), accept_encoding="br")
        assert style.headers["content-encoding"] == "br"
    assert (await client.get(f"/api/v1/events/{draft}", headers=token)).status_code == 200
    for path in (f"/api/v1/events/{draft}", f"/events/{draft}", f"/events/{draft}/calendar.ics"):
        assert (await client.get(path)).status_code == 404
    assert str(draft) in (await client.get("/api/v1/events", headers=token)).text
    assert str(draft) not in (await client.get("/api/v1/events")).text
    assert str(draft) in (await client.get("/api/v1/events", headers=token)).text
    wrong = await client.get("/api/v1/events", headers={"Authorization": "Bearer guess"})
    assert wrong.status_code == 401
    lines = await client.get("/api/v1/events", headers={"Accept": "application/x-ndjson"})
    assert lines.headers["content-type"] == "application/x-ndjson"


async def test_something_to_be_told_is_told_once_and_to_one(listening: None, client: httpx.AsyncClient) -> None:
    said = {"Cookie": "flash=said.signed_out"}
    plain = (await client.get("/")).text
    told = await client.get("/", headers=said)
    assert (told.text != plain, "set-cookie" in told.headers) == (True, True)
    assert (await client.get("/")).text == plain


async def test_members_without_a_role_get_data_that_lie_ready(listening: None, client: httpx.AsyncClient) -> None:
    event = await make_event(await make_union())
    member = {"Authorization": f"Bearer {await token_of(await make_participant())}"}
    path = f"/api/v1/events/{event}"
    first = await client.get(path)
    await unnoticed(event, "Unnoticed")
    again = await client.get(path, headers=member)
    assert (again.content, "ratelimit-limit" in again.headers) == (first.content, True)


@pytest.fixture
async def arena(listening: None) -> Arena:
    """A live board that everybody sees, with one entry marked."""
    found = await make_arena(live_public=True)
    await found.enter_all(found.codes[0])
    await publishing.restate(found.event, found.stage)
    return found


async def test_boards_follow_freeze_and_thaw(arena: Arena, client: httpx.AsyncClient) -> None:
    path = f"/api/v1/events/{arena.event}/stages/{arena.stage}/board"
    official = {"Authorization": f"Bearer {await token_of(await make_official('organiser', event=arena.event))}"}

    async def seen(*, by: dict[str, str] | None = None, at: str = path) -> Any:
        return (await client.get(at, headers=by)).json()["complete"]

    assert [await seen(), await seen(), await seen(by=official)] == [1, 1, 1]
    await publishing.freeze(arena.organiser, arena.event, arena.stage)
    await arena.enter_all(arena.codes[1])
    await publishing.restate(arena.event, arena.stage)
    assert [await seen(), await seen(by=official), await seen(), await seen(at=f"{path}/public")] == [1, 2, 1, 1]
    page = (await client.get(f"/events/{arena.event}/stages/{arena.stage}/board")).text
    await publishing.unfreeze(arena.organiser, arena.event, arena.stage)
    assert [await seen(), await seen(at=f"{path}/public")] == [2, 2]
    assert (await client.get(f"/events/{arena.event}/stages/{arena.stage}/board")).text != page


async def test_what_is_no_longer_public_is_gone_at_once(arena: Arena, client: httpx.AsyncClient) -> None:
    path = f"/api/v1/events/{arena.event}/stages/{arena.stage}/board"
    assert (await client.get(path)).status_code == 200
    form = ContestForm(title=words("焊接", "Welding"), live_public=False)
    await organising.change_contest(arena.organiser, arena.event, arena.contest, form)
    assert (await client.get(path)).status_code == 404


async def test_a_page_changes_by_the_clock_alone(listening: None, client: httpx.AsyncClient) -> None:
    opens = clock.now().replace(microsecond=0) + timedelta(days=1, seconds=7)
    path = f"/events/{await make_event(await make_union(), opens_at=opens)}"
    with time_machine.travel(opens - timedelta(seconds=3), tick=False):
        before = (await client.get(path)).text
        assert (await client.get(path)).text == before
    with time_machine.travel(opens + timedelta(seconds=1), tick=False):
        assert (await client.get(path)).text != before
