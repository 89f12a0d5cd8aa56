"""Judges to panels: every rule kept, work shared as evenly as can be; or the demands that cannot all be met.

A demand is a number of judges of one skill, for one panel in one session. A chief judge is a demand of its own, of the
skill "chief", for the same panel and session. Panels that judge at the same time have the same session; a judge sits
in one of them at most, never beyond `most` sessions, never where there is a conflict of interest.

This is a flow: from each demand through (judge, session), 1 each, through the judge, `most`, to the end. A demand that
is short looks for a chain: it takes a judge, whom another demand gives up and replaces, and so on to a judge with time
left. When no chain is left the flow is greatest (Ford and Fulkerson 1956), so "impossible" is proved. What the last
search reached is a set of demands that need more than all judges open to them can give (Hall 1935; the smallest cut);
demands are then left out one by one as long as the rest cannot be met, until each that remains is needed: without any
one of them the others could be met.

Work is even because judges fill level by level: all up to one session as far as flow goes, then up to two, and so on.
Numbers of sessions that can be reached form a polymatroid, on which taking the cheapest step first is best for every
convex cost (Federgruen and Groenevelt 1986): the sum of squares is the least possible.

Who among equals is chosen comes from the key: judges are asked in its drawn order. The order of what is given does not
matter, only ids do.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from typing import Literal

from scoring import draw

Reason = Literal["skill", "session", "conflict", "twice", "load"]


@dataclass(frozen=True, slots=True)
class Demand:
    """A panel's need in a session. `parties` is whoever is judged there: unions, entries, as the caller names them."""

    id: str
    session: str
    skill: str
    judges: int
    parties: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Judge:
    """Who can judge what and when, how many sessions at `most`, and not in front of which `parties`."""

    id: str
    skills: frozenset[str]
    sessions: frozenset[str]
    most: int
    parties: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Shortage:
    """Demands that cannot all be met, though all but any one can: how many judges they need, how many there can be.

    `judges` are those who could sit in at least one of them.
    """

    demands: tuple[str, ...]
    needed: int
    possible: int
    judges: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Assignment:
    """Judges by demand (ids ascending). Where `shortages` are named, as many as can be are given all the same."""

    given: dict[str, tuple[str, ...]]
    shortages: tuple[Shortage, ...] = ()


@dataclass(frozen=True, slots=True)
class Breach:
    """A rule that somebody's own assignment breaks."""

    demand: str
    judge: str
    reason: Reason


def reasons(judge: Judge, demand: Demand) -> tuple[Reason, ...]:
    """Why a judge cannot meet a demand; empty if nothing is against it."""
    against: list[tuple[Reason, bool]] = [
        ("skill", demand.skill not in judge.skills),
        ("session", demand.session not in judge.sessions),
        ("conflict", not judge.parties.isdisjoint(demand.parties)),
    ]
    return tuple(reason for reason, applies in against if applies)


def assign(demands: Iterable[Demand], judges: Iterable[Judge], key: str) -> Assignment:
    """Judges for all demands, or for as many as there can be with the shortages. ValueError for an id twice."""
    wanted = sorted(demands, key=lambda demand: demand.id)
    there = sorted(judges, key=lambda judge: judge.id)
    asked = {name: place for place, name in enumerate(draw.order([judge.id for judge in there], key))}
    filling = Filling(wanted, sorted(there, key=lambda judge: asked[judge.id]))
    for level in range(1, filling.highest + 1):
        filling.fill(level)
    given = {demand.id: tuple(sorted(filling.given[demand.id])) for demand in wanted}
    return Assignment(given, tuple(shortages(filling)))


def breaches(demands: Iterable[Demand], judges: Iterable[Judge], given: Mapping[str, Sequence[str]]) -> list[Breach]:
    """Every rule that an assignment breaks, by demand and judge: what to show when somebody moves a judge by hand."""
    wanted, known = {demand.id: demand for demand in demands}, {judge.id: judge for judge in judges}
    sits = [(wanted[demand], known[judge]) for demand, ids in sorted(given.items()) for judge in ids]
    at = Counter((judge.id, demand.session) for demand, judge in sits)
    load = Counter(judge.id for _, judge in sits)
    found: list[Breach] = []
    for demand, judge in sits:
        broken: list[Reason] = [*reasons(judge, demand)]
        if at[judge.id, demand.session] > 1:
            broken.append("twice")
        if load[judge.id] > judge.most:
            broken.append("load")
        found += [Breach(demand.id, judge.id, reason) for reason in broken]
    return found


def shortages(filling: Filling) -> Iterator[Shortage]:
    """Least sets of demands that cannot all be met, no demand in two of them; all other demands can be met together."""
    while short := filling.short():
        least = filling.least(short[0])
        open_to = sorted({judge for demand in least.given for judge in least.able[demand]})
        needed = sum(least.need[demand] for demand in least.given)
        yield Shortage(tuple(least.given), needed, sum(map(len, least.given.values())), tuple(open_to))
        filling = filling.without(set(least.given))
        filling.fill(filling.highest)


@dataclass(slots=True)
class Search:
    """What a search has reached: (judge, session), judges, and demands with who would take which judge from them."""

    slots: set[tuple[str, str]] = field(default_factory=set)
    judges: set[str] = field(default_factory=set)
    taken: dict[str, tuple[str, str]] = field(default_factory=dict)

    def update(self, other: Search) -> None:
        """Add what another has reached."""
        self.slots |= other.slots
        self.judges |= other.judges
        self.taken |= other.taken


class Filling:
    """A flow: which judges each demand has, by id."""

    def __init__(self, demands: Sequence[Demand], judges: Sequence[Judge]) -> None:
        self.session = {demand.id: demand.session for demand in demands}
        self.need = {demand.id: demand.judges for demand in demands}
        if len(self.need) < len(demands):
            raise ValueError("each demand once")
        self.most = {judge.id: judge.most for judge in judges}
        self.highest = max(self.most.values(), default=0)
        self.able = {demand.id: [judge.id for judge in judges if not reasons(judge, demand)] for demand in demands}
        self.given: dict[str, set[str]] = {demand.id: set() for demand in demands}
        self.sits: dict[str, dict[str, str]] = {judge.id: {} for judge in judges}  # judge: session: demand

    def short(self) -> list[str]:
        """Demands that have too few."""
        return [demand for demand, judges in self.given.items() if len(judges) < self.need[demand]]

    def fill(self, level: int) -> None:
        """Meet what can be met while no judge sits more than `level` times."""
        closed = Search()  # what a search in vain has reached stays out of reach until the level rises
        for demand in self.short():
            while len(self.given[demand]) < self.need[demand]:
                reached = self.search(demand, level, closed)
                if reached is not None:
                    closed.update(reached)
                    break

    def search(self, start: str, level: int, closed: Search) -> Search | None:
        """Give a demand one judge more, if need be along a chain; if there is none, all that was reached."""
        search = Search(taken={start: ("", "")})
        queue = deque([start] * (start not in closed.taken))
        while queue:
            demand = queue.popleft()
            session = self.session[demand]
            for judge in self.able[demand]:
                slot = (judge, session)
                if judge in self.given[demand] or slot in search.slots or slot in closed.slots:
                    continue
                search.slots.add(slot)
                if session not in self.sits[judge] and len(self.sits[judge]) < min(level, self.most[judge]):
                    self.follow(demand, judge, search)
                    return None
                for giver in self.givers(judge, session, search):
                    if giver not in search.taken and giver not in closed.taken:
                        search.taken[giver] = (demand, judge)
                        queue.append(giver)
        return search

    def givers(self, judge: str, session: str, search: Search) -> list[str]:
        """Whoever could give up a judge, so that the judge sits in that session."""
        sits = self.sits[judge]
        if session in sits:
            return [sits[session]]
        if judge in search.judges:
            return []
        search.judges.add(judge)
        return list(sits.values())

    def follow(self, demand: str, judge: str, search: Search) -> None:
        """Give a judge to a demand, and along the chain to each the judge that the next one loses by it."""
        gains = [(demand, judge)]
        while search.taken[demand][0]:
            taker, lost = search.taken[demand]
            self.leave(demand, lost)
            gains.append((taker, lost))
            demand = taker
        for gainer, gained in gains:
            self.given[gainer].add(gained)
            self.sits[gained][self.session[gainer]] = gainer

    def leave(self, demand: str, judge: str) -> None:
        """Take a judge from a demand."""
        self.given[demand].remove(judge)
        del self.sits[judge][self.session[demand]]

    def least(self, demand: str) -> Filling:
        """Only demands that cannot all be met, each of them needed for that; from one that is short at every level."""
        reached = self.search(demand, self.highest, Search())
        assert reached is not None
        found = self.without(set(self.given) - set(reached.taken))
        for other in sorted(reached.taken, key=lambda name: (name == demand, name)):
            rest = found.without({other})
            rest.fill(self.highest)
            if rest.short():
                found = rest
        return found

    def without(self, demands: set[str]) -> Filling:
        """A copy that lacks some demands."""
        found = copy(self)
        found.given = {demand: set(judges) for demand, judges in self.given.items() if demand not in demands}
        found.sits = {
            judge: {session: demand for session, demand in sits.items() if demand not in demands}
            for judge, sits in self.sits.items()
        }
        return found
