"""Starts: the weights with which each run begins, the same on every engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from backsweep import threefry
from backsweep.errors import SettingError, ShapeError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    from backsweep.network import Network
    from backsweep.procedure import Number, Start

    # From seed, runs and a count to the first numbers of each: (n_runs, n_numbers).
    Source = Callable[[int, range, int], NDArray[np.float64]]

__all__ = ["column", "starts", "steps"]


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
    return np.array(value[runs.start : runs.stop], dtype=np.float64)[:, None]


def steps(
    network: Network, rates: Mapping[str, Number], runs: range
) -> NDArray[np.float64] | None:
    """Give each parameter's factor on epsilon, or None where there are no rates.

    Returns
    -------
    ndarray of shape (n_runs or 1, n_parameters), or None
    """
    if not rates:
        return None
    factors = {layer: column(rate, runs) for layer, rate in rates.items()}
    n_rows = max(1 if isinstance(one, float) else len(one) for one in factors.values())
    found = np.ones((n_rows, network.n_parameters))
    for block in network.blocks:
        found[:, block.start : block.stop] = factors.get(block.layer, 1.0)
    return found


def _by_runs(source: Callable[..., NDArray[np.float64]]) -> Source:
    def draw(seed: int, runs: range, count: int) -> NDArray[np.float64]:
        return source(seed, np.arange(runs.start, runs.stop)[:, None], np.arange(count))

    return draw


_UNIFORM, _NORMAL = _by_runs(threefry.uniform), _by_runs(threefry.normal)


def starts(
    network: Network,
    start: Start,
    seed: int,
    runs: range,
    *,
    uniform: Source = _UNIFORM,
) -> NDArray[np.float64]:
    """Draw the starting weights of some runs from (seed, run, parameter) alone.

    Parameters
    ----------
    network, start, seed, runs
        Whose weights, and from what.
    uniform
        What draws the first numbers of each run, to the bits of `threefry.uniform`.

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
    sources = {"uniform": uniform, "normal": _NORMAL}
    used = {start.weights.distribution, start.biases.distribution}
    drawn = {name: sources[name](seed, runs, network.n_parameters) for name in used}
    result = drawn[start.weights.distribution]
    for block in network.blocks:
        spread = start.biases if block.source is None else start.weights
        some = slice(block.start, block.stop)
        width = column(spread.width, runs)
        result[:, some] = spread.centre + width * drawn[spread.distribution][:, some]
    return result
