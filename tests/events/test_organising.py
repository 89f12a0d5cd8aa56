"""Organising: forms, the life of an event, moving, copying, lists; on both databases."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from events import access, clock, contests, organising, registering, scheduling
from events.access import Actor
from events.contests import ContestForm, StageForm
from events.eligibility import Eligibility
from events.errors import Conflict, Invalid, NotFound, NotSignedIn, Stale
from events.organising import AdvanceForm, CopyForm, EventChange, EventForm, EventQuery, MoveForm, SeriesForm, searching
from events.organising.wanted import midnight
from events.registering import RegistrationForm
from events.tables import Event, Message
from events.terms import EventState, Kind
from events.text import Bilingual
from tests.events.factory import make_event, make_official, make_participant, make_union, make_venue, posted

START = datetime(2027, 5, 1, 1, 0, tzinfo=UTC)
TITLE = Bilingual("焊工技能竞赛", "Welders' contest")
LIFE = [EventState.ANNOUNCED, EventState.OPEN, EventState.CLOSED, EventState.UNDER_WAY, EventState.FINISHED]


def form(union: UUID, **changes: Any) -> EventForm:
    values: dict[str, Any] = {
        "kind": Kind.COMPETITION, "title": TITLE, "union": union,
        "starts_at": START, "ends_at": START + timedelta(hours=8),
    }  # fmt: skip
    return EventForm(**(values | changes))


async def organiser_of(union: UUID) -> Actor:
    return await make_official("organiser", union=union)


async def codes(attempt: Any, kind: type[Exception] = Invalid) -> set[tuple[str, str]]:
    with pytest.raises(kind) as refused:
        await attempt
    return {(reason.code, reason.pointer) for reason in refused.value.reasons}  # type: ignore[attr-defined]


async def test_a_new_event_is_a_draft_with_a_session_that_others_do_not_see(database: str) -> None:
    union = await make_union()
    organiser = await organiser_of(union)
    made = await organising.create(organiser, form(union, places=30, eligibility=Eligibility(age_min=18)))
    assert (made.state, made.places.free, made.eligibility.age_min, made.version) == (EventState.DRAFT, 30, 18, 1)
    assert len(await scheduling.sessions(organiser, made.id)) == 1
    with pytest.raises(NotFound):
        await organising.event(await make_participant(union), made.id)
    with pytest.raises(NotFound):
        await organising.event(access.ANONYMOUS, made.id)


async def test_every_flaw_of_a_form_is_named(database: str) -> None:
    union = await make_union()
    flawed = form(
        union, title=Bilingual(" "), ends_at=START - timedelta(hours=1), zone="Mars/Olympus", venue=uuid4(),
        opens_at=START, closes_at=START - timedelta(days=1), eligibility=Eligibility(age_min=40, age_max=30),
    )  # fmt: skip
    assert await codes(organising.create(await organiser_of(union), flawed)) == {
        ("title_needed", "/title"), ("ends_before_start", "/ends_at"), ("unknown_zone", "/zone"),
        ("unknown_venue", "/venue"), ("closes_before_opening", "/closes_at"), ("age_range", "/eligibility/age_max"),
    }  # fmt: skip
    assert await Event.count() == 0


async def test_only_organisers_of_the_union_create(database: str) -> None:
    province, other = await make_union(), await make_union("js")
    with pytest.raises(NotSignedIn):
        await organising.create(access.ANONYMOUS, form(province))
    with pytest.raises(NotFound):
        await organising.create(await organiser_of(other), form(province))
    assert await codes(organising.create(await organiser_of(province), form(uuid4()))) == {("unknown_union", "/union")}


async def test_an_event_lives_from_draft_to_finished(database: str) -> None:
    union = await make_union()
    organiser = await organiser_of(union)
    event = (await organising.create(organiser, form(union))).id
    for state in LIFE:
        assert (await organising.advance(organiser, event, AdvanceForm(state=state))).state == state
    assert await codes(organising.advance(organiser, event, AdvanceForm(state=EventState.OPEN)), Conflict) == {
        ("not_next", "/state")
    }
    told = [notice.kind for notice in await posted(event=event)]
    assert told == [f"event.{state}" for state in LIFE]


async def test_cancelling_needs_a_reason_and_tells_everybody(database: str) -> None:
    union = await make_union()
    organiser = await organiser_of(union)
    event = await make_event(union)
    await registering.register(await make_participant(union), event, RegistrationForm())
    judge = await make_official("judge", event=event)
    cancel = AdvanceForm(state=EventState.CANCELLED)
    assert await codes(organising.advance(organiser, event, cancel), Conflict) == {("reason_needed", "/reason")}
    preview = await organising.preview(organiser, event, AdvanceForm(state=EventState.CANCELLED, reason="台风"))
    assert (preview.allowed, preview.people_told) == (True, 2)
    done = await organising.advance(organiser, event, AdvanceForm(state=EventState.CANCELLED, reason="台风"))
    assert (done.state, done.reason) == (EventState.CANCELLED, "台风")
    await run_tasks()
    assert await Message.exists().where(Message.kind == "event.cancelled")
    assert await told(event, "duty.cancelled") == {judge.account}


async def told(event: UUID, kind: str) -> set[UUID]:
    """The accounts that had a message about an event."""
    return {row["account"] for row in await Message.select().where(Message.event_id == event, Message.kind == kind)}


async def test_a_moved_event_keeps_the_old_time_to_be_shown(database: str) -> None:
    union = await make_union()
    organiser, venue = await organiser_of(union), await make_venue(union)
    event = (await organising.create(organiser, form(union))).id
    judge = await make_official("judge", event=event)
    await organising.move(organiser, event, MoveForm(reason="", starts_at=START))
    assert await told(event, "duty.changed") == set()  # of a draft nobody hears
    await organising.advance(organiser, event, AdvanceForm(state=EventState.ANNOUNCED))
    later = START + timedelta(days=7)
    moved = await organising.move(organiser, event, MoveForm(reason="场馆检修", starts_at=later, venue=venue))
    assert (moved.starts_at, moved.ends_at, moved.previous_starts_at) == (later, later + timedelta(hours=8), START)
    session = (await scheduling.sessions(organiser, event))[0]
    assert (session.starts_at, session.previous_starts_at, session.sequence) == (later, START, 1)
    assert await told(event, "duty.changed") == {judge.account}


async def test_postponed_without_a_day_then_moved(database: str) -> None:
    union = await make_union()
    organiser, event = await organiser_of(union), await make_event(union)
    postponed = await organising.move(organiser, event, MoveForm(reason="疫情"))
    assert (postponed.postponed, postponed.starts_at) == (True, START)
    moved = await organising.move(organiser, event, MoveForm(reason="新日期", starts_at=START + timedelta(days=30)))
    assert not moved.postponed


async def test_time_opens_and_closes_registration(database: str) -> None:
    union, now = await make_union(), clock.now()
    opening = await make_event(union, state="announced", opens_at=now - timedelta(minutes=1))
    closing = await make_event(union, state="open", closes_at=now - timedelta(minutes=1))
    waiting = await make_event(union, state="announced", opens_at=now + timedelta(days=1))
    assert await organising.keep_time() == 2
    assert await organising.keep_time() == 0
    states = {row["id"]: row["state"] for row in await Event.select(Event.id, Event.state)}
    assert (states[opening], states[closing], states[waiting]) == ("open", "closed", "announced")


async def test_a_change_writes_what_it_names_and_nothing_else(database: str) -> None:
    union = await make_union()
    organiser = await organiser_of(union)
    made = await organising.create(organiser, form(union, city="合肥", places=5))
    changed = await organising.change(organiser, made.id, EventChange(title=Bilingual("新", "New"), places=None))
    assert (changed.title.en, changed.city, changed.places.places, changed.version) == ("New", "合肥", None, 2)
    with pytest.raises(Stale):
        await organising.change(organiser, made.id, EventChange(city="芜湖"), version=1)
    assert await codes(organising.change(organiser, made.id, EventChange(title=Bilingual()))) == {
        ("title_needed", "/title")
    }


async def test_a_copy_has_everything_but_people(database: str) -> None:
    union = await make_union()
    organiser = await organiser_of(union)
    event = await make_event(union, places=7)
    contest = await contests.add_contest(organiser, event, ContestForm(title=Bilingual("电工"), places=4))
    await contests.add_stage(organiser, event, contest.id, StageForm(title=Bilingual("决赛")))
    worker = await make_participant(union)
    await registering.register(worker, event, RegistrationForm(contest_id=contest.id))
    next_year = START + timedelta(days=364)
    copied = await organising.copy_event(organiser, event, CopyForm(starts_at=next_year, title=Bilingual("2028")))
    assert (copied.state, copied.starts_at, copied.copied_from, copied.title.zh) == ("draft", next_year, event, "2028")
    assert (copied.places.places, copied.places.used) == (7, 0)
    again = (await contests.list_contests(organiser, copied.id)).items
    assert [(one.title.zh, one.places, one.used, len(one.stages)) for one in again] == [("电工", 4, 0, 1)]


async def test_a_whole_series_is_copied(database: str) -> None:
    union = await make_union()
    organiser = await organiser_of(union)
    series = await organising.add_series(organiser, SeriesForm(title=Bilingual("2027 年度"), union=union))
    for number in range(3):
        await organising.create(organiser, form(union, series=series.id, starts_at=START + timedelta(hours=number)))
    made, count = await organising.copy_series(organiser, series.id, Bilingual("2028 年度"), days=364)
    assert count == 3
    found = await organising.list_events(organiser, EventQuery(series=made.id))
    assert [item.starts_at for item in found.items] == [
        START + timedelta(days=364, hours=number) for number in range(3)
    ]


async def test_lists_show_what_may_be_seen_a_page_at_a_time(database: str) -> None:
    union = await make_union()
    city = await make_union("hf", union, "city")
    for number in range(5):
        await make_event(union, starts_at=START + timedelta(hours=number), ends_at=START + timedelta(hours=number + 1))
    draft = await make_event(city, state="draft", kind="fair")
    page = await organising.list_events(access.ANONYMOUS, EventQuery(), limit=3)
    rest = await organising.list_events(access.ANONYMOUS, EventQuery(), limit=3, cursor=page.next or "")
    assert (len(page.items), len(rest.items), rest.next) == (3, 2, None)
    seen = await organising.list_events(await organiser_of(city), EventQuery(kind=Kind.FAIR))
    assert [item.id for item in seen.items] == [draft]
    own = await organising.list_events(await organiser_of(city), EventQuery(organised=True))
    assert [item.id for item in own.items] == [draft]
    found = await organising.list_events(access.ANONYMOUS, EventQuery(q="ELECTR", union="ah."), limit=2)
    assert len(found.items) == 2


async def test_an_official_of_one_event_organises_that_one_alone(database: str) -> None:
    union = await make_union()
    one, other = await make_event(union), await make_event(union)
    official = await make_official("organiser", event=one)
    assert (await organising.change(official, one, EventChange(city="合肥"))).city == "合肥"
    with pytest.raises(NotFound):
        await organising.change(official, other, EventChange(city="合肥"))


async def run_tasks() -> None:
    from events import tasks

    while await tasks.run_due():
        continue


async def test_a_search_finds_texts_as_they_are_and_nothing_of_how_they_lie_there(database: str) -> None:
    union = await make_union()
    for zh, en in (("职工艺术节", 'A "fine" art fair'), ("百分之百", "100% C_D"), ("钢琴", "Piano")):
        await make_event(union, title=Bilingual(zh, en).stored())

    async def found(text: str) -> list[str]:
        return [item.title.zh for item in (await organising.list_events(access.ANONYMOUS, EventQuery(q=text))).items]

    assert (await found("zh"), await found('","'), await found("_"), await found("%")) == (
        [],
        [],
        ["百分之百"],
        ["百分之百"],
    )
    assert (await found('"FINE" art'), await found("艺术"), await found(" piano ")) == (
        ["职工艺术节"],
        ["职工艺术节"],
        ["钢琴"],
    )


async def test_a_list_from_a_day_on_has_what_is_on_then_however_long_ago_it_began(database: str) -> None:
    union, lasting = await make_union(), (timedelta(hours=2), timedelta(days=2), timedelta(days=40))
    held = [(timedelta(days=-back), length) for back in (0, 1, 2, 3, 30, 41) for length in lasting]
    made = {await make_event(union, starts_at=START + since, ends_at=START + since + length): since + length
            for since, length in held}  # fmt: skip
    today = midnight(START.date())
    query, cursor, found = EventQuery(first=START.date()), "", list[UUID]()
    while True:
        page = await organising.list_events(access.ANONYMOUS, query, cursor=cursor, limit=3)
        found += [item.id for item in page.items]
        if page.next is None:
            break
        cursor = page.next
    wanted = [event for event, ends in made.items() if START + ends >= today]
    assert len(found) == len(set(found)) == await organising.count(access.ANONYMOUS, query)
    assert set(found) == set(wanted)
    back = await organising.list_events(access.ANONYMOUS, query, limit=50, newest_first=True)
    assert [item.id for item in back.items] == found[::-1]


async def test_a_word_in_many_titles_and_one_in_few_are_found_alike(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "MOST", 3)
    union = await make_union()
    titles = [Bilingual(zh=f"长跑{number}", en="Run " + "ab"[number % 2]) for number in range(6)]
    for title in titles:
        await make_event(union, title=title.stored())
    for text, number in {"长跑": 6, "RUN": 6, "run b": 3, "长跑5": 1, '","en': 0, "swim": 0}.items():
        query = EventQuery(q=text)
        assert len((await organising.list_events(access.ANONYMOUS, query)).items) == number, text
        assert await organising.count(access.ANONYMOUS, query) == number, text
