"""Whether marks can be taken: plain rules over what is known, every reason at once."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from uuid import UUID

from events.contests.facts import millionths
from events.errors import Conflict, Reason, refuse
from events.marking.seats import Duties, Seat, is_judged
from events.marking.structs import MarkForm
from events.terms import EntryState, StageState
from scoring.facts import ENTRY_STATUSES, JUDGE_STATUSES
from scoring.marks import Mark, checker
from scoring.problems import Problem
from scoring.schemes import Node, Scheme, nodes

OVER = frozenset({StageState.SIGNED, StageState.PROVISIONAL, StageState.OFFICIAL})
WITHOUT_JUDGE = ""

Place = tuple[UUID, str, int, str]


@dataclass(frozen=True, slots=True)
class Drawn:
    """An entry that has a slot in the stage."""

    id: UUID
    code: str
    state: str
    person: UUID | None


@dataclass(frozen=True, slots=True)
class Kept:
    """A mark that is stored or about to be; `place` is entry, aspect, attempt, seat."""

    id: UUID
    place: Place
    value_e6: int | None
    status: str | None
    reason: str | None
    entered_by: UUID | None

    def says(self, other: Kept) -> bool:
        """Whether both give the same value or status; a reason that is new has to be kept as well."""
        same = (self.value_e6, self.status) == (other.value_e6, other.status)
        return same and other.reason in (None, self.reason)


@dataclass(frozen=True)
class Scene:
    """What is known of a stage when marks come in, whoever gives them: the rules, the seats, the entries concerned."""

    rules: Scheme
    state: StageState
    seats: Sequence[Seat]
    entries: Mapping[str, Drawn]

    @cached_property
    def nodes(self) -> dict[str, Node]:
        """The scheme's nodes by key."""
        return nodes(self.rules)

    @cached_property
    def check(self) -> Callable[[Mark], tuple[Problem, ...]]:
        """What the scheme says against a mark."""
        return checker(self.rules)

    def signed(self, node: Node, seat: str) -> bool:
        """Whether the stage, or the panel that this seat's mark belongs to, is signed off."""
        theirs = [one for one in self.seats if one.covers(node) and seat in (one.seat, WITHOUT_JUDGE)]
        return self.state in OVER or any(one.signed for one in theirs)


@dataclass(frozen=True)
class Giver:
    """Whoever gives marks; one who `transcribes` writes down what others gave, from every seat there is."""

    scene: Scene
    account: UUID | None
    person: UUID | None
    duties: Duties
    transcribes: bool = False

    @cached_property
    def own(self) -> list[Seat]:
        """The giver's seats."""
        return [seat for seat in self.scene.seats if seat.account == self.account]


@dataclass(frozen=True, slots=True)
class Draft:
    """A form with what it was found to mean: its entry, its node, the seat it speaks for (None: none that it may)."""

    form: MarkForm
    entry: Drawn | None
    node: Node | None
    seat: str | None

    def place(self) -> Place:
        """Where the mark goes; only for a draft without reasons against it."""
        assert self.entry is not None
        assert self.seat is not None
        return (self.entry.id, self.form.aspect, self.form.attempt, self.seat)

    def kept(self, mark_id: UUID, account: UUID | None) -> Kept:
        """The mark as it will be stored."""
        form = self.form
        value = None if form.value is None else millionths(Decimal(form.value))
        return Kept(mark_id, self.place(), value, form.status, form.reason.strip() or None, account)


def understand(giver: Giver, form: MarkForm) -> Draft:
    """What a form means here."""
    node = giver.scene.nodes.get(form.aspect)
    return Draft(form, giver.scene.entries.get(form.entry), node, seat_of(giver, node, form) if node else None)


def seat_of(giver: Giver, node: Node, form: MarkForm) -> str | None:
    """The seat that the actor marks from, "" for a value without a judge, None when it is not the actor's to give."""
    own = [seat.seat for seat in giver.own if seat.covers(node)]
    if form.agreed or not is_judged(node):
        gives = giver.duties.gives or (bool(own) and not is_judged(node))
        return WITHOUT_JUDGE if gives else None
    if form.seat is not None:
        return form.seat if form.seat in own or speaks_for(giver, node, form) else None
    if own:
        return own[0]
    return WITHOUT_JUDGE if giver.duties.gives and form.status in ENTRY_STATUSES else None


def speaks_for(giver: Giver, node: Node, form: MarkForm) -> bool:
    """A chief judge says for a seat that its judge is absent or recused, corrects what was signed, or transcribes."""
    known = any(seat.seat == form.seat and seat.covers(node) for seat in giver.scene.seats)
    free = giver.transcribes or form.status in JUDGE_STATUSES
    return giver.duties.chief and known and (free or giver.scene.signed(node, form.seat or ""))


def reasons(giver: Giver, draft: Draft, before: Kept | None) -> list[Reason]:
    """Everything that speaks against one mark; `before` is the mark that counts in its place."""
    found = [*entry_reasons(giver, draft), *rule_reasons(giver, draft), *seat_reasons(draft)]
    if draft.node is not None and draft.seat is not None:
        found += change_reasons(giver, draft, giver.scene.signed(draft.node, draft.seat), before)
    return found


def entry_reasons(giver: Giver, draft: Draft) -> Iterator[Reason]:
    """The entry is in the draw, competes, and is not the judge."""
    if draft.entry is None:
        yield Reason("unknown_entry", "/entry")
        return
    if draft.entry.state == EntryState.WITHDRAWN:
        yield Reason("entry_withdrawn", "/entry", {"code": draft.entry.code})
    if draft.entry.person is not None and draft.entry.person == giver.person:
        yield Reason("own_entry", "/entry")


def rule_reasons(giver: Giver, draft: Draft) -> Iterator[Reason]:
    """What the scheme says against it."""
    form = draft.form
    value = None if form.value is None else Decimal(form.value)
    mark = Mark(form.entry, form.aspect, form.attempt, judge_of(draft), value, form.status)
    for problem in giver.scene.check(mark):
        yield Reason(problem.code, "/seat" if problem.pointer == "/judge" else problem.pointer, problem.params)


def judge_of(draft: Draft) -> str | None:
    """The judge that a mark is to be checked for, also where the actor may not speak for one."""
    if draft.seat is not None:
        return draft.seat or None
    judged = draft.node is not None and is_judged(draft.node) and not draft.form.agreed
    return draft.form.seat or ("somebody" if judged else None)


def seat_reasons(draft: Draft) -> Iterator[Reason]:
    """The mark is the actor's to give, and names a judge only where judges mark."""
    named = draft.form.seat is not None
    if draft.node is None:
        return
    if draft.seat is None and named and is_judged(draft.node):
        yield Reason("not_your_seat", "/seat")
    elif draft.seat is None:
        yield Reason("not_your_panel", "/aspect")
    elif named and draft.seat == WITHOUT_JUDGE:
        yield Reason("judge_not_allowed", "/seat", {"aspect": draft.form.aspect})


def change_reasons(giver: Giver, draft: Draft, signed: bool, before: Kept | None) -> Iterator[Reason]:
    """After sign-off only the chief judge changes marks; who changes another's mark for the same seat says why."""
    other_hand = before is not None and draft.seat != WITHOUT_JUDGE and before.entered_by != giver.account
    if signed and not giver.duties.chief:
        yield Reason("signed_off")
    elif (signed or other_hand) and not draft.form.reason.strip():
        yield Reason("reason_needed", "/reason")


class Book:
    """The marks of a stage as far as they are concerned: those that count by place, those known by id, and what is new.

    What one giver writes, the next one finds.
    """

    def __init__(self, current: Iterable[Kept], known: Iterable[Kept]) -> None:
        self.current = {mark.place: mark for mark in current}
        self.known = {mark.id: mark for mark in known}
        self.new: dict[UUID, Kept] = {}
        self.superseded: set[UUID] = set()


class Ledger:
    """Goes through one giver's marks in the order sent: what is to be written, what is there already, what is wrong."""

    def __init__(self, giver: Giver, forms: Sequence[MarkForm]) -> None:
        self.giver = giver
        self.drafts = [understand(giver, form) for form in forms]
        self.new: list[Kept] = []
        self.superseded: list[UUID] = []
        self.unchanged = 0
        self.ids: list[UUID] = []
        self.reasons: list[Reason] = []
        self.conflicts: list[Reason] = []

    def places(self) -> Iterator[Place]:
        """Where these marks go, as far as that is known."""
        return (draft.place() for draft in self.drafts if draft.entry is not None and draft.seat is not None)

    def settle(self, book: Book, new_id: Callable[[], UUID]) -> None:
        """Write all of it into the book, or raise what is wrong with it and leave the book as it is."""
        self.current, self.known = ChainMap({}, book.current), ChainMap({}, book.known)
        for index, draft in enumerate(self.drafts):
            self._take(index, draft, new_id)
        if self.conflicts:
            raise Conflict(*self.conflicts)
        refuse(self.reasons)
        book.current.update(self.current.maps[0])
        book.known.update(self.known.maps[0])
        book.new.update((mark.id, mark) for mark in self.new)
        book.superseded.update(self.superseded)

    def _take(self, index: int, draft: Draft, new_id: Callable[[], UUID]) -> None:
        form = draft.form
        if form.id is not None and form.id in self.known:
            self._again(f"/marks/{index}/id", draft, self.known[form.id])
            return
        before = self.current.get(draft.place()) if draft.entry is not None and draft.seat is not None else None
        if before is not None and before.says(draft.kept(before.id, None)):
            self._there(before)
            return
        found = reasons(self.giver, draft, before)
        self.reasons += [Reason(one.code, f"/marks/{index}{one.pointer}", one.params) for one in found]
        if not found:
            self._write(draft.kept(form.id or new_id(), self.giver.account), before)

    def _again(self, pointer: str, draft: Draft, kept: Kept) -> None:
        """A mark that came before, perhaps superseded or signed off since: welcome if its content is the same."""
        form = draft.form
        said = (str(draft.entry.id) if draft.entry else form.entry, form.aspect, form.attempt)
        value = None if form.value is None else millionths(Decimal(form.value))
        same = said == (str(kept.place[0]), *kept.place[1:3]) and (value, form.status) == (kept.value_e6, kept.status)
        if same and kept.entered_by == self.giver.account and form.seat in (None, kept.place[3]):
            self._there(kept)
        else:
            self.conflicts.append(Reason("mark_id_taken", pointer))

    def _there(self, kept: Kept) -> None:
        self.unchanged += 1
        self.ids.append(kept.id)

    def _write(self, mark: Kept, before: Kept | None) -> None:
        if before is not None:
            self.superseded.append(before.id)
        self.new.append(mark)
        self.current[mark.place] = self.known[mark.id] = mark
        self.ids.append(mark.id)
