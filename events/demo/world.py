"""What exists of the demo federation so far, and the chance that always falls the same way."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from uuid import UUID
from zoneinfo import ZoneInfo

from events import access, clock, settings
from events.access import Actor
from events.demo.plans import ContestPlan
from events.eligibility import Candidate

SEED = "magpie"


@dataclass(frozen=True)
class Human:
    """A person of the plan, once registered."""

    id: UUID
    path: str
    candidate: Candidate


@dataclass(frozen=True)
class Arena:
    """A contest of the plan, and the stage in which it is held; `key` is its event's."""

    key: str
    plan: ContestPlan
    event: UUID
    stage: UUID


@dataclass(frozen=True)
class Step:
    """Something that happened at a moment of the federation's last year."""

    at: datetime
    do: Callable[[], Awaitable[None]]


@dataclass
class World:
    """Ids by what the plans call things: unions by path, venues, series and events by key, accounts by name.

    Kinds of grass-roots unions go by path, arenas by the event's key and the contest's place in it.
    """

    now: datetime = field(default_factory=clock.now)
    unions: dict[str, UUID] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)
    venues: dict[str, UUID] = field(default_factory=dict)
    series: dict[str, UUID] = field(default_factory=dict)
    accounts: dict[str, UUID] = field(default_factory=dict)
    people: list[Human] = field(default_factory=list)
    events: dict[str, UUID] = field(default_factory=dict)
    arenas: dict[tuple[str, int], Arena] = field(default_factory=dict)
    busy: defaultdict[UUID, list[tuple[datetime, datetime]]] = field(default_factory=lambda: defaultdict(list))

    @property
    def today(self) -> date:
        """The day of loading, where the federation is."""
        return self.now.astimezone(_zone()).date()

    def moment(self, day: int, at: str) -> datetime:
        """A local time, some days from today."""
        return datetime.combine(self.today + timedelta(days=day), time.fromisoformat(at), _zone())

    async def actor(self, name: str) -> Actor:
        """Whoever is behind an account of the plan, with the roles it has by now."""
        found = await access.actor_of(self.accounts[name])
        assert found is not None
        return found

    def above(self, path: str) -> Iterable[UUID]:
        """A union and all above it."""
        parts = path.split(".")[:-1]
        return (self.unions[".".join(parts[:count]) + "."] for count in range(1, len(parts) + 1))


def chance(purpose: str) -> Random:
    """Chance of its own for each purpose, so that a new event does not give everybody new names."""
    return Random(f"{SEED}/{purpose}")  # noqa: S311 - it has to fall the same way each time


def _zone() -> ZoneInfo:
    return ZoneInfo(settings.current().zone)
