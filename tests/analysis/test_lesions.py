"""Lesions: silenced units are heard by nobody, and nothing else changes."""

from __future__ import annotations

import numpy as np
import pytest

import backsweep
from backsweep.analysis import silenced
from backsweep.equations import forward
from backsweep.errors import SettingError, ShapeError, UnknownNameError
from backsweep.network import Network

FAMILIES = backsweep.task("families")


@pytest.mark.parametrize("lost", [[], [0], [5, 2]])
def test_the_layers_above_hear_nothing_of_a_silenced_unit(lost):
    """Passed by hand with the unit's output at 0, the answer is the same."""
    network = FAMILIES.network
    w = np.random.default_rng(3).normal(size=(2, 3, network.n_parameters))
    left = forward(network, silenced(network, w, "person code", lost), FAMILIES.inputs)
    whole = forward(network, w, FAMILIES.inputs)
    code = whole.y["person code"].copy()
    code[..., lost] = 0.0
    from_people, from_relation = network.incoming("hidden")
    x = (
        code @ network.weights(w, from_people).mT
        + whole.y["relation code"] @ network.weights(w, from_relation).mT
        + network.biases(w, "hidden")[..., None, :]
    )
    assert np.allclose(left.x["hidden"], x, atol=1e-12)
    assert np.array_equal(left.y["person code"], whole.y["person code"])
    assert np.array_equal(left.y["output"], whole.y["output"]) == (not lost)


def test_what_was_given_stays_as_it_is():
    network = Network.layered(2, 2, 1)
    w = np.arange(1.0, network.n_parameters + 1)
    before = w.copy()
    silenced(network, w, "hidden", [0, 1])
    assert np.array_equal(w, before)


@pytest.mark.parametrize(
    ("layer", "units", "error", "said"),
    [
        ("lower", [0], UnknownNameError, "no layer 'lower'"),
        ("hidden", [2], SettingError, "numbers from 0 to 1"),
        ("hidden", [-1], SettingError, "numbers from 0 to 1"),
    ],
)
def test_what_is_not_there_cannot_be_silenced(layer, units, error, said):
    network = Network.layered(2, 2, 1)
    with pytest.raises(error, match=said):
        silenced(network, np.zeros(network.n_parameters), layer, units)


def test_parameters_of_another_network_are_refused():
    with pytest.raises(ShapeError, match="must have 9 numbers"):
        silenced(Network.layered(2, 2, 1), np.zeros(5), "hidden", [0])
