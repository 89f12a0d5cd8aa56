"""Calendar entries and feeds, on both databases."""

import gzip
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID, uuid4

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from events import access, calendars, clock, db, ids, organising, scheduling
from events.access import Actor
from events.calendars import FeedQuery
from events.calendars.rendering import END, Facts, beginning, clean, degrees, vevent, with_alarms, with_mark
from events.calendars.words import WORDS
from events.errors import Invalid, NotFound
from events.organising import AdvanceForm, EventChange, EventForm
from events.scheduling import OfficialForm, SessionForm, VenueForm
from events.tables import Event, RoleGrant, Session
from events.terms import EventState, Kind
from events.text import Bilingual
from tests.events.factory import START, actor, make_event, make_official, make_participant, make_union, make_venue
from tests.events.test_scheduling import make_contest, make_judge, register

HOUR = timedelta(hours=1)
NOW = datetime(2027, 4, 1, 2, 0, 0, 123456, tzinfo=UTC)
ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=300)


def facts(**changes: Any) -> Facts:
    known: dict[str, Any] = {
        "id": UUID(int=1), "event_id": UUID(int=2), "kind": Kind.GAMES, "title": Bilingual(zh="百米"),
        "event_title": Bilingual(zh="职工运动会", en="Workers' games"), "summary": Bilingual(), "starts_at": START,
        "ends_at": START + HOUR, "zone": "Asia/Shanghai", "status": "CONFIRMED", "base_url": "https://magpie.example",
    }  # fmt: skip
    return Facts(**(known | changes))


class Entry(NamedTuple):
    """A VEVENT as a reader has it."""

    uid: str
    summary: str
    description: str
    location: str
    geo: str
    status: str
    sequence: int
    starts: datetime
    stamp: datetime
    changed: datetime
    alarms: list[timedelta]


def entry_of(event: Any) -> Entry:
    return Entry(
        str(event["UID"]),
        str(event["SUMMARY"]),
        str(event.get("DESCRIPTION", "")),
        str(event.get("LOCATION", "")),
        event["GEO"].to_ical() if "GEO" in event else "",
        str(event["STATUS"]),
        int(event["SEQUENCE"]),
        event["DTSTART"].dt,
        event["DTSTAMP"].dt,
        event["LAST-MODIFIED"].dt,
        [alarm["TRIGGER"].dt for alarm in event.walk("VALARM")],
    )


def read(body: bytes) -> list[Entry]:
    """The entries of a calendar."""
    return [entry_of(event) for event in Calendar.from_ical(body.decode()).events]


def parsed(entry: str) -> Entry:
    """One stored entry."""
    return read("".join((beginning("鹊桥"), entry, END)).encode())[0]


async def fed(**query: Any) -> list[Entry]:
    """What a feed holds."""
    return read((await calendars.feed(FeedQuery(**query), name="鹊桥")).body)


async def own(who: Actor) -> list[Entry]:
    """What a person's own feed holds."""
    return read((await calendars.private_feed(who, language="zh", name="我的")).body)


def summaries(entries: list[Entry]) -> list[str]:
    return [entry.summary for entry in entries]


def form(day: float = 0, **changes: Any) -> SessionForm:
    starts_at = START + timedelta(days=day)
    return SessionForm(**({"starts_at": starts_at, "ends_at": starts_at + HOUR} | changes))


async def make_session(event: UUID, day: float = 0, **changes: Any) -> UUID:
    """A session of an event, made by the system itself."""
    return (await scheduling.add_session(access.SYSTEM, event, form(day, **changes), accept_clashes=True)).id


async def stored(session: UUID) -> Entry:
    """The entry of a session as it lies in the database."""
    row = await db.row("SELECT vevent FROM session WHERE id = {}", session)
    assert row is not None
    return parsed(row["vevent"])


# --- one entry ------------------------------------------------------------------------------------------------------


@given(ANY_TEXT, ANY_TEXT)
def test_any_text_survives_and_no_line_is_too_long(title: str, summary: str) -> None:
    told = facts(title=Bilingual(zh=title), summary=Bilingual(zh=summary))
    entry = vevent(told, "zh", sequence=0, stamp=NOW)
    for text in (entry, with_alarms(with_mark(entry, WORDS["zh"].waiting), "zh")):
        lines = text.encode().split(b"\r\n")
        assert max(map(len, lines)) <= 75
        assert all(line.decode() is not None for line in lines)
        assert not any(character in text.replace("\r\n", "") for character in "\r\n\ufeff\u2028\u0085\x00")
    assert parsed(entry).summary == clean(f"职工运动会 · {title}" if title else "职工运动会")
    assert parsed(entry).description == clean(summary)


def test_an_entry_has_the_profile() -> None:
    told = facts(venue=UUID(int=3), venue_name=Bilingual(zh="体育场"), latitude_e6=-1, longitude_e6=117_200_000)
    assert vevent(told, "zh", sequence=2, stamp=NOW).split("\r\n") == [
        "BEGIN:VEVENT",
        "SUMMARY:职工运动会 · 百米",
        "DTSTART;TZID=Asia/Shanghai:20270501T090000",
        "DTEND;TZID=Asia/Shanghai:20270501T100000",
        "DTSTAMP:20270401T020000Z",
        "UID:00000000-0000-0000-0000-000000000001@magpie",
        "SEQUENCE:2",
        "CATEGORIES:运动会",
        "GEO:-0.000001;117.200000",
        "LAST-MODIFIED:20270401T020000Z",
        "LOCATION:体育场",
        "STATUS:CONFIRMED",
        "URL:https://magpie.example/events/00000000-0000-0000-0000-000000000002",
        "END:VEVENT",
        "",
    ]


def test_an_event_elsewhere_is_told_in_utc() -> None:
    entry = vevent(facts(zone="Asia/Urumqi"), "en", sequence=0, stamp=NOW)
    assert "DTSTART:20270501T010000Z" in entry


@pytest.mark.parametrize(("language", "summary"), [("zh", "【取消】职工运动会"), ("en", "Cancelled: Workers' games")])
def test_what_is_cancelled_says_so_and_rings_no_more(language: Any, summary: str) -> None:
    told = facts(status="CANCELLED", title=Bilingual(), reason="台风")
    entry = with_alarms(vevent(told, language, sequence=1, stamp=NOW), language)
    read = parsed(entry)
    assert (read.summary, read.status, read.alarms) == (summary, "CANCELLED", [])
    assert "台风" in read.description


def test_every_kind_has_a_word() -> None:
    assert all(set(words.kinds) == set(Kind) for words in WORDS.values())


@pytest.mark.parametrize(("millionths", "shown"), [(0, "0.000000"), (-31_820_600, "-31.820600"), (1, "0.000001")])
def test_degrees(millionths: int, shown: str) -> None:
    assert degrees(millionths) == shown


# --- what follows a change ------------------------------------------------------------------------------------------


async def test_only_time_place_and_status_raise_the_sequence(database: str) -> None:
    union = await make_union()
    event = await make_event(union)
    session, venue = await make_session(event), await make_venue(union)
    first = await stored(session)

    async def sequence_after(changed: SessionForm) -> int:
        await scheduling.change_session(access.SYSTEM, event, session, changed)
        return (await stored(session)).sequence

    assert first.sequence == 0
    assert await sequence_after(form(title=Bilingual(zh="决赛"))) == 0
    assert await sequence_after(form(1, title=Bilingual(zh="决赛"))) == 1
    assert await sequence_after(form(2, venue=venue)) == 2
    await scheduling.cancel_session(access.SYSTEM, event, session)
    last = await stored(session)
    assert (last.sequence, last.uid) == (3, first.uid)
    assert last.stamp == last.changed > first.stamp - HOUR


async def test_a_draft_has_no_history(database: str) -> None:
    event = await make_event(await make_union(), state="draft")
    session = await make_session(event)
    await scheduling.change_session(access.SYSTEM, event, session, form(3))
    await Event.update({Event.state: "announced"}).where(Event.id == event)
    await calendars.refresh(event)
    assert (await stored(session)).sequence == 0


async def test_what_happens_to_an_event_happens_to_its_sessions(database: str) -> None:
    event = await make_event(await make_union())
    session = await make_session(event)

    async def after(**columns: Any) -> Entry:
        await Event.update({getattr(Event, name): value for name, value in columns.items()}).where(Event.id == event)
        await calendars.refresh(event)
        return await stored(session)

    postponed = await after(postponed=True)
    assert (postponed.status, postponed.sequence) == ("TENTATIVE", 1)
    renamed = await after(title=Bilingual(zh="钳工技能竞赛").stored())
    assert (renamed.summary, renamed.sequence) == ("钳工技能竞赛", 1)
    cancelled = await after(state="cancelled", reason="台风", postponed=False)
    assert (cancelled.status, cancelled.sequence) == ("CANCELLED", 2)
    assert cancelled.summary == "【取消】钳工技能竞赛"


async def test_a_shifted_event_raises_the_sequence_by_one(database: str) -> None:
    event = await make_event(await make_union())
    session = await make_session(event)
    async with db.transaction():
        await scheduling.shift(event, timedelta(days=7))
        await calendars.refresh(event)
    entry = await stored(session)
    assert (entry.sequence, entry.starts) == (1, START + timedelta(days=7))
    assert "原定时间：2027-05-01 09:00" in entry.description


async def test_nothing_is_rendered_again_without_a_change(database: str) -> None:
    event = await make_event(await make_union())
    await make_session(event)
    before = await Session.select()
    await calendars.refresh(event)
    assert await calendars.refresh_all() == 1
    assert await Session.select() == before


async def test_entries_follow_their_venue(database: str) -> None:
    union = await make_union()
    venue = await make_venue(union)
    session = await make_session(await make_event(union), venue=venue)
    named = VenueForm(name=Bilingual(zh="新馆"), address="长江路1号", union=union, latitude="31.8", longitude="117.2")
    with time_machine.travel(NOW, tick=False):
        await scheduling.change_venue(access.SYSTEM, venue, named)
    entry = await stored(session)
    assert (entry.location, entry.sequence) == ("新馆, 长江路1号", 0)
    assert entry.geo == "31.8;117.2"


# --- public feeds ---------------------------------------------------------------------------------------------------


async def test_a_feed_has_the_profile(database: str) -> None:
    await make_session(await make_event(await make_union()))
    body = (await calendars.feed(FeedQuery(days=None), name="鹊桥 · 全部")).body
    calendar = Calendar.from_ical(body.decode())
    assert list(calendar) == [
        "VERSION", "PRODID", "CALSCALE", "METHOD", "NAME", "X-WR-CALNAME", "REFRESH-INTERVAL", "X-PUBLISHED-TTL",
    ]  # fmt: skip
    assert (calendar["METHOD"], str(calendar["NAME"])) == ("PUBLISH", "鹊桥 · 全部")
    assert [str(zone["TZID"]) for zone in calendar.walk("VTIMEZONE")] == ["Asia/Shanghai"]
    assert b"LMT" not in body
    assert b"VALARM" not in body
    assert not body.startswith("\ufeff".encode())
    assert body.count(b"\n") == body.count(b"\r\n")


async def test_a_feed_is_narrowed_by_union_kind_city_and_event(database: str) -> None:
    province = await make_union()
    city = await make_union("hf", province, "city")
    lookalike = await make_union("hf2", province, "city")
    one = await make_event(city, kind="fair", city="合肥", title=Bilingual(zh="甲").stored())
    two = await make_event(lookalike, kind="quiz", city="合肥", title=Bilingual(zh="乙").stored())
    three = await make_event(province, kind="quiz", city="芜湖", title=Bilingual(zh="丙").stored())
    for day, event in enumerate((one, two, three)):
        await make_session(event, day)
    assert summaries(await fed()) == ["甲", "乙", "丙"]
    assert summaries(await fed(union="ah.hf.")) == ["甲"]
    assert summaries(await fed(union="ah.")) == ["甲", "乙", "丙"]
    assert summaries(await fed(kind=Kind.QUIZ)) == ["乙", "丙"]
    assert summaries(await fed(city="合肥", kind=Kind.QUIZ)) == ["乙"]
    assert summaries(await fed(event=three)) == ["丙"]


async def test_a_union_is_found_by_id_and_by_path(database: str) -> None:
    union = await make_union("hf", await make_union())
    for text in (str(union), "ah.hf", "ah.hf."):
        assert (await calendars.union_of(text)).path == "ah.hf."
    for text in (str(uuid4()), "ah.nowhere", ""):
        with pytest.raises(Invalid):
            await calendars.union_of(text)


async def test_drafts_and_templates_stay_private(database: str) -> None:
    union = await make_union()
    for hidden in ({"state": "draft"}, {"is_template": True}):
        event = await make_event(union, **hidden)
        await make_session(event)
        with pytest.raises(NotFound):
            await fed(event=event)
    assert await fed() == []


async def test_the_past_leaves_after_thirty_days(database: str) -> None:
    event = await make_event(await make_union())
    await make_session(event)
    gone = await make_session(event)
    await scheduling.cancel_session(access.SYSTEM, event, gone)
    with time_machine.travel(START + timedelta(days=29), tick=False):
        assert [len(await fed()), len(await fed(event=event, days=None))] == [2, 2]
    with time_machine.travel(START + timedelta(days=32), tick=False):
        assert [len(await fed()), len(await fed(event=event, days=None))] == [0, 1]


async def test_unchanged_data_gives_identical_bytes_and_a_change_is_seen_at_once(database: str) -> None:
    event = await make_event(await make_union())
    session = await make_session(event)
    later = clock.now() + timedelta(minutes=1)
    with time_machine.travel(later, tick=False):  # so that feeds are kept
        first = await calendars.feed(FeedQuery(), name="鹊桥")
        again = await calendars.feed(FeedQuery(), name="鹊桥")
        assert (first.body, first.etag) == (again.body, again.etag)
        assert gzip.decompress(first.packed) == first.body
        await scheduling.change_session(access.SYSTEM, event, session, form(1))
        moved = await calendars.feed(FeedQuery(), name="鹊桥")
    assert moved.etag != first.etag
    assert moved.last_modified == later
    with time_machine.travel(later + timedelta(hours=1), tick=False):
        assert (await calendars.feed(FeedQuery(), name="鹊桥")).body == moved.body


async def test_a_feed_that_is_brought_up_to_date_is_as_one_read_anew(database: str) -> None:
    union, admin = await make_union(), await make_official("administrator")
    await make_session(await make_event(union), 24 * 7)
    form_of = EventForm(kind=Kind.SHOW, title=Bilingual(zh="晚会"), union=union, starts_at=START, ends_at=START + HOUR)
    event = (await organising.create(admin, form_of)).id
    before = await calendars.feed(FeedQuery(), name="x")
    session = ids.new()  # until there is one
    changes: list[Callable[[], Awaitable[Any]]] = [
        lambda: organising.advance(admin, event, AdvanceForm(state=EventState.ANNOUNCED)),
        lambda: scheduling.add_session(admin, event, form(1)),  # the first one gives way
        lambda: scheduling.add_session(admin, event, form(2)),
        lambda: scheduling.change_session(admin, event, session, form(49)),
        lambda: organising.change(admin, event, EventChange(title=Bilingual(zh="联欢"))),
        lambda: scheduling.cancel_session(admin, event, session),
        lambda: organising.advance(admin, event, AdvanceForm(state=EventState.CANCELLED, reason="雨")),
    ]
    at = clock.now()
    for number, change in enumerate(changes):
        at += timedelta(minutes=number % 2, milliseconds=1)  # so soon after the last, or so late
        with time_machine.travel(at, tick=False):
            await change()
            now = await calendars.feed(FeedQuery(), name="x")
            anew = await calendars.feed(FeedQuery(), name=f"{ids.new()}")
            session = max(one.id for one in await scheduling.sessions(admin, event))
        assert [part.body for part in now.parts[1:]] == [part.body for part in anew.parts[1:]]
        assert gzip.decompress(now.packed) == now.body != before.body
        assert set(now.parts) & set(before.parts), "a day that nothing concerns is not made again"
        before = now


async def _a_schedule() -> bytes:
    """The feed of a schedule with fixed ids, built at a fixed time."""
    union = await make_union()
    event = await make_event(union, id=UUID(int=7), summary=Bilingual(zh="三天，四个项目").stored())
    for number in range(40):
        await Session.insert(
            Session(
                event_id=event,
                id=UUID(int=(number * 7919) << 90),
                title=Bilingual(zh=f"第{number}场𠮷").stored(),
                starts_at=START + (number % 5) * HOUR,
                ends_at=START + (number % 5 + 1) * HOUR,
                state="planned",
                sequence=0,
                created_at=NOW,
                updated_at=NOW,
            )
        )
    await calendars.refresh(event)
    return (await calendars.feed(FeedQuery(), name="鹊桥")).body


async def test_both_databases_give_the_same_bytes(sqlite_url: str, postgres_url: str) -> None:
    bodies = []
    with time_machine.travel(NOW, tick=False):
        for url in (sqlite_url, postgres_url):
            db.connect(url)
            bodies.append(await _a_schedule())
            await db.close()
    assert bodies[0] == bodies[1]
    assert bodies[0].count(b"BEGIN:VEVENT") == 40


# --- a person's own feed --------------------------------------------------------------------------------------------


async def test_a_persons_feed_tells_how_registrations_stand(database: str) -> None:
    union = await make_union()
    who = await make_participant()
    for day, (name, state) in enumerate(
        [("甲", "confirmed"), ("乙", "waiting"), ("丙", "pending"), ("丁", "refused"), ("戊", "withdrawn")]
    ):
        event = await make_event(union, title=Bilingual(zh=name).stored())
        await make_session(event, day)
        await register(event, who.person, state=state)
    found = await own(who)
    assert summaries(found) == ["甲", "【候补】乙", "【待审核】丙"]
    assert [entry.alarms for entry in found] == [[-timedelta(days=1), -HOUR]] * 3


async def test_a_participant_sees_the_sessions_of_the_chosen_contest(database: str) -> None:
    event, who = await make_event(await make_union()), await make_participant()
    mine, other = await make_contest(event, 1), await make_contest(event, 2)
    await register(event, who.person, contest=mine)
    for day, (name, contest) in enumerate((("开幕", None), ("钳工", mine), ("焊工", other))):
        await make_session(event, day, title=Bilingual(zh=name), contest_id=contest)
    assert summaries(await own(who)) == ["电工技能竞赛 · 开幕", "电工技能竞赛 · 钳工"]


async def test_duties_are_in_a_persons_feed(database: str) -> None:
    union = await make_union()
    event, judge = await make_event(union), await make_participant()
    contest = await make_contest(event)
    await make_judge(event, contest, judge)
    await make_session(event, 0, title=Bilingual(zh="评分"), contest_id=contest)
    official = OfficialForm(account=judge.account or uuid4())
    await make_session(event, 1, title=Bilingual(zh="检录"), officials=(official,))
    await make_session(event, 2, title=Bilingual(zh="别人的"))
    assert summaries(await own(judge)) == ["电工技能竞赛 · 评分", "电工技能竞赛 · 检录"]


async def test_organised_events_are_in_a_persons_feed_drafts_marked(database: str) -> None:
    union = await make_union()
    creator = await make_official("organiser", union=union)
    draft = await make_event(union, state="draft", created_by=creator.account, title=Bilingual(zh="甲").stored())
    template = await make_event(union, is_template=True, created_by=creator.account)
    shared = await make_event(union, title=Bilingual(zh="乙").stored())
    for day, event in enumerate((draft, template, shared)):
        await make_session(event, day)
    assert summaries(await own(creator)) == ["【草稿】甲"]
    grant = RoleGrant(id=ids.new(), account=creator.account, role="organiser", event_id=shared, granted_at=clock.now())
    await RoleGrant.insert(grant)
    assert summaries(await own(await actor(creator.account))) == ["【草稿】甲", "乙"]
    await RoleGrant.delete().where(RoleGrant.event_id.is_null())
    assert summaries(await own(await actor(creator.account))) == ["乙"]


async def test_a_cancelled_session_is_told_without_alarm(database: str) -> None:
    event, who = await make_event(await make_union()), await make_participant()
    session = await make_session(event)
    await register(event, who.person, state="waiting")
    await scheduling.cancel_session(access.SYSTEM, event, session)
    [entry] = await own(who)
    assert (entry.summary, entry.alarms) == ("【取消】电工技能竞赛", [])


async def test_nobody_in_particular_has_an_empty_feed(database: str) -> None:
    await make_session(await make_event(await make_union()))
    assert await own(access.ANONYMOUS) == []
