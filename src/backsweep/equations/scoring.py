"""Scoring: which cases an output gets right; a matter of verdicts, not of error."""

from __future__ import annotations

from typing import Any, Literal

__all__ = ["cases_right"]

Array = Any


def cases_right(
    y: Array,
    d: Array,
    rule: Literal["within", "winner"] = "within",
    tolerance: float | Array = 0.5,
) -> Array:
    """Tell for each case whether its outputs are right.

    Parameters
    ----------
    y : ndarray of shape (..., n_cases, n_units)
        Outputs of the output units.
    d : ndarray of shape (..., n_cases, n_units)
        What they should be.
    rule
        "within": every output is nearer than `tolerance` to the desired one; 0.5
        means the right side of a half. "winner": the most active unit is the
        desired one.
    tolerance
        A number, or an array that broadcasts against (..., n_cases).

    Returns
    -------
    ndarray of shape (..., n_cases)
        True where the case is right. An output that is not a number never is.

    Examples
    --------
    >>> import numpy as np
    >>> cases_right(np.array([[0.9], [0.4]]), np.array([[1.0], [1.0]]))
    array([ True, False])
    """
    namespace = y.__array_namespace__()
    if rule == "winner":
        chosen = namespace.argmax(y, axis=-1) == namespace.argmax(d, axis=-1)
        return chosen & namespace.all(namespace.isfinite(y), axis=-1)
    return namespace.max(namespace.abs(y - d), axis=-1) < tolerance
