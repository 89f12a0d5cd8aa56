"""Boards: derived, coalesced, frozen for the public only; results as versions that stay and can be explained."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Generator
from datetime import timedelta
from functools import partial
from typing import Any, TypeVar, cast
from uuid import UUID

import msgspec
import pytest

from events import access, clock, contests, db, drawing, exports, marking, publishing
from events.access import ANONYMOUS
from events.contests import EntryChange, EntryForm, SchemeForm
from events.errors import Conflict, Invalid, NotFound, Refusal
from events.marking import SignOffForm
from events.publishing import OfficialForm, ProvisionalForm
from events.publishing.coalescing import Coalescer
from events.publishing.restating import _restate
from events.terms import BoardKind, EntryState, StageState
from scoring.marks import Status
from tests.events.contest_factory import DOCUMENT, Arena, make_arena, make_stage, mark
from tests.events.factory import make_union, posted

SOON = timedelta(hours=2)
Result = TypeVar("Result")


async def live(arena: Arena) -> publishing.Board:
    await publishing.restate(arena.event, arena.stage)
    return (await publishing.board(arena.organiser, arena.event, arena.stage, kind=BoardKind.LIVE)).board()


async def marked(arena: Arena) -> list[str]:
    """Three entries with a clear order; gives their codes from first to last."""
    for code, style in zip(arena.codes, ("5", "7", "6"), strict=True):
        await arena.enter_all(code, style=style)
    return [arena.codes[1], arena.codes[2], arena.codes[0]]


async def signed(arena: Arena) -> list[str]:
    order = await marked(arena)
    await marking.sign_off(arena.judges[0], arena.event, arena.stage, SignOffForm(panel_id=arena.panel))
    await marking.sign_off(arena.chief, arena.event, arena.stage, SignOffForm())
    return order


async def provisional(arena: Arena) -> publishing.BoardVersion:
    form = ProvisionalForm(objections_until=clock.now() + SOON)
    return await publishing.publish_provisional(arena.organiser, arena.event, arena.stage, form)


async def official(arena: Arena, *, early: bool = True, reason: str = "") -> publishing.BoardVersion:
    form = OfficialForm(early=early, reason=reason)
    return await publishing.publish_official(arena.organiser, arena.event, arena.stage, form)


async def correct(arena: Arena, value: str = "9") -> None:
    form = mark(arena.codes[0], "style", value, agreed=True, reason="typing error")
    await arena.enter(arena.chief, form)


def scores(board: publishing.Board) -> list[tuple[str | None, str, str | None]]:
    return [(row.rank, row.code, row.score) for row in board.rows]


async def test_a_board_follows_the_marks(database: str) -> None:
    arena = await make_arena()
    before = await live(arena)
    assert {row.rank for row in before.rows} == {None}
    first, second, third = await marked(arena)
    board = await live(arena)
    assert scores(board) == [("1", first, "19"), ("2", second, "18"), ("3", third, "17")]
    assert [column.key for column in board.columns] == ["style", "care", "base", "faults"]
    assert board.rows[0].scores[:3] == ["7", "2", "10"]
    assert (board.version, board.complete, board.entries) == (2, 3, 3)
    assert board.rows[0].union is not None


async def test_restating_again_changes_nothing_and_comes_out_as_from_scratch(database: str) -> None:
    arena = await make_arena()
    for code in arena.codes:
        await arena.enter_all(code)
        await live(arena)
    version = (await live(arena)).version
    board = await live(arena)
    assert board.version == version == 3
    await db.rows("DELETE FROM board WHERE event_id = {}", arena.event)
    anew = await live(arena)
    assert anew.digest == board.digest
    assert scores(anew) == scores(board)


async def test_rows_tell_who_has_moved(database: str) -> None:
    arena = await make_arena("a", "b")
    await arena.enter_all(arena.codes[0], style="5")
    await arena.enter_all(arena.codes[1], style="4")
    await live(arena)
    await arena.enter(arena.chief, mark(arena.codes[1], "base", "15"))
    assert [(row.code, row.moved) for row in (await live(arena)).rows] == [(arena.codes[1], 1), (arena.codes[0], -1)]


async def test_no_single_mark_of_a_panel_shows(database: str) -> None:
    arena = await make_arena("a")
    code = arena.codes[0]
    for judge in arena.judges[:2]:
        await arena.enter(judge, mark(code, "style", "8"))
    [row] = (await live(arena)).rows
    assert (row.scores[0], row.marks_in, row.complete) == (None, 2, False)
    await arena.enter(arena.judges[2], mark(code, "style", "8"))
    [row] = (await live(arena)).rows
    assert (row.scores[0], row.marks_in, row.marks_needed) == ("8", 3, 7)


async def test_who_is_out_of_competition_is_shown_and_not_ranked(database: str) -> None:
    arena = await make_arena()
    first, second, third = await marked(arena)
    ids = {slot.code: slot.entry_id for slot in (await drawing.drawn(arena.organiser, arena.event, arena.stage)).slots}
    await change(arena, ids[first], EntryState.OUT_OF_COMPETITION)
    await change(arena, ids[second], EntryState.WITHDRAWN)
    assert scores(await live(arena)) == [("1", third, "17"), (None, first, "19")]


async def change(arena: Arena, entry: UUID | None, state: EntryState) -> None:
    assert entry is not None
    form = EntryChange(state=state)
    await contests.change_entry(arena.organiser, arena.event, arena.contest, entry, form=form)


async def test_a_status_takes_the_score(database: str) -> None:
    arena = await make_arena()
    first, *_ = await marked(arena)
    await arena.enter(arena.chief, mark(first, "all", status=Status.DISQUALIFIED))
    last = (await live(arena)).rows[-1]
    assert (last.code, last.rank, last.score, last.status) == (first, None, None, Status.DISQUALIFIED)


async def test_the_delegation_is_the_city(database: str) -> None:
    arena = await make_stage("a")
    city = await make_union("hf", arena.union, "city")
    shop = await make_union("01", await make_union("01", city, "county"), "grass_roots")
    await contests.add_entries(arena.organiser, arena.event, arena.contest, [EntryForm(name="b", union=shop)])
    await drawing.draw(arena.organiser, arena.event, arena.stage, drawing.DrawForm())
    shown = {row.name: row for row in (await live(arena)).rows}
    assert shown["b"].delegation is not None
    assert (shown["b"].delegation.en, shown["a"].delegation) == ("Union hf", shown["a"].union)


async def test_nothing_is_public_before_the_provisional_result_unless_the_contest_says_so(database: str) -> None:
    arena = await make_arena()
    order = await signed(arena)
    await live(arena)
    for who in (ANONYMOUS, arena.judges[0]):
        with pytest.raises(NotFound):
            await publishing.board(who, arena.event, arena.stage)
    with pytest.raises(NotFound):
        await publishing.public_board(arena.event, arena.stage)
    await provisional(arena)
    board = (await publishing.public_board(arena.event, arena.stage)).board()
    assert [row.code for row in board.rows] == order
    assert (board.kind, board.state) == (BoardKind.PROVISIONAL, StageState.PROVISIONAL)
    assert all(row.name for row in board.rows)


async def test_a_blind_live_board_has_codes_and_no_names(database: str) -> None:
    arena = await make_arena(live_public=True)
    await marked(arena)
    await live(arena)
    for ready in (
        await publishing.public_board(arena.event, arena.stage),
        await publishing.board(arena.judges[0], arena.event, arena.stage),
        await publishing.board(arena.chief, arena.event, arena.stage),
    ):
        assert "王芳" not in ready.body.decode()
        assert {(row.name, row.entry_id, row.union, row.number) for row in ready.board().rows} == {(None,) * 4}
    known = await publishing.board(arena.organiser, arena.event, arena.stage)
    assert "王芳" in known.body.decode()
    assert known.etag != ready.etag


async def test_a_live_board_has_names_where_judges_may_see_them(database: str) -> None:
    arena = await make_arena(live_public=True, judges_see_names=True)
    await live(arena)
    assert "王芳" in (await publishing.public_board(arena.event, arena.stage)).body.decode()


async def test_a_freeze_hides_newer_standings_from_the_public_only(database: str) -> None:
    arena = await make_arena(live_public=True)
    order = await marked(arena)
    await live(arena)
    await publishing.freeze(arena.organiser, arena.event, arena.stage)
    with pytest.raises(Conflict, match="already_frozen"):
        await publishing.freeze(arena.organiser, arena.event, arena.stage)
    await arena.enter(arena.chief, mark(order[-1], "base", "20"))
    await live(arena)
    public = (await publishing.public_board(arena.event, arena.stage)).board()
    seen = (await publishing.board(arena.organiser, arena.event, arena.stage)).board()
    assert (public.kind, [row.code for row in public.rows]) == (BoardKind.FROZEN, order)
    assert seen.rows[0].code == order[-1]
    for kind in (BoardKind.LIVE, BoardKind.OFFICIAL):
        with pytest.raises(NotFound):
            await publishing.board(ANONYMOUS, arena.event, arena.stage, kind=kind)
    await publishing.unfreeze(arena.organiser, arena.event, arena.stage)
    after = (await publishing.public_board(arena.event, arena.stage)).board()
    assert (after.kind, after.rows[0].code) == (BoardKind.LIVE, order[-1])
    with pytest.raises(Conflict, match="not_frozen"):
        await publishing.unfreeze(arena.organiser, arena.event, arena.stage)
    with pytest.raises(NotFound):
        await publishing.board(ANONYMOUS, arena.event, arena.stage, version=public.version)


class Disturbed(Awaitable[Result]):
    """Some work that has to wait for something else to be done first when it waits for the nth time."""

    def __init__(self, work: Coroutine[Any, Any, Result], nth: int, other: Callable[[], Awaitable[None]]) -> None:
        self.work, self.nth, self.other = work, nth, other

    def __await__(self) -> Generator[Any, None, Result]:
        while True:
            try:
                waits_for = self.work.send(None)
            except StopIteration as done:
                return cast(Result, done.value)
            yield waits_for
            self.nth -= 1
            if self.nth == 0:
                yield from self.other().__await__()


@pytest.mark.parametrize("nth", [1, 2])
async def test_nobody_sees_more_than_was_frozen_while_a_board_is_read(postgres_url: str, nth: int) -> None:
    db.connect(postgres_url)
    arena = await make_arena(live_public=True)
    order = await marked(arena)
    await live(arena)

    async def freeze() -> None:
        await publishing.freeze(arena.organiser, arena.event, arena.stage)
        await arena.enter(arena.chief, mark(order[-1], "base", "20"))
        await live(arena)

    seen = await Disturbed(publishing.public_board(arena.event, arena.stage), nth, freeze)
    assert [row.code for row in seen.board().rows] == order
    await db.close()


async def test_a_clock_that_is_ahead_holds_back_no_newer_board(database: str) -> None:
    arena = await make_arena()
    before = await live(arena)
    await db.rows("UPDATE board SET made_at = {} WHERE event_id = {}", clock.now() + timedelta(hours=1), arena.event)
    await marked(arena)
    after = await live(arena)
    assert (after.version, after.rows[0].score) == (before.version + 1, "19")


async def test_a_board_of_older_facts_never_replaces_one_of_newer(postgres_url: str) -> None:
    db.connect(postgres_url)
    arena = await make_arena()
    await live(arena)
    for nth in range(1, 5):  # another process is quicker, however far this one has got in reading
        other = partial(_disturb, arena, str(nth))
        await Disturbed(_restate((arena.event, arena.stage)), nth, other)
        board = (await publishing.board(arena.organiser, arena.event, arena.stage, kind=BoardKind.LIVE)).board()
        assert {row.scores[0] for row in board.rows if row.code == arena.codes[0]} == {str(nth)}
    await db.close()


async def _disturb(arena: Arena, style: str) -> None:
    await arena.enter_all(arena.codes[0], style=style)
    await live(arena)


async def test_only_a_signed_result_is_published(database: str) -> None:
    arena = await make_arena()
    await marked(arena)
    for publish in (provisional, official):
        with pytest.raises(Conflict, match="not_signed"):
            await publish(arena)
    late = ProvisionalForm(objections_until=clock.now())
    with pytest.raises(Invalid, match="/objections_until in_the_past"):
        await publishing.publish_provisional(arena.organiser, arena.event, arena.stage, late)
    for who in (arena.chief, arena.judges[0]):
        with pytest.raises(NotFound):
            await publishing.publish_official(who, arena.event, arena.stage, OfficialForm(early=True))


async def test_a_result_hangs_out_before_it_is_official(database: str) -> None:
    arena = await make_arena()
    await signed(arena)
    with pytest.raises(Conflict, match="/early no_public_notice"):
        await official(arena, early=False)
    await provisional(arena)
    with pytest.raises(Conflict, match="/early objections_open"):
        await official(arena, early=False)
    past = clock.now() - timedelta(minutes=1)
    await db.rows("UPDATE stage SET objections_until = {} WHERE event_id = {}", past, arena.event)
    assert (await official(arena, early=False)).kind == BoardKind.OFFICIAL
    assert (await contests.stage(ANONYMOUS, arena.event, arena.stage)).state == StageState.OFFICIAL
    with pytest.raises(Conflict, match="published"):
        await provisional(arena)


async def test_corrections_make_new_versions_and_the_old_ones_stay(database: str) -> None:
    arena = await make_arena()
    order = await signed(arena)
    await provisional(arena)
    first = await official(arena)
    assert await official(arena) == first
    await correct(arena)
    with pytest.raises(Invalid, match="/reason reason_needed"):
        await official(arena)
    second = await official(arena, reason="typing error")
    listed = await publishing.versions(ANONYMOUS, arena.event, arena.stage)
    assert [(one.version, one.kind, one.reason) for one in listed] == [
        (3, BoardKind.OFFICIAL, "typing error"), (2, BoardKind.OFFICIAL, None), (1, BoardKind.PROVISIONAL, None)
    ]  # fmt: skip
    assert len({one.digest for one in listed}) == 3
    old = (await publishing.board(ANONYMOUS, arena.event, arena.stage, version=first.version)).board()
    new = (await publishing.public_board(arena.event, arena.stage)).board()
    assert [row.code for row in old.rows] == order
    assert (new.version, new.rows[0].code, new.rows[0].moved) == (second.version, arena.codes[0], 2)


async def test_results_of_an_event(database: str) -> None:
    arena = await make_arena()
    assert await publishing.results(ANONYMOUS, arena.event) == []
    order = await signed(arena)
    await provisional(arena)
    await official(arena)
    [result] = await publishing.results(ANONYMOUS, arena.event, leading=2)
    assert (result.kind, result.version, result.entries, [row.code for row in result.rows]) == (
        BoardKind.OFFICIAL, 2, 3, order[:2]
    )  # fmt: skip


async def test_why_an_entry_has_its_place(database: str) -> None:
    arena = await make_arena()
    order = await signed(arena)
    board = await live(arena)
    entry = next(row.entry_id for row in board.rows if row.code == order[1])
    assert entry is not None
    with pytest.raises(NotFound):
        await publishing.explanation(ANONYMOUS, arena.event, arena.stage, entry)
    inside = await publishing.explanation(arena.chief, arena.event, arena.stage, entry)
    assert (inside.kind, inside.row.name) == (BoardKind.LIVE, None)
    await provisional(arena)
    why = await publishing.explanation(ANONYMOUS, arena.event, arena.stage, entry)
    assert why.above is not None
    assert why.below is not None
    assert (why.above.code, why.row.code, why.below.code) == (order[0], order[1], order[2])
    style = why.trace.children[0]
    assert [(used.source, used.value) for used in style.used] == [("J1", "6"), ("J2", "6"), ("J3", "6")]
    assert sorted(used.fate for used in style.used) == ["counted", "dropped_high", "dropped_low"]
    assert (why.trace.result, why.trace.title.en) == ("18", "Word")


async def test_an_old_version_is_explained_by_the_marks_of_its_time(database: str) -> None:
    arena = await make_arena()
    await signed(arena)
    first = await official(arena)
    entry = next(row.entry_id for row in (await live(arena)).rows if row.code == arena.codes[0])
    assert entry is not None
    await correct(arena)
    await official(arena, reason="typing error")
    old = await publishing.explanation(ANONYMOUS, arena.event, arena.stage, entry, version=first.version)
    new = await publishing.explanation(ANONYMOUS, arena.event, arena.stage, entry)
    assert (old.trace.result, new.trace.result) == (old.row.score, new.row.score) == ("17", "21")
    with pytest.raises(NotFound):
        await publishing.explanation(ANONYMOUS, arena.event, arena.stage, arena.event)


async def test_boards_follow_by_themselves(database: str) -> None:
    arena = await make_arena()
    stop = publishing.start()
    await asyncio.gather(*(
        arena.enter(judge, mark(code, "style", "5")) for judge in arena.judges for code in arena.codes
    ))  # fmt: skip
    await publishing.settle()
    followed = (await publishing.board(arena.organiser, arena.event, arena.stage)).board()
    assert [row.scores[0] for row in followed.rows] == ["5", "5", "5"]
    ids = [row.entry_id for row in followed.rows]
    await change(arena, ids[0], EntryState.WITHDRAWN)
    await publishing.settle()
    stop()
    assert len((await publishing.board(arena.organiser, arena.event, arena.stage)).board().rows) == 2
    told = len(await arena.told("board.restated"))
    assert told <= 10
    await arena.enter(arena.judges[0], mark(followed.rows[1].code, "style", "9"))
    await publishing.settle()
    assert len(await arena.told("board.restated")) == told


async def test_what_a_crash_left_behind_is_repaired(database: str) -> None:
    arena = await make_arena()
    assert await publishing.repair() == 1
    await marked(arena)
    assert await publishing.repair() == 1
    board = (await publishing.board(arena.organiser, arena.event, arena.stage)).board()
    assert board.rows[0].score == "19"
    long_ago = clock.now() - timedelta(hours=1)
    await db.rows("UPDATE notice SET at = {} WHERE event_id = {}", long_ago, arena.event)
    assert await publishing.repair() == 0


async def test_another_scheme_restates_from_the_same_marks(database: str) -> None:
    arena = await make_arena()
    await marked(arena)
    before = await live(arena)
    await set_scheme(arena, b'"key":"style"', b'"key":"style","weight":"0.5"')
    after = await live(arena)
    assert (before.rows[0].score, after.rows[0].score, after.scheme_version) == ("19", "15.5", 2)
    with pytest.raises(Conflict, match="marks_do_not_fit"):
        await set_scheme(arena, b'"max":"10"', b'"max":"6"')


async def set_scheme(arena: Arena, text: bytes, other: bytes) -> None:
    document = msgspec.json.decode(msgspec.json.encode(DOCUMENT).replace(text, other))
    form = SchemeForm(document=document)
    await contests.set_scheme(arena.organiser, arena.event, arena.contest, arena.stage, form=form)


async def test_an_unknown_stage_looks_like_a_forbidden_one(database: str) -> None:
    arena = await make_arena()
    for who in (ANONYMOUS, arena.organiser):
        with pytest.raises(NotFound):
            await publishing.board(who, arena.event, arena.contest)
    with pytest.raises(Refusal):
        await publishing.freeze(access.ANONYMOUS, arena.event, arena.stage)
    await db.rows("UPDATE event SET state = 'draft' WHERE id = {}", arena.event)
    with pytest.raises(NotFound):
        await publishing.public_board(arena.event, arena.stage)


async def test_late_comers_share_the_next_run() -> None:
    runs: list[int] = []
    begun, gate = asyncio.Event(), asyncio.Event()

    async def work(key: tuple[UUID, UUID]) -> int:
        runs.append(len(runs) + 1)
        number = len(runs)
        begun.set()
        await gate.wait()
        return number

    key = (UUID(int=1), UUID(int=2))
    coalescer = Coalescer(work)
    first = coalescer.ask(key)
    await begun.wait()
    late = [coalescer.ask(key) for _ in range(100)]
    gate.set()
    assert await first == 1
    assert {await task for task in late} == {2}
    assert coalescer.all() == set()


async def test_a_draft_is_nothing_that_the_public_hears_of(database: str) -> None:
    arena = await make_arena()
    await db.rows("UPDATE event SET state = 'draft' WHERE id = {}", arena.event)
    known = len(await posted(event=arena.event))
    await publishing.freeze(arena.organiser, arena.event, arena.stage)
    assert len(await arena.told("board.frozen")) == 1
    assert len(await posted(event=arena.event)) == known
    await db.rows("UPDATE event SET state = 'open' WHERE id = {}", arena.event)
    await publishing.unfreeze(arena.organiser, arena.event, arena.stage)
    assert [notice.kind for notice in await posted(event=arena.event)][known:] == ["board.unfrozen"]


AWARDED: dict[str, object] = DOCUMENT | {
    "scaled": {},
    "awards": [
        {"key": "gold", "title": {"zh": "金奖", "en": "Gold"}, "places": 1},
        {"key": "silver", "title": {"zh": "银奖", "en": "Silver"}, "places": 1,
         "needs": [{"take": "score", "least": "19"}], "tolerance": {"value": "1"}},
    ],
    "advance": [{"places": 2, "ties": "decide"}],
}  # fmt: skip


async def test_a_board_gives_what_the_scheme_gives_and_says_why(database: str) -> None:
    arena = await make_arena(document=AWARDED)
    order = await signed(arena)
    board = await live(arena)
    assert [one.key for one in board.awards] == ["gold", "silver"]
    assert [(row.awards, row.advances, row.scaled) for row in board.rows] == [
        (["gold"], True, "720"), ([], True, "700"), ([], False, "680")
    ]  # fmt: skip
    assert [(one.award, one.given, one.code) for one in board.rows[1].rulings] == [
        ("silver", False, "need"), (None, True, "place")
    ]  # fmt: skip
    assert [(one.award, one.code) for one in board.vacant] == [("silver", "nobody")]
    await provisional(arena)
    entry = (await publishing.public_board(arena.event, arena.stage)).board().rows[0].entry_id
    assert entry is not None
    why = await publishing.explanation(ANONYMOUS, arena.event, arena.stage, entry)
    assert (why.row.code, why.row.awards, why.scale[-1].after) == (order[0], ["gold"], "720")
    [result] = await publishing.results(ANONYMOUS, arena.event)
    assert [one.title.en for one in result.awards] == ["Gold", "Silver"]
    lines = [line async for line in await exports.board(ANONYMOUS, arena.event, arena.stage)]
    assert lines[1][-5:] == ["19", "720", "金奖", "是", ""]


async def test_a_published_result_keeps_its_awards_and_equals_at_the_cut_are_for_people(database: str) -> None:
    arena = await make_arena(document=AWARDED)
    await signed(arena)
    first = await official(arena)
    await correct(arena, "7")
    await official(arena, reason="typing error")
    old = (await publishing.board(ANONYMOUS, arena.event, arena.stage, version=first.version)).board()
    new = (await publishing.public_board(arena.event, arena.stage)).board()
    assert [row.awards for row in old.rows] == [["gold"], [], []]
    assert [row.awards for row in new.rows] == [["gold"], ["gold"], []]
    assert [row.rulings[0].code for row in new.rows[:2]] == ["place", "tie"]


async def test_a_blind_board_names_nobody_in_its_rulings(database: str) -> None:
    capped = [{"key": "gold", "title": {"zh": "金奖", "en": "Gold"}, "places": 3, "cap": {"most": 1}}]
    arena = await make_arena(document=DOCUMENT | {"awards": capped}, live_public=True)
    await marked(arena)
    await live(arena)
    ready = await publishing.public_board(arena.event, arena.stage)
    assert [row.rulings[0].code for row in ready.board().rows] == ["place", "cap", "cap"]
    assert str(arena.union) not in ready.body.decode()
