"""The letter's first task: which rows are symmetric, and how often it is learned."""

from __future__ import annotations

import pytest
from scipy.stats import binom

from backsweep.engines import ENGINES
from backsweep.tasks import named as task


@pytest.mark.parametrize("n_inputs", [2, 3, 6, 7, 10])
def test_symmetric_rows_read_the_same_from_either_end(n_inputs):
    made = task(f"symmetry:{n_inputs}")
    for name, desired in zip(made.case_names, made.desired[:, 0], strict=True):
        assert desired == (name == name[::-1])


@pytest.mark.parametrize(("n_inputs", "symmetric"), [(2, 2), (3, 4), (6, 8), (7, 16)])
def test_half_of_the_bits_decide_the_others(n_inputs, symmetric):
    assert task(f"symmetry:{n_inputs}").desired.sum() == symmetric


def test_recipe_is_the_letters():
    made = task("symmetry")
    procedure = made.procedure
    assert (procedure.epsilon, procedure.alpha, procedure.sweeps) == (0.1, 0.9, 20_000)
    assert str(procedure.start) == "weights U(-0.3, 0.3), biases U(-0.3, 0.3)"
    assert procedure.update == "sweep"
    assert str(procedure.criterion) == "0.5"
    assert made.published == {"sweeps": 1425}


def test_published_sweeps_are_those_of_six_inputs_only():
    assert task("symmetry:8").published == {}


def test_steps_are_shorter_beyond_the_letters_64_cases():
    assert task("symmetry:4").procedure.epsilon == 0.1
    assert task("symmetry:8").procedure.epsilon == 0.0125


@pytest.mark.slow
def test_nineteen_runs_in_twenty_learn():
    """380 of 400 runs learned with these settings in another program (NumPy)."""
    made, runs = task("symmetry"), range(200)
    program = ENGINES["compiled"].prepare(made.network, made, made.procedure)
    progress = program.advance(program.start(1, runs), made.procedure.sweeps)
    low, high = binom.interval(0.999, len(runs), 0.95)
    assert low <= (progress.learned_at > 0).sum() <= high
