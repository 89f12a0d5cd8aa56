"""Panels: judges whose marks are combined, on seats that outlive whoever sits on them."""

from __future__ import annotations

import itertools
from collections.abc import Awaitable, Callable, Iterator, Sequence
from typing import Any
from uuid import UUID

import msgspec

from events import access, clock, db, ids, notices
from events.access import Actor, Right
from events.contests.looking import contest_row, rules_of, stage_held, stage_row
from events.errors import Reason, conflict, refuse
from events.marking import rooms
from events.marking.conflicts import conflict_reasons
from events.marking.seats import named
from events.marking.structs import PanelForm, PanelView, SeatForm, SeatView
from events.messages import duties
from events.tables import Panel, PanelSeat, RoleGrant, Stage
from events.terms import Role, StageState
from events.text import bilingual
from scoring.schemes import Scheme, nodes

OPEN = frozenset({StageState.PREPARED, StageState.DRAWN, StageState.MARKING})


async def list_panels(actor: Actor, event_id: UUID, stage_id: UUID) -> list[PanelView]:
    """The panels of a stage with their judges, for officials who may see marks."""
    await access.event_for(actor, Right.SEE_MARKS, event_id)
    await stage_row(event_id, stage_id)
    return await _views(event_id, stage_id)


async def add_panel(actor: Actor, event_id: UUID, stage_id: UUID, form: PanelForm) -> PanelView:
    """Set up a panel (organisers)."""
    await access.event_for(actor, Right.ORGANISE, event_id)
    async with db.transaction():
        row = await _open_stage(event_id, stage_id)
        refuse(await _reasons(row, form))
        panel = Panel(event_id=event_id, id=ids.new(), stage_id=stage_id, **_columns(form))
        await Panel.insert(panel)
        await _make_judge(actor, event_id, form.leader)
        await _tell_leaders(actor, row, None, form.leader)
        await notices.post("panel.added", event=event_id, subject=stage_id, by=actor.account, panel=str(panel.id))
    return await _view(event_id, stage_id, panel.id)


async def change_panel(actor: Actor, event_id: UUID, stage_id: UUID, panel_id: UUID, *, form: PanelForm) -> PanelView:
    """Write a panel anew (organisers), before it has signed."""
    await access.event_for(actor, Right.ORGANISE, event_id)
    async with db.transaction():
        row = await _open_stage(event_id, stage_id)
        before = await _open_panel(row, panel_id)
        refuse(await _reasons(row, form))
        columns = _columns(form)
        await db.rows(
            "UPDATE panel SET title = {}, aspects = {}, leader = {} WHERE event_id = {} AND id = {}",
            columns["title"], columns["aspects"], columns["leader"], event_id, panel_id,
        )  # fmt: skip
        await _make_judge(actor, event_id, form.leader)
        await _tell_leaders(actor, row, before.leader, form.leader)
        await notices.post("panel.changed", event=event_id, subject=stage_id, by=actor.account, panel=str(panel_id))
    return await _view(event_id, stage_id, panel_id)


async def remove_panel(actor: Actor, event_id: UUID, stage_id: UUID, panel_id: UUID) -> None:
    """Take a panel away (organisers) while nobody has marked in the stage."""
    await access.event_for(actor, Right.ORGANISE, event_id)
    async with db.transaction():
        row = await _open_stage(event_id, stage_id)
        panel = await _open_panel(row, panel_id)
        if row.state == StageState.MARKING:
            conflict("marking_begun")
        await _tell_leaders(actor, row, panel.leader, None)
        for seat in await rooms.taken(row):
            if seat["panel_id"] == panel_id:
                await _tell_judge(duties.ended, row, seat["account"], by=actor.account)
        await db.rows("DELETE FROM panel_seat WHERE event_id = {} AND panel_id = {}", event_id, panel_id)
        await db.rows("DELETE FROM sign_off WHERE event_id = {} AND panel_id = {}", event_id, panel_id)
        await db.rows("DELETE FROM panel WHERE event_id = {} AND id = {}", event_id, panel_id)
        await notices.post("panel.removed", event=event_id, subject=stage_id, by=actor.account, panel=str(panel_id))


async def seat_judge(actor: Actor, event_id: UUID, stage_id: UUID, panel_id: UUID, *, form: SeatForm) -> PanelView:
    """Give a seat to an account (organisers), which becomes a judge of the event; whoever had the seat leaves it.

    Refused: one who competes in the contest or has a conflict of interest there, an account twice in a panel, a seat
    that another panel of the aspect has.
    """
    await access.event_for(actor, Right.ORGANISE, event_id)
    async with db.transaction():
        row = await _open_stage(event_id, stage_id)
        panel = await _open_panel(row, panel_id)
        taken = await rooms.taken(row)
        if not any(seat["panel_id"] == panel_id and _same(seat, form) for seat in taken):
            refuse([*await _account_reasons(row, form.account), *_seat_reasons(panel, form, taken)])
            refuse(await conflict_reasons(row, form.account))
            refuse(await _room_reasons(row, panel, form, taken=taken))
            left = await _sit(event_id, panel_id, form)
            await _make_judge(actor, event_id, form.account)
            if left:
                await _tell_judge(duties.ended, row, left, by=actor.account)
            await _tell_judge(duties.given, row, form.account, by=actor.account)
            await _tell(actor, "judge.seated", row, panel_id=panel_id, seat=form.seat)
    return await _view(event_id, stage_id, panel_id)


async def vacate_seat(actor: Actor, event_id: UUID, stage_id: UUID, panel_id: UUID, *, seat: str) -> PanelView:
    """End a judge's time on a seat (organisers); marks given from it stay."""
    await access.event_for(actor, Right.ORGANISE, event_id)
    async with db.transaction():
        row = await _open_stage(event_id, stage_id)
        await _open_panel(row, panel_id)
        left = await _leave(event_id, panel_id, seat)
        if left is None:
            raise access.not_found()
        await _tell_judge(duties.ended, row, left, by=actor.account)
        await _tell(actor, "judge.left", row, panel_id=panel_id, seat=seat)
    return await _view(event_id, stage_id, panel_id)


async def seat_all(actor: Actor, row: Stage, panel_id: UUID, accounts: Sequence[UUID]) -> None:
    """Give accounts the next free seats (J1, J2, ...), in the caller's transaction, which knows that they may sit."""
    seats = {seat["seat"] for seat in await rooms.taken(row)}
    free = (name for number in itertools.count(1) if (name := f"J{number}") not in seats)
    for account, name in zip(accounts, free, strict=False):
        await _sit(row.event_id, panel_id, SeatForm(seat=name, account=account))
        await _make_judge(actor, row.event_id, account)
        await _tell_judge(duties.given, row, account, by=actor.account)
        await _tell(actor, "judge.seated", row, panel_id=panel_id, seat=name)


async def _open_stage(event_id: UUID, stage_id: UUID) -> Stage:
    row = await stage_held(event_id, stage_id, alone=True)
    if row.state not in OPEN:
        conflict("signed_off")
    return row


async def _open_panel(row: Stage, panel_id: UUID) -> Panel:
    here = (Panel.event_id == row.event_id) & (Panel.stage_id == row.id) & (Panel.id == panel_id)
    panel = await Panel.objects().get(here)
    if panel is None:
        raise access.not_found()
    signed = await db.row(
        "SELECT id FROM sign_off WHERE event_id = {} AND stage_id = {} AND panel_id = {} AND withdrawn_at IS NULL",
        row.event_id, row.id, panel_id,
    )  # fmt: skip
    if signed:
        conflict("signed_off")
    return panel


async def _reasons(row: Stage, form: PanelForm) -> list[Reason]:
    rules = await _rules(row)
    known = nodes(rules) if rules else {}
    unknown = [
        Reason("unknown_aspect", f"/aspects/{index}", {"aspect": key})
        for index, key in enumerate(form.aspects)
        if rules and key not in known
    ]
    title = [] if form.title else [Reason("title_needed", "/title")]
    leader = await _account_reasons(row, form.leader, "/leader") if form.leader else []
    return [*title, *unknown, *leader]


async def _account_reasons(row: Stage, account: UUID, pointer: str = "/account") -> list[Reason]:
    found = await db.row("SELECT person FROM account WHERE id = {} AND disabled_at IS NULL", account)
    if found is None:
        return [Reason("unknown_account", pointer)]
    competes = await db.row(
        "SELECT id FROM entry WHERE event_id = {} AND contest_id = {} AND person = {} AND state <> 'withdrawn'",
        row.event_id, row.contest_id, found["person"],
    )  # fmt: skip
    return [Reason("judge_is_entry", pointer)] if competes else []


def _same(seat: db.Row, form: SeatForm) -> bool:
    return bool(seat["seat"] == form.seat and seat["account"] == form.account)


def _seat_reasons(panel: Panel, form: SeatForm, taken: Sequence[db.Row]) -> Iterator[Reason]:
    if any(seat["panel_id"] == panel.id and seat["account"] == form.account for seat in taken):
        yield Reason("already_seated", "/account")
    ours = set(named(panel.aspects))
    for seat in taken:
        theirs = set(named(seat["aspects"]))
        overlap = not ours or not theirs or ours & theirs
        if seat["panel_id"] != panel.id and overlap and seat["seat"] == form.seat:
            yield Reason("seat_taken", "/seat", {"seat": form.seat})


async def _room_reasons(row: Stage, panel: Panel, form: SeatForm, *, taken: Sequence[db.Row]) -> list[Reason]:
    """A scheme says how many judges mark an aspect; more would spoil its dropping of highest and lowest."""
    rules = await _rules(row)
    if rules is None:
        return []
    room = min(
        (rooms.room(panel.id, judged, taken) for judged in rooms.covered(named(panel.aspects), rules)), default=1
    )
    replaces = any(seat["panel_id"] == panel.id and seat["seat"] == form.seat for seat in taken)
    return [] if room > 0 or replaces else [Reason("panel_full", "/seat")]


async def _rules(row: Stage) -> Scheme | None:
    return await rules_of(row.event_id, row.scheme_id) if row.scheme_id else None


async def _sit(event_id: UUID, panel_id: UUID, form: SeatForm) -> UUID | None:
    """Gives who sat there before."""
    before = await _leave(event_id, panel_id, form.seat)
    seat = PanelSeat(
        event_id=event_id, id=ids.new(), panel_id=panel_id, seat=form.seat, account=form.account, since=clock.now()
    )
    await PanelSeat.insert(seat)
    return before


async def _leave(event_id: UUID, panel_id: UUID, seat: str) -> UUID | None:
    left = await db.rows(
        "UPDATE panel_seat SET until = {} WHERE event_id = {} AND panel_id = {} AND seat = {} AND until IS NULL "
        "RETURNING account",
        clock.now(), event_id, panel_id, seat,
    )  # fmt: skip
    return left[0]["account"] if left else None


async def _make_judge(actor: Actor, event_id: UUID, account: UUID | None) -> None:
    if account is None:
        return
    await RoleGrant.raw(
        "INSERT INTO role_grant (id, account, role, event_id, granted_by, granted_at) "
        "VALUES ({}, {}, {}, {}, {}, {}) ON CONFLICT DO NOTHING",
        ids.new(), account, Role.JUDGE, event_id, actor.account, clock.now(),
    )  # fmt: skip


async def _tell_judge(
    what: Callable[..., Awaitable[None]], row: Stage, account: UUID, *, by: UUID | None, duty: str = "judge"
) -> None:
    """Tell a judge of a seat, or of leading; those of a draft hear of theirs when it is announced."""
    if not await duties.is_hidden(row.event_id):
        contest = await contest_row(row.event_id, row.contest_id)
        await what(account, duty, by=by, event=row.event_id, contest=duties.stored(contest.title))


async def _tell_leaders(actor: Actor, row: Stage, before: UUID | None, after: UUID | None) -> None:
    for what, account in ((duties.ended, before), (duties.given, after)):
        if account and before != after:
            await _tell_judge(what, row, account, by=actor.account, duty="panel_leader")


async def _tell(actor: Actor, kind: str, row: Stage, *, panel_id: UUID, seat: str) -> None:
    await notices.post(kind, event=row.event_id, subject=row.id, by=actor.account, panel=str(panel_id), seat=seat)


def _columns(form: PanelForm) -> dict[str, Any]:
    return {
        "title": form.title.stored(),
        "aspects": msgspec.json.encode(form.aspects).decode(),
        "leader": form.leader,
    }


async def _view(event_id: UUID, stage_id: UUID, panel_id: UUID) -> PanelView:
    return next(view for view in await _views(event_id, stage_id) if view.id == panel_id)


async def _views(event_id: UUID, stage_id: UUID) -> list[PanelView]:
    panels = await db.rows(
        "SELECT panel.*, COALESCE(person.name, account.name) AS leader_name, sign_off.signed_at FROM panel "
        "LEFT JOIN account ON account.id = panel.leader LEFT JOIN person ON person.id = account.person "
        "LEFT JOIN sign_off ON sign_off.event_id = panel.event_id AND sign_off.stage_id = panel.stage_id "
        "AND sign_off.panel_id = panel.id AND sign_off.withdrawn_at IS NULL "
        "WHERE panel.event_id = {} AND panel.stage_id = {} ORDER BY panel.id",
        event_id, stage_id,
    )  # fmt: skip
    seats = await db.rows(
        "SELECT panel_seat.*, COALESCE(person.name, account.name) AS name FROM panel_seat "
        "JOIN account ON account.id = panel_seat.account LEFT JOIN person ON person.id = account.person "
        "JOIN panel ON panel.event_id = panel_seat.event_id AND panel.id = panel_seat.panel_id "
        "WHERE panel.event_id = {} AND panel.stage_id = {} ORDER BY LENGTH(panel_seat.seat), panel_seat.seat, "
        "panel_seat.since, panel_seat.id",
        event_id, stage_id,
    )  # fmt: skip
    return [_shown(panel, [seat for seat in seats if seat["panel_id"] == panel["id"]]) for panel in panels]


def _shown(panel: db.Row, seats: Sequence[db.Row]) -> PanelView:
    return PanelView(
        id=panel["id"],
        stage_id=panel["stage_id"],
        title=bilingual(panel["title"]),
        aspects=list(named(panel["aspects"])),
        leader=panel["leader"],
        leader_name=panel["leader_name"],
        seats=[_seat(seat) for seat in seats],
        signed_at=panel["signed_at"],
    )


def _seat(row: db.Row) -> SeatView:
    return SeatView(
        id=row["id"],
        seat=row["seat"],
        account=row["account"],
        name=row["name"],
        since=row["since"],
        until=row["until"],
    )
