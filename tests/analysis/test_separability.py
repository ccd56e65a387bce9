"""Separability: planes that part, proofs that none does, and the best that can be."""

from __future__ import annotations

import itertools
from fractions import Fraction

import numpy as np
import pytest

from backsweep.analysis import most_right, separation
from backsweep.errors import DataError, ShapeError
from backsweep.tasks import named as task

ROWS = np.array(list(itertools.product([0.0, 1.0], repeat=2)))
# Of the sixteen truth functions of two bits, two are constant and two need more.
FUNCTIONS = [f for f in itertools.product([0, 1], repeat=4) if 0 < sum(f) < 4]


def mixed(parts, inputs):
    """Give the point that a mixture makes, in fractions."""
    rows = [[Fraction(float(number)) for number in row] for row in inputs]
    places = range(len(rows[0]))
    return [sum(share * rows[case][k] for case, share in parts) for k in places]


@pytest.mark.parametrize("function", FUNCTIONS)
def test_only_xor_and_its_reverse_cannot_be_parted(function):
    assert separation(ROWS, function).separable == (
        function not in {(0, 1, 1, 0), (1, 0, 0, 1)}
    )


@pytest.mark.parametrize("name", ["xor", "parity:4", "symmetry:4", "symmetry"])
def test_proof_can_be_checked_by_hand(name):
    made = task(name)
    proof = separation(made.inputs, made.desired)
    assert not proof.separable
    assert mixed(proof.on, made.inputs) == mixed(proof.off, made.inputs)
    for parts, wanted in ((proof.on, 1), (proof.off, 0)):
        assert sum(share for _, share in parts) == 1
        assert all(share > 0 and made.desired[case] == wanted for case, share in parts)


def test_plane_parts_the_cases():
    made = task("and")
    plane = separation(made.inputs, made.desired)
    x = made.inputs @ plane.weights + plane.bias
    assert (x[made.desired[:, 0] == 1] > 0.999).all()
    assert (x[made.desired[:, 0] == 0] < -0.999).all()


@pytest.mark.parametrize(("name", "most"), [("xor", 3), ("and", 4), ("symmetry", 57)])
def test_most_that_one_unit_gets_right(name, most):
    made = task(name)
    assert most_right(made.inputs, made.desired) == most


@pytest.mark.parametrize(
    ("inputs", "desired", "error", "message"),
    [
        (ROWS, [1, 0], ShapeError, "one number for each case"),
        (ROWS, [1, 1, 1, 1], DataError, "on for some cases and off for others"),
        (ROWS * np.nan, [0, 1, 1, 0], DataError, "must be finite"),
    ],
)
def test_cases_that_cannot_be_parted_or_not(inputs, desired, error, message):
    with pytest.raises(error, match=message):
        separation(inputs, desired)
