"""Sign-off: a panel by its leader, then the stage by the chief judge; and what is still missing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from events import access, clock, db, ids, notices
from events.access import Actor
from events.contests.facts import marks_that_count
from events.contests.looking import rules_of, stage_held, stage_row
from events.errors import Conflict, Reason, conflict
from events.marking.completeness import Gap, gaps
from events.marking.seats import Duties, covers, duties, named, seats_now, seats_of
from events.marking.structs import Missing, Progress, SignOffForm, SignOffView, WithdrawalForm
from events.tables import Panel, SignOff, Stage
from events.terms import StageState
from events.text import bilingual
from scoring.schemes import Scheme, nodes
from scoring.totals import Total, evaluate

SHOWN = 100


@dataclass(frozen=True)
class Work:
    """A stage's marking so far: totals and what is missing, entries by the text of their id."""

    rules: Scheme
    codes: Mapping[str, str]
    totals: Mapping[str, Total]
    gaps: Sequence[Gap]

    def of_panel(self, covered: Sequence[str]) -> list[Gap]:
        """What a panel has still to mark."""
        known = nodes(self.rules)
        return [gap for gap in self.gaps if covers(covered, known[gap.group.aspect])]


async def progress(actor: Actor, event_id: UUID, stage_id: UUID) -> Progress:
    """What is missing and who has signed, for those who may see marks and for panel leaders (their panel)."""
    has = await duties(actor, event_id)
    row = await stage_row(event_id, stage_id)
    led = [panel for panel in await _panels(row) if panel.leader == actor.account]
    if not (has.sees or led):
        raise access.not_found()
    work = await _work(row)
    found = list(work.gaps) if has.sees else [gap for panel in led for gap in work.of_panel(named(panel.aspects))]
    return Progress(
        state=StageState(row.state),
        entries=len(work.totals),
        complete=len(work.totals) - len({gap.group.entry for gap in found}),
        missing_marks=sum(gap.needed - gap.have for gap in found),
        missing=[_missing(gap, work) for gap in found[:SHOWN]],
        sign_offs=[_view(one) for one in await _sign_offs(row)],
    )


async def sign_off(actor: Actor, event_id: UUID, stage_id: UUID, form: SignOffForm) -> SignOffView:
    """Confirm a panel's marks (its leader) or the stage (chief judge); Conflict names what is missing or unsigned."""
    has = await duties(actor, event_id)
    async with db.transaction():
        row = await stage_held(event_id, stage_id, alone=True)
        await _may_sign(actor, has, row, form.panel_id)
        given = await _given(row, form.panel_id)
        if given is not None:
            return _view(given)
        await _unless_unfinished(actor, row, form.panel_id)
        made = SignOff(
            event_id=event_id, id=ids.new(), stage_id=stage_id, panel_id=form.panel_id,
            account=access.signed_in(actor), signed_at=clock.now(),
        )  # fmt: skip
        await SignOff.insert(made)
        if form.panel_id is None:
            await _set_state(row, StageState.SIGNED)
        await _tell("sign_off.given", actor, made)
    return _view(made)


async def withdraw_sign_off(
    actor: Actor, event_id: UUID, stage_id: UUID, sign_off_id: UUID, *, form: WithdrawalForm
) -> SignOffView:
    """Take a confirmation back, with a reason (whoever signed, or the chief judge), until the result is published."""
    has = await duties(actor, event_id)
    async with db.transaction():
        row = await stage_held(event_id, stage_id, alone=True)
        found = await _sign_off_row(row, sign_off_id)
        if not (has.chief or found.account == actor.account):
            raise access.not_found()
        _unless_too_late(row, found)
        await db.rows(
            "UPDATE sign_off SET withdrawn_at = {}, reason = {} WHERE event_id = {} AND id = {}",
            clock.now(), form.reason, event_id, sign_off_id,
        )  # fmt: skip
        if row.state == StageState.SIGNED:
            await _set_state(row, StageState.MARKING)
        await _tell("sign_off.withdrawn", actor, found)
    return _view(await _sign_off_row(row, sign_off_id))


def _unless_too_late(row: Stage, found: SignOff) -> None:
    if found.withdrawn_at:
        conflict("already_withdrawn")
    if row.state in (StageState.PROVISIONAL, StageState.OFFICIAL):
        conflict("published")
    if row.state == StageState.SIGNED and found.panel_id:
        conflict("stage_signed")


async def _may_sign(actor: Actor, has: Duties, row: Stage, panel_id: UUID | None) -> None:
    if panel_id is None:
        allowed = has.chief
    else:
        panel = next((panel for panel in await _panels(row) if panel.id == panel_id), None)
        allowed = panel is not None and (panel.leader == actor.account if panel.leader else has.chief)
    if not allowed:
        raise access.not_found()


async def _unless_unfinished(actor: Actor, row: Stage, panel_id: UUID | None) -> None:
    if row.state not in (StageState.DRAWN, StageState.MARKING):
        conflict("not_drawn" if row.state == StageState.PREPARED else "signed_off")
    work, panels = await _work(row), await _panels(row)
    if panel_id is not None:
        covered = next(named(panel.aspects) for panel in panels if panel.id == panel_id)
        found = [_gap_reason(gap, work) for gap in work.of_panel(covered)]
    else:
        unsigned = [_unsigned(actor, panel) for panel in panels if await _given(row, panel.id) is None]
        found = [*unsigned, *(_gap_reason(gap, work) for gap in work.gaps), *await _disputes(row, work)]
    if found:
        raise Conflict(*found[:SHOWN])


def _gap_reason(gap: Gap, work: Work) -> Reason:
    group = gap.group
    counts = {"attempt": group.attempt, "have": gap.have, "needed": gap.needed}
    return Reason("mark_missing", "", {"code": work.codes[group.entry], "aspect": group.aspect, **counts})


def _unsigned(actor: Actor, panel: Panel) -> Reason:
    return Reason("panel_unsigned", "", {"panel": bilingual(panel.title).in_language(actor.language)})


async def _disputes(row: Stage, work: Work) -> Iterator[Reason]:
    """Judges further apart than the scheme allows, and none of them has said why."""
    explained = await db.rows(
        "SELECT DISTINCT entry_id, aspect, attempt FROM mark "
        "WHERE event_id = {} AND stage_id = {} AND superseded_at IS NULL AND reason IS NOT NULL",
        row.event_id, row.id,
    )  # fmt: skip
    said = {(str(one["entry_id"]), one["aspect"], one["attempt"]) for one in explained}
    return (
        Reason("spread_unexplained", "", {"code": work.codes[entry], "aspect": aspect, "attempt": attempt})
        for entry, total in work.totals.items()
        for aspect, attempt in total.disputed
        if (entry, aspect, attempt) not in said
    )


async def _work(row: Stage) -> Work:
    if not row.scheme_id:
        conflict("scheme_needed")
    rules = await rules_of(row.event_id, row.scheme_id)
    slots = await db.rows(
        "SELECT slot.entry_id, slot.code FROM slot "
        "JOIN entry ON entry.event_id = slot.event_id AND entry.id = slot.entry_id "
        "WHERE slot.event_id = {} AND slot.stage_id = {} AND entry.state <> 'withdrawn' ORDER BY slot.position",
        row.event_id, row.id,
    )  # fmt: skip
    codes = {str(slot["entry_id"]): slot["code"] for slot in slots}
    marks = await marks_that_count(row.event_id, row.id)
    totals = evaluate(rules, marks, list(codes))
    seats = seats_of(await seats_now(row.event_id, row.id), rules)
    return Work(rules, codes, totals, gaps(rules, totals, marks, seats))


async def _panels(row: Stage) -> list[Panel]:
    here = (Panel.event_id == row.event_id) & (Panel.stage_id == row.id)
    return await Panel.objects().where(here).order_by(Panel.id)


async def _sign_offs(row: Stage) -> list[SignOff]:
    here = (SignOff.event_id == row.event_id) & (SignOff.stage_id == row.id)
    return await SignOff.objects().where(here).order_by(SignOff.signed_at, SignOff.id)


async def _sign_off_row(row: Stage, sign_off_id: UUID) -> SignOff:
    found = next((one for one in await _sign_offs(row) if one.id == sign_off_id), None)
    if found is None:
        raise access.not_found()
    return found


async def _given(row: Stage, panel_id: UUID | None) -> SignOff | None:
    """The confirmation that stands, of a panel or of the stage."""
    standing = [one for one in await _sign_offs(row) if not one.withdrawn_at]
    return next((one for one in standing if one.panel_id == panel_id), None)


async def _set_state(row: Stage, state: StageState) -> None:
    await db.rows(
        "UPDATE stage SET state = {}, version = version + 1 WHERE event_id = {} AND id = {}",
        state, row.event_id, row.id,
    )  # fmt: skip


async def _tell(kind: str, actor: Actor, made: SignOff) -> None:
    panel = str(made.panel_id) if made.panel_id else None
    await notices.post(kind, event=made.event_id, subject=made.stage_id, by=actor.account, panel=panel)


def _missing(gap: Gap, work: Work) -> Missing:
    group = gap.group
    return Missing(
        code=work.codes[group.entry],
        aspect=group.aspect,
        attempt=group.attempt,
        have=gap.have,
        needed=gap.needed,
    )


def _view(row: SignOff) -> SignOffView:
    return SignOffView(
        id=row.id,
        panel_id=row.panel_id,
        account=row.account,
        signed_at=row.signed_at,
        withdrawn_at=row.withdrawn_at,
        reason=row.reason,
    )
