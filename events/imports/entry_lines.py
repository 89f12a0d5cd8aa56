"""What is known of entries beside their marks, out of a file: names, delegations, groups, lots, people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from events.errors import Reason
from events.imports.mark_lines import ENTRY
from events.imports.reading import Line, Table, lines, reason
from scoring.outcomes import Known
from scoring.promotions import Register

NAMES = {
    "entry": ENTRY,
    "name": ("姓名", "name", "名称", "队名", "title"),
    "delegation": ("代表团", "delegation", "代表队", "单位", "工会", "国家", "team", "country", "nation", "union"),
    "group": ("组", "group", "组别", "小组", "分组", "heat"),
    "out_of_competition": ("不计名次", "out_of_competition", "编外", "guest", "unranked"),
    "lot": ("抽签号", "lot", "签号", "draw"),
    "person": ("人员", "person", "队员", "member"),
    "level": ("等级", "level", "现等级", "技能等级"),
    "promoted": ("本年已晋升", "promoted", "已晋升"),
}
TABLE = Table(tuple(NAMES), frozenset({"entry"}), texts=frozenset(), names=NAMES, lenient=True)
YES = frozenset({"yes", "y", "true", "1", "x", "是", "√", "✓", "对"})
NO = frozenset({"", "no", "n", "false", "0", "否", "-"})
OF_ENTRY = ("name", "delegation", "group", "lot")


@dataclass
class Entries:
    """What a file says of entries, by entry; several rows about one are about its persons."""

    rows: dict[str, dict[str, str]] = field(default_factory=dict)
    persons: dict[str, list[str]] = field(default_factory=dict)
    levels: dict[str, str] = field(default_factory=dict)
    promoted: dict[str, str] = field(default_factory=dict)
    outside: set[str] = field(default_factory=set)

    @property
    def names(self) -> Mapping[str, str]:
        """What entries are called, where something is said."""
        return self.said("name")

    def said(self, column: str) -> dict[str, str]:
        """A column by entry."""
        return {entry: row[column] for entry, row in self.rows.items() if row.get(column)}

    def known(self) -> Known:
        """The same as scoring takes it."""
        return Known(
            lots={entry: int(lot) for entry, lot in self.said("lot").items()},
            unranked=frozenset(self.outside),
            delegations=self.said("delegation"),
            groups=self.said("group"),
            register=Register(self.persons, self.levels, self.promoted),
        )


def read(data: bytes) -> tuple[Entries, list[Reason]]:
    """The entries of a file, and everything that is wrong with them."""
    found, flaws = Entries(), []
    first: dict[str, int] = {}
    for line in lines(data, TABLE):
        flaws += [*line.flaws, *(_at(line, column, flaw) for column, flaw in _flaws(line, found, first))]
        _note(line, found)
    return found, [*flaws, *_lots(found, first)]


def _at(line: Line, column: str, flaw: Reason) -> Reason:
    return reason(line.number, column, line.cells.get(column, ""), flaw)


def _flaws(line: Line, found: Entries, first: dict[str, int]) -> Iterator[tuple[str, Reason]]:
    cells = line.cells
    entry, person = cells.get("entry", ""), cells.get("person", "")
    if not entry:
        yield "entry", Reason("required")
    elif first.setdefault(entry, line.number) != line.number:
        if not person or person in found.persons.get(entry, ()):
            yield "entry", Reason("entry_repeated", "", {"first": first[entry]})
        for column in OF_ENTRY:
            if cells.get(column) and found.rows[entry].get(column) not in (None, "", cells[column]):
                yield column, Reason("entry_differs", "", {"first": first[entry]})
    if cells.get("out_of_competition", "").casefold() not in YES | NO:
        yield "out_of_competition", Reason("yes_or_no")
    if (lot := cells.get("lot")) and not (lot.isascii() and lot.isdigit()):
        yield "lot", Reason("whole_number")


def _note(line: Line, found: Entries) -> None:
    cells = line.cells
    entry, person = cells.get("entry", ""), cells.get("person") or cells.get("entry", "")
    row = found.rows.setdefault(entry, {})
    row |= {column: cells[column] for column in OF_ENTRY if cells.get(column) and not row.get(column)}
    if cells.get("person"):
        found.persons.setdefault(entry, []).append(person)
    for column, persons in (("level", found.levels), ("promoted", found.promoted)):
        if cells.get(column, "").casefold() not in NO:
            persons[person] = cells[column]
    if cells.get("out_of_competition", "").casefold() in YES:
        found.outside.add(entry)


def _lots(found: Entries, first: Mapping[str, int]) -> Iterable[Reason]:
    """A lot is drawn by one."""
    drawn: dict[str, str] = {}
    for entry, lot in found.said("lot").items():
        if (other := drawn.setdefault(lot, entry)) != entry:
            yield reason(first[entry], "lot", lot, Reason("lot_taken", "", {"entry": other}))
