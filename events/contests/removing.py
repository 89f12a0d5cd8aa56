"""A contest with all that is in it, taken out of its event while no mark has been given."""

from __future__ import annotations

from uuid import UUID

from msgspec import Struct

from events import clock, db
from events.errors import Reason
from events.terms import StageState

STANDING = (StageState.SIGNED, StageState.PROVISIONAL, StageState.OFFICIAL)
STAGES = "stage_id IN (SELECT id FROM stage WHERE event_id = {} AND contest_id = {})"
PANELS = f"panel_id IN (SELECT id FROM panel WHERE event_id = {{}} AND {STAGES})"  # noqa: S608
MARKS = """SELECT COUNT(*) AS n FROM mark JOIN stage ON stage.event_id = mark.event_id AND stage.id = mark.stage_id
    WHERE mark.event_id = {}"""
ENTRIES = "IN (SELECT id FROM entry WHERE event_id = {} AND contest_id = {})"
MATCHES = """SELECT COUNT(*) AS n FROM match_result
    JOIN stage ON stage.event_id = match_result.event_id AND stage.id = match_result.stage_id
    WHERE match_result.event_id = {} AND match_result.superseded_at IS NULL"""
CONFLICTS = f"DELETE FROM judge_conflict WHERE event_id = {{}} AND entry_id {ENTRIES}"  # noqa: S608
# In the order in which nothing points to what is gone.
OF_PANELS = ("panel_seat",)
OF_STAGES = ("sign_off", "board", "match_result", "slot", "qualifier", "panel", "scheme_draft")
OF_CONTEST = ("entry", "stage", "scheme", "division")
GOING = f"""SELECT (SELECT COUNT(*) FROM stage WHERE event_id = {{}} AND contest_id = {{}}) AS stages,
    (SELECT COUNT(*) FROM division WHERE event_id = {{}} AND contest_id = {{}}) AS divisions,
    (SELECT COUNT(*) FROM entry WHERE event_id = {{}} AND contest_id = {{}} AND state <> 'withdrawn') AS entries,
    (SELECT COUNT(*) FROM session WHERE event_id = {{}} AND contest_id = {{}} AND state = 'planned') AS sessions,
    (SELECT COUNT(DISTINCT account) FROM panel_seat WHERE event_id = {{}} AND until IS NULL AND {PANELS}) AS judges,
    (SELECT COUNT(*) FROM registration WHERE event_id = {{}} AND contest_id = {{}}
        AND state IN ('pending', 'confirmed', 'waiting')) AS registrations"""  # noqa: S608


class Going(Struct, frozen=True):
    """How much goes with a contest."""

    stages: int
    divisions: int
    entries: int
    sessions: int
    judges: int
    registrations: int


async def going(event_id: UUID, contest_id: UUID) -> Going:
    """What hangs on a contest and goes with it."""
    here = (event_id, contest_id)
    row = await db.row(GOING, *here * 4, event_id, event_id, *here, *here)
    assert row is not None
    return Going(**row)


async def keeps_contests(event_id: UUID, contests: list[UUID]) -> list[Reason]:
    """Why contests have to stay: marks that have been given, matches that were played, results that stand."""
    these, ids = db.one_of(contests)
    marks = await db.row(f"{MARKS} AND stage.contest_id {these}", event_id, *ids)
    states, wanted = db.one_of(STANDING)
    results = await db.row(
        f"SELECT id FROM stage WHERE event_id = {{}} AND contest_id {these} AND state {states}",  # noqa: S608
        event_id, *ids, *wanted,
    )  # fmt: skip
    found = [Reason("contest_has_marks", params={"n": marks["n"]})] if marks and marks["n"] else []
    if played := await _played(event_id, contests):
        found.append(Reason("contest_has_matches", params={"n": played}))
    return found + ([Reason("contest_has_results")] if results else [])


async def _played(event_id: UUID, contests: list[UUID]) -> int:
    """How many matches have a result."""
    these, ids = db.one_of(contests)
    found = await db.row(f"{MATCHES} AND stage.contest_id {these}", event_id, *ids)
    return int(found["n"]) if found else 0


async def judges_of(event_id: UUID, contest_id: UUID) -> list[UUID]:
    """The accounts that sit in the contest's panels now."""
    sql = f"SELECT DISTINCT account FROM panel_seat WHERE event_id = {{}} AND until IS NULL AND {PANELS}"  # noqa: S608
    return [row["account"] for row in await db.rows(sql, event_id, event_id, event_id, contest_id)]


async def entered_people(event_id: UUID, contest_id: UUID) -> list[UUID]:
    """Persons who were entered in the contest directly, without a registration."""
    rows = await db.rows(
        "SELECT DISTINCT person FROM entry WHERE event_id = {} AND contest_id = {} AND registration_id IS NULL"
        " AND person IS NOT NULL AND state <> 'withdrawn'",
        event_id, contest_id,
    )  # fmt: skip
    return [row["person"] for row in rows]


async def erase(event_id: UUID, contest_id: UUID) -> None:
    """Take the contest out of the database, within the caller's transaction, who has seen that it may go.

    Registrations that have ended stay without it, and so do its sessions.
    """
    here = (event_id, contest_id)
    for table in OF_PANELS:
        await db.rows(f"DELETE FROM {table} WHERE event_id = {{}} AND {PANELS}", event_id, event_id, *here)  # noqa: S608
    await db.rows(
        f"DELETE FROM team_member WHERE event_id = {{}} AND (team_id {ENTRIES} OR entry_id {ENTRIES})",  # noqa: S608
        event_id, *here, *here,
    )  # fmt: skip
    for table in OF_STAGES:
        await db.rows(f"DELETE FROM {table} WHERE event_id = {{}} AND {STAGES}", event_id, *here)  # noqa: S608
    await db.rows(
        "UPDATE registration SET contest_id = NULL, division_id = NULL, updated_at = {}"
        " WHERE event_id = {} AND contest_id = {}",
        clock.now(), *here,
    )  # fmt: skip
    await db.rows("UPDATE session SET contest_id = NULL WHERE event_id = {} AND contest_id = {}", *here)
    await db.rows(CONFLICTS, event_id, *here)
    for table in OF_CONTEST:
        await db.rows(f"DELETE FROM {table} WHERE event_id = {{}} AND contest_id = {{}}", *here)  # noqa: S608
    for table in ("capacity", "contest"):
        await db.rows(f"DELETE FROM {table} WHERE event_id = {{}} AND id = {{}}", *here)  # noqa: S608
