"""Accounts as those who keep them find and see them."""

from __future__ import annotations

from typing import Any, Literal
from uuid import UUID

from events import access, clock, crypto, db, paging
from events.access import Actor, Right
from events.accounts import logins
from events.accounts.forms import AccountDetail, AccountItem
from events.paging import Page
from events.people import identity
from events.terms import ContactKind, Role, TokenUse
from events.text import bilingual

Which = Literal["all", "roles", "disabled"]

MOST = 20
LAST = chr(0x10FFFF)  # sorts behind everything that may follow a beginning
WHOSE = """LEFT JOIN person p ON p.id = k.person LEFT JOIN member m ON m.person = p.id AND m.left_on IS NULL
    LEFT JOIN unions u ON u.id = m."union" """
KEPT = f"SELECT k.*, p.name AS person_name, u.name AS union_name FROM ({logins.ACCOUNTS.rstrip()}) k {WHOSE}"  # noqa: S608
NARROWED = {
    "all": "1 = 1",
    "roles": "EXISTS (SELECT id FROM role_grant g WHERE g.account = k.id)",
    "disabled": "k.disabled_at IS NOT NULL",
}


async def everyone(actor: Actor, *, which: Which = "all", cursor: str = "", limit: int = 50) -> Page[AccountItem]:
    """All accounts, or those with roles, or the disabled ones, newest first (Right.KEEP_ACCOUNTS)."""
    access.require(actor, Right.KEEP_ACCOUNTS)
    condition, arguments = NARROWED[which], list[object]()
    if cursor:
        condition, arguments = f"{condition} AND k.id < {{}}", list(paging.key_of(cursor, tuple[UUID]))
    rows = await db.rows(f"{KEPT} WHERE {condition} ORDER BY k.id DESC LIMIT {limit + 1:d}", *arguments)
    roles = await _roles(rows)
    return paging.page(rows, limit, lambda row: AccountItem(**_item(row, roles)), lambda row: (row["id"],))


async def search(actor: Actor, text: str) -> list[AccountItem]:
    """Up to 20 accounts by the beginning of their name or by the name of the person; or by a whole phone, mail address
    (claimed ones too) or identity number (Right.KEEP_ACCOUNTS).
    """
    access.require(actor, Right.KEEP_ACCOUNTS)
    condition, arguments = _matching(logins.plain(text))
    rows = await db.rows(f"{KEPT} WHERE {condition} ORDER BY k.name LIMIT {MOST:d}", *arguments)
    roles = await _roles(rows)
    return [AccountItem(**_item(row, roles)) for row in rows]


async def look(actor: Actor, account: UUID) -> AccountDetail:
    """All that is seen of one account (Right.KEEP_ACCOUNTS)."""
    access.require(actor, Right.KEEP_ACCOUNTS)
    row = await db.row(f"{KEPT} WHERE k.id = {{}}", account)
    if row is None:
        raise access.not_found()
    now = clock.now()
    open_ = await db.rows(
        "SELECT id FROM sign_in WHERE account = {} AND revoked_at IS NULL AND expires_at > {}", account, now
    )
    last = await db.row("SELECT created_at FROM sign_in WHERE account = {} ORDER BY id DESC LIMIT 1", account)
    tokens = await db.rows(
        "SELECT id FROM token WHERE account = {} AND use = {} AND revoked_at IS NULL"
        " AND (expires_at IS NULL OR expires_at > {})",
        account, TokenUse.API, now,
    )  # fmt: skip
    return AccountDetail(
        **_item(row, await _roles([row])),
        disabled_at=row["disabled_at"],
        disabled_reason=row["disabled_reason"] or "",
        signed_in_at=last["created_at"] if last else None,
        browsers=len(open_),
        tokens=len(tokens),
    )


def _matching(text: str) -> tuple[str, list[object]]:
    """The condition on `KEPT` and its arguments: what was typed decides what is looked for."""
    claims = "k.id IN (SELECT account FROM claim WHERE kind = {} AND address_index = {})"
    kind, number = logins.contact_kind(text), identity.plain(text)
    if kind == ContactKind.MAIL:
        return f"(k.mail = {{}} OR p.mail = {{}} OR {claims})", [text, text, kind, logins.claim_index(kind, text)]
    if kind == ContactKind.PHONE:
        index = crypto.blind_index(text, of="phone")
        own = "k.phone_index = {} OR p.phone_index = {}"
        return f"({own} OR {claims})", [index, index, kind, logins.claim_index(kind, text)]
    if identity.NUMBER.fullmatch(number):
        return "p.identity_index = {}", [crypto.blind_index(number, of="identity")]
    return "(k.name >= {} AND k.name < {} OR p.name = {})", [text, text + LAST, text]


async def _roles(rows: list[db.Row]) -> dict[UUID, list[Role]]:
    """The roles of each of these accounts, each once."""
    if not rows:
        return {}
    these, accounts = db.one_of([row["id"] for row in rows])
    sql = f"SELECT DISTINCT account, role FROM role_grant WHERE account {these} ORDER BY role"  # noqa: S608
    found: dict[UUID, list[Role]] = {}
    for row in await db.rows(sql, *accounts):
        found.setdefault(row["account"], []).append(Role(row["role"]))
    return found


def _item(row: db.Row, roles: dict[UUID, list[Role]]) -> dict[str, Any]:
    return logins.shown(row) | {
        "person_name": row["person_name"],
        "union_name": bilingual(row["union_name"]) if row["union_name"] else None,
        "roles": roles.get(row["id"], []),
    }
