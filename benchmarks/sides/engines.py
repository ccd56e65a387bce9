"""Our engines, through the contract that `learn` uses; what the core can do at most."""

from __future__ import annotations

import os
import tempfile
import time
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from backsweep.engines import ENGINES
from backsweep.engines.compiled import call, link
from backsweep.engines.compiled.emit import SIZES, emit
from backsweep.engines.compiled.interpret import DTYPES
from backsweep.engines.compiled.ir import Buffer, Builder, Program
from sides.question import SEED, Question, asked

if TYPE_CHECKING:
    from numpy.typing import NDArray

COMPILED: Final = {"f64": "compiled", "f32": "compiled-f32"}


class OnEngine:
    """Blocks as the drive makes them, chunks as the engine wishes them."""

    def __init__(self, question: Question, engine: str) -> None:
        self.question = question
        task = question.task
        self.program = ENGINES[engine].prepare(task.network, task, task.procedure)
        parts = -(-len(question.runs) // self.program.block)
        self.states = [
            (self.program.start(SEED, part.runs), len(part.runs))
            for part in question.split(parts)
        ]

    def carry(self, sweeps: int) -> None:
        for state, runs in self.states:
            left = sweeps
            while left:
                step = min(left, self.program.pace(runs))
                # As a large ensemble is recorded; no peer gives any error back.
                self.program.advance(state, step, slice(0, 1))
                left -= step

    def weights(self) -> NDArray[np.floating[Any]]:
        return np.concat([self.program.parameters(state) for state, _ in self.states])


FORMS: Final = {
    "compiled": lambda question: OnEngine(question, COMPILED[question.precision]),
    "plain": lambda question: OnEngine(question, "plain"),
}


def compiling(name: str, precision: str, runs: int) -> dict[str, float]:
    """Time the first sweep of a network that was never compiled, and of one that was.

    In a process that has compiled before. The cache is an empty folder.
    """
    FORMS["compiled"](asked("xor", precision, 1)).carry(1)
    question = asked(name, precision, runs)
    before = os.environ.get("XDG_CACHE_HOME", "")
    times = []
    try:
        with tempfile.TemporaryDirectory() as folder:
            os.environ["XDG_CACHE_HOME"] = folder
            for _ in range(4):
                begun = time.perf_counter()
                FORMS["compiled"](question).carry(1)
                times.append(time.perf_counter() - begun)
    finally:
        os.environ["XDG_CACHE_HOME"] = before
    return {"first_s": times[0], "cached_s": float(np.median(times[1:]))}


def peak(precision: str) -> dict[str, float]:
    """Measure this core's multiply-adds, in 1e9 operations a second."""
    b, chains, times = Builder(), 12, 8
    buffer = Buffer("a", "lanes", chains, written=True)
    half = b.const(0.5)

    def body(_: object, own: list[Any]) -> tuple[list[Any], None]:
        for _ in range(times):
            own = [b.fma(value, half, half) for value in own]
        return own, None

    ends = b.loop("n_sweeps", [b.load(buffer, k) for k in range(chains)], body)
    for k, value in enumerate(ends):
        b.store(value, buffer, k)
    program = Program(
        precision=precision, buffers=(buffer,), instructions=b.instructions
    )
    lanes = link.host_bits() // (8 * SIZES[precision])
    kernel = call.Kernel(program, lanes, link.link(emit(program, lanes), folder=None))
    given = {"a": call.aligned((1, chains, lanes), DTYPES[precision])}
    sweeps = 100_000
    seconds = []
    for _ in range(7):
        begun = time.perf_counter()
        kernel(given, n_blocks=1, n_sweeps=sweeps)
        seconds.append(time.perf_counter() - begun)
    gflops = 2e-9 * chains * times * sweeps * lanes / min(seconds)
    return {"gflops": gflops}


# What this side can be asked beside what all can.
ASKS: Final = {"compiling": compiling, "peak": peak}
