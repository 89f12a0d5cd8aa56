"""Pages that look the same to everybody who is not signed in: rendered once for each change of anything."""

from collections import OrderedDict
from collections.abc import Awaitable, Callable

from litestar.enums import MediaType
from litestar.response import Response

from api.problems import lang_of
from api.web.pages import HEADERS, Asked, Page, path_of
from events import clock, notices
from events.access import Actor

MOST = 200
# A notice may become visible after one with a higher number: for so long a page may lag behind it.
SECONDS = 5
_kept: OrderedDict[tuple[object, ...], str] = OrderedDict()


async def same_for_visitors(request: Asked, actor: Actor, make: Callable[[], Awaitable[Page]]) -> Page:
    """The page that `make` gives, or what it gave to another visitor while nothing has changed since."""
    if actor.account or "flash" in request.cookies:
        return await make()
    moment = int(clock.now().timestamp()) // SECONDS
    theme = request.cookies.get("theme", "")
    key = (path_of(request), lang_of(request.scope), theme, moment, await notices.stamp())
    if key not in _kept:
        _kept[key] = (await make()).content
        if len(_kept) > MOST:
            _kept.popitem(last=False)
    return Response(_kept[key], media_type=MediaType.HTML, headers=HEADERS)
