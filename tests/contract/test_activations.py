"""Every activation: its function, derivative, range and extremes."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, strategies as st

from backsweep.activations import ACTIVATIONS
from backsweep.equations import logistic
from tests.tolerances import tolerance

EXACT = {
    "logistic": lambda x: 1 / (1 + math.exp(-x)),
    "tanh": math.tanh,
    "linear": lambda x: x,
    "relu": lambda x: max(x, 0.0),
}
each = pytest.mark.parametrize(
    "activation", ACTIVATIONS.values(), ids=lambda one: one.name
)
by_unit = pytest.mark.parametrize("name", sorted(EXACT))
seeds = st.integers(0, 2**32 - 1)


def total_inputs(seed):
    x = np.random.default_rng(seed).normal(0, 2, (2, 3, 4))
    return np.where(np.abs(x) < 1e-6, 1.0, x)  # off the corner of relu


@each
def test_the_table_knows_it_by_its_name(activation):
    assert ACTIVATIONS[activation.name] is activation
    assert activation.is_shared == (activation.slope is None)


def test_only_softmax_is_shared_by_its_units():
    assert {one.name for one in ACTIVATIONS.values() if one.is_shared} == {"softmax"}
    assert set(EXACT) == set(ACTIVATIONS) - {"softmax"}


@by_unit
@given(x=st.floats(-30, 30))
def test_the_function_is_the_formula(name, x):
    y = ACTIVATIONS[name].function(np.array([x]))
    np.testing.assert_allclose(y, [EXACT[name](x)], **tolerance("float64", "forward"))


@given(seed=seeds)
def test_softmax_is_the_formula_and_sums_to_one(seed):
    x = total_inputs(seed)
    y = ACTIVATIONS["softmax"].function(x)
    for index in np.ndindex(2, 3):
        powers = [math.exp(value) for value in x[index]]
        expected = [power / sum(powers) for power in powers]
        np.testing.assert_allclose(
            y[index], expected, **tolerance("float64", "forward")
        )
    np.testing.assert_allclose(y.sum(axis=-1), 1, rtol=1e-14)


@each
@given(seed=seeds)
def test_backward_is_the_derivative_by_complex_step(activation, seed):
    """Along every total input in turn: dE/dx_i = sum_j dE/dy_j dy_j/dx_i."""
    x = total_inputs(seed)
    blame = np.random.default_rng(seed + 1).normal(size=x.shape)
    back = activation.backward(blame, activation.function(x))
    for unit in range(x.shape[-1]):
        step = x + 1e-20j * (np.arange(x.shape[-1]) == unit)
        expected = (blame * activation.function(step).imag / 1e-20).sum(axis=-1)
        np.testing.assert_allclose(back[..., unit], expected, rtol=1e-11, atol=1e-14)


@each
@given(seed=seeds)
def test_the_slope_is_what_backward_multiplies_with(activation, seed):
    if activation.slope is None:
        return
    y = activation.function(total_inputs(seed))
    ones = np.ones_like(y)
    np.testing.assert_array_equal(activation.slope(y), activation.backward(ones, y))


@each
@given(seed=seeds)
def test_outputs_lie_in_the_range(activation, seed):
    y = activation.function(total_inputs(seed))
    low, high = activation.range
    inside = (
        (low <= y) & (y < high) if activation.name == "relu" else (low < y) & (y < high)
    )
    np.testing.assert_array_equal(inside, np.ones_like(inside))


@each
@pytest.mark.parametrize("sign", [-1.0, 1.0])
@pytest.mark.parametrize("size", [40.0, 800.0, 1e300])
def test_extremes_are_numbers(activation, sign, size):
    x = np.array([[sign * size, 0.0]])
    with np.errstate(over="ignore"):
        y = activation.function(x)
    back = activation.backward(np.ones_like(y), y)
    low, high = activation.range
    assert np.isfinite(y).all()
    assert np.isfinite(back).all()
    assert ((low <= y) & (y <= high)).all()


@given(x=st.floats(-700, 700))
def test_logistic_is_symmetric_about_a_half(x):
    """A law: logistic(-x) = 1 - logistic(x)."""
    positive, negative = logistic(np.array([x])), logistic(np.array([-x]))
    np.testing.assert_allclose(negative, 1 - positive, rtol=0, atol=1e-15)


@each
@pytest.mark.slow
def test_the_same_lines_run_under_jax_tracing(activation, jax64):
    x = total_inputs(3)
    y = np.asarray(jax64.jit(activation.function)(x))
    back = np.asarray(jax64.jit(activation.backward)(x, y))
    close = tolerance("float64", "gradient")
    np.testing.assert_allclose(y, activation.function(x), **close)
    np.testing.assert_allclose(back, activation.backward(x, y), **close)
