"""Where the description of the API is served."""

from functools import cache
from typing import Annotated, Literal

import msgspec
from litestar import MediaType, Response, get
from litestar.params import QueryParameter

from api.openapi.document import document
from api.wording import Lang


@get("/api/openapi.json", name="openapi")
async def openapi(lang: Annotated[Literal["zh", "en"], QueryParameter()] = "en") -> Response[bytes]:
    """The OpenAPI document."""
    return Response(ready(lang), media_type=MediaType.JSON)


@cache
def ready(lang: Lang) -> bytes:
    """The document as it is sent, built once."""
    return msgspec.json.encode(document(lang))


ROUTES = [openapi]
