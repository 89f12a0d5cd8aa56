"""The tables, by what they are about. The migrations hold the keys and constraints; these classes build the queries.

A table of things inside an event begins with the event's id, which leads its primary key and every unique
constraint, so that a distributed PostgreSQL can keep an event on one shard. Piccolo knows one key column, `id`.
Marks and scores are whole numbers of millionths. Bilingual texts, documents and rules are JSON in a text column.
"""

from __future__ import annotations

from events.tables.contest import (
    Board,
    Contest,
    Division,
    Entry,
    JudgeConflict,
    Judging,
    Mark,
    MatchResult,
    Panel,
    PanelSeat,
    Promotion,
    Qualifier,
    Scheme,
    SchemeDraft,
    SignOff,
    Slot,
    Stage,
    Tally,
    TeamMember,
)
from events.tables.event import Capacity, Event, Registration, Session, SessionOfficial
from events.tables.federation import (
    Account,
    Claim,
    Member,
    Person,
    RoleGrant,
    Series,
    SignIn,
    Station,
    Throttle,
    Token,
    Union,
    Venue,
)
from events.tables.outbox import IdempotencyKey, ImportRun, Message, Notice, Task

ALL = (
    Union, Person, Member, Account, Claim, SignIn, Token, Throttle, RoleGrant, Venue, Station, Series,
    Event, Capacity, Session, SessionOfficial, Contest, Division, Scheme, Stage, SchemeDraft, Registration, Entry,
    TeamMember, Qualifier, Slot, Panel, PanelSeat, MatchResult, Judging, JudgeConflict, Mark, SignOff, Board, Tally,
    Promotion,
    Notice, Task, Message, IdempotencyKey, ImportRun,
)  # fmt: skip
__all__ = [
    "ALL",
    "Account",
    "Board",
    "Capacity",
    "Claim",
    "Contest",
    "Division",
    "Entry",
    "Event",
    "IdempotencyKey",
    "ImportRun",
    "JudgeConflict",
    "Judging",
    "Mark",
    "MatchResult",
    "Member",
    "Message",
    "Notice",
    "Panel",
    "PanelSeat",
    "Person",
    "Promotion",
    "Qualifier",
    "Registration",
    "RoleGrant",
    "Scheme",
    "SchemeDraft",
    "Series",
    "Session",
    "SessionOfficial",
    "SignIn",
    "SignOff",
    "Slot",
    "Stage",
    "Station",
    "Tally",
    "Task",
    "TeamMember",
    "Throttle",
    "Token",
    "Union",
    "Venue",
]
