"""What many small networks cost beside the machine code that carries them.

Every measurement is a process of its own: seconds of learning, the share of the
processor's time that was spent within machine code, the most memory, and how long
after Ctrl-C what was done by then stands. JSON goes to stdout.

    python benchmarks/drive.py > results.json
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import os
import platform
import resource
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

import backsweep
from backsweep.engines.compiled.call import Held

SWEEPS = 1000


def learned(engine: str, runs: int, save: str | None) -> dict[str, Any]:
    """Let XOR networks learn; one error of each is recorded."""
    carry_out, within = Held.__call__, [0.0]

    def timed(held: Held, first: int, stop: int) -> None:
        begun = time.thread_time()
        carry_out(held, first, stop)
        within[0] += time.thread_time() - begun

    Held.__call__ = timed  # type: ignore[method-assign]  # to be measured
    task = backsweep.task("xor")
    procedure = dataclasses.replace(task.procedure, sweeps=SWEEPS, until="end")
    begun, spent = time.perf_counter(), time.process_time()
    backsweep.learn(
        task=task,
        procedure=procedure,
        runs=runs,
        engine=engine,
        every=SWEEPS,
        save=save,
    )
    seconds, spent = time.perf_counter() - begun, time.process_time() - spent
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {
        "seconds": seconds,
        "processor_seconds": spent,
        "share_in_machine_code": within[0] / spent,
        "peak_MB": most / 1e3,
    }


def broken_off(name: str, engine: str) -> None:
    """Learn for ever; tell when what was done before Ctrl-C stands."""
    task = backsweep.task(name)
    procedure = dataclasses.replace(task.procedure, sweeps=10**6, until="end")
    print("begun", flush=True)
    runs = 1_000_000 if name == "xor" else 2000
    backsweep.learn(task=task, procedure=procedure, runs=runs, engine=engine)
    print(time.monotonic(), flush=True)


def until_it_stands(name: str, engine: str, after: float) -> float:
    """Give the milliseconds from Ctrl-C to the result."""
    command = [sys.executable, __file__, "--break-off", name, "--engine", engine]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        if process.stdout is None:
            raise AssertionError
        process.stdout.readline()
        time.sleep(after)
        pressed = time.monotonic()
        process.send_signal(signal.SIGINT)
        return 1e3 * (float(process.stdout.readline()) - pressed)


def main() -> None:
    """Measure all, engine by engine, a few times round."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    for name in ("--engine", "--save", "--break-off"):
        parser.add_argument(name)
    given = parser.parse_args()
    if given.break_off:
        broken_off(given.break_off, given.engine)
        return
    if given.engine:
        json.dump(learned(given.engine, given.runs, given.save), sys.stdout)
        return
    found: dict[str, list[dict[str, float]]] = {}
    pauses: dict[str, list[float]] = {}
    for _ in range(given.rounds):
        for engine in ("compiled", "compiled-f32"):
            for saved in (False, True):
                with tempfile.TemporaryDirectory() as folder:
                    command = [sys.executable, __file__, "--engine", engine]
                    command += ["--runs", str(given.runs)]
                    if saved:
                        command += ["--save", str(Path(folder) / "xor.zarr")]
                    told = subprocess.run(command, check=True, capture_output=True)
                name = f"{engine}, saved" if saved else engine
                found.setdefault(name, []).append(json.loads(told.stdout))
            for task in ("xor", "families"):
                name = f"{task}, {engine}"
                took = [until_it_stands(task, engine, 0.5 + k / 3) for k in range(3)]
                pauses.setdefault(name, []).extend(took)
    json.dump(
        {
            "machine": [platform.processor() or platform.machine(), os.cpu_count()],
            "versions": [
                backsweep.__version__,
                np.__version__,
                platform.python_version(),
            ],
            "runs": given.runs,
            "sweeps": SWEEPS,
            "learning": {
                name: {
                    key: statistics.median(row[key] for row in rows) for key in rows[0]
                }
                for name, rows in found.items()
            },
            "ms_after_ctrl_c": {
                name: {"median": statistics.median(values), "most": max(values)}
                for name, values in pauses.items()
            },
        },
        sys.stdout,
        indent=1,
    )


if __name__ == "__main__":
    main()
