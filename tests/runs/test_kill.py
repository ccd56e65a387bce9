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
from typing import Any

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


CHILD = """
import os, signal, sys
from dataclasses import replace
from pathlib import Path
import numpy as np
import backsweep
from backsweep.learning import FolderShelf
path, moment, resume = Path(sys.argv[1]), int(sys.argv[2]), len(sys.argv) > 3
left = [moment]

def die_or(carry_on):
    def step(*given, **named):
        left[0] -= 1
        if left[0] < 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return carry_on(*given, **named)
    return step

# Moments before and after a block is written, and in the midst of it.
FolderShelf.store = die_or(FolderShelf.store)
np.lib.format.write_array = die_or(np.lib.format.write_array)
os.fsync = die_or(os.fsync)
xor = backsweep.task("xor")
procedure = replace(xor.procedure, sweeps=300)
backsweep.learn(task=xor, procedure=procedure, runs=3000, engine="compiled",
                every=100, save=path, resume=resume)
"""


def test_machine_code_killed_and_resumed_gives_the_same_bits(tmp_path):
    """Killed by its own hand at random steps of keeping blocks, then gone on with."""
    path = tmp_path / "killed.zarr"
    moments, ends = random.Random(7), []
    for kill in range(2):
        more = ["resume"] if kill else []
        given = [str(path), str(moments.randrange(2, 20)), *more]
        child = subprocess.run(
            [sys.executable, "-c", CHILD, *given],
            check=False,
            capture_output=True,
            env=ENVIRONMENT,
        )
        assert child.stderr == b""
        ends.append(child.returncode)
    assert ends == [-signal.SIGKILL] * 2
    assert not path.exists()
    xor = backsweep.task("xor")
    settings: dict[str, Any] = {
        "task": xor,
        "procedure": dataclasses.replace(xor.procedure, sweeps=300),
        "runs": 3000,
        "engine": "compiled",
        "every": 100,
    }
    resumed = backsweep.learn(save=path, resume=True, **settings)
    whole = backsweep.learn(**settings)
    for record in (resumed, backsweep.open(path)):
        for field in dataclasses.fields(whole.history):
            ours, theirs = (getattr(one.history, field.name) for one in (record, whole))
            assert ours.tobytes() == theirs.tobytes(), field.name
    assert not path.with_name("killed.zarr.partial").exists()
