"""What has happened to an account: what the outbox tells of it, and the browsers that signed in."""

from __future__ import annotations

from datetime import datetime
from heapq import merge
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct

from events import access, db, paging
from events.access import Actor, Right
from events.paging import Page
from events.terms import ContactKind, Role
from events.text import Bilingual, bilingual

LAST = (2**62, UUID(int=2**128 - 1))
NOTICES = """SELECT notice.number, notice.kind, notice.at, notice.data, notice.account,
    COALESCE(person.name, account.name) AS who, event.title FROM notice
    LEFT JOIN account ON account.id = notice.account LEFT JOIN person ON person.id = account.person
    LEFT JOIN event ON event.id = notice.event_id
    WHERE notice.subject = {} AND notice.kind LIKE 'account.%' AND notice.number < {}"""
SIGN_INS = "SELECT id, created_at AS at, device FROM sign_in WHERE account = {} AND id < {}"


class Happening(Struct, frozen=True, kw_only=True):
    """One thing that happened; `by` and `who` are empty for what the program did by itself.

    `where` is the event or union of a role that was given or taken away; none means everywhere.
    """

    at: datetime
    kind: str
    by: UUID | None = None
    who: str = ""
    role: Role | None = None
    where: Bilingual | None = None
    device: str = ""
    contact: ContactKind | None = None


async def history(actor: Actor, account: UUID, *, cursor: str = "", limit: int = 50) -> Page[Happening]:
    """What has happened to an account, newest first (Right.KEEP_ACCOUNTS); sign-ins go back about two months."""
    access.require(actor, Right.KEEP_ACCOUNTS)
    if not await db.row("SELECT id FROM account WHERE id = {}", account):
        raise access.not_found()
    number, sign_in = paging.key_of(cursor, tuple[int, UUID]) if cursor else LAST
    told = await db.rows(f"{NOTICES} ORDER BY notice.number DESC LIMIT {limit + 1:d}", account, number)
    signed_in = await db.rows(f"{SIGN_INS} ORDER BY id DESC LIMIT {limit + 1:d}", account, sign_in)
    rows = list(merge(told, signed_in, key=lambda row: row["at"], reverse=True))  # each list keeps its order
    unions = await _unions(rows[:limit])
    return Page([_happening(row, unions) for row in rows[:limit]], _next(rows, limit, number, sign_in))


# Two lists run into one: the cursor says how far each of them has been read.
def _next(rows: list[db.Row], limit: int, number: int, sign_in: UUID) -> str | None:
    shown = rows[:limit]
    numbers = [row["number"] for row in shown if "number" in row]
    sign_ins = [row["id"] for row in shown if "id" in row]
    return paging.cursor(min([number, *numbers]), min([sign_in, *sign_ins])) if len(rows) > limit else None


async def _unions(rows: list[db.Row]) -> dict[str, Bilingual]:
    named = sorted({union for row in rows if (union := _data(row).get("union"))})
    these, unions = db.one_of([*map(UUID, named)])
    found = await db.rows(f"SELECT id, name FROM unions WHERE id {these}", *unions)  # noqa: S608
    return {str(row["id"]): bilingual(row["name"]) for row in found}


def _data(row: db.Row) -> dict[str, Any]:
    return dict(msgspec.json.decode(row["data"])) if "data" in row else {}


def _happening(row: db.Row, unions: dict[str, Bilingual]) -> Happening:
    if "device" in row:
        return Happening(at=row["at"], kind="account.signed_in", device=row["device"])
    data = _data(row)
    return Happening(
        at=row["at"],
        kind=row["kind"],
        by=row["account"],
        who=row["who"] or "",
        role=Role(data["role"]) if "role" in data else None,
        where=bilingual(row["title"]) or unions.get(data.get("union") or "") or None,
        contact=ContactKind(data["contact"]) if "contact" in data else None,
    )
