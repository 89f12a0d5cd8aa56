"""Pages of lists: by key, never by offset, so that a page stays where it was while rows are inserted."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

import msgspec

from events.errors import Invalid, Reason

Item = TypeVar("Item")
Found = TypeVar("Found")
Key = TypeVar("Key")

LARGEST = 500


class Page(msgspec.Struct, Generic[Item], frozen=True):
    """Some items of a list; `next` is the cursor of the page after them, if there is one."""

    items: list[Item]
    next: str | None = None


def cursor(*key: object) -> str:
    """The cursor that stands behind a row with this sort key."""
    return base64.urlsafe_b64encode(msgspec.json.encode(key)).decode().rstrip("=")


def key_of(text: str, kind: type[Key]) -> Key:
    """The sort key in a cursor, as a tuple type such as tuple[datetime, UUID]; Invalid when it is none of ours."""
    try:
        return msgspec.json.decode(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)), type=kind)
    except (msgspec.DecodeError, binascii.Error, ValueError) as error:
        raise Invalid(Reason("cursor", "/cursor")) from error


def page(
    found: Sequence[Found], limit: int, item: Callable[[Found], Item], key: Callable[[Found], Sequence[object]]
) -> Page[Item]:
    """A page of `limit` items out of rows that were asked for with `limit + 1`, so that the end is known."""
    shown = found[:limit]
    more = len(found) > limit
    return Page([item(row) for row in shown], cursor(*key(shown[-1])) if more else None)
