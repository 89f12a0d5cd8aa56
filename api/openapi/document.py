"""The OpenAPI 3.1 document, made of the handlers and the structs that go in and out."""

from collections.abc import Iterator
from functools import cache
from http import HTTPStatus
from inspect import cleandoc
from typing import Any

import msgspec

from api.auth import COOKIE
from api.idempotency import KEYED
from api.openapi.operations import Operation, Parameter, operations
from api.problems import MEDIA_TYPE, Problem
from api.streaming import NDJSON
from api.wording import Lang, say
from events.paging import Page

Json = dict[str, Any]
REF = "#/components/schemas/{name}"
SAFE_RESPONSES = (304, 401, 404, 422, 429, 503)
ABOUT = """Events and competitions of a trade-union federation.

JSON in UTF-8; times are RFC 3339 with an offset; ids are UUIDs. Scores and marks are decimals written as texts.
Lists have `items` and `next`, the `cursor` of the page after; `Accept: application/x-ndjson` gives a whole list, one
item a line. Everything that goes wrong is a problem document (RFC 9457) whose `errors` name each field; its sentences
follow `Accept-Language` (zh, en). What is unknown and what is forbidden get the same 404."""

INTEGER = {"type": "integer", "minimum": 0}
HEADERS: Json = {
    "ETag": {"description": "The tag of this answer, for If-None-Match and If-Match.", "schema": {"type": "string"}},
    "RateLimit-Limit": {"description": "Requests that are allowed in a minute.", "schema": INTEGER},
    "RateLimit-Remaining": {"description": "Requests that are left now.", "schema": INTEGER},
    "RateLimit-Reset": {"description": "Seconds until all of them are there again.", "schema": INTEGER},
    "Retry-After": {"description": "Seconds after which to try again.", "schema": INTEGER},
    "WWW-Authenticate": {"description": "How to say who asks.", "schema": {"type": "string"}},
    "Idempotent-Replayed": {
        "description": "That this is the answer to an earlier request with the same Idempotency-Key.",
        "schema": {"type": "string", "enum": ["true"]},
    },
}
RATES = ("RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset")
PARAMETERS: Json = {
    "If-None-Match": {
        "name": "If-None-Match",
        "in": "header",
        "description": "Answer 304 without a body if the tag is still this one.",
        "schema": {"type": "string"},
    },
    "Idempotency-Key": {
        "name": "Idempotency-Key",
        "in": "header",
        "description": "A key of one's own: the same request sent again with it is carried out only once.",
        "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
    },
}
SECURITY: Json = {
    "token": {"type": "http", "scheme": "bearer", "description": "A token from `POST /api/v1/me/tokens`."},
    "cookie": {"type": "apiKey", "in": "cookie", "name": COOKIE, "description": "A browser that is signed in."},
}
REASONS = {
    304: "Not changed since.",
    400: "No proper JSON.",
    401: "Nobody is signed in, or the token is wrong.",
    404: "Unknown, or not the asker's to see.",
    409: "The state of things does not allow it, or a request with the same key is being carried out.",
    412: "Changed by another since it was read.",
    413: "Too large.",
    415: "No JSON.",
    422: "Something is wrong with the input: `errors` names each field.",
    429: "Too many requests.",
    503: "The database is away; the same will do a little later.",
}


@cache
def document(lang: Lang) -> Json:
    """The whole document; descriptions of operations in either language."""
    found = operations()
    schemas, components = _schemas(found)
    paths: Json = {}
    for operation in found:
        paths.setdefault(operation.path, {})[operation.method.lower()] = _operation(operation, schemas, lang)
    return {
        "openapi": "3.1.0",
        "jsonSchemaDialect": "https://json-schema.org/draft/2020-12/schema",
        "info": {"title": "Magpie", "version": "1", "description": ABOUT, "license": {"name": "Apache-2.0"}},
        "servers": [{"url": "/"}],
        "tags": [{"name": tag, "description": say(lang, f"operations.tag_{tag}")} for tag in _tags(found)],
        "paths": paths,
        "components": {
            "schemas": components,
            "headers": HEADERS,
            "parameters": PARAMETERS,
            "securitySchemes": SECURITY,
            "responses": {HTTPStatus(status).name: _refusal(status) for status in REASONS},
        },
    }


def _tags(found: list[Operation]) -> list[str]:
    return list(dict.fromkeys(operation.tag for operation in found))


def _schemas(found: list[Operation]) -> tuple[dict[int, Json], Json]:
    """The schema of every type by its identity, and the structs that they refer to."""
    kinds = [Problem, *(kind for operation in found for kind in _kinds(operation))]
    raw, components = msgspec.json.schema_components(kinds, ref_template=REF, schema_hook=_anything)
    text = msgspec.json.encode((raw, {_named(name): _told(schema) for name, schema in components.items()})).decode()
    for name in components:
        text = text.replace(f'"{REF.format(name=name)}"', f'"{REF.format(name=_named(name))}"')
    made, named = msgspec.json.decode(text)
    return {id(kind): schema for kind, schema in zip(kinds, made, strict=True)}, named


def _named(name: str) -> str:
    """A name that generators of clients make good names of: PageOfEventItem, SchedulingOfficialForm."""
    if name.startswith("Page_"):
        return f"PageOf{name[5:-1]}"
    return name if "." not in name else f"{name.split('.')[1].capitalize()}{name.split('.')[-1]}"


def _told(schema: Json) -> Json:
    return schema | ({"description": cleandoc(schema["description"])} if "description" in schema else {})


def _anything(kind: type) -> Json:
    """The schema of what JSON Schema has no word for: `object` is any value."""
    if kind is object:
        return {"description": "Any value."}
    raise NotImplementedError(kind)


def _kinds(operation: Operation) -> Iterator[Any]:
    yield from (kind for kind in (operation.gives, operation.takes, *operation.events.values()) if kind is not None)
    yield from (parameter.kind for parameter in operation.parameters)


def _operation(operation: Operation, schemas: dict[int, Json], lang: Lang) -> Json:
    made: Json = {
        "operationId": operation.id,
        "tags": [operation.tag],
        "summary": operation.id.replace("_", " ").capitalize(),
        "description": operation.description if lang == "en" else say(lang, f"operations.{operation.id}"),
        "parameters": [*(_parameter(one, schemas) for one in operation.parameters), *_common(operation)],
        "responses": {str(operation.status): _answer(operation, schemas), **_refusals(operation)},
        "security": _security(operation),
    }
    if operation.takes is not None:
        content = {"application/json": {"schema": schemas[id(operation.takes)]}}
        made["requestBody"] = {"required": True, "content": content}
    return made


def _parameter(parameter: Parameter, schemas: dict[int, Json]) -> Json:
    schema = dict(schemas[id(parameter.kind)])
    if parameter.default not in (None, ""):
        schema["default"] = parameter.default
    made: Json = {"name": parameter.name, "in": parameter.where, "required": parameter.required, "schema": schema}
    return made | ({"description": parameter.description} if parameter.description else {})


def _common(operation: Operation) -> Iterator[Json]:
    """Headers that whole groups of operations take."""
    if operation.method == "GET" and not operation.is_file:
        yield {"$ref": "#/components/parameters/If-None-Match"}
    if operation.method in KEYED and operation.signed_in:
        yield {"$ref": "#/components/parameters/Idempotency-Key"}


def _security(operation: Operation) -> list[Json]:
    known: list[Json] = [{"token": []}, {"cookie": []}]
    return known if operation.signed_in else [*known, {}]


def _answer(operation: Operation, schemas: dict[int, Json]) -> Json:
    headers = [*RATES]
    headers += ["ETag"] if operation.method == "GET" and not operation.is_file else []
    headers += ["Idempotent-Replayed"] if operation.method in KEYED and operation.signed_in else []
    made: Json = {"description": HTTPStatus(operation.status).phrase, "headers": _headers(*headers)}
    if operation.is_file:
        made["content"] = {operation.media_type: {"schema": {"type": "string"}}}
        if operation.events:  # what the data of each is; OpenAPI 3.1 has no word for it
            events = {name: schemas[id(kind)] for name, kind in operation.events.items()}
            made["content"][operation.media_type]["x-events"] = events
    elif operation.gives is not None:
        made["content"] = {"application/json": {"schema": schemas[id(operation.gives)]}}
        if operation.method == "GET" and getattr(operation.gives, "__origin__", None) is Page:
            made["content"][NDJSON] = {"schema": {"type": "string"}}
    return made


def _refusals(operation: Operation) -> Json:
    return {
        str(status): {"$ref": f"#/components/responses/{HTTPStatus(status).name}"} for status in _statuses(operation)
    }


def _statuses(operation: Operation) -> Iterator[int]:
    """What can be answered but the thing itself."""
    takes = operation.takes is not None
    if operation.method == "GET" and not operation.is_file:
        yield 304
    if takes:
        yield 400
    yield 401
    if operation.asks_who or operation.parameters:
        yield 404
    if operation.writes:
        yield 409
    if any(parameter.name == "If-Match" for parameter in operation.parameters):
        yield 412
    if takes:
        yield from (413, 415)
    if takes or operation.parameters or operation.writes:
        yield 422
    yield from (429, 503)


def _refusal(status: int) -> Json:
    if status == 304:
        return {"description": REASONS[status], "headers": _headers("ETag", *RATES)}
    more = {401: ("WWW-Authenticate",), 409: ("Retry-After",), 429: ("Retry-After",), 503: ("Retry-After",)}.get(
        status, ()
    )
    content = {MEDIA_TYPE: {"schema": {"$ref": REF.format(name="Problem")}}}
    return {"description": REASONS[status], "headers": _headers(*RATES, *more), "content": content}


def _headers(*names: str) -> Json:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}
