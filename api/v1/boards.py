"""Boards: live standings, freezing them, provisional and official results, and why they are what they are."""

from typing import Annotated

from litestar import MediaType, Response, get, post
from litestar.params import JSONBody, QueryParameter
from litestar.response import Stream

from api.downloads import MEDIA, FileKind, board_file
from api.kinds import Asker, Id
from api.ready import BOARD, RESULTS
from events import publishing
from events.paging import Page
from events.publishing import (
    Board,
    BoardVersion,
    Explanation,
    OfficialForm,
    ProvisionalForm,
    ReadyBoard,
    ResultView,
)
from events.terms import BoardKind

WhichVersion = Annotated[int | None, QueryParameter(ge=1, le=10**9, description="A stored version.")]


def ready(found: ReadyBoard) -> Response[Board]:
    """A board as it lies ready, with the tag that it has already."""
    return Response(found.body, media_type=MediaType.JSON, headers={"etag": f'"{found.etag}"'})  # type: ignore[arg-type]


@get("/events/{event_id:uuid}/stages/{stage_id:uuid}/board", operation_id="get_board", ready=BOARD)
async def get_board(
    actor: Asker,
    event_id: Id,
    stage_id: Id,
    kind: Annotated[BoardKind | None, QueryParameter()] = None,
    version: WhichVersion = None,
) -> Response[Board]:
    """The board as the asker may see it: officials the live one (or `kind`, or `version`), others the public one."""
    return ready(await publishing.board(actor, event_id, stage_id, kind=kind, version=version))


@get("/events/{event_id:uuid}/stages/{stage_id:uuid}/board/public", operation_id="get_public_board", ready=BOARD)
async def get_public_board(event_id: Id, stage_id: Id) -> Response[Board]:
    """The board that everybody may see now."""
    return ready(await publishing.public_board(event_id, stage_id))


@get(
    "/events/{event_id:uuid}/stages/{stage_id:uuid}/board.csv",
    operation_id="export_board_csv",
    media_type=MEDIA[FileKind.CSV],
)
async def export_board_csv(actor: Asker, event_id: Id, stage_id: Id, version: WhichVersion = None) -> Stream:
    """The board as the asker may see it as CSV: scores, awards, who goes on."""
    return await board_file(actor, (event_id, stage_id), version, FileKind.CSV)


@get(
    "/events/{event_id:uuid}/stages/{stage_id:uuid}/board.xlsx",
    operation_id="export_board_xlsx",
    media_type=MEDIA[FileKind.XLSX],
)
async def export_board_xlsx(actor: Asker, event_id: Id, stage_id: Id, version: WhichVersion = None) -> Stream:
    """The board as an Excel workbook, else as for CSV."""
    return await board_file(actor, (event_id, stage_id), version, FileKind.XLSX)


@get("/events/{event_id:uuid}/stages/{stage_id:uuid}/board/versions", operation_id="list_board_versions", ready=RESULTS)
async def list_board_versions(actor: Asker, event_id: Id, stage_id: Id) -> Page[BoardVersion]:
    """The stored versions that the asker may read, newest first."""
    return Page(await publishing.versions(actor, event_id, stage_id))


@get("/events/{event_id:uuid}/stages/{stage_id:uuid}/board/entries/{entry_id:uuid}", operation_id="get_explanation")
async def get_explanation(
    actor: Asker, event_id: Id, stage_id: Id, entry_id: Id, version: WhichVersion = None
) -> Explanation:
    """Why an entry has its place: every mark, what was dropped, every rounding, every tie-break."""
    return await publishing.explanation(actor, event_id, stage_id, entry_id, version=version)


@get("/events/{event_id:uuid}/results", operation_id="list_results", ready=RESULTS)
async def list_results(
    actor: Asker,
    event_id: Id,
    leading: Annotated[int, QueryParameter(ge=0, le=500, description="How many rows of each board.")] = 10,
) -> Page[ResultView]:
    """Every contest's newest published board with its leading rows, by the contest's number."""
    return Page(await publishing.results(actor, event_id, leading=leading))


@post("/events/{event_id:uuid}/stages/{stage_id:uuid}/freeze", operation_id="freeze_board", status_code=200)
async def freeze_board(actor: Asker, event_id: Id, stage_id: Id) -> BoardVersion:
    """Stop showing newer standings to the public. Right `publish`."""
    return await publishing.freeze(actor, event_id, stage_id)


@post("/events/{event_id:uuid}/stages/{stage_id:uuid}/unfreeze", operation_id="unfreeze_board", status_code=204)
async def unfreeze_board(actor: Asker, event_id: Id, stage_id: Id) -> None:
    """Show the live board to the public again. Right `publish`."""
    await publishing.unfreeze(actor, event_id, stage_id)


@post("/events/{event_id:uuid}/stages/{stage_id:uuid}/provisional", operation_id="publish_provisional")
async def publish_provisional(
    actor: Asker, event_id: Id, stage_id: Id, data: JSONBody[ProvisionalForm]
) -> BoardVersion:
    """Publish a signed result for objections, as a new version. Right `publish`."""
    return await publishing.publish_provisional(actor, event_id, stage_id, data)


@post("/events/{event_id:uuid}/stages/{stage_id:uuid}/official", operation_id="publish_official")
async def publish_official(actor: Asker, event_id: Id, stage_id: Id, data: JSONBody[OfficialForm]) -> BoardVersion:
    """Make a result official; after corrections again, with a reason, as a new version. Right `publish`."""
    return await publishing.publish_official(actor, event_id, stage_id, data)


ROUTES = [
    get_board, get_public_board, export_board_csv, export_board_xlsx, list_board_versions, get_explanation,
    list_results, freeze_board, unfreeze_board, publish_provisional, publish_official,
]  # fmt: skip
