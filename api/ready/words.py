"""What changes an answer, said where its route stands: `@get(..., ready=EVENT)`, `@get(..., ready=page(EVENT))`."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from litestar.types import Scope

from events import clock
from events.notices import Posted

MARK = "ready"  # the name of the option of a route, and of the ending in a scope
MINUTE = timedelta(minutes=1)
QUARTER = timedelta(minutes=15)  # days begin at whole quarters of an hour, wherever on earth


class Of(StrEnum):
    """What an answer tells of."""

    EVENT = "event"
    EVENTS = "events"
    PROGRAM = "program"


@dataclass(frozen=True)
class Ready:
    """What an answer depends on, besides its address, and never on who asks.

    `unmoved` are the kinds of notices, by their beginnings, that change nothing in it; a page is `spoken`, in a
    language and a theme.
    """

    of: Of
    unmoved: tuple[str, ...] = ()
    spoken: bool = False

    @property
    def follows_boards(self) -> bool:
        """Whether it is another answer when a board was restated."""
        return not "board.restated".startswith(self.unmoved)

    def is_moved(self, posted: Posted, stage: UUID | None) -> bool:
        """Whether a notice may change the answer; that a board was restated changes what tells of that stage alone."""
        if posted.kind.startswith(self.unmoved):
            return False
        return stage is None or posted.kind != "board.restated" or posted.subject == stage


# Whoever signs up, checks in or enters marks changes nothing that is public: places are counted by registrations, and
# a board is another one when it has been restated.
QUIET = ("account.", "registration.checked_in", "marks.entered")
BOARD = Ready(Of.EVENT, (*QUIET, "registration."))  # of one stage
RESULTS = Ready(Of.EVENT, (*QUIET, "registration.", "board.restated"))
PLAN = RESULTS  # sessions, draws: without places that are left
EVENT = Ready(Of.EVENT, (*QUIET, "board.restated"))
CONTESTS = Ready(Of.EVENT, (*QUIET[:2], "board.restated"))  # the first mark of a stage changes its state
EVENTS = Ready(Of.EVENTS, (*QUIET, "board.restated"))
PLANS = Ready(Of.EVENTS, (*QUIET, "registration.", "entry.", "board.restated"))
PROGRAM = Ready(Of.PROGRAM, ("",))  # the same until another version is installed


def page(ready: Ready) -> Ready:
    """The same for a page."""
    return replace(ready, spoken=True)


class Ending:
    """When an answer is no longer true by the clock alone: at the next quarter of an hour, or sooner."""

    def __init__(self) -> None:
        self.began = clock.now()
        day = self.began.replace(hour=0, minute=0, second=0, microsecond=0)
        self.moment = day + ((self.began - day) // QUARTER + 1) * QUARTER

    def include(self, moments: Iterable[datetime | None]) -> None:
        """End at the first of these that is to come, if that is sooner."""
        self.moment = min([self.moment, *(one for one in moments if one and one > self.began)])


def lasts_a_minute(scope: Scope) -> None:
    """From a handler: what it tells may be a little old already, in a way that no notice ends."""
    lasts_until(scope, clock.now() + MINUTE)


def lasts_until(scope: Scope, *moments: datetime | None) -> None:
    """From a handler: its answer says something else from the first of these moments on that is to come."""
    ending = scope.get(MARK)
    if isinstance(ending, Ending):
        ending.include(moments)
