"""Scores, places and what is given, explained in words."""

from api.explaining.places import given, scale, sections, standing
from api.explaining.teller import Teller
from api.explaining.traces import Line, lines

__all__ = ["Line", "Teller", "given", "lines", "scale", "sections", "standing"]
