"""A sheet as one judge fills it in: which aspects and which marks are theirs, and how far each entry is."""

from collections.abc import Iterator
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple, TypeAlias

from events.marking import Sheet, SheetAspect, SheetEntry, SheetMark
from events.terms import EntryState, StageState

OVER = (StageState.SIGNED, StageState.PROVISIONAL, StageState.OFFICIAL)
Place: TypeAlias = tuple[str, str, int]


class Field(NamedTuple):
    """One mark to be given for each entry: an aspect, one of its attempts, from which seat (none: a value without)."""

    aspect: SheetAspect
    attempt: int
    seat: str | None

    @property
    def name(self) -> str:
        """The name of the field on the page."""
        return f"{self.aspect.key}.{self.attempt}"

    @property
    def optional(self) -> bool:
        """Whether nothing given means nothing to give."""
        return self.aspect.kind == "deduction"

    def place(self, entry: SheetEntry) -> Place:
        """Where the mark of an entry stands."""
        return (entry.code, self.aspect.key, self.attempt)


class Work:
    """What one judge has to do on a sheet, and has done."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet

    @cached_property
    def fields(self) -> list[Field]:
        """What the asker marks, in the order of the scheme."""
        return list(self._fields())

    def _fields(self) -> Iterator[Field]:
        for aspect in self.sheet.aspects:
            panel = next((one for one in self.sheet.panels if one.seat and aspect.key in one.aspects), None)
            if panel or (self.sheet.gives_values and not aspect.judged):
                seat = panel.seat if panel and aspect.judged else None
                yield from (Field(aspect, attempt, seat) for attempt in range(1, aspect.attempts + 1))

    @cached_property
    def marks(self) -> dict[tuple[Place, str | None], SheetMark]:
        """The marks that count, by place and seat."""
        found = [*self.sheet.marks, *self.sheet.others]
        return {((mark.code, mark.aspect, mark.attempt), mark.seat): mark for mark in found}

    def own(self, field: Field, entry: SheetEntry) -> SheetMark | None:
        """The asker's mark."""
        return self.marks.get((field.place(entry), field.seat))

    def values(self, entry: SheetEntry) -> dict[str, str]:
        """What the asker has given an entry, by the name of the field."""
        marks = ((field.name, self.own(field, entry)) for field in self.fields)
        return {name: mark.value if mark and mark.value is not None else "" for name, mark in marks}

    def status(self, entry: SheetEntry) -> str:
        """The status that stands instead of every mark of the asker, if any."""
        found = {mark.status if (mark := self.own(field, entry)) else None for field in self.fields}
        return str(next(iter(found)) or "") if len(found) == 1 else ""

    def others(self, entry: SheetEntry) -> list[SheetMark]:
        """The marks of others that may be seen."""
        return [mark for mark in self.sheet.others if mark.code == entry.code]

    def disputed(self, field: Field, entry: SheetEntry) -> bool:
        """Whether the judges, all in, are further apart than the scheme allows."""
        here = [mark for mark in self.others(entry) if (mark.aspect, mark.attempt) == field.place(entry)[1:]]
        given = [Decimal(one.value) for one in [*here, self.own(field, entry)] if one and one.seat and one.value]
        limit = field.aspect.max_spread
        return bool(here and limit) and max(given, default=0) - min(given, default=0) > Decimal(limit or 0)

    @property
    def signed(self) -> bool:
        """Whether what the asker marks is signed off."""
        seated = [panel for panel in self.sheet.panels if panel.seat]
        return self.sheet.state in OVER or (bool(seated) and all(panel.signed for panel in seated))

    def lock(self, entry: SheetEntry) -> str:
        """Why the asker cannot mark an entry: withdrawn, own, signed; "" when nothing stands against it."""
        if entry.state == EntryState.WITHDRAWN:
            return "withdrawn"
        if entry.own:
            return "own"
        return "signed" if self.signed and not self.sheet.chief else ""

    def state(self, entry: SheetEntry) -> str:
        """How far the asker is with an entry: none, part, full, or signed."""
        marked = {field.name for field in self.fields if self.own(field, entry)}
        needed = {field.name for field in self.fields if not field.optional}
        if self.signed:
            return "signed"
        if not marked:
            return "none"
        return "full" if marked >= needed else "part"

    @property
    def done(self) -> int:
        """How many entries are wholly marked, or need not be."""
        return sum(self.state(entry) in ("full", "signed") or self.lock(entry) != "" for entry in self.sheet.entries)

    def entry(self, code: str) -> SheetEntry | None:
        """The entry with this code; for any other code the first that is not done, else the first."""
        entries = self.sheet.entries
        named = next((entry for entry in entries if entry.code == code), None)
        open_yet = (entry for entry in entries if self.state(entry) != "full" and not self.lock(entry))
        return named or next(open_yet, entries[0] if entries else None)
