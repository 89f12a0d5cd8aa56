"""What is new on a board: as little as it takes to make it of the one before (docs/live.md)."""

from collections.abc import Mapping
from typing import Any

import msgspec

Part = tuple[int, int | Mapping[str, object]] | Mapping[str, object]
KEY = "code"
_head = msgspec.json.Decoder(dict[str, msgspec.Raw])
_rows = msgspec.json.Decoder(list[msgspec.Raw])
_anything = msgspec.json.Decoder(dict[str, Any])


class BoardChange(msgspec.Struct, frozen=True, kw_only=True, rename={"before": "from", "after": "to"}):
    """How the board with the tag `from` becomes the one with the tag `to`.

    `head` has the new value of each member beside `rows` that changed. `rows` makes the new rows of the old ones, from
    the first to the last: `[start, count]` takes so many as they were, `[index, {...}]` takes one with new values for
    the members in it, and `{...}` is a row that was not there.
    """

    before: str
    after: str
    head: Mapping[str, object]
    rows: list[Part]


class Parts:
    """A board in JSON, taken apart as far as two of them are compared."""

    def __init__(self, body: bytes) -> None:
        self.head = _head.decode(body)
        self.rows = [bytes(row) for row in _rows.decode(self.head.pop("rows"))]

    def places(self) -> dict[bytes, int]:
        """Where each row stands."""
        return {row: place for place, row in enumerate(self.rows)}


def change(old: Parts, new: Parts, *, before: str, after: str) -> BoardChange | None:
    """How the new board is made of the old one; nothing where its head has lost a member, for that cannot be told."""
    if not old.head.keys() <= new.head.keys():
        return None
    head = {name: value for name, value in new.head.items() if bytes(value) != bytes(old.head.get(name, b""))}
    return BoardChange(before=before, after=after, head=head, rows=_rows_of(old, new))


def _rows_of(old: Parts, new: Parts) -> list[Part]:
    places, parts, start, count = old.places(), list[Part](), 0, 0
    gone = _gone(places.keys() - set(new.rows), places)
    for row in new.rows:
        place = places.get(row, -1)
        if count and place == start + count:
            count += 1
            continue
        if count:
            parts.append((start, count))
        start, count = (place, 1) if place >= 0 else (0, 0)
        if not count:
            parts.append(_changed(row, gone))
    return [*parts, (start, count)] if count else parts


def _gone(rows: set[bytes], places: Mapping[bytes, int]) -> dict[str, tuple[int, dict[str, Any]]]:
    """The rows that are no longer as they were, with their place, by their code."""
    decoded = [(places[row], _anything.decode(row)) for row in rows]
    return {row[KEY]: (place, row) for place, row in decoded}


def _changed(row: bytes, gone: Mapping[str, tuple[int, Mapping[str, object]]]) -> Part:
    new = _anything.decode(row)
    place, old = gone.get(new[KEY], (0, {}))
    if not old or not old.keys() <= new.keys():
        return new
    return place, {name: value for name, value in new.items() if name not in old or value != old[name]}
