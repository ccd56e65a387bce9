"""Measures of error: one table, from name and kind of output to its derivatives.

Equation (3) and its derivative (4) are the entry "squared". All sum over cases and
output units; the procedure scales the sum.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["MEASURES", "Measure", "error", "error_by_output"]

Array = Any


def error(y: Array, d: Array) -> Array:
    r"""Give half the squared distance from what is desired: equation 3.

    .. math:: E = \frac{1}{2} \sum_c \sum_j (y_{j,c} - d_{j,c})^2

    Parameters
    ----------
    y : ndarray of shape (..., n_cases, n_units)
        Outputs of the output units.
    d : ndarray of shape (..., n_cases, n_units)
        What they should be.

    Returns
    -------
    ndarray of shape (...)
        The error, summed (not averaged) over cases and units.

    References
    ----------
    Rumelhart, Hinton & Williams, Nature 323 (1986), equation 3.

    Examples
    --------
    >>> import numpy as np
    >>> float(error(np.array([[0.5], [1.0]]), np.array([[1.0], [1.0]])))
    0.125
    """
    return y.__array_namespace__().sum(_half_square(y, d), axis=(-2, -1))


def error_by_output(y: Array, d: Array) -> Array:
    r"""Differentiate the error by each output: equation 4.

    .. math:: \frac{\partial E}{\partial y_j} = y_j - d_j

    Parameters
    ----------
    y : ndarray of shape (..., n_cases, n_units)
        Outputs of the output units.
    d : ndarray of shape (..., n_cases, n_units)
        What they should be.

    Returns
    -------
    ndarray of shape (..., n_cases, n_units)
        The derivative for each case and unit.

    References
    ----------
    Rumelhart, Hinton & Williams, Nature 323 (1986), equation 4.

    Examples
    --------
    >>> import numpy as np
    >>> error_by_output(np.array([[0.5]]), np.array([[1.0]]))
    array([[-0.5]])
    """
    return y - d


def _half_square(y: Array, d: Array) -> Array:
    difference = y - d
    return 0.5 * difference * difference


def _floored(y: Array) -> Array:
    """Keep a saturated output off nought, where logarithm and quotient end."""
    namespace = y.__array_namespace__()
    tiny = float(namespace.finfo(y.dtype).tiny)
    return namespace.where(namespace.real(y) < tiny, tiny, y)


def _log(y: Array) -> Array:
    return y.__array_namespace__().log(_floored(y))


def _entropy(y: Array, d: Array) -> Array:
    return -(d * _log(y) + (1 - d) * _log(1 - y))


def _entropy_by_output(y: Array, d: Array) -> Array:
    return (1 - d) / _floored(1 - y) - d / _floored(y)


def _shared_entropy(y: Array, d: Array) -> Array:
    return -d * _log(y)


def _shared_entropy_by_output(y: Array, d: Array) -> Array:
    return -d / _floored(y)


def _shared_difference(y: Array, d: Array) -> Array:
    return y * y.__array_namespace__().sum(d, axis=-1, keepdims=True) - d


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """How far outputs are from what is desired, and the derivatives of that.

    Parameters
    ----------
    by_unit
        The error of each case and unit, from y and d of shape (..., n_cases, n_units).
    by_output
        dE/dy, of the same shape.
    by_total_input
        dE/dx in one step, for the activations with which it takes a simple form in
        which nothing is divided by a slope that may vanish.
    fits
        The activations of output units that the measure is meant for.
    """

    by_unit: Callable[[Array, Array], Array]
    by_output: Callable[[Array, Array], Array]
    by_total_input: Mapping[str, Callable[[Array, Array], Array]]
    fits: frozenset[str]


_SQUARED: Final = Measure(
    by_unit=_half_square,
    by_output=error_by_output,
    by_total_input=MappingProxyType({}),
    fits=frozenset({"logistic", "tanh", "linear", "relu"}),
)

# By name, and whether the output units share one activation (softmax): the
# cross-entropy of units that answer each for itself is another formula than that
# of units of which one is right.
MEASURES: Final[Mapping[tuple[str, bool], Measure]] = MappingProxyType(
    {
        ("squared", False): _SQUARED,
        ("squared", True): _SQUARED,
        ("cross-entropy", False): Measure(
            by_unit=_entropy,
            by_output=_entropy_by_output,
            by_total_input=MappingProxyType({"logistic": error_by_output}),
            fits=frozenset({"logistic"}),
        ),
        ("cross-entropy", True): Measure(
            by_unit=_shared_entropy,
            by_output=_shared_entropy_by_output,
            by_total_input=MappingProxyType({"softmax": _shared_difference}),
            fits=frozenset({"softmax"}),
        ),
    }
)
