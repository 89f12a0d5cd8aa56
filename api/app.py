"""The application: every way in, put together."""

import asyncio
import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from typing import Any

from litestar import Litestar, Response, Router
from litestar.types import ASGIApp

from api import ending, feeds, limits, live, logs, openapi, ready, v1, web
from api.asking import ReadingRequest, settle
from api.auth import admitted, identified, provide_actor
from api.away import available
from api.conditional import conditional, version_header
from api.direct import direct
from api.idempotency import LARGEST_BODY, idempotent
from api.methods import found, with_options
from api.streaming import walking
from events import operating, publishing, working


@cache
def create_core() -> Litestar:
    """The routes with everything that belongs to them: put together once, they keep nothing of a request."""
    return Litestar(
        route_handlers=[
            Router("/api/v1", route_handlers=v1.ROUTES, before_request=settle, after_request=with_version),
            *feeds.ROUTES,
            *live.ROUTES,
            *openapi.ROUTES,
            *web.ROUTES,
        ],
        dependencies={"actor": provide_actor},
        exception_handlers=web.HANDLERS,
        request_class=ReadingRequest,
        request_max_body_size=LARGEST_BODY,
        openapi_config=None,
        lifespan=[running],
        logging_config=None,
    )


def create_app() -> ASGIApp:
    """The routes behind what every request passes: who asks, its share, tags and 304, once and only once.

    What lies ready is handed out before all of it.
    """
    logs.configure()
    core, store = create_core(), ready.store()
    inner = idempotent(walking(with_options(core)), known=lambda scope: found(core, scope) is not None)
    inner = direct(inner, found=lambda scope: found(core, scope))
    made = conditional(admitted(inner, web.send_refusal))
    kept = ready.kept(made, store, lambda scope: found(core, scope))
    asked = identified(limits.limited(kept, web.send_refusal))
    return ready.served(live.handed_over(available(asked, web.send_refusal)), store)


@asynccontextmanager
async def running(_: Litestar) -> AsyncIterator[None]:
    """While the server runs: an engine, boards that follow the marks, ready answers, and a worker beside them."""
    await operating.start()
    _spare_what_is_loaded()
    silence = publishing.start()
    stop = asyncio.Event()
    worker = asyncio.create_task(working.work(stop))
    with ending.told_by_signals(), ready.store().listening():
        yield
    gc.unfreeze()
    stop.set()
    silence()
    await worker
    await operating.stop()


def _spare_what_is_loaded() -> None:
    """What is loaded by now stays. To look through it for garbage again and again would take a third of all time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)


async def with_version(response: Response[Any]) -> Response[Any]:
    """Tell `conditional` the version of the thing, for its tag."""
    response.headers.update(version_header(response.content))
    return response


app = create_app()
