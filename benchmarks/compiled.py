"""What the compiled engine does in a second, beside the plain one; one core.

Both sides run alternately in one process; ratios are of medians. GCUPS are 1e9
connections (weights and biases) times cases times sweeps of single networks a second;
`share` is of the ceiling that six operations a connection and case leave of the
measured peak of multiply-adds. Run it with `python benchmarks/compiled.py`; JSON
goes to stdout.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import platform
import resource
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

import backsweep
from backsweep.engines import ENGINES
from backsweep.engines.compiled import CompiledEngine, call, link
from backsweep.engines.compiled.emit import SIZES, emit
from backsweep.engines.compiled.interpret import DTYPES
from backsweep.engines.compiled.ir import Buffer, Builder, Program

if TYPE_CHECKING:
    from collections.abc import Callable

TASKS = ("xor", "symmetry", "parity:4", "encoder:8-3", "families")


def seconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def peak(precision: str) -> float:
    """Measure this core's multiply-adds, in 1e9 operations a second."""
    b, chains, times = Builder(), 12, 8
    buffer = Buffer("a", "lanes", chains, written=True)
    half = b.const(0.5)

    def body(_, own):
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
    best = min(
        seconds(lambda: kernel(given, n_blocks=1, n_sweeps=sweeps)) for _ in range(7)
    )
    return 2e-9 * chains * times * sweeps * lanes / best


def prepared(engine, task, runs):
    """Make runs ready; give what carries so many sweeps of them out."""
    procedure = dataclasses.replace(task.procedure, until="end", sweeps=10**9)
    program = engine.prepare(task.network, task, procedure)
    state = program.start(1, range(runs))
    program.advance(state, 2)
    return lambda sweeps: program.advance(state, sweeps)


def rates(name: str, runs: int, repetitions: int, peaks) -> dict[str, object]:
    """The three engines on one task, alternately."""
    task = dataclasses.replace(backsweep.task(name), held_out=0)
    work = task.network.n_parameters * task.n_cases
    sides = {
        engine: (prepared(ENGINES[engine], task, runs), rate)
        for engine, rate in (("compiled", 3e9), ("compiled-f32", 8e9), ("plain", 1e8))
    }
    times: dict[str, list[float]] = {engine: [] for engine in sides}
    for _ in range(repetitions):
        for engine, (carry, rate) in sides.items():
            # One run fills one lane of a vector.
            part = 0.1 if runs > 1 else 0.1 / 16
            sweeps = max(2, int(part * rate / (work * runs)))
            times[engine].append(seconds(lambda c=carry, s=sweeps: c(s)) / sweeps)
    result: dict[str, object] = {
        "task": name,
        "runs": runs,
        "parameters": task.network.n_parameters,
        "cases": task.n_cases,
    }
    plain = statistics.median(times["plain"])
    for engine, column in times.items():
        median = statistics.median(column)
        gcups = 1e-9 * runs * work / median
        result[engine] = {
            "us_a_sweep": 1e6 * median,
            "net_sweeps_per_s": runs / median,
            "gcups": gcups,
            "times_plain": plain / median,
        }
        if engine != "plain":
            ceiling = peaks["f32" if engine.endswith("f32") else "f64"] / 6
            result[engine]["share"] = gcups / ceiling
    return result


def compiling(name: str) -> dict[str, object]:
    """How long it takes to be ready, first and from the cache."""
    task = backsweep.task(name)
    result: dict[str, object] = {"task": name}
    for precision in ("f64", "f32"):
        with tempfile.TemporaryDirectory() as folder:
            engine = CompiledEngine("compiled", precision, cache=Path(folder))

            def prepare(engine=engine):
                engine.prepare(task.network, task, task.procedure).start(0, range(64))

            first = seconds(prepare)
            result[precision] = {
                "first_s": first,
                "cached_s": statistics.median(seconds(prepare) for _ in range(5)),
            }
    return result


def million(engine: str, runs: int, sweeps: int) -> dict[str, object]:
    """An ensemble through `learn`, all cores: what a user gets."""
    procedure = dataclasses.replace(
        backsweep.task("xor").procedure, until="end", sweeps=sweeps
    )
    taken = seconds(
        lambda: backsweep.learn(
            task="xor", procedure=procedure, runs=runs, engine=engine, every=sweeps
        )
    )
    return {
        "engine": engine,
        "runs": runs,
        "sweeps": sweeps,
        "seconds": taken,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repetitions", type=int, default=7)
    parser.add_argument("--million", action="store_true", help="learn a million XORs")
    asked = parser.parse_args()
    peaks = {precision: peak(precision) for precision in ("f32", "f64")}
    result = {
        "question": "the compiled engine beside the plain one, on one core",
        "backsweep": backsweep.__version__,
        "python": platform.python_version(),
        "numpy": np.__version__,
        "machine": platform.machine(),
        "vector_bits": link.host_bits(),
        "peak_gflops": peaks,
        "ensembles": [rates(name, 64, asked.repetitions, peaks) for name in TASKS],
        "single": [rates(name, 1, asked.repetitions, peaks) for name in TASKS],
        "compiling": [compiling(name) for name in TASKS],
    }
    if asked.million:
        result["a million"] = million("compiled", 1_000_000, 1000)
    json.dump(result, sys.stdout, indent=1)
    print()


if __name__ == "__main__":
    main()
