"""The activations of a layer: one table, from name to function and derivative.

Equation (2) is the entry `logistic`. Functions find their array library from the
array they are given, so that the same lines run on NumPy, complex numbers and JAX.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["ACTIVATIONS", "Activation", "linear", "logistic", "relu", "softmax", "tanh"]

# Arrays of any library, so that no one library's type fits: NumPy's, JAX's, tracers.
Array = Any


def logistic(x: Array) -> Array:
    r"""Give each unit's output from its total input: equation 2.

    .. math:: y_j = \frac{1}{1 + e^{-x_j}}

    Parameters
    ----------
    x : ndarray of shape (..., n_units)
        Total input of each unit.

    Returns
    -------
    ndarray of shape (..., n_units)
        Output of each unit, in (0, 1).

    Notes
    -----
    Below x = -709 the exponential overflows to infinity and the output is 0, which
    is right to the last bit; callers silence that overflow.

    References
    ----------
    Rumelhart, Hinton & Williams, "Learning representations by back-propagating
    errors", Nature 323 (1986), equation 2.

    Examples
    --------
    >>> import numpy as np
    >>> logistic(np.array([0.0, np.log(3.0)]))
    array([0.5 , 0.75])
    """
    return 1 / (1 + x.__array_namespace__().exp(-x))


def tanh(x: Array) -> Array:
    """Give outputs in (-1, 1): the hyperbolic tangent of the total input."""
    return x.__array_namespace__().tanh(x)


def linear(x: Array) -> Array:
    """Hand the total input on unchanged."""
    return x


def relu(x: Array) -> Array:
    """Hand the positive part of the total input on; nought below.

    Of a complex number the real part decides, as the complex step needs.
    """
    return x * (x.__array_namespace__().real(x) > 0)


def softmax(x: Array) -> Array:
    """Share out an output of 1 among the layer's units by their total inputs."""
    namespace = x.__array_namespace__()
    largest = namespace.max(namespace.real(x), axis=-1, keepdims=True)
    powers = namespace.exp(x - largest)
    return powers / namespace.sum(powers, axis=-1, keepdims=True)


def _relu_slope(y: Array) -> Array:
    return 1.0 * (y.__array_namespace__().real(y) > 0)


def _through_softmax(dE_dy: Array, y: Array) -> Array:
    # Every total input of the layer moves every output, so that the derivative is a
    # matrix: diag(y) - y y'. This is its product with dE/dy.
    shared = y.__array_namespace__().sum(dE_dy * y, axis=-1, keepdims=True)
    return y * (dE_dy - shared)


@dataclass(frozen=True, slots=True, kw_only=True)
class Activation:
    """How a layer turns total inputs into outputs, and errors back again.

    Parameters
    ----------
    name
        What a description calls it.
    function
        From total inputs x, shape (..., n_units), to outputs y, same shape.
    backward
        Equation (5): from dE/dy and y to dE/dx, all of shape (..., n_units).
    range
        The open interval in which outputs lie.
    slope
        dy/dx in terms of y, where each output depends on its own total input only;
        None where the units of the layer act on one another.
    """

    name: str
    function: Callable[[Array], Array]
    backward: Callable[[Array, Array], Array]
    range: tuple[float, float]
    slope: Callable[[Array], Array] | None

    @property
    def is_shared(self) -> bool:
        """Whether each output depends on the whole layer's total inputs."""
        return self.slope is None


def _by_unit(
    name: str,
    function: Callable[[Array], Array],
    slope: Callable[[Array], Array],
    span: tuple[float, float],
) -> Activation:
    def backward(dE_dy: Array, y: Array) -> Array:
        return dE_dy * slope(y)

    return Activation(
        name=name, function=function, backward=backward, range=span, slope=slope
    )


_INFINITY = float("inf")

ACTIVATIONS: Final[Mapping[str, Activation]] = MappingProxyType(
    {
        entry.name: entry
        for entry in (
            _by_unit("logistic", logistic, lambda y: y * (1 - y), (0.0, 1.0)),
            _by_unit("tanh", tanh, lambda y: 1 - y * y, (-1.0, 1.0)),
            _by_unit("linear", linear, lambda y: 1 + 0 * y, (-_INFINITY, _INFINITY)),
            _by_unit("relu", relu, _relu_slope, (0.0, _INFINITY)),
            Activation(
                name="softmax",
                function=softmax,
                backward=_through_softmax,
                range=(0.0, 1.0),
                slope=None,
            ),
        )
    }
)
