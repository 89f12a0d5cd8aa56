"""Contests: kept by organisers, seen by everybody, entered from registrations or directly."""

import asyncio
import json
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from events import clock, contests, db, ids, organising, registering
from events.access import ANONYMOUS
from events.contests import (
    ContestForm,
    DivisionForm,
    DraftForm,
    EntryChange,
    EntryForm,
    SchemeForm,
    StageForm,
)
from events.eligibility import Eligibility
from events.errors import Conflict, Invalid, NotFound, NotSignedIn, Stale
from events.registering import RegistrationForm
from events.tables import Registration
from events.terms import EntryState, Sex
from tests.events.contest_factory import DOCUMENT, Arena, make_arena, make_stage, words
from tests.events.factory import make_event, make_official, make_participant, make_person, make_union, posted


async def refused(work: Any) -> set[tuple[str, str]]:
    with pytest.raises(Invalid) as caught:
        await work
    return {(reason.code, reason.pointer) for reason in caught.value.reasons}


async def test_contests_are_numbered_and_listed_page_by_page(database: str) -> None:
    event = await make_event(await make_union())
    organiser = await make_official("organiser", event=event)
    for number in (None, 7, None):
        await contests.add_contest(organiser, event, ContestForm(title=words(), number=number))
    first = await contests.list_contests(ANONYMOUS, event, limit=2)
    assert first.next is not None
    rest = await contests.list_contests(ANONYMOUS, event, limit=2, cursor=first.next)
    assert [one.number for one in (*first.items, *rest.items)] == [1, 7, 8]
    assert rest.next is None


async def test_a_contest_is_shown_with_all_that_is_in_it(database: str) -> None:
    arena = await make_stage(places=30, trade="焊工")
    division = DivisionForm(title=words("青年组", "Youth"), eligibility=Eligibility(age_max=35))
    await contests.add_division(arena.organiser, arena.event, arena.contest, division)
    seen = await contests.contest(ANONYMOUS, arena.event, arena.contest)
    assert (seen.trade, seen.places, seen.used) == ("焊工", 30, 0)
    assert not seen.judges_see_names
    assert not seen.live_public
    assert [one.eligibility.age_max for one in seen.divisions] == [35]
    assert [(one.number, one.state) for one in seen.stages] == [(1, "prepared")]


async def test_a_contest_is_changed(database: str) -> None:
    arena = await make_stage(places=30)
    form = ContestForm(title=words("钳工", "Fitting"), judges_see_names=True, places=10)
    changed = await organising.change_contest(arena.organiser, arena.event, arena.contest, form, version=1)
    assert (changed.title.en, changed.places, changed.number, changed.version) == ("Fitting", 10, 1, 2)
    with pytest.raises(Stale):
        await organising.change_contest(arena.organiser, arena.event, arena.contest, form, version=1)
    await db.rows("UPDATE capacity SET used = 5 WHERE event_id = {} AND id = {}", arena.event, arena.contest)
    for places, taken in ((4, True), (5, False), (None, False)):
        form = ContestForm(title=words(), places=places)
        if taken:
            with pytest.raises(Conflict, match="/places places_below_used"):
                await organising.change_contest(arena.organiser, arena.event, arena.contest, form)
        else:
            await organising.change_contest(arena.organiser, arena.event, arena.contest, form)


async def test_what_is_wrong_with_a_form(database: str) -> None:
    arena = await make_stage()
    nothing = words("", " ")
    organiser, event, contest = arena.organiser, arena.event, arena.contest
    untitled = ContestForm(title=nothing)
    assert await refused(contests.add_contest(organiser, event, untitled)) == {("title_needed", "/title")}
    taken = ContestForm(title=words(), number=1)
    assert await refused(contests.add_contest(organiser, event, taken)) == {("number_taken", "/number")}
    other = await contests.add_contest(organiser, event, ContestForm(title=words()))
    assert await refused(organising.change_contest(organiser, event, other.id, taken)) == {("number_taken", "/number")}
    again = StageForm(title=words(), number=1)
    assert await refused(contests.add_stage(organiser, event, contest, again)) == {("number_taken", "/number")}
    division = DivisionForm(title=nothing, eligibility=Eligibility(age_min=40, age_max=30))
    assert await refused(contests.add_division(organiser, event, contest, division)) == {
        ("title_needed", "/title"), ("age_range", "/eligibility/age_max")
    }  # fmt: skip


async def test_divisions_and_stages_are_changed(database: str) -> None:
    arena = await make_arena()
    organiser, event, contest = arena.organiser, arena.event, arena.contest
    made = await contests.add_division(organiser, event, contest, DivisionForm(title=words()))
    form = DivisionForm(title=words("女子组", "Women"), eligibility=Eligibility(age_min=18))
    changed = await contests.change_division(organiser, event, contest, made.id, form=form)
    assert (changed.title.en, changed.eligibility.age_min) == ("Women", 18)
    with pytest.raises(NotFound):
        await contests.change_division(organiser, event, contest, ids.new(), form=form)
    stage = await contests.stage(ANONYMOUS, event, arena.stage)
    renamed = StageForm(title=words("预赛", "Heats"), number=2)
    again = await contests.change_stage(organiser, event, arena.stage, renamed, version=stage.version)
    assert (again.title.en, again.number) == ("Heats", 2)
    with pytest.raises(Stale):
        await contests.change_stage(organiser, event, arena.stage, renamed, version=stage.version)
    with pytest.raises(Conflict, match="/heat_size already_drawn"):
        await contests.change_stage(organiser, event, arena.stage, StageForm(title=words(), heat_size=2))


async def test_schemes_are_versions(database: str) -> None:
    arena = await make_stage()
    made = await set_scheme(arena, SchemeForm(document=DOCUMENT | {"key": "other"}))
    assert (made.version, made.key, len(made.digest)) == (2, "other", 64)
    listed = await contests.list_schemes(ANONYMOUS, arena.event, arena.contest)
    assert [(one.version, one.key) for one in listed] == [(2, "other"), (1, "test")]
    assert (await contests.scheme(ANONYMOUS, arena.event, listed[1].id)).document == DOCUMENT
    assert (await contests.stage(ANONYMOUS, arena.event, arena.stage)).scheme_id == made.id


async def set_scheme(arena: Arena, form: SchemeForm) -> contests.SchemeView:
    return await contests.set_scheme(arena.organiser, arena.event, arena.contest, arena.stage, form=form)


async def test_the_digest_is_that_of_the_meaning_not_of_the_writing(database: str) -> None:
    arena = await make_stage()
    digests = [
        (await set_scheme(arena, SchemeForm(document=json.loads(json.dumps(DOCUMENT, sort_keys=order))))).digest
        for order in (True, False)
    ]
    assert digests[0] == digests[1]
    exact = DOCUMENT | {"standings": {"better": "higher", "points": [Decimal("0.50")]}}
    kept = await set_scheme(arena, SchemeForm(document=exact))
    assert kept.document["standings"] == {"better": "higher", "points": ["0.50"]}


async def test_a_draft_is_ones_own_and_need_not_be_right(database: str) -> None:
    arena = await make_stage()
    who, place = arena.organiser, (arena.event, arena.stage)
    assert await contests.draft(who, *place) is None
    begun = await contests.keep_draft(who, *place, DraftForm(document={"root": {"kind": "?"}}), version=0)
    assert (begun.document, begun.before, begun.version) == ({"root": {"kind": "?"}}, None, 1)
    exact = DraftForm(document={"root": {"weight": Decimal("0.10")}}, sample={"A|x|1|0": "5"})
    kept = await contests.keep_draft(who, *place, exact, version=1)
    assert kept.document == {"root": {"weight": "0.10"}}
    assert (kept.before, kept.sample, kept.version) == (begun.document, exact.sample, 2)
    tried = await contests.keep_draft(who, *place, DraftForm(document=exact.document))
    assert (tried.before, tried.sample, tried.version) == (begun.document, {}, 3)  # other sample marks, the same step
    with pytest.raises(Stale):
        await contests.keep_draft(who, *place, exact, version=2)
    other = await make_official("organiser", event=arena.event)
    assert await contests.draft(other, *place) is None
    with pytest.raises(NotFound):
        await contests.draft(arena.chief, *place)
    assert await refused(contests.keep_draft(who, *place, DraftForm(document={"root": [], "awards": 1}))) == {
        ("not_object", "/document/root"), ("not_list", "/document/awards")
    }  # fmt: skip
    assert (await contests.draft(who, *place)) == tried
    await contests.drop_draft(who, *place)
    await contests.drop_draft(who, *place)
    assert await contests.draft(who, *place) is None
    assert not [notice for notice in await posted(public_only=False) if "draft" in notice.kind]


async def test_a_stage_goes_with_its_drafts(database: str) -> None:
    arena = await make_stage()
    made = await contests.add_stage(arena.organiser, arena.event, arena.contest, StageForm(title=words()))
    await contests.keep_draft(arena.organiser, arena.event, made.id, DraftForm(document={"root": {}}))
    await contests.remove_stage(arena.organiser, arena.event, made.id)
    assert await db.rows("SELECT id FROM scheme_draft") == []


async def test_of_two_who_begin_a_draft_at_once_one_is_told(database: str) -> None:
    arena = await make_stage()
    work = [
        contests.keep_draft(
            arena.organiser, arena.event, arena.stage, DraftForm(document={"root": {"n": n}}), version=0
        )
        for n in range(4)
    ]
    found = await asyncio.gather(*work, return_exceptions=True)
    assert sum(isinstance(one, Stale) for one in found) == len(work) - 1
    assert len(await db.rows("SELECT id FROM scheme_draft")) == 1


async def test_every_fault_of_a_scheme_is_named(database: str) -> None:
    arena = await make_stage()
    root = {"kind": "criterion", "key": "all", "title": {"zh": "总"}, "children": [{"kind": "panel", "key": "a b"}]}
    found = await refused(set_scheme(arena, SchemeForm(document={"root": root, "standings": {"better": "sideways"}})))
    assert {
        ("missing_field", "/document/format"), ("missing_field", "/document/root/title/en"),
        ("key_format", "/document/root/children/0/key"), ("not_one_of", "/document/standings/better"),
    } <= found  # fmt: skip
    assert await refused(set_scheme(arena, SchemeForm())) == {("document_or_library", "/document")}
    assert await refused(set_scheme(arena, SchemeForm(library="none"))) == {("not_in_library", "/library")}


async def test_every_ready_scheme_can_be_taken(database: str) -> None:
    arena = await make_stage()
    ready = contests.library()
    assert len(ready) >= 7
    for one in ready:
        assert one.title
        assert (await set_scheme(arena, SchemeForm(library=one.key))).key == one.key


async def test_entries_are_numbered_and_listed_page_by_page(database: str) -> None:
    arena = await make_stage("a", "b", "c")
    forms = [EntryForm(name="d", number=10), EntryForm(name="e", out_of_competition=True)]
    made = await contests.add_entries(arena.organiser, arena.event, arena.contest, forms)
    assert [(one.number, one.state) for one in made] == [(10, "competing"), (11, "out_of_competition")]
    first = await contests.list_entries(arena.organiser, arena.event, arena.contest, limit=4)
    assert first.next is not None
    rest = await contests.list_entries(arena.organiser, arena.event, arena.contest, limit=4, cursor=first.next)
    assert [(one.number, one.name) for one in (*first.items, *rest.items)] == [
        (1, "a"), (2, "b"), (3, "c"), (10, "d"), (11, "e")
    ]  # fmt: skip


async def test_every_fault_of_many_entries_is_named_and_none_is_entered(database: str) -> None:
    arena = await make_stage("a")
    somewhere = ids.new()
    forms = [
        EntryForm(name="b"), EntryForm(name=" ", union=somewhere), EntryForm(name="c", number=1),
        EntryForm(name="d", person=somewhere, division_id=somewhere), EntryForm(name="e", number=5),
        EntryForm(name="f", number=5),
    ]  # fmt: skip
    assert await refused(contests.add_entries(arena.organiser, arena.event, arena.contest, forms)) == {
        ("name_needed", "/1/name"), ("unknown_reference", "/1/union"), ("number_taken", "/2/number"),
        ("unknown_reference", "/3/person"), ("unknown_reference", "/3/division_id"), ("number_taken", "/5/number"),
    }  # fmt: skip
    assert len((await contests.list_entries(arena.organiser, arena.event, arena.contest)).items) == 1


async def test_a_large_list_is_entered_at_once(database: str) -> None:
    arena = await make_stage("a")
    forms = [EntryForm(name=f"team {number}") for number in range(5000)]
    made = await contests.add_entries(arena.organiser, arena.event, arena.contest, forms)
    assert [one.number for one in made] == list(range(2, 5002))


async def test_names_are_for_those_who_may_know_them(database: str) -> None:
    for see_names in (False, True):
        arena = await make_named(see_names)
        for role, named in (("organiser", True), ("registrar", True), ("chief_judge", see_names)):
            official = await make_official(role, event=arena.event)
            [entry] = (await contests.list_entries(official, arena.event, arena.contest)).items
            assert (entry.name is not None, entry.union is not None, entry.person is not None) == (named,) * 3
        with pytest.raises(NotFound):
            await contests.list_entries(await make_official("judge", event=arena.event), arena.event, arena.contest)
        with pytest.raises(NotSignedIn):
            await contests.list_entries(ANONYMOUS, arena.event, arena.contest)


async def make_named(see_names: bool) -> Arena:
    union = await make_union(f"u{see_names:d}")
    event = await make_event(union)
    organiser = await make_official("organiser", event=event)
    made = await contests.add_contest(organiser, event, ContestForm(title=words(), judges_see_names=see_names))
    form = EntryForm(name="王芳", union=union, person=await make_person(union))
    await contests.add_entries(organiser, event, made.id, [form])
    return Arena(event, union, organiser, organiser, made.id, made.id)


async def test_an_entry_is_changed(database: str) -> None:
    arena = await make_stage("a")
    [entry] = (await contests.list_entries(arena.organiser, arena.event, arena.contest)).items

    async def change(form: EntryChange) -> contests.EntryView:
        return await contests.change_entry(arena.organiser, arena.event, arena.contest, entry.id, form=form)

    renamed = await change(EntryChange(name="b"))
    assert (renamed.name, renamed.state) == ("b", EntryState.COMPETING)
    withdrawn = await change(EntryChange(state=EntryState.WITHDRAWN))
    assert (withdrawn.name, withdrawn.state) == ("b", EntryState.WITHDRAWN)
    assert await refused(change(EntryChange(name=" "))) == {("name_needed", "/name")}
    with pytest.raises(NotFound):
        form = EntryChange(name="c")
        await contests.change_entry(arena.organiser, arena.event, arena.contest, ids.new(), form=form)


async def make_registration(arena: Arena, person: UUID | None) -> Registration:
    now = clock.now()
    registration = Registration(
        event_id=arena.event, id=ids.new(), person=person, union=arena.union, contest_id=arena.contest,
        state="confirmed", reference=ids.reference(), note="", version=1, created_at=now, updated_at=now,
    )  # fmt: skip
    await Registration.insert(registration)
    return registration


async def test_a_confirmed_registration_becomes_an_entry_and_back(database: str) -> None:
    arena = await make_stage("a")
    someone = await make_participant(arena.union, "赵婷")
    registration = await make_registration(arena, someone.person)
    async with db.transaction():
        await contests.add_registered(arena.event, [registration])
    async with db.transaction():
        await contests.withdraw_entries(arena.event, [registration.id])
    [_, first] = (await contests.list_entries(arena.organiser, arena.event, arena.contest)).items
    assert (first.name, first.number, first.state) == ("赵婷", 2, EntryState.WITHDRAWN)
    other = await make_registration(arena, (await make_participant(arena.union, "李雷")).person)
    async with db.transaction():
        await contests.add_registered(arena.event, [other, registration])
    [_, entry, next_] = (await contests.list_entries(arena.organiser, arena.event, arena.contest)).items
    assert (entry.id, entry.state) == (first.id, EntryState.COMPETING)
    assert (next_.name, next_.number, next_.registration_id) == ("李雷", 3, other.id)
    assert [notice.data["entry"] for notice in await arena.told("entry.withdrawn")] == [str(first.id)]


async def test_a_crowd_gets_different_numbers(database: str) -> None:
    arena = await make_stage("a")
    registrations = [await make_registration(arena, await make_person(arena.union)) for _ in range(30)]

    async def confirm(registration: Registration) -> None:
        async with db.transaction():
            await contests.add_registered(arena.event, [registration])

    await asyncio.gather(*(confirm(registration) for registration in registrations))
    entries = (await contests.list_entries(arena.organiser, arena.event, arena.contest, limit=500)).items
    assert [entry.number for entry in entries] == list(range(1, 32))


async def test_contests_of_a_draft_are_hidden_and_only_organisers_change_them(database: str) -> None:
    arena = await make_stage()
    stranger = await make_official("organiser", union=await make_union("js"))
    form = ContestForm(title=words())
    for who, error in ((ANONYMOUS, NotSignedIn), (stranger, NotFound), (arena.chief, NotFound)):
        with pytest.raises(error):
            await contests.add_contest(who, arena.event, form)
        with pytest.raises(error):
            await contests.add_entries(who, arena.event, arena.contest, [EntryForm(name="x")])
    await db.rows("UPDATE event SET state = 'draft' WHERE id = {}", arena.event)
    with pytest.raises(NotFound):
        await contests.list_contests(ANONYMOUS, arena.event)
    assert len((await contests.list_contests(arena.organiser, arena.event)).items) == 1
    with pytest.raises(NotFound):
        await contests.contest(arena.organiser, arena.event, ids.new())


# --- what is taken away ---------------------------------------------------------------------------------------------


async def conflicts(work: Any) -> list[tuple[str, object]]:
    with pytest.raises(Conflict) as caught:
        await work
    return [(reason.code, reason.params.get("n")) for reason in caught.value.reasons]


async def divided(places: int | None = None, *rules: Eligibility) -> tuple[Arena, list[UUID]]:
    """A stage in a contest with divisions for whoever meets these conditions."""
    arena = await make_stage(places=places)
    forms = [DivisionForm(title=words(f"组{n}", f"Division {n}"), eligibility=rule) for n, rule in enumerate(rules)]
    return arena, [(await contests.add_division(arena.organiser, arena.event, arena.contest, one)).id for one in forms]


async def join(arena: Arena, division: UUID, **person: Any) -> registering.RegistrationView:
    form = RegistrationForm(contest_id=arena.contest, division_id=division)
    return await registering.register(await make_participant(arena.union, "王芳", **person), arena.event, form)


async def test_more_places_of_a_contest_move_up_those_who_wait(database: str) -> None:
    arena, (division,) = await divided(1, Eligibility())
    views = [await join(arena, division) for _ in range(3)]
    assert [one.state for one in views] == ["confirmed", "waiting", "waiting"]
    form = ContestForm(title=words(), places=2)
    changed = await organising.change_contest(arena.organiser, arena.event, arena.contest, form)
    assert (changed.used, changed.places) == (2, 2)
    states = [(await registering.registration(arena.organiser, arena.event, one.id)).state for one in views]
    assert states == ["confirmed", "confirmed", "waiting"]
    with pytest.raises(Conflict) as caught:
        fewer = ContestForm(title=words(), places=1)
        await organising.change_contest(arena.organiser, arena.event, arena.contest, fewer)
    assert caught.value.reasons[0].params == {"used": 2, "places": 1}
    assert [one.kind for one in await posted(event=arena.event, public_only=False)].count("registration.promoted") == 1


async def test_conditions_of_a_division_shut_out_nobody_who_is_in(database: str) -> None:
    arena, (division,) = await divided(None, Eligibility())
    organiser, event, contest = arena.organiser, arena.event, arena.contest
    await join(arena, division, sex="male")
    women = DivisionForm(title=words(), eligibility=Eligibility(sex=Sex.FEMALE))
    narrow = contests.change_division(organiser, event, contest, division, form=women)
    assert await conflicts(narrow) == [("division_too_narrow", 1)]
    union = DivisionForm(title=words(), eligibility=Eligibility(union=arena.union))
    changed = await contests.change_division(organiser, event, contest, division, form=union, version=1)
    assert changed.version == 2
    with pytest.raises(Stale):
        await contests.change_division(organiser, event, contest, division, form=union, version=1)


async def test_a_division_goes_when_those_in_it_have_gone_elsewhere(database: str) -> None:
    arena, (first, second) = await divided(None, Eligibility(), Eligibility(sex=Sex.FEMALE))
    organiser, event, contest = arena.organiser, arena.event, arena.contest
    view = await join(arena, first)
    entered = EntryForm(name="队", division_id=first)
    await contests.add_entries(organiser, event, contest, [entered])
    assert await contests.members_of_division(organiser, event, contest, first) == 2
    assert await conflicts(contests.remove_division(organiser, event, contest, first)) == [("division_in_use", 2)]
    for nowhere in (first, ids.new()):
        work = contests.remove_division(organiser, event, contest, first, move_to=nowhere)
        assert await refused(work) == {("unknown_division", "/move_to")}
    await contests.remove_division(organiser, event, contest, first, move_to=second, version=1)
    moved = await registering.registration(organiser, event, view.id)
    assert (moved.division_id, moved.state) == (second, "confirmed")
    listed = (await contests.list_entries(organiser, event, contest)).items
    assert [one.division_id for one in listed if one.name in ("队", "王芳") and one.division_id] == [second, second]
    assert first not in {one.division_id for one in listed}
    told = [one.data for one in await posted(event=event, public_only=False) if one.kind == "division.removed"]
    assert [(one["moved"], one["moved_to"]) for one in told] == [(2, str(second))]
    await contests.remove_division(organiser, event, contest, second)  # the last one: nobody is in any
    assert (await registering.registration(organiser, event, view.id)).division_id is None
    with pytest.raises(NotFound):
        await contests.remove_division(organiser, event, contest, second)


async def test_nobody_is_moved_where_they_may_not_be(database: str) -> None:
    arena, (first, second) = await divided(None, Eligibility(), Eligibility(sex=Sex.FEMALE))
    await join(arena, first, sex="male")
    work = contests.remove_division(arena.organiser, arena.event, arena.contest, first, move_to=second)
    assert await conflicts(work) == [("division_too_narrow", 1)]


async def test_a_division_whose_people_are_drawn_stays(database: str) -> None:
    arena, (division,) = await divided(None, Eligibility())
    organiser, event, contest = arena.organiser, arena.event, arena.contest
    await join(arena, division)
    await db.rows("UPDATE stage SET state = 'drawn' WHERE event_id = {} AND id = {}", event, arena.stage)
    assert await conflicts(contests.remove_division(organiser, event, contest, division)) == [("division_drawn", 1)]
    for work in (
        contests.remove_division(arena.judges[0] if arena.judges else ANONYMOUS, event, contest, division),
        contests.remove_stage(ANONYMOUS, event, arena.stage),
    ):
        with pytest.raises((NotFound, NotSignedIn)):
            await work


async def test_a_stage_goes_while_nothing_hangs_on_it(database: str) -> None:
    arena = await make_arena(judges=2)
    organiser, event = arena.organiser, arena.event
    assert await conflicts(contests.remove_stage(organiser, event, arena.stage)) == [
        ("stage_drawn", None), ("stage_has_panels", 1)
    ]  # fmt: skip
    made = await contests.add_stage(organiser, event, arena.contest, StageForm(title=words("复赛", "Second")))
    assert await contests.keeps_stage(organiser, event, made.id) == []
    with pytest.raises(Stale):
        await contests.remove_stage(organiser, event, made.id, version=made.version + 1)
    await contests.remove_stage(organiser, event, made.id, version=made.version)
    with pytest.raises(NotFound):
        await contests.stage(organiser, event, made.id)


async def test_whoever_registers_while_a_division_goes_is_in_another_or_refused(database: str) -> None:
    arena, (first, second) = await divided(None, Eligibility(), Eligibility())
    organiser, event, contest = arena.organiser, arena.event, arena.contest
    remove = contests.remove_division(organiser, event, contest, first, move_to=second)
    done = await asyncio.gather(*(join(arena, first) for _ in range(5)), remove, return_exceptions=True)
    refusals = [one for one in done if isinstance(one, BaseException)]
    assert {type(one) for one in refusals} <= {Invalid}
    assert await contests.members_of_division(organiser, event, contest, second) == 5 - len(refusals)
