"""Runs whose ends are made up: real ensembles of one sweep, with other results."""

from __future__ import annotations

import dataclasses

import numpy as np

from backsweep.runs import learn
from backsweep.tasks import named as task


def made_up(name, n_runs, network=None, **results):
    """Give runs of a task whose history says what the test wants."""
    made = task(name)
    procedure = dataclasses.replace(made.procedure, sweeps=1, stages=())
    runs = learn(network, made, procedure, runs=n_runs, seed=1)
    arrays = {key: np.asarray(value) for key, value in results.items()}
    history = dataclasses.replace(runs.history, **arrays)
    return dataclasses.replace(runs, history=history)


def learned(count, total):
    """Say when each run learned, of which so many did."""
    return np.where(np.arange(total) < count, 1, 0)
