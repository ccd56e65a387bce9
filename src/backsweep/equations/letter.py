r"""The letter's equations (1) and (5) to (7); (2), (3), (4), (8) and (9) are in tables.

Arrays are (..., n_cases, n_units) with any leading axes. The products are written
`(w @ y.mT).mT` as the letter writes w before y; it also keeps the cases of one unit
side by side in memory, which is what makes a leading axis of runs cheap.
"""

from __future__ import annotations

from typing import Any

from backsweep.activations import ACTIVATIONS
from backsweep.errors import ShapeError

__all__ = [
    "bias_gradient",
    "error_by_lower_output",
    "error_by_total_input",
    "total_input",
    "weight_gradient",
]

Array = Any


def total_input(y: Array, w: Array) -> Array:
    r"""Sum what each unit receives from the units of a lower layer: equation 1.

    .. math:: x_j = \sum_i y_i w_{ji}

    Parameters
    ----------
    y : ndarray of shape (..., n_cases, n_from)
        Outputs of the sending units.
    w : ndarray of shape (..., n_to, n_from)
        Weights; row j holds the weights into unit j.

    Returns
    -------
    ndarray of shape (..., n_cases, n_to)
        Total input of the receiving units through this link. Those of several
        links into a layer are added, and so is the bias: the weight from an extra
        unit that is always 1.

    Raises
    ------
    ShapeError
        If `y` and `w` do not agree on the number of sending units.

    References
    ----------
    Rumelhart, Hinton & Williams, Nature 323 (1986), equation 1.

    Examples
    --------
    >>> import numpy as np
    >>> total_input(np.array([[1.0, 0.0], [1.0, 1.0]]), np.array([[0.5, -2.0]]))
    array([[ 0.5],
           [-1.5]])
    """
    if y.shape[-1] != w.shape[-1]:
        raise ShapeError(
            f"`y` must have as many units as `w` has columns, got {y.shape[-1]} and "
            f"{w.shape[-1]}."
        )
    return (w @ y.mT).mT


def error_by_total_input(dE_dy: Array, y: Array, activation: str = "logistic") -> Array:
    r"""Pass the error signal back through the activation: equation 5.

    .. math:: \frac{\partial E}{\partial x_j}
              = \frac{\partial E}{\partial y_j} \cdot y_j (1 - y_j)

    Parameters
    ----------
    dE_dy : ndarray of shape (..., n_cases, n_units)
        Derivative of the error by each output.
    y : ndarray of shape (..., n_cases, n_units)
        The outputs themselves; the slope is written in terms of them.
    activation
        Another entry of `backsweep.activations.ACTIVATIONS` has another slope than
        the y(1 - y) of logistic units.

    Returns
    -------
    ndarray of shape (..., n_cases, n_units)
        Derivative of the error by each total input.

    References
    ----------
    Rumelhart, Hinton & Williams, Nature 323 (1986), equation 5.

    Examples
    --------
    >>> import numpy as np
    >>> error_by_total_input(np.array([[-1.0]]), np.array([[0.5]]))
    array([[-0.25]])
    """
    return ACTIVATIONS[activation].backward(dE_dy, y)


def weight_gradient(dE_dx: Array, y: Array) -> Array:
    r"""Sum each weight's error derivative over the cases: equation 6.

    .. math:: \frac{\partial E}{\partial w_{ji}}
              = \sum_c \frac{\partial E}{\partial x_{j,c}} \, y_{i,c}

    Parameters
    ----------
    dE_dx : ndarray of shape (..., n_cases, n_to)
        Derivative of the error by the total input of each receiving unit.
    y : ndarray of shape (..., n_cases, n_from)
        Outputs of the sending units.

    Returns
    -------
    ndarray of shape (..., n_to, n_from)
        Derivative of the error by each weight, summed (not averaged) over cases.
        Row j holds the weights into unit j.

    Raises
    ------
    ShapeError
        If the two arrays do not hold the same number of cases.

    References
    ----------
    Rumelhart, Hinton & Williams, Nature 323 (1986), equation 6.

    Examples
    --------
    One case, two sending units, one receiving unit:

    >>> import numpy as np
    >>> weight_gradient(np.array([[0.5]]), np.array([[1.0, 0.0]]))
    array([[0.5, 0. ]])
    """
    if dE_dx.shape[-2] != y.shape[-2]:
        raise ShapeError(
            f"`dE_dx` and `y` must hold the same cases, got {dE_dx.shape[-2]} and "
            f"{y.shape[-2]}.",
            hint="pass the arrays of one forward and backward pass together.",
        )
    return dE_dx.mT @ y


def bias_gradient(dE_dx: Array) -> Array:
    """Equation 6 for the weight from the extra unit that is always 1.

    Parameters
    ----------
    dE_dx : ndarray of shape (..., n_cases, n_to)
        Derivative of the error by the total input of each unit.

    Returns
    -------
    ndarray of shape (..., n_to)
        Derivative of the error by each bias, summed over cases.

    Examples
    --------
    >>> import numpy as np
    >>> bias_gradient(np.array([[0.5], [0.25]]))
    array([0.75])
    """
    return dE_dx.sum(axis=-2)


def error_by_lower_output(dE_dx: Array, w: Array) -> Array:
    r"""Collect the blame that a lower layer takes for the errors above: equation 7.

    .. math:: \frac{\partial E}{\partial y_i}
              = \sum_j \frac{\partial E}{\partial x_j} \, w_{ji}

    Parameters
    ----------
    dE_dx : ndarray of shape (..., n_cases, n_to)
        Derivative of the error by the total input of each receiving unit.
    w : ndarray of shape (..., n_to, n_from)
        Weights; row j holds the weights into unit j.

    Returns
    -------
    ndarray of shape (..., n_cases, n_from)
        Derivative of the error by each output of the lower layer through this
        link. Those of several links out of a layer are added.

    References
    ----------
    Rumelhart, Hinton & Williams, Nature 323 (1986), equation 7.

    Examples
    --------
    >>> import numpy as np
    >>> error_by_lower_output(np.array([[0.5]]), np.array([[2.0, -4.0]]))
    array([[ 1., -2.]])
    """
    return (w.mT @ dE_dx.mT).mT
