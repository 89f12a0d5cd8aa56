"""What pages tell of time and place: what is on now, what is put off, where one stands in line."""

import re
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from api.web.board import hall_board
from api.web.rendering import environment
from events import clock, organising
from events.organising import MoveForm
from events.publishing import Board
from events.terms import BoardKind, StageState
from events.text import Bilingual
from tests.api.pages import World, browser, make_world
from tests.events.factory import make_event, make_union

NOW = datetime(2027, 1, 10, 4, tzinfo=UTC)


@pytest.mark.parametrize(
    ("days", "zh", "en"),
    [(0, "今天", "today"), (1, "明天", "tomorrow"), (18, "18天后", "in 18 days"), (-24, "24天前", "24 days ago"),
     (49, "7周后", "in 7 weeks")],
)  # fmt: skip
def test_days_are_counted_for_some_weeks(days: int, zh: str, en: str) -> None:
    for lang, said in (("zh", zh), ("en", en)):
        relative = environment("en" if lang == "en" else "zh", lambda: NOW).filters["when_relative"]
        assert relative(NOW + timedelta(days=days)) == said


def test_what_has_begun_and_not_ended_is_on_now() -> None:
    relative = environment("en", lambda: NOW).filters["when_relative"]
    begun = NOW - timedelta(days=2)
    assert relative(begun, ends=NOW + timedelta(days=1)) == "on now"
    assert relative(begun, ends=NOW - timedelta(days=1)) == "2 days ago"


def test_places_are_ordinals_in_english() -> None:
    ordinal = environment("en", lambda: NOW).filters["ordinal"]
    assert [ordinal(n) for n in (1, 2, 3, 4, 11, 12, 21, 112)] == [
        "1st",
        "2nd",
        "3rd",
        "4th",
        "11th",
        "12th",
        "21st",
        "112th",
    ]
    assert environment("zh", lambda: NOW).filters["ordinal"](7) == "7"


@pytest.mark.parametrize(("entries", "complete", "bridge"), [(0, 0, 0), (12, 6, 8), (3, 1, 5), (24, 24, 16)])
def test_the_bridge_grows_with_the_marks(entries: int, complete: int, bridge: int) -> None:
    title = Bilingual(zh="焊工", en="Welding")
    board = Board(
        event_id=uuid4(), stage_id=uuid4(), contest_id=uuid4(), event=title, contest=title, stage=title, version=1,
        kind=BoardKind.LIVE, made_at=NOW, objections_until=None, columns=[], rows=[], entries=entries,
        complete=complete, state=StageState.MARKING,
        stage_number=1, scheme_id=uuid4(), scheme_version=1, digest="",
    )  # fmt: skip
    assert hall_board(board, "zh").bridge == bridge


@pytest.fixture
async def world(database: str) -> World:
    return await make_world()


async def test_what_began_before_today_says_until_when(database: str) -> None:
    now = clock.now()
    await make_event(
        await make_union("ah"), starts_at=now - timedelta(days=3), ends_at=now + timedelta(days=4), state="under_way"
    )
    async with browser() as visitor:
        home = await visitor.read("/")
    assert f"至 {environment('zh', clock.now).filters['day'](now + timedelta(days=4))}" in home


async def test_a_postponed_event_has_no_day(world: World) -> None:
    await organising.move(world.organiser, world.events["open"], MoveForm(reason="大雪"))
    async with browser() as visitor:
        text = (await visitor.look(world.path("open"))).text
    assert "新的时间另行通知" in text
    assert "leaf-relative" not in text


async def test_a_cancelled_event_says_so_first(world: World) -> None:
    async with browser() as visitor:
        text = (await visitor.look(world.path("cancelled"))).text
    assert text.index("本活动已取消") < text.index("时间</dt>")
    assert "calendar.ics" not in text


async def test_who_waits_holds_a_number_and_no_code(world: World) -> None:
    async with browser(world.member) as member:
        waiting = await member.look(world.path("full", f"/tickets/{world.waiting.reference}"))
        holding = await member.look(world.path("simple", f"/tickets/{world.ticket.reference}"))
    assert "qr-code" not in waiting.text
    assert "候补位次" in waiting.text
    assert "qr-code" in holding.text
    assert "候补位次" not in holding.text


async def test_links_in_messages_can_be_followed(world: World) -> None:
    async with browser(world.member) as member:
        text = (await member.look("/me/messages")).text
    assert f'href="http://127.0.0.1:8000{world.path("simple")}"' in text


async def test_looking_at_messages_reads_none_and_a_button_does(world: World) -> None:
    async with browser(world.member, lang="en") as member:
        for _ in range(2):
            page = (await member.look("/me/messages")).text
        found = re.findall(r'value="(one [^"]+)"', page)
        everything = re.search(r'value="(all [^"]+)"', page)
        assert found
        assert everything is not None
        assert (await member.send("/me/messages", do=found[-1])).headers["location"] == "/me/messages"
        page = (await member.look("/me/messages")).text
        assert re.findall(r'value="(one [^"]+)"', page) == found[:-1]
        assert (await member.send("/me/messages", do=everything[1])).status_code == 303
        page = (await member.look("/me/messages")).text
        assert "All messages are marked as read." in page
        assert not re.findall(r'value="(?:one|all) ', page)
        assert (await member.send("/me/messages", do="nonsense")).status_code == 422
    async with browser(world.organiser) as stranger:
        assert (await stranger.send("/me/messages", do=everything[1])).status_code == 404
