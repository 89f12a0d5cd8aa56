"""Who has which duty at a stage: seats in panels, chief judge, organiser; and what a panel covers."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from uuid import UUID

import msgspec

from events import access, db
from events.access import Actor, Right
from scoring.schemes import Aspect, Node, Scheme, aspects


@dataclass(frozen=True)
class Seat:
    """A seat that is taken now; `covered` are the keys its panel names (none: every judged aspect)."""

    panel_id: UUID
    seat: str
    account: UUID
    covered: tuple[str, ...]
    signed: bool

    def covers(self, node: Node) -> bool:
        """Whether the panel marks this aspect."""
        return covers(self.covered, node)


@dataclass(frozen=True)
class Duties:
    """What somebody may do in an event's marking."""

    marks: bool
    chief: bool
    gives: bool
    sees: bool
    opens: bool


def covers(covered: Collection[str], node: Node) -> bool:
    """Whether a panel with these keys marks a node; values without a judge only when it names them."""
    return node.key in covered if covered else is_judged(node)


def is_judged(node: Node) -> bool:
    """Whether judges mark it, rather than one value being given."""
    return isinstance(node, Aspect) and node.judges > 0


def keys_covered(covered: Collection[str], rules: Scheme | None) -> list[str]:
    """The aspects of a panel by name."""
    return [aspect.key for aspect in aspects(rules) if covers(covered, aspect)] if rules else list(covered)


def seats_of(seats: Iterable[Seat], rules: Scheme) -> dict[str, set[str]]:
    """By aspect, the seats that have to mark it."""
    taken = list(seats)
    return {aspect.key: {seat.seat for seat in taken if seat.covers(aspect)} for aspect in aspects(rules)}


async def duties(actor: Actor, event_id: UUID) -> Duties:
    """What the actor may do in the marking of this event; NotFound for no duty at all."""
    access.signed_in(actor)
    has = duties_within(actor, event_id, await union_path(event_id))
    if has is None:
        raise access.not_found()
    return has


async def union_path(event_id: UUID) -> str:
    """Where the event's organiser stands in the tree of unions; NotFound when there is no such event."""
    found = await db.row(
        'SELECT unions.path FROM event JOIN unions ON unions.id = event."union" WHERE event.id = {}', event_id
    )
    if found is None:
        raise access.not_found()
    return str(found["path"])


def duties_within(actor: Actor, event_id: UUID, path: str) -> Duties | None:
    """What the actor may do in the marking of an event of the union at this path; None for no duty at all."""

    def may(right: Right) -> bool:
        return actor.may(right, event=event_id, union_path=path)

    has = Duties(
        marks=may(Right.MARK),
        chief=may(Right.SIGN_OFF),
        gives=may(Right.SIGN_OFF) or may(Right.ORGANISE),
        sees=may(Right.SEE_MARKS),
        opens=may(Right.ORGANISE) or may(Right.REVIEW),
    )
    return has if has.marks or has.gives or has.sees else None


async def seats_now(event_id: UUID, stage_id: UUID) -> list[Seat]:
    """Every seat of a stage that is taken."""
    found = await db.rows(
        "SELECT panel.id, panel.aspects, panel_seat.seat, panel_seat.account, sign_off.id AS signed FROM panel "
        "JOIN panel_seat ON panel_seat.event_id = panel.event_id AND panel_seat.panel_id = panel.id "
        "LEFT JOIN sign_off ON sign_off.event_id = panel.event_id AND sign_off.stage_id = panel.stage_id "
        "AND sign_off.panel_id = panel.id AND sign_off.withdrawn_at IS NULL "
        "WHERE panel.event_id = {} AND panel.stage_id = {} AND panel_seat.until IS NULL "
        "ORDER BY panel.id, panel_seat.seat",
        event_id, stage_id,
    )  # fmt: skip
    return [
        Seat(row["id"], row["seat"], row["account"], named(row["aspects"]), row["signed"] is not None) for row in found
    ]


def named(stored: str) -> tuple[str, ...]:
    """The keys that a panel names."""
    return tuple(msgspec.json.decode(stored, type=list[str]))
