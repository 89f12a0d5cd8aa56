"""Marks: who may give which, every reason at once, superseded and never lost, blind where judging is blind."""

import asyncio
from typing import Any
from uuid import UUID

import msgspec
import pytest

from events import access, contests, db, drawing, ids, marking
from events.access import ANONYMOUS
from events.contests import EntryChange, EntryForm
from events.drawing import DrawForm
from events.errors import Conflict, Invalid, NotFound, NotSignedIn, Refusal
from events.marking import MarkForm, PanelForm, SeatForm, SignOffForm, WithdrawalForm
from events.terms import EntryState, StageState
from scoring.marks import Status
from tests.events.contest_factory import DOCUMENT, Arena, make_arena, make_stage, mark, words
from tests.events.factory import actor, make_account, make_official, make_participant, make_person


async def reasons(arena: Arena, who: access.Actor, *forms: MarkForm) -> set[tuple[str, str]]:
    """The codes and pointers with which marks are refused."""
    with pytest.raises(Refusal) as caught:
        await arena.enter(who, *forms)
    assert await stored(arena) == []
    return {(reason.code, reason.pointer) for reason in caught.value.reasons}


async def stored(arena: Arena, *, history: bool = True) -> list[marking.MarkView]:
    page = await marking.list_marks(arena.organiser, arena.event, arena.stage, history=history, limit=500)
    return page.items


async def test_marks_are_taken(database: str) -> None:
    arena = await make_arena()
    code = arena.codes[0]
    entered = await arena.enter(arena.judges[0], mark(code, "style", "7.25"), mark(code, "care", status=Status.RECUSED))
    assert (entered.new, entered.superseded, entered.unchanged) == (2, 0, 0)
    kept = [(one.code, one.aspect, one.seat, one.value, one.status) for one in await stored(arena)]
    assert sorted(kept) == [(code, "care", "J1", None, Status.RECUSED), (code, "style", "J1", "7.25", None)]
    assert (await contests.stage(ANONYMOUS, arena.event, arena.stage)).state == StageState.MARKING
    [told] = await arena.told("marks.entered")
    entry = (await stored(arena))[0].entry_id
    assert (told.data, told.public) == ({"new": 2, "superseded": 0, "entries": [str(entry)]}, False)


REFUSED: list[tuple[dict[str, Any], str, str]] = [
    ({"value": "11"}, "value_too_large", "/value"),
    ({"value": "-1"}, "value_too_small", "/value"),
    ({"value": "7.3"}, "value_off_step", "/value"),
    ({"value": "7.2500001"}, "value_too_fine", "/value"),
    ({"value": "7", "status": Status.ABSENT}, "value_or_status", "/value"),
    ({}, "value_or_status", "/value"),
    ({"value": "7", "attempt": 2}, "attempt_out_of_range", "/attempt"),
    ({"value": "7", "aspect": "nothing"}, "unknown_aspect", "/aspect"),
    ({"value": "7", "aspect": "base"}, "not_your_panel", "/aspect"),
    ({"value": "7", "agreed": True}, "not_your_panel", "/aspect"),
    ({"value": "7", "seat": "J2"}, "not_your_seat", "/seat"),
    ({"value": "7", "entry": "Z99"}, "unknown_entry", "/entry"),
    ({"value": "7", "entry": "0190a5e0-0000-7000-8000-000000000000"}, "unknown_entry", "/entry"),
]


async def test_what_is_refused(database: str) -> None:
    arena = await make_arena()
    for change, code, pointer in REFUSED:
        form = MarkForm(**({"entry": arena.codes[0], "aspect": "style"} | change))
        assert (code, f"/marks/0{pointer}") in await reasons(arena, arena.judges[0], form)


async def test_every_reason_comes_at_once_and_nothing_is_written(database: str) -> None:
    arena = await make_arena()
    code = arena.codes[0]
    forms = [mark(code, "style", "5"), mark(code, "style", "5.1", attempt=3), mark("Z99", "base", "4")]
    assert await reasons(arena, arena.judges[0], *forms) == {
        ("value_off_step", "/marks/1/value"), ("attempt_out_of_range", "/marks/1/attempt"),
        ("unknown_entry", "/marks/2/entry"), ("not_your_panel", "/marks/2/aspect"),
    }  # fmt: skip
    assert (await contests.stage(ANONYMOUS, arena.event, arena.stage)).state == StageState.DRAWN


async def test_judges_keep_to_their_panels(database: str) -> None:
    arena = await make_arena()
    outside = await make_official("judge", event=arena.event)
    assert await reasons(arena, outside, mark(arena.codes[0], "style", "5")) == {("not_your_panel", "/marks/0/aspect")}
    with pytest.raises(NotFound):
        await arena.enter(await make_account(), mark(arena.codes[0], "style", "5"))
    with pytest.raises(NotSignedIn):
        await arena.enter(ANONYMOUS, mark(arena.codes[0], "style", "5"))


async def test_given_values_come_from_the_chief_judge_or_organisers(database: str) -> None:
    arena = await make_arena()
    code = arena.codes[0]
    await arena.enter(arena.chief, mark(code, "base", "4.5"))
    await arena.enter(arena.organiser, mark(code, "faults", "1"), mark(code, "base", "5"))
    assert {(one.aspect, one.seat, one.value) for one in await stored(arena, history=False)} == {
        ("base", None, "5"), ("faults", None, "1")
    }  # fmt: skip
    with pytest.raises(Invalid, match="not_your_panel"):
        await arena.enter(arena.chief, mark(code, "style", "5"))
    with pytest.raises(Invalid, match="judge_not_allowed"):
        await arena.enter(arena.chief, mark(code, "base", "6", seat="J1"))
    await arena.enter(arena.chief, mark(code, "style", "7.77", agreed=True))


async def test_a_panel_that_names_a_measurement_gives_it(database: str) -> None:
    arena = await make_arena()
    timer = await make_account("timer")
    panel = await arena.add_panel("base")
    assert timer.account is not None
    form = SeatForm(seat="T1", account=timer.account)
    await marking.seat_judge(arena.organiser, arena.event, arena.stage, panel.id, form=form)
    timer = await actor(timer.account)
    await arena.enter(timer, mark(arena.codes[0], "base", "12.5"))
    assert [one.key for one in (await marking.sheet(timer, arena.event, arena.stage)).aspects] == ["base"]
    with pytest.raises(Invalid, match="not_your_panel"):
        await arena.enter(timer, mark(arena.codes[0], "style", "5"))


async def test_a_status_of_the_whole_entry(database: str) -> None:
    arena = await make_arena()
    await arena.enter(arena.chief, mark(arena.codes[0], "all", status=Status.DISQUALIFIED))
    with pytest.raises(Invalid, match="not_your_panel"):
        await arena.enter(arena.judges[0], mark(arena.codes[0], "all", status=Status.DISQUALIFIED))


async def test_a_new_value_supersedes_and_the_old_one_stays_in_the_history(database: str) -> None:
    arena = await make_arena()
    judge, code = arena.judges[0], arena.codes[0]
    await arena.enter(judge, mark(code, "style", "5"))
    again = await arena.enter(judge, mark(code, "style", "6"))
    assert (again.new, again.superseded) == (1, 1)
    same = await arena.enter(judge, mark(code, "style", "6.00"))
    assert (same.new, same.unchanged) == (0, 1)
    assert {(one.value, one.superseded_at is None) for one in await stored(arena)} == {("5", False), ("6", True)}


async def test_a_device_sends_its_queue_in_order(database: str) -> None:
    arena = await make_arena()
    code = arena.codes[0]
    entered = await arena.enter(arena.judges[0], *(mark(code, "style", value) for value in ("5", "6", "5", "5")))
    assert (entered.new, entered.superseded, entered.unchanged) == (3, 2, 1)
    assert [one.value for one in await stored(arena, history=False)] == ["5"]


async def test_sending_again_after_a_lost_answer_changes_nothing(database: str) -> None:
    arena = await make_arena()
    judge, code = arena.judges[0], arena.codes[0]
    first = mark(code, "style", "5", id=ids.new())
    await arena.enter(judge, first)
    await arena.enter(judge, mark(code, "style", "6", id=ids.new()))
    late = await arena.enter(judge, first, mark(code, "care", "1", id=ids.new()))
    assert (late.new, late.unchanged, late.ids[0]) == (1, 1, first.id)
    assert {one.value for one in await stored(arena, history=False)} == {"6", "1"}


async def test_an_id_with_other_content_is_a_conflict(database: str) -> None:
    arena = await make_arena()
    sent = mark(arena.codes[0], "style", "5", id=ids.new())
    await arena.enter(arena.judges[0], sent)
    for who, other in ((arena.judges[0], {"value": "6"}), (arena.judges[0], {"aspect": "care"}), (arena.judges[1], {})):
        with pytest.raises(Conflict, match="/marks/0/id mark_id_taken"):
            await arena.enter(who, msgspec.structs.replace(sent, **other))


async def test_two_devices_of_one_judge_at_once(database: str) -> None:
    arena = await make_arena()
    judge = arena.judges[0]
    quarters = [str(number / 4) for number in range(20)]
    await asyncio.gather(*(
        arena.enter(judge, *(mark(code, "style", value) for code in codes))
        for value in quarters for codes in (arena.codes, arena.codes[::-1])
    ))  # fmt: skip
    assert len(await stored(arena, history=False)) == 3
    for code in arena.codes:
        own = [one for one in await stored(arena) if one.code == code]
        assert sum(one.superseded_at is None for one in own) == 1


async def test_many_judges_and_given_values_at_once(database: str) -> None:
    arena = await make_arena()
    work = [arena.enter(judge, mark(code, "style", "5")) for judge in arena.judges for code in arena.codes]
    given = mark(arena.codes[0], "base", "5")
    work += [arena.enter(who, given) for who in (arena.chief, arena.organiser, arena.chief)]
    await asyncio.gather(*work)
    assert len(await stored(arena)) == 10


async def test_the_same_id_from_two_seats_at_once(database: str) -> None:
    arena = await make_arena()
    form = mark(arena.codes[0], "style", "5", id=ids.new())
    answers = await asyncio.gather(*(arena.enter(judge, form) for judge in arena.judges), return_exceptions=True)
    assert sorted(type(answer).__name__ for answer in answers) == ["Conflict", "Conflict", "Entered"]


async def test_a_blind_sheet_names_nobody(database: str) -> None:
    arena = await make_arena("王芳", "李强", "张䶮")
    sheet = await marking.sheet(arena.judges[0], arena.event, arena.stage)
    plain = msgspec.json.encode(sheet).decode()
    entries = (await contests.list_entries(arena.organiser, arena.event, arena.contest)).items
    for entry in entries:
        assert entry.name is not None
        assert entry.name not in plain
        assert str(entry.id) not in plain
    assert [entry.code for entry in sheet.entries] == arena.codes
    assert sheet.blind
    known = await marking.sheet(arena.organiser, arena.event, arena.stage)
    assert {entry.name for entry in known.entries} == {entry.name for entry in entries}


async def test_a_sheet_shows_names_where_judges_may_see_them(database: str) -> None:
    arena = await make_arena(judges_see_names=True)
    sheet = await marking.sheet(arena.judges[0], arena.event, arena.stage)
    assert {entry.name for entry in sheet.entries} == {"王芳", "李强", "张䶮"}


async def test_a_sheet_tells_what_to_mark(database: str) -> None:
    arena = await make_arena()
    await arena.enter(arena.judges[0], mark(arena.codes[0], "style", "5"))
    sheet = await marking.sheet(arena.judges[0], arena.event, arena.stage)
    assert [(one.key, one.kind, one.least, one.most, one.step) for one in sheet.aspects] == [
        ("style", "panel", "0", "10", "0.25"), ("care", "judgement", "0", "3", "1")
    ]  # fmt: skip
    assert [(panel.seat, panel.leads, panel.signed) for panel in sheet.panels] == [("J1", True, False)]
    assert [(one.code, one.aspect, one.value) for one in sheet.marks] == [(arena.codes[0], "style", "5")]
    assert not sheet.gives_values


async def test_others_marks_show_when_all_are_in(database: str) -> None:
    arena = await make_arena()
    code = arena.codes[0]
    for judge in arena.judges[1:]:
        await arena.enter(judge, mark(code, "style", "4"), mark(code, "care", "1"))
    assert (await marking.sheet(arena.judges[0], arena.event, arena.stage)).others == []
    assert len((await marking.sheet(arena.chief, arena.event, arena.stage)).others) == 4
    await arena.enter(arena.judges[0], mark(code, "style", "5"))
    seen = (await marking.sheet(arena.judges[0], arena.event, arena.stage)).others
    assert [(one.aspect, one.seat, one.value) for one in seen] == [("style", "J2", "4"), ("style", "J3", "4")]


async def test_a_sheet_is_for_those_with_a_duty(database: str) -> None:
    arena = await make_arena()
    for who in (await make_official("judge", event=arena.event), await make_account()):
        with pytest.raises(NotFound):
            await marking.sheet(who, arena.event, arena.stage)
    assert [duty.stage_id for duty in await marking.duties(arena.judges[1])] == [arena.stage]
    assert await marking.duties(await make_account()) == []


async def test_nothing_is_marked_before_the_draw(database: str) -> None:
    arena = await make_stage()
    with pytest.raises(Conflict, match="not_drawn"):
        await arena.enter(arena.chief, mark("A01", "base", "5"))


async def test_withdrawn_entries_take_no_marks(database: str) -> None:
    arena = await make_arena()
    [slot, *_] = (await drawing.drawn(arena.organiser, arena.event, arena.stage)).slots
    assert slot.entry_id is not None
    form = EntryChange(state=EntryState.WITHDRAWN)
    await contests.change_entry(arena.organiser, arena.event, arena.contest, slot.entry_id, form=form)
    refused = await reasons(arena, arena.judges[0], mark(slot.code, "style", "5"))
    assert refused == {("entry_withdrawn", "/marks/0/entry")}


async def test_entries_can_be_named_by_their_id(database: str) -> None:
    arena = await make_arena()
    [slot, *_] = (await drawing.drawn(arena.organiser, arena.event, arena.stage)).slots
    await arena.enter(arena.judges[0], mark(slot.entry_id, "style", "5"))
    again = await arena.enter(arena.judges[0], mark(slot.code, "style", "5"))
    assert again.unchanged == 1


async def test_nobody_judges_where_they_compete(database: str) -> None:
    arena = await make_stage()
    both = await make_participant(arena.union)
    form = EntryForm(name="王芳", person=both.person)
    await contests.add_entries(arena.organiser, arena.event, arena.contest, [form])
    panel = await marking.add_panel(arena.organiser, arena.event, arena.stage, PanelForm(title=words()))
    assert both.account is not None
    with pytest.raises(Invalid, match="/account judge_is_entry"):
        await seat(arena, panel.id, "J1", both.account)


async def seat(arena: Arena, panel: UUID, name: str, account: UUID | None) -> marking.PanelView:
    assert account is not None
    form = SeatForm(seat=name, account=account)
    return await marking.seat_judge(arena.organiser, arena.event, arena.stage, panel, form=form)


async def test_one_who_enters_after_being_seated_stops_the_draw_and_cannot_mark_oneself(database: str) -> None:
    arena = await make_stage()
    person = await make_person(arena.union)
    both = await make_account(person=person)
    panel = await marking.add_panel(arena.organiser, arena.event, arena.stage, PanelForm(title=words()))
    await seat(arena, panel.id, "J1", both.account)
    await contests.add_entries(arena.organiser, arena.event, arena.contest, [EntryForm(name="王芳", person=person)])
    with pytest.raises(Conflict, match="judge_competes"):
        await drawing.draw(arena.organiser, arena.event, arena.stage, DrawForm())
    await marking.vacate_seat(arena.organiser, arena.event, arena.stage, panel.id, seat="J1")
    drawn = await drawing.draw(arena.organiser, arena.event, arena.stage, DrawForm())
    code = next(slot.code for slot in drawn.slots if slot.name == "王芳" and slot.number == 4)
    await db.rows("UPDATE panel_seat SET until = NULL WHERE event_id = {} AND account = {}", arena.event, both.account)
    both = await actor(both.account)
    assert await reasons(arena, both, mark(code, "style", "5")) == {("own_entry", "/marks/0/entry")}


async def test_seats(database: str) -> None:
    arena = await make_arena(judges=2)
    assert arena.panel is not None
    with pytest.raises(Invalid, match="/account already_seated"):
        await seat(arena, arena.panel, "J9", arena.judges[0].account)
    with pytest.raises(Invalid, match="/account unknown_account"):
        await seat(arena, arena.panel, "J9", ids.new())
    other = await arena.add_panel("care")
    with pytest.raises(Invalid, match="/seat seat_taken"):
        await seat(arena, other.id, "J1", (await make_account()).account)
    await seat(arena, other.id, "J3", (await make_account()).account)
    with pytest.raises(Invalid, match="/seat panel_full"):
        await seat(arena, other.id, "J4", (await make_account()).account)
    again = await seat(arena, arena.panel, "J1", arena.judges[0].account)
    assert [(one.seat, one.until) for one in again.seats] == [("J1", None), ("J2", None)]
    with pytest.raises(NotFound):
        await marking.vacate_seat(arena.organiser, arena.event, arena.stage, arena.panel, seat="J7")


async def test_panels(database: str) -> None:
    arena = await make_arena()
    bad = PanelForm(title=words("", ""), aspects=["style", "nothing"], leader=ids.new())
    with pytest.raises(Invalid) as caught:
        await marking.add_panel(arena.organiser, arena.event, arena.stage, bad)
    assert {reason.pointer for reason in caught.value.reasons} == {"/title", "/aspects/1", "/leader"}
    made = await arena.add_panel("base")
    form = PanelForm(title=words("时间", "Time"), aspects=["faults"])
    changed = await marking.change_panel(arena.organiser, arena.event, arena.stage, made.id, form=form)
    assert (changed.title.en, changed.aspects) == ("Time", ["faults"])
    await marking.remove_panel(arena.organiser, arena.event, arena.stage, made.id)
    assert [panel.id for panel in await marking.list_panels(arena.chief, arena.event, arena.stage)] == [arena.panel]
    with pytest.raises(NotFound):
        await marking.list_panels(arena.judges[0], arena.event, arena.stage)
    with pytest.raises(NotFound):
        await marking.change_panel(arena.organiser, arena.event, arena.stage, made.id, form=form)


async def test_a_judge_is_replaced_and_both_are_kept_apart(database: str) -> None:
    arena = await make_arena()
    assert arena.panel is not None
    code = arena.codes[0]
    await arena.enter(arena.judges[0], mark(code, "style", "5"))
    newcomer = await make_account()
    view = await seat(arena, arena.panel, "J1", newcomer.account)
    assert [(one.account, one.until is None) for one in view.seats if one.seat == "J1"] == [
        (arena.judges[0].account, False), (newcomer.account, True)
    ]  # fmt: skip
    newcomer = await actor(newcomer.account)
    with pytest.raises(Invalid, match="not_your_panel"):
        await arena.enter(arena.judges[0], mark(code, "style", "6"))
    with pytest.raises(Invalid, match="/marks/0/reason reason_needed"):
        await arena.enter(newcomer, mark(code, "style", "6"))
    await arena.enter(newcomer, mark(code, "style", "6", reason="seen again on video"))
    assert {(one.seat, one.value, one.entered_by) for one in await stored(arena)} == {
        ("J1", "5", arena.judges[0].account), ("J1", "6", newcomer.account)
    }  # fmt: skip


async def test_the_chief_judge_says_that_a_judge_is_absent(database: str) -> None:
    arena = await make_arena()
    code = arena.codes[0]
    await arena.enter(arena.chief, mark(code, "style", status=Status.ABSENT, seat="J2"))
    assert [(one.seat, one.status) for one in await stored(arena)] == [("J2", Status.ABSENT)]
    for form in (mark(code, "style", "5", seat="J2"), mark(code, "style", status=Status.ABSENT, seat="J7")):
        with pytest.raises(Invalid, match="/marks/0/seat not_your_seat"):
            await arena.enter(arena.chief, form)


async def sign(arena: Arena, who: access.Actor, panel: UUID | None = None) -> marking.SignOffView:
    return await marking.sign_off(who, arena.event, arena.stage, SignOffForm(panel_id=panel))


async def test_sign_off_from_leader_to_chief_judge(database: str) -> None:
    arena = await make_arena("a", "b")
    await arena.enter_all(arena.codes[0])
    with pytest.raises(Conflict) as caught:
        await sign(arena, arena.judges[0], arena.panel)
    assert {(reason.code, reason.params["code"], reason.params["needed"]) for reason in caught.value.reasons} == {
        ("mark_missing", arena.codes[1], 3)
    }  # fmt: skip
    await arena.enter_all(arena.codes[1])
    with pytest.raises(Conflict, match="panel_unsigned"):
        await sign(arena, arena.chief)
    for who in (arena.judges[1], arena.chief, arena.organiser):
        with pytest.raises(NotFound):
            await sign(arena, who, arena.panel)
    first = await sign(arena, arena.judges[0], arena.panel)
    assert await sign(arena, arena.judges[0], arena.panel) == first
    with pytest.raises(NotFound):
        await sign(arena, arena.judges[0])
    await sign(arena, arena.chief)
    assert (await contests.stage(ANONYMOUS, arena.event, arena.stage)).state == StageState.SIGNED


async def test_given_values_are_missing_until_the_stage_is_signed(database: str) -> None:
    arena = await make_arena("a")
    for judge in arena.judges:
        await arena.enter(judge, mark(arena.codes[0], "style", "5"), mark(arena.codes[0], "care", "2"))
    await sign(arena, arena.judges[0], arena.panel)
    with pytest.raises(Conflict) as caught:
        await sign(arena, arena.chief)
    assert [(reason.code, reason.params["aspect"]) for reason in caught.value.reasons] == [("mark_missing", "base")]
    seen = await marking.progress(arena.chief, arena.event, arena.stage)
    assert (seen.entries, seen.complete, seen.missing_marks, len(seen.sign_offs)) == (1, 0, 1, 1)
    own = await marking.progress(arena.judges[0], arena.event, arena.stage)
    assert own.missing == []
    with pytest.raises(NotFound):
        await marking.progress(arena.judges[1], arena.event, arena.stage)


async def test_after_sign_off_only_the_chief_judge_corrects_and_says_why(database: str) -> None:
    arena = await make_arena("a")
    code = arena.codes[0]
    await arena.enter_all(code)
    await sign(arena, arena.judges[0], arena.panel)
    before = len(await stored(arena))
    with pytest.raises(Invalid, match="/marks/0 signed_off"):
        await arena.enter(arena.judges[1], mark(code, "style", "6"))
    await sign(arena, arena.chief)
    for who in (arena.judges[1], arena.organiser):
        with pytest.raises(Invalid, match="/marks/0 signed_off"):
            await arena.enter(who, mark(code, "style" if who in arena.judges else "base", "6"))
    with pytest.raises(Invalid, match="/marks/0/reason reason_needed"):
        await arena.enter(arena.chief, mark(code, "style", "6", seat="J2"))
    assert (await arena.enter(arena.judges[1], mark(code, "style", "5"))).unchanged == 1
    assert len(await stored(arena)) == before
    await arena.enter(arena.chief, mark(code, "style", "6", seat="J2", reason="typing error"))
    seconds = [one for one in await stored(arena, history=False) if one.seat == "J2"]
    assert {(one.value, one.reason) for one in seconds} == {("2", None), ("6", "typing error")}


async def test_judges_far_apart_say_why(database: str) -> None:
    arena = await make_arena("a")
    code = arena.codes[0]
    await arena.enter_all(code)
    await arena.enter(arena.judges[2], mark(code, "care", "0"))
    await sign(arena, arena.judges[0], arena.panel)
    with pytest.raises(Conflict, match="spread_unexplained"):
        await sign(arena, arena.chief)
    [signed] = (await marking.progress(arena.chief, arena.event, arena.stage)).sign_offs
    form = WithdrawalForm(reason="the spread has to be explained")
    await marking.withdraw_sign_off(arena.judges[0], arena.event, arena.stage, signed.id, form=form)
    explained = await arena.enter(arena.judges[2], mark(code, "care", "0", reason="a visible crack"))
    assert explained.superseded == 1
    await sign(arena, arena.judges[0], arena.panel)
    await sign(arena, arena.chief)


async def test_a_sign_off_is_withdrawn_with_a_reason(database: str) -> None:
    arena = await make_arena("a")
    await arena.enter_all(arena.codes[0])
    panel = await sign(arena, arena.judges[0], arena.panel)
    stage = await sign(arena, arena.chief)
    form = WithdrawalForm(reason="a mark was left out")

    async def withdraw(who: access.Actor, signed: marking.SignOffView) -> marking.SignOffView:
        return await marking.withdraw_sign_off(who, arena.event, arena.stage, signed.id, form=form)

    with pytest.raises(Conflict, match="stage_signed"):
        await withdraw(arena.judges[0], panel)
    with pytest.raises(NotFound):
        await withdraw(arena.judges[1], panel)
    assert (await withdraw(arena.chief, stage)).reason == "a mark was left out"
    assert (await contests.stage(ANONYMOUS, arena.event, arena.stage)).state == StageState.MARKING
    with pytest.raises(Conflict, match="already_withdrawn"):
        await withdraw(arena.chief, stage)
    await withdraw(arena.chief, panel)
    await arena.enter(arena.judges[0], mark(arena.codes[0], "style", "6"))


async def test_marks_can_be_read_page_by_page(database: str) -> None:
    arena = await make_arena()
    for code in arena.codes:
        await arena.enter_all(code)
    page = await marking.list_marks(arena.chief, arena.event, arena.stage, limit=5)
    assert page.next is not None
    rest = await marking.list_marks(arena.chief, arena.event, arena.stage, limit=500, cursor=page.next)
    assert rest.next is None
    streamed = [one.id async for one in marking.every_mark(arena.chief, arena.event, arena.stage)]
    assert [one.id for one in (*page.items, *rest.items)] == streamed
    assert len(set(streamed)) == 21
    with pytest.raises(NotFound):
        await marking.list_marks(arena.judges[0], arena.event, arena.stage)


async def test_seats_and_missing_marks_stand_in_the_order_of_people(database: str) -> None:
    scale, title = {"min": "0", "max": "10"}, {"zh": "词", "en": "Word"}
    parts = [{"kind": "panel", "key": key, "title": title, "judges": 11, "scale": scale} for key in ("b10", "b9", "a")]
    root = {"kind": "criterion", "key": "all", "title": title, "children": parts}
    arena = await make_arena(judges=11, document=DOCUMENT | {"root": root, "standings": {"better": "higher"}})
    panel = (await marking.list_panels(arena.chief, arena.event, arena.stage))[0]
    assert [seat.seat for seat in panel.seats] == [f"J{number}" for number in range(1, 12)]
    missing = (await marking.progress(arena.chief, arena.event, arena.stage)).missing
    assert [one.aspect for one in missing if one.code == arena.codes[0]] == ["b10", "b9", "a"]
