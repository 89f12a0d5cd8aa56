"""Boards kept while marks come in: what is made of changes alone is, byte for byte, what all gives from scratch."""

import random
from collections.abc import AsyncIterator
from contextlib import suppress
from decimal import Decimal

import msgspec
import pytest

from events import clock, contests, db, ids, marking, notices, operating, publishing
from events.contests import EntryChange, SchemeForm
from events.errors import Refusal
from events.marking import SeatForm
from events.notices import Posted
from events.publishing import Board, hot, restating
from events.publishing.boards import compose, numbered, ranks
from events.publishing.gathering import facts_of
from events.terms import BoardKind, EntryState
from scoring.marks import Status
from tests.events.contest_factory import DOCUMENT, Arena, make_arena, mark
from tests.events.factory import actor, make_account

NAMES = [f'选手{number} "moved":null' for number in range(12)]
NEEDS = [{"take": "score", "least": "9"}]
GIVING = DOCUMENT | {
    "awards": [{"key": "gold", "title": {"zh": "金奖", "en": "Gold"}, "share": "0.3", "needs": NEEDS}],
    "advance": [{"places": 4, "ties": "decide"}],
}  # fmt: skip
NEAR = {"standings": {"better": "higher", "tolerance": {"value": "1", "mode": "chained"}}}
SCALED = GIVING | NEAR | {"scaled": {}}


@pytest.fixture(params=[DOCUMENT, GIVING, SCALED], ids=["plain", "giving", "scaled"])
async def arena(request: pytest.FixtureRequest, database: str) -> AsyncIterator[Arena]:
    stop = hot.listen()
    yield await make_arena(*NAMES, document=request.param)
    stop()


async def stored(arena: Arena) -> tuple[str, Board] | None:
    found = await db.row("SELECT body FROM board WHERE event_id = {} AND kind = 'live'", arena.event)
    return (found["body"], msgspec.json.decode(found["body"], type=Board)) if found else None


async def check(arena: Arena) -> None:
    """Restate, and compare with what comes of everything that is stored."""
    before = await stored(arena)
    await publishing.restate(arena.event, arena.stage)
    after, facts = await stored(arena), await facts_of(arena.event, arena.stage)
    assert after
    assert facts
    if before and before[0] == after[0]:
        assert compose(facts, BoardKind.LIVE, clock.now()).digest == after[1].digest
        return
    made = compose(facts, BoardKind.LIVE, after[1].made_at)
    expected = numbered(made, after[1].version, ranks(before[1] if before else None))
    assert after[0] == msgspec.json.encode(expected).decode()
    assert after[1].digest == expected.digest


class Chance:
    """Does something to a contest, by chance that is the same in every run."""

    def __init__(self, arena: Arena) -> None:
        self.arena, self.random = arena, random.Random(7)

    async def marks(self) -> None:
        """Some marks of one hand: new ones, others in their place, a status now and then."""
        arena, pick = self.arena, self.random
        for _ in range(pick.randint(1, 8)):
            code, judge = pick.choice(arena.codes), pick.choice(arena.judges)
            status = pick.choice([None] * 9 + [Status.DID_NOT_FINISH])
            given = {"status": status} if status else {"value": str(Decimal(pick.randint(0, 12)) / 4)}
            forms = [(judge, mark(code, "style", **given)), (judge, mark(code, "care", str(pick.randint(0, 3))))]
            forms += [(arena.chief, mark(code, "base", str(pick.randint(0, 4))))]
            for who, form in pick.sample(forms, 2):
                with suppress(Refusal):  # of who has withdrawn, or from a seat that was left
                    await arena.enter(who, form)

    async def entry(self) -> None:
        """An entry withdraws, comes back, or competes for itself."""
        found = (await contests.list_entries(self.arena.organiser, self.arena.event, self.arena.contest)).items
        form = EntryChange(state=self.random.choice(list(EntryState)))
        entry = self.random.choice(found).id
        await contests.change_entry(self.arena.organiser, self.arena.event, self.arena.contest, entry, form=form)

    async def scheme(self) -> None:
        """Other rules for the marks that are there."""
        row = await db.row("SELECT document FROM scheme WHERE event_id = {} ORDER BY version DESC", self.arena.event)
        assert row
        document = msgspec.json.decode(row["document"])
        document["root"]["children"][0]["weight"] = str(self.random.randint(1, 3))
        form = SchemeForm(document=document)
        await contests.set_scheme(
            self.arena.organiser, self.arena.event, self.arena.contest, self.arena.stage, form=form
        )

    async def seat(self) -> None:
        """A judge leaves the panel, or another one comes."""
        arena = self.arena
        assert arena.panel
        panel = (await marking.list_panels(arena.organiser, arena.event, arena.stage))[0]
        taken = [seat.seat for seat in panel.seats if seat.until is None]
        if len(taken) > 2:
            await marking.vacate_seat(arena.organiser, arena.event, arena.stage, panel.id, seat=taken[-1])
            return
        account = (await make_account()).account
        assert account
        form = SeatForm(seat="J3", account=account)
        await marking.seat_judge(arena.organiser, arena.event, arena.stage, panel.id, form=form)
        arena.judges[2] = await actor(account)


async def test_what_is_made_of_changes_is_what_all_gives_from_scratch(arena: Arena) -> None:
    chance = Chance(arena)
    deeds = [chance.marks] * 6 + [chance.entry, chance.scheme, chance.seat]
    for _ in range(20):
        await chance.random.choice(deeds)()
        await check(arena)


async def test_marks_alone_move_what_is_there(database: str) -> None:
    stop, arena = hot.listen(), await make_arena(*NAMES)
    key = (arena.event, arena.stage)
    await arena.enter(arena.judges[0], mark(arena.codes[0], "style", "5"))
    await check(arena)
    before = hot.kept(key)
    await arena.enter_all(arena.codes[3])
    await arena.enter_all(arena.codes[5])
    await check(arena)
    after = hot.kept(key)
    assert before
    assert after
    assert after.making.entrants is before.making.entrants  # they were not read again
    entries = {row.code: str(row.entry_id) for row in compose_rows(after)}
    same = [code for code in arena.codes if after.making.shown[entries[code]] is before.making.shown[entries[code]]]
    assert same == [code for code in arena.codes if code not in (arena.codes[3], arena.codes[5])]
    stop()


def compose_rows(made: hot.Hot) -> list[publishing.Row]:
    return [line.row for line in made.making.lines.values()]


async def test_what_another_process_changes_is_read_anew(database: str) -> None:
    stop, arena = hot.listen(), await make_arena(*NAMES)
    await arena.enter_all(arena.codes[0])
    await check(arena)
    await db.rows("UPDATE entry SET name = {} WHERE event_id = {} AND number = 1", "另一个人", arena.event)
    notices._call(Posted("entry.changed", arena.event, arena.contest, here=False))
    await arena.enter_all(arena.codes[1])
    await check(arena)
    stop()


async def hold_elsewhere(arena: Arena, seconds: int) -> None:
    """Another process restates this board."""
    until = db.engine().dialect("{seconds}")
    sql = f"UPDATE board SET holder = {{}}, held_until = {until} + {seconds} WHERE event_id = {{}}"
    await db.rows(sql, ids.new(), arena.event)


async def test_a_board_is_left_to_the_process_that_restates_it(database: str) -> None:
    arena = await make_arena("a")
    stop = publishing.start()
    await arena.enter_all(arena.codes[0])
    await publishing.settle()
    first = await stored(arena)
    await hold_elsewhere(arena, 60)
    await arena.enter(arena.chief, mark(arena.codes[0], "base", "3"))
    await publishing.settle()
    assert await stored(arena) == first
    await hold_elsewhere(arena, -1)  # it is gone; who has handed over looks after a while
    await restating._look((arena.event, arena.stage))
    second = await stored(arena)
    assert first
    assert second
    assert (second[1].version, second[1].rows[0].scores[2]) == (first[1].version + 1, "3")
    await hold_elsewhere(arena, 60)
    await arena.enter(arena.chief, mark(arena.codes[0], "base", "4"))
    await publishing.settle()
    assert await publishing.restate(arena.event, arena.stage) == second[1].version + 1  # whoever else does
    stop()


async def test_boards_are_proved_to_be_what_their_marks_come_to(database: str) -> None:
    arena = await make_arena("a", "b")
    await arena.enter_all(arena.codes[0])
    await publishing.restate(arena.event, arena.stage)
    assert await publishing.prove() == publishing.Proof(looked_at=1, wrong=[], behind=[])
    await arena.enter(arena.chief, mark(arena.codes[0], "base", "3"))
    assert (await publishing.prove()).behind == [(arena.event, arena.stage)]
    await publishing.restate(arena.event, arena.stage)
    await db.rows("UPDATE mark SET value_e6 = value_e6 + 1 WHERE event_id = {}", arena.event)  # behind everybody's back
    found = {finding.code: finding for finding in await operating.doctor()}
    assert found["board_wrong"].params == {"event_id": arena.event, "stage_id": arena.stage}
