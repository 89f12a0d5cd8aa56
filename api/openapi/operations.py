"""What is known of every operation, read from its handler: where it is, what goes in and what comes out."""

import inspect
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Annotated, Any, get_args, get_origin, get_type_hints

from litestar import Response
from litestar.handlers import HTTPRouteHandler
from litestar.params import BodyKwarg, HeaderParameter, ParameterKwarg, PathParameter
from litestar.response import Stream
from litestar.types import Empty
from msgspec import Meta

from api import live, v1
from api.live import Opened
from api.streaming import NDJSON
from events.access import Actor

# What anybody may ask although the asker's rights count: all else that asks for an actor needs one.
OPEN_TO_ALL = frozenset({
    "list_events", "get_event", "get_verdict", "list_programme", "list_sessions", "get_session", "list_contests",
    "get_contest", "get_stage", "list_schemes", "get_scheme", "get_draw", "get_board", "list_board_versions",
    "export_board_csv", "export_board_xlsx", "get_draw_document", "get_fixtures", "get_explanation", "list_results",
    "list_tallies", "get_tally", "list_notices", "list_notices_of_event", "follow_notices", "follow_notices_of_event",
    "watch_board",
})  # fmt: skip
ENDLESS = (NDJSON, live.EVENTS)
LIMITS = ("ge", "gt", "le", "lt", "min_length", "max_length", "pattern")


@dataclass(frozen=True)
class Parameter:
    """One parameter: `where` is path, query or header; `kind` carries its limits as msgspec reads them."""

    name: str
    where: str
    kind: Any
    required: bool
    default: object
    description: str

    @property
    def is_text(self) -> bool:
        """Whether any text is a value of it."""
        return (get_args(self.kind) or (self.kind,))[0] is str


@dataclass(frozen=True)
class Operation:
    """One method of one address."""

    id: str
    tag: str
    method: str
    path: str
    description: str
    status: int
    media_type: str
    gives: Any
    takes: Any = None
    parameters: list[Parameter] = field(default_factory=list)
    signed_in: bool = False
    asks_who: bool = False
    events: dict[str, Any] = field(default_factory=dict)

    @property
    def endless(self) -> bool:
        """Whether the answer never ends."""
        return self.media_type in ENDLESS

    @property
    def is_file(self) -> bool:
        """Whether the answer is no JSON document, but a stream or a file."""
        return self.media_type != "application/json"

    @property
    def writes(self) -> bool:
        """Whether it may change something."""
        return self.method != "GET"


def operations() -> list[Operation]:
    """Every operation of the API, by resource."""
    resources = {**v1.RESOURCES, "boards": [*v1.RESOURCES["boards"], *live.ROUTES]}
    return [_operation(tag, handler) for tag, handlers in resources.items() for handler in handlers]


def _operation(tag: str, handler: HTTPRouteHandler) -> Operation:
    function = handler.fn
    hints = get_type_hints(function, include_extras=True)
    gives, takes = hints.pop("return"), hints.get("data")
    (path,), (method,) = handler.paths, handler.http_methods
    asks_who = any(_plain(hint) is Actor for hint in hints.values())
    name = str(handler.operation_id)
    return Operation(
        id=name,
        tag=tag,
        method=method,
        path=_address(path),
        description=inspect.getdoc(function) or "",
        status=handler.status_code,
        media_type=str(handler.media_type or "application/json"),
        gives=None if gives in (type(None), Stream, Opened) else _content(gives),
        takes=_plain(takes) if takes is not None else None,
        parameters=list(_parameters(inspect.signature(function), hints)),
        signed_in=asks_who and name not in OPEN_TO_ALL,
        asks_who=asks_who,
        events=handler.opt.get("events", {}),
    )


def _address(path: str) -> str:
    """The router's path as OpenAPI writes it."""
    parts = [f"{part.split(':')[0]}}}" if part.startswith("{") else part for part in path.split("/")]
    plain = "/".join(parts)
    return plain if plain.startswith("/api/") else f"/api/v1{plain}"


def _parameters(signature: inspect.Signature, hints: dict[str, Any]) -> Iterator[Parameter]:
    for name, hint in hints.items():
        marker = next((one for one in getattr(hint, "__metadata__", ()) if isinstance(one, ParameterKwarg)), None)
        if marker is None or isinstance(marker, BodyKwarg):
            continue
        default = signature.parameters[name].default
        where = (
            "path"
            if isinstance(marker, PathParameter)
            else "header"
            if isinstance(marker, HeaderParameter)
            else "query"
        )
        yield Parameter(
            name=marker.name or name,
            where=where,
            kind=_limited(_plain(hint), marker),
            required=default is inspect.Parameter.empty,
            default=None if default is inspect.Parameter.empty else default,
            description=marker.description or "",
        )


def _limited(kind: Any, marker: ParameterKwarg) -> Any:
    """A kind with its limits; what may be left out is never null in an address."""
    parts = [part for part in get_args(kind) if part is not type(None)]
    plain = parts[0] if type(None) in get_args(kind) else kind
    limits = {name: value for name in LIMITS if (value := getattr(marker, name)) not in (None, Empty)}
    return Annotated[plain, Meta(**limits)] if limits else plain


def _plain(hint: Any) -> Any:
    """The type without what the framework is told; msgspec's own limits stay."""
    if get_origin(hint) is not Annotated:
        return hint
    kind, *marks = get_args(hint)
    ours = [mark for mark in marks if isinstance(mark, Meta)]
    return Annotated[kind, *ours] if ours else kind


def _content(gives: Any) -> Any:
    return get_args(gives)[0] if get_origin(gives) is Response else gives
