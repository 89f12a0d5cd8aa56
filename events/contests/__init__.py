"""Contests of an event: divisions, stages, schemes and entries."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from events.access import Actor
from events.contests.structs import ContestForm as ContestForm
from events.contests.structs import ContestView as ContestView
from events.contests.structs import DivisionForm as DivisionForm
from events.contests.structs import DivisionView as DivisionView
from events.contests.structs import EntryChange as EntryChange
from events.contests.structs import EntryForm as EntryForm
from events.contests.structs import EntryView as EntryView
from events.contests.structs import LibraryScheme as LibraryScheme
from events.contests.structs import SchemeForm as SchemeForm
from events.contests.structs import SchemeView as SchemeView
from events.contests.structs import StageForm as StageForm
from events.contests.structs import StageView as StageView
from events.paging import Page

if TYPE_CHECKING:
    from events.tables import Registration


async def list_contests(actor: Actor, event_id: UUID, *, cursor: str = "", limit: int = 50) -> Page[ContestView]:
    """The contests of an event that the actor may see, by number."""
    raise NotImplementedError


async def contest(actor: Actor, event_id: UUID, contest_id: UUID) -> ContestView:
    """One contest of an event that the actor may see."""
    raise NotImplementedError


async def add_contest(actor: Actor, event_id: UUID, form: ContestForm) -> ContestView:
    """Add a contest (organisers); a number that is taken is refused."""
    raise NotImplementedError


async def change_contest(
    actor: Actor, event_id: UUID, contest_id: UUID, form: ContestForm, *, version: int | None = None
) -> ContestView:
    """Write a contest anew (organisers); Stale when `version` is not the present one. Places never fall below those used."""
    raise NotImplementedError


async def add_division(actor: Actor, event_id: UUID, contest_id: UUID, form: DivisionForm) -> DivisionView:
    """Add a division to a contest (organisers)."""
    raise NotImplementedError


async def change_division(
    actor: Actor, event_id: UUID, contest_id: UUID, division_id: UUID, *, form: DivisionForm
) -> DivisionView:
    """Write a division anew (organisers)."""
    raise NotImplementedError


async def stage(actor: Actor, event_id: UUID, stage_id: UUID) -> StageView:
    """One stage of an event that the actor may see."""
    raise NotImplementedError


async def add_stage(actor: Actor, event_id: UUID, contest_id: UUID, form: StageForm) -> StageView:
    """Add a stage to a contest (organisers)."""
    raise NotImplementedError


async def change_stage(
    actor: Actor, event_id: UUID, stage_id: UUID, form: StageForm, *, version: int | None = None
) -> StageView:
    """Write a stage anew (organisers); the size of heats stands once it is drawn."""
    raise NotImplementedError


async def set_scheme(
    actor: Actor, event_id: UUID, contest_id: UUID, stage_id: UUID, *, form: SchemeForm
) -> SchemeView:
    """Give a stage its rules of marking as a new version (organisers); Invalid names each fault under /document.

    Once marks are in, only a scheme that allows all of them is taken; after sign-off none is.
    """
    raise NotImplementedError


async def scheme(actor: Actor, event_id: UUID, scheme_id: UUID) -> SchemeView:
    """One version of the rules of marking: whoever sees the event sees how it is marked."""
    raise NotImplementedError


async def list_schemes(actor: Actor, event_id: UUID, contest_id: UUID) -> list[SchemeView]:
    """Every version that a contest's stages have had, newest first."""
    raise NotImplementedError


def library() -> list[LibraryScheme]:
    """The ready schemes, by key."""
    raise NotImplementedError


async def list_entries(
    actor: Actor, event_id: UUID, contest_id: UUID, *, cursor: str = "", limit: int = 50
) -> Page[EntryView]:
    """The entries of a contest by number, for officials of the event; names only for those who may know them."""
    raise NotImplementedError


async def add_entries(actor: Actor, event_id: UUID, contest_id: UUID, forms: list[EntryForm]) -> list[EntryView]:
    """Enter competitors directly (organisers), all or none."""
    raise NotImplementedError


async def change_entry(
    actor: Actor, event_id: UUID, contest_id: UUID, entry_id: UUID, *, form: EntryChange
) -> EntryView:
    """Rename an entry, withdraw it, or set it out of competition (organisers)."""
    raise NotImplementedError


async def add_entry(event_id: UUID, contest_id: UUID, registration: Registration) -> UUID:
    """The entry of a confirmed registration, within the caller's transaction; a withdrawn one competes again."""
    raise NotImplementedError


async def withdraw_entry(event_id: UUID, registration_id: UUID) -> None:
    """Withdraw the entries of a registration, within the caller's transaction."""
    raise NotImplementedError
