"""Where the description of the API is served."""

from functools import cache
from typing import Annotated, Literal

import msgspec
from litestar import MediaType, Response, get
from litestar.params import FromPath, QueryParameter
from litestar.types import ControllerRouterHandler

from api.openapi.document import document
from api.openapi.reference import resources
from api.problems import lang_of
from api.ready import PROGRAM
from api.ready import page as page_of
from api.web.pages import Asked, Page, page
from api.wording import Lang
from events import access


@get("/api/openapi.json", name="openapi", ready=PROGRAM)
async def openapi(lang: Annotated[Literal["zh", "en"], QueryParameter()] = "en") -> Response[bytes]:
    """The OpenAPI document."""
    return Response(ready(lang), media_type=MediaType.JSON)


@get("/api", name="reference", ready=page_of(PROGRAM))
async def reference(request: Asked) -> Page:
    """How the API works, and its resources."""
    return await page(request, "reference.html", {"resource": None, "resources": _resources(request)})


@get("/api/reference/{name:str}", name="reference_of_resource", ready=page_of(PROGRAM))
async def reference_of_resource(request: Asked, name: FromPath[str]) -> Page:
    """The operations of one resource, each to be tried."""
    found = resources(lang_of(request.scope)).get(name)
    if found is None:
        raise access.not_found()
    return await page(request, "reference.html", {"resource": found, "resources": _resources(request)})


def _resources(request: Asked) -> list[object]:
    return list(resources(lang_of(request.scope)).values())


@cache
def ready(lang: Lang) -> bytes:
    """The document as it is sent, built once."""
    return msgspec.json.encode(document(lang))


ROUTES: list[ControllerRouterHandler] = [openapi, reference, reference_of_resource]
