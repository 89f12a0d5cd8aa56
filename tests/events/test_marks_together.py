"""Marks that come in at once are taken together, each judged for itself; a whole file of them is one request."""

import asyncio
from dataclasses import replace
from uuid import UUID

import pytest

from events import contests, db, drawing, ids, imports, marking
from events.access import Actor
from events.contests import StageForm
from events.drawing import DrawForm
from events.errors import Conflict, Invalid, NotFound
from events.imports import MarksFile
from tests.events.contest_factory import Arena, make_arena, mark, words
from tests.events.factory import make_account
from tests.events.test_imports import as_csv, as_xlsx

HEADER = ["选手", "评分点", "裁判", "分值", "状态"]


async def counting(arena: Arena) -> set[tuple[str, str, str | None, str | None]]:
    page = await marking.list_marks(arena.organiser, arena.event, arena.stage, limit=500)
    return {(one.code, one.aspect, one.seat, one.value) for one in page.items}


async def test_what_is_refused_leaves_the_others_alone(database: str) -> None:
    arena = await make_arena()
    one, other, _ = arena.codes
    answers = await asyncio.gather(
        arena.enter(arena.judges[0], mark(one, "style", "5")),
        arena.enter(arena.judges[1], mark(one, "style", "5"), mark(other, "style", "99")),
        arena.enter(await make_account(), mark(one, "style", "5")),
        arena.enter(arena.judges[2], mark(other, "style", "6")),
        arena.enter(arena.chief, mark(one, "base", "7")),
        return_exceptions=True,
    )
    assert [type(answer).__name__ for answer in answers] == ["Entered", "Invalid", "NotFound", "Entered", "Entered"]
    assert await counting(arena) == {(one, "style", "J1", "5"), (other, "style", "J3", "6"), (one, "base", None, "7")}
    told = await arena.told("marks.entered")
    assert [notice.account for notice in told] == [
        who.account for who in (arena.judges[0], arena.judges[2], arena.chief)
    ]


async def test_who_comes_later_sees_what_was_written_before(database: str) -> None:
    arena = await make_arena()
    code, sent = arena.codes[0], mark(arena.codes[0], "care", "1", id=ids.new())
    answers = await asyncio.gather(
        *(arena.enter(arena.judges[0], mark(code, "style", value)) for value in ("5", "6", "6", "7")),
        *(arena.enter(who, sent) for who in (arena.judges[0], arena.judges[0], arena.judges[1])),
        return_exceptions=True,
    )
    done = [(one.new, one.superseded, one.unchanged) for one in answers if isinstance(one, marking.Entered)]
    assert done == [(1, 0, 0), (1, 1, 0), (0, 0, 1), (1, 1, 0), (1, 0, 0), (0, 0, 1)]
    assert isinstance(answers[-1], Conflict)
    assert await counting(arena) == {(code, "style", "J1", "7"), (code, "care", "J1", "1")}
    history = await marking.list_marks(arena.organiser, arena.event, arena.stage, history=True)
    assert sorted(one.value or "" for one in history.items) == ["1", "5", "6", "7"]


async def test_the_same_id_in_two_stages_at_once_hurts_nobody_else(database: str) -> None:
    arena = await make_arena()
    stage = await contests.add_stage(arena.organiser, arena.event, arena.contest, StageForm(title=words()))
    scheme = await db.row("SELECT scheme_id FROM stage WHERE id = {}", arena.stage)
    assert scheme
    await db.rows("UPDATE stage SET scheme_id = {} WHERE id = {}", scheme["scheme_id"], stage.id)
    await drawing.draw(arena.organiser, arena.event, stage.id, DrawForm())
    second = replace(arena, stage=stage.id, codes=[slot.code for slot in (await drawn(arena, stage.id))])
    same = ids.new()
    answers = await asyncio.gather(
        arena.enter(arena.chief, mark(arena.codes[0], "base", "1", id=same)),
        second.enter(arena.chief, mark(second.codes[0], "base", "2", id=same)),
        second.enter(arena.chief, mark(second.codes[1], "base", "3")),
        arena.enter(arena.chief, mark(arena.codes[1], "base", "4")),
        return_exceptions=True,
    )
    assert sorted(type(answer).__name__ for answer in answers) == ["Conflict", "Entered", "Entered", "Entered"]
    assert len(await counting(arena)) + len(await counting(second)) == 3


async def drawn(arena: Arena, stage: UUID) -> list[drawing.SlotView]:
    return (await drawing.drawn(arena.organiser, arena.event, stage)).slots


async def test_marks_within_a_transaction_are_part_of_it(database: str) -> None:
    arena = await make_arena()
    with pytest.raises(RuntimeError):
        async with db.transaction():
            await arena.enter(arena.judges[0], mark(arena.codes[0], "style", "5"))
            with pytest.raises(Invalid):
                await arena.enter(arena.judges[0], mark(arena.codes[0], "style", "99"))
            assert (await arena.enter(arena.judges[0], mark(arena.codes[0], "style", "6"))).superseded == 1
            raise RuntimeError
    assert await counting(arena) == set()
    assert await arena.told("marks.entered") == []


async def bring(arena: Arena, who: Actor, *rows: list[str], why: str = "") -> imports.MarksTaken:
    form = MarksFile(file=as_csv([HEADER, *rows], "utf-8-sig"), reason=why)
    return await imports.stage_marks(who, arena.event, arena.stage, form)


async def test_a_file_of_marks_that_judges_gave_on_paper(database: str) -> None:
    arena = await make_arena()
    one, other, _ = arena.codes
    await arena.enter(arena.judges[1], mark(one, "style", "6"))
    rows = [[one, "style", "J1", "5", ""], [one, "style", "J2", "6.00", ""], [other, "care", "J3", "缺席", ""],
            [one, "base", "", "7.5", ""], [other, "base", "", "", ""]]  # fmt: skip
    taken = await bring(arena, arena.chief, *rows)
    assert (taken.new, taken.superseded, taken.unchanged) == (3, 0, 1)
    again = await imports.stage_marks(arena.chief, arena.event, arena.stage, MarksFile(file=as_xlsx([HEADER, *rows])))
    assert (again.new, again.unchanged) == (0, 4)
    assert (one, "style", "J1", "5") in await counting(arena)
    changed = [one, "style", "J2", "8", ""]
    with pytest.raises(Invalid, match="/rows/2/value reason_needed"):
        await bring(arena, arena.chief, changed)
    assert (await bring(arena, arena.chief, changed, why="misread")).superseded == 1


async def test_every_wrong_cell_of_a_file_of_marks_is_named_and_nothing_is_taken(database: str) -> None:
    arena = await make_arena()
    code = arena.codes[0]
    with pytest.raises(Invalid) as caught:
        await bring(arena, arena.chief, [code, "style", "J1", "5.1", ""], [code, "nothing", "J1", "5", ""],
                    [code, "style", "", "5", ""])  # fmt: skip
    assert [(one.pointer, one.code) for one in caught.value.reasons] == [
        ("/rows/2/value", "value_off_step"), ("/rows/3/aspect", "aspect_not_known"), ("/rows/4/judge", "judge_needed")
    ]  # fmt: skip
    with pytest.raises(Invalid) as caught:
        await bring(arena, arena.chief, [code, "style", "J1", "5", ""], ["Z99", "style", "J1", "5", ""],
                    [code, "style", "J9", "5", ""])  # fmt: skip
    assert [(one.pointer, one.code) for one in caught.value.reasons] == [
        ("/rows/3/entry", "unknown_entry"), ("/rows/4/judge", "not_your_seat")
    ]  # fmt: skip
    for who in (arena.judges[0], arena.organiser, await make_account()):
        with pytest.raises(NotFound):
            await bring(arena, who, [code, "style", "J1", "5", ""])
    assert await counting(arena) == set()
