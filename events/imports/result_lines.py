"""Results of contests out of a file, for a table of delegations."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal

from events.errors import Reason
from events.imports.entry_lines import NAMES as OF_ENTRIES
from events.imports.entry_lines import NO, YES
from events.imports.mark_lines import ENTRY
from events.imports.reading import Line, Table, lines, reason
from scoring.schemes.parts import whole
from scoring.schemes.reading import decimal_of
from scoring.tables import Result

NAMES = {
    "contest": ("项目", "contest", "赛项", "event", "discipline"),
    "entry": ENTRY,
    "delegation": OF_ENTRIES["delegation"],
    "rank": ("名次", "rank", "place", "排名"),
    "score": ("成绩", "score", "得分", "分数"),
    "scaled": ("标准分", "scaled"),
    "points": ("积分", "points"),
    "awards": ("奖项", "awards", "award", "medal", "奖牌"),
    "scoring": ("计入", "scoring"),
    "weight": ("倍数", "weight"),
}
TABLE = Table(tuple(NAMES), frozenset({"entry", "delegation"}), texts=frozenset(), names=NAMES, lenient=True)
NUMBERS = ("score", "scaled", "points", "weight")
BETWEEN = re.compile(r"[\s,;、，；]+")
NOTHING = frozenset({"", "-", "–", "—"})


def read(data: bytes) -> tuple[list[Result], list[Reason]]:
    """The results of a file, and everything that is wrong with them."""
    found, flaws = [], []
    first: dict[tuple[str, str], int] = {}
    for line in lines(data, TABLE):
        cells = {column: "" if text in NOTHING else text for column, text in line.cells.items()}
        numbers = {column: decimal_of(cells[column]) for column in NUMBERS if cells.get(column)}
        rank = whole(cells["rank"]) if cells.get("rank") else None
        wrong = [(column, "not_decimal") for column, number in numbers.items() if number is None]
        wrong += [("rank", "whole_number")] if cells.get("rank") and rank is None else []
        wrong += [] if cells.get("entry") else [("entry", "required")]
        wrong += [] if cells.get("scoring", "").casefold() in YES | NO else [("scoring", "yes_or_no")]
        flaws += [*line.flaws, *(at(line, column, Reason(code)) for column, code in wrong)]
        place = (cells.get("contest", ""), cells.get("entry", ""))
        if (before := first.setdefault(place, line.number)) != line.number:
            flaws.append(at(line, "entry", Reason("entry_repeated", "", {"first": before})))
        found.append(result(cells, numbers, rank))
    return found, flaws


def at(line: Line, column: str, flaw: Reason) -> Reason:
    """A flaw in a cell of a line."""
    return reason(line.number, column, line.cells.get(column, ""), flaw)


def result(cells: Mapping[str, str], numbers: Mapping[str, Decimal | None], rank: Decimal | None) -> Result:
    """One line as a result; without a word about it, it counts for its delegation."""
    weight = numbers.get("weight")
    said = cells.get("scoring", "").casefold()
    return Result(
        contest=cells.get("contest", ""),
        entry=cells.get("entry", ""),
        delegation=cells.get("delegation") or None,
        rank=rank,
        score=numbers.get("score"),
        scaled=numbers.get("scaled"),
        points=numbers.get("points"),
        awards=tuple(key for key in BETWEEN.split(cells.get("awards", "")) if key),
        scoring=not said or said in YES,
        weight=Decimal(1) if weight is None else weight,
    )
