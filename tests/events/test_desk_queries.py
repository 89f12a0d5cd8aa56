"""What the desk asks: what waits for somebody, how registrations come in, who is there, how far the marks are."""

from datetime import timedelta

import pytest

from events import clock, ids, marking, organising, publishing, registering, scheduling
from events.access import Actor
from events.errors import NotFound
from events.marking import SignOffForm
from events.organising import AdvanceForm, EventQuery, MoveForm
from events.publishing import ProvisionalForm
from events.registering import Presence, RegistrationForm
from events.tables import Session
from events.terms import EventState
from tests.events.contest_factory import make_arena
from tests.events.factory import (
    START,
    make_account,
    make_event,
    make_official,
    make_participant,
    make_union,
    make_venue,
)


async def kinds(actor: Actor, **where: object) -> dict[str, int]:
    """How much waits, by kind."""
    found: dict[str, int] = {}
    for need in await organising.needs(actor, **where):  # type: ignore[arg-type]  # event_id
        found[need.kind] = found.get(need.kind, 0) + need.n
    return found


async def test_registrations_to_review_wait_for_those_who_review(database: str) -> None:
    union, other = await make_union("ah"), await make_union("bj")
    event = await make_event(union, approval="review")
    for _ in range(2):
        await registering.register(await make_participant(union), event, RegistrationForm())
    assert await kinds(await make_official("registrar", union=union)) == {"review": 2}
    assert await kinds(await make_official("registrar", union=other)) == {}
    assert await kinds(await make_official("chief_judge", event=event)) == {}
    assert await kinds(await make_account()) == {}


async def test_two_sessions_in_one_hall_are_a_clash_and_a_frame_is_none(database: str) -> None:
    union = await make_union()
    admin, venue = await make_official("administrator"), await make_venue(union)
    one, two = await make_event(union), await make_event(union)
    for event in (one, two):
        await _session(event, START, START + timedelta(hours=8), venue=venue)
    await _session(one, START + timedelta(hours=1), START + timedelta(hours=2), venue=venue)
    with clock.at(START - timedelta(days=1)):
        found = {need.event_id: need.n for need in await organising.needs(admin) if need.kind == "clash"}
        assert found == {one: 2, two: 1}
        assert len({clash.session_id for clash in await scheduling.clashes(admin, one)}) == 2
        only = [need.event_id for need in await organising.needs(admin, two)]
        assert only == [two]
    with clock.at(START + timedelta(days=1)):
        assert "clash" not in await kinds(admin)


async def _session(event: object, starts: object, ends: object, *, venue: object) -> None:
    now = clock.now()
    await Session.insert(
        Session(event_id=event, id=ids.new(), title="{}", venue=venue, starts_at=starts, ends_at=ends, state="planned",
                sequence=0, created_at=now, updated_at=now)
    )  # fmt: skip


@pytest.mark.parametrize(
    ("state", "days", "kind"),
    [("draft", -10, "announce"), ("draft", -60, ""), ("open", 0, "begin"), ("open", -1, ""), ("under_way", 1, "finish"),
     ("finished", 1, ""), ("cancelled", 1, "")],
)  # fmt: skip
async def test_an_event_whose_time_has_come_waits(database: str, state: str, days: int, kind: str) -> None:
    event = await make_event(await make_union(), state=state, reason="Storm" if state == "cancelled" else None)
    organiser = await make_official("organiser", event=event)
    with clock.at(START + timedelta(days=days)):
        assert await kinds(organiser) == ({kind: 1} if kind else {})


async def test_a_postponed_event_waits_for_its_new_day(database: str) -> None:
    event = await make_event(await make_union())
    organiser = await make_official("organiser", event=event)
    await organising.move(organiser, event, MoveForm(reason="Rain"))
    assert await kinds(organiser) == {"new_day": 1}


async def test_a_stage_waits_for_sign_off_then_for_publishing(database: str) -> None:
    arena = await make_arena(judges=3)
    for code in arena.codes:
        await arena.enter_all(code)
    with clock.at(START - timedelta(days=1)):
        assert await kinds(arena.chief) == {"sign_off": 1}
        assert await kinds(arena.organiser) == {}
        panel = SignOffForm(panel_id=arena.panel)
        await marking.sign_off(arena.judges[0], arena.event, arena.stage, panel)
        await marking.sign_off(arena.chief, arena.event, arena.stage, SignOffForm())
        assert await kinds(arena.organiser) == {"publish": 1}
        until = ProvisionalForm(objections_until=START)
        await publishing.publish_provisional(arena.organiser, arena.event, arena.stage, until)
        assert await kinds(arena.organiser) == {}
    with clock.at(START):
        assert (await kinds(arena.organiser))["official"] == 1


async def test_registrations_are_counted_by_day(database: str) -> None:
    union = await make_union()
    event, admin = await make_event(union), await make_official("administrator")
    await registering.register(await make_participant(union), event, RegistrationForm())
    found = await registering.by_day(admin, event)
    assert len(found) == 28
    assert list(found.values())[-1] == 1
    assert sum(found.values()) == 1
    with pytest.raises(NotFound):
        await registering.by_day(await make_account(), event)


async def test_presence_counts_those_who_are_confirmed(database: str) -> None:
    union = await make_union()
    event, registrar = await make_event(union), await make_official("registrar", union=union)
    made = [await registering.register(await make_participant(union), event, RegistrationForm()) for _ in range(3)]
    await registering.withdraw(registrar, event, made[0].id)
    await registering.check_in(registrar, event, made[1].reference)
    assert await registering.presence(registrar, event) == Presence(here=1, expected=2)
    with pytest.raises(NotFound):
        await registering.presence(await make_account(), event)


async def test_marks_are_counted_by_seat(database: str) -> None:
    arena = await make_arena(judges=3)
    await arena.enter_all(arena.codes[0])
    found = {
        (one.code, one.seat): one.marks for one in await marking.marks_by_seat(arena.chief, arena.event, arena.stage)
    }
    code = arena.codes[0]
    assert found == {(code, None): 1, (code, "J1"): 2, (code, "J2"): 2, (code, "J3"): 2}
    with pytest.raises(NotFound):
        await marking.marks_by_seat(arena.judges[0], arena.event, arena.stage)


async def test_the_desk_lists_events_by_duty(database: str) -> None:
    union = await make_union()
    event, _ = await make_event(union), await make_event(await make_union("bj"))
    chief = await make_official("chief_judge", event=event)
    found = await organising.list_events(chief, EventQuery(official=True))
    assert [one.id for one in found.items] == [event]
    assert (await organising.list_events(chief, EventQuery(organised=True))).items == []


async def test_what_stands_in_the_way_of_a_step_is_named_beforehand(database: str) -> None:
    event = await make_event(await make_union(), state="draft")
    organiser = await make_official("organiser", event=event)
    with clock.at(START + timedelta(days=1)):
        found = await organising.obstacles(organiser, event, AdvanceForm(state=EventState.ANNOUNCED))
    assert [one.code for one in found] == ["already_over"]


async def test_a_draft_is_moved_without_a_reason(database: str) -> None:
    event = await make_event(await make_union(), state="draft")
    organiser = await make_official("organiser", event=event)
    moved = await organising.move(organiser, event, MoveForm(reason="", starts_at=START + timedelta(days=1)))
    assert moved.starts_at == START + timedelta(days=1)
