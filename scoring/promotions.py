"""Proposals for a promotion of level by the rules of a scheme; somebody else approves them.

Codes beside those of scoring.grants: promoted (this person was already, to `level`), listed (this person is on the
list with a better entry), level (holds `level`, from which the rule does not promote), no_award (has none of those
that the rule asks for).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from scoring.grants import Ground, Ruling, RulingCode, give, holders
from scoring.problems import Param
from scoring.schemes import Grant, Scheme
from scoring.standings import Standing


@dataclass(frozen=True, slots=True)
class Register:
    """What is known of people: who stands behind an entry (itself if nothing is said), the level that each holds now,
    and who was promoted within the year already (person to level).
    """

    persons: Mapping[str, Sequence[str]] = field(default_factory=dict)
    levels: Mapping[str, str] = field(default_factory=dict)
    promoted: Mapping[str, str] = field(default_factory=dict)

    def behind(self, entry: str) -> Sequence[str]:
        """The persons of an entry."""
        return self.persons.get(entry, (entry,))


@dataclass(frozen=True, slots=True)
class Proposal:
    """A person who is proposed for a level, or was in line for it and is passed over; `code` says why."""

    person: str
    entry: str
    level: str
    proposed: bool
    code: RulingCode
    params: Mapping[str, Param] = field(default_factory=dict)


def propose(scheme: Scheme, ground: Ground, register: Register, awards: Iterable[Ruling] = ()) -> list[Proposal]:
    """Who is proposed for which level, and who in line is not and why; `awards`: rulings, where a rule asks for one.

    A person is proposed once at most. Where a rule's `vacant` is "next" the place of an entry none of whose persons can
    be proposed goes to the next one.
    """
    if not scheme.promotions:
        return []
    board = Listing(register, holders(awards), ground.board)
    rulings = give(scheme.promotions, ground, board.bar)
    return [proposal for ruling in rulings for proposal in board.proposals(scheme, ruling)]


class Listing:
    """Says who cannot be proposed, and turns rulings about entries into proposals for persons."""

    def __init__(self, register: Register, held: Mapping[str, list[str]], board: Sequence[Standing]) -> None:
        self.register = register
        self.held = held
        self.first: dict[str, str] = {}
        for line in board:
            for person in register.behind(line.entry):
                self.first.setdefault(person, line.entry)

    def bar(self, grant: Grant, line: Standing) -> Ruling | None:
        """Why an entry is passed over: it lacks the award, or none of its persons can be proposed."""
        if grant.with_award and not set(grant.with_award) & set(self.held.get(line.entry, ())):
            params: dict[str, Param] = {"awards": " ".join(grant.with_award)}
            return Ruling(grant.key, line.entry, given=False, code="no_award", params=params)
        reasons = [self.reason(grant, line.entry, person) for person in self.register.behind(line.entry)]
        if None in reasons:
            return None
        code, params = reasons[0] or ("nobody", {})
        return Ruling(grant.key, line.entry, given=False, code=code, params=params)

    def reason(self, grant: Grant, entry: str, person: str) -> tuple[RulingCode, dict[str, Param]] | None:
        """Why one person cannot be proposed."""
        if person in self.register.promoted:
            return "promoted", {"level": self.register.promoted[person]}
        if self.first[person] != entry:
            return "listed", {"entry": self.first[person]}
        level = self.register.levels.get(person, "")
        return ("level", {"level": level}) if grant.for_levels and level not in grant.for_levels else None

    def proposals(self, scheme: Scheme, ruling: Ruling) -> Iterable[Proposal]:
        """A ruling about an entry, person by person."""
        if ruling.entry is None:
            return
        grant = next(grant for grant in scheme.promotions if grant.key == ruling.grant)
        for person in self.register.behind(ruling.entry):
            found = Proposal(person, ruling.entry, ruling.grant, ruling.given, ruling.code, ruling.params)
            reason = self.reason(grant, ruling.entry, person) if ruling.code != "no_award" else None
            yield replace(found, proposed=False, code=reason[0], params=reason[1]) if reason else found
