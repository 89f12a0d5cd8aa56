"""Contests of an event: divisions, stages, schemes and entries."""

from __future__ import annotations

from events.contests.copying import copy_contests
from events.contests.dividing import add_division, change_division, members_of_division, remove_division
from events.contests.drafting import DraftForm, DraftView, draft, drop_draft, keep_draft
from events.contests.entering import add_entries, add_registered, change_entry, list_entries, withdraw_entries
from events.contests.keeping import (
    add_contest,
    add_stage,
    change_stage,
    contest,
    contest_held,
    keeps_stage,
    list_contests,
    remove_stage,
    rewrite_contest,
    stage,
)
from events.contests.removing import Going, entered_people, erase, going, judges_of, keeps_contests
from events.contests.schemes import library, list_schemes, ready_scheme, ready_tables, scheme, set_scheme
from events.contests.structs import (
    ContestForm,
    ContestView,
    DivisionForm,
    DivisionView,
    EntryChange,
    EntryForm,
    EntryView,
    LibraryScheme,
    SchemeForm,
    SchemeView,
    StageForm,
    StageView,
)
from events.contests.teams import TeamForm, TeamMemberView, list_team_members, set_team

__all__ = [
    "ContestForm",
    "ContestView",
    "DivisionForm",
    "DivisionView",
    "DraftForm",
    "DraftView",
    "EntryChange",
    "EntryForm",
    "EntryView",
    "Going",
    "LibraryScheme",
    "SchemeForm",
    "SchemeView",
    "StageForm",
    "StageView",
    "TeamForm",
    "TeamMemberView",
    "add_contest",
    "add_division",
    "add_entries",
    "add_registered",
    "add_stage",
    "change_division",
    "change_entry",
    "change_stage",
    "contest",
    "contest_held",
    "copy_contests",
    "draft",
    "drop_draft",
    "entered_people",
    "erase",
    "going",
    "judges_of",
    "keep_draft",
    "keeps_contests",
    "keeps_stage",
    "library",
    "list_contests",
    "list_entries",
    "list_schemes",
    "list_team_members",
    "members_of_division",
    "ready_scheme",
    "ready_tables",
    "remove_division",
    "remove_stage",
    "rewrite_contest",
    "scheme",
    "set_scheme",
    "set_team",
    "stage",
    "withdraw_entries",
]  # fmt: skip
