"""Marking: panels of judges, their sheets, marks that are appended and superseded, sign-off."""

from __future__ import annotations

from events.marking.agreeing import EntrySpread, JudgeAgreement, PanelAgreement, judges_agreement
from events.marking.assigning import adopt, judging, propose
from events.marking.conflicts import copy_judging_rules, declare_conflict, remove_conflict, set_judging_rules
from events.marking.counting import SeatCount, marks_by_seat, seats_of
from events.marking.judging_structs import (
    AdoptForm,
    ConflictForm,
    ConflictView,
    DemandView,
    JudgeView,
    JudgingRules,
    JudgingView,
    ProposalForm,
    ProposalView,
    ShortageView,
)
from events.marking.listing import every_mark, list_marks
from events.marking.panels import add_panel, change_panel, list_panels, remove_panel, seat_judge, vacate_seat
from events.marking.sheets import duties_of as duties
from events.marking.sheets import sheet
from events.marking.signing import progress, sign_off, withdraw_sign_off
from events.marking.structs import (
    Duty,
    Entered,
    MarkForm,
    MarksForm,
    MarkView,
    Missing,
    PanelForm,
    PanelView,
    Progress,
    SeatForm,
    SeatView,
    Sheet,
    SheetAspect,
    SheetEntry,
    SheetMark,
    SheetPanel,
    SignOffForm,
    SignOffView,
    WithdrawalForm,
)
from events.marking.taking import enter, rules_to_transcribe, transcribe

__all__ = [
    "AdoptForm", "ConflictForm", "ConflictView", "DemandView", "Duty", "Entered", "EntrySpread", "JudgeAgreement",
    "JudgeView", "JudgingRules", "JudgingView", "MarkForm", "MarkView", "MarksForm", "Missing", "PanelAgreement",
    "PanelForm", "PanelView", "Progress", "ProposalForm", "ProposalView", "SeatCount", "SeatForm", "SeatView",
    "Sheet", "SheetAspect", "SheetEntry", "SheetMark", "SheetPanel", "ShortageView", "SignOffForm", "SignOffView",
    "WithdrawalForm", "add_panel", "adopt", "change_panel", "copy_judging_rules", "declare_conflict", "duties",
    "enter", "every_mark", "judges_agreement", "judging", "list_marks", "list_panels", "marks_by_seat", "progress",
    "propose", "remove_conflict", "remove_panel", "rules_to_transcribe", "seat_judge", "seats_of", "set_judging_rules",
    "sheet", "sign_off", "transcribe", "vacate_seat", "withdraw_sign_off",
]  # fmt: skip
