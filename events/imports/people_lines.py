"""People out of a file: who is known changes, who is not is added; each a member of a union."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from uuid import UUID

from events import db, errors, exports, notices
from events.access import Actor, Right
from events.errors import Reason
from events.imports.reading import Line, Table, reason
from events.people import PersonForm, keeping
from events.people.keeping import Wanted
from events.terms import Sex

TABLE = Table(exports.PEOPLE, frozenset({"name", "union"}), texts=frozenset({"identity_number", "union"}))
SEXES = {"男": Sex.MALE, "女": Sex.FEMALE, "male": Sex.MALE, "female": Sex.FEMALE, "m": Sex.MALE, "f": Sex.FEMALE}
DATE = re.compile(r"(\d{4})(?:[-/.年]?)(\d{1,2})(?:[-/.月]?)(\d{1,2})日?")
NOWHERE = UUID(int=0)
Unions = dict[str, tuple[UUID, str]]


async def take(actor: Actor, batch: Sequence[Line]) -> tuple[int, int]:
    """Write a batch within the running transaction; gives how many were added and changed."""
    unions = await _unions(actor, {line.cells.get("union", "") for line in batch})
    day = keeping.today()
    forms = [_form(line, unions) for line in batch]
    flaws = [flaw for line, form in zip(batch, forms, strict=True) for flaw in _flaws(line, form, day)]
    errors.refuse([*flaws, *_repeated(batch, forms)])
    paths = dict(unions.values())
    wanted = [Wanted(keeping.known(form), form.union, paths[form.union]) for form in forms]
    errors.refuse(await _obstacles(actor, batch, wanted))
    written = await keeping.write(actor, wanted)
    await notices.post("people.imported", by=actor.account, added=written.added, changed=written.changed)
    return written.added, written.changed


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


def _form(line: Line, unions: Unions) -> PersonForm:
    """A line as a form; what cannot be read is left out here and said by `_flaws`."""
    cells = line.cells
    return PersonForm(
        name=cells.get("name", ""),
        union=unions.get(cells.get("union", ""), (NOWHERE, ""))[0],
        sex=SEXES.get(cells.get("sex", "").lower()),
        born=_date(cells.get("born", "")),
        identity_number=cells.get("identity_number") or None,
        phone=cells.get("phone") or None,
        mail=cells.get("mail") or None,
    )


def _flaws(line: Line, form: PersonForm, day: date) -> Iterator[Reason]:
    spoiled = {flaw.pointer for flaw in line.flaws}
    yield from line.flaws
    for column, flaw in [*_unread(line, form), *((r.pointer[1:], r) for r in keeping.flaws(keeping.known(form), day))]:
        if f"/rows/{line.number}/{column}" not in spoiled:
            yield reason(line.number, column, line.cells.get(column, ""), flaw)


def _unread(line: Line, form: PersonForm) -> Iterator[tuple[str, Reason]]:
    if form.union == NOWHERE:
        yield "union", Reason("union_not_kept" if line.cells.get("union") else "required")
    if form.sex is None and line.cells.get("sex"):
        yield "sex", Reason("not_a_choice")
    if form.born is None and line.cells.get("born"):
        yield "born", Reason("date_form")


def _repeated(batch: Sequence[Line], forms: Sequence[PersonForm]) -> Iterator[Reason]:
    """Lines that are about somebody whom an earlier line is about."""
    first: dict[object, int] = {}
    for line, form in zip(batch, forms, strict=True):
        said = keeping.known(form)
        key = said.number or (said.name, said.born, said.phone, form.union)
        if (said.number or said.born or said.phone) and first.setdefault(key, line.number) != line.number:
            again = Reason("row_repeated", "", {"first": first[key]})
            yield reason(line.number, "identity_number" if said.number else "name", said.number or said.name, again)


async def _obstacles(actor: Actor, batch: Sequence[Line], wanted: Sequence[Wanted]) -> list[Reason]:
    rows = await keeping.matches(wanted)
    return [
        reason(line.number, found.pointer[1:], line.cells.get(found.pointer[1:], ""), found)
        for line, one, row in zip(batch, wanted, rows, strict=True)
        for found in keeping.obstacles(actor, one, row)
    ]


def _date(text: str) -> date | None:
    parts = DATE.fullmatch(text)
    try:
        return date(*map(int, parts.groups())) if parts else None
    except ValueError:
        return None
