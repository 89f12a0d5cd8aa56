"""The judge's sheet: what to mark, whom by code, one's own marks, and those of others once all are in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID

from events import access, db
from events.access import Actor
from events.contests.facts import text_of
from events.contests.looking import contest_row, rules_of, stage_row
from events.marking.completeness import is_whole
from events.marking.seats import Duties, Seat, duties, is_judged, keys_covered, named, seats_now, seats_of
from events.marking.structs import Duty, Sheet, SheetAspect, SheetEntry, SheetMark, SheetPanel
from events.marking.weighing import per_unit
from events.tables import Contest, Stage
from events.terms import EntryState, StageState
from events.text import Bilingual, bilingual
from scoring.marks import Status
from scoring.schemes import Aspect, Criterion, Node, Scheme, Title, aspects, attempts

DUTIES = (
    "SELECT event.id AS event_id, event.title AS event_title, event.starts_at, contest.id AS contest_id, "
    "contest.title AS contest_title, stage.id AS stage_id, stage.title AS stage_title, stage.state, "
    "panel.id AS panel_id, panel.title AS panel_title, panel.leader, mine.seat "
    "FROM (SELECT event_id, panel_id, MAX(seat) AS seat FROM ("  # whoever leads a panel may sit in it, too
    "SELECT event_id, panel_id, seat FROM panel_seat WHERE account = {} AND until IS NULL "
    "UNION ALL SELECT event_id, id, NULL FROM panel WHERE leader = {}) held GROUP BY event_id, panel_id) mine "
    "JOIN panel ON panel.event_id = mine.event_id AND panel.id = mine.panel_id "
    "JOIN stage ON stage.event_id = panel.event_id AND stage.id = panel.stage_id "
    "JOIN contest ON contest.event_id = stage.event_id AND contest.id = stage.contest_id "
    "JOIN event ON event.id = panel.event_id WHERE event.state <> 'cancelled' "
    "ORDER BY event.starts_at DESC, contest.number, stage.number, panel.id LIMIT 500"
)


async def duties_of(actor: Actor) -> list[Duty]:
    """Where the actor judges or leads a panel, the events that start last first."""
    account = access.signed_in(actor)
    return [_duty(row, account) for row in await db.rows(DUTIES, account, account)]


async def sheet(actor: Actor, event_id: UUID, stage_id: UUID) -> Sheet:
    """What the actor needs to mark: judges of the stage, its chief judge, organisers (for given values)."""
    has = await duties(actor, event_id)
    row = await stage_row(event_id, stage_id)
    contest = await contest_row(event_id, row.contest_id)
    seats, panels = await seats_now(event_id, stage_id), await _panels(row, actor)
    if not (panels or has.gives or has.sees):
        raise access.not_found()
    rules = await rules_of(event_id, row.scheme_id) if row.scheme_id else None
    named_here = contest.judges_see_names or has.opens
    entries = await _entries(row)
    marks = await _marks(row, entries)
    own = [seat for seat in seats if seat.account == actor.account]
    event = await db.row("SELECT title FROM event WHERE id = {}", event_id)
    assert event is not None
    return Sheet(
        **_titles(bilingual(event["title"]), contest, row),
        blind=not contest.judges_see_names,
        gives_values=has.gives,
        chief=has.chief,
        panels=[_panel(panel, actor, rules) for panel in panels],
        aspects=list(_aspects(rules, own, panels, has)) if rules else [],
        entries=[_entry(entry, actor, shown=named_here) for entry in entries],
        marks=[_mark(mark) for mark in marks if _is_own(mark, own, has)],
        others=[_mark(mark) for mark in _others(rules, marks, seats, own=own, has=has)],
    )


def _titles(event: Bilingual, contest: Contest, row: Stage) -> dict[str, Any]:
    return {
        "event_id": row.event_id,
        "event": event,
        "contest_id": contest.id,
        "contest": bilingual(contest.title),
        "stage_id": row.id,
        "stage": bilingual(row.title),
        "state": StageState(row.state),
    }


async def _panels(row: Stage, actor: Actor) -> list[db.Row]:
    """The panels in which the actor sits or leads."""
    return await db.rows(
        "SELECT panel.*, panel_seat.seat, sign_off.id AS signed FROM panel "
        "LEFT JOIN panel_seat ON panel_seat.event_id = panel.event_id AND panel_seat.panel_id = panel.id "
        "AND panel_seat.account = {} AND panel_seat.until IS NULL "
        "LEFT JOIN sign_off ON sign_off.event_id = panel.event_id AND sign_off.stage_id = panel.stage_id "
        "AND sign_off.panel_id = panel.id AND sign_off.withdrawn_at IS NULL "
        "WHERE panel.event_id = {} AND panel.stage_id = {} AND (panel.leader = {} OR panel_seat.id IS NOT NULL) "
        "ORDER BY panel.id",
        actor.account, row.event_id, row.id, actor.account,
    )  # fmt: skip


async def _entries(row: Stage) -> list[db.Row]:
    return await db.rows(
        "SELECT slot.position, slot.heat, slot.station, slot.code, entry.id, entry.state, entry.name, entry.person "
        "FROM slot JOIN entry ON entry.event_id = slot.event_id AND entry.id = slot.entry_id "
        "WHERE slot.event_id = {} AND slot.stage_id = {} ORDER BY slot.position",
        row.event_id, row.id,
    )  # fmt: skip


async def _marks(row: Stage, entries: Sequence[db.Row]) -> list[db.Row]:
    """The marks that count, in draw order, with the entry's code."""
    drawn = {entry["id"]: entry for entry in entries}
    found = await db.rows(
        "SELECT id, entry_id, aspect, attempt, seat, value_e6, status, reason FROM mark "
        "WHERE event_id = {} AND stage_id = {} AND superseded_at IS NULL ORDER BY aspect, attempt, seat",
        row.event_id, row.id,
    )  # fmt: skip
    marks = [mark | {"code": drawn[mark["entry_id"]]["code"]} for mark in found if mark["entry_id"] in drawn]
    return sorted(marks, key=lambda mark: drawn[mark["entry_id"]]["position"])


def _is_own(mark: db.Row, own: Sequence[Seat], has: Duties) -> bool:
    if not mark["seat"]:
        return has.gives or any(mark["aspect"] in seat.covered for seat in own)
    return any(seat.seat == mark["seat"] and mark["aspect"] in (seat.covered or [mark["aspect"]]) for seat in own)


def _others(
    rules: Scheme | None, marks: Sequence[db.Row], seats: Sequence[Seat], *, own: Sequence[Seat], has: Duties
) -> Iterator[db.Row]:
    """Others' marks: for those who may see marks all of them, for judges those of their panels that are all in."""
    if rules is None:
        return
    known, sitting = {aspect.key: aspect for aspect in aspects(rules)}, seats_of(seats, rules)
    groups: dict[tuple[str, str, int], set[str | None]] = {}
    for mark in marks:
        groups.setdefault((mark["code"], mark["aspect"], mark["attempt"]), set()).add(mark["seat"] or None)
    for mark in marks:
        aspect = known.get(mark["aspect"])
        if _is_own(mark, own, has) or aspect is None:
            continue
        judges = groups[mark["code"], mark["aspect"], mark["attempt"]]
        all_in = any(seat.covers(aspect) for seat in own) and is_whole(aspect, judges, sitting[aspect.key])
        if has.sees or all_in:
            yield mark


def _aspects(rules: Scheme, own: Sequence[Seat], panels: Sequence[db.Row], has: Duties) -> Iterator[SheetAspect]:
    """What the actor marks, gives, leads or may see, in the order of the scheme."""
    led = {key for panel in panels for key in keys_covered(named(panel["aspects"]), rules)}
    times, worth = attempts(rules), per_unit(rules)
    for aspect, headings in _under(rules):
        if has.sees or has.gives or aspect.key in led or any(seat.covers(aspect) for seat in own):
            yield _aspect(aspect, headings, times[aspect.key], worth.get(aspect.key))


def _under(rules: Scheme) -> Iterator[tuple[Aspect, list[Bilingual]]]:
    for top in (rules.root, *rules.aside):
        yield from _below(top, [])


def _below(node: Node, headings: list[Bilingual]) -> Iterator[tuple[Aspect, list[Bilingual]]]:
    if isinstance(node, Aspect):
        yield node, headings
    elif isinstance(node, Criterion):
        for child in node.children:
            yield from _below(child, [*headings, _words(node.title)])


def _aspect(aspect: Aspect, headings: list[Bilingual], times: int, worth: Fraction | None) -> SheetAspect:
    return SheetAspect(
        key=aspect.key,
        title=_words(aspect.title),
        headings=headings,
        kind=aspect.kind,
        judged=is_judged(aspect),
        attempts=times,
        least=_text(aspect.scale.least),
        most=_text(aspect.scale.most),
        step=_text(aspect.scale.step),
        max_spread=_text(aspect.max_spread),
        levels=[_words(level) for level in aspect.levels],
        per_unit=None if worth is None else f"{Decimal(round(worth * 10**6)).scaleb(-6).normalize():f}",
    )


def _words(title: Title) -> Bilingual:
    return Bilingual(zh=title.zh, en=title.en)


def _text(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:f}"


def _panel(row: db.Row, actor: Actor, rules: Scheme | None) -> SheetPanel:
    return SheetPanel(
        id=row["id"],
        title=bilingual(row["title"]),
        seat=row["seat"],
        leads=row["leader"] == actor.account,
        signed=row["signed"] is not None,
        aspects=keys_covered(named(row["aspects"]), rules),
    )


def _entry(row: db.Row, actor: Actor, *, shown: bool) -> SheetEntry:
    return SheetEntry(
        position=row["position"],
        heat=row["heat"],
        station=row["station"],
        code=row["code"],
        state=EntryState(row["state"]),
        entry_id=row["id"] if shown else None,
        name=row["name"] if shown else None,
        own=actor.person is not None and row["person"] == actor.person,
    )


def _mark(row: db.Row) -> SheetMark:
    return SheetMark(
        id=row["id"],
        code=row["code"],
        aspect=row["aspect"],
        attempt=row["attempt"],
        seat=row["seat"] or None,
        value=text_of(row["value_e6"]),
        status=Status(row["status"]) if row["status"] else None,
        reason=row["reason"],
    )


def _duty(row: db.Row, account: UUID) -> Duty:
    return Duty(
        event_id=row["event_id"],
        event=bilingual(row["event_title"]),
        starts_at=row["starts_at"],
        contest_id=row["contest_id"],
        contest=bilingual(row["contest_title"]),
        stage_id=row["stage_id"],
        stage=bilingual(row["stage_title"]),
        state=StageState(row["state"]),
        panel_id=row["panel_id"],
        panel=bilingual(row["panel_title"]),
        seat=row["seat"],
        leads=row["leader"] == account,
    )
