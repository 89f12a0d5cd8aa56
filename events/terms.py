"""The closed vocabularies of the domain, with the glossary's words."""

from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    """What sort of happening an event is."""

    COMPETITION = "competition"
    FAIR = "fair"
    MATCHMAKING = "matchmaking"
    GAMES = "games"
    SHOW = "show"
    TRAINING = "training"
    WELLBEING = "wellbeing"
    SELECTION = "selection"
    QUIZ = "quiz"


class EventState(StrEnum):
    """The life cycle of an event."""

    DRAFT = "draft"
    ANNOUNCED = "announced"
    OPEN = "open"
    CLOSED = "closed"
    UNDER_WAY = "under_way"
    FINISHED = "finished"
    CANCELLED = "cancelled"


OVER = (EventState.FINISHED, EventState.CANCELLED)  # nothing more happens in these


class Approval(StrEnum):
    """Whether a registration is confirmed at once or after a review."""

    AUTOMATIC = "automatic"
    REVIEW = "review"


class RegistrationState(StrEnum):
    """Where a registration stands; pending and confirmed ones hold a place."""

    PENDING = "pending"
    CONFIRMED = "confirmed"
    WAITING = "waiting"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class Role(StrEnum):
    """A named bundle of rights, held within a scope."""

    ADMINISTRATOR = "administrator"
    ORGANISER = "organiser"
    REGISTRAR = "registrar"
    CHIEF_JUDGE = "chief_judge"
    JUDGE = "judge"
    DELEGATION_LEADER = "delegation_leader"
    EMPLOYER = "employer"


class Level(StrEnum):
    """The levels of the union tree."""

    PROVINCE = "province"
    CITY = "city"
    INDUSTRY = "industry"
    COUNTY = "county"
    GRASS_ROOTS = "grass_roots"


class Sex(StrEnum):
    """As on the identity card."""

    FEMALE = "female"
    MALE = "male"


class StageState(StrEnum):
    """How far a stage has come: prepared, drawn, being marked, signed off, provisional, official."""

    PREPARED = "prepared"
    DRAWN = "drawn"
    MARKING = "marking"
    SIGNED = "signed"
    PROVISIONAL = "provisional"
    OFFICIAL = "official"


class BoardKind(StrEnum):
    """What a board is: moving, stopped for the public, kept when other rules came, out for objections, or final."""

    LIVE = "live"
    FROZEN = "frozen"
    REPLACED = "replaced"
    PROVISIONAL = "provisional"
    OFFICIAL = "official"


class EntryState(StrEnum):
    """Whether an entry competes for a rank."""

    COMPETING = "competing"
    OUT_OF_COMPETITION = "out_of_competition"
    WITHDRAWN = "withdrawn"


class SessionState(StrEnum):
    """Whether a session takes place."""

    PLANNED = "planned"
    CANCELLED = "cancelled"


class ContactKind(StrEnum):
    """By which way somebody is reached."""

    PHONE = "phone"
    MAIL = "mail"


class TokenUse(StrEnum):
    """What a secret token opens."""

    API = "api"
    CALENDAR = "calendar"
    RECOVERY = "recovery"
