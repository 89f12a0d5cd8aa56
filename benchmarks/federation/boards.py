"""Contests that are marked, by the verbs alone."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import TYPE_CHECKING
from uuid import UUID

from benchmarks.contests import scheme_document
from benchmarks.federation.plan import chance
from events import contests, drawing, marking, publishing
from events.access import Actor
from events.contests import SchemeForm, StageForm
from events.drawing import DrawForm
from events.marking import MarkForm, MarksForm, PanelForm, SeatForm
from events.text import Bilingual

if TYPE_CHECKING:
    from benchmarks.federation.happenings import Cast

FINAL, PANEL = Bilingual("决赛", "Final"), Bilingual("裁判组", "Panel")
ASPECTS = ("a0", "a1", "a2")
JUDGES = 3
SHEET = 100


async def add_stage(organiser: Actor, event: UUID, contest: UUID) -> UUID:
    """The stage of a contest, with its rules."""
    stage = await contests.add_stage(organiser, event, contest, StageForm(title=FINAL))
    document = scheme_document(JUDGES, ASPECTS)
    await contests.set_scheme(organiser, event, contest, stage.id, form=SchemeForm(document=document))
    return stage.id


async def mark(cast: Cast, event: UUID, contest: UUID) -> UUID:
    """Draw a contest, mark all of it and make its board; gives the stage."""
    (stage,) = (await contests.contest(cast.organiser, event, contest)).stages
    panel = await marking.add_panel(cast.organiser, event, stage.id, PanelForm(title=PANEL))
    for number, judge in enumerate(cast.judges, 1):
        assert judge.account is not None
        seat = SeatForm(seat=f"J{number}", account=judge.account)
        await marking.seat_judge(cast.organiser, event, stage.id, panel.id, form=seat)
    draw = await drawing.draw(cast.organiser, event, stage.id, DrawForm(key="magpie"))
    codes = [slot.code for slot in draw.slots]
    for seat_number, judge in enumerate(cast.judges):
        for start in range(0, len(codes), SHEET):
            marks = _marks(codes[start : start + SHEET], f"{event} {seat_number} {start}")
            await marking.enter(judge, event, stage.id, MarksForm(marks=marks))
    await publishing.restate(event, stage.id)
    return stage.id


def _marks(codes: Sequence[str], purpose: str) -> list[MarkForm]:
    luck = chance(purpose)
    return [
        MarkForm(entry=code, aspect=aspect, value=str(luck.randrange(121, 201) / 2))
        for code, aspect in product(codes, ASPECTS)
    ]
