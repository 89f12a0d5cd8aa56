"""Every table on one page. The migrations hold the keys and constraints; these classes build the queries.

A table of things inside an event begins with the event's id, which leads its primary key and every unique
constraint, so that a distributed PostgreSQL can keep an event on one shard. Piccolo knows one key column, `id`.
Marks and scores are whole numbers of millionths. Bilingual texts, documents and rules are JSON in a text column.
"""

from __future__ import annotations

from piccolo.columns import (
    UUID,
    BigInt,
    Boolean,
    Bytea,
    Date,
    Text,
    Timestamptz,
)
from piccolo.table import Table

# --- the federation -------------------------------------------------------------------------------------------------


class Union(Table, tablename="unions"):
    """A union organisation; `path` is its ancestors' codes and its own, each ended by a dot ("ah.hf.01.")."""

    id = UUID(primary_key=True)
    parent = UUID(null=True, default=None)
    path = Text()
    code = Text()
    name = Text()
    level = Text()
    city = Text()
    created_at = Timestamptz()


class Person(Table):
    """A human. Identity number and phone lie encrypted; the indexes are keyed hashes that find without revealing."""

    id = UUID(primary_key=True)
    name = Text()
    sort_name = Text()
    sex = Text(null=True, default=None)
    born = Date(null=True, default=None)
    identity_cipher = Bytea(null=True, default=None)
    identity_index = Bytea(null=True, default=None)
    phone_cipher = Bytea(null=True, default=None)
    phone_index = Bytea(null=True, default=None)
    mail = Text(null=True, default=None)
    merged_into = UUID(null=True, default=None)
    created_at = Timestamptz()
    updated_at = Timestamptz()


class Member(Table):
    """A person's real-name membership of a union."""

    id = UUID(primary_key=True)
    person = UUID()
    union = UUID()
    joined_on = Date()
    left_on = Date(null=True, default=None)


class Account(Table):
    """A login, by a name, or by a phone or a mail address that is proven to be its owner's."""

    id = UUID(primary_key=True)
    name = Text()
    person = UUID(null=True, default=None)
    phone_cipher = Bytea(null=True, default=None)
    phone_index = Bytea(null=True, default=None)
    mail = Text(null=True, default=None)
    password_hash = Text(null=True, default=None)
    language = Text()
    disabled_at = Timestamptz(null=True, default=None)
    disabled_reason = Text(null=True, default=None)
    created_at = Timestamptz()


class Claim(Table):
    """A phone or mail that somebody says is theirs, sealed; several may, until a code that is sent there proves it."""

    id = UUID(primary_key=True)
    account = UUID()
    kind = Text()
    address_cipher = Bytea()
    address_index = Bytea()
    code_id = UUID(null=True, default=None)
    expires_at = Timestamptz(null=True, default=None)
    created_at = Timestamptz()


class SignIn(Table):
    """A browser that is signed in; only the hash of its cookie is kept."""

    id = UUID(primary_key=True)
    account = UUID()
    token_hash = Bytea()
    device = Text()
    created_at = Timestamptz()
    expires_at = Timestamptz()
    revoked_at = Timestamptz(null=True, default=None)


class Token(Table):
    """A secret that opens the API, a private calendar or a forgotten password; only its hash is kept."""

    id = UUID(primary_key=True)
    account = UUID()
    use = Text()
    name = Text()
    token_hash = Bytea()
    created_at = Timestamptz()
    expires_at = Timestamptz(null=True, default=None)
    revoked_at = Timestamptz(null=True, default=None)
    used_at = Timestamptz(null=True, default=None)


class Throttle(Table):
    """How often something was tried in vain; `key` is a keyed hash of whom or what it was tried on."""

    id = UUID(primary_key=True)
    purpose = Text()
    key = Bytea()
    tries = BigInt()
    since = Timestamptz()


class RoleGrant(Table):
    """A role that an account holds, in an event, in a union's subtree, or (administrator) everywhere."""

    id = UUID(primary_key=True)
    account = UUID()
    role = Text()
    event_id = UUID(null=True, default=None)
    union = UUID(null=True, default=None)
    granted_by = UUID(null=True, default=None)
    granted_at = Timestamptz()


class Venue(Table):
    """A place; coordinates in millionths of a degree."""

    id = UUID(primary_key=True)
    name = Text()
    address = Text()
    city = Text()
    latitude_e6 = BigInt(null=True, default=None)
    longitude_e6 = BigInt(null=True, default=None)
    union = UUID()
    created_at = Timestamptz()


class Station(Table):
    """A numbered position in a venue."""

    id = UUID(primary_key=True)
    venue = UUID()
    number = BigInt()
    name = Text()


class Series(Table):
    """Events that belong together."""

    id = UUID(primary_key=True)
    title = Text()
    union = UUID()
    created_at = Timestamptz()


# --- an event and what is inside it ---------------------------------------------------------------------------------


class Event(Table):
    """One happening. `version` rises with every change of it."""

    id = UUID(primary_key=True)
    series = UUID(null=True, default=None)
    union = UUID()
    kind = Text()
    state = Text()
    title = Text()
    summary = Text()
    description = Text()
    city = Text()
    venue = UUID(null=True, default=None)
    zone = Text()
    starts_at = Timestamptz()
    ends_at = Timestamptz()
    opens_at = Timestamptz(null=True, default=None)
    closes_at = Timestamptz(null=True, default=None)
    approval = Text()
    eligibility = Text()
    is_template = Boolean()
    copied_from = UUID(null=True, default=None)
    reason = Text(null=True, default=None)
    postponed = Boolean()
    previous_starts_at = Timestamptz(null=True, default=None)
    previous_venue = UUID(null=True, default=None)
    version = BigInt()
    created_by = UUID(null=True, default=None)
    created_at = Timestamptz()
    updated_at = Timestamptz()


class Capacity(Table):
    """The guarded counter of one limit: the event's own (its id is the event's) or a contest's (the contest's)."""

    event_id = UUID()
    id = UUID(primary_key=True)
    places = BigInt(null=True, default=None)
    used = BigInt()
    waiting = BigInt()
    queued = BigInt()


class Session(Table):
    """A block of time at a venue; `vevent` and `vevent_en` are its calendar entry, rendered when it last changed.

    `automatic` is the one that a new event has by itself, until the first that somebody adds takes its place.
    """

    event_id = UUID()
    id = UUID(primary_key=True)
    contest_id = UUID(null=True, default=None)
    title = Text()
    venue = UUID(null=True, default=None)
    starts_at = Timestamptz()
    ends_at = Timestamptz()
    state = Text()
    automatic = Boolean(default=False)
    previous_starts_at = Timestamptz(null=True, default=None)
    previous_venue = UUID(null=True, default=None)
    sequence = BigInt()
    vevent = Text(default="")
    vevent_en = Text(default="")
    vevent_digest = Text(default="")
    version = BigInt(default=1)
    created_at = Timestamptz()
    updated_at = Timestamptz()


class SessionOfficial(Table):
    """An account with a duty in a session."""

    event_id = UUID()
    id = UUID(primary_key=True)
    session_id = UUID()
    account = UUID()
    duty = Text()


class Contest(Table):
    """One thing that can be won inside an event."""

    event_id = UUID()
    id = UUID(primary_key=True)
    number = BigInt()
    title = Text()
    trade = Text()
    judges_see_names = Boolean()
    live_public = Boolean()
    last_number = BigInt()
    version = BigInt()
    created_at = Timestamptz()


class Division(Table):
    """The class of entrants that a contest is limited to; `eligibility` as for events."""

    event_id = UUID()
    id = UUID(primary_key=True)
    contest_id = UUID()
    title = Text()
    eligibility = Text()
    version = BigInt(default=1)


class Scheme(Table):
    """A version of the rules of marking: written once, never changed."""

    event_id = UUID()
    id = UUID(primary_key=True)
    contest_id = UUID()
    version = BigInt()
    document = Text()
    digest = Bytea()
    created_at = Timestamptz()
    created_by = UUID(null=True, default=None)


class Stage(Table):
    """A step of a contest with its own scheme; `draw_recipe` and `draw_key` make its draw repeatable.

    Since `filled_at` only its qualifiers compete in it.
    """

    event_id = UUID()
    id = UUID(primary_key=True)
    contest_id = UUID()
    number = BigInt()
    title = Text()
    scheme_id = UUID(null=True, default=None)
    state = Text()
    heat_size = BigInt(null=True, default=None)
    draw_key = Text(null=True, default=None)
    entries_digest = Text(null=True, default=None)
    draw_rules = Text(null=True, default=None)
    draw_seeds = Text(null=True, default=None)
    draw_recipe = Text(null=True, default=None)
    draw_source = Text(null=True, default=None)
    drawn_at = Timestamptz(null=True, default=None)
    frozen_at = Timestamptz(null=True, default=None)
    objections_until = Timestamptz(null=True, default=None)
    filled_at = Timestamptz(null=True, default=None)
    version = BigInt()


class SchemeDraft(Table):
    """Rules of marking that an account writes for a stage, as they were `before` the last step, marks to try them."""

    event_id = UUID()
    id = UUID(primary_key=True)
    stage_id = UUID()
    account = UUID()
    document = Text()
    before = Text(null=True, default=None)
    sample = Text()
    version = BigInt()
    updated_at = Timestamptz()


class Registration(Table):
    """A request of a person to take part in an event."""

    event_id = UUID()
    id = UUID(primary_key=True)
    person = UUID()
    union = UUID(null=True, default=None)
    contest_id = UUID(null=True, default=None)
    division_id = UUID(null=True, default=None)
    state = Text()
    reference = Text()
    note = Text()
    reason = Text(null=True, default=None)
    queue_number = BigInt(null=True, default=None)
    registered_by = UUID(null=True, default=None)
    checked_in_at = Timestamptz(null=True, default=None)
    checked_in_by = UUID(null=True, default=None)
    version = BigInt()
    created_at = Timestamptz()
    updated_at = Timestamptz()


class Entry(Table):
    """An accepted competitor in a contest; `number` is its registration number there."""

    event_id = UUID()
    id = UUID(primary_key=True)
    contest_id = UUID()
    division_id = UUID(null=True, default=None)
    registration_id = UUID(null=True, default=None)
    person = UUID(null=True, default=None)
    union = UUID(null=True, default=None)
    number = BigInt()
    name = Text()
    state = Text()
    created_at = Timestamptz()


class TeamMember(Table):
    """An entry of another contest whose result counts for a team, which is an entry as well."""

    event_id = UUID()
    id = UUID(primary_key=True)
    team_id = UUID()
    entry_id = UUID()


class Qualifier(Table):
    """An entry that goes on into a stage; `decided` by people, where it was equal to others at the cut."""

    event_id = UUID()
    id = UUID(primary_key=True)
    stage_id = UUID()
    entry_id = UUID()
    decided = Boolean()


class Slot(Table):
    """What the draw gave an entry in a stage: heat, place in the order, station, lot, and the code that judges see."""

    event_id = UUID()
    id = UUID(primary_key=True)
    stage_id = UUID()
    entry_id = UUID()
    position = BigInt()
    heat = BigInt()
    station = BigInt()
    lot = BigInt()
    code = Text()


class Panel(Table):
    """Judges whose marks are combined; `aspects` are the keys they mark (none: all), `leader` confirms for them."""

    event_id = UUID()
    id = UUID(primary_key=True)
    stage_id = UUID()
    title = Text()
    aspects = Text()
    leader = UUID(null=True, default=None)


class PanelSeat(Table):
    """A judge's seat in a panel; marks carry the seat, so that a judge can be replaced and both kept apart."""

    event_id = UUID()
    id = UUID(primary_key=True)
    panel_id = UUID()
    seat = Text()
    account = UUID()
    since = Timestamptz()
    until = Timestamptz(null=True, default=None)


class MatchResult(Table):
    """What came of a match (`number`, of the stage's fixtures): who won, none for a draw. Superseded, never edited."""

    event_id = UUID()
    id = UUID(primary_key=True)
    stage_id = UUID()
    number = BigInt()
    home_id = UUID()
    away_id = UUID()
    winner_id = UUID(null=True, default=None)
    home_score = BigInt(null=True, default=None)
    away_score = BigInt(null=True, default=None)
    entered_by = UUID(null=True, default=None)
    entered_at = Timestamptz()
    superseded_at = Timestamptz(null=True, default=None)


class Judging(Table):
    """What keeps judges from judging in an event: `own_union`, the part of the tree they share with an entry."""

    event_id = UUID()
    id = UUID(primary_key=True)
    own_union = Text(null=True, default=None)


class JudgeConflict(Table):
    """That an account must not judge the entries of a union's subtree, or one entry."""

    event_id = UUID()
    id = UUID(primary_key=True)
    account = UUID()
    union = UUID(null=True, default=None)
    entry_id = UUID(null=True, default=None)
    reason = Text()
    created_at = Timestamptz()


class Mark(Table):
    """What one judge (`seat`; none for a given value) gives one entry on one aspect. Superseded, never edited."""

    event_id = UUID()
    id = UUID(primary_key=True)
    stage_id = UUID()
    entry_id = UUID()
    aspect = Text()
    attempt = BigInt()
    seat = Text()
    value_e6 = BigInt(null=True, default=None)
    status = Text(null=True, default=None)
    reason = Text(null=True, default=None)
    entered_by = UUID(null=True, default=None)
    entered_at = Timestamptz()
    superseded_at = Timestamptz(null=True, default=None)


class SignOff(Table):
    """A confirmation: of a panel by its leader, or of a stage (no panel) by the chief judge."""

    event_id = UUID()
    id = UUID(primary_key=True)
    stage_id = UUID()
    panel_id = UUID(null=True, default=None)
    account = UUID()
    signed_at = Timestamptz()
    withdrawn_at = Timestamptz(null=True, default=None)
    reason = Text(null=True, default=None)


class Board(Table):
    """Standings of a stage. The live one is restated in place; other kinds are versions that stay."""

    event_id = UUID()
    id = UUID(primary_key=True)
    stage_id = UUID()
    kind = Text()
    version = BigInt()
    scheme_id = UUID()
    body = Text()
    digest = Text()
    made_at = Timestamptz()
    reason = Text(null=True, default=None)


class Tally(Table):
    """The rules of a table of delegations over an event's contests."""

    event_id = UUID()
    id = UUID(primary_key=True)
    number = BigInt()
    document = Text()
    created_at = Timestamptz()
    created_by = UUID(null=True, default=None)


class Promotion(Table):
    """That a person (behind `entry_id`) is proposed for a level by an official result, or why not."""

    event_id = UUID()
    id = UUID(primary_key=True)
    stage_id = UUID()
    entry_id = UUID()
    position = BigInt()
    level = Text()
    year = BigInt()
    proposed = Boolean()
    code = Text()
    params = Text()


# --- what happened, what is to be done ------------------------------------------------------------------------------


class Notice(Table):
    """The outbox: what changed, appended in the transaction that changed it."""

    number = BigInt(primary_key=True)
    txid = BigInt()
    event_id = UUID(null=True, default=None)
    kind = Text()
    subject = UUID(null=True, default=None)
    public = Boolean()
    account = UUID(null=True, default=None)
    at = Timestamptz()
    data = Text()


class Task(Table):
    """Background work; claimed by a lease, tried again, given up in the end."""

    id = UUID(primary_key=True)
    kind = Text()
    payload = Text()
    due_at = Timestamptz()
    leased_until = Timestamptz(null=True, default=None)
    attempts = BigInt()
    state = Text()
    failure = Text(null=True, default=None)
    created_at = Timestamptz()


class Message(Table):
    """What is sent to a person, on their page and by mail."""

    id = UUID(primary_key=True)
    account = UUID(null=True, default=None)
    person = UUID(null=True, default=None)
    event_id = UUID(null=True, default=None)
    kind = Text()
    address = Text(null=True, default=None)
    language = Text()
    params = Text()
    sent_at = Timestamptz(null=True, default=None)
    read_at = Timestamptz(null=True, default=None)
    created_at = Timestamptz()


class IdempotencyKey(Table):
    """The answer once given to a key, so that a repeated request gets the same one."""

    id = UUID(primary_key=True)
    account = UUID()
    key = Text()
    request_digest = Bytea()
    status = BigInt()
    headers = Text()
    body = Bytea()
    created_at = Timestamptz()


class ImportRun(Table):
    """How far a large import has come, so that it can go on after an interruption."""

    id = UUID(primary_key=True)
    kind = Text()
    digest = Bytea()
    rows_done = BigInt()
    finished_at = Timestamptz(null=True, default=None)
    created_at = Timestamptz()


ALL = (
    Union, Person, Member, Account, Claim, SignIn, Token, Throttle, RoleGrant, Venue, Station, Series,
    Event, Capacity, Session, SessionOfficial, Contest, Division, Scheme, Stage, SchemeDraft, Registration, Entry,
    TeamMember, Qualifier, Slot, Panel, PanelSeat, MatchResult, Judging, JudgeConflict, Mark, SignOff, Board, Tally,
    Promotion,
    Notice, Task, Message, IdempotencyKey, ImportRun,
)  # fmt: skip
