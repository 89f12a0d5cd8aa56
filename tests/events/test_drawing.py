"""Draws: recomputable by anybody, silent towards judges, final once marking has begun."""

import hashlib
from typing import Any

import pytest

from events import contests, db, drawing, marking, organising
from events.access import ANONYMOUS
from events.branches import Branch, branch_of
from events.contests import EntryChange, EntryForm, StageForm
from events.drawing import AnnounceForm, DrawForm, DrawRules, MeetingRules
from events.errors import Conflict, Invalid, NotFound, Refusal
from events.marking import JudgingRules, SeatForm
from events.organising import CopyForm
from events.terms import EntryState
from scoring import draw as draws
from scoring import published, recipes
from tests.events.contest_factory import Arena, make_arena, make_stage, mark, words
from tests.events.factory import START, make_official, make_participant, make_union


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
    assert await drawing.append(arena.organiser, arena.event, arena.stage) == seen
    assert len(await arena.told("draw.appended")) == 1


async def test_nobody_who_comes_late_is_judged_by_themselves(database: str) -> None:
    arena = await make_arena()
    judge = await make_participant(arena.union)
    assert arena.panel is not None
    assert judge.account is not None
    seat = SeatForm(seat="J1", account=judge.account)
    await marking.seat_judge(arena.organiser, arena.event, arena.stage, arena.panel, form=seat)
    late = [EntryForm(name="迟到", person=judge.person)]
    await contests.add_entries(arena.organiser, arena.event, arena.contest, late)
    with pytest.raises(Conflict, match="judge_competes"):
        await drawing.append(arena.organiser, arena.event, arena.stage)
    assert len((await drawing.drawn(arena.organiser, arena.event, arena.stage)).slots) == 3


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


async def make_crowd(sizes: dict[str, int], **contest: Any) -> Arena:
    """A stage with so many entries of each union below the organiser's, by its code."""
    arena = await make_stage("甲", **contest)
    await contests.change_entry(
        arena.organiser, arena.event, arena.contest, (await entries(arena))[0].id,
        form=EntryChange(state=EntryState.WITHDRAWN),
    )  # fmt: skip
    for code, size in sizes.items():
        union = await make_union(code, arena.union, "city")
        forms = [EntryForm(name=f"{code}{number}", union=union) for number in range(size)]
        await contests.add_entries(arena.organiser, arena.event, arena.contest, forms)
    return arena


async def entries(arena: Arena) -> list[contests.EntryView]:
    return (await contests.list_entries(arena.organiser, arena.event, arena.contest, limit=100)).items


async def set_rules(arena: Arena, **rules: object) -> DrawRules:
    form = DrawRules(**rules)  # type: ignore[arg-type]  # as the test gives them
    return await drawing.set_rules(arena.organiser, arena.event, arena.stage, form)


async def test_a_draw_by_rules_is_made_again_from_its_document(database: str) -> None:
    arena = await make_crowd({"hf": 4, "wh": 3, "bb": 2}, judges_see_names=True)
    rules = await set_rules(arena, heat_size=3, apart="possible", stations="centred", seeds=[5, 2])
    announced = await drawing.announce(arena.organiser, arena.event, arena.stage, AnnounceForm(source="an index"))
    assert announced.rules == rules
    seen = await drawing.draw(arena.organiser, arena.event, arena.stage, DrawForm(key="7"))
    found = await drawing.document(ANONYMOUS, arena.event, arena.stage)
    assert published.differences(found) == []
    assert found.recipe_digest == announced.recipe_digest
    assert [(p.heat, p.station, int(p.entry)) for p in found.start_list] == [
        (slot.heat, slot.station, slot.number) for slot in seen.slots
    ]
    assert found.recipe is not None
    assert set(found.recipe.unions.values()) == {"ah.hf", "ah.wh", "ah.bb"}
    for heat in (1, 2, 3):
        names = [(slot.name or "")[:2] for slot in seen.slots if slot.heat == heat]
        assert (len(names), names.count("hf") <= 2, names.count("wh"), names.count("bb") <= 1) == (3, True, 1, True)


async def test_late_entries_and_orders_by_hand_are_told_apart_in_the_document(database: str) -> None:
    arena = await make_stage(judges_see_names=True)
    await set_rules(arena, heat_size=2, stations="listed", lanes=[8, 7])
    order = [entry.id for entry in reversed(await entries(arena))]
    await drawing.draw(arena.organiser, arena.event, arena.stage, DrawForm(order=order))
    await contests.add_entries(arena.organiser, arena.event, arena.contest, [EntryForm(name="迟到")])
    seen = await drawing.append(arena.organiser, arena.event, arena.stage)
    assert [(slot.number, slot.heat, slot.station) for slot in seen.slots] == [
        (2, 1, 7),
        (3, 1, 8),
        (1, 2, 8),
        (4, 3, 1),
    ]
    found = await drawing.document(ANONYMOUS, arena.event, arena.stage)
    assert (found.method, found.key, [place.entry for place in found.late]) == ("manual", None, ["4"])
    assert published.differences(found) == []


async def test_a_blind_draw_publishes_digests_only(database: str) -> None:
    arena = await make_stage()
    await set_rules(arena, seeds=[2], heat_size=2)
    with pytest.raises(NotFound):
        await drawing.document(ANONYMOUS, arena.event, arena.stage)
    await drawing.draw(arena.organiser, arena.event, arena.stage, DrawForm())
    known = await drawing.document(arena.organiser, arena.event, arena.stage)
    for who in (ANONYMOUS, arena.chief):
        found = await drawing.document(who, arena.event, arena.stage)
        assert (found.recipe, found.key, found.start_list, found.late) == (None, None, (), ())
        assert (found.recipe_digest, found.commitment) == (known.recipe_digest, known.commitment)
        assert (await drawing.drawn(who, arena.event, arena.stage)).rules.seeds == []
    assert known.recipe is not None
    assert recipes.digest(known.recipe) == known.recipe_digest


async def test_what_cannot_be_kept_apart_is_named_before_it_is_drawn(database: str) -> None:
    arena = await make_crowd({"hf": 5, "wh": 2})
    rules = DrawRules(heat_size=2, apart="required", apart_by=Branch.DELEGATION)
    found = await drawing.preview(arena.organiser, arena.event, arena.stage, rules)
    assert (found.entries, found.heats, found.together, found.possible) == (7, [2, 2, 2, 1], 1, False)
    hefei, wuhu = found.crowds
    assert (hefei.entries, hefei.least, hefei.most, hefei.too_many, hefei.heat_size) == (5, 1, 2, True, 1)
    assert (wuhu.entries, wuhu.too_many) == (2, False)
    await drawing.set_rules(arena.organiser, arena.event, arena.stage, rules)
    for announces in (True, False):
        with pytest.raises(Conflict) as refusal:
            if announces:
                await drawing.announce(arena.organiser, arena.event, arena.stage, AnnounceForm())
            await drawing.draw(arena.organiser, arena.event, arena.stage, DrawForm(key="7"))
        (reason,) = refusal.value.reasons
        assert (reason.code, reason.params["n"], reason.params["heats"]) == ("union_too_many", 5, 4)
    await set_rules(arena, apart="required", apart_by="delegation")
    await refused(arena, DrawForm(key="7"), "union_starts_too_often")
    await set_rules(arena, apart="possible", apart_by="delegation")
    await drawing.draw(arena.organiser, arena.event, arena.stage, DrawForm())


async def test_an_order_by_hand_keeps_apart_what_the_rules_require(database: str) -> None:
    arena = await make_crowd({"hf": 2, "wh": 1})
    await set_rules(arena, apart="required")
    one, other, third = [entry.id for entry in await entries(arena) if entry.state == EntryState.COMPETING]
    await refused(arena, DrawForm(order=[one, other, third]), "/order order_not_apart")
    await drawing.draw(arena.organiser, arena.event, arena.stage, DrawForm(order=[one, third, other]))


async def test_rules_that_make_no_sense(database: str) -> None:
    arena = await make_stage()
    wrong: list[tuple[dict[str, object], str]] = [
        ({"seeds": [1, 9], "heat_size": 2}, "/seeds unknown_numbers"),
        ({"seeds": [1, 1], "heat_size": 2}, "/seeds seed_twice"),
        ({"seeds": [1]}, "/seeds seeds_need_heats"),
        ({"stations": "listed", "lanes": [1, 2]}, "/lanes too_few_lanes"),
        ({"stations": "listed", "lanes": [1, 2, 2]}, "/lanes lane_twice"),
        ({"two_stage": True, "apart": "possible", "heat_size": 2}, "/two_stage two_stage_heats"),
        ({"heat_size": 2, "meeting": MeetingRules(format="knock_out")}, "/heat_size heats_or_meeting"),
        ({"meeting": MeetingRules(format="swiss")}, "/meeting meeting_many_rounds"),
        ({"meeting": MeetingRules(format="groups")}, "/meeting meeting_many_groups"),
    ]
    for rules, message in wrong:
        with pytest.raises(Invalid, match=f"^{message}$"):
            await set_rules(arena, **rules)
    with pytest.raises(NotFound):
        await drawing.set_rules(arena.chief, arena.event, arena.stage, DrawRules())
    with pytest.raises(NotFound):
        await drawing.preview(arena.chief, arena.event, arena.stage, DrawRules())
    with pytest.raises(NotFound):
        await drawing.settled_rules(arena.chief, arena.event, arena.stage)


async def test_rules_are_settled_before_there_are_entries_and_fit_those_that_come(database: str) -> None:
    arena = await make_stage("甲")
    change = EntryChange(state=EntryState.WITHDRAWN)
    (only,) = await entries(arena)
    await contests.change_entry(arena.organiser, arena.event, arena.contest, only.id, form=change)
    await set_rules(arena, stations="listed", lanes=[4, 9])
    with pytest.raises(Invalid, match="/seeds unknown_numbers"):
        await set_rules(arena, seeds=[1])
    forms = [EntryForm(name=name) for name in "abc"]
    await contests.add_entries(arena.organiser, arena.event, arena.contest, forms)
    await refused(arena, DrawForm(key="7"), "/lanes too_few_lanes")
    with pytest.raises(Invalid, match="/lanes too_few_lanes"):
        await drawing.announce(arena.organiser, arena.event, arena.stage, AnnounceForm())


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ({"stations": "drawn", "lanes": [7]}, {}),
        ({"stations": "listed", "lanes": [2, 3, 1]}, {"stations": "centred"}),
        ({"stations": "listed", "lanes": [3, 4, 2, 5, 1]}, {"stations": "listed", "lanes": [3, 4, 2, 5, 1]}),
    ],
)
async def test_rules_are_published_as_they_are_kept(
    database: str, given: dict[str, object], kept: dict[str, object]
) -> None:
    arena = await make_stage(judges_see_names=True)
    settled = await set_rules(arena, **given)
    assert settled == DrawRules(**kept)  # type: ignore[arg-type]  # as the test gives them
    seen = await drawing.draw(arena.organiser, arena.event, arena.stage, DrawForm(key="7"))
    assert seen.rules == settled


async def test_what_was_announced_is_what_is_drawn(database: str) -> None:
    arena = await make_stage()
    await drawing.announce(arena.organiser, arena.event, arena.stage, AnnounceForm(source="an index"))
    await set_rules(arena, heat_size=2)
    await refused(arena, DrawForm(key="7"), "rules_changed")
    assert (await drawing.drawn(ANONYMOUS, arena.event, arena.stage)).rules == DrawRules()
    assert (await drawing.settled_rules(arena.organiser, arena.event, arena.stage)).heat_size == 2
    await set_rules(arena)
    await drawing.draw(arena.organiser, arena.event, arena.stage, DrawForm(key="7"))
    assert [notice.data["apart"] for notice in await arena.told("draw.rules_set")] == ["off", "off"]


async def test_rules_stand_once_marking_has_begun(database: str) -> None:
    arena = await make_arena()
    await arena.enter(arena.judges[0], mark(arena.codes[0], "style", "5"))
    with pytest.raises(Conflict, match="marking_begun"):
        await set_rules(arena, heat_size=2)


async def test_equals_are_parted_by_a_lot_of_the_published_key(database: str) -> None:
    arena = await make_stage(judges_see_names=True)
    await drawing.draw(arena.organiser, arena.event, arena.stage, DrawForm(key="7"))
    found = await db.rows(
        "SELECT entry.number FROM slot JOIN entry ON entry.id = slot.entry_id WHERE slot.stage_id = {} ORDER BY lot",
        arena.stage,
    )
    assert [str(row["number"]) for row in found] == draws.order(["1", "2", "3"], "7/lots")


def test_parts_of_the_tree() -> None:
    path = "ah.hf.lj.01."
    branches = [branch_of(path, branch) for branch in (Branch.DELEGATION, Branch.COUNTY, Branch.UNION)]
    assert branches == ["ah.hf.", "ah.hf.lj.", path]
    assert branch_of("ah.", Branch.COUNTY) == "ah."


async def test_rules_are_copied_with_an_event_but_not_its_seeds(database: str) -> None:
    arena = await make_stage()
    await set_rules(arena, heat_size=2, apart="possible", seeds=[2])
    await marking.set_judging_rules(arena.organiser, arena.event, JudgingRules(own_union=Branch.COUNTY))
    admin = await make_official("administrator")
    copied = await organising.copy_event(admin, arena.event, CopyForm(starts_at=START))
    (contest,) = (await contests.list_contests(admin, copied.id)).items
    rules = await drawing.settled_rules(admin, copied.id, contest.stages[0].id)
    assert rules == DrawRules(heat_size=2, apart="possible")
    assert (await marking.judging(admin, copied.id)).own_union == Branch.COUNTY
