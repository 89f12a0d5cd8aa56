"""Draws: who starts when, where and under which code; anybody can recompute them from the published list and key.

1. `announce` fixes the list (numbers of the entries, ascending), publishes its digest, and either commits to a secret
   key (by its SHA-256) or names the public value that will be the key.
2. `draw` orders the list by scoring.draw.order with the key and cuts it into heats. The codes that judges see come from
   a secret that nobody keeps, for a public key would open them. The key is shown once judging is over.
"""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from piccolo.columns.combination import And

from events import access, clock, db, ids, notices
from events.access import Actor, Right
from events.contests.entering import QUALIFIED
from events.contests.looking import OPENED, contest_row, knows_names, stage_held, stage_row
from events.errors import conflict, invalid
from events.tables import Slot, Stage
from events.terms import StageState
from events.text import Bilingual, Line, bilingual
from scoring import draw as draws

LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"  # no I and no O, which are read as figures
CHUNK = 1000
UNDRAWN = frozenset({StageState.PREPARED, StageState.DRAWN})


class AnnounceForm(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`source` names the public value that will be the key ("closing index of 2 May"); without it a secret is kept."""

    source: Line | None = None


class DrawForm(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The public key, or a start order set by hand (ids of all entries); neither takes the committed or a new secret.

    `reason` is needed to draw again.
    """

    key: Annotated[str, msgspec.Meta(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$(?!\n)")] | None = None
    order: Annotated[list[UUID], msgspec.Meta(max_length=5000)] | None = None
    reason: Line = ""


class SlotView(msgspec.Struct, frozen=True, kw_only=True):
    """What the draw gave one entry; without the right to it, who stands behind a code stays empty."""

    position: int
    heat: int
    station: int
    code: str
    entry_id: UUID | None
    number: int | None
    name: str | None
    union_name: Bilingual | None


class DrawView(msgspec.Struct, frozen=True, kw_only=True):
    """A draw with all that is needed to check it; `key` and `slots` stay empty to those from whom codes are kept.

    `method`: key (public), secret (committed), manual. `digest` is that of `listed` (numbers of entries, one a line).
    """

    stage_id: UUID
    state: StageState
    method: str | None
    listed: list[str]
    digest: str | None
    commitment: str | None
    source: str | None
    key: str | None
    drawn_at: datetime | None
    slots: list[SlotView]


class OwnSlot(msgspec.Struct, frozen=True, kw_only=True):
    """Where and when somebody competes: heat, station and the code on the bench."""

    event_id: UUID
    contest_id: UUID
    contest: Bilingual
    stage_id: UUID
    stage: Bilingual
    position: int
    heat: int
    station: int
    code: str


async def announce(actor: Actor, event_id: UUID, stage_id: UUID, form: AnnounceForm) -> DrawView:
    """Fix and publish the list that will be drawn (organisers); announcing again replaces it while nothing is drawn."""
    await access.event_for(actor, Right.ORGANISE, event_id)
    async with db.transaction():
        row = await stage_held(event_id, stage_id, alone=True)
        if row.state != StageState.PREPARED:
            conflict("already_drawn")
        entries = await _entries(row)
        await _publish_list(actor, row, entries, source=form.source or None)
    return await drawn(actor, event_id, stage_id)


async def draw(actor: Actor, event_id: UUID, stage_id: UUID, form: DrawForm) -> DrawView:
    """Draw a stage (organisers), announcing its list first if nobody has; again only before the first mark."""
    await access.event_for(actor, Right.ORGANISE, event_id)
    if form.key is not None and form.order is not None:
        invalid("key_or_order", "/order")
    async with db.transaction():
        row = await stage_held(event_id, stage_id, alone=True)
        entries = await _entries_to_draw(row, form)
        if row.draw_list is None or row.state == StageState.DRAWN:
            given = form.key is not None or form.order is not None
            await _publish_list(actor, row, entries, source="" if given else None)
            row = await stage_row(event_id, stage_id)
        key = _key(row, form)
        await _place(row, _order(entries, key, form), key)
        await notices.post(
            "draw.made", event=event_id, subject=stage_id, by=actor.account, public=True, digest=row.entries_digest,
            entries=len(entries), manual=key is None, again=bool(form.reason),
        )  # fmt: skip
    return await drawn(actor, event_id, stage_id)


async def append(actor: Actor, event_id: UUID, stage_id: UUID) -> DrawView:
    """Put entries that came after the draw behind all others, by their number (organisers)."""
    await access.event_for(actor, Right.ORGANISE, event_id)
    async with db.transaction():
        row = await stage_held(event_id, stage_id, alone=True)
        if row.state not in (StageState.DRAWN, StageState.MARKING):
            conflict("not_drawn" if row.state == StageState.PREPARED else "signed_off")
        slots = await Slot.select(Slot.entry_id, Slot.heat, Slot.code).where(_here(row))
        late = _without(await _entries(row), {slot["entry_id"] for slot in slots})
        codes = _codes(ids.secret(), len(slots) + len(late), taken={slot["code"] for slot in slots})
        after = (len(slots), max((slot["heat"] for slot in slots), default=0))
        await _insert(row, [entry["id"] for entry in late], codes, after=after)
        await notices.post("draw.appended", event=event_id, subject=stage_id, by=actor.account, entries=len(late))
    return await drawn(actor, event_id, stage_id)


async def drawn(actor: Actor, event_id: UUID, stage_id: UUID) -> DrawView:
    """The draw of a stage as this actor may see it."""
    event = await access.event_to_see(actor, event_id)
    row = await stage_row(event_id, stage_id)
    contest = await contest_row(event_id, row.contest_id)
    opened = row.state in OPENED or await knows_names(actor, event, contest)
    slots = await db.rows(
        "SELECT slot.*, entry.number, entry.name, unions.name AS union_name FROM slot "
        "JOIN entry ON entry.event_id = slot.event_id AND entry.id = slot.entry_id "
        'LEFT JOIN unions ON unions.id = entry."union" '
        "WHERE slot.event_id = {} AND slot.stage_id = {} ORDER BY slot.position",
        event_id, stage_id,
    )  # fmt: skip
    return _view(row, [_slot(slot, opened=opened) for slot in slots], opened=opened)


async def own_slots(actor: Actor, event_id: UUID) -> list[OwnSlot]:
    """Where the actor competes in this event."""
    access.signed_in(actor)
    await access.event_to_see(actor, event_id)
    found = await db.rows(
        "SELECT slot.*, stage.title AS stage_title, contest.title AS contest_title, contest.id AS contest_id "
        "FROM entry JOIN slot ON slot.event_id = entry.event_id AND slot.entry_id = entry.id "
        "JOIN stage ON stage.event_id = slot.event_id AND stage.id = slot.stage_id "
        "JOIN contest ON contest.event_id = stage.event_id AND contest.id = stage.contest_id "
        "WHERE entry.event_id = {} AND entry.person = {} AND entry.state <> 'withdrawn' "
        "ORDER BY contest.number, stage.number",
        event_id, actor.person,
    )  # fmt: skip
    return [_own_slot(row) for row in found]


async def _entries(row: Stage) -> list[db.Row]:
    found = await db.rows(
        "SELECT id, number, person FROM entry "  # noqa: S608
        f"WHERE event_id = {{}} AND contest_id = {{}} AND state <> 'withdrawn' {QUALIFIED} ORDER BY number",
        row.event_id, row.contest_id, row.id, row.id,
    )  # fmt: skip
    return found or conflict("no_entries")


async def _entries_to_draw(row: Stage, form: DrawForm) -> list[db.Row]:
    if row.state not in UNDRAWN:
        conflict("marking_begun")
    if row.scheme_id is None:
        conflict("scheme_needed")
    if row.state == StageState.DRAWN and not form.reason.strip():
        invalid("reason_needed", "/reason")
    entries = await _entries(row)
    announced = row.state == StageState.PREPARED and row.draw_list is not None
    if announced and _listed(row) != _numbers(entries):
        conflict("list_changed")
    await _unless_judged_by_one_of(row, entries)
    return entries


async def _unless_judged_by_one_of(row: Stage, entries: Sequence[db.Row]) -> None:
    judges = await db.rows(
        "SELECT panel_seat.seat, account.person FROM panel_seat "
        "JOIN panel ON panel.event_id = panel_seat.event_id AND panel.id = panel_seat.panel_id "
        "JOIN account ON account.id = panel_seat.account "
        "WHERE panel.event_id = {} AND panel.stage_id = {} AND panel_seat.until IS NULL AND account.person IS NOT NULL",
        row.event_id, row.id,
    )  # fmt: skip
    competing = {entry["person"] for entry in entries}
    if seats := sorted(judge["seat"] for judge in judges if judge["person"] in competing):
        conflict("judge_competes", seats=" ".join(seats))


async def _publish_list(actor: Actor, row: Stage, entries: Sequence[db.Row], *, source: str | None) -> None:
    listed = _numbers(entries)
    digest, key = draws.digest(listed), ids.secret() if source is None else None
    await db.rows(
        "UPDATE stage SET entries_digest = {}, draw_list = {}, draw_source = {}, draw_key = {}, version = version + 1 "
        "WHERE event_id = {} AND id = {}",
        digest, msgspec.json.encode(listed).decode(), source, key, row.event_id, row.id,
    )  # fmt: skip
    await notices.post(
        "draw.announced", event=row.event_id, subject=row.id, by=actor.account, public=True,
        digest=digest, entries=len(listed), commitment=_commitment(key), source=source,
    )  # fmt: skip


def _key(row: Stage, form: DrawForm) -> str | None:
    """The key to draw with; None for an order set by hand."""
    if form.order is not None:
        return None
    if form.key is None and row.draw_source is not None:
        invalid("key_needed", "/key")
    if form.key is not None and row.draw_source is None:
        conflict("secret_committed", "/key")
    return form.key or row.draw_key


def _order(entries: Sequence[db.Row], key: str | None, form: DrawForm) -> list[UUID]:
    """The entries in start order."""
    ours = {str(entry["number"]): entry["id"] for entry in entries}
    if key is not None:
        return [ours[number] for number in draws.order(_numbers(entries), key)]
    order = form.order or []
    if len(order) != len(set(order)) or set(order) != set(ours.values()):
        invalid("order_incomplete", "/order", entries=len(ours))
    return order


async def _place(row: Stage, order: Sequence[UUID], key: str | None) -> None:
    await Slot.delete().where(_here(row))
    await _insert(row, order, _codes(ids.secret(), len(order)))
    await db.rows(
        "UPDATE stage SET state = 'drawn', draw_key = {}, drawn_at = {}, version = version + 1 "
        "WHERE event_id = {} AND id = {}",
        key, clock.now(), row.event_id, row.id,
    )  # fmt: skip


async def _insert(row: Stage, order: Sequence[UUID], codes: Sequence[str], *, after: tuple[int, int] = (0, 0)) -> None:
    places = draws.stations([str(entry) for entry in order], row.heat_size or max(len(order), 1))
    slots = [
        Slot(
            event_id=row.event_id, id=ids.new(), stage_id=row.id, entry_id=UUID(place.entry),
            position=after[0] + position, heat=after[1] + place.heat, station=place.station, code=code,
        )
        for position, (place, code) in enumerate(zip(places, codes, strict=True), 1)
    ]  # fmt: skip
    for start in range(0, len(slots), CHUNK):
        await Slot.insert(*slots[start : start + CHUNK])


def _codes(key: str, count: int, *, taken: frozenset[str] | set[str] = frozenset()) -> list[str]:
    """Codes of a letter and figures in an order that tells nothing."""
    figures = max(99, -(-count // len(LETTERS)))
    pool = [f"{letter}{number:02d}" for letter, number in itertools.product(LETTERS, range(1, figures + 1))]
    free = [code for code in draws.order(pool, key) if code not in taken]
    return free[: count - len(taken)]


def _without(entries: Sequence[db.Row], placed: set[UUID]) -> list[db.Row]:
    return [entry for entry in entries if entry["id"] not in placed]


def _here(row: Stage) -> And:
    return (Slot.event_id == row.event_id) & (Slot.stage_id == row.id)


def _numbers(entries: Sequence[db.Row]) -> list[str]:
    return [str(entry["number"]) for entry in entries]


def _listed(row: Stage) -> list[str]:
    return msgspec.json.decode(row.draw_list, type=list[str]) if row.draw_list else []


def _commitment(key: str | None) -> str | None:
    return hashlib.sha256(key.encode()).hexdigest() if key else None


def _method(row: Stage) -> str | None:
    if not row.draw_list:
        return None
    if row.drawn_at and not row.draw_key:
        return "manual"
    return "secret" if row.draw_source is None else "key"


def _view(row: Stage, slots: list[SlotView], *, opened: bool) -> DrawView:
    method, done = _method(row), row.drawn_at is not None
    return DrawView(
        stage_id=row.id,
        state=StageState(row.state),
        method=method,
        listed=_listed(row),
        digest=row.entries_digest,
        commitment=_commitment(row.draw_key) if method == "secret" else None,
        source=row.draw_source or None,
        key=row.draw_key if done and opened else None,
        drawn_at=row.drawn_at,
        slots=slots,
    )


def _slot(row: db.Row, *, opened: bool) -> SlotView:
    return SlotView(
        position=row["position"],
        heat=row["heat"],
        station=row["station"],
        code=row["code"],
        entry_id=row["entry_id"] if opened else None,
        number=row["number"] if opened else None,
        name=row["name"] if opened else None,
        union_name=bilingual(row["union_name"]) if opened and row["union_name"] else None,
    )


def _own_slot(row: db.Row) -> OwnSlot:
    return OwnSlot(
        event_id=row["event_id"],
        contest_id=row["contest_id"],
        contest=bilingual(row["contest_title"]),
        stage_id=row["stage_id"],
        stage=bilingual(row["stage_title"]),
        position=row["position"],
        heat=row["heat"],
        station=row["station"],
        code=row["code"],
    )
