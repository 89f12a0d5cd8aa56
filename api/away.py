"""A database that is away for a while: what no route can answer is answered here, in the same words."""

from litestar.types import ASGIApp, Message, Receive, Scope, Send

from api.asgi import Refuse, is_http
from events.errors import Unavailable


def available(app: ASGIApp, refuse: Refuse) -> ASGIApp:
    """Refuse what could not even be looked at, unless its answer is on the way already."""

    async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
        begun = False

        async def sending(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await app(scope, receive, sending)
        except Unavailable as away:
            if begun or not is_http(scope):
                raise
            await refuse(scope, send, away, headers=[])

    return wrapped
