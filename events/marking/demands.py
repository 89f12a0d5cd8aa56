"""What the panels of an event need and who there is, as the flow asks for it.

Contests whose sessions overlap are judged at the same time, and so, to be safe, are those that overlap the same third;
a contest without a session counts as lasting as long as the event. Nobody sits in two panels at the same time.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from events import db
from events.branches import Branch
from events.contests.looking import rules_of
from events.marking import rooms
from events.marking.conflicts import Interests, interests, parties
from events.marking.judging_structs import DemandView, JudgeView
from events.marking.seats import keys_covered, named
from events.tables import Stage
from events.text import Bilingual, bilingual
from scoring.assigning import Demand, Judge

Span = tuple[datetime, datetime]
SKILL = "judge"
PANEL = Bilingual(zh="裁判组", en="Panel")


@dataclass(frozen=True)
class Need:
    """A panel (or one that is not set up yet): what it misses, who sits in it, whoever is judged there."""

    view: DemandView
    parties: frozenset[str]
    sitting: tuple[UUID, ...]

    @property
    def id(self) -> str:
        """The panel, or the stage that has none."""
        return str(self.view.panel_id or self.view.stage_id)


@dataclass(frozen=True)
class Field:
    """The panels of the stages that are still open, and the judges of the event; `names` of those who sit, too."""

    own_union: Branch | None
    needs: list[Need]
    judges: dict[UUID, JudgeView]
    names: dict[UUID, str]
    held: Interests

    @property
    def stages(self) -> set[UUID]:
        """The stages whose panels these are."""
        return {need.view.stage_id for need in self.needs}

    def demands(self) -> list[Demand]:
        """The needs as the flow takes them."""
        return [Demand(need.id, str(need.view.session), SKILL, need.view.missing, need.parties) for need in self.needs]

    def judges_free(self, most: int | None) -> list[Judge]:
        """Judges with the sessions in which they do not sit yet."""
        sits = {(account, need.view.session) for need in self.needs for account in need.sitting}
        times = Counter(account for account, _ in sits)
        sessions = {need.view.session for need in self.needs}
        return [
            Judge(
                str(account),
                frozenset({SKILL}),
                frozenset(str(session) for session in sessions if (account, session) not in sits),
                max(0, (most or len(sessions)) - times[account]),
                self.held.of_account[account],
            )
            for account in self.judges
        ]

    def judges_sitting(self) -> list[Judge]:
        """Everybody who sits, free to sit anywhere but where there is a conflict."""
        sessions = frozenset(str(need.view.session) for need in self.needs)
        return [
            Judge(str(account), frozenset({SKILL}), sessions, len(self.needs) + 1, self.held.of_account[account])
            for account in sorted({account for need in self.needs for account in need.sitting}, key=str)
        ]


async def field_of(event_id: UUID) -> Field:
    """Everything that giving judges to panels asks for."""
    judges = await _judges(event_id)
    stages = await stages_to_judge(event_id)
    sessions = in_sessions(await _spans(event_id, {row["contest_id"] for row in stages}))
    seated = {row["id"]: await rooms.taken(Stage(**_plain(row))) for row in stages}
    names = {seat["account"]: "" for seats in seated.values() for seat in seats}
    held = await interests(event_id, [*{*judges, *names}])
    needs = [need for row in stages for need in await _needs(row, seated[row["id"]], sessions, held=held)]
    return Field(held.own_union, needs, judges, await _names([*{*judges, *names}]), held)


def in_sessions(spans: dict[UUID, Sequence[Span]]) -> dict[UUID, int]:
    """The number of the session (from 1) in which each contest is judged: whoever overlaps is in the same."""
    found: dict[UUID, int] = {}
    for contest in spans:
        if contest not in found:
            _spread(contest, len(set(found.values())) + 1, spans, found)
    return found


def _spread(contest: UUID, number: int, spans: dict[UUID, Sequence[Span]], found: dict[UUID, int]) -> None:
    found[contest] = number
    for other in spans:
        if other not in found and _overlap(spans[contest], spans[other]):
            _spread(other, number, spans, found)


def _overlap(ours: Iterable[Span], theirs: Sequence[Span]) -> bool:
    return any(start < their_end and their_start < end for start, end in ours for their_start, their_end in theirs)


async def _needs(row: db.Row, seats: Sequence[db.Row], sessions: dict[UUID, int], *, held: Interests) -> list[Need]:
    stage = Stage(**_plain(row))
    rules = await rules_of(stage.event_id, stage.scheme_id)
    judged = frozenset(await parties(stage, held.own_union))
    panels = await db.rows(
        "SELECT panel.id, panel.title, panel.aspects FROM panel WHERE event_id = {} AND stage_id = {} "
        "AND NOT EXISTS (SELECT 1 FROM sign_off WHERE sign_off.event_id = panel.event_id "
        "AND sign_off.panel_id = panel.id AND sign_off.withdrawn_at IS NULL) ORDER BY panel.id",
        stage.event_id, stage.id,
    )  # fmt: skip
    promised: Counter[str] = Counter()  # panels that share an aspect share its judges
    found: list[Need] = []
    for panel in panels or [{"id": None, "title": None, "aspects": "[]"}]:
        keys = named(panel["aspects"])
        free = [
            rooms.room(panel["id"] or stage.id, one, seats) - promised[one[0]] for one in rooms.covered(keys, rules)
        ]
        missing = max(0, min(free, default=0))
        promised.update(dict.fromkeys(keys_covered(keys, rules), missing))
        sitting = tuple(seat["account"] for seat in seats if seat["panel_id"] == panel["id"])
        view = DemandView(
            stage_id=stage.id,
            panel_id=panel["id"],
            contest=bilingual(row["contest_title"]),
            stage=bilingual(row["title"]),
            panel=bilingual(panel["title"]) if panel["title"] else PANEL,
            session=sessions[row["contest_id"]],
            sitting=len(sitting),
            missing=missing,
        )
        found.append(Need(view, judged, sitting))
    return found


async def stages_to_judge(event_id: UUID) -> list[db.Row]:
    """The stages of an event that have rules and are not signed off, in order."""
    return await db.rows(
        "SELECT stage.*, contest.title AS contest_title FROM stage "
        "JOIN contest ON contest.event_id = stage.event_id AND contest.id = stage.contest_id "
        "WHERE stage.event_id = {} AND stage.scheme_id IS NOT NULL "
        "AND stage.state IN ('prepared', 'drawn', 'marking') ORDER BY contest.number, stage.number",
        event_id,
    )


def _plain(row: db.Row) -> db.Row:
    return {name: value for name, value in row.items() if name != "contest_title"}


async def _spans(event_id: UUID, contests: set[UUID]) -> dict[UUID, Sequence[Span]]:
    event = await db.row("SELECT starts_at, ends_at FROM event WHERE id = {}", event_id)
    assert event is not None
    planned = await db.rows(
        "SELECT contest_id, starts_at, ends_at FROM session "
        "WHERE event_id = {} AND contest_id IS NOT NULL AND state = 'planned' ORDER BY starts_at, id",
        event_id,
    )
    whole = [(event["starts_at"], event["ends_at"])]
    return {
        contest: [(one["starts_at"], one["ends_at"]) for one in planned if one["contest_id"] == contest] or whole
        for contest in sorted(contests, key=str)
    }


async def _judges(event_id: UUID) -> dict[UUID, JudgeView]:
    """Accounts with the role of a judge in the event."""
    found = await db.rows(
        "SELECT account.id, COALESCE(person.name, account.name) AS name, unions.name AS union_name, "
        "(SELECT COUNT(*) FROM panel_seat WHERE panel_seat.event_id = role_grant.event_id "
        "AND panel_seat.account = account.id AND panel_seat.until IS NULL) AS panels FROM role_grant "
        "JOIN account ON account.id = role_grant.account AND account.disabled_at IS NULL "
        "LEFT JOIN person ON person.id = account.person "
        "LEFT JOIN member ON member.person = account.person AND member.left_on IS NULL "
        'LEFT JOIN unions ON unions.id = member."union" '
        "WHERE role_grant.event_id = {} AND role_grant.role = 'judge' ORDER BY account.name, unions.path",
        event_id,
    )
    known: dict[UUID, JudgeView] = {}
    for row in found:
        union = [bilingual(row["union_name"])] if row["union_name"] else []
        before = known[row["id"]].unions if row["id"] in known else []
        known[row["id"]] = JudgeView(account=row["id"], name=row["name"], unions=before + union, panels=row["panels"])
    return known


async def _names(accounts: list[UUID]) -> dict[UUID, str]:
    which, arguments = db.one_of(accounts)
    found = await db.rows(f"SELECT id, name FROM account WHERE id {which}", *arguments)  # noqa: S608
    return {row["id"]: row["name"] for row in found}
