"""Registrations: the verdict, registering, the wait-list, review, check-in."""

from typing import Annotated
from uuid import UUID

from litestar import get, post
from litestar.params import JSONBody, QueryParameter
from litestar.response import Stream
from msgspec import Meta, Struct

from api.conditional import version_of
from api.direct import directly
from api.downloads import MEDIA, FileKind, download
from api.kinds import Asker, Cursor, Id, IfMatch, Limit, Text, WhichId
from api.problems import FieldError, field_errors
from events import exports, organising, registering
from events.access import Actor
from events.paging import Page
from events.people import PersonView
from events.registering import (
    FindForm,
    RegistrationForm,
    RegistrationQuery,
    RegistrationsForm,
    RegistrationView,
    ReviewForm,
    Sort,
)
from events.terms import RegistrationState

InState = Annotated[RegistrationState | None, QueryParameter(name="state")]
Personal = Annotated[
    bool, QueryParameter(description="Whole phones and identity numbers. Right `keep_people` in the event.")
]


class VerdictView(Struct, frozen=True):
    """Whether the asker may register now, or every reason why not; `would_wait` is the wait-list."""

    accepted: bool
    would_wait: bool
    reasons: list[FieldError]
    until: str | None


class CheckInForm(Struct, frozen=True, forbid_unknown_fields=True):
    """The reference on a ticket."""

    reference: Annotated[str, Meta(min_length=1, max_length=40, pattern=r"^[0-9A-Za-z]+$")]


@get("/events/{event_id:uuid}/verdict", operation_id="get_verdict")
async def get_verdict(
    actor: Asker,
    event_id: Id,
    contest_id: WhichId = None,
    division_id: WhichId = None,
) -> VerdictView:
    """Whether the asker may register, with all reasons at once, before anything is filled in."""
    form = RegistrationForm(contest_id=contest_id, division_id=division_id) if contest_id or division_id else None
    found = await registering.may_register(actor, event_id, form)
    until = found.until.isoformat() if found.until else None
    return VerdictView(found.accepted, found.would_wait, field_errors(found.reasons, actor.language), until)


@post(
    "/events/{event_id:uuid}/registrations",
    operation_id="register",
    opt=directly(RegistrationForm, registering.register),
)
async def register(actor: Asker, event_id: Id, data: JSONBody[RegistrationForm]) -> RegistrationView:
    """Register oneself, or another by right: confirmed, pending a review, or on the wait-list."""
    return await registering.register(actor, event_id, data)


@post("/events/{event_id:uuid}/registrations/bulk", operation_id="register_many")
async def register_many(actor: Asker, event_id: Id, data: JSONBody[RegistrationsForm]) -> list[RegistrationView]:
    """Register up to 500, all of them or none, with everything that is wrong at once. Others than oneself by right."""
    return await registering.register_many(actor, event_id, data)


@get("/events/{event_id:uuid}/registrations", operation_id="list_registrations")
async def list_registrations(
    actor: Asker,
    event_id: Id,
    in_state: InState = None,
    contest_id: WhichId = None,
    q: Text = "",
    sort: Annotated[Sort, QueryParameter(description="By what they are ordered; `-` turns it round.")] = Sort.NEWEST,
    cursor: Cursor = "",
    limit: Limit = 50,
) -> Page[RegistrationView]:
    """The registrations of an event, newest first unless sorted otherwise. Right `review`."""
    query = RegistrationQuery(state=in_state, contest_id=contest_id, q=q, sort=sort)
    return await registering.list_registrations(actor, event_id, query, cursor=cursor, limit=limit)


@get(
    "/events/{event_id:uuid}/registrations.csv",
    operation_id="export_registrations_csv",
    media_type=MEDIA[FileKind.CSV],
)
async def export_registrations_csv(
    actor: Asker, event_id: Id, in_state: InState = None, contest_id: WhichId = None, personal: Personal = False
) -> Stream:
    """The registrations of an event as CSV, phones masked; the log notes who took them. Right `review`."""
    query = RegistrationQuery(state=in_state, contest_id=contest_id)
    return await _export(actor, event_id, query, personal=personal, kind=FileKind.CSV)


@get(
    "/events/{event_id:uuid}/registrations.xlsx",
    operation_id="export_registrations_xlsx",
    media_type=MEDIA[FileKind.XLSX],
)
async def export_registrations_xlsx(
    actor: Asker, event_id: Id, in_state: InState = None, contest_id: WhichId = None, personal: Personal = False
) -> Stream:
    """The registrations of an event as an Excel workbook, else as for CSV. Right `review`."""
    query = RegistrationQuery(state=in_state, contest_id=contest_id)
    return await _export(actor, event_id, query, personal=personal, kind=FileKind.XLSX)


async def _export(actor: Actor, event_id: UUID, query: RegistrationQuery, *, personal: bool, kind: FileKind) -> Stream:
    rows = await exports.registrations(actor, event_id, query, personal=personal)
    event = await organising.event(actor, event_id)
    return download(rows, kind, event.title.in_language(actor.language))


@get("/events/{event_id:uuid}/registrations/{registration_id:uuid}", operation_id="get_registration")
async def get_registration(actor: Asker, event_id: Id, registration_id: Id) -> RegistrationView:
    """One registration, with its place on the wait-list."""
    return await registering.registration(actor, event_id, registration_id)


@post("/events/{event_id:uuid}/registrations/{registration_id:uuid}/withdraw", operation_id="withdraw", status_code=200)
async def withdraw(actor: Asker, event_id: Id, registration_id: Id, if_match: IfMatch = None) -> RegistrationView:
    """End a registration; the next on the wait-list moves up. Twice is as good as once."""
    return await registering.withdraw(actor, event_id, registration_id, version=version_of(if_match))


@post("/events/{event_id:uuid}/registrations/review", operation_id="review_registrations", status_code=200)
async def review_registrations(actor: Asker, event_id: Id, data: JSONBody[ReviewForm]) -> list[RegistrationView]:
    """Confirm or refuse up to 500 registrations, all of them or none. Right `review`."""
    return await registering.review(actor, event_id, data)


@post("/events/{event_id:uuid}/check-in", operation_id="check_in", status_code=200)
async def check_in(actor: Asker, event_id: Id, data: JSONBody[CheckInForm]) -> RegistrationView:
    """Confirm that somebody is there. A second time is a conflict that says when the first was. Right `check_in`."""
    return await registering.check_in(actor, event_id, data.reference)


@post("/events/{event_id:uuid}/people", operation_id="find_people_to_register", status_code=200)
async def find_people_to_register(actor: Asker, event_id: Id, data: JSONBody[FindForm]) -> Page[PersonView]:
    """Up to 20 people to register: of one's own unions by the beginning of a name; anybody else by a whole phone or
    identity number, or by the exact name and the union. Right `register_others` in the event.
    """
    return Page(await registering.find_people(actor, event_id, data))


@get("/me/registrations", operation_id="list_own_registrations")
async def list_own_registrations(actor: Asker, cursor: Cursor = "", limit: Limit = 50) -> Page[RegistrationView]:
    """The asker's own registrations, newest first."""
    return await registering.own(actor, cursor=cursor, limit=limit)


ROUTES = [
    get_verdict, register, register_many, list_registrations, export_registrations_csv, export_registrations_xlsx,
    get_registration, withdraw, review_registrations, check_in, find_people_to_register, list_own_registrations,
]  # fmt: skip
