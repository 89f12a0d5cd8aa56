"""Signing from the tablet: how far a panel or stage is, who has signed, and what is still missing."""

from uuid import UUID

from litestar import get, post
from msgspec import Struct

from api.kinds import Asker, Id
from api.problems import STATUS, lang_of
from api.reading import read
from api.web.forms import Typed, typed
from api.web.judge.sheet import sheet_url
from api.web.pages import Answer, Asked, Page, page, redirect
from api.wording import Lang, say, words
from events import marking
from events.access import Actor
from events.errors import Conflict, Invalid
from events.marking import Progress, Sheet, SignOffForm, SignOffView, WithdrawalForm
from events.terms import StageState

LISTED = 3
PUBLISHED = (StageState.PROVISIONAL, StageState.OFFICIAL)


class Signature(Struct, frozen=True, kw_only=True):
    """A panel's confirmation, or that of the whole stage (no `panel_id`): the one that stands, and what may be done."""

    title: str
    panel_id: str
    given: SignOffView | None
    may_sign: bool
    may_withdraw: bool


@get("/judge/events/{event_id:uuid}/stages/{stage_id:uuid}/panel")
async def panel_page(request: Asked, actor: Asker, event_id: Id, stage_id: Id) -> Page:
    """How far marking has come, and what the asker can sign."""
    return await _shown(request, actor, (event_id, stage_id))


@post("/judge/events/{event_id:uuid}/stages/{stage_id:uuid}/panel")
async def sign(request: Asked, actor: Asker, event_id: Id, stage_id: Id) -> Answer:
    """Sign a panel or the stage, or take a confirmation back with a reason."""
    given, where, lang = await typed(request), (event_id, stage_id), lang_of(request.scope)
    try:
        await _carry_out(actor, where, given)
    except (Conflict, Invalid) as refusal:
        told = tuple(words(reason, lang) for reason in refusal.reasons)
        return await _shown(request, actor, where, told=told, status=STATUS[type(refusal)])
    return redirect(f"{sheet_url(*where)}/panel")


async def _carry_out(actor: Actor, where: tuple[UUID, UUID], given: Typed) -> None:
    if given.get("do") == "withdraw":
        form = read({"reason": given.get("reason", "").strip()}, WithdrawalForm)
        await marking.withdraw_sign_off(actor, *where, read(given.get("sign_off", ""), UUID), form=form)
    elif given.get("do") == "sign":
        panel = {"panel_id": given["panel"]} if given.get("panel") else {}
        await marking.sign_off(actor, *where, read(panel, SignOffForm))


async def _shown(
    request: Asked, actor: Actor, where: tuple[UUID, UUID], *, told: tuple[str, ...] = (), status: int = 200
) -> Page:
    lang = lang_of(request.scope)
    sheet, progress = await marking.sheet(actor, *where), await marking.progress(actor, *where)
    context = {
        "event": {"id": sheet.event_id, "title": sheet.event},
        "contest": {"id": sheet.contest_id, "title": sheet.contest},
        "stage": sheet.stage.in_language(lang),
        "state": sheet.state,
        "progress": progress,
        "missing": _missing(sheet, progress, lang),
        "more": progress.missing_marks - sum(one.needed - one.have for one in progress.missing),
        "signatures": await _signatures(actor, sheet, progress, lang),
        "sheet_url": sheet_url(*where),
        "told": told,
    }
    return await page(request, "judge/panel.html", context, status=status)


def _missing(sheet: Sheet, progress: Progress, lang: Lang) -> list[str]:
    """What is missing, a line an entry."""
    titles = {aspect.key: aspect.title.in_language(lang) for aspect in sheet.aspects}
    lines: dict[str, list[str]] = {}
    for one in progress.missing:
        lines.setdefault(one.code, []).append(f"{titles.get(one.aspect, one.aspect)} {one.have}/{one.needed}")
    return [f"{code} · {_listed(parts, lang)}" for code, parts in lines.items()]


def _listed(parts: list[str], lang: Lang) -> str:
    """A few of them; a sheet of many aspects would fill the page."""
    few = say(lang, "judge.list").join(parts[:LISTED])
    return say(lang, "judge.and_more", list=few) if len(parts) > LISTED else few


async def _signatures(actor: Actor, sheet: Sheet, progress: Progress, lang: Lang) -> list[Signature]:
    standing = {one.panel_id: one for one in progress.sign_offs if one.withdrawn_at is None}
    return [
        Signature(
            title=title,
            panel_id=str(panel_id or ""),
            given=standing.get(panel_id),
            may_sign=may and panel_id not in standing and sheet.state not in PUBLISHED,
            may_withdraw=_may_withdraw(actor, sheet, standing.get(panel_id)),
        )
        for panel_id, title, may in await _wanted(actor, sheet, lang)
    ]


def _may_withdraw(actor: Actor, sheet: Sheet, given: SignOffView | None) -> bool:
    """Whoever signed, or the chief judge, until the result is published; a panel's not under that of the stage."""
    if given is None or sheet.state in PUBLISHED or (given.panel_id and sheet.state == StageState.SIGNED):
        return False
    return sheet.chief or given.account == actor.account


async def _wanted(actor: Actor, sheet: Sheet, lang: Lang) -> list[tuple[UUID | None, str, bool]]:
    """What has to be signed as far as the asker may know: panels, then the stage; and whether it is theirs to sign."""
    if not sheet.chief:
        return [(panel.id, panel.title.in_language(lang), True) for panel in sheet.panels if panel.leads]
    panels = await marking.list_panels(actor, sheet.event_id, sheet.stage_id)
    listed = [(one.id, one.title.in_language(lang), (one.leader or actor.account) == actor.account) for one in panels]
    return [*listed, (None, say(lang, "judge.whole_stage"), True)]
