"""Builds the trace of one entry by walking the same plan that gave the total: same picks, same steps, same integers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from scoring.arithmetic import to_decimal
from scoring.facts import GRAVITY, JUDGE_STATUSES, Mark, Status
from scoring.members import Branch, Echo, Leaf, Member, reaches, status_of
from scoring.picks import Fate, Picker
from scoring.rows import Number, Row
from scoring.schemes.model import StatusRule, StatusWhen
from scoring.shaping import Change
from scoring.traces import FateCode, Shown, StatusFate, Step, Trace, Used

STATUS_FATES: dict[StatusRule, StatusFate] = {"carry": "status", "worst": "status", "skip": "skipped", "zero": "zeroed"}


def trace(member: Member, row: Row, attempt: int | None = None) -> Trace:
    """How a node of a row that was run came to its number."""
    return repeated(member, row) if member.times else once(member, row, attempt)


def once(member: Member, row: Row, attempt: int | None) -> Trace:
    """One attempt, or a node outside repeats."""
    number = member.once(row, attempt or 1)
    result = shown(number, member.inner, member.digits_once)
    if (member.key, attempt or 1) in row.statuses:
        marks = row.marks.get((member.key, attempt or 1), [])
        used = tuple(overruled(member, mark) for mark in marks)
        return Trace(member.key, attempt, used, tuple(voiding(member, marks)), result, ())
    return watched(member, of_kind(member, row, attempt, result))


def of_kind(member: Member, row: Row, attempt: int | None, result: Shown) -> Trace:
    """The trace of a node in which no status was said."""
    if isinstance(member, Branch):
        return branch(member, row, attempt, result)
    if isinstance(member, Echo):
        return echo(member, row, attempt, result)
    assert isinstance(member, Leaf)
    return leaf(member, row, attempt, result)


def watched(member: Member, found: Trace) -> Trace:
    """A trace whose finished value lies where a status stands instead ends in that status."""
    if not (member.limits and found.steps and isinstance(found.result, Status)):
        return found
    last = found.steps[-1].after
    assert isinstance(last, Decimal)
    return replace(found, steps=(*found.steps, *becoming(member.limits, last)))


def becoming(limits: Iterable[StatusWhen], value: Decimal) -> Iterator[Step]:
    """The step from a value to the gravest status that it has by these bounds."""
    found = [limit for limit in limits if reaches(limit, value)]
    if found:
        limit = max(found, key=lambda limit: GRAVITY[limit.status])
        yield Step("status_when", value, limit.status, {"bound": limit.bound, "value": limit.value})


def voiding(member: Member, marks: Iterable[Mark]) -> Iterator[Step]:
    """The step from a mark as entered to a status."""
    for mark in marks:
        if isinstance(member, Leaf) and mark.value is not None:
            yield from becoming(member.raw_limits, mark.value)


def shown(number: Number, denominator: int, digits: int | None = None) -> Shown:
    """A number as a decimal; a status and nothing stay what they are."""
    return to_decimal(number, denominator, digits) if isinstance(number, int) else number


def overruled(member: Member, mark: Mark) -> Used:
    """A status, a mark whose value makes it one, or a mark that a status overrules."""
    if mark.status:
        return Used(mark.judge or "", mark.status, "status")
    own = isinstance(member, Leaf) and mark.value is not None and status_of(member.raw_limits, mark.value)
    return Used(mark.judge or "", mark.value, "becomes_status" if own else "overruled")


def combined(
    picker: Picker, numbers: Sequence[int], statuses: int, changes: Sequence[Change | None]
) -> tuple[Step, ...]:
    """The combining step and the changes after it, each with the value before and after."""
    number = picker(numbers, statuses)
    if number is None:
        return ()
    return stepped(Step(picker.pick.combine, None, to_decimal(number, picker.denominator), {}), number, changes)


def stepped(first: Step, number: int, changes: Sequence[Change | None]) -> tuple[Step, ...]:
    """A first step and the changes that follow it."""
    steps = [first]
    for change in changes:
        if change:
            before, number = to_decimal(number, change.before), change.run(number)
            steps.append(Step(change.code, before, to_decimal(number, change.after), change.params))
    return tuple(steps)


def leaf(member: Leaf, row: Row, attempt: int | None, result: Shown) -> Trace:
    """An aspect: each mark and its fate."""
    place = attempt or 1
    cell = row.cells[member.slot + place] if place <= member.span else None
    if cell is None:
        return Trace(member.key, attempt, excuses(member, row, place), (), result, ())
    if member.aspect.judges and None in cell:
        step = Step("agreed", None, to_decimal(cell[None], member.entered), {})
        steps = stepped(step, cell[None] * member.agreed, member.steps)
        return Trace(member.key, attempt, agreed_marks(member, row, place), steps, result, ())
    fates = dict(zip(cell, member.picker.fates(list(cell.values())), strict=True))
    used = tuple(mark_used(member, mark, fates) for mark in row.marks[member.key, place])
    return Trace(member.key, attempt, used, combined(member.picker, list(cell.values()), 0, member.steps), result, ())


def excuses(member: Leaf, row: Row, place: int) -> tuple[Used, ...]:
    """Judges who gave no mark for a reason; an aspect with nothing else is missing, or counts its default."""
    marks = row.marks.get((member.key, place), [])
    return tuple(Used(mark.judge or "", mark.status, "excused") for mark in marks)


def agreed_marks(member: Leaf, row: Row, place: int) -> tuple[Used, ...]:
    """The agreed value, and the judges' marks that it overrules."""
    return tuple(agreed_mark(mark) for mark in row.marks[member.key, place])


def agreed_mark(mark: Mark) -> Used:
    """One mark beside, or as, an agreed value."""
    if mark.status is not None:
        return Used(mark.judge or "", mark.status, "excused")
    agreed = mark.judge is None
    return Used(mark.judge or "", mark.value, "agreed" if agreed else "overruled", mark.value if agreed else None)


def mark_used(member: Leaf, mark: Mark, fates: dict[str | None, Fate]) -> Used:
    """One judge's mark: what was written, what became of it, what counted (converted, ranked, or moved into limits)."""
    if mark.status in JUDGE_STATUSES:
        return Used(mark.judge or "", mark.status, "excused")
    fate = fates[mark.judge]
    return Used(mark.judge or "", mark.value, fate.code, counted(fate, member.picker.inner))


def counted(fate: Fate, denominator: int) -> Decimal | None:
    """What counted of a value."""
    return None if fate.counted is None else to_decimal(fate.counted, denominator)


def branch(member: Branch, row: Row, attempt: int | None, result: Shown) -> Trace:
    """A criterion: its children's traces, and what became of their values."""
    children = tuple(trace(child, row, attempt) for child in member.children)
    numbers = member.scaled(row, attempt or 1)
    found = member.gathered(numbers)
    fates = fates_of(numbers, member.defaults, member.criterion.statuses, picker=member.picker, statuses=found.statuses)
    used = all_used(
        [child.key for child in member.children], numbers, fates, denominator=member.common, inner=member.picker.inner
    )
    steps = () if found.decided else combined(member.picker, found.numbers, found.statuses, member.steps)
    return Trace(member.key, attempt, used, steps, result, children)


def all_used(
    sources: Sequence[str], numbers: Sequence[Number], fates: Sequence[Fate], *, denominator: int, inner: int
) -> tuple[Used, ...]:
    """Each child's or attempt's value (times its weight) with its fate."""
    rows = zip(sources, numbers, fates, strict=True)
    return tuple(Used(source, shown(n, denominator), fate.code, counted(fate, inner)) for source, n, fate in rows)


def fates_of(
    numbers: Sequence[Number], defaults: Sequence[int | None], rule: StatusRule, *, picker: Picker, statuses: int
) -> list[Fate]:
    """What became of each child or attempt."""
    given = [standing_in(number, default, rule) for number, default in zip(numbers, defaults, strict=True)]
    picked = iter(picker.fates([number for number, _ in given if number is not None], statuses))
    return [Fate(code, None) if number is None else named(next(picked), code) for number, code in given]


def standing_in(number: Number, default: int | None, rule: StatusRule) -> tuple[int | None, FateCode]:
    """The number that goes into the pick, and the code of a value that is not plainly counted."""
    if isinstance(number, Status):
        return (0 if rule == "zero" else None), STATUS_FATES[rule]
    if number is None:
        return default, "missing" if default is None else "defaulted"
    return number, "counted"


def named(fate: Fate, code: FateCode) -> Fate:
    """A fate whose plain "counted" gives way to the reason why a number stood in."""
    return Fate(code, fate.counted) if fate.code == "counted" else fate


def echo(member: Echo, row: Row, attempt: int | None, result: Shown) -> Trace:
    """A node used once more: the value it took, and its own steps."""
    number = member.taken(row, attempt or 1)
    denominator = member.target.inner if member.single else member.target.denominator
    fate: FateCode = "counted" if isinstance(number, int) else "missing" if number is None else "status"
    used = (Used(member.target.key, shown(number, denominator), fate),)
    if not isinstance(number, int):
        return Trace(member.key, attempt, used, (), result, ())
    steps = stepped(Step("taken", None, to_decimal(number, denominator), {}), number, member.steps)
    return Trace(member.key, attempt, used, steps, result, ())


def repeated(member: Member, row: Row) -> Trace:
    """A repeated node: a trace for each attempt that was begun or is needed, and what became of them."""
    picker, rules = member.over, member.rules
    numbers = member.all_attempts(row)
    found = member.gathered_attempts(numbers)
    children = tuple(once(member, row, attempt) for attempt in sorted(member.due(row)))
    fates = fates_of(numbers, [None] * len(numbers), rules.statuses, picker=picker, statuses=found.statuses)
    sources = [str(attempt) for attempt in range(1, member.times + 1)]
    used = all_used(sources, numbers, fates, denominator=member.inner, inner=picker.inner)
    steps = () if found.decided else combined(picker, found.numbers, found.statuses, [member.repeat_step])
    result = shown(member.repeated(row), member.denominator, member.digits)
    return Trace(member.key, None, used, steps, result, children)
