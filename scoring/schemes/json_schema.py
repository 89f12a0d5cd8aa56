"""The form of a scheme document as JSON Schema 2020-12; what holds between its parts is checked by `parse` alone."""

from __future__ import annotations

from typing import get_args

from scoring.facts import ENTRY_STATUSES, Status
from scoring.schemes import model
from scoring.schemes.nodes import ASPECT_KINDS, HABITS
from scoring.schemes.parsing import FORMAT
from scoring.schemes.parts import MANY
from scoring.schemes.reading import TEXT_LENGTH

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
PICK: dict[str, Form] = {
    "combine": one_of(model.Combine),
    "better": one_of(model.Better),
    "drop_high": whole(0, MANY),
    "drop_low": whole(0, MANY),
    "drop_from": whole(1, 3 * MANY),
    "best": whole(1, MANY),
    "outliers": ref("outliers"),
}
NODE: dict[str, Form] = {
    "key": ref("key"),
    "title": ref("title"),
    "weight": ref("decimal"),
    "factor": ref("decimal"),
    "plus": ref("decimal"),
    "floor": ref("decimal"),
    "cap": ref("decimal"),
    "round": ref("round"),
    "repeat": ref("repeat"),
}
MARKED: dict[str, Form] = {
    "scale": ref("scale"),
    "needed": whole(0, 99),
    "convert": ref("convert"),
    "as_ranks": ref("as_ranks"),
    "max_spread": ref("decimal"),
    "when_missing": ref("decimal"),
    "levels": many(ref("title"), most=20),
}


def aspect(kind: model.Kind) -> Form:
    """The form of one kind of aspect."""
    habit = HABITS[kind]
    value = {} if habit.value == "never" else {"value": ref("decimal")}
    needs = (
        "kind key title" + (" value" if habit.value == "must" else "") + (" judges scale" if kind == "panel" else "")
    )
    judges = {"judges": whole(int(kind == "panel"), 99)}
    return obj(needs, kind={"const": kind}, **NODE, **PICK, **MARKED, **value, **judges)


def nodes() -> list[Form]:
    """The forms of every kind of node."""
    criterion = obj(
        "kind key title children",
        kind={"const": "criterion"},
        children=many(ref("node"), least=1, most=MANY),
        statuses=one_of(model.StatusRule),
        **NODE,
        **PICK,
    )
    again = obj("kind key title of", kind={"const": "again"}, of=ref("key"), **NODE)
    return [criterion, again, *(aspect(kind) for kind in ASPECT_KINDS)]


STANDINGS = obj(
    "",
    better=one_of(model.Better),
    style=one_of(model.RankStyle),
    tie_breaks=many(
        {"oneOf": [obj("node", node=ref("key"), better=one_of(model.Better)), obj("lot", lot=YES)]}, most=MANY
    ),
    tolerance=obj("value", value=ref("decimal"), mode=one_of(model.ToleranceMode)),
    ranked_statuses={**many({"enum": sorted(ENTRY_STATUSES)}, most=len(ENTRY_STATUSES)), "uniqueItems": True},
    points=many(ref("decimal"), most=1000),
    points_when_tied=one_of(model.WhenTied),
)
MARK = obj(
    "entry aspect",
    entry=ref("text"),
    aspect=ref("key"),
    attempt=whole(1, MANY),
    judge=ref("text"),
    value=ref("decimal"),
    status={"enum": list(Status)},
)
EXPECTED = obj("entry", entry=ref("text"), score=ref("decimal"), status={"enum": list(Status)}, rank=ref("decimal"))
DEFINITIONS: dict[str, Form] = {
    "text": {"type": "string", "minLength": 1, "maxLength": TEXT_LENGTH, "pattern": r"\S"},
    "key": {"type": "string", "pattern": r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$"},
    "title": obj("zh en", zh=ref("text"), en=ref("text")),
    "decimal": {
        "description": "a decimal number as a string, or a number; at most 12 digits before and 9 after the point",
        "anyOf": [
            {"type": "string", "pattern": r"^-?[0-9]{1,12}(\.[0-9]{1,9})?$"},
            {"type": "number", "exclusiveMinimum": -(10**12), "exclusiveMaximum": 10**12},
        ],
    },
    "round": {"oneOf": [whole(0, 9), obj("digits", digits=whole(0, 9), mode=one_of(model.RoundingMode))]},
    "scale": obj("", min=ref("decimal"), max=ref("decimal"), step=ref("decimal")),
    "outliers": obj("by", by=ref("decimal"), around=one_of(model.Around), then=one_of(model.Then)),
    "as_ranks": obj("", better=one_of(model.Better), style=one_of(model.RankStyle)),
    "linear": obj("", at=ref("decimal"), gives=ref("decimal"), per_unit=ref("decimal")),
    "row": obj("from points", **{"from": ref("decimal"), "points": ref("decimal")}),
    "convert": obj("", target=ref("decimal"), table=many(ref("row"), least=1, most=1000), linear=ref("linear")),
    "repeat": obj(
        "times",
        times=whole(1, MANY),
        needed=whole(0, MANY),
        statuses=one_of(model.StatusRule),
        round=ref("round"),
        **PICK,
    ),
    "node": {"oneOf": nodes()},
}
JSON_SCHEMA: Form = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "Magpie scheme",
    **obj(
        "format key title root",
        format={"const": FORMAT},
        key=ref("key"),
        title=ref("title"),
        description=ref("title"),
        root=ref("node"),
        aside=many(ref("node"), most=MANY),
        standings=STANDINGS,
        example=obj("", marks=many(MARK, most=10_000), expected=many(EXPECTED, most=1000)),
    ),
    "$defs": DEFINITIONS,
}
