"""Tables of delegations: always of the newest published results, by the delegation's name of today."""

import pytest

from events import contests, db, publishing
from events.access import ANONYMOUS
from events.contests import StageForm
from events.errors import Invalid, NotFound
from events.publishing import TallyForm
from tests.events.contest_factory import DOCUMENT, WORDS, Arena, mark, words
from tests.events.factory import make_union
from tests.events.test_filling import held, official

MEDALS = DOCUMENT | {"awards": [
    {"key": "gold", "title": WORDS, "places": 1}, {"key": "silver", "title": WORDS, "places": 1},
]}  # fmt: skip


async def test_a_table_follows_the_published_results(database: str) -> None:
    arena = await held("9", "7", "5", document=MEDALS)
    city = await make_union("hf", arena.union, "city")
    rows = (await contests.list_entries(arena.organiser, arena.event, arena.contest)).items
    await db.rows('UPDATE entry SET "union" = {} WHERE id = {}', city, rows[0].id)
    head = await publishing.add_tally(arena.organiser, arena.event, TallyForm(library="medal_table"))
    assert head == (await publishing.list_tallies(ANONYMOUS, arena.event))[0]
    empty = await publishing.tally(ANONYMOUS, arena.event, head.id)
    assert (empty.rows, empty.sources, empty.contests) == ([], [], 1)
    await official(arena)
    first = await publishing.tally(ANONYMOUS, arena.event, head.id)
    board = (await publishing.public_board(arena.event, arena.stage)).board()
    place = next(index for index, row in enumerate(board.rows) if row.entry_id == rows[0].id)
    assert medals(first)["Union hf"] == [["1", "0", "0"], ["0", "1", "0"], ["0", "0", "0"]][place]
    assert {row.delegation.en for row in first.rows} == {"Union ah", "Union hf"}
    await arena.enter(arena.chief, mark(arena.codes[2], "base", "20", reason="typing error"))
    await official(arena, reason="typing error")
    await db.rows("UPDATE unions SET name = {} WHERE id = {}", words("新名", "New name").stored(), city)
    after = await publishing.tally(ANONYMOUS, arena.event, head.id)
    assert (after.sources[0].version, [row.rank for row in after.rows]) == (2, ["1", "2"])
    assert {row.delegation.en for row in after.rows} == {"Union ah", "New name"}
    golden = [part for row in after.rows for part in row.parts if part.column == "gold" and part.value == "1"]
    assert [part.name for part in golden] == [(await named(arena))[arena.codes[2]]]
    await contests.add_stage(arena.organiser, arena.event, arena.contest, StageForm(title=words()))
    assert (await publishing.tally(ANONYMOUS, arena.event, head.id)).sources == []
    await publishing.remove_tally(arena.organiser, arena.event, head.id)
    with pytest.raises(NotFound):
        await publishing.tally(ANONYMOUS, arena.event, head.id)


def medals(view: publishing.TallyView) -> dict[str, list[str | None]]:
    return {row.delegation.en: row.values for row in view.rows}


async def named(arena: Arena) -> dict[str, str | None]:
    board = (await publishing.public_board(arena.event, arena.stage)).board()
    return {row.code: row.name for row in board.rows}


async def test_a_table_that_is_none_is_refused_with_every_fault(database: str) -> None:
    arena = await held("9", document=MEDALS)
    document: dict[str, object] = {"format": "magpie-table/1", "key": "x", "title": WORDS, "columns": [], "order": []}
    with pytest.raises(Invalid, match="/document/columns"):
        await publishing.add_tally(arena.organiser, arena.event, TallyForm(document=document))
    with pytest.raises(Invalid, match="/library not_in_library"):
        await publishing.add_tally(arena.organiser, arena.event, TallyForm(library="none"))
    for who in (arena.chief, arena.judges[0]):
        with pytest.raises(NotFound):
            await publishing.add_tally(who, arena.event, TallyForm(library="medal_table"))
    assert [one.key for one in publishing.tally_library()] == ["delegation_points", "medal_points", "medal_table"]
