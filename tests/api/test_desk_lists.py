"""The desk's lists: registrations sorted, found and saved; duties in sessions; divisions and stages kept."""

import csv
import io
from datetime import timedelta
from uuid import UUID

import httpx
import pytest
from python_calamine import CalamineWorkbook

from events import contests, registering, scheduling
from events.access import Actor
from events.contests import DivisionForm, StageForm
from events.registering import RegistrationForm
from events.scheduling import OfficialForm, SessionForm
from events.text import Bilingual
from tests.api.conftest import Caller, token_of
from tests.api.pages import browser, words
from tests.api.test_desk import sent, went
from tests.events.contest_factory import Arena, make_stage
from tests.events.factory import START, make_account, make_event, make_official, make_participant, make_union, posted


@pytest.fixture
async def admin(database: str) -> Actor:
    return await make_official("administrator", name="admin")


async def full_event() -> UUID:
    """An event with three registrations; names are their own pinyin."""
    union = await make_union()
    event = await make_event(union, places=2)
    for name in ("chen yi", "an er", "=bao"):
        await registering.register(await make_participant(union, name), event, RegistrationForm())
    return event


def names(page: str, *listed: str) -> list[str]:
    """Names in the order in which a page shows them."""
    return sorted(listed, key=page.index)


async def test_registrations_are_sorted_by_a_link_and_filters_stay(admin: Actor) -> None:
    event = await full_event()
    path = f"/desk/events/{event}/registrations"
    async with browser(admin, "en") as reader:
        by_name = await reader.look(f"{path}?sort=name&state=confirmed")
        assert names(words(by_name), "an er", "chen yi") == ["an er", "chen yi"]
        assert "=bao" not in words(by_name)
        assert f"{path}?state=confirmed&amp;sort=union" in by_name.text or "sort=union" in by_name.text
        assert f"{path}/export?state=confirmed" in by_name.text
        newest = await reader.read(f"{path}?state=confirmed")
        assert names(newest, "an er", "chen yi") == ["an er", "chen yi"]
        oldest = await reader.read(f"{path}?state=confirmed&sort=sent")
        assert names(oldest, "an er", "chen yi") == ["chen yi", "an er"]
        assert (await reader.look(f"{path}?sort=beauty")).status_code == 422


async def test_who_is_looked_for_never_stands_in_an_address(admin: Actor) -> None:
    event = await full_event()
    path = f"/desk/events/{event}/registrations"
    async with browser(admin, "en") as reader:
        page = await reader.look(path)
        assert 'method="get"' not in page.text.partition('role="search"')[2].partition("</form>")[0]
        found = await reader.send(path, do="find", q="chen")
        assert "chen yi" in words(found)
        assert "an er" not in words(found)
        assert "Found: 1" in words(found)
        for nobody in ("13800000000", "x" * 300):
            assert "Found: 0" in words(await reader.send(path, do="find", q=nobody))


async def test_the_list_is_saved_from_the_desk(admin: Actor) -> None:
    event = await full_event()
    path = f"/desk/events/{event}/registrations/export?state=confirmed"
    async with browser(admin, "en") as reader:
        assert "Registrations: 2." in await reader.read(path)
        answer = await reader.send(path, kind="csv")
        assert answer.headers["content-type"] == "text/csv; charset=utf-8"
        assert "attachment" in answer.headers["content-disposition"]
        assert answer.headers["cache-control"] == "no-store"
        rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
        assert [(row["name"], row["state"]) for row in rows] == [("chen yi", "confirmed"), ("an er", "confirmed")]
        assert "identity_number" not in rows[0]
        whole = await reader.send(path, kind="xlsx", personal="yes")
        head = CalamineWorkbook.from_filelike(io.BytesIO(whole.content)).get_sheet_by_index(0).to_python()[0]
        assert "identity_number" in head
        assert (await reader.send(path, kind="pdf")).status_code == 422
    told = [one.data["personal"] for one in await posted(event=event, public_only=False) if "exported" in one.kind]
    assert told == [False, True]


async def test_personal_data_is_not_offered_to_those_who_may_not_have_it(database: str) -> None:
    event = await full_event()
    organiser = await make_official("organiser", event=event)
    path = f"/desk/events/{event}/registrations/export"
    async with browser(organiser, "en") as reader:
        assert "whole phone" not in await reader.read(path)
        assert (await reader.send(path, kind="csv", personal="yes")).status_code == 404
    async with browser(await make_account("nobody")) as reader:
        assert (await reader.look(path)).status_code == 404
        assert (await reader.send(path, kind="csv")).status_code == 404


async def test_programs_save_the_list_too(admin: Actor, client: httpx.AsyncClient) -> None:
    event = await full_event()
    who = Caller(client, await token_of(admin))
    text = await who.get(f"/events/{event}/registrations.csv?state=waiting")
    assert text.content.startswith(b"\xef\xbb\xbf")
    assert "'=bao" in text.text
    book = await who.get(f"/events/{event}/registrations.xlsx")
    assert len(CalamineWorkbook.from_filelike(io.BytesIO(book.content)).get_sheet_by_index(0).to_python()) == 4
    sorted_list = (await who.get(f"/events/{event}/registrations?sort=name&limit=2")).json()
    assert [one["person_name"] for one in sorted_list["items"]] == ["=bao", "an er"]
    rest = (await who.get(f"/events/{event}/registrations?sort=name&limit=2&cursor={sorted_list['next']}")).json()
    assert [one["person_name"] for one in rest["items"]] == ["chen yi"]
    organiser = Caller(client, await token_of(await make_official("organiser", event=event)))
    assert (await organiser.get(f"/events/{event}/registrations.csv?personal=true")).status_code == 404


# --- duties in a session --------------------------------------------------------------------------------------------


async def session_of(admin: Actor, event: UUID, hour: int = 0) -> UUID:
    starts = START + timedelta(hours=hour)
    form = SessionForm(starts_at=starts, ends_at=starts + timedelta(hours=2), title=Bilingual(zh=f"第{hour}场"))
    return (await scheduling.add_session(admin, event, form)).id


async def test_a_duty_in_a_session_is_handed_over_seen_and_ended(admin: Actor) -> None:
    event = await make_event(await make_union())
    session, helper = await session_of(admin, event), await make_account("helper")
    path = f"/desk/events/{event}/sessions/{session}/officials"
    async with browser(admin, "en") as reader:
        assert "No officials yet" in await reader.read(path)
        assert path in (await reader.look(f"/desk/events/{event}/sessions")).text
        assert await went(reader, path, do="add", person="helper", duty="计时") == path
        for place in (path, f"/desk/events/{event}/officials", f"/desk/events/{event}/sessions"):
            assert "helper" in await reader.read(place), place
        refused = await sent(reader, path, do="add", person="nobody there", duty="keep this")
        assert refused.status_code == 422
        assert "keep this" in refused.text
    async with browser(helper, "en") as reader:
        page = await reader.read("/me")
        assert "计时" in page
        assert "第0场" in page
        assert (await reader.look(path)).status_code == 404
    async with browser(admin) as reader:
        ending = f"{path}/{helper.account}/end"
        assert "日历" in await reader.read(ending)
        assert await went(reader, ending, do="end") == path
    assert await scheduling.own_duties(helper) == []


async def test_where_somebody_is_busy_is_named_before_a_duty_is_handed_over(admin: Actor) -> None:
    union = await make_union()
    event, other = await make_event(union), await make_event(union, title=Bilingual(zh="另一场", en="Another").stored())
    helper = await make_account("helper")
    assert helper.account is not None
    busy = await session_of(admin, other, 1)
    await scheduling.assign_official(admin, other, busy, OfficialForm(account=helper.account))
    path = f"/desk/events/{event}/sessions/{await session_of(admin, event)}/officials"
    async with browser(admin, "en") as reader:
        refused = await sent(reader, path, do="add", person="helper", duty="call room")
        assert refused.status_code == 409
        for part in ("helper already has a duty", "Another", "Save in spite of the clash"):
            assert part in words(refused), part
        assert 'value="call room"' in refused.text
        assert await went(reader, path, do="save_anyway", person="helper", duty="call room") == path
    assert len(await scheduling.own_duties(helper)) == 2


async def test_own_duties_are_told_to_programs_and_drafts_are_not(admin: Actor, client: httpx.AsyncClient) -> None:
    union, helper = await make_union(), await make_account("helper")
    assert helper.account is not None
    for state in ("open", "draft"):
        event = await make_event(union, state=state)
        form = OfficialForm(account=helper.account, duty=state)
        await scheduling.assign_official(admin, event, await session_of(admin, event), form, accept_clashes=True)
    who = Caller(client, await token_of(helper))
    assert [one["duty"] for one in (await who.get("/me/session-duties")).json()["items"]] == ["open"]


# --- divisions and stages -------------------------------------------------------------------------------------------


@pytest.fixture
async def arena(database: str) -> Arena:
    """A prepared stage in a contest with two divisions."""
    made = await make_stage()
    for zh in ("甲组", "乙组"):
        form = DivisionForm(title=Bilingual(zh=zh))
        await contests.add_division(made.organiser, made.event, made.contest, form)
    return made


async def test_a_division_is_changed_and_removed_on_its_page(arena: Arena) -> None:
    path = f"/desk/events/{arena.event}/contests/{arena.contest}"
    first, second = (await contests.contest(arena.organiser, arena.event, arena.contest)).divisions
    form = RegistrationForm(contest_id=arena.contest, division_id=first.id)
    await registering.register(await make_participant(arena.union), arena.event, form)
    async with browser(arena.organiser, "en") as reader:
        edit = await reader.look(f"{path}?edit={first.id}")
        assert 'value="甲组"' in edit.text
        changes = {"do": "division", "version": "1", "division_zh": "青年组", "age_max": "90"}
        assert await went(reader, f"{path}?edit={first.id}", **changes) == path
        assert (await sent(reader, f"{path}?edit={first.id}", **changes)).status_code == 412  # made from an old version
        narrow = await sent(reader, f"{path}?edit={first.id}", do="division", version="2", division_zh="x", age_max="5")
        assert narrow.status_code == 409
        assert "1 who are in would not meet these conditions" in words(narrow)
        remove = f"{path}/divisions/{first.id}/remove"
        assert "1 people move" in await reader.read(remove)
        unsaid = await sent(reader, remove, do="remove")
        assert unsaid.status_code == 409
        assert "1 are in this division" in words(unsaid)
        assert await went(reader, remove, do="remove", move_to=str(second.id)) == path
        assert (await reader.look(remove)).status_code == 404
    assert [one.id for one in (await contests.contest(arena.organiser, arena.event, arena.contest)).divisions] == [
        second.id
    ]


async def test_a_stage_is_changed_and_removed_on_its_page(arena: Arena) -> None:
    path = f"/desk/events/{arena.event}/contests/{arena.contest}"
    made = await contests.add_stage(
        arena.organiser, arena.event, arena.contest, StageForm(title=Bilingual(zh="复赛"), heat_size=4)
    )
    async with browser(arena.organiser, "en") as reader:
        assert 'value="复赛"' in (await reader.look(f"{path}?edit={made.id}")).text
        await went(reader, f"{path}?edit={made.id}", do="stage", version="1", stage_zh="决赛", heat_size="")
        changed = await contests.stage(arena.organiser, arena.event, made.id)
        assert (changed.title.zh, changed.heat_size) == ("决赛", None)
        remove = f"/desk/events/{arena.event}/stages/{made.id}/remove"
        assert await went(reader, remove, do="remove") == path
        assert (await reader.look(remove)).status_code == 404
        kept = f"/desk/events/{arena.event}/stages/{arena.stage}/remove"
        page = await reader.look(kept)
        assert ("judges' panels" in words(page)) is ("Remove the stage</button>" not in page.text)


async def test_divisions_and_stages_are_taken_away_by_programs(arena: Arena, client: httpx.AsyncClient) -> None:
    who = Caller(client, await token_of(arena.organiser))
    division = (await contests.contest(arena.organiser, arena.event, arena.contest)).divisions[0]
    path = f"/events/{arena.event}/contests/{arena.contest}/divisions/{division.id}"
    changed = await who.ask("PUT", path, {"title": {"zh": "丙组"}}, If_Match='"1-x"')
    assert changed.status_code == 200
    assert changed.headers["etag"].startswith('"2-')
    assert (await who.ask("PUT", path, {"title": {"zh": "丙组"}}, If_Match='"1-x"')).status_code == 412
    assert (await who.ask("DELETE", path, If_Match='"1-x"')).status_code == 412
    assert (await who.ask("DELETE", path, If_Match='"2-x"')).status_code == 204
    assert (await who.ask("DELETE", path)).status_code == 404
    stage = f"/events/{arena.event}/stages/{arena.stage}"
    assert (await who.ask("DELETE", stage, If_Match='"99-x"')).status_code == 412
