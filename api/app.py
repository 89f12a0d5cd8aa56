"""The application: every way in, put together."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import msgspec
from litestar import Litestar, Request, Response, Router
from litestar.exceptions import HTTPException
from litestar.types import ASGIApp

from api import ending, feeds, limits, live, openapi, v1, web
from api.auth import actor_of_scope, authenticated, provide_actor
from api.conditional import conditional
from api.idempotency import LARGEST_BODY, idempotent
from api.methods import with_options
from api.openapi.operations import operations
from api.streaming import walking
from events import access, operating, publishing, working

SIGNED_IN = frozenset(operation.id for operation in operations() if operation.signed_in)


class RememberingRequest(Request[Any, Any, Any]):
    """A request that remembers its JSON, so that every wrong field can be named and not only the first."""

    async def json(self) -> Any:
        """The body's JSON; other media types are refused, for a form on another site could send those."""
        if self.content_type[0] not in ("", "application/json"):
            raise HTTPException(status_code=415)
        self.scope["read"] = await super().json()  # type: ignore[typeddict-unknown-key]
        return self.scope["read"]  # type: ignore[typeddict-item]


def create_core() -> Litestar:
    """The routes with everything that belongs to them."""
    return Litestar(
        route_handlers=[
            Router(
                "/api/v1", route_handlers=v1.ROUTES, before_request=require_signed_in, after_request=with_version
            ),
            *feeds.ROUTES,
            *live.ROUTES,
            *openapi.ROUTES,
            *web.ROUTES,
        ],
        dependencies={"actor": provide_actor},
        exception_handlers=web.HANDLERS,
        request_class=RememberingRequest,
        request_max_body_size=LARGEST_BODY,
        openapi_config=None,
        lifespan=[running],
        logging_config=None,
    )


def create_app() -> ASGIApp:
    """The routes behind what every request passes: its share, tags and 304, who asks, once and only once."""
    core = create_core()
    return limits.limited(conditional(authenticated(idempotent(walking(with_options(core))))))


@asynccontextmanager
async def running(_: Litestar) -> AsyncIterator[None]:
    """While the server runs: an engine, boards that follow the marks, and a worker beside the requests."""
    await operating.start()
    silence = publishing.start()
    stop = asyncio.Event()
    worker = asyncio.create_task(working.work(stop))
    with ending.told_by_signals():
        yield
    stop.set()
    silence()
    await worker
    await operating.stop()


async def require_signed_in(request: Request[Any, Any, Any]) -> None:
    """Ask who it is before anything else is looked at, where an operation is not for everybody."""
    if getattr(request.route_handler, "operation_id", None) in SIGNED_IN:
        access.signed_in(actor_of_scope(request.scope))


async def with_version(response: Response[Any]) -> Response[Any]:
    """Tell `conditional` the version of the thing, for its tag."""
    version = getattr(response.content, "version", None)
    if isinstance(response.content, msgspec.Struct) and isinstance(version, int):
        response.headers["x-version"] = f"{version}-"
    return response


app = create_app()
