"""The marks of a stage out of one file: what judges gave on paper, or what was measured; all of it at once, or none."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable, Iterator
from uuid import UUID

import msgspec

from events import marking
from events.access import Actor
from events.errors import Reason, Refusal, refuse
from events.imports import mark_lines
from events.imports.reading import reason
from events.marking import MarkForm
from events.text import Line
from scoring.marks import Mark
from scoring.schemes import Aspect, Scheme, nodes

MOST = 50_000
MARK = re.compile(r"/marks/(?P<number>[0-9]+)/?(?P<field>[a-z]*)")
COLUMNS = {"seat": "judge", "reason": "value", "id": "value", "": "value"}


class MarksFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A spreadsheet (csv or xlsx, in base64), a mark a row: entry, aspect, attempt, judge (the seat), value, status.

    `reason`: why marks are changed that another hand has entered.
    """

    file: bytes
    reason: Line = ""


class MarksTaken(msgspec.Struct, frozen=True, kw_only=True):
    """What became of the marks of a file: `new` ones, of which some `superseded` others, and those already there."""

    new: int
    superseded: int
    unchanged: int


async def take(actor: Actor, event_id: UUID, stage_id: UUID, form: MarksFile) -> MarksTaken:
    """Take all marks of a file for whoever transcribes (chief judge); Invalid names every wrong cell."""
    rules = await marking.rules_to_transcribe(actor, event_id, stage_id)
    found, forms = await asyncio.to_thread(_read, form, rules)
    try:
        taken = await marking.transcribe(actor, event_id, stage_id, forms)
    except Refusal as refusal:
        raise type(refusal)(*(_placed(found, one) for one in refusal.reasons)) from refusal
    return MarksTaken(new=taken.new, superseded=taken.superseded, unchanged=taken.unchanged)


def _read(form: MarksFile, rules: Scheme) -> tuple[mark_lines.Marks, list[MarkForm]]:
    found, flaws = mark_lines.read(form.file, rules)
    judged = {key for key, node in nodes(rules).items() if isinstance(node, Aspect) and node.judges}
    refuse([*flaws, *_without_seat(found, judged), *_too_many(found)])
    return found, [_form(mark, form.reason) for mark in found.marks]


def _without_seat(found: mark_lines.Marks, judged: Iterable[str]) -> Iterator[Reason]:
    """Values of judges that do not say whose they are."""
    for row, mark in zip(found.rows, found.marks, strict=True):
        if mark.aspect in judged and mark.judge is None and mark.value is not None:
            yield reason(row, "judge", "", Reason("judge_needed", "", {"aspect": mark.aspect}))


def _too_many(found: mark_lines.Marks) -> Iterator[Reason]:
    if len(found.marks) > MOST:
        yield Reason("too_many", "/file", {"most": MOST})


def _form(mark: Mark, why: str) -> MarkForm:
    value = None if mark.value is None else f"{mark.value:f}"
    return MarkForm(
        entry=mark.entry, aspect=mark.aspect, attempt=mark.attempt, value=value, status=mark.status, reason=why,
        seat=mark.judge,
    )  # fmt: skip


def _placed(found: mark_lines.Marks, flaw: Reason) -> Reason:
    """A reason with the cell that it is about, in place of the number of the mark and the field of its form."""
    where = MARK.fullmatch(flaw.pointer)
    if where is None:
        return flaw
    number, column = int(where["number"]), COLUMNS.get(where["field"], where["field"])
    mark = found.marks[number]
    cells = {"entry": mark.entry, "aspect": mark.aspect, "attempt": str(mark.attempt), "judge": mark.judge or ""}
    return reason(found.rows[number], column, cells.get(column, "" if mark.value is None else f"{mark.value:f}"), flaw)
