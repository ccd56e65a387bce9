"""History: what a block of runs did, as plain arrays."""

from __future__ import annotations

from bisect import bisect, bisect_left
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from backsweep.engines.plain import judged_by, network_output
from backsweep.engines.starts import column
from backsweep.equations import cases_right, forward, output_error
from backsweep.learning.convergence import Convergence

if TYPE_CHECKING:
    from backsweep.engines.protocol import Progress
    from backsweep.network import Network
    from backsweep.procedure import Procedure
    from backsweep.tasks.task import Task

__all__ = ["History", "Recording", "errors_of", "evaluated", "unjudged"]

Floats: TypeAlias = NDArray[np.float64]
Counts: TypeAlias = NDArray[np.int64]

AUTOMATIC: Final = (
    4_000_000  # recorded errors over all runs, unless asked for otherwise: 32 MB
)
# Numbers a layer that are judged at once. From 256 kB on NumPy lets a result take the
# memory of an operand, and a sum then runs in another order: with fewer, or one run
# at a time, no bit depends on how many there are.
TOGETHER: Final = 2**14


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """What is kept of each run besides its end.

    Parameters
    ----------
    every
        The error of every so-manieth sweep is kept: of sweeps 1, 1 + every, ...
    snapshots
        The weights after these sweeps are kept, 0 being the start.
    ends
        Whether the weights at the end are kept and judged. Where not, final errors
        are NaN and cases right -1, for maps of many cells; runs that diverge in
        their last change of the weights are told all the same.
    convergence
        Whether the measure of `backsweep.learning.convergence` is taken.
    """

    every: int = 1
    snapshots: tuple[int, ...] = ()
    ends: bool = True
    convergence: bool = False

    @classmethod
    def automatic(
        cls, runs: int, sweeps: int, snapshots: tuple[int, ...] = ()
    ) -> Recording:
        """Keep every error where that is no burden, else every k-th."""
        return cls(every=max(1, -(-runs * sweeps // AUTOMATIC)), snapshots=snapshots)

    def sweeps(self, last: int) -> Counts:
        """Give the numbers of the sweeps whose error is kept."""
        return np.arange(1, last + 1, self.every)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class History:
    """What some runs did. Every array has one row a run.

    Parameters
    ----------
    run : ndarray of shape (n_runs,)
        Run numbers.
    parameters : ndarray of shape (n_runs, n_parameters)
        Weights and biases at the end; (n_runs, 0) where they were not kept.
    errors : ndarray of shape (n_runs, n_recorded)
        Recorded errors; NaN after a run has stopped.
    snapshots : ndarray of shape (n_runs, n_snapshots, n_parameters)
        Weights at the chosen sweeps; those of the end for runs that stopped before.
    learned_at, diverged_at : ndarray of shape (n_runs,)
        The sweep in which it happened; 0 where it did not.
    sweeps : ndarray of shape (n_runs,)
        Sweeps carried out.
    finished : ndarray of shape (n_runs,)
        False where learning was broken off.
    final_errors : ndarray of shape (n_runs,)
        Error of the learning cases at the end.
    right, held_out_right : ndarray of shape (n_runs,)
        Learning and held-out cases that are right at the end; -1 where not judged.
    convergence : ndarray of shape (n_runs, 1)
        The measure of convergence; (n_runs, 0) where it was not taken.
    held_out : ndarray of shape (n_runs, n_held_out)
        Which cases the run did not learn from.
    """

    run: Counts
    parameters: Floats
    errors: Floats
    snapshots: Floats
    learned_at: Counts
    diverged_at: Counts
    sweeps: Counts
    finished: NDArray[np.bool_]
    final_errors: Floats
    right: Counts
    held_out_right: Counts
    convergence: Floats
    held_out: Counts


def evaluated(
    network: Network,
    task: Task,
    procedure: Procedure,
    seed: int,
    runs: range,
    parameters: Floats,
) -> tuple[Floats, Counts, Counts, Counts]:
    """Judge final weights: error, learning cases right, held-out cases and those right.

    Returns
    -------
    tuple of ndarrays
        Final errors (n_runs,), right (n_runs,), held out (n_runs, n_held_out) and
        held-out right (n_runs,).
    """
    learning, apart = task.split(seed, runs)
    shape = (len(runs), apart.shape[-1])
    errors = np.empty(len(runs))
    right, held_out_right = np.empty((2, len(runs)), dtype=np.int64)
    tolerance = column(procedure.criterion.value, runs)
    together = _together(network, task)
    for first in range(0, len(runs), together):
        some = slice(first, first + together)
        near = tolerance if isinstance(tolerance, float) else tolerance[some]
        rule, near = judged_by(procedure.criterion, near)
        for cases, counts in ((learning, right), (apart, held_out_right)):
            chosen = cases[some] if len(cases) > 1 else cases
            with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
                passed = forward(network, parameters[some], task.inputs[chosen])
                desired = task.desired[chosen]
                if cases is learning:
                    errors[some] = output_error(
                        network, passed, desired, procedure.error
                    )
                y = network_output(network, passed)
                counts[some] = cases_right(y, desired, rule, near).sum(axis=-1)
    errors *= procedure.error_factor(learning.shape[-1], network.n_out)
    return errors, right, np.broadcast_to(apart, shape).astype(np.int64), held_out_right


def errors_of(
    network: Network,
    task: Task,
    procedure: Procedure,
    seed: int,
    runs: range,
    parameters: Floats,
    *,
    among: NDArray[np.bool_],
) -> Floats:
    """Give the final errors that `evaluated` gives, of some runs, and no more.

    Returns
    -------
    ndarray of shape (n_runs,)
        Final errors; NaN of runs that are not `among` those asked for.
    """
    learning = task.split(seed, runs)[0]
    errors = np.full(len(runs), np.nan)
    asked = np.flatnonzero(among)
    together = _together(network, task)
    for first in range(0, len(asked), together):
        some = asked[first : first + together]
        chosen = learning[some] if len(learning) > 1 else learning
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            passed = forward(network, parameters[some], task.inputs[chosen])
            errors[some] = output_error(
                network, passed, task.desired[chosen], procedure.error
            )
    errors *= procedure.error_factor(learning.shape[-1], network.n_out)
    return errors


def _together(network: Network, task: Task) -> int:
    """Say how many runs are judged at once."""
    widest = max(layer.size for layer in network.layers)
    return max(1, TOGETHER // (task.n_cases * widest))


def unjudged(
    task: Task, seed: int, runs: range
) -> tuple[Floats, Counts, Counts, Counts]:
    """Give what `evaluated` gives, where nothing is judged."""
    apart = task.split(seed, runs)[1]
    held_out = np.broadcast_to(apart, (len(runs), apart.shape[-1])).astype(np.int64)
    none = np.full(len(runs), -1)
    return np.full(len(runs), np.nan), none, held_out, none.copy()


class Recorder:
    """Gathers what a block of runs does until its end, errors thinned as asked."""

    def __init__(
        self, runs: range, recording: Recording, last: int, n_parameters: int
    ) -> None:
        self.recorded = recording.sweeps(last)
        self.errors = np.full((len(runs), len(self.recorded)), np.nan)
        self.snapshots = np.full(
            (len(runs), len(recording.snapshots), n_parameters), np.nan
        )
        self.sweeps = np.zeros(len(runs), dtype=np.int64)
        self.learned_at = self.diverged_at = np.zeros(len(runs), dtype=np.int64)
        self.running = np.ones(len(runs), dtype=bool)
        self._moments = recording.snapshots
        self._every = recording.every
        self._convergence = (
            Convergence(len(runs), last) if recording.convergence else None
        )

    def kept(self, done: int) -> slice:
        """Say of which sweeps after the first `done` the errors are asked for."""
        if self._convergence is not None:
            return slice(None)
        return self._thinned(done)

    def _thinned(self, done: int) -> slice:
        return slice(-done % self._every, None, self._every)

    def moments(self, first: int, last: int) -> range:
        """Give the places of the snapshots after sweeps `first` to `last`."""
        return range(bisect_left(self._moments, first), bisect(self._moments, last))

    def keep(self, places: range, parameters: Floats) -> None:
        """Keep the weights, (n_runs, n_parameters), as snapshots."""
        self.snapshots[:, places.start : places.stop] = parameters[:, None]

    def count(self, done: int) -> int:
        """Tell how many errors of the first `done` sweeps are kept."""
        return -(-done // self._every)

    def take(self, done: int, n_sweeps: int, progress: Progress) -> None:
        """Take in what an advance by `n_sweeps` after the first `done` gave."""
        errors = progress.errors
        if self._convergence is not None:
            self._convergence.take(errors)
            errors = errors[:, self._thinned(done)]
        moments = self.moments(done + 1, done + n_sweeps)
        self.snapshots[:, moments.start : moments.stop] = progress.snapshots
        first = -(-done // self._every)
        self.errors[:, first : first + errors.shape[1]] = errors
        self.sweeps[progress.running] = done + n_sweeps
        stopped = ~progress.running & (self.sweeps <= done)
        ended = np.where(
            progress.diverged_at > 0, progress.diverged_at, progress.learned_at
        )
        self.sweeps[stopped & (ended > done)] = ended[stopped & (ended > done)]
        self.learned_at, self.diverged_at = progress.learned_at, progress.diverged_at
        self.running = progress.running

    def convergence(self, finished: NDArray[np.bool_]) -> Floats:
        """Give the measure of runs that came to their end, shape (n_runs, 1 or 0)."""
        if self._convergence is None:
            return np.empty((len(finished), 0))
        return np.where(finished, self._convergence.value(), np.nan)[:, None]
