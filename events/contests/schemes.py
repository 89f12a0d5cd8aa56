"""Schemes of contests: every change is a new version, written once."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from uuid import UUID

from events import access, clock, db, ids, notices
from events.access import Actor, Right
from events.contests.facts import marks_that_count
from events.contests.looking import contest_row, read_document, stage_held
from events.contests.structs import Document, LibraryScheme, SchemeForm, SchemeView
from events.errors import Invalid, Reason, conflict, invalid
from events.tables import Scheme, Stage
from events.terms import StageState
from events.text import Bilingual, BilingualProse
from scoring import schemes
from scoring.marks import Mark, check

OPEN = frozenset({StageState.PREPARED, StageState.DRAWN, StageState.MARKING})


async def set_scheme(actor: Actor, event_id: UUID, contest_id: UUID, stage_id: UUID, *, form: SchemeForm) -> SchemeView:
    """Give a stage its rules of marking as a new version (organisers); Invalid names each fault under /document.

    Once marks are in, only a scheme that allows all of them is taken; after sign-off none is.
    """
    await access.event_for(actor, Right.ORGANISE, event_id)
    document = chosen(form)
    rules = parsed(document)
    async with db.transaction():
        row = await _stage_to_rule(event_id, contest_id, stage_id)
        unless_marks_do_not_fit(rules, await marks_that_count(row.event_id, row.id))
        made = await next_version(event_id, contest_id, document, by=actor.account)
        await db.rows(
            "UPDATE stage SET scheme_id = {}, version = version + 1 WHERE event_id = {} AND id = {}",
            made.id, event_id, stage_id,
        )  # fmt: skip
        await notices.post("scheme.set", event=event_id, subject=stage_id, by=actor.account, version=made.version)
    return _view(made)


async def scheme(actor: Actor, event_id: UUID, scheme_id: UUID) -> SchemeView:
    """One version of the rules of marking: whoever sees the event sees how it is marked."""
    await access.event_to_see(actor, event_id)
    found = await Scheme.objects().get((Scheme.event_id == event_id) & (Scheme.id == scheme_id))
    if found is None:
        raise access.not_found()
    return _view(found)


async def list_schemes(actor: Actor, event_id: UUID, contest_id: UUID) -> list[SchemeView]:
    """Every version that a contest's stages have had, newest first."""
    await access.event_to_see(actor, event_id)
    await contest_row(event_id, contest_id)
    here = (Scheme.event_id == event_id) & (Scheme.contest_id == contest_id)
    return [_view(row) for row in await Scheme.objects().where(here).order_by(Scheme.version, ascending=False)]


@cache
def library() -> list[LibraryScheme]:
    """The ready schemes, by key."""
    files = resources.files("scoring").joinpath("library").iterdir()
    documents = [read_document(file.read_text("utf-8")) for file in files if file.name.endswith(".json")]
    return sorted((_in_library(document) for document in documents), key=lambda ready: ready.key)


@cache
def ready_tables() -> dict[str, Document]:
    """The documents of the ready tables of delegations, by key."""
    files = resources.files("scoring").joinpath("library", "tables").iterdir()
    found = [read_document(file.read_text("utf-8")) for file in files if file.name.endswith(".json")]
    return {str(document["key"]): document for document in sorted(found, key=lambda document: str(document["key"]))}


def ready_scheme(key: str, pointer: str = "/library") -> LibraryScheme:
    """A ready scheme; Invalid when the library has none with this key."""
    ready = next((ready for ready in library() if ready.key == key), None)
    return ready or invalid("not_in_library", pointer)


def canonical(document: Mapping[str, object]) -> str:
    """A document as it is stored and hashed: sorted keys, no spaces, decimals as texts."""
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default="{:f}".format)


def _in_library(document: Document) -> LibraryScheme:
    rules = schemes.parse(document)
    plain = read_document(canonical(document))
    told = BilingualProse(zh=rules.description.zh, en=rules.description.en) if rules.description else BilingualProse()
    return LibraryScheme(key=rules.key, title=_words(rules.title), description=told, document=plain)


def _words(title: schemes.Title | None) -> Bilingual:
    return Bilingual(zh=title.zh, en=title.en) if title else Bilingual()


def chosen(form: SchemeForm) -> Document:
    """The document that a form gives or names."""
    if (form.document is None) == (form.library is None):
        invalid("document_or_library", "/document")
    if form.document is not None:
        return form.document
    return ready_scheme(form.library or "").document


def parsed(document: Document) -> schemes.Scheme:
    """The rules in a document; Invalid names each fault under /document."""
    try:
        return schemes.parse(document)
    except schemes.SchemeError as error:
        raise Invalid(
            *(Reason(found.code, f"/document{found.pointer}", found.params) for found in error.problems)
        ) from error


async def _stage_to_rule(event_id: UUID, contest_id: UUID, stage_id: UUID) -> Stage:
    row = await stage_held(event_id, stage_id, alone=True)
    if row.contest_id != contest_id:
        raise access.not_found()
    if row.state not in OPEN:
        conflict("signed_off")
    return row


def unless_marks_do_not_fit(rules: schemes.Scheme, marks: Sequence[Mark]) -> None:
    """Conflict when there are marks that a scheme does not allow."""
    if wrong := sum(bool(check(rules, mark)) for mark in marks):
        conflict("marks_do_not_fit", count=wrong)


async def next_version(event_id: UUID, contest_id: UUID, document: Document, *, by: UUID | None) -> Scheme:
    """A document as the contest's next version, within the caller's transaction."""
    # holding the contest, so that two changes at once get two versions
    await db.rows("UPDATE contest SET version = version WHERE event_id = {} AND id = {}", event_id, contest_id)
    last = await db.row(
        "SELECT COALESCE(MAX(version), 0) AS version FROM scheme WHERE event_id = {} AND contest_id = {}",
        event_id, contest_id,
    )  # fmt: skip
    assert last is not None
    text = canonical(document)
    made = Scheme(
        event_id=event_id, id=ids.new(), contest_id=contest_id, version=last["version"] + 1, document=text,
        digest=hashlib.sha256(text.encode()).digest(), created_at=clock.now(), created_by=by,
    )  # fmt: skip
    await Scheme.insert(made)
    return made


def _view(row: Scheme) -> SchemeView:
    document = read_document(row.document)
    rules = schemes.parse(document)
    return SchemeView(
        id=row.id,
        contest_id=row.contest_id,
        version=row.version,
        key=rules.key,
        title=_words(rules.title),
        digest=bytes(row.digest).hex(),
        created_at=row.created_at,
        document=document,
    )
