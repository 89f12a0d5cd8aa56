"""Which events to have in one's own calendar."""

from urllib.parse import urlencode

from litestar import get
from msgspec import Struct

from api import ready
from api.kinds import Asker
from api.problems import lang_of
from api.reading import read
from api.web.forms import Form, Option, asked
from api.web.home import cities, today_here
from api.web.pages import Asked, Page, absolute, page
from api.web.shapes import city
from api.wording import Lang, say
from events import calendars, organising, unions
from events.access import ANONYMOUS
from events.organising import EventQuery
from events.terms import Kind
from events.text import Line
from events.unions import UnionView

MOST = 500


class Wish(Struct, frozen=True):
    """What a feed is narrowed by; an empty choice is none."""

    kind: Line = ""
    city: Line = ""
    union: Line = ""


@get("/calendar", ready=ready.page(ready.EVENTS))
async def calendar_page(request: Asked, actor: Asker) -> Page:
    """The address of a feed, as it is wished."""
    lang = lang_of(request.scope)
    wish = read(asked(request), Wish, strict=False)
    kind = read(wish.kind, Kind) if wish.kind else None
    union = await calendars.union_of(wish.union) if wish.union else None
    given = {"kind": wish.kind, "city": wish.city, "union": wish.union}
    query = urlencode({name: value for name, value in given.items() if value} | {"lang": lang})
    url = absolute(f"/calendar.ics?{query}")
    wanted = EventQuery(kind=kind, city=wish.city, union=union.path if union else "", first=today_here())
    words = [say(lang, f"common.kind_{kind}")] if kind else []
    words += [city(wish.city, lang)] if wish.city else []
    words += [union.name.in_language(lang)] if union else []
    context = {
        "form": Form(given),
        "kinds": [Option(say(lang, f"common.kind_{one}"), value=one) for one in Kind],
        "cities": [Option(city(name, lang), value=name) for name in cities()],
        "unions": await _unions(lang),
        "feed": {
            "url": url,
            "webcal": f"webcal://{url.partition('://')[2]}",
            "words": say(lang, "event.comma").join(words) or say(lang, "calendar.feed_all"),
            "count": await organising.count(ANONYMOUS, wanted),
        },
        "private_url": "/me" if actor.account else "",
    }
    return await page(request, "calendar_subscribe.html", context)


async def _unions(lang: Lang) -> list[Option]:
    """The top of the tree: the federation, its cities and industries."""
    found: list[UnionView] = []
    for top in (await unions.children()).items:
        found += [top, *(await unions.children(top.id, limit=MOST)).items]
    return [Option(one.name.in_language(lang), value=one.path) for one in found]
