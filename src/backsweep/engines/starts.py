"""Starts: the weights with which each run begins, the same on every engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from backsweep import threefry
from backsweep.errors import SettingError, ShapeError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from backsweep.network import Network
    from backsweep.procedure import Number, Spread, Start

__all__ = ["column", "starts"]


def column(value: Number, runs: range) -> float | NDArray[np.float64]:
    """Give a setting to a block of runs: one number, or a column of one a run.

    Returns
    -------
    float or ndarray of shape (n_runs, 1)
    """
    if isinstance(value, float):
        return value
    if len(value) < runs.stop:
        raise SettingError(
            f"a setting must hold one number for each of {runs.stop} runs, "
            f"got {len(value)}."
        )
    return np.array(value, dtype=np.float64)[runs.start : runs.stop, None]


def starts(
    network: Network, start: Start, seed: int, runs: range
) -> NDArray[np.float64]:
    """Draw the starting weights of some runs from (seed, run, parameter) alone.

    Returns
    -------
    ndarray of shape (n_runs, n_parameters)

    Examples
    --------
    >>> from backsweep import Network, Start
    >>> network = Network.layered(2, 2, 1)
    >>> alone = starts(network, Start(), 1, range(7, 8))
    >>> bool((alone == starts(network, Start(), 1, range(100))[7]).all())
    True
    """
    if start.given is not None:
        given = np.array(start.given)
        if given.shape != (network.n_parameters,):
            raise ShapeError(
                f"the starting weights must be {network.n_parameters} numbers, as the "
                "network "
                f"has parameters, got {len(given)}."
            )
        return np.tile(given, (len(runs), 1))
    drawn = np.empty((len(runs), network.n_parameters))
    for block in network.blocks:
        spread = start.biases if block.source is None else start.weights
        numbers = np.arange(block.start, block.stop)
        drawn[:, block.start : block.stop] = _drawn(spread, seed, runs, numbers)
    return drawn


def _drawn(
    spread: Spread, seed: int, runs: range, numbers: NDArray[np.intp]
) -> NDArray[np.float64]:
    source = {"uniform": threefry.uniform, "normal": threefry.normal}[
        spread.distribution
    ]
    run = np.arange(runs.start, runs.stop)[:, None]
    return spread.centre + column(spread.width, runs) * source(seed, run, numbers)
