"""What the plain engine costs beside a hand-written NumPy loop; many runs at once.

Both sides of a comparison run alternately in one process; ratios are of medians.
Run it with `python benchmarks/plain.py`; JSON goes to stdout.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import platform
import statistics
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import numpy as np

import backsweep
from backsweep.engines import ENGINES, starts

if TYPE_CHECKING:
    from collections.abc import Callable


def by_hand(task, sweeps):
    """Learn a task on a three-layer network as one would write it for oneself."""
    hidden = task.network.hidden[0].size
    n_in, n_out = task.inputs.shape[1], task.desired.shape[1]
    w = starts(task.network, task.procedure.start, 1, range(1))[0]
    edges = np.cumsum([hidden * n_in, hidden, n_out * hidden])
    w1, b1, w2, b2 = np.split(w, edges)
    w1, w2 = w1.reshape(hidden, n_in), w2.reshape(n_out, hidden)
    v1, c1, v2, c2 = w1 * 0, b1 * 0, w2 * 0, b2 * 0
    epsilon, alpha = task.procedure.epsilon, task.procedure.alpha
    inputs, desired = task.inputs.copy(), task.desired.copy()
    errors, learned_at = [], 0
    for sweep in range(sweeps):
        h = 1 / (1 + np.exp(-(inputs @ w1.T + b1)))
        y = 1 / (1 + np.exp(-(h @ w2.T + b2)))
        off = y - desired
        errors.append(0.5 * np.sum(off**2))
        if not learned_at and np.abs(off).max() < 0.5:
            learned_at = sweep + 1
        at_output = off * y * (1 - y)
        at_hidden = (at_output @ w2) * h * (1 - h)
        v2 = -epsilon * (at_output.T @ h) + alpha * v2
        c2 = -epsilon * at_output.sum(0) + alpha * c2
        v1 = -epsilon * (at_hidden.T @ inputs) + alpha * v1
        c1 = -epsilon * at_hidden.sum(0) + alpha * c1
        w1, b1, w2, b2 = w1 + v1, b1 + c1, w2 + v2, b2 + c2
    return np.concatenate([w1.ravel(), b1, w2.ravel(), b2])


def on_engine(task, runs, sweeps):
    """Learn the same on the plain engine, without the drive around it."""
    procedure = dataclasses.replace(task.procedure, until="end", sweeps=sweeps)
    program = ENGINES["plain"].prepare(task.network, task, procedure)
    state = program.start(1, runs)
    done = 0
    while done < sweeps:
        step = min(sweeps - done, program.pace(len(runs)))
        program.advance(state, step)
        done += step
    return program.parameters(state)


def learned(task, runs, sweeps):
    """Learn through `learn`, all threads: what a user gets."""
    procedure = dataclasses.replace(task.procedure, until="end", sweeps=sweeps)
    return backsweep.learn(
        task=task, procedure=procedure, runs=runs, seed=1, engine="plain"
    )


def seconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def alternately(repetitions: int, *sides: Callable[[], object]) -> list[list[float]]:
    for side in sides:
        side()
    times = [[seconds(side) for side in sides] for _ in range(repetitions)]
    return [list(column) for column in zip(*times, strict=True)]


def single(name: str, sweeps: int, repetitions: int) -> dict[str, object]:
    task = dataclasses.replace(backsweep.task(name), held_out=0)
    ours, theirs = alternately(
        repetitions,
        lambda: on_engine(task, range(1), sweeps),
        lambda: by_hand(task, sweeps),
    )
    gap = np.abs(on_engine(task, range(1), 10)[0] - by_hand(task, 10)).max()
    return {
        "task": name,
        "sweeps": sweeps,
        "engine_us_per_sweep": 1e6 * statistics.median(ours) / sweeps,
        "by_hand_us_per_sweep": 1e6 * statistics.median(theirs) / sweeps,
        "ratio": statistics.median(ours) / statistics.median(theirs),
        "ratios": [a / b for a, b in zip(ours, theirs, strict=True)],
        "weights_differ_after_10_sweeps_by": float(gap),
    }


def ensemble(name: str, runs: int, sweeps: int, repetitions: int) -> dict[str, object]:
    """The rate of many runs at once over the rate of runs one after another."""
    task = backsweep.task(name)
    few = 20  # of the runs one after another: the others cost the same

    def one_after_another():
        for run in range(few):
            learned(task, range(run, run + 1), sweeps)

    together, apart, on_one_thread = alternately(
        repetitions,
        lambda: learned(task, runs, sweeps),
        one_after_another,
        lambda: on_engine(task, range(runs), sweeps),
    )
    rate = runs * sweeps / statistics.median(together)
    return {
        "task": name,
        "runs": runs,
        "sweeps": sweeps,
        "net_sweeps_per_s_together": rate,
        "net_sweeps_per_s_apart": few * sweeps / statistics.median(apart),
        "ratio": rate / (few * sweeps / statistics.median(apart)),
        "ratio_on_one_thread": (runs * sweeps / statistics.median(on_one_thread))
        / (few * sweeps / statistics.median(apart)),
    }


def start_up(repetitions: int) -> dict[str, float]:
    commands = {
        "python": [sys.executable, "-c", ""],
        "import backsweep": [sys.executable, "-c", "import backsweep"],
        "backsweep --help": [sys.executable, "-m", "backsweep", "--help"],
    }

    def run(command):
        return lambda: subprocess.run(command, check=True, capture_output=True)

    times = alternately(repetitions, *(run(command) for command in commands.values()))
    return {
        f"{name}_s": statistics.median(column)
        for name, column in zip(commands, times, strict=True)
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repetitions", type=int, default=7)
    repetitions = parser.parse_args().repetitions
    result = {
        "question": "the plain engine beside a hand-written NumPy loop",
        "backsweep": backsweep.__version__,
        "python": platform.python_version(),
        "numpy": np.__version__,
        "machine": platform.machine(),
        "repetitions": repetitions,
        "one run": [
            single("xor", 3000, repetitions),
            single("symmetry", 3000, repetitions),
            single("encoder:8-3", 3000, repetitions),
        ],
        "many runs": [ensemble("symmetry", 1000, 300, min(repetitions, 5))],
        "start-up": start_up(repetitions),
    }
    json.dump(result, sys.stdout, indent=1)
    print()


if __name__ == "__main__":
    main()
