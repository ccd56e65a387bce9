"""Learning: drives an engine block by block; stops, records, checkpoints, resumes."""

from __future__ import annotations

from backsweep.learning.drive import Plan, Report, Shelf, carry_out
from backsweep.learning.history import History, Recording
from backsweep.learning.shelf import FolderShelf, settings_of, shelf_beside

__all__ = [
    "FolderShelf",
    "History",
    "Plan",
    "Recording",
    "Report",
    "Shelf",
    "carry_out",
    "settings_of",
    "shelf_beside",
]
