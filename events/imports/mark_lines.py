"""Marks out of a file, for a contest that is scored without an event; names and words as strangers write them."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from events.errors import Reason
from events.imports.reading import Line, Table, header, lines, reason
from scoring.marks import Mark, Status, checker, crowded
from scoring.problems import Problem
from scoring.schemes import Aspect, Scheme, nodes

ENTRY = (
    "选手", "entry", "参赛编号", "选手编号", "编号", "参赛者", "competitor", "participant", "entry_id", "bib",
)  # fmt: skip
ASPECT = (
    "评分点", "aspect", "评分项", "得分点", "评分点编号", "项目", "科目", "aspect_key", "node", "key", "element",
)  # fmt: skip
NAMES = {
    "entry": ENTRY,
    "aspect": ASPECT,
    "attempt": ("次数", "attempt", "轮次", "第几次", "序号", "round", "try", "jump", "dive", "lap"),
    "judge": ("裁判", "judge", "评委", "裁判员", "juror", "jury"),
    "value": ("分值", "value", "分数", "打分", "成绩", "得分", "数值", "mark", "score", "points"),
    "status": ("状态", "status"),
}
TABLE = Table(tuple(NAMES), frozenset({"entry", "value"}), texts=frozenset(), names=NAMES, lenient=True)
WORDS = {
    Status.DID_NOT_START: ("dns", "didnotstart", "notstarted", "未参赛", "未出场", "未起跑", "弃权", "缺赛"),
    Status.DID_NOT_FINISH: ("dnf", "didnotfinish", "notfinished", "未完赛", "未完成", "未到终点", "中途退出"),
    Status.DISQUALIFIED: ("dsq", "dq", "disq", "disqualified", "取消资格", "取消成绩", "犯规取消"),
    Status.RECUSED: ("rec", "recused", "recusal", "回避"),
    Status.ABSENT: ("abs", "absent", "缺席"),
}
STATUSES = {word: status for status, words in WORDS.items() for word in words}
ZEROS = re.compile(r"\.0+$")  # some programs write whole numbers so
NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)")
BETWEEN = re.compile(r"[\s_./-]+")
NO_MARK = frozenset({"", "-", "–", "—", "/"})
MOST_NAMED = 12


@dataclass(frozen=True)
class Marks:
    """What a file says: its marks and the rows they stand in, how many rows had none, the names of its columns."""

    marks: list[Mark]
    rows: list[int]
    empty: int
    columns: Mapping[str, str]

    @property
    def aside(self) -> list[str]:
        """The columns that nobody knows."""
        return [name for column, name in self.columns.items() if column not in NAMES and name]


@dataclass(frozen=True)
class Read:
    """A line that was read: its mark (None: an empty one), and what is wrong with it."""

    line: Line
    mark: Mark | None
    flaws: tuple[Reason, ...]


class Reader:
    """Reads lines as marks of one scheme."""

    def __init__(self, scheme: Scheme) -> None:
        self.check = checker(scheme)
        self.aspects = [node for node in nodes(scheme).values() if isinstance(node, Aspect)]
        self.names = _names(scheme)
        needed = TABLE.needed if len(self.aspects) == 1 else TABLE.needed | {"aspect"}
        self.table = TABLE._replace(needed=needed)

    def read(self, line: Line) -> Read:
        """One line."""
        cells = {column: "" if text in NO_MARK else text for column, text in line.cells.items()}
        value, status, flaw = _value(cells.get("value", ""), cells.get("status", ""))
        if value is None and status is None and flaw is None:
            return Read(line, None, tuple(line.flaws))
        attempt, bad_attempt = _attempt(cells.get("attempt", ""))
        mark = Mark(cells["entry"], self.aspect(cells), attempt, cells.get("judge") or None, value, status)
        found = [*([("value", flaw)] if flaw else []), *([("attempt", bad_attempt)] if bad_attempt else [])]
        found += self.flaws(mark, clean=not flaw)
        told = {column: reason(line.number, column, line.cells.get(column, ""), one) for column, one in found[::-1]}
        return Read(line, mark, (*line.flaws, *told.values()))

    def aspect(self, cells: Mapping[str, str]) -> str:
        """The key of the aspect that a line names, by key or title; the only one there is, if it names none."""
        named = cells.get("aspect", "")
        if not named and len(self.aspects) == 1:
            return self.aspects[0].key
        return self.names.get(_folded(named), named)

    def flaws(self, mark: Mark, *, clean: bool) -> Iterator[tuple[str, Reason]]:
        """What is wrong with a mark, by column; `clean`: the value could be read."""
        if not mark.entry:
            yield "entry", Reason("required")
        for problem in self.check(mark):
            if clean or problem.pointer != "/value":
                yield problem.pointer[1:], self.told(problem)

    def told(self, problem: Problem) -> Reason:
        """A problem of a mark; one that names no aspect is told those that there are."""
        if problem.code != "unknown_aspect":
            return Reason(problem.code, "", problem.params)
        keys = [aspect.key for aspect in self.aspects]
        known = [*keys[:MOST_NAMED], *(["…"] if len(keys) > MOST_NAMED else [])]
        return Reason("aspect_not_known", "", {"known": known})


def crowding(scheme: Scheme, found: Iterable[Read]) -> Iterator[Reason]:
    """Lines that say again what an earlier one said, and marks of more judges than there are."""
    sound = [(read, read.mark) for read in found if read.mark is not None and not read.flaws]
    for number, problem in crowded(scheme, (mark for _, mark in sound)):
        read = sound[number][0]
        if problem.code == "mark_twice":
            first = sound[int(problem.params["first"])][0].line.number
            yield _at(read, "judge", Reason("mark_repeated", "", {"first": first}))
        else:
            yield _at(read, "judge", Reason(problem.code, "", problem.params))


def read(data: bytes, scheme: Scheme) -> tuple[Marks, list[Reason]]:
    """The marks of a file, and everything that is wrong with them, in the order of the lines."""
    reader = Reader(scheme)
    found = [reader.read(line) for line in lines(data, reader.table)]
    flaws = [*(flaw for one in found for flaw in one.flaws), *crowding(scheme, found)]
    marks = [one.mark for one in found if one.mark is not None]
    rows = [one.line.number for one in found if one.mark is not None]
    return Marks(marks, rows, len(found) - len(marks), header(data, reader.table)), sorted(flaws, key=_row)


def _row(flaw: Reason) -> int:
    return int(str(flaw.params["row"]))


def _at(read: Read, column: str, flaw: Reason) -> Reason:
    return reason(read.line.number, column, read.line.cells.get(column, ""), flaw)


def _value(text: str, status: str) -> tuple[Decimal | None, Status | None, Reason | None]:
    """A number or a status out of two cells of which one may stand for both."""
    written = unicodedata.normalize("NFKC", text).replace("−", "-").strip()
    said = [found for cell in (text, status) if (found := STATUSES.get(_folded(cell)))]
    if NUMBER.fullmatch(written):
        return Decimal(written), said[0] if said else None, None
    if text and _folded(text) not in STATUSES:
        return None, None, Reason("decimal_comma" if NUMBER.fullmatch(written.replace(",", ".")) else "no_value")
    if status and _folded(status) not in STATUSES:
        return None, None, Reason("no_value")
    return None, said[0] if said else None, None


def _attempt(text: str) -> tuple[int, Reason | None]:
    """The number of an attempt; the first if nothing is said."""
    written = ZEROS.sub("", unicodedata.normalize("NFKC", text))
    if not written:
        return 1, None
    return (int(written), None) if written.isascii() and written.isdigit() else (1, Reason("whole_number"))


def _folded(text: str) -> str:
    """A word whichever way it is written."""
    return BETWEEN.sub("", unicodedata.normalize("NFKC", text).casefold())


def _names(scheme: Scheme) -> dict[str, str]:
    """What nodes may be called: their keys, and titles that only one has; a key before a title."""
    found = nodes(scheme)
    titles = [(_folded(title), key) for key, node in found.items() for title in {node.title.zh, node.title.en}]
    counts = Counter(title for title, _ in titles)
    keys = Counter(_folded(key) for key in found)
    named = {title: key for title, key in titles if counts[title] == 1}
    return named | {_folded(key): key for key in found if keys[_folded(key)] == 1}
