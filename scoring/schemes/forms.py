"""The words that a JSON Schema is written with here."""

from __future__ import annotations

from typing import get_args

Form = dict[str, object]


def ref(name: str) -> Form:
    """One of the shared definitions."""
    return {"$ref": f"#/$defs/{name}"}


def obj(required: str, **properties: Form) -> Form:
    """An object with these fields and no others."""
    form: Form = {"type": "object", "properties": properties, "additionalProperties": False}
    return {**form, "required": required.split()} if required else form


def many(items: Form, *, most: int, least: int = 0) -> Form:
    """A list."""
    return {"type": "array", "items": items, "minItems": least, "maxItems": most}


def whole(least: int, most: int) -> Form:
    """A whole number within limits."""
    return {"type": "integer", "minimum": least, "maximum": most}


def one_of(words: object) -> Form:
    """One of the words of a Literal type."""
    return {"enum": list(get_args(words))}


YES: Form = {"const": True}
