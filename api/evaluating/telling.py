"""A contest without an event: scored, and everything that comes of it told, as data and in words."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from api.evaluating.views import (
    EntryExplained,
    Evaluation,
    MissingView,
    PartingView,
    ProposalView,
    RulingView,
    StandingView,
    WordsView,
)
from api.explaining import Teller, given, lines, scale, sections, standing
from api.wording import Lang
from events.publishing import step_view, trace_view
from events.text import Bilingual
from scoring.facts import Mark, Status
from scoring.grants import Ruling, holders
from scoring.outcomes import Known, Why, outcome, why
from scoring.promotions import Proposal
from scoring.schemes import Scheme
from scoring.sections import points
from scoring.standings import Standing
from scoring.traces import Shown


@dataclass(frozen=True)
class Contest:
    """What is scored: a scheme, marks, entries in some order, and what is known of them."""

    scheme: Scheme
    marks: Sequence[Mark]
    entries: Sequence[str]
    known: Known


class Evaluated:
    """A contest that was scored, told in a language; `explain`: whose results are; `names`: what entries are called."""

    def __init__(self, contest: Contest, explain: Collection[str], lang: Lang, names: Mapping[str, str]) -> None:
        self.contest = contest
        self.found = outcome(contest.scheme, contest.marks, contest.entries, contest.known)
        self.why = why(contest.scheme, contest.marks, self.found, explain, known=contest.known) if explain else {}
        self.names = names
        self.teller = Teller(contest.scheme, lang, {entry: f"{entry} {name}" for entry, name in names.items()})
        self.lines = {line.entry: line for line in self.found.board}
        self.ranked = sum(line.rank is not None for line in self.found.board)
        self.awards = {one.key: self.teller.in_language(one.title) for one in contest.scheme.awards}
        self.levels = {one.key: self.teller.in_language(one.title) for one in contest.scheme.promotions}

    def view(self) -> Evaluation:
        """Everything, as data with its words."""
        scheme = self.contest.scheme
        return Evaluation(
            scheme=scheme.key,
            title=Bilingual(zh=scheme.title.zh, en=scheme.title.en),
            standings=list(self.standings()),
            awards=[self.ruling(one, self.awards[one.grant]) for one in self.found.awards],
            advance=[self.ruling(one, self.step(one)) for one in self.found.advancing],
            promotions=[self.proposal(one) for one in self.found.proposals],
            explanations=[self.explained(entry, found) for entry, found in self.why.items()],
        )

    def standings(self) -> Iterator[StandingView]:
        """The board."""
        held, going = holders(self.found.awards), frozenset(self.found.going)
        proposed: dict[str, list[str]] = {}
        for one in self.found.proposals:
            if one.proposed:
                proposed.setdefault(one.entry, []).append(one.level)
        for line in self.found.board:
            yield self.line(
                line, held.get(line.entry, []), list(dict.fromkeys(proposed.get(line.entry, []))), line.entry in going
            )

    def line(self, line: Standing, awards: list[str], promotions: list[str], advances: bool) -> StandingView:
        """One line."""
        total = self.found.totals[line.entry]
        return StandingView(
            entry=line.entry,
            rank=None if line.rank is None else str(line.rank),
            score=text(line.score),
            status=line.status,
            tied=line.tied,
            out_of_competition=line.entry in self.contest.known.unranked,
            decided_by=line.decided_by,
            points=text(line.points),
            scaled=text(line.scaled),
            awards=awards,
            advances=advances,
            promotions=promotions,
            values={key: text(value) for key, value in total.values.items()},
            sections={key: f"{value:f}" for key, value in self.sections(line.entry).items()},
            complete=total.complete,
            missing=[
                MissingView(aspect=one.aspect, attempt=one.attempt, have=one.have, needed=one.needed)
                for one in total.missing
            ],
            disputed=list(dict.fromkeys(aspect for aspect, _ in total.disputed)),
        )

    def sections(self, entry: str) -> Mapping[str, Decimal]:
        """What an entry has in each section."""
        return points(self.contest.scheme, self.found.totals[entry]) if self.contest.scheme.standard else {}

    def step(self, one: Ruling) -> str:
        """What going on by a step is called."""
        return self.teller.say("explain.step", n=one.grant)

    def ruling(self, one: Ruling, name: str) -> RulingView:
        """A ruling with its words."""
        params = {name: str(value) for name, value in one.params.items()}
        return RulingView(
            grant=one.grant, entry=one.entry, given=one.given, code=one.code, params=params, words=self.told(one, name)
        )

    def proposal(self, one: Proposal) -> ProposalView:
        """A proposal with its words."""
        return ProposalView(
            person=one.person,
            entry=one.entry,
            level=one.level,
            proposed=one.proposed,
            code=one.code,
            params={name: str(value) for name, value in one.params.items()},
            words=self.told(one, self.levels[one.level]),
        )

    def told(self, one: Ruling | Proposal, name: str) -> str:
        """What is given, whether, and why."""
        said = one.proposed if isinstance(one, Proposal) else one.given
        word = self.teller.say(f"rulings.{'given' if said else 'not_given'}")
        return self.teller.say("explain.told", name=name, given=word, why=given(one, self.teller, self.awards))

    @cached_property
    def given(self) -> Mapping[str, list[str]]:
        """Everything that is said of entries about awards, going on and promotion."""
        found: dict[str, list[str]] = {}
        named: Iterable[tuple[Ruling | Proposal, str]] = (
            *((one, self.awards[one.grant]) for one in self.found.awards),
            *((one, self.step(one)) for one in self.found.advancing),
            *((one, self.levels[one.level]) for one in self.found.proposals),
        )
        for one, name in named:
            if one.entry in self.why:
                found.setdefault(one.entry, []).append(self.told(one, name))
        return found

    def explained(self, entry: str, found: Why) -> EntryExplained:
        """Why one entry has its result."""
        return EntryExplained(
            entry=entry,
            trace=trace_view(found.score, self.contest.scheme),
            aside=[trace_view(one, self.contest.scheme) for one in found.aside],
            scale=[step_view(step) for step in found.scale],
            place=[
                PartingView(
                    other=one.other,
                    ahead=one.ahead,
                    code=one.code,
                    node=one.node,
                    own=text(one.own),
                    others=text(one.others),
                )
                for one in found.place
            ],
            words=self.words(entry, found),
        )

    def words(self, entry: str, found: Why) -> WordsView:
        """The same in words."""
        return WordsView(
            score=[line.words for line in lines(found.score, self.teller)],
            aside=[line.words for one in found.aside for line in lines(one, self.teller)],
            scale=list(scale(found.scale, self.teller)),
            sections=list(sections(found, self.teller)),
            place=list(self.place(entry)),
            given=self.given.get(entry, []),
        )

    def place(self, entry: str) -> Iterator[str]:
        """The place in words."""
        line, total = self.lines[entry], self.found.totals[entry]
        outside, found = entry in self.contest.known.unranked, self.why.get(entry)
        yield from standing(line, total, self.teller, ranked=self.ranked, outside=outside, why=found)


def text(value: Shown | int) -> str | None:
    """A number or a status as it is sent."""
    return None if value is None else value.value if isinstance(value, Status) else f"{Decimal(value):f}"
