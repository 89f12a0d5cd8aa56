"""Whole spreadsheets of people and of unions: a template, a try, and the import; every wrong cell at once."""

import hashlib
from collections.abc import Iterable, Mapping
from typing import Annotated, NamedTuple, TypeAlias

from litestar import Response, get, post
from litestar.datastructures import UploadFile
from msgspec import Meta, Struct

from api.downloads import MEDIA, FileKind
from api.kinds import Asker
from api.problems import STATUS, lang_of
from api.reading import read
from api.web.desk.filling import REFUSED, do, fresh
from api.web.desk.frame import keeper
from api.web.forms import Form, asked, typed
from api.web.pages import Answer, Asked, page
from api.wording import Lang, say, words
from events import exports, imports
from events.access import Actor, Right
from events.errors import Reason, invalid
from events.imports import Taken

KINDS = {"people": Right.KEEP_PEOPLE, "unions": Right.KEEP_UNIONS}
TAKES = {"people": imports.people, "unions": imports.unions}
MOST_SHOWN = 200
Count: TypeAlias = Annotated[int, Meta(ge=0, le=10**9)]


class Counts(Struct, frozen=True, kw_only=True):
    """What came of an import, as the address after it tells."""

    rows: Count = 0
    added: Count = 0
    changed: Count = 0
    unchanged: Count = 0
    before: Count = 0


class Upload(NamedTuple):
    """A file that was sent."""

    name: str
    data: bytes


@get([f"/desk/{kind}/import" for kind in KINDS])
async def ask(request: Asked, actor: Asker) -> Answer:
    """What the file has to be like, and what came of the last one."""
    kind = _kind(request, actor)
    given = asked(request)
    counts = read(given, Counts, strict=False) if given.get("rows") else None
    return await _page(request, kind, fresh(), counts=counts)


@post([f"/desk/{kind}/import" for kind in KINDS])
async def take(request: Asked, actor: Asker) -> Answer:
    """Try the file, or take it: wholly or not at all."""
    kind = _kind(request, actor)
    given, upload = await typed(request), await _upload(request)

    async def work() -> str:
        counts = _counts(await TAKES[kind](actor, _filled(upload)))
        return f"/desk/{kind}/import?" + "&".join(f"{name}={n}" for name, n in counts.items())

    try:
        if given.get("do") == "try":
            tried = _counts(await TAKES[kind](actor, _filled(upload), try_only=True))
            return await _page(request, kind, fresh(), counts=read(tried, Counts), tried=upload.name)
        digest = hashlib.sha256(upload.data).hexdigest()
        return await do(request, actor, given | {"digest": digest}, work)
    except REFUSED as refusal:
        lang = lang_of(request.scope)
        form = Form(fresh().given, _errors(refusal.reasons, lang))
        return await _page(
            request, kind, form, wrong=_cells(upload, refusal.reasons, lang), status=STATUS[type(refusal)]
        )


@get([f"/desk/{kind}/import/template" for kind in KINDS])
async def template(request: Asked, actor: Asker) -> Response[bytes]:
    """An empty spreadsheet with the right columns."""
    kind = _kind(request, actor)
    lang = lang_of(request.scope)
    content = imports.template(kind, lang, say(lang, f"{kind}.title"))
    headers = {"content-disposition": f'attachment; filename="{kind}.xlsx"', "cache-control": "no-store"}
    return Response(content, media_type=MEDIA[FileKind.XLSX], headers=headers)


def _kind(request: Asked, actor: Actor) -> str:
    """What the address is about, for who keeps it."""
    kind = request.url.path.split("/")[2]
    keeper(actor, KINDS[kind])
    return kind


async def _upload(request: Asked) -> Upload:
    sent = (await request.form()).get("file")
    return Upload(sent.filename, await sent.read()) if isinstance(sent, UploadFile) else Upload("", b"")


def _filled(upload: Upload) -> bytes:
    return upload.data or invalid("file_needed", "/file")


def _counts(taken: Taken) -> dict[str, int]:
    return {name: getattr(taken, name) for name in Counts.__struct_fields__}


def _errors(reasons: Iterable[Reason], lang: Lang) -> Mapping[str, str]:
    """What is wrong with the file as a whole."""
    whole = [words(one, lang) for one in reasons if "row" not in one.params]
    return {"file": " ".join(whole)} if whole else {}


def _cells(upload: Upload, reasons: Iterable[Reason], lang: Lang) -> dict[str, object]:
    """Every wrong cell by row, with the name that its column has in either language."""
    cells = [one for one in reasons if "row" in one.params]
    rows = [
        {
            "row": one.params["row"],
            "column": exports.COLUMNS[str(one.params["column"])][lang == "en"],
            "value": one.params["value"],
            "words": words(one, lang),
        }
        for one in cells[:MOST_SHOWN]
    ]
    return {"rows": rows, "n": len(cells), "file": upload.name, "sheet": imports.sheet_name(upload.data)}


async def _page(
    request: Asked,
    kind: str,
    form: Form,
    *,
    counts: Counts | None = None,
    tried: str = "",
    wrong: Mapping[str, object] | None = None,
    status: int = 200,
) -> Answer:
    lang, table = lang_of(request.scope), imports.TABLES[kind]
    context = {
        "form": form,
        "kind": kind,
        "counts": counts,
        "tried": tried,
        "wrong": wrong if wrong and wrong["n"] else None,
        "columns": [
            {
                "name": exports.COLUMNS[name][lang == "en"],
                "needed": name in table.needed,
                "words": say(lang, f"imports.{kind}_{name}"),
            }
            for name in table.columns
        ],
    }
    return await page(request, "desk/import.html", context, status=status)


ROUTES = [ask, take, template]
