"""The stack without Magpie: what a handler that does nothing can come to. Served by uvicorn like Magpie itself."""

from typing import Any

from litestar import Litestar, Response, get, post

from benchmarks.harness.web import FILE


@post("/nothing")
async def nothing(data: dict[str, Any]) -> dict[str, Any]:
    """A request read and answered, and nothing done."""
    return data


@get("/file")
async def file() -> Response[bytes]:
    """A thousand bytes out of memory."""
    return Response(FILE, media_type="application/octet-stream")


app = Litestar([nothing, file], openapi_config=None, logging_config=None)
