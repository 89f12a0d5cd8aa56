"""Unions to choose from: those in whose name somebody organises, keeps people, or keeps the tree itself."""

from collections.abc import Iterable
from uuid import UUID

from api.web.forms import Option
from api.wording import Lang
from events import unions
from events.access import Actor, Right
from events.errors import Invalid, Reason
from events.unions import UnionView

MOST = 500
MOST_MEANT = 100


def may_create(actor: Actor) -> bool:
    """Whether somebody may organise for a union at all, and not only help with one event."""
    return bool(actor.scope(Right.ORGANISE)[1])


async def organisers(actor: Actor, lang: Lang) -> list[Option]:
    """The unions that somebody may organise for, each below the one above it."""
    return _indented(await subtrees(actor, Right.ORGANISE), lang)


async def subtrees(actor: Actor, right: Right) -> list[UnionView]:
    """The unions in which somebody has a right, as many as can be chosen from."""
    return [
        one for top in await _tops(actor, right) for one in (await unions.subtree(top.id, limit=MOST)).items
    ]  # fmt: skip


async def nearby(actor: Actor, right: Right, chosen: UUID | None, lang: Lang) -> list[Option]:
    """The unions to go to from the chosen one: those above, right below, and the first two levels of one's own."""
    tops = await _tops(actor, right)
    found = [*tops]
    for top in tops:
        found += (await unions.children(top.id, limit=MOST)).items
    if chosen:
        found += [*await unions.ancestors(chosen), await unions.look(chosen)]
        found += (await unions.children(chosen, limit=MOST)).items
    return _indented([one for one in found if actor.may(right, union_path=one.path)], lang)


async def union_meant(text: str, actor: Actor | None = None, right: Right = Right.SEE) -> str:
    """The id of the union that is meant by its code, its path or a name that no other has; "" for no text.

    With an actor only those count in which the actor has the right.
    """
    if not text.strip():
        return ""
    found = (await unions.find(text, limit=MOST_MEANT)).items
    within = [one for one in found if actor is None or actor.may(right, union_path=one.path)]
    same = [one for one in within if _is(one, text.strip())] or within
    if len(same) != 1:
        raise Invalid(Reason("union_unclear", "/union", {"n": len(same)}))
    return str(same[0].id)


def _is(union: UnionView, text: str) -> bool:
    return text in (union.name.zh, union.name.en, union.code, union.path, union.path.rstrip("."))


async def _tops(actor: Actor, right: Right) -> list[UnionView]:
    """The highest unions in which somebody has a right."""
    found: list[UnionView] = []
    for path in sorted(set(actor.scope(right)[1])):
        if not path:
            return (await unions.children(limit=MOST)).items
        if not any(path.startswith(one.path) for one in found):
            found += [one for one in (await unions.find(path)).items if one.path == path]
    return found


def _indented(found: Iterable[UnionView], lang: Lang) -> list[Option]:
    """Each below the one above it, and further in."""
    by_path = {one.path: one for one in found}
    least = min((path.count(".") for path in by_path), default=0)
    return [
        Option("　" * (path.count(".") - least) + one.name.in_language(lang), value=str(one.id))
        for path, one in sorted(by_path.items())
    ]
