"""Roles: who holds which one, and where."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from uuid import UUID

from events import access, clock, db, errors, ids, notices
from events.access import Actor, Right
from events.accounts.forms import GrantForm, GrantView
from events.errors import Reason
from events.messages import duties
from events.terms import Role
from events.text import bilingual

HANDED_OUT = frozenset({Role.ORGANISER, Role.REGISTRAR, Role.JUDGE, Role.CHIEF_JUDGE})
GRANTS = """SELECT g.*, a.name AS account_name, p.name AS person_name, u.name AS union_name
    FROM role_grant g JOIN account a ON a.id = g.account
    LEFT JOIN person p ON p.id = a.person LEFT JOIN unions u ON u.id = g."union" """


async def grant_role(actor: Actor, form: GrantForm) -> GrantView:
    """Give an account a role; granting it again changes nothing.

    Administrators everywhere; who organises an event may hand out organiser, registrar, judge and chief judge in it.
    """
    await _require(actor, form.role, form.event_id)
    errors.refuse([*_flaws(form), *await _unknown(form)])
    async with db.transaction():
        if await _insert(actor, form):
            await _post("account.role_granted", actor, form)
            await _tell(duties.given, actor, form)
    rows = await db.rows(f"{GRANTS} WHERE g.account = {{}} AND g.role = {{}}", form.account, form.role)
    return next(_view(row) for row in rows if (row["event_id"], row["union"]) == (form.event_id, form.union))


async def revoke_role(actor: Actor, grant: UUID) -> None:
    """Take a role away, by whoever may give it; Conflict last_administrator."""
    access.signed_in(actor)
    found = await db.row("SELECT * FROM role_grant WHERE id = {}", grant)
    if found is None:
        raise access.not_found()
    form = GrantForm(
        account=found["account"], role=Role(found["role"]), event_id=found["event_id"], union=found["union"]
    )
    await _require(actor, form.role, form.event_id)
    async with db.transaction():
        if form.role == Role.ADMINISTRATOR:
            await leave_one_administrator(form.account)
        if await db.rows("DELETE FROM role_grant WHERE id = {} RETURNING id", grant):
            await _post("account.role_revoked", actor, form)
            await _tell(duties.ended, actor, form)


async def grants_of_event(actor: Actor, event_id: UUID) -> list[GrantView]:
    """The officials of an event (Right.SEE there), by role and name."""
    await access.event_for(actor, Right.SEE, event_id)
    rows = await db.rows(f"{GRANTS} WHERE g.event_id = {{}} ORDER BY g.role, a.name", event_id)
    return [_view(row) for row in rows]


async def grants_of_account(actor: Actor, account: UUID) -> list[GrantView]:
    """The roles of an account: one's own, or anybody's for administrators."""
    if access.signed_in(actor) != account:
        access.require(actor, Right.KEEP_ACCOUNTS)
    rows = await db.rows(f"{GRANTS} WHERE g.account = {{}} ORDER BY g.role, g.id", account)
    return [_view(row) for row in rows]


async def _require(actor: Actor, role: Role, event_id: UUID | None) -> None:
    access.signed_in(actor)
    if event_id is not None:
        await access.event_for(actor, Right.ORGANISE, event_id)
    if not actor.may(Right.KEEP_ACCOUNTS) and (event_id is None or role not in HANDED_OUT):
        raise access.not_found()


def _flaws(form: GrantForm) -> Iterator[Reason]:
    """An administrator is one everywhere; every other role holds in one event or in one union's subtree."""
    scopes = [scope for scope in (form.event_id, form.union) if scope]
    if form.role == Role.ADMINISTRATOR and scopes:
        yield Reason("scope_none", "/role")
    if form.role != Role.ADMINISTRATOR and len(scopes) != 1:
        yield Reason("scope_one", "/role")


async def _unknown(form: GrantForm) -> list[Reason]:
    account = await db.row("SELECT id FROM account WHERE id = {}", form.account)
    union = await db.row("SELECT id FROM unions WHERE id = {}", form.union)
    found = [] if account else [Reason("unknown_account", "/account")]
    return found if union or form.union is None else [*found, Reason("unknown_union", "/union")]


async def _insert(actor: Actor, form: GrantForm) -> bool:
    found = await db.rows(
        'INSERT INTO role_grant (id, account, role, event_id, "union", granted_by, granted_at) '
        "VALUES ({}, {}, {}, {}, {}, {}, {}) ON CONFLICT DO NOTHING RETURNING id",
        ids.new(), form.account, form.role, form.event_id, form.union, actor.account, clock.now(),
    )  # fmt: skip
    return bool(found)


async def leave_one_administrator(without: UUID) -> None:
    """Conflict last_administrator, within the running transaction, unless another can still sign in."""
    hold = db.engine().dialect("{for_update}")
    rows = await db.rows(f"SELECT account FROM role_grant WHERE role = 'administrator' ORDER BY id {hold}")  # noqa: S608
    holders = {row["account"] for row in rows}
    these, accounts = db.one_of(holders)
    out = "SELECT id FROM account WHERE disabled_at IS NOT NULL AND id"
    disabled = {row["id"] for row in await db.rows(f"{out} {these}", *accounts)}
    if holders - disabled == {without}:
        errors.conflict("last_administrator")


async def _post(kind: str, actor: Actor, form: GrantForm) -> None:
    await notices.post(
        kind, event=form.event_id, subject=form.account, by=actor.account, role=form.role, union=form.union
    )


async def _tell(what: Callable[..., Awaitable[None]], actor: Actor, form: GrantForm) -> None:
    """Of a draft they hear at once who see it; the others with its announcement."""
    union = await db.row("SELECT name FROM unions WHERE id = {}", form.union)
    scope = bilingual(union["name"]) if union else None
    sees = Right.SEE in access.RIGHTS[form.role]
    if form.event_id is None or sees or not await duties.is_hidden(form.event_id):
        await what(form.account, form.role.value, by=actor.account, event=form.event_id, scope=scope)


def _view(row: db.Row) -> GrantView:
    return GrantView(
        id=row["id"],
        account=row["account"],
        account_name=row["account_name"],
        person_name=row["person_name"],
        role=Role(row["role"]),
        event_id=row["event_id"],
        union=row["union"],
        union_name=bilingual(row["union_name"]) if row["union_name"] else None,
        granted_at=row["granted_at"],
    )
