"""Olympic Winter Games 2018 through the verbs: judges enter marks, boards are restated, all equals the official."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from uuid import UUID

from events import contests, db, drawing, marking, publishing
from events.access import Actor
from events.contests import ContestForm, EntryForm, SchemeForm, StageForm
from events.drawing import DrawForm
from events.marking import MarkForm, MarksForm, PanelForm, SeatForm
from scoring.marks import Mark, Status
from tests.events.contest_factory import words
from tests.events.factory import actor, make_account, make_event, make_official, make_union
from tests.scoring.cases import GOLDEN, Row, needs_oracles
from tests.scoring.test_skating import PUBLISHED, items, segment_document, segment_marks, segments


class Rink:
    """An event with its officials and nine judges, in which segments are held as contests."""

    async def open(self) -> None:
        union = await make_union()
        self.event = await make_event(union)
        self.organiser = await make_official("organiser", event=self.event)
        self.chief = await make_official("chief_judge", event=self.event)
        self.accounts = {f"J{number}": await make_account(f"judge-{number}") for number in range(1, 10)}

    async def hold(self, folder: Path, segment: list[Row]) -> publishing.Board:
        """The board of a segment after all of its marks."""
        factor = next(item["factor"] for item in items(folder, segment) if item["kind"] == "component")
        document = segment_document(segment[0]["segment_kind"], factor)
        title = words(en=segment[0]["segment"])
        made = await contests.add_contest(self.organiser, self.event, ContestForm(title=title))
        stage = await contests.add_stage(self.organiser, self.event, made.id, StageForm(title=words()))
        form = SchemeForm(document=document)
        await contests.set_scheme(self.organiser, self.event, made.id, stage.id, form=form)
        entries = [EntryForm(name=row["performance_id"]) for row in segment]
        await contests.add_entries(self.organiser, self.event, made.id, entries)
        marks = segment_marks(folder, segment)
        judges = await self.seat(stage.id, sorted({mark.judge for mark in marks if mark.judge}))
        draw = await drawing.draw(self.organiser, self.event, stage.id, DrawForm())
        codes = {slot.name: slot.code for slot in draw.slots}
        for judge, who in [*judges.items(), (None, self.chief)]:
            await self.enter(who, stage.id, [form_of(mark, codes) for mark in marks if mark.judge == judge])
        await self.enter(self.chief, stage.id, list(absences(marks, list(judges), codes)))
        await publishing.restate(self.event, stage.id)
        return (await publishing.board(self.organiser, self.event, stage.id)).board()

    async def seat(self, stage: UUID, names: Sequence[str]) -> dict[str, Actor]:
        panel = await marking.add_panel(self.organiser, self.event, stage, PanelForm(title=words()))
        for name in names:
            account = self.accounts[name].account
            assert account is not None
            form = SeatForm(seat=name, account=account)
            await marking.seat_judge(self.organiser, self.event, stage, panel.id, form=form)
        return {name: await actor(self.accounts[name].account) for name in names}

    async def enter(self, who: Actor, stage: UUID, forms: list[MarkForm]) -> None:
        for start in range(0, len(forms), 500):
            await marking.enter(who, self.event, stage, MarksForm(marks=forms[start : start + 500]))


def form_of(mark: Mark, codes: dict[str | None, str]) -> MarkForm:
    agreed = mark.judge is None and mark.aspect == "goe"
    return MarkForm(
        entry=codes[mark.entry], aspect=mark.aspect, attempt=mark.attempt, value=f"{mark.value:f}", agreed=agreed
    )


def absences(marks: list[Mark], judges: list[str], codes: dict[str | None, str]) -> Iterator[MarkForm]:
    """A seat without a mark where its panel has marked: the judge was absent."""
    groups: dict[tuple[str, str, int], set[str]] = defaultdict(set)
    for mark in marks:
        if mark.judge:
            groups[mark.entry, mark.aspect, mark.attempt].add(mark.judge)
    for (entry, aspect, attempt), present in groups.items():
        for seat in sorted(set(judges) - present):
            yield MarkForm(entry=codes[entry], aspect=aspect, attempt=attempt, seat=seat, status=Status.ABSENT)


def equal(board: publishing.Board, segment: list[Row]) -> int:
    """How many entries have the official total and rank."""
    shown = {row.name: (row.score, row.rank) for row in board.rows}
    return sum(shown[row["performance_id"]] == (row["segment_score"], row["rank"]) for row in segment)


async def test_an_excerpt(database: str) -> None:
    rink = Rink()
    await rink.open()
    for segment in segments(GOLDEN / "figure_skating").values():
        assert equal(await rink.hold(GOLDEN / "figure_skating", segment), segment) == len(segment)


@needs_oracles
async def test_all_totals_and_ranks(sqlite_url: str) -> None:
    db.connect(sqlite_url)
    rink = Rink()
    await rink.open()
    found = segments(PUBLISHED)
    boards = {name: await rink.hold(PUBLISHED, segment) for name, segment in found.items()}
    assert len(found) == 16
    assert sum(equal(boards[name], segment) for name, segment in found.items()) == 250
    await db.close()
