"""dE/dw of the whole walk by three oracles that share no code with the backward pass.

The complex step, Im E(w + ih) / h with h = 1e-20, in which nothing cancels; central
differences; and `jax.grad` of the error. Then the laws that a gradient obeys.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings, strategies as st

from backsweep.activations import ACTIVATIONS
from backsweep.equations import backward, error, forward, output_error
from backsweep.equations.measures import MEASURES
from backsweep.network import Layer, Link, Network
from tests.strategies import Drawn, cases_of, drawn, parameters_of
from tests.tolerances import tolerance

# Errors with outputs that give finite numbers for all weights; the other pairs
# have a test of their own.
FITTING = {"squared": sorted(ACTIVATIONS), "cross-entropy": ["logistic", "softmax"]}
STEP = 1e-20
errors = st.sampled_from(sorted(FITTING))
anything_drawn = errors.flatmap(
    lambda name: st.tuples(st.just(name), drawn(outputs=FITTING[name]))
)


def error_of(measure, case: Drawn, parameters):
    passed = forward(case.network, parameters, case.inputs)
    return output_error(case.network, passed, case.desired, measure)


def gradient_of(measure, case: Drawn, *, zone=0.0, ties="sum"):
    passed = forward(case.network, case.parameters, case.inputs)
    return backward(
        case.network,
        case.parameters,
        passed,
        case.desired,
        error=measure,
        zone=zone,
        ties=ties,
    ).dE_dw


def by_complex_step(function, parameters):
    one_each = parameters + 1j * STEP * np.eye(len(parameters))
    return np.array([function(row).imag / STEP for row in one_each])


def assert_same_gradient(actual, expected, kind):
    """Hold each entry to the size of the largest: sums over cases may cancel."""
    close = tolerance("float64", kind)
    atol = max(close["atol"], close["rtol"] * np.abs(expected).max(initial=0))
    np.testing.assert_allclose(actual, expected, rtol=close["rtol"], atol=atol)


def off_the_corner(case: Drawn, margin=1e-3):
    """Whether a small step moves no relu unit over its corner.

    A total input of exactly nought comes from senders that are silent, and stays.
    """
    passed = forward(case.network, case.parameters, case.inputs)
    return all(
        ((x == 0) | (np.abs(x) > margin)).all()
        for name, x in passed.x.items()
        if case.network[name].activation == "relu"
    )


@given(anything_drawn)
def test_by_complex_step(named):
    measure, case = named
    expected = by_complex_step(lambda w: error_of(measure, case, w), case.parameters)
    assert_same_gradient(gradient_of(measure, case), expected, "complex step")


@pytest.mark.slow
@given(anything_drawn)
def test_by_central_differences(named):
    measure, case = named
    assume(off_the_corner(case))
    h = 1e-5
    expected = [
        (
            error_of(measure, case, case.parameters + h * one)
            - error_of(measure, case, case.parameters - h * one)
        )
        / (2 * h)
        for one in np.eye(len(case.parameters))
    ]
    assert_same_gradient(gradient_of(measure, case), expected, "central difference")


@given(anything_drawn, st.integers(0, 2**32 - 1))
def test_along_a_direction(named, seed):
    """The inner product of the gradient with a direction is the slope along it."""
    measure, case = named
    direction = np.random.default_rng(seed).normal(size=case.parameters.shape)
    along = error_of(measure, case, case.parameters + 1j * STEP * direction).imag / STEP
    gradient = gradient_of(measure, case)
    size = np.abs(gradient * direction).sum()
    np.testing.assert_allclose(
        gradient @ direction, along, rtol=0, atol=1e-12 * size + 1e-14
    )


@pytest.mark.slow
@settings(max_examples=6)
@given(named=anything_drawn)
def test_by_jax(jax64, named):
    measure, case = named
    by_jax = jax64.jit(jax64.grad(lambda w: error_of(measure, case, w)))
    ours = jax64.jit(lambda w: gradient_of(measure, case._replace(parameters=w)))
    parameters = jax64.numpy.asarray(case.parameters)
    case = case._replace(
        inputs=jax64.numpy.asarray(case.inputs),
        desired=jax64.numpy.asarray(case.desired),
    )
    expected = np.asarray(by_jax(parameters))
    assert_same_gradient(gradient_of(measure, named[1]), expected, "gradient")
    assert_same_gradient(np.asarray(ours(parameters)), expected, "gradient")


# Cross-entropy wants outputs in (0, 1). Other units may give such outputs too, and
# squared error may meet softmax: unwise, but a gradient all the same.
@pytest.mark.parametrize("measure", sorted(FITTING))
@pytest.mark.parametrize("activation", sorted(ACTIVATIONS))
def test_pairs_that_do_not_fit(measure, activation):
    network = Network.layered(3, 2, 2, activation="logistic", output=activation)
    parameters = np.linspace(0.05, 0.3, network.n_parameters)
    inputs, desired = cases_of(network, 1, 4)
    case = Drawn(network, parameters, np.abs(inputs), desired)
    y = forward(network, parameters, case.inputs).y["output"]
    assert ((y > 0.05) & (y < 0.95)).all()
    expected = by_complex_step(lambda w: error_of(measure, case, w), parameters)
    assert_same_gradient(gradient_of(measure, case), expected, "complex step")


def test_every_error_is_tried():
    assert set(FITTING) == {name for name, _ in MEASURES}


@given(anything_drawn)
def test_ties_are_averaged_or_summed(named):
    measure, case = named
    summed, averaged = (
        gradient_of(measure, case, ties=ties) for ties in ("sum", "average")
    )
    sharing = Counter(link.tie for link in case.network.links)
    for block in case.network.blocks:
        part = slice(block.start, block.stop)
        among = sharing[block.tie] if block.tie else 1
        np.testing.assert_allclose(
            among * averaged[part], summed[part], rtol=1e-14, atol=0
        )


def test_tied_links_are_the_untied_added_up():
    """Three tied links: the gradient of the sum, against the same network untied."""
    layers = tuple(Layer(name, 2) for name in "abcd")
    pairs = [("a", "b"), ("b", "c"), ("c", "d")]
    tied = Network(layers, tuple(Link(*pair, tie="t") for pair in pairs))
    free = Network(layers, tuple(Link(*pair) for pair in pairs))
    w, *biases = np.split(parameters_of(tied, 5), [4, 6, 8])
    inputs, desired = cases_of(tied, 5, 3)
    apart = np.concat([part for bias in biases for part in (w, bias)])
    untied = gradient_of("squared", Drawn(free, apart, inputs, desired))
    parts = np.split(untied, [4, 6, 10, 12, 16])
    together = np.concat([parts[0] + parts[2] + parts[4], parts[1], parts[3], parts[5]])
    case = Drawn(tied, np.concat([w, *biases]), inputs, desired)
    assert_same_gradient(gradient_of("squared", case), together, "gradient")
    together[:4] /= 3
    assert_same_gradient(
        gradient_of("squared", case, ties="average"), together, "gradient"
    )


@given(anything_drawn, st.sampled_from([0.1, 0.2, 0.5]))
def test_the_zone_leaves_units_out_of_the_sum(named, zone):
    """With a zone it is the gradient of the error summed over units outside it.

    But for softmax, whose units share what they are told: there the zone silences a
    unit's own share of dE/dx under cross-entropy, as under logistic units.
    """
    measure, case = named
    softmax = any(layer.activation == "softmax" for layer in case.network.outputs)
    assume(not (softmax and measure == "cross-entropy"))
    passed = forward(case.network, case.parameters, case.inputs)

    def outside(w):
        now = forward(case.network, w, case.inputs)
        total, start = 0.0, 0
        for layer in case.network.outputs:
            d = case.desired[:, start : start + layer.size]
            start += layer.size
            key = (measure, layer.activation == "softmax")
            by_unit = MEASURES[key].by_unit(now.y[layer.name], d)
            total += (by_unit * (np.abs(passed.y[layer.name] - d) >= zone)).sum()
        return total + 0j

    expected = by_complex_step(outside, case.parameters)
    assert_same_gradient(
        gradient_of(measure, case, zone=zone), expected, "complex step"
    )


def test_the_zone_may_differ_from_run_to_run():
    network = Network.layered(3, 2, 2)
    parameters, (inputs, desired) = (
        parameters_of(network, 1, 3),
        cases_of(network, 1, 5),
    )
    zones = [0.0, 0.3, 0.9999]
    together = gradient_of(
        "squared",
        Drawn(network, parameters, inputs, desired),
        zone=np.array(zones)[:, None, None],
    )
    for run, zone in enumerate(zones):
        alone = gradient_of(
            "squared", Drawn(network, parameters[run], inputs, desired), zone=zone
        )
        np.testing.assert_allclose(together[run], alone, rtol=1e-14, atol=1e-16)
    np.testing.assert_array_equal(together[2], 0)
    assert (together[:2] != 0).any(axis=-1).all()


# By hand. One input unit, one hidden, one output, all logistic, and a link from
# the input past the hidden unit.
#
#   x = 3 in one case, d = 1.         w(hidden <- input) = 0,  hidden bias  0
#   w(output <- hidden) = 2,          w(output <- input) = 0,  output bias -1
#
#   forward   x_h = 0        y_h = 1/2
#             x_o = 2/2 + 0 - 1 = 0   y_o = 1/2       E = 1/2 (1/2)^2 = 1/8
#   backward  dE/dy_o = y - d        = -1/2
#             dE/dx_o = -1/2 * 1/4   = -1/8
#             dE/dw(output <- hidden) = -1/8 * 1/2 = -1/16
#             dE/dw(output <- input)  = -1/8 * 3   = -3/8
#             dE/db_o                 = -1/8
#             dE/dy_h = -1/8 * 2     = -1/4
#             dE/dx_h = -1/4 * 1/4   = -1/16
#             dE/dw(hidden <- input)  = -1/16 * 3  = -3/16
#             dE/db_h                 = -1/16
def test_by_hand():
    network = Network(
        (Layer("input", 1), Layer("hidden", 1), Layer("output", 1)),
        (Link("input", "hidden"), Link("hidden", "output"), Link("input", "output")),
    )
    parameters = np.array([0.0, 0.0, 2.0, 0.0, -1.0])
    passed = forward(network, parameters, np.array([[3.0]]))
    signals = backward(network, parameters, passed, np.array([[1.0]]))
    assert {name: float(x[0, 0]) for name, x in passed.x.items()} == {
        "hidden": 0,
        "output": 0,
    }
    assert {name: float(y[0, 0]) for name, y in passed.y.items()} == {
        "input": 3,
        "hidden": 1 / 2,
        "output": 1 / 2,
    }
    assert error(passed.y["output"], np.array([[1.0]])) == 1 / 8
    assert {name: float(one[0, 0]) for name, one in signals.dE_dy.items()} == {
        "output": -1 / 2,
        "hidden": -1 / 4,
    }
    assert {name: float(one[0, 0]) for name, one in signals.dE_dx.items()} == {
        "output": -1 / 8,
        "hidden": -1 / 16,
    }
    assert signals.dE_dw.tolist() == [-3 / 16, -1 / 16, -1 / 16, -3 / 8, -1 / 8]


@given(anything_drawn, st.randoms(use_true_random=False))
def test_reordering_the_cases_leaves_the_gradient(named, random):
    measure, case = named
    order = list(range(len(case.inputs)))
    random.shuffle(order)
    other = case._replace(inputs=case.inputs[order], desired=case.desired[order])
    assert_same_gradient(
        gradient_of(measure, other), gradient_of(measure, case), "gradient"
    )


@given(anything_drawn)
def test_the_gradient_of_all_cases_is_the_sum_of_each(named):
    measure, case = named
    each = [
        gradient_of(
            measure,
            case._replace(
                inputs=case.inputs[c : c + 1], desired=case.desired[c : c + 1]
            ),
        )
        for c in range(len(case.inputs))
    ]
    assert_same_gradient(gradient_of(measure, case), sum(each), "gradient")


@pytest.mark.slow
@given(anything_drawn, st.data())
def test_renaming_hidden_units_permutes_the_gradient(named, data):
    measure, case = named
    # Identity links and ties say which unit is which: no other name will do.
    network = replace(
        case.network,
        links=tuple(
            replace(link, kind="full", tie=None) for link in case.network.links
        ),
    )
    assume(network.hidden)
    parameters = parameters_of(network, 3)
    case = case._replace(network=network, parameters=parameters)
    layer = data.draw(st.sampled_from(network.hidden), label="layer")
    order = data.draw(st.permutations(range(layer.size)), label="order")
    moved = np.arange(network.n_parameters)
    for block in network.blocks:
        places = np.arange(block.start, block.stop).reshape(block.shape)
        if block.layer == layer.name:
            places = places[order]
        if block.source == layer.name:
            places = places[:, order]
        moved[block.start : block.stop] = places.ravel()
    renamed = case._replace(parameters=parameters[moved])
    assert_same_gradient(
        gradient_of(measure, renamed), gradient_of(measure, case)[moved], "gradient"
    )


@given(anything_drawn)
def test_a_right_answer_asks_for_no_change(named):
    measure, case = named
    passed = forward(case.network, case.parameters, case.inputs)
    desired = np.concat(
        [passed.y[layer.name] for layer in case.network.outputs], axis=-1
    )
    gradient = gradient_of(measure, case._replace(desired=desired))
    np.testing.assert_allclose(gradient, 0, atol=1e-13)
