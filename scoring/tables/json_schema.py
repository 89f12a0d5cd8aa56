"""The form of a table document as JSON Schema 2020-12."""

from __future__ import annotations

from scoring.schemes import after, model
from scoring.schemes.forms import Form, many, obj, one_of, ref, whole
from scoring.schemes.json_schema import DEFINITIONS
from scoring.tables.model import Gather, Places, Source
from scoring.tables.parsing import FORMAT, MOST_COLUMNS, MOST_ROWS

NUMBERS: Form = {"type": "object", "additionalProperties": ref("decimal")}
COLUMN = obj(
    "key title",
    key=ref("key"),
    title=ref("title"),
    take=one_of(Source),
    points=many(ref("decimal"), most=1000),
    when_tied=one_of(after.WhenTied),
    awards=NUMBERS,
    combine=one_of(Gather),
    better=one_of(model.Better),
    per_contest=whole(1, MOST_ROWS),
    best=whole(1, MOST_ROWS),
    round=ref("round"),
)
RESULT = obj(
    "contest entry",
    contest=ref("text"),
    entry=ref("text"),
    delegation=ref("text"),
    rank=ref("decimal"),
    score=ref("decimal"),
    scaled=ref("decimal"),
    points=ref("decimal"),
    awards=many(ref("text"), most=MOST_COLUMNS),
    scoring={"type": "boolean"},
    weight=ref("decimal"),
)
EXPECTED = obj("delegation", delegation=ref("text"), rank=ref("decimal"), values=NUMBERS)
JSON_SCHEMA: Form = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "Magpie table",
    **obj(
        "format key title columns order",
        format={"const": FORMAT},
        key=ref("key"),
        title=ref("title"),
        description=ref("title"),
        columns=many(COLUMN, most=MOST_COLUMNS, least=1),
        places=one_of(Places),
        style=one_of(model.RankStyle),
        order=many(
            obj("column", column=ref("key"), better=one_of(model.Better)),
            most=MOST_COLUMNS,
            least=1,
        ),
        example=obj("", results=many(RESULT, most=MOST_ROWS), expected=many(EXPECTED, most=MOST_ROWS)),
    ),
    "$defs": {name: DEFINITIONS[name] for name in ("text", "key", "title", "decimal", "round")},
}
