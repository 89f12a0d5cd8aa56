"""Union organisations out of a file: known paths change, others are added, each below one that stands before it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

import msgspec

from events import db, exports, ids, notices, unions
from events.access import Actor, Right
from events.errors import Reason
from events.imports.reading import Line, Table, reason
from events.imports.running import Plans
from events.terms import Level
from events.text import Bilingual, bilingual
from events.unions import UnionChange, UnionForm

TABLE = Table(exports.UNIONS, frozenset({"code", "name_zh", "level"}), texts=frozenset({"parent", "code"}))
LEVELS = {"省": "province", "市": "city", "产业": "industry", "县": "county", "区": "county", "县区": "county",
          "基层": "grass_roots"}  # fmt: skip


class Known(NamedTuple):
    """A union that is there, or will be: who it is, and what can be changed of it."""

    id: UUID
    change: UnionChange


class Plan(NamedTuple):
    """What is to be done for a line: change a union from what it is, or add one below `parent`."""

    line: Line
    id: UUID
    old: UnionChange | None
    parent: UUID | None

    @property
    def differs(self) -> bool:
        """Whether a union that is there is to be changed."""
        return self.old is not None and self.old != _wanted(self.line)


class Unions:
    """Files of unions; `try_only`: those that would be added are remembered, for others may stand below them."""

    name, table = "unions", TABLE

    def __init__(self, *, try_only: bool = False) -> None:
        self.try_only = try_only
        self.foreseen: dict[str, Known] = {}

    def prepare(self, batch: Sequence[Line]) -> Sequence[Line]:
        """Lines as they are."""
        return batch

    async def plan(self, actor: Actor, prepared: Sequence[Line]) -> Plans:
        """Which unions are to be added and changed, and every wrong cell."""
        known = self.foreseen | await _known(prepared)
        flaws, plans = list[Reason](), list[Plan]()
        for line in prepared:
            if found := list(_flaws(actor, line, known)):
                flaws += found
                continue
            old, above = known.get(_path(line)), known.get(_above(line))
            plan = Plan(line, old.id if old else ids.new(), old.change if old else None, above.id if above else None)
            known[_path(line)] = Known(plan.id, _wanted(line))
            plans.append(plan)
        if self.try_only:
            self.foreseen |= {_path(one.line): known[_path(one.line)] for one in plans}
        return Plans(plans, sum(one.old is None for one in plans), sum(one.differs for one in plans), flaws)

    async def write(self, actor: Actor, plans: Plans) -> None:
        """Add and change them."""
        new = [one for one in plans.write if one.old is None]
        await unions.insert_all([(one.id, _form(one), _above(one.line)) for one in new])
        for one in plans.write:
            if one.differs:
                await unions.update(one.id, _wanted(one.line))
        await notices.post("unions.imported", by=actor.account, added=plans.added, changed=plans.changed)


async def _known(lines: Sequence[Line]) -> dict[str, Known]:
    """The unions that lines name, and those above them; nobody moves them until the running transaction ends."""
    named = {path(line) for line in lines for path in (_path, _above)}
    (these, paths), hold = db.one_of(named), db.engine().dialect("{for_share}")
    rows = await db.rows(f"SELECT * FROM unions WHERE path {these} ORDER BY id {hold}", *paths)  # noqa: S608
    return {row["path"]: Known(row["id"], _change(row)) for row in rows}


def _form(plan: Plan) -> UnionForm:
    wanted = _wanted(plan.line)
    return UnionForm(
        name=wanted.name, level=wanted.level, city=wanted.city, code=plan.line.cells["code"], parent=plan.parent
    )


def _flaws(actor: Actor, line: Line, known: Mapping[str, Known]) -> Iterator[Reason]:
    """What is wrong with a line."""
    above = _above(line)
    yield from (*line.flaws, *_flaws_of_cells(line))
    if (above and above not in known) or not actor.may(Right.KEEP_UNIONS, union_path=above):
        yield reason(line.number, "parent", line.cells.get("parent", ""), Reason("union_not_kept"))


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
    return f"{_above(line)}{line.cells.get('code', '')}."


def _wanted(line: Line) -> UnionChange:
    name = Bilingual(zh=line.cells["name_zh"], en=line.cells.get("name_en", ""))
    return UnionChange(name=name, level=Level(_level(line)), city=line.cells.get("city", ""))


def _change(row: db.Row) -> UnionChange:
    return UnionChange(name=bilingual(row["name"]), level=Level(row["level"]), city=row["city"])
