"""From a document to a scheme; the codes of its problems are listed in scoring.schemes."""

from __future__ import annotations

from scoring.facts import Mark, Status
from scoring.schemes import granting
from scoring.schemes.after_parsing import optional, scaled, standings
from scoring.schemes.document import Entrant, Example, Expected, Scheme, Section
from scoring.schemes.nodes import node
from scoring.schemes.parts import MANY, title, whole
from scoring.schemes.reading import Reader

FORMAT = "magpie-scheme/1"
STATUSES = tuple(Status)
MOST_SECTIONS = 100


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
        standard=tuple(section(inside) for inside in read.readers("standard", most=MOST_SECTIONS)),
        scaled=optional(read, "scaled", scaled),
        awards=granting.awards(read),
        advance=granting.advance(read),
        promotions=granting.promotions(read),
        example=optional(read, "example", example),
    )
    read.close()
    return found


def section(read: Reader) -> Section:
    """A section of the standard: {key, title, weight}."""
    found = Section(read.key("key"), title(read, "title"), read.decimal("weight"))
    read.close()
    return found


def example(read: Reader) -> Example:
    """Marks, and the board that they must give."""
    found = Example(
        tuple(entrant(inside) for inside in read.readers("entries", most=1000)),
        tuple(mark(inside) for inside in read.readers("marks", most=10_000)),
        tuple(expected(inside) for inside in read.readers("expected", most=1000)),
    )
    read.close()
    return found


def entrant(read: Reader) -> Entrant:
    """A row {entry, delegation, group, out_of_competition}."""
    found = Entrant(
        read.text("entry"), text(read, "delegation"), text(read, "group"), outside=read.yes("out_of_competition")
    )
    read.close()
    return found


def text(read: Reader, name: str) -> str | None:
    """A text that may be left out."""
    return read.text(name) if read.has(name) else None


def status(read: Reader) -> Status | None:
    """The status in a row, where there is one."""
    return read.choice("status", STATUSES, Status.DID_NOT_START) if read.has("status") else None


def mark(read: Reader) -> Mark:
    """A row {entry, aspect, attempt, judge, value | status}."""
    found = Mark(
        entry=read.text("entry"),
        aspect=read.key("aspect"),
        attempt=read.integer("attempt", 1, least=1, most=MANY),
        judge=text(read, "judge"),
        value=read.decimal("value"),
        status=status(read),
    )
    if (found.value is None) == (found.status is None):
        read.problem(None, "value_or_status")
    read.close()
    return found


def expected(read: Reader) -> Expected:
    """A row {entry, score, status, rank, scaled, awards, advances, promotion}."""
    rank = whole(read.taken("rank")) if read.has("rank") else None
    if rank is None and read.has("rank"):
        read.problem("rank", "not_decimal")
    found = Expected(
        entry=read.text("entry"),
        score=read.decimal("score"),
        status=status(read),
        rank=rank,
        scaled=read.decimal("scaled"),
        awards=tuple(read.texts("awards", most=granting.MOST_GRANTS)) if read.has("awards") else None,
        advances=read.boolean("advances"),
        promotion=text(read, "promotion"),
    )
    read.close()
    return found
