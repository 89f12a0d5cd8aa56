"""Reading boards: what is public, what officials see, and the bytes that are sent."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import msgspec

from events import access, db
from events.access import Actor, Right
from events.contests.looking import OPENED, contest_row, opens_codes, stage_row
from events.publishing.boards import blinded
from events.publishing.structs import Board, BoardVersion, ReadyBoard, ResultView
from events.tables import Contest, Stage
from events.terms import BoardKind, EventState, StageState

PUBLISHED = (BoardKind.PROVISIONAL, BoardKind.OFFICIAL)
STORED = (BoardKind.FROZEN, BoardKind.REPLACED, *PUBLISHED)
REMEMBERED = 64 * 2**20  # bytes
BLIND = "-blind"
HEAD = "board.id, board.event_id, board.stage_id, board.kind, board.version, board.digest"
# Everything that decides about what is public, and the boards there are, the newest first: as of one moment.
SHOWN = f"""SELECT stage.state, stage.frozen_at, contest.live_public, contest.judges_see_names,
        event.state AS event_state, event.is_template, {HEAD} FROM stage
    JOIN contest ON contest.event_id = stage.event_id AND contest.id = stage.contest_id
    JOIN event ON event.id = stage.event_id
    LEFT JOIN board ON board.event_id = stage.event_id AND board.stage_id = stage.id
    WHERE stage.event_id = {{}} AND stage.id = {{}} ORDER BY board.version DESC"""  # noqa: S608
_ready: OrderedDict[tuple[UUID, int, bool], ReadyBoard] = OrderedDict()


@dataclass(frozen=True)
class Showing:
    """What decides about showing a stage's boards."""

    state: StageState
    frozen: bool
    live_public: bool
    blind: bool

    @property
    def public_kinds(self) -> tuple[BoardKind, ...]:
        """The kinds of which everybody sees the newest; none while nothing is public."""
        if self.state in OPENED:
            return PUBLISHED
        if not self.live_public:
            return ()
        return (BoardKind.FROZEN,) if self.frozen else (BoardKind.LIVE,)


@dataclass(frozen=True)
class Reader:
    """What the one who asks may know."""

    official: bool
    opens: bool

    def blind_to(self, showing: Showing, kind: BoardKind) -> bool:
        """Whether names must be left out for this reader."""
        return showing.blind and not self.opens and kind not in PUBLISHED


ANYBODY = Reader(official=False, opens=False)


async def public_board(event_id: UUID, stage_id: UUID) -> ReadyBoard:
    """The board that everybody may see now; NotFound while there is none."""
    while True:
        found = await db.rows(SHOWN, event_id, stage_id)
        if not found or found[0]["event_state"] == EventState.DRAFT or found[0]["is_template"]:
            raise access.not_found()
        showing = Showing(
            StageState(found[0]["state"]), found[0]["frozen_at"] is not None,
            found[0]["live_public"], not found[0]["judges_see_names"],
        )  # fmt: skip
        head = next((row for row in found if row["kind"] in showing.public_kinds), None)
        if head is None:
            raise access.not_found()
        board = await ready(head, blind=ANYBODY.blind_to(showing, BoardKind(head["kind"])))
        if board.version == head["version"]:  # else it was replaced meanwhile, perhaps after a freeze: look again
            return board


async def board(
    actor: Actor, event_id: UUID, stage_id: UUID, *, kind: BoardKind | None = None, version: int | None = None
) -> ReadyBoard:
    """A board as this actor may see it: officials the live one (or a kind, a stored version), others what is public.

    A board that is public, or was published, is there for everybody; others look unknown.
    """
    reader, showing = await reader_of(actor, event_id, stage_id)
    if not reader.official and version is None and kind in (None, BoardKind.LIVE):
        found = await public_board(event_id, stage_id)
        if kind not in (None, found.kind):
            raise access.not_found()
        return found
    kinds = [kind] if kind else [BoardKind.LIVE] if version is None else STORED
    head = await newest(event_id, stage_id, kinds, version=version)
    if not may_read(reader, showing, head):
        raise access.not_found()
    return await ready(head, blind=reader.blind_to(showing, BoardKind(head["kind"])))


async def versions(actor: Actor, event_id: UUID, stage_id: UUID) -> list[BoardVersion]:
    """The stored versions that the actor may read, newest first."""
    reader, _ = await reader_of(actor, event_id, stage_id)
    found = await db.rows(
        "SELECT board.kind, board.version, board.digest, board.made_at, board.reason, "
        "scheme.version AS scheme_version FROM board "
        "JOIN scheme ON scheme.event_id = board.event_id AND scheme.id = board.scheme_id "
        "WHERE board.event_id = {} AND board.stage_id = {} AND board.kind <> 'live' ORDER BY board.version DESC",
        event_id, stage_id,
    )  # fmt: skip
    return [version_view(row) for row in found if reader.official or row["kind"] in PUBLISHED]


async def results(actor: Actor, event_id: UUID, *, leading: int = 10) -> list[ResultView]:
    """Every contest's newest published board with its leading rows, by contest number."""
    await access.event_to_see(actor, event_id)
    found = await db.rows(
        f"SELECT {HEAD}, contest.id AS contest_id, contest.number AS contest_number, stage.objections_until "  # noqa: S608
        "FROM board JOIN stage ON stage.event_id = board.event_id AND stage.id = board.stage_id "
        "JOIN contest ON contest.event_id = stage.event_id AND contest.id = stage.contest_id "
        "WHERE board.event_id = {} AND board.kind IN ('provisional', 'official') "
        "ORDER BY contest.number, stage.number DESC, board.version DESC",
        event_id,
    )  # fmt: skip
    first: dict[UUID, db.Row] = {}
    for row in found:
        first.setdefault(row["contest_id"], row)
    return [_result(row, (await ready(row, blind=False)).board(), leading) for row in first.values()]


async def reader_of(actor: Actor, event_id: UUID, stage_id: UUID) -> tuple[Reader, Showing]:
    """What the actor may know of a stage of an event that it may see."""
    event = await access.event_to_see(actor, event_id)
    row = await stage_row(event_id, stage_id)
    contest = await contest_row(event_id, row.contest_id)
    official = await access.may_in_event(actor, Right.SEE, event)
    return Reader(official, official and await opens_codes(actor, event)), showing_of(row, contest)


def showing_of(row: Stage, contest: Contest) -> Showing:
    """What decides about showing a stage's boards."""
    return Showing(StageState(row.state), bool(row.frozen_at), contest.live_public, not contest.judges_see_names)


def may_read(reader: Reader, showing: Showing, head: db.Row) -> bool:
    """Whether a board may be shown: officials all, others what is or was published and what is public now."""
    return reader.official or head["kind"] in PUBLISHED or head["kind"] in showing.public_kinds


async def newest(event_id: UUID, stage_id: UUID, kinds: Collection[BoardKind], *, version: int | None = None) -> db.Row:
    """The head of the newest board of some kinds, or of the one with this version; NotFound for none."""
    which, arguments = db.one_of(kinds)
    numbered = "" if version is None else "AND board.version = {}"
    found = await db.row(
        f"SELECT {HEAD} FROM board WHERE board.event_id = {{}} AND board.stage_id = {{}} "  # noqa: S608
        f"AND board.kind {which} {numbered} ORDER BY board.version DESC LIMIT 1",
        event_id, stage_id, *arguments, *([] if version is None else [version]),
    )  # fmt: skip
    if found is None:
        raise access.not_found()
    return found


async def ready(head: db.Row, *, blind: bool) -> ReadyBoard:
    """The bytes of a board, kept in memory as they are asked for."""
    opened = _ready.get((head["id"], head["version"], False)) or await _read(head)
    key = (head["id"], opened.version, blind)
    if key not in _ready:
        remember(head["id"], _blinded(opened))
    _ready.move_to_end(key)
    return _ready[key]


def remember(board_id: UUID, board: ReadyBoard) -> None:
    """Keep the bytes of a board ready; those that nobody asked for longest are let go."""
    _ready[board_id, board.version, board.etag.endswith(BLIND)] = board
    while sum(len(one.body) for one in _ready.values()) > REMEMBERED and len(_ready) > 2:
        _ready.popitem(last=False)


class Moment(msgspec.Struct):
    """When a board was made; nothing else of it is read."""

    made_at: datetime


def opened(kind: str, version: int, digest: str, *, made_at: datetime, body: bytes) -> ReadyBoard:
    """A board as it is, names and all."""
    etag = f"{kind}-{version}-{digest[:16]}"
    return ReadyBoard(kind=BoardKind(kind), version=version, etag=etag, made_at=made_at, body=body)


def version_view(row: db.Row) -> BoardVersion:
    """A stored version's head."""
    return BoardVersion(
        kind=BoardKind(row["kind"]),
        version=row["version"],
        digest=row["digest"],
        scheme_version=row["scheme_version"],
        made_at=row["made_at"],
        reason=row["reason"],
    )


async def _read(head: db.Row) -> ReadyBoard:
    found = await db.row(
        "SELECT kind, version, digest, body FROM board WHERE event_id = {} AND id = {}", head["event_id"], head["id"]
    )
    assert found is not None
    body: bytes = found.pop("body").encode()
    board = opened(**found, made_at=msgspec.json.decode(body, type=Moment).made_at, body=body)
    remember(head["id"], board)
    return board


def _blinded(board: ReadyBoard) -> ReadyBoard:
    body = msgspec.json.encode(blinded(board.board()))
    return msgspec.structs.replace(board, etag=board.etag + BLIND, body=body)


def _result(row: db.Row, board: Board, leading: int) -> ResultView:
    until: datetime | None = row["objections_until"]
    return ResultView(
        contest_id=board.contest_id,
        contest_number=row["contest_number"],
        contest=board.contest,
        stage_id=board.stage_id,
        stage=board.stage,
        stage_number=board.stage_number,
        state=board.state,
        kind=board.kind,
        version=board.version,
        made_at=board.made_at,
        objections_until=until,
        columns=board.columns,
        awards=board.awards,
        entries=board.entries,
        rows=board.rows[:leading],
    )
