"""Truth functions of bits: their tables, and those of more bits."""

from __future__ import annotations

import numpy as np
import pytest

from backsweep.tasks import named as task
from backsweep.tasks.boolean import patterns


@pytest.mark.parametrize(
    ("name", "function"),
    [
        ("xor", lambda a, b: a != b),
        ("and", lambda a, b: a and b),
        ("or", lambda a, b: a or b),
        ("nand", lambda a, b: not (a and b)),
        ("xnor", lambda a, b: a == b),
    ],
)
def test_truth_tables(name, function):
    made = task(name)
    for bits, desired in zip(made.inputs.astype(int), made.desired, strict=True):
        assert desired == int(function(*bits))


def test_recipe_is_as_described():
    procedure = task("xor").procedure
    assert (procedure.epsilon, procedure.alpha, procedure.sweeps) == (0.5, 0.9, 600)
    assert str(procedure.start) == "weights U(-0.5, 0.5), biases U(-0.5, 0.5)"


@pytest.mark.parametrize("n_inputs", [1, 2, 5, 10])
def test_patterns_count_in_binary(n_inputs):
    weights = 2 ** np.arange(n_inputs)[::-1]
    numbers = patterns(n_inputs) @ weights
    np.testing.assert_array_equal(numbers, np.arange(2**n_inputs))


@pytest.mark.parametrize("n_inputs", [2, 3, 6, 9])
def test_parity_changes_with_every_bit(n_inputs):
    made = task(f"parity:{n_inputs}")
    desired = dict(zip(made.case_names, made.desired[:, 0], strict=True))
    assert desired["0" * n_inputs] == 0
    for name, answer in desired.items():
        for place, bit in enumerate(name):
            other = name[:place] + "10"[int(bit)] + name[place + 1 :]
            assert desired[other] == 1 - answer


def test_parity_of_two_is_xor():
    np.testing.assert_array_equal(task("parity:2").desired, task("xor").desired)
