"""The people of one's unions: found by name, pinyin or number, within a part of the tree; the whole list as a file."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from litestar import get, post
from litestar.response import Stream
from msgspec import Struct, structs

from api.downloads import FileKind, download
from api.kinds import Asker
from api.problems import lang_of
from api.reading import read
from api.web.desk.frame import SHOWN, cursor_of, keeper, pager
from api.web.desk.unions_of import nearby
from api.web.finding import LONGEST_SEARCH, find
from api.web.forms import Form, asked, typed
from api.web.pages import Answer, Asked, page, redirect
from api.wording import Lang, say
from events import exports, people
from events.access import Actor, Right
from events.errors import invalid
from events.paging import Page as Found
from events.people import PersonView
from events.text import Line

LIST = "/desk/people"


class Filters(Struct, frozen=True):
    """What the list can be asked."""

    q: Line = ""
    union: UUID | None = None


@get(LIST)
async def listing(request: Asked, actor: Asker) -> Answer:
    """The people, by name."""
    keeper(actor, Right.KEEP_PEOPLE)
    if people.has_figures(asked(request).get("q", "")):
        invalid("number_in_address", "/q")
    return await _page(request, actor, Form(asked(request)))


@post(LIST)
async def search(request: Asked, actor: Asker) -> Answer:
    """Look for somebody; a number that one person has leads to that person."""
    keeper(actor, Right.KEEP_PEOPLE)
    given = await typed(request)
    if named := find(request, given):
        return named
    found = (await _found(request, actor, _filters(given))).items
    return redirect(person_path(found[0].id)) if len(found) == 1 else await _page(request, actor, Form(given))


@post(f"{LIST}/export", status_code=200)
async def export(request: Asked, actor: Asker) -> Stream:
    """The list as a workbook, in the reader's language, masked; the log says who took it."""
    keeper(actor, Right.KEEP_PEOPLE)
    lang, filters = lang_of(request.scope), _filters(await typed(request))
    rows = await exports.people(structs.replace(actor, language=lang), union=filters.union)
    return download(rows, FileKind.XLSX, say(lang, "people.title"))


def person_path(person: UUID) -> str:
    """The address of a person on the desk."""
    return f"{LIST}/{person}"


def person_line(one: PersonView, lang: Lang) -> dict[str, object]:
    """A person as lists show one: who, born when, and what of the numbers may be seen."""
    return {
        "id": str(one.id),
        "person": {"name": one.name, "union": union_of(one, lang), "code": ""},
        "union_name": one.union_name.in_language(lang) if one.union_name else "",
        "sex": say(lang, f"people.sex_{one.sex}") if one.sex else "",
        "born": born(one.born),
        "identity_number": one.identity_number,
        "phone": one.phone,
        "mail": one.mail,
        "joined": born(one.joined_on),
        "has_account": one.has_account,
        "account": say(lang, "people.account_yes" if one.has_account else "people.account_no"),
        "url": person_path(one.id),
    }


def union_of(one: PersonView, lang: Lang) -> str:
    """The union that a person is a member of."""
    return one.union_name.in_language(lang) if one.union_name else say(lang, "people.no_union")


def born(day: date | None) -> str:
    """A day as identity cards write it."""
    return day.isoformat() if day else ""


def _filters(given: Mapping[str, str]) -> Filters:
    wanted = {"q": given.get("q", "").strip()[:LONGEST_SEARCH], "union": given.get("union", "")}
    return read({name: value for name, value in wanted.items() if value}, Filters, strict=False)


async def _found(request: Asked, actor: Actor, filters: Filters) -> Found[PersonView]:
    return await people.search(actor, filters.q, union=filters.union, cursor=cursor_of(request), limit=SHOWN)


async def _page(request: Asked, actor: Actor, form: Form) -> Answer:
    lang, filters = lang_of(request.scope), _filters(form.given)
    found = await _found(request, actor, filters)
    union = f"?union={filters.union}" if filters.union else ""
    context = {
        "form": form,
        "unions": await nearby(actor, Right.KEEP_PEOPLE, filters.union, lang),
        "filtered": bool(filters.q or filters.union),
        "rows": [person_line(one, lang) for one in found.items],
        "pager": pager(request, found),
        "new_url": f"{LIST}/new{union}",
    }
    return await page(request, "desk/people.html", context)


ROUTES = [listing, search, export]
