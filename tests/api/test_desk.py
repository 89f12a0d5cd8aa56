"""The organiser's desk: every page, with rights and without, empty and full; errors keep what was typed."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import httpx
import pytest

from events import clock, contests, drawing, marking, organising, publishing, registering, scheduling
from events.access import Actor, Right
from events.contests import DivisionForm
from events.organising import AdvanceForm, EventQuery
from events.registering import RegistrationForm, RegistrationQuery
from events.scheduling import SessionForm
from events.tables import Event
from events.terms import EventState, RegistrationState, StageState
from events.text import Bilingual
from tests.api.pages import Browser, browser, words
from tests.events.contest_factory import Arena, make_arena, make_stage
from tests.events.factory import make_account, make_event, make_official, make_participant, make_union, make_venue

DAY = f"{clock.now() + timedelta(days=60):%Y-%m-%d}"
NEW = {
    "title_zh": "电工竞赛", "title_en": "Electricians", "kind": "competition", "review": "review", "capacity": "20",
    "starts_day": DAY, "starts_clock": "09:00", "ends_day": DAY, "ends_clock": "17:00",
}  # fmt: skip
OF_EVENT = ["", "/edit", "/move", "/postpone", "/copy", "/step/cancelled", "/step/under_way", "/sessions", "/officials",
            "/registrations", "/registrations?state=pending&sort=name", "/registrations/export", "/check-in",
            "/contests", "/tallies", "/judges"]  # fmt: skip
OF_STAGE = ["scheme", "scheme/compare", "panels", "draw", "start-list", "marks", "publish", "agreement", "what-if",
            "matches"]  # fmt: skip
EVERYWHERE = ["/desk", "/desk/events", "/desk/events?state=draft&kind=games&q=x&sort=starts", "/desk/events/new",
              "/desk/events?templates=1", "/desk/series", "/desk/venues", "/desk/venues?q=x"]  # fmt: skip


def of_contest(arena: Arena) -> list[str]:
    event = f"/desk/events/{arena.event}"
    contest = f"{event}/contests/{arena.contest}"
    return [contest, f"{contest}/entries", *(f"{event}/stages/{arena.stage}/{page}" for page in OF_STAGE)]


@pytest.fixture
async def admin(database: str) -> Actor:
    return await make_official("administrator", name="admin")


async def sent(reader: Browser, path: str, **fields: str) -> httpx.Response:
    """Fill a page's form and send it, with the token that came with the page."""
    page = await reader.look(path)
    assert page.status_code == 200, (path, page.status_code)
    return await reader.send(path, token=token_of(page), **fields)


def token_of(page: httpx.Response) -> str:
    """The token that came with a page's form."""
    token = page.text.partition('name="token" value="')[2].partition('"')[0]
    assert token
    return token


async def went(reader: Browser, path: str, **fields: str) -> str:
    """Where a form that is taken leads."""
    answer = await sent(reader, path, **fields)
    assert answer.status_code == 303, (path, answer.status_code, words(answer)[:2000])
    return answer.headers["location"]


@pytest.mark.parametrize("lang", ["zh", "en"])
async def test_every_page_answers_who_has_the_right(admin: Actor, lang: str) -> None:
    full, bare = await make_arena(), await make_event(await make_union("bj"), state="draft")
    await full.enter_all(full.codes[0])
    paths = [*EVERYWHERE, *of_contest(full), f"/desk/events/{full.event}/stages/{full.stage}/fill"]
    paths += [f"/desk/events/{event}{end}" for event in (full.event, bare) for end in OF_EVENT]
    async with browser(admin, lang) as reader:
        for path in paths:
            answer = await reader.look(path)
            assert answer.status_code == 200, (path, answer.status_code)
            assert f'<html lang="{"zh-Hans" if lang == "zh" else "en"}"' in answer.text
            assert "style=" not in answer.text


async def test_who_has_no_right_finds_nothing(database: str) -> None:
    arena = await make_arena()
    paths = [*EVERYWHERE, *of_contest(arena), *(f"/desk/events/{arena.event}{end}" for end in OF_EVENT)]
    async with browser(await make_account("stranger")) as stranger, browser() as visitor:
        for path in paths:
            assert (await stranger.look(path)).status_code == 404, path
            assert (await stranger.send(path, do="save")).status_code in (404, 405), path
            assert (await visitor.look(path)).status_code == 401, path


async def test_a_chief_judge_sees_the_contests_and_changes_nothing(database: str) -> None:
    arena = await make_arena()
    event = f"/desk/events/{arena.event}"
    async with browser(arena.chief) as chief:
        for path in ["/desk", "/desk/events", event, f"{event}/contests", *of_contest(arena)]:
            assert (await chief.look(path)).status_code == 200, path
        for end in ("/edit", "/sessions", "/officials", "/registrations", "/check-in", "/move"):
            assert (await chief.look(event + end)).status_code == 404, end
        for path in [event, f"{event}/contests", *of_contest(arena)[:6]]:
            assert (await chief.send(path, do="save")).status_code in (404, 405), path
        entries = await chief.read(f"{event}/contests/{arena.contest}/entries")
        assert "王芳" not in entries  # blind: who signs off does not know who is who


async def test_an_event_is_created_changed_and_announced(admin: Actor) -> None:
    union = await make_union()
    async with browser(admin, "en") as reader:
        place = await went(reader, "/desk/events/new", **NEW, organiser=str(union))
        assert "Electricians" in await reader.read(place)
        kept = await reader.look(f"{place}/edit")
        assert f'value="{DAY}"' in kept.text
        assert 'value="09:00"' in kept.text
        changed = NEW | {"title_zh": "电工比武", "starts_clock": "10:00", "capacity": ""}
        assert await went(reader, f"{place}/edit", **changed) == place
        event = await organising.event(admin, UUID(place.rpartition("/")[2]))
        assert (event.title.zh, event.places.places) == ("电工比武", None)
        assert event.starts_at.isoformat() == f"{DAY}T02:00:00+00:00"
        assert await went(reader, place, do="announced") == place
        assert (await organising.event(admin, event.id)).state == EventState.ANNOUNCED
        assert "The event is announced." in await reader.read(place)


async def test_a_new_event_needs_no_more_than_what_cannot_be_known(admin: Actor) -> None:
    union = await make_union()
    async with browser(admin, "en") as reader:
        hall = await went(reader, "/desk/venues", name_zh="体育馆", city="合肥", organiser=str(union))
        short = NEW | {"ends_day": "", "venue": hall.rpartition("/")[2], "organiser": str(union)}
        assert f'value="{union}" selected' in (await reader.look("/desk/events/new")).text
        place = await went(reader, "/desk/events/new", **short)
        made = await organising.event(admin, UUID(place.rpartition("/")[2]))
        assert (made.ends_at - made.starts_at, made.city) == (timedelta(hours=8), "合肥")
        assert (await sent(reader, "/desk/events/new", **(short | {"ends_clock": "08:00"}))).status_code == 422


async def test_the_last_day_and_the_year_are_said(admin: Actor) -> None:
    starts, ends = datetime(2031, 12, 30, 1, tzinfo=UTC), datetime(2032, 1, 2, 9, tzinfo=UTC)
    event = await make_event(await make_union(), starts_at=starts, ends_at=ends)
    new = {"title_zh": "集训", "starts_day": "2031-12-30", "starts_clock": "20:00", "ends_day": "2031-12-31"}
    path = f"/desk/events/{event}/sessions"
    async with browser(admin, "en") as reader:
        await went(reader, path, **new, ends_clock="06:00", do="save")
        page = await reader.read(path)
        assert "Tue 30 Dec 2031 09:00–Fri 2 Jan 2032 17:00" in page
        assert "20:00–Wed 31 Dec 06:00" in page


async def test_what_was_typed_is_kept_and_errors_stand_at_their_fields(admin: Actor) -> None:
    union = await make_union()
    wrong = NEW | {"title_zh": "", "title_en": "", "ends_clock": "08:00", "about_zh": "keep this", "capacity": "many"}
    async with browser(admin, "en") as reader:
        answer = await sent(reader, "/desk/events/new", **wrong, organiser=str(union))
        assert answer.status_code == 422
        for part in ('href="#f-title_zh"', 'href="#f-ends"', 'href="#f-capacity"', "keep this", f'value="{DAY}"'):
            assert part in answer.text, part
        answer = await sent(
            reader, "/desk/events/new", **(NEW | {"capacity": "many", "ends_clock": ""}), organiser=str(union)
        )
        assert answer.status_code == 422
        assert "Give a whole number." in words(answer)
        assert "Give both the day and the time." in words(answer)
        assert 'value="many"' in answer.text
        draft = await make_event(union, state="draft")
        answer = await sent(reader, f"/desk/events/{draft}/edit", **wrong)
        for part in ('href="#f-title_zh"', 'href="#f-ends"', 'href="#f-capacity"'):
            assert part in answer.text, part


async def test_a_form_sent_twice_does_its_work_once(admin: Actor) -> None:
    union = await make_union()
    async with browser(admin) as reader:
        fields = NEW | {"organiser": str(union), "token": "the same"}
        places = {(await reader.send("/desk/events/new", **fields)).headers["location"] for _ in range(3)}
    assert len(places) == 1
    assert await organising.count(admin, EventQuery(organised=True)) == 1


async def test_needs_are_named_and_lead_to_where_they_are_dealt_with(admin: Actor) -> None:
    union = await make_union()
    event = await make_event(union, approval="review")
    await registering.register(await make_participant(union), event, RegistrationForm())
    async with browser(admin, "en") as reader:
        home = await reader.look("/desk")
        assert "Registrations to review" in words(home)
        assert f"/desk/events/{event}/registrations?state=pending" in home.text


async def test_cancelling_asks_for_a_reason_and_says_how_many_are_told(admin: Actor) -> None:
    union = await make_union()
    event = await make_event(union)
    await registering.register(await make_participant(union), event, RegistrationForm())
    path = f"/desk/events/{event}/step/cancelled"
    async with browser(admin, "en") as reader:
        assert "1 person will be told" in await reader.read(path)
        assert (await sent(reader, path, reason="")).status_code == 409
        await went(reader, path, reason="Storm")
    assert (await organising.event(admin, event)).reason == "Storm"


async def test_an_event_is_moved_and_postponed(admin: Actor) -> None:
    event = await make_event(await make_union())
    new = {"starts_day": "2027-06-01", "starts_clock": "09:00", "ends_day": "2027-06-01", "ends_clock": "12:00"}
    async with browser(admin, "en") as reader:
        assert (await sent(reader, f"/desk/events/{event}/move", **new)).status_code == 422
        await went(reader, f"/desk/events/{event}/move", **new, reason="Hall closed")
        await went(reader, f"/desk/events/{event}/postpone", reason="Rain")
    found = await organising.event(admin, event)
    assert (found.starts_at.month, found.postponed, found.reason) == (6, True, "Rain")


async def test_events_and_series_are_copied(admin: Actor) -> None:
    union = await make_union()
    async with browser(admin, "en") as reader:
        await went(reader, "/desk/series", title_zh="劳动月", title_en="May", organiser=str(union))
        series = (await organising.list_series(admin)).items[0]
        event = await make_event(union, series=series.id)
        place = await went(
            reader, f"/desk/events/{event}/copy", title_zh="再来", starts_day="2028-05-01", starts_clock="09:00"
        )
        assert "再来" in (await reader.look(place)).text
        again = await went(reader, f"/desk/series/{series.id}", title_zh="劳动月二", title_en="May 2", days="364")
        assert "Electricians' contest" in await reader.read(again)
        assert (await sent(reader, f"/desk/series/{series.id}", title_zh="x", days="soon")).status_code == 422


async def test_sessions_are_added_changed_and_cancelled_and_clashes_named(admin: Actor) -> None:
    union = await make_union()
    venue = await make_venue(union)
    event, other = await make_event(union), await make_event(union, title=Bilingual(zh="另一场", en="Another").stored())
    held = await Event.objects().get(Event.id == event)
    assert held is not None
    form = SessionForm(starts_at=held.starts_at, ends_at=held.starts_at + timedelta(hours=2), venue=venue)
    await scheduling.add_session(admin, other, form)
    path = f"/desk/events/{event}/sessions"
    new = {"title_zh": "开幕", "starts_day": "2027-05-01", "starts_clock": "09:30", "ends_day": "2027-05-01",
           "ends_clock": "10:00", "venue": str(venue)}  # fmt: skip
    async with browser(admin, "en") as reader:
        clash = await sent(reader, path, **new, do="save")
        assert clash.status_code == 409
        assert "Another" in words(clash)
        assert "开幕" in clash.text
        await went(reader, path, **new, do="save_anyway")
        assert "Another" in await reader.read(path)  # the clash stays named beside the session
        made = next(one for one in await scheduling.sessions(admin, event) if one.title.zh == "开幕")
        await went(
            reader,
            f"{path}?edit={made.id}",
            **(new | {"title_zh": "闭幕", "starts_clock": "12:00", "ends_clock": "13:00"}),
        )
        assert "闭幕" in await reader.read(path)
        await went(reader, f"{path}/{made.id}/cancel", do="cancel")
    assert [one.state for one in await scheduling.sessions(admin, event) if one.id == made.id] == ["cancelled"]


async def test_venues_are_kept_with_their_stations(admin: Actor) -> None:
    union = await make_union()
    async with browser(admin, "en") as reader:
        place = await went(reader, "/desk/venues", name_zh="体育馆", city="合肥", organiser=str(union))
        await went(reader, place, do="stations", first="1", last="12")
        assert "体育馆" in await reader.read(place)
        assert (await sent(reader, place, do="stations", first="9", last="3")).status_code == 422
        assert (await sent(reader, place, do="stations", first="12", last="12")).status_code == 409
        venue = UUID(place.rpartition("/")[2])
        found = await scheduling.stations(venue)
        await went(reader, place, do="remove", id=str(found[0].id))
        half = {"name_zh": "体育馆", "organiser": str(union), "latitude": "31.8"}
        answer = await sent(reader, place, do="save", **half)
        assert answer.status_code == 422
        assert 'value="31.8"' in answer.text
    assert len(await scheduling.stations(venue)) == 11


async def test_duties_are_handed_over_and_ended(admin: Actor) -> None:
    event = await make_event(await make_union())
    await make_account("wang")
    path = f"/desk/events/{event}/officials"
    async with browser(admin, "en") as reader:
        assert "no such account" in words(await sent(reader, path, do="add", person="nobody", role="judge"))
        await went(reader, path, do="add", person="wang", role="registrar")
        page = await reader.look(path)
        assert "wang" in page.text
        grant = page.text.partition(f'href="{path}/')[2].partition("/")[0]
        preview = await reader.look(f"{path}/{grant}/end")
        assert "The rights of this role at this event end at once" in words(preview)
        assert await went(reader, f"{path}/{grant}/end", do="end") == path
        assert (await reader.look(f"{path}/{grant}/end")).status_code == 404
        assert "wang" not in (await reader.look(path)).text


async def test_registrations_are_reviewed_many_at_once(admin: Actor) -> None:
    union = await make_union()
    event = await make_event(union, approval="review")
    people = [await make_participant(union, f"李{number}") for number in range(3)]
    ids = [str((await registering.register(one, event, RegistrationForm())).id) for one in people]
    path = f"/desk/events/{event}/registrations"
    async with browser(admin, "en") as reader:
        assert "Tick at least one" in words(await sent(reader, path, do="confirm"))
        kept = await sent(reader, path, do="refuse", id=ids[0])
        assert kept.status_code == 422
        assert f'value="{ids[0]}" checked' in kept.text
        await went(reader, path, do="refuse", id=ids[0], reason="Too late")
        await reader.client.post(path, data={"do": "confirm", "id": ids[1:]}, headers={"Accept": "text/html"})
        assert "李1" in await reader.read(f"{path}?state=confirmed")
        assert "李1" not in await reader.read(f"{path}?state=refused")
    counts = await registering.counts(admin, event)
    assert (counts[RegistrationState.CONFIRMED], counts[RegistrationState.REFUSED]) == (2, 1)


async def test_people_are_checked_in_by_reference_or_by_the_address_on_the_ticket(admin: Actor) -> None:
    union = await make_union()
    event = await make_event(union)
    one, two = [await registering.register(await make_participant(union), event, RegistrationForm()) for _ in "12"]
    path = f"/desk/events/{event}/check-in"
    async with browser(admin, "en") as reader:
        last = await went(reader, path, reference=one.reference.lower())
        assert "1 / 2" in await reader.read(last)
        again = await sent(reader, path, reference=one.reference)
        assert again.status_code == 409
        assert "Checked in already" in words(again)
        address = f"http://magpie.test/events/{event}/tickets/{two.reference}?fresh=1"
        await went(reader, path, reference=address)
        assert (await sent(reader, path, reference="NOPE")).status_code == 422
    assert (await registering.presence(admin, event)).here == 2


async def test_somebody_is_registered_by_another(admin: Actor) -> None:
    union = await make_union()
    event, person = await make_event(union), (await make_participant(union, "张䶮")).person
    path = f"/desk/events/{event}/register"
    async with browser(admin, "en") as reader:
        for status, whom in ((422, ""), (303, str(person)), (409, str(person))):
            found = await reader.send(path, do="find", q="张")
            assert "张䶮" in words(found)
            answer = await reader.send(path, token=token_of(found), q="张", person=whom)
            assert answer.status_code == status
            assert status != 422 or "Choose a person." in words(answer)
    assert (await registering.list_registrations(admin, event, RegistrationQuery())).items[0].person_name == "张䶮"


async def test_a_contest_is_set_up_from_the_library(admin: Actor) -> None:
    event = await make_event(await make_union())
    path = f"/desk/events/{event}/contests"
    async with browser(admin, "en") as reader:
        new = {"title_zh": "焊接", "title_en": "Welding", "divisions": "职工组\n\n学生组", "scheme": "worldskills_100"}
        place = await went(reader, path, **new)
        made = (await contests.list_contests(admin, event)).items[0]
        assert [one.title.zh for one in made.divisions] == ["职工组", "学生组"]
        tree = await reader.read(f"/desk/events/{event}/stages/{made.stages[0].id}/scheme")
        assert "levels by judges; mean of 3 judges" in tree
        await went(reader, place, do="division", division_zh="青年组", age_max="35", sex="female")
        assert "Women only" in await reader.read(place)
        assert (
            await sent(reader, place, do="division", division_zh="x", age_min="40", age_max="30")
        ).status_code == 422
        await went(reader, place, do="stage", stage_zh="预赛", heat_size="8")
        await went(reader, place, do="save", title_zh="焊接二", places="30", live_public="yes")
    found = await contests.contest(admin, event, made.id)
    assert (found.title.zh, found.places, found.live_public, len(found.stages)) == ("焊接二", 30, True, 2)


async def test_entries_are_added_by_hand_withdrawn_and_taken_back(admin: Actor) -> None:
    arena = await make_stage()
    await contests.add_division(admin, arena.event, arena.contest, DivisionForm(title=Bilingual(zh="一组")))
    path = f"/desk/events/{arena.event}/contests/{arena.contest}/entries"
    async with browser(admin, "en") as reader:
        await went(reader, path, do="add", name="合肥队", union="ah", out="yes")
        bad = await sent(reader, path, do="add", name="", union="", number="1")
        assert bad.status_code == 422
        assert "Number 1 is taken" in words(bad)
        assert "fit this" in words(await sent(reader, path, do="add", name="x", union="nowhere"))
        found = (await contests.list_entries(admin, arena.event, arena.contest)).items
        assert found[-1].state == "out_of_competition"
        await went(reader, path, do="withdrawn", id=str(found[0].id))
        assert "Let compete" in await reader.read(path)


async def test_a_draw_is_announced_made_and_set_by_hand(admin: Actor) -> None:
    arena = await make_stage()
    path = f"/desk/events/{arena.event}/stages/{arena.stage}/draw"
    async with browser(admin, "en") as reader:
        await went(reader, path, do="list", source="3D of 1 May")
        assert "3D of 1 May" in await reader.read(path)
        assert (await sent(reader, path, do="draw", key="")).status_code == 422
        await went(reader, path, do="draw", key="407")
        assert "李强" in await reader.read(path.replace("/draw", "/start-list"))
        missing = await sent(reader, path, do="manual", order="3\n2\n9", reason="x")
        assert "no such numbers: 9" in words(missing)
        await went(reader, path, do="manual", order="3, 2, 1", reason="Bench 1 broke")
    found = await drawing.drawn(admin, arena.event, arena.stage)
    assert [slot.number for slot in found.slots] == [3, 2, 1]


async def test_judges_are_seated_lead_and_leave(admin: Actor) -> None:
    arena = await make_stage()
    await make_account("judge-a")
    await make_account("judge-b")
    path = f"/desk/events/{arena.event}/stages/{arena.stage}/panels"
    async with browser(admin, "en") as reader:
        await went(reader, path, do="add", person="judge-a", part="leader")
        await went(reader, path, do="add", person="judge-b", part="judge")
        panel = (await marking.list_panels(admin, arena.event, arena.stage))[0]
        assert panel.leader_name == "judge-a"
        assert "has a seat" in words(await sent(reader, path, do="add", person="judge-a", part="judge"))
        await went(reader, path, do="lead", panel=str(panel.id), seat="J2")
        ending = f"{path}/{panel.id}/end?seat=J1"
        assert "The seat is free at once" in words(await reader.look(ending))
        assert await went(reader, ending, do="end") == path
        assert (await reader.look(ending)).status_code == 404
        await went(reader, path, do="panel", title_zh="理论组", aspects="base")
        assert "judge-a" not in (await reader.look(path)).text
    panels = await marking.list_panels(admin, arena.event, arena.stage)
    assert (panels[0].leader_name, panels[1].aspects) == ("judge-b", ["base"])


async def test_judges_are_seated_many_at_once(admin: Actor) -> None:
    arena = await make_stage()
    names = [f"judge-{number}" for number in range(1, 12)]
    for name in names:
        await make_account(name)
    path = f"/desk/events/{arena.event}/stages/{arena.stage}/panels"
    async with browser(admin, "en") as reader:
        told = words(await sent(reader, path, do="add", person="judge-1\nwho\njudge-2，else", part="judge"))
        assert "There is no such account, or it is disabled: who, else." in told
        assert await marking.list_panels(admin, arena.event, arena.stage) == []
        for some in (names[:3], names[:3]):  # the same list again changes nothing
            await went(reader, path, do="add", person="\n".join(some), part="leader")
        panel = (await marking.list_panels(admin, arena.event, arena.stage))[0]
    assert [(seat.seat, seat.name) for seat in panel.seats] == [(f"J{n}", f"judge-{n}") for n in (1, 2, 3)]
    assert panel.leader_name == "judge-1"


async def test_a_draw_says_first_what_it_does_to_how_many(admin: Actor) -> None:
    arena = await make_stage()
    path = f"/desk/events/{arena.event}/stages/{arena.stage}/draw"
    async with browser(admin, "en") as reader:
        await went(reader, path, do="list")
        assert "3 entries get their order and code" in await reader.read(path)
        await went(reader, path, do="draw")
        assert "3 entries get another order and another code" in await reader.read(path)


async def test_marks_are_followed_signed_and_published(database: str) -> None:
    arena = await make_arena(judges=3)
    event = f"/desk/events/{arena.event}/stages/{arena.stage}"
    for code in arena.codes[:2]:
        await arena.enter_all(code)
    leader = arena.judges[0]
    async with browser(arena.organiser, "en") as organiser, browser(arena.chief, "en") as chief:
        marks = await organiser.read(f"{event}/marks")
        assert "Marks missing" in marks
        await went(organiser, f"{event}/marks", do="freeze")
        await went(organiser, f"{event}/marks", do="unfreeze")
        assert (await sent(chief, f"{event}/marks", do="sign")).status_code == 409
        await arena.enter_all(arena.codes[2])
        await marking.sign_off(leader, arena.event, arena.stage, marking.SignOffForm(panel_id=arena.panel))
        await went(chief, f"{event}/marks", do="sign")
        assert (await contests.stage(arena.chief, arena.event, arena.stage)).state == StageState.SIGNED
        assert (await chief.send(f"{event}/publish", do="provisional")).status_code == 404
        day = f"{clock.now() + timedelta(days=3):%Y-%m-%d}"
        past = await sent(organiser, f"{event}/publish", do="provisional", until_day="2020-01-01", until_clock="09:00")
        assert past.status_code == 422
        assert 'href="#f-until"' in past.text
        await went(organiser, f"{event}/publish", do="provisional", until_day=day, until_clock="18:00")
        early = await sent(organiser, f"{event}/publish", do="official")
        assert early.status_code == 409
        await went(organiser, f"{event}/publish", do="official", early="yes")
        assert "Version 2" in await organiser.read(f"{event}/publish")
    kinds = [one.kind for one in await publishing.versions(arena.chief, arena.event, arena.stage)]
    assert kinds == ["official", "provisional", "frozen"]


async def test_lists_go_on_page_by_page(admin: Actor) -> None:
    union = await make_union()
    for number in range(55):
        await make_event(union, title=Bilingual(zh=f"第{number}场").stored())
    async with browser(admin, "en") as reader:
        first = await reader.look("/desk/events")
        assert "1–50 of 55" in words(first)
        following = first.text.partition('rel="next" href="')[2].partition('"')[0].replace("&amp;", "&")
        assert "51–55 of 55" in await reader.read(following)


async def test_advance_is_only_for_those_who_organise(database: str) -> None:
    union = await make_union()
    event = await make_event(union, state="announced")
    registrar = await make_official("registrar", union=union)
    assert not registrar.may(Right.ORGANISE, union_path="ah.")
    async with browser(registrar) as reader:
        assert (await reader.look(f"/desk/events/{event}")).status_code == 200
        assert (await reader.send(f"/desk/events/{event}", do="open")).status_code == 404
        assert (await reader.look(f"/desk/events/{event}/registrations")).status_code == 200
    found = await organising.obstacles(
        await make_official("administrator"), event, AdvanceForm(state=EventState.FINISHED)
    )
    assert [one.code for one in found] == ["not_next"]
