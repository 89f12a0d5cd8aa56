"""The formats in which entries meet, as data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Format = Literal["round_robin", "knock_out", "groups", "swiss"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """How entries meet: `cycles` of a round robin; `groups` of which `places` each go on; `rounds` of a Swiss.

    `third`: a match for third place in a knock-out; `win` and `draw`: the points of a match, a bye is a win. What a
    format does not ask for is not read.
    """

    format: Format
    cycles: int = 1
    groups: int = 2
    places: int = 2
    rounds: int = 5
    third: bool = False
    win: int = 2
    draw: int = 1


def flaw(meeting: Meeting, entries: int) -> str:
    """What keeps so many entries from meeting like that: too_few, many_groups, many_places, many_rounds; or nothing."""
    if entries < 2:
        return "too_few"
    if meeting.format == "swiss" and meeting.rounds >= entries + entries % 2:
        return "many_rounds"
    if meeting.format != "groups":
        return ""
    if entries < 2 * meeting.groups:
        return "many_groups"
    return "many_places" if meeting.places > entries // meeting.groups else ""
