"""Plateau: where the error of a run lingers, and where it falls afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Landmarks", "landmarks"]

FLAT: Final = 0.002  # a relative change a sweep that counts as lingering
SHORTEST: Final = 25  # sweeps of a plateau
SMOOTHED: Final = 9  # sweeps over which the change is measured
LOW: Final = 0.1  # of the first error: lingering below it is having learned
FALLEN: Final = 0.25  # of the plateau's error: the end of a drop


class Landmarks(NamedTuple):
    """Where an error lingers and falls: sweeps, the last one included."""

    plateau: tuple[int, int] | None
    drop: tuple[int, int] | None


def landmarks(errors: NDArray[np.float64]) -> Landmarks:
    """Find the longest plateau of an error that is still high, and the drop after it.

    Parameters
    ----------
    errors : ndarray of shape (n_sweeps,)
        The error of each sweep of one run, from the first.

    Returns
    -------
    Landmarks
        The drop ends where the error has fallen to a quarter of the plateau's;
        without that, or without a plateau, there is none.

    Notes
    -----
    An error lingers where it changes by less than 0.2 % a sweep, measured over nine
    sweeps, for 25 sweeps or more, while above a tenth of the first error.

    Examples
    --------
    >>> landmarks(np.concatenate([np.full(100, 0.5), np.linspace(0.5, 0, 50)]))
    Landmarks(plateau=(0, 96), drop=(96, 137))
    """
    errors = np.asarray(errors, dtype=np.float64)
    if len(errors) < SHORTEST + SMOOTHED or not np.isfinite(errors).all():
        return Landmarks(None, None)
    reach = SMOOTHED // 2
    padded = np.pad(errors, reach, mode="edge")
    change = (padded[2 * reach :] - padded[: -2 * reach]) / (2 * reach)
    flat = (np.abs(change) < FLAT * errors) & (errors > LOW * errors[0])
    edges = np.flatnonzero(np.diff(np.concatenate([[0], flat.view(np.int8), [0]])))
    stretches = edges.reshape(-1, 2)  # first, and one behind the last
    if not len(stretches):
        return Landmarks(None, None)
    first, behind = max(stretches.tolist(), key=lambda ends: ends[1] - ends[0])
    if behind - first < SHORTEST:
        return Landmarks(None, None)
    last = behind - 1
    fallen = np.flatnonzero(errors[last:] <= FALLEN * errors[last])
    drop = (last, last + int(fallen[0])) if len(fallen) else None
    return Landmarks((first, last), drop)
