"""What comes in to be scored, and how much of it strangers may send at once."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Annotated, TypeAlias

import msgspec
from msgspec import Meta

from api.evaluating.telling import Contest
from events import contests
from events.errors import Invalid, Reason, refuse
from events.text import Line
from scoring import effort, schemes
from scoring.facts import Mark, Status
from scoring.marks import checker, crowded
from scoring.outcomes import Known
from scoring.promotions import Register
from scoring.schemes import Scheme
from scoring.schemes.json_schema import DEFINITIONS
from scoring.schemes.reading import decimal_of

MOST_MARKS, MOST_ENTRIES, MOST_PERSONS = 20_000, 5_000, 50
MOST_WORK = 100_000  # nodes to be run and told: a second or two
MOST_TOLD = 20_000  # nodes to be explained
Name = Annotated[Line, Meta(min_length=1)]
# Without a pattern: msgspec 0.22 writes where it must not when a text with one may also be an object.
Rules: TypeAlias = dict[str, object] | Annotated[str, Meta(min_length=1, max_length=64)]
DECIMAL = DEFINITIONS["decimal"]["anyOf"]
Value = Annotated[
    object,
    Meta(description="A decimal.", extra_json_schema={"anyOf": [*DECIMAL, {"type": "null"}]}),
]


class MarkForm(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A value or a status that a judge (or nobody: a given, measured or agreed value) gave on an aspect."""

    entry: Name
    aspect: Name
    attempt: Annotated[int, Meta(ge=1, le=200)] = 1
    judge: Name | None = None
    value: Value = None
    status: Status | None = None


class PersonKnown(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Somebody behind an entry: the level held now, and the level to which they were promoted in the year already."""

    person: Name
    level: Name | None = None
    promoted: Name | None = None


class EntryKnown(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is known of an entry beside its marks; without persons it is one itself."""

    entry: Name
    delegation: Name | None = None
    group: Name | None = None
    out_of_competition: bool = False
    lot: Annotated[int, Meta(ge=0, le=10**9)] | None = None
    persons: Annotated[list[PersonKnown], Meta(max_length=MOST_PERSONS)] = []


class EvaluateForm(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A contest to be scored. `scheme`: a document (docs/schemes.md), or the key of a ready one.

    `entries`: what is known of them; who has marks competes without being named here. `explain`: whose results are
    explained, or `explain_all`.
    """

    scheme: Rules
    marks: Annotated[list[MarkForm], Meta(max_length=MOST_MARKS)]
    entries: Annotated[list[EntryKnown], Meta(max_length=MOST_ENTRIES)] = []
    explain: Annotated[list[Name], Meta(max_length=MOST_ENTRIES)] = []
    explain_all: bool = False


def read_contest(form: EvaluateForm) -> tuple[Contest, list[str]]:
    """The contest, and whose results are to be explained; Invalid names every fault, or that it would be too much."""
    scheme = scheme_of(form.scheme)
    values = [None if one.value is None else decimal_of(one.value) for one in form.marks]
    marks = [
        Mark(one.entry, one.aspect, one.attempt, one.judge, value, one.status)
        for one, value in zip(form.marks, values, strict=True)
    ]
    unread = {flaw.pointer: flaw for flaw in unreadable(form, values)}
    others = [flaw for flaw in mark_flaws(scheme, marks) if flaw.pointer not in unread]
    refuse([*unread.values(), *others, *entry_flaws(form.entries)])
    entries = list(dict.fromkeys([*(one.entry for one in form.entries), *(mark.entry for mark in marks)]))
    explain = entries if form.explain_all else list(dict.fromkeys(form.explain))
    refuse([*unknown(form, entries), *too_much(scheme, entries, explain)])
    return Contest(scheme, marks, entries, known(form.entries)), explain


def scheme_of(given: Rules) -> Scheme:
    """The scheme that is described, or that a key of the library names; Invalid names every problem."""
    document = contests.ready_scheme(given, "/scheme").document if isinstance(given, str) else given
    try:
        return schemes.parse(document)
    except schemes.SchemeError as error:
        found = [Reason(one.code, f"/scheme{one.pointer}", one.params) for one in error.problems]
        raise Invalid(*found) from error


def document_of(given: Rules) -> dict[str, object]:
    """A document that is a scheme."""
    scheme_of(given)
    return contests.ready_scheme(given, "/scheme").document if isinstance(given, str) else given


def unreadable(form: EvaluateForm, values: Sequence[Decimal | None]) -> Iterator[Reason]:
    """Values that are no decimals."""
    for number, (one, value) in enumerate(zip(form.marks, values, strict=True)):
        if one.value is not None and value is None:
            yield Reason("not_decimal", f"/marks/{number}/value")


def mark_flaws(scheme: Scheme, marks: Sequence[Mark]) -> Iterator[Reason]:
    """Marks that the scheme does not allow, and those that are there twice or too many."""
    check = checker(scheme)
    for number, mark in enumerate(marks):
        yield from (Reason(one.code, f"/marks/{number}{one.pointer}", one.params) for one in check(mark))
    for number, one in crowded(scheme, marks):
        yield Reason(one.code, f"/marks/{number}{one.pointer}", one.params)


def entry_flaws(entries: Sequence[EntryKnown]) -> Iterator[Reason]:
    """Entries that are there twice, and lots that two have drawn."""
    seen: set[str] = set()
    lots: dict[int, str] = {}
    for number, one in enumerate(entries):
        if one.entry in seen:
            yield Reason("entry_twice", f"/entries/{number}/entry")
        seen.add(one.entry)
        if one.lot is not None and (other := lots.setdefault(one.lot, one.entry)) != one.entry:
            yield Reason("lot_taken", f"/entries/{number}/lot", {"entry": other})


def unknown(form: EvaluateForm, entries: Sequence[str]) -> Iterator[Reason]:
    """Entries to be explained that there are not."""
    there = frozenset(entries)
    for number, entry in enumerate(form.explain):
        if entry not in there:
            yield Reason("unknown_entry", f"/explain/{number}")


def too_much(scheme: Scheme, entries: Sequence[str], explain: Sequence[str]) -> Iterator[Reason]:
    """What would keep others waiting."""
    if effort.effort(scheme, len(entries)) > MOST_WORK:
        yield Reason("too_much_work", "/scheme", {"entries": len(entries)})
    elif effort.nodes(scheme) * len(explain) > MOST_TOLD:
        yield Reason("too_much_to_explain", "/explain", {"most": max(MOST_TOLD // effort.nodes(scheme), 1)})


def known(entries: Sequence[EntryKnown]) -> Known:
    """What is known beside the marks, as scoring takes it."""
    persons = [person for one in entries for person in one.persons]
    return Known(
        lots={one.entry: one.lot for one in entries if one.lot is not None},
        unranked=frozenset(one.entry for one in entries if one.out_of_competition),
        delegations={one.entry: one.delegation for one in entries if one.delegation},
        groups={one.entry: one.group for one in entries if one.group},
        register=Register(
            persons={one.entry: [person.person for person in one.persons] for one in entries if one.persons},
            levels={one.person: one.level for one in persons if one.level},
            promoted={one.person: one.promoted for one in persons if one.promoted},
        ),
    )
