"""Claims: what the letter says, each with its source and the function that measures it.

`measure` learns what the claims rest on and judges them by stated rules; `report`
writes the page with all figures.
"""

from __future__ import annotations

from backsweep.claims.claim import (
    VERDICTS,
    Claim,
    Ensemble,
    Finding,
    Plate,
    Row,
    Verdict,
)
from backsweep.claims.measuring import CLAIMS, measure
from backsweep.claims.reporting import report

__all__ = [
    "CLAIMS",
    "VERDICTS",
    "Claim",
    "Ensemble",
    "Finding",
    "Plate",
    "Row",
    "Verdict",
    "measure",
    "report",
]
