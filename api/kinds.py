"""Kinds of parameters that many routes take."""

from typing import Annotated, TypeAlias
from uuid import UUID

from litestar.params import HeaderParameter, NamedDependency, PathParameter, QueryParameter

from events.access import Actor

Asker: TypeAlias = NamedDependency[Actor]
Id: TypeAlias = Annotated[UUID, PathParameter()]
Limit: TypeAlias = Annotated[int, QueryParameter(ge=1, le=500, description="How many items at the most.")]
Cursor: TypeAlias = Annotated[
    str, QueryParameter(max_length=400, description="Where the page begins: `next` of the page before.")
]
IfMatch: TypeAlias = Annotated[
    str | None,
    HeaderParameter(name="If-Match", max_length=100, description="Write only if the thing is still as this tag says."),
]
