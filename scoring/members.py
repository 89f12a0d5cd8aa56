"""Nodes of a scheme made ready to run: each knows its denominator, its slots and its steps; running is integer work."""

from __future__ import annotations

import operator
from collections.abc import Callable, Collection, Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from math import lcm

from scoring.conversions import conversion_unit, converted
from scoring.facts import Status, gravest
from scoring.gathering import Gathered, all_numbers, gather
from scoring.marks import FINEST, MarksError
from scoring.picks import Picker
from scoring.problems import Problem
from scoring.rows import Number, Row
from scoring.schemes import Again, Aspect, Criterion, Node
from scoring.schemes.model import Bound, Pick, Repeat, Rounding, StatusWhen
from scoring.shaping import Change, changes, rounded

UNIT = 10**FINEST
BEYOND: dict[Bound, Callable[[Fraction, Fraction], bool]] = {
    "from": operator.ge,
    "over": operator.gt,
    "under": operator.lt,
    "up_to": operator.le,
}
ONCE = Repeat(times=1, needed=1, pick=Pick("sum", "higher"), statuses="carry", rounding=None)


class Member:
    """A node ready to run. `once` gives one attempt's number, `value` the node's, over `denominator`.

    `simple`: nothing but a pick of at most `most` values and its shape, so that `fill` can do many rows at once.
    """

    picker: Picker
    most: int

    def __init__(self, node: Node, index: int, within: int) -> None:
        self.node = node
        self.key = node.key
        self.index = index
        self.within = within
        self.steps: list[Change] = []
        self.runs: tuple[Callable[[int], int], ...] = ()
        self.inner = 1
        self.denominator = 1
        self.slots: tuple[int, ...] = ()
        self.keys: tuple[str, ...] = (node.key,)
        self.digits: int | None = None
        self.digits_once: int | None = None
        self.times = node.repeat.times if node.repeat else 0
        self.rules = node.repeat or ONCE
        self.repeat_step: Change | None = None
        self.limits = node.status_when
        self.simple = False

    def finish(self, denominator: int) -> None:
        """Sets the steps after combining, and those of the repeat."""
        self.steps = changes(self.node.shape, denominator)
        self.runs = tuple(step.run for step in self.steps)
        self.inner = self.denominator = self.steps[-1].after if self.steps else denominator
        self.digits_once = self.digits = digits(self.node.shape.rounding, self.digits)
        self.over = Picker(self.rules.pick, self.inner, self.rules.times)
        if self.node.repeat:
            self.repeat_step = rounded(self.node.repeat.rounding, self.over.denominator)
            self.denominator = self.repeat_step.after if self.repeat_step else self.over.denominator
            self.digits = digits(self.node.repeat.rounding, self.digits)

    def shaped(self, number: int) -> int:
        """A combined number after factor, plus, floor, cap and rounding."""
        for run in self.runs:
            number = run(number)
        return number

    def once(self, row: Row, attempt: int) -> Number:
        """One attempt."""
        if row.statuses and (self.key, attempt) in row.statuses:
            return row.statuses[self.key, attempt]
        number = self.worked(row, attempt)
        return self.watched(number) if self.limits and isinstance(number, int) else number

    def watched(self, number: int) -> Number:
        """A finished number, or the status that stands where it would."""
        return status_of(self.limits, Fraction(number, self.inner)) or number

    def worked(self, row: Row, attempt: int) -> Number:
        """One attempt, its status aside."""
        raise NotImplementedError

    def fill(self, rows: Sequence[Row]) -> None:
        """Notes the number of each row in which all is as usual: what `value` gives, in less time.

        Only for simple nodes, children before their parents, and rows without statuses.
        """
        found, lists = self.usual(rows)
        numbers = self.picker.many(lists, self.most)
        for run in self.runs:
            numbers = [run(number) for number in numbers]
        for row, number in zip(found, numbers, strict=True):
            row.results[self.index] = number

    def usual(self, rows: Sequence[Row]) -> tuple[list[Row], list[Collection[int]]]:
        """Those rows in which nothing is missing here, and the numbers to be combined of each."""
        raise NotImplementedError

    def value(self, row: Row, attempt: int) -> Number:
        """The node's number, noted in the row; what `fill` has noted stands."""
        number = row.results[self.index]
        if number is not None:
            return number
        number = self.repeated(row) if self.times else self.once(row, attempt)
        if self.within:
            row.attempts.setdefault(self.index, [None] * self.within)[attempt - 1] = number
        else:
            row.results[self.index] = number
        return number

    def repeated(self, row: Row) -> Number:
        """All attempts as one number."""
        numbers = row.attempts[self.index] = self.all_attempts(row)
        found = self.gathered_attempts(numbers)
        return found.verdict if found.decided else self.over_attempts(found, numbers)

    def all_attempts(self, row: Row) -> list[Number]:
        """Each attempt that was begun, or is needed; None for the others."""
        due = self.due(row)
        return [self.once(row, attempt) if attempt in due else None for attempt in range(1, self.times + 1)]

    def due(self, row: Row) -> set[int]:
        """Attempts that were begun and, where they are fewer than needed, the first others."""
        begun = [attempt for attempt in range(1, self.times + 1) if self.begun(row, attempt)]
        if len(begun) >= self.rules.needed:
            return set(begun)
        others = [attempt for attempt in range(1, self.times + 1) if attempt not in begun]
        return {*begun, *others[: self.rules.needed - len(begun)]}

    def begun(self, row: Row, attempt: int) -> bool:
        """Whether any mark of this attempt is in."""
        if any(row.cells[slot + attempt] is not None for slot in self.slots):
            return True
        return bool(row.statuses) and any((key, attempt) in row.statuses for key in self.keys)

    def gathered_attempts(self, numbers: list[Number]) -> Gathered:
        """The attempts by the repeat's rule for statuses."""
        whole = self.rules.pick.combine == "product"
        return gather(numbers, [None] * len(numbers), self.rules.statuses, whole=whole)

    def over_attempts(self, found: Gathered, numbers: list[Number]) -> Number:
        """The attempts combined and rounded; a status that is left carries."""
        number = self.over(found.numbers, found.statuses)
        if number is None:
            return gravest(number for number in numbers if isinstance(number, Status))
        return self.repeat_step.run(number) if self.repeat_step else number


class Leaf(Member):
    """An aspect: reads its cell."""

    def __init__(self, aspect: Aspect, index: int, within: int, slot: int) -> None:
        super().__init__(aspect, index, within)
        self.aspect = aspect
        self.slot = slot
        self.slots = (slot,)
        self.most = max(aspect.judges, 1)
        self.raw_limits = () if aspect.judges else aspect.status_when
        self.limits = aspect.status_when if aspect.judges else ()
        self.span = self.times or within or 1
        self.entered = UNIT * conversion_unit(aspect.convert) * (2 if aspect.as_ranks else 1)
        self.picker = Picker(aspect.pick, self.entered, self.most)
        self.numbers: dict[Decimal | None, int] = {}
        self.finish(self.picker.denominator)
        self.agreed = self.picker.denominator // self.entered
        self.spread = None if aspect.max_spread is None else int(Fraction(aspect.max_spread) * self.entered * 1000)
        self.simple = self.picker.plain and self.spread is None and not (self.times or within or self.limits)

    def number(self, value: Decimal) -> int:
        """A mark's value as an integer, after conversion."""
        known = self.numbers.get(value)
        if known is None:
            exact = converted(self.aspect.convert, Fraction(value)) * self.entered
            if exact.denominator != 1:
                raise MarksError([Problem("/value", "value_too_fine", {"digits": FINEST})])
            known = self.numbers[value] = exact.numerator
        return known

    def usual(self, rows: Sequence[Row]) -> tuple[list[Row], list[Collection[int]]]:
        """Every judge has given a mark, and they have not agreed on one."""
        place, most, given = self.slot + 1, self.most, not self.aspect.judges
        found: list[Row] = []
        lists: list[Collection[int]] = []
        for row in rows:
            cell = row.cells[place]
            if cell and len(cell) == most and (given or None not in cell):
                found.append(row)
                lists.append(cell.values())
        return found, lists

    def worked(self, row: Row, attempt: int) -> Number:
        """The judges' marks combined and shaped; an agreed value stands for all of them."""
        if attempt > self.span:
            return None
        cell = row.cells[self.slot + attempt]
        if cell is None:
            self.note_nothing(row, attempt)
            return None
        if None in cell and self.aspect.judges:
            return self.shaped(cell[None] * self.agreed)
        values = list(cell.values())
        if len(values) != self.most or self.spread is not None:
            self.note(row, attempt, values)
        number = self.picker(values)
        return None if number is None else self.shaped(number)

    def note_nothing(self, row: Row, attempt: int) -> None:
        """No mark: missing, unless the aspect may go without."""
        if self.aspect.default is None and self.aspect.needed:
            row.missing[self.key, attempt] = (0, self.needed(row, attempt))

    def needed(self, row: Row, attempt: int) -> int:
        """Marks that are needed: excused judges are not waited for, but one mark there must be."""
        return max(self.aspect.needed - len(row.excused.get(self.slot + attempt, ())), 1)

    def note(self, row: Row, attempt: int, values: list[int]) -> None:
        """Notes marks that are missing or lie too far apart; refuses more marks than judges."""
        if len(values) > self.most:
            raise MarksError([Problem("/judge", "too_many_marks", {"aspect": self.key, "most": self.most})])
        if len(values) < self.needed(row, attempt):
            row.missing[self.key, attempt] = (len(values), self.needed(row, attempt))
        if self.spread is not None and (max(values) - min(values)) * 1000 > self.spread:
            row.disputed[self.key, attempt] = True


class Branch(Member):
    """A criterion: combines its children, each times its weight."""

    def __init__(self, criterion: Criterion, index: int, within: int, children: list[Member]) -> None:
        super().__init__(criterion, index, within)
        self.criterion = criterion
        self.children = children
        self.slots = tuple(slot for child in children for slot in child.slots)
        self.keys += tuple(key for child in children for key in child.keys)
        weights = [Fraction(child.node.weight) for child in children]
        weighted = list(zip(children, weights, strict=True))
        self.common = lcm(*(lcm(child.denominator * w.denominator, least(child)) for child, w in weighted))
        self.multipliers = [int(w * self.common) // child.denominator for child, w in weighted]
        self.defaults = [default(child, w * self.common) for child, w in weighted]
        self.picker = Picker(criterion.pick, self.common, len(children))
        self.most = len(children)
        self.simple = self.picker.plain and not (self.times or within or self.limits)
        self.whole = criterion.pick.combine == "product"
        self.digits = max((child.digits for child in children if child.digits is not None), default=None)
        self.finish(self.picker.denominator)

    def worked(self, row: Row, attempt: int) -> Number:
        """The children's numbers combined and shaped."""
        numbers = self.scaled(row, attempt)
        found = self.gathered(numbers)
        if found.decided:
            return found.verdict
        number = self.picker(found.numbers, found.statuses)
        if number is None:
            return gravest(number for number in numbers if isinstance(number, Status))
        return self.shaped(number)

    def usual(self, rows: Sequence[Row]) -> tuple[list[Row], list[Collection[int]]]:
        """All children have their numbers."""
        indexes = [child.index for child in self.children]
        lists = [(row, list(map(row.results.__getitem__, indexes))) for row in rows]
        full = [(row, numbers) for row, numbers in lists if all_numbers(numbers)]
        return [row for row, _ in full], [list(map(operator.mul, numbers, self.multipliers)) for _, numbers in full]

    def scaled(self, row: Row, attempt: int) -> list[Number]:
        """The children's numbers times their weights, over the common denominator."""
        numbers = [child.value(row, attempt) for child in self.children]
        return [n * m if n.__class__ is int else n for n, m in zip(numbers, self.multipliers, strict=True)]

    def gathered(self, numbers: list[Number]) -> Gathered:
        """The children by the criterion's rule for statuses."""
        return gather(numbers, self.defaults, self.criterion.statuses, whole=self.whole)


class Echo(Member):
    """Another node once more; its marks are missed only once, in their own place."""

    def __init__(self, again: Again, index: int, within: int, target: Member) -> None:
        super().__init__(again, index, within)
        self.target = target
        self.slots = target.slots
        self.keys += target.keys
        self.single = bool(self.times or within)
        self.digits = target.digits
        self.finish(target.inner if self.single else target.denominator)

    def worked(self, row: Row, attempt: int) -> Number:
        """The target's number, shaped again."""
        number = self.taken(row, attempt)
        return self.shaped(number) if isinstance(number, int) else number

    def taken(self, row: Row, attempt: int) -> Number:
        """The target's number: one attempt of it inside a repeat or with one of our own, else all of it."""
        kept, row.missing = row.missing, {}
        number = self.target.once(row, attempt) if self.single or not self.target.times else self.target.repeated(row)
        row.missing = kept
        return number


def status_of(limits: Iterable[StatusWhen], value: Fraction | Decimal) -> Status | None:
    """The gravest status that a value has by these bounds."""
    found = [limit.status for limit in limits if reaches(limit, value)]
    return gravest(found) if found else None


def reaches(limit: StatusWhen, value: Fraction | Decimal) -> bool:
    """Whether a value lies where this bound makes it a status."""
    return BEYOND[limit.bound](Fraction(value), Fraction(limit.value))


def digits(rounding: Rounding | None, otherwise: int | None) -> int | None:
    """How many digits people should see."""
    return rounding.digits if rounding else otherwise


def least(child: Member) -> int:
    """The denominator of a child's weighted default."""
    given = child.node.default if isinstance(child.node, Aspect) else None
    return 1 if given is None else (Fraction(given) * Fraction(child.node.weight)).denominator


def default(child: Member, scale: Fraction) -> int | None:
    """A child's default over the common denominator."""
    given = child.node.default if isinstance(child.node, Aspect) else None
    return None if given is None else int(Fraction(given) * scale)
