"""Runs: what an ensemble did, with every setting that decided it."""

from __future__ import annotations

import html
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from backsweep.equations import Passed, Signals, backward, forward
from backsweep.errors import DataError, UnknownNameError, nearest
from backsweep.runs import ensemble, maps, store
from backsweep.runs.summary import OUTCOMES, summary

if TYPE_CHECKING:
    import pandas as pd
    import xarray
    from numpy.typing import NDArray

    from backsweep.grids import Grid
    from backsweep.learning import History, Recording
    from backsweep.network import Network
    from backsweep.procedure import Procedure
    from backsweep.tasks.task import Task

__all__ = ["OUTCOMES", "Runs"]


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Runs:
    """The record of an ensemble: many runs of one network on one task.

    Arrays have one row a run. `dataset` gives everything with named dimensions,
    `table` one row a network.

    Parameters
    ----------
    network, task, procedure, seed, engine, version, recording
        What decided the result.
    history
        What the runs did.
    grid, common
        Which settings were varied against one another, and the procedure that they
        were put into; None of an ensemble that is no grid.

    Examples
    --------
    >>> import backsweep
    >>> runs = backsweep.learn(task="xor", runs=4, seed=1)
    >>> runs
    <Runs: 4 of xor (2-2-1), seed 1: 2 learned, 2 stuck>
    """

    network: Network
    task: Task
    procedure: Procedure
    seed: int
    engine: str
    version: str
    recording: Recording
    history: History
    grid: Grid | None = None
    common: Procedure | None = None

    @property
    def n_runs(self) -> int:
        """Number of runs in the record."""
        return len(self.history.run)

    @property
    def run(self) -> NDArray[np.int64]:
        """Run numbers, shape (n_runs,)."""
        return self.history.run

    @property
    def parameters(self) -> NDArray[np.float64]:
        """Weights and biases at the end, shape (n_runs, n_parameters)."""
        return self.history.parameters

    @property
    def errors(self) -> NDArray[np.float64]:
        """Recorded errors, shape (n_runs, n_recorded); NaN after a run has stopped."""
        return self.history.errors

    @property
    def error_sweeps(self) -> NDArray[np.int64]:
        """The sweeps of the recorded errors, shape (n_recorded,), counted from 1."""
        return self.recording.sweeps(self.procedure.sweeps)

    @property
    def learned_at(self) -> NDArray[np.int64]:
        """The sweep in which each run met the criterion; 0 where it did not."""
        return self.history.learned_at

    @property
    def diverged_at(self) -> NDArray[np.int64]:
        """The sweep in which each run's error ceased to be a number; 0 where none."""
        return self.history.diverged_at

    @property
    def final_errors(self) -> NDArray[np.float64]:
        """Error of the learning cases with the final weights, shape (n_runs,)."""
        return self.history.final_errors

    @property
    def right(self) -> NDArray[np.int64]:
        """Learning cases right at the end, shape (n_runs,)."""
        return self.history.right

    @property
    def held_out_right(self) -> NDArray[np.int64]:
        """Held-out cases right at the end, shape (n_runs,)."""
        return self.history.held_out_right

    @property
    def outcomes(self) -> NDArray[np.str_]:
        """How each run ended, shape (n_runs,): one of OUTCOMES."""
        return np.select([self.ended(name) for name in OUTCOMES], OUTCOMES, "")

    def ended(self, outcome: str) -> NDArray[np.bool_]:
        """Tell which runs ended so, shape (n_runs,).

        Parameters
        ----------
        outcome
            One of OUTCOMES.
        """
        history = self.history
        diverged = history.diverged_at > 0
        learned = (history.learned_at > 0) & ~diverged
        neither = ~(learned | diverged)
        return {
            "learned": learned,
            "stuck": neither & history.finished,
            "diverged": diverged,
            "unfinished": neither & ~history.finished,
        }[outcome]

    def place(self, run: int) -> int:
        """Find the row of a run by its number."""
        found = np.flatnonzero(self.run == run)
        if not len(found):
            raise DataError(
                f"the record has no run {run}.",
                hint=f"it holds runs {self.run.min()} to {self.run.max()}.",
            )
        return int(found[0])

    def weights(self, run: int, layer: str) -> pd.DataFrame:
        """Give the weights into a layer at a run's end, named by their units.

        Parameters
        ----------
        run
            Its number.
        layer
            Name of the receiving layer.

        Returns
        -------
        pandas.DataFrame
            A row for each unit of the layer, a column for each unit it hears from
            (sending layer, unit), and the biases as the last column.

        Examples
        --------
        >>> import backsweep
        >>> runs = backsweep.learn(task="xor", runs=2, seed=1)
        >>> runs.weights(0, "hidden").shape
        (2, 3)
        """
        return store.to_weights(self.network, self.parameters_of(run), layer)

    def parameters_of(self, run: int, sweep: int | None = None) -> NDArray[np.float64]:
        """Give a run's parameters at its end, or after the sweep of a snapshot.

        Returns
        -------
        ndarray of shape (n_parameters,)
            In the order of `network.blocks`.
        """
        place = self.place(run)
        if sweep is None and not self.recording.ends:
            raise DataError(
                "the record holds no weights, but what a map needs.",
                hint=f"replay({run}) learns run {run} again, to the same bits.",
            )
        if sweep is None:
            return np.asarray(self.parameters[place])
        if sweep not in self.recording.snapshots:
            kept = ", ".join(map(str, self.recording.snapshots)) or "none"
            raise DataError(
                f"the record holds no snapshot after sweep {sweep}.",
                hint=f"there are {kept}; replay({run}, snapshots=[{sweep}]) makes one.",
            )
        kept = self.history.snapshots[place]
        return np.asarray(kept[self.recording.snapshots.index(sweep)])

    def activities(
        self, run: int, case: str | None = None, *, sweep: int | None = None
    ) -> Passed:
        """Pass cases of the task, held-out ones too, through a run's network.

        Parameters
        ----------
        run
            Its number.
        case
            Name of one case; all cases where None.
        sweep
            After which sweep: one of which a snapshot was kept; the end where None.

        Returns
        -------
        Passed
            x and y by layer name, each of shape (n_cases, n_units).
        """
        inputs = self.task.inputs[self._cases(case)]
        with np.errstate(over="ignore", invalid="ignore"):
            return forward(self.network, self.parameters_of(run, sweep), inputs)

    def signals(
        self, run: int, case: str | None = None, *, sweep: int | None = None
    ) -> Signals:
        """Send the errors of cases back through a run's network.

        Parameters
        ----------
        run, case, sweep
            As of `activities`.

        Returns
        -------
        Signals
            dE/dy and dE/dx by layer name, each of shape (n_cases, n_units), and
            dE/dw of shape (n_parameters,). E is the procedure's measure of error,
            summed over the cases (held-out ones too) whatever its `scale`.
        """
        cases = self._cases(case)
        parameters = self.parameters_of(run, sweep)
        own = self.procedure.of_run(run)
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            return backward(
                self.network,
                parameters,
                forward(self.network, parameters, self.task.inputs[cases]),
                self.task.desired[cases],
                error=own.error,
                zone=cast(float, own.zone),  # of one run it is one number
                ties=own.ties,
            )

    def _cases(self, name: str | None) -> slice:
        if name is None:
            return slice(None)
        if name not in self.task.case_names:
            raise UnknownNameError(
                f"task {self.task.name!r} has no case {name!r}.",
                hint=nearest(name, self.task.case_names),
            )
        place = self.task.case_names.index(name)
        return slice(place, place + 1)

    def replay(
        self, run: int, *, every: int = 1, snapshots: tuple[int, ...] = ()
    ) -> Runs:
        """Learn one run again, alone and to the same bits, to look at it more closely.

        Parameters
        ----------
        run
            Its number in the ensemble.
        every, snapshots
            What to record this time: every so-manieth error, weights after which
            sweeps.
        """
        self.place(run)
        return ensemble.learn(
            self.network,
            self.task,
            self.procedure,
            runs=range(run, run + 1),
            seed=self.seed,
            engine=self.engine,
            every=every,
            snapshots=snapshots,
        )

    def summary(self) -> dict[str, Any]:
        """Say what was done and what came of it, as plain values."""
        return summary(self)

    def map(self, show: str = "share") -> xarray.DataArray:
        """Give what came of each cell of a grid.

        Parameters
        ----------
        show
            "share" of the runs that learned; "median" sweeps of those, NaN where
            none did; "diverged", the share that did; "convergence", the median of
            that measure. Or a row of the record, such as "learned_at" or
            "final_errors", with its runs as the last dimension, "repeat".

        Returns
        -------
        xarray.DataArray
            A dimension for each axis of the grid, named by its setting. NaN where
            learning was broken off.

        Raises
        ------
        SettingError
            If the record is of no grid, or does not hold that.

        Examples
        --------
        >>> import backsweep
        >>> steps = backsweep.grid(epsilon=[0.1, 1.0], alpha=[0.0, 0.9], runs=20)
        >>> shares = backsweep.learn(task="xor", grid=steps).map()
        >>> shares.sel(epsilon=1.0, alpha=0.9).item() > 0.5
        True
        """
        return maps.to_map(self, show)

    @property
    def dataset(self) -> xarray.Dataset:
        """Everything recorded, with named dimensions; settings in its attributes."""
        return store.to_dataset(self)

    def table(self) -> pd.DataFrame:
        """Give a data frame with one row a network."""
        return store.to_table(self)

    def save(self, path: str | Path, *, force: bool = False) -> Path:
        """Save as a Zarr store, whole or not at all.

        Raises
        ------
        RecordError
            If something is there already and `force` is not given, or it cannot be
            written.
        """
        return store.save(self, Path(path), force=force)

    def __len__(self) -> int:
        return self.n_runs

    def __repr__(self) -> str:
        words, counts = np.unique(self.outcomes, return_counts=True)
        ends = ", ".join(f"{n} {word}" for word, n in zip(words, counts, strict=True))
        layers = "-".join(str(layer.size) for layer in self.network.layers)
        what = f"{self.n_runs} of {self.task.name} ({layers})"
        return f"<Runs: {what}, seed {self.seed}: {ends}>"

    def _repr_html_(self) -> str:
        found = self.summary()
        quantiles = found["sweeps_to_learn"]
        median, least, most = (quantiles[name] for name in ("p50", "min", "max"))
        rows = {
            "task": found["task"],
            "network": found["network"],
            "runs": found["runs"],
            "outcomes": ", ".join(
                f"{n} {word}" for word, n in found["outcomes"].items()
            ),
            "sweeps to learn": "none learned"
            if median is None
            else f"median {median:.0f} ({least:.0f} to {most:.0f})",
            "epsilon, alpha": f"{self.procedure.epsilon}, {self.procedure.alpha}",
            "start": str(self.procedure.start),
            "seed, engine": f"{self.seed}, {self.engine}",
        }
        cells = "".join(
            f"<tr><th style='text-align:left'>{html.escape(name)}</th>"
            f"<td style='text-align:left'>{html.escape(str(value))}</td></tr>"
            for name, value in rows.items()
        )
        return f"<table>{cells}</table>"
