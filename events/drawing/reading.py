"""Draws as they are seen: what somebody may know of one, the document for whoever checks it, one's own places."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

import msgspec

from events import access, db
from events.access import Actor
from events.contests.looking import OPENED, contest_row, knows_names, stage_row
from events.drawing.ruling import published, rules_in, rules_of
from events.drawing.structs import DrawView, OwnSlot, SlotView
from events.tables import Contest, Event, Stage
from events.terms import StageState
from events.text import bilingual
from scoring import recipes
from scoring.published import Document, Method
from scoring.recipes import Placed


class Seen(NamedTuple):
    """A draw as it lies in the database; `opened`, whether who asks may know who stands behind a code."""

    row: Stage
    slots: list[db.Row]
    opened: bool


async def drawn(actor: Actor, event_id: UUID, stage_id: UUID) -> DrawView:
    """The draw of a stage as this actor may see it."""
    return _view(await _seen(actor, event_id, stage_id))


async def document(actor: Actor, event_id: UUID, stage_id: UUID) -> Document:
    """What anybody needs to make a draw again; NotFound before its list is published.

    Recipe, key and lists are in it once it may be known who stands behind a code; the digests always.
    """
    row, slots, opened = await _seen(actor, event_id, stage_id)
    recipe, method = published(row), method_of(row)
    if recipe is None or method is None:
        raise access.not_found()
    shown = opened and row.drawn_at is not None
    places = [_placed(slot) for slot in slots] if shown else []
    return Document(
        list_digest=row.entries_digest or "",
        recipe_digest=recipes.digest(recipe),
        method=method,
        source=row.draw_source or "",
        commitment=_commitment(row) or "",
        key=row.draw_key if shown else None,
        recipe=recipe if shown else None,
        start_list=tuple(place for place in places if place.entry in recipe.entries),
        late=tuple(place for place in places if place.entry not in recipe.entries),
        drawn_at=row.drawn_at.isoformat() if row.drawn_at else "",
    )


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


def method_of(row: Stage) -> Method | None:
    """How a stage is drawn; none before its list is published."""
    if not row.draw_recipe:
        return None
    if row.drawn_at and not row.draw_key:
        return "manual"
    return "secret" if row.draw_source is None else "key"


async def _seen(actor: Actor, event_id: UUID, stage_id: UUID) -> Seen:
    event = await access.event_to_see(actor, event_id)
    row = await stage_row(event_id, stage_id)
    contest = await contest_row(event_id, row.contest_id)
    shown = await opened(actor, event, contest, row)
    slots = await db.rows(
        "SELECT slot.*, entry.number, entry.name, unions.name AS union_name FROM slot "
        "JOIN entry ON entry.event_id = slot.event_id AND entry.id = slot.entry_id "
        'LEFT JOIN unions ON unions.id = entry."union" '
        "WHERE slot.event_id = {} AND slot.stage_id = {} ORDER BY slot.position",
        event_id, stage_id,
    )  # fmt: skip
    return Seen(row, slots, shown)


async def opened(actor: Actor, event: Event, contest: Contest, row: Stage) -> bool:
    """Whether who asks may know who stands behind the codes of a stage.

    Where entries meet everybody sees who plays, as long as that gives no code away by which somebody is marked.
    """
    if row.state in OPENED or await knows_names(actor, event, contest):
        return True
    recipe = published(row)
    return recipe is not None and recipe.meeting is not None and not await _blind_somewhere(row)


async def _blind_somewhere(row: Stage) -> bool:
    found = await db.row(
        "SELECT id FROM stage WHERE event_id = {} AND contest_id = {} AND scheme_id IS NOT NULL "
        "AND state NOT IN ('provisional', 'official')",
        row.event_id, row.contest_id,
    )  # fmt: skip
    return found is not None


def _commitment(row: Stage) -> str | None:
    secret = row.draw_key if method_of(row) == "secret" else None
    return hashlib.sha256(secret.encode()).hexdigest() if secret else None


def _placed(slot: db.Row) -> Placed:
    return Placed(slot["position"], slot["heat"], slot["station"], str(slot["number"]), slot["lot"])


def _view(seen: Seen) -> DrawView:
    row, recipe = seen.row, published(seen.row)
    rules = rules_in(recipe) if recipe else rules_of(row)
    return DrawView(
        stage_id=row.id,
        state=StageState(row.state),
        method=method_of(row),
        listed=list(recipe.entries) if recipe else [],
        digest=row.entries_digest,
        recipe_digest=recipes.digest(recipe) if recipe else None,
        commitment=_commitment(row),
        source=row.draw_source or None,
        key=row.draw_key if row.drawn_at is not None and seen.opened else None,
        rules=rules if seen.opened else msgspec.structs.replace(rules, seeds=[]),
        drawn_at=row.drawn_at,
        slots=_slots(seen.slots, opened=seen.opened),
    )


def _slots(slots: Sequence[db.Row], *, opened: bool) -> list[SlotView]:
    return [_slot(slot, opened=opened) for slot in slots]


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
