"""Feeds: stored VEVENTs joined, in an order and with bytes that depend on nothing but the data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from msgspec import Struct

from events.access import Actor
from events.terms import Kind

Language = Literal["zh", "en"]


class FeedQuery(Struct, frozen=True, kw_only=True):
    """A public feed: sessions of announced events, narrowed by what is given; `union` is a path ("ah.hf.").

    `days` is how long a session is kept after its end (None: always); a cancelled one 30 days at most.
    """

    language: Language = "zh"
    union: str = ""
    kind: Kind | None = None
    city: str = ""
    event: UUID | None = None
    days: int | None = 30


@dataclass(frozen=True)
class Feed:
    """A calendar in bytes, its strong entity tag (without quotes), and when anything in it last changed, if ever."""

    body: bytes
    etag: str
    last_modified: datetime | None


async def feed(query: FeedQuery, *, name: str) -> Feed:
    """A public calendar called `name`."""
    raise NotImplementedError


async def private_feed(actor: Actor, *, language: Language, name: str) -> Feed:
    """A person's own calendar, with alarms: registrations, duties, events organised; the past year and all to come."""
    raise NotImplementedError


async def union_of(text: str) -> str:
    """The path of the union with this id or path; Invalid with unknown_union when there is none."""
    raise NotImplementedError
