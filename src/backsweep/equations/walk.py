"""The walk over a network: forward gives every x and y, backward every derivative.

Both know layers and links only; what an activation or a measure of error does
stands in its table. A network with delayed links must be unfolded in time first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from backsweep.activations import ACTIVATIONS
from backsweep.equations.letter import (
    bias_gradient,
    error_by_lower_output,
    error_by_total_input,
    total_input,
    weight_gradient,
)
from backsweep.equations.measures import MEASURES, Measure
from backsweep.errors import ShapeError, SpecError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from backsweep.network import Layer, Network

__all__ = ["Passed", "Signals", "backward", "forward", "output_error"]

Array = Any


class Passed(NamedTuple):
    """What the forward pass left at each unit.

    Parameters
    ----------
    x : mapping of layer name to ndarray of shape (..., n_cases, n_units)
        Total inputs; input layers have none.
    y : mapping of layer name to ndarray of shape (..., n_cases, n_units)
        Outputs.
    """

    x: Mapping[str, Array]
    y: Mapping[str, Array]


class Signals(NamedTuple):
    """What the backward pass left at each unit and weight.

    Parameters
    ----------
    dE_dy : mapping of layer name to ndarray of shape (..., n_cases, n_units)
        Derivative of the error by each output.
    dE_dx : mapping of layer name to ndarray of shape (..., n_cases, n_units)
        Derivative of the error by each total input.
    dE_dw : ndarray of shape (..., n_parameters)
        Derivative of the error by each weight and bias, in the network's order.
    """

    dE_dy: Mapping[str, Array]
    dE_dx: Mapping[str, Array]
    dE_dw: Array


def forward(network: Network, parameters: Array, inputs: Array) -> Passed:
    """Set the layers from bottom to top: equations 1 and 2.

    Parameters
    ----------
    network
        A network without delayed links.
    parameters : ndarray of shape (..., n_parameters)
        Weights and biases in the network's order; or `network.views` of them, for
        callers that pass often.
    inputs : ndarray of shape (..., n_cases, n_in)
        Outputs of the input units, over the input layers in order.

    Returns
    -------
    Passed
        Every x and y.

    Examples
    --------
    >>> import numpy as np
    >>> from backsweep.network import Network
    >>> network = Network.layered(2, 1)
    >>> passed = forward(network, np.array([1.0, -1.0, 0.0]), np.array([[3.0, 3.0]]))
    >>> passed.y["output"]
    array([[0.5]])
    """
    if network.is_iterative:
        raise SpecError(
            "the walk must have a network whose links carry no delay, got one with.",
            hint="unfold it in time: a copy of its layers for each time step.",
        )
    if inputs.shape[-1] != network.n_in:
        raise ShapeError(
            f"`inputs` must have {network.n_in} units on the last axis, as the "
            "network has, "
            f"got shape {tuple(inputs.shape)}."
        )
    views = parameters if isinstance(parameters, dict) else network.views(parameters)
    x: dict[str, Array] = {}
    y: dict[str, Array] = _by_layer(network.inputs, inputs)
    for layer, sources, biases in network.upward:
        received = None
        for source, weights in sources:
            sent = (
                y[source] if weights is None else total_input(y[source], views[weights])
            )
            received = sent if received is None else received + sent
        if biases is not None:
            received = received + views[biases]
        x[layer.name] = received
        y[layer.name] = ACTIVATIONS[layer.activation].function(received)
    return Passed(x, y)


def backward(
    network: Network,
    parameters: Array,
    passed: Passed,
    desired: Array,
    *,
    error: str = "squared",
    zone: float | Array = 0.0,
    ties: Literal["average", "sum"] = "average",
) -> Signals:
    """Send the errors back from top to bottom: equations 4 to 7.

    Parameters
    ----------
    network
        A network without delayed links.
    parameters : ndarray of shape (..., n_parameters)
        Weights and biases in the network's order.
    passed
        What `forward` gave for them.
    desired : ndarray of shape (..., n_cases, n_out)
        Desired outputs, over the output layers in order.
    error
        Name of a measure of error.
    zone
        Outputs nearer than this to what is desired hand no error back.
    ties
        Average or sum the gradients of links that share their weights.

    Returns
    -------
    Signals
        Every dE/dy, dE/dx and dE/dw, of the error summed over cases.
    """
    views = parameters if isinstance(parameters, dict) else network.views(parameters)
    _check_desired(network, passed, desired)
    outputs = _by_layer(network.outputs, desired)
    dE_dy: dict[str, Array] = {}
    dE_dx: dict[str, Array] = {}
    for layer, _, _ in reversed(network.upward):
        y = passed.y[layer.name]
        if layer.name in outputs:
            by_output, by_input = _blame(layer, y, outputs[layer.name], error, zone)
        else:
            by_output, by_input = _from_above(network, views, layer, dE_dx), None
        if by_input is None:
            by_input = error_by_total_input(by_output, y, layer.activation)
        dE_dy[layer.name], dE_dx[layer.name] = by_output, by_input
    return Signals(dE_dy, dE_dx, _gradient(network, passed, dE_dx, ties))


def output_error(
    network: Network, passed: Passed, desired: Array, error: str = "squared"
) -> Array:
    """Measure the error of all output layers: equation 3, or another measure.

    Parameters
    ----------
    network
        A network.
    passed
        What `forward` gave.
    desired : ndarray of shape (..., n_cases, n_out)
        Desired outputs, over the output layers in order.
    error
        Name of a measure of error.

    Returns
    -------
    ndarray of shape (...)
        The error, summed over cases and output units.
    """
    _check_desired(network, passed, desired)
    total: Array = 0.0
    for layer, d in zip(
        network.outputs, _by_layer(network.outputs, desired).values(), strict=True
    ):
        by_unit = _measure(layer, error).by_unit(passed.y[layer.name], d)
        total = total + by_unit.sum(axis=(-2, -1))
    return total


def _check_desired(network: Network, passed: Passed, desired: Array) -> None:
    n_cases = passed.y[network.outputs[0].name].shape[-2]
    if desired.shape[-2:] != (n_cases, network.n_out):
        raise ShapeError(
            f"`desired` must hold {n_cases} cases of {network.n_out} output units, "
            f"as the outputs do, got shape {tuple(desired.shape)}."
        )


def _by_layer(layers: tuple[Layer, ...], columns: Array) -> dict[str, Array]:
    if len(layers) == 1:
        return {layers[0].name: columns}
    parts = {}
    start = 0
    for layer in layers:
        parts[layer.name] = columns[..., start : start + layer.size]
        start += layer.size
    return parts


def _measure(layer: Layer, error: str) -> Measure:
    return MEASURES[error, layer.activation == "softmax"]


def _blame(
    layer: Layer, y: Array, d: Array, error: str, zone: float | Array
) -> tuple[Array, Array | None]:
    """Begin at an output layer: dE/dy, and dE/dx where the measure has a short cut."""
    measure = _measure(layer, error)
    in_one_step = measure.by_total_input.get(layer.activation)
    by_output = measure.by_output(y, d)
    by_input = in_one_step(y, d) if in_one_step else None
    if not (isinstance(zone, float) and zone == 0):
        namespace = y.__array_namespace__()
        counts = namespace.abs(namespace.real(y - d)) >= zone
        by_output = by_output * counts
        by_input = None if by_input is None else by_input * counts
    return by_output, by_input


def _from_above(
    network: Network,
    views: Mapping[int, Array],
    layer: Layer,
    dE_dx: Mapping[str, Array],
) -> Array:
    blame = None
    for target, weights in network.downward[layer.name]:
        sent = dE_dx[target]
        if weights is not None:
            sent = error_by_lower_output(sent, views[weights])
        blame = sent if blame is None else blame + sent
    return blame


def _gradient(
    network: Network,
    passed: Passed,
    dE_dx: Mapping[str, Array],
    ties: Literal["average", "sum"],
) -> Array:
    # The order of the walk is the order of the flat vector; tied links come back to
    # the place of the first of them.
    parts: dict[int, Array] = {}
    times: dict[int, int] = {}
    above: Array = None
    for layer, sources, biases in network.upward:
        above = dE_dx[layer.name]
        for source, weights in sources:
            if weights is None:
                continue
            gradient = weight_gradient(above, passed.y[source])
            gradient = gradient.reshape((*gradient.shape[:-2], -1))
            if weights in parts:
                gradient = parts[weights] + gradient
                times[weights] = times.get(weights, 1) + 1
            parts[weights] = gradient
        if biases is not None:
            parts[biases] = bias_gradient(above)
    if ties == "average":
        for weights, count in times.items():
            parts[weights] = parts[weights] / count
    return above.__array_namespace__().concat(tuple(parts.values()), axis=-1)
