"""Everything that can go wrong, answered: problem documents for programs, pages for people, and never a stack."""

from collections.abc import Sequence

import msgspec
import structlog
from litestar import Request, Response
from litestar.exceptions import HTTPException, ValidationException
from litestar.types import ExceptionHandlersMap, Scope, Send

from api import problems, reading
from api.problems import lang_of
from events.errors import Reason, Refusal, Unavailable

log = structlog.get_logger()


def answer(request: Request, status: int, reasons: Sequence[Reason]) -> Response:  # type: ignore[type-arg]
    """The problem document for some reasons."""
    document = problems.problem(status, reasons, lang_of(request.scope))
    return Response(document, status_code=status, media_type=problems.MEDIA_TYPE)


def on_refusal(request: Request, refusal: Refusal) -> Response:  # type: ignore[type-arg]
    """A verb was refused."""
    note(refusal)
    document = problems.of_refusal(refusal, lang_of(request.scope))
    response = Response(document, status_code=document.status, media_type=problems.MEDIA_TYPE)
    response.headers.update(problems.headers_of(document.status))
    return response


def note(refusal: Refusal) -> None:
    """Whoever runs the installation is to know of a database that is away."""
    if isinstance(refusal, Unavailable):
        log.warning("database away", error=str(refusal.__cause__ or refusal))


def on_validation(request: Request, error: ValidationException) -> Response:  # type: ignore[type-arg]
    """Input of the wrong form: named field by field."""
    return answer(request, 422, _reasons(error) or [Reason("wrong_value")])


def on_http(request: Request, error: HTTPException) -> Response:  # type: ignore[type-arg]
    """What the framework refuses: no such path, method, media type, malformed JSON, too large."""
    code = {400: "malformed", 404: "not_found", 405: "method", 413: "too_large", 415: "media_type"}.get(
        error.status_code
    )
    response = answer(request, error.status_code, [Reason(code or "wrong_value")])
    response.headers.update(error.headers or {})
    return response


def on_anything(request: Request, error: Exception) -> Response:  # type: ignore[type-arg]
    """Our own fault: logged with its trace, told without."""
    log.error("failed", method=request.method, route=request.scope.get("path_template", ""), exc_info=error)
    return answer(request, 500, [Reason("internal")])


HANDLERS: ExceptionHandlersMap = {
    Refusal: on_refusal,
    ValidationException: on_validation,
    HTTPException: on_http,
    Exception: on_anything,
}


async def send_problem(
    scope: Scope, send: Send, refusal: Refusal, *, headers: Sequence[tuple[bytes, bytes]] = ()
) -> None:
    """Answer a refusal from outside of the router."""
    note(refusal)
    document = problems.of_refusal(refusal, lang_of(scope))
    own = [(name.lower().encode(), value.encode()) for name, value in problems.headers_of(document.status).items()]
    start = [(b"content-type", problems.MEDIA_TYPE.encode()), *own, *headers]
    await send({"type": "http.response.start", "status": document.status, "headers": start})
    await send({"type": "http.response.body", "body": msgspec.json.encode(document), "more_body": False})


def _reasons(error: ValidationException) -> list[Reason]:
    flaws = error.extra if isinstance(error.extra, list) else []
    return [_reason(str(flaw.get("key", "data")), str(flaw.get("message", ""))) for flaw in flaws]


def _reason(name: str, message: str) -> Reason:
    """A parameter that is wrong, or the body that is missing."""
    return Reason("missing") if name == "data" else reading.reason_of(f"/{name}", message)
