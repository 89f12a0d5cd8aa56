"""People out of a file: who is known changes, who is not is added; each a member of a union."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import NamedTuple
from uuid import UUID

from events import db, exports, notices
from events.access import Actor, Right
from events.errors import Reason
from events.imports.reading import Line, Table, reason
from events.imports.running import Plans
from events.people import PersonForm, keeping
from events.people.keeping import Known, Wanted
from events.terms import Sex

TABLE = Table(exports.PEOPLE, frozenset({"name", "union"}), texts=frozenset({"identity_number", "union"}))
SEXES = {"男": Sex.MALE, "女": Sex.FEMALE, "male": Sex.MALE, "female": Sex.FEMALE, "m": Sex.MALE, "f": Sex.FEMALE}
DATE = re.compile(r"(\d{4})(?:[-/.年]?)(\d{1,2})(?:[-/.月]?)(\d{1,2})日?")
NOWHERE = UUID(int=0)
Unions = dict[str, tuple[UUID, str]]


class Prepared(NamedTuple):
    """A line, and what it says of a person; `union` is how it names the union."""

    line: Line
    union: str
    known: Known
    flaws: list[Reason]


class People:
    """Files of people."""

    name, table = "people", TABLE

    def prepare(self, batch: Sequence[Line]) -> list[Prepared]:
        """What can be told of lines by themselves."""
        day = keeping.today()
        return [_prepared(line, day) for line in batch]

    async def plan(self, actor: Actor, prepared: Sequence[Prepared]) -> Plans:
        """Who is to be added and changed, and every wrong cell; a row that is wrong is in nobody's way."""
        unions = await _unions(actor, {one.union for one in prepared})
        flaws = [flaw for one in prepared for flaw in _flaws(one, unions)]
        flaws += _repeated(prepared)
        sound = _without(prepared, flaws)
        plans = await keeping.plan([Wanted(one.known, *unions[one.union]) for one in sound])
        flaws += [found for one, plan in zip(sound, plans, strict=True) for found in _obstacles(actor, one, plan)]
        wrong = {flaw.params["row"] for flaw in flaws}
        kept = [plan for one, plan in zip(sound, plans, strict=True) if one.line.number not in wrong]
        added = sum(plan.row is None for plan in kept)
        changed = sum(plan.row is not None and bool(plan.columns or plan.moves) for plan in kept)
        return Plans(kept, added, changed, sorted(flaws, key=_row))

    async def write(self, actor: Actor, plans: Plans) -> None:
        """Add and change them."""
        await keeping.carry_out(plans.write)
        await notices.post("people.imported", by=actor.account, added=plans.added, changed=plans.changed)


def _row(flaw: Reason) -> int:
    return int(str(flaw.params["row"]))


def _without(prepared: Sequence[Prepared], flaws: Iterable[Reason]) -> list[Prepared]:
    wrong = {flaw.params["row"] for flaw in flaws}
    return [one for one in prepared if one.line.number not in wrong]


async def _unions(actor: Actor, named: Iterable[str]) -> Unions:
    """The unions in which the actor keeps people and that a file names: by path, or by code if only one has it."""
    texts = [text for text in named if text]
    (these, paths), (those, codes) = db.one_of([text.strip(".") + "." for text in texts]), db.one_of(texts)
    rows = await db.rows(f"SELECT id, path, code FROM unions WHERE path {these} OR code {those}", *paths, *codes)  # noqa: S608
    found: dict[str, set[tuple[UUID, str]]] = {}
    for row in rows:
        if actor.may(Right.KEEP_PEOPLE, union_path=row["path"]):
            for name in (row["path"], row["path"].rstrip("."), row["code"]):
                found.setdefault(name, set()).add((row["id"], row["path"]))
    return {name: next(iter(ones)) for name, ones in found.items() if len(ones) == 1}


def _prepared(line: Line, day: date) -> Prepared:
    form = _form(line)
    known = keeping.known(form)
    found = [*_unread(line, form), *((flaw.pointer[1:], flaw) for flaw in keeping.flaws(known, day))]
    flaws = [reason(line.number, column, line.cells.get(column, ""), flaw) for column, flaw in found]
    return Prepared(line, line.cells.get("union", ""), known, flaws)


def _form(line: Line) -> PersonForm:
    """A line as a form; what cannot be read is left out here and said by `_unread`, the union by `_flaws`."""
    cells = line.cells
    return PersonForm(
        name=cells.get("name", ""),
        union=NOWHERE,
        sex=SEXES.get(cells.get("sex", "").lower()),
        born=_date(cells.get("born", "")),
        identity_number=cells.get("identity_number") or None,
        phone=cells.get("phone") or None,
        mail=cells.get("mail") or None,
    )


def _unread(line: Line, form: PersonForm) -> Iterator[tuple[str, Reason]]:
    if form.sex is None and line.cells.get("sex"):
        yield "sex", Reason("not_a_choice")
    if form.born is None and line.cells.get("born"):
        yield "born", Reason("date_form")


def _flaws(one: Prepared, unions: Unions) -> Iterator[Reason]:
    """What is wrong with a line; of a cell that could not be read, nothing else is said."""
    spoiled = {flaw.pointer for flaw in one.line.flaws}
    yield from one.line.flaws
    found = [*_of_union(one, unions), *one.flaws]
    yield from (flaw for flaw in found if flaw.pointer not in spoiled)


def _of_union(one: Prepared, unions: Unions) -> Iterator[Reason]:
    if one.union not in unions:
        yield reason(one.line.number, "union", one.union, Reason("union_not_kept" if one.union else "required"))


def _repeated(prepared: Sequence[Prepared]) -> Iterator[Reason]:
    """Lines that are about somebody whom an earlier line is about."""
    first: dict[object, int] = {}
    for one in prepared:
        said, number = one.known, one.line.number
        key = said.number or (said.name, said.born, said.phone, one.union)
        if (said.number or said.born or said.phone) and first.setdefault(key, number) != number:
            again = Reason("row_repeated", "", {"first": first[key]})
            yield reason(number, "identity_number" if said.number else "name", said.number or said.name, again)


def _obstacles(actor: Actor, one: Prepared, plan: keeping.Plan) -> Iterator[Reason]:
    for found in keeping.obstacles(actor, plan):
        column = found.pointer[1:]
        yield reason(one.line.number, column, one.line.cells.get(column, ""), found)


def _date(text: str) -> date | None:
    parts = DATE.fullmatch(text)
    try:
        return date(*map(int, parts.groups())) if parts else None
    except ValueError:
        return None
