"""The unions in whose name somebody organises, to choose from."""

from api.web.forms import Option
from api.wording import Lang
from events import unions
from events.access import Actor, Right
from events.errors import Invalid, Reason
from events.unions import UnionView

MOST = 500
SEVERAL = 100


def may_create(actor: Actor) -> bool:
    """Whether somebody may organise for a union at all, and not only help with one event."""
    return bool(actor.scope(Right.ORGANISE)[1])


async def union_named(text: str) -> str:
    """The id of the union that is meant by its code, its path or a name that no other has; Invalid union_unclear."""
    if not text.strip():
        return ""
    found = (await unions.find(text, limit=SEVERAL)).items
    same = [one for one in found if text.strip() in (one.name.zh, one.name.en, one.code, one.path)] or found
    if len(same) != 1:
        raise Invalid(Reason("union_unclear", "/union", {"n": len(same)}))
    return str(same[0].id)


async def organisers(actor: Actor, lang: Lang) -> list[Option]:
    """The unions that somebody may organise for, each below the one above it."""
    found: dict[str, UnionView] = {}
    for path in sorted(set(actor.scope(Right.ORGANISE)[1])):
        tops = (await unions.find(path)).items if path else (await unions.children()).items
        for top in tops:
            found |= {one.path: one for one in (await unions.subtree(top.id, limit=MOST)).items}
    least = min((path.count(".") for path in found), default=0)
    return [
        Option("　" * (path.count(".") - least) + one.name.in_language(lang), value=str(one.id))
        for path, one in sorted(found.items())
    ]
