"""What pages show of any network: its layers, its weights, and the signals in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from backsweep.equations import backward, forward
from backsweep.lab.messages import Block, Layer

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from backsweep.network import Network
    from backsweep.tasks import Task

    Floats = NDArray[np.float64]

__all__ = ["before", "blocks_of", "layers_of", "over_units", "signals_of", "steps_of"]


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


def before(sweeps: Sequence[int]) -> tuple[int, ...]:
    """Give sweeps with the two before each, which tell how its change came about.

    Examples
    --------
    >>> before([0, 1, 10])
    (0, 1, 8, 9, 10)
    """
    return tuple(
        sorted({max(0, sweep - back) for sweep in sweeps for back in range(3)})
    )


def steps_of(
    snapshots: Floats,
    sweeps: Sequence[int],
    slope: Callable[[Floats], Floats],
    decay: Callable[[int], float] = lambda _: 0.0,
) -> dict[str, Floats]:
    """Tell what made the last change of each weight, by equation 9.

    Parameters
    ----------
    snapshots : ndarray of shape (n_before, n_parameters)
        The weights at the sweeps that `before` gives for `sweeps`.
    sweeps
        Those that are looked at.
    slope
        Gives dE/dw, summed over the cases, at some weights.
    decay
        The share of itself that a weight lost after the change of a sweep.

    Returns
    -------
    dict of ndarray of shape (n_sweeps, n_parameters)
        `change`; `slope` at the weights that were changed; `before`, the change of the
        sweep before. All are 0 at sweep 0, `before` at sweep 1 too.
    """
    place = {sweep: row for row, sweep in enumerate(before(sweeps))}

    def at(back: int) -> Floats:
        return snapshots[[place[max(0, sweep - back)] for sweep in sweeps]]

    def kept(back: int) -> Floats:
        ends = [sweep - back for sweep in sweeps]
        lost = [decay(sweep) if sweep > 0 else 0.0 for sweep in ends]
        return 1 - np.array(lost)[:, None]

    now, last, older = at(0), at(1), at(2)
    return {
        "change": now / kept(0) - last,
        "before": last / kept(1) - older,
        "slope": np.where(np.array(sweeps)[:, None] > 0, slope(last), 0.0),
    }
