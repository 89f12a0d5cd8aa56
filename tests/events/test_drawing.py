"""Draws: recomputable by anybody, silent towards judges, final once marking has begun."""

import hashlib

import pytest

from events import contests, drawing
from events.access import ANONYMOUS
from events.contests import EntryChange, EntryForm, StageForm
from events.drawing import AnnounceForm, DrawForm
from events.errors import Conflict, Invalid, NotFound, Refusal
from events.terms import EntryState
from scoring import draw as draws
from tests.events.contest_factory import Arena, make_arena, make_stage, mark, words
from tests.events.factory import make_official, make_participant, make_union


async def test_anybody_can_recompute_a_draw(database: str) -> None:
    arena = await make_stage(judges_see_names=True)
    form = AnnounceForm(source="the index of 2 May")
    announced = await drawing.announce(arena.organiser, arena.event, arena.stage, form)
    assert announced.digest == draws.digest(["1", "2", "3"])
    await drawing.draw(arena.organiser, arena.event, arena.stage, DrawForm(key="3102.77"))
    seen = await drawing.drawn(ANONYMOUS, arena.event, arena.stage)
    assert (seen.method, seen.key, seen.source) == ("key", "3102.77", "the index of 2 May")
    assert [str(slot.number) for slot in seen.slots] == draws.order(seen.listed, "3102.77")


async def test_a_secret_key_is_committed_before_it_is_used(database: str) -> None:
    arena = await make_stage(judges_see_names=True)
    announced = await drawing.announce(arena.organiser, arena.event, arena.stage, AnnounceForm())
    assert announced.key is None
    seen = await drawing.draw(arena.organiser, arena.event, arena.stage, DrawForm())
    assert seen.key is not None
    assert announced.commitment == hashlib.sha256(seen.key.encode()).hexdigest() == seen.commitment
    assert seen.method == "secret"


async def test_a_blind_draw_shows_codes_to_all_and_names_to_organisers_only(database: str) -> None:
    arena = await make_arena()
    for who in (ANONYMOUS, arena.chief, arena.judges[0]):
        seen = await drawing.drawn(who, arena.event, arena.stage)
        assert seen.key is None
        assert {(slot.name, slot.number, slot.entry_id) for slot in seen.slots} == {(None, None, None)}
    known = await drawing.drawn(arena.organiser, arena.event, arena.stage)
    assert {slot.name for slot in known.slots} == {"王芳", "李强", "张䶮"}
    assert len({slot.code for slot in known.slots}) == 3


async def test_heats_and_stations(database: str) -> None:
    arena = await make_stage(*"abcdefg")
    await contests.change_stage(arena.organiser, arena.event, arena.stage, StageForm(title=words(), heat_size=3))
    seen = await drawing.draw(arena.organiser, arena.event, arena.stage, DrawForm())
    places = [(slot.heat, slot.station) for slot in seen.slots]
    assert places == [(1, 1), (1, 2), (1, 3), (2, 1), (2, 2), (3, 1), (3, 2)]


async def test_an_order_set_by_hand_is_recorded_as_such(database: str) -> None:
    arena = await make_stage()
    entries = (await contests.list_entries(arena.organiser, arena.event, arena.contest)).items
    order = [entry.id for entry in reversed(entries)]
    seen = await drawing.draw(arena.organiser, arena.event, arena.stage, DrawForm(order=order))
    assert [slot.entry_id for slot in seen.slots] == order
    assert (seen.method, seen.key) == ("manual", None)


async def test_drawing_again_needs_a_reason_and_no_marks(database: str) -> None:
    arena = await make_arena()
    with pytest.raises(Invalid, match="/reason reason_needed"):
        await drawing.draw(arena.organiser, arena.event, arena.stage, DrawForm())
    again = DrawForm(reason="a late entry")
    await drawing.draw(arena.organiser, arena.event, arena.stage, again)
    assert [notice.data["again"] for notice in await arena.told("draw.made")] == [False, True]
    code = (await drawing.drawn(ANONYMOUS, arena.event, arena.stage)).slots[0].code
    await arena.enter(arena.judges[0], mark(code, "style", "5"))
    with pytest.raises(Conflict, match="marking_begun"):
        await drawing.draw(arena.organiser, arena.event, arena.stage, again)


async def test_what_cannot_be_drawn(database: str) -> None:
    arena = await make_stage()
    await refused(arena, DrawForm(key="a", order=[]), "/order key_or_order")
    await refused(arena, DrawForm(order=[arena.event]), "/order order_incomplete")
    await drawing.announce(arena.organiser, arena.event, arena.stage, AnnounceForm())
    await refused(arena, DrawForm(key="mine"), "/key secret_committed")
    await drawing.announce(arena.organiser, arena.event, arena.stage, AnnounceForm(source="an index"))
    await refused(arena, DrawForm(), "/key key_needed")
    await contests.add_entries(arena.organiser, arena.event, arena.contest, [EntryForm(name="late")])
    await refused(arena, DrawForm(key="a"), "list_changed")


async def refused(arena: Arena, form: DrawForm, message: str) -> None:
    with pytest.raises(Refusal, match=f"^{message}$"):
        await drawing.draw(arena.organiser, arena.event, arena.stage, form)


async def test_nothing_to_draw(database: str) -> None:
    arena = await make_stage()
    for entry in (await contests.list_entries(arena.organiser, arena.event, arena.contest)).items:
        change = EntryChange(state=EntryState.WITHDRAWN)
        await contests.change_entry(arena.organiser, arena.event, arena.contest, entry.id, form=change)
    await refused(arena, DrawForm(), "no_entries")


async def test_late_entries_start_last(database: str) -> None:
    arena = await make_arena()
    await contests.add_entries(arena.organiser, arena.event, arena.contest, [EntryForm(name="迟到")])
    seen = await drawing.append(arena.organiser, arena.event, arena.stage)
    assert [slot.name for slot in seen.slots][3:] == ["迟到"]
    assert [slot.code for slot in seen.slots][:3] == arena.codes
    assert (seen.slots[3].heat, seen.slots[3].station) == (2, 1)


async def test_a_person_finds_the_own_slot(database: str) -> None:
    arena = await make_stage()
    someone = await make_participant(arena.union, "赵婷")
    form = EntryForm(name="赵婷", person=someone.person)
    await contests.add_entries(arena.organiser, arena.event, arena.contest, [form])
    seen = await drawing.draw(arena.organiser, arena.event, arena.stage, DrawForm())
    own = await drawing.own_slots(someone, arena.event)
    assert [slot.code for slot in own] == [slot.code for slot in seen.slots if slot.name == "赵婷"]


async def test_only_organisers_draw(database: str) -> None:
    arena = await make_stage()
    stranger = await make_official("organiser", union=await make_union("js"))
    for who in (stranger, arena.chief):
        with pytest.raises(NotFound):
            await drawing.draw(who, arena.event, arena.stage, DrawForm())
        with pytest.raises(NotFound):
            await drawing.announce(who, arena.event, arena.stage, AnnounceForm())


async def test_a_public_key_does_not_open_the_codes(database: str) -> None:
    arena = await make_stage()
    drawn = [
        await drawing.draw(arena.organiser, arena.event, arena.stage, DrawForm(key="3102.77", reason=reason))
        for reason in ("", "once more")
    ]
    numbers, codes = ([[getattr(slot, name) for slot in draw.slots] for draw in drawn] for name in ("number", "code"))
    assert numbers[0] == numbers[1]
    assert codes[0] != codes[1]
