"""A contest in an event: from divisions and entries to marks, boards and what follows from results."""

from __future__ import annotations

from piccolo.columns import UUID, BigInt, Boolean, Bytea, Text, Timestamptz
from piccolo.table import Table


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
    """Standings of a stage. The live one is restated in place; other kinds are versions that stay.

    Of a live one: `seen`, the last notice of marks that it knows of; `holder`, the process that restates it, until
    `held_until` (seconds since 1970, by the database's clock).
    """

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
    seen = BigInt(null=True, default=None)
    holder = UUID(null=True, default=None)
    held_until = BigInt(null=True, default=None)


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
