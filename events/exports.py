"""Lists for spreadsheets: rows of text, the first one names the columns; `csv_lines` makes a file of them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from uuid import UUID

from events.access import Actor


def unions(actor: Actor) -> AsyncIterator[list[str]]:
    """Every union, as `magpie import unions` reads them."""
    raise NotImplementedError


def people(actor: Actor) -> AsyncIterator[list[str]]:
    """The people of the actor's unions (Right.KEEP_PEOPLE), masked."""
    raise NotImplementedError


def registrations(actor: Actor, event_id: UUID) -> AsyncIterator[list[str]]:
    """The registrations of an event (Right.REVIEW there), with phones masked."""
    raise NotImplementedError


def csv_lines(found: AsyncIterator[list[str]]) -> AsyncIterator[bytes]:
    """CSV in UTF-8 with a byte order mark; a cell that a spreadsheet would take for a formula is made plain text."""
    raise NotImplementedError
