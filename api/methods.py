"""Which methods an address takes. The router tells all but HEAD, and that only to who comes with a wrong one."""

from collections.abc import Mapping
from typing import Any, NamedTuple, cast

from litestar import Litestar
from litestar.exceptions import HTTPException
from litestar.handlers import HTTPRouteHandler
from litestar.types import ASGIApp, HTTPScope, Message, Receive, Scope, Send
from litestar.utils import normalize_path

from api.asgi import body, changed, is_http, start

NO_METHOD = "NONE"


def with_options(app: ASGIApp) -> ASGIApp:
    """Answer OPTIONS with what the router would tell of a method that there is not; name HEAD wherever there is GET."""

    async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
        if not is_http(scope):
            await app(scope, receive, send)
            return
        asks = scope["method"] == "OPTIONS"

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [_with_head(name, value) for name, value in message["headers"]]
                if asks and message["status"] == 405:
                    message = start(204, [header for header in message["headers"] if header[0].lower() == b"allow"])
            elif asks and message["type"] == "http.response.body":
                message = body()
            await send(message)

        await app(changed(scope, {"method": NO_METHOD}) if asks else scope, receive, sending)

    return wrapped


class Found(NamedTuple):
    """What the router has for an address and method: the handler, and what is in the address."""

    handler: HTTPRouteHandler
    parameters: Mapping[str, Any]


def found(core: Litestar, scope: HTTPScope) -> Found | None:
    """What the router has for the address and method of a request, if it has anything."""
    try:
        routed = core.asgi_router.handle_routing(path=normalize_path(scope["path"]), method=scope["method"])
    except HTTPException:
        return None
    return Found(cast(HTTPRouteHandler, routed[1]), routed[3])


def _with_head(name: bytes, value: bytes) -> tuple[bytes, bytes]:
    if name.lower() != b"allow":
        return name, value
    methods = {method.strip() for method in value.split(b",")}
    return name, b", ".join(sorted(methods | ({b"HEAD"} if b"GET" in methods else set())))
