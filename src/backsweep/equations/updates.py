"""Updates: from the gradient of a sweep to the change of the weights.

Each rule has the shape (gradient, velocity, epsilon, alpha) -> (change, velocity);
the velocity begins at zero.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

__all__ = ["UPDATES", "momentum", "steepest_descent"]

Array = Any


def steepest_descent(dE_dw: Array, epsilon: float) -> Array:
    r"""Change each weight down its own slope: equation 8.

    .. math:: \Delta w = -\varepsilon \frac{\partial E}{\partial w}

    Parameters
    ----------
    dE_dw : ndarray of shape (..., n_parameters)
        Derivative of the error by each parameter, summed over cases.
    epsilon : float, optional in shape
        Step size; or an array that broadcasts, one value a run.

    Returns
    -------
    ndarray of shape (..., n_parameters)
        What to add to each parameter.

    References
    ----------
    Rumelhart, Hinton & Williams, Nature 323 (1986), equation 8.

    Examples
    --------
    >>> import numpy as np
    >>> steepest_descent(np.array([0.5, -2.0]), epsilon=0.1)
    array([-0.05,  0.2 ])
    """
    return -epsilon * dE_dw


def momentum(dE_dw: Array, previous: Array, epsilon: float, alpha: float) -> Array:
    r"""Let the slope change the velocity instead of the position: equation 9.

    .. math:: \Delta w(t) = -\varepsilon \frac{\partial E}{\partial w(t)}
              + \alpha \Delta w(t - 1)

    Parameters
    ----------
    dE_dw : ndarray of shape (..., n_parameters)
        Derivative of the error by each parameter, summed over cases.
    previous : ndarray of shape (..., n_parameters)
        The change made one sweep before; zero in the first.
    epsilon, alpha : float, optional in shape
        Step size, and how much of the previous change goes on; or arrays that
        broadcast, one value a run.

    Returns
    -------
    ndarray of shape (..., n_parameters)
        What to add to each parameter.

    References
    ----------
    Rumelhart, Hinton & Williams, Nature 323 (1986), equation 9.

    Examples
    --------
    >>> import numpy as np
    >>> momentum(np.array([0.5]), np.array([0.2]), epsilon=0.1, alpha=0.9)
    array([0.13])
    """
    return alpha * previous - epsilon * dE_dw


def _letter(g: Array, v: Array, epsilon: Array, alpha: Array) -> tuple[Array, Array]:
    change = momentum(g, v, epsilon, alpha)
    return change, change


def _torch(g: Array, v: Array, epsilon: Array, alpha: Array) -> tuple[Array, Array]:
    # torch.optim.SGD keeps the velocity free of the step size, so that a change of
    # epsilon acts on what was gathered before it too.
    velocity = alpha * v + g
    return -epsilon * velocity, velocity


def _nesterov(g: Array, v: Array, epsilon: Array, alpha: Array) -> tuple[Array, Array]:
    # scikit-learn's form of Nesterov's momentum: look ahead along the new velocity.
    velocity = momentum(g, v, epsilon, alpha)
    return momentum(g, velocity, epsilon, alpha), velocity


Update = Callable[[Array, Array, Array, Array], tuple[Array, Array]]

UPDATES: Final[Mapping[str, Update]] = MappingProxyType(
    {"letter": _letter, "torch": _torch, "nesterov": _nesterov}
)
