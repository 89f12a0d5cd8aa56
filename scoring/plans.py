"""A scheme made ready to run: every node knows its denominator, its slots and its steps, so that running is integer work."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from math import lcm

from scoring.facts import Status, gravest
from scoring.marks import MarksError
from scoring.picks import Picker
from scoring.problems import Problem
from scoring.rows import Number, Row
from scoring.schemes import Again, Aspect, Criterion, Node, Scheme
from scoring.schemes.model import Convert, Rounding, StatusRule
from scoring.schemes.rules import Spot, spots
from scoring.shaping import Change, changes, rounded

FINEST = 6
UNIT = 10**FINEST


@dataclass(frozen=True, slots=True)
class Gathered:
    """What a combination starts from: numbers that count, how many statuses count as the worst, or the verdict at once."""

    numbers: list[int]
    statuses: int
    verdict: Number
    decided: bool


def gather(numbers: list[Number], defaults: list[int | None], rule: StatusRule, *, whole: bool) -> Gathered:
    """Applies the rule for statuses and the defaults for what is missing; `whole`: nothing may be missing (a product)."""
    statuses = [number for number in numbers if isinstance(number, Status)]
    present = [number for number in numbers if number.__class__ is int]
    if not present and (not statuses or rule in ("carry", "worst", "skip")) or (statuses and rule == "carry"):
        return Gathered([], 0, gravest(statuses) if statuses else None, True)
    filled = [fill(number, default, rule) for number, default in zip(numbers, defaults, strict=True)]
    if whole and any(number is None and given is None for number, given in zip(numbers, filled, strict=True)):
        return Gathered([], 0, None, True)
    counted = [number for number in filled if number is not None]
    return Gathered(counted, len(statuses) if rule == "worst" else 0, None, False)


def fill(number: Number, default: int | None, rule: StatusRule) -> int | None:
    """The number that stands for a child: its own, zero for a status where the rule says so, its default when missing."""
    if isinstance(number, Status):
        return 0 if rule == "zero" else None
    return default if number is None else number


class Member:
    """A node ready to run. `once` gives one attempt's number, `value` the node's, over `denominator`."""

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
        self.repeat_picker: Picker | None = None
        self.repeat_step: Change | None = None

    def finish(self, denominator: int) -> None:
        """Sets the steps after combining, and those of the repeat."""
        self.steps = changes(self.node.shape, denominator)
        self.runs = tuple(step.run for step in self.steps)
        self.inner = self.denominator = self.steps[-1].after if self.steps else denominator
        self.digits_once = self.digits = digits(self.node.shape.rounding, self.digits)
        if self.node.repeat:
            self.repeat_picker = Picker(self.node.repeat.pick, self.inner, self.times)
            self.repeat_step = rounded(self.node.repeat.rounding, self.repeat_picker.denominator)
            self.denominator = self.repeat_step.after if self.repeat_step else self.repeat_picker.denominator
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
        return self.worked(row, attempt)

    def worked(self, row: Row, attempt: int) -> Number:
        """One attempt, its status aside."""
        raise NotImplementedError

    def value(self, row: Row, attempt: int) -> Number:
        """The node's number, noted in the row."""
        if self.times:
            number = self.repeated(row)
        else:
            number = self.once(row, attempt)
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
        assert self.node.repeat
        begun = [attempt for attempt in range(1, self.times + 1) if self.begun(row, attempt)]
        if len(begun) >= self.node.repeat.needed:
            return set(begun)
        others = [attempt for attempt in range(1, self.times + 1) if attempt not in begun]
        return {*begun, *others[: self.node.repeat.needed - len(begun)]}

    def begun(self, row: Row, attempt: int) -> bool:
        """Whether any mark of this attempt is in."""
        if any(row.cells[slot + attempt] is not None for slot in self.slots):
            return True
        return bool(row.statuses) and any((key, attempt) in row.statuses for key in self.keys)

    def gathered_attempts(self, numbers: list[Number]) -> Gathered:
        """The attempts by the repeat's rule for statuses."""
        assert self.node.repeat
        rule = self.node.repeat.statuses
        return gather(numbers, [None] * len(numbers), rule, whole=False)

    def over_attempts(self, found: Gathered, numbers: list[Number]) -> Number:
        """The attempts combined and rounded; a status that is left carries."""
        assert self.repeat_picker
        number = self.repeat_picker(found.numbers, found.statuses)
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
        self.span = self.times or within or 1
        self.entered = UNIT * conversion_unit(aspect.convert) * (2 if aspect.as_ranks else 1)
        self.picker = Picker(aspect.pick, self.entered, self.most)
        self.numbers: dict[Decimal, int] = {}
        self.finish(self.picker.denominator)
        self.agreed = self.picker.denominator // self.entered
        self.spread = None if aspect.max_spread is None else int(Fraction(aspect.max_spread) * self.entered * 1000)

    def number(self, value: Decimal) -> int:
        """A mark's value as an integer, after conversion."""
        known = self.numbers.get(value)
        if known is None:
            exact = converted(self.aspect.convert, Fraction(value)) * self.entered
            if exact.denominator != 1:
                raise MarksError([Problem("/value", "value_too_fine", {"digits": FINEST})])
            known = self.numbers[value] = exact.numerator
        return known

    def worked(self, row: Row, attempt: int) -> Number:
        """The judges' marks combined and shaped; an agreed value stands for all of them."""
        if attempt > self.span:
            return None
        cell = row.cells[self.slot + attempt]
        if cell is None:
            self.note_nothing(row, attempt)
            return None
        if self.aspect.judges and None in cell:
            return self.shaped(cell[None] * self.agreed)
        if len(cell) != self.most or self.spread is not None:
            self.note(row, attempt, list(cell.values()))
        number = self.picker(list(cell.values()))
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
        self.common = lcm(*(lcm(child.denominator * w.denominator, least(child)) for child, w in zip(children, weights, strict=True)))
        self.multipliers = [int(w * self.common) // child.denominator for child, w in zip(children, weights, strict=True)]
        self.defaults = [default(child, w * self.common) for child, w in zip(children, weights, strict=True)]
        self.picker = Picker(criterion.pick, self.common, len(children))
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


def conversion_unit(convert: Convert | None) -> int:
    """A denominator that holds every converted value."""
    if convert is None:
        return 1
    constants = [points for _, points in convert.table]
    if convert.linear:
        return Fraction(convert.linear.per_unit).denominator * lcm(1000, Fraction(convert.linear.gives).denominator)
    return lcm(1000, *(Fraction(constant).denominator for constant in constants))


def converted(convert: Convert | None, value: Fraction) -> Fraction:
    """A raw value as points."""
    if convert is None:
        return value
    if convert.target is not None:
        value = abs(value - Fraction(convert.target))
    if convert.linear:
        line = convert.linear
        return Fraction(line.gives) + (value - Fraction(line.at)) * Fraction(line.per_unit)
    if convert.table:
        reached = [points for start, points in convert.table if start <= value]
        return Fraction(reached[-1] if reached else convert.table[0][1])
    return value


class Plan:
    """All members of a scheme by key, in document order, and how wide a row is."""

    def __init__(self, scheme: Scheme) -> None:
        self.scheme = scheme
        self.spots = {spot.node.key: spot for spot in spots(scheme)}
        self.order = {key: index for index, key in enumerate(self.spots)}
        self.built: dict[str, Member] = {}
        self.width = 1
        self.tops = [self.member(node.key) for node in (scheme.root, *scheme.aside)]
        self.members = {key: self.built[key] for key in self.order}
        self.leaves = {key: leaf for key, leaf in self.members.items() if isinstance(leaf, Leaf)}

    def member(self, key: str) -> Member:
        """The member of a node, built with all it needs when first asked for."""
        if key not in self.built:
            self.built[key] = self.made(self.spots[key])
        return self.built[key]

    def made(self, spot: Spot) -> Member:
        """A member for a node of any kind."""
        node, index, within = spot.node, self.order[spot.node.key], spot.times
        if isinstance(node, Criterion):
            return Branch(node, index, within, [self.member(child.key) for child in node.children])
        if isinstance(node, Again):
            return Echo(node, index, within, self.member(node.of))
        leaf = Leaf(node, index, within, self.width - 1)
        self.width += leaf.span
        return leaf

    def row(self, entry: str) -> Row:
        """An empty row."""
        return Row(entry, [None] * self.width, [None] * len(self.order))

    def run(self, row: Row) -> Row:
        """Evaluates all nodes into the row."""
        for top in self.tops:
            top.value(row, 1)
        return row


@lru_cache(maxsize=512)
def plan(scheme: Scheme) -> Plan:
    """The plan of a scheme, made once."""
    return Plan(scheme)
