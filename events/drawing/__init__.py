"""Draws: who starts when, where and under which code; anybody can make them again from what is published.

1. `set_rules` settles heats, stations, seeds and whom to keep apart; `preview` tells what that comes to.
2. `announce` fixes the list (numbers of the entries, ascending) and the recipe (the rules with the entries), publishes
   the digest of both, and either commits to a secret key (by its SHA-256) or names the public value that will be the
   key.
3. `draw` replays the recipe with the key (scoring.recipes). The codes that judges see come from a secret that nobody
   keeps, for a public key would open them. Key and recipe are shown once codes may be opened; `document` has it all.
"""

from __future__ import annotations

from events.drawing.making import announce, append, draw
from events.drawing.reading import document, drawn, own_slots
from events.drawing.ruling import preview, set_rules, settled_rules
from events.drawing.structs import (
    AnnounceForm,
    CrowdView,
    DrawForm,
    DrawPreview,
    DrawRules,
    DrawView,
    MeetingRules,
    OwnSlot,
    SlotView,
)

__all__ = [
    "AnnounceForm",
    "CrowdView",
    "DrawForm",
    "DrawPreview",
    "DrawRules",
    "DrawView",
    "MeetingRules",
    "OwnSlot",
    "SlotView",
    "announce",
    "append",
    "document",
    "draw",
    "drawn",
    "own_slots",
    "preview",
    "set_rules",
    "settled_rules",
]
