"""The tree of union organisations: looking at it, adding to it, moving parts of it.

The tree is no secret: whoever looks for an event looks for it by union. Changing it takes a right.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

from events import access, clock, db, errors, ids, notices, paging
from events.access import Actor, Right
from events.paging import Page
from events.terms import Level
from events.text import Bilingual, Line, bilingual, either_holds

Code = Annotated[str, Meta(pattern=r"^[a-z0-9-]{1,20}$")]

LAST = chr(0x10FFFF)  # sorts behind everything that may follow a beginning
MOST_COUNTED = 50_000
SIZE = """SELECT (SELECT count(*) FROM (SELECT 1 FROM unions WHERE path > {} AND path < {} LIMIT {}) c) AS unions,
    (SELECT count(*) FROM (SELECT 1 FROM unions u JOIN member m ON m."union" = u.id
        WHERE u.path >= {} AND u.path < {} AND m.left_on IS NULL LIMIT {}) d) AS members"""
LOOK = """SELECT u.*, (SELECT count(*) FROM member m WHERE m."union" = u.id AND m.left_on IS NULL) AS members,
    (SELECT count(*) FROM unions c WHERE c.parent = u.id) AS children FROM unions u WHERE """


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


class UnionSize(Struct, frozen=True, kw_only=True):
    """How many unions stand below one, and how many members all of them and it have; `MOST_COUNTED` may be more."""

    unions: int
    members: int


class UnionMovePreview(Struct, frozen=True, kw_only=True):
    """Where a union would stand after a move, and how much moves with it."""

    path: str
    moved_path: str
    size: UnionSize


async def children(parent: UUID | None = None, *, cursor: str = "", limit: int = 50) -> Page[UnionView]:
    """The unions right below one, or the top ones, by code."""
    if parent is None:
        return await _listed("u.parent IS NULL", cursor=cursor, limit=limit)
    await access.union_path(parent)
    return await _listed("u.parent = {}", parent, cursor=cursor, limit=limit)


async def subtree(union: UUID, *, cursor: str = "", limit: int = 50) -> Page[UnionView]:
    """A union and all below it, each after the one above it; NotFound when there is none."""
    path = await access.union_path(union)
    return await _listed("u.path >= {} AND u.path < {}", path, path + LAST, cursor=cursor, limit=limit)


async def look(union: UUID) -> UnionView:
    """One union; NotFound when there is none."""
    found = await db.row(LOOK + "u.id = {}", union)
    if found is None:
        raise access.not_found()
    return _view(found)


async def ancestors(union: UUID) -> list[UnionView]:
    """The unions above one, the top first; NotFound when there is none."""
    codes = (await access.union_path(union)).split(".")[:-1]
    above = [".".join(codes[:depth]) + "." for depth in range(1, len(codes))]
    these, paths = db.one_of(above)
    return [_view(row) for row in await db.rows(f"{LOOK} u.path {these} ORDER BY u.path", *paths)]


async def size(union: UUID) -> UnionSize:
    """How much there is below a union; NotFound when there is none."""
    return await _size(await access.union_path(union))


async def _size(path: str) -> UnionSize:
    subtree = (path, path + LAST, MOST_COUNTED)
    found = await db.row(SIZE, *subtree, *subtree)
    assert found is not None
    return UnionSize(unions=found["unions"], members=found["members"])


async def find(text: str, *, within: UUID | None = None, cursor: str = "", limit: int = 50) -> Page[UnionView]:
    """The unions with this code or path, or with this text in a name, by path."""
    path = await access.union_path(within) if within else ""
    named, names = either_holds("u.name", text)
    return await _listed(
        f"u.path >= {{}} AND u.path < {{}} AND (u.code = {{}} OR u.path = {{}} OR {named})",
        path, path + LAST, text.strip(), text.strip().rstrip(".") + ".", *names,
        cursor=cursor, limit=limit,
    )  # fmt: skip


async def add(actor: Actor, form: UnionForm) -> UnionView:
    """Add a union (Right.KEEP_UNIONS above it); Conflict union_code_taken among siblings."""
    access.signed_in(actor)
    errors.refuse(_flaws(form.name))
    async with db.transaction():
        above = await held_path(form.parent) if form.parent else ""
        access.require(actor, Right.KEEP_UNIONS, union_path=above)
        union = await insert(form, above)
        await notices.post("union.added", subject=union, by=actor.account)
    return await look(union)


async def change(actor: Actor, union: UUID, form: UnionChange) -> UnionView:
    """Change a union's name, level or city (Right.KEEP_UNIONS)."""
    access.signed_in(actor)
    errors.refuse(_flaws(form.name))
    async with db.transaction():
        access.require(actor, Right.KEEP_UNIONS, union_path=await held_path(union))
        await update(union, form)
        await notices.post("union.changed", subject=union, by=actor.account)
    return await look(union)


async def preview_move(actor: Actor, union: UUID, parent: UUID | None) -> UnionMovePreview:
    """What `move` would do; refused as the move would be."""
    access.signed_in(actor)
    path, above = await _to_move(actor, union, parent)
    moved = _moved(path, above)
    if moved != path and await db.row("SELECT id FROM unions WHERE path = {}", moved):
        errors.conflict("union_code_taken", "/parent", union_code=path.split(".")[-2])
    return UnionMovePreview(path=path, moved_path=moved, size=await _size(path))


async def move(actor: Actor, union: UUID, parent: UUID | None) -> UnionView:
    """Put a union with all below it under another one, or at the top; Conflict union_cycle, union_code_taken."""
    access.signed_in(actor)
    async with db.transaction():
        await _hold_tree()
        path, above = await _to_move(actor, union, parent)
        await _hang(union, path, parent=parent, above=above)
        await notices.post("union.moved", subject=union, by=actor.account)
    return await look(union)


async def remove(actor: Actor, union: UUID) -> None:
    """Take out a union (Right.KEEP_UNIONS) that was added by mistake; Conflict union_in_use if anything hangs on it."""
    access.signed_in(actor)
    access.require(actor, Right.KEEP_UNIONS, union_path=await access.union_path(union))
    try:
        async with db.transaction():
            await db.rows("DELETE FROM unions WHERE id = {}", union)
            await notices.post("union.removed", subject=union, by=actor.account)
    except db.ConstraintViolated:
        errors.conflict("union_in_use")


async def insert(form: UnionForm, above: str) -> UUID:
    """Write a union below the path `above`, within the running transaction; Conflict union_code_taken."""
    union = ids.new()
    try:
        async with db.transaction():
            await insert_all([(union, form, above)])
    except db.ConstraintViolated as error:
        if error.kind != "unique":
            raise
        errors.conflict("union_code_taken", "/code", union_code=form.code)
    return union


async def insert_all(new: Sequence[tuple[UUID, UnionForm, str]]) -> None:
    """Write unions below these paths, within the running transaction, each after the one above it."""
    now = clock.now()
    rows = [
        (union, form.parent, f"{above}{form.code}.", form.code, form.name.stored(), form.level, form.city, now)
        for union, form, above in new
    ]
    await db.insert("unions (id, parent, path, code, name, level, city, created_at)", rows)


async def update(union: UUID, form: UnionChange) -> None:
    """Write what can be changed of a union, within the running transaction."""
    await db.rows(
        "UPDATE unions SET name = {}, level = {}, city = {} WHERE id = {}",
        form.name.stored(), form.level, form.city, union,
    )  # fmt: skip


async def held_path(union: UUID) -> str:
    """The path of a union, which nobody moves until the running transaction ends; NotFound when there is none."""
    hold = db.engine().dialect("{for_share}")
    found = await db.row(f"SELECT path FROM unions WHERE id = {{}} {hold}", union)  # noqa: S608
    if found is None:
        raise access.not_found()
    return str(found["path"])


async def _hold_tree() -> None:
    """One move at a time: two could close a circle that neither sees."""
    await db.rows(f"SELECT id FROM unions WHERE parent IS NULL ORDER BY id {db.engine().dialect('{for_update}')}")  # noqa: S608


async def _to_move(actor: Actor, union: UUID, parent: UUID | None) -> tuple[str, str]:
    """The path of a union and that of its new parent, when the actor may move it there."""
    path, above = await access.union_path(union), await access.union_path(parent) if parent else ""
    access.require(actor, Right.KEEP_UNIONS, union_path=path)
    access.require(actor, Right.KEEP_UNIONS, union_path=above)
    if above.startswith(path):
        errors.conflict("union_cycle", "/parent")
    return path, above


def _moved(path: str, above: str) -> str:
    return f"{above}{path.split('.')[-2]}."


async def _hang(union: UUID, path: str, *, parent: UUID | None, above: str) -> None:
    """Give a union another parent and it and all below it their new paths."""
    try:
        async with db.transaction():
            await db.rows("UPDATE unions SET parent = {} WHERE id = {}", parent, union)
            await db.rows(
                "UPDATE unions SET path = {} || substr(path, {}) WHERE path >= {} AND path < {}",
                _moved(path, above), len(path) + 1, path, path + LAST,
            )  # fmt: skip
    except db.ConstraintViolated:
        errors.conflict("union_code_taken", "/parent", union_code=path.split(".")[-2])


async def _listed(condition: str, *arguments: object, cursor: str, limit: int) -> Page[UnionView]:
    after = paging.key_of(cursor, tuple[str])[0] if cursor else ""
    sql = f"{LOOK} {condition} AND u.path > {{}} ORDER BY u.path LIMIT {limit + 1:d}"
    return paging.page(await db.rows(sql, *arguments, after), limit, _view, lambda row: (row["path"],))


def _view(row: db.Row) -> UnionView:
    return UnionView(
        id=row["id"],
        name=bilingual(row["name"]),
        path=row["path"],
        code=row["code"],
        level=Level(row["level"]),
        city=row["city"],
        parent=row["parent"],
        members=row["members"],
        children=row["children"],
    )


def _flaws(name: Bilingual) -> list[errors.Reason]:
    return [] if name else [errors.Reason("required", "/name")]
