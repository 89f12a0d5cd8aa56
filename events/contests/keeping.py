"""Contests and their stages: added, changed, taken away, listed."""

from __future__ import annotations

from collections.abc import Awaitable, Iterable, Sequence
from typing import Any
from uuid import UUID

from events import access, clock, db, ids, notices, paging, places
from events.access import Actor, Right
from events.contests.looking import (
    contest_row,
    division_view,
    read_document,
    stage_held,
    stage_row,
    unless_stale,
)
from events.contests.structs import ContestForm, ContestView, Number, StageForm, StageView, flaws_of_title
from events.errors import Conflict, Reason, Stale, conflict, invalid, refuse
from events.paging import Page
from events.tables import Capacity, Contest, Division, Stage
from events.terms import StageState
from events.text import bilingual

UNCOUNTED: db.Row = {"places": None, "used": 0, "waiting": 0}


async def list_contests(actor: Actor, event_id: UUID, *, cursor: str = "", limit: int = 50) -> Page[ContestView]:
    """The contests of an event that the actor may see, by number."""
    await access.event_to_see(actor, event_id)
    after = paging.key_of(cursor, tuple[Number])[0] if cursor else 0
    found = await Contest.objects().where((Contest.event_id == event_id) & (Contest.number > after)).order_by(
        Contest.number
    ).limit(limit + 1)  # fmt: skip
    views = {view.id: view for view in await _views(event_id, found)}
    return paging.page(found, limit, lambda row: views[row.id], lambda row: (row.number,))


async def contest(actor: Actor, event_id: UUID, contest_id: UUID) -> ContestView:
    """One contest of an event that the actor may see."""
    await access.event_to_see(actor, event_id)
    return await _view(event_id, contest_id)


async def add_contest(actor: Actor, event_id: UUID, form: ContestForm) -> ContestView:
    """Add a contest (organisers); a number that is taken is refused."""
    await access.event_for(actor, Right.ORGANISE, event_id)
    refuse(flaws_of_title({"title": form.title}))
    made = ids.new()
    async with db.transaction():
        row = Contest(
            event_id=event_id, id=made, number=form.number or await _next_number("contest", event_id),
            **_contest_columns(form), last_number=0, version=1, created_at=clock.now(),
        )  # fmt: skip
        await _unless_taken(Contest.insert(row), row.number)
        counter = Capacity(event_id=event_id, id=made, places=form.places, used=0, waiting=0, queued=0)
        await Capacity.insert(counter)
        await notices.post("contest.added", event=event_id, subject=made, by=actor.account, number=row.number)
    return await _view(event_id, made)


async def rewrite_contest(
    actor: Actor, event_id: UUID, contest_id: UUID, form: ContestForm, *, version: int | None = None
) -> None:
    """The contest's own part of `organising.change_contest`, in its transaction: all but moving up those who wait."""
    refuse(flaws_of_title({"title": form.title}))
    row = await contest_row(event_id, contest_id)
    unless_stale(row.version, version)
    await _rewrite("contest", row, _contest_columns(form) | {"number": form.number or row.number})
    await places.resize(event_id, contest_id, form.places)
    await notices.post("contest.changed", event=event_id, subject=contest_id, by=actor.account)


async def contest_held(event_id: UUID, contest_id: UUID, *, version: int | None) -> Contest:
    """A contest with its stages, held against marks and entries until the transaction ends; Stale if it was changed."""
    hold = db.engine().dialect("{for_update}")
    of_contest = "event_id = {} AND contest_id = {}"
    await db.rows(f"SELECT id FROM stage WHERE {of_contest} ORDER BY id {hold}", event_id, contest_id)  # noqa: S608
    # and no entry: who enters one holds the contest for its number
    await db.rows("UPDATE contest SET version = version WHERE event_id = {} AND id = {}", event_id, contest_id)
    row = await contest_row(event_id, contest_id)
    unless_stale(row.version, version)
    return row


async def stage(actor: Actor, event_id: UUID, stage_id: UUID) -> StageView:
    """One stage of an event that the actor may see."""
    await access.event_to_see(actor, event_id)
    return stage_view(await stage_row(event_id, stage_id))


async def add_stage(actor: Actor, event_id: UUID, contest_id: UUID, form: StageForm) -> StageView:
    """Add a stage to a contest (organisers)."""
    await access.event_for(actor, Right.ORGANISE, event_id)
    await contest_row(event_id, contest_id)
    refuse(flaws_of_title({"title": form.title}))
    async with db.transaction():
        row = Stage(
            event_id=event_id, id=ids.new(), contest_id=contest_id, title=form.title.stored(),
            number=form.number or await _next_number("stage", event_id, contest_id),
            state=StageState.PREPARED, heat_size=form.heat_size, version=1,
        )  # fmt: skip
        await _unless_taken(Stage.insert(row), row.number)
        await notices.post("stage.added", event=event_id, subject=row.id, by=actor.account, number=row.number)
    return stage_view(row)


async def change_stage(
    actor: Actor, event_id: UUID, stage_id: UUID, form: StageForm, *, version: int | None = None
) -> StageView:
    """Write a stage anew (organisers); the size of heats stands once it is drawn."""
    await access.event_for(actor, Right.ORGANISE, event_id)
    refuse(flaws_of_title({"title": form.title}))
    async with db.transaction():
        row = await stage_held(event_id, stage_id, alone=True)
        unless_stale(row.version, version)
        if form.heat_size != row.heat_size and row.state != StageState.PREPARED:
            conflict("already_drawn", "/heat_size")
        changes = {"title": form.title.stored(), "heat_size": form.heat_size, "number": form.number or row.number}
        await _rewrite("stage", row, changes)
        await notices.post("stage.changed", event=event_id, subject=stage_id, by=actor.account)
    return stage_view(await stage_row(event_id, stage_id))


def stage_view(row: Stage) -> StageView:
    """A stage as it is shown."""
    return StageView(
        id=row.id,
        contest_id=row.contest_id,
        number=row.number,
        title=bilingual(row.title),
        state=StageState(row.state),
        heat_size=row.heat_size,
        meets=_meets(row),
        scheme_id=row.scheme_id,
        drawn_at=row.drawn_at,
        frozen_at=row.frozen_at,
        objections_until=row.objections_until,
        filled_at=row.filled_at,
        version=row.version,
    )


def _meets(row: Stage) -> str | None:
    said = row.draw_recipe or row.draw_rules
    meeting = read_document(said).get("meeting") if said else None
    return str(meeting["format"]) if isinstance(meeting, dict) else None


async def remove_stage(actor: Actor, event_id: UUID, stage_id: UUID, *, version: int | None = None) -> None:
    """Take a stage away (organisers) while nothing hangs on it; Conflict with everything that does."""
    await access.event_for(actor, Right.ORGANISE, event_id)
    async with db.transaction():
        row = await stage_held(event_id, stage_id, alone=True)
        unless_stale(row.version, version)
        if reasons := await _hanging_on(row):
            raise Conflict(*reasons)
        await db.rows("DELETE FROM board WHERE event_id = {} AND stage_id = {}", event_id, stage_id)
        await db.rows("DELETE FROM scheme_draft WHERE event_id = {} AND stage_id = {}", event_id, stage_id)
        await db.rows("DELETE FROM stage WHERE event_id = {} AND id = {}", event_id, stage_id)
        await notices.post("stage.removed", event=event_id, subject=stage_id, by=actor.account, contest=row.contest_id)


async def keeps_stage(actor: Actor, event_id: UUID, stage_id: UUID) -> list[Reason]:
    """Every reason why `remove_stage` would be refused now."""
    await access.event_for(actor, Right.ORGANISE, event_id)
    return await _hanging_on(await stage_row(event_id, stage_id))


async def _hanging_on(row: Stage) -> list[Reason]:
    found = await db.row("SELECT COUNT(*) AS n FROM panel WHERE event_id = {} AND stage_id = {}", row.event_id, row.id)
    panels = int(found["n"]) if found else 0
    drawn = row.state != StageState.PREPARED or row.draw_recipe is not None
    return [
        *([Reason("stage_drawn")] if drawn else []),
        *([Reason("stage_filled")] if row.filled_at else []),
        *([Reason("stage_has_panels", params={"n": panels})] if panels else []),
    ]


def _contest_columns(form: ContestForm) -> dict[str, Any]:
    return {
        "title": form.title.stored(),
        "trade": form.trade,
        "judges_see_names": form.judges_see_names,
        "live_public": form.live_public,
    }


async def _next_number(table: str, event_id: UUID, contest_id: UUID | None = None) -> int:
    within = "" if contest_id is None else "AND contest_id = {}"
    found = await db.row(
        f"SELECT COALESCE(MAX(number), 0) + 1 AS number FROM {table} WHERE event_id = {{}} {within}",  # noqa: S608
        *(one for one in (event_id, contest_id) if one is not None),
    )
    assert found is not None
    return int(found["number"])


async def _unless_taken(write: Awaitable[Any], number: int) -> Any:
    try:
        async with db.transaction():
            return await write
    except db.ConstraintViolated as error:
        if error.kind != "unique":
            raise
        invalid("number_taken", "/number", number=number)


async def _rewrite(table: str, row: Contest | Stage, changes: dict[str, Any]) -> None:
    columns = ", ".join(f"{name} = {{}}" for name in changes)
    sql = (
        f"UPDATE {table} SET {columns}, version = version + 1 "  # noqa: S608
        "WHERE event_id = {} AND id = {} AND version = {} RETURNING id"
    )
    write = db.rows(sql, *changes.values(), row.event_id, row.id, row.version)
    if not await _unless_taken(write, changes["number"]):
        raise Stale(Reason("stale"))


async def _view(event_id: UUID, contest_id: UUID) -> ContestView:
    return (await _views(event_id, [await contest_row(event_id, contest_id)]))[0]


async def _views(event_id: UUID, contests: Sequence[Contest]) -> list[ContestView]:
    wanted = [row.id for row in contests]
    divisions = await _of_contests("division", "contest_id", event_id, wanted)
    stages = await _of_contests("stage", "contest_id", event_id, wanted)
    counters = {row["id"]: row for row in await _of_contests("capacity", "id", event_id, wanted)}
    return [
        _contest(
            row,
            counters.get(row.id, UNCOUNTED),
            [found for found in divisions if found["contest_id"] == row.id],
            stages=[found for found in stages if found["contest_id"] == row.id],
        )
        for row in contests
    ]


async def _of_contests(table: str, key: str, event_id: UUID, contests: Sequence[UUID]) -> list[db.Row]:
    these, arguments = db.one_of(contests)
    order = {"stage": "number"}.get(table, "id")
    sql = f"SELECT * FROM {table} WHERE event_id = {{}} AND {key} {these} ORDER BY {order}"  # noqa: S608
    return await db.rows(sql, event_id, *arguments)


def _contest(row: Contest, counter: db.Row, divisions: Iterable[db.Row], *, stages: Iterable[db.Row]) -> ContestView:
    return ContestView(
        id=row.id,
        event_id=row.event_id,
        number=row.number,
        title=bilingual(row.title),
        trade=row.trade,
        judges_see_names=row.judges_see_names,
        live_public=row.live_public,
        places=counter["places"],
        used=counter["used"],
        waiting=counter["waiting"],
        divisions=[division_view(Division(**found)) for found in divisions],
        stages=[stage_view(Stage(**found)) for found in stages],
        version=row.version,
        created_at=row.created_at,
    )
