"""Contests of an event: divisions, stages, the rules of marking, entries."""

from typing import Annotated
from uuid import UUID

from litestar import delete, get, patch, post, put
from litestar.params import JSONBody, QueryParameter
from msgspec import Meta

from api.conditional import version_of
from api.kinds import Asker, Cursor, Id, IfMatch, Limit
from api.ready import CONTESTS
from events import access, contests, organising
from events.contests import (
    ContestForm,
    ContestView,
    DivisionForm,
    DivisionView,
    DraftForm,
    DraftView,
    EntryChange,
    EntryForm,
    EntryView,
    SchemeForm,
    SchemeView,
    StageForm,
    StageView,
    TeamForm,
    TeamMemberView,
)
from events.paging import Page

MoveTo = Annotated[UUID | None, QueryParameter(description="The division where those who are in this one go.")]
EntryForms = Annotated[list[EntryForm], Meta(min_length=1, max_length=5000)]


@get("/events/{event_id:uuid}/contests", operation_id="list_contests", ready=CONTESTS)
async def list_contests(actor: Asker, event_id: Id, cursor: Cursor = "", limit: Limit = 50) -> Page[ContestView]:
    """The contests of an event, by number."""
    return await contests.list_contests(actor, event_id, cursor=cursor, limit=limit)


@post("/events/{event_id:uuid}/contests", operation_id="add_contest")
async def add_contest(actor: Asker, event_id: Id, data: JSONBody[ContestForm]) -> ContestView:
    """Add a contest; without a number the next one. Right `organise`."""
    return await contests.add_contest(actor, event_id, data)


@get("/events/{event_id:uuid}/contests/{contest_id:uuid}", operation_id="get_contest", ready=CONTESTS)
async def get_contest(actor: Asker, event_id: Id, contest_id: Id) -> ContestView:
    """One contest with its divisions and stages."""
    return await contests.contest(actor, event_id, contest_id)


@put("/events/{event_id:uuid}/contests/{contest_id:uuid}", operation_id="change_contest")
async def change_contest(
    actor: Asker, event_id: Id, contest_id: Id, data: JSONBody[ContestForm], if_match: IfMatch = None
) -> ContestView:
    """Write a contest anew. More places move those who wait up; fewer than taken are a conflict. Right `organise`."""
    return await organising.change_contest(actor, event_id, contest_id, data, version=version_of(if_match))


@delete("/events/{event_id:uuid}/contests/{contest_id:uuid}", operation_id="remove_contest")
async def remove_contest(actor: Asker, event_id: Id, contest_id: Id, if_match: IfMatch = None) -> None:
    """Take a contest away with all in it while no mark stands; those registered are told. Right `organise`."""
    await organising.remove_contest(actor, event_id, contest_id, version=version_of(if_match))


@post("/events/{event_id:uuid}/contests/{contest_id:uuid}/divisions", operation_id="add_division")
async def add_division(actor: Asker, event_id: Id, contest_id: Id, data: JSONBody[DivisionForm]) -> DivisionView:
    """Add a division. Right `organise`."""
    return await contests.add_division(actor, event_id, contest_id, data)


@put("/events/{event_id:uuid}/contests/{contest_id:uuid}/divisions/{division_id:uuid}", operation_id="change_division")
async def change_division(
    actor: Asker, event_id: Id, contest_id: Id, division_id: Id, data: JSONBody[DivisionForm], if_match: IfMatch = None
) -> DivisionView:
    """Write a division anew; conditions that would shut out somebody who is in are a conflict. Right `organise`."""
    version = version_of(if_match)
    return await contests.change_division(actor, event_id, contest_id, division_id, form=data, version=version)


@delete(
    "/events/{event_id:uuid}/contests/{contest_id:uuid}/divisions/{division_id:uuid}", operation_id="remove_division"
)
async def remove_division(
    actor: Asker, event_id: Id, contest_id: Id, division_id: Id, move_to: MoveTo = None, if_match: IfMatch = None
) -> None:
    """Take a division away; while others remain, whoever is in it has to be moved to one. Right `organise`."""
    version = version_of(if_match)
    await contests.remove_division(actor, event_id, contest_id, division_id, move_to=move_to, version=version)


@post("/events/{event_id:uuid}/contests/{contest_id:uuid}/stages", operation_id="add_stage")
async def add_stage(actor: Asker, event_id: Id, contest_id: Id, data: JSONBody[StageForm]) -> StageView:
    """Add a stage; without a number the next one. Right `organise`."""
    return await contests.add_stage(actor, event_id, contest_id, data)


@get("/events/{event_id:uuid}/stages/{stage_id:uuid}", operation_id="get_stage", ready=CONTESTS)
async def get_stage(actor: Asker, event_id: Id, stage_id: Id) -> StageView:
    """One stage and how far it has come."""
    return await contests.stage(actor, event_id, stage_id)


@put("/events/{event_id:uuid}/stages/{stage_id:uuid}", operation_id="change_stage")
async def change_stage(
    actor: Asker, event_id: Id, stage_id: Id, data: JSONBody[StageForm], if_match: IfMatch = None
) -> StageView:
    """Write a stage anew; the size of heats stands once it is drawn. Right `organise`."""
    return await contests.change_stage(actor, event_id, stage_id, data, version=version_of(if_match))


@delete("/events/{event_id:uuid}/stages/{stage_id:uuid}", operation_id="remove_stage")
async def remove_stage(actor: Asker, event_id: Id, stage_id: Id, if_match: IfMatch = None) -> None:
    """Take a stage away that is not drawn and has no panels; a conflict says what hangs on it. Right `organise`."""
    await contests.remove_stage(actor, event_id, stage_id, version=version_of(if_match))


@put("/events/{event_id:uuid}/contests/{contest_id:uuid}/stages/{stage_id:uuid}/scheme", operation_id="set_scheme")
async def set_scheme(
    actor: Asker, event_id: Id, contest_id: Id, stage_id: Id, data: JSONBody[SchemeForm]
) -> SchemeView:
    """Give a stage its rules of marking as a new version; once marks are in, all of them must fit. Right `organise`."""
    return await contests.set_scheme(actor, event_id, contest_id, stage_id, form=data)


@get("/events/{event_id:uuid}/stages/{stage_id:uuid}/scheme-draft", operation_id="get_scheme_draft")
async def get_scheme_draft(actor: Asker, event_id: Id, stage_id: Id) -> DraftView:
    """One's own draft of the rules of marking of a stage, right or not yet. Right `organise`."""
    found = await contests.draft(actor, event_id, stage_id)
    if found is None:
        raise access.not_found()
    return found


@put("/events/{event_id:uuid}/stages/{stage_id:uuid}/scheme-draft", operation_id="keep_scheme_draft")
async def keep_scheme_draft(
    actor: Asker, event_id: Id, stage_id: Id, data: JSONBody[DraftForm], if_match: IfMatch = None
) -> DraftView:
    """Keep a draft in place of one's earlier one; nobody else sees it, and it need not be right. Right `organise`."""
    return await contests.keep_draft(actor, event_id, stage_id, data, version=version_of(if_match))


@delete("/events/{event_id:uuid}/stages/{stage_id:uuid}/scheme-draft", operation_id="drop_scheme_draft")
async def drop_scheme_draft(actor: Asker, event_id: Id, stage_id: Id) -> None:
    """Let one's draft go; there need not be one. Right `organise`."""
    await contests.drop_draft(actor, event_id, stage_id)


@get("/events/{event_id:uuid}/contests/{contest_id:uuid}/schemes", operation_id="list_schemes")
async def list_schemes(actor: Asker, event_id: Id, contest_id: Id) -> Page[SchemeView]:
    """Every version of the rules of marking that a contest's stages have had, newest first."""
    return Page(await contests.list_schemes(actor, event_id, contest_id))


@get("/events/{event_id:uuid}/schemes/{scheme_id:uuid}", operation_id="get_scheme")
async def get_scheme(actor: Asker, event_id: Id, scheme_id: Id) -> SchemeView:
    """One version of the rules of marking."""
    return await contests.scheme(actor, event_id, scheme_id)


@get("/events/{event_id:uuid}/contests/{contest_id:uuid}/entries", operation_id="list_entries")
async def list_entries(
    actor: Asker, event_id: Id, contest_id: Id, cursor: Cursor = "", limit: Limit = 50
) -> Page[EntryView]:
    """The entries of a contest by number; names only for those who may know them. Right `see`."""
    return await contests.list_entries(actor, event_id, contest_id, cursor=cursor, limit=limit)


@post("/events/{event_id:uuid}/contests/{contest_id:uuid}/entries", operation_id="add_entries")
async def add_entries(actor: Asker, event_id: Id, contest_id: Id, data: JSONBody[EntryForms]) -> Page[EntryView]:
    """Enter up to 5,000 competitors directly, all or none. Right `organise`."""
    return Page(await contests.add_entries(actor, event_id, contest_id, data))


@patch("/events/{event_id:uuid}/contests/{contest_id:uuid}/entries/{entry_id:uuid}", operation_id="change_entry")
async def change_entry(
    actor: Asker, event_id: Id, contest_id: Id, entry_id: Id, data: JSONBody[EntryChange]
) -> EntryView:
    """Rename an entry, withdraw it, or set it out of competition. Right `organise`."""
    return await contests.change_entry(actor, event_id, contest_id, entry_id, form=data)


@get("/events/{event_id:uuid}/contests/{contest_id:uuid}/team-members", operation_id="list_team_members")
async def list_team_members(actor: Asker, event_id: Id, contest_id: Id) -> Page[TeamMemberView]:
    """The members of a contest's teams: entries of another contest whose results count for them. Right `see`."""
    return Page(await contests.list_team_members(actor, event_id, contest_id))


@put("/events/{event_id:uuid}/contests/{contest_id:uuid}/entries/{entry_id:uuid}/members", operation_id="set_team")
async def set_team(
    actor: Asker, event_id: Id, contest_id: Id, entry_id: Id, data: JSONBody[TeamForm]
) -> Page[TeamMemberView]:
    """Say which entries of another contest count for a team, in place of those before. Right `organise`."""
    return Page(await contests.set_team(actor, event_id, contest_id, entry_id, form=data))


ROUTES = [
    list_contests, add_contest, get_contest, change_contest, remove_contest, add_division, change_division,
    remove_division, add_stage, get_stage, change_stage, remove_stage, set_scheme, get_scheme_draft, keep_scheme_draft,
    drop_scheme_draft, list_schemes, get_scheme, list_entries, add_entries, change_entry, list_team_members, set_team,
]  # fmt: skip
