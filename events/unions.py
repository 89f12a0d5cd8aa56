"""The tree of union organisations: looking at it, adding to it, moving parts of it."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

from events.access import Actor
from events.paging import Page
from events.terms import Level
from events.text import Bilingual, Line

Code = Annotated[str, Meta(pattern=r"^[a-z0-9-]{1,20}$")]


class UnionForm(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A union organisation; its code is its own among its siblings and stays, since addresses and imports name it."""

    name: Bilingual
    code: Code
    level: Level
    city: Line = ""
    parent: UUID | None = None


class UnionChange(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What of a union organisation can be changed where it stands."""

    name: Bilingual
    level: Level
    city: Line = ""


class UnionView(Struct, frozen=True, kw_only=True):
    """A union organisation as it is shown: `members` of its own and unions right below it (`children`) are counted."""

    id: UUID
    name: Bilingual
    path: str
    code: str
    level: Level
    city: str
    parent: UUID | None
    members: int
    children: int


async def children(parent: UUID | None = None, *, after: str = "", limit: int = 50) -> Page[UnionView]:
    """The unions right below one, or the top ones, by code."""
    raise NotImplementedError


async def subtree(union: UUID, *, after: str = "", limit: int = 50) -> Page[UnionView]:
    """A union and all below it, each after the one above it; NotFound when there is none."""
    raise NotImplementedError


async def look(union: UUID) -> UnionView:
    """One union; NotFound when there is none."""
    raise NotImplementedError


async def ancestors(union: UUID) -> list[UnionView]:
    """The unions above one, the top first; NotFound when there is none."""
    raise NotImplementedError


async def find(text: str, *, within: UUID | None = None, after: str = "", limit: int = 50) -> Page[UnionView]:
    """The unions with this code or path, or with this text in a name, by path."""
    raise NotImplementedError


async def add(actor: Actor, form: UnionForm) -> UnionView:
    """Add a union (Right.KEEP_UNIONS above it); Conflict union_code_taken among siblings."""
    raise NotImplementedError


async def change(actor: Actor, union: UUID, form: UnionChange) -> UnionView:
    """Change a union's name, level or city (Right.KEEP_UNIONS)."""
    raise NotImplementedError


async def move(actor: Actor, union: UUID, parent: UUID | None) -> UnionView:
    """Put a union with all below it under another one, or at the top; Conflict union_cycle, union_code_taken."""
    raise NotImplementedError
