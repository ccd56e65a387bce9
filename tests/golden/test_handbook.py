"""The handbook's XOR run, number by number: another program's whole trajectory.

Equations, momentum, biases, the order of updates and the moment at which the error
is taken must all be as they were, for hundreds of sweeps, to meet these figures.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from backsweep.engines import ENGINES
from backsweep.equations import forward
from backsweep.procedure import Criterion, Procedure, Start
from backsweep.tasks import named as task

pytestmark = pytest.mark.golden

GOLDEN = json.loads(Path(__file__).with_name("handbook_xor.json").read_text("utf-8"))
XOR = task("xor")

# Six decimals are printed; single precision took the last of some of the weights.
TSS = 1e-6
WEIGHTS = 2e-6


def procedure(update):
    return Procedure(
        epsilon=0.5,
        alpha=0.9,
        update=update,
        start=Start(given=tuple(GOLDEN["start"])),
        criterion=Criterion("error", 0.02),  # E = tss / 2, and ecrit is 0.04
        sweeps=500,
    )


def trained(procedure, sweeps):
    """Give what the plain engine reports, and the weights it ends with."""
    program = ENGINES["plain"].prepare(XOR.network, XOR, procedure)
    state = program.start(1, range(1))
    return program.advance(state, sweeps), program.parameters(state)[0]


def test_the_first_outputs_are_the_handbooks():
    views = XOR.network.views(np.array(GOLDEN["start"]))
    outputs = forward(XOR.network, views, XOR.inputs).y["output"]
    np.testing.assert_allclose(outputs[:, 0], GOLDEN["first_outputs"], atol=1e-6)


@pytest.mark.parametrize("update", ["sweep", "case"])
def test_the_error_of_every_epoch_is_the_handbooks(update):
    progress, _ = trained(procedure(update), 500)
    published = GOLDEN[update]["tss"]
    epochs = [int(epoch) for epoch in published]
    tss = 2 * progress.errors[0, np.array(epochs) - 1]
    np.testing.assert_allclose(tss, [*published.values()], rtol=0, atol=TSS)


@pytest.mark.parametrize("update", ["sweep", "case"])
def test_learning_stops_where_the_handbook_stops(update):
    progress, _ = trained(procedure(update), 500)
    last = GOLDEN[update]["stops_at"]
    assert progress.learned_at.tolist() == [last]
    assert not progress.running.any()
    assert np.isfinite(progress.errors[0, :last]).all()
    assert np.isnan(progress.errors[0, last:]).all()


@pytest.mark.parametrize("epochs", sorted(map(int, GOLDEN["sweep"]["weights"])))
def test_the_weights_are_the_handbooks(epochs):
    _, weights = trained(procedure("sweep"), epochs)
    published = GOLDEN["sweep"]["weights"][str(epochs)]
    np.testing.assert_allclose(weights, published, rtol=0, atol=WEIGHTS)


def test_the_weights_that_a_run_stopped_with_stay():
    """The change of the last epoch is made, and none after it."""
    _, weights = trained(procedure("sweep"), 500)
    published = GOLDEN["sweep"]["weights"]["289"]
    np.testing.assert_allclose(weights, published, rtol=0, atol=WEIGHTS)
