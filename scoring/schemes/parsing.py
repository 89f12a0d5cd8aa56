"""From a document to a scheme; the codes of its problems are listed in scoring.schemes."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import TypeVar, get_args

from scoring.facts import ENTRY_STATUSES, Mark, Status
from scoring.schemes.model import (
    Better,
    Example,
    Expected,
    Scheme,
    Standings,
    TieBreak,
    Tolerance,
    ToleranceMode,
    WhenTied,
)
from scoring.schemes.nodes import node
from scoring.schemes.parts import BETTER, MANY, RANK_STYLES, ZERO, title, whole
from scoring.schemes.reading import Reader, decimal_of

FORMAT = "magpie-scheme/1"
TOLERANCE_MODES: tuple[ToleranceMode, ...] = get_args(ToleranceMode)
WHEN_TIED: tuple[WhenTied, ...] = get_args(WhenTied)
STATUSES = tuple(Status)
Part = TypeVar("Part")


def scheme(read: Reader) -> Scheme:
    """The whole document; what is wrong is reported to the reader and replaced by a default."""
    if read.text("format"):
        read.choice("format", (FORMAT,), FORMAT)
    order = standings(read.child("standings") or Reader({}, read.at("standings"), read.problems))
    found = Scheme(
        key=read.key("key"),
        title=title(read, "title"),
        description=title(read, "description") if read.has("description") else None,
        root=node(read.child("root", required=True) or Reader({}, "/root", []), order.better),
        aside=tuple(node(inside, order.better) for inside in read.readers("aside", most=MANY)),
        standings=order,
        example=optional(read, "example", example),
    )
    read.close()
    return found


def optional(read: Reader, name: str, parse: Callable[[Reader], Part]) -> Part | None:
    """A part that may be left out."""
    inside = read.child(name)
    return None if inside is None else parse(inside)


def standings(read: Reader) -> Standings:
    """How scores become ranks."""
    better = read.choice("better", BETTER, "higher")
    found = Standings(
        better=better,
        style=read.choice("style", RANK_STYLES, "1224"),
        tie_breaks=tuple(tie_break(inside, better) for inside in read.readers("tie_breaks", most=MANY)),
        tolerance=optional(read, "tolerance", tolerance),
        ranked_statuses=frozenset(ranked_statuses(read)),
        points=tuple(decimals(read, "points")),
        points_when_tied=read.choice("points_when_tied", WHEN_TIED, "same"),
    )
    read.close()
    return found


def tie_break(read: Reader, better: Better) -> TieBreak:
    """{node, better} or {lot: true}."""
    lot = read.taken("lot")
    if lot is not None and lot is not True:
        read.problem("lot", "not_true")
    found = TieBreak(read.key("node", required=lot is None) or None, read.choice("better", BETTER, better))
    if lot is not None and found.node is not None:
        read.problem("lot", "node_or_lot")
    read.close()
    return found


def tolerance(read: Reader) -> Tolerance:
    """{value, mode}."""
    value = read.decimal("value", ZERO, required=True) or ZERO
    if value < 0:
        read.problem("value", "not_positive")
    found = Tolerance(value, read.choice("mode", TOLERANCE_MODES, "first"))
    read.close()
    return found


def ranked_statuses(read: Reader) -> list[Status]:
    """Statuses whose entries are ranked after all scores."""
    listed = read.items("ranked_statuses", most=len(STATUSES))
    known = [status for status in ENTRY_STATUSES if status in listed]
    if len(known) != len(listed):
        read.problem("ranked_statuses", "not_one_of", options=" ".join(sorted(ENTRY_STATUSES)))
    return known


def decimals(read: Reader, name: str) -> list[Decimal]:
    """A list of decimal numbers."""
    numbers = [decimal_of(item) for item in read.items(name, most=1000)]
    for position, number in enumerate(numbers):
        if number is None:
            read.problem(f"{name}/{position}", "not_decimal")
    return [number for number in numbers if number is not None]


def example(read: Reader) -> Example:
    """Marks, and the board that they must give."""
    found = Example(
        tuple(mark(inside) for inside in read.readers("marks", most=10_000)),
        tuple(expected(inside) for inside in read.readers("expected", most=1000)),
    )
    read.close()
    return found


def status(read: Reader) -> Status | None:
    """The status in a row, where there is one."""
    return read.choice("status", STATUSES, Status.DID_NOT_START) if read.has("status") else None


def mark(read: Reader) -> Mark:
    """A row {entry, aspect, attempt, judge, value | status}."""
    found = Mark(
        entry=read.text("entry"),
        aspect=read.key("aspect"),
        attempt=read.integer("attempt", 1, least=1, most=MANY),
        judge=read.text("judge") if read.has("judge") else None,
        value=read.decimal("value"),
        status=status(read),
    )
    if (found.value is None) == (found.status is None):
        read.problem(None, "value_or_status")
    read.close()
    return found


def expected(read: Reader) -> Expected:
    """A row {entry, score, status, rank}."""
    rank = whole(read.taken("rank")) if read.has("rank") else None
    if rank is None and read.has("rank"):
        read.problem("rank", "not_decimal")
    found = Expected(read.text("entry"), read.decimal("score"), status(read), rank)
    read.close()
    return found
