"""Kinds of parameters that many routes take."""

from typing import Annotated, TypeAlias
from uuid import UUID

from litestar.di import NamedDependency
from litestar.params import HeaderParameter, PathParameter, QueryParameter

from events.access import Actor

LINE = r"^[^\x00-\x1f\x7f]*$(?!\n)"

Asker: TypeAlias = NamedDependency[Actor]
Id: TypeAlias = Annotated[UUID, PathParameter()]
Flag: TypeAlias = Annotated[bool, QueryParameter()]
Text: TypeAlias = Annotated[str, QueryParameter(max_length=200, pattern=LINE)]
WhichId: TypeAlias = Annotated[UUID | None, QueryParameter()]
UnionPath: TypeAlias = Annotated[
    str,
    QueryParameter(max_length=200, pattern=LINE, description="A path in the union tree: this union and all below it."),
]
Limit: TypeAlias = Annotated[int, QueryParameter(ge=1, le=500, description="How many items at the most.")]
Cursor: TypeAlias = Annotated[
    str, QueryParameter(max_length=400, description="Where the page begins: `next` of the page before.")
]
AcceptClashes: TypeAlias = Annotated[
    bool, QueryParameter(description="Save it although it clashes: whoever asks has seen the clashes.")
]
IfMatch: TypeAlias = Annotated[
    str | None,
    HeaderParameter(name="If-Match", max_length=100, description="Write only if the thing is still as this tag says."),
]
