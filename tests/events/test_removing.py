"""What is taken away: drafts and contests with all in them; and who is told of a duty that comes or goes."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from events import (
    accounts,
    contests,
    db,
    drawing,
    ids,
    marking,
    messages,
    organising,
    pairing,
    publishing,
    registering,
    scheduling,
)
from events.access import Actor
from events.accounts import GrantForm
from events.branches import Branch
from events.contests import ContestForm, DivisionForm, DraftForm, EntryForm
from events.drawing import DrawForm, DrawRules, MeetingRules
from events.errors import Conflict, NotFound, Stale
from events.marking import ConflictForm, JudgingRules, PanelForm, SeatForm
from events.organising import AdvanceForm, CopyForm
from events.pairing import ResultForm
from events.publishing import TallyForm
from events.registering import RegistrationForm
from events.scheduling import OfficialForm, SessionForm
from events.tables import Qualifier, TeamMember
from events.terms import EventState, Role
from tests.events.contest_factory import Arena, make_arena, make_stage, mark, words
from tests.events.factory import START, make_account, make_event, make_official, make_participant, make_union, posted


async def told(actor: Actor) -> list[tuple[str, str]]:
    """The kinds and words of what an actor was sent, oldest first."""
    return [(one.kind, one.body) for one in reversed((await messages.inbox(actor)).items)]


async def kinds(actor: Actor) -> list[str]:
    return [kind for kind, _ in await told(actor)]


async def conflicts(attempt: Any) -> list[tuple[str, object]]:
    with pytest.raises(Conflict) as refused:
        await attempt
    return [(reason.code, reason.params.get("n")) for reason in refused.value.reasons]


async def drafted() -> tuple[UUID, Actor, Any]:
    """A draft that has everything a draft can have but marks; its administrator, and its contest's arena."""
    arena = await make_arena()
    await db.rows("UPDATE event SET state = 'draft' WHERE id = {}", arena.event)
    admin = await make_official("administrator", name="admin")
    await contests.add_division(admin, arena.event, arena.contest, DivisionForm(title=words()))
    official = OfficialForm(account=arena.judges[0].account or ids.new())
    times: dict[str, Any] = {"starts_at": START, "ends_at": START + timedelta(hours=1)}
    form = SessionForm(contest_id=arena.contest, officials=(official,), **times)
    await scheduling.add_session(admin, arena.event, form)
    await contests.keep_draft(admin, arena.event, arena.stage, DraftForm(document={"root": {}}))
    await publishing.add_tally(admin, arena.event, TallyForm(library="medal_table"))
    await _with_teams(admin, arena)
    return arena.event, admin, arena


async def _with_teams(admin: Actor, arena: Arena) -> None:
    """Let an entry be a team of another one, and go on into the stage."""
    await contests.add_entries(admin, arena.event, arena.contest, [EntryForm(name="队")])
    listed = (await contests.list_entries(admin, arena.event, arena.contest)).items
    team, member = listed[-1], listed[0]
    await TeamMember.insert(TeamMember(event_id=arena.event, id=ids.new(), team_id=team.id, entry_id=member.id))
    await Qualifier.insert(
        Qualifier(event_id=arena.event, id=ids.new(), stage_id=arena.stage, entry_id=team.id, decided=False)
    )


async def test_a_draft_is_deleted_with_all_that_is_in_it(database: str) -> None:
    event, admin, arena = await drafted()
    registrar = await make_account("helper")
    assert registrar.account
    await accounts.grant_role(admin, GrantForm(account=registrar.account, role=Role.REGISTRAR, event_id=event))
    copy = await organising.copy_event(admin, event, CopyForm(starts_at=START + timedelta(days=364)))
    assert len(await publishing.list_tallies(admin, copy.id)) == 1
    going = await organising.draft_going(admin, event)
    assert (going.contests, going.sessions, going.entries, going.officials) == (1, 1, 4, 6)
    assert await organising.keeps_event(admin, event) == []
    with pytest.raises(Stale):
        await organising.delete(admin, event, version=99)
    await organising.delete(admin, event)
    with pytest.raises(NotFound):
        await organising.event(admin, event)
    with pytest.raises(NotFound):
        await organising.delete(admin, event)
    assert (await organising.event(admin, copy.id)).copied_from is None
    notices = await posted(public_only=False)
    assert notices[-1].kind == "event.deleted"
    assert (notices[-1].subject, notices[-1].account) == (event, admin.account)
    assert [one.kind for one in notices if one.kind == "draw.made"] == ["draw.made"]  # the log outlives it
    given, gone = await told(registrar)
    assert given[0] == "duty.given"
    assert "电工技能竞赛" in given[1]  # the message about what is deleted keeps its title
    assert gone[0] == "event.deleted"
    assert "电工技能竞赛" in gone[1]
    assert "event.deleted" not in await kinds(arena.judges[0])  # of a draft its judges know nothing


async def test_what_people_know_of_and_what_is_marked_is_not_deleted(database: str) -> None:
    event, admin, arena = await drafted()
    await arena.enter(arena.judges[0], mark(arena.codes[0], "style", "5"))
    assert await conflicts(organising.delete(admin, event)) == [("contest_has_marks", 1)]
    known = await make_event(await make_union("bj"))
    assert await conflicts(organising.delete(admin, known)) == [("event_not_draft", None)]
    with pytest.raises(NotFound):
        await organising.delete(arena.judges[0], event)
    assert (await organising.event(admin, event)).id == event


async def test_a_contest_goes_with_all_in_it_and_everybody_in_it_is_told(database: str) -> None:
    arena = await make_arena()
    organiser, event = arena.organiser, arena.event
    other = await contests.add_contest(organiser, event, ContestForm(title=words("电工", "Electrician"), places=1))
    person, waiting = [await make_participant(arena.union, name) for name in ("赵云", "马超")]
    session = await scheduling.add_session(
        organiser, event, SessionForm(starts_at=START, ends_at=START + timedelta(hours=1), contest_id=arena.contest)
    )
    await registering.register(person, event, RegistrationForm(contest_id=arena.contest))
    entered = await make_participant(arena.union, "关羽")
    form = EntryForm(name="关羽", person=entered.person)
    await contests.add_entries(organiser, event, arena.contest, [form])
    first = await registering.register(waiting, event, RegistrationForm(contest_id=other.id))
    going = await organising.contest_going(organiser, event, arena.contest)
    assert (going.stages, going.entries, going.judges, going.registrations, going.sessions) == (1, 5, 3, 1, 1)
    with pytest.raises(Stale):
        await organising.remove_contest(organiser, event, arena.contest, version=99)
    await organising.remove_contest(organiser, event, arena.contest)
    with pytest.raises(NotFound):
        await organising.remove_contest(organiser, event, arena.contest)
    assert [one.id for one in (await contests.list_contests(organiser, event)).items] == [other.id]
    assert [one.state for one in await scheduling.sessions(organiser, event) if one.id == session.id] == ["cancelled"]
    assert (await registering.registration(organiser, event, first.id)).state == "confirmed"
    assert (await organising.event(organiser, event)).places.used == 1
    assert [(await kinds(one))[-1] for one in (person, entered)] == ["contest.removed"] * 2
    assert "焊接" in (await told(person))[-1][1]
    assert (await kinds(arena.judges[1]))[-1] == "duty.ended"
    again = await registering.register(
        await make_participant(arena.union, "黄忠"), event, RegistrationForm(contest_id=other.id)
    )
    assert again.state == "waiting"
    assert [one.data["number"] for one in await arena.told("contest.removed")] == [1]


async def test_a_contest_with_marks_stays(database: str) -> None:
    arena = await make_arena()
    await arena.enter(arena.judges[0], mark(arena.codes[0], "style", "5"))
    attempt = organising.remove_contest(arena.organiser, arena.event, arena.contest)
    assert await conflicts(attempt) == [("contest_has_marks", 1)]
    await db.rows("UPDATE event SET state = 'finished' WHERE id = {}", arena.event)
    attempt = organising.remove_contest(arena.organiser, arena.event, arena.contest)
    assert await conflicts(attempt) == [("contest_over", None), ("contest_has_marks", 1)]
    with pytest.raises(NotFound):
        await organising.remove_contest(arena.chief, arena.event, arena.contest)


async def test_what_keeps_judges_apart_and_matches_that_were_taken_back_go_too(database: str) -> None:
    arena = await make_stage()
    event, organiser = arena.event, arena.organiser
    entry = (await contests.list_entries(organiser, event, arena.contest)).items[0]
    account = (await make_account("judge")).account
    assert account
    await marking.set_judging_rules(organiser, event, JudgingRules(own_union=Branch.UNION))
    for form in (ConflictForm(account=account, union=arena.union), ConflictForm(account=account, entry=entry.id)):
        await marking.declare_conflict(organiser, event, form)
    rules = DrawRules(meeting=MeetingRules(format="round_robin"))
    await drawing.set_rules(organiser, event, arena.stage, rules)
    await drawing.draw(organiser, event, arena.stage, DrawForm())
    await pairing.enter_result(organiser, event, arena.stage, 1, form=ResultForm(winner="home"))
    attempt = organising.remove_contest(organiser, event, arena.contest)
    assert await conflicts(attempt) == [("contest_has_matches", 1)]
    await pairing.take_back(organiser, event, arena.stage, 1)
    await organising.remove_contest(organiser, event, arena.contest)
    assert [one.union for one in (await marking.judging(organiser, event)).conflicts] == [arena.union]
    await db.rows("UPDATE event SET state = 'draft' WHERE id = {}", event)
    await organising.delete(organiser, event)
    assert await db.rows("SELECT id FROM judging") == await db.rows("SELECT id FROM judge_conflict") == []


async def test_a_duty_that_comes_or_goes_is_told_in_the_persons_language(database: str) -> None:
    arena = await make_arena(judges=1)
    organiser, event = arena.organiser, arena.event
    helper = await make_account("helper")
    assert helper.account
    await db.rows("UPDATE account SET language = 'en' WHERE id = {}", helper.account)
    times: dict[str, Any] = {"starts_at": START + timedelta(hours=2), "ends_at": START + timedelta(hours=3)}
    session = await scheduling.add_session(organiser, event, SessionForm(title=words("开幕", "Opening"), **times))
    form = OfficialForm(account=helper.account, duty="timing")
    for _ in range(2):  # the same once more is no news
        await scheduling.assign_official(organiser, event, session.id, form)
    await scheduling.change_session(organiser, event, session.id, SessionForm(officials=(), **times))
    grant = GrantForm(account=helper.account, role=Role.REGISTRAR, event_id=event)
    for _ in range(2):
        held = await accounts.grant_role(organiser, grant)
    await accounts.revoke_role(organiser, held.id)
    first, *rest = await told(helper)
    assert first[0] == "duty.given"
    for part in ("duty at Electricians' contest: timing", "Session: Opening", "11:00"):
        assert part in first[1]
    assert [kind for kind, _ in rest] == ["duty.ended", "duty.given", "duty.ended"]
    assert "registrar" in rest[1][1]
    assert await told(organiser) == []  # whoever does it knows


async def test_a_judge_is_told_of_a_seat_and_of_its_end(database: str) -> None:
    arena = await make_arena(judges=1)
    organiser, event, judge = arena.organiser, arena.event, arena.judges[0]
    assert await kinds(judge) == ["duty.given", "duty.given"]  # leads the panel, and sits in it
    assert "裁判组长" in (await told(judge))[0][1]
    assert "项目：焊接" in (await told(judge))[1][1]
    new = await make_account("new")
    assert new.account
    assert arena.panel
    seat = SeatForm(seat="J1", account=new.account)
    await marking.seat_judge(organiser, event, arena.stage, arena.panel, form=seat)
    assert (await kinds(judge))[-1] == "duty.ended"
    await marking.vacate_seat(organiser, event, arena.stage, arena.panel, seat="J1")
    assert await kinds(new) == ["duty.given", "duty.ended"]
    panel = await arena.add_panel("style")
    form = PanelForm(title=words(), leader=new.account)
    await marking.change_panel(organiser, event, arena.stage, panel.id, form=form)
    await marking.remove_panel(organiser, event, arena.stage, panel.id)
    assert (await kinds(new))[2:] == ["duty.given", "duty.ended"]


async def test_who_has_a_duty_in_a_draft_is_told_when_it_is_announced(database: str) -> None:
    event, admin, arena = await drafted()
    later = await make_account("later")
    assert later.account
    await accounts.grant_role(admin, GrantForm(account=later.account, role=Role.JUDGE, event_id=event))
    before = len(await told(arena.judges[0]))
    assert await told(later) == []
    await organising.advance(admin, event, AdvanceForm(state=EventState.ANNOUNCED))
    assert await kinds(later) == ["duty.given"]
    assert len(await told(arena.judges[0])) == before + 2  # the seat, and the session


async def test_a_role_in_a_union_is_told_with_its_scope(database: str) -> None:
    admin, holder = await make_official("administrator"), await make_account("holder")
    assert holder.account
    union = await make_union()
    held = await accounts.grant_role(admin, GrantForm(account=holder.account, role=Role.ORGANISER, union=union))
    await accounts.revoke_role(admin, held.id)
    given, ended = await told(holder)
    assert (given[0], ended[0]) == ("role.given", "role.ended")
    assert "组织者" in given[1]
    assert "工会ah" in given[1]


async def test_whoever_is_moved_to_another_division_is_told(database: str) -> None:
    arena = await make_arena()
    await db.rows("UPDATE stage SET state = 'prepared' WHERE event_id = {}", arena.event)
    made = [
        await contests.add_division(arena.organiser, arena.event, arena.contest, DivisionForm(title=words(name, name)))
        for name in ("甲组", "乙组")
    ]
    person = await make_participant(arena.union, "赵云")
    await registering.register(person, arena.event, RegistrationForm(contest_id=arena.contest, division_id=made[0].id))
    here = (arena.organiser, arena.event, arena.contest)
    await contests.remove_division(*here, made[0].id, move_to=made[1].id)
    await contests.remove_division(*here, made[1].id)
    moved, left = (await told(person))[-2:]
    assert moved[0] == left[0] == "registration.division_changed"
    assert "原组别：甲组\n现组别：乙组" in moved[1]
    assert "原组别：乙组\n现组别：不分组" in left[1]
