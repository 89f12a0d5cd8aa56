"""Style, script and pictures under names that carry their hash: read once, packed once, kept by browsers for ever."""

import gzip
from functools import cache
from mimetypes import guess_type
from typing import NamedTuple

import brotli
from litestar import get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Response

from api.web.pages import Asked
from api.web.rendering import HERE, asset

FOR_EVER = "public, max-age=31536000, immutable"


class Kept(NamedTuple):
    """A file with its packed forms, by content coding."""

    media_type: str
    forms: dict[str, bytes]


@cache
def files() -> dict[str, Kept]:
    """Every static file by its address."""
    return {asset(path.name): _kept(path.name, path.read_bytes()) for path in (HERE / "static").iterdir()}


@get("/static/{name:str}", name="static")
async def static_file(request: Asked, name: FromPath[str]) -> Response[bytes]:
    """One file, as small as the browser can take it."""
    found = files().get(f"/static/{name}")
    if found is None:
        raise NotFoundException
    accepted = request.headers.get("accept-encoding", "")
    coding = next((coding for coding in ("br", "gzip") if coding in accepted), "")
    headers = {"Cache-Control": FOR_EVER, "Vary": "Accept-Encoding", "X-Content-Type-Options": "nosniff"}
    if coding:
        headers["Content-Encoding"] = coding
    return Response(found.forms[coding], media_type=found.media_type, headers=headers)


def _kept(name: str, plain: bytes) -> Kept:
    media_type = guess_type(name)[0] or "application/octet-stream"
    media_type += "; charset=utf-8" if media_type.startswith("text/") else ""
    return Kept(media_type, {"": plain, "br": brotli.compress(plain), "gzip": gzip.compress(plain, 9, mtime=0)})
