"""An ensemble killed with SIGKILL at random moments and resumed: the same bits."""

from __future__ import annotations

import dataclasses
import random
import signal
import subprocess
import sys
import time

import numpy as np
import pytest

import backsweep

KILLS = 3  # the acceptance of the first version was run with 20
RUNS, SWEEPS = 2000, 3000


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
        )
        time.sleep(moments.uniform(0.5, 3.0))
        process.send_signal(signal.SIGKILL)
        _, messages = process.communicate()
        assert "error" not in messages
        kept.append(len(list(tmp_path.glob("killed.zarr.partial/*.npz"))))
        if path.exists():
            break
    assert kept == sorted(kept)  # what was finished stays
    if not path.exists():
        subprocess.run(command(path, "--resume"), check=True, capture_output=True)
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
