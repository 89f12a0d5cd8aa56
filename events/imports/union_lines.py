"""Union organisations out of a file: known paths change, others are added, each below one that stands before it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple
from uuid import UUID

import msgspec

from events import db, errors, exports, unions
from events.access import Actor, Right
from events.errors import Reason
from events.imports.reading import Line, Table, reason
from events.terms import Level
from events.text import Bilingual, bilingual
from events.unions import UnionChange, UnionForm

TABLE = Table(exports.UNIONS, frozenset({"code", "name_zh", "level"}), texts=frozenset({"parent", "code"}))
LEVELS = {"省": "province", "市": "city", "产业": "industry", "县": "county", "区": "county", "县区": "county",
          "基层": "grass_roots"}  # fmt: skip


class Known(NamedTuple):
    """A union that is there: who it is, and what can be changed of it."""

    id: UUID | None
    change: UnionChange


async def take(actor: Actor, batch: Sequence[Line]) -> tuple[int, int]:
    """Write a batch within the running transaction; gives how many were added and changed."""
    known = {row["path"]: Known(row["id"], _change(row)) for row in await db.rows("SELECT * FROM unions")}
    errors.refuse([flaw for line in batch for flaw in _flaws(actor, line, known)])
    added = changed = 0
    for line in batch:
        old = known[_path(line)]
        if old.id is None:
            known[_path(line)] = Known(await _insert(line, known), _wanted(line))
            added += 1
        elif old.change != _wanted(line):
            await unions.update(old.id, _wanted(line))
            changed += 1
    return added, changed


async def _insert(line: Line, known: dict[str, Known]) -> UUID:
    wanted, above = _wanted(line), _above(line)
    form = UnionForm(
        name=wanted.name, level=wanted.level, city=wanted.city, code=line.cells["code"],
        parent=known[above].id if above else None,
    )  # fmt: skip
    return await unions.insert(form, above)


def _flaws(actor: Actor, line: Line, known: dict[str, Known]) -> Iterator[Reason]:
    """What is wrong with a line; a right one is known to those after it."""
    found = [*line.flaws, *_flaws_of_cells(line)]
    above = _above(line)
    if (above and above not in known) or not actor.may(Right.KEEP_UNIONS, union_path=above):
        found.append(reason(line.number, "parent", line.cells.get("parent", ""), Reason("union_not_kept")))
    yield from found
    if not found:
        known.setdefault(_path(line), Known(None, _wanted(line)))


def _flaws_of_cells(line: Line) -> Iterator[Reason]:
    for column, code in (("name_zh", "required"), ("code", "required"), ("level", "required")):
        if not line.cells.get(column):
            yield reason(line.number, column, "", Reason(code))
    if line.cells.get("level") and _level(line) not in set(Level):
        yield reason(line.number, "level", line.cells["level"], Reason("not_a_choice"))
    if line.cells.get("code") and not _is_code(line.cells["code"]):
        yield reason(line.number, "code", line.cells["code"], Reason("union_code_form"))


def _is_code(text: str) -> bool:
    try:
        msgspec.convert(text, unions.Code)
    except msgspec.ValidationError:
        return False
    return True


def _level(line: Line) -> str:
    return LEVELS.get(line.cells["level"].removesuffix("级"), line.cells["level"])


def _above(line: Line) -> str:
    above = line.cells.get("parent", "").strip(".")
    return f"{above}." if above else ""


def _path(line: Line) -> str:
    return f"{_above(line)}{line.cells['code']}."


def _wanted(line: Line) -> UnionChange:
    name = Bilingual(zh=line.cells["name_zh"], en=line.cells.get("name_en", ""))
    return UnionChange(name=name, level=Level(_level(line)), city=line.cells.get("city", ""))


def _change(row: db.Row) -> UnionChange:
    return UnionChange(name=bilingual(row["name"]), level=Level(row["level"]), city=row["city"])
