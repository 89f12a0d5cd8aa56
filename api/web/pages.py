"""What every page shares: the frame around it, its headers, the way from one address to the next."""

from collections.abc import Mapping
from functools import cache
from typing import Any, TypeAlias
from urllib.parse import quote, urlencode

from jinja2 import Environment
from litestar import Request
from litestar.datastructures import Cookie
from litestar.enums import MediaType
from litestar.response import Redirect, Response
from litestar.status_codes import HTTP_303_SEE_OTHER

from api.asgi import theme_in
from api.auth import actor_of_scope
from api.problems import lang_of
from api.web.rendering import environment
from api.wording import Lang, say, texts
from events import clock, messages, settings
from events.access import Actor, Right

Asked: TypeAlias = Request[Any, Any, Any]
Page: TypeAlias = Response[str]
Answer: TypeAlias = Page | Redirect
Context: TypeAlias = Mapping[str, object]

# Everything comes from here, nothing stands inline, and no other site may frame us.
HEADERS = {
    "Content-Security-Policy": "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "private, no-cache",
    "Vary": "Accept-Language, Cookie",
}
LONGEST_ADDRESS = 2000
YEAR = 365 * 24 * 3600


async def page(request: Asked, template: str, context: Context, *, status: int = 200) -> Page:
    """A page in the reader's language, with the frame that all pages have."""
    actor = actor_of_scope(request.scope)
    unread = await messages.unread(actor) if actor.account else 0
    return render(request, template, context, status=status, unread=unread)


def render(request: Asked, template: str, context: Context, *, status: int = 200, unread: int = 0) -> Page:
    """A page whose frame needs nothing from the database."""
    lang = lang_of(request.scope)
    said = flash(request, lang)
    frame = frame_of(request, lang, unread) | {"flash": {"text": said, "undo": None} if said else None}
    text = templates(lang).get_template(template).render({**frame, **context})
    response = Response(text, status_code=status, media_type=MediaType.HTML, headers=HEADERS)
    if said:
        response.delete_cookie("flash")
    return response


def frame_of(request: Asked, lang: Lang, unread: int) -> dict[str, object]:
    """What the frame of a page shows (api/web/templates/base.html)."""
    actor = actor_of_scope(request.scope)
    path = path_of(request)
    return {
        "path": path,
        "theme": theme_in(request.cookies),
        "other_lang_url": f"/language?{urlencode({'to': 'zh' if lang == 'en' else 'en', 'next': path})}",
        "me": _me(actor, unread) if actor.account else None,
    }


@cache
def templates(lang: Lang) -> Environment:
    """The templates of one language, compiled once."""
    return environment(lang, clock.now)


def redirect(to: str, *, said: str = "") -> Redirect:
    """Go on at another of our own addresses after a form was taken; `said` is the key of a text shown there."""
    response = Redirect(quote(to, safe="/?&=#%:+,;~@!$'()*"), status_code=HTTP_303_SEE_OTHER)
    if said:
        response.set_cookie(cookie("flash", said, max_age=60))
    return response


def flash(request: Asked, lang: Lang) -> str:
    """What the page before wanted to be said here."""
    key = request.cookies.get("flash", "")
    return say(lang, key) if key.startswith("said.") and key in texts(lang) else ""


def cookie(name: str, value: str, *, max_age: int, path: str = "/") -> Cookie:
    """A cookie that no script reads and no other site's form carries."""
    secure = settings.current().secure
    return Cookie(name, path=path, value=value, max_age=max_age, httponly=True, samesite="lax", secure=secure)


def path_of(request: Asked) -> str:
    """The address that was asked for, with its query."""
    query = request.scope["query_string"].decode("latin-1")
    return request.scope["path"] + (f"?{query}" if query else "")


def own_path(wanted: object) -> str:
    """An address of ours to go on at; anything that leads elsewhere becomes the home page."""
    text = wanted if isinstance(wanted, str) else ""
    plain = text.isprintable() and "\\" not in text and " " not in text
    ours = text.startswith("/") and not text.startswith("//")
    return text if plain and ours and len(text) <= LONGEST_ADDRESS else "/"


def absolute(path: str) -> str:
    """An address as it is handed out: in QR codes, to calendars."""
    return settings.current().base_url.rstrip("/") + path


def _me(actor: Actor, unread: int) -> dict[str, object]:
    organises = actor.may_somewhere(Right.SEE)
    judges = any(actor.may_somewhere(right) for right in (Right.MARK, Right.SIGN_OFF))
    return {"name": actor.name, "organises": organises, "judges": judges, "unread": unread}
