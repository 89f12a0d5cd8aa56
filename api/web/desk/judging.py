"""Judges to panels: conflicts of interest, what panels need, a proposal to look at and adopt."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from litestar import get, post
from msgspec import Struct

from api.kinds import Asker, Id
from api.problems import STATUS
from api.web.desk.entries import competing
from api.web.desk.filling import REFUSED, do, fill, fresh
from api.web.desk.frame import Desk, desk_of, frame
from api.web.desk.officials import accounts_named
from api.web.desk.unions_of import union_meant
from api.web.forms import Form, Option, Typed, typed, wrong
from api.web.pages import Answer, Asked, page
from events import contests, ids, marking
from events.access import Right
from events.branches import Branch
from events.errors import invalid
from events.marking import (
    AdoptForm,
    ConflictForm,
    DemandView,
    JudgeView,
    JudgingRules,
    JudgingView,
    ProposalForm,
    ProposalView,
)

FIELDS = {"account": "person"}
MOST = 500


class Named(Struct, frozen=True):
    """What an id names."""

    id: UUID


@get("/desk/events/{event_id:uuid}/judges")
async def judges_page(request: Asked, actor: Asker, event_id: Id) -> Answer:
    """Who can judge, what is needed, and what is wrong."""
    desk = await desk_of(request, actor, event_id, Right.ORGANISE)
    return await _page(request, desk, fresh())


@post("/desk/events/{event_id:uuid}/judges")
async def change(request: Asked, actor: Asker, event_id: Id) -> Answer:
    """Settle the rule, declare a conflict or take it back, look at a proposal, adopt it."""
    desk = await desk_of(request, actor, event_id, Right.ORGANISE)
    given = await typed(request)
    doing = given.get("do", "")

    async def work() -> str:
        await _change(desk, given)
        return f"{desk.path}/judges"

    try:
        if doing == "propose":
            form = fill({"key": ids.secret(), "most": given.get("most", "").strip()}, ProposalForm)
            return await _page(request, desk, Form(given), found=await marking.propose(actor, event_id, form))
        return await do(request, actor, given, work, said="said.judges_seated" if doing == "adopt" else "said.saved")
    except REFUSED as refusal:
        form_again = wrong(given, refusal, desk.lang, FIELDS)
        return await _page(request, desk, form_again, status=STATUS[type(refusal)])


async def _change(desk: Desk, given: Typed) -> None:
    actor, event_id, doing = desk.actor, desk.event.id, given.get("do", "")
    if doing == "rule":
        own = given.get("own_union", "")
        form = fill({"own_union": own if own != "off" else ""}, JudgingRules)
        await marking.set_judging_rules(actor, event_id, form)
    elif doing == "declare":
        for account in await accounts_named(actor, given.get("person", "")):
            await marking.declare_conflict(actor, event_id, await _conflict(desk, account.id, given))
    elif doing == "remove":
        await marking.remove_conflict(actor, event_id, fill({"id": given.get("id", "")}, Named).id)
    elif doing == "adopt":
        plain = {name: given.get(name, "") for name in ("key", "digest", "most")}
        await marking.adopt(actor, event_id, fill(plain, AdoptForm))


async def _conflict(desk: Desk, account: UUID, given: Typed) -> ConflictForm:
    union = await union_meant(given.get("union", ""))
    entry = await _entry(desk, given)
    data = {"account": str(account), "union": union, "entry": entry, "reason": given.get("reason", "").strip()}
    return fill(data, ConflictForm)


async def _entry(desk: Desk, given: Typed) -> str:
    """The entry that is meant by its number in the chosen contest; "" for none."""
    number = given.get("entry", "").strip()
    if not number:
        return ""
    contest = fill({"id": given.get("contest", "")}, Named).id
    known = {str(one.number): one.id for one in await competing(desk.actor, desk.event.id, contest)}
    return str(known.get(number) or invalid("unknown_numbers", "/entry", numbers=[number]))


async def _page(
    request: Asked, desk: Desk, form: Form, *, found: ProposalView | None = None, status: int = 200
) -> Answer:
    view = await marking.judging(desk.actor, desk.event.id)
    listed = (await contests.list_contests(desk.actor, desk.event.id, limit=MOST)).items
    own = {"own_union": view.own_union or "off"}
    context = {
        "form": Form({**own, **form.given}, form.errors),
        "rules": [Option(desk.say(f"judging.own_{one}"), value=one) for one in ("off", *Branch)],
        "judges": [_judge(one, desk) for one in view.judges],
        "conflicts": [_declared(one, desk) for one in view.conflicts],
        "demands": [_demand(one, desk, view.demands) for one in view.demands],
        "missing": sum(one.missing for one in view.demands),
        "breaches": _breaches(view, desk),
        "proposal": _proposal(found, desk, view.demands) if found else None,
        "contest_options": [Option(one.title.in_language(desk.lang), value=str(one.id)) for one in listed],
        "officials_url": f"{desk.path}/officials",
    }
    return await page(request, "desk/judging.html", frame(desk, "/officials") | context, status=status)


def _judge(one: JudgeView, desk: Desk) -> dict[str, object]:
    unions = desk.say("event.comma").join(union.in_language(desk.lang) for union in one.unions)
    return {"name": one.name, "union": unions, "code": "", "panels": one.panels}


def _declared(one: marking.ConflictView, desk: Desk) -> dict[str, object]:
    whom = one.union_name.in_language(desk.lang) if one.union_name else one.entry_name or ""
    return {"id": one.id, "name": one.account_name, "whom": whom, "reason": one.reason}


def _demand(one: DemandView, desk: Desk, every: Sequence[DemandView]) -> dict[str, object]:
    with_others = sum(other.session == one.session for other in every) > 1
    several = len({other.session for other in every}) > 1
    session = desk.say("judging.session", n=one.session) if several and with_others else ""
    return {
        "title": _title(one, desk),
        "sitting": one.sitting,
        "missing": one.missing,
        "session": session,
        "url": f"{desk.path}/stages/{one.stage_id}/panels",
    }


def _title(one: DemandView, desk: Desk) -> str:
    return " · ".join(part.in_language(desk.lang) for part in (one.contest, one.stage, one.panel))


def _breaches(view: JudgingView, desk: Desk) -> list[str]:
    return [
        desk.say(
            f"judging.breach_{one.code}",
            name=one.name,
            panel=f"{one.contest.in_language(desk.lang)} · {one.panel.in_language(desk.lang)}",
        )
        for one in view.breaches
    ]


def _proposal(found: ProposalView, desk: Desk, every: Sequence[DemandView]) -> dict[str, object]:
    return {
        "key": found.key,
        "digest": found.digest,
        "most": found.most or "",
        "seats": sum(len(one.judges) for one in found.given),
        "given": [
            _demand(one.demand, desk, every) | {"judges": [_judge(judge, desk) for judge in one.judges]}
            for one in found.given
        ],
        "shortages": [
            {
                "words": desk.say("judging.short", needed=short.needed, possible=short.possible),
                "demands": [_title(one, desk) for one in short.demands],
                "judges": _names(short.judges, desk) or desk.say("judging.nobody"),
                "each": desk.say("judging.without_one") if len(short.demands) > 1 else "",
            }
            for short in found.shortages
        ],
    }


def _names(judges: Iterable[JudgeView], desk: Desk) -> str:
    return desk.say("event.comma").join(one.name for one in judges)


ROUTES = [judges_page, change]
