"""Judges to panels: nobody judges their own, whoever proposes it; what cannot be met is named."""

from datetime import timedelta
from uuid import UUID

import pytest

from events import contests, marking, scheduling
from events.access import Actor
from events.branches import Branch
from events.contests import ContestForm, EntryChange, EntryForm, SchemeForm, StageForm
from events.errors import Conflict, Invalid, NotFound
from events.marking import AdoptForm, ConflictForm, JudgingRules, PanelForm, ProposalForm, SeatForm
from events.scheduling import SessionForm
from events.tables import RoleGrant
from events.terms import EntryState, Role
from tests.events.contest_factory import DOCUMENT, Arena, make_stage, words
from tests.events.factory import START, make_account, make_person, make_union

KEY = ProposalForm(key="2027")


async def make_field(judges: dict[str, str], *entries: str) -> tuple[Arena, dict[str, UUID]]:
    """A stage with an entry of each union named, and judges by name, each a member of a union; the judges' accounts."""
    arena = await make_stage("甲")
    await contests.change_entry(
        arena.organiser, arena.event, arena.contest,
        (await contests.list_entries(arena.organiser, arena.event, arena.contest)).items[0].id,
        form=EntryChange(state=EntryState.WITHDRAWN),
    )  # fmt: skip
    unions = {code: await make_union(code, arena.union, "city") for code in sorted({*judges.values(), *entries})}
    await contests.add_entries(
        arena.organiser, arena.event, arena.contest, [EntryForm(name=code, union=unions[code]) for code in entries]
    )
    return arena, {name: await make_judge(arena, name, unions[code]) for name, code in judges.items()}


async def make_judge(arena: Arena, name: str, union: UUID) -> UUID:
    """An account of a member that is a judge of the event."""
    account = (await make_account(name, await make_person(union, name))).account
    assert account is not None
    grant = RoleGrant(id=account, account=account, role=Role.JUDGE, event_id=arena.event, granted_at=START)
    await RoleGrant.insert(grant)
    return account


async def add_stage(arena: Arena, *entries: UUID) -> UUID:
    """Another contest with its stage."""
    made = await contests.add_contest(arena.organiser, arena.event, ContestForm(title=words("电工", "Electrical")))
    stage = await contests.add_stage(arena.organiser, arena.event, made.id, StageForm(title=words()))
    await contests.set_scheme(arena.organiser, arena.event, made.id, stage.id, form=SchemeForm(document=DOCUMENT))
    forms = [EntryForm(name="x", union=union) for union in entries]
    await contests.add_entries(arena.organiser, arena.event, made.id, forms)
    return made.id


def seated(view: marking.ProposalView) -> list[list[str]]:
    return [sorted(judge.name for judge in one.judges) for one in view.given]


async def adopt(arena: Arena, found: marking.ProposalView, who: Actor | None = None) -> marking.JudgingView:
    form = AdoptForm(key=found.key, most=found.most, digest=found.digest)
    return await marking.adopt(who or arena.organiser, arena.event, form)


async def test_nobody_is_proposed_where_their_own_delegation_competes(database: str) -> None:
    judges = {"a": "hf", "b": "wh", "c": "bb", "d": "bb", "e": "bb"}
    arena, _ = await make_field(judges, "hf", "wh")
    free = await marking.propose(arena.organiser, arena.event, KEY)
    assert (len(seated(free)[0]), free.shortages) == (3, [])
    await marking.set_judging_rules(arena.organiser, arena.event, JudgingRules(own_union=Branch.DELEGATION))
    found = await marking.propose(arena.organiser, arena.event, KEY)
    assert seated(found) == [["c", "d", "e"]]
    with pytest.raises(Conflict, match="proposal_changed"):
        await adopt(arena, free)
    after = await adopt(arena, found)
    assert [(one.sitting, one.missing) for one in after.demands] == [(3, 0)]
    assert [judge.panels for judge in after.judges] == [0, 0, 1, 1, 1]
    (panel,) = await marking.list_panels(arena.organiser, arena.event, arena.stage)
    assert [(seat.seat, seat.name) for seat in panel.seats] == [("J1", "c"), ("J2", "d"), ("J3", "e")]
    assert len(await arena.told("judge.seated")) == 3


async def test_what_cannot_be_met_is_named_and_not_adopted(database: str) -> None:
    arena, accounts = await make_field({"a": "hf", "b": "bb", "c": "bb"}, "hf")
    await marking.set_judging_rules(arena.organiser, arena.event, JudgingRules(own_union=Branch.UNION))
    found = await marking.propose(arena.organiser, arena.event, KEY)
    (short,) = found.shortages
    assert [one.contest.en for one in short.demands] == ["Welding"]
    assert (short.needed, short.possible, [judge.name for judge in short.judges]) == (3, 2, ["b", "c"])
    with pytest.raises(Conflict, match="judges_short"):
        await adopt(arena, found)
    assert await marking.list_panels(arena.organiser, arena.event, arena.stage) == []
    await make_judge(arena, "d", (await make_union("la", arena.union, "city")))
    assert (await marking.propose(arena.organiser, arena.event, KEY)).shortages == []
    assert len(accounts) == 3


async def test_contests_at_the_same_time_share_their_judges_and_others_do_not(database: str) -> None:
    arena, _ = await make_field(dict.fromkeys("abc", "bb"), "hf")
    other = await add_stage(arena, arena.union)
    together = await marking.propose(arena.organiser, arena.event, KEY)
    assert [(len(one.demands), one.needed, one.possible) for one in together.shortages] == [(2, 6, 3)]
    for contest, hour in ((arena.contest, 0), (other, 2)):
        starts = START + timedelta(hours=hour)
        form = SessionForm(starts_at=starts, ends_at=starts + timedelta(hours=2), contest_id=contest)
        await scheduling.add_session(arena.organiser, arena.event, form)
    apart = await marking.propose(arena.organiser, arena.event, KEY)
    assert seated(apart) == [["a", "b", "c"], ["a", "b", "c"]]
    limited = await marking.propose(arena.organiser, arena.event, ProposalForm(key="2027", most=1))
    assert [one.possible for one in limited.shortages] == [3]


async def test_conflicts_are_declared_by_hand_and_kept_by_every_way_in(database: str) -> None:
    arena, accounts = await make_field({"a": "bb", "b": "bb", "c": "bb", "d": "bb"}, "hf", "wh")
    entry = (await contests.list_entries(arena.organiser, arena.event, arena.contest)).items[-1]
    form = ConflictForm(account=accounts["a"], union=arena.union, reason="wife")
    declared = await marking.declare_conflict(arena.organiser, arena.event, form)
    assert await marking.declare_conflict(arena.organiser, arena.event, form) == declared
    assert seated(await marking.propose(arena.organiser, arena.event, KEY)) == [["b", "c", "d"]]
    panel = await marking.add_panel(arena.organiser, arena.event, arena.stage, PanelForm(title=words()))
    seat = SeatForm(seat="J1", account=accounts["a"])
    with pytest.raises(Invalid) as refused:
        await marking.seat_judge(arena.organiser, arena.event, arena.stage, panel.id, form=seat)
    assert [(one.code, len(one.params["whom"])) for one in refused.value.reasons] == [("judge_conflict", 1)]  # type: ignore[arg-type]  # a list
    await marking.remove_conflict(arena.organiser, arena.event, declared.id)
    await marking.seat_judge(arena.organiser, arena.event, arena.stage, panel.id, form=seat)
    assert (await marking.judging(arena.organiser, arena.event)).breaches == []
    pupil = ConflictForm(account=accounts["a"], entry=entry.id, reason="pupil")
    await marking.declare_conflict(arena.organiser, arena.event, pupil)
    view = await marking.judging(arena.organiser, arena.event)
    assert [(one.name, one.code) for one in view.breaches] == [("a", "conflict")]
    assert [(one.account_name, one.entry_name, one.reason) for one in view.conflicts] == [("a", "wh", "pupil")]


async def test_who_sits_stays_and_the_rest_is_filled(database: str) -> None:
    arena, accounts = await make_field(dict.fromkeys("abcd", "bb"), "hf")
    panel = await marking.add_panel(arena.organiser, arena.event, arena.stage, PanelForm(title=words()))
    other = await marking.add_panel(
        arena.organiser, arena.event, arena.stage, PanelForm(title=words(), aspects=["care"])
    )
    await marking.seat_judge(
        arena.organiser, arena.event, arena.stage, panel.id, form=SeatForm(seat="J2", account=accounts["d"])
    )
    found = await marking.propose(arena.organiser, arena.event, KEY)
    assert [(one.demand.panel_id, one.demand.missing) for one in found.given] == [(panel.id, 2)]
    assert "d" not in seated(found)[0]
    after = await adopt(arena, found)
    assert {one.panel_id: (one.sitting, one.missing) for one in after.demands} == {panel.id: (3, 0), other.id: (0, 0)}


async def test_what_is_wrong_with_a_conflict(database: str) -> None:
    arena, accounts = await make_field({"a": "bb"}, "hf")
    wrong = [
        (ConflictForm(account=accounts["a"]), "/union union_or_entry"),
        (ConflictForm(account=arena.event, union=arena.union), "/account unknown_account"),
        (ConflictForm(account=accounts["a"], union=arena.event), "/union unknown_union"),
        (ConflictForm(account=accounts["a"], entry=arena.event), "/entry unknown_entry"),
    ]
    for form, message in wrong:
        with pytest.raises(Invalid, match=f"^{message}$"):
            await marking.declare_conflict(arena.organiser, arena.event, form)
    with pytest.raises(NotFound):
        await marking.remove_conflict(arena.organiser, arena.event, arena.event)


async def test_only_organisers_know_of_conflicts(database: str) -> None:
    arena, _ = await make_field({"a": "bb"}, "hf")
    with pytest.raises(NotFound):
        await marking.propose(arena.chief, arena.event, KEY)
    with pytest.raises(NotFound):
        await marking.set_judging_rules(arena.chief, arena.event, JudgingRules())
    with pytest.raises(NotFound):
        await marking.adopt(arena.chief, arena.event, AdoptForm(key="k", digest=""))
    with pytest.raises(NotFound):
        await marking.judging(arena.chief, arena.event)
