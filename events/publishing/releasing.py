"""Freeze, provisional and official results: each a version that stays."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from events import access, clock, db, ids, notices
from events.access import Actor, Right
from events.contests.looking import stage_held
from events.errors import conflict, invalid
from events.publishing.boards import compose, numbered, ranks
from events.publishing.gathering import facts_of
from events.publishing.promoting import keep_promotions
from events.publishing.structs import Board, BoardVersion, OfficialForm, ProvisionalForm
from events.tables import Board as BoardRow
from events.tables import Stage
from events.terms import BoardKind, StageState

RUNNING = frozenset({StageState.DRAWN, StageState.MARKING, StageState.SIGNED})


async def freeze(actor: Actor, event_id: UUID, stage_id: UUID) -> BoardVersion:
    """Stop showing newer standings to the public (who may publish); officials keep the live board."""
    await access.event_for(actor, Right.PUBLISH, event_id)
    async with db.transaction():
        row = await stage_held(event_id, stage_id, alone=True)
        if row.state not in RUNNING:
            conflict("not_drawn" if row.state == StageState.PREPARED else "published")
        if row.frozen_at:
            conflict("already_frozen")
        made = await store(row, await _composed(row, BoardKind.FROZEN, StageState(row.state)))
        await set_state(row, state=row.state, frozen_at=clock.now())
        await _tell("board.frozen", actor, row, made)
    return made


async def unfreeze(actor: Actor, event_id: UUID, stage_id: UUID) -> None:
    """Show the live board to the public again."""
    await access.event_for(actor, Right.PUBLISH, event_id)
    async with db.transaction():
        row = await stage_held(event_id, stage_id, alone=True)
        if not row.frozen_at:
            conflict("not_frozen")
        await set_state(row, state=row.state)
        await notices.post("board.unfrozen", event=event_id, subject=stage_id, by=actor.account, public=True)


async def publish_provisional(actor: Actor, event_id: UUID, stage_id: UUID, form: ProvisionalForm) -> BoardVersion:
    """Hang out a signed result for objections, as a new version."""
    await access.event_for(actor, Right.PUBLISH, event_id)
    if form.objections_until <= clock.now():
        invalid("in_the_past", "/objections_until")
    async with db.transaction():
        row = await stage_held(event_id, stage_id, alone=True)
        if row.state not in (StageState.SIGNED, StageState.PROVISIONAL):
            conflict("published" if row.state == StageState.OFFICIAL else "not_signed")
        board = await _composed(row, BoardKind.PROVISIONAL, StageState.PROVISIONAL, form.objections_until)
        made = await store(row, board)
        await set_state(row, state=StageState.PROVISIONAL, objections_until=form.objections_until)
        await _tell("board.provisional", actor, row, made)
    return made


async def publish_official(actor: Actor, event_id: UUID, stage_id: UUID, form: OfficialForm) -> BoardVersion:
    """Make a result official, as a new version; before the public notice period ends only when confirmed as `early`.

    Again after corrections, with a reason: a new version, the old one stays. Nothing corrected: the version there is.
    """
    await access.event_for(actor, Right.PUBLISH, event_id)
    async with db.transaction():
        row = await stage_held(event_id, stage_id, alone=True)
        _unless_too_early(row, form, clock.now())
        board = await _composed(row, BoardKind.OFFICIAL, StageState.OFFICIAL)
        if row.state == StageState.OFFICIAL:
            last = await _newest_stored(row)
            if last is not None and last.digest == board.digest:
                return _version(msgspec.json.decode(last.body, type=Board), last.reason)
            if not form.reason.strip():
                invalid("reason_needed", "/reason")
        made = await store(row, board, reason=form.reason.strip() or None)
        await keep_promotions(row, board)
        await set_state(row, state=StageState.OFFICIAL, objections_until=row.objections_until)
        await _tell("board.official", actor, row, made)
    return made


def _unless_too_early(row: Stage, form: OfficialForm, now: datetime) -> None:
    """A result is signed, and has hung out for objections unless somebody says that it need not."""
    if row.state in RUNNING - {StageState.SIGNED} or row.state == StageState.PREPARED:
        conflict("not_signed")
    if form.early or row.state == StageState.OFFICIAL:
        return
    if row.state == StageState.SIGNED:
        conflict("no_public_notice", "/early")
    if row.objections_until and now < row.objections_until:
        conflict("objections_open", "/early", until=row.objections_until.isoformat())


async def _composed(row: Stage, kind: BoardKind, state: StageState, until: datetime | None = None) -> Board:
    facts = await facts_of(row.event_id, row.id, state=state, objections_until=until)
    return compose(facts, kind, clock.now()) if facts else conflict("not_drawn")


async def store(row: Stage, board: Board, *, reason: str | None = None) -> BoardVersion:
    """Keep a board as the stage's next version, within the caller's transaction."""
    last = await _newest_stored(row)
    version = last.version + 1 if last else 1
    before = await _newest_stored(row, shown=True)  # places are won and lost since what people saw
    body = numbered(board, version, ranks(msgspec.json.decode(before.body, type=Board) if before else None))
    stored = BoardRow(
        event_id=row.event_id, id=ids.new(), stage_id=row.id, kind=board.kind, version=version,
        scheme_id=board.scheme_id, body=msgspec.json.encode(body).decode(), digest=board.digest,
        made_at=board.made_at, reason=reason,
    )  # fmt: skip
    await BoardRow.insert(stored)
    return _version(body, reason)


def _version(board: Board, reason: str | None) -> BoardVersion:
    return BoardVersion(
        kind=board.kind,
        version=board.version,
        digest=board.digest,
        scheme_version=board.scheme_version,
        made_at=board.made_at,
        reason=reason,
    )


async def _newest_stored(row: Stage, *, shown: bool = False) -> BoardRow | None:
    here = (BoardRow.event_id == row.event_id) & (BoardRow.stage_id == row.id) & (BoardRow.kind != BoardKind.LIVE)
    here = here & (BoardRow.kind != BoardKind.REPLACED) if shown else here
    return await BoardRow.objects().where(here).order_by(BoardRow.version, ascending=False).first()


async def set_state(
    row: Stage, *, state: str, frozen_at: datetime | None = None, objections_until: datetime | None = None
) -> None:
    """Write how far a stage has come, within the caller's transaction."""
    await db.rows(
        "UPDATE stage SET state = {}, frozen_at = {}, objections_until = {}, version = version + 1 "
        "WHERE event_id = {} AND id = {}",
        state, frozen_at, objections_until, row.event_id, row.id,
    )  # fmt: skip


async def _tell(kind: str, actor: Actor, row: Stage, made: BoardVersion) -> None:
    what = {"version": made.version, "digest": made.digest}
    await notices.post(kind, event=row.event_id, subject=row.id, by=actor.account, public=True, **what)
