"""Publishing: boards restated from marks; freeze, provisional and official results, and why they are what they are."""

from __future__ import annotations

from events.publishing.explaining import explanation
from events.publishing.filling import empty_stage, fill_stage, preview_filling
from events.publishing.fills import Filled, FillForm, FillRow, FillView
from events.publishing.own import OwnResult, own_results
from events.publishing.promoting import PromotionView, promotions
from events.publishing.proving import Proof, prove
from events.publishing.reading import board, public_board, results, versions
from events.publishing.releasing import freeze, publish_official, publish_provisional, unfreeze
from events.publishing.restating import repair, restate, settle, start
from events.publishing.structs import (
    Award,
    Board,
    BoardVersion,
    Column,
    Explanation,
    OfficialForm,
    ProvisionalForm,
    ReadyBoard,
    ResultView,
    Row,
    Ruling,
    StepView,
    TraceView,
    UsedMark,
)
from events.publishing.supposing import AdoptForm, WhatIf, WhatIfForm, WhatIfRow, adopt_scheme, what_if
from events.publishing.tallies import add_tally, list_tallies, remove_tally, tally, tally_library
from events.publishing.tally_forms import LibraryTally, TallyForm, TallyHead, TallyView
from events.publishing.traces import step_view, trace_view
from events.publishing.watching import boards_for

__all__ = [
    "AdoptForm", "Award", "Board", "BoardVersion", "Column", "Explanation", "FillForm", "FillRow", "FillView",
    "Filled", "LibraryTally", "OfficialForm", "OwnResult", "PromotionView", "Proof", "ProvisionalForm", "ReadyBoard",
    "ResultView", "Row", "Ruling", "StepView", "TallyForm", "TallyHead", "TallyView", "TraceView", "UsedMark",
    "WhatIf", "WhatIfForm", "WhatIfRow", "add_tally", "adopt_scheme", "board", "boards_for", "empty_stage",
    "explanation", "fill_stage", "freeze", "list_tallies", "own_results", "preview_filling", "promotions",
    "prove", "public_board", "publish_official", "publish_provisional", "remove_tally", "repair", "restate", "results",
    "settle", "start", "step_view", "tally", "tally_library", "trace_view", "unfreeze", "versions", "what_if",
]  # fmt: skip
