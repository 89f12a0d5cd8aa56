"""The tree of union organisations."""

from uuid import UUID

from litestar import delete, get, post, put
from litestar.params import JSONBody
from msgspec import Struct

from api.kinds import Asker, Cursor, Id, Limit, Text, WhichId
from events import unions
from events.paging import Page
from events.unions import UnionChange, UnionForm, UnionMovePreview, UnionSize, UnionView


class UnionMoveForm(Struct, frozen=True, forbid_unknown_fields=True):
    """The union to stand under from now on; none: at the top."""

    parent: UUID | None


@get("/unions", operation_id="list_unions")
async def list_unions(
    parent: WhichId = None, within: WhichId = None, q: Text = "", cursor: Cursor = "", limit: Limit = 50
) -> Page[UnionView]:
    """Unions right below `parent` (none: the top ones), all `within` one, or those with `q` in code, path or name."""
    if q.strip():
        return await unions.find(q, within=within, cursor=cursor, limit=limit)
    if within is not None:
        return await unions.subtree(within, cursor=cursor, limit=limit)
    return await unions.children(parent, cursor=cursor, limit=limit)


@get("/unions/{union_id:uuid}", operation_id="get_union")
async def get_union(union_id: Id) -> UnionView:
    """One union."""
    return await unions.look(union_id)


@get("/unions/{union_id:uuid}/ancestors", operation_id="list_ancestors")
async def list_ancestors(union_id: Id) -> Page[UnionView]:
    """The unions above one, the top first."""
    return Page(await unions.ancestors(union_id))


@get("/unions/{union_id:uuid}/size", operation_id="get_union_size")
async def get_union_size(union_id: Id) -> UnionSize:
    """How many unions stand below one, and how many members they and it have; 50,000 may be more."""
    return await unions.size(union_id)


@post("/unions", operation_id="add_union")
async def add_union(actor: Asker, data: JSONBody[UnionForm]) -> UnionView:
    """Add a union. Right `keep_unions` above it."""
    return await unions.add(actor, data)


@put("/unions/{union_id:uuid}", operation_id="change_union")
async def change_union(actor: Asker, union_id: Id, data: JSONBody[UnionChange]) -> UnionView:
    """Change a union's name, level or city. Right `keep_unions`."""
    return await unions.change(actor, union_id, data)


@post("/unions/{union_id:uuid}/move", operation_id="move_union", status_code=200)
async def move_union(actor: Asker, union_id: Id, data: JSONBody[UnionMoveForm]) -> UnionView:
    """Put a union with all below it under another one, or at the top. Right `keep_unions` at both places."""
    return await unions.move(actor, union_id, data.parent)


@post("/unions/{union_id:uuid}/move/preview", operation_id="preview_union_move", status_code=200)
async def preview_union_move(actor: Asker, union_id: Id, data: JSONBody[UnionMoveForm]) -> UnionMovePreview:
    """What a move would take along, and where to; nothing is changed. Right `keep_unions` at both places."""
    return await unions.preview_move(actor, union_id, data.parent)


@delete("/unions/{union_id:uuid}", operation_id="remove_union")
async def remove_union(actor: Asker, union_id: Id) -> None:
    """Take out a union that was added by mistake; a conflict if anything hangs on it. Right `keep_unions`."""
    await unions.remove(actor, union_id)


ROUTES = [
    list_unions, get_union, list_ancestors, get_union_size, add_union, change_union, move_union, preview_union_move,
    remove_union,
]  # fmt: skip
