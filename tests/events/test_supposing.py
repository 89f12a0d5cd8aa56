"""What if other rules held: compared first, adopted in one go; proposals for promotion; how judges agree."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import msgspec
import pytest

from events import clock, contests, db, drawing, marking, publishing
from events.access import ANONYMOUS
from events.contests import ContestForm, EntryForm, SchemeForm, StageForm
from events.drawing import DrawForm
from events.errors import Conflict, Invalid, NotFound, Refusal, Stale
from events.marking import PanelForm, SeatForm, SignOffForm
from events.publishing import AdoptForm, ProvisionalForm, WhatIfForm
from events.terms import BoardKind
from tests.events.contest_factory import DOCUMENT, WORDS, Arena, make_arena, mark, words
from tests.events.factory import make_person
from tests.events.test_filling import held, official

AWARDED = DOCUMENT | {"awards": [{"key": "gold", "title": WORDS, "places": 1}]}
PROMOTING = DOCUMENT | {"promotions": [{"key": "technician", "title": WORDS, "places": 2}]}
SOON = timedelta(hours=2)


def heavier(document: dict[str, object] = AWARDED) -> dict[str, object]:
    """The same rules, but for the base, which counts twice."""
    text = msgspec.json.encode(document).replace(b'"key":"base"', b'"key":"base","weight":"2"')
    return msgspec.json.decode(text, type=dict[str, object])


async def marked(document: dict[str, object] = AWARDED) -> Arena:
    arena = await make_arena("a", "b", document=document)
    await arena.enter_all(arena.codes[0], style="9", base="10")
    await arena.enter_all(arena.codes[1], style="7", base="11.25")
    await publishing.restate(arena.event, arena.stage)
    return arena


async def adopt(arena: Arena, **changes: object) -> publishing.BoardVersion:
    form = msgspec.structs.replace(AdoptForm(document=heavier(), reason="the rulebook says twice"), **changes)
    return await publishing.adopt_scheme(arena.organiser, arena.event, arena.stage, form)


async def test_other_rules_are_compared_and_nothing_is_written(database: str) -> None:
    arena = await marked()
    view = await publishing.what_if(arena.chief, arena.event, arena.stage, WhatIfForm(document=heavier()))
    assert [(row.code, row.before.rank, row.after.rank, row.after.score, row.moved) for row in view.rows] == [
        (arena.codes[1], "2", "1", "31.5", 1), (arena.codes[0], "1", "2", "31", -1)
    ]  # fmt: skip
    assert (view.entries, view.moved, view.rescored, view.regranted, view.version) == (2, 2, 2, 2, None)
    assert {row.name for row in view.rows} == {None}
    named = await publishing.what_if(arena.organiser, arena.event, arena.stage, WhatIfForm(document=heavier()))
    assert {row.name for row in named.rows} == {"a", "b"}
    assert len(await contests.list_schemes(arena.organiser, arena.event, arena.contest)) == 1
    for who in (ANONYMOUS, arena.judges[0]):
        with pytest.raises(Refusal, match=r"not_found|not_signed_in"):
            await publishing.what_if(who, arena.event, arena.stage, WhatIfForm(document=heavier()))
    tight = msgspec.json.decode(msgspec.json.encode(AWARDED).replace(b'"max":"10"', b'"max":"8"'))
    with pytest.raises(Conflict, match="marks_do_not_fit"):
        await publishing.what_if(arena.chief, arena.event, arena.stage, WhatIfForm(document=tight))


async def test_adopting_keeps_the_old_standings_for_officials(database: str) -> None:
    arena = await marked()
    view = await publishing.what_if(arena.organiser, arena.event, arena.stage, WhatIfForm(document=heavier()))
    with pytest.raises(Invalid, match="/reason reason_needed"):
        await adopt(arena, reason=" ")
    await arena.enter(arena.chief, mark(arena.codes[0], "base", "10.5"))
    with pytest.raises(Stale):
        await adopt(arena, digest=view.digest)
    kept = await adopt(arena)
    assert (kept.kind, kept.scheme_version, kept.reason) == (BoardKind.REPLACED, 1, "the rulebook says twice")
    await publishing.restate(arena.event, arena.stage)
    old = (await publishing.board(arena.organiser, arena.event, arena.stage, version=kept.version)).board()
    new = (await publishing.board(arena.organiser, arena.event, arena.stage)).board()
    assert {row.score for row in old.rows} == {"21.5", "20.25"}
    assert (new.scheme_version, {row.score for row in new.rows}) == (2, {"32", "31.5"})
    with pytest.raises(NotFound):
        await publishing.board(ANONYMOUS, arena.event, arena.stage, version=kept.version)
    assert [one.kind for one in await publishing.versions(ANONYMOUS, arena.event, arena.stage)] == []
    [told] = await arena.told("scheme.adopted")
    assert (told.public, told.data["version"]) == (False, kept.version)
    schemes = await contests.list_schemes(arena.organiser, arena.event, arena.contest)
    with pytest.raises(Conflict, match="same_scheme"):
        await adopt(arena, document=None, scheme_id=schemes[0].id)
    back = await adopt(arena, document=None, scheme_id=schemes[1].id)
    assert (back.version, back.scheme_version) == (2, 2)
    kept = await publishing.freeze(arena.organiser, arena.event, arena.stage)
    frozen = (await publishing.board(arena.organiser, arena.event, arena.stage, version=kept.version)).board()
    assert (kept.version, {row.moved for row in frozen.rows}) == (3, {None})


async def test_a_provisional_result_gets_a_new_version_and_an_official_one_none(database: str) -> None:
    arena = await held("9", "7", document=AWARDED)
    with pytest.raises(Conflict, match="signed_off"):
        await adopt(arena)
    form = ProvisionalForm(objections_until=clock.now() + SOON)
    first = await publishing.publish_provisional(arena.organiser, arena.event, arena.stage, form)
    second = await adopt(arena)
    assert (second.kind, second.version, second.scheme_version) == (BoardKind.PROVISIONAL, 2, 2)
    old = (await publishing.board(ANONYMOUS, arena.event, arena.stage, version=first.version)).board()
    new = (await publishing.public_board(arena.event, arena.stage)).board()
    assert ([row.score for row in old.rows], [row.score for row in new.rows]) == (["21", "19"], ["31", "29"])
    await db.rows("UPDATE stage SET objections_until = {} WHERE event_id = {}", clock.now(), arena.event)
    with pytest.raises(Invalid, match="/objections_until in_the_past"):
        await adopt(arena, document=DOCUMENT)
    await official(arena)
    with pytest.raises(Conflict, match="result_official"):
        await adopt(arena, document=DOCUMENT)


async def test_a_person_is_proposed_once_in_a_year(database: str) -> None:
    first = await held("9", "7", "5", document=PROMOTING)
    second = await another(first)
    ranked = [await people_of(arena) for arena in (first, second)]
    await db.rows("UPDATE entry SET person = {} WHERE id = {}", ranked[0][0][1], ranked[1][0][0])
    assert await publishing.promotions(first.organiser, first.event, first.stage) == []
    await official(first)
    await official(second)
    [a, b] = await publishing.promotions(first.organiser, first.event, first.stage)
    assert [(one.entry_id, one.proposed, one.title.en) for one in (a, b)] == [
        (ranked[0][0][0], True, "Word"), (ranked[0][1][0], True, "Word")
    ]  # fmt: skip
    listed = await publishing.promotions(second.organiser, second.event, second.stage)
    assert [(one.entry_id, one.proposed, one.code) for one in listed] == [
        (ranked[1][0][0], False, "promoted"), (ranked[1][1][0], True, "place"), (ranked[1][2][0], True, "place")
    ]  # fmt: skip
    await first.enter(first.chief, mark(first.codes[0], "all", status="disqualified", reason="cheated"))
    await official(first, reason="cheated")
    after = await publishing.promotions(first.organiser, first.event, first.stage)
    assert [one.entry_id for one in after if one.proposed] == [ranked[0][1][0], ranked[0][2][0]]
    with pytest.raises(NotFound):
        await publishing.promotions(first.chief, first.event, first.stage)


async def another(arena: Arena) -> Arena:
    """Another contest of the event with the same rules and judges, signed off."""
    here = (arena.organiser, arena.event)
    contest = await contests.add_contest(*here, ContestForm(title=words()))
    stage = await contests.add_stage(*here, contest.id, StageForm(title=words()))
    await contests.set_scheme(*here, contest.id, stage.id, form=SchemeForm(document=PROMOTING))
    await contests.add_entries(*here, contest.id, [EntryForm(name=name) for name in ("a", "b", "c")])
    panel = await marking.add_panel(*here, stage.id, PanelForm(title=words()))
    for number, judge in enumerate(arena.judges, 1):
        seat = SeatForm(seat=f"J{number}", account=judge.account or arena.event)
        await marking.seat_judge(*here, stage.id, panel.id, form=seat)
    draw = await drawing.draw(*here, stage.id, DrawForm(key="1"))
    made = replace(arena, contest=contest.id, stage=stage.id, codes=[slot.code for slot in draw.slots])
    for code, style in zip(made.codes, ("9", "7", "5"), strict=True):
        await made.enter_all(code, style=style)
    for form in (SignOffForm(panel_id=panel.id), SignOffForm()):
        await marking.sign_off(arena.chief, arena.event, stage.id, form)
    return made


async def people_of(arena: Arena) -> list[tuple[UUID, UUID]]:
    """The entries of a stage in the order of their codes, each with a new person."""
    found = []
    for code in arena.codes:
        row = await db.row("SELECT entry_id FROM slot WHERE stage_id = {} AND code = {}", arena.stage, code)
        assert row is not None
        found.append((row["entry_id"], await make_person(arena.union, code)))
        await db.rows("UPDATE entry SET person = {} WHERE id = {}", found[-1][1], row["entry_id"])
    return found


async def test_how_judges_agree_is_told_to_those_who_see_marks(database: str) -> None:
    arena = await make_arena("a", "b", "c")
    for code, values in zip(arena.codes, (("9", "9", "7"), ("8", "8", "6"), ("7", "7", "5")), strict=True):
        for judge, value in zip(arena.judges, values, strict=True):
            await arena.enter(judge, mark(code, "style", value))
    panels = await marking.judges_agreement(arena.chief, arena.event, arena.stage)
    style = next(one for one in panels if one.aspect == "style")
    assert (style.w, style.meaning, style.compared, style.freedom) == ("1.000", "very_strong", 3, 2)
    assert [(one.seat, one.names, one.severity, one.lean, one.dropped) for one in style.judges] == [
        ("J1", ["judge-1"], "0.667", "generous", "0.500"), ("J2", ["judge-2"], "0.667", "generous", "0.500"),
        ("J3", ["judge-3"], "-1.333", "strict", "1.000"),
    ]  # fmt: skip
    assert {(one.code, one.spread) for one in style.spreads} == {(code, "2.00") for code in arena.codes}
    assert [one.w for one in panels if one.aspect != "style"] == [None, "1.000"]
    await arena.enter(arena.judges[0], mark(arena.codes[0], "care", "3"))
    care = next(
        one for one in await marking.judges_agreement(arena.chief, arena.event, arena.stage) if one.aspect == "care"
    )
    assert care.judges == []
    for who in (*arena.judges, ANONYMOUS):
        with pytest.raises(Refusal, match=r"not_found|not_signed_in"):
            await marking.judges_agreement(who, arena.event, arena.stage)
