"""An ensemble killed with SIGKILL at random moments and resumed: the same bits."""

from __future__ import annotations

import dataclasses
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

import backsweep

KILLS = 3  # the acceptance of the first version was run with 20
RUNS, SWEEPS = 2000, 3000
# The program under test is this one, installed or not.
SOURCE = str(Path(backsweep.__file__).parents[1])
ENVIRONMENT = {**os.environ, "PYTHONPATH": SOURCE}


def command(path, *more):
    numbers = ["--runs", str(RUNS), "--sweeps", str(SWEEPS), "--seed", "3"]
    # The plain engine is slow enough to be killed in the midst of it.
    engine = ["--engine", "plain"]
    learn = [sys.executable, "-m", "backsweep", "learn", "symmetry", *engine]
    return [*learn, *numbers, "--save", str(path), "--quiet", *more]


@pytest.mark.slow
def test_killed_at_random_moments_and_resumed_it_gives_the_same_bits(tmp_path):
    path = tmp_path / "killed.zarr"
    moments = random.Random(11)
    kept = [0]
    for kill in range(KILLS):
        process = subprocess.Popen(
            command(path, *(["--resume"] if kill else [])),
            stderr=subprocess.PIPE,
            text=True,
            env=ENVIRONMENT,
        )
        time.sleep(moments.uniform(0.5, 3.0))
        process.send_signal(signal.SIGKILL)
        _, messages = process.communicate()
        assert messages == ""
        kept.append(len(list(tmp_path.glob("killed.zarr.partial/*.npz"))))
        if path.exists():
            break
    assert kept == sorted(kept)  # what was finished stays
    if not path.exists():
        last = subprocess.run(
            command(path, "--resume"),
            check=False,
            capture_output=True,
            text=True,
            env=ENVIRONMENT,
        )
        assert last.returncode == 0, last.stderr
    procedure = backsweep.task("symmetry").procedure
    undisturbed = backsweep.learn(
        task="symmetry",
        procedure=dataclasses.replace(procedure, sweeps=SWEEPS),
        engine="plain",
        runs=RUNS,
        seed=3,
    )
    resumed = backsweep.open(path)
    for field in dataclasses.fields(undisturbed.history):
        ours, theirs = (
            getattr(runs.history, field.name) for runs in (resumed, undisturbed)
        )
        assert np.array_equal(ours, theirs, equal_nan=ours.dtype.kind == "f")
