"""The form of a scheme document as JSON Schema 2020-12; what holds between its parts is checked by `parse` alone."""

from __future__ import annotations

from scoring.facts import Status
from scoring.schemes import model
from scoring.schemes.after_schema import AFTER, AFTER_DEFINITIONS, ENTRY_STATUS, TAKEN
from scoring.schemes.forms import YES, Form, many, obj, one_of, ref, whole
from scoring.schemes.granting import MOST_GRANTS
from scoring.schemes.nodes import ASPECT_KINDS, HABITS
from scoring.schemes.parsing import FORMAT, MOST_SECTIONS
from scoring.schemes.parts import BOUNDS, MANY
from scoring.schemes.reading import TEXT_LENGTH

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
    "section": ref("key"),
    "status_when": many(ref("status_when"), most=20),
}
MARKED: dict[str, Form] = {
    "scale": ref("scale"),
    "needed": whole(0, 99),
    "convert": ref("convert"),
    "as_ranks": ref("as_ranks"),
    "max_spread": ref("decimal"),
    "when_missing": ref("decimal"),
    "levels": many(ref("title"), most=20),
    "carried": ref("carried"),
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


MARK = obj(
    "entry aspect",
    entry=ref("text"),
    aspect=ref("key"),
    attempt=whole(1, MANY),
    judge=ref("text"),
    value=ref("decimal"),
    status={"enum": list(Status)},
)
EXPECTED = obj(
    "entry",
    entry=ref("text"),
    score=ref("decimal"),
    status={"enum": list(Status)},
    rank=ref("decimal"),
    scaled=ref("decimal"),
    awards=many(ref("text"), most=MOST_GRANTS),
    advances={"type": "boolean"},
    promotion=ref("text"),
)
ENTRANT = obj("entry", entry=ref("text"), delegation=ref("text"), group=ref("text"), out_of_competition=YES)
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
    "outliers": obj("by", by=ref("decimal"), around=one_of(model.Around), then=one_of(model.Then), round=ref("round")),
    "status_when": obj("status", **dict.fromkeys(BOUNDS, ref("decimal")), status=ENTRY_STATUS),
    "carried": obj("", stage=whole(1, 99), members=YES, **TAKEN, round=ref("round"), absent=ENTRY_STATUS),
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
    **AFTER_DEFINITIONS,
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
        standard=many(obj("key title", key=ref("key"), title=ref("title"), weight=ref("decimal")), most=MOST_SECTIONS),
        **AFTER,
        example=obj(
            "",
            entries=many(ENTRANT, most=1000),
            marks=many(MARK, most=10_000),
            expected=many(EXPECTED, most=1000),
        ),
    ),
    "$defs": DEFINITIONS,
}
