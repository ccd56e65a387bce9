"""Measures of error: their formulas, their derivatives, and where they end."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, strategies as st

from backsweep.activations import ACTIVATIONS
from backsweep.equations import cases_right
from backsweep.equations.measures import MEASURES
from tests.tolerances import tolerance

inside = st.floats(1e-6, 1 - 1e-6)
FORMULAS = {
    ("squared", False): lambda y, d: (y - d) ** 2 / 2,
    ("squared", True): lambda y, d: (y - d) ** 2 / 2,
    ("cross-entropy", False): lambda y, d: -d * math.log(y) - (1 - d) * math.log(1 - y),
    ("cross-entropy", True): lambda y, d: -d * math.log(y),
}
each_measure = pytest.mark.parametrize("key", MEASURES, ids=str)


def test_every_measure_has_its_formula_here():
    assert FORMULAS.keys() == MEASURES.keys()


def test_each_measure_is_there_for_units_alone_and_shared():
    names = {name for name, _ in MEASURES}
    assert set(MEASURES) == {
        (name, shared) for name in names for shared in (False, True)
    }


@each_measure
@given(y=inside, d=st.floats(0, 1))
def test_the_error_is_the_formula(key, y, d):
    measured = MEASURES[key].by_unit(np.array([[y]]), np.array([[d]]))
    np.testing.assert_allclose(measured, [[FORMULAS[key](y, d)]], rtol=1e-9, atol=1e-13)


@each_measure
@given(y=inside, d=st.floats(0, 1))
def test_the_derivative_by_the_output_by_complex_step(key, y, d):
    measure = MEASURES[key]
    step = measure.by_unit(np.array([[y + 1e-20j]]), np.array([[d]])).imag / 1e-20
    derivative = measure.by_output(np.array([[y]]), np.array([[d]]))
    close = tolerance("float64", "complex step")
    np.testing.assert_allclose(derivative, step, rtol=1e-11, atol=close["atol"])


SHORT_CUTS = [(key, name) for key in MEASURES for name in MEASURES[key].by_total_input]


@pytest.mark.parametrize(("key", "activation"), SHORT_CUTS, ids=str)
@given(seed=st.integers(0, 2**32 - 1))
def test_a_short_cut_is_the_long_way(key, activation, seed):
    """dE/dx in one step equals dE/dy passed back through the activation."""
    generator = np.random.default_rng(seed)
    d = generator.uniform(0, 1, (2, 4, 3))
    y = ACTIVATIONS[activation].function(generator.normal(0, 2, (2, 4, 3)))
    by_output = MEASURES[key].by_output(y, d)
    np.testing.assert_allclose(
        MEASURES[key].by_total_input[activation](y, d),
        ACTIVATIONS[activation].backward(by_output, y),
        rtol=1e-10,
        atol=1e-12,
    )


def test_short_cuts_are_where_quotients_vanish():
    assert SHORT_CUTS == [
        (("cross-entropy", False), "logistic"),
        (("cross-entropy", True), "softmax"),
    ]


@each_measure
@pytest.mark.parametrize("y", [0.0, 1.0])
@pytest.mark.parametrize("d", [0.0, 1.0])
def test_a_saturated_output_has_a_finite_error(key, y, d):
    measure = MEASURES[key]
    outputs, desired = np.array([[y, 1 - y]]), np.array([[d, 1 - d]])
    measured = measure.by_unit(outputs, desired)
    assert np.isfinite(measured).all()
    assert np.isfinite(measure.by_output(outputs, desired)).all()
    if y == d:
        np.testing.assert_array_equal(measured, 0)
    else:
        assert measured.sum() > 0.9
    for short_cut in measure.by_total_input.values():
        expected = outputs - desired
        np.testing.assert_array_equal(short_cut(outputs, desired), expected)


@each_measure
def test_what_fits_is_an_activation(key):
    assert MEASURES[key].fits <= ACTIVATIONS.keys()
    assert MEASURES[key].by_total_input.keys() <= MEASURES[key].fits


def test_a_case_is_right_when_every_output_is_near_enough():
    y = np.array([[0.9, 0.1], [0.9, 0.5], [0.5, 0.0], [np.nan, 0.0]])
    d = np.array([[1.0, 0.0], [1.0, 0.0], [1.0, 0.0], [1.0, 0.0]])
    assert cases_right(y, d).tolist() == [True, False, False, False]
    assert cases_right(y, d, tolerance=0.6).tolist() == [True, True, True, False]
    by_run = cases_right(np.stack([y, y]), d, tolerance=np.array([[0.6], [0.05]]))
    assert by_run.sum(axis=-1).tolist() == [3, 0]


def test_the_winner_is_the_most_active_unit():
    y = np.array([[0.2, 0.1, 0.0], [0.2, 0.9, 0.8], [0.0, np.nan, 0.5]])
    d = np.eye(3)[[0, 2, 1]]
    assert cases_right(y, d, "winner").tolist() == [True, False, False]
