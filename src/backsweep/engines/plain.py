"""The plain engine: the equations on NumPy in float64. The definition.

All runs of a block go through a sweep together, on a leading axis. Each product
and each sum is taken run by run, so that no run feels another: a run alone gives
the same bits as among a thousand.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from backsweep.engines.protocol import Progress, Verdict
from backsweep.engines.starts import column, starts, steps
from backsweep.equations import Passed, backward, cases_right, forward, output_error
from backsweep.equations.updates import UPDATES
from backsweep.threefry import ORDER_STREAM, permutation

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from backsweep.network import Network
    from backsweep.procedure import Criterion, Procedure
    from backsweep.tasks.task import Task

__all__ = ["PlainEngine"]

Floats: TypeAlias = NDArray[np.float64]
Setting: TypeAlias = float | Floats

# PERF: the arrays of a slice of runs stay under 100 kB, in the second-level cache
# and clear of the 128 kB from which the C library asks the system for fresh pages
# at every allocation: twice the rate (benchmarks/plain.py).
SLICE_BYTES: Final = 96_000


@dataclass(slots=True)
class _State:
    seed: int
    runs: range
    sweep: int
    parameters: Floats  # (n_runs, n_parameters)
    velocity: Floats
    learned_at: NDArray[np.int64]
    diverged_at: NDArray[np.int64]
    running: NDArray[np.bool_]
    learning: NDArray[np.intp]  # cases of each run, or one row for all
    stages: list[
        tuple[int, Setting, Setting, Setting]
    ]  # last sweep, epsilon, alpha, decay
    rates: Floats | None  # (n_runs or 1, n_parameters): factors on epsilon
    zone: Setting
    tolerance: Setting


class PlainEngine:
    """Carries sweeps out with the functions of `backsweep.equations` on NumPy."""

    name = "plain"

    def supports(self, network: Network, procedure: Procedure) -> Verdict:  # noqa: ARG002  # the contract's
        """Tell that all is supported but links with a delay."""
        delayed = [link for link in network.links if link.delay]
        if delayed:
            return Verdict(
                supported=False,
                reason="the plain engine does not unfold networks in time yet, "
                f"and the link {delayed[0]} has a delay.",
            )
        return Verdict(supported=True)

    def prepare(
        self, network: Network, task: Task, procedure: Procedure
    ) -> PlainProgram:
        """Check sizes once; the sweeps then meet arrays that are right."""
        task.check_network(network)
        return PlainProgram(network, task, procedure)


class PlainProgram:
    """One network, task and procedure on the plain engine."""

    def __init__(self, network: Network, task: Task, procedure: Procedure) -> None:
        self.network = network
        self.task = task
        self.procedure = procedure
        self.changes = procedure.changes  # PERF: with one number a run it takes long
        self.n_cases = task.n_cases - task.n_held_out
        widest = max(step.layer.size for step in network.upward)
        batch = min(procedure.batch or self.n_cases, self.n_cases)
        self.batch = batch
        rest = self.n_cases % batch
        self.factor = {
            cases: procedure.error_factor(cases, network.n_out)
            for cases in (batch, rest, self.n_cases)
            if cases
        }
        self.lanes = max(1, SLICE_BYTES // (8 * batch * widest))

    @property
    def block(self) -> int:
        """A few slices of runs."""
        return min(4 * self.lanes, 4096)

    @property
    def runs_in_parallel(self) -> bool:
        """No: two threads that keep handing over Python's lock do less than one."""
        return False

    def pace(self, runs: int) -> int:
        """Estimate from about 10 us a layer and 2 ns a connection."""
        slices = -(-runs // self.lanes)
        calls = (
            20e-6 * len(self.network.upward) * slices * -(-self.n_cases // self.batch)
        )
        arithmetic = 2e-9 * runs * self.network.n_parameters * self.n_cases
        return max(1, min(2000, int(0.05 / (calls + arithmetic))))

    def start(self, seed: int, runs: range) -> _State:
        """Give each run its start, from (seed, run, parameter) alone."""
        parameters = starts(self.network, self.procedure.start, seed, runs)
        n_runs = len(runs)
        last = 0
        stages = []
        for stage in self.changes:
            last += stage.sweeps
            settings = (stage.epsilon, stage.alpha, stage.decay)
            epsilon, alpha, decay = (column(value or 0.0, runs) for value in settings)
            stages.append((last, epsilon, alpha, decay))
        return _State(
            seed=seed,
            runs=runs,
            sweep=0,
            parameters=parameters,
            velocity=np.zeros_like(parameters),
            learned_at=np.zeros(n_runs, dtype=np.int64),
            diverged_at=np.zeros(n_runs, dtype=np.int64),
            running=np.ones(n_runs, dtype=bool),
            learning=self.task.split(seed, runs)[0],
            stages=stages,
            rates=steps(self.network, self.procedure.rate_of, runs),
            zone=column(self.procedure.zone, runs),
            tolerance=column(self.procedure.criterion.value, runs),
        )

    def advance(
        self,
        state: _State,
        sweeps: int,
        kept: slice = slice(None),
        moments: Sequence[int] = (),
    ) -> Progress:
        """Carry every run that has not stopped through so many sweeps."""
        shape = len(state.runs), len(moments), self.network.n_parameters
        snapshots = np.empty(shape)
        errors = np.full((len(state.runs), sweeps), np.nan)
        done = 0
        for k, moment in enumerate(moments):
            self._carry(state, errors[:, done:moment])
            snapshots[:, k] = state.parameters
            done = moment
        self._carry(state, errors[:, done:])
        return Progress(
            errors=errors[:, kept],
            learned_at=state.learned_at.copy(),
            diverged_at=state.diverged_at.copy(),
            running=state.running.copy(),
            snapshots=snapshots,
        )

    def _carry(self, state: _State, errors: Floats) -> None:
        """Carry runs through as many sweeps as there are columns for their errors."""
        sweeps = errors.shape[1]
        running = np.flatnonzero(state.running)
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            for first in range(0, len(running), self.lanes):
                lanes = running[first : first + self.lanes]
                errors[lanes] = self._advance_slice(state, lanes, sweeps)
        state.sweep += sweeps

    def parameters(self, state: _State) -> Floats:
        """Give all weights and biases; of a run that stopped, those it stopped with."""
        return state.parameters.copy()

    def _advance_slice(
        self, state: _State, lanes: NDArray[np.intp], sweeps: int
    ) -> Floats:
        together = _Slice(self, state, lanes)
        errors = np.full((sweeps, len(lanes)), np.nan)
        for k in range(sweeps):
            errors[k] = together.sweep(state.sweep + k + 1)
            learned = together.newly_learned
            if learned is not None:
                # A run whose error was no number once has diverged, and learns no more.
                sound = np.isfinite(errors[: k + 1]).all(axis=0)
                together.note(state.sweep + k + 1, learned & sound)
                if not together.running.any():
                    break
        together.store_into(state)
        for k in np.flatnonzero(~together.running).tolist():
            errors[state.learned_at[lanes[k]] - state.sweep :, k] = np.nan
        _stop_diverged(state, lanes, errors)
        return errors.T


def _stop_diverged(state: _State, lanes: NDArray[np.intp], errors: Floats) -> None:
    """Stop the runs whose error ceased to be a number, at the first such sweep."""
    ended = ~np.isfinite(errors)
    for k in np.flatnonzero(ended.any(axis=0) & state.running[lanes]).tolist():
        sweep = int(ended[:, k].argmax())
        errors[sweep + 1 :, k] = np.nan
        state.diverged_at[lanes[k]] = state.sweep + sweep + 1
        state.running[lanes[k]] = False
        # What the weights overflow to depends on how many sweeps came after.
        state.parameters[lanes[k]] = np.nan


class _Slice:
    """Runs that go through their sweeps together, with their own share of settings."""

    def __init__(
        self, program: PlainProgram, state: _State, lanes: NDArray[np.intp]
    ) -> None:
        self.network, self.procedure = program.network, program.procedure
        self.n_cases, self.batch = program.n_cases, program.batch
        self.state, self.lanes = state, lanes
        # A run alone needs no axis of runs: the same bits with less to say.
        alone = len(lanes) == 1
        self.w = state.parameters[lanes[0]].copy() if alone else state.parameters[lanes]
        self.views = self.network.views(self.w)
        self.velocity = state.velocity[lanes[0]] if alone else state.velocity[lanes]
        learning = state.learning[lanes if len(state.learning) > 1 else [0]]
        learning = learning[0] if len(learning) == 1 else learning
        self.inputs = _unit_major(program.task.inputs[learning])
        self.desired = _unit_major(program.task.desired[learning])
        self.stages = [
            (last, *(self._own(setting) for setting in settings))
            for last, *settings in state.stages
        ]
        if state.rates is not None:
            rates = state.rates[lanes if len(state.rates) > 1 else [0]]
            rates = rates[0] if alone else rates
            self.stages = [
                (last, epsilon * rates, *others)
                for last, epsilon, *others in self.stages
            ]
        zone = self._own(state.zone)
        self.zone = zone if isinstance(zone, float) else zone[..., None]
        tolerance = self._own(state.tolerance)
        self.tolerance = tolerance if isinstance(tolerance, float) else tolerance[:, 0]
        self.update = UPDATES[self.procedure.momentum]
        self.factor = program.factor
        self.whole = ((self.inputs, self.desired),)
        self.running = np.ones(len(lanes), dtype=bool)
        self.unlearned = state.learned_at[lanes] == 0
        self.seeking = bool(self.unlearned.any())
        self.newly_learned: NDArray[np.bool_] | None = None

    def _own(self, setting: Setting) -> Setting:
        if isinstance(setting, float):
            return setting
        own = setting[self.lanes]
        return float(own[0, 0]) if len(own) == 1 else own

    def sweep(self, number: int) -> Setting:
        """Pass once through all cases; give each run's error, note who has learned."""
        epsilon, alpha, decay = self._settings(number)
        error, zone, ties = self.procedure.error, self.zone, self.procedure.ties
        total: Setting = 0.0
        outputs = []
        for inputs, desired in self._batches(number):
            passed = forward(self.network, self.views, inputs)
            total = total + output_error(self.network, passed, desired, error)
            outputs.append((network_output(self.network, passed), desired))
            signals = backward(
                self.network,
                self.views,
                passed,
                desired,
                error=error,
                zone=zone,
                ties=ties,
            )
            factor = self.factor[inputs.shape[-2]]
            gradient = signals.dE_dw if factor == 1 else factor * signals.dE_dw
            change, self.velocity = self.update(gradient, self.velocity, epsilon, alpha)
            self.w += change
            if not (isinstance(decay, float) and decay == 0):
                self.w *= 1 - decay
        errors = total * self.factor[self.n_cases]
        if self.seeking:
            learned = self._learned(errors, outputs)
            if learned.any():
                new = self.unlearned & learned
                self.newly_learned = new if new.any() else None
        return errors

    def _settings(self, number: int) -> list[Setting]:
        for last, *settings in self.stages:
            if number <= last:
                return settings
        return settings

    def _batches(self, number: int) -> Iterable[tuple[Floats, Floats]]:
        return self.whole if self.batch == self.n_cases else self._parts(number)

    def _parts(self, number: int) -> Iterator[tuple[Floats, Floats]]:
        inputs, desired = self.inputs, self.desired
        if self.procedure.order == "random":
            runs = np.arange(self.state.runs.start, self.state.runs.stop)[self.lanes]
            order = permutation(
                self.state.seed, runs, ORDER_STREAM, number, self.n_cases
            )
            order = order[0] if len(order) == 1 else order
            inputs, desired = (_reordered(cases, order) for cases in (inputs, desired))
        for first in range(0, self.n_cases, self.batch):
            cases = slice(first, first + self.batch)
            yield inputs[..., cases, :], desired[..., cases, :]

    def _learned(
        self, errors: Setting, outputs: list[tuple[Floats, Floats]]
    ) -> NDArray[np.bool_]:
        criterion = self.procedure.criterion
        if criterion.rule == "error":
            return np.asarray(errors < self.tolerance)
        if criterion.rule == "within" and criterion.share == 1:
            # PERF: the furthest output decides; counting the cases costs twice as much.
            furthest = [np.abs(y - d).max(axis=(-2, -1)) for y, d in outputs]
            worst = furthest[0] if len(furthest) == 1 else np.max(furthest, axis=0)
            return np.asarray(worst < self.tolerance)
        rule, tolerance = judged_by(criterion, self.tolerance)
        tolerance = tolerance if isinstance(tolerance, float) else tolerance[:, None]
        right = [cases_right(y, d, rule, tolerance) for y, d in outputs]
        share = np.concat(right, axis=-1).mean(axis=-1)
        return np.asarray(share >= criterion.share - 1e-12)

    def note(self, number: int, learned: NDArray[np.bool_]) -> None:
        """Note who has learned in this sweep; those that then stop are done."""
        self.state.learned_at[self.lanes[learned]] = number
        self.unlearned &= ~learned
        self.seeking = bool(self.unlearned.any())
        self.newly_learned = None
        if self.procedure.until == "learned":
            self.store_into(self.state, only=learned)
            self.running &= ~learned

    def store_into(self, state: _State, only: NDArray[np.bool_] | None = None) -> None:
        """Write what the runs that have not stopped came to."""
        going = self.running if only is None else self.running & only
        state.parameters[self.lanes[going]] = np.atleast_2d(self.w)[going]
        state.velocity[self.lanes[going]] = np.atleast_2d(self.velocity)[going]
        if only is None:
            state.running[self.lanes] = self.running


def judged_by(
    criterion: Criterion, tolerance: Setting
) -> tuple[Literal["within", "winner"], Setting]:
    """Say by which rule and tolerance a single case is right."""
    if criterion.rule == "error":
        return "within", 0.5
    return criterion.rule, tolerance


def network_output(network: Network, passed: Passed) -> Floats:
    """Give the outputs of all output layers side by side."""
    layers = [passed.y[layer.name] for layer in network.outputs]
    if len(layers) == 1:
        together: Floats = layers[0]
        return together
    # A layer that no weight reaches is the same for all runs, and has no axis for them.
    lead = np.broadcast_shapes(*(layer.shape[:-1] for layer in layers))
    full = [np.broadcast_to(layer, (*lead, layer.shape[-1])) for layer in layers]
    return np.concat(full, axis=-1)


def _unit_major(cases: Floats) -> Floats:
    """Lay the cases of one unit side by side in memory; the shape stays."""
    return np.ascontiguousarray(cases.mT).mT


def _reordered(cases: Floats, order: NDArray[np.intp]) -> Floats:
    if cases.ndim == 2:
        return cases[order]
    return np.take_along_axis(cases, order[..., None], axis=-2)
