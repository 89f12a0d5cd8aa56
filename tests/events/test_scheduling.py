"""Venues, sessions and their clashes, on both databases."""

import asyncio
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from events import access, clock, db, ids, scheduling
from events.access import Actor
from events.errors import Conflict, Invalid, NotFound, NotSignedIn, Stale
from events.scheduling import OfficialForm, ProgrammeQuery, SessionForm, StationForm, VenueForm
from events.scheduling.clashing import HIDDEN
from events.tables import Contest, Entry, Event, Panel, PanelSeat, Registration, SessionOfficial, Stage
from events.terms import SessionState
from events.text import Bilingual
from tests.events.factory import (
    START,
    make_account,
    make_event,
    make_official,
    make_participant,
    make_person,
    make_union,
    make_venue,
    posted,
)

HOUR = timedelta(hours=1)


def form(hours: float = 1, lasting: float = 1, **changes: Any) -> SessionForm:
    starts_at = START + hours * HOUR
    columns: dict[str, Any] = {
        "title": Bilingual(zh="场次"),
        "starts_at": starts_at,
        "ends_at": starts_at + lasting * HOUR,
    }
    return SessionForm(**(columns | changes))


def codes(refused: pytest.ExceptionInfo[Any]) -> list[str]:
    return [reason.code for reason in refused.value.reasons]


async def make_organised(**changes: Any) -> tuple[Actor, UUID]:
    """An event in a new union, and an organiser of the union."""
    union = await make_union(f"u{uuid4().hex}")
    return await make_official("organiser", union=union), await make_event(union, **changes)


async def make_contest(event: UUID, number: int = 1) -> UUID:
    contest = Contest(
        event_id=event, id=ids.new(), number=number, title="{}", trade="", judges_see_names=False, live_public=False,
        version=1, created_at=clock.now(),
    )  # fmt: skip
    await Contest.insert(contest)
    return contest.id


async def make_judge(event: UUID, contest: UUID, judge: Actor) -> None:
    stage = Stage(event_id=event, id=ids.new(), contest_id=contest, number=1, title="{}", state="prepared", version=1)
    await Stage.insert(stage)
    panel = Panel(event_id=event, id=ids.new(), stage_id=stage.id, title="{}", aspects="[]")
    await Panel.insert(panel)
    seat = PanelSeat(
        event_id=event, id=ids.new(), panel_id=panel.id, seat="1", account=judge.account, since=clock.now()
    )
    await PanelSeat.insert(seat)


async def register(event: UUID, person: UUID | None, contest: UUID | None = None, state: str = "confirmed") -> UUID:
    now = clock.now()
    registration = Registration(
        event_id=event, id=ids.new(), person=person, contest_id=contest, state=state, reference=ids.reference(),
        note="", queue_number=1, version=1, created_at=now, updated_at=now,
    )  # fmt: skip
    await Registration.insert(registration)
    return registration.id


async def test_a_venue_keeps_its_position_in_millionths(database: str) -> None:
    union = await make_union()
    actor = await make_official("organiser", union=union)
    form = VenueForm(name=Bilingual(zh="文化宫"), union=union, latitude="-31.8206", longitude="117.2")
    made = await scheduling.add_venue(actor, form)
    assert (made.latitude, made.longitude) == ("-31.820600", "117.200000")
    changed = await scheduling.change_venue(actor, made.id, VenueForm(name=Bilingual(zh="新馆"), union=union))
    assert (changed.name.zh, changed.latitude) == ("新馆", None)


async def test_a_wrong_venue_is_told_everything_at_once(database: str) -> None:
    union = await make_union()
    actor = await make_official("organiser", union=union)
    with pytest.raises(Invalid) as refused:
        await scheduling.add_venue(actor, VenueForm(name=Bilingual(), union=union, latitude="90.000001"))
    assert codes(refused) == ["name_missing", "half_a_position", "not_on_earth"]


async def test_only_organisers_of_the_union_keep_its_venues(database: str) -> None:
    one, other = await make_union("one"), await make_union("other")
    actor = await make_official("organiser", union=one)
    venue = VenueForm(name=Bilingual(zh="馆"), union=other)
    with pytest.raises(NotFound):
        await scheduling.add_venue(actor, venue)
    with pytest.raises(NotSignedIn):
        await scheduling.add_venue(access.ANONYMOUS, venue)
    with pytest.raises(NotFound):
        await scheduling.change_venue(actor, await make_venue(other), venue)


async def test_venues_are_found_by_text_and_in_pages(database: str) -> None:
    union = await make_union()
    for name in ("南馆", "北馆", "100%_馆"):
        await make_venue(union, name)
    first = await scheduling.venues(text="馆", limit=2)
    rest = await scheduling.venues(text="馆", limit=2, cursor=first.next or "")
    assert {venue.name.zh for venue in first.items + rest.items} == {"南馆", "北馆", "100%_馆"}
    assert (len(first.items), rest.next) == (2, None)
    assert [venue.name.zh for venue in (await scheduling.venues(text="%_", union=union)).items] == ["100%_馆"]


async def test_a_station_has_its_number_alone(database: str) -> None:
    union = await make_union()
    actor, venue = await make_official("organiser", union=union), await make_venue(union)
    one = await scheduling.add_station(actor, venue, StationForm(number=1))
    two = await scheduling.add_station(actor, venue, StationForm(number=2))
    for taken in (
        scheduling.add_station(actor, venue, StationForm(number=1)),
        scheduling.change_station(actor, venue, two.id, StationForm(number=1)),
    ):
        with pytest.raises(Conflict) as refused:
            await taken
        assert codes(refused) == ["station_taken"]
    await scheduling.remove_station(actor, venue, one.id)
    await scheduling.change_station(actor, venue, two.id, StationForm(number=1, name=Bilingual(zh="一号")))
    assert [(station.number, station.name.zh) for station in await scheduling.stations(venue)] == [(1, "一号")]


async def test_a_session_is_added_with_a_notice(database: str) -> None:
    actor, event = await make_organised()
    made = await scheduling.add_session(actor, event, form())
    assert (made.title.zh, made.event_title.zh, made.version) == ("场次", "电工技能竞赛", 1)
    assert [found.id for found in await scheduling.sessions(access.ANONYMOUS, event)] == [made.id]
    told = await posted(event=event)
    assert [(notice.kind, notice.subject) for notice in told] == [("session.added", made.id)]


async def test_the_first_session_takes_the_place_of_the_automatic_one(database: str) -> None:
    organiser, event = await make_organised(state="draft")
    found = await Event.objects().get(Event.id == event)
    assert found is not None
    frame = await scheduling.first_session(found)
    assert await scheduling.gives_way(organiser, event)
    added = await scheduling.add_session(organiser, event, form())
    assert (added.id, added.title.zh, added.starts_at, added.automatic) == (frame, "场次", START + HOUR, False)
    assert added.previous_starts_at is None
    await scheduling.add_session(organiser, event, form(3))
    assert len(await scheduling.sessions(organiser, event)) == 2


@pytest.mark.parametrize("in_it", ["registered", "on duty", "changed"])
async def test_an_automatic_session_with_somebody_in_it_stays(database: str, in_it: str) -> None:
    organiser, event = await make_organised()
    found = await Event.objects().get(Event.id == event)
    assert found is not None
    frame = await scheduling.first_session(found)
    if in_it == "registered":
        await register(event, await make_person())
    elif in_it == "on duty":
        account = OfficialForm(account=organiser.account or frame)
        await scheduling.assign_official(organiser, event, frame, account)
    else:
        times: dict[str, Any] = {"starts_at": found.starts_at, "ends_at": found.ends_at}
        await scheduling.change_session(organiser, event, frame, SessionForm(**times))
    assert not await scheduling.gives_way(organiser, event)
    await scheduling.add_session(organiser, event, form())
    listed = await scheduling.sessions(organiser, event)
    assert (len(listed), listed[0].id, listed[0].automatic) == (2, frame, in_it != "changed")


async def test_what_is_wrong_with_a_session_is_told_at_once(database: str) -> None:
    actor, event = await make_organised()
    nobody = OfficialForm(account=uuid4())
    wrong = form(lasting=-1, venue=uuid4(), contest_id=uuid4(), officials=(nobody, nobody))
    with pytest.raises(Invalid) as refused:
        await scheduling.add_session(actor, event, wrong)
    assert [(reason.code, reason.pointer) for reason in refused.value.reasons] == [
        ("ends_before_start", "/ends_at"),
        ("official_twice", "/officials/0/account"),
        ("official_twice", "/officials/1/account"),
        ("unknown_venue", "/venue"),
        ("unknown_contest", "/contest_id"),
        ("unknown_account", "/officials/0/account"),
        ("unknown_account", "/officials/1/account"),
    ]
    assert await scheduling.sessions(actor, event) == []


@pytest.mark.parametrize("year", [1, 9999])
async def test_a_time_at_the_end_of_the_calendar_is_refused(database: str, year: int) -> None:
    actor, event = await make_organised()
    day = START.replace(year=year)
    with pytest.raises(Invalid) as refused:
        await scheduling.add_session(actor, event, form(starts_at=day, ends_at=day + HOUR))
    assert codes(refused) == ["time_out_of_range"] * 2


async def test_without_the_right_the_event_is_unknown(database: str) -> None:
    _, event = await make_organised()
    stranger, _ = await make_organised()
    with pytest.raises(NotFound):
        await scheduling.add_session(stranger, event, form())
    with pytest.raises(NotSignedIn):
        await scheduling.add_session(access.ANONYMOUS, event, form())


@pytest.mark.parametrize("state", ["finished", "cancelled"])
async def test_the_schedule_of_a_past_event_is_closed(database: str, state: str) -> None:
    actor, event = await make_organised(state=state, reason="台风")
    with pytest.raises(Conflict) as refused:
        await scheduling.add_session(actor, event, form())
    assert codes(refused) == ["schedule_closed"]


async def test_a_move_keeps_the_time_and_place_that_were_announced(database: str) -> None:
    actor, event = await make_organised()
    union = (await Event.select(Event.union).where(Event.id == event).first() or {})["union"]
    old, new = await make_venue(union, "旧馆"), await make_venue(union, "新馆")
    made = await scheduling.add_session(actor, event, form(1, venue=old))
    await scheduling.change_session(actor, event, made.id, form(2, venue=new))
    moved = await scheduling.change_session(actor, event, made.id, form(3, venue=new))
    assert (moved.previous_starts_at, moved.previous_venue, moved.sequence) == (made.starts_at, old, 2)
    assert moved.previous_venue_name == Bilingual(zh="旧馆", en="Workers' Palace")
    back = await scheduling.change_session(actor, event, made.id, form(1, venue=old))
    assert (back.previous_starts_at, back.previous_venue) == (None, None)
    told = [notice.kind for notice in await posted(event=event)]
    assert told == ["session.added", "session.moved", "session.moved", "session.moved"]


async def test_a_draft_moves_without_a_trace(database: str) -> None:
    actor, event = await make_organised(state="draft")
    made = await scheduling.add_session(actor, event, form(1))
    moved = await scheduling.change_session(actor, event, made.id, form(2))
    assert (moved.previous_starts_at, moved.sequence) == (None, 0)
    assert await posted(event=event) == []


async def test_a_change_of_an_old_version_is_stale(database: str) -> None:
    actor, event = await make_organised()
    made = await scheduling.add_session(actor, event, form())
    await scheduling.change_session(actor, event, made.id, form(title=Bilingual(zh="新名")), version=1)
    with pytest.raises(Stale):
        await scheduling.change_session(actor, event, made.id, form(), version=1)
    assert (await scheduling.session(actor, event, made.id)).title.zh == "新名"


async def test_a_cancelled_session_stays_so(database: str) -> None:
    actor, event = await make_organised()
    made = await scheduling.add_session(actor, event, form())
    assert (await scheduling.cancel_session(actor, event, made.id)).state == SessionState.CANCELLED
    with pytest.raises(Conflict) as refused:
        await scheduling.change_session(actor, event, made.id, form())
    assert codes(refused) == ["session_cancelled"]


async def test_two_sessions_at_one_venue_clash_in_any_events(database: str) -> None:
    actor, event = await make_organised()
    other_actor, other = await make_organised()
    venue = await make_venue(await make_union("venues"))
    first = await scheduling.add_session(other_actor, other, form(1, 2, venue=venue))
    for clashing in (form(2, venue=venue), form(0, 4, venue=venue), form(1.5, 0.1, venue=venue)):
        with pytest.raises(Conflict) as refused:
            await scheduling.add_session(actor, event, clashing)
        assert [(reason.code, reason.pointer) for reason in refused.value.reasons] == [("clash_venue", "/venue")]
    assert refused.value.reasons[0].params == {
        "event": Bilingual(zh="电工技能竞赛", en="Electricians' contest"), "session": Bilingual(zh="场次"),
        "from": first.starts_at, "to": first.ends_at, "names": (HIDDEN,), "count": 0,
    }  # fmt: skip
    await scheduling.add_session(actor, event, form(0, venue=venue))
    await scheduling.add_session(actor, event, form(3, venue=venue))
    assert len(await scheduling.sessions(actor, event)) == 2
    await scheduling.cancel_session(other_actor, other, first.id)
    await scheduling.add_session(actor, event, form(1, 2, venue=venue))


async def test_accepted_clashes_are_saved_and_listed(database: str) -> None:
    actor, event = await make_organised()
    venue = await make_venue(await make_union("venues"))
    one = await scheduling.add_session(actor, event, form(venue=venue))
    two = await scheduling.add_session(actor, event, form(venue=venue), accept_clashes=True)
    found = await scheduling.clashes(actor, event)
    assert {(clash.session_id, clash.other_session) for clash in found} == {(one.id, two.id), (two.id, one.id)}


async def test_the_frame_of_an_event_holds_its_sessions(database: str) -> None:
    venue = await make_venue(await make_union("venues"))
    actor, event = await make_organised(venue=venue)
    found = await Event.objects().get(Event.id == event)
    assert found is not None
    frame = await scheduling.first_session(found)
    await register(event, await make_person())  # or the first session would take the place of the frame
    inside = await scheduling.add_session(actor, event, form())
    assert [session.id for session in await scheduling.sessions(actor, event)] == [frame, inside.id]
    assert inside.venue == venue
    with pytest.raises(Conflict):
        await scheduling.add_session(actor, event, form())
    stranger, elsewhere = await make_organised(venue=venue)
    with pytest.raises(Conflict) as refused:
        await scheduling.add_session(stranger, elsewhere, form())
    assert codes(refused) == ["clash_venue", "clash_venue"]


async def test_the_draft_of_others_is_not_named(database: str) -> None:
    actor, event = await make_organised()
    other_actor, draft = await make_organised(state="draft")
    venue = await make_venue(await make_union("venues"))
    await scheduling.add_session(other_actor, draft, form(venue=venue))
    with pytest.raises(Conflict) as refused:
        await scheduling.add_session(actor, event, form(venue=venue))
    assert refused.value.reasons[0].params["event"] == HIDDEN


async def test_an_official_cannot_be_in_two_places(database: str) -> None:
    actor, event = await make_organised()
    other_actor, other = await make_organised()
    judge = await make_participant(name="李雷")
    official = OfficialForm(account=judge.account or uuid4(), duty="裁判")
    first = await scheduling.add_session(other_actor, other, form(1, officials=(official,)))
    with pytest.raises(Conflict) as refused:
        await scheduling.add_session(actor, event, form(1.5, officials=(official,)))
    assert codes(refused) == ["clash_official"]
    assert refused.value.reasons[0].params["names"] == ("李雷",)
    free = await scheduling.add_session(actor, event, form(1.5))
    with pytest.raises(Conflict):
        await scheduling.assign_official(actor, event, free.id, official)
    assert await scheduling.officials(actor, event, free.id) == []
    await scheduling.remove_official(other_actor, other, first.id, official.account)
    assigned = await scheduling.assign_official(actor, event, free.id, official)
    assert [(found.name, found.duty) for found in assigned] == [("李雷", "裁判")]
    with pytest.raises(NotFound):
        await scheduling.remove_official(other_actor, other, first.id, official.account)


async def test_a_judge_of_a_panel_has_a_duty_in_its_sessions(database: str) -> None:
    actor, event = await make_organised()
    other_actor, other = await make_organised()
    contest, judge = await make_contest(event), await make_account("judge")
    await make_judge(event, contest, judge)
    await scheduling.add_session(actor, event, form(1, contest_id=contest))
    await scheduling.add_session(actor, event, form(1, contest_id=contest))  # two halls of one contest
    official = (OfficialForm(account=judge.account or uuid4()),)
    with pytest.raises(Conflict) as refused:
        await scheduling.add_session(other_actor, other, form(1, officials=official))
    assert codes(refused) == ["clash_official"] * 2
    theirs = await make_contest(other)
    await make_judge(other, theirs, judge)
    with pytest.raises(Conflict):
        await scheduling.add_session(other_actor, other, form(1, contest_id=theirs))


async def test_participants_are_counted_and_named_to_those_who_may_know(database: str) -> None:
    actor, event = await make_organised()
    other_actor, other = await make_organised()
    people = [await make_person(name=f"选手{number:02}") for number in range(23)]
    for number, person in enumerate(people):
        await register(event, person, state="pending" if number % 2 else "confirmed")
        await register(other, person)
    await register(event, outsider := await make_person(name="候补者"), state="waiting")
    await register(other, outsider)
    await scheduling.add_session(other_actor, other, form(1))
    with pytest.raises(Conflict) as refused:
        await scheduling.add_session(actor, event, form(1))
    assert [(reason.code, reason.params["count"], reason.params["names"]) for reason in refused.value.reasons] == [
        ("clash_participants", 23, (HIDDEN,))
    ]
    with pytest.raises(Conflict) as refused:
        await scheduling.add_session(access.SYSTEM, event, form(1))
    assert refused.value.reasons[0].params["names"] == tuple(f"选手{number:02}" for number in range(20))


async def test_in_one_event_only_contests_clash_for_participants(database: str) -> None:
    actor, event = await make_organised()
    one, two = await make_contest(event, 1), await make_contest(event, 2)
    person = await make_person()
    registration = await register(event, person, contest=one)
    await scheduling.add_session(actor, event, form(1, contest_id=one))
    await scheduling.add_session(actor, event, form(1, contest_id=one))
    await scheduling.add_session(actor, event, form(1))
    free = await scheduling.add_session(actor, event, form(1, contest_id=two))
    await Entry.insert(
        Entry(
            event_id=event,
            id=ids.new(),
            contest_id=two,
            registration_id=registration,
            person=person,
            number=1,
            name="",
            state="competing",
            created_at=clock.now(),
        )
    )
    with pytest.raises(Conflict) as refused:
        await scheduling.change_session(actor, event, free.id, form(1.5, contest_id=two))
    assert codes(refused) == ["clash_participants"] * 2


async def test_a_whole_event_is_shifted(database: str) -> None:
    actor, event = await make_organised()
    venues = await make_union("venues")
    old, new, own = [await make_venue(venues, name) for name in ("旧", "新", "别处")]
    one = await scheduling.add_session(actor, event, form(1, venue=old))
    two = await scheduling.add_session(actor, event, form(1, venue=own))
    gone = await scheduling.add_session(actor, event, form(5))
    await scheduling.cancel_session(actor, event, gone.id)
    async with db.transaction():
        await scheduling.shift(event, timedelta(days=7), from_venue=old, to_venue=new, by=actor.account)
    found = {session.id: session for session in await scheduling.sessions(actor, event)}
    assert found[one.id].starts_at == one.starts_at + timedelta(days=7)
    assert (found[one.id].venue, found[one.id].previous_venue) == (new, old)
    assert (found[two.id].venue, found[two.id].previous_venue) == (own, None)
    assert found[two.id].previous_starts_at == two.starts_at
    assert found[gone.id].starts_at == gone.starts_at


async def test_sessions_are_copied_to_another_year(database: str) -> None:
    actor, event = await make_organised()
    _, copy = await make_organised(state="draft")
    old, new = await make_contest(event), await make_contest(copy)
    made = await scheduling.add_session(actor, event, form(1, contest_id=old))
    await scheduling.copy_sessions(event, copy, timedelta(days=364), contests={old: new})
    [found] = await scheduling.sessions(access.SYSTEM, copy)
    assert (found.starts_at, found.contest_id, found.version) == (made.starts_at + timedelta(days=364), new, 1)


async def test_a_copy_has_a_session_even_where_all_were_cancelled(database: str) -> None:
    actor, event = await make_organised()
    _, copy = await make_organised(state="draft")
    await scheduling.cancel_session(actor, event, (await scheduling.add_session(actor, event, form())).id)
    await scheduling.copy_sessions(event, copy, timedelta(days=364))
    [found] = await scheduling.sessions(access.SYSTEM, copy)
    assert (found.starts_at, found.title.zh) == (START, "电工技能竞赛")


async def test_the_programme_of_a_day_goes_by_the_local_clock(database: str) -> None:
    actor, event = await make_organised(city="hefei")
    _, draft = await make_organised(state="draft")
    _, template = await make_organised(is_template=True)
    day = datetime.fromisoformat("2027-05-01T00:00+08:00")
    for hours in (-2, -0.5, 23, 24):
        await scheduling.add_session(actor, event, form(starts_at=day + hours * HOUR, ends_at=day + (hours + 1) * HOUR))
    for hidden in (draft, template):
        await scheduling.add_session(access.SYSTEM, hidden, form())
    query = ProgrammeQuery(day=date(2027, 5, 1))
    found = await scheduling.programme(access.ANONYMOUS, query)
    assert [session.starts_at - day for session in found.items] == [-0.5 * HOUR, 23 * HOUR]
    assert len((await scheduling.programme(access.SYSTEM, query)).items) == 3
    assert (await scheduling.programme(actor, ProgrammeQuery(city="wuhu"))).items == []
    with pytest.raises(Invalid):
        await scheduling.programme(actor, ProgrammeQuery(day=date.max))


async def test_the_programme_comes_in_pages(database: str) -> None:
    actor, event = await make_organised()
    made = [await scheduling.add_session(actor, event, form(number // 2)) for number in range(7)]
    seen, cursor = [], ""
    while True:
        page = await scheduling.programme(actor, ProgrammeQuery(since=date(2027, 1, 1)), cursor=cursor, limit=3)
        seen += [session.id for session in page.items]
        if page.next is None:
            break
        cursor = page.next
    assert seen == [session.id for session in sorted(made, key=lambda session: (session.starts_at, session.id))]


async def test_replaced_officials_are_exactly_those_named(database: str) -> None:
    actor, event = await make_organised()
    one, two = [OfficialForm(account=(await make_account()).account or uuid4()) for _ in range(2)]
    made = await scheduling.add_session(actor, event, form(officials=(one,)))
    await scheduling.change_session(actor, event, made.id, form())
    assert await SessionOfficial.count() == 1
    await scheduling.change_session(actor, event, made.id, form(officials=(two,)))
    assert [found.account for found in await scheduling.officials(actor, event, made.id)] == [two.account]


async def test_of_two_who_want_one_hall_at_once_one_gets_it(database: str) -> None:
    venue = await make_venue(await make_union("venues"))
    organised = [await make_organised() for _ in range(6)]
    wanted = [scheduling.add_session(actor, event, form(venue=venue)) for actor, event in organised]
    answers = await asyncio.gather(*wanted, return_exceptions=True)
    assert [type(answer) for answer in answers].count(Conflict) == 5
