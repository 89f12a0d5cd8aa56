"""A contest to draw, mark and publish, built with the verbs themselves."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from events import contests, drawing, marking, notices
from events.access import Actor
from events.contests import ContestForm, EntryForm, SchemeForm, StageForm
from events.drawing import DrawForm
from events.marking import MarkForm, MarksForm, PanelForm, SeatForm
from events.text import Bilingual
from tests.events.factory import actor, make_account, make_event, make_official, make_union, posted

WORDS = {"zh": "词", "en": "Word"}
DOCUMENT: dict[str, object] = {
    "format": "magpie-scheme/1",
    "key": "test",
    "title": WORDS,
    "root": {
        "kind": "criterion",
        "key": "all",
        "title": WORDS,
        "children": [
            {"kind": "panel", "key": "style", "title": WORDS, "judges": 3, "drop_high": 1, "drop_low": 1,
             "scale": {"min": "0", "max": "10", "step": "0.25"}},
            {"kind": "judgement", "key": "care", "title": WORDS, "judges": 3, "value": "3"},
            {"kind": "given", "key": "base", "title": WORDS, "scale": {"min": "0", "max": "20"}},
            {"kind": "deduction", "key": "faults", "title": WORDS, "scale": {"min": "0", "step": "1"}},
        ],
    },
    "standings": {"better": "higher", "tie_breaks": [{"node": "style"}]},
}  # fmt: skip


@dataclass
class Arena:
    """A stage with its organiser, chief judge, three judges on a panel, and entries by their code."""

    event: UUID
    union: UUID
    organiser: Actor
    chief: Actor
    contest: UUID
    stage: UUID
    panel: UUID | None = None
    judges: list[Actor] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)

    async def enter(self, who: Actor, *forms: MarkForm) -> marking.Entered:
        """Send marks."""
        return await marking.enter(who, self.event, self.stage, MarksForm(marks=list(forms)))

    async def told(self, kind: str) -> list[notices.Notice]:
        """The notices of one kind."""
        found = await posted(event=self.event, public_only=False)
        return [notice for notice in found if notice.kind == kind]

    async def add_panel(self, *aspects: str) -> marking.PanelView:
        """Another panel."""
        form = PanelForm(title=words("另一组", "Other"), aspects=list(aspects))
        return await marking.add_panel(self.organiser, self.event, self.stage, form)

    async def enter_all(self, code: str, style: str = "5", care: str = "2", base: str = "10") -> None:
        """Every mark of one entry."""
        for judge in self.judges:
            await self.enter(judge, mark(code, "style", style), mark(code, "care", care))
        await self.enter(self.chief, mark(code, "base", base))


def mark(entry: object, aspect: str, value: str | None = None, **others: Any) -> MarkForm:
    """A mark to be entered."""
    return MarkForm(entry=str(entry), aspect=aspect, value=value, **others)


def words(zh: str = "决赛", en: str = "Final") -> Bilingual:
    """A title."""
    return Bilingual(zh=zh, en=en)


async def make_stage(*names: str, document: dict[str, object] = DOCUMENT, **contest: Any) -> Arena:
    """A contest with a stage, a scheme and entries, not drawn."""
    union = await make_union()
    event = await make_event(union)
    organiser = await make_official("organiser", event=event)
    chief = await make_official("chief_judge", event=event)
    made = await contests.add_contest(organiser, event, ContestForm(title=words("焊接", "Welding"), **contest))
    stage = await contests.add_stage(organiser, event, made.id, StageForm(title=words()))
    await contests.set_scheme(organiser, event, made.id, stage.id, form=SchemeForm(document=document))
    forms = [EntryForm(name=name, union=union) for name in names or ("王芳", "李强", "张䶮")]
    await contests.add_entries(organiser, event, made.id, forms)
    return Arena(event, union, organiser, chief, made.id, stage.id)


async def make_arena(*names: str, judges: int = 3, **others: Any) -> Arena:
    """The same, drawn, with a panel whose leader is the first judge."""
    arena = await make_stage(*names, **others)
    people = [await make_account(f"judge-{number}") for number in range(1, judges + 1)]
    form = PanelForm(title=words("裁判组", "Panel"), leader=people[0].account)
    panel = await marking.add_panel(arena.organiser, arena.event, arena.stage, form)
    for number, person in enumerate(people, 1):
        assert person.account is not None
        seat = SeatForm(seat=f"J{number}", account=person.account)
        await marking.seat_judge(arena.organiser, arena.event, arena.stage, panel.id, form=seat)
    arena.panel = panel.id
    arena.judges = [await actor(person.account) for person in people]
    draw = await drawing.draw(arena.organiser, arena.event, arena.stage, DrawForm(key="2027-05-01"))
    arena.codes = [slot.code for slot in draw.slots]
    return arena
