"""Marks in, scores and orders out. Pure: no clock, no chance, no disk, no network; the standard library only."""
