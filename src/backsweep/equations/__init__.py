"""The letter's equations, one function each, and the walk over a network with them.

Pure functions of arrays of any library, real or complex, with any leading axes:
every engine is held to them.
"""

from __future__ import annotations

from backsweep.activations import logistic
from backsweep.equations.letter import (
    bias_gradient,
    error_by_lower_output,
    error_by_total_input,
    total_input,
    weight_gradient,
)
from backsweep.equations.measures import error, error_by_output
from backsweep.equations.scoring import cases_right
from backsweep.equations.updates import momentum, steepest_descent
from backsweep.equations.walk import Passed, Signals, backward, forward, output_error

__all__ = [
    "Passed",
    "Signals",
    "backward",
    "bias_gradient",
    "cases_right",
    "error",
    "error_by_lower_output",
    "error_by_output",
    "error_by_total_input",
    "forward",
    "logistic",
    "momentum",
    "output_error",
    "steepest_descent",
    "total_input",
    "weight_gradient",
]
