"""The encoder: one of N through few, and settings with which it is learned."""

from __future__ import annotations

import numpy as np
import pytest

from backsweep.engines import ENGINES
from backsweep.tasks import named as task


@pytest.mark.parametrize(("n_units", "n_hidden"), [(2, 1), (8, 3), (16, 4)])
def test_each_case_desires_its_input(n_units, n_hidden):
    made = task(f"encoder:{n_units}-{n_hidden}")
    np.testing.assert_array_equal(made.inputs, np.eye(n_units))
    np.testing.assert_array_equal(made.desired, made.inputs)
    sizes = [layer.size for layer in made.network.layers]
    assert sizes == [n_units, n_hidden, n_units]


def test_the_chapters_encoder_stands_for_all():
    assert task("encoder").name == "encoder:8-3"


@pytest.mark.slow
@pytest.mark.parametrize("name", ["encoder:4-2", "encoder:8-3", "encoder:16-4"])
def test_nearly_every_run_learns(name):
    made = task(name)
    program = ENGINES["plain"].prepare(made.network, made, made.procedure)
    progress = program.advance(program.start(1, range(40)), 5000)
    assert (progress.learned_at > 0).sum() >= 38
