"""What is settled before a handler is called: that somebody is signed in where need be, how input is written."""

from collections import Counter
from decimal import Decimal
from typing import Any

import msgspec
from litestar import Request
from litestar.exceptions import HTTPException

from api.auth import actor_of_scope
from api.direct import FAILURE
from api.openapi.operations import Operation, operations
from api.reading import read
from events import access
from events.errors import Reason, refuse

JSON = msgspec.json.Decoder(float_hook=Decimal)
_known: dict[str, Operation] = {operation.id: operation for operation in operations()}


class ReadingRequest(Request[Any, Any, Any]):
    """A request whose JSON is read strictly into the handler's form, so that every wrong field is named at once.

    A number with a fraction is read as the decimal that it is.
    """

    async def json(self) -> Any:
        """The body as the form that the handler takes."""
        if self.content_type[0] not in ("", "application/json"):  # a form on another site could send those
            raise HTTPException(status_code=415)
        field = self.route_handler.parsed_data_field
        try:
            found = JSON.decode(await self.body() or b"null")
        except (msgspec.DecodeError, RecursionError) as error:
            raise HTTPException(status_code=400) from error
        return found if field is None else read(found, field.annotation)


async def settle(request: Request[Any, Any, Any]) -> None:
    """Ask who it is before anything else is looked at; refuse parameters that are given twice, or as null.

    What went wrong before the router is answered here like all else.
    """
    if failure := request.scope.get(FAILURE):
        raise failure  # type: ignore[misc]  # ours, not the server's
    operation = _known.get(getattr(request.route_handler, "operation_id", None) or "")
    if operation is None:
        return
    if operation.signed_in:
        access.signed_in(actor_of_scope(request.scope))
    refuse(_badly_written(request, operation))


def _badly_written(request: Request[Any, Any, Any], operation: Operation) -> list[Reason]:
    given = list(request.query_params.multi_items())
    count = Counter(name for name, _ in given)
    asked = {parameter.name: parameter for parameter in operation.parameters if parameter.where == "query"}
    return [
        Reason("wrong_value", f"/{name}")
        for name, value in dict(given).items()
        if name in asked and (count[name] > 1 or (value.lower() == "null" and not asked[name].is_text))
    ]
