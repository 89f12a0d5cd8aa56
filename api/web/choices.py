"""What a reader chooses for this browser: the language, light or dark."""

from litestar import get
from litestar.response import Redirect

from api.asgi import THEMES
from api.web.forms import asked
from api.web.pages import YEAR, Asked, cookie, own_path, redirect


@get("/language")
async def language(request: Asked) -> Redirect:
    """Go on in the other language: /language?to=en&next=/events/..."""
    given = asked(request)
    response = redirect(own_path(given.get("next")))
    if given.get("to") in ("zh", "en"):
        response.set_cookie(cookie("lang", given["to"], max_age=YEAR))
    return response


@get("/theme")
async def theme(request: Asked) -> Redirect:
    """Go on in light or dark, or as the device wants (any other value)."""
    given = asked(request)
    response = redirect(own_path(given.get("next")))
    if given.get("to") in THEMES:
        response.set_cookie(cookie("theme", given["to"], max_age=YEAR))
    else:
        response.delete_cookie("theme")
    return response


ROUTES = [language, theme]
