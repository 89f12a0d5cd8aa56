"""Scoring without an event, for anybody: a contest evaluated, ready schemes, the published form of documents."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Annotated, Any, ParamSpec, TypeVar

import msgspec
from litestar import Request, get, post
from litestar.params import JSONBody, PathParameter

from api.downloads import FILES, FileKind
from api.evaluating import Evaluated, EvaluateForm, Evaluation, Rules, document_of, read_contest
from api.limits import TooMany
from api.problems import lang_of
from api.wording import Lang
from events import access, contests, exports, imports
from events.contests import LibraryScheme
from events.errors import Reason
from events.paging import Page
from scoring import schemes, tables

LARGEST = 2 * 1024 * 1024
# Strangers' contests wait for each other, and for nobody else.
POOL = ThreadPoolExecutor(1, "scoring")
MOST_WAITING = 20
WAITING: set[asyncio.Future[Any]] = set()
Given = ParamSpec("Given")
Made = TypeVar("Made")


class SheetForm(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A spreadsheet (csv or xlsx) in base64."""

    file: bytes


class ExportForm(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A scheme document or the key of a ready scheme, and which kind of spreadsheet to make."""

    scheme: Rules
    kind: FileKind = FileKind.XLSX


class SchemeDocument(msgspec.Struct, frozen=True, kw_only=True):
    """A scheme document, as `evaluate_contest` and `set_scheme` take it."""

    scheme: dict[str, object]


class SheetFile(msgspec.Struct, frozen=True, kw_only=True):
    """A spreadsheet in base64."""

    kind: FileKind
    file: bytes


@post("/scoring/evaluate", operation_id="evaluate_contest", status_code=200, request_max_body_size=LARGEST)
async def evaluate_contest(request: Request[Any, Any, Any], data: JSONBody[EvaluateForm]) -> Evaluation:
    """Score a contest without an event: standings, awards, explanations. Nothing is kept, and nobody needs an account;
    up to 2 MB, and what would take longer than a second or two is refused.
    """
    return await in_turn(evaluated, data, lang_of(request.scope))


async def in_turn(work: Callable[Given, Made], *args: Given.args, **named: Given.kwargs) -> Made:
    """What strangers ask for, one after the other beside everything else; who finds many waiting has to come again."""
    if len(WAITING) >= MOST_WAITING:
        raise TooMany(Reason("too_many_requests"))
    coming = asyncio.get_running_loop().run_in_executor(POOL, lambda: work(*args, **named))
    WAITING.add(coming)
    coming.add_done_callback(WAITING.discard)
    return await coming


def evaluated(form: EvaluateForm, lang: Lang) -> Evaluation:
    """Everything that a contest comes to."""
    contest, explain = read_contest(form)
    return Evaluated(contest, explain, lang, {}).view()


@get("/scoring/schemes", operation_id="list_ready_schemes")
async def list_ready_schemes() -> Page[LibraryScheme]:
    """Ready rules of marking, to be taken as they are or as a start."""
    return Page(contests.library())


@get("/scoring/schemes/{key:str}", operation_id="get_ready_scheme")
async def get_ready_scheme(key: Annotated[str, PathParameter(max_length=64)]) -> LibraryScheme:
    """One of the ready rules of marking, with its worked example."""
    found = next((ready for ready in contests.library() if ready.key == key), None)
    if found is None:
        raise access.not_found()
    return found


@get("/scoring/scheme.schema.json", operation_id="get_scheme_form")
async def get_scheme_form() -> dict[str, object]:
    """The form of scheme documents, as JSON Schema 2020-12."""
    return schemes.JSON_SCHEMA


@get("/scoring/table.schema.json", operation_id="get_table_form")
async def get_table_form() -> dict[str, object]:
    """The form of documents of tables of delegations, as JSON Schema 2020-12."""
    return tables.JSON_SCHEMA


@post("/scoring/schemes/import", operation_id="import_scheme", status_code=200, request_max_body_size=LARGEST)
async def import_scheme(data: JSONBody[SheetForm]) -> SchemeDocument:
    """Make a scheme document of a spreadsheet, one row an aspect (csv or xlsx, in base64); wrong cells are named."""
    return SchemeDocument(scheme=await in_turn(imports.scheme, data.file))


@post("/scoring/schemes/export", operation_id="export_scheme", status_code=200, request_max_body_size=LARGEST)
async def export_scheme(request: Request[Any, Any, Any], data: JSONBody[ExportForm]) -> SheetFile:
    """Make a spreadsheet of a scheme, one row an aspect (in base64), as `import_scheme` takes it back."""
    document = await in_turn(document_of, data.scheme)
    parts = FILES[data.kind](exports.scheme(document, lang_of(request.scope)))
    return SheetFile(kind=data.kind, file=b"".join([part async for part in parts]))


ROUTES = [
    evaluate_contest, list_ready_schemes, get_ready_scheme, get_scheme_form, get_table_form, import_scheme,
    export_scheme,
]  # fmt: skip
