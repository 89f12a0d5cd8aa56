"""What the demo federation is made of, from the TOML files beside this module. Days count from the day of loading."""

from __future__ import annotations

from datetime import date
from functools import cache
from importlib import resources
from typing import TypeVar

import msgspec

from events.drawing import MeetingRules
from events.eligibility import Eligibility
from events.terms import Approval, EventState, Kind, Role, Sex
from events.text import Bilingual, BilingualProse

Plan = TypeVar("Plan")
Clock = str  # "08:30"
LIFE = ("competitions", "fairs", "evenings", "games", "shows", "training", "wellbeing", "selections")


class Struct(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A table of a TOML file."""


class Named(Struct, frozen=True, kw_only=True):
    """Something with a code and a name in both languages."""

    code: str
    zh: str
    en: str

    @property
    def name(self) -> Bilingual:
        """The name."""
        return Bilingual(self.zh, self.en)


class City(Named, frozen=True, kw_only=True):
    """A city with its counties (code, name, English name)."""

    area: str
    counties: list[tuple[str, str, str]]


class Industry(Named, frozen=True, kw_only=True):
    """An industry union: what its grass-roots unions are called by, and their kinds."""

    short_zh: str
    short_en: str
    kinds: list[str]


class Federation(Struct, frozen=True, kw_only=True):
    """federation.toml"""

    province: Named
    cities: list[City]
    industries: list[Industry]
    kinds: dict[str, tuple[str, str]]
    words: list[tuple[str, str]]


class Names(Struct, frozen=True, kw_only=True):
    """names.toml"""

    family: str
    compound: list[str]
    female: list[str]
    male: list[str]
    rare_given: list[str]
    rare_family: list[str]
    whole_female: list[str]
    whole_male: list[str]


class VenuePlan(Struct, frozen=True, kw_only=True):
    """A place of venues.toml."""

    key: str
    union: str
    city: str
    zh: str
    en: str
    address: str
    latitude: str
    longitude: str
    stations: int
    station: tuple[str, str]


class Venues(Struct, frozen=True, kw_only=True):
    """venues.toml"""

    venues: list[VenuePlan]


class Login(Struct, frozen=True, kw_only=True):
    """An account: `scope` is the path of the union where its role holds, `person` name, sex and year of birth."""

    name: str
    zh: str
    en: str
    role: Role | None = None
    scope: str = ""
    person: tuple[str, Sex, int] | None = None
    union: str = "ah."
    kinds: list[str] = []


class Logins(Struct, frozen=True, kw_only=True):
    """accounts.toml"""

    password: str
    accounts: list[Login]


class SessionPlan(Struct, frozen=True, kw_only=True):
    """A block of time on a day of the event (from 0), for a contest (from 1) or all; `duties` by account."""

    zh: str
    en: str
    start: Clock
    end: Clock
    day: int = 0
    venue: str = ""
    contest: int = 0
    duties: dict[str, str] = {}


class Turnout(Struct, frozen=True, kw_only=True):
    """How many registrations of each state there are."""

    confirmed: int = 0
    pending: int = 0
    waiting: int = 0
    refused: int = 0
    withdrawn: int = 0


class ContestPlan(Struct, frozen=True, kw_only=True):
    """A contest with one stage; `scheme` is a file here or of the library, `reaches` how far it has come.

    Where `teams` meet, `meeting` tells how; they are entered by name.
    """

    zh: str
    en: str
    trade: str = ""
    scheme: str = ""
    meeting: MeetingRules | None = None
    teams: list[str] = []
    reaches: str = "prepared"
    places: int | None = None
    heat_size: int | None = None
    judges: int = 5
    live_public: bool = True
    turnout: Turnout = Turnout()


class Before(Struct, frozen=True, kw_only=True):
    """When and where an event was to be before it was moved."""

    day: int
    start: Clock = ""
    venue: str = ""


class EventPlan(Struct, frozen=True, kw_only=True):
    """An event. `opens` and `closes` are days before it begins, `changed` is the day when it was moved or cancelled.

    Registrations come from below `reach` (else its union) and from unions of some `kinds`, `only` is the union that it
    is limited to, the accounts of `by` register themselves, and `tallies` are tables of delegations from the library.
    """

    key: str
    kind: Kind
    state: EventState
    day: int
    title: Bilingual
    summary: Bilingual
    description: BilingualProse
    start: Clock = "09:00"
    end: Clock = "17:00"
    days: int = 1
    union: str = "ah."
    reach: str = ""
    only: str = ""
    kinds: list[str] = []
    city: str = ""
    venue: str = ""
    series: str = ""
    places: int | None = None
    opens: int | None = 30
    closes: int | None = 5
    approval: Approval = Approval.AUTOMATIC
    eligibility: Eligibility = Eligibility()
    balanced: bool = False
    turnout: Turnout = Turnout()
    by: list[str] = []
    template: bool = False
    changed: int = -2
    reason: str = ""
    moved: Before | None = None
    postponed: bool = False
    sessions: list[SessionPlan] = []
    contests: list[ContestPlan] = []
    tallies: list[str] = []


class SeriesPlan(Struct, frozen=True, kw_only=True):
    """Events that belong together."""

    key: str
    zh: str
    en: str


class Events(Struct, frozen=True, kw_only=True):
    """One of the files with events."""

    events: list[EventPlan]
    series: list[SeriesPlan] = []


@cache
def federation() -> Federation:
    """Unions."""
    return _read("federation", Federation)


@cache
def names() -> Names:
    """What people are called."""
    return _read("names", Names)


@cache
def venues() -> list[VenuePlan]:
    """Places."""
    return _read("venues", Venues).venues


@cache
def logins() -> Logins:
    """Accounts."""
    return _read("accounts", Logins)


@cache
def events() -> list[EventPlan]:
    """Every event."""
    return [event for name in LIFE for event in _read(name, Events).events]


@cache
def series() -> list[SeriesPlan]:
    """Every series."""
    return [series for name in LIFE for series in _read(name, Events).series]


@cache
def document(name: str) -> bytes | None:
    """A scheme document beside this module, if there is one."""
    found = resources.files(__package__) / f"{name}.json"
    return found.read_bytes() if found.is_file() else None


def birthday(year: int) -> date:
    """Some day in a year."""
    return date(year, 1 + year % 12, 1 + year % 28)


def _read(name: str, kind: type[Plan]) -> Plan:
    return msgspec.toml.decode((resources.files(__package__) / f"{name}.toml").read_bytes(), type=kind)
