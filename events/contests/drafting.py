"""Drafts of schemes: one for each account and stage, right or not yet, until it becomes a version.

A draft concerns nobody else, so no notice tells of it; the version that it becomes has one.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec

from events import access, clock, db, ids
from events.access import Actor, Right
from events.contests.looking import read_document, stage_held, stage_row
from events.contests.schemes import canonical
from events.contests.structs import Document
from events.errors import Reason, Stale, refuse
from events.tables import SchemeDraft
from scoring import editing

LONGEST = 400_000


class DraftForm(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a draft is to be: a document whose parts are where they belong, and marks to try it with."""

    document: Document
    sample: Annotated[dict[str, str], msgspec.Meta(max_length=5000)] = {}


class DraftView(msgspec.Struct, frozen=True, kw_only=True):
    """One's own draft of a stage's scheme; `before` is the document before the last step."""

    stage_id: UUID
    document: Document
    before: Document | None
    sample: dict[str, str]
    version: int
    updated_at: datetime


async def draft(actor: Actor, event_id: UUID, stage_id: UUID) -> DraftView | None:
    """The draft that an organiser has for a stage, if there is one."""
    await access.event_for(actor, Right.ORGANISE, event_id)
    await stage_row(event_id, stage_id)
    row = await _row(actor, event_id, stage_id)
    return _view(row) if row else None


async def keep_draft(
    actor: Actor, event_id: UUID, stage_id: UUID, form: DraftForm, *, version: int | None = None
) -> DraftView:
    """Keep a draft (organisers), in place of one's earlier one; Stale when that is not at this version any more."""
    await access.event_for(actor, Right.ORGANISE, event_id)
    text, sample = _stored(form)
    async with db.transaction():
        await stage_held(event_id, stage_id, alone=False)
        row = await _row(actor, event_id, stage_id)
        if version is not None and version != (row.version if row else 0):
            raise Stale(Reason("stale"))
        if row is None:
            await _insert(actor, event_id, stage_id, text=text, sample=sample)
        else:
            await _update(row, text, sample)
    found = await _row(actor, event_id, stage_id)
    assert found is not None
    return _view(found)


async def drop_draft(actor: Actor, event_id: UUID, stage_id: UUID) -> None:
    """Let one's draft go; there need not be one."""
    await access.event_for(actor, Right.ORGANISE, event_id)
    await stage_row(event_id, stage_id)
    await db.rows(
        "DELETE FROM scheme_draft WHERE event_id = {} AND stage_id = {} AND account = {}",
        event_id, stage_id, actor.account,
    )  # fmt: skip


def _stored(form: DraftForm) -> tuple[str, str]:
    """Document and sample as texts; Invalid for a document in which nobody finds their way."""
    problems = editing.sound(form.document)
    refuse(Reason(one.code, f"/document{one.pointer}", one.params) for one in problems)
    text, sample = canonical(form.document), json.dumps(form.sample, ensure_ascii=False)
    told = {"/document": text, "/sample": sample}
    refuse(Reason("too_long", at, {"most": LONGEST}) for at, one in told.items() if len(one) > LONGEST)
    return text, sample


async def _row(actor: Actor, event_id: UUID, stage_id: UUID) -> SchemeDraft | None:
    mine = (SchemeDraft.event_id == event_id) & (SchemeDraft.stage_id == stage_id)
    return await SchemeDraft.objects().get(mine & (SchemeDraft.account == access.signed_in(actor)))


async def _insert(actor: Actor, event_id: UUID, stage_id: UUID, *, text: str, sample: str) -> None:
    made = SchemeDraft(
        event_id=event_id, id=ids.new(), stage_id=stage_id, account=access.signed_in(actor), document=text,
        before=None, sample=sample, version=1, updated_at=clock.now(),
    )  # fmt: skip
    try:
        await SchemeDraft.insert(made)
    except db.ConstraintViolated as taken:  # begun elsewhere at the same time
        raise Stale(Reason("stale")) from taken


async def _update(row: SchemeDraft, text: str, sample: str) -> None:
    """`before` changes with the document only."""
    before = row.before if text == row.document else row.document
    found = await db.rows(
        "UPDATE scheme_draft SET document = {}, before = {}, sample = {}, version = version + 1, updated_at = {}"
        " WHERE event_id = {} AND id = {} AND version = {} RETURNING id",
        text, before, sample, clock.now(), row.event_id, row.id, row.version,
    )  # fmt: skip
    if not found:
        raise Stale(Reason("stale"))


def _view(row: SchemeDraft) -> DraftView:
    return DraftView(
        stage_id=row.stage_id,
        document=read_document(row.document),
        before=read_document(row.before) if row.before else None,
        sample=json.loads(row.sample),
        version=row.version,
        updated_at=row.updated_at,
    )
