"""Marking: panels of judges, their sheets, marks that are appended and superseded, sign-off."""

from __future__ import annotations

from events.marking.agreeing import EntrySpread, JudgeAgreement, PanelAgreement, judges_agreement
from events.marking.counting import SeatCount, marks_by_seat, seats_of
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
from events.marking.taking import enter

__all__ = [
    "Duty", "Entered", "EntrySpread", "JudgeAgreement", "MarkForm", "MarkView", "MarksForm", "Missing",
    "PanelAgreement", "PanelForm", "PanelView", "Progress", "SeatCount", "SeatForm", "SeatView", "Sheet", "SheetAspect",
    "SheetEntry", "SheetMark", "SheetPanel", "SignOffForm", "SignOffView", "WithdrawalForm", "add_panel",
    "change_panel", "duties", "enter", "every_mark", "judges_agreement", "list_marks", "list_panels", "marks_by_seat",
    "progress", "remove_panel", "seat_judge", "seats_of", "sheet", "sign_off", "vacate_seat",
    "withdraw_sign_off",
]  # fmt: skip
