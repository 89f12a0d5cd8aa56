"""Entries of a contest: who competes, from registrations or entered by hand."""

from collections.abc import Iterable
from uuid import UUID

from litestar import get, post
from msgspec import Struct, structs

from api.kinds import Asker, Id
from api.problems import STATUS
from api.web.desk.arena import Arena, arena_frame, arena_of_contest
from api.web.desk.filling import REFUSED, do, fill, fresh
from api.web.desk.frame import cursor_of, pager
from api.web.desk.unions_of import union_meant
from api.web.forms import Form, Option, Typed, typed, wrong
from api.web.pages import Answer, Asked, page
from events import contests, drawing
from events.access import Actor, Right
from events.contests import EntryChange, EntryForm, EntryView
from events.errors import Invalid, Reason
from events.terms import EntryState, StageState

FIELDS = {"division_id": "division", "union": "union", "out_of_competition": "out"}
ENTRIES = 100
MOST = 500


class Changed(Struct, frozen=True, kw_only=True):
    """What becomes of an entry."""

    id: UUID
    do: EntryState


@get("/desk/events/{event_id:uuid}/contests/{contest_id:uuid}/entries")
async def entries(request: Asked, actor: Asker, event_id: Id, contest_id: Id) -> Answer:
    """Who competes."""
    return await _page(request, await arena_of_contest(request, actor, event_id, contest_id), fresh())


@post("/desk/events/{event_id:uuid}/contests/{contest_id:uuid}/entries")
async def change(request: Asked, actor: Asker, event_id: Id, contest_id: Id) -> Answer:
    """Add an entry by hand, withdraw one, set one out of competition or let it compete again."""
    arena = await arena_of_contest(request, actor, event_id, contest_id, right=Right.ORGANISE)
    given = await typed(request)

    async def work() -> str:
        if given.get("do") == "add":
            await contests.add_entries(actor, event_id, contest_id, [await _form(given)])
        else:
            wanted = fill({"id": given.get("id", ""), "do": given.get("do", "")}, Changed)
            form = EntryChange(state=wanted.do)
            await contests.change_entry(actor, event_id, contest_id, wanted.id, form=form)
        return f"{arena.path}/entries"

    try:
        return await do(request, actor, given, work, said="said.saved")
    except REFUSED as refusal:
        form = wrong(given, _within(refusal.reasons), arena.desk.lang, FIELDS)
        return await _page(request, arena, form, status=STATUS[type(refusal)])


def _within(reasons: Iterable[Reason]) -> Invalid:
    """The reasons of the one entry that was sent."""
    return Invalid(*(Reason(one.code, one.pointer.removeprefix("/0"), one.params) for one in reasons))


async def _form(given: Typed) -> EntryForm:
    data = {
        "name": given.get("name", "").strip(),
        "union": await union_meant(given.get("union", "")),
        "division_id": given.get("division", ""),
        "number": given.get("number", "").strip(),
        "out_of_competition": bool(given.get("out")),
    }
    form = fill({**data, "name": data["name"] or "?"}, EntryForm)
    return form if data["name"] else structs.replace(form, name="")


async def competing(actor: Actor, event_id: UUID, contest_id: UUID, stage_id: UUID | None = None) -> list[EntryView]:
    """Everybody who competes in a contest, or in one stage of it, by number."""
    found: list[EntryView] = []
    cursor: str | None = ""
    while cursor is not None:
        some = await contests.list_entries(actor, event_id, contest_id, stage_id=stage_id, cursor=cursor, limit=MOST)
        found += some.items
        cursor = some.next
    return [one for one in found if one.state != EntryState.WITHDRAWN]


async def _page(request: Asked, arena: Arena, form: Form, *, status: int = 200) -> Answer:
    desk, contest = arena.desk, arena.contest
    found = await contests.list_entries(desk.actor, desk.event.id, contest.id, cursor=cursor_of(request), limit=ENTRIES)
    codes = await _codes(arena)
    titles = {one.id: one.title.in_language(desk.lang) for one in contest.divisions}
    drawn = arena.stage is not None and arena.stage.state != StageState.PREPARED
    context = {
        "form": form,
        "entries": [
            _row(arena, one, codes) | {"division": titles.get(one.division_id, "") if one.division_id else ""}
            for one in found.items
        ],
        "pager": pager(request, found),
        "divisions": [Option(title, value=str(key)) for key, title in titles.items()],
        "print_url": arena.stage_path("start-list") if drawn else "",
    }
    return await page(
        request, "desk/contest_entries.html", await arena_frame(arena, "entries") | context, status=status
    )


async def _codes(arena: Arena) -> dict[UUID, str]:
    """The codes that the draw gave, for those who may know who stands behind them."""
    if arena.stage is None:
        return {}
    draw = await drawing.drawn(arena.desk.actor, arena.desk.event.id, arena.stage.id)
    return {slot.entry_id: slot.code for slot in draw.slots if slot.entry_id}


def _row(arena: Arena, one: EntryView, codes: dict[UUID, str]) -> dict[str, object]:
    union = one.union_name.in_language(arena.desk.lang) if one.union_name else ""
    name = one.name or arena.desk.say("desk.entry_number", n=one.number)
    others = [state for state in EntryState if state != one.state]
    return {
        "id": one.id,
        "number": one.number,
        "person": {"name": name, "union": union, "code": ""},
        "state": one.state.value,
        "code": codes.get(one.id, ""),
        "others": [Option(arena.desk.say(f"desk.make_{state}"), value=state.value) for state in others],
    }


ROUTES = [entries, change]
