"""The compiled engine: a lane program for many networks at once, as machine code."""

from __future__ import annotations

from dataclasses import dataclass
from threading import Lock
from time import thread_time
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from backsweep.engines.compiled import draw, link, recall
from backsweep.engines.compiled.call import Kernel, aligned
from backsweep.engines.compiled.emit import SIZES, emit
from backsweep.engines.compiled.frame import MARKS, SETTINGS, Cases
from backsweep.engines.compiled.interpret import DTYPES
from backsweep.engines.compiled.lower import lower
from backsweep.engines.protocol import Progress, Verdict
from backsweep.engines.starts import column, starts
from backsweep.threefry import uniform

if TYPE_CHECKING:
    from pathlib import Path

    from backsweep.engines.compiled.ir import Precision, Program
    from backsweep.network import Network
    from backsweep.procedure import Number, Procedure
    from backsweep.tasks.task import Task

__all__ = ["CompiledEngine", "CompiledProgram"]

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]
Numbers = NDArray[Any]  # of the program's precision

CHUNK_S: Final = 0.01  # a call into machine code: Ctrl-C is heard between two
LOG_BYTES: Final = 8_000_000  # of errors that a call writes down
RATE: Final = 4e9  # connections times cases that a core does in a second, about
CAUTION: Final = 10  # so much less than estimated is done before it is measured
LARGEST: Final = 2048  # runs of a block


class CompiledEngine:
    """Carries sweeps out in machine code made for the network, task and procedure.

    Parameters
    ----------
    precision
        "f64" gives the numbers of the plain engine but for rounding; "f32" is about
        twice as fast.
    lanes
        Networks to a vector; as many as suit the processor where None. No bit
        depends on it.
    cache
        Where object code is kept; the user's own folder where None.
    """

    def __init__(
        self,
        name: str = "compiled",
        precision: Precision = "f64",
        *,
        lanes: int | None = None,
        cache: Path | None = None,
    ) -> None:
        self.name, self.precision = name, precision
        self.lanes, self.cache = lanes, cache

    def supports(self, network: Network, procedure: Procedure) -> Verdict:
        """Tell whether this can be compiled, or why not."""
        reason = _why_not(network, procedure)
        if reason is None:
            return Verdict(supported=True)
        return Verdict(supported=False, reason=f"the compiled engine {reason}.")

    def prepare(
        self, network: Network, task: Task, procedure: Procedure
    ) -> CompiledProgram:
        """Compile, or find what was compiled before."""
        task.check_network(network)
        return CompiledProgram(
            network,
            task,
            procedure,
            precision=self.precision,
            lanes=self.lanes,
            cache=self.cache or link.user_cache(),
        )


def _why_not(network: Network, procedure: Procedure) -> str | None:
    delayed = [one for one in network.links if one.delay]
    if delayed:
        return (
            f"does not unfold networks in time yet, and the link {delayed[0]} has a "
            "delay"
        )
    if procedure.order != "fixed" and procedure.batch is not None:
        return "takes the cases in fixed order only"
    return None


@dataclass(slots=True)
class _State:
    seed: int
    runs: range
    sweep: int
    stages: list[tuple[int, Number, Number, Number]]
    learned_at: Counts
    diverged_at: Counts
    running: NDArray[np.bool_]
    kernel: Kernel
    kept: Floats  # (n_runs, n_parameters): of runs that have left the arena
    log: Numbers  # room for the errors of a call
    lanes: NDArray[np.intp]  # which run each lane of the arena holds
    arena: dict[str, Numbers]


class CompiledProgram:
    """One network, task and procedure as machine code."""

    def __init__(
        self,
        network: Network,
        task: Task,
        procedure: Procedure,
        *,
        precision: Precision,
        lanes: int | None,
        cache: Path | None,
    ) -> None:
        self.network, self.task, self.procedure = network, task, procedure
        self.precision: Precision = precision
        self.dtype = DTYPES[precision]
        self.n_cases = task.n_cases - task.n_held_out
        learning = (
            None
            if task.held_out and not task.held_out_cases
            else task.split(0, range(1))[0][0]
        )
        self._shared: dict[str, Numbers] | None = None
        cases = Cases(self.n_cases)
        if learning is not None:
            inputs, desired = task.inputs[learning], task.desired[learning]
            self._shared = {
                "inputs": self._aligned(inputs.reshape(-1)),
                "desired": self._aligned(desired.reshape(-1)),
            }
            cases = Cases(self.n_cases, inputs, desired)
        self._cases, self._plain = cases, recall.plain(procedure)
        self._program: Program | None = None
        self.lanes = lanes or link.host_bits() // (8 * SIZES[precision])
        self._fixed = lanes is not None
        self._cache = cache
        self._kernels: dict[int, Kernel] = {}
        self._compiling = Lock()
        self._a_sweep_s = 0.0  # of as many runs as there are lanes, as measured

    @property
    def program(self) -> Program:
        """What is carried out, whatever the number of lanes."""
        if self._program is None:
            self._program = lower(
                self.network, self._plain, self._cases, self.precision
            )
        return self._program

    @property
    def ir(self) -> str:
        """The program as LLVM text, for as many lanes as suit the processor."""
        return emit(self.program, self.lanes)

    def _suitable(self, n_runs: int) -> int:
        """Give few runs few lanes: a division of two numbers takes less than of eight.

        No bit depends on it.
        """
        if self._fixed or n_runs > 2:
            return self.lanes
        return min(2, self.lanes)

    def _kernel(self, lanes: int) -> Kernel:
        """Compile for so many lanes, or find what was compiled before."""
        with self._compiling:
            kernel = self._kernels.get(lanes)
            if kernel is None:
                kernel = self._kernels[lanes] = self._made(lanes)
        return kernel

    def _made(self, lanes: int) -> Kernel:
        precision, folder = self.precision, self._cache
        text = recall.description(self.network, self._plain, self._cases, precision)
        found = recall.recall(text, lanes, precision, folder)
        if found is not None:
            program, linked = found
            return Kernel(program, lanes, linked)
        emitted = emit(self.program, lanes)
        linked = link.link(emitted, folder=folder)
        recall.remember(text, lanes, self.program, emitted, folder)
        return Kernel(self.program, lanes, linked)

    def _aligned(self, values: Numbers) -> Numbers:
        result = aligned(values.shape, self.dtype)
        result[...] = values
        return result

    @property
    def assembly(self) -> str:
        """The machine code, for reading."""
        return link.assembly(self.ir)

    def _estimated_s(self) -> float:
        """Estimate the seconds of a sweep of as many runs as there are lanes."""
        work = self.network.n_parameters * self.n_cases
        return 4e-8 * self.n_cases + self.lanes * work / RATE

    @property
    def block(self) -> int:
        """As many runs as carry out some sweeps in a chunk: the same at any speed.

        The more there are, the less do those cost that stop before the others.
        """
        most = int(CHUNK_S / (8 * self._estimated_s())) * self.lanes
        return max(self.lanes, min(most, LARGEST))

    @property
    def runs_in_parallel(self) -> bool:
        """Yes: machine code runs without Python's lock."""
        return True

    def pace(self, runs: int) -> int:
        """Go by the time that the last calls took; before the first be cautious."""
        a_sweep_s = self._a_sweep_s or CAUTION * self._estimated_s()
        blocks = -(-max(runs, 1) // self.lanes)
        sweeps = min(CHUNK_S / (blocks * a_sweep_s), LOG_BYTES / (8 * max(runs, 1)))
        return max(1, min(100_000, int(sweeps)))

    def _measure(self, seconds: float, marks: Numbers, sweeps: int) -> None:
        """Learn the pace from a call: at once if it is slower, by and by if not.

        A block whose runs have all stopped has left off at the last of them.
        """
        running, _, learned, diverged = marks.max(axis=-1).T
        done = np.where(running > 0, sweeps, np.maximum(learned, diverged)).sum()
        self._a_sweep_s = max(seconds / max(done, 1), self._a_sweep_s / 2)

    def start(self, seed: int, runs: range) -> _State:
        """Give each run its start, from (seed, run, parameter) alone."""
        n_runs = len(runs)
        stages = []
        last = 0
        for stage in self.procedure.changes:
            last += stage.sweeps
            decay = 0.0 if stage.decay is None else stage.decay
            stages.append((last, stage.epsilon, stage.alpha, decay))
            for number in (stage.epsilon, stage.alpha, decay):
                column(number, runs)  # one number for each run, or an error
        w = starts(
            self.network, self.procedure.start, seed, runs, uniform=self._uniform
        )
        state = _State(
            seed=seed,
            runs=runs,
            sweep=0,
            stages=stages,
            learned_at=np.zeros(n_runs, dtype=np.int64),
            diverged_at=np.zeros(n_runs, dtype=np.int64),
            running=np.ones(n_runs, dtype=bool),
            kernel=self._kernel(self._suitable(n_runs)),
            kept=np.empty((0, 0)),
            log=aligned((0,), self.dtype),
            lanes=np.arange(n_runs),
            arena={},
        )
        self._fill(state, w, np.zeros((n_runs, 0)))
        return state

    def _uniform(self, seed: int, runs: range, count: int) -> Floats:
        """Draw as `threefry.uniform` does: by machine code where there is much."""
        if len(runs) * count < draw.MANY:
            numbers = np.arange(count)
            return uniform(seed, np.arange(runs.start, runs.stop)[:, None], numbers)
        lanes = link.host_bits() // 64
        return draw.uniform(seed, runs, count, lanes=lanes, folder=self._cache)

    def _fill(self, state: _State, w: Numbers, v: Numbers) -> None:
        """Lay the runs of `state.lanes` out in blocks of lanes."""
        lanes, n = state.lanes, self.network.n_parameters
        n_blocks = -(-len(lanes) // state.kernel.lanes)
        arena = {
            "w": _laid_out(w, n, state.kernel),
            "v": _laid_out(v, n, state.kernel),
            "marks": aligned((n_blocks, len(MARKS), state.kernel.lanes), self.dtype),
            "settings": aligned(
                (n_blocks, len(SETTINGS), state.kernel.lanes), self.dtype
            ),
        }
        every = self._row(state, self.procedure.zone)
        arena["settings"][:, SETTINGS.index("zone")] = every
        arena["settings"][:, SETTINGS.index("tolerance")] = self._row(
            state, self.procedure.criterion.value
        )
        if self._shared is not None:
            arena |= self._shared
        else:
            arena |= self._own_cases(state)
        state.arena = arena

    def _own_cases(self, state: _State) -> dict[str, Numbers]:
        learning = self.task.split(state.seed, state.runs)[0][state.lanes]
        return {
            name: _laid_out(
                cases[learning].reshape(len(learning), self.n_cases * cases.shape[1]),
                self.n_cases * cases.shape[1],
                state.kernel,
            )
            for name, cases in (
                ("inputs", self.task.inputs),
                ("desired", self.task.desired),
            )
        }

    def _read(self, values: Numbers, count: int) -> Numbers:
        """Turn (n_blocks, rows, n_lanes) back into (n_runs, rows)."""
        rows = values.shape[1]
        return values.swapaxes(1, 2).reshape(-1, rows)[:count]

    def _row(self, state: _State, number: Number) -> Numbers:
        """Give a setting to each lane: (n_blocks, n_lanes)."""
        value = column(number, state.runs)
        own = (
            np.full(len(state.lanes), value)
            if isinstance(value, float)
            else value[state.lanes, 0]
        )
        return _in_lanes(own, state.kernel)

    def advance(
        self, state: _State, sweeps: int, kept: slice = slice(None)
    ) -> Progress:
        """Carry every run that has not stopped through so many sweeps."""
        n_runs = len(state.runs)
        log = self._log(state, sweeps)
        if self.procedure.until == "learned":
            log[kept] = np.nan  # a block whose runs have all stopped writes no more
        lanes = state.lanes
        done = 0
        while done < sweeps and len(lanes):
            last, *settings = next(
                (stage for stage in state.stages if state.sweep < stage[0]),
                state.stages[-1],
            )
            left = last - state.sweep
            step = min(sweeps - done, left) if left > 0 else sweeps - done
            self._call(state, log[done : done + step], settings)
            done += step
            state.sweep += step
        state.sweep += sweeps - done
        rows = log[kept, : len(lanes)].T
        errors = np.full((n_runs, rows.shape[1]), np.nan)
        errors[lanes] = rows
        self._compact(state)
        return Progress(
            errors=errors,
            learned_at=state.learned_at.copy(),
            diverged_at=state.diverged_at.copy(),
            running=state.running.copy(),
        )

    def _log(self, state: _State, sweeps: int) -> Numbers:
        """Give room for the errors of so many sweeps, the same in every call."""
        width = state.arena["marks"][:, 0].size
        if state.log.size < sweeps * width:
            state.log = aligned((sweeps * width,), self.dtype)
        return state.log[: sweeps * width].reshape(sweeps, width)

    def _call(self, state: _State, log: Numbers, settings: list[Number]) -> None:
        arena, lanes = state.arena, state.lanes
        epsilon, alpha, decay = (self._row(state, number) for number in settings)
        rows = {"epsilon": epsilon, "alpha": alpha, "keep": 1 - decay}
        for name, row in rows.items():
            arena["settings"][:, SETTINGS.index(name)] = row
        marks = arena["marks"]
        marks[...] = 0
        for name, mask in (
            ("running", state.running[lanes]),
            ("unlearned", state.learned_at[lanes] == 0),
        ):
            marks[:, MARKS.index(name)] = _in_lanes(mask, state.kernel)
        begun = thread_time()
        state.kernel({**arena, "errors": log}, n_blocks=len(marks), n_sweeps=len(log))
        self._measure(thread_time() - begun, marks, len(log))
        after = self._read(marks, len(lanes))
        running, _, learned, diverged = after.T
        for name, found in (("learned_at", learned), ("diverged_at", diverged)):
            new = found > 0
            getattr(state, name)[lanes[new]] = state.sweep + found[new].astype(np.int64)
        state.running[lanes] = running > 0

    def _compact(self, state: _State) -> None:
        """Let the arena go on with the running runs, where a quarter has stopped."""
        going = state.running[state.lanes]
        if going.sum() > 0.75 * len(state.lanes):
            return
        if not state.kept.size:
            state.kept = np.empty((len(state.runs), self.network.n_parameters))
        count = len(state.lanes)
        w = self._read(state.arena["w"], count)
        v = self._read(state.arena["v"], count)
        state.kept[state.lanes] = w
        state.lanes = state.lanes[going]
        self._fill(state, w[going], v[going])

    def parameters(self, state: _State) -> Floats:
        """Give all weights and biases; of a run that stopped, those it stopped with."""
        n_runs = len(state.runs)
        result = (
            state.kept.copy()
            if state.kept.size
            else np.empty((n_runs, self.network.n_parameters))
        )
        result[state.lanes] = self._read(state.arena["w"], len(state.lanes))
        # What the weights overflow to depends on how many sweeps came after.
        result[state.diverged_at > 0] = np.nan
        return result


def _laid_out(values: Numbers, rows: int, kernel: Kernel) -> Numbers:
    """Turn (n_runs, rows) into (n_blocks, rows, n_lanes), noughts behind.

    Values without columns are noughts.
    """
    lanes = kernel.lanes
    whole, rest = divmod(len(values), lanes)
    dtype = DTYPES[kernel.program.precision]
    result = aligned((whole + (rest > 0), rows, lanes), dtype)
    if values.shape[1]:
        full = values[: whole * lanes].reshape(whole, lanes, rows)
        result[:whole] = full.swapaxes(1, 2)
        if rest:
            result[whole, :, :rest] = values[whole * lanes :].T
    return result


def _in_lanes(values: Numbers, kernel: Kernel) -> Numbers:
    """Turn one number a run into (n_blocks, n_lanes), noughts behind."""
    n_blocks = -(-len(values) // kernel.lanes)
    row = np.zeros(n_blocks * kernel.lanes, DTYPES[kernel.program.precision])
    row[: len(values)] = values
    return row.reshape(n_blocks, kernel.lanes)
