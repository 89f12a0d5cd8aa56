"""Draws are made: the list and the recipe are published, then everything follows from the key."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from uuid import UUID

import msgspec
from piccolo.columns.combination import And

from events import access, clock, db, ids, notices
from events.access import Actor, Right
from events.contests.looking import stage_held, stage_row
from events.drawing.codes import codes
from events.drawing.reading import drawn
from events.drawing.ruling import UNDRAWN, entries_of, published, rules_of, salted, same, unless_impossible
from events.drawing.structs import AnnounceForm, DrawForm, DrawView
from events.errors import conflict, invalid
from events.tables import Slot, Stage
from events.terms import StageState
from scoring import draw as draws
from scoring import recipes, spreading, starting
from scoring.recipes import Placed, Recipe

CHUNK = 1000


async def announce(actor: Actor, event_id: UUID, stage_id: UUID, form: AnnounceForm) -> DrawView:
    """Fix and publish what will be drawn (organisers); announcing again replaces it while nothing is drawn."""
    await access.event_for(actor, Right.ORGANISE, event_id)
    async with db.transaction():
        row = await stage_held(event_id, stage_id, alone=True)
        if row.state != StageState.PREPARED:
            conflict("already_drawn")
        recipe = salted(row, await entries_of(row))
        await unless_impossible(recipe)
        await _publish(actor, row, recipe, source=form.source or None)
    return await drawn(actor, event_id, stage_id)


async def draw(actor: Actor, event_id: UUID, stage_id: UUID, form: DrawForm) -> DrawView:
    """Draw a stage (organisers), announcing its list first if nobody has; again only before the first mark."""
    await access.event_for(actor, Right.ORGANISE, event_id)
    if form.key is not None and form.order is not None:
        invalid("key_or_order", "/order")
    async with db.transaction():
        row = await stage_held(event_id, stage_id, alone=True)
        entries = await _entries_to_draw(row, form)
        recipe = await _recipe_to_draw(actor, row, entries, form)
        row = await stage_row(event_id, stage_id)
        key = _key(row, form)
        await _place(row, entries, _start_list(recipe, entries, key, order=form.order), key=key)
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
        late = _without(await entries_of(row), {slot["entry_id"] for slot in slots})
        if not late:
            return await drawn(actor, event_id, stage_id)
        before = published(row)
        if before and before.meeting:
            conflict("fixtures_made")
        await _unless_judged_by_one_of(row, late)
        free = codes(ids.secret(), len(slots) + len(late), taken={slot["code"] for slot in slots})
        recipe = Recipe(entries=_numbers(late), heat_size=row.heat_size)
        after = (len(slots), max((slot["heat"] for slot in slots), default=0))
        await _insert(row, late, recipes.by_hand(recipe, recipe.entries), codes=free, after=after)
        await notices.post("draw.appended", event=event_id, subject=stage_id, by=actor.account, entries=len(late))
    return await drawn(actor, event_id, stage_id)


async def _entries_to_draw(row: Stage, form: DrawForm) -> list[db.Row]:
    if row.state not in UNDRAWN:
        conflict("marking_begun")
    if not (row.scheme_id or rules_of(row).meeting):
        conflict("scheme_needed")
    if row.state == StageState.DRAWN and not form.reason.strip():
        invalid("reason_needed", "/reason")
    entries = await entries_of(row)
    await _unless_judged_by_one_of(row, entries)
    return entries


async def _recipe_to_draw(actor: Actor, row: Stage, entries: Sequence[db.Row], form: DrawForm) -> Recipe:
    """The recipe that was announced, if it still says what would be drawn now; otherwise it is published first."""
    now, before = salted(row, entries), published(row)
    if before is not None and row.state == StageState.PREPARED:
        if before.entries != now.entries:
            conflict("list_changed")
        return before if same(before, now) else conflict("rules_changed")
    await unless_impossible(now)
    given = form.key is not None or form.order is not None
    await _publish(actor, row, now, source="" if given else None)
    return now


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


async def _publish(actor: Actor, row: Stage, recipe: Recipe, *, source: str | None) -> None:
    digest, key = draws.digest(recipe.entries), ids.secret() if source is None else None
    await db.rows(
        "UPDATE stage SET entries_digest = {}, draw_recipe = {}, draw_source = {}, draw_key = {}, "
        "version = version + 1 WHERE event_id = {} AND id = {}",
        digest, msgspec.json.encode(recipe).decode(), source, key, row.event_id, row.id,
    )  # fmt: skip
    await notices.post(
        "draw.announced", event=row.event_id, subject=row.id, by=actor.account, public=True, digest=digest,
        recipe_digest=recipes.digest(recipe), entries=len(recipe.entries), commitment=commitment(key), source=source,
    )  # fmt: skip


def commitment(key: str | None) -> str | None:
    """The fingerprint of a secret key."""
    return hashlib.sha256(key.encode()).hexdigest() if key else None


def _key(row: Stage, form: DrawForm) -> str | None:
    """The key to draw with; None for an order set by hand."""
    if form.order is not None:
        return None
    if form.key is None and row.draw_source is not None:
        invalid("key_needed", "/key")
    if form.key is not None and row.draw_source is None:
        conflict("secret_committed", "/key")
    return form.key or row.draw_key


def _start_list(
    recipe: Recipe, entries: Sequence[db.Row], key: str | None, *, order: Sequence[UUID] | None
) -> list[Placed]:
    if key is not None:
        return recipes.replay(recipe, key)
    numbers = {entry["id"]: str(entry["number"]) for entry in entries}
    given = order or []
    if len(given) != len(set(given)) or set(given) != set(numbers):
        invalid("order_incomplete", "/order", entries=len(numbers))
    found = recipes.by_hand(recipe, [numbers[entry] for entry in given])
    if recipe.apart == "required" and not _kept_apart(recipe, found):
        invalid("order_not_apart", "/order")
    return found


def _kept_apart(recipe: Recipe, found: Sequence[Placed]) -> bool:
    if recipe.heats == 1:
        return starting.neighbours([place.entry for place in found], recipe.unions) == 0
    heats = [[place.entry for place in found if place.heat == heat] for heat in range(1, recipe.heats + 1)]
    return spreading.together(heats, recipe.unions) == 0


async def _place(row: Stage, entries: Sequence[db.Row], found: Sequence[Placed], *, key: str | None) -> None:
    await Slot.delete().where(_here(row))
    await _insert(row, entries, found, codes=codes(ids.secret(), len(found)))
    await db.rows(
        "UPDATE stage SET state = 'drawn', draw_key = {}, drawn_at = {}, version = version + 1 "
        "WHERE event_id = {} AND id = {}",
        key, clock.now(), row.event_id, row.id,
    )  # fmt: skip


async def _insert(
    row: Stage,
    entries: Sequence[db.Row],
    found: Sequence[Placed],
    *,
    codes: Sequence[str],
    after: tuple[int, int] = (0, 0),
) -> None:
    known = {str(entry["number"]): entry["id"] for entry in entries}
    slots = [
        Slot(
            event_id=row.event_id, id=ids.new(), stage_id=row.id, entry_id=known[place.entry],
            position=after[0] + place.position, heat=after[1] + place.heat, station=place.station,
            lot=after[0] + place.lot, code=code,
        )
        for place, code in zip(found, codes, strict=True)
    ]  # fmt: skip
    for start in range(0, len(slots), CHUNK):
        await Slot.insert(*slots[start : start + CHUNK])


def _without(entries: Sequence[db.Row], placed: set[UUID]) -> list[db.Row]:
    return [entry for entry in entries if entry["id"] not in placed]


def _here(row: Stage) -> And:
    return (Slot.event_id == row.event_id) & (Slot.stage_id == row.id)


def _numbers(entries: Sequence[db.Row]) -> tuple[str, ...]:
    return tuple(str(entry["number"]) for entry in entries)
