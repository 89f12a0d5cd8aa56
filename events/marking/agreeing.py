"""How the judges of a stage agree, and who is strict: advice for the chief judge, never applied to a mark.

Only marks whose group is all in are looked at, so that nobody's show before the others have marked.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

import msgspec

from events import access, db
from events.access import Actor, Right
from events.contests.facts import marks_that_count
from events.contests.looking import rules_of, stage_row
from events.errors import conflict
from events.marking.completeness import whole
from events.marking.seats import covers, named, seats_now, seats_of
from events.text import Bilingual, bilingual
from scoring.agreement import Agreement, Given, OfEntry, OfJudge, agreement, shown
from scoring.marks import Mark
from scoring.schemes import Aspect, Scheme, aspects

# Kendall's W in words, from the least: a common reading (Schmidt 1997), rough where entries or judges are few.
MEANINGS = ((Fraction(9, 10), "very_strong"), (Fraction(7, 10), "strong"), (Fraction(1, 2), "moderate"))
HUNDREDTH = Fraction(1, 100)
SEATS = (
    "SELECT panel.id, panel.title, panel.aspects, panel_seat.seat, COALESCE(person.name, account.name) AS name "
    "FROM panel "
    "JOIN panel_seat ON panel_seat.event_id = panel.event_id AND panel_seat.panel_id = panel.id "
    "JOIN account ON account.id = panel_seat.account LEFT JOIN person ON person.id = account.person "
    "WHERE panel.event_id = {} AND panel.stage_id = {} ORDER BY panel.id, panel_seat.seat, panel_seat.since"
)


class JudgeAgreement(msgspec.Struct, frozen=True, kw_only=True):
    """A judge beside the panel. `severity`: the mean of the marks less the panel's mean, over 0 is generous.

    `distance`: the mean size of these; `dropped`: the share of the marks that are dropped (0 to 1; none of a sum);
    `correlation`: of the ranks with those by the others. `lean`: strict, generous or even (within a step of the scale).
    A seat that changed hands has several names.
    """

    seat: str
    names: list[str]
    marks: int
    severity: str | None
    distance: str | None
    dropped: str | None
    correlation: str | None
    lean: str | None


class EntrySpread(msgspec.Struct, frozen=True, kw_only=True):
    """How far the marks of an entry lie apart."""

    code: str
    attempt: int | None
    marks: int
    mean: str
    spread: str


class PanelAgreement(msgspec.Struct, frozen=True, kw_only=True):
    """A panel on one aspect, or (`aspect` none) on the sum of all that each of its judges marks.

    `w`: Kendall's W over the entries that every judge marked (`compared`), with what it means: very_strong, strong,
    moderate, weak; none where it is not defined. `spreads`: the entries furthest apart.
    """

    panel_id: UUID
    panel: Bilingual
    aspect: str | None
    title: Bilingual
    judges: list[JudgeAgreement]
    compared: int
    w: str | None
    chi_square: str | None
    freedom: int
    meaning: str | None
    spreads: list[EntrySpread]


@dataclass(frozen=True)
class Bench:
    """A panel with everybody who sits or sat in its seats."""

    id: UUID
    title: Bilingual
    covered: tuple[str, ...]
    seats: Mapping[str, list[str]]


async def judges_agreement(actor: Actor, event_id: UUID, stage_id: UUID, *, spreads: int = 10) -> list[PanelAgreement]:
    """How each panel agrees, aspect by aspect and in sum, for those who may see marks."""
    await access.event_for(actor, Right.SEE_MARKS, event_id)
    row = await stage_row(event_id, stage_id)
    if row.scheme_id is None:
        conflict("scheme_needed")
    rules = await rules_of(event_id, row.scheme_id)
    seats = seats_of(await seats_now(event_id, stage_id), rules)
    marks = whole(rules, await marks_that_count(event_id, stage_id), seats)
    slots = await db.rows("SELECT entry_id, code FROM slot WHERE event_id = {} AND stage_id = {}", event_id, stage_id)
    codes = {str(slot["entry_id"]): slot["code"] for slot in slots}
    given = [mark for mark in marks if mark.judge and mark.value is not None and mark.entry in codes]
    benches = await _benches(event_id, stage_id)
    return await asyncio.to_thread(_all, benches, rules, given, codes=codes, spreads=spreads)


def _all(
    benches: Sequence[Bench], rules: Scheme, marks: Sequence[Mark], *, codes: Mapping[str, str], spreads: int
) -> list[PanelAgreement]:
    return [one for bench in benches for one in _of_bench(bench, rules, marks, codes, spreads=spreads)]


def meaning(w: Fraction) -> str:
    """What a W means."""
    return next((word for least, word in MEANINGS if w >= least), "weak")


def _of_bench(
    bench: Bench, rules: Scheme, marks: Sequence[Mark], codes: Mapping[str, str], *, spreads: int
) -> Iterator[PanelAgreement]:
    judged = [one for one in aspects(rules) if one.judges and covers(bench.covered, one)]
    ours = [mark for mark in marks if mark.judge in bench.seats]
    parts = {one.key: [mark for mark in ours if mark.aspect == one.key] for one in judged}
    for one in judged:
        found = agreement(_given(parts[one.key]), high=one.pick.drop_high, low=one.pick.drop_low)
        yield _view(bench, found, codes, title=_title(one), aspect=one.key, step=_step(one), spreads=spreads)
    if len(judged) > 1:
        found, step = agreement(_summed(parts)), sum(map(_step, judged), Fraction(0))
        yield _view(bench, found, codes, title=Bilingual(), aspect=None, step=step, spreads=spreads)


def _given(marks: Iterable[Mark]) -> list[Given]:
    """Marks as they are compared: each attempt for itself."""
    return [Given(f"{mark.entry} {mark.attempt}", mark.judge or "", mark.value) for mark in marks]


def _summed(parts: Mapping[str, Sequence[Mark]]) -> list[Given]:
    """The sum of all that a judge gave an entry, where nothing of it is missing that another judge gave."""
    sums: defaultdict[tuple[str, str], list[Decimal]] = defaultdict(list)
    for mark in (mark for marks in parts.values() for mark in marks):
        sums[mark.entry, mark.judge or ""].append(mark.value or Decimal(0))
    most: defaultdict[str, int] = defaultdict(int)
    for (entry, _), values in sums.items():
        most[entry] = max(most[entry], len(values))
    return [
        Given(entry, judge, sum(values, Decimal(0)))
        for (entry, judge), values in sums.items()
        if len(values) == most[entry]
    ]


def _step(aspect: Aspect) -> Fraction:
    """What counts as much: a step of the scale, or a hundredth of it."""
    scale = aspect.scale
    if scale.step is not None:
        return Fraction(scale.step)
    return Fraction(scale.most - scale.least) * HUNDREDTH if scale.most and scale.least is not None else Fraction(0)


def _title(aspect: Aspect) -> Bilingual:
    return Bilingual(aspect.title.zh, aspect.title.en)


# shape: one panel's report is made of what was asked about it, each part by its name
def _view(
    bench: Bench, found: Agreement, codes: Mapping[str, str], *, title: Bilingual, aspect: str | None, step: Fraction,
    spreads: int,
) -> PanelAgreement:  # fmt: skip
    whole_of = found.concordance
    widest = sorted(found.entries, key=lambda one: (-one.spread, one.entry))[:spreads]
    return PanelAgreement(
        panel_id=bench.id,
        panel=bench.title,
        aspect=aspect,
        title=title,
        judges=[_judge(one, bench.seats[one.judge], step, drops=aspect is not None) for one in found.judges],
        compared=whole_of.entries,
        w=_text(whole_of.w),
        chi_square=_text(whole_of.chi_square),
        freedom=whole_of.freedom,
        meaning=None if whole_of.w is None else meaning(whole_of.w),
        spreads=[_spread(one, codes) for one in widest if one.spread],
    )


def _judge(one: OfJudge, names: list[str], step: Fraction, *, drops: bool) -> JudgeAgreement:
    return JudgeAgreement(
        seat=one.judge,
        names=names,
        marks=one.marks,
        severity=_text(one.severity),
        distance=_text(one.distance),
        dropped=_text(one.dropped) if drops else None,
        correlation=None if one.correlation is None else _text(Fraction(one.correlation)),
        lean=None if one.severity is None else _lean(one.severity, step),
    )


def _lean(severity: Fraction, step: Fraction) -> str:
    if abs(severity) <= step:
        return "even"
    return "generous" if severity > 0 else "strict"


def _spread(one: OfEntry, codes: Mapping[str, str]) -> EntrySpread:
    entry, _, attempt = one.entry.partition(" ")
    mean, spread = shown(one.mean, 2), shown(one.spread, 2)
    number = int(attempt) if attempt else None
    return EntrySpread(code=codes[entry], attempt=number, marks=one.marks, mean=f"{mean:f}", spread=f"{spread:f}")


def _text(value: Fraction | None) -> str | None:
    return None if value is None else f"{shown(value):f}"


async def _benches(event_id: UUID, stage_id: UUID) -> list[Bench]:
    found: dict[UUID, Bench] = {}
    for row in await db.rows(SEATS, event_id, stage_id):
        fresh = Bench(row["id"], bilingual(row["title"]), named(row["aspects"]), defaultdict(list))
        names = found.setdefault(row["id"], fresh).seats[row["seat"]]
        if row["name"] not in names:
            names.append(row["name"])
    return list(found.values())
