"""How closely two ways to the same number must agree: one table for all tests.

An absolute tolerance stands beside each relative one because derivatives pass
through nought, where no relative error means anything.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Literal, TypedDict

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import DTypeLike

Kind = Literal[
    "forward",  # outputs of one forward pass
    "gradient",  # dE/dw, by two implementations of the same derivative
    "complex step",  # dE/dw against Im E(w + ih) / h: nothing cancels
    "central difference",  # dE/dw against (E(w + h) - E(w - h)) / 2h: half the digits
    "sweeps",  # weights after at most ten sweeps; rounding grows with each
]


class Tolerance(TypedDict):
    """What `numpy.testing.assert_allclose` is told."""

    rtol: float
    atol: float


TOLERANCES: Final[Mapping[tuple[str, Kind], Tolerance]] = MappingProxyType(
    {
        ("float64", "forward"): Tolerance(rtol=1e-13, atol=1e-14),
        ("float64", "gradient"): Tolerance(rtol=1e-11, atol=1e-13),
        ("float64", "complex step"): Tolerance(rtol=1e-12, atol=1e-14),
        ("float64", "central difference"): Tolerance(rtol=1e-6, atol=1e-8),
        ("float64", "sweeps"): Tolerance(rtol=1e-10, atol=1e-12),
        ("float32", "forward"): Tolerance(rtol=1e-5, atol=1e-6),
        ("float32", "gradient"): Tolerance(rtol=1e-4, atol=1e-5),
        ("float32", "sweeps"): Tolerance(rtol=1e-3, atol=1e-5),
    }
)


def tolerance(dtype: DTypeLike, kind: Kind) -> Tolerance:
    """Look up a row of the table; `assert_allclose(a, b, **tolerance(...))`."""
    return TOLERANCES[np.dtype(dtype).name, kind]
