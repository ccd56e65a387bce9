"""Runs: the labelled record of an ensemble; learned, saved, opened, replayed."""

from __future__ import annotations

from backsweep.runs.ensemble import learn
from backsweep.runs.maps import MAPS, best_cell, cells, count_cells, engine_for
from backsweep.runs.record import OUTCOMES, Runs
from backsweep.runs.store import open_runs
from backsweep.runs.summary import share_interval, summary

__all__ = [
    "MAPS",
    "OUTCOMES",
    "Runs",
    "best_cell",
    "cells",
    "count_cells",
    "engine_for",
    "learn",
    "open_runs",
    "share_interval",
    "summary",
]
