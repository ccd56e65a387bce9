"""What an engine is: the one contract that learning knows, and its values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from backsweep.network import Network
    from backsweep.procedure import Procedure
    from backsweep.tasks.task import Task

__all__ = ["Engine", "Program", "Progress", "State", "Verdict"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether an engine can do a case, and if not, why not in a sentence."""

    supported: bool
    reason: str = ""

    def __bool__(self) -> bool:
        return self.supported


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """What a block of runs did in some sweeps.

    Parameters
    ----------
    errors : ndarray of shape (n_runs, n_kept)
        Error of each sweep that was asked for, measured before its change of the
        weights; NaN once a run has stopped.
    learned_at : ndarray of shape (n_runs,)
        The sweep in which a run first met the criterion, counted from 1; else 0.
    diverged_at : ndarray of shape (n_runs,)
        The sweep in which a run's error ceased to be a finite number; else 0.
    running : ndarray of shape (n_runs,)
        Which runs have neither stopped nor diverged.
    snapshots : ndarray of shape (n_runs, n_moments, n_parameters)
        Weights and biases at the moments that were asked for, as `Program.parameters`
        would have given them then.
    """

    errors: NDArray[np.float64]
    learned_at: NDArray[np.int64]
    diverged_at: NDArray[np.int64]
    running: NDArray[np.bool_]
    snapshots: NDArray[np.float64]


# What a program keeps between calls is its own affair.
State = Any


class Program(Protocol):
    """A network, task and procedure made ready by an engine."""

    @property
    def block(self) -> int:
        """How many runs it likes to carry at once."""
        ...

    @property
    def runs_in_parallel(self) -> bool:
        """Whether several threads carry out more than one does."""
        ...

    def pace(self, runs: int) -> int:
        """Say how many sweeps of so many runs take no longer than Ctrl-C may wait."""
        ...

    def start(self, seed: int, runs: range) -> State:
        """Give each run its start, from (seed, run, parameter) alone."""
        ...

    def advance(
        self,
        state: State,
        sweeps: int,
        kept: slice = slice(None),
        moments: Sequence[int] = (),
    ) -> Progress:
        """Carry every run that has not stopped through so many sweeps.

        Changes `state`. What a run does depends neither on the other runs of the
        block nor on how its sweeps are shared among calls, to the last bit.

        Parameters
        ----------
        state
            What `start` gave.
        sweeps
            How many.
        kept
            Of which of them the errors are asked for.
        moments
            After which of them the weights are asked for: numbers from 1 to `sweeps`,
            each greater than the one before.
        """
        ...

    def parameters(self, state: State) -> NDArray[np.float64]:
        """Give all weights and biases, shape (n_runs, n_parameters)."""
        ...


class Engine(Protocol):
    """What carries the sweeps out."""

    name: str

    def supports(self, network: Network, procedure: Procedure) -> Verdict:
        """Tell whether it can do this, or why not."""
        ...

    def prepare(self, network: Network, task: Task, procedure: Procedure) -> Program:
        """Make ready to learn."""
        ...
