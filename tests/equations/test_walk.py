"""The walk over a network: every x, y, dE/dy and dE/dx, against loops over units."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, strategies as st

from backsweep.activations import ACTIVATIONS
from backsweep.equations import Passed, backward, error, forward, output_error
from backsweep.errors import ShapeError
from backsweep.network import Layer, Link, Network
from tests.strategies import Drawn, cases_of, drawn, parameters_of
from tests.tolerances import tolerance

CLOSE = tolerance("float64", "forward")
leading_axes = st.sampled_from([(), (2,), (2, 3)])
FUNCTIONS = {
    "logistic": lambda x: [1 / (1 + math.exp(-value)) for value in x],
    "tanh": lambda x: [math.tanh(value) for value in x],
    "linear": lambda x: x,
    "relu": lambda x: [max(value, 0.0) for value in x],
    "softmax": lambda x: [math.exp(value) / sum(map(math.exp, x)) for value in x],
}


def weight(case: Drawn, link: Link, j, i):
    """Give one weight, from where the network says it stands."""
    if link.kind == "identity":
        return float(i == j)
    return case.network.weights(case.parameters, link)[j, i]


def passed_by_loops(case: Drawn, inputs):
    """Set one unit after the other, for one case."""
    x, y = {}, {}
    start = 0
    for layer in case.network.layers:
        incoming = case.network.incoming(layer.name)
        if not incoming:
            y[layer.name] = list(inputs[start : start + layer.size])
            start += layer.size
            continue
        x[layer.name] = [
            sum(
                weight(case, link, j, i) * sent
                for link in incoming
                for i, sent in enumerate(y[link.source])
            )
            + (
                case.network.biases(case.parameters, layer.name)[j]
                if layer.bias
                else 0.0
            )
            for j in range(layer.size)
        ]
        y[layer.name] = FUNCTIONS[layer.activation](x[layer.name])
    return x, y


@given(drawn())
def test_forward_is_one_unit_after_the_other(case):
    passed = forward(case.network, case.parameters, case.inputs)
    for c, inputs in enumerate(case.inputs):
        x, y = passed_by_loops(case, inputs)
        assert passed.x.keys() == x.keys()
        assert passed.y.keys() == y.keys()
        for name in x:
            np.testing.assert_allclose(
                passed.x[name][c], x[name], rtol=1e-12, atol=1e-13
            )
        for name in y:
            np.testing.assert_allclose(
                passed.y[name][c], y[name], rtol=1e-12, atol=1e-13
            )


@given(drawn())
def test_backward_hands_the_blame_down_unit_by_unit(case):
    """Equation (7) at every unit: dE/dy_i is the sum of dE/dx_j w_ji over links."""
    passed = forward(case.network, case.parameters, case.inputs)
    signals = backward(case.network, case.parameters, passed, case.desired)
    start = 0
    assert signals.dE_dy.keys() == signals.dE_dx.keys() == passed.x.keys()
    for layer in case.network.layers:
        if layer in case.network.inputs:
            continue
        dE_dy, dE_dx = signals.dE_dy[layer.name], signals.dE_dx[layer.name]
        y = passed.y[layer.name]
        expected = np.zeros_like(y)
        if layer in case.network.outputs:
            expected = y - case.desired[:, start : start + layer.size]
            start += layer.size
        for link in case.network.outgoing(layer.name):
            above = signals.dE_dx[link.target]
            for c, i in np.ndindex(*expected.shape):
                expected[c, i] += sum(
                    above[c, j] * weight(case, link, j, i)
                    for j in range(above.shape[-1])
                )
        np.testing.assert_allclose(dE_dy, expected, rtol=1e-12, atol=1e-13)
        slope = ACTIVATIONS[layer.activation].backward(dE_dy, y)
        np.testing.assert_allclose(dE_dx, slope, rtol=1e-12, atol=1e-13)


@given(drawn(), leading_axes)
def test_leading_axes_are_so_many_networks(case, leading):
    network = case.network
    n_cases = len(case.inputs)
    parameters = parameters_of(network, 2, *leading)
    inputs, desired = cases_of(network, 2, n_cases, *leading)
    passed = forward(network, parameters, inputs)
    errors = output_error(network, passed, desired)
    signals = backward(network, parameters, passed, desired)
    assert signals.dE_dw.shape == (*leading, network.n_parameters)
    assert np.shape(errors) == leading
    for run in np.ndindex(*leading):
        alone = forward(network, parameters[run], inputs[run])
        blamed = backward(network, parameters[run], alone, desired[run])
        for name in alone.y:
            np.testing.assert_allclose(passed.y[name][run], alone.y[name], **CLOSE)
        np.testing.assert_allclose(
            errors[run], output_error(network, alone, desired[run])
        )
        np.testing.assert_allclose(
            signals.dE_dw[run], blamed.dE_dw, **tolerance("float64", "gradient")
        )


@given(drawn())
def test_many_networks_may_share_their_cases(case):
    parameters = parameters_of(case.network, 2, 3)
    passed = forward(case.network, parameters, case.inputs)
    gradient = backward(case.network, parameters, passed, case.desired).dE_dw
    for run in range(3):
        alone = forward(case.network, parameters[run], case.inputs)
        expected = backward(case.network, parameters[run], alone, case.desired).dE_dw
        close = tolerance("float64", "gradient")
        np.testing.assert_allclose(gradient[run], expected, **close)


@given(drawn())
def test_views_do_instead_of_the_vector(case):
    views = case.network.views(case.parameters)
    passed = forward(case.network, case.parameters, case.inputs)
    by_views = forward(case.network, views, case.inputs)
    for name in passed.y:
        np.testing.assert_array_equal(by_views.y[name], passed.y[name])
    np.testing.assert_array_equal(
        backward(case.network, views, passed, case.desired).dE_dw,
        backward(case.network, case.parameters, passed, case.desired).dE_dw,
    )


@given(drawn())
def test_neither_pass_writes_to_what_it_is_given(case):
    for array in (case.parameters, case.inputs, case.desired):
        array.setflags(write=False)
    passed = forward(case.network, case.parameters, case.inputs)
    for array in passed.y.values():
        array.setflags(write=False)
    signals = backward(case.network, case.parameters, passed, case.desired)
    assert signals.dE_dw.shape == case.parameters.shape


def test_several_ends_lie_side_by_side():
    network = Network(
        (
            Layer("i", 1),
            Layer("j", 2),
            Layer("o", 1, bias=False),
            Layer("p", 2, bias=False),
        ),
        (Link("i", "o"), Link("j", "p", kind="identity")),
    )
    inputs = np.array([[1.0, 2.0, 3.0]])
    passed = forward(network, np.array([0.0]), inputs)
    assert passed.y["i"].tolist() == [[1.0]]
    assert passed.y["j"].tolist() == [[2.0, 3.0]]
    assert passed.x["p"].tolist() == [[2.0, 3.0]]
    desired = np.array([[0.25, 0.5, 0.75]])
    signals = backward(network, np.array([0.0]), passed, desired)
    np.testing.assert_array_equal(signals.dE_dy["o"], passed.y["o"] - [[0.25]])
    np.testing.assert_array_equal(signals.dE_dy["p"], passed.y["p"] - [[0.5, 0.75]])
    together = np.concat([passed.y["o"], passed.y["p"]], axis=-1)
    np.testing.assert_allclose(
        output_error(network, passed, desired), error(together, desired), rtol=1e-15
    )


@pytest.mark.slow
def test_the_walk_runs_under_jax_tracing(jax64):
    kinds = [kind for kind in sorted(ACTIVATIONS) if kind != "linear"]
    network = Network(
        tuple(map(Layer, "abcde", [2] * 5, ["linear", *kinds])),
        (
            Link("a", "b", tie="t"),
            Link("b", "c", tie="t"),
            Link("a", "c", kind="identity"),
            Link("c", "d"),
            Link("a", "d"),
            Link("d", "e"),
        ),
    )
    parameters, (inputs, desired) = (
        parameters_of(network, 3, 4),
        cases_of(network, 3, 5),
    )

    def walk(w):
        passed = forward(network, w, jax64.numpy.asarray(inputs))
        wanted = jax64.numpy.asarray(desired)
        total = output_error(network, passed, wanted)
        return total, backward(network, w, passed, wanted, zone=0.1).dE_dw

    total, gradient = jax64.jit(walk)(parameters)
    passed = forward(network, parameters, inputs)
    close = tolerance("float64", "gradient")
    np.testing.assert_allclose(total, output_error(network, passed, desired), **close)
    np.testing.assert_allclose(
        gradient,
        backward(network, parameters, passed, desired, zone=0.1).dE_dw,
        **close,
    )


def test_inputs_of_the_wrong_size_are_refused():
    network = Network.layered(2, 2, 1)
    said = (
        r"`inputs` must have 2 units on the last axis, as the network has, "
        r"got shape \(4, 3\)\."
    )
    with pytest.raises(ShapeError, match=said):
        forward(network, np.zeros(9), np.zeros((4, 3)))


def test_parameters_of_the_wrong_number_are_refused():
    network = Network.layered(2, 2, 1)
    passed = forward(network, np.zeros(9), np.zeros((4, 2)))
    assert isinstance(passed, Passed)
    said = r"`parameters` must have 9 numbers on the last axis, as the network has"
    with pytest.raises(ShapeError, match=said):
        forward(network, np.zeros(8), np.zeros((4, 2)))
    with pytest.raises(ShapeError, match=said):
        backward(network, np.zeros(10), passed, np.zeros((4, 1)))
