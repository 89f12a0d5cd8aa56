"""Publishing: boards restated from marks; freeze, provisional and official results, and why they are what they are."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from events.access import Actor
from events.publishing.structs import *  # noqa: F403
from events.publishing.structs import BoardVersion, Explanation, OfficialForm, ProvisionalForm, ReadyBoard, ResultView
from events.terms import BoardKind


def start() -> Callable[[], None]:
    """Restate boards after every commit that changes them, from now on; returns what ends it."""
    raise NotImplementedError


async def restate(event_id: UUID, stage_id: UUID) -> int:
    """Bring the live board up to date and give its version; at most one run a stage, late-comers share the next."""
    raise NotImplementedError


async def repair() -> int:
    """Restate every stage whose newest mark may be missing on its live board (after a crash); gives how many there were."""
    raise NotImplementedError


async def public_board(event_id: UUID, stage_id: UUID) -> ReadyBoard:
    """The board that everybody may see now; NotFound while there is none."""
    raise NotImplementedError


async def board(
    actor: Actor, event_id: UUID, stage_id: UUID, *, kind: BoardKind | None = None, version: int | None = None
) -> ReadyBoard:
    """A board as this actor may see it: officials the live one (or `kind`, or a stored `version`), others what is public."""
    raise NotImplementedError


async def versions(actor: Actor, event_id: UUID, stage_id: UUID) -> list[BoardVersion]:
    """The stored versions that the actor may read, newest first."""
    raise NotImplementedError


async def results(actor: Actor, event_id: UUID, *, leading: int = 10) -> list[ResultView]:
    """Every contest's newest published board with its leading rows, by contest number."""
    raise NotImplementedError


async def explanation(
    actor: Actor, event_id: UUID, stage_id: UUID, entry_id: UUID, *, version: int | None = None
) -> Explanation:
    """Why an entry has its place on a provisional or official board (officials: also on the live one)."""
    raise NotImplementedError


async def freeze(actor: Actor, event_id: UUID, stage_id: UUID) -> BoardVersion:
    """Stop showing newer standings to the public (who may publish); officials keep the live board."""
    raise NotImplementedError


async def unfreeze(actor: Actor, event_id: UUID, stage_id: UUID) -> None:
    """Show the live board to the public again."""
    raise NotImplementedError


async def publish_provisional(actor: Actor, event_id: UUID, stage_id: UUID, form: ProvisionalForm) -> BoardVersion:
    """Hang out a signed result for objections, as a new version."""
    raise NotImplementedError


async def publish_official(actor: Actor, event_id: UUID, stage_id: UUID, form: OfficialForm) -> BoardVersion:
    """Make a result official, as a new version; before the public notice period ends only when confirmed as `early`.

    Again after corrections, with a reason: a new version, the old one stays. Nothing corrected: the version there is.
    """
    raise NotImplementedError
