"""Telling somebody of a duty that was given to them or taken away."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

from events import db, messages
from events.text import Bilingual, bilingual

HIDDEN = "SELECT id FROM event WHERE id = {} AND (state = 'draft' OR is_template)"


@cache
def words() -> dict[str, dict[str, str]]:
    """How each duty is called, in both languages."""
    return tomllib.loads((Path(__file__).parent / "duties.toml").read_text("utf-8"))


async def given(account: UUID, duty: str, *, by: UUID | None, event: UUID | None = None, **where: Any) -> None:
    """Tell an account, within the running transaction, of a new duty: a key of `words`, or in an official's own words.

    `where` may hold contest, session, at (a session's time) and scope. What one gives oneself is no news.
    """
    await _tell("given", account, duty, by=by, event=event, **where)


async def ended(account: UUID, duty: str, *, by: UUID | None, event: UUID | None = None, **where: Any) -> None:
    """Tell an account that a duty has ended, as `given` does."""
    await _tell("ended", account, duty, by=by, event=event, **where)


async def is_hidden(event: UUID) -> bool:
    """Whether the event is a draft or template, of which only those hear who see it: the rest once it is announced."""
    return await db.row(HIDDEN, event) is not None


def stored(title: str | None) -> Bilingual | None:
    """A stored text as it goes into a message; nothing where there is none."""
    return bilingual(title) or None


async def _tell(what: str, account: UUID, duty: str, *, by: UUID | None, event: UUID | None, **where: Any) -> None:
    if account != by:
        kind = f"duty.{what}" if event else f"role.{what}"
        await messages.send(kind, account=account, event=event, duty=words().get(duty, duty), **where)
