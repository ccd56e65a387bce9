"""Analysis: what hidden units come to represent; plain data in, plain data out."""

from __future__ import annotations

from backsweep.analysis.boundary import boundary, box_dimension
from backsweep.analysis.codes import (
    TwinDistances,
    best_correlations,
    correlations,
    twin_distances,
)
from backsweep.analysis.lesions import silenced
from backsweep.analysis.mirror import (
    CODES,
    alignment,
    mirror_residual,
    ratio_code,
    side_magnitudes,
)
from backsweep.analysis.plateau import Landmarks, landmarks
from backsweep.analysis.separability import Separation, most_right, separation

__all__ = [
    "CODES",
    "Landmarks",
    "Separation",
    "TwinDistances",
    "alignment",
    "best_correlations",
    "boundary",
    "box_dimension",
    "correlations",
    "landmarks",
    "mirror_residual",
    "most_right",
    "ratio_code",
    "separation",
    "side_magnitudes",
    "silenced",
    "twin_distances",
]
