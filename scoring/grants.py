"""What is given down a board, and to whom: awards, places in the next stage, promotions; each ruling says why.

Codes of rulings. Given: place (within the number: place, places), tie (equal to the last one in), within (as near as
the tolerance allows: to, value), qualified (meets the needs; there is no number). Not given to an entry: need (take,
value, least, most), cap (delegation, most), no_delegation, no_group, tie (equal entries do not fit, and none of them
or only the first get in), to_decide (equal entries do not fit; people decide), and what a promotion adds. Given to
nobody (`entry` None): taken (its places are), nobody.
Entries that come after the last place, that have no rank, or that hold something of the same series are not mentioned.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import groupby
from typing import Literal

from scoring.arithmetic import ROUNDINGS, to_decimal
from scoring.problems import Param
from scoring.schemes.after import Each, Grant, Quota, Reach
from scoring.schemes.model import Take
from scoring.standings import Standing
from scoring.takes import taken
from scoring.totals import Total

GivenCode = Literal["place", "tie", "within", "qualified"]
NotGivenCode = Literal["need", "cap", "no_delegation", "no_group", "to_decide", "taken", "nobody"]
PromotionCode = Literal["promoted", "listed", "level", "no_award"]
RulingCode = GivenCode | NotGivenCode | PromotionCode
LACKING: dict[Each, RulingCode] = {"delegation": "no_delegation", "group": "no_group"}


@dataclass(frozen=True, slots=True)
class Ruling:
    """Whether an entry is given something, and why; `entry` None: nobody is."""

    grant: str
    entry: str | None
    given: bool
    code: RulingCode
    params: Mapping[str, Param] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ground:
    """What is given is given on this ground: a board in its order, and what is known of its entries.

    `totals` are needed where a rule names a node, and make scores exact. `entries`: how many there are (a share of all
    entries); the board's lines if None.
    """

    board: Sequence[Standing]
    totals: Mapping[str, Total] = field(default_factory=dict)
    delegations: Mapping[str, str] = field(default_factory=dict)
    groups: Mapping[str, str] = field(default_factory=dict)
    entries: int | None = None

    def value(self, line: Standing, take: Take) -> Fraction | None:
        """What is taken of an entry; None for a status and for nothing."""
        found = taken(take, line, self.totals.get(line.entry))
        return found if isinstance(found, Fraction) else None


Bar = Callable[[Grant, Standing], Ruling | None]


def give(grants: Iterable[Grant], ground: Ground, bar: Bar = lambda grant, line: None) -> list[Ruling]:
    """All rulings, grant by grant in the order of the board; `bar` keeps entries out for a reason of the caller's."""
    giving = Giving(ground, bar)
    for grant in grants:
        giving.give(grant)
    return giving.rulings


def holders(rulings: Iterable[Ruling]) -> dict[str, list[str]]:
    """What each entry was given, by entry."""
    found: dict[str, list[str]] = {}
    for ruling in rulings:
        if ruling.given and ruling.entry is not None:
            found.setdefault(ruling.entry, []).append(ruling.grant)
    return found


class Giving:
    """Goes down the board for one grant after the other and remembers who holds what."""

    def __init__(self, ground: Ground, bar: Bar) -> None:
        self.ground = ground
        self.bar = bar
        self.ranked = [line for line in ground.board if line.rank is not None]
        self.rulings: list[Ruling] = []
        self.held: dict[str, list[Standing]] = {}

    def give(self, grant: Grant) -> None:
        """One grant: once for the whole board, or once for each delegation or group."""
        held = {line.entry for line in self.held.setdefault(grant.series, [])}
        left = [line for line in self.ranked if line.entry not in held]
        if grant.each is None:
            self.run(grant, left, self.held[grant.series])
            return
        sides = self.ground.delegations if grant.each == "delegation" else self.ground.groups
        none = [line for line in left if line.entry not in sides]
        self.rulings += [Ruling(grant.key, line.entry, given=False, code=LACKING[grant.each]) for line in none]
        for side in dict.fromkeys(sides[line.entry] for line in self.ranked if line.entry in sides):
            before = [line for line in self.held[grant.series] if sides.get(line.entry) == side]
            self.run(grant, [line for line in left if sides.get(line.entry) == side], before)

    def run(self, grant: Grant, left: Sequence[Standing], before: Sequence[Standing]) -> None:
        """One way down; `before`: who holds something of the series already."""
        size = self.size(grant, len(left) + len(before))
        descent = Descent(grant, self.ground, self.bar, tuple(before), size)
        descent.go(left, self.held[grant.series])
        self.rulings += descent.rulings
        inside = {line.entry for line in (*self.held[grant.series], *descent.inside)}
        self.held[grant.series] = [line for line in self.ranked if line.entry in inside]

    def size(self, grant: Grant, ranked: int) -> int | None:
        """How many places there are, in all of what is counted; None without a number."""
        if grant.quota is None:
            return None
        entries = len(self.ground.board) if self.ground.entries is None else self.ground.entries
        return size(grant.quota, ranked if grant.each or grant.quota.base == "ranked" else entries)


def size(quota: Quota, base: int) -> int:
    """The places of a quota."""
    if quota.share is None:
        places = quota.places or 0
    else:
        top, bottom = quota.share.as_integer_ratio()
        places = ROUNDINGS[quota.mode](top * base, bottom)
    places = max(places, quota.least)
    return places if quota.most is None else min(places, quota.most)


@dataclass(slots=True)
class Descent:
    """One way down a board for one grant: who is in so far, and every ruling."""

    grant: Grant
    ground: Ground
    bar: Bar
    before: tuple[Standing, ...]
    size: int | None
    inside: list[Standing] = field(default_factory=list)
    rulings: list[Ruling] = field(default_factory=list)
    used: int = 0
    closed: set[str] = field(default_factory=set)
    held: Sequence[Standing] = ()

    def go(self, left: Sequence[Standing], held: Sequence[Standing]) -> None:
        """Down the lines that are left; `held`: all that hold something of the series, for caps."""
        self.held = held
        places = self.places()
        if places is not None and places <= 0:
            self.go_taken(left)
        else:
            rest = self.fill(left, places)
            self.stretch(rest, self.inside[-1:])
        if not self.inside:
            taken = places is not None and places <= 0
            self.rulings.append(Ruling(self.grant.key, None, given=False, code="taken" if taken else "nobody"))

    def places(self) -> int | None:
        """How many places are left to give."""
        if self.size is None or self.grant.quota is None:
            return None
        return self.size - (len(self.before) if self.grant.quota.counted == "top" else 0)

    def go_taken(self, left: Sequence[Standing]) -> None:
        """All places are taken: nobody, or those who are near enough to the last holder."""
        if self.grant.when_taken == "within":
            self.stretch(left, self.before[-1:])

    def fill(self, left: Sequence[Standing], places: int | None) -> Sequence[Standing]:
        """Equals by equals until the places are used; gives the lines behind that nearness may still bring in."""
        position = 0
        for _, group in groupby(left, key=lambda line: line.rank):
            equals = list(group)
            position += len(equals)
            if not self.place(equals, places):
                return ()
            if places is not None and self.used >= places:
                break
        return left[position:]

    def place(self, equals: Sequence[Standing], places: int | None) -> bool:
        """Gives equals what fits; False when some of them had to stay outside for want of places."""
        fit = self.fitting(equals)
        lapsed = len(equals) - len(fit) if self.grant.vacant == "lapse" else 0
        room = len(equals) if places is None else places - self.used
        if len(fit) + lapsed <= room or self.grant.ties == "all":
            self.enter(fit, "qualified" if places is None else "place", places)
            self.used += lapsed
            return True
        inside = max(room - lapsed, 0) if self.grant.ties == "order" else 0
        self.enter(fit[:inside], "place", places)
        self.refuse(fit[inside:], "to_decide" if self.grant.ties == "decide" else "tie")
        return False

    def enter(self, lines: Iterable[Standing], code: GivenCode, places: int | None) -> None:
        """Lines that are in."""
        for line in lines:
            self.inside.append(line)
            self.used += 1
            params: dict[str, Param] = {} if places is None else {"place": self.used, "places": places}
            said: RulingCode = "tie" if places is not None and self.used > places else code
            self.rulings.append(Ruling(self.grant.key, line.entry, given=True, code=said, params=params))

    def refuse(self, lines: Iterable[Standing], code: RulingCode) -> None:
        """Lines that are not, for a reason that they share."""
        self.rulings += [Ruling(self.grant.key, line.entry, given=False, code=code) for line in lines]

    def fitting(self, equals: Sequence[Standing]) -> list[Standing]:
        """Those of some equals who may be given it; the others are ruled out with their reason."""
        able = []
        for line in equals:
            reason = self.bar(self.grant, line) or unmet(self.grant, line, self.ground)
            if reason:
                self.rulings.append(reason)
            else:
                able.append(line)
        return self.capped(able) if self.grant.cap else able

    def capped(self, equals: Sequence[Standing]) -> list[Standing]:
        """Those whose delegation has room; teammates who are equal share their fate as the rule for ties says."""
        assert self.grant.cap
        sides = self.ground.delegations
        counted = [*self.held, *self.inside] if self.grant.cap.of == "series" else self.inside
        kept = [line for line in equals if line.entry not in sides]
        for side in dict.fromkeys(sides[line.entry] for line in equals if line.entry in sides):
            mates = [line for line in equals if sides.get(line.entry) == side]
            room = max(self.grant.cap.most - sum(sides.get(line.entry) == side for line in counted), 0)
            room = 0 if side in self.closed else room
            fit = mates[: self.room_for(mates, room)]
            kept += fit
            self.over_cap(side, mates[len(fit) :])
        inside = {line.entry for line in kept}
        return [line for line in equals if line.entry in inside]

    def over_cap(self, side: str, mates: Sequence[Standing]) -> None:
        """Teammates for whom there is no room; if they were equal and none got in, no worse one does."""
        assert self.grant.cap
        if mates and self.grant.ties in ("none", "decide"):
            self.closed.add(side)
        params: dict[str, Param] = {"delegation": side, "most": self.grant.cap.most}
        self.rulings += [Ruling(self.grant.key, line.entry, given=False, code="cap", params=params) for line in mates]

    def room_for(self, mates: Sequence[Standing], room: int) -> int:
        """How many of some equal teammates are in."""
        if len(mates) <= room or self.grant.ties == "order":
            return min(room, len(mates))
        return len(mates) if self.grant.ties == "all" and room else 0

    def stretch(self, left: Sequence[Standing], last: Sequence[Standing]) -> None:
        """Those within the tolerance of the last one in."""
        if self.grant.reach is None or not last:
            return
        anchor = last[0]
        for line in left:
            if not near(self.ground, self.grant.reach, anchor, line):
                break
            if self.fitting([line]):
                self.inside.append(line)
                self.rulings.append(within(self.grant, self.grant.reach, anchor, line))
                anchor = line if self.grant.reach.mode == "chained" else anchor


def near(ground: Ground, reach: Reach, one: Standing, other: Standing) -> bool:
    """Whether two entries lie as near to each other as a tolerance allows."""
    a, b = ground.value(one, reach.take), ground.value(other, reach.take)
    return a is not None and b is not None and abs(a - b) <= Fraction(reach.value)


def within(grant: Grant, reach: Reach, anchor: Standing, line: Standing) -> Ruling:
    """In, because near enough."""
    params: dict[str, Param] = {"to": anchor.entry, "value": f"{reach.value:f}"}
    return Ruling(grant.key, line.entry, given=True, code="within", params=params)


def unmet(grant: Grant, line: Standing, ground: Ground) -> Ruling | None:
    """The first need that an entry does not meet."""
    return next(unmet_needs(grant, line, ground), None)


def unmet_needs(grant: Grant, line: Standing, ground: Ground) -> Iterator[Ruling]:
    """Every need that an entry does not meet."""
    for need in grant.needs:
        value = ground.value(line, need.take)
        low = value is None or (need.least is not None and value < Fraction(need.least))
        if low or (value is not None and need.most is not None and value > Fraction(need.most)):
            bounds = {"least": need.least, "most": need.most}
            told = {name: f"{bound:f}" for name, bound in bounds.items() if bound is not None}
            shown = "" if value is None else f"{to_decimal(value.numerator, value.denominator):f}"
            params: dict[str, Param] = {"take": need.take.node or need.take.what, "value": shown, **told}
            yield Ruling(grant.key, line.entry, given=False, code="need", params=params)
