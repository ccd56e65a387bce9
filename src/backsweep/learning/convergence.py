"""Convergence: how fast a run's error fell, or how long it was kept from rising.

One number from a whole curve of errors, summed up sweep by sweep, so that no curve
need be kept.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from backsweep.learning.history import Floats

__all__ = ["Convergence"]

LARGEST: Final = 1e6
LATE: Final = 20  # sweeps at the end that decide whether a run has converged


class Convergence:
    r"""The measure of convergence of some runs.

    Errors that are no finite number count as 1e6. v is the error as a multiple of
    the first, at most 1e6. A run has converged if the mean v of its last 20 sweeps
    is under 1. Its measure is then :math:`-\sum v`, and else :math:`\sum 1 / v`: below
    0 where it has converged, the nearer to 0 the faster; above 0 where it has not,
    the nearer to 0 the faster it diverged.

    Parameters
    ----------
    n_runs
        How many runs.
    last
        Sweeps of a run.

    References
    ----------
    Sohl-Dickstein, "The boundary of neural network trainability is fractal",
    arXiv:2402.06184 (2024), and the notebook that goes with it.
    """

    def __init__(self, n_runs: int, last: int) -> None:
        self._first = np.ones(n_runs)
        self._sum, self._inverse, self._late = np.zeros((3, n_runs))
        self._last = last
        self._done = 0

    def take(self, errors: Floats) -> None:
        """Take in the errors of further sweeps, shape (n_runs, n_sweeps)."""
        finite = np.where(np.isfinite(errors), errors, LARGEST)
        if self._done == 0:
            # A first error of nought stays so: there is nothing to be learned.
            self._first = np.where(finite[:, 0] == 0, 1.0, finite[:, 0])
        with np.errstate(divide="ignore", over="ignore"):
            v = np.minimum(finite / self._first[:, None], LARGEST)
            self._inverse = _added(self._inverse, 1 / v)
        self._sum = _added(self._sum, v)
        late = max(0, self._last - LATE - self._done)
        self._late = _added(self._late, v[:, late:])
        self._done += errors.shape[1]

    def value(self) -> NDArray[np.float64]:
        """Give the measure of every run, shape (n_runs,).

        Runs whose sweeps were not all carried out had diverged.
        """
        left = self._last - self._done
        if left:
            self.take(np.full((len(self._sum), left), np.nan))
        converged = self._late / min(LATE, self._last) < 1
        return np.where(converged, -self._sum, self._inverse)


def _added(total: Floats, values: Floats) -> Floats:
    """Add rows to their totals one by one: no bit depends on how many come at once."""
    # A sum of NumPy's runs in pairs, which lie elsewhere when a row is cut.
    terms = np.concatenate([total[:, None], values], axis=1)
    added: Floats = np.add.accumulate(terms, axis=1)[:, -1]
    return added
