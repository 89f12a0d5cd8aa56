"""Style, script and pictures under names that carry their hash: read once, kept by browsers for ever."""

from functools import cache
from mimetypes import guess_type

from litestar import get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Response

from api.ready.words import PROGRAM
from api.web.rendering import HERE, asset

HEADERS = {"Cache-Control": "public, max-age=31536000, immutable", "X-Content-Type-Options": "nosniff"}


@cache
def files() -> dict[str, bytes]:
    """Every static file by its address."""
    return {asset(path.name): path.read_bytes() for path in (HERE / "static").iterdir()}


@get("/static/{name:str}", name="static", ready=PROGRAM)
async def static_file(name: FromPath[str]) -> Response[bytes]:
    """One file."""
    found = files().get(f"/static/{name}")
    if found is None:
        raise NotFoundException
    media_type = guess_type(name)[0] or "application/octet-stream"
    return Response(found, media_type=media_type, headers=HEADERS)
