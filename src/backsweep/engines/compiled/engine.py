"""The compiled engine: a lane program for many networks at once, as machine code."""

from __future__ import annotations

from bisect import bisect
from dataclasses import dataclass
from threading import Lock
from time import thread_time
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from backsweep.engines.compiled import draw, link, recall
from backsweep.engines.compiled.across import is_tied, lower_across, shares_of
from backsweep.engines.compiled.call import Kernel, aligned
from backsweep.engines.compiled.emit import SIZES, emit
from backsweep.engines.compiled.frame import MARKS, Cases, settings_rows
from backsweep.engines.compiled.interpret import DTYPES
from backsweep.engines.compiled.layout import Abreast, Alone
from backsweep.engines.compiled.lower import is_small, lower
from backsweep.engines.protocol import Progress, Verdict
from backsweep.engines.starts import column, starts
from backsweep.errors import SettingError
from backsweep.threefry import uniform

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from backsweep.engines.compiled.ir import Precision, Program
    from backsweep.engines.compiled.layout import Layout
    from backsweep.network import Network
    from backsweep.procedure import Number, Procedure
    from backsweep.tasks.task import Task

__all__ = ["CompiledEngine", "CompiledProgram"]

# How a program goes through the cases: those of one network side by side, or one after
# another, each written out, or by a loop.
Form = Literal["alone", "written out", "in a loop"]

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]
Numbers = NDArray[Any]  # of the program's precision

CHUNK_S: Final = 0.01  # a call into machine code: Ctrl-C is heard between two
LOG_BYTES: Final = 8_000_000  # of errors that a call writes down
RATE: Final = 4e9  # connections times cases that a core does in a second, about
CAUTION: Final = 10  # so much less than estimated is done before it is measured
LARGEST: Final = 2048  # runs of a block
WORTH_IT_S: Final = 1.0  # of learning, which writing cases out makes 1.4 times as fast
FEW: Final = 8  # runs of which each is faster on its own
TWICE: Final = 10  # parameters, up to which two vectors at a time are faster than one


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
        if lanes is not None and (lanes < 1 or lanes & (lanes - 1)):
            raise SettingError(
                f"`lanes` must be a power of two, got {lanes}.",
                hint="leave it out: the processor decides, and no bit depends on it",
            )
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
        _check_range(task, procedure, self.precision)
        return CompiledProgram(
            network,
            task,
            procedure,
            precision=self.precision,
            lanes=self.lanes,
            cache=self.cache or link.user_cache(),
        )


def _check_range(task: Task, procedure: Procedure, precision: Precision) -> None:
    """Meet what the precision cannot hold at the door."""
    if precision == "f64":
        return  # it holds whatever a number of Python does
    most = float(np.finfo(DTYPES[precision]).max)
    start = procedure.start
    given: dict[str, Any] = {
        "the inputs": task.inputs,
        "the desired outputs": task.desired,
        "epsilon": [change.epsilon for change in procedure.changes],
        "the starting weights": start.given or (),
        "the start's width": [start.weights.width, start.biases.width],
    }
    for name, values in given.items():
        parts = [np.abs(np.asarray(one, dtype=float)) for one in values]
        largest = max((part.max() for part in parts if part.size), default=0.0)
        if largest > most:
            raise SettingError(
                f"{name} must be at most {most:.2g} in {precision}, got {largest:.2g}.",
                hint="take the engine `compiled`, whose numbers are twice as long",
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
    layout: Layout
    form: Form
    kernel: Kernel
    kept: Floats  # (n_runs, n_parameters): of runs that have left the arena
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
        cases = Cases(self.n_cases)
        if learning is not None:
            given = task.inputs[learning], task.desired[learning]
            cases = Cases(self.n_cases, *given)
        self._cases, self._plain = cases, recall.plain(procedure)
        self._changes = procedure.changes  # PERF: with one number a run it takes long
        self._programs: dict[Form, Program] = {}
        self._settings = settings_rows(procedure)
        self.lanes = lanes or link.host_bits() // (8 * SIZES[precision])
        self._fixed = lanes is not None
        self._cache = cache
        self._work = network.n_parameters * self.n_cases  # of a sweep of one network
        self._shares = shares_of(network, procedure, self.n_cases, precision)
        self._kernels: dict[tuple[Layout, Form], Kernel] = {}
        self._compiling = Lock()
        self._a_sweep_s: dict[Layout, float] = {}  # of a block, as measured
        self._rooms: list[Numbers] = []  # for the errors of a call, one a thread

    @property
    def program(self) -> Program:
        """What is carried out for many runs, in its shorter form."""
        return self.lowered("in a loop")

    def lowered(self, form: Form) -> Program:
        """Give the program in one of its forms; all give the same bits."""
        if form not in self._programs:
            made_for = self.network, self._plain, self._cases, self.precision
            self._programs[form] = (
                lower_across(*made_for, self._shares)
                if form == "alone"
                else lower(*made_for, written_out=form == "written out")
            )
        return self._programs[form]

    def _form(self, n_runs: int) -> Form:
        """Write cases out only where it saves more time than compiling takes.

        And where it makes any difference.
        """
        if is_tied(self.network):
            return "in a loop"  # a tied weight is summed within what is taken together
        most = n_runs * self.procedure.sweeps * self._work / RATE
        small = is_small(self.network, self.n_cases)
        return "written out" if small or most > WORTH_IT_S else "in a loop"

    @property
    def ir(self) -> str:
        """The program as LLVM text, for as many lanes as suit the processor."""
        return emit(self.program, self.lanes)

    def layout(self, n_runs: int) -> Layout:
        """Say how so many runs are laid out. No bit depends on it.

        Few runs are fastest one after another, each with its cases side by side. A
        few lanes are faster than many where they hold the same number of runs.
        """
        if self._fixed:
            return Abreast(self.lanes)
        if self._shares and n_runs <= FEW:
            return Alone(self._shares, self.n_cases)
        if n_runs <= 2:
            return Abreast(min(2, self.lanes))
        twice = self.network.n_parameters <= TWICE and n_runs > self.lanes
        return Abreast(2 * self.lanes if twice else self.lanes)

    def _kernel(self, layout: Layout, form: Form) -> Kernel:
        """Compile, or find what was compiled before."""
        key = layout, "alone" if isinstance(layout, Alone) else form
        with self._compiling:
            kernel = self._kernels.get(key)
            if kernel is None:
                kernel = self._kernels[key] = self._made(*key)
        return kernel

    def _made(self, layout: Layout, form: Form) -> Kernel:
        precision, folder, lanes = self.precision, self._cache, layout.lanes
        text = recall.description(self.network, self._plain, self._cases, precision)
        text += f"\0{form}"
        found = recall.recall(text, lanes, precision, folder)
        if found is not None:
            program, linked = found
            return Kernel(program, lanes, linked)
        program = self.lowered(form)
        emitted = emit(program, lanes)
        linked = link.link(emitted, folder=folder)
        recall.remember(text, lanes, program, emitted, folder)
        return Kernel(program, lanes, linked)

    @property
    def assembly(self) -> str:
        """The machine code, for reading."""
        return link.assembly(self.ir)

    def _estimated_s(self) -> float:
        """Estimate the seconds of a sweep of as many runs as there are lanes."""
        work = self._work
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
        layout = self.layout(runs)
        a_sweep_s = self._a_sweep_s.get(layout) or CAUTION * self._estimated_s()
        blocks = max(1, layout.blocks(runs))
        row_bytes = blocks * layout.lanes * SIZES[self.precision]
        sweeps = min(CHUNK_S / (blocks * a_sweep_s), LOG_BYTES / row_bytes)
        return max(1, min(100_000, int(sweeps)))

    def _measure(self, state: _State, seconds: float, sweeps: int) -> None:
        """Learn the pace from sweeps: at once if it is slower, by and by if not.

        A block whose runs have all stopped has left off at the last of them, unless
        all go on to the end.
        """
        layout, lanes = state.layout, state.lanes
        ended = np.maximum(state.learned_at, state.diverged_at)[lanes]
        before_end = np.maximum(ended - (state.sweep - sweeps), 0)
        on = state.running[lanes] | (self.procedure.until == "end")
        done = layout.spread(np.where(on, sweeps, before_end), np.float64)
        before = self._a_sweep_s.get(layout, 0.0)
        taken = seconds / max(done.max(axis=-1).sum(), 1)
        self._a_sweep_s[layout] = max(taken, before / 2)

    def start(self, seed: int, runs: range) -> _State:
        """Give each run its start, from (seed, run, parameter) alone."""
        n_runs = len(runs)
        stages = []
        last = 0
        for stage in self._changes:
            last += stage.sweeps
            decay = 0.0 if stage.decay is None else stage.decay
            stages.append((last, stage.epsilon, stage.alpha, decay))
            for number in (stage.epsilon, stage.alpha, decay):
                column(number, runs)  # one number for each run, or an error
        w = starts(
            self.network, self.procedure.start, seed, runs, uniform=self._uniform
        )
        layout, form = self.layout(n_runs), self._form(n_runs)
        state = _State(
            seed=seed,
            runs=runs,
            sweep=0,
            stages=stages,
            learned_at=np.zeros(n_runs, dtype=np.int64),
            diverged_at=np.zeros(n_runs, dtype=np.int64),
            running=np.ones(n_runs, dtype=bool),
            layout=layout,
            form=form,
            kernel=self._kernel(layout, form),
            kept=np.empty((0, 0)),
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
        """Lay the runs of `state.lanes` out as suits their number."""
        lanes, n, layout = state.lanes, self.network.n_parameters, state.layout
        block = layout.blocks(len(lanes)), layout.lanes
        arena = {
            "w": layout.filled(w, n, self.dtype),
            "v": layout.filled(v, n, self.dtype),
            "marks": aligned((block[0], len(MARKS), block[1]), self.dtype),
            "settings": aligned((block[0], len(self._settings), block[1]), self.dtype),
        }
        fixed = {"zone": self.procedure.zone}
        fixed["tolerance"] = self.procedure.criterion.value
        for name, number in fixed.items():
            row = state.layout.spread(self._own(state, number), self.dtype)
            arena["settings"][:, self._settings.index(name)] = row
        state.arena = arena | self._laid_out_cases(state)

    def _laid_out_cases(self, state: _State) -> dict[str, Numbers]:
        cases = self._cases
        if cases.inputs is not None and cases.desired is not None:
            shared = {"inputs": cases.inputs, "desired": cases.desired}
            return state.layout.shared(shared, self.dtype)
        learning = self.task.split(state.seed, state.runs)[0][state.lanes]
        own = {
            "inputs": self.task.inputs[learning],
            "desired": self.task.desired[learning],
        }
        return state.layout.own(own, self.dtype)

    def _own(self, state: _State, number: Number) -> Floats:
        """Give a setting to each run that is in the arena."""
        value = column(number, state.runs)
        if isinstance(value, float):
            return np.full(len(state.lanes), value)
        own: Floats = value[state.lanes, 0]
        return own

    def advance(
        self,
        state: _State,
        sweeps: int,
        kept: slice = slice(None),
        moments: Sequence[int] = (),
    ) -> Progress:
        """Carry every run that has not stopped through so many sweeps."""
        n_runs = len(state.runs)
        width = state.arena["marks"][:, 0].size
        room = self._room(sweeps * width)
        log = room[: sweeps * width].reshape(sweeps, width)
        if self.procedure.until == "learned":
            log[kept] = np.nan  # a block whose runs have all stopped writes no more
        lanes = state.lanes
        snapshots = np.empty((n_runs, len(moments), self.network.n_parameters))
        done = 0
        while done < sweeps and len(lanes):
            last, *settings = next(
                (stage for stage in state.stages if state.sweep < stage[0]),
                state.stages[-1],
            )
            left = last - state.sweep
            step = min(sweeps - done, left) if left > 0 else sweeps - done
            asked = slice(bisect(moments, done), bisect(moments, done + step))
            here = [moment - done for moment in moments[asked]]
            part = log[done : done + step]
            self._call(state, part, settings, here, snapshots[:, asked])
            done += step
        state.sweep += sweeps - done
        if done < sweeps:  # all had stopped before
            snapshots[:, bisect(moments, done) :] = self.parameters(state)[:, None]
        rows = state.layout.gathered(log[kept], len(lanes)).T
        errors = np.full((n_runs, rows.shape[1]), np.nan)
        errors[lanes] = rows
        self._rooms.append(room)
        self._compact(state)
        return Progress(
            errors=errors,
            learned_at=state.learned_at.copy(),
            diverged_at=state.diverged_at.copy(),
            running=state.running.copy(),
            snapshots=snapshots,
        )

    def _room(self, size: int) -> Numbers:
        """Give room for the errors of a call: of an earlier one, where it is enough.

        Memory that is fresh from the system takes a tenth of the time of a call.
        """
        try:
            room = self._rooms.pop()
        except IndexError:  # other threads have them all
            room = aligned((0,), self.dtype)
        return room if room.size >= size else aligned((size,), self.dtype)

    def _call(
        self,
        state: _State,
        log: Numbers,
        settings: list[Number],
        moments: list[int],
        snapshots: Floats,
    ) -> None:
        """Carry out as many sweeps as the log has rows; keep weights on the way."""
        arena, lanes = state.arena, state.lanes
        epsilon, alpha, decay = (self._own(state, number) for number in settings)
        rows = {"epsilon": epsilon, "alpha": alpha, "keep": 1 - decay}
        for layer, rate in self.procedure.rate_of.items():
            rows[f"epsilon of {layer}"] = epsilon * self._own(state, rate)
        for name, row in rows.items():
            own = state.layout.spread(row, self.dtype)
            arena["settings"][:, self._settings.index(name)] = own
        marks = arena["marks"]
        marks[...] = 0
        for name, mask in (
            ("running", state.running[lanes]),
            ("unlearned", state.learned_at[lanes] == 0),
        ):
            marks[:, MARKS.index(name)] = state.layout.spread(mask, self.dtype)
        begun = thread_time()
        held = state.kernel.held(
            {**arena, "errors": log}, n_blocks=len(marks), n_sweeps=len(log)
        )
        done = 0
        for k, moment in enumerate(moments):
            held(done, moment)
            self._note(state, moment - done)
            snapshots[:, k] = self.parameters(state)
            done = moment
        held(done, len(log))
        self._note(state, len(log) - done)
        self._measure(state, thread_time() - begun, len(log))

    def _note(self, state: _State, sweeps: int) -> None:
        """Take in who has learned, diverged or stopped in so many sweeps."""
        lanes, marks = state.lanes, state.arena["marks"]
        events = marks[:, MARKS.index("learned") :]
        if events.any():
            after = marks.swapaxes(0, 1).reshape(len(MARKS), -1)
            running, _, learned, diverged = state.layout.gathered(after, len(lanes))
            for name, found in (("learned_at", learned), ("diverged_at", diverged)):
                new = found > 0
                at = state.sweep + found[new].astype(np.int64)
                getattr(state, name)[lanes[new]] = at
            state.running[lanes] = running > 0
            events[...] = 0
        state.sweep += sweeps

    def _compact(self, state: _State) -> None:
        """Let the arena go on with the running runs, where a quarter has stopped."""
        going = state.running[state.lanes]
        count = int(going.sum())
        as_before = count == 0 or self.layout(count) == state.layout
        if count > 0.75 * len(state.lanes) and as_before:
            return
        if not state.kept.size:
            state.kept = np.empty((len(state.runs), self.network.n_parameters))
        w, v = (self._emptied(state, name) for name in ("w", "v"))
        state.kept[state.lanes] = w
        state.lanes = state.lanes[going]
        if len(state.lanes):
            state.layout = self.layout(len(state.lanes))
            state.kernel = self._kernel(state.layout, state.form)
        self._fill(state, w[going], v[going])

    def _emptied(self, state: _State, name: str) -> Numbers:
        n = self.network.n_parameters
        return state.layout.emptied(state.arena[name], len(state.lanes), n)

    def parameters(self, state: _State) -> Floats:
        """Give all weights and biases; of a run that stopped, those it stopped with."""
        n_runs = len(state.runs)
        result = (
            state.kept.copy()
            if state.kept.size
            else np.empty((n_runs, self.network.n_parameters))
        )
        result[state.lanes] = self._emptied(state, "w")
        # What the weights overflow to depends on how many sweeps came after.
        result[state.diverged_at > 0] = np.nan
        return result
