"""The document put into words for the reference page: fields as rows, and an example to begin a try with."""

import json
from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple

from api.openapi.document import Json, document
from api.openapi.operations import ENDLESS
from api.wording import Lang, say

EXAMPLES = {
    "uuid": "00000000-0000-7000-8000-000000000000",
    "date-time": "2027-05-01T09:00:00+08:00",
    "date": "2027-05-01",
}
METHODS = ("get", "post", "put", "patch", "delete")
DEPTH = 6


class Field(NamedTuple):
    """A parameter or a field of an object, as a row."""

    name: str
    where: str
    kind: str
    refers: str
    required: bool
    default: str
    words: str
    choices: list[str]
    type: str


class Shape(NamedTuple):
    """An object or a closed list of words that operations refer to."""

    name: str
    words: str
    fields: list[Field]
    choices: list[str]


class Entry(NamedTuple):
    """One operation."""

    id: str
    method: str
    path: str
    words: str
    signed_in: bool
    endless: bool
    fields: list[Field]
    takes: str
    takes_shape: str
    example: str
    gives: str
    gives_shape: str
    status: str
    refusals: list[tuple[str, str]]


class Resource(NamedTuple):
    """All operations on one kind of thing."""

    name: str
    words: str
    entries: list[Entry]
    shapes: list[Shape]


@cache
def resources(lang: Lang) -> dict[str, Resource]:
    """Every resource by name."""
    whole = document(lang)
    return {tag["name"]: _resource(whole, tag, lang) for tag in whole["tags"]}


def _resource(whole: Json, tag: Json, lang: Lang) -> Resource:
    found = [
        (path, method, operations[method])
        for path, operations in whole["paths"].items()
        for method in METHODS
        if method in operations and tag["name"] in operations[method]["tags"]
    ]
    entries = [_entry(path, method, operation, whole, lang=lang) for path, method, operation in found]
    names = list(dict.fromkeys(name for *_, operation in found for name in _named_in(operation, whole)))
    return Resource(tag["name"], tag["description"], entries, [_shape(name, whole, lang) for name in sorted(names)])


def _entry(path: str, method: str, operation: Json, whole: Json, *, lang: Lang) -> Entry:
    status = next(status for status in operation["responses"] if status.startswith("2"))
    content = operation["responses"][status].get("content", {})
    media_type = next(iter(content), "")
    takes = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
    gives = content.get("application/json", {}).get("schema")
    return Entry(
        id=operation["operationId"],
        method=method.upper(),
        path=path,
        words=operation["description"],
        signed_in={} not in operation["security"],
        endless=media_type in ENDLESS,
        fields=[_parameter(one, whole, lang) for one in operation["parameters"]],
        takes=_kind(takes, lang) if takes else "",
        takes_shape=_refers(takes) if takes else "",
        example=json.dumps(example(takes, whole), ensure_ascii=False, indent=2) if takes else "",
        gives=_kind(gives, lang) if gives else media_type,
        gives_shape=_refers(gives) if gives else "",
        status=status,
        refusals=list(_refusals(operation, lang)),
    )


def _refusals(operation: Json, lang: Lang) -> Iterator[tuple[str, str]]:
    for status in operation["responses"]:
        if not status.startswith("2"):
            yield status, say(lang, f"reference.status_{status}")


def _parameter(given: Json, whole: Json, lang: Lang) -> Field:
    parameter = _resolved(given, whole)
    schema = parameter["schema"]
    row = _field(parameter["name"], schema, whole, lang=lang, required=parameter.get("required", False))
    return row._replace(where=parameter["in"], words=parameter.get("description", ""))


# shape: one row, made at once of all that is known of a field
def _field(name: str, schema: Json, whole: Json, *, lang: Lang, required: bool) -> Field:
    plain = _resolved(_item(schema), whole)
    default = schema.get("default")
    return Field(
        name=name,
        where="",
        kind=_kind(schema, lang),
        refers=_refers(schema),
        required=required,
        default="" if default in (None, "", [], {}) else json.dumps(default, ensure_ascii=False),
        words=schema.get("description", ""),
        choices=[str(choice) for choice in plain.get("enum", [])],
        type=plain.get("type", ""),
    )


def _shape(name: str, whole: Json, lang: Lang) -> Shape:
    schema = whole["components"]["schemas"][name]
    needed = schema.get("required", [])
    fields = [
        _field(one, part, whole, lang=lang, required=one in needed)
        for one, part in schema.get("properties", {}).items()
    ]
    return Shape(name, schema.get("description", ""), fields, [str(choice) for choice in schema.get("enum", [])])


def _kind(schema: Json, lang: Lang) -> str:
    """A type in words: "list of EventItem", "text, up to 200", "uuid or null"."""
    if "$ref" in schema:
        return _refers(schema)
    if "anyOf" in schema:
        return say(lang, "reference.or").join(_kind(part, lang) for part in schema["anyOf"])
    if schema.get("type") == "array":
        return say(lang, "reference.list_of", kind=_kind(schema.get("items", {}), lang))
    name = schema.get("format") or schema.get("type", "any")
    return say(lang, f"reference.type_{name.replace('-', '_')}") + _limits(schema, lang)


def _limits(schema: Json, lang: Lang) -> str:
    found = {
        "least": schema.get("minimum", schema.get("minLength")),
        "most": schema.get("maximum", schema.get("maxLength")),
    }
    given = [say(lang, f"reference.{name}", n=value) for name, value in found.items() if value is not None]
    return "".join(given)


def _item(schema: Json) -> Json:
    """What a field is about: the item of a list, the thing that may be null."""
    parts: list[Json] = schema.get("anyOf") or [schema]
    first = parts[0]
    return first.get("items", first) if first.get("type") == "array" else first


def _refers(schema: Json) -> str:
    return str(_item(schema).get("$ref", "")).rpartition("/")[2]


def _resolved(schema: Json, whole: Json) -> Json:
    if "$ref" not in schema:
        return schema
    found: Any = whole
    for part in schema["$ref"].removeprefix("#/").split("/"):
        found = found[part]
    return dict(found)


def _named_in(part: Any, whole: Json, known: frozenset[str] = frozenset()) -> Iterator[str]:
    """The schemas that something refers to, and those that they refer to."""
    if isinstance(part, list):
        for one in part:
            yield from _named_in(one, whole, known)
    elif isinstance(part, dict):
        name = str(part.get("$ref", ""))
        if name.startswith("#/components/schemas/") and name not in known:
            yield name.rpartition("/")[2]
            yield from _named_in(_resolved(part, whole), whole, known | {name})
        for one in part.values():
            yield from _named_in(one, whole, known)


def example(schema: Json, whole: Json, depth: int = 0) -> Any:
    """A value of the right form, with nothing in it that may be left out."""
    plain = _resolved(schema, whole)
    if "default" in schema or "enum" in plain or depth > DEPTH:
        return schema.get("default", plain.get("enum", [None])[0])
    if "anyOf" in plain:
        return example(plain["anyOf"][0], whole, depth + 1)
    if plain.get("type") == "object":
        fields = plain.get("properties", {})
        wanted = plain.get("required") or list(fields)
        return {name: example(fields[name], whole, depth + 1) for name in wanted}
    if plain.get("type") == "array":
        return [example(plain.get("items", {}), whole, depth + 1)]
    return EXAMPLES.get(
        plain.get("format", ""), {"integer": plain.get("minimum", 0), "boolean": False}.get(plain.get("type", ""), "")
    )
