"""The tree of unions: looked through level by level, found by name, added to."""

from typing import TypeAlias
from uuid import UUID

from litestar import get, post
from litestar.response import Stream
from msgspec import structs

from api.downloads import FileKind, download
from api.kinds import Asker, Id
from api.problems import STATUS, lang_of
from api.web.desk.filling import REFUSED, both, do, fill, fresh
from api.web.desk.frame import SHOWN, cursor_of, keeper, pager
from api.web.forms import Form, Option, Typed, asked, typed, wrong
from api.web.home import cities
from api.web.pages import Answer, Asked, page
from api.web.shapes import city
from api.wording import Lang, say
from events import exports, unions
from events.access import Actor, Right
from events.errors import Invalid, Reason
from events.terms import Level
from events.unions import UnionForm, UnionView

Way: TypeAlias = list[tuple[str, str]]
TREE = "/desk/unions"
FIELDS = {"name": "name_zh", "parent": ""}
BELOW = {
    Level.PROVINCE: Level.CITY,
    Level.CITY: Level.COUNTY,
    Level.INDUSTRY: Level.GRASS_ROOTS,
    Level.COUNTY: Level.GRASS_ROOTS,
    Level.GRASS_ROOTS: Level.GRASS_ROOTS,
}


@get(TREE)
async def top(request: Asked, actor: Asker) -> Answer:
    """The highest unions."""
    keeper(actor, Right.KEEP_UNIONS)
    return await _page(request, actor, None, fresh({"level": Level.PROVINCE.value}))


@post(TREE)
async def add_on_top(request: Asked, actor: Asker) -> Answer:
    """A new union above all others."""
    return await _add(request, actor, None)


@get(f"{TREE}/export")
async def export(request: Asked, actor: Asker) -> Stream:
    """The whole tree as a file that can be imported again."""
    keeper(actor, Right.KEEP_UNIONS)
    lang = lang_of(request.scope)
    return download(exports.unions(structs.replace(actor, language=lang)), FileKind.XLSX, say(lang, "unions.title"))


@get(f"{TREE}/{{union_id:uuid}}")
async def union(request: Asked, actor: Asker, union_id: Id) -> Answer:
    """One union with those right below it."""
    keeper(actor, Right.KEEP_UNIONS)
    found = await unions.look(union_id)
    return await _page(request, actor, found, fresh({"level": BELOW[found.level].value, "city": found.city}))


@post(f"{TREE}/{{union_id:uuid}}")
async def add_below(request: Asked, actor: Asker, union_id: Id) -> Answer:
    """A new union below one."""
    keeper(actor, Right.KEEP_UNIONS)
    return await _add(request, actor, await unions.look(union_id))


def union_path_of(union_id: UUID | None) -> str:
    """The address of a union on the desk, or of the top."""
    return f"{TREE}/{union_id}" if union_id else TREE


async def way_to(found: UnionView, lang: Lang) -> Way:
    """The way from the desk to a union, for the pages below its own."""
    above = [*await unions.ancestors(found.id), found]
    top = [(say(lang, "common.nav_desk"), "/desk"), (say(lang, "unions.title"), TREE)]
    return top + [(one.name.in_language(lang), union_path_of(one.id)) for one in above]


def levels(lang: Lang) -> list[Option]:
    """The levels of the tree to choose from."""
    return [Option(say(lang, f"unions.level_{level}"), value=level.value) for level in Level]


def cities_of(lang: Lang) -> list[Option]:
    """The cities of the province to choose from, by the name that is kept."""
    return [Option(city(name, lang), value=name) for name in cities()]


def plain(given: Typed) -> dict[str, object]:
    """What every form of a union says."""
    return {
        "name": both(given, "name"),
        "level": given.get("level", ""),
        "city": given.get("city", ""),
    }


async def _add(request: Asked, actor: Actor, above: UnionView | None) -> Answer:
    keeper(actor, Right.KEEP_UNIONS)
    given = await typed(request)

    async def work() -> str:
        parent = str(above.id) if above else ""
        return union_path_of((await unions.add(actor, _form(given, parent))).id)

    try:
        return await do(request, actor, given, work, said="said.union_added")
    except REFUSED as refusal:
        form = wrong(given, refusal, lang_of(request.scope), FIELDS)
        return await _page(request, actor, above, form, status=STATUS[type(refusal)])


def _form(given: Typed, parent: str) -> UnionForm:
    """What was typed as the verb's form; what a code may be is said in full."""
    try:
        return fill({**plain(given), "code": given.get("code", "").strip(), "parent": parent}, UnionForm)
    except Invalid as refusal:
        wrong_code = Reason("union_code_form", "/code")
        raise Invalid(*(wrong_code if one.code == "bad_characters" else one for one in refusal.reasons)) from refusal


def _line(one: UnionView, lang: Lang) -> dict[str, object]:
    return {
        "name": one.name.in_language(lang),
        "level": say(lang, f"unions.level_{one.level}"),
        "city": city(one.city, lang),
        "path": one.path.rstrip("."),
        "members": one.members,
        "children": one.children,
        "url": union_path_of(one.id),
    }


async def _page(request: Asked, actor: Actor, found: UnionView | None, form: Form, *, status: int = 200) -> Answer:
    lang, text = lang_of(request.scope), asked(request).get("q", "")[:80]
    here, cursor = found.id if found else None, cursor_of(request)
    if text.strip():
        listed = await unions.find(text, within=here, cursor=cursor, limit=SHOWN)
    else:
        listed = await unions.children(here, cursor=cursor, limit=SHOWN)
    context = {
        "form": form,
        "q": text,
        "one": _line(found, lang) if found else None,
        "size": await unions.size(found.id) if found else None,
        "most": unions.MOST_COUNTED,
        "way": (await way_to(found, lang))[:-1] if found else [(say(lang, "common.nav_desk"), "/desk")],
        "rows": [_line(one, lang) for one in listed.items],
        "pager": pager(request, listed),
        "levels": levels(lang),
        "cities": cities_of(lang),
        "may_add": actor.may(Right.KEEP_UNIONS, union_path=found.path if found else ""),
        "people_url": f"/desk/people?union={here}"
        if found and actor.may(Right.KEEP_PEOPLE, union_path=found.path)
        else "",
    }
    return await page(request, "desk/unions.html", context, status=status)


ROUTES = [top, add_on_top, export, union, add_below]
