"""Moments: at which sweeps a run is known between its start and its end.

That is at those of its snapshots, or it is learned again where that takes no longer
than a second. `run_view` shows a run at its moments, `case_view` one case in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from backsweep.errors import DataError
from backsweep.lab.look import thinned

if TYPE_CHECKING:
    from backsweep.procedure import Procedure
    from backsweep.runs import Runs

__all__ = [
    "MOST_BYTES",
    "QUIETLY",
    "Floats",
    "Known",
    "is_soon",
    "known",
    "snapshots_for",
]

Floats: TypeAlias = NDArray[np.float64]

MOST_BYTES: Final = 16_000_000  # of an answer, half of them for the weights
MOMENTS: Final = 100  # steps of the slider
LIGHT: Final = 400_000_000  # cases x parameters x moments that take under a second
KEPT: Final = 1_000_000  # weights of all runs at all moments: 8 MB
AGAIN: Final = {"compiled": 2_000_000_000, "compiled-f32": 2_000_000_000}
AGAIN_PLAIN: Final = 20_000_000
# Of a run that diverged; what is no number is said on the page.
QUIETLY: Final = np.errstate(over="ignore", invalid="ignore", divide="ignore")


def snapshots_for(cases: int, sweeps: int, parameters: int, runs: int) -> list[int]:
    """Choose the sweeps at which runs are kept: as many as can soon be looked at."""
    count = min(MOMENTS, LIGHT // (cases * parameters), KEPT // (parameters * runs))
    found = np.linspace(0, sweeps, min(max(count, 2), sweeps) + 1)
    return sorted({round(sweep) for sweep in found.tolist()})


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A run where it is known: the sweeps, and the weights and biases after them."""

    runs: Runs
    run: int
    own: Procedure  # with which it was learned
    sweeps: NDArray[np.int_]
    parameters: Floats  # (n_moments, n_parameters)

    @property
    def apart(self) -> NDArray[np.int_]:
        """The cases that the run did not learn from."""
        apart: NDArray[np.int_] = self.runs.history.held_out[self.runs.place(self.run)]
        return apart


def known(runs: Runs, run: int) -> Known:
    """Find a run's moments, from what was recorded or by learning it again.

    Raises
    ------
    DataError
        If the record has no such run; or keeps no weights, and the run would take
        long to learn again.
    """
    closer = _closer(runs, run)
    history, place = closer.history, closer.place(run)
    end = int(history.sweeps[place])
    before = [k for k, at in enumerate(closer.recording.snapshots) if at < end]
    sweeps = np.array([*np.array(closer.recording.snapshots, int)[before], end])
    parameters = np.concatenate(
        [history.snapshots[place, before], history.parameters[place][None]]
    )
    of_one = closer.task.n_cases * closer.network.n_parameters
    most = min(LIGHT // of_one, MOST_BYTES // 2 // (4 * closer.network.n_parameters))
    chosen = thinned(len(sweeps), max(2, most))
    return Known(
        runs=closer,
        run=run,
        own=runs.procedure.of_run(run),
        sweeps=sweeps[chosen],
        parameters=parameters[chosen],
    )


def is_soon(runs: Runs, times: int = 1) -> bool:
    """Tell whether so many runs can be learned again within about a second."""
    work = runs.task.n_cases * runs.network.n_parameters * runs.procedure.sweeps
    return times * work <= AGAIN.get(runs.engine, AGAIN_PLAIN)


def _closer(runs: Runs, run: int) -> Runs:
    """Have a run between start and end too, where it is not and that is soon done."""
    place, task = runs.place(run), runs.task
    carried_out = int(runs.history.sweeps[place])
    n_parameters = runs.network.n_parameters
    wanted = snapshots_for(task.n_cases, carried_out, n_parameters, 1)
    if sum(at <= carried_out for at in runs.recording.snapshots) >= len(wanted):
        return runs
    if runs.history.finished[place] and is_soon(runs):
        return runs.replay(run, snapshots=tuple(wanted))
    if not runs.recording.ends:
        raise DataError(
            f"the record must hold the weights of run {run} to show it, got none.",
            hint=f"in Python backsweep.open(RECORD).replay({run}).save(FILE) learns it "
            "again, which takes long.",
        )
    return runs
