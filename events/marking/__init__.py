"""Marking: panels of judges, their sheets, marks that are appended and superseded, sign-off."""

from __future__ import annotations

from collections.abc import AsyncIterator
from uuid import UUID

from events.access import Actor
from events.marking.structs import *  # noqa: F403
from events.marking.structs import (
    Duty, Entered, MarksForm, MarkView, PanelForm, PanelView, Progress, SeatForm, Sheet, SignOffForm, SignOffView, WithdrawalForm,
)
from events.paging import Page


async def list_panels(actor: Actor, event_id: UUID, stage_id: UUID) -> list[PanelView]:
    """The panels of a stage with their judges, for officials who may see marks."""
    raise NotImplementedError


async def add_panel(actor: Actor, event_id: UUID, stage_id: UUID, form: PanelForm) -> PanelView:
    """Set up a panel (organisers)."""
    raise NotImplementedError


async def change_panel(actor: Actor, event_id: UUID, stage_id: UUID, panel_id: UUID, *, form: PanelForm) -> PanelView:
    """Write a panel anew (organisers), before it has signed."""
    raise NotImplementedError


async def remove_panel(actor: Actor, event_id: UUID, stage_id: UUID, panel_id: UUID) -> None:
    """Take a panel away (organisers) while nobody has marked in it."""
    raise NotImplementedError


async def seat_judge(actor: Actor, event_id: UUID, stage_id: UUID, panel_id: UUID, *, form: SeatForm) -> PanelView:
    """Give a seat to an account (organisers), which becomes a judge of the event; whoever had the seat leaves it.

    Refused: one who competes in the contest, an account twice in a panel, a seat that another panel of the aspect has.
    """
    raise NotImplementedError


async def vacate_seat(actor: Actor, event_id: UUID, stage_id: UUID, panel_id: UUID, *, seat: str) -> PanelView:
    """End a judge's time on a seat (organisers); marks given from it stay."""
    raise NotImplementedError


async def duties(actor: Actor) -> list[Duty]:
    """Where the actor judges or leads a panel, the events that start last first."""
    raise NotImplementedError


async def sheet(actor: Actor, event_id: UUID, stage_id: UUID) -> Sheet:
    """What the actor needs to mark: judges of the stage, its chief judge, organisers (for given values)."""
    raise NotImplementedError


async def enter(actor: Actor, event_id: UUID, stage_id: UUID, form: MarksForm) -> Entered:
    """Take marks, all or none, in the order sent; Invalid gives every reason with pointers like /marks/3/value.

    Sending a mark again with its id changes nothing; the id with other content is a Conflict. Boards follow later.
    """
    raise NotImplementedError


async def list_marks(
    actor: Actor, event_id: UUID, stage_id: UUID, *, history: bool = False, cursor: str = "", limit: int = 50
) -> Page[MarkView]:
    """The marks of a stage as entered (with `history` also superseded ones), for those who may see marks."""
    raise NotImplementedError


def every_mark(actor: Actor, event_id: UUID, stage_id: UUID, *, history: bool = True) -> AsyncIterator[MarkView]:
    """All of `list_marks`, for a stream."""
    raise NotImplementedError


async def progress(actor: Actor, event_id: UUID, stage_id: UUID) -> Progress:
    """What is missing and who has signed, for those who may see marks and for panel leaders (their panel)."""
    raise NotImplementedError


async def sign_off(actor: Actor, event_id: UUID, stage_id: UUID, form: SignOffForm) -> SignOffView:
    """Confirm a panel's marks (its leader) or the stage (chief judge). Conflict names missing marks and unsigned panels."""
    raise NotImplementedError


async def withdraw_sign_off(
    actor: Actor, event_id: UUID, stage_id: UUID, sign_off_id: UUID, *, form: WithdrawalForm
) -> SignOffView:
    """Take a confirmation back, with a reason (whoever signed, or the chief judge), until the result is published."""
    raise NotImplementedError
