"""Changing a union: its name, its place in the tree, or taking out one that was added by mistake."""

from uuid import UUID

from litestar import get, post

from api.kinds import Asker, Id
from api.problems import STATUS, lang_of
from api.web.desk.filling import REFUSED, do, fill, fresh
from api.web.desk.frame import keeper
from api.web.desk.union_tree import FIELDS, TREE, cities_of, levels, plain, union_path_of, way_to
from api.web.desk.unions_of import subtrees, union_meant
from api.web.forms import Form, Option, Typed, typed, wrong
from api.web.pages import Answer, Asked, page
from api.wording import Lang, say
from events import unions
from events.access import Actor, Right
from events.errors import invalid
from events.unions import UnionChange, UnionMovePreview, UnionView


@get(f"{TREE}/{{union_id:uuid}}/edit")
async def edit(request: Asked, actor: Asker, union_id: Id) -> Answer:
    """Its name, level and city."""
    found = await _union(actor, union_id)
    given = {"name_zh": found.name.zh, "name_en": found.name.en, "level": found.level, "city": found.city}
    return await _edit_page(request, found, fresh(given))


@post(f"{TREE}/{{union_id:uuid}}/edit")
async def change(request: Asked, actor: Asker, union_id: Id) -> Answer:
    """Write them."""
    found, given = await _union(actor, union_id), await typed(request)

    async def work() -> str:
        await unions.change(actor, union_id, fill(plain(given), UnionChange))
        return union_path_of(union_id)

    try:
        return await do(request, actor, given, work, said="said.saved")
    except REFUSED as refusal:
        form = wrong(given, refusal, lang_of(request.scope), FIELDS)
        return await _edit_page(request, found, form, status=STATUS[type(refusal)])


@get(f"{TREE}/{{union_id:uuid}}/move")
async def ask_move(request: Asked, actor: Asker, union_id: Id) -> Answer:
    """Under which union it shall stand."""
    return await _move_page(request, actor, await _union(actor, union_id), fresh())


@post(f"{TREE}/{{union_id:uuid}}/move")
async def move(request: Asked, actor: Asker, union_id: Id) -> Answer:
    """First what would move, then the move."""
    found, given = await _union(actor, union_id), await typed(request)

    async def work() -> str:
        await unions.move(actor, union_id, await _parent(actor, given))
        return union_path_of(union_id)

    try:
        if given.get("do") != "move":
            preview = await unions.preview_move(actor, union_id, await _parent(actor, given))
            return await _move_page(request, actor, found, fresh(given), preview=preview)
        return await do(request, actor, given, work, said="said.union_moved")
    except REFUSED as refusal:
        form = wrong(given | {"parent": given.get("parent", "")}, refusal, lang_of(request.scope), {"union": "parent"})
        return await _move_page(request, actor, found, form, status=STATUS[type(refusal)])


@get(f"{TREE}/{{union_id:uuid}}/remove")
async def ask_remove(request: Asked, actor: Asker, union_id: Id) -> Answer:
    """Whether it may go."""
    return await _remove_page(request, await _union(actor, union_id), fresh())


@post(f"{TREE}/{{union_id:uuid}}/remove")
async def remove(request: Asked, actor: Asker, union_id: Id) -> Answer:
    """Take it out."""
    keeper(actor, Right.KEEP_UNIONS)
    given = await typed(request)

    async def work() -> str:
        found = await unions.look(union_id)
        await unions.remove(actor, union_id)
        return union_path_of(found.parent)

    try:
        return await do(request, actor, given, work, said="said.union_removed")
    except REFUSED as refusal:
        form = wrong(given, refusal, lang_of(request.scope))
        return await _remove_page(request, await _union(actor, union_id), form, status=STATUS[type(refusal)])


async def _union(actor: Actor, union_id: UUID) -> UnionView:
    keeper(actor, Right.KEEP_UNIONS)
    return await unions.look(union_id)


async def _parent(actor: Actor, given: Typed) -> UUID | None:
    """The union that was typed, or none for the top, which has to be meant."""
    if given.get("top"):
        return None
    found = await union_meant(given.get("parent", ""), actor, Right.KEEP_UNIONS)
    return UUID(found) if found else invalid("required", "/parent")


async def _edit_page(request: Asked, found: UnionView, form: Form, *, status: int = 200) -> Answer:
    lang = lang_of(request.scope)
    context = {
        "form": form,
        "one": found,
        "way": await way_to(found, lang),
        "levels": levels(lang),
        "cities": cities_of(lang),
        "back": union_path_of(found.id),
    }
    return await page(request, "desk/union_form.html", context, status=status)


async def _move_page(
    request: Asked,
    actor: Actor,
    found: UnionView,
    form: Form,
    *,
    preview: UnionMovePreview | None = None,
    status: int = 200,
) -> Answer:
    lang = lang_of(request.scope)
    context = {
        "form": form,
        "name": found.name.in_language(lang),
        "way": await way_to(found, lang),
        "effects": _effects(preview, lang) if preview else [],
        "unions": [
            Option(one.path.rstrip("."), value=one.name.in_language(lang))
            for one in await subtrees(actor, Right.KEEP_UNIONS)
            if not one.path.startswith(found.path)
        ],
        "back": union_path_of(found.id),
    }
    return await page(request, "desk/union_move.html", context, status=status)


def _effects(preview: UnionMovePreview, lang: Lang) -> list[dict[str, object]]:
    paths = {"path": preview.path.rstrip("."), "moved": preview.moved_path.rstrip(".")}
    told = [("unions", preview.size.unions), ("members", preview.size.members), ("path", None), ("roles", None)]
    return [{"n": n, "words": say(lang, f"unions.effect_{key}", **paths)} for key, n in told if n != 0]


async def _remove_page(request: Asked, found: UnionView, form: Form, *, status: int = 200) -> Answer:
    lang = lang_of(request.scope)
    context = {
        "form": form,
        "way": await way_to(found, lang),
        "title": say(lang, "unions.remove_title", name=found.name.in_language(lang)),
        "words": say(lang, "unions.remove_words"),
        "effects": [{"n": None, "words": say(lang, "unions.effect_removed")}],
        "do": "remove",
        "label": say(lang, "unions.remove_do"),
        "back": union_path_of(found.id),
    }
    return await page(request, "desk/confirm.html", context, status=status)


ROUTES = [edit, change, ask_move, move, ask_remove, remove]
