"""The rules of a stage's draw: kept as data, made into a recipe with the entries there are, and what they come to."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from uuid import UUID

import msgspec

from events import access, db, ids, notices
from events.access import Actor, Right
from events.branches import Branch, branch_of
from events.contests.entering import QUALIFIED
from events.contests.looking import stage_held, stage_row
from events.drawing.structs import CrowdView, DrawPreview, DrawRules, MeetingRules
from events.errors import Conflict, Reason, conflict, refuse
from events.tables import Stage
from events.terms import StageState
from events.text import Bilingual, bilingual
from scoring import lanes, recipes
from scoring.outlooks import Crowd, Outlook, outlook
from scoring.pairing import formats
from scoring.recipes import Recipe

UNDRAWN = frozenset({StageState.PREPARED, StageState.DRAWN})


async def set_rules(actor: Actor, event_id: UUID, stage_id: UUID, form: DrawRules) -> DrawRules:
    """Settle how a stage is drawn (organisers), before the first mark; what is drawn already stays as it is."""
    await access.event_for(actor, Right.ORGANISE, event_id)
    async with db.transaction():
        row = await stage_held(event_id, stage_id, alone=True)
        if row.state not in UNDRAWN:
            conflict("marking_begun")
        entries = await _entries(row)
        refuse([*_unknown(form, entries), *(flaws(form, entries) if entries else ())])
        plain = _tidied(form, len(entries))
        await _keep(row, plain)
        await notices.post("draw.rules_set", event=event_id, subject=stage_id, by=actor.account, apart=form.apart)
    return plain


async def preview(actor: Actor, event_id: UUID, stage_id: UUID, form: DrawRules) -> DrawPreview:
    """What rules would come to with the entries there are (organisers); nothing is kept."""
    await access.event_for(actor, Right.ORGANISE, event_id)
    row = await stage_row(event_id, stage_id)
    entries = await entries_of(row)
    refuse([*_unknown(form, entries), *flaws(form, entries)])
    recipe = recipe_of(form, entries)
    found = outlook(recipe)
    names = await names_of([crowd.union for crowd in found.crowds])
    return DrawPreview(
        entries=len(entries),
        heats=list(found.heats),
        together=found.together,
        possible=recipe.apart != "required" or not found.too_many,
        crowds=[_crowd(crowd, names) for crowd in found.crowds],
    )


def rules_of(row: Stage) -> DrawRules:
    """The rules of a stage; plain ones where nobody has settled any."""
    kept = msgspec.json.decode(row.draw_rules, type=DrawRules) if row.draw_rules else DrawRules()
    seeds = msgspec.json.decode(row.draw_seeds, type=list[int]) if row.draw_seeds else []
    return msgspec.structs.replace(kept, heat_size=row.heat_size, seeds=seeds)


async def settled_rules(actor: Actor, event_id: UUID, stage_id: UUID) -> DrawRules:
    """The rules of the next draw of a stage (organisers); those of the one that is published are in `drawn`."""
    await access.event_for(actor, Right.ORGANISE, event_id)
    return rules_of(await stage_row(event_id, stage_id))


def rules_in(recipe: Recipe) -> DrawRules:
    """The rules that went into a recipe."""
    wished = list(recipe.lanes)
    centred = wished == lanes.centred(min(recipe.size, len(recipe.entries)))
    return DrawRules(
        heat_size=recipe.heat_size,
        apart=recipe.apart,
        apart_by=Branch(recipe.branch),
        stations="drawn" if not wished else "centred" if centred else "listed",
        lanes=[] if centred else wished,
        two_stage=recipe.two_stage,
        seeds=[int(seed) for seed in recipe.seeds],
        meeting=MeetingRules(**dataclasses.asdict(recipe.meeting)) if recipe.meeting else None,
    )


def recipe_of(rules: DrawRules, entries: Sequence[db.Row], *, salt: str = "") -> Recipe:
    """What is drawn: rules and entries together. Seeds that compete no more are left out."""
    numbers = tuple(str(entry["number"]) for entry in entries)
    return Recipe(
        entries=numbers,
        heat_size=rules.heat_size,
        apart=rules.apart,
        unions={str(e["number"]): branch_of(e["path"], rules.apart_by).rstrip(".") for e in entries if e["path"]},
        branch=rules.apart_by.value,
        seeds=tuple(str(seed) for seed in rules.seeds if str(seed) in numbers),
        lanes=_lanes(rules, len(numbers)),
        two_stage=rules.two_stage,
        meeting=rules.meeting.meeting() if rules.meeting else None,
        salt=salt,
    )


def salted(row: Stage, entries: Sequence[db.Row]) -> Recipe:
    """The recipe that is published now; Invalid where the rules do not fit the entries that there are by now."""
    recipe = recipe_of(rules_of(row), entries, salt=ids.secret())
    refuse(flaws(rules_in(recipe), entries))
    return recipe


def flaws(rules: DrawRules, entries: Sequence[db.Row]) -> Iterator[Reason]:
    """What makes no sense in rules, for the entries there are."""
    one_heat = rules.heat_size is None or rules.heat_size >= len(entries)
    if rules.stations == "listed" and len(set(rules.lanes)) < len(rules.lanes):
        yield Reason("lane_twice", "/lanes")
    elif rules.stations == "listed" and len(rules.lanes) < min(rules.heat_size or len(entries), len(entries)):
        yield Reason("too_few_lanes", "/lanes", {"n": min(rules.heat_size or len(entries), len(entries))})
    if rules.seeds and one_heat and rules.stations == "drawn" and rules.meeting is None:
        yield Reason("seeds_need_heats", "/seeds")
    if rules.two_stage and not one_heat and (rules.seeds or rules.apart != "off"):
        yield Reason("two_stage_heats", "/two_stage")
    yield from _flaws_of_meeting(rules, len(entries))


async def unless_impossible(recipe: Recipe) -> None:
    """Conflict, with every union that is too large, where a separation is required that no draw can give."""
    if recipe.apart != "required" or recipe.meeting:
        return
    found = outlook(recipe)
    if found.too_many:
        names = await names_of([crowd.union for crowd in found.too_many])
        raise Conflict(*too_many(found, names))


def too_many(found: Outlook, names: dict[str, Bilingual]) -> Iterator[Reason]:
    """Each union that cannot be kept apart, with the figures."""
    for crowd in found.too_many:
        params = {"union": names[crowd.union], "n": crowd.entries, "heats": len(found.heats)}
        yield Reason("union_too_many" if len(found.heats) > 1 else "union_starts_too_often", "", params)


async def entries_of(row: Stage) -> list[db.Row]:
    """Everybody who competes in a stage, by number; Conflict for nobody."""
    return await _entries(row) or conflict("no_entries")


async def _entries(row: Stage) -> list[db.Row]:
    return await db.rows(
        "SELECT entry.id, entry.number, entry.person, unions.path FROM entry "  # noqa: S608
        'LEFT JOIN unions ON unions.id = entry."union" '
        "WHERE entry.event_id = {} AND entry.contest_id = {} AND entry.state <> 'withdrawn' "
        f"{QUALIFIED} ORDER BY entry.number",
        row.event_id, row.contest_id, row.id, row.id,
    )  # fmt: skip


async def names_of(paths: Sequence[str]) -> dict[str, Bilingual]:
    """The names of parts of the tree by their paths, which end without a dot."""
    which, arguments = db.one_of([f"{path}." for path in paths])
    found = await db.rows(f"SELECT path, name FROM unions WHERE path {which}", *arguments)  # noqa: S608
    return {path: Bilingual(zh=path) for path in paths} | {
        row["path"].rstrip("."): bilingual(row["name"]) for row in found
    }


def _tidied(rules: DrawRules, entries: int) -> DrawRules:
    """The same rules said in one way: lanes only where they are listed, and not where they are the centred ones."""
    size = min(rules.heat_size or entries, entries)
    if rules.stations == "listed" and rules.lanes != lanes.centred(size):
        return rules
    stations = "centred" if rules.stations == "listed" else rules.stations
    return msgspec.structs.replace(rules, stations=stations, lanes=[])


def _lanes(rules: DrawRules, entries: int) -> tuple[int, ...]:
    if rules.stations == "centred":
        return tuple(lanes.centred(min(rules.heat_size or entries, entries)))
    return tuple(rules.lanes) if rules.stations == "listed" else ()


def _unknown(rules: DrawRules, entries: Sequence[db.Row]) -> Iterator[Reason]:
    known = {entry["number"] for entry in entries}
    if unknown := [seed for seed in rules.seeds if seed not in known]:
        yield Reason("unknown_numbers", "/seeds", {"numbers": unknown})
    if len(set(rules.seeds)) < len(rules.seeds):
        yield Reason("seed_twice", "/seeds")


def _flaws_of_meeting(rules: DrawRules, entries: int) -> Iterator[Reason]:
    if rules.meeting is None:
        return
    if rules.heat_size is not None:
        yield Reason("heats_or_meeting", "/heat_size")
    if flaw := formats.flaw(rules.meeting.meeting(), entries):
        yield Reason(f"meeting_{flaw}", "/meeting")


async def _keep(row: Stage, form: DrawRules) -> None:
    plain = msgspec.structs.replace(form, heat_size=None, seeds=[])
    await db.rows(
        "UPDATE stage SET draw_rules = {}, draw_seeds = {}, heat_size = {}, version = version + 1 "
        "WHERE event_id = {} AND id = {}",
        msgspec.json.encode(plain).decode(), msgspec.json.encode(form.seeds).decode(), form.heat_size,
        row.event_id, row.id,
    )  # fmt: skip


def _crowd(crowd: Crowd, names: dict[str, Bilingual]) -> CrowdView:
    return CrowdView(
        union_name=names[crowd.union],
        entries=crowd.entries,
        least=crowd.least,
        most=crowd.most,
        too_many=crowd.too_many,
        heat_size=crowd.heat_size,
    )


def published(row: Stage) -> Recipe | None:
    """The recipe as it was published; none before that."""
    return msgspec.json.decode(row.draw_recipe, type=Recipe) if row.draw_recipe else None


def same(one: Recipe, other: Recipe) -> bool:
    """Whether two recipes say the same, whatever their salt."""
    return recipes.canonical(one) == recipes.canonical(dataclasses.replace(other, salt=one.salt))
