"""Who goes on into a stage and what they bring along: previewed, then written in one go, and again after corrections.

Carried values are kept as marks without a judge, so that the stage is restated, explained and signed like any other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from events import access, clock, db, ids, notices
from events.access import Actor, Right
from events.contests.facts import millionths, text_of
from events.contests.looking import rules_of, stage_held, stage_row
from events.errors import Conflict, conflict, invalid
from events.publishing.fills import FillColumn, Filled, FillForm, FillRow, FillSource, FillValue, FillView
from events.publishing.gates import Gate, Luggage, cut_of, gate_of, luggage_of
from events.publishing.structs import Board, Row, Ruling
from events.tables import Mark as MarkRow
from events.tables import Qualifier, Stage
from events.terms import StageState
from events.text import Bilingual, bilingual
from scoring.marks import Mark, Status
from scoring.schemes import Aspect, Scheme, aspects, attempts

OPEN = frozenset({StageState.PREPARED, StageState.DRAWN, StageState.MARKING})
CHUNK = 1000
ENTRIES = (
    "SELECT entry.id, entry.number, entry.name, unions.name AS union_name FROM entry "
    'LEFT JOIN unions ON unions.id = entry."union" '
    "WHERE entry.event_id = {} AND entry.contest_id = {} AND entry.state <> 'withdrawn' ORDER BY entry.number"
)
Place = tuple[str, str, int]  # entry, aspect, attempt
Said = tuple[int | None, str | None]  # value in millionths, status


@dataclass(frozen=True)
class Plan:
    """Everything that filling is made of; `kept` are the carried values that stand there now, with their ids."""

    row: Stage
    rules: Scheme
    entries: Mapping[UUID, db.Row]
    gate: Gate
    luggage: Luggage
    there: frozenset[UUID]
    kept: Mapping[Place, tuple[UUID, Said]]

    @property
    def carried(self) -> list[tuple[Aspect, int | None]]:
        """The aspects whose values come along, attempt by attempt."""
        times = attempts(self.rules)
        found = [aspect for aspect in aspects(self.rules) if aspect.carried]
        return [
            (aspect, attempt if times[aspect.key] > 1 else None)
            for aspect in found
            for attempt in range(1, times[aspect.key] + 1)
        ]


async def preview_filling(actor: Actor, event_id: UUID, stage_id: UUID) -> FillView:
    """Who would go on into a stage and with what (organisers); nothing is written."""
    await access.event_for(actor, Right.ORGANISE, event_id)
    row = await stage_row(event_id, stage_id)
    try:
        return _view(await _plan(row))
    except Conflict as refusal:
        return FillView(stage_id=stage_id, blocked=[reason.code for reason in refusal.reasons])


async def fill_stage(actor: Actor, event_id: UUID, stage_id: UUID, form: FillForm) -> Filled:
    """Let those who advanced into a stage, with what they carry (organisers); again it brings what has changed since.

    Conflict while a result before is not published, after sign-off, or when somebody would leave a drawn stage.
    """
    await access.event_for(actor, Right.ORGANISE, event_id)
    async with db.transaction():
        row = await stage_held(event_id, stage_id, alone=True)
        plan = await _plan(row)
        decided = _decided(plan, form)
        going = [*plan.gate.going, *decided]
        leaving = (plan.there & plan.entries.keys()) - set(going)  # who has withdrawn stays noted
        _unless_drawn(plan, leaving)
        added = await _write_entries(plan, going, leaving, decided=decided)
        values = await _write_values(plan, {str(entry) for entry in going}, actor.account)
        await _touch(row, clock.now())
        await notices.post(
            "stage.filled", event=event_id, subject=stage_id, by=actor.account, entries=len(going), values=values,
            decided=len(decided), sources=[f"{one.stage_id} {one.version}" for one in _boards(plan)],
        )  # fmt: skip
    return Filled(entries=len(going), added=added, values=values)


async def empty_stage(actor: Actor, event_id: UUID, stage_id: UUID) -> None:
    """Take the filling of a stage back (organisers) before it is drawn: every entry of the contest is in again."""
    await access.event_for(actor, Right.ORGANISE, event_id)
    async with db.transaction():
        row = await stage_held(event_id, stage_id, alone=True)
        if row.state != StageState.PREPARED:
            conflict("already_drawn")
        if not row.filled_at:
            return
        for table in ("qualifier", "mark"):  # before the draw there are no other marks than those that were carried
            await db.rows(f"DELETE FROM {table} WHERE event_id = {{}} AND stage_id = {{}}", event_id, stage_id)  # noqa: S608
        await _touch(row, None)
        await notices.post("stage.emptied", event=event_id, subject=stage_id, by=actor.account)


async def _plan(row: Stage) -> Plan:
    if row.state not in OPEN:
        conflict("signed_off")
    if row.scheme_id is None:
        conflict("scheme_needed")
    rules = await rules_of(row.event_id, row.scheme_id)
    entries = {one["id"]: one for one in await db.rows(ENTRIES, row.event_id, row.contest_id)}
    gate = await gate_of(row, entries)
    there = await db.rows("SELECT entry_id FROM qualifier WHERE event_id = {} AND stage_id = {}", row.event_id, row.id)
    return Plan(
        row=row,
        rules=rules,
        entries=entries,
        gate=gate,
        luggage=await luggage_of(row, rules, [*gate.going, *gate.cut]),
        there=frozenset(one["entry_id"] for one in there),
        kept=await _kept(row, [aspect.key for aspect in aspects(rules) if aspect.carried]),
    )


async def _kept(row: Stage, keys: Sequence[str]) -> dict[Place, tuple[UUID, Said]]:
    which, arguments = db.one_of(keys)
    found = await db.rows(
        "SELECT id, entry_id, aspect, attempt, value_e6, status FROM mark WHERE event_id = {} AND stage_id = {} "  # noqa: S608
        f"AND seat = '' AND superseded_at IS NULL AND aspect {which}",
        row.event_id, row.id, *arguments,
    )  # fmt: skip
    return {
        (str(one["entry_id"]), one["aspect"], one["attempt"]): (one["id"], (one["value_e6"], one["status"]))
        for one in found
    }


def _decided(plan: Plan, form: FillForm) -> list[UUID]:
    """Those at the cut whom people let in."""
    if plan.gate.cut and form.decided is None:
        invalid("decide_at_the_cut", "/decided", n=len(plan.gate.cut))
    wanted = set(form.decided or ())
    if wanted - set(plan.gate.cut):
        invalid("not_at_the_cut", "/decided")
    return [one for one in plan.gate.cut if one in wanted]


def _unless_drawn(plan: Plan, leaving: frozenset[UUID]) -> None:
    if leaving and plan.row.state != StageState.PREPARED:
        conflict("goes_on_no_more", "", numbers=_numbers(plan, leaving))


def _numbers(plan: Plan, entries: frozenset[UUID]) -> list[int]:
    return [one["number"] for one in plan.entries.values() if one["id"] in entries]


async def _write_entries(plan: Plan, going: Sequence[UUID], leaving: frozenset[UUID], *, decided: list[UUID]) -> int:
    row = plan.row
    for entry in leaving:
        await db.rows(
            "DELETE FROM qualifier WHERE event_id = {} AND stage_id = {} AND entry_id = {}",
            row.event_id, row.id, entry,
        )  # fmt: skip
    new = [
        Qualifier(event_id=row.event_id, id=ids.new(), stage_id=row.id, entry_id=one, decided=one in decided)
        for one in going
        if one not in plan.there
    ]
    for start in range(0, len(new), CHUNK):
        await Qualifier.insert(*new[start : start + CHUNK])
    return len(new)


async def _write_values(plan: Plan, going: set[str], account: UUID | None) -> int:
    """Append the values that are new and supersede those that are no longer so."""
    wanted = {place: said for place, said in _said(plan.luggage.marks).items() if place[0] in going}
    gone = [kept for place, (kept, said) in plan.kept.items() if wanted.get(place) != said]
    fresh = {place: said for place, said in wanted.items() if plan.kept.get(place, (None, None))[1] != said}
    now = clock.now()
    for start in range(0, len(gone), CHUNK):
        which, arguments = db.one_of(gone[start : start + CHUNK])
        sql = f"UPDATE mark SET superseded_at = {{}} WHERE event_id = {{}} AND id {which}"  # noqa: S608
        await db.rows(sql, now, plan.row.event_id, *arguments)
    rows = [
        MarkRow(
            event_id=plan.row.event_id, id=ids.new(), stage_id=plan.row.id, entry_id=UUID(entry), aspect=aspect,
            attempt=attempt, seat="", value_e6=value, status=status, entered_by=account, entered_at=now,
        )
        for (entry, aspect, attempt), (value, status) in sorted(fresh.items())
    ]  # fmt: skip
    for start in range(0, len(rows), CHUNK):
        await MarkRow.insert(*rows[start : start + CHUNK])
    return len(rows)


def _said(marks: Sequence[Mark]) -> dict[Place, Said]:
    return {
        (mark.entry, mark.aspect, mark.attempt): (
            None if mark.value is None else millionths(mark.value),
            mark.status.value if mark.status else None,
        )
        for mark in marks
    }


async def _touch(row: Stage, filled_at: datetime | None) -> None:
    await db.rows(
        "UPDATE stage SET filled_at = {}, version = version + 1 WHERE event_id = {} AND id = {}",
        filled_at, row.event_id, row.id,
    )  # fmt: skip


def _boards(plan: Plan) -> list[Board]:
    """The results that entries and values come from, each once."""
    found = [*([plan.gate.before] if plan.gate.before else []), *(one.board for one in plan.luggage.sources)]
    return list({board.stage_id: board for board in found}.values())


def _view(plan: Plan) -> FillView:
    going = frozenset([*plan.gate.going, *plan.gate.cut])
    said, rows = _said(plan.luggage.marks), plan.gate.rows
    return FillView(
        stage_id=plan.row.id,
        sources=[_source(board) for board in _boards(plan)],
        columns=[_column(aspect, attempt) for aspect, attempt in plan.carried],
        rows=[_row(plan, plan.entries[one], rows.get(one), said) for one in [*plan.gate.going, *plan.gate.cut]],
        leaving=_numbers(plan, plan.there - going),
    )


def _source(board: Board) -> FillSource:
    return FillSource(
        contest=board.contest, stage=board.stage, stage_id=board.stage_id, kind=board.kind, version=board.version
    )


def _column(aspect: Aspect, attempt: int | None) -> FillColumn:
    return FillColumn(key=aspect.key, title=Bilingual(aspect.title.zh, aspect.title.en), attempt=attempt)


def _row(plan: Plan, entry: db.Row, before: Row | None, said: Mapping[Place, Said]) -> FillRow:
    return FillRow(
        entry_id=entry["id"],
        number=entry["number"],
        name=entry["name"],
        union=bilingual(entry["union_name"]) if entry["union_name"] else None,
        rank=before.rank if before else None,
        ruling=_ruling(before) if before else None,
        to_decide=entry["id"] in plan.gate.cut,
        there=entry["id"] in plan.there,
        values=[_value(plan, (str(entry["id"]), one.key, attempt or 1), said) for one, attempt in plan.carried],
    )


def _ruling(before: Row) -> Ruling | None:
    """Why an entry goes on."""
    given = (one for one in before.rulings if one.award is None and one.given)
    return next(given, cut_of(before))


def _value(plan: Plan, place: Place, said: Mapping[Place, Said]) -> FillValue:
    value, status = said.get(place, (None, None))
    there = UUID(place[0]) in plan.there
    changed = there and plan.kept.get(place, (None, (None, None)))[1] != (value, status)
    return FillValue(value=text_of(value), status=Status(status) if status else None, changed=changed)
