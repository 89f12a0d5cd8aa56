"""Who meets whom in a stage of a format: fixtures from its draw, and the results that make the next ones."""

from __future__ import annotations

from events.pairing.entering import enter_result, take_back
from events.pairing.reading import fixtures
from events.pairing.structs import (
    FixturesView,
    FixtureView,
    FromView,
    LineView,
    PlaceView,
    ResultForm,
    SideView,
    TableView,
)

__all__ = [
    "FixtureView",
    "FixturesView",
    "FromView",
    "LineView",
    "PlaceView",
    "ResultForm",
    "SideView",
    "TableView",
    "enter_result",
    "fixtures",
    "take_back",
]
