"""What pages show of any network: its layers, its weights, and the signals in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from backsweep.equations import backward, forward
from backsweep.lab.messages import Block, Layer

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from backsweep.network import Network
    from backsweep.tasks import Task

    Floats = NDArray[np.float64]

__all__ = ["blocks_of", "layers_of", "over_units", "signals_of"]


def layers_of(network: Network) -> tuple[Layer, ...]:
    """Name the layers and their units."""
    return tuple(
        Layer(name=layer.name, units=layer.unit_names) for layer in network.layers
    )


def blocks_of(network: Network) -> tuple[Block, ...]:
    """Say where in the flat vector the weights and biases of each link stand."""
    return tuple(
        Block(
            layer=block.layer,
            source=block.source,
            start=block.start,
            shape=block.shape,
        )
        for block in network.blocks
    )


def over_units(network: Network, by_layer: Any) -> Floats:
    """Put the hidden and the output units side by side, the lowest layer first."""
    above = [by_layer[step.layer.name] for step in network.upward]
    return np.concatenate(above, axis=-1)


def signals_of(network: Network, task: Task, parameters: Floats) -> dict[str, Floats]:
    """Pass forward and backward at every sweep, summed over cases and case by case.

    Parameters
    ----------
    network
        With one output layer.
    task
        Its cases.
    parameters : ndarray of shape (n_sweeps, n_parameters)
        The weights of each sweep.
    """
    passed = forward(network, parameters, task.inputs)
    signals = backward(network, parameters, passed, task.desired)
    one_by_one = parameters[:, None]  # (n_sweeps, 1, n_parameters)
    alone = forward(network, one_by_one, task.inputs[:, None])
    apart = backward(network, one_by_one, alone, task.desired[:, None])
    output = passed.y[network.outputs[0].name]
    return {
        "error": 0.5 * ((output - task.desired) ** 2).sum(axis=(-2, -1)),
        "weights": parameters,
        "y": over_units(network, passed.y),
        "x": over_units(network, passed.x),
        "dE_dy": over_units(network, signals.dE_dy),
        "dE_dx": over_units(network, signals.dE_dx),
        "dE_dw": signals.dE_dw,
        "dE_dw_by_case": apart.dE_dw,
    }
